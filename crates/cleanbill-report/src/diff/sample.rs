//! A comparison that every format is tested on.

use std::io::{self, Write};

use super::*;
use crate::amount::Cents;

/// One rule changed with two payers, one added, one removed, one changed without effect.
pub(super) fn result() -> DiffResult {
    let side = |version: &str, folder: &str| DiffSide {
        packs: vec![format!("acme@{version}")],
        named: vec![format!("packs/{folder}")],
        editions: vec![format!("mue@{version}")],
        tables: None,
    };
    let rule = |id: &str, change| DiffRule { id: id.to_owned(), change };
    let sum = |lines, charge| LineSum { lines, charge: Cents(charge) };
    let sample = |claim: &str, line, was: &str, is: &str| DiffSample {
        file: "corpus.ndjson".to_owned(),
        claim: claim.to_owned(),
        line,
        was: was.to_owned(),
        is: is.to_owned(),
    };
    let group = |rule: &str, payer: &str, counts, samples| DiffGroup {
        rule: rule.to_owned(),
        payer: Some(payer.to_owned()),
        billing_npi: None,
        counts,
        samples,
    };
    DiffResult {
        old: side("2025.4.0", "old"),
        new: side("2026.1.0", "new"),
        by: vec![DiffBy::Payer],
        rules: vec![
            rule("pairs", DiffRuleChange::Changed(vec!["same".to_owned(), "table mue".to_owned()])),
            rule("quiet", DiffRuleChange::Changed(vec!["message".to_owned()])),
            rule("side-missing", DiffRuleChange::Added),
            rule("old-habit", DiffRuleChange::Removed),
        ],
        unchanged_rules: 12,
        tables: vec![DiffTable { name: "mue".to_owned(), added: 3, removed: 0, changed: 1041 }],
        claims: 412_880,
        lines: 1_204_551,
        input_errors: 2,
        total: DiffCounts {
            now_hit: sum(1941, 20_111_410),
            no_longer_hit: sum(612, 7_000_000),
            undetermined_now: sum(88, 36_256),
            any: sum(2641, 27_147_666),
            claims: 2_590,
            ..DiffCounts::default()
        },
        groups: vec![
            group(
                "pairs",
                "MEDICARE_B",
                DiffCounts {
                    now_hit: sum(1, 41_200),
                    no_longer_hit: sum(612, 7_000_000),
                    any: sum(613, 7_041_200),
                    ..DiffCounts::default()
                },
                vec![sample("PCN1", Some(2), "silent", "fires (line_denial)")],
            ),
            group(
                "pairs",
                "",
                DiffCounts {
                    undetermined_now: sum(88, 36_256),
                    any: sum(88, 36_256),
                    ..DiffCounts::default()
                },
                Vec::new(),
            ),
            group(
                "side-missing",
                "MEDICARE_B",
                DiffCounts {
                    now_hit: sum(1940, 20_070_210),
                    any: sum(1940, 20_070_210),
                    ..DiffCounts::default()
                },
                vec![sample("-7", None, "silent", "fires (return_to_provider)")],
            ),
        ],
        failed: vec![FailedThreshold {
            threshold: "side-missing: now_hit > 500".to_owned(),
            found: "1940".to_owned(),
        }],
        exit_code: 1,
        ..DiffResult::default()
    }
}

/// The sample in a format.
pub(super) fn render(write: impl Fn(&mut dyn Write, &DiffResult) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out, &result()).unwrap();
    String::from_utf8(out).unwrap()
}
