//! CLM05: where the service was, or which bill it is, and what the claim does to an earlier one.

use cleanbill_model::{Claim, ClaimType, Frequency, PlaceOfService, TypeOfBill};

use super::segment::Segment;
use super::value::unreadable_component;
use crate::codes;
use crate::problem::Problem;

/// Reads CLM05 into `claim`, whose type says what its first component is.
pub(super) fn place_and_frequency(segment: &Segment<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let fail = |element: &str, error: &dyn core::fmt::Display, fix: &str| {
        unreadable_component(codes::CLAIM_PLACE, element, error, segment, 5, fix)
    };
    let mut parts = segment.components(5);
    let (place, qualifier, frequency) = (parts.next_part(), parts.next_part(), parts.next_part());
    if claim.claim_type == ClaimType::Institutional {
        if qualifier != b"A" {
            // With the qualifier B the two characters are a place of service.
            let fix = "write A: an institutional claim gives its type of bill";
            return Err(fail("CLM05-2", &"is not A", fix));
        }
        if !matches!(place, [a, b] if a.is_ascii_digit() && b.is_ascii_digit()) {
            let fix = "write the first two digits of the type of bill without its zero, `13`";
            return Err(fail("CLM05-1", &"is not two digits", fix));
        }
    } else {
        let place = PlaceOfService::new(place).map_err(|error| {
            fail("CLM05-1", &error, "write the two-digit place of service code")
        })?;
        claim.place_of_service = Some(place);
        if !matches!(qualifier, b"B" | b"") {
            // With the qualifier A the two digits are a type of bill, not a place of service.
            let fix = "write B: this claim gives a place of service";
            return Err(fail("CLM05-2", &"is not B", fix));
        }
    }
    if !frequency.is_empty() {
        let read = Frequency::new(frequency).ok_or_else(|| {
            let fix = "write 1 (original), 7 (replacement) or 8 (void)";
            fail("CLM05-3", &"is not a claim frequency", fix)
        })?;
        claim.frequency = Some(read);
    }
    if let (ClaimType::Institutional, [a, b], [c]) = (claim.claim_type, place, frequency) {
        claim.type_of_bill = TypeOfBill::new(&[b'0', *a, *b, *c]).ok();
    }
    Ok(())
}
