//! For each kind of rule: what it is for, what must be asked, and where its body is made.

use super::{ScaffoldError, bodies, refused, timelines};
use crate::diagnostic::suggest;

/// What an author is told and asked about a kind of rule.
#[derive(Clone, Copy, Debug)]
pub struct KindSketch {
    /// Name of the kind, `unit_limit`.
    pub kind: &'static str,
    /// What it is for, in a few words.
    pub about: &'static str,
    /// What its codes are held against; none when there is nothing to say.
    pub with: Option<&'static str>,
    /// Whether that has no sensible default.
    pub must_have_with: bool,
    body: fn(&Parts, &str) -> Result<Body, ScaffoldError>,
}

/// The kinds of rules, in the order of the crate's own list; a test holds the two together. Only
/// `plugin_check` is not among them: its rule is the plugin's.
static SKETCHES: [KindSketch; 14] = [
    KindSketch {
        kind: "mutually_exclusive",
        about: "two procedures that are not both paid on one day",
        with: Some("codes that are paid instead (column one)"),
        must_have_with: true,
        body: bodies::pair,
    },
    KindSketch {
        kind: "unit_limit",
        about: "more units on a day than allowed",
        with: None,
        must_have_with: false,
        body: bodies::units,
    },
    KindSketch {
        kind: "modifier_validity",
        about: "a modifier that does not go with the code",
        with: Some("modifiers that must not stand on the line"),
        must_have_with: false,
        body: bodies::modifiers,
    },
    KindSketch {
        kind: "place_of_service",
        about: "a place where the code is not paid",
        with: Some("places of service"),
        must_have_with: false,
        body: bodies::places,
    },
    KindSketch {
        kind: "code_validity",
        about: "a code on a day on which it does not exist",
        with: None,
        must_have_with: false,
        body: bodies::life,
    },
    KindSketch {
        kind: "requires_primary",
        about: "an add-on code without its primary procedure",
        with: Some("primary procedures"),
        must_have_with: false,
        body: bodies::primary,
    },
    KindSketch {
        kind: "require",
        about: "a fact that the line or its claim must carry",
        with: Some("the fact"),
        must_have_with: false,
        body: bodies::fact,
    },
    KindSketch {
        kind: "diagnosis_coverage",
        about: "a procedure without a covered diagnosis",
        with: Some("beginnings of covered diagnoses"),
        must_have_with: false,
        body: bodies::coverage,
    },
    KindSketch {
        kind: "duplicate_line",
        about: "one service on two lines of a claim",
        with: Some("modifiers that say it was repeated"),
        must_have_with: false,
        body: bodies::duplicate,
    },
    KindSketch {
        kind: "demographic",
        about: "a procedure that does not go with the patient's age",
        with: None,
        must_have_with: false,
        body: bodies::age,
    },
    KindSketch {
        kind: "frequency_limit",
        about: "a service more often within some days than allowed",
        with: None,
        must_have_with: false,
        body: bodies::frequency,
    },
    KindSketch {
        kind: "new_patient_visit",
        about: "the visit of a new patient who was seen before",
        with: Some("codes of services face to face"),
        must_have_with: false,
        body: timelines::new_patient,
    },
    KindSketch {
        kind: "global_surgery",
        about: "a visit or procedure that a surgery includes",
        with: Some("codes of visits"),
        must_have_with: false,
        body: timelines::global,
    },
    KindSketch {
        kind: "service_date",
        about: "a date of service that cannot be",
        with: None,
        must_have_with: false,
        body: bodies::dates,
    },
];

/// What there is to tell and ask about each kind of rule.
#[must_use]
pub fn kind_sketches() -> &'static [KindSketch] {
    &SKETCHES
}

/// The sketch of a kind.
pub(super) fn sketch(kind: &str) -> Result<&'static KindSketch, ScaffoldError> {
    match SKETCHES.iter().find(|sketch| sketch.kind == kind) {
        Some(sketch) => Ok(sketch),
        None => refused(
            format!("`{kind}` is not a kind of rule"),
            suggest(kind, SKETCHES.iter().map(|sketch| sketch.kind)),
        ),
    }
}

/// The body of a rule.
pub(super) fn body(parts: &Parts) -> Result<Body, ScaffoldError> {
    match parts.codes.first() {
        Some(code) => (sketch(parts.kind)?.body)(parts, code),
        None => refused("a rule needs at least one code", "add `--codes 93970,93971`"),
    }
}

/// The answers, checked.
pub(super) struct Parts {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) codes: Vec<String>,
    pub(super) with: Vec<String>,
    pub(super) disposition: &'static str,
    /// Name of the rule's table, for kinds that have one.
    pub(super) table: String,
}

impl Parts {
    /// What the codes are held against, or else these.
    pub(super) fn with_or(&self, otherwise: &[&str]) -> Vec<String> {
        match self.with.as_slice() {
            [] => otherwise.iter().map(|text| (*text).to_owned()).collect(),
            given => given.to_vec(),
        }
    }
}

/// What differs from kind to kind. Lines end in a newline and stand at their final depth.
pub(super) struct Body {
    pub(super) title: String,
    /// The block of the kind.
    pub(super) block: String,
    pub(super) message: &'static str,
    pub(super) fix: &'static str,
    pub(super) tests: Vec<Case>,
    pub(super) table: Option<TableSketch>,
}

/// A test: its claim without what the pack's scope adds, and what it expects.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) claim: String,
    pub(super) expect: String,
}

/// A table that the rule needs.
pub(super) struct TableSketch {
    /// Behind `file: …, `.
    pub(super) keys: &'static str,
    pub(super) csv: String,
}
