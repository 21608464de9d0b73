//! What payers answered to the lines of claims, so that denied lines count no more and come back when a denial is
//! taken back.
//!
//! Of each line the answer that stands is kept, with the day of its payment: remittance advice may be read again and
//! in any order. Lines that were marked by hand stay marked.

use cleanbill_model::{Claim, ServiceDate};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::error::{HistoryError, Named};
use crate::key::Keyed;
use crate::record::ClaimRecord;
use crate::store::{HistoryStore, denied_lines};

/// `word` is a letter of [`AnswerWord`]; `by_hand` says that the line was marked before anything was answered. The
/// table is made with the first answer: histories that know of none are as they were.
const TABLE: &str = "
CREATE TABLE IF NOT EXISTS answer (
    patient BLOB NOT NULL,
    digest BLOB NOT NULL,
    line INTEGER NOT NULL,
    day INTEGER NOT NULL,
    later_payer INTEGER NOT NULL,
    word TEXT NOT NULL,
    by_hand INTEGER NOT NULL,
    PRIMARY KEY (patient, digest, line)
) WITHOUT ROWID;
";

/// What a payer said of a line, from the weakest to the strongest of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerWord {
    /// An earlier answer was taken back.
    Reversed,
    /// Not decided yet.
    Pending,
    /// Paid nothing.
    Denied,
    /// Paid, or left to the patient or another payer.
    Paid,
}

impl AnswerWord {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Reversed, "r"), (Self::Pending, "w"), (Self::Denied, "d"), (Self::Paid, "p")];
}

/// The answer that stands on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineAnswer {
    /// Number of the line as the claim gives it.
    pub line: u32,
    /// Day of the payment, where it has one.
    pub day: Option<ServiceDate>,
    /// Whether a payer behind the first one said it.
    pub is_of_later_payer: bool,
    /// What was said.
    pub word: AnswerWord,
}

impl LineAnswer {
    /// Whether this answer stands against `other` on the same line: the first payer's against later payers' unless it
    /// was taken back, a later payment against an earlier one, of one day the stronger word. It does not depend on
    /// which of the two was read first.
    fn stands_against(&self, other: &Self) -> bool {
        match (self.is_of_later_payer, other.is_of_later_payer) {
            (false, true) => self.word != AnswerWord::Reversed,
            (true, false) => other.word == AnswerWord::Reversed,
            _ => (self.day, self.word) >= (other.day, other.word),
        }
    }
}

/// A claim of the history with a control number.
#[derive(Debug)]
pub struct NumberedClaim {
    /// The claim with all of its lines; it names no patient.
    pub claim: Claim,
    patient: Keyed,
    digest: Keyed,
    denied: String,
}

/// What an answer changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// Lines that count no more.
    pub denied: u64,
    /// Lines that count again.
    pub restored: u64,
    /// Lines on which nothing changed.
    pub as_before: u64,
}

/// Answers that become lasting together.
#[derive(Debug)]
pub struct Answers<'a> {
    change: Transaction<'a>,
    named: Named,
}

impl HistoryStore {
    /// Begins to take answers; nothing of it is there before [`Answers::commit`].
    ///
    /// # Errors
    /// [`HistoryError`] when somebody else writes for too long, or the system refuses.
    pub fn answers(&mut self) -> Result<Answers<'_>, HistoryError> {
        let named = self.named.clone();
        let sql = |error| named.sql(error);
        let change =
            self.database.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
        change.execute_batch(TABLE).map_err(sql)?;
        Ok(Answers { change, named })
    }

    /// Remembers that lines numbered `lines` of a claim, or all of them, were marked by hand, whatever is answered.
    pub(crate) fn marked_by_hand(
        change: &Transaction<'_>,
        (patient, digest): (&[u8], &[u8]),
        lines: &[u32],
    ) -> rusqlite::Result<()> {
        if !has_answers(change)? {
            return Ok(());
        }
        let all = "UPDATE answer SET by_hand = 1 WHERE patient = ?1 AND digest = ?2";
        if lines.is_empty() {
            change.execute(all, params![patient, digest])?;
        }
        for line in lines {
            change.execute(&format!("{all} AND line = ?3"), params![patient, digest, line])?;
        }
        Ok(())
    }

    /// Forgets what was answered to claims that are not there any more.
    pub(crate) fn forget_answers(&self) -> Result<(), HistoryError> {
        let sql = |error| self.named.sql(error);
        if has_answers(&self.database).map_err(sql)? {
            let forget = "DELETE FROM answer WHERE NOT EXISTS (SELECT 1 FROM claim \
                          WHERE claim.patient = answer.patient AND claim.digest = answer.digest)";
            self.database.execute(forget, []).map_err(sql)?;
        }
        Ok(())
    }
}

/// Whether anything was ever answered.
fn has_answers(database: &Connection) -> rusqlite::Result<bool> {
    let known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'answer'";
    Ok(database.query_row(known, [], |_| Ok(())).optional()?.is_some())
}

