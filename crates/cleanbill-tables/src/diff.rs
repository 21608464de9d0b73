//! Two editions of a table, row by row: what came, ended, changed or is gone.

use rustc_hash::FxHashMap;

use crate::table::Table;

/// How rows of two editions are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compare {
    /// Columns that tell one row from another.
    pub key: Vec<String>,
    /// Columns that are not looked at, since every edition changes them.
    pub ignore: Vec<String>,
}

/// Why two tables cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// Bytes of a table are not as they were written.
    #[error("the {edition} edition is damaged")]
    Damaged {
        /// `old` or `new`.
        edition: &'static str,
    },
    /// The columns are not the same.
    #[error("the editions have other columns: {old} and {new}")]
    Columns {
        /// Columns of the old edition.
        old: String,
        /// Columns of the new edition.
        new: String,
    },
    /// A key column is not there.
    #[error("the tables have no column `{0}`")]
    Key(String),
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Only the new edition has it.
    Added,
    /// Its last day was open and is not any more.
    Ended,
    /// Another cell of it differs.
    Changed,
    /// Only the old edition has it.
    Removed,
}

impl Fate {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Added, Self::Ended, Self::Changed, Self::Removed];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Ended => "ended",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// A row that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What happened.
    pub fate: Fate,
    /// The key columns.
    pub key: Vec<String>,
    /// The other cells that are looked at: column, old, new. Of a row that only one edition has, the
    /// other text is empty.
    pub cells: Vec<(String, String, String)>,
}

/// What differs between two editions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Rows that differ, by key.
    pub rows: Vec<Difference>,
    /// Rows that do not.
    pub same: u64,
}

impl Differences {
    /// Rows of that fate.
    pub fn of(&self, fate: Fate) -> impl Iterator<Item = &Difference> {
        self.rows.iter().filter(move |row| row.fate == fate)
    }
}

/// Compares two tables.
///
/// # Errors
/// One of them is damaged, or their columns differ.
pub fn diff(old: &Table, new: &Table, compare: &Compare) -> Result<Differences, DiffError> {
    let mut texts = Texts::default();
    let (columns, mut old) = rows(old, "old", compare, &mut texts)?;
    let (new_columns, mut new) = rows(new, "new", compare, &mut texts)?;
    if columns.all != new_columns.all {
        let joined = |columns: &Columns| format!("`{}`", columns.all.join(","));
        return Err(DiffError::Columns { old: joined(&columns), new: joined(&new_columns) });
    }
    old.sort();
    new.sort();
    let mut found = Differences::default();
    let (mut olds, mut news) = (old.groups().peekable(), new.groups().peekable());
    loop {
        let (old, new) = match (olds.peek(), news.peek()) {
            (None, None) => break,
            (Some(_), None) => (olds.next(), None),
            (None, Some(_)) => (None, news.next()),
            (Some(old), Some(new)) => match old.0.cmp(new.0) {
                core::cmp::Ordering::Less => (olds.next(), None),
                core::cmp::Ordering::Greater => (None, news.next()),
                core::cmp::Ordering::Equal => (olds.next(), news.next()),
            },
        };
        let key = old.as_ref().or(new.as_ref()).map_or("", |group| group.0);
        let rests = |group: Option<Group<'_>>| group.map(|(_, rests)| rests).unwrap_or_default();
        compare_group(&mut found, &columns, &texts, key, rests(old), rests(new));
    }
    Ok(found)
}

/// Between the cells of a key or a rest: no table holds it.
const BETWEEN: char = '\u{1f}';

fn compare_group(
    found: &mut Differences,
    columns: &Columns,
    texts: &Texts,
    key: &str,
    mut old: Vec<u32>,
    mut new: Vec<u32>,
) {
    // Rows that both have, whatever stands beside them under the same key.
    old.retain(|rest| match new.iter().position(|other| other == rest) {
        Some(at) => {
            new.remove(at);
            found.same += 1;
            false
        }
        None => true,
    });
    let key: Vec<String> = key.split(BETWEEN).map(str::to_owned).collect();
    let (mut olds, mut news) = (old.into_iter(), new.into_iter());
    loop {
        let (old, new) = (olds.next(), news.next());
        let cells = |rest: Option<u32>| {
            rest.map(|rest| texts.get(rest).split(BETWEEN).collect::<Vec<_>>()).unwrap_or_default()
        };
        let (old_cells, new_cells) = (cells(old), cells(new));
        let at = |cells: &[&str], at: usize| cells.get(at).copied().unwrap_or_default().to_owned();
        let cells: Vec<(String, String, String)> = columns
            .rest_names()
            .enumerate()
            .map(|(column, name)| (name.clone(), at(&old_cells, column), at(&new_cells, column)))
            .filter(|(_, old, new)| old != new)
            .collect();
        let fate = match (old, new) {
            (None, None) => return,
            (None, Some(_)) => Fate::Added,
            (Some(_), None) if columns.ends_by_leaving => Fate::Ended,
            (Some(_), None) => Fate::Removed,
            (Some(_), Some(_)) => match cells.as_slice() {
                [(name, old, _)] if name == "through" && old.is_empty() => Fate::Ended,
                _ => Fate::Changed,
            },
        };
        found.rows.push(Difference { fate, key: key.clone(), cells });
    }
}

struct Columns {
    all: Vec<String>,
    key: Vec<usize>,
    rest: Vec<usize>,
    /// Rows have no last day of their own, so one ends where an edition does not have it any more.
    ends_by_leaving: bool,
}

impl Columns {
    fn rest_names(&self) -> impl Iterator<Item = &String> {
        self.rest.iter().filter_map(|at| self.all.get(*at))
    }
}

