//! Which transactions are read, and what the others are called.

use cleanbill_model::ClaimType;

/// A transaction set of version 5010 that some reader reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// 837 claims of this kind.
    Claims(ClaimType),
    /// 835 remittance advice.
    Remittance,
}

impl Set {
    /// What messages call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Claims(ClaimType::Professional) => "an 837P, professional claims",
            Self::Claims(ClaimType::Institutional) => "an 837I, institutional claims",
            Self::Claims(ClaimType::Dental) => "an 837D, dental claims",
            Self::Remittance => "an 835, remittance advice",
        }
    }
}

/// Whether a transaction is of a set that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guide {
    /// It is of this one.
    Read(Set),
    /// Anything else, with its name.
    Other(&'static str),
}

/// Names the transaction by its type (ST01) and implementation guide (ST03, else GS08).
pub(super) fn guide(kind: &[u8], implementation: &[u8]) -> Guide {
    let set = match (kind, implementation) {
        (b"835", b"005010X221" | b"005010X221A1") => Set::Remittance,
        (b"837", b"005010X222" | b"005010X222A1" | b"005010X222A2") => {
            Set::Claims(ClaimType::Professional)
        }
        (b"837", b"005010X223" | b"005010X223A1" | b"005010X223A2" | b"005010X223A3") => {
            Set::Claims(ClaimType::Institutional)
        }
        (b"837", b"005010X224" | b"005010X224A1" | b"005010X224A2" | b"005010X224A3") => {
            Set::Claims(ClaimType::Dental)
        }
        (b"835", _) => return Guide::Other(remittance(implementation)),
        (b"837", _) => return Guide::Other(claims(implementation)),
        _ => return Guide::Other(transaction(kind)),
    };
    Guide::Read(set)
}

fn remittance(implementation: &[u8]) -> &'static str {
    match implementation {
        [b'0', b'0', b'4', b'0', b'1', b'0', ..] => {
            "an 835, remittance advice, of version 4010 (004010X091)"
        }
        [b'0', b'0', b'5', b'0', b'1', b'0', b'X', b'2', b'2', b'1', ..] => {
            "a later version of the 835, remittance advice"
        }
        _ => "an 835, remittance advice, of an unknown implementation guide",
    }
}

fn claims(implementation: &[u8]) -> &'static str {
    const NAMES: [(&[u8], &str); 12] = [
        (b"005010X222", "a later version of the 837P"),
        (b"005010X223", "a later version of the 837I"),
        (b"005010X224", "a later version of the 837D"),
        (b"005010X298", "an 837 for post-adjudicated professional claims"),
        (b"005010X299", "an 837 for post-adjudicated institutional claims"),
        (b"004010X098", "an 837P, professional claims, of version 4010"),
        (b"004010X096", "an 837I, institutional claims, of version 4010"),
        (b"004010X097", "an 837D, dental claims, of version 4010"),
        (b"004010", "an 837 of version 4010"),
        (b"006020", "an 837 of version 6020"),
        (b"007030", "an 837 of version 7030"),
        (b"008020", "an 837 of version 8020"),
    ];
    NAMES
        .into_iter()
        .find(|(start, _)| implementation.starts_with(start))
        .map_or("an 837 of an unknown implementation guide", |(_, name)| name)
}

fn transaction(kind: &[u8]) -> &'static str {
    match kind {
        b"270" => "a 270, eligibility inquiry",
        b"271" => "a 271, eligibility answer",
        b"275" => "a 275, attachment",
        b"276" => "a 276, claim status request",
        b"277" => "a 277, claim status or acknowledgement",
        b"278" => "a 278, authorization",
        b"820" => "an 820, premium payment",
        b"824" => "an 824, application advice",
        b"834" => "an 834, enrollment",
        b"997" => "a 997, acknowledgement",
        b"999" => "a 999, acknowledgement",
        _ => "a transaction of an unknown type",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_5010_guides_are_read() {
        for (kind, good) in [
            (ClaimType::Professional, "005010X222"),
            (ClaimType::Professional, "005010X222A1"),
            (ClaimType::Professional, "005010X222A2"),
            (ClaimType::Institutional, "005010X223A2"),
            (ClaimType::Institutional, "005010X223A3"),
            (ClaimType::Dental, "005010X224A2"),
        ] {
            assert_eq!(guide(b"837", good.as_bytes()), Guide::Read(Set::Claims(kind)));
        }
        for good in [&b"005010X221"[..], b"005010X221A1"] {
            assert_eq!(guide(b"835", good), Guide::Read(Set::Remittance));
        }
        for (kind, implementation, name) in [
            ("837", "005010X223A9", "later version of the 837I"),
            ("837", "005010X224A9", "later version of the 837D"),
            ("837", "004010X098A1", "837P, professional claims, of version 4010"),
            ("837", "004010X096A1", "837I, institutional claims, of version 4010"),
            ("837", "004010X097A1", "837D, dental claims, of version 4010"),
            ("837", "004010", "an 837 of version 4010"),
            ("837", "", "unknown"),
            ("837", "005010X222A9", "later"),
            ("835", "005010X221A9", "later version of the 835"),
            ("835", "004010X091A1", "835, remittance advice, of version 4010"),
            ("835", "", "835, remittance advice, of an unknown"),
            ("836", "", "unknown"),
        ] {
            let Guide::Other(found) = guide(kind.as_bytes(), implementation.as_bytes()) else {
                panic!("{kind} {implementation} was taken for claims");
            };
            assert!(found.contains(name), "{found}");
        }
    }
}
