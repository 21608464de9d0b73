//! What was learnt, one row a rule, a reason of denials and an input error.

use std::io::{self, Write};

use ::csv::WriterBuilder;

use super::result::{DenialRow, Denials, Fates, LearnProblem, LearnResult};
use super::words::{denied_share, precision, samples};
use crate::diff::LineSum;
use crate::named_row::NamedRow;
use crate::worklist::csv_error;

/// Columns; new ones are added behind the last.
const COLUMNS: &[&str] = &[
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

/// Writes it.
pub(super) fn write(out: &mut dyn Write, result: &LearnResult) -> io::Result<()> {
    let mut out = WriterBuilder::new().from_writer(out);
    out.write_record(COLUMNS).map_err(csv_error)?;
    let mut rows: Vec<NamedRow> = Vec::new();
    for rule in &result.rules {
        let mut row = fates("rule", &rule.fates);
        row.text("rule", &rule.rule);
        row.text("pack", &rule.pack);
        row.set("outcome", rule.outcome.as_str());
        row.text("samples", &samples(&rule.paid_samples));
        rows.push(row);
    }
    rows.push(fates("total", &result.total));
    rows.push(sum("denied", result.denied));
    rows.push(sum("foreseen", result.foreseen));
    denials("unseen", &result.unseen, &mut rows);
    denials("not_checked", &result.not_checked, &mut rows);
    rows.extend(result.problems.iter().map(problem));
    for row in rows {
        row.write(&mut out)?;
    }
    out.flush()
}

fn sum(record: &str, sum: LineSum) -> NamedRow {
    let mut row = NamedRow::new(COLUMNS, record);
    row.set("lines", sum.lines);
    row.set("amount", sum.charge);
    row
}

fn fates(record: &str, fates: &Fates) -> NamedRow {
    let mut row = sum(record, fates.all());
    for (lines, charge, sum) in [
        ("as_predicted", "as_predicted_charge", fates.as_predicted),
        ("otherwise", "otherwise_charge", fates.otherwise),
        ("paid", "paid_charge", fates.paid),
        ("not_matched", "not_matched_charge", fates.not_matched),
        ("open", "open_charge", fates.open),
    ] {
        row.set(lines, sum.lines);
        row.set(charge, sum.charge);
    }
    row.set("precision", precision(fates).unwrap_or_default());
    row.set("denied_share", denied_share(fates).unwrap_or_default());
    row
}

fn denials(record: &str, denials: &Denials, rows: &mut Vec<NamedRow>) {
    let of_row = |one: &DenialRow| {
        let mut row = sum(record, one.denied);
        let remarks: Vec<&str> = one.rarc.iter().map(|remark| remark.as_str()).collect();
        row.set("group", one.group.as_str());
        row.set("carc", one.carc.as_str());
        row.set("rarc", remarks.join(" "));
        row.text("samples", &samples(&one.samples));
        row
    };
    rows.extend(denials.rows.iter().map(of_row));
}

fn problem(problem: &LearnProblem) -> NamedRow {
    let mut row = NamedRow::new(COLUMNS, "input_error");
    row.text("file", &problem.file);
    row.set("text_line", problem.error.location.line);
    row.set("code", problem.error.code);
    row.text("message", &problem.error.message);
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
