//! One service line of a claim.

use crate::code::{PlaceOfService, ProcedureCode, RevenueCode};
use crate::date::DateRange;
use crate::drug::Drug;
use crate::location::Location;
use crate::modifier::Modifiers;
use crate::money::Money;
use crate::phi::Phi;
use crate::provider::Provider;
use crate::text::TextRef;
use crate::units::Units;
use crate::version::AdjustmentType;

/// Upper or lower extremity. No standard modifier carries it; see `facts.extremity` of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// Arms.
    Upper,
    /// Legs.
    Lower,
}

impl Region {
    /// `upper` or `lower`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upper => "upper",
            Self::Lower => "lower",
        }
    }

    /// Reads `upper` or `lower`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Upper, Self::Lower].into_iter().find(|region| region.as_str() == name)
    }
}

/// What the quantity of a line counts (SV103).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnitBasis {
    /// `UN`: units of service. `DA`, days of an accommodation, are its units too.
    #[default]
    Units,
    /// `MJ`: minutes (anaesthesia). Never compared with units.
    Minutes,
}

/// The diagnoses that a line points to: 1-based places in the claim's diagnosis list, four at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiagnosisPointers([u8; 4]);

impl DiagnosisPointers {
    /// Adds a pointer (1 to 12) behind the others; `false` when it is out of range or the fifth.
    #[must_use]
    pub fn push(&mut self, pointer: u8) -> bool {
        if !(1..=12).contains(&pointer) {
            return false;
        }
        match self.0.iter_mut().find(|slot| **slot == 0) {
            Some(slot) => {
                *slot = pointer;
                true
            }
            None => false,
        }
    }

    /// The pointers in their order.
    pub fn iter(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.iter().copied().filter(|pointer| *pointer != 0)
    }
}

/// One service line (837P loop 2400, 837I loop 2400). Small and `Copy`; its texts lie in the claim.
///
/// `place_of_service`, `provider` and `authorization` are resolved: the line's own value where it has
/// one, else the claim's (837P: SV105 else CLM05-1; loop 2420A else 2310B else 2010AA; REF*G1 of loop
/// 2400 else of loop 2300).
#[derive(Clone, Copy, Debug)]
pub struct ServiceLine {
    /// Line number as the claim gives it (LX01), not its place in the list.
    pub number: u32,
    /// CPT/HCPCS code; `None` where the line carries another code system or only a revenue code.
    pub procedure: Option<ProcedureCode>,
    /// Modifiers in their order.
    pub modifiers: Modifiers,
    /// Quantity.
    pub units: Units,
    /// What the quantity counts.
    pub unit_basis: UnitBasis,
    /// Charge.
    pub charge: Money,
    /// First and last date of service.
    pub dates: DateRange,
    /// Diagnoses pointed to.
    pub pointers: DiagnosisPointers,
    /// Place of service, resolved.
    pub place_of_service: Option<PlaceOfService>,
    /// Rendering provider, resolved.
    pub provider: Provider,
    /// Ordering provider of the line (loop 2420E).
    pub ordering: Provider,
    /// Referring provider of the line (loop 2420F).
    pub referring: Provider,
    /// Revenue code (institutional).
    pub revenue_code: Option<RevenueCode>,
    /// Rate of one unit of an accommodation (SV206, institutional).
    pub rate: Option<Money>,
    /// Upper or lower extremity, where the input says so.
    pub body_region: Option<Region>,
    /// Drug (loop 2410).
    pub drug: Option<Drug>,
    /// Prior authorization number, resolved.
    pub authorization: Phi<TextRef>,
    /// Line item control number (REF*6R), echoed in the remittance.
    pub control_number: TextRef,
    /// What the line does to the same line of an earlier version of the claim, in extracts of payers.
    pub adjustment: Option<AdjustmentType>,
    /// Line note (NTE).
    pub note: Phi<TextRef>,
    /// Description of the service given by the provider (SV101-7).
    pub description: Phi<TextRef>,
    /// Where the line's service segment or object stands.
    pub location: Location,
}

impl ServiceLine {
    /// A line with only a number and dates: every other field absent, one unit, no charge.
    #[must_use]
    pub fn new(number: u32, dates: DateRange) -> Self {
        Self {
            number,
            procedure: None,
            modifiers: Modifiers::default(),
            units: Units::ONE,
            unit_basis: UnitBasis::Units,
            charge: Money::ZERO,
            dates,
            pointers: DiagnosisPointers::default(),
            place_of_service: None,
            provider: Provider::default(),
            ordering: Provider::default(),
            referring: Provider::default(),
            revenue_code: None,
            rate: None,
            body_region: None,
            drug: None,
            authorization: Phi::default(),
            control_number: TextRef::default(),
            adjustment: None,
            note: Phi::default(),
            description: Phi::default(),
            location: Location::default(),
        }
    }
}
