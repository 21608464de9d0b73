//! What a payer answers: a claim on a remittance advice (835), its lines and their adjustments.

use core::ops::{AddAssign, Range};

use crate::accounting::Accounting;
use crate::claim::Frequency;
use crate::code::{ProcedureCode, RevenueCode};
use crate::date::{DateRange, ServiceDate};
use crate::location::Location;
use crate::modifier::Modifiers;
use crate::money::Money;
use crate::remit::{Carc, GroupCode, Rarc};
use crate::text::{TextArena, TextRef};

/// What the payer did with a claim (CLP02, ASC X12N 005010X221A1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RemittanceStatus {
    /// Processed as the first payer: 1, or 19 where it went on to another one.
    #[default]
    Primary,
    /// Processed as the second payer: 2 or 20.
    Secondary,
    /// Processed as the third payer: 3 or 21.
    Tertiary,
    /// Denied: 4.
    Denied,
    /// An earlier payment is taken back: 22.
    Reversal,
    /// Not a claim of this payer, sent on: 23.
    SentOn,
    /// Pricing before the service, without a payment: 25.
    Predetermination,
}

impl RemittanceStatus {
    /// Reads CLP02; `None` for a status that the guide does not have.
    #[must_use]
    pub const fn new(text: &[u8]) -> Option<Self> {
        Some(match text {
            b"1" | b"19" => Self::Primary,
            b"2" | b"20" => Self::Secondary,
            b"3" | b"21" => Self::Tertiary,
            b"4" => Self::Denied,
            b"22" => Self::Reversal,
            b"23" => Self::SentOn,
            b"25" => Self::Predetermination,
            _ => return None,
        })
    }

    /// Whether a payer behind the first one speaks.
    #[must_use]
    pub const fn is_of_later_payer(self) -> bool {
        matches!(self, Self::Secondary | Self::Tertiary)
    }
}

/// A part of the charge that is not paid, and why (one triplet of a CAS segment).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// Who bears it.
    pub group: GroupCode,
    /// Why.
    pub carc: Carc,
    /// How much; negative where it adds to the payment.
    pub amount: Money,
}

/// The payment that a claim is part of (BPR, TRN, N1). The texts lie in the claim.
#[derive(Clone, Copy, Debug, Default)]
pub struct Payment {
    /// Amount of the whole payment (BPR02).
    pub amount: Option<Money>,
    /// Day on which it takes effect (BPR16).
    pub day: Option<ServiceDate>,
    /// Number of check or transfer (TRN02).
    pub trace: TextRef,
    /// Identifier of the payer: N104 of `N1*PR`, else `REF*2U`, else TRN03.
    pub payer_id: TextRef,
    /// Identifier of the payee: N104 of `N1*PE`.
    pub payee_id: TextRef,
}

/// A service line of a remittance advice.
#[derive(Clone, Debug, Default)]
pub struct RemittedLine {
    /// What was adjudicated (SVC01), where it is a HCPCS or CPT code.
    pub procedure: Option<ProcedureCode>,
    /// Its modifiers.
    pub modifiers: Modifiers,
    /// What was billed, where the payer adjudicated another code (SVC06).
    pub submitted: Option<ProcedureCode>,
    /// Its modifiers.
    pub submitted_modifiers: Modifiers,
    /// Revenue code (SVC04, or SVC01 with the qualifier NU).
    pub revenue_code: Option<RevenueCode>,
    /// Charge (SVC02).
    pub charge: Money,
    /// Amount paid (SVC03).
    pub paid: Money,
    /// Amount allowed (AMT\*B6).
    pub allowed: Option<Money>,
    /// Dates of service (DTM\*472, 150 and 151).
    pub dates: Option<DateRange>,
    /// The number that the biller gave the line (REF\*6R).
    pub control_number: TextRef,
    /// Where its adjustments lie in [`RemittedClaim::adjustments`].
    pub adjustments: Range<usize>,
    /// Where its remark codes (LQ\*HE) lie in [`RemittedClaim::remarks`].
    pub remarks: Range<usize>,
    /// Where the line starts.
    pub location: Location,
}

/// A claim of a remittance advice. One value is reused for all claims of a run.
#[derive(Clone, Debug, Default)]
pub struct RemittedClaim {
    /// Number of the claim among all remitted claims of the run, from 1.
    pub ordinal: u64,
    /// The biller's number of the claim (CLP01, CLM01 of the claim).
    pub claim_id: TextRef,
    /// What the payer did with it (CLP02).
    pub status: RemittanceStatus,
    /// Charge (CLP03); negative on a reversal.
    pub charge: Money,
    /// Amount paid (CLP04).
    pub paid: Money,
    /// What the patient owes (CLP05).
    pub patient_responsibility: Option<Money>,
    /// The payer's number of the claim (CLP07).
    pub payer_claim: TextRef,
    /// Frequency (CLP09).
    pub frequency: Option<Frequency>,
    /// Adjustments: first those of the whole claim, then line by line.
    pub adjustments: Vec<Adjustment>,
    /// Remark codes: first those of the whole claim (MIA, MOA), then line by line.
    pub remarks: Vec<Rarc>,
    /// Service lines; none where the payer adjudicated the claim as a whole.
    pub lines: Vec<RemittedLine>,
    /// The payment that it is part of.
    pub payment: Payment,
    /// Bytes of the claim in its file.
    pub bytes: Range<u64>,
    /// Where the claim starts.
    pub location: Location,
    /// The texts of the claim.
    pub texts: TextArena,
}

