//! `xlsx`: a workbook with a sheet for each owner, so that everyone finds what is theirs, dearest first.
//!
//! Cells are typed: texts are texts, whatever they start with, and amounts are numbers. A workbook can
//! only be sorted once all is known, so rows are kept, at most [`LIMIT`] of a sheet.

use std::collections::BTreeMap;
use std::io::{self, Write};

use cleanbill_model::{InputError, Outcome};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, IgnoreError, Workbook, Worksheet,
    XlsxError,
};

use super::row::Row;
use super::sheet::{self, COLUMNS, SheetRow};
use crate::amount::Cents;
use crate::dearest::Dearest;
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

/// Rows of a sheet. A person does not get through more, and what is kept is held in memory until the
/// run is whole: about 6 KB a row.
const LIMIT: usize = 10_000;

type Kept = Dearest<SheetRow>;

/// Writes a workbook when the run is whole: a summary, a sheet for each owner, waived findings, and
/// what could not be checked.
pub struct XlsxReport<W> {
    out: W,
    /// By the name of the sheet in small letters, which is how spreadsheets compare names.
    owners: BTreeMap<String, (String, Kept)>,
    waived: Kept,
    unchecked: Kept,
}

impl<W: Write> XlsxReport<W> {
    /// A report that writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, owners: BTreeMap::new(), waived: Kept::new(LIMIT), unchecked: Kept::new(LIMIT) }
    }
}

impl<W: Write> Report for XlsxReport<W> {
    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        for finding in judged.findings {
            let row = Row::finding(judged.file, judged.claim, finding);
            let kept = if finding.outcome == Outcome::Waived {
                &mut self.waived
            } else {
                let name = sheet::name(row.owner);
                let entry = self.owners.entry(name.to_lowercase());
                &mut entry.or_insert_with(|| (name, Kept::new(LIMIT))).1
            };
            keep(kept, &row);
        }
        for fault in judged.faults {
            let row = Row::fault(judged.file, judged.claim, fault);
            keep(&mut self.unchecked, &row);
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        let row = Row::input_error(file, error);
        keep(&mut self.unchecked, &row);
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let mut sheets: Vec<(String, Kept)> =
            core::mem::take(&mut self.owners).into_values().collect();
        sheets.push(("waived".to_owned(), core::mem::replace(&mut self.waived, Kept::new(0))));
        let unchecked = core::mem::replace(&mut self.unchecked, Kept::new(0));
        sheets.push(("not checked".to_owned(), unchecked));
        sheets.retain(|(_, kept)| kept.met() > 0);
        let bytes = workbook(summary, sheets).map_err(|error| io::Error::other(error.to_string()));
        self.out.write_all(&bytes?)?;
        self.out.flush()
    }
}

fn keep(kept: &mut Kept, row: &Row<'_>) {
    let at_risk = row.charge.filter(|_| row.is_at_risk).unwrap_or_default();
    kept.add(at_risk, &row.date_from, || sheet::row(row));
}

fn workbook(summary: &Summary, sheets: Vec<(String, Kept)>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same findings give the same bytes, so the file does not tell when it was made.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    write_summary(book.add_worksheet(), summary, &sheets)?;
    let styles = Styles::new();
    for (name, kept) in sheets {
        write_rows(book.add_worksheet(), &name, kept, &styles)?;
    }
    book.save_to_buffer()
}

struct Styles {
    head: Format,
    money: Format,
    text: Format,
    wrapped: Format,
}

impl Styles {
    fn new() -> Self {
        let top = Format::new().set_align(FormatAlign::Top);
        Self {
            head: head(),
            money: top.clone().set_num_format("#,##0.00"),
            wrapped: top.clone().set_text_wrap(),
            text: top,
        }
    }
}

fn head() -> Format {
    Format::new().set_bold().set_background_color(Color::RGB(0x00D9_E2EC)).set_text_wrap()
}

fn write_rows(
    sheet: &mut Worksheet,
    name: &str,
    kept: Kept,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_column_width(0, 14)?;
    sheet.write_string_with_format(0, 0, "Charge at risk", &styles.head)?;
    for (column, (heading, width)) in (1..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, heading, &styles.head)?;
    }
    let mut last = 0;
    for (index, row) in (1..).zip(kept.take()) {
        last = index;
        if let Some(cents) = row.at_risk {
            let amount = number(&Cents(cents.into()).to_string());
            sheet.write_number_with_format(index, 0, amount, &styles.money)?;
        }
        for ((column, text), (_, width)) in (1..).zip(&row.texts).zip(COLUMNS) {
            let style = if width >= 40 { &styles.wrapped } else { &styles.text };
            if !text.is_empty() {
                sheet.write_string_with_format(index, column, text.as_ref(), style)?;
            }
        }
    }
    let right = u16::try_from(COLUMNS.len()).unwrap_or_default();
    sheet.autofilter(0, 0, last, right)?;
    sheet.set_freeze_panes(1, 3)?;
    // Claim numbers and codes are texts, even where they are all digits.
    sheet.ignore_error_range(1, 1, last.max(1), right, IgnoreError::NumberStoredAsText)?;
    sheet.set_landscape().set_repeat_rows(0, 0)?.set_print_fit_to_pages(1, 0);
    Ok(())
}

