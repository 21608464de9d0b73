//! Which line of a remitted claim answers which line of the claim.
//!
//! The line's own number (REF\*6R) tells it best; payers that do not echo it, or echo the place of the line
//! instead, are matched by what was billed, and by the order of the lines when nothing else tells.

use cleanbill_model::{Modifiers, ProcedureCode, RemittedClaim, RemittedLine};

use super::book::BookedLine;

/// The lines of one claim, matched; its memory is used again.
#[derive(Debug, Default)]
pub(super) struct Join {
    /// Place of the booked line for each remitted one.
    of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

/// One way of telling that two lines are the same.
type Same = fn(&BookedLine, &Seen<'_>) -> bool;

/// A remitted line, as it is compared.
struct Seen<'a> {
    line: &'a RemittedLine,
    control_number: &'a str,
    /// Place in the claim, from 1.
    place: u32,
}

/// From the surest to the weakest.
const WAYS: [Same; 5] = [by_control_number, by_all, by_code_and_day, by_code, by_revenue_day];

impl Join {
    /// Matches the lines of `remitted` with `own`; `knows_all` says that no line of the claim is missing in
    /// `own`, so that the order of the lines may tell.
    pub(super) fn join(&mut self, own: &[BookedLine], remitted: &RemittedClaim, knows_all: bool) {
        self.of.clear();
        self.of.resize(remitted.lines.len(), None);
        self.taken.clear();
        self.taken.resize(own.len(), false);
        for (index, way) in WAYS.into_iter().enumerate() {
            for (at, seen) in self.open(remitted) {
                // A payer may split a line: its parts share the number of the line.
                let splits = index == 0;
                let found = own.iter().enumerate().position(|(place, line)| {
                    (splits || self.taken.get(place) == Some(&false)) && way(line, &seen)
                });
                if let Some(found) = found {
                    self.set(at, found);
                }
            }
        }
        self.by_place(own, remitted, knows_all);
    }

    /// What is left, in its order: only where nothing contradicts it.
    fn by_place(&mut self, own: &[BookedLine], remitted: &RemittedClaim, knows_all: bool) {
        let fits = |line: &BookedLine, seen: &Seen<'_>| {
            let same_code = code(seen.line).is_none_or(|(code, _)| line.procedure == Some(code))
                || seen.line.procedure == line.procedure;
            same_code || is_same_charge(line, seen.line)
        };
        let open = self.open(remitted);
        if knows_all {
            let free: Vec<usize> =
                (0..own.len()).filter(|place| self.taken.get(*place) == Some(&false)).collect();
            let pairs = || open.iter().zip(&free);
            let all_fit = pairs()
                .all(|((_, seen), place)| own.get(*place).is_some_and(|line| fits(line, seen)));
            if open.len() == free.len() && all_fit {
                let pairs: Vec<_> = pairs().map(|((at, _), place)| (*at, *place)).collect();
                pairs.into_iter().for_each(|(at, place)| self.set(at, place));
            }
            return;
        }
        for (at, seen) in &open {
            let found = own.iter().enumerate().position(|(place, line)| {
                self.taken.get(place) == Some(&false)
                    && line.number == seen.place
                    && fits(line, seen)
            });
            if let Some(found) = found {
                self.set(*at, found);
            }
        }
    }

    /// Remitted lines without a match.
    fn open<'a>(&self, remitted: &'a RemittedClaim) -> Vec<(usize, Seen<'a>)> {
        let seen = |(line, place): (&'a RemittedLine, u32)| Seen {
            line,
            control_number: remitted.text(line.control_number),
            place,
        };
        let lines = remitted.lines.iter().zip(1_u32..).map(seen).enumerate();
        lines.filter(|(at, _)| self.of.get(*at) == Some(&None)).collect()
    }

    fn set(&mut self, at: usize, place: usize) {
        if let Some(slot) = self.of.get_mut(at) {
            *slot = Some(place);
        }
        if let Some(taken) = self.taken.get_mut(place) {
            *taken = true;
        }
    }

    /// The remitted lines that answer the booked line at `place`.
    pub(super) fn parts_of<'a>(
        &'a self,
        place: usize,
        remitted: &'a RemittedClaim,
    ) -> impl Iterator<Item = &'a RemittedLine> + Clone {
        let pairs = remitted.lines.iter().zip(&self.of);
        pairs.filter(move |(_, of)| **of == Some(place)).map(|(line, _)| line)
    }

    /// The remitted lines of which it is not known what they answer.
    pub(super) fn not_matched<'a>(
        &'a self,
        remitted: &'a RemittedClaim,
    ) -> impl Iterator<Item = &'a RemittedLine> {
        remitted.lines.iter().zip(&self.of).filter(|(_, of)| of.is_none()).map(|(line, _)| line)
    }
}

/// What was billed: SVC06 where the payer adjudicated another code, else SVC01.
fn code(line: &RemittedLine) -> Option<(ProcedureCode, Modifiers)> {
    match line.submitted {
        Some(code) => Some((code, line.submitted_modifiers)),
        None => line.procedure.map(|code| (code, line.modifiers)),
    }
}

fn by_control_number(own: &BookedLine, seen: &Seen<'_>) -> bool {
    if own.control_number.is_empty() {
        // A payer that was given no number may send the line's place (LX01) back.
        let number = seen.control_number.parse() == Ok(own.number);
        return number && own.number > 0 && is_same_code(own, seen.line);
    }
    *own.control_number == *seen.control_number
}

fn by_all(own: &BookedLine, seen: &Seen<'_>) -> bool {
    by_code_and_day(own, seen)
        && code(seen.line).is_some_and(|(_, modifiers)| modifiers == own.modifiers)
}

/// Some payers leave out the modifiers that were billed.
fn by_code_and_day(own: &BookedLine, seen: &Seen<'_>) -> bool {
    is_same_code(own, seen.line) && is_same_charge(own, seen.line) && is_same_day(own, seen.line)
}

fn by_code(own: &BookedLine, seen: &Seen<'_>) -> bool {
    let no_day = own.from.is_none() || seen.line.dates.is_none();
    no_day && is_same_code(own, seen.line) && is_same_charge(own, seen.line)
}

/// Lines without a procedure code.
fn by_revenue_day(own: &BookedLine, seen: &Seen<'_>) -> bool {
    own.procedure.is_none()
        && code(seen.line).is_none()
        && is_same_charge(own, seen.line)
        && is_same_day(own, seen.line)
}

fn is_same_code(own: &BookedLine, line: &RemittedLine) -> bool {
    own.procedure.is_some() && code(line).map(|(code, _)| code) == own.procedure
}

/// A reversal has the charge with a minus.
fn is_same_charge(own: &BookedLine, line: &RemittedLine) -> bool {
    own.charge.cents().unsigned_abs() == line.charge.cents().unsigned_abs()
}

fn is_same_day(own: &BookedLine, line: &RemittedLine) -> bool {
    own.from.is_some() && line.dates.map(|dates| dates.from()) == own.from
}
