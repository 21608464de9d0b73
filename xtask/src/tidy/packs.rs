//! Conventions for the packs in `rules/`: one id, one rule; titles in few words of our own.

use std::collections::BTreeMap;

use super::{File, Violation};

/// A title longer than this is no title, and may be a licensed description.
const LONGEST_TITLE: usize = 90;

pub fn check(files: &[File], violations: &mut Vec<Violation>) {
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for file in files.iter().filter(|file| matches!(file.extension(), "yaml" | "yml")) {
        if file.is_fixture() {
            continue;
        }
        for (number, line) in file.lines() {
            if let Some(title) = value(line, "title")
                && title.chars().count() > LONGEST_TITLE
            {
                violations.push(file.violation(
                    number,
                    format!("a title of more than {LONGEST_TITLE} characters"),
                    "say it shorter, in our own words",
                ));
            }
            if let Some(id) = value(line, "id")
                && file.path.starts_with("rules/")
            {
                let here = format!("{}:{number}", file.path);
                if let Some(first) = ids.get(id) {
                    violations.push(file.violation(
                        number,
                        format!("the rule id `{id}` is taken by {first}"),
                        "give one of the two another id",
                    ));
                } else {
                    ids.insert(id, here);
                }
            }
        }
    }
}

/// The text after `key:` at the start of a line or of a list item.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let entry = line.trim_start();
    let entry = entry.strip_prefix("- ").unwrap_or(entry).trim_start();
    let value = entry.strip_prefix(key)?.strip_prefix(':')?.trim();
    Some(value.trim_matches(['"', '\'']))
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
    fn a_rule_id_is_used_once() {
        let files = [
            File::new("rules/a/pack.yaml", "rules:\n  - id: one\n  - id: two\n"),
            File::new("rules/b/pack.yaml", "rules:\n  - id: \"one\"\n"),
        ];
        assert_eq!(
            check_all(&files),
            ["rules/b/pack.yaml:2: the rule id `one` is taken by rules/a/pack.yaml:2: \
              give one of the two another id"]
        );
    }

    #[test]
    fn packs_made_for_a_test_may_share_ids_with_shipped_ones() {
        let files = [
            File::new("rules/a/pack.yaml", "  - id: one\n"),
            File::new("crates/r/tests/packs/pack.yaml", "  - id: one\n"),
        ];
        assert_eq!(check_all(&files), [""; 0]);
    }

    #[test]
    fn a_long_title_is_found() {
        let title = "t".repeat(LONGEST_TITLE);
        let fits = File::new("rules/a/pack.yaml", &format!("    title: \"{title}\"\n"));
        assert_eq!(check_all(&[fits]), [""; 0]);
        let long = File::new("rules/a/pack.yaml", &format!("    title: {title}t\n"));
        assert_eq!(check_all(&[long]).len(), 1);
    }
}
