//! Where in an input something stands, as a record shows it.

use cleanbill_model::Location;
use serde::Serialize;

/// `segment` is null where the format has no segments, `element` where the place is no element.
#[derive(Serialize)]
pub(super) struct Place<'a> {
    line: u64,
    segment: Option<u32>,
    element: Option<&'a str>,
    offset: u64,
}

impl<'a> Place<'a> {
    pub(super) fn new(location: Location, element: &'a str) -> Self {
        Self {
            line: location.line,
            segment: (location.segment > 0).then_some(location.segment),
            element: (!element.is_empty()).then_some(element),
            offset: location.offset,
        }
    }
}
