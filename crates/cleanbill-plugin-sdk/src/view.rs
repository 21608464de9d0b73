//! Typed, safe views of the claim and lines that the host shows. They borrow from the host and cost
//! nothing to make.

#![expect(unsafe_code, reason = "the views read the host's borrowed structs")]

use cleanbill_plugin_abi::field::{self, FieldSet};
use cleanbill_plugin_abi::{CbClaim, CbLine, CbStr, array, basis, form, sized, strided};

use crate::date::Date;

/// Which kind of claim form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 837P, CMS-1500.
    Professional,
    /// 837I, UB-04.
    Institutional,
    /// 837D.
    Dental,
}

/// What the quantity of a line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitBasis {
    /// Units of service.
    Units,
    /// Minutes.
    Minutes,
}

/// A claim. It holds no name, member id, address or account number, and of the rest what the manifest asks for
/// under `reads`: what it does not ask for is empty or 0.
#[derive(Clone, Copy)]
pub struct ClaimView<'a>(&'a CbClaim);

impl<'a> ClaimView<'a> {
    /// The view of a claim as it arrives; `None` when it is null or of a host that is too old.
    ///
    /// # Safety
    /// `claim`, and all that it points to as the ABI describes it, must be valid throughout `'a`.
    pub(crate) unsafe fn new(claim: *const CbClaim) -> Option<Self> {
        // SAFETY: promised by the caller.
        let claim = unsafe { sized(claim) }?;
        let stride = usize::try_from(claim.line_stride).ok()?;
        (stride >= size_of::<CbLine>()).then_some(Self(claim))
    }

    /// Professional, institutional or dental.
    #[must_use]
    pub fn form(self) -> Form {
        match self.0.form {
            form::INSTITUTIONAL => Form::Institutional,
            form::DENTAL => Form::Dental,
            _ => Form::Professional,
        }
    }

    /// Ordinal of the claim within the run, in digits; good for tests, never known to the provider.
    #[must_use]
    pub fn reference(self) -> &'a str {
        self.text(self.0.claim_ref)
    }

    /// Payer's identifier.
    #[must_use]
    pub fn payer_id(self) -> &'a str {
        self.text(self.0.payer_id)
    }

    /// Kind of payer (SBR09): `MB`, `CI`.
    #[must_use]
    pub fn filing_indicator(self) -> &'a str {
        self.text(self.0.filing_indicator)
    }

    /// Claim frequency (CLM05-3): `1` original, `7` replacement, `8` void.
    #[must_use]
    pub fn frequency(self) -> &'a str {
        self.text(self.0.frequency)
    }

    /// Type of bill of an institutional claim.
    #[must_use]
    pub fn bill_type(self) -> &'a str {
        self.text(self.0.bill_type)
    }

    /// Place of service of a professional claim.
    #[must_use]
    pub fn place_of_service(self) -> &'a str {
        self.text(self.0.place_of_service)
    }

    /// NPI of the billing provider.
    #[must_use]
    pub fn billing_npi(self) -> &'a str {
        self.text(self.0.billing_npi)
    }

    /// Taxonomy (specialty) of the billing provider.
    #[must_use]
    pub fn billing_taxonomy(self) -> &'a str {
        self.text(self.0.billing_taxonomy)
    }

    /// NPI of the claim's rendering provider; a line may have its own.
    #[must_use]
    pub fn rendering_npi(self) -> &'a str {
        self.text(self.0.rendering_npi)
    }

    /// Taxonomy of the claim's rendering provider.
    #[must_use]
    pub fn rendering_taxonomy(self) -> &'a str {
        self.text(self.0.rendering_taxonomy)
    }

    /// First date of service of all lines; `None` without lines.
    #[must_use]
    pub fn from(self) -> Option<Date> {
        (self.0.from != 0).then(|| Date::from_yyyymmdd(self.0.from))
    }

    /// Last date of service of all lines; `None` without lines.
    #[must_use]
    pub fn through(self) -> Option<Date> {
        (self.0.through != 0).then(|| Date::from_yyyymmdd(self.0.through))
    }

    /// Total charge in cents.
    #[must_use]
    pub fn total_charge_cents(self) -> i64 {
        self.0.total_charge
    }

    /// Diagnosis codes in their order, without decimal point.
    pub fn diagnoses(self) -> impl Iterator<Item = &'a str> {
        // SAFETY: `new` was promised a valid claim.
        let codes = unsafe { array(self.0.diagnoses, self.0.n_diagnoses, usize::MAX) };
        codes.unwrap_or_default().iter().map(move |code| self.text(*code))
    }

    /// Day on which the claim was handed in (BHT04 of an 837).
    #[must_use]
    pub fn submitted(self) -> Option<Date> {
        self.present(field::CLAIM_SUBMITTED).then(|| Date::from_yyyymmdd(self.0.submitted))
    }

    /// Whether the claim names the one that it replaces or voids (REF*F8); the number does not cross.
    #[must_use]
    pub fn has_original_reference(self) -> bool {
        self.0.has_original_reference != 0
    }

    /// Prior authorization of the claim (REF*G1); empty when there is none.
    #[must_use]
    pub fn authorization(self) -> &'a str {
        self.text(self.0.authorization)
    }

    /// Patient's sex: `F`, `M`, `U`, or empty.
    #[must_use]
    pub fn patient_sex(self) -> &'a str {
        self.text(self.0.sex)
    }

    /// Patient's date of birth.
    #[must_use]
    pub fn patient_birth_date(self) -> Option<Date> {
        self.present(field::PATIENT_BIRTH_DATE).then(|| Date::from_yyyymmdd(self.0.birth_date))
    }

    /// Number of lines.
    #[must_use]
    pub fn line_count(self) -> u32 {
        self.0.n_lines
    }

    /// Lines in the order of the claim.
    pub fn lines(self) -> impl Iterator<Item = LineView<'a>> {
        (0..self.0.n_lines).filter_map(move |index| {
            // SAFETY: `new` was promised a valid claim, and `index` is less than its number of lines.
            let line = unsafe { strided(self.0.lines, self.0.line_stride, index) }?;
            Some(LineView { line, claim: self })
        })
    }

    fn present(self, field: field::CbField) -> bool {
        FieldSet::from_bits(self.0.present).has(field)
    }

    fn text(self, text: CbStr) -> &'a str {
        // SAFETY: `new` was promised a valid claim, to which the text belongs.
        unsafe { read_text(text) }
    }
}

