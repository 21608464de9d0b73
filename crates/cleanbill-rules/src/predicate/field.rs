//! The fields that a predicate may read: of which type each is, its value, and how it is shown.
//!
//! Nothing here identifies a patient: no name, birth date, sex, member number or note is a field, and of ZIP codes
//! and purposes only whether they are there.

use cleanbill_model::{
    Claim, ClaimType, ConditionIndicator, DiagnosisCode, Element, FilingIndicator, Frequency,
    Money, Ndc, Npi, PlaceOfService, ProcedureCode, Region, RevenueCode, ServiceLine,
    SpinalCondition, TransportReason, TypeOfBill, UnitBasis,
};

use super::dictionary::FIELDS;

/// A field of a line or of its claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Procedure,
    Modifiers,
    Units,
    Charge,
    ServiceDate,
    PlaceOfService,
    DxPointed,
    RenderingNpi,
    BodyRegion,
    Ndc,
    RevenueCode,
    ClaimType,
    Payer,
    FilingIndicator,
    Frequency,
    Diagnoses,
    ClaimCharge,
    BillingNpi,
    ReferringNpi,
    LineCount,
    BillType,
    Submitted,
    OtherPayerCount,
    OtherPayerPaid,
    OtherPayerFilingIndicators,
    EpsdtConditions,
    Homebound,
    SpinalCondition,
    OrderingNpi,
    LineReferringNpi,
    SupervisingNpi,
    PurchasedServiceNpi,
    AmbulanceReason,
    AmbulanceDistance,
    AmbulanceWeight,
    AmbulancePatients,
    AmbulancePickUpZip,
    AmbulanceDropOffZip,
    AmbulanceRoundTrip,
    AmbulanceStretcher,
    AmbulanceConditions,
    EquipmentConditions,
    LineOtherPayerPaid,
}

/// What a field holds, and with it the tests that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Procedure,
    Modifiers,
    Diagnoses,
    Units,
    Money,
    Date,
    Count,
    /// A decimal number that counts something else than units of service.
    Quantity,
    Words,
    /// Whether it is there is all that may be asked.
    Presence,
    /// A word: always there, or possibly missing.
    Fixed,
    Word,
}

