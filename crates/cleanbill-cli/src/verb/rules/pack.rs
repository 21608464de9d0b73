//! `cleanbill rules pack`: packs as archives that are whole and signed, and locks that hold a run to them.

mod build;
mod key_file;
mod keygen;
mod lock;
mod sign;
mod verify;

use std::io::Write;

use clap::Subcommand;
use cleanbill_rules::{Pack, RecordedPack, pack_digest};

use crate::failure::{Failure, plural};
use crate::terminal;

/// What to do with a pack.
#[derive(Debug, Subcommand)]
pub enum PackVerb {
    /// Make one file of a pack
    Build(build::BuildFlags),
    /// Make a pair of keys to sign with
    Keygen(keygen::KeygenFlags),
    /// Sign an archive
    Sign(sign::SignFlags),
    /// Check that an archive is as it was built, and who signed it
    Verify(verify::VerifyFlags),
    /// Write packs.lock, which `--locked` holds a run to
    Lock(lock::LockFlags),
}

/// Does it; gives back the exit code.
pub fn run(verb: &PackVerb) -> Result<u8, Failure> {
    match verb {
        PackVerb::Build(flags) => build::run(flags),
        PackVerb::Keygen(flags) => keygen::run(flags),
        PackVerb::Sign(flags) => sign::run(flags),
        PackVerb::Verify(flags) => verify::run(flags),
        PackVerb::Lock(flags) => lock::run(flags),
    }
}

/// `ok: acme 2026.1.0: 5 files, sha256:…`
fn say(word: &str, own: &RecordedPack) -> Result<u8, Failure> {
    let RecordedPack { name, version, files } = own;
    let (count, digest) = (files.files().count(), pack_digest(files));
    line(&format!("{word}: {name} {version}: {count} file{}, {digest}", plural(count)))
}

/// Tells of rules that were not looked at, since their plugins were left out.
fn say_left_out(pack: &Pack) -> Result<u8, Failure> {
    match pack.left_out.len() {
        0 => Failure::of_stdout(Ok(())),
        count => line(&format!(
            "note: {count} rule{} of {} not checked, since plugins judge for them",
            plural(count),
            pack.name
        )),
    }
}

fn line(text: &str) -> Result<u8, Failure> {
    let mut out = terminal::stdout();
    Failure::of_stdout(writeln!(out, "{text}").and_then(|()| out.flush()))
}
