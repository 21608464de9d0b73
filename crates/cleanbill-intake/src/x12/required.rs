//! Segments above a claim that the guides require and no edit reads: told where they are missing.
//!
//! Addresses are not read; that one stands there is all that is known of it.

use cleanbill_model::Location;

use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;

/// What stood in the loops above a claim.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Required {
    pub(super) billing: Billing,
    /// SBR of 2000B.
    pub(super) insurance: bool,
    /// DMG of the subscriber.
    pub(super) subscriber_person: bool,
    /// DMG of the patient who is someone else.
    pub(super) patient_person: bool,
    subscriber_told: bool,
    patient_told: bool,
}

/// Loop 2010AA.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Billing {
    pub(super) street: bool,
    pub(super) city: bool,
    pub(super) tax_id: bool,
    told: bool,
}

impl Billing {
    /// Whether nothing more will be told of it.
    pub(super) const fn is_settled(self) -> bool {
        self.told || (self.street && self.city && self.tax_id)
    }
}

impl Required {
    pub(super) const fn reset_subscriber(&mut self) {
        let billing = self.billing;
        *self = Self {
            billing,
            insurance: false,
            subscriber_person: false,
            patient_person: false,
            subscriber_told: false,
            patient_told: false,
        };
    }

    pub(super) const fn reset_patient(&mut self) {
        (self.patient_person, self.patient_told) = (false, false);
    }

    /// Tells what is missing above the claim at `place`, once for each loop.
    pub(super) fn check(&mut self, is_dependent: bool, place: Location, ledger: &mut Ledger) {
        let billing = &mut self.billing;
        let of_billing = !std::mem::replace(&mut billing.told, true);
        let of_subscriber = !std::mem::replace(&mut self.subscriber_told, true);
        let of_patient = is_dependent && !std::mem::replace(&mut self.patient_told, true);
        for (missing, element, what) in [
            (of_billing && !billing.street, "N3", "the street of the billing provider (`N3`)"),
            (of_billing && !billing.city, "N4", "the city of the billing provider (`N4`)"),
            (
                of_billing && !billing.tax_id,
                "REF",
                "the tax number of the billing provider (`REF*EI` or `REF*SY`)",
            ),
            (of_subscriber && !self.insurance, "SBR", "the insurance of the subscriber (`SBR`)"),
            (
                of_subscriber && !is_dependent && !self.subscriber_person,
                "DMG",
                "birth date and sex of the subscriber, who is the patient (`DMG`)",
            ),
            (
                of_patient && !self.patient_person,
                "DMG",
                "birth date and sex of the patient (`DMG`)",
            ),
        ] {
            if missing {
                let message = format!("{what} is missing in the loops above the claim");
                let fix = "write the segment; payers reject claims without it";
                ledger.note(Problem::new(codes::REQUIRED, element, message, fix), place);
            }
        }
    }
}
