//! Which transactions are read, and what the others are called.

use cleanbill_model::ClaimType;

/// Whether a transaction is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guide {
    /// 837 claims of this kind, 5010.
    Claims(ClaimType),
    /// Anything else, with its name.
    Other(&'static str),
}

/// Names the transaction by its type (ST01) and implementation guide (ST03, else GS08).
pub(super) fn guide(kind: &[u8], implementation: &[u8]) -> Guide {
    if kind != b"837" {
        return Guide::Other(transaction(kind));
    }
    match implementation {
        b"005010X222" | b"005010X222A1" | b"005010X222A2" => Guide::Claims(ClaimType::Professional),
        b"005010X223" | b"005010X223A1" | b"005010X223A2" | b"005010X223A3" => {
            Guide::Claims(ClaimType::Institutional)
        }
        b"005010X224" | b"005010X224A1" | b"005010X224A2" | b"005010X224A3" => {
            Guide::Claims(ClaimType::Dental)
        }
        _ => Guide::Other(claims(implementation)),
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
        b"835" => "an 835, remittance advice",
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
            assert_eq!(guide(b"837", good.as_bytes()), Guide::Claims(kind));
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
            ("835", "005010X221A1", "835"),
            ("836", "", "unknown"),
        ] {
            let Guide::Other(found) = guide(kind.as_bytes(), implementation.as_bytes()) else {
                panic!("{kind} {implementation} was taken for claims");
            };
            assert!(found.contains(name), "{found}");
        }
    }
}
