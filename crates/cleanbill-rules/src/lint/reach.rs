//! Rules that can never fire, and rules that always do.

use cleanbill_engine::{CodeRange, Trigger};
use cleanbill_model::{Period, ProcedureCode};

use super::{Lint, Warning};
use crate::check::{Outline, Pack, RuleOutline};
use crate::kind::CODE_VALIDITY;
use crate::place::Place;

/// Where, why, and what to do.
type Reason = (Place, String, &'static str);

const REMOVE: &str = "remove the rule, or mend what keeps it from firing";

pub(super) fn check(pack: &Pack, found: &mut Vec<Warning>) {
    for rule in &pack.outline.rules {
        let warning = |lint, words: &str, (place, reason, help): Reason| Warning {
            lint,
            rule: Some(rule.id.clone()),
            place,
            message: format!("`{}` {words}: {reason}", rule.id),
            others: Vec::new(),
            help: help.to_owned(),
        };
        let never = period(rule)
            .or_else(|| rows(rule))
            .or_else(|| claim_types(pack, rule))
            .or_else(|| codes(pack, rule))
            .or_else(|| modifiers(rule));
        if let Some(reason) = never {
            found.push(warning(Lint::NeverFires, "can never fire", reason));
        } else if let Some(reason) = always(rule) {
            found.push(warning(Lint::AlwaysFires, "fires on every line of its codes", reason));
        }
    }
}

fn is_empty(period: Period) -> bool {
    period.from.zip(period.through).is_some_and(|(from, through)| through < from)
}

fn period(rule: &RuleOutline) -> Option<Reason> {
    let effective = rule.info.effective;
    is_empty(effective).then(|| {
        let reason =
            format!("the periods of the pack and of the rule have no day in common ({effective})");
        (rule.place.clone(), reason, "give the rule a period within that of its pack")
    })
}

fn rows(rule: &RuleOutline) -> Option<Reason> {
    (!rule.has_rows).then(|| {
        let place = rule.table.as_ref().unwrap_or(&rule.place).clone();
        let reason = format!(
            "no row of its table is in force while the rule holds ({})",
            rule.info.effective
        );
        (place, reason, REMOVE)
    })
}

/// A list of codes of which none exists while the rule holds.
fn codes(pack: &Pack, rule: &RuleOutline) -> Option<Reason> {
    if rule.info.kind == CODE_VALIDITY {
        return None;
    }
    let dead = |codes: &[ProcedureCode]| -> Option<String> {
        let mut words = Vec::new();
        for code in codes {
            words.push(outlived(&pack.outline, *code, rule.info.effective)?);
        }
        (!words.is_empty()).then(|| words.join(", "))
    };
    let help = "remove the rule, or name the code that came after";
    for key in ["codes", "with"] {
        let Some(list) = rule.lists.get(key) else { continue };
        // What is no single code may name codes of any life.
        let codes: Result<Vec<_>, _> =
            list.iter().map(|text| ProcedureCode::new(text.as_bytes())).collect();
        if let Some(words) = codes.ok().and_then(|codes| dead(&codes)) {
            return Some((rule.keys.get(key).unwrap_or(&rule.place).clone(), words, help));
        }
    }
    let edit = pack.edits.iter().find(|edit| edit.infos().iter().any(|info| info.id == rule.id))?;
    let mut codes = match edit.trigger() {
        Trigger::Codes(codes) => codes.to_vec(),
        Trigger::Ranges(ranges) => singles(ranges)?,
        Trigger::EveryClaim => return None,
    };
    codes.sort_unstable();
    codes.dedup();
    Some((rule.place.clone(), dead(&codes)?, help))
}

/// The codes, if no range holds more than one: what is no single code may name codes of any life.
fn singles(ranges: &[CodeRange]) -> Option<Vec<ProcedureCode>> {
    ranges.iter().map(|range| (range.first() == range.last()).then_some(range.first())).collect()
}

/// When the code is known to exist, if that is on no day of `period`.
fn outlived(outline: &Outline, code: ProcedureCode, period: Period) -> Option<String> {
    let lives = outline.lives.get(&code)?;
    let all = lives.iter().all(|life| is_empty(life.narrowed(period)));
    let words: Vec<String> = lives.iter().map(Period::to_string).collect();
    all.then(|| format!("{code} is valid {}, the rule holds {period}", words.join("; ")))
}

/// Types of claims that the pack is not for.
fn claim_types(pack: &Pack, rule: &RuleOutline) -> Option<Reason> {
    let (own, packs) = (rule.claim_types.as_ref()?, pack.outline.claim_types.as_ref()?);
    let apart =
        !own.is_empty() && !packs.is_empty() && !own.iter().any(|kind| packs.contains(kind));
    apart.then(|| {
        let reason =
            format!("it is for {} claims, its pack for {}", own.join(", "), packs.join(", "));
        (rule.place.clone(), reason, "name types of claims that the pack is for")
    })
}

/// Two parts of one service that are the same modifier, and nothing else that the rule asks for.
fn modifiers(rule: &RuleOutline) -> Option<Reason> {
    let separate = rule.lists.get("not_on_separate_lines")?;
    let asks_more =
        ["not_allowed", "requires_any", "conflicts"].iter().any(|key| rule.keys.contains_key(*key));
    let (first, rest) = separate.split_first()?;
    (!asks_more && rest.iter().all(|other| other == first)).then(|| {
        let place = rule.keys.get("not_on_separate_lines").unwrap_or(&rule.place).clone();
        let reason = format!("{first} cannot be split from itself");
        (place, reason, "name two different modifiers")
    })
}

/// A line with one of the required modifiers breaks the one list, a line without breaks the other.
fn always(rule: &RuleOutline) -> Option<Reason> {
    let (required, refused) = (rule.lists.get("requires_any")?, rule.lists.get("not_allowed")?);
    required.iter().all(|modifier| refused.contains(modifier)).then(|| {
        let place = rule.keys.get("requires_any").unwrap_or(&rule.place).clone();
        let reason = format!(
            "`requires_any` asks for {}, and `not_allowed` refuses all of it",
            required.join(", ")
        );
        (place, reason, "take the shared modifiers out of one of the two lists")
    })
}
