//! The envelope that is open: interchange, functional group, transaction, and what their trailers
//! must say.

mod problems;

use std::collections::HashSet;

use cleanbill_model::{ClaimType, Location};

pub(super) use self::problems::stray;
use self::problems::{not_read, st_repeated, version_disagrees, wrong_group};
use super::guide::{Guide, Set, guide};
use super::id::Id;
use super::segment::Segment;
use super::value::count;
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;

/// Control numbers of one group that are remembered to find a repetition; keeps memory flat.
const REMEMBERED: usize = 65_536;

/// A control number, for comparison only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Control {
    start: [u8; 14],
    length: usize,
}

impl Control {
    fn new(text: &[u8]) -> Self {
        let mut start = [0; 14];
        for (slot, byte) in start.iter_mut().zip(text) {
            *slot = *byte;
        }
        Self { start, length: text.len() }
    }
}

#[derive(Debug)]
struct Interchange {
    control: Control,
    groups: u64,
    refused: bool,
}

#[derive(Debug)]
struct Group {
    control: Control,
    transactions: u64,
    implementation: Control,
    /// The transaction set that GS08 names, where it names one that this reader reads.
    set: Option<Set>,
    /// Whether GS01 is as for that.
    is_of_its_kind: bool,
}

#[derive(Debug)]
struct Transaction {
    control: Control,
    segments: u32,
    set: Set,
    refused: bool,
}

/// What a reader reads; everything else is told and set aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wanted {
    /// 837.
    #[default]
    Claims,
    /// 835.
    Remittances,
}

impl Wanted {
    const fn takes(self, set: Set) -> bool {
        matches!((self, set), (Self::Claims, Set::Claims(_)) | (Self::Remittances, Set::Remittance))
    }

    /// ST01.
    const fn transaction(self) -> &'static [u8] {
        match self {
            Self::Claims => b"837",
            Self::Remittances => b"835",
        }
    }

    /// GS01.
    const fn group(self) -> &'static [u8] {
        match self {
            Self::Claims => b"HC",
            Self::Remittances => b"HP",
        }
    }
}

/// What is open around the segment that is read.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    wanted: Wanted,
    interchange: Option<Interchange>,
    group: Option<Group>,
    transaction: Option<Transaction>,
    /// Control numbers of the transactions of the open group.
    seen: HashSet<Control>,
}

/// How a segment inside the open envelope is to be treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// A transaction that is read.
    Read,
    /// A transaction or interchange that is not read.
    Refused,
    /// Between transactions.
    Between,
    /// Outside of any interchange.
    Outside,
}

impl Envelope {
    pub(super) fn new(wanted: Wanted) -> Self {
        Self { wanted, ..Self::default() }
    }

    #[inline]
    pub(super) const fn zone(&self) -> Zone {
        match (&self.transaction, &self.interchange) {
            (Some(Transaction { refused: false, .. }), _) => Zone::Read,
            (Some(_), _) | (_, Some(Interchange { refused: true, .. })) => Zone::Refused,
            (None, Some(_)) => Zone::Between,
            (None, None) => Zone::Outside,
        }
    }

    /// The transaction set of the open transaction that is read.
    #[inline]
    pub(super) fn set(&self) -> Set {
        self.transaction.as_ref().map_or(Set::Remittance, |transaction| transaction.set)
    }

    /// Whether an interchange is open.
    #[inline]
    pub(super) const fn is_open(&self) -> bool {
        self.interchange.is_some()
    }

    /// Whether the open interchange is set aside as a whole.
    pub(super) fn interchange_refused(&self) -> bool {
        self.interchange.as_ref().is_some_and(|interchange| interchange.refused)
    }

    /// Whether `control` is the control number of the open interchange.
    pub(super) fn is_closed_by(&self, control: &[u8]) -> bool {
        self.interchange.as_ref().is_some_and(|open| open.control == Control::new(control))
    }

    /// Counts one more segment of the open transaction and gives its ordinal; 0 outside of one.
    #[inline]
    pub(super) const fn count_segment(&mut self) -> u32 {
        match &mut self.transaction {
            Some(transaction) => {
                transaction.segments = transaction.segments.saturating_add(1);
                transaction.segments
            }
            None => 0,
        }
    }

    /// Segments of the open transaction so far.
    pub(super) const fn segments(&self) -> u32 {
        match &self.transaction {
            Some(transaction) => transaction.segments,
            None => 0,
        }
    }

    /// Counts segments of the open transaction that another reader reads.
    pub(super) const fn pass_over(&mut self, segments: u32) {
        if let Some(transaction) = &mut self.transaction {
            transaction.segments = transaction.segments.saturating_add(segments);
        }
    }

    /// Opens a transaction of `kind` behind its first `segments`; its trailers are read elsewhere.
    pub(super) fn begin_within(&mut self, kind: ClaimType, segments: u32) {
        self.open_interchange(b"", false);
        let (control, set) = (Control::default(), Set::Claims(kind));
        self.transaction = Some(Transaction { control, segments, set, refused: false });
    }

    pub(super) fn open_interchange(&mut self, control: &[u8], refused: bool) {
        self.interchange = Some(Interchange { control: Control::new(control), groups: 0, refused });
    }

    pub(super) fn open_group(&mut self, segment: &Segment<'_>) {
        if let Some(interchange) = &mut self.interchange {
            interchange.groups += 1;
        }
        self.seen.clear();
        let implementation = segment.element(8);
        self.group = Some(Group {
            control: Control::new(segment.element(6)),
            transactions: 0,
            implementation: Control::new(implementation),
            set: match guide(self.wanted.transaction(), implementation) {
                Guide::Read(set) => Some(set),
                Guide::Other(_) => None,
            },
            is_of_its_kind: segment.element(1) == self.wanted.group(),
        });
    }

