//! Fields that few claims carry: ambulance transports, certified conditions, other payers of a line.

use cleanbill_model::{
    Claim, ConditionCategory, ConditionIndicator, FilingIndicator, Money, Npi, ServiceLine,
    SpinalCondition, TransportReason, Units,
};

use super::field::Field;

impl Field {
    /// The value of a number field, in its smallest unit.
    pub(super) fn rare_number(self, claim: &Claim, line: &ServiceLine) -> Option<i64> {
        match self {
            Self::AmbulancePatients => {
                claim.particular(line, |own| own.ambulance.patients).map(i64::from)
            }
            Self::LineOtherPayerPaid => on_line(claim, line).map(Money::cents),
            _ => self.quantity(claim, line).map(Units::thousandths),
        }
    }

    /// The same for people.
    pub(super) fn rare_number_shown(self, claim: &Claim, line: &ServiceLine) -> String {
        let shown = match self {
            Self::LineOtherPayerPaid => on_line(claim, line).map(|paid| paid.to_string()),
            Self::AmbulancePatients => self.rare_number(claim, line).map(|count| count.to_string()),
            _ => self.quantity(claim, line).map(|quantity| quantity.to_string()),
        };
        shown.unwrap_or_default()
    }

    fn quantity(self, claim: &Claim, line: &ServiceLine) -> Option<Units> {
        match self {
            Self::AmbulanceDistance => claim.particular(line, |own| own.ambulance.distance),
            Self::AmbulanceWeight => claim.particular(line, |own| own.ambulance.weight),
            _ => None,
        }
    }

    /// The value of a word field.
    pub(super) fn rare_word<'a>(self, claim: &'a Claim, line: &ServiceLine) -> Option<&'a str> {
        match self {
            Self::SupervisingNpi => {
                claim.particular(line, |own| own.supervising.npi.as_ref()).map(Npi::as_str)
            }
            Self::PurchasedServiceNpi => {
                claim.particular(line, |own| own.purchased.npi.as_ref()).map(Npi::as_str)
            }
            Self::AmbulanceReason => claim
                .particular(line, |own| own.ambulance.reason.as_ref())
                .map(TransportReason::as_str),
            Self::SpinalCondition => claim
                .particular(line, |own| own.spinal_condition.as_ref())
                .map(SpinalCondition::as_str),
            Self::Homebound => {
                let mut certified = claim.certifications(line, ConditionCategory::HOMEBOUND);
                let first = certified.next()?;
                let holds = first.applies || certified.any(|one| one.applies);
                Some(if holds { "Y" } else { "N" })
            }
            _ => None,
        }
    }

    /// Whether `test` holds for any word of the list; `None` where that is not known.
    pub(super) fn any_word(
        self,
        claim: &Claim,
        line: &ServiceLine,
        mut test: impl FnMut(&str) -> bool,
    ) -> Option<bool> {
        if self == Self::OtherPayerFilingIndicators {
            let mut kinds = claim.other_payers.payers.iter().map(|payer| &payer.filing_indicator);
            let known = kinds.clone().all(Option::is_some);
            let found = kinds.any(|kind| kind.as_ref().is_some_and(|kind| test(kind.as_str())));
            return (found || known).then_some(found);
        }
        let category = match self {
            Self::AmbulanceConditions => ConditionCategory::AMBULANCE,
            Self::EquipmentConditions => ConditionCategory::EQUIPMENT,
            _ => ConditionCategory::EPSDT,
        };
        let any = |found: Option<bool>, holding: bool| Some(found.unwrap_or_default() || holding);
        claim.certifications(line, category).fold(None, |found, one| {
            let mut conditions = one.conditions.iter().flatten().map(ConditionIndicator::as_str);
            any(found, one.applies && conditions.any(&mut test))
        })
    }

    /// Whether the claim gives the list, empty or not.
    pub(super) fn has_words(self, claim: &Claim, line: &ServiceLine) -> bool {
        match self {
            Self::OtherPayerFilingIndicators => {
                let payers = &claim.other_payers.payers;
                payers.iter().any(|payer| payer.filing_indicator.is_some())
            }
            _ => self.any_word(claim, line, |_| true).is_some(),
        }
    }

    /// The words of the list for people.
    pub(super) fn words_shown(self, claim: &Claim, line: &ServiceLine) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut keep = |word: &str| {
            words.push(word.to_owned());
            false
        };
        if self == Self::OtherPayerFilingIndicators {
            let kinds = claim.other_payers.payers.iter();
            let kinds = kinds.filter_map(|payer| payer.filing_indicator.as_ref());
            kinds.map(FilingIndicator::as_str).for_each(|kind| {
                keep(kind);
            });
        } else {
            self.any_word(claim, line, keep);
        }
        if words.is_empty() { "none that holds".to_owned() } else { words.join(", ") }
    }

    /// Whether the claim gives a value of which no more may be asked.
    pub(super) fn is_given(self, claim: &Claim, line: &ServiceLine) -> bool {
        // Whether it is there says nothing about the patient.
        let given = claim.particular(line, |own| {
            let transport = &own.ambulance;
            let given = match self {
                Self::AmbulancePickUpZip => transport.pick_up.reveal().is_some(),
                Self::AmbulanceDropOffZip => transport.drop_off.reveal().is_some(),
                Self::AmbulanceRoundTrip => !transport.round_trip.reveal().is_empty(),
                Self::AmbulanceStretcher => !transport.stretcher.reveal().is_empty(),
                _ => false,
            };
            given.then_some(())
        });
        given.is_some()
    }
}

fn on_line(claim: &Claim, line: &ServiceLine) -> Option<Money> {
    claim.other_payers.paid_on_line(claim.place_of_line(line)?)
}

#[cfg(test)]
mod tests;
