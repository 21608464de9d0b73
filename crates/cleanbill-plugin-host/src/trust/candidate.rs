//! A plugin file that was looked at, and is not trusted for it: what `plugins show` and `plugins trust` tell
//! of it. None of its code has run.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cleanbill_signature::SignerKey;

use super::image::{self, Image};
use super::{place, signed};
use crate::check::Manifest;
use crate::digest::Digest;
use crate::info::PluginInfo;
use crate::inspect::{self, Inspected};
use crate::refusal::{Problem, Refusal, Step};

/// The bytes of a plugin file, read once.
pub(super) struct Bytes {
    /// Its absolute path without links.
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
    pub(super) digest: Digest,
}

impl Bytes {
    /// Reads the file that was placed.
    pub(super) fn read(placed: place::Placed) -> Result<Self, Problem> {
        let bytes = image::read(&placed.file).map_err(|error| unreadable(&error))?;
        Ok(Self { path: placed.path, digest: Digest::of(&bytes), bytes })
    }

    /// The copy that may be loaded.
    pub(super) fn image(&self) -> Result<Arc<Image>, Problem> {
        Image::of(&self.bytes).map(Arc::new).map_err(|error| unreadable(&error))
    }
}

fn unreadable(error: &io::Error) -> Problem {
    let remedy = "check the file, and that there is room for a copy of it";
    Problem::new(Step::Path, format!("it cannot be read: {error}"), remedy)
}

/// A plugin file that was looked at.
#[derive(Debug)]
pub struct Candidate {
    path: PathBuf,
    bytes: Vec<u8>,
    digest: Digest,
    info: PluginInfo,
    manifest_digest: Digest,
    needed: Vec<String>,
}

impl Candidate {
    /// Looks at the plugin file `path`: place, rights, bytes and manifest, but neither lock nor signature.
    /// `needed` names libraries that it may need beside the system's own.
    ///
    /// # Errors
    /// What would keep it from being loaded whatever the lock says.
    pub fn look(path: &Path, needed: &[&str]) -> Result<Self, Refusal> {
        Self::examine(path, needed).map_err(|why| why.of(path))
    }

    fn examine(path: &Path, needed: &[&str]) -> Result<Self, Problem> {
        let Bytes { path, bytes, digest } = Bytes::read(place::open(path)?)?;
        let Inspected { section, facts } = inspect::inspect(&bytes, needed)?;
        let manifest = Manifest::read(section.json)?;
        let manifest_digest = Digest::of(section.json.as_bytes());
        let needed = facts.needed.into_iter().filter(|name| !inspect::is_system(name)).collect();
        let info = PluginInfo::new(section.abi, Arc::new(manifest));
        Ok(Self { path, digest, info, manifest_digest, needed, bytes })
    }

    /// The file, absolute.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The digest of the file.
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The digest of the JSON of its manifest.
    #[must_use]
    pub const fn manifest_digest(&self) -> &Digest {
        &self.manifest_digest
    }

    /// What its manifest says.
    #[must_use]
    pub const fn info(&self) -> &PluginInfo {
        &self.info
    }

    /// Libraries that it needs beside the system's own.
    #[must_use]
    pub fn needed(&self) -> &[String] {
        &self.needed
    }

    /// The one of `keys` that signed it, as the signature beside the file says.
    ///
    /// # Errors
    /// None of them did, or the signature is for another plugin or version.
    pub fn signer(&self, keys: &[SignerKey]) -> Result<SignerKey, Refusal> {
        let (id, version) = (self.info.id(), self.info.version());
        signed::signer(&self.path, &self.bytes, id, version, keys).map_err(|why| why.of(&self.path))
    }
}
