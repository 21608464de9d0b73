//! What a person agrees to when a plugin is locked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use toml_edit::Datetime;

use super::{candidate::Bytes, candidate::Candidate, is_rollback, place};
use crate::inspect;
use crate::lock::{Isolation, LockEntry, NeededEntry, Signer, TARGET};
use crate::refusal::Refusal;

/// What a person agrees to when a plugin is locked.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Who agrees.
    pub by: String,
    /// When, as the lock has it.
    pub at: Datetime,
    /// Where the plugin's code may run.
    pub isolation: Isolation,
    /// Names of the fields that it may read.
    pub grants: Vec<String>,
    /// Who must have signed it, from now on.
    pub signer: Option<Signer>,
    /// Libraries that it needs beside the system's own.
    pub needed: Vec<NeededEntry>,
}

impl Candidate {
    /// The entry of this file in a lock that has `previous` for its id. Digests for other machines stay
    /// where they are of the same version and manifest.
    #[must_use]
    pub fn entry(&self, approval: Approval, previous: Option<&LockEntry>) -> LockEntry {
        let info = self.info();
        let same = previous.filter(|entry| {
            entry.version == info.version() && entry.manifest_sha256 == *self.manifest_digest()
        });
        let mut sha256: BTreeMap<_, _> = same.map(|entry| entry.sha256.clone()).unwrap_or_default();
        sha256.insert(TARGET.to_owned(), self.digest().clone());
        let mut needed: Vec<NeededEntry> =
            same.map(|entry| entry.needed.clone()).unwrap_or_default();
        needed.retain(|needed| needed.target != TARGET);
        needed.extend(approval.needed);
        // The kit judged a file, not a version of it.
        let tested = same.filter(|entry| entry.sha256 == sha256);
        LockEntry {
            id: info.id().to_owned(),
            version: info.version().to_owned(),
            abi: info.abi().to_string(),
            isolation: approval.isolation,
            sha256,
            manifest_sha256: self.manifest_digest().clone(),
            signer: approval.signer,
            grants: approval.grants,
            approved_by: approval.by,
            approved_at: approval.at,
            needed,
            conformance: tested.and_then(|entry| entry.conformance.clone()),
        }
    }

    /// Whether it is older than what is locked, or cannot be told to be newer.
    #[must_use]
    pub fn is_rollback(&self, previous: &LockEntry) -> bool {
        is_rollback(&previous.version, self.info().version())
    }
}

impl NeededEntry {
    /// The library in `path`, by the `name` under which a plugin asks for it; none of its code has run.
    ///
    /// # Errors
    /// It may not be loaded.
    pub fn look(name: &str, path: PathBuf) -> Result<Self, Refusal> {
        let checked = place::absolute(&path);
        let checked = checked.and_then(place::open_owned).and_then(Bytes::read);
        let checked =
            checked.and_then(|found| inspect::inspect_needed(&found.bytes).map(|()| found));
        let Bytes { path, digest, .. } = checked.map_err(|why| why.of(&path))?;
        Ok(Self { name: name.to_owned(), target: TARGET.to_owned(), path, sha256: digest })
    }
}
