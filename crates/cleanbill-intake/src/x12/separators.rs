//! The separators of an interchange, read from its ISA segment.

use crate::codes;
use crate::problem::Problem;

/// Characters of an ISA segment with its terminator.
pub(super) const ISA_LENGTH: usize = 106;

/// Widths of ISA01 to ISA16: the one segment of X12 with a fixed layout.
const WIDTHS: [usize; 16] = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];

/// Separators that one interchange declares. A repetition separator (ISA11) is checked and not kept:
/// no element that is read may repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Separators {
    pub(super) element: u8,
    pub(super) component: u8,
    pub(super) terminator: u8,
}

/// What the first bytes of an interchange say.
#[derive(Debug)]
pub(super) struct Isa {
    pub(super) separators: Separators,
    /// Length of the segment with its terminator.
    pub(super) length: usize,
    /// Control number (ISA13), where the layout is as it should be.
    pub(super) control: [u8; 9],
    /// Why the interchange cannot be read. The separators then serve only to count its claims.
    pub(super) problem: Option<Problem>,
    /// The segment as it stands, without its terminator.
    pub(super) bytes: Box<[u8]>,
}

/// Reads the ISA segment at the start of `bytes` (up to [`ISA_LENGTH`] and a few bytes more).
///
/// `None` when not even its separators can be guessed.
pub(super) fn read_isa(bytes: &[u8]) -> Option<Isa> {
    let element = *bytes.get(3)?;
    let mut length = 4;
    let mut wrong = None;
    for (index, width) in WIDTHS.into_iter().enumerate() {
        let rest = bytes.get(length..)?;
        let found = if index == 15 {
            1
        } else {
            // A longer field is still found, so that the message can name it.
            memchr::memchr(element, rest.get(..width + 16).unwrap_or(rest))?
        };
        if found != width && wrong.is_none() {
            wrong = Some((index + 1, width, found));
        }
        length += found + usize::from(index < 15);
    }
    let separators =
        Separators { element, component: *bytes.get(length - 1)?, terminator: *bytes.get(length)? };
    if element == separators.terminator || element.is_ascii_alphanumeric() {
        let looks_like_isa = wrong.is_none();
        return looks_like_isa.then(|| refuse(bytes, separators, length, clash(separators)));
    }
    if let Some((index, width, found)) = wrong {
        let problem = layout(bytes, index, width, found);
        return Some(refuse(bytes, separators, length, Some(problem)));
    }
    let problem =
        clash(separators).or_else(|| repetition(bytes, separators)).or_else(|| version(bytes));
    Some(refuse(bytes, separators, length, problem))
}

/// Words for an element of the ISA segment that does not have its width.
fn layout(bytes: &[u8], index: usize, width: usize, found: usize) -> Problem {
    let element = format!("ISA{index:02}");
    if matches!(bytes.get(80), Some(b'\n' | b'\r')) {
        let message = "the file is wrapped at 80 columns, but not as a whole: a line break stands within the \
             ISA segment";
        let fix = "take the line breaks out, for example with `tr -d '\\r\\n'`";
        return Problem::new(codes::ISA_LAYOUT, element, message, fix);
    }
    let message = format!("`{element}` has {found} characters where the layout has {width}");
    let fix = "pad every element of the ISA segment to its fixed width, 106 characters in all";
    Problem::new(codes::ISA_LAYOUT, element, message, fix)
}

fn refuse(bytes: &[u8], separators: Separators, length: usize, problem: Option<Problem>) -> Isa {
    let control = bytes.get(90..99).and_then(|control| control.try_into().ok());
    let control = control.unwrap_or_default();
    let whole = bytes.get(..length).unwrap_or(bytes).into();
    Isa { separators, length: length + 1, control, problem, bytes: whole }
}

