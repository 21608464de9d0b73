//! What few claims say: ambulance transports, certified conditions, providers that seldom take part.
//!
//! A claim without any of it has no memory for it ([`Claim::rare`](crate::Claim::rare)).

use crate::ascii::{Ascii, ascii_code};
use crate::code::CodeError;
use crate::phi::Phi;
use crate::provider::Provider;
use crate::text::TextRef;
use crate::units::Units;

/// Why an ambulance took the patient where it did (CR104): `A` to `E`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransportReason(Ascii<1>);
ascii_code!(TransportReason);

impl TransportReason {
    /// Reads `A` to `E` (X12 data element 1317).
    #[must_use]
    pub fn new(text: &[u8]) -> Option<Self> {
        let known = matches!(text, [b'A'..=b'E']);
        Ascii::new(text).map(Self).filter(|_| known)
    }
}

/// Condition of a patient whose spine is manipulated (CR208): `A`, `C` to `G` or `M`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpinalCondition(Ascii<1>);
ascii_code!(SpinalCondition);

impl SpinalCondition {
    /// Reads `A`, `C`, `D`, `E`, `F`, `G` or `M` (X12 data element 1342).
    #[must_use]
    pub fn new(text: &[u8]) -> Option<Self> {
        let known = matches!(text, [b'A' | b'C'..=b'G' | b'M']);
        Ascii::new(text).map(Self).filter(|_| known)
    }
}

/// A ZIP code of five or nine digits, without a hyphen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZipCode(Ascii<9>);
ascii_code!(ZipCode);

impl ZipCode {
    /// Reads the digits.
    ///
    /// # Errors
    /// [`CodeError`] for anything else.
    pub fn new(text: &[u8]) -> Result<Self, CodeError> {
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        if !text.iter().all(u8::is_ascii_digit) {
            return Err(CodeError::Pattern { allowed: "digits" });
        }
        let length = CodeError::Length { found: text.len(), allowed: "5 or 9" };
        let known = matches!(text.len(), 5 | 9);
        Ascii::new(text).map(Self).filter(|_| known).ok_or(length)
    }
}

/// What a certification is about (CRC01): `07` ambulance, `75` homebound, `ZZ` EPSDT referral, `09` durable
/// medical equipment, `70` hospice employee, `E1` to `E3` vision.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionCategory(Ascii<2>);
ascii_code!(ConditionCategory);

impl ConditionCategory {
    /// `07`: ambulance.
    pub const AMBULANCE: Self = Self(Ascii::from_array(*b"07"));
    /// `75`: the patient cannot leave home.
    pub const HOMEBOUND: Self = Self(Ascii::from_array(*b"75"));
    /// `ZZ`: referral by an EPSDT screening.
    pub const EPSDT: Self = Self(Ascii::from_array(*b"ZZ"));
    /// `09`: durable medical equipment.
    pub const EQUIPMENT: Self = Self(Ascii::from_array(*b"09"));

    /// Reads two capitals or digits.
    ///
    /// # Errors
    /// [`CodeError`] for anything else.
    pub fn new(text: &[u8]) -> Result<Self, CodeError> {
        Ok(Self(two(text)?))
    }
}

/// A condition that is certified (CRC03 to CRC07).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionIndicator(Ascii<2>);
ascii_code!(ConditionIndicator);

impl ConditionIndicator {
    /// Reads two capitals or digits.
    ///
    /// # Errors
    /// [`CodeError`] for anything else.
    pub fn new(text: &[u8]) -> Result<Self, CodeError> {
        Ok(Self(two(text)?))
    }
}

fn two(text: &[u8]) -> Result<Ascii<2>, CodeError> {
    if text.is_empty() {
        return Err(CodeError::Empty);
    }
    if !text.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        return Err(CodeError::Pattern { allowed: "capital letters or digits" });
    }
    let length = CodeError::Length { found: text.len(), allowed: "2" };
    Ascii::new(text).filter(|_| text.len() == 2).ok_or(length)
}

/// Conditions that are certified to hold, or not to (CRC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certification {
    /// What it is about (CRC01).
    pub category: ConditionCategory,
    /// Whether the conditions hold (CRC02: `Y` or `N`).
    pub applies: bool,
    /// The conditions (CRC03 to CRC07).
    pub conditions: [Option<ConditionIndicator>; 5],
}

