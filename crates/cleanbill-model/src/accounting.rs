//! Nothing lost: counts of claims, sums of charges, and every byte of the input in one place.

use core::ops::AddAssign;

use crate::money::Money;

/// Where the bytes of an input went. Each byte belongs to exactly one of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteTiling {
    /// ISA, GS, ST and their trailers; brackets and commas around JSON claims.
    pub envelope: u64,
    /// Submitter, billing provider, subscriber and patient loops.
    pub loop_header: u64,
    /// Claims that were read.
    pub claim: u64,
    /// White space between segments or claims.
    pub white_space: u64,
    /// Ranges that could not be read or trusted.
    pub quarantined: u64,
}

impl ByteTiling {
    /// All bytes together: must be the size of the input.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.envelope + self.loop_header + self.claim + self.white_space + self.quarantined
    }
}

impl AddAssign for ByteTiling {
    fn add_assign(&mut self, other: Self) {
        self.envelope += other.envelope;
        self.loop_header += other.loop_header;
        self.claim += other.claim;
        self.white_space += other.white_space;
        self.quarantined += other.quarantined;
    }
}

/// How a claim ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimVerdict {
    /// No finding of severity error; it may carry warnings and notes.
    Passed,
    /// At least one finding of severity error.
    Rejected,
    /// It could not be read, or an edit could not run on it.
    Quarantined,
}

/// Claims that are not judged since another version of them, or none, is the last word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotFinal {
    /// Claims of which a later version is here.
    pub superseded: u64,
    /// Claims that a void or a cancel has taken back.
    pub voided: u64,
    /// The voids and cancels themselves.
    pub voids: u64,
    /// Claims that are here a second time, the same in everything.
    pub repeated: u64,
    /// Lines that were taken off claims which are judged.
    pub lines: u64,
    /// Charges of all these claims and lines.
    pub charges: i128,
}

impl NotFinal {
    /// Claims of all four kinds.
    #[must_use]
    pub const fn claims(&self) -> u64 {
        self.superseded + self.voided + self.voids + self.repeated
    }
}

impl AddAssign for NotFinal {
    fn add_assign(&mut self, other: Self) {
        self.superseded += other.superseded;
        self.voided += other.voided;
        self.voids += other.voids;
        self.repeated += other.repeated;
        self.lines += other.lines;
        self.charges += other.charges;
    }
}

/// Counts and sums of one input or of a run. Charges are in cents, wide enough for any run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accounting {
    /// Claims met, counted where they start and apart from how they end.
    pub claims_in: u64,
    /// Claims without an error.
    pub passed: u64,
    /// Claims with an error.
    pub rejected: u64,
    /// Claims that could not be judged.
    pub quarantined: u64,
    /// Charges of the claims that could be read.
    pub charges_in: i128,
    /// Charges of passed claims.
    pub charges_passed: i128,
    /// Charges of rejected claims.
    pub charges_rejected: i128,
    /// Charges of quarantined claims whose charge could be read.
    pub charges_quarantined: i128,
    /// Quarantined claims whose charge could not be read.
    pub charges_unreadable: u64,
    /// Claims that are not judged, in runs that judge final claims alone.
    pub not_final: NotFinal,
    /// Size of the input in bytes.
    pub bytes_in: u64,
    /// Where the bytes went.
    pub bytes: ByteTiling,
}

impl Accounting {
    /// Books a claim that was met. `charge` is `None` when it could not be read.
    pub fn claim_met(&mut self, charge: Option<Money>) {
        self.claims_in += 1;
        match charge {
            Some(charge) => self.charges_in += i128::from(charge.cents()),
            None => self.charges_unreadable += 1,
        }
    }

    /// Books how a claim ended.
    pub fn claim_ended(&mut self, verdict: ClaimVerdict, charge: Option<Money>) {
        let cents = i128::from(charge.unwrap_or_default().cents());
        let (count, sum) = match verdict {
            ClaimVerdict::Passed => (&mut self.passed, &mut self.charges_passed),
            ClaimVerdict::Rejected => (&mut self.rejected, &mut self.charges_rejected),
            ClaimVerdict::Quarantined => (&mut self.quarantined, &mut self.charges_quarantined),
        };
        *count += 1;
        *sum += cents;
    }

    /// Whether every claim, every cent and every byte is accounted for.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.claims_in == self.passed + self.rejected + self.quarantined + self.not_final.claims()
            && self.charges_in
                == self.charges_passed
                    + self.charges_rejected
                    + self.charges_quarantined
                    + self.not_final.charges
            && self.bytes_in == self.bytes.total()
    }
}

impl AddAssign for Accounting {
    fn add_assign(&mut self, other: Self) {
        self.claims_in += other.claims_in;
        self.passed += other.passed;
        self.rejected += other.rejected;
        self.quarantined += other.quarantined;
        self.charges_in += other.charges_in;
        self.charges_passed += other.charges_passed;
        self.charges_rejected += other.charges_rejected;
        self.charges_quarantined += other.charges_quarantined;
        self.charges_unreadable += other.charges_unreadable;
        self.not_final += other.not_final;
        self.bytes_in += other.bytes_in;
        self.bytes += other.bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_claim_cent_or_byte_breaks_the_identity() {
        let mut sum = Accounting::default();
        let charge = Some(Money::from_cents(100));
        sum.claim_met(charge);
        assert!(!sum.holds());
        sum.claim_ended(ClaimVerdict::Passed, charge);
        assert!(sum.holds());
        sum.bytes_in = 1;
        assert!(!sum.holds());
        sum.bytes.claim = 1;
        assert!(sum.holds());
        sum.charges_passed += 1;
        assert!(!sum.holds());
        sum.charges_passed -= 1;
        sum.claim_met(charge);
        assert!(!sum.holds());
        sum.not_final = NotFinal { voided: 1, charges: 100, ..NotFinal::default() };
        assert!(sum.holds());
    }
}
