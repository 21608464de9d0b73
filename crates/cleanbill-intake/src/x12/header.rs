//! Loops 2000A, 2000B and 2000C: who bills, whose insurance it is, who the patient is.
//!
//! Names and addresses are never read. Something wrong in a level that edits rely on is kept as the
//! level's fault, and every claim beneath is set aside for it.

mod below;

use core::fmt::Write as _;
use std::sync::Arc;

use cleanbill_model::{Claim, FilingIndicator, Location, Phi, Provider, ServiceDate, Sex};

use super::id::Id;
use super::opening::Opening;
use super::required::Required;
use super::segment::Segment;
use super::value::{check_digit, count, npi, specialty, unreadable};
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;

/// The level that an HL segment opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Billing,
    Subscriber,
    Patient,
}

/// The loop that the last NM1 segment opened, as far as it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Party {
    #[default]
    Other,
    Billing,
    Subscriber,
    Payer,
    Patient,
}

#[derive(Clone, Copy, Debug, Default)]
struct Person {
    birth_date: Option<ServiceDate>,
    sex: Option<Sex>,
}

type Fault = Option<(Problem, Location)>;

/// The loops above the claims that follow.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// This as it was above the first subscriber of the billing provider, where it was asked for, or as it
    /// was handed in.
    above: Option<Arc<Self>>,
    level: Option<Level>,
    party: Party,
    opening: Opening,
    last_hl: u64,
    billing_hl: u64,
    subscriber_hl: u64,
    subscriber_has_children: bool,
    billing: Provider,
    billing_named: bool,
    tax_id: String,
    filing: Option<FilingIndicator>,
    member_id: String,
    member_named: bool,
    subscriber: Person,
    payer_id: String,
    payer_named: bool,
    relationship: String,
    patient: Person,
    dependent_id: String,
    billing_fault: Fault,
    subscriber_fault: Fault,
    patient_fault: Fault,
    required: Required,
}

impl Header {
    /// Forgets everything: a transaction starts.
    pub(super) fn reset(&mut self) {
        self.reset_billing();
        self.level = None;
        self.opening = Opening::default();
        self.last_hl = 0;
    }

    /// Reads one segment above the claims.
    pub(super) fn read(&mut self, segment: &Segment<'_>, place: Location, ledger: &mut Ledger) {
        if segment.id() == Id::HL {
            if self.level.is_none() {
                self.opening.check(place, ledger);
            }
            self.open_level(segment, place, ledger);
        } else if self.level.is_none() {
            self.opening.read(segment, place, ledger);
        } else if let Err(problem) = self.fill_level(segment, place, ledger) {
            self.fail(problem, place, ledger);
        }
    }

    /// Notes a problem with a segment; from the first HL on, claims beneath are set aside for it.
    pub(super) fn fail(&mut self, problem: Problem, place: Location, ledger: &mut Ledger) {
        let fault = match self.level {
            None => None,
            Some(Level::Billing) => Some(&mut self.billing_fault),
            Some(Level::Subscriber) => Some(&mut self.subscriber_fault),
            Some(Level::Patient) => Some(&mut self.patient_fault),
        };
        if let Some(fault) = fault {
            fault.get_or_insert_with(|| (problem.clone(), place));
        }
        ledger.note(problem, place);
    }

    /// An HL segment could not be read: what follows belongs to an unknown level.
    pub(super) fn lose_level(&mut self, problem: Problem, place: Location, ledger: &mut Ledger) {
        self.reset_patient();
        self.level = Some(Level::Patient);
        self.fail(problem, place, ledger);
    }

    /// Tells which segments above a claim are missing though the guides require them. Where a whole loop is
    /// missing the claim is set aside for that.
    pub(super) fn check_required(&mut self, place: Location, ledger: &mut Ledger) {
        if self.billing_named && self.member_named && self.payer_named {
            self.required.check(self.level == Some(Level::Patient), place, ledger);
        }
    }

