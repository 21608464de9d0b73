//! The editions of a table without days of its own, made into one table in which each row says from
//! which day to which it stood so.

use std::collections::BTreeMap;

use cleanbill_model::ServiceDate;

use crate::build::{BuildError, TableBuilder};
use crate::row::RowSink as _;
use crate::table::{ORDERED_DAYS, Table};

const FROM: &str = "from";
const THROUGH: &str = "through";

/// Why editions make no history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// An edition does not say from which day on it holds.
    #[error("an edition does not say from which day on it holds")]
    Undated,
    /// Two editions begin on the same day.
    #[error("two editions begin on {0}")]
    SameDay(String),
    /// The columns are not the same.
    #[error("the editions have other columns")]
    Columns,
    /// Bytes of an edition are not as they were written.
    #[error("an edition is damaged")]
    Damaged,
    /// The rows make no table.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// A row without its days.
type Cells<'a> = Vec<&'a str>;

/// From which day, and until which, a row stands so; without a last day until it is told otherwise.
#[derive(Clone)]
struct Run<'a> {
    from: String,
    through: &'a str,
}

/// One table of all `editions`, which have the columns `from` and `through`. A row stands from the first
/// edition in which it is so until the day before the one in which it is changed or gone, however many
/// editions between them are not there; a last day that an edition gives is kept.
///
/// # Errors
/// [`HistoryError`].
pub fn history(editions: &[&Table]) -> Result<TableBuilder, HistoryError> {
    let mut dated = editions
        .iter()
        .map(|table| Ok((first_day(table)?, *table)))
        .collect::<Result<Vec<_>, HistoryError>>()?;
    dated.sort_by_key(|(day, _)| *day);
    let Some((_, newest)) = dated.last() else { return Err(HistoryError::Undated) };
    let columns: Vec<&str> = newest.columns().collect();
    let mut open: BTreeMap<Cells<'_>, Run<'_>> = BTreeMap::new();
    let mut done: Vec<(Cells<'_>, Run<'_>, Option<String>)> = Vec::new();
    for (index, (day, table)) in dated.iter().enumerate() {
        if !table.columns().eq(columns.iter().copied()) {
            return Err(HistoryError::Columns);
        }
        if index > 0 && dated.get(index - 1).is_some_and(|(before, _)| before == day) {
            return Err(HistoryError::SameDay((*day).to_owned()));
        }
        let mut gone = core::mem::take(&mut open);
        for row in 0..table.len() {
            let (cells, from, through) = cells(table, row).ok_or(HistoryError::Damaged)?;
            let run = match gone.remove(&cells) {
                // It stood so without a break.
                Some(run)
                    if run.through.is_empty() || day_before(from)?.as_str() <= run.through =>
                {
                    Run { from: run.from, through }
                }
                Some(run) => {
                    done.push((cells.clone(), run, None));
                    Run { from: from.to_owned(), through }
                }
                None => Run { from: from.to_owned(), through },
            };
            if let Some(twin) = open.insert(cells.clone(), run) {
                done.push((cells, twin, None));
            }
        }
        let end = day_before(day)?;
        done.extend(gone.into_iter().map(|(cells, run)| (cells, run, Some(end.clone()))));
    }
    done.extend(open.into_iter().map(|(cells, run)| (cells, run, None)));
    done.sort_by(|(a, one, _), (b, other, _)| (a, &one.from).cmp(&(b, &other.from)));
    let mut builder = TableBuilder::new(columns.iter().copied(), newest.key())?;
    let mut are_ordered = true;
    for (line, (cells, run, end)) in (1..).zip(&done) {
        let through = match end {
            Some(end) if run.through.is_empty() || end.as_str() < run.through => end,
            _ => run.through,
        };
        are_ordered &= through.is_empty() || run.from.as_str() <= through;
        let mut cells = cells.iter();
        let row: Vec<&str> = columns
            .iter()
            .map(|name| match *name {
                FROM => run.from.as_str(),
                THROUGH => through,
                _ => cells.next().copied().unwrap_or_default(),
            })
            .collect();
        builder.row(line, &row);
    }
    if are_ordered {
        builder.note(ORDERED_DAYS, "from through");
    }
    Ok(builder)
}

/// The first day of an edition.
fn first_day(table: &Table) -> Result<&str, HistoryError> {
    let from = table.column(FROM).filter(|_| table.column(THROUGH).is_some());
    let first = from.ok_or(HistoryError::Undated)?.text(0).ok_or(HistoryError::Damaged)?;
    // The empty text comes first.
    if first.is_empty() { Err(HistoryError::Undated) } else { Ok(first) }
}

/// A row without its days, and its days.
fn cells(table: &Table, row: u32) -> Option<(Cells<'_>, &str, &str)> {
    let (mut cells, mut from, mut through) = (Vec::new(), "", "");
    for (at, name) in table.columns().enumerate() {
        let text = table.column_at(at)?.text_at(row)?;
        match name {
            FROM => from = text,
            THROUGH => through = text,
            _ => cells.push(text),
        }
    }
    Some((cells, from, through))
}

fn day_before(day: &str) -> Result<String, HistoryError> {
    let day = ServiceDate::parse_iso(day.as_bytes()).map_err(|_| HistoryError::Undated)?;
    Ok(day.before().map_or_else(String::new, |before| before.to_string()))
}
