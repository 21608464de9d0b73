//! How far an edit looks around the line that it judges.

use core::fmt;

/// How far an edit looks, from the narrowest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// A line, and what its claim says of all lines.
    Line,
    /// The lines of the claim.
    Claim,
    /// The patient's services of the same days, on earlier claims too.
    PatientDay,
    /// The patient's services that lie less than so many days from the line's own, on other claims too.
    PatientHistory {
        /// Number of days, the line's own included.
        days: u32,
    },
}

impl Scope {
    /// Whether it reaches beyond the claim in hand.
    #[must_use]
    pub fn reads_history(self) -> bool {
        self > Self::Claim
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line => f.write_str("line"),
            Self::Claim => f.write_str("claim"),
            Self::PatientDay => f.write_str("patient_day"),
            Self::PatientHistory { days } => write!(f, "patient_history({days})"),
        }
    }
}
