//! Loops 2300 to 2440: one claim, from its CLM to the segment that ends it.

use cleanbill_model::{
    Claim, ClaimType, DateRange, Location, Money, Phi, Provider, TextArena, TextRef,
};

use super::date::keep_only;
use super::id::Id;
use super::line::{LineDraft, outside_line, too_many_lines};
use super::place::place_and_frequency;
use super::segment::Segment;
use super::value::{check_digit, count, identity, npi, specialty, unreadable};
use super::{date, drug, health, other_payer};
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::total;

/// Service lines that the guides of professional and dental claims allow (loop 2400), and those that
/// the guide of institutional claims allows, beyond which any claim is set aside.
const LINES_IN_GUIDE: usize = 50;
const LINES_READ: usize = 999;

/// Whose provider an NM1 segment names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Rendering,
    Referring,
    Ordering,
    Attending,
    Operating,
    Other,
}

/// The loop in which a claim is being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Loop {
    /// 2300, or 2400 when a line is open.
    #[default]
    Own,
    /// 2310 or 2420.
    Provider(Role),
    /// 2320 and 2330: another payer's subscriber, payer and providers.
    OtherPayer,
    /// 2430: what another payer said of the line.
    Adjudication,
    /// 2410 or 2440.
    Detail,
}

/// What is known of a claim that is being read, beside the claim itself.
#[derive(Debug, Default)]
pub(super) struct Draft {
    within: Loop,
    line: Option<LineDraft>,
    charge: Option<Money>,
    /// Dates that lines without their own take: the statement period of an institutional claim, the
    /// date of service of a dental one.
    dates: Option<DateRange>,
    problem: Option<(Problem, Location)>,
    numbers_told: bool,
    count_told: bool,
}

impl Draft {
    /// Keeps the first reason for which the claim is set aside.
    pub(super) fn fail(&mut self, problem: Problem, place: Location) {
        self.problem.get_or_insert((problem, place));
    }

    /// Whether the claim will be set aside.
    pub(super) const fn has_failed(&self) -> bool {
        self.problem.is_some()
    }

    /// The charge of the claim, where it could be read.
    pub(super) const fn charge(&self) -> Option<Money> {
        self.charge
    }

    /// Starts a claim whose `CLM` cannot be read at all.
    pub(super) fn start_unread(&mut self, problem: Problem, place: Location) {
        self.reset(Some((problem, place)));
    }

    /// Forgets the claim before, each field in its place: all of them together are much to copy.
    fn reset(&mut self, problem: Option<(Problem, Location)>) {
        (self.within, self.line, self.charge, self.dates) = (Loop::default(), None, None, None);
        (self.problem, self.numbers_told, self.count_told) = (problem, false, false);
    }

    /// Starts a claim with its `CLM`.
    ///
    /// `unsound` is what the layout of the segment already told.
    pub(super) fn start(
        &mut self,
        segment: &Segment<'_>,
        unsound: Option<Problem>,
        claim: &mut Claim,
        place: Location,
    ) {
        self.reset(unsound.map(|problem| (problem, place)));
        let id = identity(segment);
        let charge = Money::parse(segment.element(2));
        self.charge = charge.ok();
        claim.charge = self.charge.unwrap_or_default();
        if let Some(id) = id {
            claim.claim_id = claim.texts.add(id);
        }
        let mut read = || -> Result<(), Problem> {
            if id.is_none() {
                let fix = "write the patient control number, 38 characters at the most";
                return Err(unreadable(codes::CLAIM_ID, "CLM01", "is empty or too long", fix));
            }
            charge.map_err(|error| {
                let fix = "write the total charge in dollars and cents, `680.00`";
                unreadable(codes::CLAIM_CHARGE, "CLM02", error, fix)
            })?;
            place_and_frequency(segment, claim)
        };
        if let Err(problem) = read() {
            self.fail(problem, place);
        }
    }

    /// Reads one segment behind `CLM`.
    pub(super) fn read(
        &mut self,
        segment: &Segment<'_>,
        claim: &mut Claim,
        place: Location,
        ledger: &mut Ledger,
    ) {
        if self.problem.is_some() {
            return;
        }
        if let Err(problem) = self.segment(segment, claim, place, ledger) {
            self.fail(problem, place);
        }
    }

    /// Ends the claim: `None` when it is whole, else why it is set aside.
    pub(super) fn finish(
        &mut self,
        claim: &mut Claim,
        ledger: &mut Ledger,
    ) -> Option<(Problem, Location)> {
        self.end_line(claim);
        if claim.lines.is_empty() {
            let fix = "write at least one service line (`LX`, service segment, `DTP*472`)";
            let problem = Problem::new(codes::NO_LINE, "CLM", "the claim has no service line", fix);
            self.fail(problem, claim.location);
        }
        claim.resolve_line_defaults();
        claim.facility.statement = self.dates.filter(|_| is_of(claim, ClaimType::Institutional));
        if self.problem.is_none() {
            whole_claim(claim, ledger);
        }
        self.problem.take()
    }

