//! Decides whether the code of a plugin may run, before any of it does: where the file is and who may change
//! it, whether the lock has these very bytes, who signed them, what they tell of themselves, and whether the
//! lock grants what the manifest asks for.

mod approve;
mod candidate;
mod image;
mod place;
mod rollback;
mod signed;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cleanbill_plugin_abi::AbiVersion;
use cleanbill_plugin_abi::field::{self, FieldSet};
use cleanbill_signature::SignerKey;

pub use approve::Approval;
pub use candidate::Candidate;
pub(crate) use image::Image;
use rollback::is_rollback;

use crate::check::Manifest;
use crate::digest::Digest;
use crate::info::PluginInfo;
use crate::inspect::{self, Inspected};
use crate::lock::{Isolation, LockEntry, NeededEntry, PluginLock, TARGET};
use crate::refusal::{Problem, Refusal, Step};
use candidate::Bytes;

/// A library whose code may run: every check has passed on the bytes of its image, which nobody can change.
/// There is no other way to make one than [`TrustedLibrary::check`], and only one of these is ever loaded.
#[derive(Debug)]
pub struct TrustedLibrary {
    path: PathBuf,
    digest: Digest,
    image: Arc<Image>,
    needed: Vec<(Digest, Arc<Image>)>,
    info: PluginInfo,
    manifest: String,
    isolation: Isolation,
    grants: Vec<String>,
    granted: FieldSet,
    signer: Option<SignerKey>,
}

impl TrustedLibrary {
    /// Checks the plugin file `path` against `lock`, without running any of its code.
    ///
    /// # Errors
    /// The first step that it fails at.
    pub fn check(path: &Path, lock: &PluginLock) -> Result<Self, Refusal> {
        check(path, lock).map_err(|why| why.of(path))
    }

    /// The file that was checked, absolute. It is not what is loaded: that is the copy.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The digest of the file.
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// What its manifest says.
    #[must_use]
    pub const fn info(&self) -> &PluginInfo {
        &self.info
    }

    /// The JSON of its manifest.
    #[must_use]
    pub fn manifest_json(&self) -> &str {
        &self.manifest
    }

    /// Where the lock lets its code run.
    #[must_use]
    pub const fn isolation(&self) -> Isolation {
        self.isolation
    }

    /// Names of the fields that it may read.
    #[must_use]
    pub fn grants(&self) -> &[String] {
        &self.grants
    }

    /// The fields that it asks for and may read, as the ABI has them.
    #[must_use]
    pub const fn granted(&self) -> FieldSet {
        self.granted
    }

    /// Who signed it, where the lock asks for that.
    #[must_use]
    pub const fn signer(&self) -> Option<&SignerKey> {
        self.signer.as_ref()
    }

    /// Where the copy that was checked is found by the system's loader, in this process.
    #[must_use]
    pub fn image_path(&self) -> &Path {
        self.image.path()
    }

    /// The open file behind [`Self::image_path`] once more, to be handed to a process that loads it; none
    /// where the path leads to a file of its own.
    ///
    /// # Errors
    /// The system has no more open files to give.
    #[cfg(unix)]
    pub fn image_file(&self) -> std::io::Result<Option<std::os::fd::OwnedFd>> {
        self.image.file()
    }

    /// `sealed memory` or `private copy`.
    #[must_use]
    pub fn image_kind(&self) -> &'static str {
        self.image.kind()
    }

    /// Copies of the libraries that it needs beside the system's own, in the order in which they are loaded.
    pub(crate) fn needed(&self) -> &[(Digest, Arc<Image>)] {
        &self.needed
    }

    /// The copy that was checked.
    pub(crate) const fn image(&self) -> &Arc<Image> {
        &self.image
    }
}

/// Whether this system loads libraries out of sealed memory.
pub(crate) fn can_seal() -> bool {
    Image::of(b"").is_ok_and(|image| image.kind() == "sealed memory")
}

/// Whether nobody but the user and root can change the file `path`.
pub(crate) fn check_rights(path: &Path) -> Result<(), Problem> {
    place::open_owned(place::absolute(path)?).map(drop)
}

fn check(path: &Path, lock: &PluginLock) -> Result<TrustedLibrary, Problem> {
    let read = Bytes::read(place::open(path)?)?;
    let image = read.image()?;
    let Bytes { path, bytes, digest } = read;
    let entry = locked(&bytes, &digest, lock)?;
    let signer = signed::check(&path, &bytes, entry, lock.policy())?;
    let names: Vec<&str> = entry.needed_on(TARGET).map(|needed| needed.name.as_str()).collect();
    let Inspected { section, facts: _ } = inspect::inspect(&bytes, &names)?;
    let needed = entry.needed_on(TARGET).map(needed).collect::<Result<_, _>>()?;
    let manifest = Manifest::read(section.json)?;
    check_entry(entry, &manifest, section.abi, &Digest::of(section.json.as_bytes()))?;
    let granted = granted(entry, &manifest)?;
    Ok(TrustedLibrary {
        path,
        digest,
        image,
        needed,
        info: PluginInfo::new(section.abi, Arc::new(manifest)),
        manifest: section.json.to_owned(),
        isolation: entry.isolation,
        grants: entry.grants.clone(),
        granted,
        signer,
    })
}

