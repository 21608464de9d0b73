//! Other payers of a claim: insurances that it is not billed to, what their ClaimResponses say, and what an
//! ExplanationOfBenefit says that payers before it paid.

use cleanbill_model::{Claim, Money, OtherAdjudication, OtherPayer, ServiceDate, TextRef};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::concept::Amount;
use super::convert::At;
use super::item::money;
use super::people::People;
use super::resource::{Adjudication, ClaimResource, Item};
use crate::json::Text;
use crate::problem::Problem;

/// Categories of an amount that a payer paid.
const PAID: [&str; 2] = ["benefit", "paidtoprovider"];
/// Category of what payers before paid (CARIN Blue Button).
const PRIOR: [&str; 1] = ["priorpayerpaid"];

/// What a ClaimResponse said, as far as a claim to the next payer needs it.
#[derive(Debug, Default)]
pub(super) struct Response {
    paid: Option<Money>,
    adjudicated: Option<ServiceDate>,
    /// Sequence of an item, and what was paid on it.
    items: Vec<(u32, Money)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ResponseResource<'a> {
    #[serde(borrow)]
    created: Option<Text<'a>>,
    #[serde(borrow)]
    payment: Payment<'a>,
    #[serde(borrow)]
    total: Vec<Adjudication<'a>>,
    #[serde(borrow)]
    item: Vec<ResponseItem<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Payment<'a> {
    #[serde(borrow)]
    amount: Option<Amount<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ResponseItem<'a> {
    item_sequence: Option<u32>,
    #[serde(borrow)]
    adjudication: Vec<Adjudication<'a>>,
}

/// What other payers said of lines.
#[derive(Debug, Default)]
pub(super) struct OtherPayersSaid<'a> {
    /// Identifier of a payer, and its answer.
    responses: Vec<(TextRef, &'a Response)>,
    /// Whose payments an ExplanationOfBenefit names: the one other payer, else nobody by name.
    prior: TextRef,
}

impl Response {
    /// Reads what can be read; the rest is not known.
    pub(super) fn read(resource: &RawValue) -> Self {
        let Ok(declared) = serde_json::from_str::<ResponseResource<'_>>(resource.get()) else {
            return Self::default();
        };
        let items = declared.item.iter();
        Self {
            paid: declared
                .payment
                .amount
                .as_ref()
                .and_then(dollars)
                .or_else(|| sum(&declared.total, &PAID)),
            adjudicated: declared
                .created
                .as_ref()
                .and_then(|day| At::Claim.day("created", day).ok()),
            items: items
                .filter_map(|item| Some((item.item_sequence?, sum(&item.adjudication, &PAID)?)))
                .collect(),
        }
    }

    /// Bytes that it takes.
    pub(super) const fn size(&self) -> usize {
        size_of::<Self>() + self.items.capacity() * size_of::<(u32, Money)>()
    }
}

/// Gives `claim` its other payers.
pub(super) fn of_claim<'a>(
    declared: &ClaimResource<'_>,
    people: &'a People<'_>,
    claim: &mut Claim,
) -> Result<OtherPayersSaid<'a>, Problem> {
    let mut said = OtherPayersSaid::default();
    // Without a focal insurance the first is the one that is billed.
    let billed = declared.insurance.iter().position(|one| one.focal).unwrap_or_default();
    for (place, insurance) in declared.insurance.iter().enumerate() {
        if place == billed || insurance.focal {
            continue;
        }
        let coverage = people.find(&insurance.coverage);
        let payor = coverage.and_then(|coverage| people.behind(coverage));
        let id = claim.texts.add(payor.map_or("", |payor| payor.identifier.as_str()));
        let response = people.find(&insurance.claim_response);
        let response = response.and_then(|party| party.response.as_deref());
        said.responses.extend(response.map(|response| (id, response)));
        claim.other_payers.payers.push(OtherPayer {
            id,
            filing_indicator: coverage.and_then(|coverage| coverage.filing_indicator),
            paid: response.and_then(|response| response.paid),
            adjudicated: response.and_then(|response| response.adjudicated),
            ..OtherPayer::default()
        });
    }
    prior(declared, claim)?;
    if let [only] = claim.other_payers.payers.as_slice() {
        said.prior = only.id;
    }
    Ok(said)
}

/// What all payers before paid, by an ExplanationOfBenefit: it is of the one other payer that the claim names, else of
/// one more without a name.
fn prior(declared: &ClaimResource<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let Some(raw) = declared.total.filter(|raw| raw.get().starts_with('[')) else { return Ok(()) };
    let unreadable = |_| At::Claim.unreadable("total", "is no amount", "write `total.value`");
    let totals: Vec<Adjudication<'_>> = serde_json::from_str(raw.get()).map_err(unreadable)?;
    let paid = sum(&totals, &PRIOR);
    if paid.is_none() {
        return Ok(());
    }
    match claim.other_payers.payers.as_mut_slice() {
        [only] => only.paid = only.paid.or(paid),
        _ => claim.other_payers.payers.push(OtherPayer { paid, ..OtherPayer::default() }),
    }
    Ok(())
}

/// Gives the line at `place`, whose item has this `sequence`, what other payers said of it.
pub(super) fn of_line(
    item: &Item<'_>,
    sequence: u32,
    said: &OtherPayersSaid<'_>,
    place: usize,
    claim: &mut Claim,
) {
    let mut add = |payer, paid, adjudicated| {
        claim.other_payers.adjudications.push(OtherAdjudication {
            line: place,
            payer,
            paid: Some(paid),
            adjudicated,
            ..OtherAdjudication::default()
        });
    };
    let mut told = false;
    for (payer, response) in &said.responses {
        for (_, paid) in response.items.iter().filter(|(own, _)| *own == sequence) {
            add(*payer, *paid, response.adjudicated);
            told = true;
        }
    }
    if let Some(paid) = sum(&item.adjudication, &PRIOR).filter(|_| !told) {
        add(said.prior, paid, None);
    }
}

/// The sum of the amounts of a category; `None` where there is none, or one cannot be read.
fn sum(amounts: &[Adjudication<'_>], names: &[&str]) -> Option<Money> {
    let mut of_category = amounts.iter().filter(|one| one.category.is_any(names));
    of_category.try_fold(None, |sum: Option<Money>, one| {
        let amount = one.amount.as_ref().and_then(dollars)?;
        sum.unwrap_or(Money::ZERO).checked_add(amount).map(Some)
    })?
}

fn dollars(amount: &Amount<'_>) -> Option<Money> {
    money(At::Claim, "amount", amount).ok()
}
