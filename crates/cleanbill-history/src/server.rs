//! The rows of a history on a PostgreSQL server, where many write.
//!
//! A connection that breaks is made anew and what was under way is done again, for a while: adding is
//! idempotent, so that nothing is lost and nothing is there twice, also where a commit went through and
//! its answer did not come back.

use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use cleanbill_model::ServiceDate;
use postgres::types::ToSql;
use postgres::{Client, Config, Error, NoTls, Statement, Transaction};

use crate::backend::{self, Backend, Mark, MarkedRow, Marks, NewRow, Row, Rows, Take};
use crate::batch::Added;
use crate::error::{HistoryError, Named};
use crate::key::{Keyed, PatientKey};
use crate::key_file;
use crate::maintain::HistorySummary;
use crate::place::Connecting;
use crate::store::Access;

mod connection;
mod numbering;
mod retry;
mod schema;

use numbering::Numbering;
use retry::Patience;

/// Most rows that are asked for at once.
const PAGE: i64 = 1000;

/// A history on a server.
pub(crate) struct Server {
    config: Config,
    named: Named,
    access: Access,
    patience: Duration,
    session: RefCell<Option<Session>>,
}

/// A connection that stands.
struct Session {
    client: Client,
    /// Asks for the rows of a patient, which every claim of a run does.
    around: Statement,
}

/// The connection may hold a password.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("named", &self.named).finish_non_exhaustive()
    }
}

impl Server {
    /// Opens the history on a server, whose key is in the file `key_path`.
    pub(crate) fn open(
        connecting: &Connecting,
        key_path: &Path,
        access: Access,
    ) -> Result<(Self, PatientKey, Named), HistoryError> {
        let (config, shown) = connection::settle(connecting, &connection::environment)?;
        let patience = retry::patience(connection::environment("CLEANBILL_HISTORY_PATIENCE"))?;
        let named = Named(shown);
        let sql = |error| retry::unopened(&named, &error);
        let mut client = config.connect(NoTls).map_err(sql)?;
        let mut found = schema::look(&mut client).map_err(sql)?;
        if let (schema::Found::Nothing, Access::Create) = (&found, access) {
            let key = || key_file::read_or_create(key_path);
            found = schema::create(&mut client, key, sql)?;
        }
        let mark = schema::mark(&found, &named)?;
        let key = key_file::read(key_path)?;
        if mark != key.mark() {
            return Err(named.other_key(key_path));
        }
        let session = Session::new(client, access).map_err(sql)?;
        let session = RefCell::new(Some(session));
        let named_too = named.clone();
        Ok((Self { config, named, access, patience, session }, key, named_too))
    }

    /// Does `work` over a connection, again where that broke.
    fn asking<T>(
        &self,
        mut work: impl FnMut(&mut Session) -> Result<T, Error>,
    ) -> Result<T, HistoryError> {
        let mut patience = Patience::new(self.patience);
        loop {
            let done = self.session().and_then(|mut session| {
                let done = work(&mut session);
                if done.is_ok() || !session.client.is_closed() {
                    self.session.replace(Some(session));
                }
                done
            });
            match done {
                Ok(done) => return Ok(done),
                Err(error) => patience.bear(error, &self.named)?,
            }
        }
    }

    /// The connection that stands, or a new one.
    fn session(&self) -> Result<Session, Error> {
        match self.session.take() {
            Some(session) if !session.client.is_closed() => Ok(session),
            _ => Session::new(self.config.connect(NoTls)?, self.access),
        }
    }