impl Answers<'_> {
    /// The claims with this control number, in the order in which they came.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or is damaged.
    pub fn claims(&self, id: &str) -> Result<Vec<NumberedClaim>, HistoryError> {
        let sql = |error| self.named.sql(error);
        let damaged = || self.named.damaged();
        let ask = "SELECT patient, digest, denied, record FROM claim WHERE id = ?1 ORDER BY seq";
        let mut ask = self.change.prepare_cached(ask).map_err(sql)?;
        let mut rows = ask.query([id]).map_err(sql)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let record = row.get_ref(3).map_err(sql)?.as_blob().map_err(|_| damaged())?;
            let record = ClaimRecord::read(record).map_err(|_| damaged())?;
            found.push(NumberedClaim {
                claim: record.claim(&[], None).map_err(|_| damaged())?,
                patient: row.get(0).map_err(sql)?,
                digest: row.get(1).map_err(sql)?,
                denied: row.get(2).map_err(sql)?,
            });
        }
        Ok(found)
    }

    /// Takes answers to lines of a claim and marks its lines by those that stand.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses.
    pub fn take(
        &mut self,
        claim: &NumberedClaim,
        answers: &[LineAnswer],
    ) -> Result<Marked, HistoryError> {
        let mut marked = Marked::default();
        // What was denied whole by hand stays so.
        let mut denied = denied_lines(&claim.denied);
        for answer in answers {
            let is_denied = denied.as_ref().is_none_or(|all| all.contains(&answer.line));
            let (stands, by_hand) = match self.known(claim, answer.line)? {
                Some((old, by_hand)) if old.stands_against(answer) => (old, by_hand),
                Some((_, by_hand)) => (*answer, by_hand),
                None => (*answer, is_denied),
            };
            self.keep(claim, &stands, by_hand)?;
            let wanted = by_hand || stands.word == AnswerWord::Denied;
            match (&mut denied, is_denied, wanted) {
                (Some(all), false, true) => {
                    all.push(answer.line);
                    marked.denied += 1;
                }
                (Some(all), true, false) => {
                    all.retain(|line| *line != answer.line);
                    marked.restored += 1;
                }
                _ => marked.as_before += 1,
            }
        }
        if let (Some(mut all), true) = (denied, marked.denied + marked.restored > 0) {
            all.sort_unstable();
            let text = all.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            let sql = |error| self.named.sql(error);
            let update = "UPDATE claim SET denied = ?3 WHERE patient = ?1 AND digest = ?2";
            let mut update = self.change.prepare_cached(update).map_err(sql)?;
            update.execute(params![&claim.patient[..], &claim.digest[..], text]).map_err(sql)?;
        }
        Ok(marked)
    }

    /// Makes all of it lasting.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses; nothing is taken then.
    pub fn commit(self) -> Result<(), HistoryError> {
        let named = self.named;
        self.change.commit().map_err(|error| named.sql(error))
    }

    /// The answer that stands on a line, and whether the line was marked by hand before.
    fn known(
        &self,
        claim: &NumberedClaim,
        line: u32,
    ) -> Result<Option<(LineAnswer, bool)>, HistoryError> {
        let sql = |error| self.named.sql(error);
        let ask = "SELECT day, later_payer, word, by_hand FROM answer \
                   WHERE patient = ?1 AND digest = ?2 AND line = ?3";
        let mut ask = self.change.prepare_cached(ask).map_err(sql)?;
        let of = params![&claim.patient[..], &claim.digest[..], line];
        let found = ask
            .query_row(of, |row| {
                Ok((row.get::<_, i32>(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?))
            })
            .optional()
            .map_err(sql)?;
        let Some((day, is_of_later_payer, word, by_hand)) = found else { return Ok(None) };
        let known = AnswerWord::ALL.iter().find(|(_, letter)| *letter == word);
        let (word, _) = *known.ok_or_else(|| self.named.damaged())?;
        let day = ServiceDate::from_yyyymmdd(day);
        Ok(Some((LineAnswer { line, day, is_of_later_payer, word }, by_hand)))
    }

    fn keep(
        &self,
        claim: &NumberedClaim,
        answer: &LineAnswer,
        by_hand: bool,
    ) -> Result<(), HistoryError> {
        let sql = |error| self.named.sql(error);
        let keep = "INSERT INTO answer (patient, digest, line, day, later_payer, word, by_hand) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (patient, digest, line) \
                    DO UPDATE SET day = ?4, later_payer = ?5, word = ?6, by_hand = ?7";
        let mut keep = self.change.prepare_cached(keep).map_err(sql)?;
        let letter = AnswerWord::ALL.iter().find(|(word, _)| *word == answer.word);
        let values = params![
            &claim.patient[..],
            &claim.digest[..],
            answer.line,
            answer.day.map_or(0, ServiceDate::yyyymmdd),
            answer.is_of_later_payer,
            letter.map_or("", |(_, letter)| letter),
            by_hand
        ];
        keep.execute(values).map_err(sql)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
