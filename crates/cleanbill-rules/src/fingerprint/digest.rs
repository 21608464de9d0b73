//! A digest of a YAML value that follows from what it means, not from how it is laid out.

use sha2::{Digest as _, Sha256};

use crate::source::MemorySource;
use crate::yaml::{Node, Shape};

/// SHA-256 over a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    /// The digest of a value. The order of keys, quotes and layout do not count; the order of a list does.
    pub(super) fn of(node: &Node) -> Self {
        let mut hash = Sha256::new();
        feed(&mut hash, node);
        Self::end(hash)
    }

    /// The digest of a text.
    pub(super) fn of_text(text: &str) -> Self {
        let mut hash = Sha256::new();
        feed_text(&mut hash, text);
        Self::end(hash)
    }

    /// The digest of whole files: every byte counts.
    pub(super) fn of_files<'a>(packs: impl Iterator<Item = &'a MemorySource>) -> Self {
        let mut hash = Sha256::new();
        for (path, text) in packs.flat_map(MemorySource::files) {
            feed_text(&mut hash, path);
            feed_text(&mut hash, text);
        }
        Self::end(hash)
    }

    /// The digest of what was fed into `hash`.
    pub(super) fn end(hash: Sha256) -> Self {
        Self(hash.finalize().into())
    }

    /// The first half: enough to pair the rows of two tables, at half the memory.
    pub(super) fn half(self) -> u128 {
        let (half, _) = self.0.split_first_chunk().unwrap_or((&[0; 16], &[]));
        u128::from_be_bytes(*half)
    }

    /// Adds this digest to another one.
    pub(super) fn feed(&self, hash: &mut Sha256) {
        hash.update(self.0);
    }
}

/// Adds a text with its length before it, so that no two lists of texts read alike.
pub(super) fn feed_text(hash: &mut Sha256, text: &str) {
    feed_count(hash, text.len());
    hash.update(text.as_bytes());
}

fn feed(hash: &mut Sha256, node: &Node) {
    match &node.shape {
        Shape::Scalar { text, plain: true } if is_null(text) => hash.update(b"n"),
        Shape::Scalar { text, .. } => {
            hash.update(b"s");
            feed_text(hash, text);
        }
        Shape::List(items) => {
            hash.update(b"l");
            feed_count(hash, items.len());
            items.iter().for_each(|item| feed(hash, item));
        }
        Shape::Map(entries) => {
            hash.update(b"m");
            feed_count(hash, entries.len());
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by(|a, b| a.key.cmp(&b.key));
            for entry in sorted {
                feed_text(hash, &entry.key);
                feed(hash, &entry.value);
            }
        }
    }
}

fn feed_count(hash: &mut Sha256, count: usize) {
    // A `usize` always fits into a `u64` on every platform that Rust runs on.
    hash.update(u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes());
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}
