//! Pages of a pack whose texts try to be markup, and words for every clause there is.

use super::*;
use crate::check::load;
use crate::kind::KINDS;
use crate::source::MemorySource;

const PACK: &str = "\
schema: cleanbill/pack/v1
name: hostile
version: 0.1.0
title: \"<script>alert(1)</script> | **bold**\"
value_sets:
  studies: [\"93970\"]
  unused: [\"99213\"]
applies_to: { payers: [\"A&B\"] }
rules:
  - id: INDEX
    title: \"</title><img src=x onerror='alert(1)'>\"
    modifier_validity:
      codes: $studies   # <b>ours</b>
      not_allowed: [\"50\"]
    # of the next key
    message: \"{code} | <i>no</i> `{modifier}`\"
    fix: \"Remove [it](javascript:alert(1)).\"
    source: [{ authority: \"<u>me</u>\", document: d, kind: internal, verified: false }]
    tests:
      - { name: \"<h1>fires</h1>\", claim: { payer: A&B, lines: [\"93970-50\", \"99213\"] }, expect: { fires: [1] } }
      - { name: other payer, claim: { lines: [\"93970-50\"] }, expect: { silent: { because: applies_to } } }
";

fn hostile() -> Vec<Page> {
    let source = MemorySource::new("hostile").with("pack.yaml", PACK);
    pages(&[load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"))])
}

#[test]
fn no_text_of_a_pack_becomes_markup() {
    for page in hostile() {
        let html = page.render(PageFormat::Html);
        for tag in ["<script", "<img", "<b>", "<i>", "<u>", "<h1>fires", "onerror='"] {
            assert!(!html.contains(tag), "{tag} in {html}");
        }
        assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'"));
        assert!(html.contains(PageFormat::Html.mark()));
        let markdown = page.render(PageFormat::Markdown);
        for markup in ["<script", "<img", "<i>", "<u>", "<h1>", "[it]("] {
            assert!(!markdown.contains(markup), "{markup} in {markdown}");
        }
        assert!(markdown.starts_with(PageFormat::Markdown.mark()));
    }
}

#[test]
fn a_page_says_who_says_so_what_happens_and_what_came_out() {
    let pages = hostile();
    let names: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    // A file system may not tell `INDEX` from `index`.
    assert_eq!(names, ["index", "INDEX-2"]);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("page_markdown", pages[1].render(PageFormat::Markdown));
        insta::assert_snapshot!("page_index", pages[0].render(PageFormat::Markdown));
    });
}

#[test]
fn every_clause_and_every_kind_has_plain_words() {
    for (kind, clauses) in KINDS {
        assert!(!words::kind(kind).is_empty(), "{kind}");
        for clause in clauses {
            assert!(words::clause(clause).is_some(), "{kind}: {clause}");
        }
    }
}
