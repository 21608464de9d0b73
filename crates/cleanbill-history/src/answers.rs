//! What payers answered to the lines of claims, so that denied lines count no more and come back when a denial is
//! taken back.
//!
//! Of each line the answer that stands is kept, with the day of its payment: remittance advice may be read again and
//! in any order. Lines that were marked by hand stay marked.

use std::collections::HashMap;

use cleanbill_model::{Claim, ServiceDate};
use serde::{Deserialize, Serialize};

use crate::backend::{Marks, Rows};
use crate::error::HistoryError;
use crate::key::Keyed;
use crate::record::ClaimRecord;
use crate::store::{HistoryStore, denied_lines};

/// What a payer said of a line, from the weakest to the strongest of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// An answer as it is kept beside its claim; the order of the fields is the format.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct KeptAnswer {
    line: u32,
    /// As the digits YYYYMMDD, 0 for none.
    day: i32,
    is_of_later_payer: bool,
    word: AnswerWord,
    /// Whether the line was marked before anything was answered.
    by_hand: bool,
}

impl KeptAnswer {
    fn new(answer: &LineAnswer, by_hand: bool) -> Self {
        let LineAnswer { line, day, is_of_later_payer, word } = *answer;
        let day = day.map_or(0, ServiceDate::yyyymmdd);
        Self { line, day, is_of_later_payer, word, by_hand }
    }

    fn answer(&self) -> LineAnswer {
        let Self { line, is_of_later_payer, word, .. } = *self;
        LineAnswer { line, day: ServiceDate::from_yyyymmdd(self.day), is_of_later_payer, word }
    }
}

/// What was answered to a claim, and which of its lines count no more for it.
struct Answered {
    kept: Vec<KeptAnswer>,
    /// None of a claim that was marked by hand as a whole.
    denied: Option<Vec<u32>>,
}

impl Answered {
    /// None where the bytes are not ours.
    fn read(denied: &str, answers: &[u8]) -> Option<Self> {
        let kept =
            if answers.is_empty() { Vec::new() } else { postcard::from_bytes(answers).ok()? };
        Some(Self { kept, denied: denied_lines(denied) })
    }

    fn marks(mut self) -> Option<Marks> {
        self.kept.sort_unstable_by_key(|kept| kept.line);
        let answers = match self.kept.as_slice() {
            [] => Vec::new(),
            kept => postcard::to_allocvec(kept).ok()?,
        };
        let denied = self.denied.map(|mut all| {
            all.sort_unstable();
            all.dedup();
            all.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
        });
        Some(Marks { denied: denied.unwrap_or_else(|| "*".to_owned()), answers })
    }

    fn take(&mut self, answer: &LineAnswer, marked: &mut Marked) {
        let is_denied = self.denied.as_ref().is_none_or(|all| all.contains(&answer.line));
        let known = self.kept.iter().position(|kept| kept.line == answer.line);
        let (stands, by_hand) = match known.and_then(|place| self.kept.get(place)) {
            Some(old) if old.answer().stands_against(answer) => (old.answer(), old.by_hand),
            Some(old) => (*answer, old.by_hand),
            None => (*answer, is_denied),
        };
        self.kept.retain(|kept| kept.line != answer.line);
        self.kept.push(KeptAnswer::new(&stands, by_hand));
        let wanted = by_hand || stands.word == AnswerWord::Denied;
        match (&mut self.denied, is_denied, wanted) {
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
}

/// A claim of the history with a control number.
#[derive(Debug)]
pub struct NumberedClaim {
    /// The claim with all of its lines; it names no patient.
    pub claim: Claim,
    key: [Keyed; 2],
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
    store: &'a mut HistoryStore,
    taken: HashMap<[Keyed; 2], Vec<LineAnswer>>,
    ids: Vec<String>,
}

impl HistoryStore {
    /// Begins to take answers; nothing of it is there before [`Answers::commit`].
    pub fn answers(&mut self) -> Answers<'_> {
        Answers { store: self, taken: HashMap::new(), ids: Vec::new() }
    }

    /// Lets the lines numbered `lines` of the claims with control number `id` count no more whatever is answered, or
    /// the claims as a whole where no line is named. Gives back how many claims have that number.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses.
    pub fn deny(&mut self, id: &str, lines: &[u32]) -> Result<u64, HistoryError> {
        let Self { backend, named, .. } = self;
        backend.mark(&[id], &mut |row| {
            let read = Answered::read(row.denied, row.answers);
            let mut known = read.ok_or_else(|| named.damaged())?;
            known.denied = match known.denied {
                Some(mut all) if !lines.is_empty() => {
                    all.extend(lines);
                    Some(all)
                }
                _ => None,
            };
            for kept in &mut known.kept {
                kept.by_hand |= lines.is_empty() || lines.contains(&kept.line);
            }
            known.marks().ok_or_else(|| named.damaged())
        })
    }
}

impl Answers<'_> {
    /// The claims with this control number, in the order in which they came.
    ///
    /// # Errors
    /// [`HistoryError`] when the history cannot be read or is damaged.
    pub fn claims(&self, id: &str) -> Result<Vec<NumberedClaim>, HistoryError> {
        let damaged = |_| self.store.named.damaged();
        let mut found = Vec::new();
        self.store.backend.rows(Rows::Id(id), &mut |row| {
            let record = ClaimRecord::read(row.record).map_err(damaged)?;
            let claim = record.claim(&[], None).map_err(damaged)?;
            found.push(NumberedClaim { claim, key: [row.patient, row.digest] });
            Ok(true)
        })?;
        Ok(found)
    }

    /// Takes answers to lines of a claim.
    pub fn take(&mut self, claim: &NumberedClaim, answers: &[LineAnswer]) {
        self.ids.push(claim.claim.id().to_owned());
        self.taken.entry(claim.key).or_default().extend_from_slice(answers);
    }

    /// Marks lines by the answers that stand, all of them or none; says what changed.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses; nothing is taken then.
    pub fn commit(self) -> Result<Marked, HistoryError> {
        let Self { store: HistoryStore { backend, named, .. }, taken, mut ids } = self;
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        // A backend may begin anew: what counts of a claim is what was said of it last.
        let mut changed: HashMap<[Keyed; 2], Marked> = HashMap::new();
        backend.mark(&ids, &mut |row| {
            let read = Answered::read(row.denied, row.answers);
            let mut known = read.ok_or_else(|| named.damaged())?;
            let mut marked = Marked::default();
            let key = [row.patient, row.digest];
            for answer in taken.get(&key).into_iter().flatten() {
                known.take(answer, &mut marked);
            }
            changed.insert(key, marked);
            known.marks().ok_or_else(|| named.damaged())
        })?;
        let mut all = Marked::default();
        for marked in changed.values() {
            all.denied += marked.denied;
            all.restored += marked.restored;
            all.as_before += marked.as_before;
        }
        Ok(all)
    }
}

#[cfg(test)]
pub(crate) mod tests;
