//! `rules pack build`: one file of a pack.

use std::path::PathBuf;

use clap::Args;
use cleanbill_rules::build_archive;
use cleanbill_run::publish_file;

use super::{say, say_left_out};
use crate::failure::Failure;
use crate::packs;
use crate::plugins::OptionalPluginFlags;
use crate::signatures::Trust;

const EXAMPLES: &str = "\
Examples:
  cleanbill rules pack build packs/acme --output acme.cbpack
  cleanbill validate claims.837 --packs acme.cbpack

The same files always give the same archive. It holds what the pack consists of: pack.yaml and the
files that it names, and nothing else of the folder. `cleanbill rules pack sign` signs it.";

/// Flags of `rules pack build`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct BuildFlags {
    /// Folder of the pack
    #[arg(value_name = "DIR")]
    pack: PathBuf,
    #[command(flatten)]
    plugins: OptionalPluginFlags,
    /// The archive to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

/// Builds; a pack with mistakes is not built.
pub fn run(flags: &BuildFlags) -> Result<u8, Failure> {
    let plugins = flags.plugins.load()?;
    let packs = std::slice::from_ref(&flags.pack);
    let packs =
        packs::load_recorded(packs, packs::with_plugins(plugins.side()), &mut Trust::default())?;
    for (pack, made_of) in &packs {
        let Some(own) = made_of.last() else { continue };
        let label = flags.output.display().to_string();
        let bytes =
            build_archive(&own.files).map_err(|error| packs::refused_archive(&label, &error))?;
        publish_file(flags.output.clone(), &bytes)?;
        say("built", own)?;
        say_left_out(pack)?;
    }
    Failure::of_stdout(Ok(()))
}
