//! What the rows of a history lie in. A backend keeps rows and finds them; what they mean is none of its
//! business.

use core::fmt::Debug;

use cleanbill_model::ServiceDate;

use crate::batch::Added;
use crate::error::HistoryError;
use crate::key::Keyed;
use crate::maintain::HistorySummary;

/// A claim that is to be added.
pub(crate) struct NewRow<'a> {
    pub(crate) patient: Keyed,
    pub(crate) digest: Keyed,
    /// Latest day of service, as the digits YYYYMMDD.
    pub(crate) last: i32,
    pub(crate) id: &'a str,
    pub(crate) record: &'a [u8],
}

/// A claim as it is kept.
pub(crate) struct Row<'a> {
    pub(crate) sequence: i64,
    pub(crate) patient: Keyed,
    pub(crate) digest: Keyed,
    /// Numbers of the lines that do not count, `*` for all of them.
    pub(crate) denied: &'a str,
    pub(crate) record: &'a [u8],
}

/// What is marked on a claim, to be changed.
pub(crate) struct MarkedRow<'a> {
    pub(crate) patient: Keyed,
    pub(crate) digest: Keyed,
    /// As [`Row::denied`].
    pub(crate) denied: &'a str,
    /// What was answered, as `answers.rs` writes it; empty where nothing was.
    pub(crate) answers: &'a [u8],
}

/// What is to be marked on a claim.
pub(crate) struct Marks {
    pub(crate) denied: String,
    pub(crate) answers: Vec<u8>,
}

/// Says what is to be marked on a claim; may be asked again from the first one on.
pub(crate) type Mark<'a> = dyn FnMut(MarkedRow<'_>) -> Result<Marks, HistoryError> + 'a;

/// Which rows are asked for.
#[derive(Clone, Copy)]
pub(crate) enum Rows<'a> {
    /// All of them, in the order in which they came.
    All,
    /// Those with this control number, in that order.
    Id(&'a str),
    /// Those of this patient, in that order.
    Patient(&'a Keyed),
    /// Those of this patient, in no order.
    Around(&'a Keyed),
}

/// Is shown one row after the other, until it says that it has enough.
pub(crate) type Take<'a> = dyn FnMut(Row<'_>) -> Result<bool, HistoryError> + 'a;

/// Rows by patient, each once.
pub(crate) trait Backend: Debug + Send {
    /// Adds the rows that are not there, all of them or none; they last when it returns. Two that add at
    /// one time never give one number twice.
    fn add(&mut self, rows: &[NewRow<'_>]) -> Result<Added, HistoryError>;

    /// Shows rows.
    fn rows(&self, which: Rows<'_>, take: &mut Take<'_>) -> Result<(), HistoryError>;

    /// Counts what is there.
    fn summary(&self) -> Result<HistorySummary, HistoryError>;

    /// Marks each row that has one of these control numbers, which are all different, as `mark` says: all of
    /// them or none. Gives back how many there are.
    fn mark(&mut self, ids: &[&str], mark: &mut Mark<'_>) -> Result<u64, HistoryError>;

    /// Removes the rows whose last day lies before `day`, and counts them.
    fn prune(&mut self, day: ServiceDate) -> Result<u64, HistoryError>;

    /// What is wrong with what the rows lie in.
    fn flaws(&self) -> Result<Vec<String>, HistoryError>;
}

/// The summary out of counts (claims, patients, claims with a denial) and the earliest and latest day.
pub(crate) fn summary(counts: [i64; 3], days: [Option<i32>; 2]) -> HistorySummary {
    let [claims, patients, denied] = counts.map(|count| u64::try_from(count).unwrap_or(0));
    let [from, through] = days.map(|day| day.and_then(ServiceDate::from_yyyymmdd));
    HistorySummary { claims, patients, denied, from, through }
}
