//! Which segments each kind of 837 and the 835 have, how many elements each may hold, and which characters are allowed.

use cleanbill_model::ClaimType;

use super::guide::Set;
use super::id::Id;
use super::segment::Segment;
use crate::codes;
use crate::problem::Problem;

/// Longest element that is read.
const ELEMENT_LIMIT: usize = 1 << 20;

/// Elements behind the id in the layout of each segment (X12 005010; ASC X12N 005010X222A1, X223A2 and
/// X224A2); `None` for an id that claims of this kind do not have. What differs between the kinds are
/// the segments that edits read; the others are taken wherever they stand.
#[inline]
const fn most_elements(id: Id, kind: ClaimType) -> Option<usize> {
    Some(match id {
        Id::LX => 1,
        Id::N3 | Id::NTE | Id::LQ => 2,
        Id::AMT | Id::DTP | Id::K3 | Id::PS1 => 3,
        Id::HL | Id::REF | Id::QTY => 4,
        Id::CR3 | Id::FRM => 5,
        Id::BHT | Id::CN1 | Id::OI | Id::PRV | Id::SVD => 6,
        Id::CRC | Id::N4 | Id::SV5 => 7,
        Id::MOA | Id::PAT | Id::PER | Id::PWK | Id::SBR => 9,
        Id::CR1 => 10,
        Id::CTP | Id::DMG => 11,
        Id::CR2 | Id::HI | Id::MEA | Id::NM1 => 12,
        Id::HCP => 15,
        Id::CAS => 19,
        Id::CLM => 20,
        Id::SV1 if matches!(kind, ClaimType::Professional) => 21,
        Id::CUR => 21,
        Id::LIN => 31,
        _ => return of_kind(id, kind),
    })
}

const fn of_kind(id: Id, kind: ClaimType) -> Option<usize> {
    match (kind, id) {
        (ClaimType::Institutional, Id::CL1) => Some(4),
        (ClaimType::Institutional, Id::SV2) => Some(10),
        (ClaimType::Institutional, Id::MIA) => Some(24),
        (ClaimType::Dental, Id::TOO) => Some(3),
        (ClaimType::Dental, Id::DN1) => Some(4),
        (ClaimType::Dental, Id::DN2) => Some(6),
        (ClaimType::Dental, Id::SV3) => Some(11),
        _ => None,
    }
}

/// Elements behind the id in the layout of each segment of an 835 (ASC X12N 005010X221A1).
#[inline]
const fn of_remittance(id: Id) -> Option<usize> {
    Some(match id {
        Id::LX => 1,
        Id::N2 | Id::N3 | Id::LQ => 2,
        Id::AMT => 3,
        Id::REF | Id::QTY | Id::TRN => 4,
        Id::RDM => 5,
        Id::DTM | Id::N1 => 6,
        Id::N4 | Id::SVC => 7,
        Id::MOA | Id::PER => 9,
        Id::NM1 => 12,
        Id::CLP | Id::PLB => 14,
        Id::CAS | Id::TS2 => 19,
        Id::BPR | Id::CUR => 21,
        Id::MIA | Id::TS3 => 24,
        _ => return None,
    })
}

/// Elements that a segment of this transaction set may have; `None` for one that it does not have.
#[inline]
const fn allowed_in(id: Id, set: Set) -> Option<usize> {
    match set {
        Set::Claims(kind) => most_elements(id, kind),
        Set::Remittance => of_remittance(id),
    }
}

const fn name(set: Set) -> &'static str {
    match set {
        Set::Claims(ClaimType::Professional) => "837P",
        Set::Claims(ClaimType::Institutional) => "837I",
        Set::Claims(ClaimType::Dental) => "837D",
        Set::Remittance => "835",
    }
}

/// Checks what every segment must hold before any element of it is read.
#[inline]
pub(super) fn check(segment: &Segment<'_>, set: Set) -> Result<(), Problem> {
    let allowed = allowed_in(segment.id(), set);
    let sound = !segment.tape.is_odd()
        && segment.bytes.len() <= ELEMENT_LIMIT
        && allowed.is_some_and(|allowed| segment.elements() <= allowed);
    if sound { Ok(()) } else { examine(segment, allowed, set) }
}

