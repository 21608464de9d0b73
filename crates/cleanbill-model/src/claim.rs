//! A claim: who, for whom, for how much, and its service lines.

use core::ops::Range;

use crate::code::{DiagnosisCode, DiagnosisSystem, FilingIndicator, PlaceOfService, TypeOfBill};
use crate::date::ServiceDate;
use crate::facility::Facility;
use crate::line::ServiceLine;
use crate::location::Location;
use crate::money::Money;
use crate::other_payer::OtherPayers;
use crate::particulars::{Certification, ConditionCategory, Particulars, RareFacts};
use crate::phi::Phi;
use crate::provider::Provider;
use crate::text::{TextArena, TextRef};
use crate::version::ClaimVersion;

/// Which national edit tables a claim meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ClaimType {
    /// Professional (837P, CMS-1500): practitioner tables.
    #[default]
    Professional,
    /// Institutional (837I, UB-04): outpatient hospital tables.
    Institutional,
    /// Dental (837D): no national tables.
    Dental,
}

impl ClaimType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Professional, Self::Institutional, Self::Dental];

    /// `professional`, `institutional` or `dental`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Professional => "professional",
            Self::Institutional => "institutional",
            Self::Dental => "dental",
        }
    }

    /// Reads `professional`, `institutional` or `dental`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Claim frequency (CLM05-3): what the claim does to an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Frequency(u8);

impl Frequency {
    /// `1`: original claim.
    pub const ORIGINAL: Self = Self(b'1');
    /// `7`: replaces the claim named in REF*F8.
    pub const REPLACEMENT: Self = Self(b'7');
    /// `8`: voids the claim named in REF*F8.
    pub const VOID: Self = Self(b'8');

    /// Reads one capital or digit.
    #[must_use]
    pub fn new(text: &[u8]) -> Option<Self> {
        match text {
            [byte] if byte.is_ascii_digit() || byte.is_ascii_uppercase() => Some(Self(*byte)),
            _ => None,
        }
    }

    /// The character as it stands on the claim.
    #[must_use]
    pub fn as_char(self) -> char {
        char::from(self.0)
    }
}

/// Sex as the claim gives it (DMG03).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// `F`.
    Female,
    /// `M`.
    Male,
    /// `U`.
    Unknown,
}

impl Sex {
    /// Reads `F`, `M` or `U`.
    #[must_use]
    pub const fn new(text: &[u8]) -> Option<Self> {
        match text {
            b"F" => Some(Self::Female),
            b"M" => Some(Self::Male),
            b"U" => Some(Self::Unknown),
            _ => None,
        }
    }
}

/// What edits need of the patient. Names and addresses are not even read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Patient {
    /// Member id (837: NM109 of the subscriber, with the dependent's place when there is one).
    pub id: Phi<TextRef>,
    /// Date of birth.
    pub birth_date: Phi<Option<ServiceDate>>,
    /// Sex.
    pub sex: Phi<Option<Sex>>,
}

/// The kind of file that a claim came from; reports name elements in its terms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputFormat {
    /// X12 837.
    #[default]
    X12,
    /// Claim JSON.
    Json,
    /// FHIR R4.
    Fhir,
    /// A table of service lines.
    Lines,
}

/// One claim. Intake clears and refills the same value for every claim, so keep no reference to it.
#[derive(Clone, Debug, Default)]
pub struct Claim {
    /// Place among all claims of the run, from 1.
    pub ordinal: u64,
    /// Which tables it meets.
    pub claim_type: ClaimType,
    /// Format of the file it came from.
    pub format: InputFormat,
    /// Patient control number (CLM01).
    pub claim_id: TextRef,
    /// Original, replacement or void.
    pub frequency: Option<Frequency>,
    /// Payer's identifier (NM109 of loop 2010BB).
    pub payer_id: TextRef,
    /// Kind of payer (SBR09).
    pub filing_indicator: Option<FilingIndicator>,
    /// The patient.
    pub patient: Patient,
    /// Billing provider (loop 2010AA).
    pub billing: Provider,
    /// Billing provider's tax number: may be a social security number.
    pub tax_id: Phi<TextRef>,
    /// Rendering provider of the claim (loop 2310B).
    pub rendering: Provider,
    /// Referring provider of the claim (loop 2310A).
    pub referring: Provider,
    /// Place of service of the claim (CLM05-1 of a professional or dental claim).
    pub place_of_service: Option<PlaceOfService>,
    /// Type of bill of an institutional claim: facility code and frequency of CLM05 behind a zero.
    pub type_of_bill: Option<TypeOfBill>,
    /// Diagnoses in their order, the principal one first; lines point to them from 1.
    pub diagnoses: Vec<DiagnosisCode>,
    /// ICD revision of the diagnoses.
    pub diagnosis_system: Option<DiagnosisSystem>,
    /// What a facility says of the stay.
    pub facility: Facility,
    /// Total charge (CLM02).
    pub charge: Money,
    /// Day on which the claim was handed in (BHT04 of its transaction).
    pub submitted: Option<ServiceDate>,
    /// Prior authorization number of the claim (REF*G1 of loop 2300).
    pub authorization: Phi<TextRef>,
    /// Payer's number of the claim that this one replaces or voids (REF*F8).
    pub original_reference: TextRef,
    /// What an extract of a payer says of it as one of the versions of a claim.
    pub version: ClaimVersion,
    /// Number that a clearinghouse gave the claim (REF*D9): only answers to its sender show it.
    pub clearinghouse_number: TextRef,
    /// Claim note (NTE).
    pub note: Phi<TextRef>,
    /// What other payers said of the claim and its lines before.
    pub other_payers: OtherPayers,
    /// What few claims say: ambulance transports, certified conditions, supervising and purchased providers.
    pub rare: Option<Box<RareFacts>>,
    /// Service lines in the order of the claim.
    pub lines: Vec<ServiceLine>,
    /// Bytes of the file that are this claim.
    pub bytes: Range<u64>,
    /// Where it starts.
    pub location: Location,
    /// All texts of the claim.
    pub texts: TextArena,
}