    /// Does `work` in a transaction, again where that broke.
    fn changing<T>(
        &self,
        mut work: impl FnMut(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, HistoryError> {
        self.asking(|session| {
            let mut change = session.client.transaction()?;
            let done = work(&mut change)?;
            change.commit()?;
            Ok(done)
        })
    }
}

impl Session {
    fn new(mut client: Client, access: Access) -> Result<Self, Error> {
        // What a commit has said is on the disk, also where the server is set to answer before that.
        client.batch_execute(
            "SET lock_timeout = '10s'; SET search_path = pg_catalog; \
             SELECT set_config('synchronous_commit', 'on', false) \
             WHERE current_setting('synchronous_commit') = 'off'",
        )?;
        if access == Access::Read {
            client.batch_execute("SET default_transaction_read_only = on")?;
        }
        let around = client.prepare(
            "SELECT seq, patient, digest, denied, record FROM cleanbill_history.claim \
             WHERE patient = $1",
        )?;
        Ok(Self { client, around })
    }
}

impl Backend for Server {
    fn add(&mut self, rows: &[NewRow<'_>]) -> Result<Added, HistoryError> {
        let mut numbering = Numbering::new(rows);
        let patients: Vec<&[u8]> = rows.iter().map(|row| &row.patient[..]).collect();
        let digests: Vec<&[u8]> = rows.iter().map(|row| &row.digest[..]).collect();
        self.changing(|change| {
            // Whoever has this row is the only one that adds, so that no number is given twice.
            let ask = "SELECT next FROM cleanbill_history.meta FOR UPDATE";
            let next = change.query_one(ask, &[])?.get(0);
            let ask = "SELECT new.place, claim.seq FROM unnest($1::bytea[], $2::bytea[]) \
                       WITH ORDINALITY AS new (patient, digest, place) \
                       JOIN cleanbill_history.claim USING (patient, digest)";
            let there = change.query(ask, &[&patients, &digests])?;
            let there = there.iter().map(|row| (row.get(0), row.get(1)));
            let next = numbering.number(next, there);
            let new = numbering.new_rows(rows);
            let column = |of: fn(&NewRow<'_>) -> Keyed| -> Vec<Vec<u8>> {
                new.iter().map(|(_, row)| of(row).to_vec()).collect()
            };
            let sequences: Vec<i64> = new.iter().map(|(sequence, _)| *sequence).collect();
            let last: Vec<i32> = new.iter().map(|(_, row)| row.last).collect();
            let ids: Vec<&[u8]> = new.iter().map(|(_, row)| row.id.as_bytes()).collect();
            let records: Vec<&[u8]> = new.iter().map(|(_, row)| row.record).collect();
            if !new.is_empty() {
                change.execute(
                    "INSERT INTO cleanbill_history.claim (patient, digest, seq, last, id, record) \
                     SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::int8[], $4::int4[], \
                     $5::bytea[], $6::bytea[])",
                    &[
                        &column(|row| row.patient),
                        &column(|row| row.digest),
                        &sequences,
                        &last,
                        &ids,
                        &records,
                    ],
                )?;
                change.execute("UPDATE cleanbill_history.meta SET next = $1", &[&next])?;
            }
            Ok(())
        })?;
        Ok(numbering.added())
    }

    fn rows(&self, which: Rows<'_>, take: &mut Take<'_>) -> Result<(), HistoryError> {
        let mut behind = i64::MIN;
        loop {
            let page = self.asking(|session| match which {
                Rows::Around(patient) => session.client.query(&session.around, &[&&patient[..]]),
                Rows::All => page(session, "true", &[&behind, &PAGE]),
                Rows::Id(id) => page(session, "id = $3", &[&behind, &PAGE, &id.as_bytes()]),
                Rows::Patient(patient) => {
                    page(session, "patient = $3", &[&behind, &PAGE, &&patient[..]])
                }
            })?;
            for row in &page {
                let sequence: i64 = row.get(0);
                behind = sequence;
                let keyed = |at| Keyed::try_from(row.get::<_, &[u8]>(at));
                let (Ok(patient), Ok(digest)) = (keyed(1), keyed(2)) else {
                    return Err(self.named.damaged());
                };
                let (denied, record) = (row.get(3), row.get(4));
                if !take(Row { sequence, patient, digest, denied, record })? {
                    return Ok(());
                }
            }
            let is_full = i64::try_from(page.len()).is_ok_and(|rows| rows == PAGE);
            if matches!(which, Rows::Around(_)) || !is_full {
                return Ok(());
            }
        }
    }

    fn summary(&self) -> Result<HistorySummary, HistoryError> {
        let ask = "SELECT count(*), count(DISTINCT patient), count(nullif(denied, '')), min(last), \
                   max(last) FROM cleanbill_history.claim";
        let row = self.asking(|session| session.client.query_one(ask, &[]))?;
        Ok(backend::summary([row.get(0), row.get(1), row.get(2)], [row.get(3), row.get(4)]))
    }

    fn mark(&mut self, ids: &[&str], mark: &mut Mark<'_>) -> Result<u64, HistoryError> {
        let ids: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes()).collect();
        let mut failed = None;
        let claims = self.changing(|change| {
            let ask = "SELECT seq, patient, digest, denied, answers FROM cleanbill_history.claim \
                       WHERE id = ANY($1) ORDER BY seq FOR UPDATE";
            let found = change.query(ask, &[&ids])?;
            // What cannot be read leaves all as it is.
            let marks: Result<Vec<_>, _> = found
                .iter()
                .map(|row| {
                    let keyed = |at| Keyed::try_from(row.get::<_, &[u8]>(at));
                    let (Ok(patient), Ok(digest)) = (keyed(1), keyed(2)) else {
                        return Err(self.named.damaged());
                    };
                    let (denied, answers) = (row.get(3), row.get(4));
                    let marks = mark(MarkedRow { patient, digest, denied, answers })?;
                    Ok((row.get::<_, i64>(0), marks))
                })
                .collect();
            let marks = match marks {
                Ok(marks) => marks,
                Err(error) => {
                    failed = Some(error);
                    return Ok(0);
                }
            };
            failed = None;
            let update = change.prepare(
                "UPDATE cleanbill_history.claim SET denied = $2, answers = $3 WHERE seq = $1",
            )?;
            for (sequence, Marks { denied, answers }) in &marks {
                change.execute(&update, &[sequence, denied, answers])?;
            }
            Ok(u64::try_from(marks.len()).unwrap_or(u64::MAX))
        })?;
        failed.map_or(Ok(claims), Err)
    }

    fn prune(&mut self, day: ServiceDate) -> Result<u64, HistoryError> {
        let delete = "DELETE FROM cleanbill_history.claim WHERE last < $1";
        // Done again because an answer was lost, it finds less than it removed.
        let mut removed = 0;
        self.changing(|change| {
            removed = change.execute(delete, &[&day.yyyymmdd()])?.max(removed);
            Ok(())
        })?;
        if removed > 0 {
            self.asking(|session| session.client.batch_execute("VACUUM cleanbill_history.claim"))?;
        }
        Ok(removed)
    }

    fn flaws(&self) -> Result<Vec<String>, HistoryError> {
        let ask = "SELECT coalesce(max(seq), 0) < (SELECT next FROM cleanbill_history.meta) \
                   FROM cleanbill_history.claim";
        let row = self.asking(|session| session.client.query_one(ask, &[]))?;
        let word = "a claim has a number that was not given yet";
        Ok(if row.get(0) { Vec::new() } else { vec![word.to_owned()] })
    }
}

/// The next rows in the order in which they came.
fn page(
    session: &mut Session,
    which: &str,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<postgres::Row>, Error> {
    let ask = format!(
        "SELECT seq, patient, digest, denied, record FROM cleanbill_history.claim \
         WHERE seq > $1 AND {which} ORDER BY seq LIMIT $2"
    );
    session.client.query(&ask, values)
}
