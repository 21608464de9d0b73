//! What was learnt, one row a rule, a reason of denials and an input error.

use std::borrow::Cow;
use std::io::{self, Write};

use ::csv::WriterBuilder;

use super::result::{DenialRow, Denials, Fates, LearnProblem, LearnResult};
use super::words::{denied_share, precision, samples};
use crate::diff::LineSum;
use crate::worklist::{csv_error, inert};

/// Columns; new ones are added behind the last.
const COLUMNS: [&str; 26] = [
    "record",
    "rule",
    "pack",
    "outcome",
    "group",
    "carc",
    "rarc",
    "lines",
    "amount",
    "as_predicted",
    "as_predicted_charge",
    "otherwise",
    "otherwise_charge",
    "paid",
    "paid_charge",
    "not_matched",
    "not_matched_charge",
    "open",
    "open_charge",
    "precision",
    "denied_share",
    "samples",
    "file",
    "text_line",
    "code",
    "message",
];

/// A row by the places of its cells.
type Row = [String; COLUMNS.len()];

/// Writes it.
pub(super) fn write(out: &mut dyn Write, result: &LearnResult) -> io::Result<()> {
    let mut out = WriterBuilder::new().from_writer(out);
    out.write_record(COLUMNS).map_err(csv_error)?;
    let mut rows: Vec<Row> = Vec::new();
    for rule in &result.rules {
        let mut row = fates("rule", &rule.fates);
        set(&mut row, "rule", inert(&rule.rule));
        set(&mut row, "pack", inert(&rule.pack));
        set(&mut row, "outcome", rule.outcome.as_str());
        set(&mut row, "samples", inert(&samples(&rule.paid_samples)));
        rows.push(row);
    }
    rows.push(fates("total", &result.total));
    rows.push(sum("denied", result.denied));
    rows.push(sum("foreseen", result.foreseen));
    denials("unseen", &result.unseen, &mut rows);
    denials("not_checked", &result.not_checked, &mut rows);
    rows.extend(result.problems.iter().map(problem));
    for row in rows {
        out.write_record(row).map_err(csv_error)?;
    }
    out.flush()
}

fn set<'a>(row: &mut Row, column: &str, text: impl Into<Cow<'a, str>>) {
    let cells = COLUMNS.iter().zip(row.iter_mut());
    if let Some((_, cell)) = cells.into_iter().find(|(name, _)| **name == column) {
        *cell = text.into().into_owned();
    }
}

fn sum(record: &str, sum: LineSum) -> Row {
    let mut row = Row::default();
    set(&mut row, "record", record);
    set(&mut row, "lines", sum.lines.to_string());
    set(&mut row, "amount", sum.charge.to_string());
    row
}

fn fates(record: &str, fates: &Fates) -> Row {
    let mut row = sum(record, fates.all());
    for (lines, charge, sum) in [
        ("as_predicted", "as_predicted_charge", fates.as_predicted),
        ("otherwise", "otherwise_charge", fates.otherwise),
        ("paid", "paid_charge", fates.paid),
        ("not_matched", "not_matched_charge", fates.not_matched),
        ("open", "open_charge", fates.open),
    ] {
        set(&mut row, lines, sum.lines.to_string());
        set(&mut row, charge, sum.charge.to_string());
    }
    set(&mut row, "precision", precision(fates).unwrap_or_default());
    set(&mut row, "denied_share", denied_share(fates).unwrap_or_default());
    row
}

fn denials(record: &str, denials: &Denials, rows: &mut Vec<Row>) {
    let of_row = |one: &DenialRow| {
        let mut row = sum(record, one.denied);
        let remarks: Vec<&str> = one.rarc.iter().map(|remark| remark.as_str()).collect();
        set(&mut row, "group", one.group.as_str());
        set(&mut row, "carc", one.carc.as_str());
        set(&mut row, "rarc", remarks.join(" "));
        set(&mut row, "samples", inert(&samples(&one.samples)));
        row
    };
    rows.extend(denials.rows.iter().map(of_row));
}

fn problem(problem: &LearnProblem) -> Row {
    let mut row = Row::default();
    set(&mut row, "record", "input_error");
    set(&mut row, "file", inert(&problem.file));
    set(&mut row, "text_line", problem.error.location.line.to_string());
    set(&mut row, "code", problem.error.code);
    set(&mut row, "message", inert(&problem.error.message));
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::sample;

    #[test]
    fn every_rule_and_reason_has_a_row_and_no_cell_is_a_formula() {
        let text = sample::render(write);
        crate::sample::snapshot("learn_csv", &text);
        assert!(text.contains("'=HYPERLINK"), "{text}");
    }
}
