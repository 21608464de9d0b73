//! `cleanbill rules check`: packs read and checked, nothing run.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use cleanbill_model::{EditInfo, ServiceDate};
use cleanbill_rules::{Diagnostics, Pack};

use crate::failure::{Failure, plural};
use crate::{packs, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules check                    the packs that come with cleanbill
  cleanbill rules check my-pack            a pack in a folder

Exit codes: 0 all is well, 2 there are mistakes.";

/// Days before its end from which a waiver is warned of.
const SOON: i32 = 30;

/// Flags of `rules check`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckFlags {
    /// Folders of packs; none: the packs that come with cleanbill
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
    /// Judge waivers and overrides that end as of this day (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = packs::day)]
    as_of: Option<ServiceDate>,
}

/// Checks; mistakes come back as the failure.
pub fn run(flags: &CheckFlags) -> Result<u8, Failure> {
    let packs = packs::load_as_of(&flags.packs, flags.as_of)?;
    waivers_can_be_read(&packs)?;
    let mut out = terminal::stdout();
    Failure::of_stdout(packs.iter().try_for_each(|pack| {
        let (rules, tests) = (pack.edits.len(), pack.tests.len());
        writeln!(
            out,
            "ok: {} {}: {rules} rule{}, {tests} test{}, {} table rows",
            pack.name,
            pack.version,
            plural(rules),
            plural(tests),
            pack.table_rows
        )?;
        let untested = pack.edits.iter().flat_map(|edit| edit.infos());
        let is_own = |info: &&Arc<EditInfo>| !pack.inherits(&info.id);
        for info in untested
            .filter(is_own)
            .filter(|info| !pack.tests.iter().any(|test| test.rule == info.id))
        {
            writeln!(out, "warning: rule `{}` has no test", info.id)?;
        }
        ended_overrides(&mut out, pack)?;
        waivers(&mut out, pack, flags.as_of)
    }))?;
    Failure::of_stdout(out.flush())
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
