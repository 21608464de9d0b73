//! `cleanbill plugins doctor`: what this system can do to keep plugins in, and what is wrong with the lock.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use cleanbill_plugin_host::{Feature, TARGET, TrustedLibrary, expand, features, others_can_write};
use cleanbill_run::exit_code;

use crate::failure::{Failure, plural};
use crate::plugin_lock::PluginLockFlag;
use crate::{plugins, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins doctor
  cleanbill plugins doctor plugins/       and whether these files are as the lock says

No code of a plugin runs. Exit codes: 0 nothing is wrong, 2 something is. A feature that the system
lacks is told and is nothing wrong.";

/// Flags of `plugins doctor`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DoctorFlags {
    /// Plugin files, or folders of plugins
    #[arg(value_name = "FILE_OR_DIR")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    lock: PluginLockFlag,
}

/// Tells; gives back the exit code.
pub fn run(flags: &DoctorFlags) -> Result<u8, Failure> {
    let mut lines = vec![format!("target      {TARGET}")];
    for Feature { name, there, means } in features() {
        let word = if there { "yes" } else { "no" };
        lines.push(format!("{name:<10}  {word:<3}  {means}"));
    }
    let path = flags.lock.path();
    let mut wrong = Vec::new();
    match path.exists() {
        false => lines.push(format!("lock        no   `{}`: no plugin may run", path.display())),
        true => {
            if let Some(problem) = others_can_write(path) {
                wrong.push(format!("`{}`: {problem}", path.display()));
            }
        }
    }
    let lock = flags.lock.read_or_new()?;
    if path.exists() {
        let plugins = lock.entries().len();
        let signed = if lock.policy().require_signature { "asked for" } else { "not asked for" };
        lines.push(format!(
            "lock        yes  `{}`: {plugins} plugin{}, signatures {signed}",
            path.display(),
            plural(plugins)
        ));
    }
    let files = match flags.paths.as_slice() {
        [] => Vec::new(),
        paths => expand(paths).map_err(|error| Failure::refused(plugins::reasons(&error), ""))?,
    };
    for file in files {
        match TrustedLibrary::check(&file, &lock) {
            Ok(library) => lines.push(format!(
                "plugin      yes  `{}` {}, loaded out of {}",
                library.info().id(),
                library.info().version(),
                library.image_kind()
            )),
            Err(refusal) => wrong.push(format!("{refusal}; {}", refusal.remedy())),
        }
    }
    let mut out = terminal::stdout();
    let all = lines.iter().cloned().chain(wrong.iter().map(|line| format!("wrong       {line}")));
    let written = all
        .map(|line| cleanbill_report::escape(&line).into_owned())
        .try_for_each(|line| writeln!(out, "{line}"))
        .and_then(|()| out.flush());
    Failure::of_stdout(written)?;
    match wrong.len() {
        0 => Ok(exit_code::WHOLE),
        count => Err(Failure::refused(
            format!("{count} thing{} wrong", plural(count)),
            "see what is said of each above",
        )),
    }
}