    /// Opens a transaction; one that is not read is told of and set aside.
    pub(super) fn open_transaction(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        ledger: &mut Ledger,
    ) {
        let control = Control::new(segment.element(2));
        let own = segment.element(3);
        let place = Location { segment: 1, ..place };
        let mut implementation = Control::new(own);
        let is_of_kind = segment.element(1) == self.wanted.transaction();
        let mut set_of_group = None;
        match &mut self.group {
            Some(group) => {
                group.transactions += 1;
                if own.is_empty() {
                    implementation = group.implementation;
                } else if implementation != group.implementation {
                    ledger.note(version_disagrees(self.wanted), place);
                    set_of_group = Some(group.set);
                }
                if is_of_kind && !group.is_of_its_kind && group.transactions == 1 {
                    ledger.note(wrong_group(self.wanted), place);
                }
            }
            None => ledger.note(stray("ST", "no functional group (GS) is open"), place),
        }
        if self.seen.len() < REMEMBERED && !self.seen.insert(control) {
            ledger.note(st_repeated(), place);
        }
        let named = implementation.start.get(..implementation.length).unwrap_or_default();
        let element = if is_of_kind { "ST03" } else { "ST01" };
        let read = match guide(segment.element(1), named) {
            Guide::Other(name) => Err((element, name)),
            Guide::Read(set) if !self.wanted.takes(set) => Err((element, set.name())),
            // Addenda of one guide may differ; another kind of claims leaves open which it is.
            Guide::Read(set) if set_of_group.is_some_and(|group| group != Some(set)) => {
                Err(("ST03", "in a group of another implementation guide"))
            }
            Guide::Read(set) => Ok(set),
        };
        if let Err((element, name)) = read {
            ledger.note(not_read(self.wanted, element, segment.element(1), name), place);
        }
        let (set, refused) = (read.unwrap_or(Set::Remittance), read.is_err());
        self.transaction = Some(Transaction { control, segments: 1, set, refused });
    }

    /// Closes the open transaction with its SE, which has been counted.
    pub(super) fn close_transaction(&mut self, segment: &Segment<'_>) -> Vec<Problem> {
        let Some(open) = self.transaction.take() else {
            return vec![stray("SE", "no transaction is open")];
        };
        if open.refused {
            return Vec::new();
        }
        let found = u64::from(open.segments);
        let total = wrong_count(codes::SE_COUNT, "SE01", segment, found, "segments from ST to SE");
        let control = wrong_control(codes::SE_CONTROL, "SE02", segment, open.control, "ST02");
        total.into_iter().chain(control).collect()
    }

    pub(super) fn close_group(&mut self, segment: &Segment<'_>) -> Vec<Problem> {
        let Some(open) = self.group.take() else {
            return vec![stray("GE", "no functional group is open")];
        };
        let found = open.transactions;
        let total =
            wrong_count(codes::GE_COUNT, "GE01", segment, found, "transactions in the group");
        let control = wrong_control(codes::GE_CONTROL, "GE02", segment, open.control, "GS06");
        total.into_iter().chain(control).collect()
    }

    pub(super) fn close_interchange(&mut self, segment: &Segment<'_>) -> Vec<Problem> {
        let Some(open) = self.interchange.take() else { return Vec::new() };
        if open.refused {
            return Vec::new();
        }
        let found = open.groups;
        let total =
            wrong_count(codes::IEA_COUNT, "IEA01", segment, found, "groups in the interchange");
        let control = wrong_control(codes::IEA_CONTROL, "IEA02", segment, open.control, "ISA13");
        total.into_iter().chain(control).collect()
    }

    /// Closes what is still open inside of a segment with this id and names the missing trailers.
    pub(super) fn missing_before(&mut self, id: Id) -> Vec<&'static str> {
        let (group, interchange) = match id {
            Id::ST | Id::GE => (false, false),
            Id::GS | Id::IEA => (true, false),
            _ => (true, true),
        };
        let refused = self.interchange_refused();
        let mut missing = Vec::new();
        if self.transaction.take().is_some() {
            missing.push("SE");
        }
        if group && self.group.take().is_some() {
            missing.push("GE");
        }
        if interchange && self.interchange.take().is_some() {
            missing.push("IEA");
            if refused {
                missing = vec!["IEA"];
            }
        }
        missing
    }
}

fn wrong_count(
    code: &'static str,
    element: &str,
    segment: &Segment<'_>,
    found: u64,
    what: &str,
) -> Option<Problem> {
    let message = match count(segment.element(1)) {
        Some(said) if said == found => return None,
        Some(said) => format!("`{element}` says {said}, but there are {found} {what}"),
        None => format!("`{element}` is not a whole number; there are {found} {what}"),
    };
    let fix = format!("write {found}, or look for what was lost or added on the way");
    Some(Problem::new(code, element, message, fix))
}

fn wrong_control(
    code: &'static str,
    element: &str,
    segment: &Segment<'_>,
    opened: Control,
    header: &str,
) -> Option<Problem> {
    if Control::new(segment.element(2)) == opened {
        return None;
    }
    let message = format!("`{element}` is not the control number in `{header}`");
    let fix = format!("repeat `{header}` in `{element}`, or look for a lost trailer and header");
    Some(Problem::new(code, element, message, fix))
}
