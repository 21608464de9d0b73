//! The files that a pack consists of: those that loading it reads, and no others.

use core::cell::RefCell;

use cleanbill_tables::{CsvError, SourceMark, Table, read_csv};

use crate::source::{MemorySource, Source};

/// One pack with the files that it was made of, for its digest, archive or fingerprint. What lies beside
/// them in the folder is no part of the pack.
#[derive(Clone, Debug)]
pub struct RecordedPack {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its files.
    pub files: MemorySource,
}

/// A source that is lent for the load, or was found on the way.
pub(crate) enum Held<'a> {
    Lent(&'a dyn Source),
    Found(Box<dyn Source>),
}

/// A source that keeps what is read of it, when that is wanted.
pub(crate) struct Recorder<'a> {
    held: Held<'a>,
    read: Option<RefCell<MemorySource>>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(held: Held<'a>, keeps_files: bool) -> Self {
        let mut recorder = Self { held, read: None };
        if keeps_files {
            recorder.read = Some(RefCell::new(MemorySource::new(recorder.source().label())));
        }
        recorder
    }

    pub(crate) fn into_files(self) -> MemorySource {
        self.read.map(RefCell::into_inner).unwrap_or_default()
    }

    fn source(&self) -> &dyn Source {
        match &self.held {
            Held::Lent(source) => *source,
            Held::Found(source) => source.as_ref(),
        }
    }
}

impl Source for Recorder<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let text = self.source().read(path)?;
        if let Some(read) = &self.read {
            read.borrow_mut().add(path, &text);
        }
        Ok(text)
    }

    fn table(&self, path: &str, key: &[String]) -> Result<Result<Table, CsvError>, String> {
        let Some(read) = &self.read else { return self.source().table(path, key) };
        let table = self.source().table(path, key)?;
        let text = self.source().read(path)?;
        // What is recorded must be what the rules are made of, even while the file changes.
        let mark = SourceMark::of(text.as_bytes());
        let table = match table {
            Ok(table) if table.source() == mark => Ok(table),
            _ => read_csv(&text, key),
        };
        read.borrow_mut().add(path, text);
        Ok(table)
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.source().size(path)
    }

    fn list(&self, folder: &str, ending: &str) -> Vec<String> {
        self.source().list(folder, ending)
    }

    fn label(&self) -> &str {
        self.source().label()
    }

    fn beside(&self, name: &str) -> Option<Box<dyn Source>> {
        self.source().beside(name)
    }
}
