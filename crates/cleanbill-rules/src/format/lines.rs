//! A text as lines with columns.

use crate::lines::LineStarts;

/// A text as lines. Lines and columns count from 0; columns count bytes, which are blanks up to the
/// first word of a line.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: LineStarts,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, starts: LineStarts::new(text) }
    }

    pub(super) fn count(&self) -> usize {
        self.of(self.text.len().saturating_sub(1)) + 1
    }

    /// Byte at which a line starts; the end of the text for lines behind the last.
    pub(super) fn start(&self, line: usize) -> usize {
        self.starts.start(line + 1).unwrap_or(self.text.len())
    }

    /// A line without its end.
    pub(super) fn get(&self, line: usize) -> &'a str {
        let line = self.text.get(self.start(line)..self.start(line + 1)).unwrap_or_default();
        line.strip_suffix('\n').unwrap_or(line)
    }

    /// The line that a byte stands in.
    pub(super) fn of(&self, offset: usize) -> usize {
        self.starts.line(offset).saturating_sub(1)
    }

    /// The column that a byte stands in.
    pub(super) fn column(&self, offset: usize) -> usize {
        offset - self.start(self.of(offset))
    }

    /// What stands before a byte on its line.
    pub(super) fn before(&self, offset: usize) -> &'a str {
        self.text.get(self.start(self.of(offset))..offset).unwrap_or_default()
    }

    /// What stands from a byte on to the end of its line.
    pub(super) fn behind(&self, offset: usize) -> &'a str {
        self.text.get(offset..).and_then(|text| text.lines().next()).unwrap_or_default()
    }
}

/// Blanks before the first word of a line.
pub(super) fn depth(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

pub(super) fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// Whether a line would be a comment if it does not belong to a text over several lines.
pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}
