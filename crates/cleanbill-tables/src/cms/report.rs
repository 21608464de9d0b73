//! What reading a table gave: counts, damaged cells and where the rows came from.

use core::fmt;

use crate::RowSink;

/// Damaged cells beyond this many are counted, not shown.
const SHOWN: usize = 20;

/// Why a row is not in the table though nothing is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// The same in every cell as a row before it.
    Duplicate,
    /// It ends before it begins, so it is in force on no day.
    NeverInForce,
    /// Another record than a code: a modifier, or a description that goes on.
    OtherRecord,
}

impl Dropped {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Duplicate, Self::NeverInForce, Self::OtherRecord];

    /// Its name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::NeverInForce => "never_in_force",
            Self::OtherRecord => "other_record",
        }
    }
}

/// A cell that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file, with the entry of the zip behind it.
    pub file: String,
    /// Line of the text or row of the sheet, from 1.
    pub line: u64,
    /// What the cell is.
    pub column: String,
    /// What stands there, cut short. Cells with descriptions are never shown.
    pub cell: String,
    /// What is wrong.
    pub what: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, cell, what, .. } = self;
        write!(f, "{file}, row {line}, {column}: `{cell}` {what}")
    }
}

/// A file from which rows came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Name of the file, without its folder.
    pub file: String,
    /// The entry of the zip that was read.
    pub entry: Option<String>,
    /// SHA-256 over the file's bytes, in hexadecimal.
    pub sha256: String,
    /// Length of the file in bytes.
    pub bytes: u64,
}

/// What reading one table gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows with data: kept, dropped and damaged ones.
    pub rows_read: u64,
    /// Rows given to the sink.
    pub rows_kept: u64,
    /// Damaged rows; they are not in the table.
    pub rows_damaged: u64,
    /// The first damaged cells.
    pub damage: Vec<Damage>,
    /// Parts of a table that were not among the files, and what is then not covered.
    pub gaps: Vec<String>,
    /// What a person may want to know besides.
    pub notes: Vec<String>,
    /// The files, in the order of the parts.
    pub sources: Vec<Source>,
    dropped: [u64; Dropped::ALL.len()],
}

impl Report {
    /// Rows dropped for that reason.
    #[must_use]
    pub fn dropped(&self, why: Dropped) -> u64 {
        Dropped::ALL
            .iter()
            .zip(self.dropped)
            .find_map(|(reason, count)| (*reason == why).then_some(count))
            .unwrap_or_default()
    }
}

/// Where a layout puts its rows: counted, then on to the sink.
pub(crate) struct Rows<'a> {
    sink: &'a mut dyn RowSink,
    report: &'a mut Report,
    file: &'a str,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(sink: &'a mut dyn RowSink, report: &'a mut Report, file: &'a str) -> Self {
        Self { sink, report, file }
    }

    pub(crate) fn keep(&mut self, line: u64, cells: &[&str]) {
        self.report.rows_read += 1;
        self.report.rows_kept += 1;
        self.sink.row(line, cells);
    }

    pub(crate) fn leave_out(&mut self, why: Dropped) {
        self.report.rows_read += 1;
        for (reason, count) in Dropped::ALL.iter().zip(&mut self.report.dropped) {
            *count += u64::from(*reason == why);
        }
    }

    /// A row is not kept because of one of its cells.
    pub(crate) fn damaged(&mut self, line: u64, column: &str, cell: &str, wrong: Wrong) {
        self.report.rows_read += 1;
        self.report.rows_damaged += 1;
        if self.report.damage.len() < SHOWN {
            let mut shown: String = cell.chars().take(40).collect();
            if shown.len() < cell.len() {
                shown.push('…');
            }
            self.report.damage.push(Damage {
                file: self.file.to_owned(),
                line,
                column: column.to_owned(),
                cell: shown,
                what: wrong.what,
                remedy: wrong.remedy,
            });
        }
    }

    pub(crate) fn note(&mut self, note: String) {
        if !self.report.notes.contains(&note) {
            self.report.notes.push(note);
        }
    }
}

/// What is wrong with a cell, and what to do about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wrong {
    pub(crate) what: &'static str,
    pub(crate) remedy: &'static str,
}

impl Wrong {
    pub(crate) const CODE: Self = Self {
        what: "is not a procedure code",
        remedy: "a spreadsheet may have changed it: import the file as it was downloaded",
    };
    pub(crate) const DAY: Self = Self {
        what: "is not a date",
        remedy: "a spreadsheet may have changed it: import the file as it was downloaded",
    };
    pub(crate) const INDICATOR: Self = Self {
        what: "is none of the values that this column has",
        remedy: "compare with the file on the CMS page; a new value needs a new cleanbill",
    };
    pub(crate) const NUMBER: Self = Self {
        what: "is not a whole number",
        remedy: "a spreadsheet may have changed it: import the file as it was downloaded",
    };
    pub(crate) const WIDTH: Self = Self {
        what: "has another number of cells than the rows of this layout",
        remedy: "the file may have been cut: download it again",
    };
}
