//! `csv`: one row a record, for programs.
//!
//! UTF-8 without a byte order mark, lines end in LF, and no cell holds a line end, so that one line is
//! one record for `grep` and `sort` too.

use std::borrow::Cow;
use std::io::{self, Write};

use cleanbill_model::{InputError, Money};
use csv::{ErrorKind, Writer, WriterBuilder};

use super::row::{Row, inert};
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

/// Writes a row for each finding, fault and input error, in the order of the run.
///
/// The columns are a promise: new ones are added behind the last, none changes its place or meaning.
pub struct CsvReport<W: Write> {
    out: Writer<W>,
}

impl<W: Write> CsvReport<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out: WriterBuilder::new().from_writer(out) }
    }

    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        let cells = cells(row).map(|(_, cell)| cell);
        self.out.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(csv_error)
    }
}

impl<W: Write> Report for CsvReport<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.out.write_record(cells(&Row::default()).map(|(name, _)| name)).map_err(csv_error)
    }

    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        for finding in judged.findings {
            self.row(&Row::finding(judged.file, judged.claim, finding))?;
        }
        for fault in judged.faults {
            self.row(&Row::fault(judged.file, judged.claim, fault))?;
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.row(&Row::input_error(file, error))
    }

    fn end(&mut self, _summary: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

/// Names of the columns with what stands in them.
fn cells<'a>(row: &'a Row<'_>) -> [(&'static str, Cow<'a, str>); 34] {
    let place = row.location;
    let own = Cow::Borrowed;
    [
        ("record", own(row.record)),
        ("severity", own(row.severity)),
        ("outcome", own(row.outcome)),
        ("disposition", own(row.disposition)),
        ("owner", inert(row.owner)),
        ("rule", inert(row.rule)),
        ("file", inert(row.file)),
        ("claim", inert(row.claim)),
        ("claim_ordinal", number(row.claim_ordinal)),
        ("line", number(row.line)),
        ("other_lines", inert(&row.other_lines)),
        ("payer", inert(row.payer)),
        ("billing_npi", inert(&row.billing_npi)),
        ("procedure", inert(&row.procedure)),
        ("modifiers", inert(&row.modifiers)),
        ("units", own(&row.units)),
        ("date_from", own(&row.date_from)),
        ("date_through", own(&row.date_through)),
        ("charge", number(row.charge.map(Money::from_cents))),
        ("remit_group", own(row.remit_group)),
        ("carc", inert(&row.carc)),
        ("rarc", inert(&row.rarc)),
        ("message", inert(row.message)),
        ("why", inert(row.why)),
        ("fix", inert(row.fix)),
        ("source", inert(&row.source)),
        ("pack", inert(row.pack)),
        ("code", own(row.code)),
        ("quarantined", own(if row.is_quarantined { "true" } else { "false" })),
        ("text_line", number((place.line > 0).then_some(place.line))),
        ("segment", number((place.segment > 0).then_some(place.segment))),
        ("element", inert(row.element)),
        ("offset", number(Some(place.offset))),
        ("id", own(&row.id)),
    ]
}

/// A number of our own, which is never a formula.
fn number<T: ToString>(number: Option<T>) -> Cow<'static, str> {
    Cow::Owned(number.map(|number| number.to_string()).unwrap_or_default())
}

/// The error of the writer as it was, so that a closed pipe is still known as one.
pub(crate) fn csv_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let records = reader.records().map(|record| record.unwrap());
        records.map(|record| record.iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn findings_faults_and_input_errors_are_rows_in_the_order_of_the_run() {
        let text = sample::render(CsvReport::new);
        let rows = rows(&text);
        let kinds: Vec<&str> = rows.iter().skip(1).map(|row| row[0].as_str()).collect();
        let finding = ["finding"; 5];
        assert_eq!(kinds, [&finding[..], &["fault", "input_error", "input_error"]].concat());
        assert!(rows.iter().all(|row| row.len() == 34));
        sample::snapshot("csv", &text);
    }

    #[test]
    fn a_run_without_findings_still_names_its_columns() {
        let mut out = Vec::new();
        let mut report = CsvReport::new(&mut out);
        report.begin().unwrap();
        report.end(&Summary::default()).unwrap();
        drop(report);
        assert!(out.starts_with(b"record,severity,") && out.ends_with(b",offset,id\n"));
    }

    #[test]
    fn no_cell_of_hostile_text_is_a_formula_a_line_or_a_terminal_code() {
        let text = sample::render_hostile(CsvReport::new);
        assert!(!text.chars().any(|c| c != '\n' && crate::escape::is_unsafe(c)), "{text:?}");
        let rows = rows(&text);
        assert_eq!(text.lines().count(), rows.len());
        let cells: Vec<&String> = rows.iter().flatten().collect();
        assert!(cells.iter().any(|cell| cell.contains(sample::HOSTILE_MARK)));
        assert!(cells.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{text}");
    }

    #[test]
    fn a_closed_pipe_stays_a_closed_pipe() {
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(csv_error(csv::Error::from(gone())).kind(), io::ErrorKind::BrokenPipe);
    }
}
