//! A pack in a folder: its files, its tables, and the packs that lie beside it.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use cleanbill_rules::Source;
use cleanbill_tables::{CsvError, Table, open_csv};

/// A pack in a folder.
pub struct Folder {
    root: PathBuf,
    label: String,
}

impl Folder {
    /// `path` is the folder, or the `pack.yaml` in it.
    pub fn new(path: &Path) -> Self {
        let root = match path.file_name() {
            Some(name) if name == "pack.yaml" => path.parent().unwrap_or(path),
            _ => path,
        };
        Self { root: root.to_owned(), label: root.display().to_string() }
    }

    /// The path of a file of the pack.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn inside(&self, name: &str) -> Result<PathBuf, String> {
        // A pack names its own files only: no way up and out of its folder.
        let is_inside =
            Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if is_inside { Ok(self.path(name)) } else { Err("it lies outside the pack".to_owned()) }
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData => "it is no UTF-8 text".to_owned(),
        _ => error.to_string(),
    }
}

impl Source for Folder {
    fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.inside(path)?).map_err(|error| reason(&error))
    }

    fn size(&self, path: &str) -> Option<u64> {
        fs::metadata(self.inside(path).ok()?).ok().map(|file| file.len())
    }

    fn table(&self, path: &str, key: &[String]) -> Result<Result<Table, CsvError>, String> {
        open_csv(&self.inside(path)?, key).map_err(|error| reason(&error))
    }

    fn list(&self, folder: &str, ending: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(ending) && !name.starts_with('.'))
            .map(|name| format!("{folder}/{name}"))
            .collect();
        names.sort();
        names
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn beside(&self, name: &str) -> Option<Box<dyn Source>> {
        // A name, not a path: no way to anywhere else.
        let is_name = Path::new(name).components().count() == 1
            && Path::new(name).file_name().is_some_and(|file| file == name);
        // `.` has no parent before it is resolved; a path that has one is shown as it was given.
        let folder = match self.root.parent() {
            Some(parent) if self.root.file_name().is_some() => parent.join(name),
            _ => self.root.canonicalize().ok()?.parent()?.join(name),
        };
        (is_name && folder.join("pack.yaml").is_file())
            .then(|| -> Box<dyn Source> { Box::new(Self::new(&folder)) })
    }
}
