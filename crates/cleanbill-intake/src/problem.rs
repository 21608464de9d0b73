//! What is wrong at one place of an input, before the reader adds where that place is.

use cleanbill_model::{InputError, Location};

/// Characters of a claim's own number, in every format but X12, whose guides say 38.
pub(crate) const CLAIM_ID_LIMIT: usize = 128;

/// An input error without its place. Its words never hold a value of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) element: String,
    pub(crate) message: String,
    pub(crate) fix: String,
}

impl Problem {
    pub(crate) fn new(
        code: &'static str,
        element: impl Into<String>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { code, element: element.into(), message: message.into(), fix: fix.into() }
    }

    pub(crate) fn at(
        self,
        location: Location,
        claim: Option<String>,
        quarantines: bool,
    ) -> InputError {
        let Self { code, element, message, fix } = self;
        InputError { code, location, element, loop_id: "", message, fix, claim, quarantines }
    }
}
