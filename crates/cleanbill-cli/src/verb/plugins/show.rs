//! `cleanbill plugins show`: everything known of one plugin; none of its code runs.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::describe::{Described, Locked};
use crate::failure::Failure;
use crate::plugin_lock::PluginLockFlag;
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins show target/release/libnorthwind_health.so
  cleanbill plugins show northwind-health                             what plugins.lock says of it

No code of the plugin runs. Exit codes: 0 shown, also when it may not run; 2 there is none.";

/// Flags of `plugins show`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowFlags {
    /// A plugin file, or the id of a plugin in the lock
    #[arg(value_name = "ID|FILE")]
    plugin: String,
    #[command(flatten)]
    lock: PluginLockFlag,
    /// Write one JSON document
    #[arg(long)]
    json: bool,
}

/// Shows it.
pub fn run(flags: &ShowFlags) -> Result<u8, Failure> {
    let lock = flags.lock.read_or_new()?;
    let mut out = terminal::stdout();
    let written = match lock.entry(&flags.plugin) {
        Some(entry) => {
            let locked = Locked::of(entry);
            match flags.json {
                true => serde_json::to_writer_pretty(&mut out, &locked).map_err(io::Error::from),
                false => locked.write_name(&mut out).and_then(|()| locked.write(&mut out)),
            }
        }
        None if !Path::new(&flags.plugin).exists() => {
            return Err(Failure::refused(
                format!(
                    "`{}` is no file, and `{}` has no plugin of that id",
                    flags.plugin,
                    flags.lock.path().display()
                ),
                "`cleanbill plugins list` shows the plugins of the lock",
            ));
        }
        None => {
            let found = Described::of(&PathBuf::from(&flags.plugin), &lock);
            match flags.json {
                true => serde_json::to_writer_pretty(&mut out, &found).map_err(io::Error::from),
                false => found.write(&mut out, true),
            }
        }
    };
    let ended = written.and_then(|()| if flags.json { writeln!(out) } else { Ok(()) });
    Failure::of_stdout(ended.and_then(|()| out.flush()))
}
