//! How many threads judge claims.

use std::num::NonZeroUsize;
use std::thread;

use clap::Args;

/// The flag of every verb that judges many claims.
#[derive(Clone, Copy, Debug, Args)]
pub struct JobsFlag {
    /// Threads that judge claims; 0: as many as there are processors. The output is the same
    /// whatever the number
    #[arg(long, short, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=1024))]
    jobs: u16,
}

impl JobsFlag {
    /// The number that was asked for, or that of the processors that this process may use.
    pub fn count(self) -> NonZeroUsize {
        NonZeroUsize::new(self.jobs.into()).unwrap_or_else(of_processors)
    }
}

/// As many as there are processors that this process may use.
pub fn of_processors() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}
