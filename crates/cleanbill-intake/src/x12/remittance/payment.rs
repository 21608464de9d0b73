//! What stands around the claims of an 835: payment, payer, payee, and adjustments of the provider.

use cleanbill_model::{Location, Money, Payment, RemittanceAccounting, ServiceDate, TextArena};

use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::x12::id::Id;
use crate::x12::segment::Segment;
use crate::x12::value::unreadable;

/// Where the six pairs of reason and amount of a `PLB` have their amounts.
const PROVIDER_AMOUNTS: [usize; 6] = [4, 6, 8, 10, 12, 14];

/// The part of an 835 that is being read, as far as it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Party {
    #[default]
    None,
    Payer,
    Payee,
}

/// The payment of a transaction, and what its claims add up to.
#[derive(Debug, Default)]
pub(super) struct PaymentDraft {
    amount: Option<Money>,
    day: Option<ServiceDate>,
    trace: String,
    originator: String,
    payer: String,
    payer_other: String,
    payee: String,
    party: Party,
    has_amount: bool,
    /// Cents that claims and adjustments of the provider add up to.
    sum: i128,
    /// Whether all of them could be read.
    is_sum_whole: bool,
}

impl PaymentDraft {
    /// A transaction starts.
    pub(super) fn reset(&mut self) {
        for text in [
            &mut self.trace,
            &mut self.originator,
            &mut self.payer,
            &mut self.payer_other,
            &mut self.payee,
        ] {
            text.clear();
        }
        (self.amount, self.day) = (None, None);
        self.party = Party::None;
        self.has_amount = false;
        self.sum = 0;
        self.is_sum_whole = true;
    }

    /// Reads one segment that belongs to no claim.
    pub(super) fn read(
        &mut self,
        segment: &Segment<'_>,
        books: &mut RemittanceAccounting,
    ) -> Result<(), Problem> {
        match (segment.id(), segment.element(1)) {
            (Id::BPR, _) => return self.amount(segment, books),
            (Id::TRN, _) => {
                keep(&mut self.trace, segment.text(2));
                keep(&mut self.originator, segment.text(3));
            }
            (Id::N1, b"PR") => {
                self.party = Party::Payer;
                keep(&mut self.payer, segment.text(4));
            }
            (Id::N1, b"PE") => {
                self.party = Party::Payee;
                keep(&mut self.payee, segment.text(4));
            }
            (Id::REF, b"2U") if self.party == Party::Payer => {
                keep(&mut self.payer_other, segment.text(2));
            }
            (Id::PLB, _) => return self.provider_adjustments(segment, books),
            _ => {}
        }
        Ok(())
    }

    fn amount(
        &mut self,
        segment: &Segment<'_>,
        books: &mut RemittanceAccounting,
    ) -> Result<(), Problem> {
        self.has_amount = true;
        books.payments += 1;
        let amount = Money::parse(segment.element(2));
        let readable = amount.as_ref().ok().copied();
        RemittanceAccounting::add(&mut books.payment_total, &mut books.unreadable, readable);
        self.amount = Some(amount.map_err(|error| {
            let fix = "the amount of the payment in dollars and cents is needed";
            unreadable(codes::PAYMENT, "BPR02", error, fix)
        })?);
        let day = ServiceDate::parse_d8(segment.element(16)).map_err(|error| {
            unreadable(codes::PAYMENT, "BPR16", error, "write the day of the payment as YYYYMMDD")
        })?;
        self.day = Some(day);
        Ok(())
    }

    fn provider_adjustments(
        &mut self,
        segment: &Segment<'_>,
        books: &mut RemittanceAccounting,
    ) -> Result<(), Problem> {
        let mut problem = Ok(());
        for at in PROVIDER_AMOUNTS {
            if segment.element(at).is_empty() && segment.element(at - 1).is_empty() {
                continue;
            }
            books.provider_adjustments += 1;
            let amount = Money::parse(segment.element(at));
            let readable = amount.as_ref().ok().copied();
            RemittanceAccounting::add(
                &mut books.provider_adjusted,
                &mut books.unreadable,
                readable,
            );
            self.add(readable.map(|amount| Money::from_cents(-amount.cents())));
            if let Err(error) = amount {
                let fix = "write the amount of the adjustment in dollars and cents, `-1.27`";
                let element = format!("PLB{at:02}");
                problem = Err(unreadable(codes::PROVIDER_ADJUSTMENT, &element, error, fix));
            }
        }
        problem
    }

    /// A claim pays this much; `None` when that cannot be read.
    pub(super) fn add(&mut self, paid: Option<Money>) {
        match paid {
            Some(paid) => self.sum += i128::from(paid.cents()),
            None => self.is_sum_whole = false,
        }
    }

    /// Gives the payment to a claim, whose texts go into `texts`.
    pub(super) fn give(&self, texts: &mut TextArena) -> Payment {
        let payer = [&self.payer, &self.payer_other, &self.originator];
        let payer = payer.into_iter().find(|id| !id.is_empty()).map_or("", String::as_str);
        Payment {
            amount: self.amount,
            day: self.day,
            trace: texts.add(&self.trace),
            payer_id: texts.add(payer),
            payee_id: texts.add(&self.payee),
        }
    }

    /// The transaction ends: tells what is missing, and whether the payment is the sum of its parts.
    pub(super) fn end(&self, place: Location, ledger: &mut Ledger) {
        if !self.has_amount || self.trace.is_empty() {
            let element = if self.has_amount { "TRN02" } else { "BPR" };
            let message = format!("`{element}` is missing: it is not known which payment this is");
            let fix = "ask the payer for the whole file; its claims were read";
            ledger.note(Problem::new(codes::PAYMENT, element, message, fix), place);
        }
        let Some(amount) = self.amount.filter(|_| self.is_sum_whole) else { return };
        let apart = i128::from(amount.cents()) - self.sum;
        if let Some(apart) = i64::try_from(apart).ok().filter(|apart| *apart != 0) {
            let apart = Money::from_cents(apart.saturating_abs());
            let message = format!(
                "`BPR02` is {amount}, but claims and adjustments of the provider add up to {apart} \
                 more or less"
            );
            let fix = "look for a claim or a `PLB` that was lost; ask the payer for the whole file";
            ledger.note(Problem::new(codes::PAYMENT_BALANCE, "BPR02", message, fix), place);
        }
    }
}

fn keep(kept: &mut String, text: &str) {
    kept.clear();
    kept.push_str(text);
}
