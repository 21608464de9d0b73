//! Conventions for what is kept beside the code: decision records and snapshots.

use std::collections::BTreeSet;

use super::{File, Violation};

const DECISIONS: &str = "docs/adr/";

/// A decision record is read in a minute or it is not read.
const MOST_LINES: usize = 40;

pub fn check(files: &[File], violations: &mut Vec<Violation>) {
    check_decisions(files, violations);
    check_snapshots(files, violations);
}

fn check_decisions(files: &[File], violations: &mut Vec<Violation>) {
    let decisions =
        files.iter().filter(|f| f.path.starts_with(DECISIONS) && f.name() != "README.md");
    for (file, expected) in decisions.zip(1..) {
        let count = file.text.lines().count();
        if count > MOST_LINES {
            violations.push(file.violation(
                MOST_LINES,
                format!("a decision record of {count} lines, more than {MOST_LINES}"),
                "keep context, decision, consequences and what would change our mind",
            ));
        }
        let number = file.name().split_once('-').map(|(number, _)| number);
        if number != Some(&*format!("{expected:04}")) {
            violations.push(file.violation(
                1,
                format!("decision records are numbered without gaps, {expected:04} comes next"),
                "name it `NNNN-what-was-decided.md`",
            ));
        }
    }
}

/// A snapshot names the test file that wrote it; when that file is gone, nothing checks the snapshot.
fn check_snapshots(files: &[File], violations: &mut Vec<Violation>) {
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for file in files.iter().filter(|file| file.extension() == "snap") {
        let named = file.lines().find_map(|(n, line)| Some((n, line.strip_prefix("source: ")?)));
        let (line, what) = match named {
            Some((_, source)) if paths.contains(source.trim_matches('"')) => continue,
            Some((line, source)) => (line, format!("the test file `{source}` is gone")),
            None => (1, "the snapshot does not name its test file".to_owned()),
        };
        violations.push(file.violation(line, what, "delete the snapshot, or write it anew"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_all(files: &[File]) -> Vec<String> {
        let mut violations = Vec::new();
        check(files, &mut violations);
        violations.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn decision_records_are_short_and_numbered_without_gaps() {
        let good =
            [File::new("docs/adr/0001-a.md", "# A\n"), File::new("docs/adr/0002-b.md", "# B\n")];
        assert_eq!(check_all(&good), [""; 0]);
        let gap =
            [File::new("docs/adr/0001-a.md", "# A\n"), File::new("docs/adr/0003-b.md", "# B\n")];
        assert_eq!(check_all(&gap).len(), 1);
        let twice =
            [File::new("docs/adr/0001-a.md", "# A\n"), File::new("docs/adr/0001-b.md", "# B\n")];
        assert_eq!(check_all(&twice).len(), 1);
        let long = File::new("docs/adr/0001-a.md", &"words\n".repeat(MOST_LINES + 1));
        assert_eq!(check_all(&[long]).len(), 1);
    }

    #[test]
    fn a_snapshot_needs_the_test_that_wrote_it() {
        let snap = || File::new("crates/a/tests/snapshots/x.snap", "---\nsource: crates/a/t.rs\n");
        assert_eq!(check_all(&[File::new("crates/a/t.rs", "//! x\n"), snap()]), [""; 0]);
        assert_eq!(
            check_all(&[snap()]),
            ["crates/a/tests/snapshots/x.snap:2: the test file `crates/a/t.rs` is gone: \
              delete the snapshot, or write it anew"]
        );
    }
}
