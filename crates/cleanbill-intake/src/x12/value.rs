//! Elements read into values, with words for what is wrong with them.

use core::fmt::Display;

use cleanbill_model::{CodeError, Npi, Provider, Taxonomy};

use super::segment::Segment;
use crate::codes;
use crate::problem::Problem;

/// Characters of a patient control number (CLM01) that the guide allows.
const CLAIM_ID_LIMIT: usize = 38;

/// A problem with one element: `CLM02` followed by what `error` says of it.
#[cold]
pub(super) fn unreadable(
    code: &'static str,
    element: &str,
    error: impl Display,
    fix: impl Into<String>,
) -> Problem {
    Problem::new(code, element, format!("`{element}` {error}"), fix)
}

/// A problem with a component of element `index`: when the element looks separated by another
/// character than the one that ISA16 declares, the fix says so.
#[cold]
pub(super) fn unreadable_component(
    code: &'static str,
    element: &str,
    error: impl Display,
    segment: &Segment<'_>,
    index: usize,
    fix: &str,
) -> Problem {
    const USUAL: [u8; 5] = [b'>', b':', b'|', b'^', b'<'];
    let raw = segment.element(index);
    let declared = segment.separators.component;
    let other = USUAL.into_iter().find(|byte| raw.contains(byte) && !raw.contains(&declared));
    let fix = match other {
        Some(other) => format!(
            "ISA16 declares `{}`, this element looks separated by `{}`: write the separator that \
             ISA16 declares, or correct ISA16",
            char::from(declared).escape_default(),
            char::from(other),
        ),
        None => fix.to_owned(),
    };
    unreadable(code, element, error, fix)
}

/// The NPI of an `NM1`: NM109 where NM108 is `XX`.
#[inline]
pub(super) fn npi(segment: &Segment<'_>) -> Result<Option<Npi>, Problem> {
    if segment.element(8) != b"XX" {
        return Ok(None);
    }
    Npi::new(segment.element(9)).map(Some).map_err(|error| {
        let fix = "write the provider's ten-digit NPI, or leave NM108 and NM109 out";
        unreadable(codes::NPI, "NM109", error, fix)
    })
}

/// What is wrong with an NPI whose last digit is not its check digit; it is kept all the same.
#[inline]
pub(super) fn check_digit(npi: Option<Npi>) -> Option<Problem> {
    npi.filter(|npi| !npi.check_digit_holds()).map(|_| wrong_check_digit())
}

#[cold]
fn wrong_check_digit() -> Problem {
    let message = "`NM109` is ten digits, but not an NPI: its check digit is wrong";
    let fix = "look for a digit that is wrong or two that changed places";
    Problem::new(codes::NPI_CHECK, "NM109", message, fix)
}

/// Gives `provider` the taxonomy of a `PRV`: PRV03 where PRV02 is `PXC`.
#[inline]
pub(super) fn specialty(segment: &Segment<'_>, provider: &mut Provider) -> Result<(), Problem> {
    if segment.element(2) != b"PXC" {
        return Ok(());
    }
    let taxonomy = Taxonomy::new(segment.element(3)).map_err(|error: CodeError| {
        unreadable(codes::TAXONOMY, "PRV03", error, "write the ten-character taxonomy code")
    })?;
    provider.taxonomy = Some(taxonomy);
    Ok(())
}

/// A whole number of one to ten ASCII digits.
pub(super) fn count(text: &[u8]) -> Option<u64> {
    if !(1..=10).contains(&text.len()) {
        return None;
    }
    text.iter().try_fold(0_u64, |sum, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0'))
    })
}

/// Control number of a `CLM`, where it is one.
pub(super) fn identity<'a>(segment: &Segment<'a>) -> Option<&'a str> {
    let id = segment.text(1);
    let sound =
        !id.is_empty() && id.chars().count() <= CLAIM_ID_LIMIT && !id.chars().any(char::is_control);
    sound.then_some(id)
}
