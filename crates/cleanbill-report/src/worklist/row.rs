//! One row of a worklist, whatever it is about.

use std::borrow::Cow;

use cleanbill_model::{Claim, Fault, Finding, InputError, Location, ServiceLine};

use crate::at_risk::{charge_of, is_at_risk};
use crate::element::in_terms_of;
use crate::escape::escape;
use crate::finding_id::finding_id;
use crate::partner::partner_words;
use crate::remedy::remedy;
use crate::source::source_texts;

/// A finding, a fault or an input error. A member that does not apply is empty.
///
/// Texts stand here as they came; [`inert`] is for whoever writes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Row<'a> {
    pub(super) record: &'static str,
    pub(super) severity: &'static str,
    pub(super) outcome: &'static str,
    pub(super) disposition: &'static str,
    pub(super) owner: &'a str,
    pub(super) rule: &'a str,
    pub(super) file: &'a str,
    pub(super) claim: &'a str,
    pub(super) claim_ordinal: Option<u64>,
    pub(super) line: Option<u32>,
    pub(super) other_lines: String,
    pub(super) payer: &'a str,
    pub(super) billing_npi: String,
    pub(super) procedure: String,
    pub(super) modifiers: String,
    pub(super) units: String,
    pub(super) date_from: String,
    pub(super) date_through: String,
    /// In cents.
    pub(super) charge: Option<i64>,
    pub(super) is_at_risk: bool,
    pub(super) remit_group: &'static str,
    pub(super) carc: String,
    pub(super) rarc: String,
    pub(super) message: &'a str,
    pub(super) why: &'a str,
    pub(super) fix: &'a str,
    pub(super) source: String,
    pub(super) pack: &'a str,
    pub(super) code: &'static str,
    pub(super) is_quarantined: bool,
    pub(super) location: Location,
    pub(super) element: &'a str,
    pub(super) id: String,
}

impl<'a> Row<'a> {
    pub(super) fn finding(file: &'a str, claim: &'a Claim, finding: &'a Finding) -> Self {
        let line = finding.line.and_then(|line| claim.lines.get(line));
        let (remit_group, carc, rarc) = match &finding.remit {
            Some(remit) => {
                let remarks: Vec<&str> = remit.rarc.iter().map(|remark| remark.as_str()).collect();
                (remit.group.as_str(), remit.carc.to_string(), remarks.join(" "))
            }
            None => Default::default(),
        };
        Self {
            record: "finding",
            severity: finding.severity.as_str(),
            outcome: finding.outcome.as_str(),
            disposition: finding.disposition.as_str(),
            owner: finding.edit.owner.as_deref().unwrap_or_default(),
            rule: &finding.edit.id,
            line: line.map(|line| line.number),
            other_lines: partner_words(claim, finding),
            charge: Some(charge_of(claim, finding).cents()),
            is_at_risk: is_at_risk(finding),
            remit_group,
            carc,
            rarc,
            message: &finding.message,
            why: &finding.why,
            fix: &finding.fix,
            source: source_texts(finding).join("; "),
            pack: finding.edit.origin.name(),
            location: line.map_or(claim.location, |line| line.location),
            element: in_terms_of(claim, finding.element),
            id: finding_id(claim, finding),
            ..Self::of(file, claim, line)
        }
    }

    pub(super) fn fault(file: &'a str, claim: &'a Claim, fault: &'a Fault) -> Self {
        Self {
            record: "fault",
            severity: "error",
            owner: fault.edit.owner.as_deref().unwrap_or_default(),
            rule: &fault.edit.id,
            charge: Some(claim.charge.cents()),
            message: &fault.message,
            fix: remedy(fault.kind),
            pack: fault.edit.origin.name(),
            code: fault.kind.as_str(),
            is_quarantined: true,
            location: claim.location,
            ..Self::of(file, claim, None)
        }
    }

    pub(super) fn input_error(file: &'a str, error: &'a InputError) -> Self {
        Self {
            record: "input_error",
            severity: "error",
            file,
            claim: error.claim.as_deref().unwrap_or_default(),
            message: &error.message,
            fix: &error.fix,
            code: error.code,
            is_quarantined: error.quarantines,
            location: error.location,
            element: &error.element,
            ..Self::default()
        }
    }

    /// What a row says of its claim and, where there is one, of its line. The dates of a claim are
    /// the first and last of its lines.
    fn of(file: &'a str, claim: &'a Claim, line: Option<&ServiceLine>) -> Self {
        let lines = || line.map_or(claim.lines.as_slice(), std::slice::from_ref).iter();
        let date = |date: Option<_>| date.map_or(String::new(), |date| format!("{date}"));
        Self {
            file,
            claim: claim.id(),
            claim_ordinal: Some(claim.ordinal),
            payer: claim.payer(),
            billing_npi: claim.billing.npi.map(|npi| npi.to_string()).unwrap_or_default(),
            procedure: line
                .and_then(|line| line.procedure)
                .map(|code| code.to_string())
                .unwrap_or_default(),
            modifiers: line.map(|line| line.modifiers.to_string()).unwrap_or_default(),
            units: line.map(|line| line.units.to_string()).unwrap_or_default(),
            date_from: date(lines().map(|line| line.dates.from()).min()),
            date_through: date(lines().map(|line| line.dates.through()).max()),
            ..Self::default()
        }
    }
}

/// Text of an input or a pack made safe for a spreadsheet: control characters are shown as escapes,
/// and a text that could be taken for a formula gets a `'` in front.
///
/// Tab and carriage return, which some programs strip before they look for a formula, are escaped.
pub(crate) fn inert(text: &str) -> Cow<'_, str> {
    let text = escape(text);
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{text}"))
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_could_be_a_formula_is_made_inert_and_any_other_left_alone() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"] {
            assert_eq!(inert(formula), format!("'{formula}"));
        }
        assert_eq!(inert("\t=1"), "\\t=1");
        assert_eq!(inert("\r=1"), "\\r=1");
        assert_eq!(inert("93970 = 1"), "93970 = 1");
        assert_eq!(inert(""), "");
    }
}