/// The entry of these very bytes. Bytes that no entry has are taken apart only to tell what they are.
fn locked<'l>(
    bytes: &[u8],
    digest: &Digest,
    lock: &'l PluginLock,
) -> Result<&'l LockEntry, Problem> {
    let refused = |problem: String, remedy: &str| Err(Problem::new(Step::Lock, problem, remedy));
    if lock.is_denied(digest) {
        return refused(
            format!("it was revoked: sha256 {digest} stands under `deny_sha256` of the lock"),
            "use another version of the plugin",
        );
    }
    if let Some(entry) = lock.entry_of(digest) {
        if entry.isolation == Isolation::InProcess && !lock.policy().allow_in_process {
            return refused(
                format!(
                    "its entry `{}` asks for `in-process`, which the lock's policy forbids",
                    entry.id
                ),
                "set its `isolation` to `worker`, or `allow_in_process` under `[policy]`",
            );
        }
        return Ok(entry);
    }
    let inspected = inspect::inspect(bytes, &[]).ok();
    let manifest = inspected.and_then(|found| Manifest::read(found.section.json).ok());
    let Some(manifest) = manifest else {
        return refused(
            format!("no entry of the lock has its sha256 {digest}"),
            "`cleanbill plugins trust FILE` shows what it is, and adds it",
        );
    };
    let (id, version) = (&manifest.id, &manifest.version);
    let look =
        "look at what changed with `cleanbill plugins trust FILE`, which adds it if you agree";
    match lock.entry(id) {
        None => refused(
            format!("the lock has no entry of `{id}`; its sha256 is {digest}"),
            "`cleanbill plugins trust FILE` shows what it is, and adds it",
        ),
        Some(entry) if entry.version != *version => {
            let way = if is_rollback(&entry.version, version) { "an older" } else { "another" };
            refused(
                format!("it is {way} version: locked `{id}` {}, found {version}", entry.version),
                look,
            )
        }
        Some(entry) => match entry.sha256.get(TARGET) {
            Some(locked) => refused(
                format!("it is not the locked `{id}` {version}: locked {locked}, found {digest}"),
                look,
            ),
            None => refused(
                format!("the lock has `{id}` {version} for other machines than {TARGET} alone"),
                "`cleanbill plugins trust FILE` adds the digest for this one",
            ),
        },
    }
}

/// Whether the manifest is the one that was locked.
fn check_entry(
    entry: &LockEntry,
    manifest: &Manifest,
    abi: AbiVersion,
    digest: &Digest,
) -> Result<(), Problem> {
    let differs = |what: &str, locked: &str, found: &str| {
        Err(Problem::new(
            Step::Lock,
            format!("its {what} is not the locked one: locked {locked}, found {found}"),
            "look at the file with `cleanbill plugins trust FILE`, which locks it if you agree",
        ))
    };
    if entry.id != manifest.id {
        return differs("id", &entry.id, &manifest.id);
    }
    if entry.version != manifest.version {
        return differs("version", &entry.version, &manifest.version);
    }
    if entry.abi != abi.to_string() {
        return differs("ABI", &entry.abi, &abi.to_string());
    }
    if entry.manifest_sha256 != *digest {
        return differs("manifest", entry.manifest_sha256.as_str(), digest.as_str());
    }
    Ok(())
}

/// The fields that the manifest asks for, all of which the lock must grant.
fn granted(entry: &LockEntry, manifest: &Manifest) -> Result<FieldSet, Problem> {
    let missing: Vec<String> = manifest
        .reads
        .iter()
        .filter(|name| !entry.grants.contains(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if missing.is_empty() {
        let fields = manifest.reads.iter().filter_map(|name| field::named(name));
        return Ok(fields.fold(FieldSet::NONE, FieldSet::with));
    }
    Err(Problem::new(
        Step::Grants,
        format!("it reads {}, which the lock does not grant", missing.join(", ")),
        "`cleanbill plugins trust FILE` shows all that it reads, and grants it if you agree",
    ))
}

/// A library that the plugin needs, as the lock has it.
fn needed(locked: &NeededEntry) -> Result<(Digest, Arc<Image>), Problem> {
    let name = &locked.name;
    let of_it = |why: Problem| why.because(&format!("the library `{name}` that it needs"));
    let read = place::open_owned(locked.path.clone()).and_then(Bytes::read).map_err(of_it)?;
    let image = read.image().map_err(of_it)?;
    let Bytes { bytes, digest, .. } = read;
    if digest != locked.sha256 {
        return Err(Problem::new(
            Step::Lock,
            format!(
                "the library `{name}` that it needs is not the locked one: locked {}, found {digest}",
                locked.sha256
            ),
            "look at what changed, then lock it with `cleanbill plugins trust FILE --needed NAME=PATH`",
        ));
    }
    inspect::inspect_needed(&bytes).map_err(of_it)?;
    Ok((digest, image))
}
