//! Finds the end of a segment and of each of its elements in one pass, sixteen bytes at a time.

use core::ops::Range;

use wide::{i8x16, u8x16};

use super::separators::Separators;

/// Elements that a segment can be cut into; no segment of the 837P has more than 31 behind its id. The
/// last slot takes all that is beyond; such a segment is refused by its count.
const SLOTS: usize = 64;

/// Bytes looked at together.
const STEP: usize = 16;

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

    /// Cuts the segment at the start of `window` and gives its length without the terminator.
    ///
    /// `None` when `window` has no terminator: the tape then describes all of it.
    #[inline]
    pub(super) fn cut(&mut self, window: &[u8], separators: Separators) -> Option<usize> {
        let element = u8x16::splat(separators.element);
        let terminator = u8x16::splat(separators.terminator);
        let (mut count, mut odd, mut at) = (0_usize, 0_u32, 0_u32);
        let mut rest = window;
        while let Some((chunk, next)) = rest.split_first_chunk::<STEP>() {
            let bytes = u8x16::new(*chunk);
            let end = bytes.simd_eq(terminator).to_bitmask();
            let hits = bytes.simd_eq(element).to_bitmask();
            // The bits of the bytes in front of the terminator: all when there is none.
            let before = (end & end.wrapping_neg()).wrapping_sub(1);
            odd |= strange(bytes) & !hits & before;
            let mut hits = hits & before;
            while hits != 0 {
                self.set(count, at.wrapping_add(hits.trailing_zeros()));
                count = count.wrapping_add(1);
                hits &= hits.wrapping_sub(1);
            }
            if end != 0 {
                return self.finish(count, odd != 0, at.wrapping_add(end.trailing_zeros()));
            }
            at += 16;
            rest = next;
        }
        for byte in rest {
            if *byte == separators.terminator {
                return self.finish(count, odd != 0, at);
            }
            if *byte == separators.element {
                self.set(count, at);
                count += 1;
            } else if !matches!(byte, 0x20..=0x7e) {
                odd = 1;
            }
            at += 1;
        }
        self.finish(count, odd != 0, at);
        None
    }

    /// Number of elements behind the segment id.
    #[inline]
    pub(super) const fn elements(&self) -> usize {
        self.elements
    }

    /// Where element `index` lies in its segment; 0 is the segment id.
    #[inline]
    pub(super) fn element(&self, index: usize) -> Option<Range<usize>> {
        if index > self.elements {
            return None;
        }
        let place = |slot: usize| usize::try_from(*self.ends.get(slot)?).ok();
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => place(before)? + 1,
        };
        Some(start..place(index)?)
    }

    /// Whether the segment holds anything but printable ASCII and its element separator.
    #[inline]
    pub(super) const fn is_odd(&self) -> bool {
        self.odd
    }

    #[inline]
    fn set(&mut self, slot: usize, end: u32) {
        if let Some(slot) = self.ends.get_mut(slot.min(SLOTS - 1)) {
            *slot = end;
        }
    }

    #[inline]
    fn finish(&mut self, count: usize, odd: bool, end: u32) -> Option<usize> {
        self.set(count, end);
        self.elements = count;
        self.odd = odd;
        usize::try_from(end).ok()
    }
}

/// Where terminators stand in `bytes`; those of the last few bytes may be left out.
#[derive(Debug)]
pub(super) struct Ends<'a> {
    bytes: &'a [u8],
    terminator: u8x16,
    /// Where `bytes` starts, behind those that `hits` are of.
    at: usize,
    hits: u32,
}

impl<'a> Ends<'a> {
    pub(super) fn of(bytes: &'a [u8], terminator: u8) -> Self {
        Self { bytes, terminator: u8x16::splat(terminator), at: 0, hits: 0 }
    }
}

impl Iterator for Ends<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.hits == 0 {
            let (chunk, rest) = self.bytes.split_first_chunk::<STEP>()?;
            self.hits = u8x16::new(*chunk).simd_eq(self.terminator).to_bitmask();
            self.bytes = rest;
            self.at += STEP;
        }
        let place = usize::try_from(self.hits.trailing_zeros()).ok()?;
        self.hits &= self.hits.wrapping_sub(1);
        Some(self.at - STEP + place)
    }
}

/// A bit for every byte that is not printable ASCII (0x20 to 0x7e). As signed numbers, what is below
/// space is also every byte from 0x80 on.
#[inline]
fn strange(bytes: u8x16) -> u32 {
    let signed = bytes.cast_signed();
    let below = signed.simd_lt(i8x16::splat(0x20));
    (below | signed.simd_eq(i8x16::splat(0x7f))).to_bitmask()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEPARATORS: Separators = Separators { element: b'*', component: b':', terminator: b'~' };

    /// The slow and obvious way.
    fn plainly(window: &[u8]) -> (Option<usize>, Vec<usize>, bool) {
        let length = window.iter().position(|byte| *byte == b'~');
        let segment = &window[..length.unwrap_or(window.len())];
        let ends = segment.iter().enumerate().filter(|(_, byte)| **byte == b'*');
        let odd = segment.iter().any(|byte| !matches!(byte, 0x20..=0x7e));
        (length, ends.map(|(at, _)| at).chain([segment.len()]).collect(), odd)
    }

    #[test]
    fn sixteen_bytes_at_a_time_find_what_one_at_a_time_finds() {
        let mut tape = Tape::new();
        let texts: [&[u8]; 9] = [
            b"",
            b"~",
            b"SV1*HC:93970:59*412*UN*1***1~DTP*472*D8*20260302~",
            b"********~",
            b"*******~*",
            b"ABCDEFG\x7f~",
            b"ABCDEFGHI\x1f*~",
            b"ABCDEFGH\x80\xffI*~\n",
            b"SE*1*0001~\x00\x00\x00",
        ];
        for text in texts {
            for start in 0..=text.len() {
                let window = &text[start..];
                let (length, ends, odd) = plainly(window);
                assert_eq!(tape.cut(window, SEPARATORS), length, "{window:?}");
                let found: Vec<_> =
                    (0..=tape.elements()).map(|i| tape.element(i).unwrap().end).collect();
                assert_eq!((found, tape.is_odd()), (ends, odd), "{window:?}");
            }
        }
        for byte in 0..=255_u8 {
            let window = [b'A', b'B', byte, b'C', b'D', b'E', b'F', b'G', b'H', b'*'];
            let (length, _, odd) = plainly(&window);
            assert_eq!(tape.cut(&window, SEPARATORS), length);
            assert_eq!(tape.is_odd(), odd, "{byte}");
        }
    }

    #[test]
    fn terminators_are_found_but_for_the_last_few_bytes() {
        let bytes: Vec<u8> =
            (0..100_u32).map(|at| if at * at % 7 == 2 { b'~' } else { b'A' }).collect();
        let all = (0..96).filter(|at| bytes[*at] == b'~').collect::<Vec<_>>();
        assert_eq!(Ends::of(&bytes, b'~').collect::<Vec<_>>(), all);
        assert_eq!(Ends::of(b"~~~", b'~').next(), None);
    }

    #[test]
    fn more_elements_than_slots_are_counted_and_not_confused() {
        let mut tape = Tape::new();
        assert_eq!(tape.cut(&[b'*'; 200], SEPARATORS), None);
        assert_eq!(tape.elements(), 200);
        assert_eq!((tape.element(62), tape.element(150)), (Some(62..62), None));
    }
}
