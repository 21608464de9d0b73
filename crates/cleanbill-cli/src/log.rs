//! The log on standard error: quiet by default, and never with anything of a claim.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::flags::GlobalFlags;

/// Overrides `--verbose` with a filter such as `cleanbill_run=debug`.
const VARIABLE: &str = "CLEANBILL_LOG";

/// Starts the log. It carries no time, so that two runs can be compared.
pub fn init(flags: &GlobalFlags) -> Result<(), Failure> {
    let level = match (flags.quiet, flags.verbose) {
        (true, _) => "off",
        (false, 0) => "error",
        (false, 1) => "info",
        (false, _) => "debug",
    };
    let filter = match std::env::var(VARIABLE) {
        Ok(filter) if !flags.quiet && !filter.is_empty() => filter,
        _ => level.to_owned(),
    };
    let filter = EnvFilter::try_new(filter).map_err(|_| {
        Failure::refused(
            format!("the variable `{VARIABLE}` does not hold a log filter"),
            format!(
                "write a level (`{VARIABLE}=info`) or a part and a level (`cleanbill_run=debug`)"
            ),
        )
    })?;
    let color = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(color)
        .without_time()
        .init();
    Ok(())
}
