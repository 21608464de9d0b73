//! What a run that judges final claims alone says of the others.

use cleanbill_model::{FinalAction, Location, Money};

/// A claim that is not judged, or not with all of its lines; or what is odd about one that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionNote {
    /// Its number.
    pub claim: String,
    /// Its place among all claims of the run.
    pub claim_ordinal: u64,
    /// Where it starts.
    pub location: Location,
    /// Why.
    pub action: FinalAction,
    /// The version that decided it, where there is one.
    pub by: Option<OtherVersion>,
    /// Numbers of the lines that were taken off; none where the claim as a whole is meant.
    pub lines: Vec<u32>,
    /// Charge that is not judged.
    pub charge: Money,
}

/// Another version of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherVersion {
    /// Its number.
    pub claim: String,
    /// Its place among all claims of the run.
    pub claim_ordinal: u64,
    /// The input that it stands in.
    pub file: String,
    /// Line of the input on which it starts.
    pub line: u64,
}

impl VersionNote {
    /// Why, in words.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match (self.action, self.by.is_some()) {
            (FinalAction::Superseded, _) => "superseded by a later version",
            (FinalAction::Voided, _) => "taken back by a void or cancel",
            (FinalAction::Void, true) => "a void or cancel itself, of which a later one is here",
            (FinalAction::Void, false) => "a void or cancel itself",
            (FinalAction::Repeated, _) => "here a second time",
            (FinalAction::Orphan, _) => "judged; the claim that it replaces is not here",
            (FinalAction::NoKey, _) => "judged; nothing on it tells its other versions",
        }
    }
}
