//! The formats of a comparison.

use std::io::{self, Write};

use super::result::DiffResult;
use super::{html, json, markdown, text};
use crate::styles::Styles;

/// A format of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiffFormat {
    /// For people, on a terminal.
    #[default]
    Text,
    /// For programs: one JSON document.
    Json,
    /// For a review: GitHub Markdown.
    Markdown,
    /// For a browser: one file without scripts that loads nothing.
    Html,
}

impl DiffFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Json, Self::Markdown, Self::Html];

    /// The name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// Writes `result` and flushes; `styles` are for [`DiffFormat::Text`].
    ///
    /// # Errors
    /// The error of the writer.
    pub fn write(
        self,
        out: &mut dyn Write,
        result: &DiffResult,
        styles: &Styles,
    ) -> io::Result<()> {
        match self {
            Self::Text => text::write(out, result, styles),
            Self::Json => json::write(out, result),
            Self::Markdown => markdown::write(out, result),
            Self::Html => html::write(out, result),
        }?;
        out.flush()
    }
}
