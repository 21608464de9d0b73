//! Files that were wrapped at a column: line breaks that stand within segments and are no part of them.
//!
//! Only breaks that stand where the column says are left out. A break anywhere else stays in its segment
//! and is refused there, so nothing is joined that a sender may have meant apart.

use super::separators::ISA_LENGTH;
use crate::source::size;

/// Bytes behind the start of an interchange in which its lines are looked at.
pub(super) const LOOKED_AT: usize = 8 << 10;

/// Where the line breaks of a wrapped file stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrap {
    /// Offset in the file of the first line.
    start: u64,
    /// Bytes of a line without its break.
    width: u64,
    /// Bytes of a break: 1, or 2 for CR LF.
    ending: u64,
}

impl Wrap {
    /// Tells from `bytes`, which start with the interchange at `offset`, whether its lines are all of
    /// one width and not ended by segments.
    pub(super) fn seen(bytes: &[u8], offset: u64) -> Option<Self> {
        let width = bytes.iter().position(is_break)?;
        let ending = match bytes.get(width..) {
            Some([b'\r', b'\n', ..]) => 2,
            _ => 1,
        };
        let wrap = Self { start: offset, width: size(width), ending: size(ending) };
        if width < ISA_LENGTH - 1 {
            // No break belongs into the ISA segment.
            return Some(wrap);
        }
        // The terminator stands behind ISA16; where it is a line break itself, lines are segments.
        let terminator = bytes.get(ISA_LENGTH - 1).filter(|byte| !is_break(byte))?;
        let (mut lines, mut within) = (0_u32, false);
        let mut rest = bytes;
        while let Some(line) = rest.get(..width).filter(|_| rest.len() > width) {
            let broken = rest.get(width).is_some_and(is_break);
            if line.iter().any(is_break) || !broken {
                let last = line.iter().position(is_break).and_then(|at| rest.get(at..));
                let ends = last.is_some_and(|rest| rest.iter().all(u8::is_ascii_whitespace));
                return (ends && lines > 1 && within).then_some(wrap);
            }
            lines += 1;
            within |= line.last() != Some(terminator);
            rest = rest.get(width + ending..).unwrap_or_default();
        }
        (lines > 1 && within).then_some(wrap)
    }

    /// Whether a line starts at `offset`.
    pub(super) const fn starts_line(self, offset: u64) -> bool {
        (offset - self.start).is_multiple_of(self.width + self.ending)
    }

    /// Puts the bytes at `offset` without their breaks into `joined`.
    pub(super) fn join(self, bytes: &[u8], offset: u64, joined: &mut Vec<u8>) {
        joined.clear();
        joined.extend(self.kept(bytes, offset).map(|(_, byte)| byte));
    }

    /// Whether the bytes at `offset` start with `text` once they are joined.
    pub(super) fn starts_with(self, text: &[u8], bytes: &[u8], offset: u64) -> bool {
        self.kept(bytes, offset).map(|(_, byte)| byte).take(text.len()).eq(text.iter().copied())
    }

    /// How many of the bytes at `offset` make up the first `count` bytes without breaks.
    pub(super) fn length_of(self, count: usize, bytes: &[u8], offset: u64) -> usize {
        let last = count.checked_sub(1).and_then(|last| self.kept(bytes, offset).nth(last));
        last.map_or(bytes.len(), |(at, _)| at + 1)
    }

    fn kept(self, bytes: &[u8], offset: u64) -> impl Iterator<Item = (usize, u8)> {
        let period = self.width + self.ending;
        let first = (offset - self.start) % period;
        let column = move |at: usize| (first + size(at)) % period;
        bytes
            .iter()
            .copied()
            .enumerate()
            .filter(move |(at, byte)| !(is_break(byte) && column(*at) >= self.width))
    }
}

const fn is_break(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: usize, ending: &str) -> Vec<u8> {
        text.as_bytes().chunks(width).collect::<Vec<_>>().join(ending.as_bytes())
    }

    /// An interchange header and segments of different lengths.
    fn text() -> String {
        let isa = format!("ISA*{}~", "0".repeat(ISA_LENGTH - 5));
        (1..60).fold(isa, |text, length| format!("{text}NTE*{}~", "X".repeat(length)))
    }

    #[test]
    fn lines_of_one_width_are_joined_again() {
        for (width, ending) in [(1, "\n"), (40, "\n"), (80, "\r\n"), (107, "\n"), (254, "\r\n")] {
            let bytes = wrapped(&text(), width, ending);
            let wrap = Wrap::seen(&bytes, 500).unwrap();
            let (mut joined, middle) = (Vec::new(), bytes.len() / 3);
            wrap.join(&bytes, 500, &mut joined);
            assert_eq!(joined, text().as_bytes(), "{width}");
            let (head, tail) = bytes.split_at(middle);
            wrap.join(head, 500, &mut joined);
            let head = joined.clone();
            wrap.join(tail, 500 + size(middle), &mut joined);
            assert_eq!([head, joined].concat(), text().as_bytes(), "{width}");
            assert_eq!(wrap.length_of(width + 1, &bytes, 500), width + ending.len() + 1);
            assert!(wrap.starts_line(500 + size(width + ending.len())));
        }
    }

    #[test]
    fn lines_that_are_segments_are_no_wrapped_file() {
        let lines = text().replace('~', "~\n");
        assert_eq!(Wrap::seen(lines.as_bytes(), 0), None);
        assert_eq!(Wrap::seen(text().replace('~', "\n").as_bytes(), 0), None);
        assert_eq!(Wrap::seen(text().as_bytes(), 0), None);
        let equal = format!("ISA*{}~\n", "0".repeat(ISA_LENGTH - 5)).repeat(3);
        assert_eq!(Wrap::seen(equal.as_bytes(), 0), None);
    }

    #[test]
    fn a_break_at_another_column_stays() {
        let mut bytes = wrapped(&text(), 80, "\n");
        bytes.insert(120, b'\n');
        let mut joined = Vec::new();
        Wrap::seen(&bytes, 0).unwrap().join(&bytes, 0, &mut joined);
        assert!(joined.contains(&b'\n'));
    }
}
