//! The records that scripts read: one struct for each, in the order in which its members are written.
//!
//! `schema` goes up only when a member changes its meaning; members are added, never taken away.

mod document;
mod place;
mod summary;
mod version;
mod writer;

use cleanbill_model::{
    Also, Claim, EarlierLine, Evidence, Fault, Finding, InputError, LineRef, ProcedureCode, Remit,
    ServiceLine, Source,
};
use serde::Serialize;

use crate::amount::Cents;
use crate::at_risk::charge_of;
use crate::element::in_terms_of;
use crate::finding_id::finding_id;
use crate::partner::{PartnerLine, partner_lines};
use crate::remedy::remedy;

pub(crate) use document::Document;
use place::Place;
pub(crate) use summary::SummaryRecord;
pub(crate) use version::VersionNoteRecord;
pub use writer::write_record;

/// Version of all records.
pub(crate) const SCHEMA: u32 = 1;

#[derive(Serialize)]
pub(crate) struct FindingRecord<'a> {
    r#type: &'static str,
    schema: u32,
    id: String,
    outcome: &'static str,
    rule: &'a str,
    pack: &'a str,
    file: &'a str,
    claim: &'a str,
    claim_ordinal: u64,
    line: Option<u32>,
    other: Vec<OtherLine<'a>>,
    location: Place<'a>,
    disposition: &'static str,
    severity: &'static str,
    remit: Option<RemitRecord<'a>>,
    message: &'a str,
    why: &'a str,
    fix: &'a str,
    owner: Option<&'a str>,
    charge: Cents,
    source: Vec<SourceRecord<'a>>,
    evidence: Vec<EvidenceRecord<'a>>,
    /// Of a defect that edits of several packs found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<AlsoRecord<'a>>,
    /// Of a finding on a line: what a remittance advice knows the line by.
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<ServiceRecord<'a>>,
}

impl<'a> FindingRecord<'a> {
    pub(crate) fn new(file: &'a str, claim: &'a Claim, finding: &'a Finding) -> Self {
        let line = finding.line.and_then(|line| claim.lines.get(line));
        let location = line.map_or(claim.location, |line| line.location);
        Self {
            r#type: "finding",
            schema: SCHEMA,
            id: finding_id(claim, finding),
            outcome: finding.outcome.as_str(),
            rule: &finding.edit.id,
            pack: finding.edit.origin.name(),
            file,
            claim: claim.id(),
            claim_ordinal: claim.ordinal,
            line: line.map(|line| line.number),
            other: partner_lines(claim, finding).map(OtherLine::new).collect(),
            location: Place::new(location, in_terms_of(claim, finding.element)),
            disposition: finding.disposition.as_str(),
            severity: finding.severity.as_str(),
            remit: finding.remit.as_ref().map(RemitRecord::new),
            message: &finding.message,
            why: &finding.why,
            fix: &finding.fix,
            owner: finding.edit.owner.as_deref(),
            charge: Cents(charge_of(claim, finding).cents().into()),
            source: finding.sources().into_iter().map(SourceRecord::new).collect(),
            evidence: finding
                .evidence
                .iter()
                .map(|read| EvidenceRecord::new(claim, read))
                .collect(),
            also: finding.also.iter().map(AlsoRecord::new).collect(),
            service: line.map(|line| ServiceRecord::new(claim, line)),
        }
    }
}

#[derive(Serialize)]
struct ServiceRecord<'a> {
    procedure: Option<&'a str>,
    modifiers: Vec<String>,
    from: String,
    through: String,
    control_number: Option<&'a str>,
}

impl<'a> ServiceRecord<'a> {
    fn new(claim: &'a Claim, line: &'a ServiceLine) -> Self {
        let number = claim.text(line.control_number);
        Self {
            procedure: line.procedure.as_ref().map(ProcedureCode::as_str),
            modifiers: line.modifiers.iter().map(|one| one.to_string()).collect(),
            from: line.dates.from().to_string(),
            through: line.dates.through().to_string(),
            control_number: (!number.is_empty()).then_some(number),
        }
    }
}

#[derive(Serialize)]
struct AlsoRecord<'a> {
    rule: &'a str,
    pack: &'a str,
    disposition: &'static str,
}

