//! The way a claim takes in production: claim JSON, the host's own loading, its checks of every answer.

use std::path::Path;

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_intake::{ClaimReader, Event, FormatChoice};
use cleanbill_model::{Claim, Finding};
use cleanbill_plugin_abi::form;
use cleanbill_plugin_host::{
    Approval, Candidate, Isolation, LoadOptions, LoadedPlugin, LockDate, PackCheck, PluginError,
    PluginLock, PluginLockError, Refusal, Step, TrustedLibrary, load,
};
use serde_json::{Value, json};

use crate::claim::{KitClaim, KitLine};
use crate::outcome::Ended;

/// A plugin as the host runs it, in this process.
pub(crate) enum Production {
    /// By itself, which is without a configuration.
    Alone { registry: Registry, evaluator: Evaluator },
    /// Each of its rules as a pack uses it, with a configuration.
    InPacks(Vec<PackCheck>),
}

/// Where the code of a plugin runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In this process.
    Here,
    /// In a process of its own, closed off as in a run.
    Worker,
}

impl Production {
    /// Loads the plugin in the file `path` as a run would that trusts it.
    pub(crate) fn load(path: &Path, config: &str, place: Place) -> Result<Self, Ended> {
        let plugin = loaded(path, place)?;
        if config != "{}" {
            let rules = plugin.info().rules().to_vec();
            let checks = rules.iter().map(|rule| plugin.check(&rule.id, config));
            return Ok(Self::InPacks(checks.collect::<Result<_, _>>()?));
        }
        let edits = plugin.into_edit().into_iter().collect();
        let registry = Registry::new(edits).map_err(|error| error.to_string())?;
        Ok(Self::Alone { registry, evaluator: Evaluator::default() })
    }

    /// The findings on `claim`; what the host does not accept is an error.
    pub(crate) fn judge(&mut self, claim: &Claim) -> Result<Vec<Finding>, String> {
        match self {
            Self::Alone { registry, evaluator } => {
                let verdict = evaluator.evaluate(registry, claim);
                match verdict.faults.first() {
                    Some(fault) => Err(fault.message.clone()),
                    None => Ok(verdict.findings.to_vec()),
                }
            }
            Self::InPacks(checks) => {
                let mut findings = Vec::new();
                for check in checks {
                    let said = check.judge(claim).map_err(|fault| fault.message)?;
                    findings.extend(said.into_iter().map(|said| said.finding));
                }
                Ok(findings)
            }
        }
    }
}

