//! The page in Chromium: by keyboard, in both colours, with hostile texts, large and empty.
//!
//! `cargo xtask ci --only browser` runs these tests where Chromium and axe-core are at hand.

mod browser;

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::command::{Sandbox, top};
use browser::Browser;

const PAYERS: [&str; 4] = ["00882", "60054", "EXAMPLE-B", ""];

const MODIFIERS: [&[&str]; 4] = [&[], &["59"], &["26"], &["LT"]];

/// A claim with findings of several rules; what repeats in earnest repeats here. Numbers come from `n`.
fn claim(id: &str, n: usize) -> String {
    let day = format!("2026-{:02}-{:02}", 1 + n % 5, 1 + n * 7 % 27);
    let (first, second) = [("93970", "93985"), ("93971", "93986"), ("93970", "99213")][n % 3];
    let codes = [first, second, "76937", "99214", "93990"];
    let mut cents = 0;
    let lines: Vec<Value> = (0..2 + n % 4)
        .map(|place| {
            let charge = 5_000 + (n * 7_919 + place * 104_729) % 90_000;
            cents += charge;
            json!({
                "number": place + 1,
                "procedure": codes[place],
                "modifiers": MODIFIERS[(n / 3 + place) % 4],
                "units": 1 + (n + place) % 3,
                "charge": format!("{}.{:02}", charge / 100, charge % 100),
                "from": day,
                "diagnosis_pointers": [1 + place % 2],
                "place_of_service": if n.is_multiple_of(2) { "11" } else { "22" },
            })
        })
        .collect();
    let npi = ["1234567893", "2999999016"][n / 2 % 2];
    let claim = json!({
        "schema": 1, "claim_id": id, "type": "professional", "payer": PAYERS[n % 4],
        "patient": {"id": "P1", "birth_date": "1950-01-01", "sex": "F"},
        "billing_provider": {"npi": npi}, "rendering_provider": {"npi": npi},
        "place_of_service": "11", "diagnoses": ["N18.6", "I87.2"],
        "charge": format!("{}.{:02}", cents / 100, cents % 100), "lines": lines,
    });
    format!("{claim}\n")
}

/// A folder with the page of a run over these claims.
fn page(claims: &str, arguments: &[&str]) -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::new();
    sandbox.write("claims.ndjson", claims.as_bytes());
    let ran = sandbox
        .run(&[&["validate", "claims.ndjson", "-q", "-o", "report.html"], arguments].concat());
    assert!([Some(0), Some(1), Some(3)].contains(&ran.code), "{ran:?}");
    let path = sandbox.path("report.html");
    (sandbox, path)
}

fn sample(count: usize) -> String {
    let mut claims: String = (0..count).map(|n| claim(&format!("RV-2026-{n:05}"), n)).collect();
    // A claim that cannot be read.
    claims.push_str(
        "{\"schema\":1,\"claim_id\":\"BAD1\",\"type\":\"professional\",\"charge\":\"4l2\"}\n",
    );
    claims
}

