//! The service lines of a claim in words: which of them are shown, and how.

use std::collections::BTreeSet;

use cleanbill_model::{Claim, DateRange, Finding, LineRef, ServiceLine, UnitBasis};

/// Places of the lines that these findings name.
pub(crate) fn named_lines(claim: &Claim, findings: &[Finding]) -> BTreeSet<usize> {
    findings
        .iter()
        .flat_map(|finding| {
            finding.line.into_iter().chain(finding.others.iter().filter_map(LineRef::own))
        })
        .filter(|index| *index < claim.lines.len())
        .collect()
}

/// Places of the lines that are shown beside these findings: all of a claim of at most `limit` lines,
/// those that a finding names of a longer one.
pub(crate) fn shown_lines(claim: &Claim, findings: &[Finding], limit: usize) -> BTreeSet<usize> {
    let count = claim.lines.len();
    if count <= limit { (0..count).collect() } else { named_lines(claim, findings) }
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
