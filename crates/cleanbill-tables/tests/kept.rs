//! The compiled tables that are kept beside CSV files.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails should stop there; the lints know only functions marked as tests"
)]
#![cfg(unix)]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use cleanbill_tables::{CACHE_FOLDER, CACHED_FROM, Table, open_csv};
use tempfile::TempDir;

fn large(note: &str) -> String {
    let mut text = "one,two,note\n".to_owned();
    for row in 0..90_000 {
        let _ = writeln!(text, "{:05},{:05},{note}", row / 40, 95_000 - row % 40);
    }
    assert!(u64::try_from(text.len()).unwrap() > CACHED_FROM);
    text
}

fn key() -> Vec<String> {
    ["one", "two"].map(str::to_owned).to_vec()
}

struct Place {
    folder: TempDir,
    csv: PathBuf,
}

impl Place {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let csv = folder.path().join("pairs.csv");
        fs::write(&csv, text).unwrap();
        Self { folder, csv }
    }

    fn open(&self) -> Table {
        open_csv(&self.csv, &key()).unwrap().unwrap()
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join(CACHE_FOLDER)
    }

    /// The kept files, without the note for git.
    fn kept(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.cache()) else { return Vec::new() };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "cbt"));
        paths.sort();
        paths
    }

    fn only(&self) -> PathBuf {
        let kept = self.kept();
        assert_eq!(kept.len(), 1, "{kept:?}");
        kept[0].clone()
    }
}

fn inode(path: &Path) -> u64 {
    std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap())
}

#[test]
fn the_second_time_the_kept_table_is_used_and_is_the_same() {
    let place = Place::new(&large("a note"));
    let made = place.open();
    let kept = place.only();
    let (file, mode) = (inode(&kept), fs::metadata(&kept).unwrap().permissions().mode());
    assert_eq!(mode & 0o600, 0o600);
    assert_eq!(fs::read_to_string(place.cache().join(".gitignore")).unwrap(), "*\n");
    let taken = place.open();
    assert!(taken.bytes() == made.bytes());
    assert_eq!(inode(&place.only()), file, "it was made again");
}

#[test]
fn another_csv_makes_another_table_even_of_the_same_size() {
    let place = Place::new(&large("old"));
    place.open();
    fs::write(&place.csv, large("new")).unwrap();
    assert_eq!(place.open().column("note").unwrap().text(0), Some("new"));
    // And what is kept now is the new one.
    let file = inode(&place.only());
    assert_eq!(place.open().column("note").unwrap().text(0), Some("new"));
    assert_eq!(inode(&place.only()), file);
}

#[test]
fn other_key_columns_have_a_table_of_their_own() {
    let place = Place::new(&large("a"));
    place.open();
    let by_two = open_csv(&place.csv, &["two".to_owned()]).unwrap().unwrap();
    assert_eq!(by_two.key().collect::<Vec<_>>(), ["two"]);
    assert_eq!(place.kept().len(), 2);
    assert_eq!(place.open().key().collect::<Vec<_>>(), key());
}

#[test]
fn a_damaged_cut_or_strange_kept_table_is_made_again() {
    let place = Place::new(&large("a"));
    let whole = place.open().bytes().to_vec();
    let kept = place.only();
    let changed = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    // The header; the rows; the last byte; cut; nothing; something else; a version to come.
    let damages = [
        changed(60),
        changed(whole.len() / 2),
        changed(whole.len() - 1),
        whole[..whole.len() / 2].to_vec(),
        Vec::new(),
        b"not a table".to_vec(),
        changed(8),
    ];
    for (number, damaged) in damages.into_iter().enumerate() {
        fs::write(&kept, damaged).unwrap();
        assert!(place.open().bytes() == whole, "damage {number}");
        assert!(fs::read(&kept).unwrap() == whole, "damage {number} is still there");
    }
}

#[test]
fn links_are_not_followed() {
    let elsewhere = Place::new(&large("theirs"));
    elsewhere.open();
    let place = Place::new(&large("a"));
    // The file is a link: it is replaced, what it leads to stays.
    let made = place.open().bytes().to_vec();
    let kept = place.only();
    fs::remove_file(&kept).unwrap();
    let theirs = fs::read(elsewhere.only()).unwrap();
    symlink(elsewhere.only(), &kept).unwrap();
    assert!(place.open().bytes() == made);
    assert!(fs::symlink_metadata(&kept).unwrap().is_file());
    assert!(fs::read(elsewhere.only()).unwrap() == theirs);
    // The folder is a link: nothing is written behind it.
    fs::remove_dir_all(place.cache()).unwrap();
    symlink(elsewhere.cache(), place.cache()).unwrap();
    let before = elsewhere.kept();
    assert!(place.open().bytes() == made);
    assert_eq!(elsewhere.kept(), before);
    assert!(fs::read(elsewhere.only()).unwrap() == theirs);
}

#[test]
fn a_folder_that_cannot_be_made_costs_nothing() {
    let place = Place::new(&large("a"));
    // A file stands where the folder would be; it holds for every user, unlike permissions.
    fs::write(place.cache(), "").unwrap();
    assert_eq!(place.open().len(), 90_000);
    assert!(place.kept().is_empty());
    assert_eq!(place.open().len(), 90_000);
}

#[test]
fn small_files_and_files_with_mistakes_leave_nothing_behind() {
    let place = Place::new("one,two,note\n00001,00002,a\n");
    assert_eq!(place.open().len(), 1);
    assert!(!place.cache().exists());
    let wrong = Place::new(&format!("{}00001,00002\n", large("a")));
    for _ in 0..2 {
        assert!(open_csv(&wrong.csv, &key()).unwrap().is_err());
        assert!(!wrong.cache().exists());
    }
    let missing = open_csv(&place.folder.path().join("no.csv"), &key());
    assert_eq!(missing.err().unwrap().kind(), std::io::ErrorKind::NotFound);
}
