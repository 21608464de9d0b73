//! Runs of procedure codes, and which edits name a code by one.

use core::fmt;

use cleanbill_model::ProcedureCode;

/// A run of procedure codes of one series, both ends included: `00100` to `01992`, `0001T` to `0099T`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CodeRange {
    first: ProcedureCode,
    last: ProcedureCode,
}

impl CodeRange {
    /// One code.
    #[must_use]
    pub const fn single(code: ProcedureCode) -> Self {
        Self { first: code, last: code }
    }

    /// All codes from `first` to `last`; `None` when they are of different series (`0001T` and
    /// `0001U`) or stand in the wrong order.
    #[must_use]
    pub fn new(first: ProcedureCode, last: ProcedureCode) -> Option<Self> {
        let fits = series(first) == series(last) && first <= last;
        fits.then_some(Self { first, last })
    }

    /// The first code.
    #[must_use]
    pub const fn first(self) -> ProcedureCode {
        self.first
    }

    /// The last code, included.
    #[must_use]
    pub const fn last(self) -> ProcedureCode {
        self.last
    }

    /// Whether `code` lies within.
    #[must_use]
    pub fn contains(self, code: ProcedureCode) -> bool {
        (self.first.ordinal()..=self.last.ordinal()).contains(&code.ordinal())
    }
}

/// `93970`, or `93970-93979`.
impl fmt::Display for CodeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// The letters of a code in their places: codes with the same ones are numbered through.
fn series(code: ProcedureCode) -> [Option<u8>; 2] {
    let text = code.as_str().as_bytes();
    [text.first(), text.last()].map(|byte| byte.copied().filter(u8::is_ascii_uppercase))
}

/// Which edits name a code by a range: an interval tree laid out in one sorted list, so that neither
/// its size nor a look-up grows with the length of the ranges.
#[derive(Debug, Default)]
pub(crate) struct RangeIndex {
    spans: Vec<Span>,
}

/// A range of one edit. The root of a slice is its middle, the subtrees are the two halves beside it.
#[derive(Clone, Copy, Debug)]
struct Span {
    first: u32,
    last: u32,
    edit: u32,
    /// Largest `last` in the subtree of which this is the root.
    reach: u32,
}

impl RangeIndex {
    /// Indexes ranges, each with the number of its edit.
    pub(crate) fn new(ranges: impl IntoIterator<Item = (CodeRange, u32)>) -> Self {
        let mut spans: Vec<Span> = ranges
            .into_iter()
            .map(|(range, edit)| {
                let last = range.last.ordinal();
                Span { first: range.first.ordinal(), last, edit, reach: last }
            })
            .collect();
        spans.sort_unstable_by_key(|span| (span.first, span.last, span.edit));
        measure(&mut spans);
        Self { spans }
    }

    /// Adds to `hits` the edits with a range that holds `code`; one edit may come several times.
    pub(crate) fn collect(&self, code: ProcedureCode, hits: &mut Vec<u32>) {
        if !self.spans.is_empty() {
            collect(&self.spans, code.ordinal(), hits);
        }
    }
}

/// Sets `reach` from the leaves up and gives that of the root.
fn measure(spans: &mut [Span]) -> u32 {
    let (left, rest) = spans.split_at_mut(spans.len() / 2);
    let Some((root, right)) = rest.split_first_mut() else { return 0 };
    root.reach = root.last.max(measure(left)).max(measure(right));
    root.reach
}

fn collect(spans: &[Span], place: u32, hits: &mut Vec<u32>) {
    let (left, rest) = spans.split_at(spans.len() / 2);
    let Some((root, right)) = rest.split_first() else { return };
    if root.reach < place {
        return;
    }
    collect(left, place, hits);
    if root.first <= place {
        if place <= root.last {
            hits.push(root.edit);
        }
        collect(right, place, hits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> ProcedureCode {
        ProcedureCode::new(text.as_bytes()).unwrap()
    }

    fn range(first: &str, last: &str) -> CodeRange {
        CodeRange::new(code(first), code(last)).unwrap()
    }

    #[test]
    fn a_range_holds_codes_of_its_own_series_only() {
        let digits = range("93970", "93979");
        assert!(digits.contains(code("93970")) && digits.contains(code("93979")));
        assert!(!digits.contains(code("93969")) && !digits.contains(code("9397T")));
        let category_3 = range("0001T", "0099T");
        assert!(category_3.contains(code("0050T")) && !category_3.contains(code("0050U")));
        assert_eq!(CodeRange::new(code("0001T"), code("0001U")), None);
        assert_eq!(CodeRange::new(code("93979"), code("93970")), None);
    }

    #[test]
    fn the_index_finds_what_a_look_at_every_range_finds() {
        // Nested, touching, equal and lone ranges, of every width up to a few hundred codes.
        let all: Vec<(CodeRange, u32)> = (0_u32..200)
            .map(|edit| {
                let first = edit * 37 % 900;
                let last = (first + edit * edit % 300).min(999);
                (range(&format!("{first:05}"), &format!("{last:05}")), edit)
            })
            .collect();
        let index = RangeIndex::new(all.iter().copied());
        for number in 0..1001 {
            let code = code(&format!("{number:05}"));
            let mut hits = Vec::new();
            index.collect(code, &mut hits);
            hits.sort_unstable();
            let slow: Vec<u32> = all
                .iter()
                .filter(|(range, _)| range.contains(code))
                .map(|(_, edit)| *edit)
                .collect();
            assert_eq!(hits, slow, "{code}");
        }
    }
}
