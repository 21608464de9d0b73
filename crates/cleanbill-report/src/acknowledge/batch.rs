//! The claims of one 277CA transaction, held until their sums are known.
//!
//! The guide puts the sums in front of the claims. So claims are held as the text that they will be,
//! so many at the most; a larger batch is answered in several transactions, each with its own sums.

use std::io::{self, Write};

use cleanbill_model::Money;

use super::claim_status::Status;
use super::interchange::{AnswerEnvelope, AnswerOptions, century, day, separators, time};
use super::parties::{BillingProvider, Open, Parties, write_receiver, write_source};
use super::segments::Segments;
use crate::amount::Cents;

/// Claims in one transaction: what the guide of the 837 recommends for its own.
pub(super) const CLAIMS: u64 = 5_000;
/// Bytes of their text that are held.
const BYTES: usize = 8 << 20;

/// Claims and charges, accepted and rejected.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    accepted: u64,
    rejected: u64,
    accepted_cents: i128,
    rejected_cents: i128,
}

impl Totals {
    fn add(&mut self, is_accepted: bool, charge: Option<Money>) {
        let cents = i128::from(charge.unwrap_or_default().cents());
        if is_accepted {
            self.accepted += 1;
            self.accepted_cents += cents;
        } else {
            self.rejected += 1;
            self.rejected_cents += cents;
        }
    }

    fn charges(&self) -> String {
        Cents(self.accepted_cents + self.rejected_cents).to_string()
    }

    /// QTY and AMT; `accepted` and `rejected` are the qualifiers of the level.
    fn write(&self, out: &mut Segments, accepted: &str, rejected: &str) {
        let counts = [(accepted, self.accepted), (rejected, self.rejected)];
        for (qualifier, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            out.begin("QTY").put(qualifier).put(&count.to_string()).end();
        }
        let sums = [
            ("YU", self.accepted, self.accepted_cents),
            ("YY", self.rejected, self.rejected_cents),
        ];
        for (qualifier, _, sum) in sums.into_iter().filter(|(_, count, _)| *count > 0) {
            out.begin("AMT").put(qualifier).put(&Cents(sum).to_string()).end();
        }
    }
}

/// One billing provider and its claims.
#[derive(Debug)]
struct Provider {
    who: BillingProvider,
    hl: u64,
    totals: Totals,
    claims: Segments,
}

/// The claims that are held.
#[derive(Debug, Default)]
pub(super) struct Batch {
    providers: Vec<Provider>,
    totals: Totals,
    last_hl: u64,
    /// Whether the next claim is of another provider or patient than the last.
    other_provider: bool,
    other_patient: bool,
    bytes: usize,
}

impl Batch {
    pub(super) const fn is_empty(&self) -> bool {
        self.providers.is_empty()
    }

    pub(super) const fn is_full(&self) -> bool {
        self.totals.accepted + self.totals.rejected >= CLAIMS || self.bytes >= BYTES
    }

    /// What follows is of another provider.
    pub(super) const fn leave_provider(&mut self) {
        self.other_provider = true;
    }

    /// What follows is of another patient.
    pub(super) const fn leave_patient(&mut self) {
        self.other_patient = true;
    }

    /// Adds a claim, which `write` puts into words.
    pub(super) fn add(
        &mut self,
        parties: &Parties,
        empty: impl FnOnce() -> Segments,
        is_accepted: bool,
        charge: Option<Money>,
        write: impl FnOnce(&mut Segments),
    ) {
        if self.other_provider || self.providers.is_empty() {
            // Source and receiver are the levels 1 and 2.
            self.last_hl = self.last_hl.max(2) + 1;
            let (who, hl) = (parties.billing.clone(), self.last_hl);
            let totals = Totals::default();
            self.providers.push(Provider { who, hl, totals, claims: empty() });
            self.other_patient = true;
        }
        self.other_provider = false;
        let Some(provider) = self.providers.last_mut() else { return };
        let before = provider.claims.bytes();
        if self.other_patient {
            self.last_hl += 1;
            let (own, above) = (self.last_hl.to_string(), provider.hl.to_string());
            provider.claims.begin("HL").put(&own).put(&above).put("PT").end();
            parties.write_patient(&mut provider.claims);
        }
        self.other_patient = false;
        write(&mut provider.claims);
        self.bytes += provider.claims.bytes() - before;
        provider.totals.add(is_accepted, charge);
        self.totals.add(is_accepted, charge);
    }

    /// Writes the transaction and is empty again.
    pub(super) fn write(
        &mut self,
        to: &mut impl Write,
        envelope: &mut AnswerEnvelope,
        open: &Open,
        parties: &Parties,
        received: Status,
        options: AnswerOptions,
    ) -> io::Result<()> {
        let batch = std::mem::take(self);
        let mut out = Segments::new(separators(&open.interchange));
        let control = envelope.open_transaction(&mut out, "277", super::GUIDE_277CA);
        let date = answer_day(open, parties, options);
        let trace = envelope.trace();
        out.begin("BHT").put("0085").put("08").put(&trace).put(&date);
        out.put(time(&parties.beginning.time)).put("TH").end();
        out.begin("HL").put("1").put("").put("20").put("1").end();
        let group = open.group.as_ref();
        let receiver = group.map_or("", |group| group.receiver.as_str());
        write_source(&mut out, parties.receiver.as_ref(), receiver);
        out.begin("TRN").put("1").put(&trace).end();
        out.begin("DTP").put("050").put("D8").put(&date).end();
        out.begin("DTP").put("009").put("D8").put(&date).end();
        out.begin("HL").put("2").put("1").put("21").put("1").end();
        let sender = group.map_or("", |group| group.sender.as_str());
        write_receiver(&mut out, parties.submitter.as_ref(), sender);
        let reference = match parties.beginning.reference.trim() {
            "" => "0",
            reference => reference,
        };
        out.begin("TRN").put("2").cut(reference, 50).end();
        let status = [received.category, received.code, received.entity];
        out.begin("STC").composite(&status).put(&date).put("WQ").put(&batch.totals.charges()).end();
        batch.totals.write(&mut out, "90", "AA");
        for provider in batch.providers {
            out.begin("HL").put(&provider.hl.to_string()).put("2").put("19").put("1").end();
            provider.who.write(&mut out);
            out.begin("TRN").put("1").put("0").end();
            out.begin("STC").composite(&status).put("").put("WQ");
            out.put(&provider.totals.charges()).end();
            provider.totals.write(&mut out, "QA", "QC");
            out.append(&provider.claims);
            to.write_all(out.as_str().as_bytes())?;
            out.clear_text();
        }
        let count = (out.count() + 1).to_string();
        out.begin("SE").put(&count).put(&control).end();
        to.write_all(out.as_str().as_bytes())
    }
}

/// The day that an answer carries: the day of the transaction that it answers, else of its group, else
/// of its interchange.
pub(super) fn answer_day(open: &Open, parties: &Parties, options: AnswerOptions) -> String {
    let group = open.group.as_ref().map_or("", |group| group.date.as_str());
    day(options, &[&parties.beginning.date, group, &century(&open.interchange.date)])
}
