//! Packs whose tables are imported: samples for tests, the imported rows for claims, and no rule that is
//! left out without being named.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use cleanbill_engine::{LineExplanation, LineOutcome, explain};
use cleanbill_rules::{
    ClaimSketch, Code, ImportedTables, Loading, MemorySource, NotRun, Pack, TablesFrom, TestStatus,
    Tester,
};
use cleanbill_tables::{EDITION, RowSink as _, Table, TableBuilder};

const TABLE: &str = "{ imported: pairs-2, sample: tables/sample.csv, key: [column_one, column_two], effective: [from, through] }";

/// What is imported.
struct Imported(Result<Vec<[&'static str; 5]>, &'static str>);

const COLUMNS: [&str; 5] = ["column_one", "column_two", "indicator", "from", "through"];

impl Imported {
    fn build(rows: &[[&str; 5]], columns: [&str; 5]) -> Table {
        let mut builder = TableBuilder::new(columns, ["column_one", "column_two"]).unwrap();
        builder.note(EDITION, "2026q3");
        for (line, row) in (1..).zip(rows) {
            builder.row(line, row);
        }
        builder.finish().unwrap()
    }
}

impl ImportedTables for Imported {
    fn table(&self, name: &str) -> Result<Option<Table>, String> {
        assert_eq!(name, "pairs-2");
        let rows = self.0.as_ref().map_err(|why| (*why).to_owned())?;
        Ok((!rows.is_empty()).then(|| Self::build(rows, COLUMNS)))
    }
}

fn pack(table: &str, more: &str) -> MemorySource {
    let text = format!(
        r#"schema: cleanbill/pack/v1
name: p
version: 1.0.0
title: T
tables:
  pairs: {table}
rules:
  - id: pairs
    title: A pair
    disposition: line_denial
    mutually_exclusive: {{ table: pairs, same: [patient, service_date] }}
    message: "{{code}} is there"
    fix: Remove one
    source: [{{ authority: A, document: D, kind: internal }}]
{more}  - id: place
    title: A place
    place_of_service: {{ codes: ["93970"], not_at: ["11"] }}
    message: Not here
    fix: Move it
    source: [{{ authority: A, document: D, kind: internal }}]
"#
    );
    MemorySource::new("").with("pack.yaml", &text).with(
        "tables/sample.csv",
        "column_one,column_two,indicator,from,through\n93970,93971,0,2020-01-01,\n",
    )
}

const TEST: &str = r#"    tests:
      - name: both
        claim: { lines: ["93970 @2026-03-02", "93971 @2026-03-02"] }
        expect: { fires: 1 }
"#;

fn load(source: &MemorySource, imported: &Imported) -> Result<Pack, cleanbill_rules::Diagnostics> {
    Loading { tables: TablesFrom::Imported(imported), ..Loading::default() }.load(source)
}

fn status(pack: &Pack) -> TestStatus {
    let [test] = pack.tests.as_slice() else { panic!("one test") };
    Tester::new(pack, &|path| Err(format!("{path} is not read"))).run(test).status
}

fn ids(pack: &Pack) -> Vec<&str> {
    pack.edits.iter().flat_map(|edit| edit.infos()).map(|info| info.id.as_str()).collect()
}

#[test]
fn tests_read_the_sample_and_claims_the_imported_rows() {
    let source = pack(TABLE, TEST);
    let sampled = cleanbill_rules::load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(status(&sampled), TestStatus::Passed);
    let imported = Imported(Ok(vec![["11042", "97597", "1", "2020-01-01", ""]]));
    let pack = load(&source, &imported).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert!(pack.not_run.is_empty());
    assert_eq!(status(&pack), TestStatus::Failed);
}

#[test]
fn a_rule_whose_table_is_not_imported_is_left_out_and_named() {
    let pack = load(&pack(TABLE, ""), &Imported(Ok(Vec::new())))
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let not_run = NotRun { rule: "pairs".to_owned(), table: "pairs-2".to_owned() };
    assert_eq!(pack.not_run, [not_run]);
    assert_eq!(ids(&pack), ["place"]);
    assert_eq!(pack.rules.len(), 2);
}

#[test]
fn facts_that_read_a_table_which_is_not_imported_leave_their_rules_out() {
    let facts = r#"facts: { extremity: { side: [{ table: pairs.laterality }], region: [] } }
rules:
  - id: arms
    title: T
    mutually_exclusive: { codes: ["93970"], with: ["93971"], same: [patient, service_date, extremity] }
    message: m
    fix: f
    source: [{ authority: A, document: D, kind: internal }]
"#;
    let text = pack(TABLE, "").files().next().unwrap().1.replace("rules:\n", facts);
    let source = pack(TABLE, "").with("pack.yaml", &text);
    let pack = load(&source, &Imported(Ok(Vec::new()))).unwrap_or_else(|m| panic!("{m}"));
    let left_out: Vec<&str> = pack.not_run.iter().map(|one| one.rule.as_str()).collect();
    assert_eq!(left_out, ["arms", "pairs"]);
}

#[test]
fn an_imported_table_that_cannot_serve_is_an_error_that_names_it() {
    let source = pack(TABLE, "");
    let said = |imported| load(&source, &imported).err().unwrap().to_string();
    let damaged = said(Imported(Err("it is damaged in its header")));
    assert!(damaged.contains("the imported table `pairs-2` cannot be used: it is damaged"));
    struct Renamed;
    impl ImportedTables for Renamed {
        fn table(&self, _: &str) -> Result<Option<Table>, String> {
            let columns = ["column_one", "column_two", "indicator", "begins", "through"];
            Ok(Some(Imported::build(&[["11042", "97597", "1", "", ""]], columns)))
        }
    }
    let loading = Loading { tables: TablesFrom::Imported(&Renamed), ..Loading::default() };
    let lacking = loading.load(&source).err().unwrap().to_string();
    assert!(lacking.contains("table `pairs-2 2026q3` has no column `from`"), "{lacking}");
}

#[test]
fn a_table_has_one_place_and_a_sample_where_tests_need_one() {
    let key = "key: [column_one, column_two]";
    for (table, test, code, words) in [
        ("{ KEY }", "", Code::MissingKey, "neither `file` nor `imported`"),
        ("{ file: tables/sample.csv, imported: x, KEY }", "", Code::UnknownKey, "either a `file`"),
        (
            "{ file: tables/sample.csv, sample: tables/sample.csv, KEY }",
            "",
            Code::UnknownKey,
            "nothing to sample",
        ),
        ("{ imported: x, KEY }", TEST, Code::MissingKey, "a rule with tests reads this table"),
        ("{ imported: x, sample: tables/no.csv, KEY }", "", Code::UnknownFile, "tables/no.csv"),
    ] {
        let mistakes =
            cleanbill_rules::load(&pack(&table.replace("KEY", key), test)).err().unwrap();
        let [mistake] = mistakes.list() else { panic!("{mistakes}") };
        assert_eq!(mistake.code, code, "{mistakes}");
        assert!(mistake.message.contains(words), "{mistakes}");
        assert_eq!(mistakes.position(mistake).0, 6, "{mistakes}");
    }
    // Without tests nothing is asked of a table for which there are no rows.
    let bare = cleanbill_rules::load(&pack("{ imported: x, key: [column_one] }", "")).unwrap();
    assert_eq!(bare.not_run.len(), 1);
}

/// A table of pairs in a file, of more than one block.
struct InFile(std::path::PathBuf);

impl ImportedTables for InFile {
    fn table(&self, _: &str) -> Result<Option<Table>, String> {
        Ok(Some(Table::map(&self.0).unwrap().unwrap()))
    }
}

#[test]
fn a_block_that_is_damaged_when_a_pair_is_looked_up_is_a_fault_and_no_pass() {
    let mut builder = TableBuilder::new(COLUMNS, ["column_one", "column_two"]).unwrap();
    builder.note(EDITION, "2026q3");
    builder.note(cleanbill_tables::ORDERED_DAYS, "from through");
    for row in 0..400_000_u64 {
        let (one, two) = (format!("{:05}", row / 500), format!("{:05}", 50_000 + row % 500));
        builder.row(row + 1, &[&one, &two, "0", "2020-01-01", ""]);
    }
    let table = builder.finish().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pairs.cbt");
    let judged = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let imported = InFile(path.clone());
        let pack = Loading { tables: TablesFrom::Imported(&imported), ..Loading::default() }
            .load(&pack(TABLE, ""))
            .unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let lines = ["00700 @2026-03-02".to_owned(), "50007 @2026-03-02".to_owned()];
        let claim = ClaimSketch::new(&lines).unwrap().claim(false).unwrap();
        let seen =
            explain(pack.edits[0].as_ref(), "pairs", &claim).map_err(|fault| fault.message)?;
        let is_found = |line: &LineExplanation| matches!(line.outcome, LineOutcome::Found(_));
        Ok(seen.lines.iter().any(is_found))
    };
    assert_eq!(judged(table.bytes()), Ok(true));
    // Where the rows of each code start stands at the end, far from every dictionary.
    let mut bytes = table.bytes().to_vec();
    let last = bytes.len() - 9;
    bytes[last] ^= 1;
    assert_eq!(judged(&bytes), Err("the imported table `pairs-2 2026q3` is damaged".to_owned()));
}

