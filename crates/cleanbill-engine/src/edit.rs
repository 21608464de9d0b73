//! What an edit is: the one thing that packs and plugins both bring.

use std::sync::Arc;

use cleanbill_model::{Claim, EditInfo, FaultKind, Finding, LineRef, ProcedureCode, ServiceDate};

use crate::code_range::CodeRange;
use crate::history::History;
use crate::scope::Scope;
use crate::truth::Truth;

/// What an edit judges: the lines of one claim, beside what is known of the patient's other claims.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The claim in hand.
    pub claim: &'a Claim,
    /// Other claims of its patient.
    pub history: History<'a>,
    /// The day that stands for today, where whoever runs gave one. There is no other: no edit asks a clock.
    pub as_of: Option<ServiceDate>,
}

/// A claim of whose patient nothing more is known.
impl<'a> From<&'a Claim> for Subject<'a> {
    fn from(claim: &'a Claim) -> Self {
        Self { claim, history: History::Absent, as_of: None }
    }
}

/// Which claims an edit wants to see.
#[derive(Clone, Copy, Debug)]
pub enum Trigger<'a> {
    /// Claims with at least one of these procedure codes. May name a code twice.
    Codes(&'a [ProcedureCode]),
    /// Claims with at least one code of these ranges. They may overlap.
    Ranges(&'a [CodeRange]),
    /// Every claim.
    EveryClaim,
}

/// Why an edit could not run.
#[derive(Clone, Debug, PartialEq)]
pub struct EditFault {
    /// Kind of failure.
    pub kind: FaultKind,
    /// What happened, without any value of the claim.
    pub message: String,
    /// What is said of the claim in place of what the edit would have said.
    pub stands_in: Option<Box<Finding>>,
}

impl EditFault {
    /// A fault for which nothing stands in.
    #[must_use]
    pub const fn new(kind: FaultKind, message: String) -> Self {
        Self { kind, message, stands_in: None }
    }
}

/// One clause of an edit, as decided for a line, and for a pair of lines where `partner` is given.
///
/// An edit reports its clauses in the order in which it decides them: [`Truth::Yes`] keeps it going
/// towards a finding, and a [`Truth::No`] after which nothing follows for that candidate has decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Line judged, place in the claim from 0.
    pub line: usize,
    /// Partner line.
    pub partner: Option<LineRef>,
    /// Name of the clause, as the pack writes it.
    pub clause: &'static str,
    /// How it was decided.
    pub truth: Truth,
    /// The values read.
    pub detail: String,
}

/// Where an edit puts what it has to say.
pub trait Sink {
    /// Takes a finding.
    fn find(&mut self, finding: Finding);

    /// Whether [`Sink::step`] is listened to; an edit need not word its steps otherwise.
    fn explains(&self) -> bool {
        false
    }

    /// Takes one decided clause.
    fn step(&mut self, step: Step) {
        let _ = step;
    }

    /// Takes what would decide the line at place `line`, which the edit has to leave open: most often a
    /// fact that the claim could give.
    fn missing(&mut self, line: usize, fact: String) {
        let _ = (line, fact);
    }
}

/// An edit. It looks at one subject at a time, changes nothing, keeps nothing that a verdict could
/// depend on, and never sees the findings of another edit.
pub trait Edit: Send + Sync {
    /// What is known of it without running it. A plugin may bring several edits at once; a rule of a
    /// pack brings one.
    fn infos(&self) -> &[Arc<EditInfo>];

    /// Which claims it wants to see.
    fn trigger(&self) -> Trigger<'_>;

    /// How far it looks. What it looks at beyond that is not there.
    fn scope(&self) -> Scope {
        Scope::Claim
    }

    /// Whether it is of use to show it claims before they are judged.
    fn looks_ahead(&self) -> bool {
        false
    }

    /// Shows it claims that this thread has judged next, in this order, so that an edit which asks elsewhere
    /// asks once for all of them. What it says of a claim does not depend on this.
    fn look_ahead(&self, claims: &[&Claim]) {
        let _ = claims;
    }

    /// Comes after [`Edit::look_ahead`] in the same thread, and in the order of the claims of a run whatever
    /// the number of threads: no two at a time. What an edit counts over claims, to give up for one, it
    /// counts here.
    fn settle(&self) {}

    /// Judges a subject.
    ///
    /// # Errors
    /// [`EditFault`] when it could not judge; whatever it found on this subject is then dropped and the
    /// claim is never counted as passed.
    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault>;

    /// Waivers of this edit that have met no finding so far, each in words that lead to it.
    fn unused_waivers(&self) -> Vec<String> {
        Vec::new()
    }
}
