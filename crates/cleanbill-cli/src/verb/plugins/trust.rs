//! `cleanbill plugins trust`: shows what a plugin is and asks for, and adds it to the lock if one agrees.

mod change;

use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;

use clap::Args;
use cleanbill_plugin_host::{
    Approval, Candidate, Isolation, LockEntry, NeededEntry, PluginLock, Signer, TrustedLibrary,
};
use cleanbill_report::escape;
use cleanbill_signature::SignerKey;

use super::describe::About;
use crate::ask::Asker;
use crate::failure::Failure;
use crate::plugin_lock::PluginLockFlag;
use crate::{plugins, signatures, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins trust target/release/libnorthwind_health.so
  cleanbill plugins trust libacme.so --yes --approved-by j.ortiz       in a script
  cleanbill plugins trust libacme.so --public-key acme.pub             signed, and pinned to the key

The file is read and not run. What is granted stands in plugins.lock; keep it under version control.
Exit codes: 0 added, 2 refused or not agreed to.";

/// Flags of `plugins trust`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct TrustFlags {
    /// The plugin file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    lock: PluginLockFlag,
    /// Agree without being asked
    #[arg(long)]
    yes: bool,
    /// Field that the plugin may read; may be repeated [default: those that it asks for]
    #[arg(long, value_name = "FIELD")]
    grant: Vec<String>,
    /// Library that the plugin needs beside the system's own, and its file; may be repeated
    #[arg(long, value_name = "NAME=PATH", value_parser = needed)]
    needed: Vec<(String, PathBuf)>,
    /// Where its code may run
    #[arg(long, value_name = "WHERE", default_value = "worker", value_parser = isolation)]
    isolation: Isolation,
    /// Key that must have signed the file, now and from now on, as `RW...` or as a file
    #[arg(long, value_name = "KEY_OR_FILE")]
    public_key: Option<String>,
    /// Take a version that is older than the locked one, or not surely newer
    #[arg(long)]
    allow_downgrade: bool,
    /// Who agrees [default: $USER]
    #[arg(long, value_name = "NAME")]
    approved_by: Option<String>,
}

fn needed(text: &str) -> Result<(String, PathBuf), String> {
    let (name, path) = text.split_once('=').ok_or("write it as NAME=PATH")?;
    Ok((name.to_owned(), PathBuf::from(path)))
}

fn isolation(text: &str) -> Result<Isolation, String> {
    [Isolation::Worker, Isolation::InProcess]
        .into_iter()
        .find(|known| known.as_str() == text)
        .ok_or_else(|| "it must be `worker` or `in-process`".to_owned())
}

/// Shows it, asks, and writes the lock.
pub fn run(flags: &TrustFlags) -> Result<u8, Failure> {
    let lock = flags.lock.read_or_new()?;
    let names: Vec<&str> = flags.needed.iter().map(|(name, _)| name.as_str()).collect();
    let candidate =
        Candidate::look(&flags.file, &names).map_err(|refusal| plugins::refused(&refusal))?;
    let previous = lock.entry(candidate.info().id());
    flags.check_version(&candidate, previous)?;
    let entry = candidate.entry(flags.approval(&candidate, &lock)?, previous);
    let changed = lock.with(&entry);
    if let Ok(changed) = &changed {
        // What is written must let the file run: policy, signature and grants are asked here.
        TrustedLibrary::check(&flags.file, changed)
            .map_err(|refusal| plugins::refused(&refusal))?;
    }
    let shown = shown(&candidate, &entry, previous)
        .map_err(|error| Failure::not_whole(error.to_string(), ""))?;
    if flags.yes {
        let mut out = terminal::stdout();
        Failure::of_stdout(out.write_all(shown.as_bytes()).and_then(|()| out.flush()))?;
    } else {
        agreed(&shown)?;
    }
    flags.lock.write(changed)?;
    let mut out = terminal::stdout();
    let path = flags.lock.path().display();
    let told = writeln!(out, "trusted: {} {} in {path}", entry.id, entry.version);
    Failure::of_stdout(told.and_then(|()| out.flush()))
}

