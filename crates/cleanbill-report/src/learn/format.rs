//! The formats of what was learnt.

use std::io::{self, Write};

use super::result::LearnResult;
use super::{csv, json, text};
use crate::styles::Styles;

/// A format of what was learnt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LearnFormat {
    /// For people, on a terminal.
    #[default]
    Text,
    /// For programs: one JSON document.
    Json,
    /// For spreadsheets: one row a rule and a row a reason of denials.
    Csv,
}

impl LearnFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Csv];

    /// The name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// Writes `result` and flushes; `styles` are for [`LearnFormat::Text`].
    ///
    /// # Errors
    /// The error of the writer.
    pub fn write(
        self,
        out: &mut dyn Write,
        result: &LearnResult,
        styles: &Styles,
    ) -> io::Result<()> {
        match self {
            Self::Text => text::write(out, result, styles),
            Self::Json => json::write(out, result),
            Self::Csv => csv::write(out, result),
        }?;
        out.flush()
    }
}