#[cold]
fn examine(segment: &Segment<'_>, allowed: Option<usize>, set: Set) -> Result<(), Problem> {
    characters(segment)?;
    let Some(allowed) = allowed else {
        let (element, message) = match printable(segment.name()) {
            Some(id) => (id.to_owned(), format!("`{id}` is not a segment of the {}", name(set))),
            None => (String::new(), "a segment has no segment id".to_owned()),
        };
        let fix = "correct the segment id, or end the segment before it with the terminator that \
                   the ISA segment declares";
        return Err(Problem::new(codes::UNKNOWN_SEGMENT, element, message, fix));
    };
    let id = printable(segment.name()).unwrap_or_default();
    if segment.elements() > allowed && !ends_empty(segment, allowed) {
        return Err(extra_elements(segment, id, allowed, set));
    }
    match segment
        .bytes
        .split(|byte| *byte == segment.separators.element)
        .position(|e| e.len() > ELEMENT_LIMIT)
    {
        Some(index) => Err(Problem::new(
            codes::TOO_LONG,
            format!("{id}{index:02}"),
            "the element is longer than 1 MiB",
            "look for a missing separator or terminator in front of it",
        )),
        None => Ok(()),
    }
}

/// Whether nothing stands behind the last element of the layout but separators, which say nothing.
fn ends_empty(segment: &Segment<'_>, allowed: usize) -> bool {
    let last = segment.elements();
    last < 62 && (allowed + 1..=last).all(|index| segment.element(index).is_empty())
}

fn extra_elements(segment: &Segment<'_>, id: &str, allowed: usize, set: Set) -> Problem {
    let found = segment.elements();
    let element = format!("{id}{:02}", allowed + 1);
    let count = format!("`{id}` has {found} elements where its layout has {allowed}");
    match merged_id(segment, set) {
        Some(second) => Problem::new(
            codes::EXTRA_ELEMENTS,
            element,
            format!(
                "{count}; it looks like `{id}` and `{second}` without a terminator between them"
            ),
            format!("end `{id}` with the terminator that the ISA segment declares"),
        ),
        None => Problem::new(
            codes::EXTRA_ELEMENTS,
            element,
            count,
            "take the extra elements out, or look for a missing segment terminator",
        ),
    }
}

/// The id of a second segment that stands at the end of an element, its terminator lost.
fn merged_id<'a>(segment: &Segment<'a>, set: Set) -> Option<&'a str> {
    let last = segment.elements().min(62);
    (1..last).map(|index| segment.element(index)).find_map(|element| {
        [3, 2].into_iter().find_map(|length| {
            let id = element.get(element.len().checked_sub(length)?..)?;
            allowed_in(Id::new(id), set).and_then(|_| printable(id))
        })
    })
}

fn printable(id: &[u8]) -> Option<&str> {
    let sound = matches!(id.len(), 1..=3) && id.iter().all(u8::is_ascii_alphanumeric);
    if sound { core::str::from_utf8(id).ok() } else { None }
}

/// Refuses control characters (separators may be such) and text that is not well-formed UTF-8.
fn characters(segment: &Segment<'_>) -> Result<(), Problem> {
    let bytes = segment.bytes;
    let place = |at: usize| {
        let before = bytes.get(..at).unwrap_or_default();
        let index = before.iter().filter(|b| **b == segment.separators.element).count();
        match printable(segment.name()) {
            Some(id) if index > 0 => format!("{id}{index:02}"),
            _ => String::new(),
        }
    };
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let byte = bytes.get(at).copied().unwrap_or_default();
        Problem::new(
            codes::BAD_CHARACTER,
            place(at),
            format!("byte {byte:#04x}, {at} bytes into the segment, is not UTF-8 text"),
            "write the file as UTF-8 or plain ASCII",
        )
    })?;
    let separator = |c: char| u8::try_from(c).is_ok_and(|b| b == segment.separators.component);
    let refused = |c: char| (c.is_control() || is_noncharacter(c)) && !separator(c);
    let Some((at, found)) = text
        .char_indices()
        .find(|(_, c)| refused(*c) && u8::try_from(*c).ok() != Some(segment.separators.element))
    else {
        return Ok(());
    };
    let (message, fix) = if matches!(found, '\n' | '\r') {
        (
            format!("a line break stands {at} bytes into the segment"),
            "end each segment with the terminator that the ISA segment declares, and do not wrap \
             the file at a column",
        )
    } else {
        let code = u32::from(found);
        (
            format!("the control character U+{code:04X} stands {at} bytes into the segment"),
            "take the character out",
        )
    };
    Err(Problem::new(codes::BAD_CHARACTER, place(at), message, fix))
}

fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}
