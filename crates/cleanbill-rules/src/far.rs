//! Spans that stand among those of another file, and the way back to their own.
//!
//! A rule with overrides in it is one tree out of several files. Its nodes carry nothing but a span, so
//! the number of the file goes into the upper bits of those that come from elsewhere.

use core::ops::Range;

use crate::diagnostic::Diagnostics;

/// Bits that tell a place within a YAML file, of which none is larger than 4 MiB.
const FAR: u32 = 24;

/// `span` of the file `number` (see [`Diagnostics::add_file`]), fit to stand among spans of another.
pub(crate) fn far(number: usize, span: &Range<usize>) -> Range<usize> {
    match number.checked_mul(1 << FAR) {
        // Already marked, or more files than can be told apart: it stays as it is.
        Some(mark) if span.start >> FAR == 0 => mark + near(span.start)..mark + near(span.end),
        _ => span.clone(),
    }
}

const fn near(offset: usize) -> usize {
    offset & ((1 << FAR) - 1)
}

impl Diagnostics {
    /// File and bytes that `span`, met in `file`, really stands for.
    pub(crate) fn place(&self, file: &str, span: &Range<usize>) -> (String, Range<usize>) {
        match self.numbered(span.start >> FAR) {
            Some(other) => (other.path.clone(), near(span.start)..near(span.end)),
            None => (file.to_owned(), span.clone()),
        }
    }

    /// File and line of `span`, met in `file`: `rules/pairs.yaml:4`.
    pub(crate) fn file_line(&self, file: &str, span: &Range<usize>) -> String {
        let (file, span) = self.place(file, span);
        let line = self.file(&file).map_or(1, |known| known.lines.line(span.start));
        format!("{file}:{line}")
    }
}
