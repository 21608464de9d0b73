//! Who signed a plugin file: a detached signature beside it, whose signed comment names plugin and version.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use cleanbill_signature::{Detached, SIGNATURE_ENDING, SignerKey};

use crate::lock::{LockEntry, Policy};
use crate::refusal::{Problem, Step};

/// A signature longer than this is none, in bytes.
const LIMIT: u64 = 1 << 16;

/// The one of the keys that `entry` and `policy` ask for that signed these bytes of the file `path`; none
/// when no signature is asked for.
pub(super) fn check(
    path: &Path,
    bytes: &[u8],
    entry: &LockEntry,
    policy: &Policy,
) -> Result<Option<SignerKey>, Problem> {
    let allowed = || policy.allowed_signers.iter().map(|signer| signer.key().clone());
    let keys: Vec<SignerKey> = match &entry.signer {
        Some(signer) if policy.allowed_signers.is_empty() => vec![signer.key().clone()],
        Some(signer) => allowed().filter(|key| key == signer.key()).collect(),
        None if policy.require_signature => allowed().collect(),
        None => return Ok(None),
    };
    if keys.is_empty() {
        return Err(unsigned(
            "the lock asks for a signature and allows nobody to make it",
            "name the key under `allowed_signers` of the lock's `[policy]`",
        ));
    }
    let signer = signer(path, bytes, &entry.id, &entry.version, &keys)?;
    Ok(Some(signer))
}

/// The one of `keys` that signed the plugin `id` in `version` with these bytes.
pub(super) fn signer(
    path: &Path,
    bytes: &[u8],
    id: &str,
    version: &str,
    keys: &[SignerKey],
) -> Result<SignerKey, Problem> {
    let file = signature_path(path);
    let again = "get library and signature again from whoever made the plugin";
    let text = read(&file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            unsigned(format!("it is not signed: there is no `{}`", file.display()), again)
        }
        _ => unsigned(format!("`{}` cannot be read: {error}", file.display()), again),
    })?;
    let found = Detached::parse(&text).map_err(|error| unsigned(error.to_string(), again))?;
    let signer = found.signer(bytes, keys).map_err(|error| {
        let keys: Vec<&str> = keys.iter().map(SignerKey::as_str).collect();
        unsigned(format!("{error}; expected the signature of {}", keys.join(" or ")), again)
    })?;
    let words: Vec<&str> = found.comment().split_whitespace().collect();
    let has = |name: &str, value: &str| {
        let mut named = words.iter().filter_map(|word| word.split_once('='));
        let mut values = named.by_ref().filter(|(key, _)| *key == name);
        values.next() == Some((name, value)) && values.next().is_none()
    };
    if has("id", id) && has("version", version) {
        return Ok(signer.clone());
    }
    Err(unsigned(
        format!(
            "the signed comment is `{}`, and must name `id={id} version={version}`",
            found.comment()
        ),
        again,
    ))
}

/// The file in which the signature of a plugin stands.
fn signature_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(SIGNATURE_ENDING);
    PathBuf::from(name)
}

fn read(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(file)?.take(LIMIT).read_to_string(&mut text)?;
    Ok(text)
}

fn unsigned(problem: impl Into<String>, remedy: &str) -> Problem {
    Problem::new(Step::Signature, problem, remedy)
}
