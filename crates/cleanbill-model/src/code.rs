//! Codes that a claim carries: procedure, diagnosis, place of service, revenue, bill type.

use core::fmt;
use core::hash::{Hash, Hasher};

use crate::ascii::{Ascii, ascii_code};

/// Why a text is not the code it should be. Never carries the text itself: it may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// No characters at all.
    Empty,
    /// Wrong number of characters.
    Length {
        /// Characters found.
        found: usize,
        /// What is allowed, in words: `5`, `3 to 7`.
        allowed: &'static str,
    },
    /// Right length, wrong characters.
    Pattern {
        /// What is allowed, in words.
        allowed: &'static str,
    },
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::Length { found, allowed } => {
                write!(f, "has {found} characters where {allowed} are needed")
            }
            Self::Pattern { allowed } => write!(f, "is not {allowed}"),
        }
    }
}

impl core::error::Error for CodeError {}

/// A CPT or HCPCS Level II code: five characters, `93970`, `0191T`, `G0365`.
///
/// Source of the pattern: the code column of the CMS NCCI files. Only the code is held, never a
/// descriptor (CPT descriptors are the AMA's).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProcedureCode(Ascii<5>);
ascii_code!(ProcedureCode);

impl ProcedureCode {
    /// Reads a code: five digits, four digits and a capital, or a capital and four digits.
    ///
    /// # Errors
    /// [`CodeError`] for any other text; lower case is not folded.
    pub fn new(text: &[u8]) -> Result<Self, CodeError> {
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        let [first, middle @ .., last] = text else {
            return Err(CodeError::Length { found: text.len(), allowed: "5" });
        };
        if text.len() != 5 {
            let found = core::str::from_utf8(text).map_or(text.len(), |t| t.chars().count());
            return Err(CodeError::Length { found, allowed: "5" });
        }
        let ends = (first.is_ascii_digit() && (last.is_ascii_digit() || last.is_ascii_uppercase()))
            || (first.is_ascii_uppercase() && last.is_ascii_digit());
        if !ends || !middle.iter().all(u8::is_ascii_digit) {
            return Err(CodeError::Pattern {
                allowed: "five digits, four digits and a capital letter, or a capital letter and \
                          four digits",
            });
        }
        Ascii::new(text).map(Self).ok_or(CodeError::Empty)
    }

    /// The five bytes as one number, for hashing and compact tables. Order is the code's order.
    #[must_use]
    pub fn packed(self) -> u64 {
        let [a, b, c, d, e] = self.0.raw();
        u64::from_be_bytes([0, 0, 0, a, b, c, d, e])
    }

    /// Place of the code among all there can be: five digits, then those that end in a letter, then
    /// those that start with one, letter by letter. Codes of one series (`0001T`, `0002T`) are
    /// neighbours, which they are not in the order of the text.
    #[must_use]
    pub fn ordinal(self) -> u32 {
        /// Five digits; then 26 series of four digits for each place of the letter.
        const SERIES: u32 = 10_000;
        const ENDING: u32 = 100_000;
        const STARTING: u32 = ENDING + 26 * SERIES;
        let [first, .., last] = self.0.raw();
        let digits = self
            .0
            .raw()
            .iter()
            .filter(|byte| byte.is_ascii_digit())
            .fold(0, |number, byte| number * 10 + u32::from(byte - b'0'));
        let letter = |byte: u8| u32::from(byte - b'A') * SERIES;
        if first.is_ascii_uppercase() {
            STARTING + letter(first) + digits
        } else if last.is_ascii_uppercase() {
            ENDING + letter(last) + digits
        } else {
            digits
        }
    }
}

impl Hash for ProcedureCode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.packed());
    }
}

/// Which ICD revision a diagnosis code is from (HI qualifiers ABK/ABF or BK/BF).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiagnosisSystem {
    /// ICD-10-CM, dates of service from 2015-10-01.
    Icd10Cm,
    /// ICD-9-CM, before that day.
    Icd9Cm,
}

/// A diagnosis code without its decimal point, as an 837 carries it: `I82401`, `N186`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiagnosisCode(Ascii<7>);
ascii_code!(DiagnosisCode);