    fn segment(
        &mut self,
        segment: &Segment<'_>,
        claim: &mut Claim,
        place: Location,
        ledger: &mut Ledger,
    ) -> Result<(), Problem> {
        match segment.id() {
            Id::LX => self.open_line(segment, claim, place, ledger)?,
            Id::SV1 | Id::SV2 | Id::SV3 => match &mut self.line {
                Some(line) => line.service(segment, claim, place)?,
                None => return Err(outside_line(segment)),
            },
            Id::DTP => {
                if let Some(problem) = self.date(segment, claim)? {
                    ledger.note(problem, place);
                }
            }
            Id::HI => health::codes(segment, claim, place, ledger)?,
            Id::NM1 => self.provider(segment, claim, place, ledger)?,
            Id::PRV => {
                if let Some(provider) = self.named(claim)
                    && let Err(problem) = specialty(segment, provider)
                {
                    ledger.note(problem, place);
                }
            }
            Id::REF => self.reference(segment, claim),
            Id::NTE => self.note(segment, claim),
            Id::SBR => self.within = Loop::OtherPayer,
            Id::LIN => {
                self.within = Loop::Detail;
                if let Some(draft) = &mut self.line {
                    drug::code(segment, &mut draft.line)?;
                }
            }
            Id::CTP => {
                if let Some(drug) = self.line.as_mut().and_then(|draft| draft.line.drug.as_mut()) {
                    drug::quantity(segment, drug)?;
                }
            }
            Id::SVD if self.line.is_some() => self.within = Loop::Adjudication,
            Id::SVD | Id::LQ => self.within = Loop::Detail,
            Id::CL1 => health::admission(segment, claim, place, ledger),
            _ => {}
        }
        let of_other_payer = match self.within {
            Loop::OtherPayer => other_payer::of_claim(segment, claim),
            Loop::Adjudication => other_payer::of_line(segment, claim),
            Loop::Own | Loop::Provider(_) | Loop::Detail => return Ok(()),
        };
        if let Err(problem) = of_other_payer {
            ledger.note(problem, place);
        }
        Ok(())
    }

    fn open_line(
        &mut self,
        segment: &Segment<'_>,
        claim: &mut Claim,
        place: Location,
        ledger: &mut Ledger,
    ) -> Result<(), Problem> {
        self.end_line(claim);
        self.within = Loop::Own;
        let before = claim.lines.len();
        if before >= LINES_READ {
            return Err(too_many_lines("999 service lines are read at the most"));
        }
        let told = self.count_told || is_of(claim, ClaimType::Institutional);
        if before >= LINES_IN_GUIDE && !told {
            self.count_told = true;
            ledger.note(too_many_lines("the guide allows 50 service lines in a claim"), place);
        }
        let next = u32::try_from(before + 1).unwrap_or(u32::MAX);
        let number = count(segment.element(1)).and_then(|number| u32::try_from(number).ok());
        if number != Some(next) && !self.numbers_told {
            self.numbers_told = true;
            let message = format!("`LX01` does not number the lines of the claim; {next} is next");
            let fix = "number the service lines of a claim 1, 2, 3 without a gap";
            ledger.note(Problem::new(codes::LINE_NUMBER, "LX01", message, fix), place);
        }
        self.line = Some(LineDraft::new(number.unwrap_or(next), place));
        Ok(())
    }

    fn end_line(&mut self, claim: &mut Claim) {
        let Some(line) = &mut self.line else { return };
        let ended = line.finish(self.dates, &mut claim.lines);
        self.line = None;
        if let Err((problem, place)) = ended {
            self.fail(problem, place);
        }
    }

    /// `DTP`: the date of service of a line; above the lines the statement period of an institutional
    /// claim and the date of service of a dental one. Others are only checked; gives what is wrong.
    #[inline]
    fn date(&mut self, segment: &Segment<'_>, claim: &Claim) -> Result<Option<Problem>, Problem> {
        match (segment.element(1), &mut self.line, claim.claim_type) {
            (b"472", Some(line), _) => line.service_date(segment)?,
            (b"434", None, ClaimType::Institutional) => keep_only(
                &mut self.dates,
                segment,
                "statement period (`DTP*434`) stands in the claim",
            )?,
            (b"472", None, ClaimType::Dental) => keep_only(
                &mut self.dates,
                segment,
                "date of service (`DTP*472`) stands in the claim",
            )?,
            // A date of service above the lines is not of the 837P; each line must have its own.
            _ => return Ok(date::check(segment)),
        }
        Ok(None)
    }

