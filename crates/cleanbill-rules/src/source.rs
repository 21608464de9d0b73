//! Where the files of a pack come from. The crate itself opens none.

use std::collections::BTreeMap;

/// Hands out the files of one pack by their path inside it (`pack.yaml`, `rules/pairs.yaml`).
pub trait Source {
    /// The text of a file.
    ///
    /// # Errors
    /// A sentence for people, without the path, when the file is missing or is no UTF-8 text.
    fn read(&self, path: &str) -> Result<String, String>;

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
    pub(crate) fn add(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), text.to_owned());
    }

    /// Path and text of every file, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

impl Source for MemorySource {
    fn read(&self, path: &str) -> Result<String, String> {
        self.files.get(path).cloned().ok_or_else(|| "there is no such file in the pack".to_owned())
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
