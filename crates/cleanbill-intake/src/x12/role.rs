//! Whom or what an `NM1` within a claim names.

/// Whose provider, or which place, an `NM1` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Rendering,
    Referring,
    Ordering,
    Supervising,
    Purchased,
    Attending,
    Operating,
    /// Where an ambulance took the patient up, and where to.
    PickUp,
    DropOff,
    Other,
}

impl Role {
    /// The role that NM101 names.
    #[inline]
    pub(super) const fn of(code: &[u8]) -> Self {
        match code {
            b"82" => Self::Rendering,
            b"DN" | b"P3" => Self::Referring,
            b"DK" => Self::Ordering,
            b"DQ" => Self::Supervising,
            b"QB" => Self::Purchased,
            b"71" => Self::Attending,
            b"72" => Self::Operating,
            b"PW" => Self::PickUp,
            b"45" => Self::DropOff,
            _ => Self::Other,
        }
    }
}
