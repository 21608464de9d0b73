//! Whether the charge of a claim is the sum of its lines.

use cleanbill_model::{Claim, InputFormat, Money};

use crate::codes;
use crate::problem::Problem;

/// What is wrong with the total charge of a claim that could be read.
#[inline]
pub(crate) fn check(claim: &Claim) -> Option<Problem> {
    let sum = claim.lines.iter().try_fold(Money::ZERO, |sum, line| sum.checked_add(line.charge));
    (sum != Some(claim.charge)).then(|| wrong(claim, sum))
}

#[cold]
fn wrong(claim: &Claim, sum: Option<Money>) -> Problem {
    let element = match claim.format {
        InputFormat::X12 => "CLM02",
        InputFormat::Json | InputFormat::Fhir | InputFormat::Lines => "charge",
    };
    let charge = claim.charge;
    let apart = sum.and_then(|sum| charge.cents().checked_sub(sum.cents()));
    let message = match (sum, apart.and_then(i64::checked_abs)) {
        (Some(sum), Some(apart)) => {
            let apart = Money::from_cents(apart);
            format!("`{element}` is {charge}, but the lines add up to {sum}, {apart} apart")
        }
        _ => format!("`{element}` is {charge}, but the lines add up to more than can be held"),
    };
    let fix = "write the sum of the line charges as total charge, or look for a lost line";
    Problem::new(codes::CLAIM_TOTAL, element, message, fix)
}
