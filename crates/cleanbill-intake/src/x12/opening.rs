//! What stands between ST and the first HL: BHT, submitter (1000A) and receiver (1000B).

use cleanbill_model::{Location, ServiceDate};

use super::id::Id;
use super::segment::Segment;
use super::value::unreadable;
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;

/// The opening of a transaction, as far as it is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Opening {
    /// Day on which the transaction was made (BHT04).
    pub(super) submitted: Option<ServiceDate>,
    begun: bool,
    submitter: bool,
    receiver: bool,
}

impl Opening {
    /// Reads one segment above the first HL.
    pub(super) fn read(&mut self, segment: &Segment<'_>, place: Location, ledger: &mut Ledger) {
        match (segment.id(), segment.element(1)) {
            (Id::BHT, _) => {
                self.begun = true;
                match ServiceDate::parse_d8(segment.element(4)) {
                    Ok(day) => self.submitted = Some(day),
                    Err(error) => {
                        let fix = "write the day on which the transaction was made as YYYYMMDD";
                        ledger.note(unreadable(codes::SUBMITTED, "BHT04", error, fix), place);
                    }
                }
            }
            (Id::NM1, b"41") => self.submitter = true,
            (Id::NM1, b"40") => self.receiver = true,
            _ => {}
        }
    }

    /// Tells what is missing once the first HL has come.
    pub(super) fn check(&self, place: Location, ledger: &mut Ledger) {
        for (there, element, what) in [
            (self.begun, "BHT", "the beginning of the transaction (`BHT`)"),
            (self.submitter, "NM1", "the submitter (`NM1*41`)"),
            (self.receiver, "NM1", "the receiver (`NM1*40`)"),
        ] {
            if !there {
                let message = format!("{what} is missing in front of the first `HL`");
                let fix = "write BHT, submitter and receiver behind ST";
                ledger.note(Problem::new(codes::REQUIRED, element, message, fix), place);
            }
        }
    }
}