impl Claim {
    /// Empties the claim and keeps its memory.
    pub fn clear(&mut self) {
        // Every field by name, so that none is forgotten, and each in its place: a claim is cleared for
        // every claim that is read.
        let Self {
            ordinal,
            claim_type,
            format,
            claim_id,
            frequency,
            payer_id,
            filing_indicator,
            patient,
            billing,
            tax_id,
            rendering,
            referring,
            place_of_service,
            type_of_bill,
            diagnoses,
            diagnosis_system,
            facility,
            charge,
            submitted,
            authorization,
            original_reference,
            version,
            clearinghouse_number,
            note,
            other_payers,
            rare,
            lines,
            bytes,
            location,
            texts,
        } = self;
        *ordinal = 0;
        *claim_type = ClaimType::default();
        *format = InputFormat::default();
        (*frequency, *filing_indicator) = (None, None);
        for text in [claim_id, payer_id, original_reference, clearinghouse_number] {
            *text = TextRef::default();
        }
        for text in [tax_id, authorization, note] {
            *text = Phi::default();
        }
        *patient = Patient::default();
        for provider in [billing, rendering, referring] {
            *provider = Provider::default();
        }
        (*place_of_service, *type_of_bill) = (None, None);
        diagnoses.clear();
        *diagnosis_system = None;
        facility.clear();
        *charge = Money::default();
        *submitted = None;
        *version = ClaimVersion::default();
        other_payers.clear();
        *rare = None;
        lines.clear();
        *bytes = 0..0;
        *location = Location::default();
        texts.clear();
    }

    /// A text of this claim.
    #[must_use]
    pub fn text(&self, text: TextRef) -> &str {
        self.texts.get(text)
    }

    /// Patient control number (CLM01).
    #[must_use]
    pub fn id(&self) -> &str {
        self.text(self.claim_id)
    }

    /// Payer's identifier; empty when the claim has none.
    #[must_use]
    pub fn payer(&self) -> &str {
        self.text(self.payer_id)
    }

