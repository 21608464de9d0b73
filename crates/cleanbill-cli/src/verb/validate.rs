//! `cleanbill validate`: claims through the edits, findings out.

mod into_folder;
pub mod options;
pub(in crate::verb) mod settle;

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cleanbill_report::{Summary, escape};
use cleanbill_run::{FailOn, Input, OptionUsed, Outcome, Provenance, Run, RunError};

use crate::failure::Failure;
use crate::finalize::FinalizeFlag;
use crate::flags::{GlobalFlags, When};
use crate::format::Format;
use crate::history::HistoryFlags;
use crate::input_flags::InputFlags;
use crate::jobs::JobsFlag;
use crate::packs::{EditFlags, Edits};
use crate::plugins::OnPluginFailure;
use crate::timings::Timings;
use crate::{bug, not_run, progress, signals};
use into_folder::FolderFlags;

const EXAMPLES: &str = "\
Examples:
  cleanbill validate claims.837
  cleanbill validate claims.json --fail-on warning
  cleanbill validate batch/*.837 --format ndjson --output findings.ndjson
  cleanbill validate claims.837 -o report.html -o worklist.xlsx       the ending tells the format
  cleanbill validate claims.837 -f text -o - -f junit -o results.xml  several in one pass
  cleanbill validate claims.837 -o claims.277ca -o claims.999         answers to who sent them
  cleanbill validate claims.837 --history paid-2025.ndjson --history paid-2026.837
  cleanbill validate batch/*.837 --out-dir run-07 -f html             a folder with all results
  cleanbill validate batch/*.837 --out-dir run-07 -f html --resume    go on after a break
  cleanbill validate extracts/*.csv --finalize cclf                   final claims alone
  zcat claims.837.gz | cleanbill validate --format ndjson | jq .message";

/// Flags of `validate`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ValidateFlags {
    /// Files of claims (837P, 837I, 837D, claim JSON, FHIR, CSV; also gzip or zstd); `-` or none:
    /// standard input
    #[arg(value_name = "CLAIMS")]
    claims: Vec<PathBuf>,
    #[command(flatten)]
    edits: EditFlags,
    /// Output format; may be repeated, each with its --output [default: told from the ending of
    /// --output, else text]
    #[arg(long, short, value_name = "FORMAT")]
    format: Vec<Format>,
    /// Where to write the format of the same place in the command; `-` is standard output. A file
    /// appears only when the run is whole
    #[arg(long, short, value_name = "PATH")]
    output: Vec<PathBuf>,
    #[command(flatten)]
    folder: FolderFlags,
    /// Severity from which findings make the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error", value_parser = severity())]
    fail_on: FailOn,
    #[command(flatten)]
    input: InputFlags,
    /// End the run with nothing published at the first claim, count or control number that cannot
    /// be read or trusted
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    history: HistoryFlags,
    #[command(flatten)]
    finalize: FinalizeFlag,
    /// Let denials reject claims in a 277CA too; they are verdicts of adjudication, which it comes before
    #[arg(long)]
    reject_denials: bool,
    /// Report findings as if there were no waivers
    #[arg(long)]
    ignore_waivers: bool,
    #[command(flatten)]
    jobs: JobsFlag,
    /// Show in the html page the diagnosis codes of lines and the values that rules read. Names,
    /// birth dates and member ids stay out all the same
    #[arg(long)]
    include_values: bool,
    /// Tell on standard error where the time went: by stage, and the ten rules that took most
    #[arg(long)]
    timings: bool,
    /// When to show a progress bar on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    progress: When,
}

impl ValidateFlags {
    /// What a run with these flags is made of now; no code of a plugin runs.
    pub(in crate::verb) fn made_of(&self, options: Vec<OptionUsed>) -> Result<Provenance, Failure> {
        into_folder::provenance(self.edits.made_of()?, self.input.files(), options)
    }
}

fn severity() -> impl TypedValueParser<Value = FailOn> {
    PossibleValuesParser::new(FailOn::ALL.map(FailOn::as_str))
        .try_map(|name| FailOn::from_name(&name).ok_or("not a severity"))
}

/// Validates; gives back the exit code.
pub fn run(flags: ValidateFlags, global: &GlobalFlags) -> Result<u8, Failure> {
    let mut timings = flags.timings.then(Timings::begin);
    let stop = signals::stop_flag()?;
    let folder = flags.folder.open(global)?;
    let (when, settled) = (flags.progress, settle::settle(&flags, folder.as_ref(), &stop)?);
    let is_recorded = folder.is_some() || flags.folder.audits();
    let Edits { registry, not_run, made_of, .. } =
        flags.edits.edits_to_run(!flags.ignore_waivers, is_recorded)?;
    let registry = match &mut timings {
        Some(timings) => timings.of_edits(registry),
        None => registry,
    };
    if !global.quiet {
        not_run::warn(&not_run);
    }
    let history = flags.history.feed(Some(&stop), flags.edits.as_of)?;

    bug::rehearse();
    let size = settled.inputs.iter().map(Input::size).sum::<Option<u64>>();
    let when = if global.quiet { When::Never } else { when };
    let bar = progress::bar(when, settled.writes_to_stdout, size);
    let mut show = |done| bar.iter().for_each(|bar| progress::show(bar, done));
    let on_failure = flags.edits.plugins.on_failure();
    let abort_on_plugin_failure = on_failure == OnPluginFailure::AbortRun;
    let inputs = settled.inputs.iter().map(|input| input.name().to_owned()).collect();
    let audit = flags.folder.begin_audit(inputs, &made_of)?;
    let folder = match folder {
        Some(folder) => Some(into_folder::recorded(folder, made_of, flags.input.files())?),
        None => None,
    };
    let is_kept = folder.is_some();
    let outcome = Run {
        registry: &registry,
        not_run: not_run::summary(&not_run),
        inputs: settled.inputs,
        input_options: settled.input_options,
        strict: flags.strict,
        history: history.as_ref(),
        finalize: flags.finalize.preset(),
        outputs: match &timings {
            Some(timings) => timings.of_outputs(settled.outputs),
            None => settled.outputs,
        },
        fail_on: settled.fail_on,
        abort_on_plugin_failure,
        jobs: flags.jobs.count(),
        folder,
        stop: Some(&stop),
        progress: if bar.is_some() { Some(&mut show) } else { None },
    }
    .execute();
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let ended = outcome.as_ref().map_or_else(RunError::exit_code, Outcome::exit_code);
    let audited = audit.map_or(Ok(()), |audit| audit.end(outcome.as_ref().ok(), ended));
    let outcome = outcome.map_err(|error| into_folder::failure(error, is_kept))?;
    audited?;
    if let (Outcome::Whole(summary), Some(timings)) = (&outcome, timings) {
        timings.tell(summary.total.claims_in);
    }
    if let (Outcome::Whole(summary), false) = (&outcome, global.quiet) {
        warn_of_unused_waivers(summary);
        warn_of_repeated_interchanges(summary);
        if history.is_some() && !registry.scope().reads_history() {
            warn("no rule of this run looks at earlier claims: `--history` changed nothing");
        }
    }
    Ok(outcome.exit_code())
}

fn warn_of_unused_waivers(summary: &Summary) {
    for waiver in &summary.unused_waivers {
        warn(&format!("unused {}", escape(waiver)));
    }
}

/// A file that was handed in twice makes every claim of it a duplicate of itself.
fn warn_of_repeated_interchanges(summary: &Summary) {
    for file in &summary.files {
        for repeats in &file.repeats {
            let more = match repeats.count - 1 {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            warn(&format!(
                "{}: the interchange at byte {} has the sender and control number (ISA13) of the one at byte {} \
                 of {}{more}; look whether a file was handed in twice",
                escape(&file.file),
                repeats.offset,
                repeats.earlier_offset,
                escape(&repeats.earlier_file),
            ));
        }
    }
}

fn warn(words: &str) {
    // There is nowhere left to tell that standard error is gone.
    let _ = writeln!(anstream::stderr().lock(), "warning: {words}");
}
