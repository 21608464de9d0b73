//! Who is named around the claims that are being read, and how a 277CA names them.

use cleanbill_model::{Beginning, EnvelopePart, Group, Interchange, Level, Party, Role};

use super::segments::Segments;

/// Stands where an answer must have a value and the file has none.
pub(super) const UNKNOWN: &str = "UNKNOWN";

/// What is open around the claims.
#[derive(Debug, Default)]
pub(super) struct Parties {
    pub(super) beginning: Beginning,
    pub(super) submitter: Option<Party>,
    pub(super) receiver: Option<Party>,
    pub(super) billing: BillingProvider,
    subscriber: Option<Party>,
    patient: Option<Party>,
    is_dependent: bool,
}

/// Who bills.
#[derive(Clone, Debug, Default)]
pub(super) struct BillingProvider {
    party: Option<Party>,
    tax_id: String,
}

impl Parties {
    /// Takes a part inside of a transaction in.
    pub(super) fn take(&mut self, part: &EnvelopePart) {
        match part {
            EnvelopePart::Beginning(beginning) => self.beginning = Beginning::clone(beginning),
            EnvelopePart::Level(level) => self.enter(*level),
            EnvelopePart::Party(role, party) => {
                let slot = match role {
                    Role::Submitter => &mut self.submitter,
                    Role::Receiver => &mut self.receiver,
                    Role::BillingProvider => &mut self.billing.party,
                    Role::Subscriber => &mut self.subscriber,
                    Role::Patient => &mut self.patient,
                };
                slot.get_or_insert_with(|| Party::clone(party));
            }
            // The first number is that of the billing provider; a pay-to plan may have another.
            EnvelopePart::TaxId(id) if self.billing.tax_id.is_empty() => {
                self.billing.tax_id.clone_from(id);
            }
            _ => {}
        }
    }

    fn enter(&mut self, level: Level) {
        self.patient = None;
        self.is_dependent = level == Level::Patient;
        if level != Level::Patient {
            self.subscriber = None;
        }
        if level == Level::BillingProvider {
            self.billing = BillingProvider::default();
        }
    }

    /// NM1 of loop 2100D. A dependent is named with the subscriber's member id.
    pub(super) fn write_patient(&self, out: &mut Segments) {
        let patient = if self.is_dependent { &self.patient } else { &self.subscriber };
        let empty = Party::default();
        let person = patient.as_ref().unwrap_or(&empty);
        let member = self.subscriber.as_ref().unwrap_or(&empty);
        let qualifier = if member.id_qualifier == "II" { "II" } else { "MI" };
        out.begin("NM1").put("QC").put("1");
        write_name(out, person, true);
        out.put(qualifier).cut(or_unknown(member.id.reveal()), 80).end();
    }
}

impl BillingProvider {
    /// NM1 of loop 2100C.
    pub(super) fn write(&self, out: &mut Segments) {
        let empty = Party::default();
        let party = self.party.as_ref().unwrap_or(&empty);
        let (qualifier, id) = if party.id_qualifier == "XX" && !party.id.reveal().is_empty() {
            ("XX", party.id.reveal().as_str())
        } else if self.tax_id.is_empty() {
            ("SV", UNKNOWN)
        } else {
            ("FI", self.tax_id.as_str())
        };
        out.begin("NM1").put("85").put(if party.is_person { "1" } else { "2" });
        write_name(out, party, party.is_person);
        out.put(qualifier).cut(id, 80).end();
    }
}

/// NM1 of loop 2100A: the receiver of the claims is the source of the answer.
pub(super) fn write_source(out: &mut Segments, receiver: Option<&Party>, otherwise: &str) {
    out.begin("NM1").put("PR").put("2");
    write_submitter_or_receiver(out, receiver, otherwise, false);
}

/// NM1 of loop 2100B: the submitter of the claims is the receiver of the answer.
pub(super) fn write_receiver(out: &mut Segments, submitter: Option<&Party>, otherwise: &str) {
    let is_person = submitter.is_some_and(|party| party.is_person);
    out.begin("NM1").put("41").put(if is_person { "1" } else { "2" });
    write_submitter_or_receiver(out, submitter, otherwise, is_person);
}

fn write_submitter_or_receiver(
    out: &mut Segments,
    party: Option<&Party>,
    otherwise: &str,
    is_person: bool,
) {
    let empty = Party::default();
    let party = party.unwrap_or(&empty);
    let name = [party.name.reveal().as_str(), otherwise, UNKNOWN];
    let id = [party.id.reveal().as_str(), otherwise, UNKNOWN];
    let first_of = |texts: [&str; 3]| {
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned()
    };
    out.cut(&first_of(name), 60);
    if is_person {
        out.cut(party.first.reveal(), 35).cut(party.middle.reveal(), 25).skip(2);
    } else {
        out.skip(4);
    }
    out.put("46").cut(&first_of(id), 80).end();
}

/// NM103 to NM107.
fn write_name(out: &mut Segments, party: &Party, is_person: bool) {
    out.cut(or_unknown(party.name.reveal()), 60);
    if is_person {
        out.cut(party.first.reveal(), 35).cut(party.middle.reveal(), 25);
        out.skip(1).cut(party.suffix.reveal(), 10);
    } else {
        out.skip(4);
    }
}

fn or_unknown(text: &str) -> &str {
    if text.is_empty() { UNKNOWN } else { text }
}

/// Which interchange and group are open, in the words of the file.
#[derive(Debug, Default)]
pub(super) struct Open {
    pub(super) interchange: Interchange,
    /// Place of the interchange in the run, from 1.
    pub(super) ordinal: u64,
    pub(super) group: Option<Group>,
}
