//! The objects of the format that are used, with the names that it gives them.

use cleanbill_model::{Claim, EditInfo, Fault, Finding, InputError, Outcome, Severity};
use serde::Serialize;

use super::place::{Message, Place};
use crate::amount::Cents;
use crate::at_risk::charge_of;
use crate::finding_id::finding_id;
use crate::partner::partner_lines;
use crate::remedy::remedy;
use crate::source::source_text;
use crate::summary::Summary;

pub(super) const VERSION: &str = "2.1.0";
pub(super) const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultRecord<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Place; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Place>,
    partial_fingerprints: Fingerprints,
    /// Empty says that there is none, which is not the same as leaving it out.
    suppressions: Vec<Suppression<'a>>,
    properties: ResultProperties<'a>,
}

/// The same for the same finding in every run, so that services know it again.
#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "cleanbillFinding/v1")]
    finding: String,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    status: &'static str,
    justification: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultProperties<'a> {
    claim: &'a str,
    claim_ordinal: u64,
    line: Option<u32>,
    outcome: &'static str,
    disposition: &'static str,
    charge: Cents,
    remit: Option<String>,
    why: &'a str,
    fix: &'a str,
}

impl<'a> ResultRecord<'a> {
    pub(super) fn new(file: &str, claim: &'a Claim, finding: &'a Finding, rule: usize) -> Self {
        let line = finding.line.and_then(|line| claim.lines.get(line));
        let number = line.map(|line| line.number);
        let location = line.map_or(claim.location, |line| line.location);
        let related = partner_lines(claim, finding).filter_map(|partner| {
            let text = format!("claim {}, line {}", partner.claim, partner.number);
            Some(Place::new(file, partner.location?).with_message(text))
        });
        let waived =
            Suppression { kind: "external", status: "accepted", justification: &finding.why };
        let is_waived = finding.outcome == Outcome::Waived;
        Self {
            rule_id: &finding.edit.id,
            rule_index: rule,
            level: level(finding.severity),
            message: Message { text: format!("{}\n{}", finding.message, finding.fix) },
            locations: [Place::new(file, location).on(claim, number)],
            related_locations: related.collect(),
            partial_fingerprints: Fingerprints { finding: finding_id(claim, finding) },
            suppressions: is_waived.then_some(waived).into_iter().collect(),
            properties: ResultProperties {
                claim: claim.id(),
                claim_ordinal: claim.ordinal,
                line: number,
                outcome: finding.outcome.as_str(),
                disposition: finding.disposition.as_str(),
                charge: Cents(charge_of(claim, finding).cents().into()),
                remit: finding.remit.as_ref().map(ToString::to_string),
                why: &finding.why,
                fix: &finding.fix,
            },
        }
    }
}

/// The program.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Driver<'a> {
    name: &'static str,
    semantic_version: &'static str,
    rules: &'a [Rule<'a>],
}

impl<'a> Driver<'a> {
    pub(super) const fn new(rules: &'a [Rule<'a>]) -> Self {
        Self { name: "cleanbill", semantic_version: env!("CARGO_PKG_VERSION"), rules }
    }
}

/// An edit that has a result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule<'a> {
    id: &'a str,
    short_description: Message,
    help: Message,
    default_configuration: Configuration,
    properties: RuleProperties<'a>,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct RuleProperties<'a> {
    pack: &'a str,
    kind: &'static str,
    owner: Option<&'a str>,
    disposition: &'static str,
    remit: Option<String>,
    sources: Vec<String>,
}

impl<'a> Rule<'a> {
    pub(super) fn new(edit: &'a EditInfo) -> Self {
        let sources: Vec<String> = edit.sources.iter().map(source_text).collect();
        let mut help = edit.title.clone();
        for source in &sources {
            help.push_str("\nsource: ");
            help.push_str(source);
        }
        Self {
            id: &edit.id,
            short_description: Message { text: edit.title.clone() },
            help: Message { text: help },
            default_configuration: Configuration { level: level(edit.severity) },
            properties: RuleProperties {
                pack: edit.origin.name(),
                kind: edit.kind,
                owner: edit.owner.as_deref(),
                disposition: edit.disposition.as_str(),
                remit: edit.remit.as_ref().map(ToString::to_string),
                sources,
            },
        }
    }
}

/// Something that the program has to say of its own run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notification {
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    descriptor: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_rule: Option<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Place>,
}

#[derive(Serialize)]
struct Reference {
    id: String,
}

impl Notification {
    pub(super) fn fault(file: &str, claim: &Claim, fault: &Fault) -> Self {
        let text = format!("the edit could not run: {}; {}", fault.message, remedy(fault.kind));
        Self {
            level: "error",
            message: Message { text },
            descriptor: Some(Reference { id: fault.kind.as_str().to_owned() }),
            associated_rule: Some(Reference { id: fault.edit.id.clone() }),
            locations: vec![Place::new(file, claim.location).on(claim, None)],
        }
    }

    pub(super) fn input_error(file: &str, error: &InputError) -> Self {
        let place = Place::new(file, error.location);
        let of = error.claim.as_ref().map(|claim| format!("claim {claim}: ")).unwrap_or_default();
        Self {
            level: "error",
            message: Message { text: format!("{of}{}; {}", error.message, error.fix) },
            descriptor: Some(Reference { id: error.code.to_owned() }),
            associated_rule: None,
            locations: vec![place],
        }
    }

    pub(super) fn left_out(count: u64) -> Self {
        let text = format!("{count} more input errors and faults are not listed; `csv` has all");
        Self {
            level: "error",
            message: Message { text },
            descriptor: None,
            associated_rule: None,
            locations: Vec::new(),
        }
    }
}

/// How the run went.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation<'a> {
    execution_successful: bool,
    exit_code: u8,
    tool_execution_notifications: &'a [Notification],
}

impl<'a> Invocation<'a> {
    /// A run is successful in the sense of the format when nothing kept it from judging all of the
    /// input; findings do not.
    pub(super) const fn new(exit_code: u8, notifications: &'a [Notification]) -> Self {
        Self {
            execution_successful: notifications.is_empty() && exit_code <= 1,
            exit_code,
            tool_execution_notifications: notifications,
        }
    }
}

/// What the run adds up to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunProperties<'a> {
    claims_in: u64,
    passed: u64,
    rejected: u64,
    quarantined: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_final: Option<u64>,
    charge_at_risk: Cents,
    faults: u64,
    input_errors: u64,
    packs: &'a [String],
    plugins: &'a [String],
}

impl<'a> RunProperties<'a> {
    pub(super) fn new(summary: &'a Summary) -> Self {
        Self {
            claims_in: summary.total.claims_in,
            passed: summary.total.passed,
            rejected: summary.total.rejected,
            quarantined: summary.total.quarantined,
            not_final: summary.finalize.map(|_| summary.total.not_final.claims()),
            charge_at_risk: summary.charge_at_risk,
            faults: summary.faults,
            input_errors: summary.input_errors,
            packs: &summary.registry.packs,
            plugins: &summary.registry.plugins,
        }
    }
}
