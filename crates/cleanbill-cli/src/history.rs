//! The feed of earlier claims that several verbs take.

use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;

use clap::Args;
use cleanbill_run::{HistoryFeed, Input};

use crate::failure::Failure;

/// Flags that name earlier claims.
#[derive(Debug, Args)]
pub struct HistoryFlags {
    /// Earlier claims of the same patients, in the order in which they came, without those that were
    /// denied or rejected; may be repeated. Edits that look back leave open what they cannot know
    /// without it. Held in memory, at most 1 GiB
    #[arg(long, value_name = "FILE")]
    history: Vec<PathBuf>,
}

impl HistoryFlags {
    /// The feed; none when no file was named.
    pub fn feed(&self, stop: Option<&AtomicUsize>) -> Result<Option<HistoryFeed>, Failure> {
        if self.history.is_empty() {
            return Ok(None);
        }
        let inputs = self.history.iter().cloned().map(Input::file).collect();
        Ok(Some(HistoryFeed::read(inputs, stop)?))
    }
}