impl TrustFlags {
    fn check_version(&self, found: &Candidate, locked: Option<&LockEntry>) -> Result<(), Failure> {
        match locked {
            Some(locked) if found.is_rollback(locked) && !self.allow_downgrade => {
                Err(Failure::refused(
                    format!(
                        "`{}` {} is older than the locked {}, or not surely newer",
                        locked.id,
                        found.info().version(),
                        locked.version
                    ),
                    "`--allow-downgrade` takes it all the same",
                ))
            }
            _ => Ok(()),
        }
    }

    fn approval(&self, candidate: &Candidate, lock: &PluginLock) -> Result<Approval, Failure> {
        let previous = lock.entry(candidate.info().id());
        let keys: Vec<SignerKey> = match (&self.public_key, previous) {
            (Some(key), _) => vec![signatures::read_key(key)?],
            (None, Some(LockEntry { signer: Some(signer), .. })) => vec![signer.key().clone()],
            (None, _) if lock.policy().require_signature => {
                lock.policy().allowed_signers.iter().map(|signer| signer.key().clone()).collect()
            }
            (None, _) => Vec::new(),
        };
        let signer = match keys.as_slice() {
            [] => None,
            keys => Some(candidate.signer(keys).map_err(|refusal| plugins::refused(&refusal))?),
        };
        let needed = self.needed.iter().map(|(name, path)| {
            NeededEntry::look(name, path.clone()).map_err(|refusal| plugins::refused(&refusal))
        });
        let by = self.approved_by.clone().or_else(|| std::env::var("USER").ok());
        let by = by.filter(|by| !by.trim().is_empty()).ok_or_else(|| {
            Failure::refused(
                "nobody is named who agrees",
                "name yourself with `--approved-by NAME`",
            )
        })?;
        let grants = match self.grant.as_slice() {
            [] => candidate.info().reads().iter().cloned().collect(),
            named => named.to_vec(),
        };
        Ok(Approval {
            by,
            at: today()?,
            isolation: self.isolation,
            grants,
            signer: signer.map(Signer::from),
            needed: needed.collect::<Result<_, _>>()?,
        })
    }
}

/// Today as the system's clock has it, in UTC: when someone agreed decides nothing.
fn today() -> Result<cleanbill_plugin_host::LockDate, Failure> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = since.ok().and_then(|since| i64::try_from(since.as_secs() / 86_400).ok());
    let day = days.and_then(|days| {
        jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
    });
    day.and_then(|day| day.to_string().parse().ok()).ok_or_else(|| {
        Failure::refused("the system's clock shows no day that can be written", "set the clock")
    })
}

/// What the file is, and what changes in the lock.
fn shown(
    candidate: &Candidate,
    entry: &LockEntry,
    previous: Option<&LockEntry>,
) -> io::Result<String> {
    let mut text = Vec::new();
    let about = About::of(candidate.info(), candidate.digest().as_str());
    about.write_name(&mut text)?;
    writeln!(text, "  file    {}", escape(&candidate.path().display().to_string()))?;
    about.write(&mut text, true)?;
    for needed in &entry.needed {
        let path = needed.path.display();
        writeln!(text, "  needs   {}", escape(&format!("{} ({path})", needed.name)))?;
    }
    change::write(&mut text, previous, entry)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn agreed(shown: &str) -> Result<(), Failure> {
    let input = io::stdin().lock();
    let refused = |problem: &str, help: &str| Err(Failure::refused(problem, help));
    if !input.is_terminal() {
        anstream::stderr()
            .write_all(shown.as_bytes())
            .map_err(|error| Failure::not_whole(error.to_string(), ""))?;
        return refused(
            "nobody is there to agree; nothing was written",
            "look at the above, then agree with `--yes`",
        );
    }
    let question = "let this plugin run, and read these fields of claims?";
    if Asker::new(input, anstream::stderr()).confirms(shown, question)? {
        return Ok(());
    }
    refused("it was not agreed to; nothing was written", "")
}
