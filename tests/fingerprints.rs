//! What `cleanbill diff` builds on: a rule whose fingerprint stays the same gives the same findings.
//!
//! Line by line the default pack is damaged. Where the rest still loads, every rule that the fingerprints
//! call unchanged must say the same of every claim in the pack's own tests.
#![expect(
    clippy::unwrap_used,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use std::collections::{BTreeMap, BTreeSet};

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_model::Claim;
use cleanbill_rules::{Loading, MemorySource, Pack, PackFingerprint, RuleChange, compare_packs};

/// Every so many lines of YAML and rows of a table are damaged, which keeps the test short. Both are
/// prime, so that the lines chosen fall on every kind of line.
const EVERY: [usize; 2] = [3, 61];

/// What each rule says of each claim.
type Said = BTreeMap<(usize, String), Vec<String>>;

fn said(pack: Pack, claims: &[Claim]) -> Said {
    let registry = Registry::new(pack.edits).unwrap();
    let mut evaluator = Evaluator::default();
    let mut said = Said::new();
    for (index, claim) in claims.iter().enumerate() {
        for finding in evaluator.evaluate(&registry, claim).findings {
            let about = format!(
                "{:?} {:?} {:?} {:?} {} {}",
                finding.outcome,
                finding.disposition,
                finding.line,
                finding.others,
                finding.message,
                finding.why
            );
            said.entry((index, finding.edit.id.clone())).or_default().push(about);
        }
    }
    said
}

/// The pack with line `number` of `path` put as `line`.
fn damaged(files: &MemorySource, path: &str, number: usize, line: &str) -> MemorySource {
    let mut source = MemorySource::new("damaged");
    for (file, text) in files.files() {
        let lines: Vec<&str> = text
            .lines()
            .enumerate()
            .map(|(index, own)| if file == path && index == number { line } else { own })
            .collect();
        source = source.with(file, &(lines.join("\n") + "\n"));
    }
    source
}

/// The line gone, or with another last digit, by turns.
fn damage(number: usize, line: &str) -> String {
    match line.rfind(|c: char| c.is_ascii_digit()) {
        Some(place) if number.is_multiple_of(2) => {
            let (head, tail) = line.split_at(place);
            let other = if tail.starts_with('1') { '2' } else { '1' };
            format!("{head}{other}{}", tail.get(1..).unwrap())
        }
        _ => String::new(),
    }
}

/// Lines that only say how a rule is tested.
fn is_of_a_test(line: &str) -> bool {
    ["- name:", "claim:", "expect:", "covers:"].iter().any(|key| line.trim_start().starts_with(key))
}

#[test]
fn a_rule_whose_fingerprint_is_the_same_says_the_same_of_every_claim() {
    let (mut loaded, mut blamed, mut differing) = (0, BTreeSet::new(), 0);
    for source in cleanbill_default_packs::default_packs() {
        let (pack, made_of) = Loading::default().load_recorded(&source).unwrap();
        let files = made_of[0].files.clone();
        let claims: Vec<Claim> = pack.tests.iter().map(|test| test.claim().unwrap()).collect();
        let before = said(pack, &claims);
        let print = [PackFingerprint::of(&made_of).unwrap()];
        for (path, text) in files.files() {
            let [yaml, table] = EVERY;
            let every = if path.ends_with(".csv") { table } else { yaml };
            for (number, line) in text.lines().enumerate().step_by(every) {
                if is_of_a_test(line) {
                    continue;
                }
                let way = damage(number, line);
                let damaged = damaged(&files, path, number, &way);
                let Ok((pack, made_of)) = Loading::default().load_recorded(&damaged) else {
                    continue;
                };
                loaded += 1;
                let after = said(pack, &claims);
                let changes = compare_packs(&print, &[PackFingerprint::of(&made_of).unwrap()]);
                for key in before.keys().chain(after.keys()) {
                    if before.get(key) != after.get(key) {
                        differing += 1;
                        assert_ne!(
                            changes.rules.get(&key.1),
                            Some(&RuleChange::Unchanged),
                            "{} differs with `{way}` for `{line}` in {path}",
                            key.1
                        );
                        blamed.insert(key.1.clone());
                    }
                }
            }
        }
    }
    // Enough of it took effect for the test to mean something.
    assert!(loaded > 40 && differing > 40 && blamed.len() > 5, "{loaded} {differing} {blamed:?}");
}
