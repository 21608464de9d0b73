//! `rules pack verify`: is an archive as it was built, and who signed it?

use std::path::PathBuf;

use clap::Args;
use cleanbill_rules::pack_digest;
use cleanbill_run::exit_code;

use super::{line, say, say_left_out};
use crate::failure::Failure;
use crate::packs;
use crate::plugins::OptionalPluginFlags;
use crate::signatures::{KeyFlags, signature_path};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules pack verify acme.cbpack --public-key acme.pub
  cleanbill rules pack verify acme.cbpack --digest sha256:...

With a key, FILE.minisig must be a signature of the archive that names its pack, version and digest.
Exit codes: 0 the archive is as it was built and signed, and its pack loads, 2 it is refused.";

/// Flags of `rules pack verify`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyFlags {
    /// The archive
    #[arg(value_name = "FILE")]
    archive: PathBuf,
    #[command(flatten)]
    keys: KeyFlags,
    #[command(flatten)]
    plugins: OptionalPluginFlags,
    /// The digest that it must have
    #[arg(long, value_name = "DIGEST")]
    digest: Option<String>,
}

/// Verifies; what is wrong comes back as the failure.
pub fn run(flags: &VerifyFlags) -> Result<u8, Failure> {
    let mut trust = flags.keys.trust()?;
    let digest = pack_digest(&trust.open(&flags.archive)?);
    if let Some(wanted) = flags.digest.as_ref().filter(|wanted| **wanted != digest) {
        return Err(Failure::refused(
            format!("the archive is another one: wanted {wanted}, found {digest}"),
            "ask the author which digest is right",
        ));
    }
    let plugins = flags.plugins.load()?;
    let packs = std::slice::from_ref(&flags.archive);
    for (pack, made_of) in
        packs::load_recorded(packs, packs::with_plugins(plugins.side()), &mut trust)?
    {
        let Some(own) = made_of.last() else { continue };
        say("ok", own)?;
        match trust.signer_of(own) {
            Some(signer) => line(&format!("signed: {}", signer.as_str()))?,
            None if signature_path(&flags.archive).exists() => {
                line("note: its signature was not looked at; name the signer with `--public-key`")?
            }
            None => exit_code::WHOLE,
        };
        say_left_out(&pack)?;
    }
    Ok(exit_code::WHOLE)
}
