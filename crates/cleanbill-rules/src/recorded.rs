//! The files that a pack consists of: those that loading it reads, and no others.

use core::cell::RefCell;

use crate::check::{Pack, load};
use crate::diagnostic::Diagnostics;
use crate::source::{MemorySource, Source};

/// Loads a pack and keeps the files that it was made of, for its digest, archive or fingerprint. What
/// lies beside them in the folder is no part of the pack.
///
/// # Errors
/// The mistakes that [`load`] finds.
pub fn load_recorded(source: &dyn Source) -> Result<(Pack, MemorySource), Diagnostics> {
    let recorder = Recorder { source, read: RefCell::new(MemorySource::new(source.label())) };
    let pack = load(&recorder)?;
    Ok((pack, recorder.read.into_inner()))
}

struct Recorder<'a> {
    source: &'a dyn Source,
    read: RefCell<MemorySource>,
}

impl Source for Recorder<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let text = self.source.read(path)?;
        self.read.borrow_mut().add(path, &text);
        Ok(text)
    }

    fn list(&self, folder: &str, ending: &str) -> Vec<String> {
        self.source.list(folder, ending)
    }

    fn label(&self) -> &str {
        self.source.label()
    }
}
