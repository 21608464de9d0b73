//! An explanation as JSON: one object for each claim, on a line of its own; members are only ever added.

use std::io::{self, Write};

use cleanbill_engine::{Explanation, LineExplanation, LineOutcome, Scope, Step};
use cleanbill_model::{Claim, EarlierLine, EditInfo, Finding, LineRef, Origin, Outcome};
use cleanbill_rules::KeyHelp;
use serde::Serialize;

use crate::plugins::PluginRule;

const SCHEMA: u32 = 1;

/// What one rule makes of one claim.
#[derive(Serialize)]
struct Explained<'a> {
    schema: u32,
    rule: Rule<'a>,
    file: &'a str,
    claim: &'a str,
    /// Findings on the claim as a whole.
    findings: Vec<Found<'a>>,
    lines: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'a str,
    title: &'a str,
    kind: &'a str,
    /// Pack or plugin with its version.
    origin: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    disposition: &'a str,
    severity: &'a str,
    on_unknown: &'a str,
    effective: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remit: Option<String>,
    source: Vec<Source<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    authority: &'a str,
    document: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    edition: Option<&'a str>,
    kind: &'a str,
    verified: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    line: u32,
    /// `fires`, `undetermined`, `waived` or `silent`.
    outcome: &'a str,
    /// The clause that silenced the line; none when the rule has nothing to do with it.
    because: Option<&'a str>,
    steps: Vec<Decided<'a>>,
    findings: Vec<Found<'a>>,
    to_decide: &'a [String],
}

#[derive(Serialize)]
struct Decided<'a> {
    clause: &'a str,
    /// `yes`: towards a finding; `no`: silent; `unknown`.
    truth: String,
    /// Number of the partner line.
    partner: Option<u32>,
    /// The partner line where it is on an earlier claim; `partner` is none then.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<EarlierPartner<'a>>,
    detail: &'a str,
}

#[derive(Serialize)]
struct Found<'a> {
    outcome: &'a str,
    disposition: &'a str,
    severity: &'a str,
    /// Numbers of the partner lines on this claim.
    other: Vec<u32>,
    /// Partner lines on earlier claims.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<EarlierPartner<'a>>,
    message: &'a str,
    why: &'a str,
    fix: &'a str,
    /// Rules of other packs that found the same; a run says it once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<AlsoFound<'a>>,
}

#[derive(Serialize)]
struct AlsoFound<'a> {
    rule: &'a str,
    pack: &'a str,
    disposition: &'a str,
}

#[derive(Serialize)]
struct EarlierPartner<'a> {
    claim: &'a str,
    line: u32,
    from: String,
    through: String,
    /// `history`, `run_before` or `run_behind`: where its claim stands to this one.
    standing: &'static str,
    /// Whether it is known that its claim counts.
    counts: bool,
    why: &'static str,
}

impl<'a> From<&'a EarlierLine> for EarlierPartner<'a> {
    fn from(line: &'a EarlierLine) -> Self {
        Self {
            claim: &line.claim,
            line: line.number,
            from: line.dates.from().to_string(),
            through: line.dates.through().to_string(),
            standing: line.standing.as_str(),
            counts: !line.is_open,
            why: line.words(),
        }
    }
}

#[derive(Serialize)]
struct RuleTopic<'a> {
    schema: u32,
    rule: Rule<'a>,
    /// How far it looks: `line`, `claim`, `patient_day` or `patient_history(DAYS)`.
    scope: String,
    /// Of a plugin's rule: its words, and the file that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    plugin: Option<&'a PluginRule>,
}

#[derive(Serialize)]
struct KeyTopic<'a> {
    schema: u32,
    key: &'a str,
    meaning: &'a str,
    places: &'a [String],
    required: bool,
    takes: &'a str,
    keys: &'a [String],
}

#[derive(Serialize)]
struct CodeTopic<'a> {
    schema: u32,
    code: &'a str,
    meaning: &'a str,
}

/// One claim; `numbers` are the lines wanted, none meaning all.
pub fn claim(
    out: &mut dyn Write,
    info: &EditInfo,
    file: &str,
    claim: &Claim,
    seen: &Explanation,
    numbers: &[u32],
) -> io::Result<()> {
    let wanted =
        |line: &&LineExplanation| numbers.is_empty() || numbers.contains(&number(claim, line.line));
    let explained = Explained {
        schema: SCHEMA,
        rule: rule(info),
        file,
        claim: claim.id(),
        findings: seen.claim.iter().map(|finding| found(claim, finding)).collect(),
        lines: seen.lines.iter().filter(wanted).map(|seen| line(claim, seen)).collect(),
    };
    object(out, &explained)
}

