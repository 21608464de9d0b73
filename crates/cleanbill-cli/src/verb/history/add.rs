//! `cleanbill history add`: claims from files into a history.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use cleanbill_history::Access;
use cleanbill_report::escape;
use cleanbill_run::{HistoryAddition, Input};

use super::StoreFlags;
use crate::failure::Failure;
use crate::finalize::FinalizeFlag;
use crate::flags::{GlobalFlags, When};
use crate::input_flags::InputFlags;
use crate::stdin::Stdin;
use crate::{progress, signals, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill history add claims.db sent/*.837          makes claims.db where it is not there
  cleanbill validate new.837 --history claims.db
  zcat january.837.gz | cleanbill history add claims.db -
  cleanbill history add postgres --history-key claims.key sent/*.837    CLEANBILL_HISTORY_URL

Add claims in the order in which they were sent, without those that were denied or rejected.
Names, member ids and notes are not kept: patients stand in the file under a keyed hash, and the
key is in claims.db.key, for its owner alone. Keep the two apart in backups.
Exit codes: 0 all added, 3 some claims could not be read (the others are added), 4 broken off:
run the same command again, nothing is added twice.";

/// Flags of `history add`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AddFlags {
    #[command(flatten)]
    store: StoreFlags,
    /// Files of claims in the order in which they came; `-` for standard input
    #[arg(value_name = "CLAIMS", required = true)]
    claims: Vec<PathBuf>,
    #[command(flatten)]
    input: InputFlags,
    #[command(flatten)]
    finalize: FinalizeFlag,
    /// When to show a progress bar on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    progress: When,
}

/// Adds them and tells how many there were.
pub fn run(flags: AddFlags, global: &GlobalFlags) -> Result<u8, Failure> {
    let stop = signals::stop_flag()?;
    let input = |path: &PathBuf| match path.as_os_str() == "-" {
        true => Input::stream("-", Box::new(Stdin::new(stop.clone()))),
        false => Input::file(path.clone()),
    };
    let mut inputs: Vec<Input> = flags.claims.iter().map(input).collect();
    let input_options = flags.input.options()?;
    flags.finalize.apply(&mut inputs, &input_options, Some(&stop))?;
    let mut store = flags.store.open(Access::Create)?;
    let size = inputs.iter().map(Input::size).sum::<Option<u64>>();
    let when = if global.quiet { When::Never } else { flags.progress };
    let bar = progress::bar(when, false, size);
    let mut show = |done| bar.iter().for_each(|bar| progress::show(bar, done));
    let mut told = |input: &str, error: &cleanbill_model::InputError| {
        // There is nowhere left to tell that standard error is gone.
        let _ = writeln!(
            anstream::stderr().lock(),
            "warning: {}:{}: {}: {}; {}",
            escape(input),
            error.location.line,
            error.code,
            escape(&error.message),
            escape(&error.fix)
        );
    };
    let added = HistoryAddition {
        store: &mut store,
        inputs,
        input_options,
        stop: Some(&stop),
        progress: if bar.is_some() { Some(&mut show) } else { None },
        input_error: &mut told,
    }
    .execute();
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let added = added?;
    let mut out = terminal::stdout();
    let mut say = || {
        writeln!(out, "{} claims added, {} there already", added.new, added.known)?;
        if added.not_final > 0 {
            writeln!(out, "{} left out: they are not final", added.not_final)?;
        }
        if added.not_kept > 0 {
            writeln!(
                out,
                "{} not kept: they name no patient, or have no service lines",
                added.not_kept
            )?;
        }
        out.flush()
    };
    Failure::of_stdout(say())?;
    Ok(added.exit_code())
}
