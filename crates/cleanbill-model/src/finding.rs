//! A finding: what an edit has to say about a claim.

use std::sync::Arc;

use crate::defect::Defect;
use crate::disposition::{Disposition, Outcome, Severity};
use crate::edit_info::{EditInfo, Source};
use crate::line_ref::LineRef;
use crate::remit::Remit;

/// Which part of a line a finding or a piece of evidence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// The claim as a whole.
    Claim,
    /// Procedure code.
    Procedure,
    /// Modifiers.
    Modifiers,
    /// Units of service.
    Units,
    /// Charge.
    Charge,
    /// Dates of service.
    ServiceDate,
    /// Place of service.
    PlaceOfService,
    /// Rendering provider.
    Provider,
    /// Ordering or referring provider.
    OrderingProvider,
    /// Diagnoses pointed to.
    Diagnosis,
    /// Upper or lower extremity.
    BodyRegion,
}

impl Element {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Claim,
        Self::Procedure,
        Self::Modifiers,
        Self::Units,
        Self::Charge,
        Self::ServiceDate,
        Self::PlaceOfService,
        Self::Provider,
        Self::OrderingProvider,
        Self::Diagnosis,
        Self::BodyRegion,
    ];

    /// The name in records and in claim JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Procedure => "procedure",
            Self::Modifiers => "modifiers",
            Self::Units => "units",
            Self::Charge => "charge",
            Self::ServiceDate => "service_date",
            Self::PlaceOfService => "place_of_service",
            Self::Provider => "rendering_provider",
            Self::OrderingProvider => "ordering_provider",
            Self::Diagnosis => "diagnosis",
            Self::BodyRegion => "body_region",
        }
    }
}

/// A value that an edit read to come to its verdict. Codes, units and dates of service only: never a
/// value that identifies a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The line; `None` for the claim.
    pub line: Option<LineRef>,
    /// What was read.
    pub element: Element,
    /// Its value.
    pub value: String,
}

/// What an edit has to say about a claim. It carries its own words, so that a report needs no rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The edit.
    pub edit: Arc<EditInfo>,
    /// How it ended.
    pub outcome: Outcome,
    /// What should happen.
    pub disposition: Disposition,
    /// How loud it is.
    pub severity: Severity,
    /// Remittance codes; an informational note has none.
    pub remit: Option<Remit>,
    /// Line that the disposition falls on: place in [`crate::Claim::lines`], from 0; `None` for the
    /// claim.
    pub line: Option<usize>,
    /// Partner lines; some may be on earlier claims of the patient.
    pub others: Vec<LineRef>,
    /// Part of the line that is wrong.
    pub element: Element,
    /// What is wrong, one sentence.
    pub message: String,
    /// Why: the deciding facts.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// Values that were read.
    pub evidence: Vec<Evidence>,
    /// What it is about, apart from the words; `None` where the kind of edit cannot say.
    pub defect: Option<Defect>,
    /// Edits of other packs that found the same defect, sorted by their ids.
    pub also: Vec<Also>,
}

/// An edit that found what another one's finding already says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Also {
    /// The edit.
    pub edit: Arc<EditInfo>,
    /// What should happen by its word.
    pub disposition: Disposition,
}

impl Finding {
    /// The same finding, about this defect.
    #[must_use]
    pub fn about(mut self, defect: Option<Defect>) -> Self {
        self.defect = defect;
        self
    }

    /// Its authorities, its own edit's first, each once.
    #[must_use]
    pub fn sources(&self) -> Vec<&Source> {
        let mut sources: Vec<&Source> = Vec::new();
        for edit in core::iter::once(&self.edit).chain(self.also.iter().map(|also| &also.edit)) {
            for source in &edit.sources {
                if edit.id == self.edit.id || !sources.contains(&source) {
                    sources.push(source);
                }
            }
        }
        sources
    }
}
