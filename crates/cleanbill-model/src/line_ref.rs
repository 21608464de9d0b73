//! Which line a finding speaks of: one of its own claim, or one of an earlier claim of the patient.

use std::sync::Arc;

/// A line of an earlier claim of the same patient. Findings outlive that claim, so it is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EarlierLine {
    /// Patient control number of the earlier claim (CLM01).
    pub claim: Arc<str>,
    /// Number of the line as that claim gives it.
    pub number: u32,
}

/// A line that a finding, a piece of evidence or an explanation names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineRef {
    /// Place in [`crate::Claim::lines`] of the claim in hand, from 0.
    Own(usize),
    /// A line of an earlier claim.
    Earlier(EarlierLine),
}

impl LineRef {
    /// The place of a line of the claim in hand.
    #[must_use]
    pub const fn own(&self) -> Option<usize> {
        match self {
            Self::Own(place) => Some(*place),
            Self::Earlier(_) => None,
        }
    }

    /// The line of an earlier claim.
    #[must_use]
    pub const fn earlier(&self) -> Option<&EarlierLine> {
        match self {
            Self::Own(_) => None,
            Self::Earlier(line) => Some(line),
        }
    }
}

impl From<usize> for LineRef {
    fn from(place: usize) -> Self {
        Self::Own(place)
    }
}