/// What a rule is.
pub fn rule_topic(
    out: &mut dyn Write,
    info: &EditInfo,
    scope: Scope,
    plugin: Option<&PluginRule>,
) -> io::Result<()> {
    object(out, &RuleTopic { schema: SCHEMA, rule: rule(info), scope: scope.to_string(), plugin })
}

/// What a code means.
pub fn code_topic(out: &mut dyn Write, code: &str, meaning: &str) -> io::Result<()> {
    object(out, &CodeTopic { schema: SCHEMA, code, meaning })
}

/// What a key of a pack means, one object for each meaning.
pub fn key_topic(out: &mut dyn Write, key: &str, meanings: &[KeyHelp]) -> io::Result<()> {
    meanings.iter().try_for_each(|help| {
        let KeyHelp { places, required, takes, description, keys, .. } = help;
        let (required, meaning) = (*required, description);
        object(out, &KeyTopic { schema: SCHEMA, key, meaning, places, required, takes, keys })
    })
}

fn object(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}

fn rule(info: &EditInfo) -> Rule<'_> {
    Rule {
        id: &info.id,
        title: &info.title,
        kind: info.kind,
        origin: info.origin.name(),
        place: match &info.origin {
            Origin::Pack { place, .. } => Some(place),
            Origin::Plugin { .. } => None,
        },
        disposition: info.disposition.as_str(),
        severity: info.severity.as_str(),
        on_unknown: info.on_unknown.as_str(),
        effective: info.effective.to_string(),
        remit: info.remit.as_ref().map(ToString::to_string),
        source: info
            .sources
            .iter()
            .map(|source| Source {
                authority: &source.authority,
                document: &source.document,
                edition: source.edition.as_deref(),
                kind: source.kind.as_str(),
                verified: source.verified,
            })
            .collect(),
    }
}

fn line<'a>(claim: &Claim, seen: &'a LineExplanation) -> Line<'a> {
    let (outcome, because, findings) = match &seen.outcome {
        LineOutcome::Silent { because } => {
            ("silent", Some(*because).filter(|because| !because.is_empty()), &[][..])
        }
        LineOutcome::Found(found) => (strongest(found), None, found.as_slice()),
    };
    Line {
        line: number(claim, seen.line),
        outcome,
        because,
        steps: seen.steps.iter().map(|step| decided(claim, step)).collect(),
        findings: findings.iter().map(|finding| found(claim, finding)).collect(),
        to_decide: &seen.to_decide,
    }
}

/// A line with several findings fires when one of them does.
fn strongest(found: &[Finding]) -> &'static str {
    let fires = found.iter().find(|finding| finding.outcome == Outcome::Fires);
    fires.or(found.first()).map_or("silent", |finding| finding.outcome.as_str())
}

fn decided<'a>(claim: &Claim, step: &'a Step) -> Decided<'a> {
    Decided {
        clause: step.clause,
        truth: step.truth.to_string(),
        partner: step.partner.as_ref().and_then(LineRef::own).map(|place| number(claim, place)),
        earlier: step.partner.as_ref().and_then(LineRef::earlier).map(EarlierPartner::from),
        detail: &step.detail,
    }
}

fn found<'a>(claim: &Claim, finding: &'a Finding) -> Found<'a> {
    Found {
        outcome: finding.outcome.as_str(),
        disposition: finding.disposition.as_str(),
        severity: finding.severity.as_str(),
        other: finding
            .others
            .iter()
            .filter_map(LineRef::own)
            .map(|place| number(claim, place))
            .collect(),
        earlier: finding
            .others
            .iter()
            .filter_map(LineRef::earlier)
            .map(EarlierPartner::from)
            .collect(),
        message: &finding.message,
        why: &finding.why,
        fix: &finding.fix,
        also: finding
            .also
            .iter()
            .map(|also| AlsoFound {
                rule: &also.edit.id,
                pack: also.edit.origin.name(),
                disposition: also.disposition.as_str(),
            })
            .collect(),
    }
}

fn number(claim: &Claim, index: usize) -> u32 {
    claim.lines.get(index).map_or(0, |line| line.number)
}
