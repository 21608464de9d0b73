//! Other payers of a claim in columns: who they are and what they paid, of the claim and of each line.

use cleanbill_model::{Claim, FilingIndicator, Money, OtherAdjudication, OtherPayer, TextRef};

use super::convert::Reading;
use super::field::Field;
use super::row::Row;
use crate::problem::Problem;

/// The columns of one other payer.
#[derive(Clone, Copy, Debug)]
struct OfPayer {
    id: Field,
    filing_indicator: Field,
    paid: Field,
    paid_on_line: Field,
}

const PAYERS: [OfPayer; 3] = [
    OfPayer {
        id: Field::OtherPayer1Id,
        filing_indicator: Field::OtherPayer1FilingIndicator,
        paid: Field::OtherPayer1Paid,
        paid_on_line: Field::LineOtherPayer1Paid,
    },
    OfPayer {
        id: Field::OtherPayer2Id,
        filing_indicator: Field::OtherPayer2FilingIndicator,
        paid: Field::OtherPayer2Paid,
        paid_on_line: Field::LineOtherPayer2Paid,
    },
    OfPayer {
        id: Field::OtherPayer3Id,
        filing_indicator: Field::OtherPayer3FilingIndicator,
        paid: Field::OtherPayer3Paid,
        paid_on_line: Field::LineOtherPayer3Paid,
    },
];

/// The other payers that a claim has, and the columns of each.
#[derive(Debug, Default)]
pub(super) struct Payers([Option<(OfPayer, TextRef)>; 3]);

impl Payers {
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Fields that are the same on every row of the claim.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> + Clone + use<> {
        let payers = self.0.map(|payer| payer.map(|(of, _)| [of.id, of.filing_indicator, of.paid]));
        payers.into_iter().flatten().flatten()
    }
}

impl Reading<'_> {
    /// Gives `claim` the other payers of its first row.
    pub(super) fn other_payers(&self, row: &Row, claim: &mut Claim) -> Result<Payers, Problem> {
        let mut payers = Payers::default();
        if !self.columns.names_other_payers() {
            return Ok(payers);
        }
        for (slot, of) in payers.0.iter_mut().zip(PAYERS) {
            let id = self.text(row, of.id, claim)?;
            let filing_indicator = self.read(row, of.filing_indicator, FilingIndicator::new)?;
            let paid = self.read(row, of.paid, Money::parse)?;
            if id.is_empty() && filing_indicator.is_none() && paid.is_none() {
                continue;
            }
            *slot = Some((of, id));
            claim.other_payers.payers.push(OtherPayer {
                id,
                filing_indicator,
                paid,
                ..OtherPayer::default()
            });
        }
        Ok(payers)
    }

    /// Gives `claim` what its other payers paid on the line of `row`, which comes next in its list.
    pub(super) fn paid_on_line(
        &self,
        row: &Row,
        payers: &Payers,
        claim: &mut Claim,
    ) -> Result<(), Problem> {
        for (of, payer) in payers.0.iter().flatten() {
            let Some(paid) = self.read(row, of.paid_on_line, Money::parse)? else { continue };
            claim.other_payers.adjudications.push(OtherAdjudication {
                line: claim.lines.len(),
                payer: *payer,
                paid: Some(paid),
                ..OtherAdjudication::default()
            });
        }
        Ok(())
    }
}

/// Whether a mapping names any column of an other payer.
pub(super) fn any_of(has: impl Fn(Field) -> bool) -> bool {
    PAYERS.iter().any(|of| has(of.id) || has(of.filing_indicator) || has(of.paid))
}