/// A drug as a line bills it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drug<'a> {
    /// National drug code, eleven digits.
    pub ndc: &'a str,
    /// Quantity in thousandths of `unit`; 0 when the line gives none.
    pub quantity_thousandths: i64,
    /// `F2`, `GR`, `ME`, `ML` or `UN`; empty when the line gives none.
    pub unit: &'a str,
}

/// A service line.
#[derive(Clone, Copy)]
pub struct LineView<'a> {
    line: &'a CbLine,
    claim: ClaimView<'a>,
}

impl<'a> LineView<'a> {
    /// Place of the line in its claim, from 1.
    #[must_use]
    pub fn number(self) -> u32 {
        self.line.line_no
    }

    /// CPT/HCPCS code; empty when the line has none.
    #[must_use]
    pub fn code(self) -> &'a str {
        self.text(self.line.code)
    }

    /// Modifiers in their order.
    pub fn modifiers(self) -> impl Iterator<Item = &'a str> {
        // SAFETY: the claim is valid, and the line belongs to it.
        let modifiers = unsafe { array(self.line.modifiers, self.line.n_modifiers, usize::MAX) };
        modifiers.unwrap_or_default().iter().map(move |modifier| self.text(*modifier))
    }

    /// Whether the line carries `modifier`.
    #[must_use]
    pub fn has_modifier(self, modifier: &str) -> bool {
        self.modifiers().any(|own| own == modifier)
    }

    /// The diagnosis codes that the line points to; a pointer past the list is passed over.
    pub fn diagnoses(self) -> impl Iterator<Item = &'a str> {
        // SAFETY: the claim is valid, and the line belongs to it.
        let pointers = unsafe { array(self.line.dx_pointers, self.line.n_dx_pointers, usize::MAX) };
        pointers.unwrap_or_default().iter().filter_map(move |pointer| {
            self.claim.diagnoses().nth(usize::from(*pointer).checked_sub(1)?)
        })
    }

    /// Place of service: the line's own, else the claim's.
    #[must_use]
    pub fn place_of_service(self) -> &'a str {
        self.text(self.line.place_of_service)
    }

    /// Revenue code of an institutional line.
    #[must_use]
    pub fn revenue_code(self) -> &'a str {
        self.text(self.line.revenue_code)
    }

    /// NPI of the rendering provider: the line's own, else the claim's.
    #[must_use]
    pub fn rendering_npi(self) -> &'a str {
        self.text(self.line.rendering_npi)
    }

    /// Taxonomy of the rendering provider.
    #[must_use]
    pub fn rendering_taxonomy(self) -> &'a str {
        self.text(self.line.rendering_taxonomy)
    }

    /// `upper` or `lower` extremity where the input says so, else empty.
    #[must_use]
    pub fn body_region(self) -> &'a str {
        self.text(self.line.body_region)
    }

    /// First date of service.
    #[must_use]
    pub fn from(self) -> Date {
        Date::from_yyyymmdd(self.line.from)
    }

    /// Last date of service, included.
    #[must_use]
    pub fn through(self) -> Date {
        Date::from_yyyymmdd(self.line.through)
    }

    /// Quantity in thousandths: one unit is 1000.
    #[must_use]
    pub fn units_thousandths(self) -> i64 {
        self.line.units_milli
    }

    /// What the quantity counts.
    #[must_use]
    pub fn unit_basis(self) -> UnitBasis {
        if self.line.unit_basis == basis::MINUTES { UnitBasis::Minutes } else { UnitBasis::Units }
    }

    /// Charge in cents.
    #[must_use]
    pub fn charge_cents(self) -> i64 {
        self.line.charge
    }

    /// The drug that the line bills.
    #[must_use]
    pub fn drug(self) -> Option<Drug<'a>> {
        FieldSet::from_bits(self.line.present).has(field::LINE_DRUG).then(|| Drug {
            ndc: self.text(self.line.ndc),
            quantity_thousandths: self.line.drug_quantity_milli,
            unit: self.text(self.line.drug_unit),
        })
    }

    /// Prior authorization: the line's own, else the claim's; empty when there is none.
    #[must_use]
    pub fn authorization(self) -> &'a str {
        self.text(self.line.authorization)
    }

    fn text(self, text: CbStr) -> &'a str {
        self.claim.text(text)
    }
}

/// A text of the host; one that is not UTF-8 reads as absent.
///
/// # Safety
/// `text` must be valid throughout `'a`.
unsafe fn read_text<'a>(text: CbStr) -> &'a str {
    // SAFETY: promised by the caller.
    let bytes = unsafe { text.bytes(usize::MAX) };
    bytes.and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
}
