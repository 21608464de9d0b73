//! A pack as it would be with more files.

use std::collections::BTreeMap;

use cleanbill_tables::{CsvError, Table, read_csv};

use super::ScaffoldFile;
use crate::source::Source;

/// `base` with files in front of its own.
pub(super) struct Overlay<'a> {
    base: &'a dyn Source,
    files: BTreeMap<&'a str, &'a str>,
}

impl<'a> Overlay<'a> {
    pub(super) fn new(base: &'a dyn Source, files: &'a [ScaffoldFile]) -> Self {
        let files = files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
        Self { base, files }
    }
}

impl Source for Overlay<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        self.files.get(path).map_or_else(|| self.base.read(path), |text| Ok((*text).to_owned()))
    }

    fn table(&self, path: &str, key: &[String]) -> Result<Result<Table, CsvError>, String> {
        match self.files.get(path) {
            Some(text) => Ok(read_csv(text, key)),
            None => self.base.table(path, key),
        }
    }

    fn list(&self, folder: &str, ending: &str) -> Vec<String> {
        let mut paths = self.base.list(folder, ending);
        let inside = |path: &&&str| {
            path.strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|name| !name.contains('/') && name.ends_with(ending))
        };
        paths.extend(self.files.keys().filter(inside).map(|path| (*path).to_owned()));
        paths.sort();
        paths.dedup();
        paths
    }

    fn label(&self) -> &str {
        self.base.label()
    }
}
