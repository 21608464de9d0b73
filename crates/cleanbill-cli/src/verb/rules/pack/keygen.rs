//! `rules pack keygen`: a pair of keys, in the format of minisign.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use minisign::KeyPair;

use super::{key_file, line};
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  cleanbill rules pack keygen --output acme.key               asks for a password
  cleanbill rules pack keygen --output ci.key --no-password   whoever has the file can sign

The public key appears beside it as acme.pub: hand it out by a way of its own and not beside the
archives. A script names a file with the password in CLEANBILL_KEY_PASSWORD_FILE.";

/// Flags of `rules pack keygen`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct KeygenFlags {
    /// File for the secret key; the public key appears beside it with the ending `.pub`
    #[arg(long, short, value_name = "KEYFILE")]
    output: PathBuf,
    /// Make a key without a password, for machines that sign by themselves
    #[arg(long)]
    no_password: bool,
}

/// Makes the keys; no file is overwritten.
pub fn run(flags: &KeygenFlags) -> Result<u8, Failure> {
    let public = flags.output.with_extension("pub");
    if public == flags.output {
        return Err(Failure::refused(
            format!("`{}` is the name of the public key", flags.output.display()),
            "give the secret key another ending, such as `.key`",
        ));
    }
    for path in [&flags.output, &public] {
        if path.symlink_metadata().is_ok() {
            return Err(Failure::refused(
                format!("`{}` is there already and is not overwritten", path.display()),
                "choose another name",
            ));
        }
    }
    let pair = match flags.no_password {
        true => KeyPair::generate_unencrypted_keypair(),
        false => KeyPair::generate_encrypted_keypair(Some(new_password()?)),
    };
    let made = pair.and_then(|pair| {
        let secret = pair.sk.to_box(Some("secret key for cleanbill packs"))?.into_string();
        Ok((secret, pair.pk.to_box()?.into_string(), pair.pk.to_base64()))
    });
    let (secret, public_text, key) =
        made.map_err(|error| Failure::refused(format!("no key was made: {error}"), "try again"))?;
    write(&flags.output, &secret, 0o600)?;
    write(&public, &public_text, 0o644)?;
    line(&format!(
        "wrote {} (keep it) and {} (hand it out)",
        flags.output.display(),
        public.display()
    ))?;
    line(&format!("public key: {key}"))
}

/// A password, typed twice where it is typed.
fn new_password() -> Result<String, Failure> {
    let password = key_file::password("Password for the new key: ")?;
    if std::env::var_os(key_file::PASSWORD_FILE).is_none() {
        if password.is_empty() {
            return Err(Failure::refused(
                "the password is empty",
                "type one, or ask for a key without one with `--no-password`",
            ));
        }
        if key_file::password("The same again: ")? != password {
            return Err(Failure::refused("the two passwords differ", "nothing was written"));
        }
    }
    Ok(password)
}

fn write(path: &Path, text: &str, mode: u32) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let written = options.open(path).and_then(|mut file| -> io::Result<()> {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| {
        Failure::not_whole(
            format!("writing `{}` failed: {error}", path.display()),
            "remove what is there of the pair, and choose another folder",
        )
    })
}
