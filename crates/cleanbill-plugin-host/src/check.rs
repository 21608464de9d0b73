//! The manifest once it is checked: what is known of a plugin and ready to run.

mod example;
mod rule;
mod words;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use cleanbill_engine::Trigger;
use cleanbill_model::{Claim, ClaimType, EditInfo, ProcedureCode};
use cleanbill_plugin_abi::AbiVersion;
use cleanbill_plugin_abi::field;
use serde_json::{Map, Value};

pub use example::{Example, ExpectedFinding};
pub(crate) use rule::Rule;

use crate::manifest::{DeclaredManifest, SCHEMA};
use crate::refusal::{self, Step};
use rule::check_rule;
use words::{Checked, Problem, name, one_of, problem, text};

/// A plugin's manifest, checked.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) title: String,
    /// Who made it.
    pub(crate) vendor: Option<String>,
    /// The oldest host that it can serve.
    pub(crate) min_host: Option<AbiVersion>,
    pub(crate) payers: Vec<String>,
    pub(crate) codes: Option<Vec<ProcedureCode>>,
    /// Kinds of claims that it judges; empty for all.
    pub(crate) forms: Vec<ClaimType>,
    /// Names of the fields that it asks for.
    pub(crate) reads: BTreeSet<String>,
    /// The JSON Schema of what an instance is configured with.
    pub(crate) config_schema: Option<Map<String, Value>>,
    /// One for each rule, in the order of `rules`.
    pub(crate) infos: Vec<Arc<EditInfo>>,
    pub(crate) rules: Vec<Rule>,
}

impl Manifest {
    /// Reads and checks a manifest.
    pub(crate) fn read(text: &str) -> Result<Self, refusal::Problem> {
        let invalid = |problem: String| {
            let remedy = "correct the manifest and build the plugin again";
            refusal::Problem::new(Step::Manifest, problem, remedy)
        };
        let declared: DeclaredManifest = serde_json::from_str(text)
            .map_err(|error| invalid(format!("its manifest cannot be read: {error}")))?;
        let manifest = check(declared).map_err(|Problem { place, problem }| {
            invalid(format!("its manifest is not valid: {place}: {problem}"))
        })?;
        let host = AbiVersion::CURRENT;
        if let Some(least) = manifest.min_host.filter(|least| *least > host) {
            return Err(refusal::Problem::new(
                Step::Manifest,
                format!("it needs a cleanbill with plugin ABI {least}, and this one has {host}"),
                "use a newer cleanbill, or a version of the plugin for this one",
            ));
        }
        let mut seen = HashSet::new();
        match manifest.infos.iter().find(|info| !seen.insert(info.id.as_str())) {
            Some(twice) => Err(invalid(format!("it defines the rule `{}` twice", twice.id))),
            None => Ok(manifest),
        }
    }

    /// Which claims it wants to see.
    pub(crate) fn trigger(&self) -> Trigger<'_> {
        self.codes.as_deref().map_or(Trigger::EveryClaim, Trigger::Codes)
    }

    /// Whether the plugin judges claims of this kind.
    pub(crate) fn is_for(&self, claim: &Claim) -> bool {
        self.forms.is_empty() || self.forms.contains(&claim.claim_type)
    }

    /// Id and version.
    pub(crate) fn name(&self) -> &str {
        self.infos.first().map(|info| info.origin.name()).unwrap_or_default()
    }
}

fn check(declared: DeclaredManifest) -> Checked<Manifest> {
    if declared.schema != SCHEMA {
        return problem("schema", format!("it is {}, and this program reads 1", declared.schema));
    }
    name("id", &declared.id)?;
    name("version", &declared.version)?;
    text("title", &declared.title)?;
    for (index, payer) in declared.payers.iter().enumerate() {
        text(&format!("payers[{index}]"), payer)?;
    }
    if let Some(vendor) = &declared.vendor {
        text("vendor", vendor)?;
    }
    let min_host = declared.min_host.as_deref().map(check_version).transpose()?;
    let codes = declared.codes.as_deref().map(check_codes).transpose()?;
    let forms = declared.forms.iter().enumerate().map(|(index, form)| {
        one_of(
            &format!("forms[{index}]"),
            form,
            ClaimType::from_name,
            [ClaimType::Professional, ClaimType::Institutional].map(ClaimType::as_str),
        )
    });
    let forms = forms.collect::<Checked<Vec<_>>>()?;
    let reads = check_reads(&declared.reads)?;
    if declared.rules.is_empty() {
        return problem("rules", "there is none, so the plugin could say nothing");
    }
    let origin = format!("{}@{}", declared.id, declared.version);
    let rules = declared
        .rules
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            check_rule(rule, &origin).map_err(|wrong| wrong.within(&format!("rules[{index}]")))
        })
        .collect::<Checked<Vec<_>>>()?;
    Ok(Manifest {
        id: declared.id,
        version: declared.version,
        title: declared.title,
        vendor: declared.vendor,
        min_host,
        payers: declared.payers,
        codes,
        forms,
        reads,
        config_schema: declared.config_schema,
        infos: rules.iter().map(|rule| rule.info.clone()).collect(),
        rules,
    })
}

fn check_codes(codes: &[String]) -> Checked<Vec<ProcedureCode>> {
    if codes.is_empty() {
        return problem("codes", "it is empty; leave it out to see every claim");
    }
    codes
        .iter()
        .enumerate()
        .map(|(index, code)| {
            ProcedureCode::new(code.as_bytes())
                .or_else(|wrong| problem(&format!("codes[{index}]"), format!("`{code}` {wrong}")))
        })
        .collect()
}

/// The fields that a plugin asks for: known by name, each once.
fn check_reads(reads: &[String]) -> Checked<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for (index, read) in reads.iter().enumerate() {
        let place = format!("reads[{index}]");
        if field::named(read).is_none() {
            let known = field::ALL.map(|(known, _)| known).join(", ");
            return problem(&place, format!("`{read}` is no field; the fields are {known}"));
        }
        if !names.insert(read.clone()) {
            return problem(&place, format!("`{read}` stands there twice"));
        }
    }
    Ok(names)
}

/// A version as `1.0`.
fn check_version(version: &str) -> Checked<AbiVersion> {
    let parts = version.split_once('.');
    let read = parts.and_then(|(major, minor)| {
        Some(AbiVersion { major: major.parse().ok()?, minor: minor.parse().ok()? })
    });
    match read {
        Some(read) if read.to_string() == version => Ok(read),
        _ => problem("min_host", format!("`{version}` is not a version as 1.0")),
    }
}
