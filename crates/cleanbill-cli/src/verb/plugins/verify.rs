//! `cleanbill plugins verify`: whether files are just the plugins that the lock names.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use cleanbill_plugin_host::{TARGET, TrustedLibrary, expand};
use cleanbill_run::exit_code;

use crate::failure::{Failure, plural};
use crate::plugin_lock::PluginLockFlag;
use crate::{plugins, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins verify plugins/
  cleanbill plugins verify plugins/ --plugins-lock deploy/plugins.lock

No code of a plugin runs. Exit codes: 0 every file is locked and every entry for this machine has
its file, 2 one is not.";

/// Flags of `plugins verify`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyFlags {
    /// Plugin files, or folders of plugins
    #[arg(value_name = "FILE_OR_DIR", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    lock: PluginLockFlag,
}

/// Verifies; gives back the exit code.
pub fn run(flags: &VerifyFlags) -> Result<u8, Failure> {
    let lock = flags.lock.read()?;
    let files =
        expand(&flags.paths).map_err(|error| Failure::refused(plugins::reasons(&error), ""))?;
    let mut lines = Vec::new();
    let mut wrong = 0_usize;
    let mut seen: Vec<String> = Vec::new();
    for path in files {
        match TrustedLibrary::check(&path, &lock) {
            Ok(library) => {
                let (id, version) = (library.info().id(), library.info().version());
                lines.push(format!("ok: {id} {version}: {}", path.display()));
                seen.push(id.to_owned());
            }
            Err(refusal) => {
                wrong += 1;
                lines.push(format!("{refusal}; {}", refusal.remedy()));
            }
        }
    }
    for entry in lock.entries().iter().filter(|entry| !seen.contains(&entry.id)) {
        if entry.sha256.contains_key(TARGET) {
            wrong += 1;
            lines.push(format!("missing: {} {}: none of the files is it", entry.id, entry.version));
        } else {
            let (id, version) = (&entry.id, &entry.version);
            lines.push(format!("note: {id} {version}: not locked for {TARGET}"));
        }
    }
    let mut out = terminal::stdout();
    let written = lines
        .iter()
        .try_for_each(|line| writeln!(out, "{}", cleanbill_report::escape(line)))
        .and_then(|()| out.flush());
    Failure::of_stdout(written)?;
    match wrong {
        0 => Ok(exit_code::WHOLE),
        _ => Err(Failure::refused(
            format!("files and lock differ in {wrong} plugin{}", plural(wrong)),
            "take the files that were approved, or approve these with `cleanbill plugins trust`",
        )),
    }
}
