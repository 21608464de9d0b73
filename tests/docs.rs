//! The examples of `docs/rule-packs.md` and of the README are real: they load, and their tests pass.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use std::fs;
use std::path::Path;

use cleanbill_rules::{MemorySource, Pack, TestResult, load, run_test};

fn page(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// The fenced blocks of a page: language, the last line of text before the fence, content.
fn blocks(page: &str) -> Vec<(String, String, String)> {
    let mut blocks = Vec::new();
    let mut before = "";
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        match line.strip_prefix("```") {
            Some(language) => {
                let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                blocks.push((language.to_owned(), before.to_owned(), body.join("\n") + "\n"));
            }
            None if !line.trim().is_empty() => before = line,
            None => {}
        }
    }
    blocks
}

/// All YAML and CSV of a page as one pack: a block that starts with `schema:` is `pack.yaml`, any other
/// YAML a rule file, and CSV is named by the line above it.
fn pack_of(page: &str) -> Pack {
    let mut source = MemorySource::new("page");
    for (index, (language, before, body)) in blocks(page).into_iter().enumerate() {
        let path = match language.as_str() {
            "yaml" if body.starts_with("schema:") => "pack.yaml".to_owned(),
            "yaml" => format!("rules/{index:02}.yaml"),
            "csv" => before.split('`').find(|part| part.ends_with(".csv")).unwrap().to_owned(),
            _ => continue,
        };
        source = source.with(&path, &body);
    }
    load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn every_test_passes(pack: &Pack) {
    for test in &pack.tests {
        if let TestResult::Failed(reason) = run_test(pack, test) {
            panic!("{} \"{}\": {reason}", test.rule, test.name);
        }
    }
}

#[test]
fn every_example_of_the_page_on_packs_loads_and_its_tests_pass() {
    let pack = pack_of(&page("docs/rule-packs.md"));
    assert!(pack.edits.len() >= 7 && pack.tests.len() >= 30, "{}", pack.tests.len());
    every_test_passes(&pack);
}

#[test]
fn the_pack_in_the_readme_loads_and_its_tests_pass() {
    let pack = pack_of(&page("README.md"));
    assert_eq!((pack.edits.len(), pack.tests.len()), (1, 2));
    every_test_passes(&pack);
}

#[test]
fn every_error_code_of_packs_is_on_the_page() {
    let page = page("docs/rule-packs.md");
    for code in cleanbill_rules::Code::ALL {
        assert!(page.contains(&format!("| {} |", code.as_str())), "{} is missing", code.as_str());
    }
}

#[test]
fn every_warning_about_packs_is_on_the_page() {
    let page = page("docs/rule-packs.md");
    for lint in cleanbill_rules::Lint::ALL {
        assert!(page.contains(&format!("| {} |", lint.as_str())), "{} is missing", lint.as_str());
    }
}
