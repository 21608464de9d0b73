//! One claim of an 835, from its CLP to the segment that ends it.

use cleanbill_model::{
    DateRange, Frequency, Location, Money, Rarc, RemittanceStatus, RemittedClaim, RemittedLine,
};

use super::adjustment;
use super::line::{Days, service};
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::x12::id::Id;
use crate::x12::segment::Segment;
use crate::x12::value::identity;
use crate::x12::value::unreadable;

/// What is known of a claim that is being read, beside the claim itself.
#[derive(Debug, Default)]
pub(super) struct Draft {
    charge: Option<Money>,
    /// Statement dates of the claim (DTM\*232, 233).
    days: Days,
    /// Dates of the line that is open.
    line_days: Days,
    problem: Option<(Problem, Location)>,
}

impl Draft {
    /// Keeps the first reason for which the claim is set aside.
    pub(super) fn fail(&mut self, problem: Problem, place: Location) {
        self.problem.get_or_insert((problem, place));
    }

    /// The charge of the claim, where it could be read.
    pub(super) const fn charge(&self) -> Option<Money> {
        self.charge
    }

    /// Starts a claim whose `CLP` cannot be read at all.
    pub(super) fn start_unread(&mut self, problem: Problem, place: Location) {
        *self = Self { problem: Some((problem, place)), ..Self::default() };
    }

    /// Starts a claim with its `CLP`; `unsound` is what the layout of the segment already told.
    pub(super) fn start(
        &mut self,
        segment: &Segment<'_>,
        unsound: Option<Problem>,
        claim: &mut RemittedClaim,
        place: Location,
    ) {
        *self = Self { problem: unsound.map(|problem| (problem, place)), ..Self::default() };
        self.charge = Money::parse(segment.element(3)).ok();
        if let Some(id) = identity(segment) {
            claim.claim_id = claim.texts.add(id);
        }
        if let Err(problem) = opening(segment, claim) {
            self.fail(problem, place);
        }
    }