    /// Gives `claim` what stands above it, or says why it cannot be trusted.
    pub(super) fn fill(
        &mut self,
        claim: &mut Claim,
        place: Location,
    ) -> Result<(), (Problem, Location)> {
        claim.submitted = self.opening.submitted;
        claim.billing = self.billing;
        claim.tax_id = Phi::new(claim.texts.add(&self.tax_id));
        claim.filing_indicator = self.filing;
        claim.payer_id = claim.texts.add(&self.payer_id);
        let person =
            if self.level == Some(Level::Patient) { self.patient } else { self.subscriber };
        claim.patient.birth_date = Phi::new(person.birth_date);
        claim.patient.sex = Phi::new(person.sex);
        claim.patient.id = Phi::new(if self.level == Some(Level::Patient) {
            claim.texts.add(self.dependent_id())
        } else {
            claim.texts.add(&self.member_id)
        });
        let patient_fault =
            self.patient_fault.as_ref().filter(|_| self.level == Some(Level::Patient));
        let fault =
            self.billing_fault.as_ref().or(self.subscriber_fault.as_ref()).or(patient_fault);
        if let Some((problem, at)) = fault {
            return Err((problem.clone(), *at));
        }
        let missing = match self.level {
            None => "no HL segment stands before the claim",
            Some(Level::Billing) => "no subscriber level (HL03 22) stands before the claim",
            _ if !self.billing_named => "the billing provider (`NM1*85`) is missing",
            _ if !self.member_named => "the subscriber (`NM1*IL`) is missing",
            _ if !self.payer_named => "the payer (`NM1*PR`) is missing",
            _ => return Ok(()),
        };
        let fix = "write the billing provider, subscriber and payer loops in front of the claim";
        Err((Problem::new(codes::HEADER_INCOMPLETE, "CLM", missing, fix), place))
    }

    /// Member id with relationship, birth date and sex: the same dependent gets the same id in every
    /// file, which the HL number would not give. Twins of one sex share it.
    fn dependent_id(&mut self) -> &str {
        let sex = match self.patient.sex {
            Some(Sex::Female) => "F",
            Some(Sex::Male) => "M",
            Some(Sex::Unknown) => "U",
            None => "",
        };
        self.dependent_id.clear();
        if self.member_id.is_empty() {
            return &self.dependent_id;
        }
        for part in [&self.member_id, "/", &self.relationship, "-"] {
            self.dependent_id.push_str(part);
        }
        if let Some(day) = self.patient.birth_date {
            // Writing into a string cannot fail.
            let _ = write!(self.dependent_id, "{day}");
        }
        self.dependent_id.push('-');
        self.dependent_id.push_str(sex);
        &self.dependent_id
    }

    fn open_level(&mut self, segment: &Segment<'_>, place: Location, ledger: &mut Ledger) {
        let own = count(segment.element(1)).unwrap_or(0);
        let in_order = own == self.last_hl + 1;
        let expected = self.last_hl + 1;
        self.last_hl = own;
        let parent = count(segment.element(2));
        let wrong = match segment.element(3) {
            b"20" => {
                self.reset_billing();
                self.level = Some(Level::Billing);
                self.billing_hl = own;
                None
            }
            b"22" => {
                self.reset_subscriber();
                let orphan = self.level.is_none() || parent != Some(self.billing_hl);
                self.level = Some(Level::Subscriber);
                self.subscriber_hl = own;
                self.subscriber_has_children = segment.element(4) != b"0";
                orphan.then_some("`HL02` of the subscriber is not the billing provider before it")
            }
            b"23" => {
                self.reset_patient();
                let orphan = !matches!(self.level, Some(Level::Subscriber | Level::Patient))
                    || parent != Some(self.subscriber_hl);
                self.level = Some(Level::Patient);
                orphan.then_some("`HL02` of the patient is not the subscriber before it")
            }
            _ => {
                // What follows belongs to an unknown loop: no claim beneath can be trusted.
                self.reset_patient();
                self.level = Some(Level::Patient);
                Some("`HL03` is not 20 (billing provider), 22 (subscriber) or 23 (patient)")
            }
        };
        if let Some(message) = wrong {
            let fix = "number HL segments from 1 and let HL02 name the level above";
            self.fail(Problem::new(codes::HL_LEVEL, "HL", message, fix), place, ledger);
        } else if !in_order {
            let message = format!("`HL01` does not follow the HL before it; {expected} is next");
            let fix = "number HL segments of a transaction 1, 2, 3 without a gap";
            ledger.note(Problem::new(codes::HL_ORDER, "HL01", message, fix), place);
        } else if self.level == Some(Level::Patient) && !self.subscriber_has_children {
            let message =
                "`HL04` of the subscriber says that no patient level follows, yet one does";
            let fix = "write 1 in HL04 of a subscriber that has dependents";
            ledger.note(Problem::new(codes::HL_ORDER, "HL04", message, fix), place);
        }
    }