impl DiagnosisCode {
    /// Reads a code of three to seven capitals and digits; one point after the third character is
    /// dropped (`I82.401` and `I82401` are the same code).
    ///
    /// # Errors
    /// [`CodeError`] when the text is not such a code.
    pub fn new(text: &[u8]) -> Result<Self, CodeError> {
        const LENGTH: &str = "3 to 7";
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        let mut joined = [0_u8; 7];
        let bytes = match (text.get(..3), text.get(3), text.get(4..)) {
            (Some(head), Some(b'.'), Some(tail)) if !tail.is_empty() && tail.len() <= 4 => {
                for (slot, byte) in joined.iter_mut().zip(head.iter().chain(tail)) {
                    *slot = *byte;
                }
                joined.get(..3 + tail.len()).unwrap_or_default()
            }
            _ => text,
        };
        if !(3..=7).contains(&bytes.len()) {
            return Err(CodeError::Length { found: bytes.len(), allowed: LENGTH });
        }
        if !bytes.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
            return Err(CodeError::Pattern { allowed: "capital letters and digits" });
        }
        Ascii::new(bytes).map(Self).ok_or(CodeError::Empty)
    }
}

macro_rules! fixed_code {
    ($(#[$doc:meta])* $name:ident, $len:literal, $allowed:literal, $text:literal, $test:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ascii<$len>);
        ascii_code!($name);

        impl $name {
            /// Reads the code.
            ///
            /// # Errors
            /// [`CodeError`] when the length or a character is wrong.
            pub fn new(text: &[u8]) -> Result<Self, CodeError> {
                let test: fn(&u8) -> bool = $test;
                if text.is_empty() {
                    Err(CodeError::Empty)
                } else if text.len() != $len {
                    Err(CodeError::Length { found: text.len(), allowed: $allowed })
                } else if !text.iter().all(test) {
                    Err(CodeError::Pattern { allowed: $text })
                } else {
                    Ascii::new(text).map(Self).ok_or(CodeError::Empty)
                }
            }
        }
    };
}

fixed_code! {
    /// CMS place of service, two digits: `11` office, `22` on-campus outpatient hospital.
    PlaceOfService, 2, "2", "two digits", u8::is_ascii_digit
}
fixed_code! {
    /// Revenue code of an institutional line, four digits with the leading zero: `0402`.
    RevenueCode, 4, "4", "four digits", u8::is_ascii_digit
}
fixed_code! {
    /// Type of bill of an institutional claim with the leading zero: `0131`.
    TypeOfBill, 4, "4", "four capital letters or digits", |b| b.is_ascii_digit() || b.is_ascii_uppercase()
}

fixed_code! {
    /// National drug code as HIPAA claims carry it: eleven digits, 5-4-2 without hyphens.
    Ndc, 11, "11", "eleven digits without hyphens", u8::is_ascii_digit
}

/// Claim filing indicator (837 SBR09): `MB` Medicare Part B, `MC` Medicaid, `CI` commercial.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilingIndicator(Ascii<2>);
ascii_code!(FilingIndicator);

impl FilingIndicator {
    /// Reads one or two capitals or digits.
    ///
    /// # Errors
    /// [`CodeError`] when the text is anything else.
    pub fn new(text: &[u8]) -> Result<Self, CodeError> {
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        if !text.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
            return Err(CodeError::Pattern { allowed: "capital letters or digits" });
        }
        Ascii::new(text).map(Self).ok_or(CodeError::Length { found: text.len(), allowed: "1 or 2" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_procedure_code_is_five_characters_of_the_cms_pattern() {
        for good in ["93970", "00100", "0191T", "G0365"] {
            assert_eq!(ProcedureCode::new(good.as_bytes()).unwrap().as_str(), good);
        }
        for bad in ["", "9", "0100", "939700", "9397x", "93T70", "GG365", "9397é", "G036T"] {
            assert!(ProcedureCode::new(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn packed_codes_keep_their_order_and_size() {
        let code = |text: &str| ProcedureCode::new(text.as_bytes()).unwrap();
        assert!(code("00100").packed() < code("0191T").packed());
        assert!(code("93970").packed() < code("G0365").packed());
        assert_eq!(size_of::<ProcedureCode>(), 5);
        assert_eq!(size_of::<Option<DiagnosisCode>>(), 8);
    }

    #[test]
    fn codes_of_one_series_are_neighbours() {
        let place = |text: &str| ProcedureCode::new(text.as_bytes()).unwrap().ordinal();
        assert_eq!(place("00000"), 0);
        assert_eq!(place("99999") + 1, place("0000A"));
        assert_eq!(place("0009T") + 1, place("0010T"));
        assert_eq!(place("9999Z") + 1, place("A0000"));
        assert_eq!(place("G0365") + 1, place("G0366"));
    }

    #[test]
    fn a_diagnosis_code_may_have_its_point() {
        let dotted = DiagnosisCode::new(b"I82.401").unwrap();
        assert_eq!(dotted, DiagnosisCode::new(b"I82401").unwrap());
        assert!(DiagnosisCode::new(b"I8.2401").is_err());
        assert!(DiagnosisCode::new(b"i82401").is_err());
        assert!(DiagnosisCode::new(b"I82.40123").is_err());
    }
}
