//! The tests of a rule as examples: each claim in shorthand, and what the rule makes of it, computed.

use cleanbill_engine::{Edit, LineExplanation, LineOutcome, Subject, Truth, explain};
use cleanbill_model::{Claim, Outcome};

use super::{Example, ExampleLine, RuleText, Verdict};
use crate::check::{Pack, PackTest};
use crate::declare::{ClaimDecl, HistoryDecl, TestDecl};

/// The examples of a rule; a test that cannot run is left out, and `rules test` tells of it.
pub(super) fn examples(pack: &Pack, edit: &dyn Edit, text: &RuleText) -> Vec<Example> {
    let tests = pack.tests.iter().filter(|test| test.rule == text.id);
    // Tests of overrides, and of the packs below, stand with those who wrote them.
    let declared = |test: &PackTest| text.tests.iter().find(|decl| decl.name == test.name);
    tests.filter_map(|test| example(edit, test, declared(test)?)).collect()
}

fn example(edit: &dyn Edit, test: &PackTest, decl: &TestDecl) -> Option<Example> {
    // A claim in a file of its own has no shorthand to show.
    let written = decl.claim.as_ref()?;
    let claim = test.claim().ok()?;
    let surroundings = test.surroundings(&claim).ok()?;
    let mut beside = Vec::new();
    let history = surroundings.history(&claim, &mut beside);
    let subject = Subject { claim: &claim, history, as_of: test.as_of() };
    let seen = explain(edit, &test.rule, subject).ok()?;
    let lines = seen
        .lines
        .iter()
        .zip(&written.lines)
        .map(|(line, shorthand)| judged(&claim, line, shorthand))
        .collect();
    Some(Example { name: decl.name.clone(), claim: besides(decl, written), lines })
}

fn judged(claim: &Claim, seen: &LineExplanation, shorthand: &str) -> ExampleLine {
    let number = claim.lines.get(seen.line).map_or(0, |line| line.number);
    let (verdict, words) = match &seen.outcome {
        LineOutcome::Found(findings) => {
            let fires = findings.iter().any(|finding| finding.outcome == Outcome::Fires);
            let words: Vec<String> = findings
                .iter()
                .map(|f| format!("{}: {}", f.disposition.as_str().replace('_', " "), f.message))
                .collect();
            (if fires { Verdict::Fires } else { Verdict::CannotTell }, words.join(" "))
        }
        LineOutcome::Silent { because } => {
            let why = seen
                .steps
                .iter()
                .rev()
                .find(|step| step.clause == *because && step.truth == Truth::No)
                .map_or("the rule has nothing to do with it", |step| step.detail.as_str());
            let clause = if because.is_empty() { String::new() } else { format!("{because}: ") };
            (Verdict::Silent, format!("{clause}{why}"))
        }
    };
    ExampleLine { number, shorthand: shorthand.to_owned(), verdict, words }
}

/// Other claims of a test, in words.
fn others(place: &str, claims: &[ClaimDecl]) -> impl Iterator<Item = String> {
    claims.iter().map(move |claim| {
        let date = claim.date.as_ref().map(|date| format!(" on {date}")).unwrap_or_default();
        format!("{place}{date}: {}", claim.lines.join(", "))
    })
}

/// What the test has beside the lines of its claim, as its author wrote it.
fn besides(test: &TestDecl, claim: &ClaimDecl) -> String {
    let mut parts = Vec::new();
    let known = [
        ("date", &claim.date),
        ("pos", &claim.pos),
        ("type", &claim.claim_type),
        ("payer", &claim.payer),
        ("filing_indicator", &claim.filing_indicator),
        ("frequency", &claim.frequency),
        ("referring", &claim.referring),
        ("billing", &claim.billing),
        ("tax_id", &claim.tax_id),
        ("id", &claim.id),
        ("replaces", &claim.replaces),
    ];
    if !claim.dx.is_empty() {
        parts.push(format!("dx: {}", claim.dx.join(", ")));
    }
    if !claim.other_payers.is_empty() {
        parts.push(format!("other payers paid: {}", claim.other_payers.join(", ")));
    }
    for (name, value) in known {
        parts.extend(value.as_ref().map(|value| format!("{name}: {value}")));
    }
    match &test.history {
        None => {}
        Some(HistoryDecl::Word(word)) => parts.push(format!("history: {word}")),
        Some(HistoryDecl::Claims(claims)) => parts.extend(others("earlier claim", claims)),
    }
    parts.extend(others("claim of the run before it", &test.run_before));
    parts.extend(others("claim of the run behind it", &test.run_after));
    parts.join("; ")
}
