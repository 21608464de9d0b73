//! `cleanbill rules pack`: packs as archives that are whole, and locks that hold a run to them.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use cleanbill_rules::{PackLock, RecordedPack, TablesFrom, build_archive, pack_digest};
use cleanbill_run::exit_code;
use cleanbill_run::publish_file;

use crate::failure::{Failure, plural};
use crate::{packs, terminal};

const BUILD_EXAMPLES: &str = "\
Examples:
  cleanbill rules pack build packs/acme --output acme.cbpack
  cleanbill validate claims.837 --packs acme.cbpack

The same files always give the same archive. It holds what the pack consists of: pack.yaml and the
files that it names, and nothing else of the folder. Archives are not signed; compare the digest
with the one that the author gives you.";

const VERIFY_EXAMPLES: &str = "\
Examples:
  cleanbill rules pack verify acme.cbpack
  cleanbill rules pack verify acme.cbpack --digest sha256:...

Exit codes: 0 the archive is as it was built and its pack loads, 2 it is refused.";

const LOCK_EXAMPLES: &str = "\
Examples:
  cleanbill rules pack lock acme.cbpack packs/base
  cleanbill validate claims.837 --packs acme.cbpack --packs packs/base --locked";

/// What to do with a pack.
#[derive(Debug, Subcommand)]
pub enum PackVerb {
    /// Make one file of a pack
    Build(BuildFlags),
    /// Check that an archive is as it was built
    Verify(VerifyFlags),
    /// Write packs.lock, which `--locked` holds a run to
    Lock(LockFlags),
}

/// Flags of `rules pack build`.
#[derive(Debug, Args)]
#[command(after_help = BUILD_EXAMPLES)]
pub struct BuildFlags {
    /// Folder of the pack
    #[arg(value_name = "DIR")]
    pack: PathBuf,
    /// The archive to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

/// Flags of `rules pack verify`.
#[derive(Debug, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub struct VerifyFlags {
    /// The archive
    #[arg(value_name = "FILE")]
    archive: PathBuf,
    /// The digest that it must have
    #[arg(long, value_name = "DIGEST")]
    digest: Option<String>,
}

/// Flags of `rules pack lock`.
#[derive(Debug, Args)]
#[command(after_help = LOCK_EXAMPLES)]
pub struct LockFlags {
    /// Packs as `--packs` takes them; none: the packs that come with cleanbill
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
    /// The lock to write
    #[arg(long, short, value_name = "FILE", default_value = packs::LOCK_FILE)]
    output: PathBuf,
}

/// Does it; gives back the exit code.
pub fn run(verb: &PackVerb) -> Result<u8, Failure> {
    match verb {
        PackVerb::Build(flags) => build(flags),
        PackVerb::Verify(flags) => verify(flags),
        PackVerb::Lock(flags) => lock(flags),
    }
}

fn build(flags: &BuildFlags) -> Result<u8, Failure> {
    let packs = packs::load_recorded(std::slice::from_ref(&flags.pack), None, TablesFrom::Samples)?;
    for own in packs.iter().filter_map(|(_, made_of)| made_of.last()) {
        let files = &own.files;
        let label = flags.output.display().to_string();
        let bytes = build_archive(files).map_err(|error| packs::refused_archive(&label, &error))?;
        publish_file(flags.output.clone(), &bytes)?;
        say("built", own)?;
    }
    Failure::of_stdout(Ok(()))
}

fn verify(flags: &VerifyFlags) -> Result<u8, Failure> {
    let files = packs::open(&flags.archive)?;
    let digest = pack_digest(&files);
    if let Some(wanted) = flags.digest.as_ref().filter(|wanted| **wanted != digest) {
        return Err(Failure::refused(
            format!("the archive is another one: wanted {wanted}, found {digest}"),
            "ask the author which digest is right",
        ));
    }
    let made_of =
        packs::load_recorded(std::slice::from_ref(&flags.archive), None, TablesFrom::Samples)?;
    match made_of.iter().find_map(|(_, made_of)| made_of.last()) {
        Some(own) => say("ok", own),
        None => Ok(exit_code::WHOLE),
    }
}

fn lock(flags: &LockFlags) -> Result<u8, Failure> {
    let packs = packs::load_recorded(&flags.packs, None, TablesFrom::Samples)?;
    let mut lock = PackLock::default();
    let parts = || packs.iter().flat_map(|(_, made_of)| made_of);
    for part in parts() {
        lock.add(&part.name, &part.version, &pack_digest(&part.files)).map_err(|error| {
            Failure::refused(error.to_string(), "give it a name and a version without blanks")
        })?;
    }
    publish_file(flags.output.clone(), lock.to_string().as_bytes())?;
    parts().try_for_each(|part| say("locked", part).map(drop))?;
    Failure::of_stdout(Ok(()))
}

/// `ok: acme 2026.1.0: 5 files, sha256:…`
fn say(word: &str, own: &RecordedPack) -> Result<u8, Failure> {
    let RecordedPack { name, version, files } = own;
    let (count, digest) = (files.files().count(), pack_digest(files));
    let mut out = terminal::stdout();
    let written =
        writeln!(out, "{word}: {name} {version}: {count} file{}, {digest}", plural(count));
    Failure::of_stdout(written.and_then(|()| out.flush()))
}
