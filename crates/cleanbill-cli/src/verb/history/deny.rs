//! `cleanbill history deny`: what payers denied counts no more.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use cleanbill_history::Access;
use cleanbill_model::{InputError, Location};
use cleanbill_report::escape;
use cleanbill_run::{HistoryDenials, HistoryDenied, Input};
use serde::Serialize;

use super::StoreFlags;
use super::keep::say;
use crate::failure::{Failure, plural};
use crate::flags::{GlobalFlags, When};
use crate::verb::validate::settle;
use crate::{progress, signals, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill history deny claims.db --from remits/*.835        as remittance advice says
  cleanbill history deny claims.db --claim PCN1               the claim as a whole
  cleanbill history deny claims.db --claim PCN1 --line 2      one of its lines

Edits look at services that stand: a line that the payer denied or rejected is none. The claims
stay in the file and are shown as denied; adding them again does not bring them back.

With --from, claims are found by CLP01, lines by their control number or by what was billed. The
latest answer to a line stands: a reversal or a later payment takes the mark away again. Order of
the files makes no difference, nor does reading them twice. What you marked by hand stays.
Exit codes: 0 done, 2 no claim has that number, 3 part of the remittance advice could not be read
or trusted (the rest is done), 4 broken off: run the same command again.";

/// Flags of `history deny`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DenyFlags {
    #[command(flatten)]
    store: StoreFlags,
    /// Control number of the claim (CLM01)
    #[arg(long, value_name = "ID", required_unless_present = "from", conflicts_with = "from")]
    claim: Option<String>,
    /// Number of a line; may be repeated [default: the whole claim]
    #[arg(long, value_name = "N", requires = "claim")]
    line: Vec<u32>,
    /// Files of remittance advice (835; also gzip or zstd); `-`: standard input
    #[arg(long, value_name = "REMITS", num_args = 1..)]
    from: Vec<PathBuf>,
    /// Write the counts of --from as one JSON object
    #[arg(long, requires = "from")]
    json: bool,
    /// When to show a progress bar on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    progress: When,
}

/// Marks them.
pub fn run(flags: DenyFlags, global: &GlobalFlags) -> Result<u8, Failure> {
    match &flags.claim {
        Some(claim) => by_number(&flags, claim),
        None => from(&flags, global),
    }
}

fn by_number(flags: &DenyFlags, claim: &str) -> Result<u8, Failure> {
    let claims = flags.store.open(Access::Write)?.deny(claim, &flags.line)?;
    if claims == 0 {
        return Err(Failure::refused(
            format!("no claim of the history has the number `{claim}`"),
            "`cleanbill history export` shows all of them",
        ));
    }
    say(&format!("{claims} claim{} marked", if claims == 1 { "" } else { "s" }))
}

fn from(flags: &DenyFlags, global: &GlobalFlags) -> Result<u8, Failure> {
    let stop = signals::stop_flag()?;
    let remits = settle::inputs(&flags.from, &stop, false)?;
    let mut store = flags.store.open(Access::Write)?;
    let size = remits.iter().map(Input::size).sum::<Option<u64>>();
    let when = if global.quiet { When::Never } else { flags.progress };
    let bar = progress::bar(when, false, size);
    let mut show = |done| bar.iter().for_each(|bar| progress::show(bar, done));
    // There is nowhere left to tell that standard error is gone.
    let mut unread = |input: &str, error: &InputError| {
        let (place, code) = (error.location.line, error.code);
        let words = format!("{}; {}", escape(&error.message), escape(&error.fix));
        let _ = writeln!(
            anstream::stderr().lock(),
            "warning: {}:{place}: {code}: {words}",
            escape(input)
        );
    };
    let mut ambiguous = |input: &str, place: Location, id: &str, several: usize| {
        let (input, id) = (escape(input), escape(id));
        let _ = writeln!(
            anstream::stderr().lock(),
            "warning: {input}:{}: {several} claims of the history may be `{id}`, so none was marked; mark it with \
             `cleanbill history deny --claim`",
            place.line
        );
    };
    let denied = HistoryDenials {
        store: &mut store,
        remits,
        stop: Some(&stop),
        progress: if bar.is_some() { Some(&mut show) } else { None },
        input_error: &mut unread,
        ambiguous: &mut ambiguous,
    }
    .execute();
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let denied = denied?;
    Failure::of_stdout(tell(&denied, flags.json))?;
    Ok(denied.exit_code())
}

#[derive(Serialize)]
struct Counts {
    schema: u32,
    claims: u64,
    joined: u64,
    without_answer: u64,
    unknown: u64,
    ambiguous: u64,
    lines_denied: u64,
    lines_restored: u64,
    lines_as_before: u64,
    lines_not_matched: u64,
    input_errors: u64,
    quarantined: u64,
    exit_code: u8,
}

fn tell(counts: &HistoryDenied, json: bool) -> std::io::Result<()> {
    let mut out = terminal::stdout();
    let HistoryDenied {
        claims,
        joined,
        without_answer,
        unknown,
        ambiguous,
        denied,
        restored,
        as_before,
        ..
    } = *counts;
    if json {
        let counts = Counts {
            schema: 1,
            claims,
            joined,
            without_answer,
            unknown,
            ambiguous,
            lines_denied: denied,
            lines_restored: restored,
            lines_as_before: as_before,
            lines_not_matched: counts.lines_not_matched,
            input_errors: counts.input_errors,
            quarantined: counts.quarantined,
            exit_code: counts.exit_code(),
        };
        serde_json::to_writer(&mut out, &counts)?;
        writeln!(out)?;
        return out.flush();
    }
    writeln!(
        out,
        "{claims} claims answered = {joined} joined + {unknown} unknown + {ambiguous} ambiguous + {without_answer} without an answer"
    )?;
    writeln!(out, "{denied} lines count no more, {restored} count again, {as_before} as before")?;
    if counts.lines_not_matched > 0 {
        writeln!(out, "{} answered lines could not be told", counts.lines_not_matched)?;
    }
    if counts.quarantined > 0 {
        let some = counts.quarantined;
        writeln!(
            out,
            "{some} claim{} of the advice could not be used",
            plural(usize::try_from(some).unwrap_or(usize::MAX))
        )?;
    }
    out.flush()
}
