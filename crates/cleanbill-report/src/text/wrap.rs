//! Padding and wrapping by characters shown.
//!
//! The width of `{:width$}` is capped at 65535 and panics beyond; nothing here uses it.

use std::io::{self, Write};

/// Characters of `text` as shown; every text is escaped first, so that each one takes a place.
pub(super) fn columns(text: &str) -> usize {
    text.chars().count()
}

/// Writes so many spaces.
pub(super) fn spaces(out: &mut dyn Write, count: usize) -> io::Result<()> {
    for _ in 0..count {
        out.write_all(b" ")?;
    }
    Ok(())
}

/// Writes `text` and a line end, broken between words at `width`. `used` columns of the first line are
/// taken; the next ones start at column `indent`.
pub(super) fn write(
    out: &mut dyn Write,
    text: &str,
    used: usize,
    indent: usize,
    width: usize,
) -> io::Result<()> {
    let mut column = used;
    let mut first = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let size = columns(word);
        if first {
            first = false;
        } else if column + 1 + size > width {
            out.write_all(b"\n")?;
            spaces(out, indent)?;
            column = indent;
        } else {
            out.write_all(b" ")?;
            column += 1;
        }
        out.write_all(word.as_bytes())?;
        column += size;
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, used: usize, indent: usize, width: usize) -> String {
        let mut out = Vec::new();
        write(&mut out, text, used, indent, width).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_break_between_words_and_hang() {
        assert_eq!(wrapped("one two three", 4, 2, 12), "one two\n  three\n");
        assert_eq!(
            wrapped("a-word-wider-than-the-line b", 0, 1, 5),
            "a-word-wider-than-the-line\n b\n"
        );
        assert_eq!(wrapped("", 0, 4, 10), "\n");
    }

    #[test]
    fn no_width_is_too_wide() {
        assert_eq!(wrapped("a b", usize::MAX - 10, 4, usize::MAX), "a b\n");
        let mut out = Vec::new();
        spaces(&mut out, 70_000).unwrap();
        assert_eq!(out.len(), 70_000);
    }
}
