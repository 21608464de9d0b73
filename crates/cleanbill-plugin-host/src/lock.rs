//! `plugins.lock`: which plugins may run, by the digest of their files, and which fields of claims each may
//! read. People keep it under version control and may write comments into it; they survive every change.

mod entry;
mod policy;
mod write;

use core::fmt;
use core::ops::Range;
use std::collections::BTreeSet;

use serde::Deserialize;
use toml_edit::{DocumentMut, TomlError};

pub use entry::{Isolation, LockEntry, NeededEntry};
pub use policy::{Policy, Signer};

use crate::digest::Digest;

/// The name that is looked for in the current folder.
pub const PLUGINS_LOCK: &str = "plugins.lock";

/// The target triple of this program; a lock has one digest for each.
pub const TARGET: &str = env!("CLEANBILL_TARGET");

/// The version of this format.
const SCHEMA: u32 = 1;

/// What a new lock begins with.
const HEADER: &str = "\
# Plugins that may run, and what each may read. `cleanbill plugins trust FILE` adds one; commit this file.
schema = 1
";

/// Why a lock cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PluginLockError {
    /// It is not TOML, or has members that a lock does not have.
    #[error("it is not valid: {0}")]
    Invalid(String),
    /// It is of another version.
    #[error("its `schema` is {0}, and this program reads 1")]
    Schema(u32),
    /// Two entries have one id.
    #[error("it has two entries of the plugin `{0}`")]
    Twice(String),
}

/// A lock, and the text that it was read from.
#[derive(Clone, Debug)]
pub struct PluginLock {
    document: DocumentMut,
    content: Content,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    schema: u32,
    #[serde(default)]
    deny_sha256: BTreeSet<Digest>,
    #[serde(default)]
    policy: Policy,
    #[serde(default, rename = "plugin")]
    plugins: Vec<LockEntry>,
}

impl Default for PluginLock {
    fn default() -> Self {
        // The header is a constant that reads back; a test holds it.
        Self::parse(HEADER).unwrap_or_else(|_| Self {
            document: DocumentMut::new(),
            content: Content { schema: SCHEMA, ..Content::default() },
        })
    }
}

impl PluginLock {
    /// Reads the text of a lock.
    ///
    /// # Errors
    /// [`PluginLockError`].
    pub fn parse(text: &str) -> Result<Self, PluginLockError> {
        let invalid = |message: &str, span: Option<Range<usize>>| {
            let before = span.and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            PluginLockError::Invalid(format!("line {line}: {}", message.replace('\n', "; ")))
        };
        let document: DocumentMut =
            text.parse().map_err(|error: TomlError| invalid(error.message(), error.span()))?;
        let content: Content = toml_edit::de::from_str(text)
            .map_err(|error| invalid(error.message(), error.span()))?;
        if content.schema != SCHEMA {
            return Err(PluginLockError::Schema(content.schema));
        }
        let mut ids = BTreeSet::new();
        for entry in &content.plugins {
            entry.check().map_err(|problem| {
                PluginLockError::Invalid(format!("plugin `{}`: {problem}", entry.id))
            })?;
            if !ids.insert(entry.id.as_str()) {
                return Err(PluginLockError::Twice(entry.id.clone()));
            }
        }
        Ok(Self { document, content })
    }

    /// All plugins that it names, in its order.
    #[must_use]
    pub fn entries(&self) -> &[LockEntry] {
        &self.content.plugins
    }

    /// The plugin of that id.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<&LockEntry> {
        self.entries().iter().find(|entry| entry.id == id)
    }

    /// The plugin whose file for this target has that digest.
    #[must_use]
    pub fn entry_of(&self, digest: &Digest) -> Option<&LockEntry> {
        self.entries().iter().find(|entry| entry.sha256.get(TARGET) == Some(digest))
    }

    /// Whether a file with that digest must never be loaded, whatever else the lock says.
    #[must_use]
    pub fn is_denied(&self, digest: &Digest) -> bool {
        self.content.deny_sha256.contains(digest)
    }

    /// What holds for every plugin.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.content.policy
    }
}

impl fmt::Display for PluginLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_lock_reads_back_and_lets_nothing_load() {
        let lock = PluginLock::default();
        assert_eq!(lock.to_string(), HEADER);
        assert!(lock.entries().is_empty() && !lock.policy().allow_in_process);
    }

    #[test]
    fn what_a_lock_does_not_have_is_refused() {
        let hash = "0".repeat(64);
        let entry = |more: &str| {
            format!(
                "schema = 1\n[[plugin]]\nid = \"a\"\nversion = \"1\"\nabi = \"1.0\"\nisolation = \
                 \"worker\"\nmanifest_sha256 = \"{hash}\"\ngrants = []\napproved_by = \"jane\"\n\
                 approved_at = 2026-03-02\nsha256 = {{ x = \"{hash}\" }}\n{more}"
            )
        };
        assert!(PluginLock::parse(&entry("")).is_ok());
        for (text, told) in [
            ("schema = 2\n".to_owned(), "its `schema` is 2"),
            ("schema = 1\nplugins = 1\n".to_owned(), "unknown field `plugins`"),
            (entry("speed = 1\n"), "unknown field `speed`"),
            (entry("signer = \"RW\"\n"), "line 12: `RW`: it is not a public key"),
            (entry(&entry("").replace("schema = 1\n", "")), "two entries of the plugin `a`"),
            (entry("").replace("grants = []", "grants = [\"line.name\"]"), "`line.name`"),
            (entry("").replace("\"worker\"", "\"thread\""), "unknown variant `thread`"),
            (entry("").replace(&hash, "12"), "64 hexadecimal digits"),
        ] {
            let error = PluginLock::parse(&text).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}
