//! `cleanbill plugins revoke`: a plugin out of the lock, and its files never to be loaded again.

use std::io::Write;

use clap::Args;
use cleanbill_plugin_host::Digest;

use crate::failure::{Failure, plural};
use crate::plugin_lock::PluginLockFlag;
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins revoke northwind-health
  cleanbill plugins revoke 9b1c2f...                 one file, by its SHA-256

The digests stand under `deny_sha256` of the lock from then on; that list goes before every entry.";

/// Flags of `plugins revoke`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RevokeFlags {
    /// The id of a plugin in the lock, or the SHA-256 of a file
    #[arg(value_name = "ID|SHA256")]
    plugin: String,
    #[command(flatten)]
    lock: PluginLockFlag,
}

/// Revokes it.
pub fn run(flags: &RevokeFlags) -> Result<u8, Failure> {
    let lock = flags.lock.read_or_new()?;
    let told = match (lock.entry(&flags.plugin), Digest::parse(&flags.plugin)) {
        (Some(entry), _) => {
            flags.lock.write(lock.without(&entry.id))?;
            let files = entry.sha256.len();
            format!("revoked: {} {}, {files} file{}", entry.id, entry.version, plural(files))
        }
        (None, Some(digest)) => {
            flags.lock.write(lock.denying(std::slice::from_ref(&digest)))?;
            format!("revoked: sha256 {digest}")
        }
        (None, None) => {
            return Err(Failure::refused(
                format!(
                    "`{}` has no plugin `{}`, and it is no SHA-256",
                    flags.lock.path().display(),
                    flags.plugin
                ),
                "`cleanbill plugins list` shows the plugins of the lock",
            ));
        }
    };
    let mut out = terminal::stdout();
    Failure::of_stdout(writeln!(out, "{told}").and_then(|()| out.flush()))
}
