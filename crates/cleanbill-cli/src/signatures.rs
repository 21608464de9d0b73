//! Which archives a command takes: those signed by whom it was told to trust.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_rules::{
    MAX_ARCHIVE_BYTES, MemorySource, PackLock, PackSignature, RecordedPack, Source as _,
    open_archive, pack_identity,
};
use cleanbill_signature::{SIGNATURE_ENDING, SignatureError, SignerKey};

use crate::failure::Failure;
use crate::packs::refused_archive;

/// The flag of verbs that ask who signed.
#[derive(Clone, Debug, Default, Args)]
pub struct KeyFlags {
    /// Key of someone who signs packs, as `RW...` or as a file; may be repeated. Packs must then be
    /// archives that one of them signed; those that come with cleanbill need no signature
    #[arg(long, value_name = "KEY_OR_FILE")]
    public_key: Vec<String>,
}

/// Flags of verbs that run packs.
#[derive(Clone, Debug, Default, Args)]
pub struct SignatureFlags {
    #[command(flatten)]
    keys: KeyFlags,
    /// Take only archives that are signed: with --public-key by one of these keys, with --locked by the
    /// signer that packs.lock names
    #[arg(long)]
    require_signature: bool,
}

/// Who must have signed which archive, and which archives were.
#[derive(Debug, Default)]
pub struct Trust {
    keys: Vec<SignerKey>,
    /// Whether every pack must be signed.
    every: bool,
    lock: Option<PackLock>,
    /// The archives, by label, that were found to be signed as they must be, and by whom.
    signed: BTreeMap<String, SignerKey>,
}

impl KeyFlags {
    /// Who must have signed.
    ///
    /// # Errors
    /// A key that is none.
    pub fn trust(&self) -> Result<Trust, Failure> {
        let keys: Vec<SignerKey> =
            self.public_key.iter().map(|key| read_key(key)).collect::<Result<_, _>>()?;
        Ok(Trust { every: !keys.is_empty(), keys, ..Trust::default() })
    }
}

impl SignatureFlags {
    /// Who must have signed, with the lock that holds the run, if one does.
    ///
    /// # Errors
    /// A key that is none, or nobody who could have signed.
    pub fn trust(&self, lock: Option<PackLock>) -> Result<Trust, Failure> {
        let trust = self.keys.trust()?;
        if self.require_signature && trust.keys.is_empty() && lock.is_none() {
            return Err(Failure::refused(
                "nobody is named whose signature would do",
                "name a key with `--public-key`, or use `--locked` with a packs.lock that names signers",
            ));
        }
        Ok(Trust { every: trust.every || self.require_signature, lock, ..trust })
    }
}

impl Trust {
    /// Whether anything is asked of packs beyond what they say themselves.
    pub fn asks(&self) -> bool {
        self.every || self.lock.is_some()
    }

    /// The files in the archive at `path`. The signature is looked at before the archive is, wherever it is
    /// known by then who must have signed.
    ///
    /// # Errors
    /// It cannot be read, is not as it was built, or not signed as it must be.
    pub fn open(&mut self, path: &Path) -> Result<MemorySource, Failure> {
        let label = path.display().to_string();
        let bytes = read_archive(path)?;
        if !self.keys.is_empty() {
            check(path, &label, &bytes, &self.keys)?;
        }
        let files =
            open_archive(&label, &bytes).map_err(|error| refused_archive(&label, &error))?;
        let name = pack_identity(&files).map(|(name, _)| name).unwrap_or_default();
        let Some(expected) = self.expected(&name)? else { return Ok(files) };
        let (signature, signer) = check(path, &label, &bytes, &expected)?;
        signature
            .check_pack(&files)
            .map_err(|error| unsigned(&label, &error.to_string(), &expected))?;
        self.signed.insert(label, signer);
        Ok(files)
    }

    /// Whether a part of a pack that is to be used is what it must be.
    ///
    /// # Errors
    /// It is not the locked one, or must be signed and is no archive.
    pub fn check(&self, part: &RecordedPack, digest: &str) -> Result<(), Failure> {
        if let Some(lock) = &self.lock {
            lock.check(&part.name, &part.version, digest).map_err(|error| {
                Failure::refused(
                    error.to_string(),
                    "look at what changed (`cleanbill diff`), then lock it with `cleanbill rules pack lock`",
                )
            })?;
        }
        // What is in the binary is a part of the program.
        if self.signer_of(part).is_some() || self.is_embedded(part) {
            return Ok(());
        }
        match self.expected(&part.name)? {
            None => Ok(()),
            Some(expected) => {
                let reason = "only an archive can be signed";
                let label = format!("{} {}", part.name, part.version);
                Err(unsigned(&label, reason, &expected))
            }
        }
    }

