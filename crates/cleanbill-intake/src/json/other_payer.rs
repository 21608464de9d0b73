//! The members of claim JSON that tell what other payers said of a claim and its lines before.

use core::fmt::Display;
use core::ops::Range;

use cleanbill_model::{
    Adjustment, Carc, Claim, FilingIndicator, GroupCode, Modifier, Modifiers, Money,
    OtherAdjudication, OtherPayer, PayerRank, ProcedureCode, ServiceDate, TextRef,
};
use serde_json::value::RawValue;

use super::declaration::{
    AdjudicationDeclaration, AdjustmentDeclaration, LineDeclaration, OtherPayerDeclaration, Text,
};
use super::few::Few;
use super::place::Place;
use crate::problem::Problem;

/// Gives `claim` its other payers.
pub(super) fn payers(
    declared: Option<&[OtherPayerDeclaration<'_>]>,
    claim: &mut Claim,
) -> Result<(), Problem> {
    for (index, declared) in declared.unwrap_or_default().iter().enumerate() {
        let at = Part { of: Place::Claim, list: "other_payers", index };
        let payer = OtherPayer {
            id: at.identifier("id", declared.id.as_ref(), claim)?,
            rank: at.read("rank", declared.rank.as_ref(), |text| {
                PayerRank::new(text).ok_or("is not P, S, T, A to H or U")
            })?,
            filing_indicator: at.read(
                "filing_indicator",
                declared.filing_indicator.as_ref(),
                FilingIndicator::new,
            )?,
            paid: at.money("paid", declared.paid)?,
            remaining: at.money("remaining", declared.remaining)?,
            non_covered: at.money("non_covered", declared.non_covered)?,
            adjudicated: at.day(declared.adjudicated.as_ref())?,
            adjustments: at.adjustments(declared.adjustments.as_deref(), claim)?,
        };
        claim.other_payers.payers.push(payer);
    }
    Ok(())
}

/// Gives `claim` what other payers said of the line at `place` of its list.
pub(super) fn adjudications(
    declared: &LineDeclaration<'_>,
    place: usize,
    claim: &mut Claim,
) -> Result<(), Problem> {
    let list = declared.other_adjudications.as_deref().unwrap_or_default();
    for (index, declared) in list.iter().enumerate() {
        let at = Part { of: Place::Line(place), list: "other_adjudications", index };
        let said = adjudication(at, declared, place, claim)?;
        claim.other_payers.adjudications.push(said);
    }
    Ok(())
}

fn adjudication(
    at: Part,
    declared: &AdjudicationDeclaration<'_>,
    line: usize,
    claim: &mut Claim,
) -> Result<OtherAdjudication, Problem> {
    let units = declared.units.map(|raw| at.of.quantity(&at.member("units"), raw)).transpose()?;
    Ok(OtherAdjudication {
        line,
        payer: at.identifier("payer", declared.payer.as_ref(), claim)?,
        paid: at.money("paid", declared.paid)?,
        procedure: at.read("procedure", declared.procedure.as_ref(), ProcedureCode::new)?,
        modifiers: at.modifiers(declared.modifiers.as_ref())?,
        units,
        bundled_into: declared.bundled_into,
        remaining: at.money("remaining", declared.remaining)?,
        adjudicated: at.day(declared.adjudicated.as_ref())?,
        adjustments: at.adjustments(declared.adjustments.as_deref(), claim)?,
    })
}

/// An object of a list, to name its members in errors.
#[derive(Clone, Copy)]
struct Part {
    of: Place,
    list: &'static str,
    index: usize,
}

impl Part {
    fn member(self, name: &str) -> String {
        format!("{}[{}].{name}", self.list, self.index)
    }

    fn read<T, E: Display>(
        self,
        name: &str,
        text: Option<&Text<'_>>,
        read: impl Fn(&[u8]) -> Result<T, E>,
    ) -> Result<Option<T>, Problem> {
        self.of.read(&self.member(name), text, read)
    }

    fn money(self, name: &str, raw: Option<&RawValue>) -> Result<Option<Money>, Problem> {
        raw.map(|raw| self.of.money(&self.member(name), raw)).transpose()
    }

    fn day(self, text: Option<&Text<'_>>) -> Result<Option<ServiceDate>, Problem> {
        self.read("adjudicated", text, ServiceDate::parse_iso)
    }

    fn identifier(
        self,
        name: &str,
        text: Option<&Text<'_>>,
        claim: &mut Claim,
    ) -> Result<TextRef, Problem> {
        let member = self.member(name);
        if text.is_none_or(|Text(text)| text.is_empty()) {
            return Err(self.of.missing(&member, "write the identifier of the other payer"));
        }
        self.of.text(&member, text, claim)
    }

    fn modifiers(self, declared: Option<&Few<Text<'_>, 4>>) -> Result<Modifiers, Problem> {
        let mut modifiers = Modifiers::default();
        let fail = |error: &dyn Display| {
            let fix = "write up to four modifiers of two capital letters or digits";
            self.of.unreadable(&self.member("modifiers"), error, fix)
        };
        if declared.is_some_and(|list| list.len() > 4) {
            return Err(fail(&"has more than four modifiers"));
        }
        for Text(text) in declared.into_iter().flat_map(Few::iter) {
            let modifier = Modifier::new(text.as_bytes()).map_err(|error| fail(&error))?;
            modifiers.push(modifier).map_err(|error| fail(&error))?;
        }
        Ok(modifiers)
    }

    /// Adds the adjustments to `claim` and gives where they lie.
    fn adjustments(
        self,
        declared: Option<&[AdjustmentDeclaration<'_>]>,
        claim: &mut Claim,
    ) -> Result<Range<usize>, Problem> {
        let others = &mut claim.other_payers;
        let mut range = others.adjustments_from_here();
        for (index, declared) in declared.unwrap_or_default().iter().enumerate() {
            let name = |name: &str| format!("adjustments[{index}].{name}");
            let needed = |member: &str| {
                let fix = "write `group`, `reason` and `amount` of every adjustment";
                self.of.missing(&self.member(&name(member)), fix)
            };
            let group = self.read(&name("group"), declared.group.as_ref(), |text| {
                GroupCode::new(text).ok_or("is not CO, PR, OA or PI")
            })?;
            let carc = self.read(&name("reason"), declared.reason.as_ref(), Carc::new)?;
            let amount = self.money(&name("amount"), declared.amount)?;
            others.adjustments.push(Adjustment {
                group: group.ok_or_else(|| needed("group"))?,
                carc: carc.ok_or_else(|| needed("reason"))?,
                amount: amount.ok_or_else(|| needed("amount"))?,
            });
        }
        range.end = others.adjustments.len();
        Ok(range)
    }
}