    fn provider(
        &mut self,
        segment: &Segment<'_>,
        claim: &mut Claim,
        place: Location,
        ledger: &mut Ledger,
    ) -> Result<(), Problem> {
        if self.within == Loop::OtherPayer && self.line.is_none() {
            return Ok(());
        }
        let role = match segment.element(1) {
            b"82" => Role::Rendering,
            b"DN" | b"P3" => Role::Referring,
            b"DK" => Role::Ordering,
            b"71" => Role::Attending,
            b"72" => Role::Operating,
            _ => Role::Other,
        };
        self.within = Loop::Provider(role);
        let npi = npi(segment)?;
        if let Some(problem) = check_digit(npi) {
            ledger.note(problem, place);
        }
        let Some(provider) = self.named(claim) else { return Ok(()) };
        if provider.is_absent() {
            provider.npi = npi;
        } else if role == Role::Referring {
            // DN comes first; P3, the primary care provider, is not what edits ask for.
            self.within = Loop::Provider(Role::Other);
        } else {
            return Err(Problem::new(
                codes::REPEATED,
                "NM101",
                "the claim or line names the same kind of provider twice",
                "name each kind of provider once per claim and once per line",
            ));
        }
        Ok(())
    }

    /// The provider that the last NM1 named, where edits read it.
    fn named<'a>(&'a mut self, claim: &'a mut Claim) -> Option<&'a mut Provider> {
        let Loop::Provider(role) = self.within else { return None };
        match (role, &mut self.line) {
            (Role::Rendering, None) => Some(&mut claim.rendering),
            (Role::Referring, None) => Some(&mut claim.referring),
            (Role::Rendering, Some(draft)) => Some(&mut draft.line.provider),
            (Role::Referring, Some(draft)) => Some(&mut draft.line.referring),
            (Role::Ordering, Some(draft)) => Some(&mut draft.line.ordering),
            (Role::Attending, None) => Some(&mut claim.facility.attending),
            (Role::Operating, None) => Some(&mut claim.facility.operating),
            (Role::Ordering, None)
            | (Role::Attending | Role::Operating, Some(_))
            | (Role::Other, _) => None,
        }
    }

    fn reference(&mut self, segment: &Segment<'_>, claim: &mut Claim) {
        match (segment.element(1), &mut self.line) {
            (b"6R", Some(draft)) => {
                draft.line.control_number = claim.texts.add(segment.text(2));
            }
            // With REF04 the number is that of another payer (its identifier behind `2U`).
            (b"G1", Some(draft)) if segment.element(4).is_empty() => {
                keep_first(&mut draft.line.authorization, &mut claim.texts, segment);
            }
            (b"G1", None) if self.within != Loop::OtherPayer => {
                keep_first(&mut claim.authorization, &mut claim.texts, segment);
            }
            // REF*F8 of loop 2330B is the other payer's number.
            (b"F8", None) if self.within != Loop::OtherPayer => {
                claim.original_reference = claim.texts.add(segment.text(2));
            }
            (b"D9", None) if self.within != Loop::OtherPayer => {
                claim.clearinghouse_number = claim.texts.add(segment.text(2));
            }
            _ => {}
        }
    }

    fn note(&mut self, segment: &Segment<'_>, claim: &mut Claim) {
        let note = match &mut self.line {
            Some(draft) => &mut draft.line.note,
            None => &mut claim.note,
        };
        keep_first(note, &mut claim.texts, segment);
    }
}

/// Puts the second element into `kept`, unless an earlier segment did.
fn keep_first(kept: &mut Phi<TextRef>, texts: &mut TextArena, segment: &Segment<'_>) {
    if kept.reveal().is_empty() {
        *kept = Phi::new(texts.add(segment.text(2)));
    }
}

#[inline]
fn is_of(claim: &Claim, kind: ClaimType) -> bool {
    claim.claim_type == kind
}

/// Tells what does not fit together in a claim that could be read.
#[inline]
fn whole_claim(claim: &Claim, ledger: &mut Ledger) {
    if let Some(problem) = total::check(claim) {
        ledger.note(problem, claim.location);
    }
    if claim.diagnoses.is_empty() && !is_of(claim, ClaimType::Dental) {
        let message = "the claim has no diagnosis (`HI`), which the guide requires";
        let fix = "write `HI` with the principal diagnosis (ABK) in every claim";
        let problem = Problem::new(codes::REQUIRED, "HI", message, fix);
        ledger.note(problem, claim.location);
    }
}
