//! Versions of a claim in a payer's extract: what tells which of them is the last word.

use crate::date::{DateRange, ServiceDate};
use crate::text::TextRef;

/// What a version of a claim, or of a line of it, does to the one before: `CLM_ADJSMT_TYPE_CD` of the CMS
/// claim and claim line feed, `ADJUSTMENT-IND` and `LINE-ADJUSTMENT-IND` of T-MSIS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AdjustmentType(u8);

impl AdjustmentType {
    /// Reads one digit or capital; a leading zero or blank does not count.
    #[must_use]
    pub fn new(text: &[u8]) -> Option<Self> {
        match text {
            [b'0' | b' ', byte] | [byte] if byte.is_ascii_digit() || byte.is_ascii_uppercase() => {
                Some(Self(*byte))
            }
            _ => None,
        }
    }

    /// The character of the file.
    #[must_use]
    pub const fn as_byte(self) -> u8 {
        self.0
    }
}

/// What an extract says of a claim as one of its versions. Nothing of it is on an 837. The texts lie in the
/// claim.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClaimVersion {
    /// The payer's number that all versions share: `CLM_CNTL_NUM`, `ICN-ORIG`.
    pub number: TextRef,
    /// The payer's number of this version, where it has one: `ICN-ADJ`.
    pub own_number: TextRef,
    /// Day from which this version counts: `CLM_EFCTV_DT`, `ADJUDICATION-DATE`.
    pub effective: Option<ServiceDate>,
    /// Medicare number of the facility: `PRVDR_OSCAR_NUM`.
    pub facility: TextRef,
    /// First and last day of the claim as a whole: `CLM_FROM_DT`, `CLM_THRU_DT`.
    pub dates: Option<DateRange>,
}

/// Why a version of a claim, or of a line, is not the last word; or what is odd about one that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FinalAction {
    /// A later version is here.
    Superseded,
    /// A void or a cancel has taken it back.
    Voided,
    /// It is a void or a cancel itself.
    Void,
    /// It is here a second time, the same in everything.
    Repeated,
    /// It is judged, though it replaces a claim that is not here.
    Orphan,
    /// It is judged, since nothing on it tells which other versions it has.
    NoKey,
}

impl FinalAction {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Superseded, Self::Voided, Self::Void, Self::Repeated, Self::Orphan, Self::NoKey];

    /// Its name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Superseded => "superseded",
            Self::Voided => "voided",
            Self::Void => "void",
            Self::Repeated => "repeated",
            Self::Orphan => "orphan",
            Self::NoKey => "no_key",
        }
    }

    /// Whether what it is said of is judged all the same.
    #[must_use]
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Orphan | Self::NoKey)
    }
}
