//! The dictionary of fields: what a predicate may read, of which type, and how it is shown.
//!
//! Nothing here identifies a patient: no name, birth date, sex, member number or note is a field.

use cleanbill_model::{
    Claim, ClaimType, DiagnosisCode, Element, FilingIndicator, Frequency, Money, Ndc, Npi,
    PlaceOfService, ProcedureCode, Region, RevenueCode, ServiceLine, TypeOfBill, UnitBasis,
};

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
    /// A word: always there, or possibly missing.
    Fixed,
    Word,
}

/// Every field by its name, with what it means to an author.
pub(crate) const FIELDS: [(&str, Field, &str); 24] = [
    (
        "line.procedure",
        Field::Procedure,
        "Procedure code of the line (CPT or HCPCS); a line without one is known to have none.",
    ),
    (
        "line.modifiers",
        Field::Modifiers,
        "Modifiers of the line; a line without any is known to have none.",
    ),
    (
        "line.units",
        Field::Units,
        "Units of service of the line; nothing is known of a line that counts minutes.",
    ),
    ("line.charge", Field::Charge, "Charge of the line in dollars, such as `412.00`."),
    (
        "line.service_date",
        Field::ServiceDate,
        "First date of service of the line, written `YYYY-MM-DD`.",
    ),
    (
        "line.place_of_service",
        Field::PlaceOfService,
        "Place of service of the line, else of its claim: two digits, quoted.",
    ),
    ("line.dx_pointed", Field::DxPointed, "Diagnoses that the line points to."),
    ("line.rendering_npi", Field::RenderingNpi, "NPI of the provider who rendered the line."),
    (
        "line.body_region",
        Field::BodyRegion,
        "Region of the body that the claim gives for the line: `upper` or `lower`.",
    ),
    ("line.ndc", Field::Ndc, "National drug code of the line: eleven digits, quoted."),
    (
        "line.revenue_code",
        Field::RevenueCode,
        "Revenue code of a line of an institutional claim: four digits, quoted.",
    ),
    (
        "claim.type",
        Field::ClaimType,
        "Type of the claim: `professional`, `institutional` or `dental`.",
    ),
    ("claim.payer", Field::Payer, "Identifier of the payer as the claim carries it."),
    ("claim.filing_indicator", Field::FilingIndicator, "Kind of payer (SBR09), such as `MB`."),
    (
        "claim.frequency",
        Field::Frequency,
        "Claim frequency: `1` original, `7` replacement, `8` void.",
    ),
    ("claim.diagnoses", Field::Diagnoses, "All diagnoses of the claim."),
    ("claim.charge", Field::ClaimCharge, "Charge of the whole claim in dollars."),
    ("claim.billing_npi", Field::BillingNpi, "NPI of the billing provider."),
    ("claim.referring_npi", Field::ReferringNpi, "NPI of the referring provider."),
    ("claim.line_count", Field::LineCount, "Number of service lines of the claim."),
    (
        "claim.bill_type",
        Field::BillType,
        "Type of bill of an institutional claim with its leading zero, such as `0131`, quoted.",
    ),
    (
        "claim.submitted",
        Field::Submitted,
        "Day on which the claim was handed in, written `YYYY-MM-DD`.",
    ),
    (
        "claim.other_payer_count",
        Field::OtherPayerCount,
        "Number of other payers that the claim names (loop 2320); 0 where it names none.",
    ),
    (
        "claim.other_payer_paid",
        Field::OtherPayerPaid,
        "What all other payers together paid on the claim in dollars; unknown where none says what it paid.",
    ),
];

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
            Self::Charge | Self::ClaimCharge | Self::OtherPayerPaid => Type::Money,
            Self::ServiceDate | Self::Submitted => Type::Date,
            Self::LineCount | Self::OtherPayerCount => Type::Count,
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
            | Self::BillType => Type::Word,
        }
    }

    /// Why `text` cannot be a value of this word field; `None` when it can.
    pub(crate) fn refuses(self, text: &[u8]) -> Option<&'static str> {
        let (fits, words) = match self {
            Self::PlaceOfService => {
                (PlaceOfService::new(text).is_ok(), "is not a place of service: two digits")
            }
            Self::RenderingNpi | Self::BillingNpi | Self::ReferringNpi => {
                (Npi::new(text).is_ok(), "is not an NPI: ten digits")
            }
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
            Self::FilingIndicator => {
                (FilingIndicator::new(text).is_ok(), "is not a claim filing indicator such as MB")
            }
            Self::Frequency => (
                Frequency::new(text).is_some(),
                "is not a claim frequency: one digit or capital letter",
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
            _ => None,
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
            _ => None,
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
            Type::Units | Type::Money | Type::Date | Type::Count => {
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
            _ => self.word(claim, line).unwrap_or_default().to_owned(),
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
            Self::ReferringNpi => Element::OrderingProvider,
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
            | Self::OtherPayerPaid => Element::Claim,
        }
    }
}

/// A frequency as text that outlives it.
fn letter(frequency: Frequency) -> Option<&'static str> {
    const ALL: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let place = ALL.find(frequency.as_char())?;
    ALL.get(place..=place)
}
