//! The audit log of a user's runs: `--audit FILE`, or the file that `CLEANBILL_AUDIT` names.
//!
//! It is the only thing that cleanbill writes with a time of day in it.

use std::env;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;
use cleanbill_report::{Cents, input_name};
use cleanbill_run::{AuditLog, AuditLogError, Outcome, PROVENANCE, Part, Provenance};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::packs::MadeOf;
use crate::verb::options;

const VARIABLE: &str = "CLEANBILL_AUDIT";

/// The flag of verbs whose runs can stand in an audit log.
#[derive(Debug, Args)]
pub struct AuditFlags {
    /// Append to this file who ran what, when, over which bytes and how it ended; each record is chained to
    /// the one before it [default: the file that $CLEANBILL_AUDIT names, if it is set]
    #[arg(long, value_name = "FILE", help_heading = "Results in a folder")]
    audit: Option<PathBuf>,
}

/// A run whose beginning stands in the log.
pub struct Audit {
    log: AuditLog,
    run: Map<String, Value>,
    folder: Option<PathBuf>,
}

impl AuditFlags {
    /// The log, if there is to be one.
    pub fn path(&self) -> Option<PathBuf> {
        let named = || env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        self.audit.clone().or_else(named)
    }

    /// Writes that a run begins. Nothing runs that the log cannot tell of.
    pub fn begin(
        &self,
        what: &str,
        inputs: Vec<String>,
        made_of: &MadeOf,
        folder: Option<&Path>,
    ) -> Result<Option<Audit>, Failure> {
        let Some(path) = self.path() else { return Ok(None) };
        let mut run = Map::new();
        run.insert("what".to_owned(), what.into());
        run.insert("engine".to_owned(), env!("CARGO_PKG_VERSION").into());
        run.insert("process".to_owned(), std::process::id().into());
        run.insert("user".to_owned(), user());
        let inputs = inputs.iter().map(|input| base_name(Path::new(input)));
        run.insert("inputs".to_owned(), inputs.collect::<Vec<_>>().into());
        run.insert("folder".to_owned(), folder.map(base_name).into());
        let audit = Audit { log: AuditLog::new(path), run, folder: folder.map(Path::to_owned) };
        let mut more = Map::new();
        let options = options::arguments(&options::given());
        more.insert("options".to_owned(), options.into());
        for (name, parts) in
            [("packs", &made_of.packs), ("tables", &made_of.tables), ("plugins", &made_of.plugins)]
        {
            more.insert(name.to_owned(), list(parts));
        }
        audit.append("begin", more).map_err(|error| refused(&error))?;
        Ok(Some(audit))
    }
}

impl Audit {
    /// Writes how the run ended.
    pub fn end(self, outcome: Option<&Outcome>, exit_code: u8) -> Result<(), Failure> {
        let mut more = Map::new();
        more.insert("exit_code".to_owned(), exit_code.into());
        if let Some(Outcome::Whole(summary)) = outcome {
            let total = &summary.total;
            let counts = json!({
                "claims_in": total.claims_in,
                "passed": total.passed,
                "rejected": total.rejected,
                "quarantined": total.quarantined,
                "charges_in": Cents(total.charges_in).to_string(),
                "findings": {
                    "error": summary.severities.error,
                    "warning": summary.severities.warning,
                    "info": summary.severities.info,
                },
                "faults": summary.faults,
                "input_errors": summary.input_errors,
            });
            more.insert("counts".to_owned(), counts);
            self.add_digests(&mut more);
        }
        self.append("end", more).map_err(|error| {
            Failure::not_whole(
                format!("the run ended with exit code {exit_code}, but {error}"),
                "the results are in place; mend the log, then run again for a whole record",
            )
        })
    }

    /// What the folder of the run says of its inputs.
    fn add_digests(&self, more: &mut Map<String, Value>) {
        let Some(path) = self.folder.as_ref().map(|folder| folder.join(PROVENANCE)) else { return };
        let Ok(text) = std::fs::read_to_string(&path) else { return };
        let (Ok(made_of), Ok(own)) = (Provenance::parse(&text), Part::of_file(&path)) else {
            return;
        };
        more.insert("provenance".to_owned(), own.sha256.into());
        more.insert("input_digests".to_owned(), list(&made_of.inputs));
    }

    fn append(&self, event: &str, more: Map<String, Value>) -> Result<(), AuditLogError> {
        let mut record = Map::new();
        record.insert("at".to_owned(), now().into());
        record.insert("event".to_owned(), event.into());
        record.extend(self.run.clone());
        record.extend(more);
        self.log.append(record)
    }
}

fn list(parts: &[Part]) -> Value {
    let part = |part: &Part| json!({"name": part.name, "sha256": part.sha256});
    parts.iter().map(part).collect::<Vec<_>>().into()
}

/// The refusal of a log that cannot be used.
pub fn refused(error: &AuditLogError) -> Failure {
    Failure::refused(error.to_string(), error.help())
}

fn base_name(path: &Path) -> String {
    path.file_name().map_or_else(|| input_name(path), |name| input_name(Path::new(name)))
}

/// The number of the user, which the system vouches for.
fn user() -> Value {
    #[cfg(unix)]
    return rustix::process::getuid().as_raw().into();
    #[cfg(not(unix))]
    return env::var("USERNAME").ok().into();
}

/// The time of day in UTC, to the second.
fn now() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}
