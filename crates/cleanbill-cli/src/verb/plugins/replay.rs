//! `cleanbill plugins replay`: the claims that a plugin could not judge, each again and alone.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_engine::{Evaluator, Registry};
use cleanbill_intake::{ClaimReader, Event, InputOptions};
use cleanbill_model::Claim;
use cleanbill_plugin_check::{Place, try_plugin};
use cleanbill_report::escape;
use cleanbill_run::exit_code;
use serde_json::Value;

use crate::failure::{Failure, plural};
use crate::{plugins, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill validate claims.837 --plugins libacme.so --format ndjson -o run.ndjson
  cleanbill plugins replay run.ndjson --plugin target/release/libacme.so

A run sets aside the claims that a plugin could not judge. Its report names them by file and place;
the files must still lie where they were. Each claim is judged in a fresh process, by the file named
here, which need not be the one that failed.
Exit codes: 0 every claim is judged now, 1 one still is not, 2 a file cannot be read.";

/// Flags of `plugins replay`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReplayFlags {
    /// Report of the run, in the format ndjson
    #[arg(value_name = "REPORT")]
    report: PathBuf,
    /// The plugin file
    #[arg(long, value_name = "FILE")]
    plugin: PathBuf,
    /// Run the plugin in this process, where a debugger sees it; it may end the process
    #[arg(long)]
    in_process: bool,
}

/// A claim that was set aside: what the run called it, and what happened.
struct SetAside {
    claim: String,
    before: String,
}

/// What a report tells: the files that were read, in their order, and the claims of each that were set
/// aside, by their ordinals.
#[derive(Default)]
struct Told {
    files: Vec<String>,
    claims: BTreeMap<u64, SetAside>,
}

/// Does it; gives back the exit code.
pub fn run(flags: &ReplayFlags) -> Result<u8, Failure> {
    let place = if flags.in_process { Place::Here } else { Place::Worker };
    // Loaded once to know whose faults to look for, and that it starts.
    let id = try_plugin(&flags.plugin, place)
        .map(|plugin| plugin.info().id().to_owned())
        .map_err(|error| Failure::refused(plugins::reasons(&error), ""))?;
    let told = read(&flags.report, &id)?;
    let (mut out, mut ordinal) = (terminal::stdout(), 1);
    let (mut seen, mut failing) = (0_usize, 0_usize);
    for name in &told.files {
        let unreadable = |error: io::Error| {
            Failure::refused(
                format!("cannot read `{name}`: {error}"),
                "run this where the run was, with the files of claims as they were",
            )
        };
        let file = File::open(name).map_err(unreadable)?;
        let mut reader =
            ClaimReader::open(file, &InputOptions::default(), ordinal).map_err(unreadable)?;
        let mut claim = Claim::default();
        while let Some(event) = reader.next(&mut claim).map_err(unreadable)? {
            let before = told.claims.get(&claim.ordinal);
            let (Event::Claim, Some(SetAside { claim: number, before })) = (event, before) else {
                continue;
            };
            seen += 1;
            let now = judge(&flags.plugin, place, &claim)?;
            failing += usize::from(now.is_err());
            let now = match now {
                Ok(1) => "judged, 1 finding".to_owned(),
                Ok(count) => format!("judged, {count} findings"),
                Err(why) => why,
            };
            let written = writeln!(out, "{}  {name}, claim {}", escape(number), claim.ordinal)
                .and_then(|()| writeln!(out, "  then: {}", escape(before)))
                .and_then(|()| writeln!(out, "  now:  {}", escape(&now)));
            Failure::of_stdout(written)?;
        }
        ordinal = reader.next_ordinal();
    }
    let missing = told.claims.len().saturating_sub(seen);
    if missing > 0 {
        return Err(Failure::refused(
            format!(
                "{missing} claim{} of the report cannot be found in its files",
                plural(missing)
            ),
            "the files are not as they were in the run",
        ));
    }
    let judged = seen - failing;
    let written = writeln!(out, "{seen} set aside, {judged} judged now, {failing} still not");
    Failure::of_stdout(written.and_then(|()| out.flush()))?;
    Ok(if failing > 0 { exit_code::FINDINGS } else { exit_code::WHOLE })
}

/// How many findings the plugin has on `claim`, in a fresh process; or why it cannot judge it.
fn judge(plugin: &Path, place: Place, claim: &Claim) -> Result<Result<usize, String>, Failure> {
    let refused = |error: &dyn std::error::Error| Failure::refused(plugins::reasons(error), "");
    let plugin = try_plugin(plugin, place).map_err(|error| refused(&error))?;
    let registry =
        Registry::new(plugin.into_edit().into_iter().collect()).map_err(|error| refused(&error))?;
    let mut evaluator = Evaluator::default();
    let verdict = evaluator.evaluate(&registry, claim);
    Ok(verdict
        .faults
        .first()
        .map_or(Ok(verdict.findings.len()), |fault| Err(fault.message.clone())))
}

/// Reads what a report tells of the plugin `id`.
fn read(path: &Path, id: &str) -> Result<Told, Failure> {
    let refused = |what: String| {
        let help = "name a report that `cleanbill validate --format ndjson` wrote";
        Failure::refused(format!("the report `{}` {what}", path.display()), help)
    };
    let text =
        fs::read_to_string(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
    let mut told = Told::default();
    for (line, number) in text.lines().zip(1..) {
        let record: Value = serde_json::from_str(line)
            .map_err(|error| refused(format!("is not valid in line {number}: {error}")))?;
        let member = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
        match member("type") {
            "fault" if member("pack").split_once('@').is_some_and(|(pack, _)| pack == id) => {
                let Some(ordinal) = record.get("claim_ordinal").and_then(Value::as_u64) else {
                    continue;
                };
                let (claim, before) = (member("claim").to_owned(), member("message").to_owned());
                told.claims.entry(ordinal).or_insert(SetAside { claim, before });
            }
            "summary" => {
                let files = record.get("files").and_then(Value::as_array).into_iter().flatten();
                let names = files.filter_map(|file| Some(file.get("file")?.as_str()?.to_owned()));
                told.files = names.collect();
            }
            _ => {}
        }
    }
    if told.files.is_empty() {
        return Err(refused("has no summary, so it is not whole".to_owned()));
    }
    Ok(told)
}
