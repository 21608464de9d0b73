//! Where the parts of an object stand in the file.

use cleanbill_model::Location;
use serde_json::value::RawValue;

use crate::source::size;

/// Places of the parts of one object, counting line breaks from one to the next.
pub(crate) struct LineWalk<'a> {
    text: &'a str,
    passed: usize,
    place: Location,
}

impl<'a> LineWalk<'a> {
    /// Starts at `place`, where `text` begins.
    pub(crate) const fn new(text: &'a str, place: Location) -> Self {
        Self { text, passed: 0, place }
    }

    /// Goes on to `raw`, a part of the text behind the last one.
    pub(crate) fn to(&mut self, raw: &RawValue) -> Location {
        let at = raw.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let between = self.text.as_bytes().get(self.passed..at).unwrap_or_default();
        self.place.line += size(memchr::memchr_iter(b'\n', between).count());
        self.place.offset += size(between.len());
        self.passed = at.max(self.passed);
        self.place
    }
}
