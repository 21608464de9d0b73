//! What the page keeps of a finding and its claim until the run is whole. No value of a claim but what
//! the text report shows, and the billing provider's number.

use std::rc::Rc;
use std::sync::Arc;

use cleanbill_model::{Claim, EditInfo, Fault, Finding, InputError, Location, ServiceLine};

use crate::at_risk::{charge_of, is_at_risk};
use crate::element::in_terms_of;
use crate::escape::escape;
use crate::line_text::{dates_text, procedure_text, shown_lines, units_text};
use crate::partner::{partner_lines, partner_words};
use crate::remedy::remedy;
use crate::report::JudgedClaim;

/// A claim with a finding.
pub(super) struct ClaimView {
    pub(super) id: Box<str>,
    pub(super) file: Box<str>,
    pub(super) payer: Box<str>,
    pub(super) npi: Box<str>,
    pub(super) lines: Vec<LineView>,
    pub(super) lines_left_out: usize,
}

/// A line of a claim. What repeats from claim to claim stands in `shape`.
pub(super) struct LineView {
    pub(super) number: u32,
    /// Procedure, modifiers, region, units and place of service, tabs between.
    pub(super) shape: Box<str>,
    pub(super) date: Box<str>,
    pub(super) cents: i64,
}

/// A finding.
pub(super) struct FindingView {
    pub(super) edit: Arc<EditInfo>,
    pub(super) claim: Rc<ClaimView>,
    pub(super) line: Option<u32>,
    /// Numbers of the partner lines on the same claim.
    pub(super) partners: Vec<u32>,
    /// All partner lines in words.
    pub(super) partner_words: Box<str>,
    /// Severity, outcome, disposition, remit codes and element, tabs between.
    pub(super) kind: Box<str>,
    /// Message, why and fix, as [`super::template`] takes them apart.
    pub(super) texts: [Box<str>; 3],
    /// Cents; `None` for notes and waived findings.
    pub(super) at_risk: Option<i64>,
    pub(super) location: Location,
}

/// Something that could not be read, trusted or judged.
pub(super) struct Unread {
    pub(super) kind: &'static str,
    pub(super) code: Box<str>,
    pub(super) claim: Box<str>,
    pub(super) place: Box<str>,
    pub(super) message: Box<str>,
    pub(super) fix: Box<str>,
}

impl ClaimView {
    pub(super) fn new(judged: &JudgedClaim<'_>) -> Self {
        let claim = judged.claim;
        let lines: Vec<LineView> = shown_lines(claim, judged.findings)
            .into_iter()
            .filter_map(|index| claim.lines.get(index))
            .map(LineView::new)
            .collect();
        Self {
            id: escape(claim.id()).into(),
            file: escape(judged.file).into(),
            payer: escape(claim.payer()).into(),
            npi: claim.billing.npi.map(|npi| npi.to_string()).unwrap_or_default().into(),
            lines_left_out: claim.lines.len() - lines.len(),
            lines,
        }
    }
}

impl LineView {
    fn new(line: &ServiceLine) -> Self {
        let region = line.body_region.map(|region| region.as_str()).unwrap_or_default();
        let place = line.place_of_service.map(|place| place.to_string()).unwrap_or_default();
        let (procedure, units) = (procedure_text(line), units_text(line));
        let modifiers = line.modifiers;
        Self {
            number: line.number,
            shape: format!("{procedure}\t{modifiers}\t{region}\t{units}\t{place}").into(),
            date: dates_text(line.dates).into(),
            cents: line.charge.cents(),
        }
    }
}

impl FindingView {
    pub(super) fn new(view: Rc<ClaimView>, claim: &Claim, finding: &Finding) -> Self {
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
        Self {
            edit: Arc::clone(&finding.edit),
            claim: view,
            line: line.map(|line| line.number),
            partners,
            partner_words: escape(&partner_words(claim, finding)).into(),
            kind: kind.into(),
            texts: [&finding.message, &finding.why, &finding.fix].map(|text| escape(text).into()),
            at_risk: is_at_risk(finding).then(|| charge_of(claim, finding).cents()),
            location: line.map_or(claim.location, |line| line.location),
        }
    }
}

impl Unread {
    pub(super) fn fault(judged: &JudgedClaim<'_>, fault: &Fault) -> Self {
        let location = judged.claim.location;
        Self {
            kind: "fault",
            code: fault.edit.id.as_str().into(),
            claim: judged.claim.id().into(),
            place: format!("{}, line {}", judged.file, location.line).into(),
            message: format!("the edit could not run: {}", fault.message).into(),
            fix: remedy(fault.kind).into(),
        }
    }

    pub(super) fn input_error(file: &str, error: &InputError) -> Self {
        let location = error.location;
        let place = format!("{file}, line {}, byte {}", location.line, location.offset);
        let place =
            if error.element.is_empty() { place } else { format!("{place}, {}", error.element) };
        Self {
            kind: "input error",
            code: error.code.into(),
            claim: error.claim.as_deref().unwrap_or_default().into(),
            place: place.into(),
            message: error.message.as_str().into(),
            fix: error.fix.as_str().into(),
        }
    }
}
