//! A segment cut into elements and components without copying.

use super::id::Id;
use super::separators::Separators;
use super::tape::Tape;

/// One segment without its terminator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) tape: &'a Tape,
    pub(super) separators: Separators,
    id: Id,
}

impl<'a> Segment<'a> {
    /// The segment in `bytes` that is on `tape`.
    #[inline]
    pub(super) fn new(bytes: &'a [u8], tape: &'a Tape, separators: Separators) -> Self {
        let id = tape.element(0).and_then(|range| bytes.get(range)).unwrap_or_default();
        Self { bytes, tape, separators, id: Id::new(id) }
    }

    /// Segment id.
    #[inline]
    pub(super) const fn id(&self) -> Id {
        self.id
    }

    /// Segment id as it stands: what comes before the first separator.
    pub(super) fn name(&self) -> &'a [u8] {
        self.element(0)
    }

    /// Number of elements behind the id.
    #[inline]
    pub(super) const fn elements(&self) -> usize {
        self.tape.elements()
    }

    /// Element `index`, from 1; empty when the segment has none. 0 is the segment id.
    #[inline]
    pub(super) fn element(&self, index: usize) -> &'a [u8] {
        self.tape.element(index).and_then(|range| self.bytes.get(range)).unwrap_or_default()
    }

    /// Element `index` as text; empty when it is not UTF-8 (the reader has refused such a segment).
    pub(super) fn text(&self, index: usize) -> &'a str {
        core::str::from_utf8(self.element(index)).unwrap_or_default()
    }

    /// The components of element `index`.
    pub(super) fn components(&self, index: usize) -> Components<'a> {
        Components { rest: Some(self.element(index)), separator: self.separators.component }
    }
}

/// Components of a composite element, in their order.
#[derive(Clone, Debug)]
pub(super) struct Components<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> Components<'a> {
    /// The next component; empty behind the last.
    #[inline]
    pub(super) fn next_part(&mut self) -> &'a [u8] {
        self.next().unwrap_or_default()
    }
}

impl<'a> Iterator for Components<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        // Components are a few bytes long: a plain loop beats a call to a vector search.
        match rest.iter().position(|byte| *byte == self.separator) {
            Some(at) => {
                self.rest = rest.get(at + 1..);
                rest.get(..at)
            }
            None => self.rest.take(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEPARATORS: Separators = Separators { element: b'*', component: b':', terminator: b'~' };

    #[test]
    fn elements_and_components_are_found_and_absent_ones_are_empty() {
        let mut tape = Tape::new();
        let bytes = b"SV1*HC:93970:59*412**";
        tape.cut(bytes, SEPARATORS);
        let segment = Segment::new(bytes, &tape, SEPARATORS);
        assert_eq!((segment.id(), segment.elements()), (Id::SV1, 4));
        assert_eq!((segment.element(2), segment.element(3)), (&b"412"[..], &b""[..]));
        assert_eq!((segment.element(4), segment.element(5)), (&b""[..], &b""[..]));
        let parts: Vec<_> = segment.components(1).collect();
        assert_eq!(parts, [&b"HC"[..], b"93970", b"59"]);
        assert!(!tape.is_odd());
    }
}