fn clash(separators: Separators) -> Option<Problem> {
    let Separators { element, component, terminator } = separators;
    let fix = "declare three different punctuation marks: element separator behind ISA, component \
               separator in ISA16, terminator behind ISA16";
    for (byte, place, what) in [
        (element, "ISA", "element separator"),
        (component, "ISA16", "component separator"),
        (terminator, "ISA16", "segment terminator"),
    ] {
        if byte.is_ascii_alphanumeric() || byte == b' ' || !byte.is_ascii() {
            let message = format!("the {what} is a letter, digit, space or no ASCII character");
            return Some(Problem::new(codes::ISA_SEPARATORS, place, message, fix));
        }
    }
    if [element, component].iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        let message = "a line break separates elements or components";
        return Some(Problem::new(codes::ISA_SEPARATORS, "ISA", message, fix));
    }
    let same = if component == element {
        "ISA16 declares the element separator as component separator as well"
    } else if terminator == element || terminator == component {
        "the segment terminator is also a separator"
    } else {
        return None;
    };
    Some(Problem::new(codes::ISA_SEPARATORS, "ISA16", same, fix))
}

/// A letter or digit in ISA11 is the standards identifier of older versions: no repetition separator.
fn repetition(bytes: &[u8], separators: Separators) -> Option<Problem> {
    let byte = *bytes.get(82)?;
    let taken = [separators.element, separators.component, separators.terminator].contains(&byte);
    taken.then(|| {
        Problem::new(
            codes::ISA_SEPARATORS,
            "ISA11",
            "the repetition separator is also another separator",
            "declare a character in ISA11 that separates nothing else, `^` for example",
        )
    })
}

fn version(bytes: &[u8]) -> Option<Problem> {
    let found = bytes.get(84..89)?;
    if found == b"00501" {
        return None;
    }
    let known = match found {
        b"00401" => "4010 (ISA12 00401)",
        b"00402" => "4020 (ISA12 00402)",
        b"00601" => "6010 (ISA12 00601)",
        b"00701" => "7010 (ISA12 00701)",
        b"00801" => "8010 (ISA12 00801)",
        _ => "unknown",
    };
    Some(Problem::new(
        codes::ISA_VERSION,
        "ISA12",
        format!("the interchange version is {known}; only 5010 (ISA12 00501) is read"),
        "send the claims as 5010; version 5010 has been required since 2012",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISA: &[u8] = b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       \
        *260302*1200*^*00501*000000001*0*T*:~GS*";

    fn with(place: usize, byte: u8) -> Vec<u8> {
        let mut bytes = ISA.to_vec();
        bytes[place] = byte;
        bytes
    }

    fn problem(bytes: &[u8]) -> Problem {
        read_isa(bytes).unwrap().problem.unwrap()
    }

    #[test]
    fn separators_come_from_the_segment_itself() {
        let isa = read_isa(ISA).unwrap();
        assert_eq!((isa.length, isa.problem), (ISA_LENGTH, None));
        let expected = Separators { element: b'*', component: b':', terminator: b'~' };
        assert_eq!(isa.separators, expected);
        let newline = read_isa(&with(105, b'\n')).unwrap();
        assert_eq!((newline.separators.terminator, newline.problem), (b'\n', None));
        assert!(read_isa(&with(82, b'U')).unwrap().problem.is_none());
    }

    #[test]
    fn a_field_that_is_too_short_or_too_long_is_named() {
        let mut short = ISA.to_vec();
        short.remove(10);
        assert_eq!(problem(&short).element, "ISA02");
        let mut long = ISA.to_vec();
        long.insert(93, b'0');
        let isa = read_isa(&long).unwrap();
        assert_eq!((isa.length, isa.separators.terminator), (107, b'~'));
        assert_eq!(isa.problem.unwrap().element, "ISA13");
    }

    #[test]
    fn a_file_that_is_wrapped_is_told_as_such() {
        let mut wrapped = ISA.to_vec();
        wrapped.insert(80, b'\n');
        let found = problem(&wrapped);
        assert_eq!(found.element, "ISA10");
        assert!(found.message.contains("80 columns"), "{}", found.message);
    }

    #[test]
    fn separators_that_cannot_separate_are_refused() {
        for (place, byte) in
            [(104, b'*'), (104, b'A'), (105, b':'), (105, b'7'), (105, b' '), (82, b':')]
        {
            assert_eq!(problem(&with(place, byte)).code, codes::ISA_SEPARATORS, "{place}");
        }
    }

    #[test]
    fn only_version_5010_is_read() {
        let found = problem(&with(86, b'4'));
        assert_eq!((found.code, found.element.as_str()), (codes::ISA_VERSION, "ISA12"));
        assert!(found.message.contains("4010"), "{}", found.message);
    }
}
