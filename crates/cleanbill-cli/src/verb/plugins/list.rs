//! `cleanbill plugins list`: plugins and whether they may run; none of their code does.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use cleanbill_plugin_host::expand;
use cleanbill_run::exit_code;
use serde::Serialize;

use super::describe::{Described, Locked};
use crate::failure::{Failure, plural};
use crate::plugin_lock::PluginLockFlag;
use crate::{plugins, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins list                                            what plugins.lock names
  cleanbill plugins list target/release/libnorthwind_health.so
  cleanbill plugins list plugins/ --json

No code of a plugin runs. Exit codes: 0 all may run, 2 one is refused.";

/// Flags of `plugins list`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ListFlags {
    /// Plugin files, or folders of plugins; none: the entries of the lock
    #[arg(value_name = "FILE_OR_DIR")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    lock: PluginLockFlag,
    /// Write one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    lock: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    plugins: Option<&'a [Described]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked: Option<&'a [Locked]>,
}

/// Lists them; gives back the exit code.
pub fn run(flags: &ListFlags) -> Result<u8, Failure> {
    let lock = flags.lock.read_or_new()?;
    let name = flags.lock.path().display().to_string();
    let mut out = terminal::stdout();
    if flags.paths.is_empty() {
        let locked: Vec<Locked> = lock.entries().iter().map(Locked::of).collect();
        let document =
            Document { schema: 1, lock: name.clone(), plugins: None, locked: Some(&locked) };
        let written = match (flags.json, locked.as_slice()) {
            (true, _) => json(&mut out, &document),
            (false, []) => writeln!(out, "`{name}` names no plugin, so none may run"),
            (false, locked) => locked.iter().try_for_each(|entry| {
                entry.write_name(&mut out)?;
                entry.write(&mut out)
            }),
        };
        return Failure::of_stdout(written.and_then(|()| out.flush()));
    }
    let files =
        expand(&flags.paths).map_err(|error| Failure::refused(plugins::reasons(&error), ""))?;
    let found: Vec<Described> = files.iter().map(|path| Described::of(path, &lock)).collect();
    let document = Document { schema: 1, lock: name, plugins: Some(&found), locked: None };
    let written = match flags.json {
        true => json(&mut out, &document),
        false => found.iter().try_for_each(|one| one.write(&mut out, false)),
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))?;
    match found.iter().filter(|one| one.is_refused()).count() {
        0 => Ok(exit_code::WHOLE),
        refused => Err(Failure::refused(
            format!("{refused} plugin{} refused", plural(refused)),
            "see what is said of each above, or leave it out of the folder",
        )),
    }
}

fn json(out: &mut dyn Write, document: &Document<'_>) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document).map_err(io::Error::from)?;
    writeln!(out)
}
