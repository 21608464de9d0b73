//! Conventions for any text: how a file ends, no tab, nothing that names one machine.

use super::{File, Violation};

/// Kinds of files that people write, as against data whose bytes are given.
const WRITTEN: [&str; 9] = ["rs", "toml", "md", "yaml", "yml", "sh", "c", "h", "py"];

/// Kinds of files where a tab is a mistake.
const WITHOUT_TABS: [&str; 3] = ["rs", "yaml", "yml"];

/// Folders and hosts that exist on one machine only, in two parts so that this list is not a find.
const ONE_MACHINE: [&str; 4] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
];

pub fn check(file: &File, violations: &mut Vec<Violation>) {
    for (number, line) in file.lines() {
        if let Some(named) = ONE_MACHINE.iter().find(|named| names(line, named)) {
            violations.push(file.violation(
                number,
                format!("`{named}` exists on one machine only"),
                "write a path from the top of the repository, or no host",
            ));
        }
    }
    if file.is_fixture() {
        return;
    }
    if WITHOUT_TABS.contains(&file.extension()) {
        for (number, _) in file.lines().filter(|(_, line)| line.contains('\t')) {
            violations.push(file.violation(number, "a tab", "indent with blanks"));
        }
    }
    let has_no_extension = !file.name().trim_start_matches('.').contains('.');
    if has_no_extension || WRITTEN.contains(&file.extension()) {
        let last = file.text.lines().count().max(1);
        if !file.text.is_empty() && !file.text.ends_with('\n') {
            violations.push(file.violation(last, "no newline at the end", "end the last line"));
        } else if file.text.ends_with("\n\n") {
            violations.push(file.violation(last, "an empty line at the end", "remove it"));
        }
    }
}

/// Whether `line` holds `named` on its own, not as the tail of a longer path or host.
fn names(line: &str, named: &str) -> bool {
    line.match_indices(named).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(path: &str, text: &str) -> Vec<String> {
        let mut violations = Vec::new();
        check(&File::new(path, text), &mut violations);
        violations.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_path_of_one_machine_is_found_in_any_file() {
        let text = format!("ok\nsee {}shared\n", ONE_MACHINE[0]);
        let found = check_one("docs/a.md", &text);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("docs/a.md:2: "), "{found:?}");
    }

    #[test]
    fn a_longer_path_with_the_same_tail_is_no_find() {
        let text = format!("see crates{}shared and my-{}\n", ONE_MACHINE[0], ONE_MACHINE[2]);
        assert_eq!(check_one("docs/a.md", &text), [""; 0]);
    }

    #[test]
    fn a_tab_is_found_in_yaml_and_not_in_a_table() {
        assert_eq!(check_one("rules/a.yaml", "a:\n\tb\n").len(), 1);
        assert_eq!(check_one("rules/a.tsv", "a\tb\n"), [""; 0]);
        assert_eq!(check_one("crates/rules/tests/fixtures/tab.yaml", "a:\n\tb"), [""; 0]);
    }

    #[test]
    fn a_file_ends_with_one_newline() {
        assert_eq!(check_one("a.md", "words").len(), 1);
        assert_eq!(check_one("a.md", "words\n\n").len(), 1);
        assert_eq!(check_one(".ci/run", "words").len(), 1);
        assert_eq!(check_one("a.md", "words\n"), [""; 0]);
        assert_eq!(check_one("claims.837", "ISA~"), [""; 0]);
    }
}
