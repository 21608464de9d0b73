//! The examples in the manifest of a plugin, run through the plugin like tests of a pack.

use std::collections::BTreeMap;

use cleanbill_model::{Claim, EditInfo};
use cleanbill_plugin_host::{CheckOffer, Example, ExpectedFinding, LoadedPlugin, Said};
use cleanbill_rules::{Mismatch, MismatchKind, Place, RuleCoverage, TestRun, TestStatus};
use serde_json::Value;

use super::results::{RuleResults, Test};
use crate::verb::rules::claim_file;

/// The examples of each rule of `plugin`, run, and what they prove of it.
pub fn results(plugin: &LoadedPlugin) -> impl Iterator<Item = (RuleResults<'_>, RuleCoverage)> {
    let info = plugin.info();
    let rules = info.rules().iter().zip(info.checks()).zip(info.examples());
    rules.map(|((rule, check), examples)| result(plugin, rule, &check, examples))
}

fn result<'a>(
    plugin: &LoadedPlugin,
    rule: &'a EditInfo,
    check: &CheckOffer,
    examples: &'a [Example],
) -> (RuleResults<'a>, RuleCoverage) {
    let (id, origin) = (rule.id.as_str(), rule.origin.name());
    let place = Place { file: origin.to_owned(), line: 0, column: 0 };
    let mut coverage =
        RuleCoverage { id: id.to_owned(), place, fired: false, near_miss: false, clauses: vec![] };
    let tests = examples.iter().zip(1_usize..).map(|(example, number)| {
        let title = example.title.as_deref();
        let test = Test {
            rule: id,
            name: title.map_or_else(|| format!("example {number}").into(), Into::into),
            place: format!("{origin}, example {number}").into(),
        };
        let mismatch = judge(plugin, check, example).err();
        let status = if mismatch.is_none() { TestStatus::Passed } else { TestStatus::Failed };
        if mismatch.is_none() {
            // What decided within a plugin is not known: a claim on which it is silent must do.
            coverage.fired |= !example.expect.is_empty();
            coverage.near_miss |= example.expect.is_empty();
        }
        (test, TestRun { status, mismatch, explanation: None })
    });
    (RuleResults { origin, id, tests: tests.collect() }, coverage)
}

fn judge(plugin: &LoadedPlugin, check: &CheckOffer, example: &Example) -> Result<(), Mismatch> {
    let broken = |message| mismatch(MismatchKind::Broken, message);
    let claim = claim_of(example).map_err(broken)?;
    let config = Value::Object(example.config.clone()).to_string();
    let runs = plugin.check(&check.id, &config);
    let runs = runs.map_err(|reason| broken(format!("the plugin refuses `config`: {reason}")))?;
    let said = runs.judge(&claim);
    let said =
        said.map_err(|fault| broken(format!("the rule could not run: {}", fault.message)))?;
    let found: Vec<ExpectedFinding> =
        said.into_iter().map(|said| shown(said, check, &claim)).collect();
    compared(&example.expect, &found)
}

/// An example may leave out what says nothing: the number of its claim.
fn claim_of(example: &Example) -> Result<Claim, String> {
    let mut members = example.claim.clone();
    members.entry("claim_id").or_insert_with(|| "EXAMPLE".into());
    claim_file::read(&Value::Object(members).to_string())
}

/// A finding in the terms of an example.
fn shown(said: Said, check: &CheckOffer, claim: &Claim) -> ExpectedFinding {
    let line = said.finding.line.and_then(|line| claim.lines.get(line)).map(|line| line.number);
    ExpectedFinding { line, args: check.values.iter().cloned().zip(said.values).collect() }
}

fn compared(expected: &[ExpectedFinding], found: &[ExpectedFinding]) -> Result<(), Mismatch> {
    let is = |wanted: &ExpectedFinding, found: &ExpectedFinding| {
        let brings = |(name, value)| found.args.get(name) == Some(value);
        wanted.line == found.line && wanted.args.iter().all(brings)
    };
    let is_found = |wanted: &ExpectedFinding| found.iter().any(|found| is(wanted, found));
    let kind = match found.len().cmp(&expected.len()) {
        std::cmp::Ordering::Less => MismatchKind::Missing,
        std::cmp::Ordering::Greater => MismatchKind::Noisy,
        std::cmp::Ordering::Equal if expected.iter().all(is_found) => return Ok(()),
        std::cmp::Ordering::Equal => MismatchKind::Wrong,
    };
    let (expected, found) = (in_words(expected), in_words(found));
    Err(mismatch(kind, format!("expected {expected}, but found {found}")))
}

fn in_words(findings: &[ExpectedFinding]) -> String {
    let words = findings.iter().map(|finding| {
        let place = match finding.line {
            Some(line) => format!("line {line}"),
            None => "the claim".to_owned(),
        };
        match values(&finding.args) {
            values if values.is_empty() => place,
            values => format!("{place} ({values})"),
        }
    });
    match findings {
        [] => "nothing".to_owned(),
        _ => words.collect::<Vec<_>>().join(", "),
    }
}

fn values(args: &BTreeMap<String, String>) -> String {
    let args = args.iter().map(|(name, value)| format!("{name} {value}"));
    args.collect::<Vec<_>>().join(", ")
}

fn mismatch(kind: MismatchKind, message: String) -> Mismatch {
    Mismatch { kind, message, claim: Vec::new(), others: Vec::new(), facts: Vec::new() }
}
