//! What a remittance advice says of a line or a claim, and whether a later word stands.

use cleanbill_model::{
    Adjustment, Carc, GroupCode, Money, Rarc, RemittanceStatus, RemittedClaim, RemittedLine,
    ServiceDate,
};

use super::not_denials::{Meaning, meaning};

/// An answer, and from when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    day: Option<ServiceDate>,
    is_of_later_payer: bool,
    pub(super) word: Word,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Paid, or left to the patient or another payer, without a denial.
    Paid,
    /// Paid nothing, for these reasons.
    Denied(Box<Denial>),
    /// Not decided yet.
    Pending,
    /// An earlier answer was taken back.
    Reversed,
}

/// Why a line was denied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Denial {
    /// The reasons with what was denied for each.
    pub(super) reasons: Vec<(GroupCode, Carc, Money)>,
    /// Remark codes, sorted.
    pub(super) remarks: Vec<Rarc>,
}

impl Denial {
    /// Whether `carc` is one of the reasons.
    pub(super) fn is_for(&self, carc: Carc) -> bool {
        self.reasons.iter().any(|(_, own, _)| *own == carc)
    }
}

impl Answer {
    pub(super) fn new(claim: &RemittedClaim, word: Word) -> Self {
        let is_of_later_payer = claim.status.is_of_later_payer();
        Self { day: claim.payment.day, is_of_later_payer, word }
    }

    /// Puts this answer in the place of `old` unless that one stands, and says whether it did.
    pub(super) fn replace(self, old: &mut Option<Self>) -> bool {
        let stands = old.as_ref().is_some_and(|old| old.stands_against(&self));
        if !stands {
            *old = Some(self);
        }
        !stands
    }

    /// Whether this answer counts after `other` was read: the first payer's word stands against later
    /// payers', a later payment against an earlier one; of words of one day the one read last counts.
    pub(super) fn stands_against(&self, other: &Self) -> bool {
        match (self.is_of_later_payer, other.is_of_later_payer) {
            (false, true) => self.word != Word::Reversed,
            (true, false) => false,
            _ => matches!((self.day, other.day), (Some(own), Some(other)) if own > other),
        }
    }
}

/// What the payer says of one line of a claim, which it may have split into several.
pub(super) fn of_line<'a>(
    claim: &RemittedClaim,
    parts: impl Iterator<Item = &'a RemittedLine> + Clone,
) -> Word {
    if claim.status == RemittanceStatus::Reversal {
        return Word::Reversed;
    }
    let paid: i128 = parts.clone().map(|line| i128::from(line.paid.cents())).sum();
    if paid > 0 {
        return Word::Paid;
    }
    let own = parts.clone().flat_map(|line| claim.adjustments_of(line));
    let remarks = parts.clone().flat_map(|line| claim.remarks_of(line));
    let denying = || own.clone().filter(|one| meaning(one).is_none());
    if own.clone().any(|one| meaning(one) == Some(Meaning::Pending)) {
        return Word::Pending;
    }
    if denying().next().is_some() {
        return denied(denying(), remarks);
    }
    // What was said of the whole claim goes for a line of which nothing else was said.
    let whole = claim.own_adjustments().iter().filter(|one| meaning(one).is_none());
    let charge = parts.fold(Money::ZERO, |sum, line| sum.checked_add(line.charge).unwrap_or(sum));
    if claim.paid.cents() <= 0 && whole.clone().next().is_some() {
        let mut rest = charge;
        // The charge of the line stands once, with the first reason.
        let share = whole.map(|one| Adjustment { amount: core::mem::take(&mut rest), ..*one });
        let shares: Vec<Adjustment> = share.collect();
        return denied(shares.iter(), claim.own_remarks().iter().chain(remarks));
    }
    if claim.status == RemittanceStatus::Denied {
        return denied(own, claim.own_remarks().iter().chain(remarks));
    }
    Word::Paid
}

/// What the payer says of a claim that it adjudicated as a whole.
pub(super) fn of_claim(claim: &RemittedClaim) -> Word {
    let adjustments = claim.own_adjustments().iter();
    let denying = adjustments.clone().filter(|one| meaning(one).is_none());
    if claim.status == RemittanceStatus::Reversal {
        Word::Reversed
    } else if claim.paid.cents() > 0 {
        Word::Paid
    } else if adjustments.clone().any(|one| meaning(one) == Some(Meaning::Pending)) {
        Word::Pending
    } else if denying.clone().next().is_some() {
        denied(denying, claim.own_remarks().iter())
    } else if claim.status == RemittanceStatus::Denied {
        denied(adjustments, claim.own_remarks().iter())
    } else {
        Word::Paid
    }
}

fn denied<'a>(
    adjustments: impl Iterator<Item = &'a Adjustment>,
    remarks: impl Iterator<Item = &'a Rarc>,
) -> Word {
    let mut denial = Denial::default();
    for one in adjustments {
        let same = |(group, carc, _): &&mut (GroupCode, Carc, Money)| {
            (*group, *carc) == (one.group, one.carc)
        };
        match denial.reasons.iter_mut().find(same) {
            Some((_, _, amount)) => *amount = amount.checked_add(one.amount).unwrap_or(*amount),
            None => denial.reasons.push((one.group, one.carc, one.amount)),
        }
    }
    denial.remarks.extend(remarks);
    denial.remarks.sort_unstable();
    denial.remarks.dedup();
    Word::Denied(Box::new(denial))
}
