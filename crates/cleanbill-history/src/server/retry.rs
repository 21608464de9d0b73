//! What is tried again, how long, and what is said of the rest.

use std::error::Error as _;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use postgres::Error;
use postgres::error::SqlState;

use crate::error::{HistoryError, Named};

/// How long a server that went away is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two tries, at first and at most.
const PAUSES: [Duration; 2] = [Duration::from_millis(50), Duration::from_secs(2)];

/// How long a server that went away is waited for, as the environment has it in seconds.
pub(super) fn patience(seconds: Option<String>) -> Result<Duration, HistoryError> {
    let Some(seconds) = seconds else { return Ok(PATIENCE) };
    let wrong = |_| HistoryError::Place {
        reason: "CLEANBILL_HISTORY_PATIENCE: it is a whole number of seconds, 30 unless it is set"
            .to_owned(),
    };
    seconds.parse::<u32>().map(|seconds| Duration::from_secs(seconds.into())).map_err(wrong)
}

/// Patience with a server that went away, from the first time on that it did not answer.
pub(super) struct Patience {
    most: Duration,
    since: Option<Instant>,
    pause: Duration,
}

impl Patience {
    pub(super) const fn new(most: Duration) -> Self {
        Self { most, since: None, pause: PAUSES[0] }
    }

    /// Waits a little where trying again may help.
    pub(super) fn bear(&mut self, error: Error, named: &Named) -> Result<(), HistoryError> {
        if !passes(&error) {
            return Err(refusal(named, &error));
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        if since.elapsed() >= self.most {
            let (path, reason) = (named.0.clone(), words(&error));
            let seconds = self.most.as_secs();
            return Err(HistoryError::Gone { path, seconds, reason });
        }
        tracing::warn!(state = ?error.code().map(SqlState::code), "the server of the history does not answer; trying again");
        thread::sleep(self.pause.min(self.most));
        self.pause = (self.pause * 2).min(PAUSES[1]);
        Ok(())
    }
}

/// Whether the same may go well in a moment: the connection broke, the server stops or starts, or two
/// changes stood in each other's way.
fn passes(error: &Error) -> bool {
    const STATES: [SqlState; 6] = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ];
    match error.code() {
        Some(state) => STATES.contains(state) || state.code().starts_with("08"),
        None => error.is_closed() || io_error(error).is_some(),
    }
}

fn io_error(error: &Error) -> Option<&io::Error> {
    error.source().and_then(|source| source.downcast_ref())
}

/// An error that is not tried again.
fn refusal(named: &Named, error: &Error) -> HistoryError {
    let path = named.0.clone();
    let reason = words(error);
    match error.code() {
        Some(state) if *state == SqlState::LOCK_NOT_AVAILABLE => HistoryError::Busy { path },
        Some(state) if is_settled_before(state) => HistoryError::Refused { path, reason },
        _ => HistoryError::Server { path, reason },
    }
}

/// Why a history could not be opened. What is neither the server's word nor the system's is about the
/// connection, a password that is missing for one.
pub(super) fn unopened(named: &Named, error: &Error) -> HistoryError {
    match error.code().is_none() && !passes(error) {
        true => HistoryError::Refused { path: named.0.clone(), reason: words(error) },
        false => refusal(named, error),
    }
}

/// Whether the connection was never going to do: user, password, database or rights are not right.
fn is_settled_before(state: &SqlState) -> bool {
    state.code().starts_with("28")
        || [SqlState::INVALID_CATALOG_NAME, SqlState::INSUFFICIENT_PRIVILEGE].contains(state)
}

/// Our words for the server's code, or the system's: what the server says may hold values of claims.
fn words(error: &Error) -> String {
    let Some(state) = error.code() else {
        return match io_error(error) {
            Some(error) => format!("the server cannot be reached: {error}"),
            None if error.is_closed() => "the server closed the connection".to_owned(),
            // Of the protocol, and of authentication where no password was given.
            None => error.to_string(),
        };
    };
    let words = match state.code() {
        "28P01" | "28000" => "user or password are not the server's",
        "3D000" => "there is no database of this name",
        "42501" => "the user has not the rights for it",
        "25006" => "the server takes no changes",
        "53100" => "the server's disk is full",
        "53200" => "the server has not enough memory",
        "57P01" | "57P02" | "57P03" => "the server stops or starts",
        "XX001" | "XX002" => "the server's files are damaged",
        _ => "the server refused",
    };
    format!("{words} (SQLSTATE {})", state.code())
}
