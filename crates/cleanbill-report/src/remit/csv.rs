//! `remit-csv`: one row an adjustment, for programs that take remittance advice.

use std::io::{self, Write};

use ::csv::{Writer, WriterBuilder};
use cleanbill_model::{Claim, InputError};

use super::adjustment::{Adjustment, adjustments};
use crate::finding_id::finding_id;
use crate::named_row::NamedRow;
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;
use crate::worklist::csv_error;

/// Columns; new ones are added behind the last.
const COLUMNS: &[&str] = &[
    "record",
    "file",
    "claim",
    "claim_ordinal",
    "payer",
    "line",
    "line_control_number",
    "procedure",
    "modifiers",
    "date_from",
    "date_through",
    "units",
    "charge",
    "group",
    "carc",
    "rarc",
    "amount",
    "disposition",
    "rule",
    "pack",
    "finding",
    "code",
    "message",
];

/// Writes a row for each adjustment, fault and input error, in the order of the run.
pub struct RemitCsvReport<W: Write> {
    out: Writer<W>,
}

impl<W: Write> RemitCsvReport<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out: WriterBuilder::new().from_writer(out) }
    }
}

impl<W: Write> Report for RemitCsvReport<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.out.write_record(COLUMNS).map_err(csv_error)
    }

    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        for one in adjustments(judged.claim, judged.findings) {
            adjustment(judged.file, judged.claim, &one).write(&mut self.out)?;
        }
        for fault in judged.faults {
            let mut row = of_claim("fault", judged.file, judged.claim);
            row.set("charge", judged.claim.charge);
            row.text("rule", &fault.edit.id);
            row.text("pack", fault.edit.origin.name());
            row.set("code", fault.kind.as_str());
            row.text("message", &fault.message);
            row.write(&mut self.out)?;
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        let mut row = NamedRow::new(COLUMNS, "input_error");
        row.text("file", file);
        row.text("claim", error.claim.as_deref().unwrap_or_default());
        row.set("code", error.code);
        row.text("message", &error.message);
        row.write(&mut self.out)
    }

    fn end(&mut self, _summary: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

fn of_claim(record: &str, file: &str, claim: &Claim) -> NamedRow {
    let mut row = NamedRow::new(COLUMNS, record);
    row.text("file", file);
    row.text("claim", claim.id());
    row.set("claim_ordinal", claim.ordinal);
    row.text("payer", claim.payer());
    row
}

fn adjustment(file: &str, claim: &Claim, one: &Adjustment<'_>) -> NamedRow {
    let (finding, remit) = (one.finding, one.remit);
    let mut row = of_claim("adjustment", file, claim);
    match finding.line.and_then(|line| claim.lines.get(line)) {
        Some(line) => {
            row.set("line", line.number);
            row.text("line_control_number", claim.text(line.control_number));
            row.set("procedure", line.procedure.map(|code| code.to_string()).unwrap_or_default());
            row.set("modifiers", line.modifiers);
            row.set("date_from", line.dates.from());
            row.set("date_through", line.dates.through());
            row.set("units", line.units);
            row.set("charge", line.charge);
        }
        None => row.set("charge", claim.charge),
    }
    let remarks: Vec<&str> = remit.rarc.iter().map(|remark| remark.as_str()).collect();
    row.set("group", remit.group.as_str());
    row.set("carc", remit.carc);
    row.set("rarc", remarks.join(" "));
    row.set("amount", one.amount);
    row.set("disposition", finding.disposition.as_str());
    row.text("rule", &finding.edit.id);
    row.text("pack", finding.edit.origin.name());
    row.set("finding", finding_id(claim, finding));
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_adjustment_is_a_row_with_what_an_835_says_of_a_line() {
        sample::snapshot("remit_csv", &sample::render(RemitCsvReport::new));
    }

    #[test]
    fn hostile_texts_are_inert_and_nobody_is_named() {
        let text = sample::render_hostile(RemitCsvReport::new);
        assert!(text.contains(sample::HOSTILE_MARK));
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        for record in reader.records() {
            for cell in &record.unwrap() {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
                assert!(!cell.chars().any(char::is_control), "{cell}");
            }
        }
        assert!(!sample::render(RemitCsvReport::new).contains(sample::CANARY));
    }

    #[test]
    fn a_reason_that_needs_a_remark_is_never_without_one() {
        // Packs and plugins are refused else; the sample is made by hand and must show the same.
        let findings = [sample::conflict()];
        for one in adjustments(&sample::claim(), &findings) {
            assert!(!one.remit.carc.needs_remark() || !one.remit.rarc.is_empty());
        }
    }
}
