//! `cleanbill waive`: findings that were looked at become waivers in a file.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_report::input_name;
use cleanbill_rules::{NewWaiver, append_waivers};
use serde::Deserialize;

use crate::failure::{Failure, plural};
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  cleanbill validate claims.837 --format ndjson --output findings.ndjson
  cleanbill waive --from findings.ndjson --rule units-over-mue --claim PCN1 --claim PCN7 \\
      --reason 'two studies, appealed and paid' --approved-by j.ortiz --ticket RCM-4471 \\
      --expires 2026-06-30 --into my-pack/waivers.yaml

The pack names the file: `waivers: waivers.yaml` in its pack.yaml.";

/// Flags of `waive`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct WaiveFlags {
    /// Findings as `validate --format ndjson` writes them: only what stands there can be waived
    #[arg(long, value_name = "FINDINGS")]
    from: PathBuf,
    /// Rule whose findings are waived
    #[arg(long, value_name = "ID")]
    rule: String,
    /// Control number (CLM01) of a claim; may be repeated, each claim gets a waiver of its own
    #[arg(long, value_name = "ID", required = true)]
    claim: Vec<String>,
    /// Only findings on lines with this procedure code
    #[arg(long, value_name = "CODE")]
    procedure: Option<String>,
    /// Why the findings are waived
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who decided so
    #[arg(long, value_name = "NAME")]
    approved_by: String,
    /// Where the matter is tracked
    #[arg(long, value_name = "ID")]
    ticket: Option<String>,
    /// First date of service for which the waivers hold [default: 366 days before the last]
    #[arg(long, value_name = "DATE")]
    starts: Option<String>,
    /// Last date of service for which the waivers hold
    #[arg(long, value_name = "DATE")]
    expires: String,
    /// File of waivers to add to; it is made when it is not there
    #[arg(long, value_name = "FILE")]
    into: PathBuf,
}

/// What is needed of a record; the rest is passed over.
#[derive(Deserialize)]
struct Record {
    r#type: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    claim: Option<String>,
}

/// Adds the waivers.
pub fn run(flags: &WaiveFlags) -> Result<u8, Failure> {
    let found = claims_with_findings(&flags.from, &flags.rule)?;
    if let Some(other) = flags.claim.iter().find(|claim| !found.contains(*claim)) {
        return Err(Failure::refused(
            format!(
                "`{}` has no finding of `{}` on claim `{other}`",
                name(&flags.from),
                flags.rule
            ),
            "only findings that were made can be waived",
        ));
    }
    let waivers: Vec<NewWaiver> = flags.claim.iter().map(|claim| flags.waiver(claim)).collect();
    let before = match fs::read_to_string(&flags.into) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(unreadable(&flags.into, &error)),
    };
    let added = append_waivers(&before, &waivers).map_err(|reason| {
        Failure::refused(
            format!("no waiver was added to `{}`: {reason}", name(&flags.into)),
            "nothing was changed",
        )
    })?;
    let opened = OpenOptions::new().append(true).create(true).open(&flags.into);
    opened.and_then(|mut file| file.write_all(added.as_bytes())).map_err(|error| {
        Failure::not_whole(
            format!("writing `{}` failed: {error}", name(&flags.into)),
            "look at the end of the file before you try again",
        )
    })?;
    let (count, into) = (waivers.len(), name(&flags.into));
    let mut out = terminal::stdout();
    let told = writeln!(out, "{count} waiver{} added to {into}", plural(count));
    Failure::of_stdout(told.and_then(|()| out.flush()))
}

impl WaiveFlags {
    fn waiver(&self, claim: &str) -> NewWaiver {
        NewWaiver {
            rule: self.rule.clone(),
            claim_id: Some(claim.to_owned()),
            procedure: self.procedure.clone(),
            reason: self.reason.clone(),
            approved_by: self.approved_by.clone(),
            ticket: self.ticket.clone(),
            starts: self.starts.clone(),
            expires: self.expires.clone(),
            ..NewWaiver::default()
        }
    }
}

/// The claims on which `rule` has a finding.
fn claims_with_findings(path: &Path, rule: &str) -> Result<BTreeSet<String>, Failure> {
    let file = fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut claims = BTreeSet::new();
    for (line, number) in BufReader::new(file).lines().zip(1_u64..) {
        let line = line.map_err(|error| unreadable(path, &error))?;
        let record: Record = serde_json::from_str(&line).map_err(|_| {
            Failure::refused(
                format!("line {number} of `{}` is not a record", name(path)),
                "make the file with `cleanbill validate --format ndjson`",
            )
        })?;
        if record.r#type == "finding" && record.rule == rule {
            claims.extend(record.claim);
        }
    }
    Ok(claims)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::refused(format!("`{}` cannot be read: {error}", name(path)), "check the name")
}

fn name(path: &Path) -> String {
    input_name(path)
}