fn write_summary(
    sheet: &mut Worksheet,
    summary: &Summary,
    sheets: &[(String, Kept)],
) -> Result<(), XlsxError> {
    let (head, money) = (head(), Format::new().set_num_format("#,##0.00"));
    let count = Format::new().set_num_format("#,##0");
    sheet.set_name("Summary")?.set_column_width(0, 36)?.set_column_width(1, 20)?;
    sheet.set_column_width(2, 90)?.set_freeze_panes(1, 0)?;
    for (column, heading) in (0..).zip(["Run", "", "Meaning"]) {
        sheet.write_string_with_format(0, column, heading, &head)?;
    }
    for (row, entry) in (1..).zip(entries(summary, sheets)) {
        sheet.write_string(row, 0, sheet::cell(&entry.label))?;
        match &entry.value {
            Value::Count(value) => {
                sheet.write_number_with_format(row, 1, number(&value.to_string()), &count)?
            }
            Value::Money(value) => {
                sheet.write_number_with_format(row, 1, number(&value.to_string()), &money)?
            }
            Value::Text(value) => sheet.write_string(row, 1, sheet::cell(value))?,
        };
        sheet.write_string(row, 2, sheet::cell(&entry.meaning))?;
    }
    Ok(())
}

struct Entry {
    label: String,
    value: Value,
    meaning: String,
}

enum Value {
    Count(u64),
    Money(Cents),
    Text(String),
}

fn entries(summary: &Summary, sheets: &[(String, Kept)]) -> Vec<Entry> {
    let total = &summary.total;
    let entry = |label: &str, value: Value, meaning: &str| Entry {
        label: label.to_owned(),
        value,
        meaning: meaning.to_owned(),
    };
    let sum = |label: &str, cents: i128| entry(label, Value::Money(Cents(cents)), "");
    let holds = total.holds() && summary.files.iter().all(|file| file.accounting.holds());
    let packs = summary.registry.packs.iter().chain(&summary.registry.plugins);
    let mut entries = vec![
        entry("Claims in", Value::Count(total.claims_in), "= passed + rejected + quarantined"),
        entry("Claims passed", Value::Count(total.passed), ""),
        entry("Claims rejected", Value::Count(total.rejected), ""),
        entry("Claims quarantined", Value::Count(total.quarantined), "see `not checked`"),
        sum("Charges in", total.charges_in),
        sum("Charges passed", total.charges_passed),
        sum("Charges rejected", total.charges_rejected),
        sum("Charges quarantined", total.charges_quarantined),
        entry("Charges unreadable", Value::Count(total.charges_unreadable), ""),
        entry("Bytes in", Value::Count(total.bytes_in), ""),
        entry("Bytes accounted for", Value::Count(total.bytes.total()), ""),
        entry(
            "Sums hold",
            Value::Text(if holds { "yes" } else { "no" }.to_owned()),
            if holds { "" } else { "part of the input is not accounted for" },
        ),
        entry(
            "Charge at risk",
            Value::Money(summary.charge_at_risk),
            "each line once, however many rules hit it",
        ),
        entry("Errors", Value::Count(summary.severities.error), ""),
        entry("Warnings", Value::Count(summary.severities.warning), ""),
        entry("Notes", Value::Count(summary.severities.info), ""),
        entry("Faults", Value::Count(summary.faults), "edits that could not run"),
        entry("Input errors", Value::Count(summary.input_errors), "could not be read or trusted"),
        entry("Edits run", Value::Count(summary.registry.edits), ""),
        entry("Exit code", Value::Count(summary.exit_code.into()), ""),
    ];
    if summary.finalize.is_some() {
        let meaning = "the fourth part of claims in: superseded, voided, voids and repeated claims";
        entries
            .insert(4, entry("Claims not final", Value::Count(total.not_final.claims()), meaning));
        entries.insert(9, sum("Charges not final", total.not_final.charges));
    }
    entries.extend(packs.map(|pack| entry("Pack or plugin", Value::Text(pack.clone()), "")));
    entries.extend(sheets.iter().map(|(name, kept)| Entry {
        label: format!("Sheet {name}"),
        value: Value::Count(kept.met()),
        meaning: match kept.left_out() {
            0 => String::new(),
            more => format!("{more} rows with the least at risk are left out; `csv` has them all"),
        },
    }));
    entries.extend(summary.rules.iter().map(|rule| Entry {
        label: format!("Rule {}", rule.rule),
        value: Value::Count(rule.fires + rule.undetermined + rule.waived),
        meaning: format!(
            "{} fired, {} undetermined, {} waived",
            rule.fires, rule.undetermined, rule.waived
        ),
    }));
    entries
}

/// The float that is nearest to a decimal; spreadsheets hold nothing else.
fn number(decimal: &str) -> f64 {
    decimal.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests;