impl<'a> AlsoRecord<'a> {
    fn new(also: &'a Also) -> Self {
        Self {
            rule: &also.edit.id,
            pack: also.edit.origin.name(),
            disposition: also.disposition.as_str(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct FaultRecord<'a> {
    r#type: &'static str,
    schema: u32,
    rule: &'a str,
    pack: &'a str,
    file: &'a str,
    claim: &'a str,
    claim_ordinal: u64,
    location: Place<'a>,
    kind: &'static str,
    message: &'a str,
    fix: &'static str,
}

impl<'a> FaultRecord<'a> {
    pub(crate) fn new(file: &'a str, claim: &'a Claim, fault: &'a Fault) -> Self {
        Self {
            r#type: "fault",
            schema: SCHEMA,
            rule: &fault.edit.id,
            pack: fault.edit.origin.name(),
            file,
            claim: claim.id(),
            claim_ordinal: claim.ordinal,
            location: Place::new(claim.location, ""),
            kind: fault.kind.as_str(),
            message: &fault.message,
            fix: remedy(fault.kind),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct InputErrorRecord<'a> {
    r#type: &'static str,
    schema: u32,
    code: &'static str,
    file: &'a str,
    claim: Option<&'a str>,
    quarantined: bool,
    location: Place<'a>,
    message: &'a str,
    fix: &'a str,
}

impl<'a> InputErrorRecord<'a> {
    pub(crate) fn new(file: &'a str, error: &'a InputError) -> Self {
        Self {
            r#type: "input_error",
            schema: SCHEMA,
            code: error.code,
            file,
            claim: error.claim.as_deref(),
            quarantined: error.quarantines,
            location: Place::new(error.location, &error.element),
            message: &error.message,
            fix: &error.fix,
        }
    }
}

/// All behind the line is of lines of other claims alone.
#[derive(Serialize)]
struct OtherLine<'a> {
    claim: &'a str,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    through: Option<String>,
    /// `history`, `run_before` or `run_behind`: where its claim stands to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'static str>,
    /// Whether it is known that its claim counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
}

impl<'a> OtherLine<'a> {
    fn new(other: PartnerLine<'a>) -> Self {
        let elsewhere = other.elsewhere;
        Self {
            claim: other.claim,
            line: other.number,
            from: elsewhere.map(|line| line.dates.from().to_string()),
            through: elsewhere.map(|line| line.dates.through().to_string()),
            standing: elsewhere.map(|line| line.standing.as_str()),
            counts: elsewhere.map(|line| !line.is_open),
            why: elsewhere.map(EarlierLine::words),
        }
    }
}

#[derive(Serialize)]
struct RemitRecord<'a> {
    group: &'static str,
    carc: &'a str,
    rarc: Vec<&'a str>,
}

impl<'a> RemitRecord<'a> {
    fn new(remit: &'a Remit) -> Self {
        Self {
            group: remit.group.as_str(),
            carc: remit.carc.as_str(),
            rarc: remit.rarc.iter().map(|remark| remark.as_str()).collect(),
        }
    }
}

#[derive(Serialize)]
struct SourceRecord<'a> {
    authority: &'a str,
    document: &'a str,
    edition: Option<&'a str>,
    verified: bool,
}

impl<'a> SourceRecord<'a> {
    fn new(source: &'a Source) -> Self {
        Self {
            authority: &source.authority,
            document: &source.document,
            edition: source.edition.as_deref(),
            verified: source.verified,
        }
    }
}

#[derive(Serialize)]
struct EvidenceRecord<'a> {
    /// Of a line of an earlier claim alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<&'a str>,
    line: Option<u32>,
    element: &'static str,
    value: &'a str,
}

impl<'a> EvidenceRecord<'a> {
    fn new(claim: &Claim, evidence: &'a Evidence) -> Self {
        let line = evidence.line.as_ref();
        let earlier = line.and_then(LineRef::earlier);
        let own = line.and_then(LineRef::own).and_then(|place| claim.lines.get(place));
        Self {
            claim: earlier.map(|line| line.claim.as_ref()),
            line: own.map(|line| line.number).or(earlier.map(|line| line.number)),
            element: evidence.element.as_str(),
            value: &evidence.value,
        }
    }
}
