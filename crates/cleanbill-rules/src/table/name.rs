//! What a table and its rows are called in messages and explanations.

use std::sync::Arc;

use cleanbill_tables::Table;

/// What a table is called.
#[derive(Clone, Debug)]
pub(crate) enum TableName {
    /// Path of a CSV file, as people see it.
    File(Arc<str>),
    /// An imported table, shown as `ncci-ptp-practitioner 2026q3`.
    Imported { name: Arc<str>, edition: Arc<str>, shown: Arc<str> },
}

impl TableName {
    pub(crate) fn of_file(path: String) -> Self {
        Self::File(path.into())
    }

    pub(crate) fn of_import(name: &str, table: &Table) -> Self {
        let edition = table.metadata(cleanbill_tables::EDITION).unwrap_or_default();
        let shown = format!("{name} {edition}").trim_end().into();
        Self::Imported { name: name.into(), edition: edition.into(), shown }
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::File(shown) | Self::Imported { shown, .. } => shown,
        }
    }

    pub(crate) const fn is_imported(&self) -> bool {
        matches!(self, Self::Imported { .. })
    }

    /// Where a row stands; `line` is that of the file, or the number of the row as it was imported.
    pub(crate) fn row(&self, line: u64) -> String {
        match self {
            Self::File(path) => format!("{path}:{line}"),
            Self::Imported { shown, .. } => format!("{shown}, row {line}"),
        }
    }
}
