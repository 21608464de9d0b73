//! The tables of a history on a server.

use postgres::{Client, Error, GenericClient};

use crate::error::{HistoryError, Named};
use crate::key::{Keyed, PatientKey};
use crate::record::FORMAT;

/// Taken while a history is made: `clbl`.
const LOCK: i64 = 0x636c_626c;

/// As in a file: `next` is the number of the claim that is added next, `last` the latest date of
/// service, `denied` the numbers of the lines that do not count, `*` for all of them,
/// `answers` what payers said of its lines. A control number
/// stands as bytes: it may hold what a text of PostgreSQL must not.
const TABLES: &str = "
CREATE TABLE cleanbill_history.meta (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    format integer NOT NULL,
    key bytea NOT NULL,
    next bigint NOT NULL
);
CREATE TABLE cleanbill_history.claim (
    patient bytea NOT NULL,
    digest bytea NOT NULL,
    seq bigint NOT NULL UNIQUE,
    last integer NOT NULL,
    id bytea NOT NULL,
    denied text NOT NULL DEFAULT '',
    answers bytea NOT NULL DEFAULT '',
    record bytea NOT NULL,
    PRIMARY KEY (patient, digest)
);
CREATE INDEX claim_id ON cleanbill_history.claim (id);
CREATE INDEX claim_last ON cleanbill_history.claim (last);
";

/// What a database holds.
pub(super) enum Found {
    /// No history.
    Nothing,
    /// A history of this format, written under the key that the bytes are the mark of.
    History { format: i32, mark: Vec<u8> },
}

/// Looks what the database holds.
pub(super) fn look(client: &mut impl GenericClient) -> Result<Found, Error> {
    let ask = "SELECT to_regclass('cleanbill_history.meta') IS NOT NULL";
    if !client.query_one(ask, &[])?.get::<_, bool>(0) {
        return Ok(Found::Nothing);
    }
    let row = client.query_one("SELECT format, key FROM cleanbill_history.meta", &[])?;
    Ok(Found::History { format: row.get(0), mark: row.get(1) })
}

/// The mark of a history of our format.
pub(super) fn mark(found: &Found, named: &Named) -> Result<Keyed, HistoryError> {
    let path = named.0.clone();
    match found {
        Found::Nothing => Err(HistoryError::NoneThere { path }),
        Found::History { format, .. } if u32::try_from(*format) != Ok(FORMAT) => {
            let found = u32::try_from(*format).unwrap_or(u32::MAX);
            Err(HistoryError::Format { path, found, known: FORMAT })
        }
        Found::History { mark, .. } => {
            Keyed::try_from(mark.as_slice()).map_err(|_| named.damaged())
        }
    }
}

/// Makes a history, whole or not at all, under the key that `key` gives; one that another program has
/// made in the meantime stays as it is, and `key` is not asked.
pub(super) fn create(
    client: &mut Client,
    key: impl FnOnce() -> Result<PatientKey, HistoryError>,
    sql: impl Fn(Error) -> HistoryError,
) -> Result<Found, HistoryError> {
    let mut change = client.transaction().map_err(&sql)?;
    change.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).map_err(&sql)?;
    let found = look(&mut change).map_err(&sql)?;
    if let Found::History { .. } = found {
        return Ok(found);
    }
    let mark = key()?.mark().to_vec();
    let ask = "SELECT to_regnamespace('cleanbill_history') IS NOT NULL";
    // One that an administrator has made for us will do.
    if !change.query_one(ask, &[]).map_err(&sql)?.get::<_, bool>(0) {
        change.batch_execute("CREATE SCHEMA cleanbill_history").map_err(&sql)?;
    }
    change.batch_execute(TABLES).map_err(&sql)?;
    let format = i32::try_from(FORMAT).unwrap_or(i32::MAX);
    let insert = "INSERT INTO cleanbill_history.meta (format, key, next) VALUES ($1, $2, 1)";
    change.execute(insert, &[&format, &mark]).map_err(&sql)?;
    change.commit().map_err(&sql)?;
    Ok(Found::History { format, mark })
}
