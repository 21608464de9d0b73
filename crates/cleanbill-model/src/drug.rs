//! The drug that a service line gives: national drug code, quantity and unit.

use crate::code::Ndc;
use crate::units::Units;

/// What the quantity of a drug counts (CTP05-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DrugUnit {
    /// `F2`: international units.
    InternationalUnits,
    /// `GR`: grams.
    Grams,
    /// `ME`: milligrams.
    Milligrams,
    /// `ML`: millilitres.
    Millilitres,
    /// `UN`: units, such as tablets or vials of powder.
    Units,
}

impl DrugUnit {
    const ALL: [Self; 5] =
        [Self::InternationalUnits, Self::Grams, Self::Milligrams, Self::Millilitres, Self::Units];

    /// The two letters of the claim.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InternationalUnits => "F2",
            Self::Grams => "GR",
            Self::Milligrams => "ME",
            Self::Millilitres => "ML",
            Self::Units => "UN",
        }
    }

    /// Reads `F2`, `GR`, `ME`, `ML` or `UN`.
    #[must_use]
    pub fn new(text: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str().as_bytes() == text)
    }
}

/// The drug of a service line (loop 2410).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drug {
    /// National drug code (LIN03 where LIN02 is `N4`).
    pub ndc: Ndc,
    /// How much of it, in thousandths of `unit` (CTP04).
    pub quantity: Option<Units>,
    /// What `quantity` counts (CTP05-1).
    pub unit: Option<DrugUnit>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_read_back_as_it_is_written() {
        for unit in DrugUnit::ALL {
            assert_eq!(DrugUnit::new(unit.as_str().as_bytes()), Some(unit));
        }
        assert_eq!((DrugUnit::new(b"ml"), DrugUnit::new(b"")), (None, None));
    }

    #[test]
    fn a_drug_code_is_eleven_digits_without_hyphens() {
        assert_eq!(Ndc::new(b"00026063512").unwrap().as_str(), "00026063512");
        for bad in [&b""[..], b"0002606351", b"000260635120", b"00026-0635-12", b"0002606351A"] {
            assert!(Ndc::new(bad).is_err(), "{bad:?}");
        }
    }
}