    /// Reads one segment behind `CLP`.
    pub(super) fn read(
        &mut self,
        segment: &Segment<'_>,
        claim: &mut RemittedClaim,
        place: Location,
        ledger: &mut Ledger,
    ) {
        let read = match segment.id() {
            Id::CAS => adjustment::read(segment, &mut claim.adjustments),
            Id::SVC => {
                self.end_line(claim, ledger);
                let mut line = RemittedLine {
                    adjustments: claim.adjustments.len()..claim.adjustments.len(),
                    remarks: claim.remarks.len()..claim.remarks.len(),
                    location: place,
                    ..RemittedLine::default()
                };
                let read = service(segment, &mut line);
                claim.lines.push(line);
                read
            }
            Id::DTM => {
                let days =
                    if claim.lines.is_empty() { &mut self.days } else { &mut self.line_days };
                // A date only helps to find the line: without it there are other ways.
                if let Err(problem) = days.read(segment) {
                    ledger.note(problem, place);
                }
                Ok(())
            }
            Id::REF if segment.element(1) == b"6R" => {
                let number = claim.texts.add(segment.text(2));
                if let Some(line) =
                    claim.lines.last_mut().filter(|line| line.control_number.is_empty())
                {
                    line.control_number = number;
                }
                Ok(())
            }
            Id::AMT if segment.element(1) == b"B6" => allowed(segment, claim),
            Id::LQ if segment.element(1) == b"HE" => {
                remarks(segment, &[2], claim, place, ledger);
                Ok(())
            }
            Id::MIA => {
                remarks(segment, &[5, 20, 21, 22, 23], claim, place, ledger);
                Ok(())
            }
            Id::MOA => {
                remarks(segment, &[3, 4, 5, 6, 7], claim, place, ledger);
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(problem) = read {
            self.fail(problem, place);
        }
    }

    /// The claim is whole: gives the reason for which it is set aside, else tells what does not balance.
    pub(super) fn finish(
        &mut self,
        claim: &mut RemittedClaim,
        ledger: &mut Ledger,
    ) -> Option<(Problem, Location)> {
        self.end_line(claim, ledger);
        if let Some(problem) = self.problem.take() {
            return Some(problem);
        }
        let of_claim = days(self.days);
        let mut unbalanced = false;
        for line in &mut claim.lines {
            line.dates = line.dates.or(of_claim);
            let adjusted = claim.adjustments.get(line.adjustments.clone()).unwrap_or_default();
            let sum: i128 = adjusted.iter().map(|one| cents(one.amount)).sum();
            if cents(line.charge) - sum != cents(line.paid) {
                unbalanced = true;
                let apart = cents(line.charge) - sum - cents(line.paid);
                ledger.note(off(codes::LINE_BALANCE, "SVC03", "the line", apart), line.location);
            }
        }
        let sum: i128 = claim.adjustments.iter().map(|one| cents(one.amount)).sum();
        let apart = cents(claim.charge) - sum - cents(claim.paid);
        if apart != 0 && !unbalanced {
            ledger.note(off(codes::CLAIM_BALANCE, "CLP04", "the claim", apart), claim.location);
        }
        None
    }

    /// Ends the line that is open, if there is one.
    fn end_line(&mut self, claim: &mut RemittedClaim, ledger: &mut Ledger) {
        let (adjustments, remarks) = (claim.adjustments.len(), claim.remarks.len());
        if let Some(line) = claim.lines.last_mut() {
            line.adjustments.end = adjustments;
            line.remarks.end = remarks;
            let Days { from, through } = self.line_days;
            line.dates = days(self.line_days);
            if line.dates.is_none() && from.is_some() && through.is_some() {
                let message = "the first day of service is behind the last one";
                let fix = "DTM*150 is the first day, DTM*151 the last one";
                ledger
                    .note(Problem::new(codes::SERVICE_DATE, "DTM02", message, fix), line.location);
            }
        }
        self.line_days = Days::default();
    }
}

/// Identity, status and amounts.
fn opening(segment: &Segment<'_>, claim: &mut RemittedClaim) -> Result<(), Problem> {
    if claim.claim_id.is_empty() {
        let fix = "the patient control number, 38 characters at the most, is needed";
        return Err(unreadable(codes::CLAIM_ID, "CLP01", "is empty or too long", fix));
    }
    claim.status = RemittanceStatus::new(segment.element(2)).ok_or_else(|| {
        let fix = "the statuses are 1 to 4, 19 to 23 and 25; ask the payer for a corrected file";
        unreadable(codes::REMIT_STATUS, "CLP02", "is no claim status of version 5010", fix)
    })?;
    claim.charge = Money::parse(segment.element(3)).map_err(|error| {
        let fix = "the total charge in dollars and cents, `680.00`, is needed";
        unreadable(codes::CLAIM_CHARGE, "CLP03", error, fix)
    })?;
    let amount = |index: usize, element: &str| {
        Money::parse(segment.element(index)).map_err(|error| {
            let fix = "the amount in dollars and cents, `0` for nothing, is needed";
            unreadable(codes::AMOUNT_PAID, element, error, fix)
        })
    };
    claim.paid = amount(4, "CLP04")?;
    if !segment.element(5).is_empty() {
        claim.patient_responsibility = Some(amount(5, "CLP05")?);
    }
    claim.payer_claim = claim.texts.add(segment.text(7));
    claim.frequency = Frequency::new(segment.element(9));
    Ok(())
}

fn allowed(segment: &Segment<'_>, claim: &mut RemittedClaim) -> Result<(), Problem> {
    let Some(line) = claim.lines.last_mut() else { return Ok(()) };
    let amount = Money::parse(segment.element(2)).map_err(|error| {
        let fix = "write the amount allowed in dollars and cents, or leave `AMT*B6` out";
        unreadable(codes::AMOUNT_PAID, "AMT02", error, fix)
    })?;
    line.allowed = Some(amount);
    Ok(())
}

/// Remark codes at these elements; one that cannot be read is told and left out.
fn remarks(
    segment: &Segment<'_>,
    at: &[usize],
    claim: &mut RemittedClaim,
    place: Location,
    ledger: &mut Ledger,
) {
    for index in at {
        let text = segment.element(*index);
        if text.is_empty() {
            continue;
        }
        match Rarc::new(text) {
            Ok(remark) => claim.remarks.push(remark),
            Err(error) => {
                let id = core::str::from_utf8(segment.name()).unwrap_or_default();
                let fix = "the claim is used without it; ask the payer what was meant";
                let element = format!("{id}{index:02}");
                ledger.note(unreadable(codes::REMARK, &element, error, fix), place);
            }
        }
    }
}

fn days(days: Days) -> Option<DateRange> {
    let from = days.from.or(days.through)?;
    DateRange::new(from, days.through.unwrap_or(from)).ok()
}

fn cents(amount: Money) -> i128 {
    i128::from(amount.cents())
}

fn off(code: &'static str, element: &str, what: &str, apart: i128) -> Problem {
    let amount = i64::try_from(apart.abs()).map(|cents| Money::from_cents(cents).to_string());
    let message = format!(
        "charge less adjustments is not what was paid on {what}, {} apart",
        amount.as_deref().unwrap_or("far")
    );
    let fix = "look for a lost `CAS`; the claim is used as it is";
    Problem::new(code, element, message, fix)
}
