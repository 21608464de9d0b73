//! Digests: of the file that a table was made of, and of the blocks of a table.

use core::fmt::Write as _;
use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

/// SHA-256 of some bytes.
pub(crate) type Digest = [u8; 32];

/// Bytes of a table that share one digest: 64 KiB, so that a part can be checked without the rest. A start
/// touches the texts of each column, which lie apart: the smaller the block, the less is read around them.
pub(crate) const BLOCK: usize = 64 << 10;

/// Bytes read at once.
const READ: usize = 1 << 20;

/// SHA-256 of `parts`, one after the other.
pub(crate) fn digest_of(parts: &[&[u8]]) -> Digest {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What tells whether a file is still the one that a table was made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceMark {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
}

impl SourceMark {
    /// The mark of a file with this content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self {
            bytes: u64::try_from(content.len()).unwrap_or(u64::MAX),
            sha256: digest_of(&[content]),
        }
    }

    /// The mark of what `reader` gives.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn read(mut reader: impl Read) -> io::Result<Self> {
        let mut hash = Sha256::new();
        let mut bytes = 0;
        let mut buffer = vec![0; READ];
        loop {
            let count = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hash.update(buffer.get(..count).unwrap_or_default());
            bytes += u64::try_from(count).unwrap_or(u64::MAX);
        }
        Ok(Self { bytes, sha256: hash.finalize().into() })
    }
}
