//! The other side: the process that runs one test.

use std::env;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use crate::bench::Bench;
use crate::catalogue::{How, named};
use crate::confine;
use crate::job::{Job, Reply};
use crate::outcome::Outcome;
use crate::process::COOKIE;
use crate::test::made_up;

/// Why a process runs no test.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// It was not started by the kit.
    #[error("this command is a part of `cleanbill plugins check`, which starts it by itself")]
    NotByTheKit,
    /// The job or its answer is not there.
    #[error("a test of the kit has lost its files: {0}")]
    Files(String),
}

/// Runs the job in the file `path` and writes its answer. The process must end soon after: the plugin has
/// run in it.
///
/// # Errors
/// [`ProbeError`] when there is nothing to run.
pub fn run_probe(path: &Path) -> Result<(), ProbeError> {
    if env::var_os(COOKIE).is_none_or(|cookie| cookie != path.as_os_str()) {
        return Err(ProbeError::NotByTheKit);
    }
    let lost = |error: std::io::Error| ProbeError::Files(error.to_string());
    let job = fs::read(path).map_err(lost)?;
    let job: Job = serde_json::from_slice(&job).map_err(|error| lost(error.into()))?;
    confine::limit_this_process();
    // Opened before the plugin runs: it may leave no file that can be opened.
    let mut file = File::create(job.reply()).map_err(lost)?;
    let reply = answer(&job);
    let reply = serde_json::to_vec(&reply).map_err(|error| lost(error.into()))?;
    // It may also have closed this one.
    file.write_all(&reply).or_else(|_| fs::write(job.reply(), &reply)).map_err(lost)?;
    std::mem::forget(file);
    Ok(())
}

/// Runs the job here.
pub(crate) fn answer(job: &Job) -> Reply {
    let skip = |why: String| Reply { outcome: Outcome::Skip(why), claim: None, tried: 0 };
    let bench = match Bench::new(job) {
        Ok(bench) => bench,
        Err(why) => return Reply { outcome: Outcome::Fail(why), claim: None, tried: 0 },
    };
    match named(&job.test).map(|test| test.how) {
        Some(How::Probe { run, .. }) => {
            Reply { outcome: run(&bench).into(), claim: None, tried: 0 }
        }
        Some(How::MadeUp) => made_up::run(&bench, job),
        Some(How::Static(_)) | None => skip(format!("`{}` runs no plugin", job.test)),
    }
}
