//! `--watch`: the tests again after each change of a file of the packs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, SystemTime};

use super::{TestFlags, once};
use crate::failure::Failure;
use crate::signals;

/// How often files are looked at. An author does not notice half a second, and a disk does not either.
const EVERY: Duration = Duration::from_millis(500);

/// Size and time of last change of each file.
type Stamps = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Runs until a signal asks to stop.
pub fn run(flags: &TestFlags) -> Result<u8, Failure> {
    if stamps(&flags.packs).is_empty() {
        return Err(Failure::refused(
            "there is no file to watch",
            "name the folder of a pack; the packs that come with cleanbill do not change",
        ));
    }
    let stop = signals::stop_flag()?;
    loop {
        let before = stamps(&flags.packs);
        // A pack with mistakes is what an author is about to mend.
        if let Err(failure) = once(flags) {
            failure.show();
        }
        while stamps(&flags.packs) == before {
            if let signal @ 1.. = stop.load(Ordering::Relaxed) {
                return Ok(u8::try_from(128 + signal).unwrap_or(u8::MAX));
            }
            thread::sleep(EVERY);
        }
    }
}

fn stamps(packs: &[PathBuf]) -> Stamps {
    let mut stamps = Stamps::new();
    for pack in packs {
        let folder = if pack.is_file() { pack.parent().unwrap_or(pack) } else { pack };
        collect(folder, &mut stamps);
    }
    stamps
}

fn collect(folder: &Path, stamps: &mut Stamps) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        // A link is not followed: it could lead in a circle.
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_dir() {
            collect(&entry.path(), stamps);
        } else {
            stamps.insert(entry.path(), (metadata.len(), metadata.modified().ok()));
        }
    }
}

#[cfg(test)]
mod tests {
    use core::slice;

    use super::*;

    #[test]
    fn a_change_an_addition_and_a_removal_are_seen_in_every_folder_of_a_pack() {
        let pack = tempfile::tempdir().unwrap();
        let (path, rules) = (pack.path().to_owned(), pack.path().join("rules"));
        fs::create_dir(&rules).unwrap();
        fs::write(path.join("pack.yaml"), "a").unwrap();
        let first = stamps(slice::from_ref(&path));
        assert_eq!(first, stamps(&[path.join("pack.yaml")]));
        fs::write(rules.join("one.yaml"), "b").unwrap();
        let added = stamps(slice::from_ref(&path));
        fs::write(rules.join("one.yaml"), "longer").unwrap();
        let changed = stamps(slice::from_ref(&path));
        fs::remove_file(rules.join("one.yaml")).unwrap();
        assert!(first != added && added != changed);
        assert_eq!(stamps(&[path]), first);
    }
}
