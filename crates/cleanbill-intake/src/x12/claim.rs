//! Loops 2300 to 2440: one claim, from its CLM to the segment that ends it.

use cleanbill_model::{
    Claim, DiagnosisCode, DiagnosisSystem, Frequency, Location, Money, Phi, PlaceOfService,
    Provider, TextArena, TextRef,
};

use super::drug;
use super::line::LineDraft;
use super::segment::Segment;
use super::value::{count, npi, specialty, unreadable, unreadable_component};
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;

/// Characters of a patient control number (CLM01) that the guide allows.
const CLAIM_ID_LIMIT: usize = 38;
/// Service lines that the guide allows (loop 2400), and beyond which a claim is set aside.
const LINES_IN_GUIDE: usize = 50;
const LINES_READ: usize = 999;
/// Diagnoses that a claim may have: a pointer reaches 12.
const DIAGNOSES: usize = 12;

/// Whose provider an NM1 segment names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Rendering,
    Referring,
    Ordering,
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
    /// 2410, 2430 or 2440.
    Detail,
}

/// What is known of a claim that is being read, beside the claim itself.
#[derive(Debug, Default)]
pub(super) struct Draft {
    within: Loop,
    line: Option<LineDraft>,
    charge: Option<Money>,
    problem: Option<(Problem, Location)>,
    numbers_told: bool,
    count_told: bool,
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

