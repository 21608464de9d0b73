//! A claim and its lines as a plugin sees them: what an edit needs, and nothing that names a patient.

use core::ptr;

use crate::size::size_u32;
use crate::text::CbStr;

/// The values of [`CbClaim::form`].
pub mod form {
    /// `P`: professional (837P).
    pub const PROFESSIONAL: u32 = 0x50;
    /// `I`: institutional (837I).
    pub const INSTITUTIONAL: u32 = 0x49;
    /// `D`: dental (837D).
    pub const DENTAL: u32 = 0x44;
}

/// The values of [`CbLine::unit_basis`].
pub mod basis {
    /// `U`: units of service.
    pub const UNITS: u32 = 0x55;
    /// `M`: minutes.
    pub const MINUTES: u32 = 0x4d;
}

/// A service line. Dates are `yyyymmdd`, quantities thousandths, amounts cents. What is absent or not granted
/// is empty or 0, and its bit in `present` is not set.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CbLine {
    /// Size of this struct as the host knows it.
    pub struct_size: u32,
    /// Place of the line in the claim, from 1.
    pub line_no: u32,
    /// CPT/HCPCS code.
    pub code: CbStr,
    /// Modifiers in their order.
    pub modifiers: *const CbStr,
    /// Number of modifiers.
    pub n_modifiers: usize,
    /// Diagnoses pointed to: places in [`CbClaim::diagnoses`], from 1.
    pub dx_pointers: *const u8,
    /// Number of diagnosis pointers.
    pub n_dx_pointers: usize,
    /// Place of service: the line's own, else the claim's.
    pub place_of_service: CbStr,
    /// Revenue code (institutional).
    pub revenue_code: CbStr,
    /// NPI of the rendering provider: the line's own, else the claim's.
    pub rendering_npi: CbStr,
    /// Taxonomy of the same.
    pub rendering_taxonomy: CbStr,
    /// `upper` or `lower` extremity, where the input says so.
    pub body_region: CbStr,
    /// First date of service.
    pub from: i32,
    /// Last date of service, included.
    pub through: i32,
    /// Quantity in thousandths.
    pub units_milli: i64,
    /// Charge in cents.
    pub charge: i64,
    /// What the quantity counts: [`basis`].
    pub unit_basis: u32,
    /// Zero.
    pub reserved: u32,
    /// Quantity of the drug in thousandths of [`CbLine::drug_unit`].
    pub drug_quantity_milli: i64,
    /// National drug code, eleven digits.
    pub ndc: CbStr,
    /// Unit of the drug's quantity: `F2`, `GR`, `ME`, `ML`, `UN`.
    pub drug_unit: CbStr,
    /// Prior authorization: the line's own, else the claim's.
    pub authorization: CbStr,
    /// Which fields of the line are granted and given: bits of [`crate::field`].
    pub present: u64,
}

impl Default for CbLine {
    fn default() -> Self {
        Self {
            struct_size: size_u32::<Self>(),
            line_no: 0,
            code: CbStr::EMPTY,
            modifiers: ptr::null(),
            n_modifiers: 0,
            dx_pointers: ptr::null(),
            n_dx_pointers: 0,
            place_of_service: CbStr::EMPTY,
            revenue_code: CbStr::EMPTY,
            rendering_npi: CbStr::EMPTY,
            rendering_taxonomy: CbStr::EMPTY,
            body_region: CbStr::EMPTY,
            from: 0,
            through: 0,
            units_milli: 0,
            charge: 0,
            unit_basis: basis::UNITS,
            reserved: 0,
            drug_quantity_milli: 0,
            ndc: CbStr::EMPTY,
            drug_unit: CbStr::EMPTY,
            authorization: CbStr::EMPTY,
            present: 0,
        }
    }
}

/// A claim. `claim_ref` is its ordinal within the run, never the provider's control number (CLM01).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CbClaim {
    /// Size of this struct as the host knows it.
    pub struct_size: u32,
    /// Professional or institutional: [`form`].
    pub form: u32,
    /// Ordinal within the run, in digits.
    pub claim_ref: CbStr,
    /// Payer's identifier.
    pub payer_id: CbStr,
    /// Kind of payer (SBR09).
    pub filing_indicator: CbStr,
    /// Claim frequency (CLM05-3).
    pub frequency: CbStr,
    /// Type of bill (institutional).
    pub bill_type: CbStr,
    /// Place of service of the claim (professional).
    pub place_of_service: CbStr,
    /// NPI of the billing provider.
    pub billing_npi: CbStr,
    /// Taxonomy of the same.
    pub billing_taxonomy: CbStr,
    /// NPI of the claim's rendering provider.
    pub rendering_npi: CbStr,
    /// Taxonomy of the same.
    pub rendering_taxonomy: CbStr,
    /// First date of service of all lines; 0 without lines.
    pub from: i32,
    /// Last date of service of all lines; 0 without lines.
    pub through: i32,
    /// Total charge in cents.
    pub total_charge: i64,
    /// Diagnosis codes in their order, without decimal point.
    pub diagnoses: *const CbStr,
    /// Number of diagnoses.
    pub n_diagnoses: usize,
    /// First line; the next one lies [`CbClaim::line_stride`] bytes on.
    pub lines: *const CbLine,
    /// Number of lines.
    pub n_lines: u32,
    /// Bytes from one line to the next.
    pub line_stride: u32,
    /// Which fields `plugins.lock` grants: bits of [`crate::field`].
    pub granted: u64,
    /// Which fields of the claim are granted and given.
    pub present: u64,
    /// Day on which the claim was handed in.
    pub submitted: i32,
    /// Patient's date of birth.
    pub birth_date: i32,
    /// Patient's sex: `F`, `M` or `U`.
    pub sex: CbStr,
    /// Prior authorization of the claim.
    pub authorization: CbStr,
    /// 1 when the claim names the one that it replaces or voids, else 0. The number itself does not cross.
    pub has_original_reference: u32,
    /// Zero.
    pub reserved: u32,
}

impl Default for CbClaim {
    fn default() -> Self {
        Self {
            struct_size: size_u32::<Self>(),
            form: form::PROFESSIONAL,
            claim_ref: CbStr::EMPTY,
            payer_id: CbStr::EMPTY,
            filing_indicator: CbStr::EMPTY,
            frequency: CbStr::EMPTY,
            bill_type: CbStr::EMPTY,
            place_of_service: CbStr::EMPTY,
            billing_npi: CbStr::EMPTY,
            billing_taxonomy: CbStr::EMPTY,
            rendering_npi: CbStr::EMPTY,
            rendering_taxonomy: CbStr::EMPTY,
            from: 0,
            through: 0,
            total_charge: 0,
            diagnoses: ptr::null(),
            n_diagnoses: 0,
            lines: ptr::null(),
            n_lines: 0,
            line_stride: size_u32::<CbLine>(),
            granted: 0,
            present: 0,
            submitted: 0,
            birth_date: 0,
            sex: CbStr::EMPTY,
            authorization: CbStr::EMPTY,
            has_original_reference: 0,
            reserved: 0,
        }
    }
}
