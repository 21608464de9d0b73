//! The tables of a history, and what makes a file one.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::error::{HistoryError, Named};
use crate::key::{Keyed, PatientKey};
use crate::record::FORMAT;

/// Marks the file as ours: `clbl`.
const APPLICATION: i64 = 0x636c_626c;

/// `next` in `meta` is the number of the claim that is added next: claims count in the order in which
/// they came. `last` is the latest date of service, `denied` the numbers of the lines that do not
/// count, `*` for all of them, `answers` what payers said of its lines.
const TABLES: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE claim (
    patient BLOB NOT NULL,
    digest BLOB NOT NULL,
    seq INTEGER NOT NULL,
    last INTEGER NOT NULL,
    id TEXT NOT NULL,
    denied TEXT NOT NULL DEFAULT '',
    answers BLOB NOT NULL DEFAULT x'',
    record BLOB NOT NULL,
    PRIMARY KEY (patient, digest)
) WITHOUT ROWID;
CREATE INDEX claim_id ON claim (id);
CREATE INDEX claim_last ON claim (last);
";

/// What a file is that was opened.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A database without anything in it.
    Empty,
    /// A history written under the key that this is the mark of.
    History(Keyed),
}

/// Looks what the database is.
pub(crate) fn look(database: &Connection, named: &Named) -> Result<Found, HistoryError> {
    let number = |pragma: &str| {
        database
            .pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))
            .map_err(|error| named.sql(error))
    };
    let (application, format) = (number("application_id")?, number("user_version")?);
    if application == 0 && format == 0 && number("schema_version")? == 0 {
        return Ok(Found::Empty);
    }
    if application != APPLICATION {
        return Err(HistoryError::NotAHistory { path: named.0.clone() });
    }
    if format != i64::from(FORMAT) {
        let found = u32::try_from(format).unwrap_or(u32::MAX);
        return Err(HistoryError::Format { path: named.0.clone(), found, known: FORMAT });
    }
    let mark =
        database.query_row("SELECT value FROM meta WHERE name = 'key'", [], |row| row.get(0));
    let mark: Option<Keyed> = mark.optional().map_err(|error| named.sql(error))?;
    mark.map(Found::History).ok_or_else(|| named.damaged())
}

/// Makes an empty database a history, whole or not at all. One that another program has made one in
/// the meantime stays as it is.
pub(crate) fn create(
    database: &mut Connection,
    key: &PatientKey,
    named: &Named,
) -> Result<Found, HistoryError> {
    let sql = |error| named.sql(error);
    let change = database.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
    let found = look(&change, named)?;
    if found != Found::Empty {
        return Ok(found);
    }
    let mark = key.mark();
    change.execute_batch(TABLES).map_err(sql)?;
    change.pragma_update(None, "application_id", APPLICATION).map_err(sql)?;
    change.pragma_update(None, "user_version", FORMAT).map_err(sql)?;
    change
        .execute("INSERT INTO meta (name, value) VALUES ('key', ?1), ('next', 1)", [&mark[..]])
        .map_err(sql)?;
    change.commit().map_err(sql)?;
    Ok(Found::History(mark))
}
