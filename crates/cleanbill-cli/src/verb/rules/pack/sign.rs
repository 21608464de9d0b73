//! `rules pack sign`: a signature beside an archive, in the format of minisign.

use std::path::PathBuf;

use clap::Args;
use cleanbill_rules::{PackSignature, PackSignatureError, open_archive, signature_comment};
use cleanbill_run::publish_file;
use cleanbill_signature::SignerKey;
use minisign::PublicKey;

use super::{key_file, line};
use crate::failure::Failure;
use crate::packs;
use crate::signatures::{read_archive, signature_path};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules pack keygen --output acme.key
  cleanbill rules pack sign acme.cbpack --key acme.key
  cleanbill rules pack verify acme.cbpack --public-key acme.pub

The signature appears as FILE.minisig; minisign can check it too. The password of a key is asked
on a terminal; a script names a file with it in CLEANBILL_KEY_PASSWORD_FILE.
Exit codes: 0 signed, 2 refused.";

/// What stands in the line of a signature that nobody signs.
const UNTRUSTED: &str = "signature of a cleanbill pack";

/// Flags of `rules pack sign`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SignFlags {
    /// The archive
    #[arg(value_name = "FILE")]
    archive: PathBuf,
    /// File with the secret key, of `rules pack keygen` or of minisign
    #[arg(long, value_name = "KEYFILE")]
    key: PathBuf,
}

/// Signs; what was signed is checked once more with the public key before it is written.
pub fn run(flags: &SignFlags) -> Result<u8, Failure> {
    let label = flags.archive.display().to_string();
    let bytes = read_archive(&flags.archive)?;
    let files =
        open_archive(&label, &bytes).map_err(|error| packs::refused_archive(&label, &error))?;
    let comment = signature_comment(&files)
        .map_err(|error| Failure::refused(format!("`{label}` cannot be signed: {error}"), ""))?;
    let secret = key_file::read(&flags.key)?;
    let failed = |reason: String| {
        Failure::refused(format!("`{label}` could not be signed: {reason}"), "try another key")
    };
    let public = PublicKey::from_secret_key(&secret).map_err(|error| failed(error.to_string()))?;
    let made =
        minisign::sign(Some(&public), &secret, bytes.as_slice(), Some(&comment), Some(UNTRUSTED))
            .map_err(|error| failed(error.to_string()))?
            .into_string();
    let keys = [SignerKey::parse(&public.to_base64()).map_err(|error| failed(error.to_string()))?];
    let checked = PackSignature::parse(&made).map_err(PackSignatureError::from).and_then(|made| {
        made.signer(&bytes, &keys)?;
        made.check_pack(&files)
    });
    checked.map_err(|error| failed(error.to_string()))?;
    let path = signature_path(&flags.archive);
    publish_file(path.clone(), made.as_bytes())?;
    let [key] = &keys;
    line(&format!("signed: {comment}"))?;
    line(&format!("wrote {}; it is checked with --public-key {}", path.display(), key.as_str()))
}
