//! An OperationOutcome: what could not be read, and what the run adds up to.

use cleanbill_model::InputError;

use super::resource::{Coding, Concept, INPUT_ERROR, Issue, OperationOutcome};
use crate::escape::escape;
use crate::summary::Summary;

/// An input error, with its place.
pub(super) fn of_error(id: String, file: &str, error: &InputError) -> OperationOutcome {
    let InputError { code, location, element, message, fix, .. } = error;
    let mut place = format!("{file}, line {}, byte {}", location.line, location.offset);
    if location.segment > 0 {
        place.push_str(&format!(", segment {}", location.segment));
    }
    if !element.is_empty() {
        place.push_str(&format!(", {element}"));
    }
    let details = Concept {
        coding: vec![Coding { system: INPUT_ERROR, code: (*code).to_owned() }],
        text: Some(escape(message).into_owned()),
        ..Concept::default()
    };
    let issue = Issue {
        severity: "error",
        code: "invalid",
        details: Some(details),
        diagnostics: escape(&format!("{place}: {fix}")).into_owned(),
    };
    OperationOutcome { resource_type: "OperationOutcome", id, issue: vec![issue] }
}

/// The accounting of the run.
pub(super) fn of_run(summary: &Summary) -> OperationOutcome {
    let total = &summary.total;
    let sums = format!(
        "{} claims in: {} passed, {} rejected, {} set aside{}; {} input errors, {} faults; exit code {}",
        total.claims_in,
        total.passed,
        total.rejected,
        total.quarantined,
        summary.not_final_words(),
        summary.input_errors,
        summary.faults,
        summary.exit_code
    );
    let issue = if total.holds() {
        Issue { severity: "information", code: "informational", details: None, diagnostics: sums }
    } else {
        let diagnostics = format!("{sums}; the sums do not add up");
        Issue { severity: "error", code: "exception", details: None, diagnostics }
    };
    let id = "run".to_owned();
    OperationOutcome { resource_type: "OperationOutcome", id, issue: vec![issue] }
}
