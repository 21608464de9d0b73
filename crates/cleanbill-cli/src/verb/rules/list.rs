//! `cleanbill rules list`.

use std::io::Write;

use clap::Args;
use cleanbill_model::EditInfo;

use crate::failure::Failure;
use crate::packs::{EditFlags, Edits};
use crate::terminal;

/// Flags of `rules list`.
#[derive(Debug, Args)]
pub struct ListFlags {
    #[command(flatten)]
    edits: EditFlags,
}

/// Lists the rules.
pub fn run(flags: &ListFlags) -> Result<u8, Failure> {
    let Edits { registry, not_run } = flags.edits.listed()?;
    let infos: Vec<&EditInfo> = registry.infos().map(AsRef::as_ref).collect();
    let columns: [fn(&EditInfo) -> &str; 4] = [
        |info| &info.id,
        |info| info.kind,
        |info| info.disposition.as_str(),
        |info| info.origin.name(),
    ];
    let widths =
        columns.map(|column| infos.iter().map(|info| column(info).len()).max().unwrap_or(0));
    let mut out = terminal::stdout();
    Failure::of_stdout(infos.iter().try_for_each(|info| {
        for (column, width) in columns.iter().zip(widths) {
            let cell = column(info);
            write!(out, "{cell}{}", " ".repeat(width - cell.len() + 2))?;
        }
        writeln!(out, "{}", info.title)
    }))?;
    Failure::of_stdout(not_run.iter().try_for_each(|one| {
        writeln!(out, "{}  switched off: `{}` is not imported", one.rule, one.table)
    }))?;
    Failure::of_stdout(out.flush())
}
