//! Sets of procedure codes as rules write them: codes, beginnings (`9397*`) and ranges (`93970-93979`).

use core::fmt;

use cleanbill_engine::{CodeRange, Trigger};
use cleanbill_model::{CodeError, ProcedureCode};

/// A set of procedure codes: disjoint ranges in the order of [`ProcedureCode::ordinal`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CodeSet {
    ranges: Vec<CodeRange>,
}

impl CodeSet {
    /// The codes of `ranges`, which may overlap.
    pub(crate) fn new(mut ranges: Vec<CodeRange>) -> Self {
        ranges.sort_unstable_by_key(|range| (range.first().ordinal(), range.last().ordinal()));
        let mut disjoint: Vec<CodeRange> = Vec::with_capacity(ranges.len());
        for range in ranges {
            let joined = disjoint.last().and_then(|before| {
                let last = before.last().max(range.last());
                // Two ranges that share a code are of one series.
                before.contains(range.first()).then(|| CodeRange::new(before.first(), last))?
            });
            match (joined, disjoint.last_mut()) {
                (Some(joined), Some(before)) => *before = joined,
                _ => disjoint.push(range),
            }
        }
        Self { ranges: disjoint }
    }

    /// Whether the set holds `code`.
    pub(crate) fn contains(&self, code: ProcedureCode) -> bool {
        let place = code.ordinal();
        let behind = self.ranges.partition_point(|range| range.first().ordinal() <= place);
        let range = behind.checked_sub(1).and_then(|index| self.ranges.get(index));
        range.is_some_and(|range| range.contains(code))
    }

    /// The codes of one list of texts; `None` when one of them is no code and no pattern.
    pub(crate) fn of_texts(texts: &[String]) -> Option<Self> {
        let ranges: Result<Vec<_>, _> = texts.iter().map(|text| pattern(text.as_bytes())).collect();
        Some(Self::new(ranges.ok()?.into_iter().flatten().collect()))
    }

    /// Whether it holds every code of `other`.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        other.ranges.iter().all(|range| self.common(*range).eq([*range]))
    }

    /// The codes that both hold, as ranges.
    pub(crate) fn intersection(&self, other: &Self) -> Vec<CodeRange> {
        other.ranges.iter().flat_map(|range| self.common(*range)).collect()
    }

    /// The codes of `range` that it holds.
    fn common(&self, range: CodeRange) -> impl Iterator<Item = CodeRange> {
        let place = range.first().ordinal();
        let start = self.ranges.partition_point(|own| own.last().ordinal() < place);
        let own = self.ranges.get(start..).unwrap_or_default().iter();
        own.take_while(move |own| own.first().ordinal() <= range.last().ordinal()).filter_map(
            move |own| CodeRange::new(own.first().max(range.first()), own.last().min(range.last())),
        )
    }

    /// The codes as ranges: sorted, none shares a code with another.
    pub(crate) fn ranges(&self) -> &[CodeRange] {
        &self.ranges
    }

    /// Claims with one of the codes.
    pub(crate) fn trigger(&self) -> Trigger<'_> {
        Trigger::Ranges(&self.ranges)
    }
}

/// Why a text is neither a code nor a pattern of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PatternError {
    /// Not a code.
    Code(CodeError),
    /// Not a pattern: what is wrong, behind "it".
    Pattern(&'static str),
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(error) => fmt::Display::fmt(error, f),
            Self::Pattern(words) => f.write_str(words),
        }
    }
}

/// The codes that one text of a list stands for.
pub(crate) fn pattern(text: &[u8]) -> Result<Vec<CodeRange>, PatternError> {
    let code = |text: &[u8]| ProcedureCode::new(text).map_err(PatternError::Code);
    if let [start @ .., b'*'] = text {
        return beginning(start);
    }
    match text.iter().position(|byte| *byte == b'-') {
        None => Ok(vec![CodeRange::single(code(text)?)]),
        Some(hyphen) => {
            let (first, last) = text.split_at(hyphen);
            let (first, last) = (code(first)?, code(last.get(1..).unwrap_or_default())?);
            let range = CodeRange::new(first, last).ok_or(PatternError::Pattern(
                "does not run upwards over codes of one shape, such as 93970-93979 or 0001T-0099T",
            ))?;
            Ok(vec![range])
        }
    }
}

/// All codes that begin with `start`: with digits alone also those that end in a letter.
fn beginning(start: &[u8]) -> Result<Vec<CodeRange>, PatternError> {
    let wrong = PatternError::Pattern(
        "is not one to four characters of a code and a star, such as 9397* or G0*",
    );
    let filled = |digit: u8, ending: Option<u8>| {
        let mut text = start.to_vec();
        text.resize(5 - usize::from(ending.is_some()), digit);
        text.extend(ending);
        ProcedureCode::new(&text).map_err(|_| wrong)
    };
    let range = |ending: Option<u8>| -> Result<CodeRange, PatternError> {
        CodeRange::new(filled(b'0', ending)?, filled(b'9', ending)?).ok_or(wrong)
    };
    if !(1..=4).contains(&start.len()) {
        return Err(wrong);
    }
    let mut ranges = vec![range(None)?];
    if start.first().is_some_and(u8::is_ascii_digit) {
        for letter in b'A'..=b'Z' {
            ranges.push(range(Some(letter))?);
        }
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> ProcedureCode {
        ProcedureCode::new(text.as_bytes()).unwrap()
    }

    fn set(list: &[&str]) -> CodeSet {
        CodeSet::new(list.iter().flat_map(|text| pattern(text.as_bytes()).unwrap()).collect())
    }

    #[test]
    fn a_star_stands_for_all_codes_that_begin_so() {
        let codes = set(&["9397*", "G0*", "0*"]);
        for inside in ["93970", "93979", "9397T", "G0000", "G0999", "00100", "0191T", "0000U"] {
            assert!(codes.contains(code(inside)), "{inside}");
        }
        for outside in ["93969", "93980", "9398T", "G1000", "H0365", "10000", "1191T"] {
            assert!(!codes.contains(code(outside)), "{outside}");
        }
    }

    #[test]
    fn a_range_holds_both_ends_and_only_its_own_shape() {
        let codes = set(&["93970-93990", "0001T-0099T"]);
        for inside in ["93970", "93985", "93990", "0001T", "0099T"] {
            assert!(codes.contains(code(inside)), "{inside}");
        }
        for outside in ["93969", "93991", "9397T", "0050U", "0100T", "00500"] {
            assert!(!codes.contains(code(outside)), "{outside}");
        }
    }

    #[test]
    fn overlapping_parts_become_one_range() {
        let codes = set(&["93975-93985", "93970-93979", "93971", "93990", "93990"]);
        let shown: Vec<String> = codes.ranges().iter().map(CodeRange::to_string).collect();
        assert_eq!(shown, ["93970-93985", "93990"]);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for bad in ["*", "93970*", "9397**", "93979-93970", "0001T-0099U", "93970-", "GG*", "93-94"]
        {
            assert!(pattern(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
