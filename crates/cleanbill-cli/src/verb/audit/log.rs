//! `cleanbill audit verify LOG`.

use std::io::Write as _;
use std::path::Path;

use cleanbill_report::escape;
use cleanbill_run::{AuditLog, AuditLogError, exit_code};

use crate::audit_log;
use crate::failure::{Failure, plural};
use crate::terminal;

pub fn verify(path: &Path, head: Option<&str>, replays: bool) -> Result<u8, Failure> {
    if replays {
        return Err(Failure::refused(
            "`--replay` is for the folder of a run, and this is none",
            "name the folder that `validate --out-dir` has filled",
        ));
    }
    let chain = match AuditLog::verify(path) {
        Ok(chain) => chain,
        Err(broken @ AuditLogError::Broken { .. }) => {
            return told(exit_code::FINDINGS, &format!("differs: {broken}"));
        }
        Err(error) => return Err(audit_log::refused(&error)),
    };
    let (records, last) = (chain.records, &chain.head);
    match head.filter(|head| *head != last) {
        Some(_) => told(
            exit_code::FINDINGS,
            &format!(
                "differs: the chain holds, but the last of its {records} records has another hash than `--head` says: {last}"
            ),
        ),
        None => {
            let s = plural(usize::try_from(records).unwrap_or(usize::MAX));
            told(exit_code::WHOLE, &format!("ok: {records} record{s}, head {last}"))
        }
    }
}

fn told(exit_code: u8, words: &str) -> Result<u8, Failure> {
    let mut out = terminal::stdout();
    let written = writeln!(out, "{}", escape(words)).and_then(|()| out.flush());
    Failure::of_stdout(written).map(|_| exit_code)
}
