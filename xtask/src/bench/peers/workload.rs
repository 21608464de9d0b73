//! What all engines are given: claims, a table of pairs, a table of units, and a pack of ours over them.
//!
//! The tables have the size of the national ones and hold codes of the claims in a few rows, so that about one claim in
//! thirty has a pair and one in thirty too many units.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bench::generate::{self, Made};
use crate::bench::import::PRACTITIONER;
use crate::bench::rules;
use crate::bench::vocabulary::PROCEDURES;

/// Pairs of codes of the claims, each with the code that stands so many places further.
const PAIRS_OF_CLAIMS: usize = 4;
const APART: usize = 11;

/// More rules beside the three edits, none about a code of the claims.
const MORE_RULES: usize = 200;

/// Where everything lies.
pub struct Workload {
    pub claims: PathBuf,
    pub made: Made,
    /// Pairs in files as CMS has them, for import.
    pub pairs: Vec<PathBuf>,
    /// The three edits alone: a pack of ours besides the default one.
    pub pack: PathBuf,
    /// The same and 200 rules more.
    pub large_pack: PathBuf,
}

/// Writes about so many megabytes of claims, and everything beside them, into `folder`.
pub fn write(folder: &Path, mb: u64) -> Result<Workload> {
    let claims = folder.join("claims.837");
    let made = generate::write(BufWriter::new(File::create(&claims)?), mb * 1_000_000)?;
    let mue = folder.join("mue.csv");
    write_units(BufWriter::new(File::create(&mue)?))?;
    let pack = |name: &str, more: usize| -> Result<PathBuf> {
        let pack = folder.join(name);
        fs::create_dir_all(&pack)?;
        fs::copy(&mue, pack.join("mue.csv"))?;
        fs::write(pack.join("pack.yaml"), pack_of(more))?;
        Ok(pack)
    };
    Ok(Workload {
        pairs: write_pairs(folder)?,
        made,
        pack: pack("pack", 0)?,
        large_pack: pack("large-pack", MORE_RULES)?,
        claims,
    })
}

/// A quarter of pairs of a practitioner release, and a few more at its end of codes that claims have.
fn write_pairs(folder: &Path) -> Result<Vec<PathBuf>> {
    let files = PRACTITIONER.write(folder)?;
    let last = files.last().context("no file of pairs was made")?;
    let mut out = BufWriter::new(File::options().append(true).open(last)?);
    let pairs = PROCEDURES.iter().zip(PROCEDURES.iter().skip(APART));
    for ((one, two), number) in pairs.zip(0..PAIRS_OF_CLAIMS) {
        write!(out, "{one}\t{two}\t\t19970101\t*\t{}\tInvented reason\r\n", number % 2)?;
    }
    out.flush()?;
    Ok(files)
}

fn write_units(mut out: impl Write) -> Result<()> {
    writeln!(out, "code,max_units,mai")?;
    for (code, number) in PROCEDURES.iter().zip(0..) {
        let most = if number % 6 == 0 { 3 } else { 8 };
        writeln!(out, "{code},{most},{}", 1 + number % 3)?;
    }
    Ok(out.flush()?)
}

fn pack_of(more: usize) -> String {
    let words = "fix: Look at the line.\n    source: [{ authority: Bench, document: Made up, kind: internal }]\n";
    let edits = format!(
        "tables:\n  ptp: {{ imported: ncci-ptp-practitioner, key: [column_one, column_two], effective: [from, through] }}\n  \
         mue: {{ file: mue.csv, key: [code] }}\n\
         rules:\n  - id: pairs\n    title: Pairs of a large table\n    mutually_exclusive:\n      table: ptp\n      \
         same: [patient, service_date]\n      bypass: {{ modifiers: [{}] }}\n    \
         message: \"{{code}} is not paid with {{other.code}}.\"\n    {words}  \
         - id: units\n    title: More units than a table allows\n    \
         unit_limit: {{ table: mue, max: max_units, basis: mai, same: [patient, service_date] }}\n    \
         message: \"{{code}}: {{total}} units, at most {{limit}}.\"\n    {words}",
        lifting()
    );
    rules::pack_of(more).replacen("rules:\n", &edits, 1)
}

/// The modifiers that lift, as the peers are told them.
fn lifting() -> String {
    let words =
        include_str!("edits.py").split("\"\"\"").nth(3).unwrap_or_default().split_whitespace();
    words.map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// Findings of a run of ours, counted as the peers count theirs: denied lines of pairs, claims of the others.
pub fn counts(findings: &Path) -> Result<BTreeMap<String, u64>> {
    let mut places = BTreeSet::new();
    let mut counts = BTreeMap::new();
    for line in BufReader::new(File::open(findings)?).lines() {
        let record: Value = serde_json::from_str(&line?)?;
        let number = |name: &str| record.get(name).and_then(Value::as_u64).unwrap_or_default();
        // Where a side leaves open whether it was the same extremity, ours suspends the line.
        let stopped = record.get("disposition").is_some_and(|how| how != "informational");
        let (name, line) = match record.get("rule").and_then(Value::as_str) {
            Some("pairs") => ("pairs", number("line")),
            Some("units") => ("units", 0),
            Some("93970-access-mapping") if stopped => ("veins", 0),
            _ => continue,
        };
        if places.insert((name, number("claim_ordinal"), line)) {
            *counts.entry(name.to_owned()).or_default() += 1;
        }
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pack_has_both_edits_and_as_many_rules_more_as_asked_for() {
        let text = pack_of(200);
        assert_eq!(text.matches("\nrules:\n").count(), 1);
        assert_eq!(text.matches("  - id: ").count(), 202);
        assert!(text.contains("\"XE\"") && text.contains("\"T9\""), "{text}");
        assert!(!text.contains("\"LIFT\""));
    }

    #[test]
    fn only_what_stops_a_line_of_the_three_edits_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let findings = folder.path().join("findings.ndjson");
        let record = |rule: &str, claim: u64, line: u64, how: &str| {
            format!(
                r#"{{"rule":"{rule}","claim_ordinal":{claim},"line":{line},"disposition":"{how}"}}"#
            )
        };
        let records = [
            record("pairs", 1, 2, "line_denial"),
            record("pairs", 1, 3, "line_denial"),
            record("pairs", 1, 3, "line_denial"),
            record("93970-access-mapping", 4, 1, "suspend"),
            record("93970-access-mapping", 5, 1, "informational"),
            record("other", 6, 1, "line_denial"),
            "{\"type\":\"summary\"}".to_owned(),
        ];
        fs::write(&findings, records.join("\n")).unwrap();
        let counts = counts(&findings).unwrap();
        assert_eq!(
            counts.iter().map(|(name, count)| (name.as_str(), *count)).collect::<Vec<_>>(),
            [("pairs", 2), ("veins", 1)]
        );
    }
}
