//! CAS: up to six reasons why a part of the charge is not paid, under one group code.

use cleanbill_model::{Adjustment, Carc, GroupCode, Money, RemittanceAccounting};

use crate::codes;
use crate::problem::Problem;
use crate::x12::segment::Segment;
use crate::x12::value::unreadable;

/// Where the six triplets of reason, amount and quantity start.
const TRIPLETS: [usize; 6] = [2, 5, 8, 11, 14, 17];

/// Adds the adjustments of a `CAS` to `adjustments`.
pub(in crate::x12) fn read(
    segment: &Segment<'_>,
    adjustments: &mut Vec<Adjustment>,
) -> Result<(), Problem> {
    let fail = |element: String, error: &dyn core::fmt::Display, fix: &str| {
        unreadable(codes::ADJUSTMENT, &element, error, fix)
    };
    let group = GroupCode::new(segment.element(1)).ok_or_else(|| {
        let fix = "the group codes are CO, PR, OA and PI; ask for a corrected file";
        fail("CAS01".to_owned(), &"is no group code of version 5010", fix)
    })?;
    for at in present(segment) {
        let carc = Carc::new(segment.element(at)).map_err(|error| {
            fail(format!("CAS{at:02}"), &error, "write the claim adjustment reason code")
        })?;
        let amount = Money::parse(segment.element(at + 1)).map_err(|error| {
            let fix = "write the amount of the adjustment in dollars and cents, `67.50`";
            fail(format!("CAS{:02}", at + 1), &error, fix)
        })?;
        adjustments.push(Adjustment { group, carc, amount });
    }
    Ok(())
}

/// Counts the adjustments of a `CAS` and adds up their amounts, whether or not their claim can be used.
pub(super) fn book(segment: &Segment<'_>, books: &mut RemittanceAccounting) {
    for at in present(segment) {
        books.adjustments += 1;
        let amount = Money::parse(segment.element(at + 1)).ok();
        RemittanceAccounting::add(&mut books.adjusted, &mut books.unreadable, amount);
    }
}

/// Where the triplets start of which anything is there.
fn present(segment: &Segment<'_>) -> impl Iterator<Item = usize> {
    let is_there =
        |at: &usize| !(segment.element(*at).is_empty() && segment.element(*at + 1).is_empty());
    TRIPLETS.into_iter().filter(is_there)
}
