//! One plugin in a lock.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cleanbill_plugin_abi::field;
use serde::Deserialize;
use toml_edit::Datetime;

use super::policy::Signer;
use crate::digest::Digest;

/// Where the code of a plugin runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// In a process of its own.
    #[default]
    Worker,
    /// In the process that reads the claims, with all its rights.
    InProcess,
}

impl Isolation {
    /// `worker` or `in-process`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::InProcess => "in-process",
        }
    }
}

/// One plugin in a lock.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockEntry {
    /// Its unique name.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The ABI version that it was built for, `1.0`.
    pub abi: String,
    /// Where its code runs.
    pub isolation: Isolation,
    /// The digest of its file for each target triple.
    pub sha256: BTreeMap<String, Digest>,
    /// The digest of the JSON of its manifest, the same for every target.
    pub manifest_sha256: Digest,
    /// Who must have signed it.
    pub signer: Option<Signer>,
    /// Names of the fields that it may read.
    pub grants: Vec<String>,
    /// Who let it in.
    pub approved_by: String,
    /// When.
    pub approved_at: Datetime,
    /// Libraries that it needs beside the system's own.
    #[serde(default)]
    pub needed: Vec<NeededEntry>,
    /// What the conformance kit said of it.
    pub conformance: Option<String>,
}

/// A library that a plugin needs beside the system's own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeededEntry {
    /// The name by which the plugin asks for it, `libz.so.1`.
    pub name: String,
    /// The target triple of the file.
    pub target: String,
    /// The file, absolute.
    pub path: PathBuf,
    /// Its digest.
    pub sha256: Digest,
}

impl LockEntry {
    /// The libraries that it needs on `target`.
    pub(crate) fn needed_on(&self, target: &str) -> impl Iterator<Item = &NeededEntry> {
        self.needed.iter().filter(move |needed| needed.target == target)
    }

    /// What is wrong with its words.
    pub(super) fn check(&self) -> Result<(), String> {
        match self.grants.iter().find(|name| field::named(name).is_none()) {
            Some(name) => Err(format!("`grants` names `{name}`, which is no field")),
            None => Ok(()),
        }
    }
}
