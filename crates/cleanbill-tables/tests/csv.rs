//! CSV files as people and spreadsheets save them.
#![expect(
    clippy::unwrap_used,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use cleanbill_tables::{CsvError, SourceMark, Table, read_csv};

fn key(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn cells(table: &Table) -> Vec<(u32, Vec<&str>)> {
    let columns: Vec<_> =
        (0..table.columns().count()).filter_map(|at| table.column_at(at)).collect();
    (0..table.len())
        .map(|row| {
            let texts = columns.iter().map(|column| column.text_at(row).unwrap()).collect();
            (table.source_line(row).unwrap(), texts)
        })
        .collect()
}

#[test]
fn marks_blanks_and_line_ends_of_spreadsheets_are_dropped() {
    for end in ["\n", "\r\n"] {
        let text = format!(
            "\u{feff} code , max{end}{end}93970 ,  2{end}{end}{end}00100,\u{a0}{end}\"a\nb\",\"x, \"\"y\"\"\"{end}Z,é{end}"
        );
        let table = read_csv(&text, &[]).unwrap();
        assert_eq!(table.columns().collect::<Vec<_>>(), ["code", "max"]);
        let found = cells(&table);
        let expected = [
            (3, vec!["93970", "2"]),
            (6, vec!["00100", ""]),
            (7, vec!["a\nb", "x, \"y\""]),
            (9, vec!["Z", "é"]),
        ];
        assert_eq!(found, expected, "{end:?}");
        assert_eq!(table.source(), SourceMark::of(text.as_bytes()));
    }
}

#[test]
fn rows_are_sorted_by_the_key_and_keep_their_line() {
    let text = "code,from\nB,2\nA,9\nB,1\nA,1\n";
    let by_code = read_csv(text, &key(&["code"])).unwrap();
    let order = |table: &Table| cells(table).iter().map(|(line, _)| *line).collect::<Vec<_>>();
    assert_eq!(order(&by_code), [3, 5, 2, 4]);
    assert_eq!(order(&read_csv(text, &key(&["code", "from"])).unwrap()), [5, 3, 4, 2]);
    assert_eq!(order(&read_csv(text, &[]).unwrap()), [2, 3, 4, 5]);
}

#[test]
fn a_key_that_the_header_lacks_is_left_out() {
    let table = read_csv("code,max\n93970,1\n", &key(&["cod", "max"])).unwrap();
    assert_eq!(table.key().collect::<Vec<_>>(), ["max"]);
}

#[test]
fn every_row_with_other_cells_than_the_header_is_named() {
    let text = "a,b\n1,2\n1\n1,2,3\n\n   \n4,5\n";
    let columns = key(&["a", "b"]);
    let wrong = CsvError::Rows { columns, wrong: vec![3, 4, 6], is_empty: false };
    assert_eq!(read_csv(text, &key(&["a"])).err(), Some(wrong));
}

#[test]
fn a_table_without_rows_is_told() {
    for (text, columns) in
        [("a,b\n", vec!["a", "b"]), ("a,b\r\n\r\n", vec!["a", "b"]), ("", vec![])]
    {
        let empty = CsvError::Rows { columns: key(&columns), wrong: vec![], is_empty: true };
        assert_eq!(read_csv(text, &[]).err(), Some(empty));
    }
}

#[test]
fn a_table_of_many_columns_keeps_them_apart() {
    let list = |from: u32| (from..from + 40).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let text = format!("{}\n{}\n", list(0), list(100));
    let table = read_csv(&text, &[]).unwrap();
    for (number, name) in (100..140).zip(table.columns()) {
        assert_eq!(table.column(name).unwrap().text_at(0), Some(number.to_string().as_str()));
    }
}
