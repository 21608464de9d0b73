//! What answers to the sender of a file need of it: envelope, parties and names.
//!
//! The one place in which names are read, and only for runs that ask for them.

use cleanbill_model::{
    Beginning, Claim, DateRange, EnvelopePart, Group, Interchange, Level, Location, Money, Party,
    Phi, Role, SetAside, Transaction,
};

use super::date;
use super::id::Id;
use super::segment::Segment;
use super::separators::Isa;
use super::value::count;
use crate::ledger::Ledger;

/// The header of an interchange, as far as it can be told apart.
pub(super) fn interchange(isa: &Isa) -> EnvelopePart {
    let elements: Vec<&[u8]> = isa.bytes.split(|byte| *byte == isa.separators.element).collect();
    let raw = |index: usize| elements.get(index).copied().unwrap_or_default();
    let text = |index| String::from_utf8_lossy(raw(index)).trim().to_owned();
    let separators = isa.problem.is_none().then(|| {
        let repetition = raw(11).first().filter(|byte| byte.is_ascii_punctuation());
        let repetition = repetition.copied().map(char::from)?;
        let [element, component, terminator] =
            [isa.separators.element, isa.separators.component, isa.separators.terminator]
                .map(char::from);
        Some([element, component, repetition, terminator])
    });
    EnvelopePart::Interchange(Box::new(Interchange {
        sender_qualifier: text(5),
        sender: text(6),
        receiver_qualifier: text(7),
        receiver: text(8),
        date: text(9),
        time: text(10),
        control: text(13),
        wants_acknowledgement: raw(14) == b"1",
        usage: text(15),
        separators: separators.flatten(),
    }))
}

/// What a segment outside of claims tells; `None` where answers do not need it.
pub(super) fn part_of(segment: &Segment<'_>) -> Option<EnvelopePart> {
    let text = |index| segment.text(index).to_owned();
    Some(match segment.id() {
        Id::GS => EnvelopePart::Group(Box::new(Group {
            kind: text(1),
            sender: text(2),
            receiver: text(3),
            date: text(4),
            time: text(5),
            control: text(6),
            guide: text(8),
        })),
        Id::ST => EnvelopePart::Transaction(Box::new(Transaction {
            kind: text(1),
            control: text(2),
            guide: text(3),
        })),
        Id::BHT => EnvelopePart::Beginning(Box::new(Beginning {
            reference: text(3),
            date: text(4),
            time: text(5),
        })),
        Id::HL => EnvelopePart::Level(match segment.element(3) {
            b"20" => Level::BillingProvider,
            b"22" => Level::Subscriber,
            // Below a level that is not known nobody is the patient until one is named.
            _ => Level::Patient,
        }),
        Id::NM1 => EnvelopePart::Party(role(segment.element(1))?, Box::new(party(segment))),
        Id::REF if segment.element(1) == b"EI" => EnvelopePart::TaxId(text(2)),
        Id::SE => EnvelopePart::TransactionEnd,
        Id::GE => EnvelopePart::GroupEnd(count(segment.element(1))),
        Id::IEA => EnvelopePart::InterchangeEnd,
        _ => return None,
    })
}

/// What answers need of the claim that is being read.
#[derive(Debug, Default)]
pub(super) struct OfClaim {
    /// First and last day that its dates of service (DTP*472) or statement (DTP*434) name.
    dates: Option<DateRange>,
    /// Loop in which it was found wrong.
    failed_in: Option<&'static str>,
}

impl OfClaim {
    /// Takes in a segment of the claim, which is known to be wrong from `has_failed` on.
    pub(super) fn read(&mut self, segment: &Segment<'_>, has_failed: bool, ledger: &Ledger) {
        if segment.id() == Id::DTP && matches!(segment.element(1), b"472" | b"434") {
            self.dates = widened(self.dates, segment);
        }
        if has_failed {
            self.failed_in.get_or_insert(ledger.loop_id);
        }
    }

    /// The claim as answers need it, before it is emptied.
    pub(super) fn set_aside(&self, claim: &Claim, charge: Option<Money>) -> SetAside {
        SetAside {
            ordinal: claim.ordinal,
            claim: Some(claim.id()).filter(|id| !id.is_empty()).map(str::to_owned),
            charge,
            clearinghouse_number: claim.text(claim.clearinghouse_number).to_owned(),
            dates: self.dates,
            offset: claim.location.offset,
        }
    }

    /// Loop of what is wrong with the claim at `place`: what was found at its end belongs to its last
    /// line, and the loop of what stands above it was told there.
    pub(super) fn failed_in(
        &self,
        place: Location,
        claim: &Claim,
        last_loop: &'static str,
    ) -> &'static str {
        let is_above = place.offset < claim.location.offset;
        if is_above { "" } else { self.failed_in.unwrap_or(last_loop) }
    }
}

fn widened(dates: Option<DateRange>, segment: &Segment<'_>) -> Option<DateRange> {
    let Ok(found) = date::dates(segment) else { return dates };
    let Some(dates) = dates else { return Some(found) };
    let (from, through) = (dates.from().min(found.from()), dates.through().max(found.through()));
    DateRange::new(from, through).ok()
}

const fn role(code: &[u8]) -> Option<Role> {
    Some(match code {
        b"41" => Role::Submitter,
        b"40" => Role::Receiver,
        b"85" => Role::BillingProvider,
        b"IL" => Role::Subscriber,
        b"QC" => Role::Patient,
        _ => return None,
    })
}

fn party(segment: &Segment<'_>) -> Party {
    let text = |index| Phi::new(segment.text(index).to_owned());
    Party {
        is_person: segment.element(2) == b"1",
        name: text(3),
        first: text(4),
        middle: text(5),
        suffix: text(7),
        id_qualifier: segment.text(8).to_owned(),
        id: text(9),
    }
}
