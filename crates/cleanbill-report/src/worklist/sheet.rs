//! What stands on the sheets of a workbook, and what the sheets are called.

use super::row::Row;
use crate::escape::escape;

/// Headings of the columns behind `Charge at risk`, with their widths in characters.
pub(super) const COLUMNS: [(&str, u8); 21] = [
    ("Date of service", 14),
    ("Claim", 16),
    ("Line", 6),
    ("With lines", 10),
    ("Procedure", 10),
    ("Modifiers", 10),
    ("Units", 7),
    ("Payer", 14),
    ("Billing NPI", 12),
    ("Severity", 9),
    ("Outcome", 13),
    ("Disposition", 19),
    ("Rule", 28),
    ("What is wrong", 60),
    ("What to do", 60),
    ("Why", 60),
    ("Remit codes", 14),
    ("Source", 40),
    ("File", 24),
    ("Line of file", 11),
    ("Finding id", 20),
];

/// Characters that a cell may hold.
const LONGEST: usize = 32_767;

/// Cells of a row as a sheet shows them.
pub(super) struct SheetRow {
    /// Cents.
    pub(super) at_risk: Option<i64>,
    /// Texts behind the charge, as [`COLUMNS`] names them.
    pub(super) texts: Vec<Box<str>>,
}

/// The row as a sheet shows it.
pub(super) fn row(row: &Row<'_>) -> SheetRow {
    let dates = match (row.date_from.as_str(), row.date_through.as_str()) {
        (from, through) if from == through => from.to_owned(),
        (from, through) => format!("{from} to {through}"),
    };
    let number = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
    let remit = match row.carc.as_str() {
        "" => String::new(),
        carc => format!("{}-{carc} {}", row.remit_group, row.rarc),
    };
    let outcome = if row.outcome.is_empty() { row.record } else { row.outcome };
    let rule = if row.rule.is_empty() { row.code } else { row.rule };
    let texts: [&str; COLUMNS.len()] = [
        &dates,
        row.claim,
        &number(row.line),
        &row.other_lines,
        &row.procedure,
        &row.modifiers,
        &row.units,
        row.payer,
        &row.billing_npi,
        row.severity,
        &outcome.replace('_', " "),
        &row.disposition.replace('_', " "),
        rule,
        row.message,
        row.fix,
        row.why,
        remit.trim_end(),
        &row.source,
        row.file,
        &row.location.line.to_string(),
        &row.id,
    ];
    SheetRow {
        at_risk: row.charge.filter(|_| row.is_at_risk),
        texts: texts.into_iter().map(|text| cell(text).into()).collect(),
    }
}

/// Text for a cell: no control character, and not longer than a cell may be.
pub(super) fn cell(text: &str) -> String {
    let text = escape(text);
    if text.len() <= LONGEST {
        return text.into_owned();
    }
    // Characters as a spreadsheet counts them: units of UTF-16.
    let mut units = 0;
    let short = text.chars().take_while(|character| {
        units += character.len_utf16();
        units < LONGEST
    });
    let mut short: String = short.collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A name that a sheet may have: at most 31 characters, none of `[]:*?/\`, no quote at either end, and
/// not one of our own.
pub(super) fn name(owner: &str) -> String {
    let text = escape(owner).replace(['[', ']', ':', '*', '?', '/', '\\'], "_");
    let mut units = 0;
    let short = text.chars().take_while(|character| {
        units += character.len_utf16();
        units <= 28
    });
    let short: String = short.collect();
    let name = short.trim_matches(['\'', ' ']);
    let is_ours = ["summary", "waived", "not checked", "history"];
    match name {
        "" => "no owner".to_owned(),
        name if is_ours.contains(&name.to_lowercase().as_str()) => format!("{name} _"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_owner_gives_a_name_that_a_sheet_may_have() {
        for (owner, shown) in [
            ("coder", "coder"),
            ("", "no owner"),
            ("'", "no owner"),
            ("Summary", "Summary _"),
            ("a/b:c*d?e[f]g\\h", "a_b_c_d_e_f_g_h"),
            ("\u{1b}x", "_u{1b}x"),
        ] {
            assert_eq!(name(owner), shown);
        }
        assert_eq!(name(&"é".repeat(99)).chars().count(), 28);
    }

    #[test]
    fn a_text_longer_than_a_cell_is_cut_and_says_so() {
        let long = cell(&"😀".repeat(20_000));
        assert!(long.encode_utf16().count() <= LONGEST && long.ends_with("😀…"));
        assert_eq!(cell(&"é".repeat(30_000)).chars().count(), 30_000);
    }
}
