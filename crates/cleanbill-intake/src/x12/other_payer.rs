//! Loops 2320, 2330B and 2430: what other payers said of the claim and its lines.
//!
//! Their subscribers (loop 2330A) and providers (2330C to 2330I) are not read. What cannot be read is left
//! out and told; it costs no claim.

use cleanbill_model::{
    Claim, FilingIndicator, Money, OtherAdjudication, OtherPayer, PayerRank, ServiceDate, Units,
};

use super::id::Id;
use super::remittance::{adjustment, line::procedure};
use super::segment::Segment;
use super::value::{count, unreadable};
use crate::codes;
use crate::problem::Problem;

/// Reads a segment of loop 2320 or 2330, `SBR` among them.
pub(super) fn of_claim(segment: &Segment<'_>, claim: &mut Claim) -> Result<(), Problem> {
    match segment.id() {
        Id::SBR => subscription(segment, claim),
        Id::NM1 if segment.element(1) == b"PR" => {
            if let Some(payer) = claim.other_payers.payers.last_mut() {
                payer.id = claim.texts.add(segment.text(9));
            }
            Ok(())
        }
        Id::AMT => claim_amount(segment, claim),
        Id::CAS => {
            let others = &mut claim.other_payers;
            let Some(payer) = others.payers.last_mut() else { return Ok(()) };
            let read = adjustment::read(segment, &mut others.adjustments);
            payer.adjustments.end = others.adjustments.len();
            read
        }
        Id::DTP => {
            if let Some(payer) = claim.other_payers.payers.last_mut() {
                payer.adjudicated = payer.adjudicated.or_else(|| adjudicated(segment));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Reads a segment of loop 2430, `SVD` among them, of the line that is being read.
pub(super) fn of_line(segment: &Segment<'_>, claim: &mut Claim) -> Result<(), Problem> {
    if segment.id() == Id::SVD {
        return adjudication(segment, claim);
    }
    let others = &mut claim.other_payers;
    let Some(said) = others.adjudications.last_mut() else { return Ok(()) };
    match segment.id() {
        Id::CAS => {
            let read = adjustment::read(segment, &mut others.adjustments);
            said.adjustments.end = others.adjustments.len();
            read
        }
        Id::DTP => {
            said.adjudicated = said.adjudicated.or_else(|| adjudicated(segment));
            Ok(())
        }
        Id::AMT if segment.element(1) == b"EAF" => {
            said.remaining = Some(amount(segment, 2, "AMT02")?);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn subscription(segment: &Segment<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let others = &mut claim.other_payers;
    let rank = PayerRank::new(segment.element(1));
    let indicator = Some(segment.element(9)).filter(|text| !text.is_empty());
    let indicator = indicator.map(FilingIndicator::new).transpose();
    others.payers.push(OtherPayer {
        rank,
        filing_indicator: indicator.as_ref().ok().copied().flatten(),
        adjustments: others.adjustments_from_here(),
        ..OtherPayer::default()
    });
    indicator.map(drop).map_err(|error| {
        let fix = "write the claim filing indicator of the other payer, such as CI";
        unreadable(codes::FILING_INDICATOR, "SBR09", error, fix)
    })
}

/// `AMT` of loop 2320. A payer that states twice what it paid leaves open which counts.
fn claim_amount(segment: &Segment<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let others = &mut claim.other_payers;
    let Some(payer) = others.payers.last_mut() else { return Ok(()) };
    let kept = match segment.element(1) {
        b"D" => &mut payer.paid,
        b"EAF" => &mut payer.remaining,
        b"A8" => &mut payer.non_covered,
        _ => return Ok(()),
    };
    let is_payment = segment.element(1) == b"D";
    let read = amount(segment, 2, "AMT02").and_then(|amount| match kept.replace(amount) {
        Some(earlier) if earlier != amount => Err(Problem::new(
            codes::REPEATED,
            "AMT01",
            "another payer states one kind of amount twice, and they differ",
            "write each kind of amount once for each other payer (loop 2320)",
        )),
        _ => Ok(()),
    });
    others.paid_in_doubt |= is_payment && read.is_err();
    read
}

fn adjudication(segment: &Segment<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let mut said = OtherAdjudication {
        line: claim.lines.len(),
        payer: claim.texts.add(segment.text(1)),
        bundled_into: count(segment.element(6)).and_then(|line| u32::try_from(line).ok()),
        adjustments: claim.other_payers.adjustments_from_here(),
        ..OtherAdjudication::default()
    };
    let read = particulars(segment, &mut said);
    claim.other_payers.adjudications.push(said);
    read
}

fn particulars(segment: &Segment<'_>, said: &mut OtherAdjudication) -> Result<(), Problem> {
    said.paid = Some(amount(segment, 2, "SVD02")?);
    (said.procedure, said.modifiers) = procedure(segment, 3, ["SVD03-1", "SVD03-2", "SVD03-3"])?;
    if !segment.element(5).is_empty() {
        let units = Units::parse(segment.element(5)).map_err(|error| {
            let fix = "write the units that the other payer paid as a plain number, `1`";
            unreadable(codes::UNITS, "SVD05", error, fix)
        })?;
        said.units = Some(units);
    }
    Ok(())
}

/// The day of a `DTP*573`; that it is one is checked with all other dates.
fn adjudicated(segment: &Segment<'_>) -> Option<ServiceDate> {
    let is_day = segment.element(1) == b"573" && segment.element(2) == b"D8";
    ServiceDate::parse_d8(segment.element(3)).ok().filter(|_| is_day)
}

fn amount(segment: &Segment<'_>, index: usize, element: &str) -> Result<Money, Problem> {
    Money::parse(segment.element(index)).map_err(|error| {
        let fix = "write the amount of the other payer in dollars and cents, `39.15`";
        unreadable(codes::AMOUNT_PAID, element, error, fix)
    })
}
