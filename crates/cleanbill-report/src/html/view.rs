//! What the page keeps of a finding and its claim until the run is whole. Without [`Values`] no value of
//! a claim but what the text report shows, the billing provider's number and the places of diagnoses.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use cleanbill_model::{Also, Claim, EditInfo, Evidence, Finding, LineRef, Location, ServiceLine};

use crate::at_risk::{charge_of, is_at_risk};
use crate::element::in_terms_of;
use crate::escape::escape;
use crate::line_text::{dates_text, named_lines, procedure_text, shown_lines, units_text};
use crate::partner::{partner_lines, partner_texts};
use crate::report::JudgedClaim;
use crate::source::source_texts;

/// A claim of more lines shows only those that a finding names. A professional claim has 50 at most
/// (837P, loop 2400).
const ALL_SHOWN: usize = 50;

/// Texts that are shared; with more it starts anew, so that no input can fill the memory.
const SHARED: usize = 20_000;

/// Whether a page shows values that it does without otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Values {
    /// No diagnosis code beside its line, and nothing of what an edit read but its own words.
    #[default]
    Withheld,
    /// The codes of the diagnoses that a line points to, and the values that an edit read.
    Included,
}

/// A claim with a finding.
pub(super) struct ClaimView {
    pub(super) id: Box<str>,
    pub(super) file: Box<str>,
    pub(super) payer: Box<str>,
    pub(super) npi: Box<str>,
    pub(super) lines: Vec<LineView>,
    /// Lines that are not among `lines`.
    pub(super) lines_left_out: usize,
}

/// A line of a claim. What repeats from claim to claim is shared.
pub(super) struct LineView {
    pub(super) number: u32,
    /// Procedure, modifiers, region, units, place of service and diagnoses, tabs between.
    pub(super) shape: Rc<str>,
    pub(super) date: Rc<str>,
    pub(super) cents: i64,
    /// Whether a finding names it.
    pub(super) is_named: bool,
}

/// A finding.
pub(super) struct FindingView {
    pub(super) edit: Arc<EditInfo>,
    /// Edits of other packs that found the same, in words.
    pub(super) also: Rc<str>,
    /// Authorities, line ends between.
    pub(super) sources: Rc<str>,
    pub(super) claim: Rc<ClaimView>,
    pub(super) line: Option<u32>,
    /// First day of the line, or of the claim's first line; empty where there is none.
    pub(super) date: Rc<str>,
    /// Numbers of the partner lines on the same claim.
    pub(super) partners: Vec<u32>,
    /// All partner lines in words.
    pub(super) partner_words: Box<str>,
    /// Severity, outcome, disposition, remit codes and element, tabs between.
    pub(super) kind: Rc<str>,
    /// Message, why, fix and what was read, as [`super::template`] takes them apart. The last is empty
    /// where values are withheld.
    pub(super) texts: [Box<str>; 4],
    /// Cents; `None` for notes and waived findings.
    pub(super) at_risk: Option<i64>,
    pub(super) location: Location,
}

/// Makes views, and shares the texts that are alike.
pub(super) struct Views {
    values: Values,
    shared: BTreeSet<Rc<str>>,
}

impl Views {
    pub(super) const fn new(values: Values) -> Self {
        Self { values, shared: BTreeSet::new() }
    }

    pub(super) const fn values(&self) -> Values {
        self.values
    }

    fn share(&mut self, text: &str) -> Rc<str> {
        if let Some(shared) = self.shared.get(text) {
            return Rc::clone(shared);
        }
        if self.shared.len() >= SHARED {
            self.shared.clear();
        }
        let shared: Rc<str> = text.into();
        self.shared.insert(Rc::clone(&shared));
        shared
    }

    pub(super) fn claim(&mut self, judged: &JudgedClaim<'_>) -> ClaimView {
        let claim = judged.claim;
        let named = named_lines(claim, judged.findings);
        let lines: Vec<LineView> = shown_lines(claim, judged.findings, ALL_SHOWN)
            .into_iter()
            .filter_map(|index| Some((index, claim.lines.get(index)?)))
            .map(|(index, line)| LineView {
                number: line.number,
                shape: self.shape(claim, line),
                date: self.share(&dates_text(line.dates)),
                cents: line.charge.cents(),
                is_named: named.contains(&index),
            })
            .collect();
        ClaimView {
            id: escape(claim.id()).into(),
            file: escape(judged.file).into(),
            payer: escape(claim.payer()).into(),
            npi: claim.billing.npi.map(|npi| npi.to_string()).unwrap_or_default().into(),
            lines_left_out: claim.lines.len() - lines.len(),
            lines,
        }
    }