    /// Starts a claim whose `CLM` cannot be read at all.
    pub(super) fn start_unread(&mut self, problem: Problem, place: Location) {
        *self = Self { problem: Some((problem, place)), ..Self::default() };
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
        *self = Self { problem: unsound.map(|problem| (problem, place)), ..Self::default() };
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
    pub(super) fn finish(&mut self, claim: &mut Claim) -> Option<(Problem, Location)> {
        self.end_line(claim);
        if claim.lines.is_empty() {
            let fix = "write at least one service line (`LX`, `SV1`, `DTP*472`)";
            let problem = Problem::new(codes::NO_LINE, "CLM", "the claim has no service line", fix);
            self.fail(problem, claim.location);
        }
        claim.resolve_line_defaults();
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
            b"LX" => self.open_line(segment, claim, place, ledger)?,
            b"SV1" => match &mut self.line {
                Some(line) => line.service(segment, claim, place)?,
                None => return Err(outside_line()),
            },
            // A date of service above the lines is not of this guide; each line must have its own.
            b"DTP" if segment.element(1) == b"472" => {
                if let Some(line) = &mut self.line {
                    line.service_date(segment)?;
                }
            }
            b"HI" => diagnoses(segment, claim)?,
            b"NM1" => self.provider(segment, claim)?,
            b"PRV" => {
                if let Some(provider) = self.named(claim)
                    && let Err(problem) = specialty(segment, provider)
                {
                    ledger.note(problem, place);
                }
            }
            b"REF" => self.reference(segment, claim),
            b"NTE" => self.note(segment, claim),
            b"SBR" => self.within = Loop::OtherPayer,
            b"LIN" => {
                self.within = Loop::Detail;
                if let Some(draft) = &mut self.line {
                    drug::code(segment, &mut draft.line)?;
                }
            }
            b"CTP" => {
                if let Some(drug) = self.line.as_mut().and_then(|draft| draft.line.drug.as_mut()) {
                    drug::quantity(segment, drug)?;
                }
            }
            b"SVD" | b"LQ" => self.within = Loop::Detail,
            _ => {}
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
        if before >= LINES_IN_GUIDE && !self.count_told {
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
        match self.line.take().map(LineDraft::finish) {
            Some(Ok(line)) => claim.lines.push(line),
            Some(Err((problem, place))) => self.fail(problem, place),
            None => {}
        }
    }

    fn provider(&mut self, segment: &Segment<'_>, claim: &mut Claim) -> Result<(), Problem> {
        if self.within == Loop::OtherPayer && self.line.is_none() {
            return Ok(());
        }
        let role = match segment.element(1) {
            b"82" => Role::Rendering,
            b"DN" | b"P3" => Role::Referring,
            b"DK" => Role::Ordering,
            _ => Role::Other,
        };
        self.within = Loop::Provider(role);
        let npi = npi(segment)?;
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
            (Role::Ordering, None) | (Role::Other, _) => None,
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

/// Control number of a `CLM`, where it is one.
pub(super) fn identity<'a>(segment: &Segment<'a>) -> Option<&'a str> {
    let id = segment.text(1);
    let sound =
        !id.is_empty() && id.chars().count() <= CLAIM_ID_LIMIT && !id.chars().any(char::is_control);
    sound.then_some(id)
}

/// CLM05: place of service, its qualifier, claim frequency.
fn place_and_frequency(segment: &Segment<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let fail = |element: &str, error: &dyn core::fmt::Display, fix: &str| {
        unreadable_component(codes::CLAIM_PLACE, element, error, segment, 5, fix)
    };
    let mut parts = segment.components(5);
    let place = PlaceOfService::new(parts.next_part())
        .map_err(|error| fail("CLM05-1", &error, "write the two-digit place of service code"))?;
    claim.place_of_service = Some(place);
    if !matches!(parts.next_part(), b"B" | b"") {
        // With the qualifier A the two digits are a type of bill, not a place of service.
        let fix = "write B: a professional claim gives a place of service";
        return Err(fail("CLM05-2", &"is not B", fix));
    }
    let frequency = parts.next_part();
    if !frequency.is_empty() {
        let read = Frequency::new(frequency).ok_or_else(|| {
            let fix = "write 1 (original), 7 (replacement) or 8 (void)";
            fail("CLM05-3", &"is not a claim frequency", fix)
        })?;
        claim.frequency = Some(read);
    }
    Ok(())
}

/// HI: diagnoses of either ICD revision; other qualifiers are passed over.
fn diagnoses(segment: &Segment<'_>, claim: &mut Claim) -> Result<(), Problem> {
    const FIX: &str = "write the qualifier (ABK, ABF) and the code without its point";
    for index in 1..=segment.elements() {
        if segment.element(index).is_empty() {
            continue;
        }
        let fail = |component: usize, error: &dyn core::fmt::Display| {
            let element = format!("HI{index:02}-{component}");
            unreadable_component(codes::DIAGNOSIS, &element, error, segment, index, FIX)
        };
        let mut parts = segment.components(index);
        let qualifier = parts.next_part();
        let system = match qualifier {
            b"ABK" | b"ABF" => DiagnosisSystem::Icd10Cm,
            b"BK" | b"BF" => DiagnosisSystem::Icd9Cm,
            _ if matches!(qualifier.len(), 2 | 3)
                && qualifier.iter().all(u8::is_ascii_alphanumeric) =>
            {
                continue;
            }
            _ => return Err(fail(1, &"is not a code list qualifier")),
        };
        let code = DiagnosisCode::new(parts.next_part()).map_err(|error| fail(2, &error))?;
        if *claim.diagnosis_system.get_or_insert(system) != system {
            return Err(fail(1, &"mixes ICD-9 with ICD-10 on one claim"));
        }
        if claim.diagnoses.len() >= DIAGNOSES {
            return Err(fail(1, &"is the thirteenth diagnosis; a claim has 12 at the most"));
        }
        claim.diagnoses.push(code);
    }
    Ok(())
}

fn outside_line() -> Problem {
    let message = "`SV1` stands before any service line (`LX`)";
    Problem::new(codes::LINE_INCOMPLETE, "SV1", message, "start every service line with `LX`")
}

fn too_many_lines(message: &str) -> Problem {
    let fix = "split the claim, or look for a lost `CLM` between the lines";
    Problem::new(codes::TOO_MANY_LINES, "LX", message, fix)
}
