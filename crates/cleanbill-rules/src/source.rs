//! Where the files of a pack come from. The crate itself opens none.

use std::collections::BTreeMap;

use cleanbill_tables::{CsvError, Table, read_csv};

/// Hands out the files of one pack by their path inside it (`pack.yaml`, `rules/pairs.yaml`).
pub trait Source {
    /// The text of a file.
    ///
    /// # Errors
    /// A sentence for people, without the path, when the file is missing or is no UTF-8 text.
    fn read(&self, path: &str) -> Result<String, String>;

    /// The table in a CSV file, sorted by the columns `key`, as [`read_csv`] makes it of the text. A
    /// source may keep what it made once, so long as the text is still the same.
    ///
    /// # Errors
    /// The outer one as [`Source::read`], the inner one when the text makes no table.
    fn table(&self, path: &str, key: &[String]) -> Result<Result<Table, CsvError>, String> {
        Ok(read_csv(&self.read(path)?, key))
    }

    /// Size of a file in bytes where it is known without reading it, so that a YAML file that is too
    /// large is never read.
    fn size(&self, path: &str) -> Option<u64> {
        let _ = path;
        None
    }

    /// The paths in the folder `folder` that end in `ending`, sorted.
    fn list(&self, folder: &str, ending: &str) -> Vec<String>;

    /// What to put before a path when it is shown to people: the pack's folder, or nothing.
    fn label(&self) -> &str;

    /// The pack in the folder `name` that lies beside this pack, for `extends`.
    fn beside(&self, name: &str) -> Option<Box<dyn Source>> {
        let _ = name;
        None
    }
}

/// A pack held in memory: the packs inside the binary, and tests.
#[derive(Clone, Debug, Default)]
pub struct MemorySource {
    label: String,
    files: BTreeMap<String, String>,
}

impl MemorySource {
    /// An empty pack that is shown as `label`.
    #[must_use]
    pub fn new(label: &str) -> Self {
        Self { label: label.to_owned(), files: BTreeMap::new() }
    }

    /// The pack with one more file.
    #[must_use]
    pub fn with(mut self, path: &str, text: &str) -> Self {
        self.add(path, text);
        self
    }

    /// Adds a file.
    pub(crate) fn add(&mut self, path: &str, text: impl Into<String>) {
        self.files.insert(path.to_owned(), text.into());
    }

    fn text(&self, path: &str) -> Result<&String, String> {
        self.files.get(path).ok_or_else(|| "there is no such file in the pack".to_owned())
    }

    /// Path and text of every file, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

impl Source for MemorySource {
    fn read(&self, path: &str) -> Result<String, String> {
        self.text(path).cloned()
    }

    fn table(&self, path: &str, key: &[String]) -> Result<Result<Table, CsvError>, String> {
        Ok(read_csv(self.text(path)?, key))
    }

    fn list(&self, folder: &str, ending: &str) -> Vec<String> {
        let inside = |path: &&String| {
            path.strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|name| !name.contains('/') && name.ends_with(ending))
        };
        self.files.keys().filter(inside).cloned().collect()
    }

    fn label(&self) -> &str {
        &self.label
    }
}
