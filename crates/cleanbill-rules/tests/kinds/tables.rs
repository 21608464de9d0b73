//! Tables: the order of rows and the columns of the key decide nothing but how rows are found.

use cleanbill_engine::{Evaluator, Registry, explain};
use cleanbill_rules::{ClaimSketch, Code, Diagnostics, MemorySource, load};

const ROWS: [&str; 7] = [
    "93985,93970,9,2026-01-01,2026-01-01,never in force",
    "93985,93970,0,2025-01-01,,first of two in force",
    "93985,93970,1,2020-01-01,,second of two in force",
    "93985,93970,0,2010-01-01,2010-12-31,long over",
    "93971,93985,1,2020-01-01,,another pair",
    "10060,93970,1,2020-01-01,,column two again",
    "93985,10060,1,,,column one again",
];

fn source(key: &str, rows: &[&str]) -> MemorySource {
    let pack = format!(
        "schema: cleanbill/pack/v1\nname: sample\nversion: 1.0.0\ntitle: Sample\n\
         tables: {{ ptp: {{ file: ptp.csv, key: {key}, effective: [from, through] }} }}\n\
         rules:\n  - id: pairs\n    title: Pairs\n    \
         mutually_exclusive: {{ table: ptp, same: [patient, service_date] }}\n    \
         message: \"{{rationale}}, {{indicator}}.\"\n    fix: Remove one.\n    \
         source: [{{ authority: Northwind, document: Made up, kind: internal }}]\n"
    );
    let header = "column_one,column_two,indicator,from,through,rationale";
    let table = [&[header], rows].concat().join("\n") + "\n";
    MemorySource::new("sample").with("pack.yaml", &pack).with("ptp.csv", &table)
}

/// Everything that is said of pairs of codes on some days, explained and found.
fn said(key: &str) -> Vec<String> {
    let pack = load(&source(key, &ROWS)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut claims = Vec::new();
    for date in ["2009-12-31", "2010-06-01", "2025-06-01", "2026-01-01"] {
        for codes in ["93985 93970", "93985 93971", "93970 10060", "10060 93985"] {
            let lines: Vec<String> =
                codes.split(' ').map(|code| format!("{code} @{date}")).collect();
            claims.push(ClaimSketch::new(&lines).unwrap().claim(false).unwrap());
        }
    }
    let edit = pack.edits.first().unwrap().as_ref();
    let explained = |claim| explain(edit, "sample", claim).unwrap();
    let mut all: Vec<String> =
        claims.iter().map(|claim| format!("{:?}", explained(claim))).collect();
    let registry = Registry::new(pack.edits).unwrap();
    let mut evaluator = Evaluator::default();
    for claim in &claims {
        let findings = evaluator.evaluate(&registry, claim).findings;
        all.extend(findings.iter().map(|found| format!("{} {}", found.message, found.why)));
    }
    all
}

#[test]
fn every_key_finds_the_same_rows_and_the_first_in_the_file_that_is_in_force_decides() {
    let usual = said("[column_one, column_two]");
    let joined = usual.join("\n");
    assert!(joined.contains("first of two in force") && !joined.contains("second of two in force"));
    for place in ["sample/ptp.csv:2", "sample/ptp.csv:5", "sample/ptp.csv:8"] {
        assert!(joined.contains(place), "{place} in {joined}");
    }
    for key in [
        "[column_one]",
        "[column_two]",
        "[column_two, column_one]",
        "[column_one, column_two, from]",
        "[rationale]",
    ] {
        assert_eq!(said(key), usual, "{key}");
    }
}

#[test]
fn damaged_cells_are_told_in_the_order_of_the_file_whatever_the_key() {
    let mut rows = ROWS;
    rows[6] = "9398,1006,2,2026-13-01,2020-01-01,all wrong";
    rows[0] = "93985,93970,1,2026-01-02,2026-01-01,the wrong way round";
    let told = |key| {
        let mistakes: Diagnostics = load(&source(key, &rows)).err().unwrap();
        let told = mistakes.list().iter().map(|mistake| {
            assert_eq!(mistake.code, Code::BadCell);
            (mistakes.position(mistake).0, mistake.message.clone())
        });
        (told.collect::<Vec<_>>(), mistakes.render(false))
    };
    let (list, text) = told("[column_one, column_two]");
    let lines: Vec<usize> = list.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 8, 8, 8, 8], "{text}");
    assert!(text.contains("9398,1006,2,2026-13-01"), "no excerpt:\n{text}");
    // The help for a code differs where it is no key.
    assert_eq!(told("[column_two, column_one]").1, text);
}
