//! `cleanbill plugins`: what payer plugins bring, and why one cannot be loaded.

mod new;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use cleanbill_plugin_host::LoadedPlugin;
use cleanbill_run::exit_code;

use crate::failure::{Failure, plural};
use crate::{plugins, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins list target/release/libnorthwind_health.so
  cleanbill plugins list plugins/";

/// What to do with plugins.
#[derive(Debug, Subcommand)]
pub enum PluginsVerb {
    /// List plugins with their rules, or the reason why one is refused
    List(ListFlags),
    /// Make the project of a plugin in Rust or C, which builds and passes its checks as it stands
    New(new::NewFlags),
}

/// Flags of `plugins list`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ListFlags {
    /// Plugin files, or folders of plugins. Listing a plugin loads it
    #[arg(value_name = "FILE_OR_DIR", required = true)]
    paths: Vec<PathBuf>,
}

/// Does it; gives back the exit code.
pub fn run(verb: &PluginsVerb) -> Result<u8, Failure> {
    match verb {
        PluginsVerb::List(flags) => list(flags),
        PluginsVerb::New(flags) => new::run(flags),
    }
}

fn list(flags: &ListFlags) -> Result<u8, Failure> {
    let files = cleanbill_plugin_host::expand(&flags.paths)
        .map_err(|error| Failure::refused(plugins::reasons(&error), ""))?;
    let mut out = terminal::stdout();
    let mut refused = 0_usize;
    for path in files {
        let written = match cleanbill_plugin_host::load(&path) {
            Ok(plugin) => show(&mut out, &plugin),
            Err(error) => {
                refused += 1;
                writeln!(out, "{}  refused: {}", path.display(), plugins::reasons(&error))
            }
        };
        Failure::of_stdout(written)?;
    }
    Failure::of_stdout(out.flush())?;
    if refused > 0 {
        return Err(Failure::refused(
            format!("{refused} plugin{} refused", plural(refused)),
            "build it against this version's SDK, or leave it out of the folder",
        ));
    }
    Ok(exit_code::WHOLE)
}

fn show(out: &mut dyn Write, plugin: &LoadedPlugin) -> std::io::Result<()> {
    writeln!(out, "{} {}  {}", plugin.id(), plugin.version(), plugin.title())?;
    writeln!(out, "  file    {}", plugin.path().display())?;
    writeln!(
        out,
        "  ABI     {} (this program: {})",
        plugin.abi(),
        cleanbill_plugin_host::AbiVersion::CURRENT
    )?;
    let payers = match plugin.payers() {
        [] => "all".to_owned(),
        payers => payers.join(", "),
    };
    writeln!(out, "  payers  {payers}")?;
    for rule in plugin.rules() {
        writeln!(out, "  rule    {}  {}  {}", rule.id, rule.disposition.as_str(), rule.title)?;
        let check = plugin.checks().find(|check| check.id == rule.id);
        let takes = check.map(|check| check.config).unwrap_or_default();
        for (name, kind) in takes {
            writeln!(out, "  takes   {name}: {}", kind.as_str())?;
        }
    }
    Ok(())
}
