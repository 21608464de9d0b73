//! Tables in files, checked when they are touched.
#![expect(
    clippy::unwrap_used,
    reason = "a test that fails should stop there; the lints know only functions marked as tests"
)]

use std::fs;

use cleanbill_tables::{OpenError, RowSink as _, Table, TableBuilder, history};

const BLOCK: usize = 64 << 10;

/// More than three blocks: 400,000 rows, with two columns of four bytes each and the lines.
fn large() -> Table {
    let mut builder = TableBuilder::new(["one", "two"], ["one"]).unwrap();
    for row in 0..400_000_u64 {
        builder.row(row + 1, &[&format!("{row:06}"), &format!("{:06}", row % 70_000)]);
    }
    builder.finish().unwrap()
}

#[test]
fn a_flipped_bit_hides_its_block_and_is_told_once_it_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.cbt");
    let table = large();
    let last = table.len() - 1;
    assert!(table.bytes().len() > 4 * BLOCK);
    // The first block holds where the texts end; the last the starts of the last rows.
    for (at, is_first) in [(BLOCK / 2, true), (table.bytes().len() - 9, false)] {
        let mut bytes = table.bytes().to_vec();
        bytes[at] ^= 4;
        fs::write(&path, &bytes).unwrap();
        let mapped = Table::map(&path).unwrap().unwrap();
        assert_eq!(mapped.digest(), table.digest());
        assert_eq!(mapped.verify(), Err(OpenError::Damaged { place: "in its rows" }));
        assert!(!mapped.is_damaged(), "nothing was touched");
        let one = mapped.column("one").unwrap();
        if is_first {
            assert_eq!(one.text(0), None);
        } else {
            assert_eq!(one.text(last), Some("399999"));
            assert!(!mapped.is_damaged(), "another block was touched");
            assert_eq!(mapped.rows_of(last), 0..0);
        }
        assert!(mapped.is_damaged());
    }
}

#[test]
fn a_whole_file_gives_the_same_answers_as_the_table_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.cbt");
    let table = large();
    fs::write(&path, table.bytes()).unwrap();
    let mapped = Table::map(&path).unwrap().unwrap();
    assert_eq!(mapped.verify(), Ok(()));
    let (one, two) = (mapped.column("one").unwrap(), mapped.column("two").unwrap());
    for row in (0..table.len()).step_by(9_973) {
        assert_eq!(one.text_at(row), table.column("one").unwrap().text_at(row));
        assert_eq!(two.text_at(row), table.column("two").unwrap().text_at(row));
        assert_eq!(mapped.rows_of(row), row..row + 1);
        assert_eq!(mapped.source_line(row), Some(row + 1));
    }
    assert!(!mapped.is_damaged());
    fs::write(&path, &table.bytes()[..table.bytes().len() - 1]).unwrap();
    assert_eq!(Table::map(&path).unwrap().unwrap_err(), OpenError::Length);
}

/// An edition from that day on; rows are code and value.
fn edition(from: &str, through: &str, rows: &[(&str, &str)]) -> Table {
    let mut builder = TableBuilder::new(["code", "value", "from", "through"], ["code"]).unwrap();
    for (line, (code, value)) in (1..).zip(rows) {
        builder.row(line, &[code, value, from, through]);
    }
    builder.finish().unwrap()
}

fn shown(editions: &[&Table]) -> Vec<String> {
    let table = history(editions).unwrap().finish().unwrap();
    let cell = |row, column| table.column_at(column).unwrap().text_at(row).unwrap();
    let row = |row| format!("{} {} {}..{}", cell(row, 0), cell(row, 1), cell(row, 2), cell(row, 3));
    (0..table.len()).map(row).collect()
}

#[test]
fn a_row_stands_from_its_first_quarter_until_the_day_before_it_is_changed_or_gone() {
    let first =
        edition("2026-01-01", "", &[("kept", "1"), ("changed", "2"), ("gone", "3"), ("back", "4")]);
    let second = edition("2026-04-01", "", &[("kept", "1"), ("changed", "5"), ("gone", "3")]);
    let third =
        edition("2026-07-01", "", &[("kept", "1"), ("changed", "5"), ("new", "6"), ("back", "4")]);
    let expected = [
        "back 4 2026-01-01..2026-03-31",
        "back 4 2026-07-01..",
        "changed 2 2026-01-01..2026-03-31",
        "changed 5 2026-04-01..",
        "gone 3 2026-01-01..2026-06-30",
        "kept 1 2026-01-01..",
        "new 6 2026-07-01..",
    ];
    assert_eq!(shown(&[&first, &second, &third]), expected);
    assert_eq!(shown(&[&third, &first, &second]), expected, "the order of import decides nothing");
}

#[test]
fn a_last_day_that_an_edition_gives_is_kept_and_ends_the_row_where_years_are_missing() {
    let first = edition("2023-10-01", "2024-09-30", &[("kept", "1"), ("gone", "2")]);
    let april = edition("2024-04-01", "2024-09-30", &[("kept", "1")]);
    let later = edition("2025-10-01", "2026-09-30", &[("kept", "1")]);
    assert_eq!(
        shown(&[&first, &april, &later]),
        [
            "gone 2 2023-10-01..2024-03-31",
            "kept 1 2023-10-01..2024-09-30",
            "kept 1 2025-10-01..2026-09-30",
        ]
    );
    let undated = edition("", "", &[("kept", "1")]);
    assert!(history(&[&undated, &first]).is_err());
    assert!(history(&[&first, &first]).is_err());
}
