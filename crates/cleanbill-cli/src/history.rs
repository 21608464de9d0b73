//! The feed of earlier claims that several verbs take.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;

use clap::Args;
use cleanbill_history::{HistoryPlace, HistoryStore};
use cleanbill_model::ServiceDate;
use cleanbill_run::{HistoryFeed, Input};

use crate::failure::Failure;

/// Flags that name earlier claims.
#[derive(Debug, Args)]
pub struct HistoryFlags {
    /// Claims that came before, for edits that look back: a history that `cleanbill history add` has
    /// made (a file, or `postgres`, `postgres:FILE`, `postgres://USER@HOST/DATABASE`), or files of claims
    /// in the order in which they came, without those that were denied or rejected; may be repeated.
    /// Without it such edits leave open what they cannot know. Files of claims are held in memory, at
    /// most 1 GiB
    #[arg(long, value_name = "FILE")]
    history: Vec<PathBuf>,
    /// File with the key of the history [default: the file beside it with `.key` behind its name]
    #[arg(long, value_name = "FILE", requires = "history")]
    history_key: Option<PathBuf>,
}

impl HistoryFlags {
    /// The feed as it was known on the day `as_of`; none when no file was named.
    pub fn feed(
        &self,
        stop: Option<&AtomicUsize>,
        as_of: Option<ServiceDate>,
    ) -> Result<Option<HistoryFeed>, Failure> {
        Ok(self.whole_feed(stop)?.map(|feed| feed.as_of(as_of)))
    }

    fn whole_feed(&self, stop: Option<&AtomicUsize>) -> Result<Option<HistoryFeed>, Failure> {
        let (mut stores, mut files) = (Vec::new(), Vec::new());
        for path in &self.history {
            match HistoryPlace::read(path)? {
                HistoryPlace::File(path) if !is_history(&path) => files.push(path),
                place => stores.push(place),
            }
        }
        match (stores.as_slice(), files.is_empty()) {
            ([], true) => Ok(None),
            ([], false) if self.history_key.is_some() => Err(Failure::refused(
                "`--history-key` goes with a history that `cleanbill history add` has made",
                "leave it out: files of claims have no key",
            )),
            ([], false) => {
                let inputs = files.into_iter().map(Input::file).collect();
                Ok(Some(HistoryFeed::read(inputs, stop)?))
            }
            ([store], true) => {
                let key = self.history_key.as_deref();
                Ok(Some(HistoryFeed::open(store, key)?))
            }
            _ => Err(Failure::refused(
                "one history is asked, and nothing beside it",
                "add the other claims to it with `cleanbill history add`",
            )),
        }
    }
}

/// Whether the file is a history rather than a file of claims; one that cannot be read is none, and
/// that is told when it is read.
fn is_history(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| {
        if file.metadata()?.is_file() { file.take(16).read_to_end(&mut start) } else { Ok(0) }
    });
    read.is_ok() && HistoryStore::is_history(&start)
}
