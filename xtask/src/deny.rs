//! What the dependencies may be: `cargo deny`, with the advisories of a checkout beside the repository.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};

use crate::ci::Outcome;
use crate::command::Cargo;
use crate::workspace;

/// Where a checkout of the RustSec advisory database is looked for, unless `CLEANBILL_ADVISORY_DB` says.
const BESIDE: &str = "../shared/advisory-db";

/// Where `deny.toml` says that `cargo deny` keeps its databases; the name ends in a hash that
/// `cargo deny` takes of the database's address.
const PREPARED: &str = "target/advisory-db/advisory-db-3157b0e258782691";

const INSTALL: &str = "cargo install --locked cargo-deny --version 0.20.2 --root target/tools";

/// Runs the check as far as this machine allows it.
pub fn run() -> Result<Outcome> {
    if !workspace::installed("cargo-deny")? {
        println!("cargo-deny is not installed: `{INSTALL}`");
        let missing = Outcome::Skipped("cargo-deny is not installed".to_owned());
        return Ok(if workspace::is_ci() { Outcome::Failed } else { missing });
    }
    // Offline, `cargo deny` needs the manifests of every platform's dependencies at hand.
    let fetch = Cargo::new("fetch --quiet --locked");
    if !fetch.run()? {
        return Ok(Outcome::Failed);
    }
    let check = if let Some(checkout) = checkout() {
        prepare(&checkout, Path::new(PREPARED))?;
        println!("advisories from `{}`", checkout.display());
        Cargo::new("deny --offline check --hide-inclusion-graph")
    } else {
        println!(
            "advisories were not checked: no RustSec database in `{BESIDE}` and \
             `CLEANBILL_ADVISORY_DB` is not set"
        );
        Cargo::new("deny --offline check --hide-inclusion-graph bans licenses sources")
    };
    println!("{check}");
    check.run().map(Outcome::from)
}

fn checkout() -> Option<PathBuf> {
    let place = env::var_os("CLEANBILL_ADVISORY_DB").map_or_else(|| BESIDE.into(), PathBuf::from);
    place.join("crates").is_dir().then_some(place)
}

/// Copies the advisories to where `cargo deny` looks for a database it fetched itself.
///
/// It takes the age of the database from the time of `.git/FETCH_HEAD` and reads nothing else of git.
fn prepare(checkout: &Path, into: &Path) -> Result<()> {
    if into.exists() {
        fs::remove_dir_all(into).with_context(|| format!("cannot empty `{}`", into.display()))?;
    }
    let advisories = checkout.join("crates");
    copy(&advisories, &into.join("crates"))?;
    fs::create_dir_all(into.join(".git"))?;
    let fetched = fs::File::create(into.join(".git/FETCH_HEAD"))?;
    fetched.set_modified(fs::metadata(&advisories)?.modified()?)?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read `{}`", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prepared_database_holds_the_advisories_and_their_age() {
        let folder = tempfile::tempdir().unwrap();
        let checkout = folder.path().join("checkout");
        fs::create_dir_all(checkout.join("crates/demo")).unwrap();
        fs::write(checkout.join("crates/demo/RUSTSEC-2000-0001.md"), "words").unwrap();
        let into = folder.path().join("db/named");
        prepare(&checkout, &into).unwrap();
        // A second run replaces the first.
        prepare(&checkout, &into).unwrap();
        assert_eq!(
            fs::read_to_string(into.join("crates/demo/RUSTSEC-2000-0001.md")).unwrap(),
            "words"
        );
        let age = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        assert_eq!(age(&into.join(".git/FETCH_HEAD")), age(&checkout.join("crates")));
    }
}