#[test]
fn each_imported_row_holds_from_its_first_day_through_its_last_and_on_no_day_around() {
    // First day, last day, indicator, and the days around them with whether the pair holds.
    let rows = [
        (
            "10000",
            "1",
            "2020-01-01",
            "",
            &[("2019-12-31", false), ("2020-01-01", true), ("2034-12-31", true)][..],
        ),
        (
            "10001",
            "0",
            "2020-01-01",
            "2026-06-30",
            &[
                ("2019-12-31", false),
                ("2020-01-01", true),
                ("2026-06-30", true),
                ("2026-07-01", false),
            ],
        ),
        (
            "10002",
            "0",
            "2024-02-29",
            "2024-02-29",
            &[("2024-02-28", false), ("2024-02-29", true), ("2024-03-01", false)],
        ),
        (
            "10003",
            "9",
            "2020-01-01",
            "2020-01-01",
            &[("2019-12-31", false), ("2020-01-01", false), ("2020-01-02", false)],
        ),
    ];
    let table = rows
        .iter()
        .map(|(one, indicator, from, through, _)| [*one, "20000", *indicator, *from, *through]);
    let pack = load(&pack(TABLE, ""), &Imported(Ok(table.collect()))).unwrap();
    for (one, _, _, _, days) in rows {
        for (day, holds) in days {
            let lines = [format!("{one} @{day}"), format!("20000 @{day}")];
            let claim = ClaimSketch::new(&lines).unwrap().claim(false).unwrap();
            let seen = explain(pack.edits[0].as_ref(), "pairs", &claim).unwrap();
            let found = seen.lines.iter().any(|line| matches!(line.outcome, LineOutcome::Found(_)));
            assert_eq!(found, *holds, "{one} on {day}");
        }
    }
}
