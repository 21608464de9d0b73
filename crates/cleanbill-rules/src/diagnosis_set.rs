//! Sets of diagnosis codes as rules write them: codes, and beginnings (`I82.4*`).

use core::ops::RangeInclusive;

use cleanbill_model::{CodeError, DiagnosisCode};

/// One text of a list of diagnoses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DiagnosisPattern {
    /// This code alone.
    Code(DiagnosisCode),
    /// All codes that begin so; without the point.
    Start(String),
}

impl DiagnosisPattern {
    /// Reads `N18.6` or `I82.4*`.
    pub(crate) fn new(text: &[u8]) -> Result<Self, &'static str> {
        match text {
            [start_of @ .., b'*'] => start(start_of, 1..=6).map(Self::Start),
            _ => DiagnosisCode::new(text).map(Self::Code).map_err(|error| match error {
                CodeError::Empty => "is empty",
                CodeError::Length { .. } => "does not have 3 to 7 characters beside the point",
                CodeError::Pattern { .. } => "is not made of capital letters and digits",
            }),
        }
    }

    /// Whether the pattern stands for `code`.
    pub(crate) fn holds(&self, code: DiagnosisCode) -> bool {
        match self {
            Self::Code(own) => *own == code,
            Self::Start(start) => code.as_str().starts_with(start.as_str()),
        }
    }
}

/// The beginning of a diagnosis code of so many characters, without its point.
pub(crate) fn start(text: &[u8], length: RangeInclusive<usize>) -> Result<String, &'static str> {
    let wrong = "is not the start of a diagnosis code";
    let text = core::str::from_utf8(text).map_err(|_| wrong)?;
    // The point stands behind the third character or nowhere.
    let joined = match text.split_once('.') {
        Some((head, tail)) if head.len() == 3 => format!("{head}{tail}"),
        Some(_) => return Err(wrong),
        None => text.to_owned(),
    };
    let fine = length.contains(&joined.len())
        && joined.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if fine { Ok(joined) } else { Err(wrong) }
}

/// A set of diagnosis codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DiagnosisSet {
    codes: Vec<DiagnosisCode>,
    starts: Vec<String>,
}

impl DiagnosisSet {
    /// The codes that any of `patterns` stands for.
    pub(crate) fn new(patterns: Vec<DiagnosisPattern>) -> Self {
        let mut set = Self::default();
        for pattern in patterns {
            match pattern {
                DiagnosisPattern::Code(code) => set.codes.push(code),
                DiagnosisPattern::Start(start) => set.starts.push(start),
            }
        }
        set.codes.sort_unstable();
        set.starts.sort_unstable();
        set
    }

    /// Whether the set holds `code`.
    pub(crate) fn contains(&self, code: DiagnosisCode) -> bool {
        let known = |start: &str| self.starts.binary_search_by(|own| own.as_str().cmp(start));
        self.codes.binary_search(&code).is_ok() || starts_of(&code).any(|s| known(s).is_ok())
    }
}

/// All beginnings of a code, the longest (the code itself) first.
pub(crate) fn starts_of(code: &DiagnosisCode) -> impl Iterator<Item = &str> {
    let text = code.as_str();
    (1..=text.len()).rev().filter_map(|length| text.get(..length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DiagnosisCode {
        DiagnosisCode::new(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_star_stands_for_all_codes_that_begin_so() {
        let patterns = ["I82.4*", "N18.6", "Z*"].map(|text| DiagnosisPattern::new(text.as_bytes()));
        let set = DiagnosisSet::new(patterns.into_iter().map(Result::unwrap).collect());
        for inside in ["I82.4", "I82.401", "N18.6", "Z00.00"] {
            assert!(set.contains(code(inside)), "{inside}");
        }
        for outside in ["I82.501", "I82", "N18.60", "N18", "Y99"] {
            assert!(!set.contains(code(outside)), "{outside}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for bad in ["*", "I82.4**", "I8.24*", "i82*", "I82.4012*", "I82.40123"] {
            assert!(DiagnosisPattern::new(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
