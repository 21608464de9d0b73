//! The service lines of a claim in words: which of them are shown, and how.

use std::collections::BTreeSet;

use cleanbill_model::{Claim, DateRange, Finding, LineRef, ServiceLine, UnitBasis};

/// A claim of more lines shows only those that a finding names.
const ALL_SHOWN: usize = 12;

/// Places of the lines that are shown beside these findings.
pub(crate) fn shown_lines(claim: &Claim, findings: &[Finding]) -> BTreeSet<usize> {
    let count = claim.lines.len();
    if count <= ALL_SHOWN {
        return (0..count).collect();
    }
    findings
        .iter()
        .flat_map(|finding| {
            finding.line.into_iter().chain(finding.others.iter().filter_map(LineRef::own))
        })
        .filter(|index| *index < count)
        .collect()
}

/// The procedure code; the revenue code of a line without one.
pub(crate) fn procedure_text(line: &ServiceLine) -> String {
    match (line.procedure, line.revenue_code) {
        (Some(code), _) => code.to_string(),
        (None, Some(revenue)) => format!("rev {revenue}"),
        (None, None) => "-".to_owned(),
    }
}

/// `2`, `45 min`.
pub(crate) fn units_text(line: &ServiceLine) -> String {
    match line.unit_basis {
        UnitBasis::Units => line.units.to_string(),
        UnitBasis::Minutes => format!("{} min", line.units),
    }
}

/// `2026-03-02`, `2026-03-02 to 2026-03-04`.
pub(crate) fn dates_text(dates: DateRange) -> String {
    match (dates.from(), dates.through()) {
        (from, through) if from == through => from.to_string(),
        (from, through) => format!("{from} to {through}"),
    }
}