    /// Who signed a part of a pack, where that was asked.
    pub fn signer_of(&self, part: &RecordedPack) -> Option<&SignerKey> {
        self.signed.get(part.files.label())
    }

    /// The keys of which one must have signed the pack `name`; none when it need not be signed.
    fn expected(&self, name: &str) -> Result<Option<Vec<SignerKey>>, Failure> {
        let pinned = self.lock.as_ref().and_then(|lock| lock.signer(name));
        match (pinned, self.every) {
            (Some(pinned), _) => Ok(Some(vec![pinned.clone()])),
            (None, true) if self.keys.is_empty() => Err(Failure::refused(
                format!("`packs.lock` names no signer of the pack `{name}`"),
                "lock it with `cleanbill rules pack lock --public-key KEY`, or name a key with `--public-key`",
            )),
            (None, true) => Ok(Some(self.keys.clone())),
            (None, false) => Ok(None),
        }
    }

    fn is_embedded(&self, part: &RecordedPack) -> bool {
        let pinned = self.lock.as_ref().is_some_and(|lock| lock.signer(&part.name).is_some());
        !pinned
            && cleanbill_default_packs::default_packs().iter().any(|own| {
                let has = |(path, text): (&str, &str)| own.files().any(|file| file == (path, text));
                part.files.files().all(has)
            })
    }
}

/// The bytes of an archive.
///
/// # Errors
/// It cannot be read.
pub fn read_archive(path: &Path) -> Result<Vec<u8>, Failure> {
    read(path, MAX_ARCHIVE_BYTES).map_err(|error| {
        let label = path.display();
        Failure::refused(format!("`{label}` cannot be read: {error}"), "check the name")
    })
}

/// The file in which the signature of an archive stands.
pub fn signature_path(archive: &Path) -> PathBuf {
    let mut name = archive.as_os_str().to_owned();
    name.push(SIGNATURE_ENDING);
    PathBuf::from(name)
}

/// The signature of the archive `path`, found to be one of these bytes by one of `keys`, which comes too.
fn check(
    path: &Path,
    label: &str,
    bytes: &[u8],
    keys: &[SignerKey],
) -> Result<(PackSignature, SignerKey), Failure> {
    let file = signature_path(path);
    let unsigned = |reason: &str| unsigned(label, reason, keys);
    let text = read(&file, 1 << 16).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            unsigned(&format!("it is not signed: there is no `{}`", file.display()))
        }
        _ => unsigned(&format!("`{}` cannot be read: {error}", file.display())),
    })?;
    let text = String::from_utf8(text)
        .map_err(|_| unsigned(&SignatureError::NotASignature.to_string()))?;
    let signature = PackSignature::parse(&text).map_err(|error| unsigned(&error.to_string()))?;
    let signer = signature.signer(bytes, keys).map_err(|error| unsigned(&error.to_string()))?;
    Ok((signature, signer.clone()))
}

fn unsigned(label: &str, reason: &str, expected: &[SignerKey]) -> Failure {
    let keys: Vec<&str> = expected.iter().map(SignerKey::as_str).collect();
    Failure::refused(
        format!("`{label}` is refused: {reason}; expected the signature of {}", keys.join(" or ")),
        "get archive and signature again from whoever made the pack, and the key from them directly",
    )
}

/// A key, or the key in the file of that name.
///
/// # Errors
/// It is none.
pub fn read_key(key: &str) -> Result<SignerKey, Failure> {
    if let Ok(key) = SignerKey::parse(key) {
        return Ok(key);
    }
    let refused = |reason: String| {
        let help = "give the line that starts with `RW`, or the file in which it stands";
        Failure::refused(format!("`{key}` cannot be used as a public key: {reason}"), help)
    };
    let text = fs::read_to_string(key).map_err(|error| refused(error.to_string()))?;
    SignerKey::parse(&text).map_err(|error| refused(error.to_string()))
}

/// The bytes of a file, and one more than `limit` of a larger one, so that it is told and not cut.
fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
