//! What a table and its rows are called in messages and explanations.

use std::sync::Arc;

use cleanbill_tables::Table;

/// What a table is called.
#[derive(Clone, Debug)]
pub(crate) enum TableName {
    /// Path of a CSV file, as people see it.
    File(Arc<str>),
    /// Name and edition of an imported table: `ncci-ptp-practitioner 2026q3`.
    Imported(Arc<str>),
}

impl TableName {
    pub(crate) fn of_file(path: String) -> Self {
        Self::File(path.into())
    }

    pub(crate) fn of_import(name: &str, table: &Table) -> Self {
        let edition = table.metadata(cleanbill_tables::EDITION).unwrap_or_default();
        Self::Imported(format!("{name} {edition}").trim_end().into())
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::File(name) | Self::Imported(name) => name,
        }
    }

    pub(crate) const fn is_imported(&self) -> bool {
        matches!(self, Self::Imported(_))
    }

    /// Where a row stands; `line` is that of the file, or the number of the row as it was imported.
    pub(crate) fn row(&self, line: u64) -> String {
        match self {
            Self::File(path) => format!("{path}:{line}"),
            Self::Imported(name) => format!("{name}, row {line}"),
        }
    }
}
