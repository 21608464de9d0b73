//! What a file holds, told by its content.

use serde_json::Value;

use super::cell::{Cell, caption};
use super::icd10cm::Icd10Cm;
use super::kind::{Family, Setting};
use super::mue;
use super::ptp::Ptp;
use super::{addon, coverage, fee_schedule, hcpcs, keyed, text};

/// How the rows of a file are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Fixed width: a line is a row.
    Lines,
    /// Cells behind tabs, no quotes.
    Tabs,
    /// CSV with that delimiter.
    Csv(u8),
    /// The sheet of that name of a workbook.
    Sheet(String),
    Json,
}

impl Form {
    pub(crate) const fn is_text(&self) -> bool {
        !matches!(self, Self::Sheet(_))
    }
}

/// What the content tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) family: Family,
    pub(crate) form: Form,
    pub(crate) setting: Option<Setting>,
    pub(crate) is_medicaid: Option<bool>,
    /// Columns of a table of the user's own.
    pub(crate) columns: Vec<String>,
}

/// Why the content is not recognised.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unrecognised {
    WebPage,
    /// What was seen; never text of the file, which may hold claims.
    Seen(String),
}

/// Recognises text by its beginning; JSON is given whole. `asked` is what the user says it is.
pub(crate) fn of_text(head: &[u8], asked: Option<Family>) -> Result<Content, Unrecognised> {
    let start = text::decode(head);
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let seen = |words: &str| Err(Unrecognised::Seen(words.to_owned()));
    let lower: String = start.chars().take(200).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") || lower.contains("<head>")
    {
        return Err(Unrecognised::WebPage);
    }
    if start.is_empty() {
        return seen("it is empty");
    }
    if start.starts_with("ISA") || start.starts_with("TA1") {
        return seen("it looks like X12; claims go to `cleanbill validate`");
    }
    if start.starts_with("%PDF") {
        return seen("it is a PDF");
    }
    if start.starts_with(['{', '[']) {
        let json: Option<Value> = serde_json::from_str(start).ok();
        return match json.as_ref().and_then(coverage::json_rows) {
            Some(_) => Ok(Content::new(Family::Coverage, Form::Json)),
            None => seen("it is JSON, but no list of diagnoses"),
        };
    }
    if head.iter().take(512).any(|byte| matches!(byte, 0..=8 | 14..=31)) {
        return seen("it is no text, no zip and no workbook");
    }
    let mut found = None;
    let mut widest = 0;
    // A head that ends within a record gives a wrong error at most for that record.
    let tabs = text::tabs(head, &mut |_, cells| {
        widest = widest.max(cells.len());
        found = found.take().or_else(|| of_pair(cells, Form::Tabs));
    });
    let fixed = text::lines(head, &mut |line, cells| {
        found = found.take().or_else(|| of_line(line, cells));
    });
    let mut of_csv = |delimiter| {
        let mut is_first = true;
        text::csv(head, delimiter, &mut |_, cells| {
            widest = widest.max(cells.len());
            let form = Form::Csv(delimiter);
            found = found
                .take()
                .or_else(|| of_captions(cells, form.clone(), asked))
                .or_else(|| of_pair(cells, form.clone()))
                .or_else(|| if is_first { of_names(cells, form, asked) } else { None });
            is_first = false;
        })
    };
    let read = tabs.and(fixed).and(of_csv(b',')).and(of_csv(b'\t'));
    match (found, read) {
        (Some(content), _) => Ok(content),
        (None, Err(reason)) => Err(Unrecognised::Seen(reason.to_string())),
        (None, Ok(())) => Err(Unrecognised::Seen(format!(
            "it is text with up to {widest} cells a row, and neither its captions nor its rows are those \
             of a known layout"
        ))),
    }
}

/// Recognises a sheet by its first rows.
#[derive(Debug, Default)]
pub(crate) struct SheetHead {
    found: Option<Content>,
    rows: u64,
}

impl SheetHead {
    pub(crate) fn row(&mut self, sheet: &str, cells: &[Cell<'_>], asked: Option<Family>) {
        let form = || Form::Sheet(sheet.to_owned());
        let is_first = self.rows == 0;
        self.rows += 1;
        self.found = self
            .found
            .take()
            .or_else(|| of_captions(cells, form(), asked))
            .or_else(|| of_pair(cells, form()))
            .or_else(|| if is_first { of_names(cells, form(), asked) } else { None });
    }

    pub(crate) fn found(self) -> Option<Content> {
        self.found
    }
}

impl Content {
    const fn new(family: Family, form: Form) -> Self {
        Self { family, form, setting: None, is_medicaid: None, columns: Vec::new() }
    }
}

fn of_pair(cells: &[Cell<'_>], form: Form) -> Option<Content> {
    let is_medicaid = Ptp::is_pair(cells)?;
    Some(Content { is_medicaid: Some(is_medicaid), ..Content::new(Family::Ptp, form) })
}

/// Lines of a notice before the first row.
const NOTICE: u64 = 30;

fn of_line(number: u64, cells: &[Cell<'_>]) -> Option<Content> {
    let line = cells.first()?.text;
    if number <= NOTICE && fee_schedule::is_record(line) {
        return Some(Content::new(Family::FeeSchedule, Form::Lines));
    }
    if number > 3 {
        return None;
    }
    if Icd10Cm::parse(line).is_some() {
        return Some(Content::new(Family::Icd10Cm, Form::Lines));
    }
    hcpcs::is_first_record(line).then(|| Content::new(Family::Hcpcs, Form::Lines))
}

fn of_captions(cells: &[Cell<'_>], form: Form, asked: Option<Family>) -> Option<Content> {
    if let Some(columns) = mue::Columns::find(cells) {
        return Some(Content {
            setting: columns.setting,
            is_medicaid: Some(!columns.has_indicator()),
            ..Content::new(Family::Mue, form)
        });
    }
    // Captions of coverage lists are common words, so one of them must speak of ICD-10.
    let is_coverage = || {
        coverage::has_captions(cells)
            && (asked == Some(Family::Coverage)
                || cells.iter().any(|cell| caption(cell.text).starts_with("icd10")))
    };
    let family = if addon::has_captions(cells) {
        Family::AddOn
    } else if fee_schedule::has_captions(cells) {
        Family::FeeSchedule
    } else if hcpcs::has_captions(cells) {
        Family::Hcpcs
    } else if asked != Some(Family::Keyed) && is_coverage() {
        Family::Coverage
    } else {
        return None;
    };
    Some(Content::new(family, form))
}

fn of_names(cells: &[Cell<'_>], form: Form, asked: Option<Family>) -> Option<Content> {
    let columns = keyed::columns(cells)?;
    (asked == Some(Family::Keyed) || keyed::has_known_key(&columns))
        .then(|| Content { columns, ..Content::new(Family::Keyed, form) })
}