/// Why a plugin that nobody has locked cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum TryError {
    /// The host would not take it from there, or not at all.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is loaded and cannot start.
    #[error(transparent)]
    Plugin(#[from] PluginError),
    /// It could not be locked.
    #[error(transparent)]
    Lock(#[from] PluginLockError),
}

/// The plugin in the file `path` as a host takes it that trusts it, with a lock that is forgotten at once and
/// grants all that it asks for. This runs its code, so whoever calls it has been told to.
///
/// # Errors
/// [`TryError`].
pub fn try_plugin(path: &Path, place: Place) -> Result<LoadedPlugin, TryError> {
    let candidate = Candidate::look(path, &[])?;
    let lock = PluginLock::parse(FORGOTTEN_LOCK)?;
    let lock = lock.with(&candidate.entry(approval(&candidate, place), None))?;
    let options = LoadOptions { allow_in_process: true, ..LoadOptions::default() };
    Ok(load(&TrustedLibrary::check(path, &lock)?, &options)?)
}

/// A lock that lets plugins into this process.
const FORGOTTEN_LOCK: &str = "schema = 1\n[policy]\nallow_in_process = true\n";

fn approval(candidate: &Candidate, place: Place) -> Approval {
    Approval {
        by: "the conformance kit".to_owned(),
        // Nobody reads it.
        at: "2000-01-01".parse().unwrap_or(LockDate { date: None, time: None, offset: None }),
        isolation: match place {
            Place::Here => Isolation::InProcess,
            Place::Worker => Isolation::Worker,
        },
        grants: candidate.info().reads().iter().cloned().collect(),
        signer: None,
        needed: Vec::new(),
    }
}

/// The same for a test: where the file lies says nothing about the plugin.
pub(crate) fn loaded(path: &Path, place: Place) -> Result<LoadedPlugin, Ended> {
    try_plugin(path, place).map_err(|error| match error {
        TryError::Refused(refusal) if matches!(refusal.step(), Step::Path | Step::Permissions) => {
            Ended::Skip(format!("the host takes no plugin from there: {}", refusal.problem()))
        }
        error => Ended::Fail(format!("the host does not take it: {error}")),
    })
}

/// The claim that `json`, one claim as claim JSON, describes.
pub(crate) fn read(json: &Value) -> Result<Claim, String> {
    let text = json.to_string();
    let mut claim = Claim::default();
    let mut reader = ClaimReader::open(text.as_bytes(), &FormatChoice::Json.into(), 1)
        .map_err(|error| error.to_string())?;
    match reader.next(&mut claim).map_err(|error| error.to_string())? {
        Some(Event::Claim) => Ok(claim),
        Some(Event::Error(error)) => {
            Err(format!("the claim cannot be read: {} ({})", error.message, error.code))
        }
        Some(Event::Envelope(_)) | None => Err("there is no claim".to_owned()),
    }
}

/// The claim of an example with what every claim must have: an example may leave out its number.
pub(crate) fn whole(mut claim: Value) -> Value {
    if let Some(members) = claim.as_object_mut() {
        members.entry("claim_id").or_insert_with(|| "EXAMPLE".into());
    }
    claim
}

/// An ordinary claim as claim JSON.
pub(crate) fn json_of(claim: &KitClaim) -> Value {
    let is_institutional = claim.form == form::INSTITUTIONAL;
    let mut value = json!({
        "schema": 1,
        "claim_id": "KIT",
        "type": if is_institutional { "institutional" } else { "professional" },
        "frequency": claim.frequency,
        "payer": claim.payer_id,
        "filing_indicator": claim.filing_indicator,
        "patient": { "birth_date": iso(claim.birth_date), "sex": claim.sex },
        "billing_provider": { "npi": claim.billing_npi, "taxonomy": claim.billing_taxonomy },
        "rendering_provider": { "npi": claim.rendering_npi },
        "diagnoses": claim.diagnoses,
        "charge": cents(claim.total_charge),
        "lines": claim.lines.iter().map(line_json).collect::<Vec<_>>(),
    });
    if is_institutional {
        put(&mut value, "type_of_bill", "0131");
    }
    for (name, text) in [
        ("place_of_service", &claim.place_of_service),
        ("prior_authorization", &claim.authorization),
        ("submitted", &if claim.submitted == 0 { String::new() } else { iso(claim.submitted) }),
        (
            "original_reference",
            &if claim.has_original_reference { "1".into() } else { String::new() },
        ),
    ] {
        if !text.is_empty() {
            put(&mut value, name, text);
        }
    }
    value
}

fn line_json(line: &KitLine) -> Value {
    let mut value = json!({
        "procedure": line.code,
        "modifiers": line.modifiers,
        "units": thousandths(line.units_milli),
        "charge": cents(line.charge),
        "from": iso(line.from),
        "diagnosis_pointers": line.dx_pointers,
    });
    for (name, text) in
        [("place_of_service", &line.place_of_service), ("prior_authorization", &line.authorization)]
    {
        if !text.is_empty() {
            put(&mut value, name, text);
        }
    }
    if let (Some(members), false) = (value.as_object_mut(), line.ndc.is_empty()) {
        let drug = json!({
            "ndc": line.ndc,
            "quantity": thousandths(line.drug_quantity_milli),
            "unit": line.drug_unit,
        });
        members.insert("drug".to_owned(), drug);
    }
    value
}

fn put(value: &mut Value, name: &str, text: &str) {
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), text.into());
    }
}

/// `20260302` as `2026-03-02`.
fn iso(day: i32) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

fn cents(amount: i64) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}

fn thousandths(amount: i64) -> String {
    format!("{}.{:03}", amount / 1_000, amount % 1_000)
}

#[cfg(test)]
mod tests {
    use crate::generate::Generator;
    use crate::manifest::Manifest;

    #[test]
    fn every_ordinary_claim_can_be_read_and_keeps_its_lines() {
        let mut generator = Generator::new(3, &Manifest::default(), &[]);
        for _ in 0..300 {
            let made = generator.ordinary();
            let read = super::read(&super::json_of(&made)).unwrap();
            assert_eq!(read.lines.len(), made.lines.len());
            assert_eq!(read.payer(), made.payer_id);
            assert_eq!(read.charge.cents(), made.total_charge);
        }
    }
}
