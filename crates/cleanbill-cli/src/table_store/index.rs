//! `index.json`: what is imported.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::record::{History, Record, Stored};
use crate::failure::Failure;
use crate::whole_file::WholeFile;

const FILE: &str = "index.json";
const SCHEMA: u32 = 1;

/// What is imported, by table and edition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Index {
    schema: u32,
    pub tables: Vec<Record>,
    pub histories: Vec<History>,
}

impl Default for Index {
    fn default() -> Self {
        Self { schema: SCHEMA, tables: Vec::new(), histories: Vec::new() }
    }
}

impl Index {
    /// The index of a folder; an empty one where there is none.
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(FILE);
        let failed = |reason: String| {
            let message = format!("the index `{}` cannot be read: {reason}", path.display());
            Failure::refused(message, "name the folder that `tables import` was given")
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failed(error.to_string())),
        };
        let index: Self = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
        match index.schema {
            SCHEMA => Ok(index),
            other => Err(failed(format!("it has schema {other}; this program reads {SCHEMA}"))),
        }
    }

    /// Takes the place of the index of a folder.
    pub fn write(&mut self, folder: &Path) -> io::Result<()> {
        self.tables
            .sort_by(|one, other| (&one.table, &one.edition).cmp(&(&other.table, &other.edition)));
        self.histories.sort_by(|one, other| one.table.cmp(&other.table));
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        WholeFile::write(&folder.join(FILE), &(text + "\n"))?.replace()
    }

    /// The record of an edition.
    pub fn edition(&self, table: &str, edition: &str) -> Option<&Record> {
        self.tables.iter().find(|record| record.table == table && record.edition == edition)
    }

    /// The editions of a table, the oldest first.
    pub fn editions(&self, table: &str) -> impl DoubleEndedIterator<Item = &Record> {
        self.tables.iter().filter(move |record| record.table == table)
    }

    /// What a rule reads: all editions of a table without days of its own, else the newest.
    pub fn in_use(&self, table: &str) -> Option<&Stored> {
        let history = self.histories.iter().find(|history| history.table == table);
        let newest = || self.editions(table).next_back().map(|record| &record.stored);
        history.map(|history| &history.stored).or_else(newest)
    }

    /// Every compiled file.
    pub fn files(&self) -> impl Iterator<Item = &Stored> {
        let tables = self.tables.iter().map(|record| &record.stored);
        tables.chain(self.histories.iter().map(|history| &history.stored))
    }
}

/// Editions that lie between others and are not among them: `2026q2` between `2026q1` and `2026q3`.
pub fn missing(editions: &[String]) -> Vec<String> {
    let number = |edition: &String| -> Option<(bool, u32)> {
        if let Some(year) = edition.strip_prefix("fy") {
            return Some((true, year.parse().ok()?));
        }
        let (year, quarter) = edition.split_once('q')?;
        let (year, quarter): (u32, u32) = (year.parse().ok()?, quarter.parse().ok()?);
        (1..=4).contains(&quarter).then(|| (false, year * 4 + quarter - 1))
    };
    let shown = |is_year: bool, number: u32| match is_year {
        true => format!("fy{number}"),
        false => format!("{}q{}", number / 4, number % 4 + 1),
    };
    let numbers: Vec<(bool, u32)> = editions.iter().filter_map(number).collect();
    let between = numbers.windows(2).filter_map(|pair| match pair {
        [(a, first), (b, second)] if a == b => {
            Some((first + 1..*second).map(|number| shown(*a, number)))
        }
        _ => None,
    });
    between.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn quarters_and_years_between_others_are_missed() {
        let missing =
            |names: &[&str]| missing(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert_eq!(missing(&["2025q3", "2026q2"]), ["2025q4", "2026q1"]);
        assert_eq!(missing(&["2025q4", "2026q1"]), <[String; 0]>::default());
        assert_eq!(missing(&["fy2024", "fy2026"]), ["fy2025"]);
        assert_eq!(missing(&["undated", "2026q1"]), <[String; 0]>::default());
    }
}
