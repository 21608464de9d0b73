//! What was learnt, for programs. Members are only ever added.

use std::io::{self, Write};

use cleanbill_model::RemittanceAccounting;
use serde::Serialize;

use super::result::{
    DenialRow, Denials, Fates, LearnResult, LearnRule, LearnSample, RemitFileSummary,
};
use super::words::{denied_share, foreseen_share, precision};
use crate::amount::Cents;
use crate::diff::LineSum;
use crate::record::{InputErrorRecord, write_record};

/// Writes it as one document on one line.
pub(super) fn write(out: &mut dyn Write, result: &LearnResult) -> io::Result<()> {
    write_record(out, &LearnRecord::new(result))?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct LearnRecord<'a> {
    r#type: &'static str,
    schema: u32,
    knows_claims: bool,
    claims: u64,
    checked_files: Vec<&'a str>,
    remits: Vec<FileRecord<'a>>,
    total_remitted: BooksRecord,
    input_errors: u64,
    problems: Vec<InputErrorRecord<'a>>,
    repeated_claims: u64,
    faulted_claims: u64,
    claims_not_checked: u64,
    claims_without_answer: u64,
    lines_not_matched: u64,
    denials_not_matched: u64,
    rules: Vec<RuleRecord<'a>>,
    total: FatesRecord,
    denied: SumRecord,
    foreseen: SumRecord,
    foreseen_share: Option<String>,
    unseen: DenialsRecord<'a>,
    not_checked: DenialsRecord<'a>,
    exit_code: u8,
}

impl<'a> LearnRecord<'a> {
    fn new(result: &'a LearnResult) -> Self {
        let problems = result.problems.iter();
        Self {
            r#type: "learn",
            schema: 1,
            knows_claims: result.knows_claims,
            claims: result.claims,
            checked_files: result.checked_files.iter().map(|file| file.file.as_str()).collect(),
            remits: result.remit_files.iter().map(FileRecord::new).collect(),
            total_remitted: BooksRecord::new(&result.remits),
            input_errors: result.input_errors,
            problems: problems.map(|one| InputErrorRecord::new(&one.file, &one.error)).collect(),
            repeated_claims: result.repeated_claims,
            faulted_claims: result.faulted_claims,
            claims_not_checked: result.claims_not_checked,
            claims_without_answer: result.claims_without_answer,
            lines_not_matched: result.lines_not_matched,
            denials_not_matched: result.denials_not_matched,
            rules: result.rules.iter().map(RuleRecord::new).collect(),
            total: FatesRecord::new(&result.total),
            denied: SumRecord::new(result.denied),
            foreseen: SumRecord::new(result.foreseen),
            foreseen_share: foreseen_share(result),
            unseen: DenialsRecord::new(&result.unseen),
            not_checked: DenialsRecord::new(&result.not_checked),
            exit_code: result.exit_code,
        }
    }
}

#[derive(Serialize)]
struct FileRecord<'a> {
    file: &'a str,
    input_errors: u64,
    accounting: BooksRecord,
}

impl<'a> FileRecord<'a> {
    fn new(file: &'a RemitFileSummary) -> Self {
        Self {
            file: &file.file,
            input_errors: file.input_errors,
            accounting: BooksRecord::new(&file.accounting),
        }
    }
}

#[derive(Serialize)]
struct BooksRecord {
    claims_in: u64,
    used: u64,
    quarantined: u64,
    charges_in: Cents,
    charges_unreadable: u64,
    paid: Cents,
    lines: u64,
    line_charges: Cents,
    line_paid: Cents,
    adjustments: u64,
    adjusted: Cents,
    payments: u64,
    payment_total: Cents,
    provider_adjustments: u64,
    provider_adjusted: Cents,
    unreadable: u64,
    bytes_in: u64,
    bytes_quarantined: u64,
    holds: bool,
}