/// Each different text once.
#[derive(Default)]
struct Texts {
    numbers: FxHashMap<Box<str>, u32>,
    all: Vec<Box<str>>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    fn get(&self, number: u32) -> &str {
        usize::try_from(number).ok().and_then(|at| self.all.get(at)).map_or("", |text| text)
    }
}

/// A key, and what is else in the rows that have it.
type Group<'a> = (&'a str, Vec<u32>);

/// The rows of one edition: keys in one text, the rest by number.
#[derive(Default)]
struct Rows {
    keys: String,
    rows: Vec<(usize, usize, u32)>,
}

impl Rows {
    fn key(&self, row: &(usize, usize, u32)) -> &str {
        self.keys.get(row.0..row.1).unwrap_or_default()
    }

    fn sort(&mut self) {
        let mut rows = core::mem::take(&mut self.rows);
        rows.sort_by(|one, other| self.key(one).cmp(self.key(other)));
        self.rows = rows;
    }

    fn groups(&self) -> impl Iterator<Item = Group<'_>> {
        let same = |one: &(usize, usize, u32), other: &(usize, usize, u32)| {
            self.key(one) == self.key(other)
        };
        self.rows.chunk_by(same).filter_map(|group| {
            Some((self.key(group.first()?), group.iter().map(|row| row.2).collect()))
        })
    }
}

fn rows(
    from: &Table,
    edition: &'static str,
    compare: &Compare,
    texts: &mut Texts,
) -> Result<(Columns, Rows), DiffError> {
    let all: Vec<String> = from.columns().map(str::to_owned).collect();
    let place = |name: &String| {
        all.iter().position(|column| column == name).ok_or_else(|| DiffError::Key(name.clone()))
    };
    let key = compare.key.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let rest = (0..all.len())
        .filter(|at| !key.contains(at))
        .filter(|at| all.get(*at).is_some_and(|name| !compare.ignore.contains(name)))
        .collect();
    let ends_by_leaving = compare.ignore.iter().any(|name| name == "through");
    let columns = Columns { all, key, rest, ends_by_leaving };
    let (mut rows, mut scratch) = (Rows::default(), String::new());
    let join = |row: u32, columns: &[usize], into: &mut String| {
        for (number, at) in columns.iter().enumerate() {
            if number > 0 {
                into.push(BETWEEN);
            }
            into.push_str(from.column_at(*at)?.text_at(row)?);
        }
        Some(())
    };
    let mut add = |row: u32| {
        let start = rows.keys.len();
        join(row, &columns.key, &mut rows.keys)?;
        scratch.clear();
        join(row, &columns.rest, &mut scratch)?;
        rows.rows.push((start, rows.keys.len(), texts.number(&scratch)));
        Some(())
    };
    match (0..from.len()).try_for_each(&mut add) {
        Some(()) => Ok((columns, rows)),
        None => Err(DiffError::Damaged { edition }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(rows: &str) -> String {
        format!("one,two,from,through,indicator\n{rows}")
    }

    fn of(csv: &str) -> Table {
        crate::read_csv(csv, &[]).unwrap()
    }

    fn compare() -> Compare {
        Compare { key: ["one", "two", "from"].map(str::to_owned).to_vec(), ignore: Vec::new() }
    }

    fn shown(old: &str, new: &str, compare: &Compare) -> (Vec<String>, u64) {
        let found = diff(&of(old), &of(new), compare).unwrap();
        let rows = found.rows.iter().map(|row| {
            let cells: Vec<String> =
                row.cells.iter().map(|(name, old, new)| format!("{name} {old}>{new}")).collect();
            format!("{} {}: {}", row.fate.as_str(), row.key.join("/"), cells.join(", "))
        });
        (rows.collect(), found.same)
    }

    #[test]
    fn each_row_is_the_same_added_ended_changed_or_removed() {
        let old = pairs("a,b,1,,0\na,c,1,,1\na,d,1,,1\na,e,1,,1\na,f,1,,9\na,f,1,,0\n");
        let new = pairs("a,f,1,,0\na,f,1,,9\na,b,1,,0\na,c,1,2,1\na,d,1,,0\na,d,3,,0\n");
        let (rows, same) = shown(&old, &new, &compare());
        assert_eq!(
            rows,
            [
                "ended a/c/1: through >2",
                "changed a/d/1: indicator 1>0",
                "added a/d/3: indicator >0",
                "removed a/e/1: indicator 1>",
            ]
        );
        assert_eq!(same, 3);
    }

    #[test]
    fn where_every_edition_has_days_of_its_own_a_row_ends_by_leaving() {
        let compare =
            Compare { key: vec!["code".into()], ignore: vec!["from".into(), "through".into()] };
        let old = "code,max,from,through\na,1,1,\nb,1,1,\nc,1,1,\n";
        let new = "code,max,from,through\na,1,2,\nc,3,2,\n";
        let (rows, same) = shown(old, new, &compare);
        assert_eq!(
            (rows, same),
            (vec!["ended b: max 1>".to_owned(), "changed c: max 1>3".into()], 1)
        );
    }

    #[test]
    fn tables_with_other_columns_are_not_compared() {
        let error =
            diff(&of("one,two,from\n1,2,3\n"), &of("one,two,from,x\n1,2,3,4\n"), &compare())
                .unwrap_err();
        let words = "the editions have other columns: `one,two,from` and `one,two,from,x`";
        assert_eq!(error.to_string(), words);
        let error = diff(&of("one,two\n1,2\n"), &of("one,two\n1,2\n"), &compare()).unwrap_err();
        assert_eq!(error.to_string(), "the tables have no column `from`");
    }
}