impl RemittedClaim {
    /// Empties the claim and keeps its memory.
    pub fn clear(&mut self) {
        let mut adjustments = core::mem::take(&mut self.adjustments);
        let mut remarks = core::mem::take(&mut self.remarks);
        let mut lines = core::mem::take(&mut self.lines);
        let mut texts = core::mem::take(&mut self.texts);
        adjustments.clear();
        remarks.clear();
        lines.clear();
        texts.clear();
        *self = Self { adjustments, remarks, lines, texts, ..Self::default() };
    }

    /// The text behind `text`.
    #[must_use]
    pub fn text(&self, text: TextRef) -> &str {
        self.texts.get(text)
    }

    /// The biller's number of the claim.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text(self.claim_id)
    }

    /// Adjustments of the claim as a whole.
    #[must_use]
    pub fn own_adjustments(&self) -> &[Adjustment] {
        let end = self.lines.first().map_or(self.adjustments.len(), |line| line.adjustments.start);
        self.adjustments.get(..end).unwrap_or_default()
    }

    /// Remark codes of the claim as a whole.
    #[must_use]
    pub fn own_remarks(&self) -> &[Rarc] {
        let end = self.lines.first().map_or(self.remarks.len(), |line| line.remarks.start);
        self.remarks.get(..end).unwrap_or_default()
    }

    /// Adjustments of a line of this claim.
    #[must_use]
    pub fn adjustments_of(&self, line: &RemittedLine) -> &[Adjustment] {
        self.adjustments.get(line.adjustments.clone()).unwrap_or_default()
    }

    /// Remark codes of a line of this claim.
    #[must_use]
    pub fn remarks_of(&self, line: &RemittedLine) -> &[Rarc] {
        self.remarks.get(line.remarks.clone()).unwrap_or_default()
    }
}

/// Nothing lost on a remittance advice: claims and bytes as for claims, and every sum of money in it.
///
/// Amounts are counted where they stand, whether or not their claim can be used. Sums are in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RemittanceAccounting {
    /// Claims, charges and bytes; a claim that can be used has passed.
    pub claims: Accounting,
    /// Sum of what was paid on claims (CLP04).
    pub paid: i128,
    /// Service lines.
    pub lines: u64,
    /// Sum of their charges.
    pub line_charges: i128,
    /// Sum of what was paid on them.
    pub line_paid: i128,
    /// Adjustments of claims and lines.
    pub adjustments: u64,
    /// Their sum.
    pub adjusted: i128,
    /// Payments.
    pub payments: u64,
    /// Their sum (BPR02).
    pub payment_total: i128,
    /// Adjustments that belong to no claim (PLB).
    pub provider_adjustments: u64,
    /// Their sum; positive where it lessens the payment.
    pub provider_adjusted: i128,
    /// Amounts that could not be read; they are in no sum. Charges of claims are counted apart.
    pub unreadable: u64,
}

impl RemittanceAccounting {
    /// Adds `amount` to `sum`, or counts it as unreadable.
    pub fn add(sum: &mut i128, unreadable: &mut u64, amount: Option<Money>) {
        match amount {
            Some(amount) => *sum += i128::from(amount.cents()),
            None => *unreadable += 1,
        }
    }
}

impl AddAssign for RemittanceAccounting {
    fn add_assign(&mut self, other: Self) {
        self.claims += other.claims;
        self.paid += other.paid;
        self.lines += other.lines;
        self.line_charges += other.line_charges;
        self.line_paid += other.line_paid;
        self.adjustments += other.adjustments;
        self.adjusted += other.adjusted;
        self.payments += other.payments;
        self.payment_total += other.payment_total;
        self.provider_adjustments += other.provider_adjustments;
        self.provider_adjusted += other.provider_adjusted;
        self.unreadable += other.unreadable;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_of_the_guide_are_read_and_no_others() {
        assert_eq!(RemittanceStatus::new(b"19"), Some(RemittanceStatus::Primary));
        assert_eq!(RemittanceStatus::new(b"22"), Some(RemittanceStatus::Reversal));
        for bad in [&b""[..], b"5", b"01", b"4 "] {
            assert_eq!(RemittanceStatus::new(bad), None);
        }
    }

    #[test]
    fn adjustments_are_of_the_claim_until_the_first_line_starts() {
        let adjustment = |cents| Adjustment {
            group: GroupCode::Co,
            carc: Carc::new(b"45").unwrap(),
            amount: Money::from_cents(cents),
        };
        let mut claim = RemittedClaim {
            adjustments: vec![adjustment(1), adjustment(2), adjustment(3)],
            ..RemittedClaim::default()
        };
        assert_eq!(claim.own_adjustments().len(), 3);
        claim.lines = vec![RemittedLine { adjustments: 1..3, ..RemittedLine::default() }];
        assert_eq!(claim.own_adjustments().len(), 1);
        assert_eq!(claim.adjustments_of(&claim.lines[0]).len(), 2);
        claim.clear();
        assert!(claim.adjustments.is_empty() && claim.lines.is_empty());
    }
}
