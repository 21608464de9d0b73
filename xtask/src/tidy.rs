//! `cargo xtask tidy`: the conventions of this repository, as checks over every file it holds.

mod packs;
mod records;
mod source;
mod text;

use std::fmt;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A file of the repository that is text.
struct File {
    /// Path from the top of the repository, with `/`.
    path: String,
    text: String,
}

/// A broken convention: where, what, and how to mend it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    path: String,
    /// Counted from one.
    line: usize,
    what: String,
    remedy: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.what, self.remedy)
    }
}

/// Checks every tracked or new file; `false` when a convention is broken.
pub fn run() -> Result<bool> {
    let files = files()?;
    let violations = check(&files);
    for violation in &violations {
        println!("{violation}");
    }
    println!("tidy: {} files, {} to mend", files.len(), violations.len());
    Ok(violations.is_empty())
}

fn check(files: &[File]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in files {
        text::check(file, &mut violations);
        source::check(file, &mut violations);
    }
    packs::check(files, &mut violations);
    records::check(files, &mut violations);
    violations.sort();
    violations
}

impl File {
    fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    fn is_below(&self, folder: &str) -> bool {
        self.path.split('/').rev().skip(1).any(|part| part == folder)
    }

    /// Input of a test, which may be wrong on purpose.
    fn is_fixture(&self) -> bool {
        self.is_below("fixtures")
    }

    /// Lines with their number, counted from one.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    fn violation(&self, line: usize, what: impl Into<String>, remedy: &'static str) -> Violation {
        Violation { path: self.path.clone(), line, what: what.into(), remedy }
    }
}

/// What git tracks or would add, without what is deleted or is no text.
fn files() -> Result<Vec<File>> {
    let listing = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .context("cannot start `git`, which knows the files of the repository")?;
    ensure!(
        listing.status.success(),
        "`git ls-files` failed: {}",
        String::from_utf8_lossy(&listing.stderr).trim()
    );
    let names = String::from_utf8(listing.stdout).context("a file name is not UTF-8")?;
    let mut files: Vec<File> = names
        .split_terminator('\0')
        .filter_map(|path| {
            let text = fs::read_to_string(path).ok()?;
            Some(File { path: path.to_owned(), text })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Ok(files)
}

#[cfg(test)]
impl File {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_reads_as_place_then_what_then_remedy() {
        let file = File::new("crates/a/src/b.rs", "");
        assert_eq!(
            file.violation(7, "a tab", "use blanks").to_string(),
            "crates/a/src/b.rs:7: a tab: use blanks"
        );
    }

    #[test]
    fn violations_come_in_order_of_path_and_line() {
        let files =
            [File::new("b/src/x.rs", "fn x() {}\n"), File::new("a/src/x.rs", "fn\tx() {}\n\n")];
        let found: Vec<(String, usize)> =
            check(&files).into_iter().map(|v| (v.path, v.line)).collect();
        let expected = [("a/src/x.rs", 1), ("a/src/x.rs", 1), ("a/src/x.rs", 2), ("b/src/x.rs", 1)];
        assert_eq!(found, expected.map(|(path, line)| (path.to_owned(), line)));
    }
}
