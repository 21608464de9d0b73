//! `cleanbill rules list`.

use std::io::Write;

use clap::{Args, ValueEnum};
use cleanbill_model::{EditInfo, Origin};
use cleanbill_rules::PluginSetting;

use crate::failure::Failure;
use crate::packs::{EditFlags, Edits};
use crate::terminal;

/// Flags of `rules list`.
#[derive(Debug, Args)]
pub struct ListFlags {
    #[command(flatten)]
    edits: EditFlags,
    /// Only the rules that come from there
    #[arg(long, value_name = "WHERE")]
    source: Option<Source>,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Source {
    /// A pack, also where a plugin judges for the rule
    Pack,
    /// The manifest of a plugin
    Plugin,
}

impl Source {
    const fn brings(self, info: &EditInfo) -> bool {
        match self {
            Self::Pack => matches!(info.origin, Origin::Pack { .. }),
            Self::Plugin => matches!(info.origin, Origin::Plugin { .. }),
        }
    }
}

/// Lists the rules.
pub fn run(flags: &ListFlags) -> Result<u8, Failure> {
    let Edits { registry, mut not_run, plugin_settings, .. } = flags.edits.listed()?;
    let infos = registry.infos().map(AsRef::as_ref);
    let infos: Vec<&EditInfo> =
        infos.filter(|info| flags.source.is_none_or(|source| source.brings(info))).collect();
    // What waits for a table is a rule of a pack.
    not_run.retain(|_| flags.source != Some(Source::Plugin));
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
    let disabled = plugin_settings.iter().filter(|setting| {
        setting.is_disabled
            && flags.source != Some(Source::Pack)
            && !infos.iter().any(|info| info.id == setting.rule)
    });
    Failure::of_stdout(disabled.clone().try_for_each(|setting| {
        let PluginSetting { rule, pack, place, .. } = setting;
        writeln!(out, "{rule}  switched off by {pack}, {place}")
    }))?;
    Failure::of_stdout(out.flush())
}
