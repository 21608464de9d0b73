//! A comparison for programs. Members are only ever added.

use std::io::{self, Write};

use serde::Serialize;

use super::explain;
use super::result::{
    DiffBy, DiffCounts, DiffGroup, DiffResult, DiffRuleChange, DiffSample, DiffSide, LineSum,
};
use crate::amount::Cents;
use crate::record::write_record;

/// Writes the comparison as one document on one line.
pub(super) fn write(out: &mut dyn Write, result: &DiffResult) -> io::Result<()> {
    write_record(out, &DiffRecord::new(result))?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct DiffRecord<'a> {
    r#type: &'static str,
    schema: u32,
    old: SideRecord<'a>,
    new: SideRecord<'a>,
    by: Vec<&'static str>,
    rules: Vec<RuleRecord<'a>>,
    unchanged_rules: u64,
    tables: Vec<TableRecord<'a>>,
    claims: u64,
    lines: u64,
    files: Vec<FileRecord<'a>>,
    input_errors: u64,
    faulted_claims: u64,
    total: CountsRecord,
    groups: Vec<GroupRecord<'a>>,
    failed: Vec<FailedRecord<'a>>,
    exit_code: u8,
}

impl<'a> DiffRecord<'a> {
    fn new(result: &'a DiffResult) -> Self {
        let rule = |rule: &'a super::DiffRule| {
            let (change, parts): (_, &[String]) = match &rule.change {
                DiffRuleChange::Added => ("added", &[]),
                DiffRuleChange::Removed => ("removed", &[]),
                DiffRuleChange::Changed(parts) => ("changed", parts),
            };
            RuleRecord { rule: &rule.id, change, parts }
        };
        Self {
            r#type: "diff",
            schema: 1,
            old: SideRecord::new(&result.old),
            new: SideRecord::new(&result.new),
            by: core::iter::once("rule")
                .chain(result.by.iter().map(|by| DiffBy::as_str(*by)))
                .collect(),
            rules: result.rules.iter().map(rule).collect(),
            unchanged_rules: result.unchanged_rules,
            tables: result
                .tables
                .iter()
                .map(|table| TableRecord {
                    table: &table.name,
                    added: table.added,
                    removed: table.removed,
                    changed: table.changed,
                })
                .collect(),
            claims: result.claims,
            lines: result.lines,
            files: result
                .files
                .iter()
                .map(|file| FileRecord {
                    file: &file.file,
                    format: file.format,
                    claims_in: file.accounting.claims_in,
                    bytes_in: file.accounting.bytes_in,
                    input_errors: file.input_errors,
                })
                .collect(),
            input_errors: result.input_errors,
            faulted_claims: result.faulted_claims,
            total: CountsRecord::new(&result.total),
            groups: result.groups.iter().map(|group| GroupRecord::new(result, group)).collect(),
            failed: result
                .failed
                .iter()
                .map(|failed| FailedRecord { threshold: &failed.threshold, found: &failed.found })
                .collect(),
            exit_code: result.exit_code,
        }
    }
}

#[derive(Serialize)]
struct SideRecord<'a> {
    packs: &'a [String],
    named: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    editions: &'a [String],
}

impl<'a> SideRecord<'a> {
    fn new(side: &'a DiffSide) -> Self {
        Self { packs: &side.packs, named: &side.named, editions: &side.editions }
    }
}

#[derive(Serialize)]
struct RuleRecord<'a> {
    rule: &'a str,
    change: &'static str,
    parts: &'a [String],
}

#[derive(Serialize)]
struct TableRecord<'a> {
    table: &'a str,
    added: u64,
    removed: u64,
    changed: u64,
}

#[derive(Serialize)]
struct FileRecord<'a> {
    file: &'a str,
    format: Option<&'static str>,
    claims_in: u64,
    bytes_in: u64,
    input_errors: u64,
}

#[derive(Serialize)]
struct CountsRecord {
    now_hit: SumRecord,
    no_longer_hit: SumRecord,
    changed: SumRecord,
    undetermined_now: SumRecord,
    undetermined_before: SumRecord,
    any: SumRecord,
    claims: u64,
}

impl CountsRecord {
    const fn new(counts: &DiffCounts) -> Self {
        Self {
            now_hit: SumRecord::new(counts.now_hit),
            no_longer_hit: SumRecord::new(counts.no_longer_hit),
            changed: SumRecord::new(counts.changed),
            undetermined_now: SumRecord::new(counts.undetermined_now),
            undetermined_before: SumRecord::new(counts.undetermined_before),
            any: SumRecord::new(counts.any),
            claims: counts.claims,
        }
    }
}

#[derive(Serialize)]
struct SumRecord {
    lines: u64,
    charge: Cents,
}

impl SumRecord {
    const fn new(sum: LineSum) -> Self {
        Self { lines: sum.lines, charge: sum.charge }
    }
}

#[derive(Serialize)]
struct GroupRecord<'a> {
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_npi: Option<&'a str>,
    counts: CountsRecord,
    samples: Vec<SampleRecord<'a>>,
}

impl<'a> GroupRecord<'a> {
    fn new(result: &DiffResult, group: &'a DiffGroup) -> Self {
        let sample = |sample: &'a DiffSample| SampleRecord {
            file: &sample.file,
            claim: &sample.claim,
            line: sample.line,
            was: &sample.was,
            is: &sample.is,
            explain: explain::commands(result, &group.rule, sample),
        };
        Self {
            rule: &group.rule,
            payer: group.payer.as_deref(),
            billing_npi: group.billing_npi.as_deref(),
            counts: CountsRecord::new(&group.counts),
            samples: group.samples.iter().map(sample).collect(),
        }
    }
}

#[derive(Serialize)]
struct SampleRecord<'a> {
    file: &'a str,
    claim: &'a str,
    line: Option<u32>,
    was: &'a str,
    is: &'a str,
    explain: Vec<String>,
}

#[derive(Serialize)]
struct FailedRecord<'a> {
    threshold: &'a str,
    found: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::sample;

    #[test]
    fn the_document_holds_counts_charges_samples_and_the_end() {
        let text = sample::render(write);
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["type"], "diff");
        assert_eq!(document["by"], serde_json::json!(["rule", "payer"]));
        assert_eq!(document["groups"][0]["counts"]["now_hit"]["charge"], "412.00");
        assert_eq!(document["groups"][0]["samples"][0]["explain"].as_array().unwrap().len(), 2);
        assert!(document["groups"][0].get("billing_npi").is_none());
        assert_eq!(document["failed"][0]["found"], "1940");
        assert_eq!(document["exit_code"], 1);
    }
}
