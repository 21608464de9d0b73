//! `cleanbill learn`: findings held against what payers answered.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cleanbill_report::{LearnFormat, Styles};
use cleanbill_run::{Checked, Input, Learn, LearnOutput, Target};

use super::validate::settle;
use crate::failure::Failure;
use crate::finalize::FinalizeFlag;
use crate::flags::{GlobalFlags, When};
use crate::history::HistoryFlags;
use crate::input_flags::InputFlags;
use crate::packs::{EditFlags, Edits};
use crate::{not_run, progress, signals, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill learn remit.835 --claims claims.837
  cleanbill learn remits/*.835 --claims claims.837 --packs my-pack -o learnt.csv
  cleanbill validate claims.837 --format ndjson --output findings.ndjson
  cleanbill learn remit.835 --findings findings.ndjson -f text -o - -f json -o learnt.json

With --claims every line of every claim is known: the order of lines helps to match them, and
denials on claims that were never checked are told apart. With --findings the rules do not run
again, and only claims with findings are known.

Exit codes: 0 all was read, 2 refused before anything was read, 3 part of the claims, the
findings or the remittance advice could not be read or trusted.";

/// Flags of `learn`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct LearnFlags {
    /// Files of remittance advice (835; also gzip or zstd) in the order in which they came; `-` or none:
    /// standard input
    #[arg(value_name = "REMITS")]
    remits: Vec<PathBuf>,
    /// File of the claims that were sent, to be run through the edits; may be repeated
    #[arg(long, value_name = "FILE", required_unless_present = "findings")]
    claims: Vec<PathBuf>,
    /// Findings that `validate --format ndjson` wrote, instead of --claims; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with_all = ["claims", "packs", "history", "finalize"])]
    findings: Vec<PathBuf>,
    #[command(flatten)]
    edits: EditFlags,
    /// Lines to name of each rule and reason
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(..=1000))]
    samples: u16,
    /// Output format; may be repeated, each with its --output [default: told from the ending of
    /// --output, else text]
    #[arg(long, short, value_name = "FORMAT", value_parser = format())]
    format: Vec<LearnFormat>,
    /// Where to write the format of the same place in the command; `-` is standard output. A file
    /// appears only when everything was read
    #[arg(long, short, value_name = "PATH")]
    output: Vec<PathBuf>,
    #[command(flatten)]
    input: InputFlags,
    #[command(flatten)]
    history: HistoryFlags,
    #[command(flatten)]
    finalize: FinalizeFlag,
    /// When to show a progress bar on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    progress: When,
}

fn format() -> impl TypedValueParser<Value = LearnFormat> {
    PossibleValuesParser::new(LearnFormat::ALL.map(LearnFormat::as_str))
        .try_map(|name| LearnFormat::from_name(&name).ok_or("not a format"))
}

/// The format that the ending of a file name stands for, when it stands for one.
fn of_path(path: &Path) -> Option<LearnFormat> {
    match path.extension()?.to_str()? {
        "txt" => Some(LearnFormat::Text),
        ending => LearnFormat::from_name(ending).filter(|format| *format != LearnFormat::Text),
    }
}

/// Learns; gives back the exit code.
pub fn run(flags: LearnFlags, global: &GlobalFlags) -> Result<u8, Failure> {
    let stop = signals::stop_flag()?;
    let pairs = settle::pair(&flags.format, &flags.output, of_path)?;
    let named: Vec<PathBuf> =
        flags.remits.iter().chain(&flags.claims).chain(&flags.findings).cloned().collect();
    if named.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(Failure::refused(
            "standard input (`-`) is named twice",
            "it can be read once only; name it once",
        ));
    }
    if flags.remits.is_empty() && std::io::stdin().is_terminal() {
        return Err(Failure::refused(
            "no remittance advice was named",
            "name files (`cleanbill learn remit.835 --claims claims.837`) or pipe one in",
        ));
    }
    let remits = settle::inputs(&flags.remits, &stop, false)?;
    let writes_to_stdout = pairs.iter().any(|(_, path)| path.is_none());
    let checked = if flags.findings.is_empty() { &flags.claims } else { &flags.findings };
    let mut inputs = settle::inputs(checked, &stop, false)?;
    let all = || remits.iter().chain(&inputs).map(Input::size);
    let when = if global.quiet { When::Never } else { flags.progress };
    let bar = progress::bar(when, writes_to_stdout, all().sum::<Option<u64>>());
    let mut show = |done| bar.iter().for_each(|bar| progress::show(bar, done));
    let told: Option<&mut dyn FnMut(_)> = if bar.is_some() { Some(&mut show) } else { None };
    let outputs = pairs.into_iter().map(|(format, path)| output(format, path)).collect();
    let (samples, stop_flag) = (flags.samples.into(), Some(&*stop));
    let learn = |checked| {
        Learn { checked, remits, samples, outputs, stop: stop_flag, progress: told }.execute()
    };
    let learnt = if flags.findings.is_empty() {
        let Edits { registry, not_run, .. } = flags.edits.edits()?;
        if !global.quiet {
            not_run::warn(&not_run);
        }
        let history = flags.history.feed(Some(&stop), flags.edits.as_of)?;
        let options = flags.input.options()?;
        flags.finalize.apply(&mut inputs, &options, Some(&stop))?;
        let history = history.as_ref();
        learn(Checked::Claims { inputs, options, registry: &registry, history })
    } else {
        learn(Checked::Findings(inputs))
    };
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    Ok(learnt?)
}

fn output(format: LearnFormat, path: Option<PathBuf>) -> LearnOutput {
    let target = settle::target(path);
    let styles = match &target {
        Target::Stream { .. } => terminal::styles(),
        Target::File(_) => Styles::plain(),
    };
    LearnOutput { target, format, styles }
}