    fn shape(&mut self, claim: &Claim, line: &ServiceLine) -> Rc<str> {
        let region = line.body_region.map(|region| region.as_str()).unwrap_or_default();
        let place = line.place_of_service.map(|place| place.to_string()).unwrap_or_default();
        let (procedure, units) = (procedure_text(line), units_text(line));
        let (modifiers, diagnoses) = (line.modifiers, self.diagnoses(claim, line));
        self.share(&format!("{procedure}\t{modifiers}\t{region}\t{units}\t{place}\t{diagnoses}"))
    }

    /// `1, 2`; with values `1 N186, 2 I872`.
    fn diagnoses(&self, claim: &Claim, line: &ServiceLine) -> String {
        let words: Vec<String> = match self.values {
            Values::Withheld => line.pointers.iter().map(|place| place.to_string()).collect(),
            Values::Included => {
                let codes = claim.pointed_diagnoses(line);
                line.pointers
                    .iter()
                    .zip(codes)
                    .map(|(place, code)| format!("{place} {code}"))
                    .collect()
            }
        };
        words.join(", ")
    }

    pub(super) fn finding(
        &mut self,
        view: Rc<ClaimView>,
        claim: &Claim,
        finding: &Finding,
    ) -> FindingView {
        let line = finding.line.and_then(|line| claim.lines.get(line));
        let partners = partner_lines(claim, finding)
            .filter(|partner| partner.is_own())
            .map(|partner| partner.number)
            .collect();
        let kind = [
            finding.severity.as_str(),
            finding.outcome.as_str(),
            &finding.disposition.as_str().replace('_', " "),
            &finding.remit.as_ref().map(ToString::to_string).unwrap_or_default(),
            in_terms_of(claim, finding.element),
        ]
        .join("\t");
        let read = match self.values {
            Values::Withheld => String::new(),
            Values::Included => read_text(claim, &finding.evidence),
        };
        let sources: Vec<String> =
            source_texts(finding).iter().map(|source| escape(source).into_owned()).collect();
        FindingView {
            edit: Arc::clone(&finding.edit),
            also: self.share(&also_text(finding)),
            sources: self.share(&sources.join("\n")),
            claim: view,
            line: line.map(|line| line.number),
            date: self.share(&first_day(claim, finding)),
            partners,
            partner_words: escape(&partner_texts(claim, finding)).into(),
            kind: self.share(&kind),
            texts: [&finding.message, &finding.why, &finding.fix, &read]
                .map(|text| escape(text).into()),
            at_risk: is_at_risk(finding).then(|| charge_of(claim, finding).cents()),
            location: line.map_or(claim.location, |line| line.location),
        }
    }
}

/// First day of the finding's line, or of the claim's first one: `2026-03-02`.
pub(super) fn first_day(claim: &Claim, finding: &Finding) -> String {
    let line = finding.line.and_then(|line| claim.lines.get(line)).or(claim.lines.first());
    line.map(|line| line.dates.from().to_string()).unwrap_or_default()
}

/// `units-over-mue (cms-mue@1.0.0), …`.
fn also_text(finding: &Finding) -> String {
    let word = |also: &Also| format!("{} ({})", also.edit.id, also.edit.origin.name());
    let words = finding.also.iter().map(word).collect::<Vec<_>>().join(", ");
    escape(&words).into_owned()
}

/// `line 2 procedure 93970; line 1 of PCN9 units 2`.
fn read_text(claim: &Claim, evidence: &[Evidence]) -> String {
    let word = |read: &Evidence| {
        let place = match &read.line {
            None => "claim".to_owned(),
            Some(LineRef::Earlier(line)) => format!("line {} of {}", line.number, line.claim),
            Some(LineRef::Own(place)) => match claim.lines.get(*place) {
                Some(line) => format!("line {}", line.number),
                None => "claim".to_owned(),
            },
        };
        format!("{place} {} {}", read.element.as_str().replace('_', " "), read.value)
    };
    evidence.iter().map(word).collect::<Vec<_>>().join("; ")
}
