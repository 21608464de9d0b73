//! `packs.lock`: which packs, in which version, with which digest and signed by whom, a run is to use.

use core::fmt;
use std::collections::BTreeMap;

use cleanbill_signature::SignerKey;

/// First line of the file.
const FORMAT: &str = "# cleanbill/packs-lock/v1, written by `cleanbill rules pack lock`";

/// Why a lock cannot be read, or a pack is not the one that it names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// A line that is no entry.
    #[error(
        "line {line} is not `NAME VERSION sha256:DIGEST`, with `signer=KEY` behind it or without"
    )]
    BadLine {
        /// Its number, from 1.
        line: usize,
    },
    /// A name or version that a line of the lock cannot hold.
    #[error("the pack `{pack}` cannot be locked: its name or version is empty or holds a blank")]
    BadName {
        /// Its name.
        pack: String,
    },
    /// A pack is not in the lock.
    #[error("the pack `{pack}` is not locked; its digest is {found}")]
    NotLocked {
        /// Its name.
        pack: String,
        /// Its digest.
        found: String,
    },
    /// A pack is another one than the lock names.
    #[error(
        "the pack `{pack}` is not the locked one: locked {locked_version} {locked}, found \
         {found_version} {found}"
    )]
    Drift {
        /// Its name.
        pack: String,
        /// Version in the lock.
        locked_version: String,
        /// Digest in the lock.
        locked: String,
        /// Version found.
        found_version: String,
        /// Digest found.
        found: String,
    },
}

/// Packs by name. Its text is what `packs.lock` holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackLock(BTreeMap<String, Locked>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Locked {
    version: String,
    digest: String,
    signer: Option<SignerKey>,
}

/// What stands before the key of a signer.
const SIGNER: &str = "signer=";

impl PackLock {
    /// Adds a pack; `digest` is that of [`crate::pack_digest`]. With a `signer` only an archive that is
    /// signed with this key is that pack.
    ///
    /// # Errors
    /// [`LockError::BadName`].
    pub fn add(
        &mut self,
        name: &str,
        version: &str,
        digest: &str,
        signer: Option<&SignerKey>,
    ) -> Result<(), LockError> {
        let is_word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
        if !is_word(name) || !is_word(version) || name.starts_with('#') {
            return Err(LockError::BadName { pack: name.to_owned() });
        }
        let locked = Locked {
            version: version.to_owned(),
            digest: digest.to_owned(),
            signer: signer.cloned(),
        };
        self.0.insert(name.to_owned(), locked);
        Ok(())
    }

    /// Reads the text of a lock.
    ///
    /// # Errors
    /// [`LockError::BadLine`].
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let mut lock = Self::default();
        for (line, entry) in (1..).zip(text.lines()) {
            if entry.trim().is_empty() || entry.starts_with('#') {
                continue;
            }
            let words: Vec<&str> = entry.split_whitespace().collect();
            let bad = || LockError::BadLine { line };
            let ([name, version, digest], rest) = words.split_first_chunk().ok_or_else(bad)?;
            let signer = match rest {
                [] => None,
                [signer] => {
                    let key = signer.strip_prefix(SIGNER).ok_or_else(bad)?;
                    Some(SignerKey::parse(key).map_err(|_| bad())?)
                }
                _ => return Err(bad()),
            };
            if !digest.starts_with("sha256:") || lock.0.contains_key(*name) {
                return Err(bad());
            }
            lock.add(name, version, digest, signer.as_ref())?;
        }
        Ok(lock)
    }

    /// Whether a pack is the one that the lock names.
    ///
    /// # Errors
    /// [`LockError`] with both versions and digests when it is not.
    pub fn check(&self, name: &str, version: &str, digest: &str) -> Result<(), LockError> {
        match self.0.get(name) {
            None => Err(LockError::NotLocked { pack: name.to_owned(), found: digest.to_owned() }),
            Some(locked)
                if (locked.version.as_str(), locked.digest.as_str()) != (version, digest) =>
            {
                Err(LockError::Drift {
                    pack: name.to_owned(),
                    locked_version: locked.version.clone(),
                    locked: locked.digest.clone(),
                    found_version: version.to_owned(),
                    found: digest.to_owned(),
                })
            }
            Some(_) => Ok(()),
        }
    }

    /// The key with which the pack `name` must be signed.
    #[must_use]
    pub fn signer(&self, name: &str) -> Option<&SignerKey> {
        self.0.get(name)?.signer.as_ref()
    }
}

impl fmt::Display for PackLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FORMAT}")?;
        self.0.iter().try_for_each(|(name, Locked { version, digest, signer })| {
            write!(f, "{name} {version} {digest}")?;
            if let Some(signer) = signer {
                write!(f, " {SIGNER}{}", signer.as_str())?;
            }
            writeln!(f)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_reads_back_as_it_was_written() {
        let mut lock = PackLock::default();
        lock.add("b", "1.0.0", "sha256:02", None).unwrap();
        let key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
        let signer = SignerKey::parse(key).unwrap();
        lock.add("a", "2026.1", "sha256:01", Some(&signer)).unwrap();
        assert_eq!((lock.signer("a"), lock.signer("b")), (Some(&signer), None));
        let text = lock.to_string();
        assert_eq!(text, format!("{FORMAT}\na 2026.1 sha256:01 signer={key}\nb 1.0.0 sha256:02\n"));
        assert_eq!(PackLock::parse(&text), Ok(lock.clone()));
        for (name, version) in [("a b", "1"), ("a", ""), ("#a", "1")] {
            let refused = LockError::BadName { pack: name.to_owned() };
            assert_eq!(lock.add(name, version, "sha256:03", None), Err(refused));
        }
    }

    #[test]
    fn drift_names_the_pack_and_both_digests() {
        let lock = PackLock::parse("a 1.0.0 sha256:01\n").unwrap();
        assert_eq!(lock.check("a", "1.0.0", "sha256:01"), Ok(()));
        assert_eq!(
            lock.check("a", "1.0.0", "sha256:02").unwrap_err().to_string(),
            "the pack `a` is not the locked one: locked 1.0.0 sha256:01, found 1.0.0 sha256:02"
        );
        assert!(matches!(lock.check("b", "1", "sha256:01"), Err(LockError::NotLocked { .. })));
    }

    #[test]
    fn a_line_that_is_no_entry_is_refused_by_number() {
        for text in ["a 1.0.0\n", "a 1.0.0 md5:1\n", "a 1 sha256:1 x\n", "a 1 sha256:1 signer=RW\n"]
        {
            assert_eq!(PackLock::parse(text), Err(LockError::BadLine { line: 1 }));
        }
        let twice = "a 1 sha256:1\na 1 sha256:1\n";
        assert_eq!(PackLock::parse(twice), Err(LockError::BadLine { line: 2 }));
    }
}
