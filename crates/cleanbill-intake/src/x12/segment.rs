//! A segment cut into elements and components without copying.

use memchr::memchr;

use super::separators::Separators;

/// Elements that a segment can be cut into; no segment of the 837P has more than 31 behind its id.
const SLOTS: usize = 64;

/// Where the elements of one segment end. One value is reused for all segments.
#[derive(Debug)]
pub(super) struct Tape {
    ends: [u32; SLOTS],
    elements: usize,
    odd: bool,
}

impl Tape {
    pub(super) const fn new() -> Self {
        Self { ends: [0; SLOTS], elements: 0, odd: false }
    }

    /// Finds the elements of `bytes`, a segment without its terminator.
    ///
    /// One pass without branches: each byte writes its place into the slot that is next, and only a
    /// separator moves on to the next slot. The last slot takes all that is beyond the layout of any
    /// segment; such a segment is refused by its count.
    #[inline]
    pub(super) fn cut(&mut self, bytes: &[u8], separator: u8) {
        let mut count = 0_usize;
        let mut odd = false;
        for (at, byte) in (0_u32..).zip(bytes) {
            if let Some(slot) = self.ends.get_mut(count.min(SLOTS - 1)) {
                *slot = at;
            }
            let hit = *byte == separator;
            odd |= !hit & (byte.wrapping_sub(0x20) > 0x5e);
            count += usize::from(hit);
        }
        if let Some(slot) = self.ends.get_mut(count.min(SLOTS - 1)) {
            *slot = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        }
        self.elements = count;
        self.odd = odd;
    }

    /// Whether the segment holds anything but printable ASCII and its element separator.
    pub(super) const fn is_odd(&self) -> bool {
        self.odd
    }
}

/// One segment without its terminator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) tape: &'a Tape,
    pub(super) separators: Separators,
}

impl<'a> Segment<'a> {
    /// Segment id: what stands before the first separator.
    #[inline]
    pub(super) fn id(&self) -> &'a [u8] {
        self.element(0)
    }

    /// Number of elements behind the id.
    #[inline]
    pub(super) const fn elements(&self) -> usize {
        self.tape.elements
    }

    /// Element `index`, from 1; empty when the segment has none. 0 is the segment id.
    #[inline]
    pub(super) fn element(&self, index: usize) -> &'a [u8] {
        if index > self.tape.elements {
            return &[];
        }
        let place =
            |slot: usize| self.tape.ends.get(slot).and_then(|end| usize::try_from(*end).ok());
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => place(before).map_or(usize::MAX, |end| end + 1),
        };
        place(index).and_then(|end| self.bytes.get(start..end)).unwrap_or_default()
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
        match memchr(self.separator, rest) {
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
        tape.cut(bytes, b'*');
        let segment = Segment { bytes, tape: &tape, separators: SEPARATORS };
        assert_eq!((segment.id(), segment.elements()), (&b"SV1"[..], 4));
        assert_eq!((segment.element(2), segment.element(3)), (&b"412"[..], &b""[..]));
        assert_eq!((segment.element(4), segment.element(5)), (&b""[..], &b""[..]));
        let parts: Vec<_> = segment.components(1).collect();
        assert_eq!(parts, [&b"HC"[..], b"93970", b"59"]);
        assert!(!tape.is_odd());
    }

    #[test]
    fn more_elements_than_slots_are_counted_and_not_confused() {
        let mut tape = Tape::new();
        let bytes = vec![b'*'; 200];
        tape.cut(&bytes, b'*');
        let segment = Segment { bytes: &bytes, tape: &tape, separators: SEPARATORS };
        assert_eq!(segment.elements(), 200);
        assert_eq!(segment.element(150), b"");
    }

    #[test]
    fn anything_but_printable_ascii_is_odd() {
        let mut tape = Tape::new();
        for (bytes, odd) in [
            (&b"NTE*ADD*ok ~"[..], false),
            (b"NTE\tADD\tok", false),
            (b"NTE*A\x7f", true),
            ("N*é".as_bytes(), true),
            (b"N*\n", true),
        ] {
            tape.cut(bytes, if bytes.contains(&b'\t') { b'\t' } else { b'*' });
            assert_eq!(tape.is_odd(), odd, "{bytes:?}");
        }
    }
}
