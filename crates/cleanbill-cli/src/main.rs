//! The `cleanbill` command: one file per verb, and no verdict and no parsing of claims in any of them.

mod ask;
mod audit_log;
mod bug;
mod failure;
mod finalize;
mod flags;
mod folder;
mod format;
mod history;
mod input_flags;
mod jobs;
mod log;
mod new_files;
mod no_dump;
mod not_run;
mod packs;
mod plugin_lock;
mod plugins;
mod progress;
mod signals;
mod signatures;
mod stdin;
mod table_store;
mod terminal;
mod timings;
mod verb;
mod whole_file;

use std::process::ExitCode;

use clap::Parser as _;

use crate::failure::Failure;
use crate::flags::Flags;

fn main() -> ExitCode {
    no_dump::forbid();
    // In a process of a plugin nothing else of this program is to run.
    if let Some(code) = cleanbill_plugin_host::serve_if_asked() {
        return ExitCode::from(code);
    }
    bug::install_hook();
    let done = std::panic::catch_unwind(|| run(Flags::parse()));
    ExitCode::from(match done {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => failure.show(),
        // The hook has told of it.
        Err(_) => cleanbill_run::exit_code::BUG,
    })
}

fn run(flags: Flags) -> Result<u8, Failure> {
    terminal::choose_color(flags.global.color);
    log::init(&flags.global)?;
    verb::run(flags)
}
