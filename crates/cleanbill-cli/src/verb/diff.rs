//! `cleanbill diff`: two editions of packs over the same claims.

mod edition;

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cleanbill_model::ServiceDate;
use cleanbill_report::{DiffBy, DiffFormat, Styles};
use cleanbill_run::{Diff, DiffOutput, Input, Target, Threshold};

use super::validate::settle;
use crate::failure::Failure;
use crate::finalize::FinalizeFlag;
use crate::flags::{GlobalFlags, When};
use crate::history::HistoryFlags;
use crate::input_flags::InputFlags;
use crate::jobs::JobsFlag;
use crate::not_run;
use crate::packs::day;
use crate::plugins::PluginFlags;
use crate::table_store::TableFlags;
use crate::{progress, signals, terminal};

pub use edition::Edition;

const EXAMPLES: &str = "\
Examples:
  cleanbill diff acme-2025.cbpack packs/acme --claims corpus/*.ndjson
  cleanbill diff cpt-93970 my-pack --claims claims.837 --by payer,billing_npi
  cleanbill diff old new --claims claims.837 --fail-on 'now_hit > 500' \\
      --fail-on 'my-rule: changed > 0'
  cleanbill diff ncci-medicare ncci-medicare --claims claims.837 \\
      --old-edition ncci-mue-practitioner@2026q2 --new-edition ncci-mue-practitioner@2026q3
  cleanbill diff old new --claims claims.837 --format text --output - \\
      --format html --output diff.html

Rules of plugins are not compared; --plugins runs the checks that rules of the packs use.

Thresholds: [RULE:] METRIC COMPARISON NUMBER
  METRIC      now_hit, no_longer_hit, changed, undetermined (lines); charge_now_hit (dollars)
  COMPARISON  >  >=  <  <=  =
  Without a rule: all rules together, each line once.

Exit codes: 0 compared, 1 a threshold was crossed, 2 refused before any claim was read, 3 part of
the claims could not be trusted, 5 a rule that is the same on both sides differs, which is our bug.";

/// Flags of `diff`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiffFlags {
    /// The old edition: a pack as `--packs` takes it, or several with commas between them
    #[arg(value_name = "OLD")]
    old: String,
    /// The new edition
    #[arg(value_name = "NEW")]
    new: String,
    #[command(flatten)]
    plugins: PluginFlags,
    /// Files of claims; `-`: standard input
    #[arg(long, value_name = "FILES", num_args = 1.., required = true)]
    claims: Vec<PathBuf>,
    /// What to group lines by; the rule always comes first
    #[arg(long, value_name = "WHAT", value_delimiter = ',', default_value = "rule", value_parser = by())]
    by: Vec<Option<DiffBy>>,
    /// Claims to show of each group
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(..=1000))]
    samples: u16,
    /// What makes the exit code 1, such as 'now_hit > 500'; may be repeated
    #[arg(long, value_name = "THRESHOLD")]
    fail_on: Vec<String>,
    /// Output format; may be repeated, each with its --output [default: text]
    #[arg(long, short, value_name = "FORMAT", value_parser = format())]
    format: Vec<DiffFormat>,
    /// Where to write the format of the same place in the command; `-` is standard output. A file
    /// appears only when the comparison is whole
    #[arg(long, short, value_name = "PATH")]
    output: Vec<PathBuf>,
    #[command(flatten)]
    input: InputFlags,
    #[command(flatten)]
    history: HistoryFlags,
    #[command(flatten)]
    tables: TableFlags,
    /// `--edition` for the old side alone; may be repeated
    #[arg(long, value_name = "EDITION")]
    old_edition: Vec<String>,
    /// `--edition` for the new side alone; may be repeated
    #[arg(long, value_name = "EDITION")]
    new_edition: Vec<String>,
    #[command(flatten)]
    finalize: FinalizeFlag,
    /// Day that stands for today (YYYY-MM-DD), for both editions: as in `validate`
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<ServiceDate>,
    #[command(flatten)]
    jobs: JobsFlag,
    /// When to show a progress bar on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    progress: When,
}

/// `None` is the rule itself, by which lines are always grouped.
pub fn by() -> impl TypedValueParser<Value = Option<DiffBy>> {
    const NAMES: [(&str, Option<DiffBy>); 3] = [
        ("rule", None),
        (DiffBy::Payer.as_str(), Some(DiffBy::Payer)),
        (DiffBy::BillingNpi.as_str(), Some(DiffBy::BillingNpi)),
    ];
    PossibleValuesParser::new(NAMES.map(|(name, _)| name)).try_map(|name| {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, by)| *by).ok_or("not known")
    })
}

fn format() -> impl TypedValueParser<Value = DiffFormat> {
    PossibleValuesParser::new(DiffFormat::ALL.map(DiffFormat::as_str))
        .try_map(|name| DiffFormat::from_name(&name).ok_or("not a format"))
}

/// Compares; gives back the exit code.
pub fn run(flags: DiffFlags, global: &GlobalFlags) -> Result<u8, Failure> {
    let stop = signals::stop_flag()?;
    let pairs = settle::pair(&flags.format, &flags.output, |_| None)?;
    let writes_to_stdout = pairs.iter().any(|(_, path)| path.is_none());
    let mut inputs = settle::inputs(&flags.claims, &stop, false)?;
    let thresholds =
        flags.fail_on.iter().map(|text| Threshold::parse(text)).collect::<Result<_, _>>()?;
    let plugins = flags.plugins.load()?;
    let edition = |side: &str, editions: &[String]| {
        let named: Vec<String> = side.split(',').map(str::to_owned).collect();
        let folder = flags.tables.open_with(editions)?;
        let (edition, not_run) = Edition::load(named, plugins.side(), &folder, None, flags.as_of)?;
        flags.tables.settle(&not_run)?;
        if !global.quiet {
            not_run::warn(&not_run);
        }
        Ok::<_, Failure>(edition)
    };
    let old = edition(&flags.old, &flags.old_edition)?;
    let new = edition(&flags.new, &flags.new_edition)?;
    let folder = flags.tables.folder();
    let history = flags.history.feed(Some(&stop), flags.as_of)?;

    let input_options = flags.input.options()?;
    flags.finalize.apply(&mut inputs, &input_options, Some(&stop))?;
    let size = inputs.iter().map(Input::size).sum::<Option<u64>>();
    let when = if global.quiet { When::Never } else { flags.progress };
    let bar = progress::bar(when, writes_to_stdout, size);
    let mut show = |done| bar.iter().for_each(|bar| progress::show(bar, done));
    let ended = Diff {
        old: old.shown(folder.as_deref()),
        new: new.shown(folder.as_deref()),
        inputs,
        input_options,
        history: history.as_ref(),
        by: grouping(&flags.by),
        samples: flags.samples.into(),
        thresholds,
        outputs: pairs.into_iter().map(|(format, path)| output(format, path)).collect(),
        jobs: flags.jobs.count(),
        stop: Some(&stop),
        progress: if bar.is_some() { Some(&mut show) } else { None },
    }
    .execute();
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    Ok(ended?)
}

/// Each of them once, the payer before the provider.
pub fn grouping(asked: &[Option<DiffBy>]) -> Vec<DiffBy> {
    let mut by: Vec<DiffBy> = asked.iter().flatten().copied().collect();
    by.sort();
    by.dedup();
    by
}

fn output(format: DiffFormat, path: Option<PathBuf>) -> DiffOutput {
    let target = settle::target(path);
    let styles = match &target {
        Target::Stream { .. } => terminal::styles(),
        Target::File(_) => Styles::plain(),
    };
    DiffOutput { target, format, styles }
}