    fn fill_level(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        ledger: &mut Ledger,
    ) -> Result<(), Problem> {
        let id = segment.id();
        match (id, self.level) {
            (Id::NM1, Some(level)) => return self.open_party(level, segment, place, ledger),
            (Id::PRV, Some(Level::Billing)) if segment.element(1) == b"BI" => {
                if let Err(problem) = specialty(segment, &mut self.billing) {
                    ledger.note(problem, place);
                }
            }
            (Id::N3, _) if self.party == Party::Billing => self.required.billing.street = true,
            (Id::N4, _) if self.party == Party::Billing => self.required.billing.city = true,
            (Id::REF, _) if self.party == Party::Billing => {
                if matches!(segment.element(1), b"EI" | b"SY") {
                    self.required.billing.tax_id = true;
                    set(&mut self.tax_id, segment.text(2));
                }
            }
            (Id::SBR, Some(Level::Subscriber)) => {
                self.required.insurance = true;
                let text = segment.element(9);
                if !text.is_empty() {
                    self.filing = FilingIndicator::new(text)
                        .map_err(|error| {
                            let fix = "write the two-character claim filing indicator code";
                            unreadable(codes::FILING_INDICATOR, "SBR09", error, fix)
                        })
                        .map_err(|problem| ledger.note(problem, place))
                        .ok();
                }
            }
            (Id::PAT, Some(Level::Patient)) => set(&mut self.relationship, segment.text(1)),
            (Id::DMG, Some(_)) => self.demographics(segment, place, ledger),
            _ => {}
        }
        Ok(())
    }

    fn open_party(
        &mut self,
        level: Level,
        segment: &Segment<'_>,
        place: Location,
        ledger: &mut Ledger,
    ) -> Result<(), Problem> {
        let named_before = match segment.element(1) {
            b"85" => self.billing_named,
            b"IL" => self.member_named,
            b"PR" => self.payer_named,
            _ => false,
        };
        if named_before {
            let message = "the loop names the same party twice";
            let fix = "name billing provider, subscriber and payer once in their loops";
            return Err(Problem::new(codes::REPEATED, "NM101", message, fix));
        }
        self.party = match (segment.element(1), level) {
            (b"85", Level::Billing) => {
                self.billing_named = true;
                self.billing.npi = npi(segment)?;
                if let Some(problem) = check_digit(self.billing.npi) {
                    ledger.note(problem, place);
                }
                Party::Billing
            }
            (b"IL", Level::Subscriber) => {
                self.member_named = true;
                set(&mut self.member_id, segment.text(9));
                Party::Subscriber
            }
            (b"PR", Level::Subscriber) => {
                self.payer_named = true;
                set(&mut self.payer_id, segment.text(9));
                Party::Payer
            }
            (b"QC", Level::Patient) => Party::Patient,
            _ => Party::Other,
        };
        Ok(())
    }

    fn demographics(&mut self, segment: &Segment<'_>, place: Location, ledger: &mut Ledger) {
        let person = match self.party {
            Party::Subscriber => {
                self.required.subscriber_person = true;
                &mut self.subscriber
            }
            Party::Patient => {
                self.required.patient_person = true;
                &mut self.patient
            }
            _ => return,
        };
        let (format, date, sex) = (segment.element(1), segment.element(2), segment.element(3));
        let mut wrong = |element: &str, fix: &str| {
            let problem = unreadable(codes::PATIENT, element, "cannot be read", fix);
            ledger.note(problem, place);
        };
        if !date.is_empty() {
            person.birth_date = ServiceDate::parse_d8(date).ok().filter(|_| format == b"D8");
            if person.birth_date.is_none() {
                wrong("DMG02", "write DMG01 `D8` and the date of birth as YYYYMMDD");
            }
        }
        if !sex.is_empty() {
            person.sex = Sex::new(sex);
            if person.sex.is_none() {
                wrong("DMG03", "write F, M or U");
            }
        }
    }

    fn reset_billing(&mut self) {
        self.above = None;
        self.billing = Provider::default();
        self.billing_named = false;
        self.tax_id.clear();
        self.billing_fault = None;
        self.billing_hl = 0;
        self.required = Required::default();
        self.reset_subscriber();
    }

    fn reset_subscriber(&mut self) {
        self.filing = None;
        self.member_id.clear();
        self.member_named = false;
        self.subscriber = Person::default();
        self.payer_id.clear();
        self.payer_named = false;
        self.subscriber_fault = None;
        self.subscriber_hl = 0;
        self.required.reset_subscriber();
        self.reset_patient();
    }

    fn reset_patient(&mut self) {
        self.party = Party::Other;
        self.relationship.clear();
        self.patient = Person::default();
        self.patient_fault = None;
        self.required.reset_patient();
    }
}

/// Refills `target` and keeps its memory.
fn set(target: &mut String, text: &str) {
    target.clear();
    target.push_str(text);
}
