//! `cleanbill rules check`: packs read and checked, nothing run on claims of others.

mod json;
mod text;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cleanbill_model::ServiceDate;
use cleanbill_rules::{Diagnostics, Level, LintOptions, Loading, Pack, lint};
use cleanbill_run::exit_code;

use super::claim_file;
use crate::failure::Failure;
use crate::plugins::OptionalPluginFlags;
use crate::{packs, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules check                    the packs that come with cleanbill
  cleanbill rules check my-pack            a pack in a folder
  cleanbill rules check my-pack cpt-93970  both, and how their rules overlap
  cleanbill rules check my-pack --deny-warnings --as-of 2026-07-01
  cleanbill rules check my-pack --plugins target/release/libnorthwind_health.so

Exit codes: 0 all is well, 1 warnings with --deny-warnings, 2 there are mistakes.";

/// Days before its end from which a waiver is warned of.
const SOON: i32 = 30;

/// Flags of `rules check`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckFlags {
    /// Folders of packs; none: the packs that come with cleanbill
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
    #[command(flatten)]
    plugins: OptionalPluginFlags,
    /// Exit with code 1 when there is a warning; notes are none
    #[arg(long)]
    deny_warnings: bool,
    /// The day (YYYY-MM-DD) on which review dates, waivers and overrides are judged [default: none]
    #[arg(long, value_name = "DATE", value_parser = packs::day)]
    as_of: Option<ServiceDate>,
    /// How to write the warnings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CheckFormat,
}

/// A way to write warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// For people
    Text,
    /// One JSON document
    Json,
}

/// Checks; mistakes come back as the failure.
pub fn run(flags: &CheckFlags) -> Result<u8, Failure> {
    let plugins = flags.plugins.load()?;
    let packs = packs::load(
        &flags.packs,
        Loading { as_of: flags.as_of, ..packs::with_plugins(plugins.side()) },
    )?;
    waivers_can_be_read(&packs)?;
    let options = LintOptions { as_of: flags.as_of, read_claim: &claim_file::read };
    let warnings = lint(&packs, &options);
    let mut out = terminal::stdout();
    let written = match flags.format {
        CheckFormat::Text => text::write(&mut out, &packs, &warnings).and_then(|()| {
            packs.iter().try_for_each(|pack| {
                ended_overrides(&mut out, pack)?;
                waivers(&mut out, pack, flags.as_of)
            })
        }),
        CheckFormat::Json => json::write(&mut out, &packs, &warnings),
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))?;
    let denied = flags.deny_warnings
        && warnings.iter().any(|warning| warning.lint.level() == Level::Warning);
    Ok(if denied { exit_code::FINDINGS } else { exit_code::WHOLE })
}

/// A run goes on without a waiver whose date cannot be read; who checks wants to know.
fn waivers_can_be_read(packs: &[Pack]) -> Result<(), Failure> {
    let mut mistakes = Diagnostics::default();
    packs.iter().for_each(|pack| mistakes.absorb(pack.waiver_mistakes.clone()));
    if mistakes.is_empty() { Ok(()) } else { Err(Failure::packs(&mistakes)) }
}

/// Overrides that have ended as of the day that was given; without a day none has.
fn ended_overrides(out: &mut dyn Write, pack: &Pack) -> io::Result<()> {
    let mut told = BTreeSet::new();
    for rule in &pack.rules {
        let settings = rule.fields.iter().flat_map(|field| &field.settings);
        for setting in settings.filter(|setting| !setting.holds) {
            let Some(until) = setting.until else { continue };
            if told.insert((rule.id.as_str(), until)) {
                let (id, place) = (&rule.id, &setting.place);
                writeln!(out, "warning: an override of {id} ({place}) ended on {until}")?;
            }
        }
    }
    Ok(())
}

fn waivers(out: &mut dyn Write, pack: &Pack, as_of: Option<ServiceDate>) -> io::Result<()> {
    let Some(as_of) = as_of else { return Ok(()) };
    for waiver in &pack.waivers {
        let Some(expires) = waiver.expires() else { continue };
        match as_of.days_until(expires) {
            ..0 => writeln!(out, "warning: {} expired on {expires}", waiver.label())?,
            days @ 0..=SOON => {
                writeln!(out, "warning: {} expires in {days} days ({expires})", waiver.label())?
            }
            _ if !waiver.holds_on(as_of) => {
                writeln!(out, "warning: {} does not hold yet", waiver.label())?;
            }
            _ => {}
        }
    }
    Ok(())
}
