//! What an entry changes in the lock, in words.

use std::io::{self, Write};

use cleanbill_plugin_host::{LockEntry, TARGET};
use cleanbill_report::escape;

/// Writes what differs between the entry that there was and the new one.
pub fn write(out: &mut dyn Write, old: Option<&LockEntry>, new: &LockEntry) -> io::Result<()> {
    let signer = |entry: &LockEntry| {
        entry.signer.as_ref().map_or("none", |signer| signer.key().as_str()).to_owned()
    };
    let Some(old) = old else {
        let grants =
            if new.grants.is_empty() { "no field".to_owned() } else { new.grants.join(", ") };
        writeln!(out, "  new     it is not in the lock yet")?;
        writeln!(out, "  grants  {grants}")?;
        return writeln!(out, "  runs    {}, signer {}", new.isolation.as_str(), signer(new));
    };
    let digest = |entry: &LockEntry| {
        entry.sha256.get(TARGET).map_or("none", |digest| digest.as_str()).to_owned()
    };
    let pairs = [
        ("version", old.version.clone(), new.version.clone()),
        ("ABI", old.abi.clone(), new.abi.clone()),
        ("isolation", old.isolation.as_str().to_owned(), new.isolation.as_str().to_owned()),
        ("signer", signer(old), signer(new)),
        ("sha256", digest(old), digest(new)),
    ];
    let mut same = true;
    for (what, old, new) in pairs.iter().filter(|(_, old, new)| old != new) {
        same = false;
        writeln!(out, "  change  {what}: {} -> {}", escape(old), escape(new))?;
    }
    for (sign, here, there) in [('+', new, old), ('-', old, new)] {
        for field in here.grants.iter().filter(|field| !there.grants.contains(field)) {
            same = false;
            writeln!(out, "  change  grants: {sign}{field}")?;
        }
    }
    if old.manifest_sha256 != new.manifest_sha256 {
        same = false;
        writeln!(
            out,
            "  change  the manifest: rules, words or scope are not those of {}",
            escape(&old.version)
        )?;
    }
    if same { writeln!(out, "  same    the lock has it as it is") } else { Ok(()) }
}
