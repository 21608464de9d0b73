//! What other payers said of a claim before this one: coordination of benefits (loops 2320, 2330B and
//! 2430 of the 837).

use core::ops::Range;

use crate::code::{FilingIndicator, ProcedureCode};
use crate::date::ServiceDate;
use crate::modifier::Modifiers;
use crate::money::Money;
use crate::remittance::Adjustment;
use crate::text::TextRef;
use crate::units::Units;

/// Place of a payer among those of a claim (SBR01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PayerRank(u8);

impl PayerRank {
    /// Reads `P` (first), `S`, `T`, `A` to `H` (fourth to eleventh) or `U` (not known).
    #[must_use]
    pub fn new(text: &[u8]) -> Option<Self> {
        match text {
            [byte @ (b'A'..=b'H' | b'P' | b'S' | b'T' | b'U')] => Some(Self(*byte)),
            _ => None,
        }
    }

    /// The letter as it stands on the claim.
    #[must_use]
    pub fn as_char(self) -> char {
        char::from(self.0)
    }
}

/// Another payer of a claim. Its subscriber is not even read.
#[derive(Clone, Debug, Default)]
pub struct OtherPayer {
    /// Identifier (NM109 of loop 2330B); the text lies in the claim.
    pub id: TextRef,
    /// Its place among the payers (SBR01).
    pub rank: Option<PayerRank>,
    /// Kind of payer (SBR09).
    pub filing_indicator: Option<FilingIndicator>,
    /// What it paid on the claim (AMT\*D).
    pub paid: Option<Money>,
    /// What the patient still owes behind it (AMT\*EAF).
    pub remaining: Option<Money>,
    /// What it does not cover at all (AMT\*A8).
    pub non_covered: Option<Money>,
    /// Day on which it adjudicated the claim (DTP\*573 of loop 2330B).
    pub adjudicated: Option<ServiceDate>,
    /// Where its adjustments of the claim as a whole lie in [`OtherPayers::adjustments`].
    pub adjustments: Range<usize>,
}

/// What another payer said of one service line (loop 2430).
#[derive(Clone, Debug, Default)]
pub struct OtherAdjudication {
    /// Place of the line in the claim's list of lines, from 0.
    pub line: usize,
    /// Identifier of the payer (SVD01), one of [`OtherPayer::id`]; the text lies in the claim.
    pub payer: TextRef,
    /// What it paid on the line (SVD02).
    pub paid: Option<Money>,
    /// What it adjudicated (SVD03), where it is a HCPCS or CDT code.
    pub procedure: Option<ProcedureCode>,
    /// Its modifiers.
    pub modifiers: Modifiers,
    /// Units that it paid (SVD05).
    pub units: Option<Units>,
    /// Number of the line that it bundled this one into (SVD06).
    pub bundled_into: Option<u32>,
    /// What the patient still owes of the line (AMT\*EAF).
    pub remaining: Option<Money>,
    /// Day on which it adjudicated the line (DTP\*573).
    pub adjudicated: Option<ServiceDate>,
    /// Where its adjustments of the line lie in [`OtherPayers::adjustments`].
    pub adjustments: Range<usize>,
}

/// All that other payers said of a claim; empty on a claim without other payers.
#[derive(Clone, Debug, Default)]
pub struct OtherPayers {
    /// The other payers in the order of the claim.
    pub payers: Vec<OtherPayer>,
    /// What they said of service lines, in the order of the claim.
    pub adjudications: Vec<OtherAdjudication>,
    /// Adjustments of payers and of their lines.
    pub adjustments: Vec<Adjustment>,
    /// Whether an amount that one of them paid on the claim stands there and cannot be used.
    pub paid_in_doubt: bool,
}

impl OtherPayers {
    /// What all other payers together paid on the claim; `None` where none says what it paid, or an
    /// amount cannot be used.
    #[must_use]
    pub fn paid(&self) -> Option<Money> {
        if self.paid_in_doubt {
            return None;
        }
        self.payers
            .iter()
            .filter_map(|payer| payer.paid)
            .try_fold(None, |sum, paid| sum.unwrap_or(Money::ZERO).checked_add(paid).map(Some))?
    }

    /// What all other payers together paid on the line at this place of the claim's list of lines; `None`
    /// where none says anything of it, or one does not say what it paid.
    #[must_use]
    pub fn paid_on_line(&self, line: usize) -> Option<Money> {
        self.of_line(line).try_fold(None, |sum: Option<Money>, said| {
            sum.unwrap_or(Money::ZERO).checked_add(said.paid?).map(Some)
        })?
    }

    /// What they said of the line at this place of the claim's list of lines.
    pub fn of_line(&self, line: usize) -> impl Iterator<Item = &OtherAdjudication> {
        self.adjudications.iter().filter(move |said| said.line == line)
    }

    /// The adjustments in `range`, which is that of a payer or adjudication of the same claim.
    #[must_use]
    pub fn adjustments_in(&self, range: &Range<usize>) -> &[Adjustment] {
        self.adjustments.get(range.clone()).unwrap_or_default()
    }

    /// A range of adjustments that starts at the end of those that are there.
    #[must_use]
    pub const fn adjustments_from_here(&self) -> Range<usize> {
        self.adjustments.len()..self.adjustments.len()
    }

    /// Empties it and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.payers.clear();
        self.adjudications.clear();
        self.adjustments.clear();
        self.paid_in_doubt = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payer(paid: Option<i64>) -> OtherPayer {
        OtherPayer { paid: paid.map(Money::from_cents), ..OtherPayer::default() }
    }

    #[test]
    fn what_was_paid_is_the_sum_of_what_payers_say() {
        let mut others = OtherPayers::default();
        assert_eq!(others.paid(), None);
        others.payers.push(payer(None));
        assert_eq!(others.paid(), None);
        others.payers.extend([payer(Some(3_915)), payer(Some(0)), payer(Some(85))]);
        assert_eq!(others.paid(), Some(Money::from_cents(4_000)));
        others.paid_in_doubt = true;
        assert_eq!(others.paid(), None);
        others.paid_in_doubt = false;
        others.payers.push(payer(Some(i64::MAX)));
        assert_eq!(others.paid(), None);
        others.clear();
        assert!(others.payers.is_empty() && others.paid().is_none());
    }

    #[test]
    fn what_was_paid_on_a_line_is_known_if_every_payer_says_it() {
        let said = |line, paid: Option<i64>| OtherAdjudication {
            line,
            paid: paid.map(Money::from_cents),
            ..OtherAdjudication::default()
        };
        let adjudications = vec![said(0, Some(3_015)), said(0, Some(1_000)), said(2, None)];
        let others = OtherPayers { adjudications, ..OtherPayers::default() };
        assert_eq!(others.paid_on_line(0), Some(Money::from_cents(4_015)));
        assert_eq!((others.paid_on_line(1), others.paid_on_line(2)), (None, None));
    }

    #[test]
    fn a_rank_is_a_letter_of_the_guide() {
        for good in ["P", "S", "T", "A", "H", "U"] {
            let rank = PayerRank::new(good.as_bytes()).unwrap();
            assert_eq!(rank.as_char().to_string(), good);
        }
        for bad in ["", "p", "I", "PS", "1"] {
            assert_eq!(PayerRank::new(bad.as_bytes()), None, "{bad}");
        }
    }
}
