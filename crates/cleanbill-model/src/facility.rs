//! What the claim of a facility (837I, UB-04) says beside its lines.

use crate::ascii::{Ascii, ascii_code};
use crate::code::CodeError;
use crate::date::DateRange;
use crate::money::Money;
use crate::provider::Provider;

/// A code of the National Uniform Billing Committee: one or two capitals or digits.
///
/// Admission type and source, patient status, condition, value and occurrence codes all have this
/// shape; which list a code is of is told by where it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NubcCode(Ascii<2>);
ascii_code!(NubcCode);

impl NubcCode {
    /// Reads the code.
    ///
    /// # Errors
    /// [`CodeError`] when the length or a character is wrong.
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

/// A value code and its amount (HI*BE): dollars for most codes, a number for some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueCode {
    /// The code.
    pub code: NubcCode,
    /// Its amount, in hundredths.
    pub amount: Money,
}

/// An occurrence and its day (HI*BH), or an occurrence span (HI*BI).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The code.
    pub code: NubcCode,
    /// When it was.
    pub dates: DateRange,
}

/// Facts of a facility's claim; all absent or empty on other claims, but for condition codes.
#[derive(Clone, Debug, Default)]
pub struct Facility {
    /// Type of admission or visit (CL101).
    pub admission_type: Option<NubcCode>,
    /// Point of origin (CL102).
    pub admission_source: Option<NubcCode>,
    /// Patient discharge status (CL103).
    pub patient_status: Option<NubcCode>,
    /// Statement covers period (DTP*434). Lines without a date of their own take it.
    pub statement: Option<DateRange>,
    /// Attending provider (loop 2310A, NM1*71).
    pub attending: Provider,
    /// Operating physician (loop 2310B, NM1*72).
    pub operating: Provider,
    /// Condition codes (HI*BG; a professional claim may have them too).
    pub conditions: Vec<NubcCode>,
    /// Value codes (HI*BE).
    pub values: Vec<ValueCode>,
    /// Occurrences and occurrence spans (HI*BH, HI*BI), in their order.
    pub occurrences: Vec<Occurrence>,
}

impl Facility {
    /// Empties it and keeps its memory.
    pub(crate) fn clear(&mut self) {
        let Self {
            admission_type,
            admission_source,
            patient_status,
            statement,
            attending,
            operating,
            conditions,
            values,
            occurrences,
        } = self;
        for code in [admission_type, admission_source, patient_status] {
            *code = None;
        }
        *statement = None;
        (*attending, *operating) = (Provider::default(), Provider::default());
        conditions.clear();
        values.clear();
        occurrences.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_the_committee_has_one_or_two_characters() {
        for good in ["1", "01", "A2", "ZZ"] {
            assert_eq!(NubcCode::new(good.as_bytes()).unwrap().as_str(), good);
        }
        for bad in ["", "a2", "A 2", "123"] {
            assert!(NubcCode::new(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn clearing_keeps_no_fact() {
        let mut facility =
            Facility { admission_type: NubcCode::new(b"1").ok(), ..Facility::default() };
        facility.conditions.push(NubcCode::new(b"09").unwrap());
        facility.clear();
        assert_eq!(format!("{facility:?}"), format!("{:?}", Facility::default()));
    }
}