impl Field {
    pub(crate) fn name(self) -> &'static str {
        FIELDS.iter().find(|(_, field, _)| *field == self).map_or("", |(name, ..)| name)
    }

    pub(crate) fn is_of_line(self) -> bool {
        self.name().starts_with("line.")
    }

    pub(crate) const fn kind(self) -> Type {
        match self {
            Self::Procedure => Type::Procedure,
            Self::Modifiers => Type::Modifiers,
            Self::DxPointed | Self::Diagnoses => Type::Diagnoses,
            Self::Units => Type::Units,
            Self::Charge | Self::ClaimCharge | Self::OtherPayerPaid | Self::LineOtherPayerPaid => {
                Type::Money
            }
            Self::ServiceDate | Self::Submitted => Type::Date,
            Self::LineCount | Self::OtherPayerCount | Self::AmbulancePatients => Type::Count,
            Self::AmbulanceDistance | Self::AmbulanceWeight => Type::Quantity,
            Self::AmbulanceConditions
            | Self::EquipmentConditions
            | Self::EpsdtConditions
            | Self::OtherPayerFilingIndicators => Type::Words,
            Self::AmbulancePickUpZip
            | Self::AmbulanceDropOffZip
            | Self::AmbulanceRoundTrip
            | Self::AmbulanceStretcher => Type::Presence,
            Self::ClaimType => Type::Fixed,
            Self::PlaceOfService
            | Self::RenderingNpi
            | Self::BodyRegion
            | Self::Payer
            | Self::FilingIndicator
            | Self::Frequency
            | Self::BillingNpi
            | Self::ReferringNpi
            | Self::Ndc
            | Self::RevenueCode
            | Self::BillType
            | Self::OrderingNpi
            | Self::LineReferringNpi
            | Self::SupervisingNpi
            | Self::PurchasedServiceNpi
            | Self::AmbulanceReason
            | Self::Homebound
            | Self::SpinalCondition => Type::Word,
        }
    }

    /// Why `text` cannot be a value of this word field; `None` when it can.
    pub(crate) fn refuses(self, text: &[u8]) -> Option<&'static str> {
        let (fits, words) = match self {
            Self::PlaceOfService => {
                (PlaceOfService::new(text).is_ok(), "is not a place of service: two digits")
            }
            Self::RenderingNpi
            | Self::BillingNpi
            | Self::ReferringNpi
            | Self::OrderingNpi
            | Self::LineReferringNpi
            | Self::SupervisingNpi
            | Self::PurchasedServiceNpi => (Npi::new(text).is_ok(), "is not an NPI: ten digits"),
            Self::BodyRegion => (
                core::str::from_utf8(text).ok().and_then(Region::from_name).is_some(),
                "is not `upper` or `lower`",
            ),
            Self::Ndc => (Ndc::new(text).is_ok(), "is not a national drug code: eleven digits"),
            Self::RevenueCode => {
                (RevenueCode::new(text).is_ok(), "is not a revenue code: four digits")
            }
            Self::BillType => (
                TypeOfBill::new(text).is_ok(),
                "is not a type of bill: four characters, the first a zero",
            ),
            Self::ClaimType => (
                core::str::from_utf8(text).ok().and_then(ClaimType::from_name).is_some(),
                "is not `professional`, `institutional` or `dental`",
            ),
            Self::FilingIndicator | Self::OtherPayerFilingIndicators => {
                (FilingIndicator::new(text).is_ok(), "is not a claim filing indicator such as MB")
            }
            Self::Frequency => (
                Frequency::new(text).is_some(),
                "is not a claim frequency: one digit or capital letter",
            ),
            Self::AmbulanceReason => (TransportReason::new(text).is_some(), "is not A to E"),
            Self::SpinalCondition => {
                (SpinalCondition::new(text).is_some(), "is not A, C to G or M")
            }
            Self::Homebound => (matches!(text, b"Y" | b"N"), "is not `Y` or `N`"),
            Self::AmbulanceConditions | Self::EquipmentConditions | Self::EpsdtConditions => (
                ConditionIndicator::new(text).is_ok(),
                "is not a condition code: two capital letters or digits",
            ),
            _ => (!text.is_empty(), "is empty"),
        };
        (!fits).then_some(words)
    }

    /// The procedure code of the line.
    pub(crate) fn procedure(self, line: &ServiceLine) -> Option<ProcedureCode> {
        line.procedure.filter(|_| self == Self::Procedure)
    }

    /// The value of a number, money or date field, in its smallest unit; dates as `20260302`.
    pub(crate) fn number(self, claim: &Claim, line: &ServiceLine) -> Option<i64> {
        match self {
            // Minutes are no units; nothing is known of the units of such a line.
            Self::Units => (line.unit_basis == UnitBasis::Units).then(|| line.units.thousandths()),
            Self::Charge => Some(line.charge.cents()),
            Self::ClaimCharge => Some(claim.charge.cents()),
            Self::ServiceDate => Some(i64::from(line.dates.from().yyyymmdd())),
            Self::Submitted => claim.submitted.map(|day| i64::from(day.yyyymmdd())),
            Self::LineCount => i64::try_from(claim.lines.len()).ok(),
            Self::OtherPayerCount => i64::try_from(claim.other_payers.payers.len()).ok(),
            Self::OtherPayerPaid => claim.other_payers.paid().map(Money::cents),
            _ => self.rare_number(claim, line),
        }
    }

    /// The value of a word field.
    pub(crate) fn word<'a>(self, claim: &'a Claim, line: &'a ServiceLine) -> Option<&'a str> {
        match self {
            Self::PlaceOfService => line.place_of_service.as_ref().map(PlaceOfService::as_str),
            Self::RenderingNpi => line.provider.npi.as_ref().map(Npi::as_str),
            Self::BillingNpi => claim.billing.npi.as_ref().map(Npi::as_str),
            Self::ReferringNpi => claim.referring.npi.as_ref().map(Npi::as_str),
            Self::BodyRegion => line.body_region.map(Region::as_str),
            Self::Ndc => line.drug.as_ref().map(|drug| drug.ndc.as_str()),
            Self::RevenueCode => line.revenue_code.as_ref().map(RevenueCode::as_str),
            Self::BillType => claim.type_of_bill.as_ref().map(TypeOfBill::as_str),
            Self::ClaimType => Some(claim.claim_type.as_str()),
            Self::Payer => Some(claim.payer()).filter(|payer| !payer.is_empty()),
            Self::FilingIndicator => claim.filing_indicator.as_ref().map(FilingIndicator::as_str),
            Self::Frequency => claim.frequency.and_then(letter),
            Self::OrderingNpi => line.ordering.npi.as_ref().map(Npi::as_str),
            Self::LineReferringNpi => {
                line.referring.npi.as_ref().or(claim.referring.npi.as_ref()).map(Npi::as_str)
            }
            _ => self.rare_word(claim, line),
        }
    }

    /// Whether `test` holds for any diagnosis of the field; `None` when there is no diagnosis.
    pub(crate) fn any_diagnosis(
        self,
        claim: &Claim,
        line: &ServiceLine,
        mut test: impl FnMut(DiagnosisCode) -> bool,
    ) -> Option<bool> {
        let any = |found: Option<bool>, code| Some(found.unwrap_or_default() || test(code));
        match self {
            Self::DxPointed => claim.pointed_diagnoses(line).fold(None, any),
            _ => claim.diagnoses.iter().copied().fold(None, any),
        }
    }

    /// Whether the claim carries the field.
    pub(crate) fn exists(self, claim: &Claim, line: &ServiceLine) -> bool {
        match self.kind() {
            Type::Procedure => line.procedure.is_some(),
            Type::Modifiers => !line.modifiers.is_empty(),
            Type::Diagnoses => self.any_diagnosis(claim, line, |_| true).is_some(),
            Type::Fixed | Type::Word => self.word(claim, line).is_some(),
            Type::Words => self.has_words(claim, line),
            Type::Presence => self.is_given(claim, line),
            Type::Units | Type::Money | Type::Date | Type::Count | Type::Quantity => {
                self.number(claim, line).is_some()
            }
        }
    }

    /// The value for people.
    pub(crate) fn shown(self, claim: &Claim, line: &ServiceLine) -> String {
        if !self.exists(claim, line) {
            return "none".to_owned();
        }
        match self {
            Self::Procedure => line.procedure.map(|code| code.to_string()).unwrap_or_default(),
            Self::Modifiers => line.modifiers.to_string(),
            Self::Units => line.units.to_string(),
            Self::Charge => line.charge.to_string(),
            Self::ClaimCharge => claim.charge.to_string(),
            Self::ServiceDate => line.dates.from().to_string(),
            Self::Submitted => claim.submitted.map(|day| day.to_string()).unwrap_or_default(),
            Self::LineCount => claim.lines.len().to_string(),
            Self::OtherPayerCount => claim.other_payers.payers.len().to_string(),
            Self::OtherPayerPaid => {
                claim.other_payers.paid().map(|paid| paid.to_string()).unwrap_or_default()
            }
            Self::DxPointed | Self::Diagnoses => {
                let mut list = Vec::new();
                self.any_diagnosis(claim, line, |code| {
                    list.push(code.to_string());
                    false
                });
                list.join(", ")
            }
            _ => match self.kind() {
                Type::Presence => "given".to_owned(),
                Type::Words => self.words_shown(claim, line),
                Type::Word | Type::Fixed => self.word(claim, line).unwrap_or_default().to_owned(),
                _ => self.rare_number_shown(claim, line),
            },
        }
    }

    /// The part of a line or claim that the field is.
    pub(crate) const fn element(self) -> Element {
        match self {
            Self::Procedure | Self::Ndc | Self::RevenueCode => Element::Procedure,
            Self::Modifiers => Element::Modifiers,
            Self::Units => Element::Units,
            Self::Charge => Element::Charge,
            Self::ServiceDate => Element::ServiceDate,
            Self::PlaceOfService => Element::PlaceOfService,
            Self::DxPointed | Self::Diagnoses => Element::Diagnosis,
            Self::RenderingNpi => Element::Provider,
            Self::ReferringNpi | Self::LineReferringNpi | Self::OrderingNpi => {
                Element::OrderingProvider
            }
            Self::BodyRegion => Element::BodyRegion,
            Self::ClaimType
            | Self::Payer
            | Self::FilingIndicator
            | Self::Frequency
            | Self::ClaimCharge
            | Self::BillingNpi
            | Self::LineCount
            | Self::BillType
            | Self::Submitted
            | Self::OtherPayerCount
            | Self::OtherPayerPaid
            | Self::LineOtherPayerPaid
            | Self::OtherPayerFilingIndicators
            | Self::EpsdtConditions
            | Self::Homebound
            | Self::SpinalCondition
            | Self::SupervisingNpi
            | Self::PurchasedServiceNpi
            | Self::AmbulanceReason
            | Self::AmbulanceDistance
            | Self::AmbulanceWeight
            | Self::AmbulancePatients
            | Self::AmbulancePickUpZip
            | Self::AmbulanceDropOffZip
            | Self::AmbulanceRoundTrip
            | Self::AmbulanceStretcher
            | Self::AmbulanceConditions
            | Self::EquipmentConditions => Element::Claim,
        }
    }
}

/// A frequency as text that outlives it.
fn letter(frequency: Frequency) -> Option<&'static str> {
    const ALL: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let place = ALL.find(frequency.as_char())?;
    ALL.get(place..=place)
}
