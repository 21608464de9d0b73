//! `cleanbill rules check`: packs read and checked, nothing run.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::failure::{Failure, plural};
use crate::{packs, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules check                    the packs that come with cleanbill
  cleanbill rules check my-pack            a pack in a folder

Exit codes: 0 all is well, 2 there are mistakes.";

/// Flags of `rules check`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckFlags {
    /// Folders of packs; none: the packs that come with cleanbill
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
}

/// Checks; mistakes come back as the failure.
pub fn run(flags: &CheckFlags) -> Result<u8, Failure> {
    let packs = packs::load(&flags.packs)?;
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
        for info in untested.filter(|info| !pack.tests.iter().any(|test| test.rule == info.id)) {
            writeln!(out, "warning: rule `{}` has no test", info.id)?;
        }
        Ok(())
    }))?;
    Failure::of_stdout(out.flush())
}