/// Texts of the rows shown, in the column `index`, counted from 1.
fn column(browser: &mut Browser, index: usize) -> Vec<String> {
    let texts = browser.ask(&format!(
        "[...document.querySelectorAll('#table > tbody > tr.finding > :nth-child({index})')].map((cell) => cell.textContent)"
    ));
    texts.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[test]
#[ignore = "needs Chromium: cargo xtask ci --only browser"]
fn the_page_is_used_by_keyboard_and_loads_and_breaks_nothing() {
    let (_sandbox, path) = page(&sample(60), &[]);
    let mut browser = Browser::start();
    browser.open(&path);
    assert_eq!(browser.complaints(), [""; 0]);
    browser.picture("light");

    // The first stop is the way past everything.
    browser.press("Tab");
    assert_eq!(browser.text("document.activeElement.textContent"), "Skip to the findings");
    browser.press("Enter");
    assert_eq!(browser.text("location.hash"), "#findings");

    // Headings sort, and say so.
    let sorted = "document.querySelector('[data-sort=claim]').ariaSort";
    assert_eq!(browser.text("document.querySelector('[data-sort=charge]').ariaSort"), "descending");
    browser.tab_to("at.textContent === 'Claim'");
    assert_ne!(browser.text("getComputedStyle(document.activeElement).outlineStyle"), "none");
    browser.press("Enter");
    assert_eq!(browser.text(sorted), "ascending");
    let claims = column(&mut browser, 2);
    assert!(claims.len() == 100 && claims.is_sorted(), "{claims:?}");
    assert_eq!(claims[0], "RV-2026-00000");
    browser.press("Space");
    assert_eq!(browser.text(sorted), "descending");
    let claims = column(&mut browser, 2);
    assert!(claims.iter().rev().is_sorted(), "{claims:?}");

    // A claim opens and closes.
    browser.tab_to("at.closest('tr.finding') && at.ariaExpanded === 'false'");
    browser.press("Enter");
    assert_eq!(browser.text("document.activeElement.ariaExpanded"), "true");
    let detail = "document.getElementById(document.activeElement.getAttribute('aria-controls'))";
    let opened = browser.text(&format!("{detail}.textContent"));
    for part in ["Why", "What to do", "Source", "Lines of claim RV-2026-", "\u{2716} this line"] {
        assert!(opened.contains(part), "{part}: {opened}");
    }
    assert_eq!(browser.number(&format!("{detail}.querySelectorAll('tr.hit').length")), 1);
    browser.picture("opened");
    browser.press("Space");
    assert_eq!(browser.text("document.activeElement.ariaExpanded"), "false");
    assert_eq!(browser.number("document.querySelectorAll('tr.detail').length"), 0);

    // Search and lists narrow the table; the form clears them.
    let all = browser.text("document.getElementById('shown').textContent");
    browser.ask("document.getElementById('search').focus()");
    browser.type_text("units-over-mue 93970");
    let rules = column(&mut browser, 6);
    assert!(!rules.is_empty() && rules.iter().all(|rule| rule == "units-over-mue"), "{rules:?}");
    browser.tab_to("at.type === 'reset'");
    browser.press("Enter");
    assert_eq!(browser.text("document.getElementById('shown').textContent"), all);
    for (id, index) in [("rule", 6), ("payer", 8), ("owner", 9), ("severity", 5)] {
        browser.ask(&format!("document.getElementById('{id}').focus()"));
        browser.press("ArrowDown");
        let chosen = browser.text("document.activeElement.value");
        let cells = column(&mut browser, index);
        let chosen = if chosen == "(none)" { "" } else { &chosen };
        assert!(!cells.is_empty() && cells.iter().all(|cell| cell.starts_with(chosen)), "{id}");
        browser.ask("document.querySelector('.controls').reset()");
    }
    for id in ["disposition", "outcome", "npi"] {
        browser.ask(&format!("document.getElementById('{id}').focus()"));
        browser.press("ArrowDown");
        assert_ne!(browser.text("document.activeElement.value"), "", "{id}");
        assert_ne!(browser.text("document.getElementById('shown').textContent"), all, "{id}");
        browser.ask("document.querySelector('.controls').reset()");
    }

    // A bar leads to its findings.
    browser.tab_to("at.dataset.filter === 'rule' && at.textContent === 'units-over-mue'");
    browser.press("Enter");
    assert!(column(&mut browser, 6).iter().all(|rule| rule == "units-over-mue"));
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
#[ignore = "needs Chromium: cargo xtask ci --only browser"]
fn what_a_page_must_not_do_is_seen_when_it_does_it() {
    let (sandbox, path) = page(&sample(1), &[]);
    let page = fs::read_to_string(&path).unwrap();
    let broken = |text: &str| {
        sandbox.write("broken.html", page.replace("<main>", text).as_bytes());
        sandbox.path("broken.html")
    };
    let mut browser = Browser::start();
    for text in [
        "<main><script>1</script>",
        "<main><img alt=\"\" src=\"x.png\">",
        "<main><p style=\"color: red\">x</p>",
    ] {
        browser.open(&broken(text));
        assert_ne!(browser.complaints(), [""; 0], "{text}");
    }
    let harmless = "<main><h6>1</h6>";
    browser.open(&broken(harmless));
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
#[ignore = "needs Chromium: cargo xtask ci --only browser"]
fn axe_finds_nothing_against_wcag_2_aa_in_either_colour_at_any_width() {
    let axe = env::var_os("CLEANBILL_AXE")
        .map_or_else(|| top().join("target/tools/node_modules/axe-core/axe.min.js"), PathBuf::from);
    let axe = fs::read_to_string(&axe)
        .unwrap_or_else(|error| panic!("no axe-core at {}: {error}", axe.display()));
    let (_sandbox, path) = page(&sample(60), &["--include-values"]);
    let (_other, empty) = page("", &[]);
    let mut browser = Browser::start();
    for (name, path) in [("findings", &path), ("empty", &empty)] {
        for colours in ["light", "dark"] {
            for width in [1300, 380] {
                browser.medium("screen", colours);
                browser.window(width, 900);
                browser.open(path);
                browser.ask(
                    "document.querySelectorAll('tr.finding button').forEach((button, at) => at < 3 && button.click());\
                     document.querySelectorAll('details').forEach((details) => { details.open = true; });",
                );
                browser.settle();
                browser.picture(&format!("axe-{name}-{colours}-{width}"));
                browser.ask(&axe);
                assert_eq!(violations(&mut browser), "", "{name}, {colours}, {width} wide");
            }
        }
    }
    // The check is awake.
    browser.ask("document.documentElement.removeAttribute('lang')");
    assert!(violations(&mut browser).contains("html-has-lang"));
}

fn violations(browser: &mut Browser) -> String {
    browser.text(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })\
         .then((found) => found.violations.map((one) => one.id + ' ' + one.nodes.slice(0, 3).map((node) => node.html + ' ' + node.failureSummary).join('; ')).join('\\n'))",
    )
}

#[test]
#[ignore = "needs Chromium: cargo xtask ci --only browser"]
fn ten_thousand_findings_are_shown_by_the_hundred_and_searched_whole() {
    let (_sandbox, path) = page(&sample(3_000), &[]);
    assert!(fs::metadata(&path).unwrap().len() < 2_000_000);
    let mut browser = Browser::start();
    browser.open(&path);
    assert_eq!(browser.complaints(), [""; 0]);
    let shown = browser.text("document.getElementById('shown').textContent");
    assert!(shown.starts_with("Showing 100 of 10,000 findings"), "{shown}");
    browser.tab_to("at.id === 'more'");
    browser.press("Enter");
    assert_eq!(column(&mut browser, 2).len(), 200);
    // The focus stands at the first of the new rows.
    let place = "[...document.querySelectorAll('tr.finding')].indexOf(document.activeElement.closest('tr'))";
    assert_eq!(browser.number(place), 100);
    let claim = column(&mut browser, 2)[150].clone();
    browser.ask("document.getElementById('search').focus()");
    browser.type_text(&claim);
    let claims = column(&mut browser, 2);
    assert!(!claims.is_empty() && claims.iter().all(|one| *one == claim), "{claims:?}");
    browser.picture("searched");
}

#[test]
#[ignore = "needs Chromium: cargo xtask ci --only browser"]
fn hostile_texts_are_words_in_the_browser_too() {
    let attacks = [
        "<script>violations.push('run')</script>",
        "</script><img src=x onerror=violations.push('run')>",
        "\u{202e}gnp.evil\u{2066}",
        "'\"><svg onload=violations.push('run')>",
        "x".repeat(38).leak(),
        "${violations.push('run')} {{1+1}}",
    ];
    let claims: String = attacks.iter().enumerate().map(|(n, attack)| claim(attack, n)).collect();
    let (_sandbox, path) = page(&claims, &[]);
    let mut browser = Browser::start();
    for width in [1300, 380] {
        browser.window(width, 900);
        browser.open(&path);
        browser.ask(
            "document.querySelectorAll('tr.finding button').forEach((button) => button.click())",
        );
        browser.settle();
        browser.picture(&format!("hostile-{width}"));
        assert_eq!(browser.complaints(), [""; 0]);
        let text = browser.text("document.body.textContent");
        assert!(text.contains(attacks[0]) && text.contains("\\u{202e}"));
        // Nothing pushes the page wider than its window.
        let wide = browser.number("document.documentElement.scrollWidth");
        assert!(wide <= width, "{wide}");
    }
}

#[test]
#[ignore = "needs Chromium: cargo xtask ci --only browser"]
fn sums_charts_and_the_first_findings_need_no_script_and_it_prints() {
    let (sandbox, path) = page(&sample(60), &[]);
    let page = fs::read_to_string(&path).unwrap();
    let (before, behind) = page.split_once("script-src 'sha256-").unwrap();
    let behind = behind.split_once('\'').unwrap().1;
    let mut without = String::new();
    write!(without, "{before}script-src 'none'{behind}").unwrap();
    sandbox.write("without.html", without.as_bytes());
    let mut browser = Browser::start();
    browser.open(&sandbox.path("without.html"));
    browser.picture("without-script");
    assert_eq!(
        browser.ask("getComputedStyle(document.querySelector('.controls')).display"),
        "none"
    );
    assert_eq!(browser.number("document.querySelectorAll('#table > tbody > tr').length"), 50);
    browser.tab_to("at.tagName === 'SUMMARY' && at.closest('#table') !== null");
    browser.press("Enter");
    let opened = browser.text("document.activeElement.parentElement.textContent");
    assert!(opened.contains("What to do") && opened.contains("\u{2716} this line"), "{opened}");

    browser.open(&path);
    browser.ask("document.querySelectorAll('tr.finding button').forEach((button, at) => at < 2 && button.click())");
    browser.medium("print", "dark");
    browser.settle();
    assert_eq!(
        browser.text("getComputedStyle(document.body).backgroundColor"),
        "rgb(255, 255, 255)"
    );
    assert_eq!(
        browser.text("getComputedStyle(document.querySelector('.controls')).display"),
        "none"
    );
    browser.picture("print");
    browser.print("print");
}
