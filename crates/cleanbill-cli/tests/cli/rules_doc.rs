//! `cleanbill rules doc`: pages of the shipped pack, the same every time, and no file of others lost.

use std::collections::BTreeMap;
use std::fs;

use crate::command::{Sandbox, snapshot};

fn pages(sandbox: &Sandbox, folder: &str) -> BTreeMap<String, String> {
    fs::read_dir(sandbox.path(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn the_shipped_pack_has_an_index_and_a_page_for_each_rule() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["rules", "doc", "--output", "out/pages"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let written = pages(&sandbox, "out/pages");
    let rules = sandbox.run(&["rules", "list"]).stdout;
    assert_eq!(written.len(), 1 + rules.lines().count());
    for line in rules.lines() {
        let id = line.split(' ').next().unwrap();
        assert!(written["index.html"].contains(&format!("href=\"{id}.html\"")), "{id}");
        let page = &written[&format!("{id}.html")];
        assert!(page.contains("<section class=\"example\">"), "{id} has no example");
        assert!(!page.contains("<script") && !page.contains("http://"), "{id}");
    }
    // A second run replaces its own pages by the same bytes.
    assert_eq!(sandbox.run(&["rules", "doc", "--output", "out/pages"]).code, Some(0));
    assert_eq!(pages(&sandbox, "out/pages"), written);
    snapshot("rules_doc_html", &written["units-over-mue.html"]);
}

#[test]
fn markdown_pages_link_to_each_other() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["rules", "doc", "--output", "pages", "--format", "md"]);
    assert_eq!(ran.stdout, "wrote 18 rules; begin with pages/index.md\n", "{ran:?}");
    let written = pages(&sandbox, "pages");
    assert!(written["index.md"].contains("(93970-access-mapping.md)"), "{}", written["index.md"]);
    // A page of a rule that is gone is told of and left.
    fs::rename(sandbox.path("pages/units-over-mue.md"), sandbox.path("pages/gone.md")).unwrap();
    let again = sandbox.run(&["rules", "doc", "--output", "pages", "--format", "md"]);
    assert!(again.stdout.contains("note: `pages/gone.md` is of an earlier run"), "{again:?}");
    snapshot("rules_doc_markdown", &written["mapping-split-by-side.md"]);
}

#[test]
fn a_file_of_someone_else_in_the_way_is_refused_before_anything_is_written() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("pages")).unwrap();
    sandbox.write("pages/units-over-mue.html", b"<p>my own notes</p>");
    sandbox.write("pages/other.txt", b"left alone");
    let ran = sandbox.run(&["rules", "doc", "--output", "pages"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains("`pages/units-over-mue.html` is there already"), "{}", ran.stderr);
    assert_eq!(pages(&sandbox, "pages").len(), 2);
    fs::remove_file(sandbox.path("pages/units-over-mue.html")).unwrap();
    assert_eq!(sandbox.run(&["rules", "doc", "--output", "pages"]).code, Some(0));
    assert_eq!(pages(&sandbox, "pages")["other.txt"], "left alone");
}