    /// The diagnosis codes that `line` points to; a pointer past the list is passed over (intake has
    /// refused it).
    pub fn pointed_diagnoses<'a>(
        &'a self,
        line: &'a ServiceLine,
    ) -> impl Iterator<Item = DiagnosisCode> + 'a {
        line.pointers
            .iter()
            .filter_map(|pointer| self.diagnoses.get(usize::from(pointer).checked_sub(1)?).copied())
    }

    /// Where `line`, a line of this claim and no copy of one, stands in its list, from 0.
    #[must_use]
    pub fn place_of_line(&self, line: &ServiceLine) -> Option<usize> {
        self.lines.iter().position(|own| core::ptr::eq(own, line))
    }

    /// The particulars of the line at `place`, or of the claim where there is none, to be filled in.
    pub fn fill_particulars(&mut self, place: Option<usize>) -> &mut Particulars {
        self.rare.get_or_insert_default().fill(place)
    }

    /// What `read` finds in the particulars of `line`, else in those of the claim.
    pub fn particular<'a, T>(
        &'a self,
        line: &ServiceLine,
        read: impl Fn(&'a Particulars) -> Option<T>,
    ) -> Option<T> {
        let rare = self.rare.as_deref()?;
        let own = self.place_of_line(line).and_then(|place| rare.of_line(place)).and_then(&read);
        own.or_else(|| read(&rare.of_claim))
    }

    /// The certifications of this category for `line`: its own where it has one, else those of the claim.
    pub fn certifications<'a>(
        &'a self,
        line: &ServiceLine,
        category: ConditionCategory,
    ) -> impl Iterator<Item = &'a Certification> + use<'a> {
        let of_category = move |one: &&Certification| one.category == category;
        let rare = self.rare.as_deref();
        let own = rare
            .and_then(|rare| rare.of_line(self.place_of_line(line)?))
            .filter(|own| own.certifications.iter().any(|one| of_category(&one)));
        let chosen = own.or(rare.map(|rare| &rare.of_claim));
        chosen.into_iter().flat_map(|own| &own.certifications).filter(of_category)
    }

    /// Gives every line without its own place of service, provider or authorization the claim's:
    /// rendering provider (loop 2310B) else billing provider (loop 2010AA). Intake calls it once the
    /// claim is read.
    pub fn resolve_line_defaults(&mut self) {
        let provider = if self.rendering.is_absent() { self.billing } else { self.rendering };
        for line in &mut self.lines {
            line.place_of_service = line.place_of_service.or(self.place_of_service);
            if line.provider.is_absent() {
                line.provider = provider;
            }
            if line.authorization.reveal().is_empty() {
                line.authorization = self.authorization;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::DateRange;
    use crate::provider::Npi;

    #[test]
    fn a_line_takes_what_it_lacks_from_the_claim() {
        let npi = |text: &[u8]| Provider { npi: Some(Npi::new(text).unwrap()), taxonomy: None };
        let day = DateRange::day(ServiceDate::new(2026, 3, 2).unwrap());
        let mut claim = Claim {
            billing: npi(b"1234567893"),
            place_of_service: PlaceOfService::new(b"11").ok(),
            ..Claim::default()
        };
        claim.lines = vec![ServiceLine::new(1, day), ServiceLine::new(2, day)];
        claim.lines[1].provider = npi(b"2999999024");
        claim.lines[1].place_of_service = PlaceOfService::new(b"22").ok();
        claim.authorization = Phi::new(claim.texts.add("AUTH-CLAIM"));
        claim.lines[1].authorization = Phi::new(claim.texts.add("AUTH-LINE"));
        claim.resolve_line_defaults();
        assert_eq!(claim.lines[0].provider, claim.billing);
        assert_eq!(claim.lines[1].provider, npi(b"2999999024"));
        assert_eq!(claim.lines[0].place_of_service.unwrap().as_str(), "11");
        assert_eq!(claim.lines[1].place_of_service.unwrap().as_str(), "22");
        assert_eq!(claim.text(*claim.lines[0].authorization.reveal()), "AUTH-CLAIM");
        assert_eq!(claim.text(*claim.lines[1].authorization.reveal()), "AUTH-LINE");
    }

    #[test]
    fn a_line_has_its_own_particulars_else_those_of_its_claim() {
        let day = DateRange::day(ServiceDate::new(2026, 3, 2).unwrap());
        let lines = vec![ServiceLine::new(1, day), ServiceLine::new(2, day)];
        let mut claim = Claim { lines, ..Claim::default() };
        let patients = |claim: &Claim, line: &ServiceLine| {
            claim.particular(line, |own| own.ambulance.patients)
        };
        assert_eq!(patients(&claim, &claim.lines[0]), None);
        let of = |category| Certification { category, applies: true, conditions: [None; 5] };
        claim.fill_particulars(None).ambulance.patients = Some(1);
        claim.fill_particulars(None).certifications = vec![of(ConditionCategory::AMBULANCE)];
        claim.fill_particulars(Some(1)).ambulance.patients = Some(2);
        claim.fill_particulars(Some(1)).certifications = vec![of(ConditionCategory::EQUIPMENT); 2];
        assert_eq!(patients(&claim, &claim.lines[0]), Some(1));
        assert_eq!(patients(&claim, &claim.lines[1]), Some(2));
        let count =
            |line: usize, category| claim.certifications(&claim.lines[line], category).count();
        assert_eq!(count(1, ConditionCategory::AMBULANCE), 1);
        assert_eq!(
            (count(0, ConditionCategory::EQUIPMENT), count(1, ConditionCategory::EQUIPMENT)),
            (0, 2)
        );
        claim.clear();
        assert!(claim.rare.is_none());
    }

    #[test]
    fn clearing_keeps_no_field() {
        let mut claim = Claim { ordinal: 7, charge: Money::from_cents(5), ..Claim::default() };
        claim.claim_id = claim.texts.add("PCN1");
        claim.clear();
        assert_eq!((claim.ordinal, claim.charge, claim.id()), (0, Money::ZERO, ""));
    }
}
