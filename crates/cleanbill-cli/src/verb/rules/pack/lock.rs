//! `rules pack lock`: which packs a run is to use, and who must have signed them.

use std::path::PathBuf;

use clap::Args;
use cleanbill_rules::{PackLock, pack_digest};
use cleanbill_run::publish_file;

use super::{say, say_left_out};
use crate::failure::Failure;
use crate::packs;
use crate::plugins::OptionalPluginFlags;
use crate::signatures::KeyFlags;

const EXAMPLES: &str = "\
Examples:
  cleanbill rules pack lock acme.cbpack packs/base
  cleanbill rules pack lock acme.cbpack --public-key acme.pub       pins the signer too
  cleanbill validate claims.837 --packs acme.cbpack --locked";

/// Flags of `rules pack lock`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct LockFlags {
    /// Packs as `--packs` takes them; none: the packs that come with cleanbill
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
    #[command(flatten)]
    keys: KeyFlags,
    #[command(flatten)]
    plugins: OptionalPluginFlags,
    /// The lock to write
    #[arg(long, short, value_name = "FILE", default_value = packs::LOCK_FILE)]
    output: PathBuf,
}

/// Locks; with a key every pack must be signed, but for those that come with cleanbill.
pub fn run(flags: &LockFlags) -> Result<u8, Failure> {
    let mut trust = flags.keys.trust()?;
    let plugins = flags.plugins.load()?;
    let packs =
        packs::load_recorded(&flags.packs, packs::with_plugins(plugins.side()), &mut trust)?;
    let mut lock = PackLock::default();
    let parts = || packs.iter().flat_map(|(_, made_of)| made_of);
    for part in parts() {
        let digest = pack_digest(&part.files);
        trust.check(part, &digest)?;
        lock.add(&part.name, &part.version, &digest, trust.signer_of(part)).map_err(|error| {
            Failure::refused(error.to_string(), "give it a name and a version without blanks")
        })?;
    }
    publish_file(flags.output.clone(), lock.to_string().as_bytes())?;
    parts().try_for_each(|part| say("locked", part).map(drop))?;
    packs.iter().try_for_each(|(pack, _)| say_left_out(pack).map(drop))?;
    Failure::of_stdout(Ok(()))
}
