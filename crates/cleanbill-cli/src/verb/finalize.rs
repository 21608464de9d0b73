//! `cleanbill finalize`: which claims are final, and what became of the others.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cleanbill_engine::Registry;
use cleanbill_report::{JsonReport, NdjsonReport, Report, Styles, VersionTextReport};
use cleanbill_run::{FailOn, FinalPreset, Input, Output, Run, Target};

use super::validate::settle;
use crate::failure::Failure;
use crate::finalize::preset;
use crate::flags::{GlobalFlags, When};
use crate::input_flags::InputFlags;
use crate::jobs::JobsFlag;
use crate::{progress, signals, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill finalize --preset 837 sent/*.837          what was replaced or voided, and by what
  cleanbill finalize --preset cclf extracts/*.csv -o left-out.ndjson
  cleanbill validate --finalize cclf extracts/*.csv             judges final claims alone

Presets:
  837    frequency 7 replaces and 8 voids the claim that REF*F8 names, within the patient
  cclf   Part B: CLM_CNTL_NUM, line and MBI; Part A: OSCAR number, first and last day and MBI;
         by CLM_EFCTV_DT, and CLM_ADJSMT_TYPE_CD 1 takes back
  tmsis  families by ICN-ORIG and ICN-ADJ; by ADJUDICATION-DATE, and an indicator 1 takes back

Name all files in one command: a version in a file that is not named is not known. Nothing of it
depends on the order of the files. docs/input.md says which columns a table needs.

Exit codes: 0 told, 2 refused before anything was told, 3 some claims could not be read.";

/// Flags of `finalize`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FinalizeFlags {
    /// Files of claims; `-` or none: standard input
    #[arg(value_name = "CLAIMS")]
    claims: Vec<PathBuf>,
    /// What tells the versions of a claim
    #[arg(long, value_name = "PRESET", value_parser = preset())]
    preset: FinalPreset,
    /// Output format; may be repeated, each with its --output [default: told from the ending of
    /// --output, else text]
    #[arg(long, short, value_name = "FORMAT", value_parser = format())]
    format: Vec<Format>,
    /// Where to write the format of the same place in the command; `-` is standard output. A file
    /// appears only when everything was read
    #[arg(long, short, value_name = "PATH")]
    output: Vec<PathBuf>,
    #[command(flatten)]
    input: InputFlags,
    #[command(flatten)]
    jobs: JobsFlag,
    /// When to show a progress bar on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    progress: When,
}

/// A way to write it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Format {
    /// A line for each claim that is not final.
    #[default]
    Text,
    /// One record a line, the summary last.
    Ndjson,
    /// The same as one document.
    Json,
}

impl Format {
    const ALL: [(&'static str, Self); 3] =
        [("text", Self::Text), ("ndjson", Self::Ndjson), ("json", Self::Json)];

    fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "txt" => Some(Self::Text),
            "jsonl" => Some(Self::Ndjson),
            ending => Self::ALL.iter().find(|(name, _)| *name == ending).map(|(_, format)| *format),
        }
    }

    fn output(self, path: Option<PathBuf>) -> Output {
        let target = settle::target(path);
        let styles = match &target {
            Target::Stream { .. } => terminal::styles(),
            Target::File(_) => Styles::plain(),
        };
        let format = Box::new(move |out: Box<dyn Write>| -> Box<dyn Report> {
            match self {
                Self::Text => Box::new(VersionTextReport::new(out, styles)),
                Self::Ndjson => Box::new(NdjsonReport::new(out)),
                Self::Json => Box::new(JsonReport::new(out)),
            }
        });
        Output { target, format }
    }
}

fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(|(name, _)| name)).try_map(|name| {
        let found = Format::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, format)| *format).ok_or("not a format")
    })
}

/// Tells; gives back the exit code.
pub fn run(flags: FinalizeFlags, global: &GlobalFlags) -> Result<u8, Failure> {
    let stop = signals::stop_flag()?;
    let pairs = settle::pair(&flags.format, &flags.output, Format::of_path)?;
    let writes_to_stdout = pairs.iter().any(|(_, path)| path.is_none());
    let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stdin());
    let inputs = settle::inputs(&flags.claims, &stop, is_terminal)?;
    let registry =
        Registry::new(Vec::new()).map_err(|error| Failure::refused(error.to_string(), ""))?;
    let size = inputs.iter().map(Input::size).sum::<Option<u64>>();
    let when = if global.quiet { When::Never } else { flags.progress };
    let bar = progress::bar(when, writes_to_stdout, size);
    let mut show = |done| bar.iter().for_each(|bar| progress::show(bar, done));
    let told = Run {
        folder: None,
        registry: &registry,
        not_run: Vec::new(),
        inputs,
        input_options: flags.input.options()?,
        strict: false,
        history: None,
        finalize: None,
        outputs: pairs.into_iter().map(|(format, path)| format.output(path)).collect(),
        fail_on: FailOn::Error,
        abort_on_plugin_failure: false,
        jobs: flags.jobs.count(),
        stop: Some(&stop),
        progress: if bar.is_some() { Some(&mut show) } else { None },
    }
    .tell_versions(flags.preset);
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    Ok(told?.exit_code())
}