impl BooksRecord {
    fn new(books: &RemittanceAccounting) -> Self {
        let claims = &books.claims;
        Self {
            claims_in: claims.claims_in,
            used: claims.passed,
            quarantined: claims.quarantined,
            charges_in: Cents(claims.charges_in),
            charges_unreadable: claims.charges_unreadable,
            paid: Cents(books.paid),
            lines: books.lines,
            line_charges: Cents(books.line_charges),
            line_paid: Cents(books.line_paid),
            adjustments: books.adjustments,
            adjusted: Cents(books.adjusted),
            payments: books.payments,
            payment_total: Cents(books.payment_total),
            provider_adjustments: books.provider_adjustments,
            provider_adjusted: Cents(books.provider_adjusted),
            unreadable: books.unreadable,
            bytes_in: claims.bytes_in,
            bytes_quarantined: claims.bytes.quarantined,
            holds: claims.holds(),
        }
    }
}

#[derive(Serialize)]
struct RuleRecord<'a> {
    rule: &'a str,
    pack: &'a str,
    outcome: &'static str,
    fates: FatesRecord,
    paid_samples: Vec<SampleRecord<'a>>,
}

impl<'a> RuleRecord<'a> {
    fn new(rule: &'a LearnRule) -> Self {
        Self {
            rule: &rule.rule,
            pack: &rule.pack,
            outcome: rule.outcome.as_str(),
            fates: FatesRecord::new(&rule.fates),
            paid_samples: rule.paid_samples.iter().map(SampleRecord::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct FatesRecord {
    findings: SumRecord,
    as_predicted: SumRecord,
    otherwise: SumRecord,
    paid: SumRecord,
    not_matched: SumRecord,
    open: SumRecord,
    precision: Option<String>,
    denied_share: Option<String>,
}

impl FatesRecord {
    fn new(fates: &Fates) -> Self {
        Self {
            findings: SumRecord::new(fates.all()),
            as_predicted: SumRecord::new(fates.as_predicted),
            otherwise: SumRecord::new(fates.otherwise),
            paid: SumRecord::new(fates.paid),
            not_matched: SumRecord::new(fates.not_matched),
            open: SumRecord::new(fates.open),
            precision: precision(fates),
            denied_share: denied_share(fates),
        }
    }
}

#[derive(Serialize)]
struct DenialsRecord<'a> {
    total: SumRecord,
    reasons: Vec<DenialRecord<'a>>,
}

impl<'a> DenialsRecord<'a> {
    fn new(denials: &'a Denials) -> Self {
        let total = SumRecord::new(denials.total);
        Self { total, reasons: denials.rows.iter().map(DenialRecord::new).collect() }
    }
}

#[derive(Serialize)]
struct DenialRecord<'a> {
    group: &'static str,
    carc: &'a str,
    rarc: Vec<&'a str>,
    lines: u64,
    amount: Cents,
    samples: Vec<SampleRecord<'a>>,
}

impl<'a> DenialRecord<'a> {
    fn new(row: &'a DenialRow) -> Self {
        Self {
            group: row.group.as_str(),
            carc: row.carc.as_str(),
            rarc: row.rarc.iter().map(|remark| remark.as_str()).collect(),
            lines: row.denied.lines,
            amount: row.denied.charge,
            samples: row.samples.iter().map(SampleRecord::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct SampleRecord<'a> {
    claim: &'a str,
    line: Option<u32>,
}

impl<'a> SampleRecord<'a> {
    fn new(sample: &'a LearnSample) -> Self {
        Self { claim: &sample.claim, line: sample.line }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::sample;

    #[test]
    fn the_document_holds_rules_denials_books_and_the_end() {
        let document: serde_json::Value = serde_json::from_str(&sample::render(write)).unwrap();
        assert_eq!((&document["type"], &document["schema"]), (&"learn".into(), &1.into()));
        let rule = &document["rules"][0];
        assert_eq!(rule["fates"]["precision"], "0.6667");
        assert_eq!(rule["fates"]["findings"]["lines"], 6);
        assert_eq!(document["unseen"]["reasons"][0]["amount"], "412.00");
        assert_eq!(document["remits"][0]["accounting"]["holds"], true);
        assert_eq!(document["problems"][0]["code"], "I1203");
        assert_eq!(document["exit_code"], 3);
    }
}