/// An ambulance transport (CR1, `QTY*PT`, loops 2310E and F, 2420G and H). Of its addresses the ZIP codes alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ambulance {
    /// Weight of the patient in thousandths of a pound (CR102).
    pub weight: Option<Units>,
    /// Why the patient was taken there (CR104).
    pub reason: Option<TransportReason>,
    /// Distance in thousandths of a mile (CR106).
    pub distance: Option<Units>,
    /// Purpose of a round trip (CR109).
    pub round_trip: Phi<TextRef>,
    /// Purpose of a stretcher (CR110).
    pub stretcher: Phi<TextRef>,
    /// ZIP code of the pick-up (N403 behind `NM1*PW`).
    pub pick_up: Phi<Option<ZipCode>>,
    /// ZIP code of the drop-off (N403 behind `NM1*45`).
    pub drop_off: Phi<Option<ZipCode>>,
    /// Patients in the ambulance (QTY02 behind `PT`).
    pub patients: Option<u16>,
}

/// What few claims, or few of their lines, say.
#[derive(Clone, Debug, Default)]
pub struct Particulars {
    /// The ambulance transport.
    pub ambulance: Ambulance,
    /// Certified conditions, in the order of the claim.
    pub certifications: Vec<Certification>,
    /// Condition of a patient whose spine is manipulated (CR208).
    pub spinal_condition: Option<SpinalCondition>,
    /// Supervising provider (loops 2310D and 2420D).
    pub supervising: Provider,
    /// Provider of a purchased service (loop 2420B).
    pub purchased: Provider,
}

/// The particulars of a claim and of those of its lines that have any.
#[derive(Clone, Debug, Default)]
pub struct RareFacts {
    /// Those of the claim.
    pub of_claim: Particulars,
    /// Those of lines, each with the line's place in the claim's list, from 0.
    pub of_lines: Vec<(usize, Particulars)>,
}

impl RareFacts {
    /// Those of the line at `place`.
    #[must_use]
    pub fn of_line(&self, place: usize) -> Option<&Particulars> {
        self.of_lines.iter().find(|(line, _)| *line == place).map(|(_, own)| own)
    }

    /// Those of the line at `place`, or of the claim where there is none, to be filled in.
    pub fn fill(&mut self, place: Option<usize>) -> &mut Particulars {
        let Some(place) = place else { return &mut self.of_claim };
        // Lines are read in their order: the one being filled is the last.
        let own = match self.of_lines.iter().rposition(|(line, _)| *line == place) {
            Some(own) => own,
            None => {
                self.of_lines.push((place, Particulars::default()));
                self.of_lines.len() - 1
            }
        };
        self.of_lines.get_mut(own).map_or(&mut self.of_claim, |(_, own)| own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_their_lists() {
        assert_eq!(TransportReason::new(b"A").unwrap().as_str(), "A");
        assert_eq!(SpinalCondition::new(b"M").unwrap().as_str(), "M");
        assert_eq!(ConditionCategory::new(b"07"), Ok(ConditionCategory::AMBULANCE));
        assert_eq!(ConditionIndicator::new(b"AV").unwrap().as_str(), "AV");
        for bad in ["", "F", "a", "AB"] {
            assert_eq!(TransportReason::new(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(SpinalCondition::new(b"B"), None);
        for bad in ["", "7", "0a", "007"] {
            assert!(ConditionIndicator::new(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_zip_code_has_five_or_nine_digits() {
        for good in ["80612", "787010001"] {
            assert_eq!(ZipCode::new(good.as_bytes()).unwrap().as_str(), good);
        }
        for bad in ["", "8061", "78701-0001", "ABCDE", "7870100012"] {
            assert!(ZipCode::new(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_filled_in_belongs_to_its_line() {
        let mut rare = RareFacts::default();
        rare.fill(None).ambulance.patients = Some(1);
        rare.fill(Some(2)).ambulance.patients = Some(2);
        rare.fill(Some(2)).spinal_condition = SpinalCondition::new(b"M");
        rare.fill(Some(5)).ambulance.patients = Some(3);
        assert_eq!((rare.of_claim.ambulance.patients, rare.of_lines.len()), (Some(1), 2));
        let second = rare.of_line(2).unwrap();
        assert_eq!(second.ambulance.patients, Some(2));
        assert!(second.spinal_condition.is_some() && rare.of_line(0).is_none());
    }
}
