//! The last record of a run.

use cleanbill_model::{Accounting, NotFinal};
use serde::Serialize;

use super::SCHEMA;
use crate::amount::Cents;
use crate::summary::{
    FileSummary, FinalSummary, NotRunSummary, RepeatedInterchanges, RuleCounts, Summary,
};

#[derive(Serialize)]
pub(crate) struct SummaryRecord<'a> {
    r#type: &'static str,
    schema: u32,
    files: Vec<FileRecord<'a>>,
    total: AccountingRecord,
    findings: FindingsRecord<'a>,
    faults: u64,
    input_errors: u64,
    charge_at_risk: Cents,
    registry: RegistryRecord<'a>,
    exit_code: u8,
    unused_waivers: &'a [String],
    /// Only where there are such rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_run: Vec<NotRunRecord<'a>>,
    /// Only where final claims alone were judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    finalize: Option<FinalRecord>,
}

impl<'a> SummaryRecord<'a> {
    pub(crate) fn new(summary: &'a Summary) -> Self {
        Self {
            r#type: "summary",
            schema: SCHEMA,
            files: summary.files.iter().map(FileRecord::new).collect(),
            total: AccountingRecord::new(&summary.total),
            findings: FindingsRecord {
                error: summary.severities.error,
                warning: summary.severities.warning,
                info: summary.severities.info,
                rules: summary.rules.iter().map(RuleRecord::new).collect(),
            },
            faults: summary.faults,
            input_errors: summary.input_errors,
            charge_at_risk: summary.charge_at_risk,
            registry: RegistryRecord {
                edits: summary.registry.edits,
                packs: &summary.registry.packs,
                plugins: &summary.registry.plugins,
            },
            exit_code: summary.exit_code,
            unused_waivers: &summary.unused_waivers,
            not_run: summary.not_run.iter().map(NotRunRecord::new).collect(),
            finalize: summary.finalize.map(FinalRecord::new),
        }
    }
}

#[derive(Serialize)]
struct FileRecord<'a> {
    file: &'a str,
    format: Option<&'static str>,
    input_errors: u64,
    accounting: AccountingRecord,
    /// Only where there are such interchanges.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    repeated_interchanges: Vec<RepeatsRecord<'a>>,
}

#[derive(Serialize)]
struct RepeatsRecord<'a> {
    count: u64,
    offset: u64,
    earlier_file: &'a str,
    earlier_offset: u64,
}

impl<'a> RepeatsRecord<'a> {
    fn new(repeats: &'a RepeatedInterchanges) -> Self {
        let RepeatedInterchanges { count, offset, earlier_file, earlier_offset } = repeats;
        let (count, offset, earlier_offset) = (*count, *offset, *earlier_offset);
        Self { count, offset, earlier_file, earlier_offset }
    }
}

impl<'a> FileRecord<'a> {
    fn new(file: &'a FileSummary) -> Self {
        Self {
            file: &file.file,
            format: file.format,
            input_errors: file.input_errors,
            accounting: AccountingRecord::new(&file.accounting),
            repeated_interchanges: file.repeats.iter().map(RepeatsRecord::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct AccountingRecord {
    claims_in: u64,
    passed: u64,
    rejected: u64,
    quarantined: u64,
    charges_in: Cents,
    charges_passed: Cents,
    charges_rejected: Cents,
    charges_quarantined: Cents,
    charges_unreadable: u64,
    /// Only where claims were not judged since they are not final.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_final: Option<NotFinalRecord>,
    bytes_in: u64,
    bytes: BytesRecord,
    holds: bool,
}

impl AccountingRecord {
    fn new(sums: &Accounting) -> Self {
        Self {
            claims_in: sums.claims_in,
            passed: sums.passed,
            rejected: sums.rejected,
            quarantined: sums.quarantined,
            charges_in: Cents(sums.charges_in),
            charges_passed: Cents(sums.charges_passed),
            charges_rejected: Cents(sums.charges_rejected),
            charges_quarantined: Cents(sums.charges_quarantined),
            charges_unreadable: sums.charges_unreadable,
            not_final: NotFinalRecord::new(&sums.not_final),
            bytes_in: sums.bytes_in,
            bytes: BytesRecord {
                envelope: sums.bytes.envelope,
                loop_header: sums.bytes.loop_header,
                claim: sums.bytes.claim,
                white_space: sums.bytes.white_space,
                quarantined: sums.bytes.quarantined,
            },
            holds: sums.holds(),
        }
    }
}

/// Claims that are not judged: `claims_in` is `passed`, `rejected` and `quarantined` with the first four.
#[derive(Serialize)]
struct NotFinalRecord {
    superseded: u64,
    voided: u64,
    voids: u64,
    repeated: u64,
    lines: u64,
    charges: Cents,
}

impl NotFinalRecord {
    fn new(sums: &NotFinal) -> Option<Self> {
        let NotFinal { superseded, voided, voids, repeated, lines, charges } = *sums;
        let charges = Cents(charges);
        (*sums != NotFinal::default()).then_some(Self {
            superseded,
            voided,
            voids,
            repeated,
            lines,
            charges,
        })
    }
}

#[derive(Serialize)]
struct FinalRecord {
    preset: &'static str,
    orphans: u64,
    no_key: u64,
}

impl FinalRecord {
    const fn new(summary: FinalSummary) -> Self {
        let FinalSummary { preset, orphans, no_key } = summary;
        Self { preset, orphans, no_key }
    }
}

#[derive(Serialize)]
struct BytesRecord {
    envelope: u64,
    loop_header: u64,
    claim: u64,
    white_space: u64,
    quarantined: u64,
}

#[derive(Serialize)]
struct FindingsRecord<'a> {
    error: u64,
    warning: u64,
    info: u64,
    rules: Vec<RuleRecord<'a>>,
}

#[derive(Serialize)]
struct RuleRecord<'a> {
    rule: &'a str,
    pack: &'a str,
    fires: u64,
    undetermined: u64,
    waived: u64,
}

impl<'a> RuleRecord<'a> {
    fn new(counts: &'a RuleCounts) -> Self {
        Self {
            rule: &counts.rule,
            pack: &counts.pack,
            fires: counts.fires,
            undetermined: counts.undetermined,
            waived: counts.waived,
        }
    }
}

#[derive(Serialize)]
struct NotRunRecord<'a> {
    rule: &'a str,
    table: &'a str,
    remedy: &'a str,
}

impl<'a> NotRunRecord<'a> {
    fn new(one: &'a NotRunSummary) -> Self {
        Self { rule: &one.rule, table: &one.table, remedy: &one.remedy }
    }
}

#[derive(Serialize)]
struct RegistryRecord<'a> {
    edits: u64,
    packs: &'a [String],
    plugins: &'a [String],
}
