//! How plugins run, and what follows when one fails: flags of every verb that runs them.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use cleanbill_model::Disposition;
use cleanbill_plugin_host::{Breaker, LoadOptions, WorkerOptions};

/// The heading of these flags in the help.
const HEADING: &str = "Plugins";

/// How plugins run.
#[derive(Debug, Args)]
pub struct PluginRunFlags {
    /// Let plugins run inside cleanbill's own process whose lock entry says `isolation = "in-process"`: a
    /// crash of theirs is the end of the run then
    #[arg(long, help_heading = HEADING)]
    allow_in_process: bool,
    /// Give a plugin up for the rest of the run after crashes on more than N claims, or on half of a per
    /// cent of the claims if that is more; `off`: never
    #[arg(long, help_heading = HEADING, value_name = "N|off", value_parser = breaker, default_value = "5")]
    plugin_breaker: Breaker,
    /// End the process of a plugin that makes no progress for this long
    #[arg(long, help_heading = HEADING, value_name = "MS", default_value_t = 1000)]
    #[arg(value_parser = clap::value_parser!(u32).range(10..))]
    plugin_deadline: u32,
    /// Append to this file what plugins print to standard error, which may be anything of a claim; it is
    /// thrown away otherwise
    #[arg(long, help_heading = HEADING, value_name = "FILE")]
    plugin_stderr: Option<PathBuf>,
    /// What becomes of a claim that a plugin could not judge: it waits for someone, is told of and nothing
    /// more, or is the end of the run, which publishes nothing. The exit code is 3 or 4 in any case
    #[arg(long, help_heading = HEADING, value_name = "WHAT", default_value = "pend")]
    pub(super) on_plugin_failure: OnPluginFailure,
}

/// What becomes of a claim that a plugin could not judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnPluginFailure {
    Pend,
    Warn,
    AbortRun,
}

fn breaker(text: &str) -> Result<Breaker, String> {
    match text {
        "off" => Ok(Breaker::Off),
        _ => text
            .parse()
            .map(Breaker::AfterCrashes)
            .map_err(|_| "write a whole number or `off`".to_owned()),
    }
}

impl PluginRunFlags {
    /// The same for whoever loads plugins.
    pub fn options(&self) -> LoadOptions {
        let worker = WorkerOptions {
            hard_deadline: Duration::from_millis(self.plugin_deadline.into()),
            breaker: self.plugin_breaker,
            stderr: self.plugin_stderr.clone(),
            ..WorkerOptions::default()
        };
        let not_evaluated = match self.on_plugin_failure {
            OnPluginFailure::Warn => Disposition::Informational,
            OnPluginFailure::Pend | OnPluginFailure::AbortRun => Disposition::Suspend,
        };
        LoadOptions { worker, allow_in_process: self.allow_in_process, not_evaluated }
    }
}
