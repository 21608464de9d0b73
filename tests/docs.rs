//! The examples of `docs/rule-packs.md` and of the README are real: they load, and their tests pass.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use std::fs;
use std::path::Path;

use cleanbill_rules::{Loading, MemorySource, Pack, Source, TestResult, run_test};

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

/// All YAML and CSV of a page as packs: a block that starts with `schema:` is the `pack.yaml` of the
/// next one, any other YAML a rule file unless the line above it names it, and CSV is named there too.
/// A later pack may extend an earlier one.
fn packs_of(page: &str) -> Vec<Pack> {
    let mut sources: Vec<MemorySource> = Vec::new();
    for (index, (language, before, body)) in blocks(page).into_iter().enumerate() {
        let named = |ending| before.split('`').find(|part: &&str| part.ends_with(ending));
        let path = match language.as_str() {
            "yaml" if body.starts_with("schema:") => {
                sources.push(MemorySource::new(&format!("page{}", sources.len())));
                "pack.yaml".to_owned()
            }
            "yaml" => named(".yaml").map_or(format!("rules/{index:02}.yaml"), str::to_owned),
            "csv" => named(".csv").unwrap().to_owned(),
            _ => continue,
        };
        let source = sources.pop().unwrap();
        sources.push(source.with(&path, &body));
    }
    let shelf: Vec<Box<dyn Source>> =
        sources.iter().map(|source| -> Box<dyn Source> { Box::new(source.clone()) }).collect();
    let loading = Loading { shelf: &shelf, ..Loading::default() };
    let load = |source| loading.load(source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    sources.iter().map(|source| load(source)).collect()
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
    let packs = packs_of(&page("docs/rule-packs.md"));
    let [pack, upper] = packs.as_slice() else { panic!("{} packs", packs.len()) };
    assert!(pack.edits.len() >= 7 && pack.tests.len() >= 30, "{}", pack.tests.len());
    assert_eq!((upper.edits.len() + 1, upper.waivers.len()), (pack.edits.len(), 1));
    assert!(upper.tests.len() >= 4);
    packs.iter().for_each(every_test_passes);
}

#[test]
fn the_page_on_plugins_shows_the_example_pack_as_it_is() {
    let pack = page("examples/northwind-pack/pack.yaml");
    let shown: Vec<String> = blocks(&page("docs/plugins.md"))
        .into_iter()
        .filter(|(language, _, _)| language == "yaml")
        .map(|(_, _, body)| body)
        .collect();
    let (whole, parts): (Vec<_>, Vec<_>) =
        shown.iter().partition(|block| block.starts_with("schema:"));
    assert_eq!((parts.len(), whole.len()), (2, 1));
    assert!(parts.iter().all(|part| pack.contains(part.as_str())), "{parts:?}");
    assert!(whole.iter().all(|pack| pack.contains("rule: northwind/xs-not-59")), "{whole:?}");
}

#[test]
fn every_field_that_a_plugin_may_ask_for_is_on_the_page() {
    let page = page("docs/plugins.md");
    for (name, _) in cleanbill_plugin_abi::field::ALL {
        let rows = page.lines().filter(|line| line.starts_with("| `"));
        let named = rows.filter(|row| row.contains(&format!("`{name}`"))).count();
        assert!(named >= 1, "`{name}` is missing");
    }
}

#[test]
fn the_pack_in_the_readme_loads_and_its_tests_pass() {
    let packs = packs_of(&page("README.md"));
    let [pack] = packs.as_slice() else { panic!("{} packs", packs.len()) };
    assert_eq!((pack.edits.len(), pack.tests.len()), (1, 2));
    every_test_passes(pack);
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
