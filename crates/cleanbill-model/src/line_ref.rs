//! Which line a finding speaks of: one of its own claim, or one of an earlier claim of the patient.

use std::sync::Arc;

use crate::date::DateRange;

/// Where another claim stands to the claim in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It came before this run and has been judged: only the claim in hand can still be mended.
    Earlier,
    /// It is of this run, has a rank before that of the claim in hand, and is judged by itself.
    BesideFirst,
    /// It is of this run, has a rank behind that of the claim in hand, and is judged by itself.
    BesideLater,
}

impl Standing {
    /// Whether it counts as having come before the claim in hand.
    #[must_use]
    pub fn is_first(self) -> bool {
        self != Self::BesideLater
    }

    /// `history`, `run_before` or `run_behind`, in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Earlier => "history",
            Self::BesideFirst => "run_before",
            Self::BesideLater => "run_behind",
        }
    }

    /// Why a claim that stands so counts beside the claim in hand, in words; `is_open` where it is not
    /// known whether it does.
    #[must_use]
    pub const fn words(self, is_open: bool) -> &'static str {
        match (self, is_open) {
            (Self::Earlier, false) => {
                "it came before this run; nothing known replaces, voids or denies it"
            }
            (Self::BesideFirst, false) => {
                "it is of this run and comes before this claim; nothing known replaces or voids it"
            }
            (Self::BesideLater, false) => {
                "it is of this run and comes behind this claim; nothing known replaces or voids it"
            }
            (_, true) => {
                "it may not count: one of the two claims replaces or voids a claim that is not here by \
                 its number, which may be the other"
            }
        }
    }
}

/// A line of another claim of the same patient. Findings outlive that claim, so it is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EarlierLine {
    /// Patient control number of the claim (CLM01).
    pub claim: Arc<str>,
    /// Number of the line as that claim gives it.
    pub number: u32,
    /// Its days of service.
    pub dates: DateRange,
    /// Where the claim stands to the one in hand.
    pub standing: Standing,
    /// Whether it is left open if the claim counts beside the one in hand.
    pub is_open: bool,
}

impl EarlierLine {
    /// Why its claim counts beside the one in hand, in words.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        self.standing.words(self.is_open)
    }
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
