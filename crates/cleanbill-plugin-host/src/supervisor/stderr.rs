//! What plugins write to standard error. It may hold anything of a claim, so it is counted and thrown away,
//! unless someone asked for it in a file that only they can read.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

/// Where it goes.
#[derive(Debug, Default)]
pub(super) struct Spill {
    file: Option<File>,
    bytes: u64,
}

impl Spill {
    /// To a new file at `path`.
    pub(super) fn to(path: &Path) -> io::Result<Self> {
        let mut options = File::options();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self { file: Some(options.open(path)?), bytes: 0 })
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        // It is for whoever looks into a plugin; a full disk does not stop the run.
        if let Some(file) = &mut self.file
            && file.write_all(bytes).is_err()
        {
            self.file = None;
        }
    }

    /// How much it was.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }
}
