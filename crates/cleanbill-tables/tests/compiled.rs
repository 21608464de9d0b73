//! Compiled tables against a plain list of rows, and against damage.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails should stop there; the lints know only functions marked as tests"
)]

use std::collections::BTreeSet;

use cleanbill_tables::{BuildError, OpenError, RowSink as _, SourceMark, Table, TableBuilder};

const COLUMNS: [&str; 4] = ["one", "two", "from", "note"];

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn table(key: &[&str], rows: &[(u64, [String; 4])]) -> Table {
    let mut builder = TableBuilder::new(COLUMNS, key.iter().copied()).unwrap();
    builder.note("edition", "2026q1");
    builder.made_of(SourceMark::of(b"source"));
    for (line, cells) in rows {
        builder.row(*line, &cells.each_ref().map(String::as_str));
    }
    builder.finish().unwrap()
}

fn rows(numbers: &mut Numbers, count: u64, texts: u64) -> Vec<(u64, [String; 4])> {
    (0..count)
        .map(|row| {
            let cells = [
                format!("{:05}", numbers.below(texts)),
                format!("{:05}", numbers.below(texts)),
                format!("20{:02}-01-01", numbers.below(27)),
                ["", "é", "a, b", "\"quoted\""][usize::try_from(numbers.below(4)).unwrap()]
                    .to_owned(),
            ];
            (row * 3 + 2, cells)
        })
        .collect()
}

fn read(table: &Table, row: u32) -> (u64, [String; 4]) {
    let cell = |name| table.column(name).unwrap().text_at(row).unwrap().to_owned();
    (u64::from(table.source_line(row).unwrap()), COLUMNS.map(cell))
}

#[test]
fn look_ups_find_the_rows_that_a_plain_search_finds_and_in_the_order_of_the_source() {
    let mut numbers = Numbers(7);
    // Few and many different texts: numbers of one, two and four bytes.
    for (count, texts) in
        [(1, 1), (40, 3), (300, 20), (3_000, 250), (3_000, 2_000), (70_000, 66_000)]
    {
        let all = rows(&mut numbers, count, texts);
        let table = table(&["one", "two"], &all);
        assert_eq!(u64::from(table.len()), count);
        let (one, two) = (table.column("one").unwrap(), table.column("two").unwrap());
        for _ in 0..60 {
            let wanted = [0, 1].map(|_| format!("{:05}", numbers.below(texts)));
            let plain = |length: usize| {
                let is_wanted = |row: &&(u64, [String; 4])| row.1[..length] == wanted[..length];
                let mut found: Vec<_> = all.iter().filter(is_wanted).cloned().collect();
                // Sorted by what the key has behind; equal keys stay as they are.
                found.sort_by(|a, b| a.1[1].cmp(&b.1[1]));
                found
            };
            let ids = [one.id_of(&wanted[0]), two.id_of(&wanted[1])];
            let found = |ids: &[Option<u32>]| -> Vec<_> {
                let Some(ids) = ids.iter().copied().collect::<Option<Vec<u32>>>() else {
                    return Vec::new();
                };
                table.rows_with(&ids).map(|row| read(&table, row)).collect()
            };
            assert_eq!(found(&ids), plain(2));
            assert_eq!(found(&ids[..1]), plain(1));
        }
    }
}

#[test]
fn a_table_opened_again_is_the_same() {
    let all = rows(&mut Numbers(3), 500, 300);
    let made = table(&["two"], &all);
    let opened = Table::from_bytes(made.bytes().to_vec()).unwrap();
    opened.verify().unwrap();
    assert_eq!(opened.columns().collect::<Vec<_>>(), COLUMNS);
    assert_eq!(opened.key().collect::<Vec<_>>(), ["two"]);
    assert_eq!(opened.metadata("edition"), Some("2026q1"));
    assert_eq!(opened.metadata("year"), None);
    assert_eq!(opened.source(), SourceMark::of(b"source"));
    let cells = |table: &Table| (0..table.len()).map(|row| read(table, row)).collect::<Vec<_>>();
    assert_eq!(cells(&opened), cells(&made));
    let lines: BTreeSet<u64> = cells(&made).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, all.into_iter().map(|(line, _)| line).collect());
}

#[test]
fn dictionaries_are_sorted_and_hold_each_text_once() {
    let table = table(&["one"], &rows(&mut Numbers(5), 400, 50));
    for name in COLUMNS {
        let column = table.column(name).unwrap();
        let texts: Vec<&str> = column.dictionary().map(|(_, text)| text).collect();
        assert!(texts.is_sorted_by(|a, b| a < b), "{texts:?}");
        let used: BTreeSet<&str> =
            (0..table.len()).map(|row| column.text_at(row).unwrap()).collect();
        assert_eq!(texts, used.into_iter().collect::<Vec<_>>());
    }
    assert_eq!(table.column("one").unwrap().id_of("no such text"), None);
}

#[test]
fn one_changed_byte_is_found_and_nothing_panics_on_the_way() {
    let bytes = table(&["one", "two"], &rows(&mut Numbers(1), 12, 5)).bytes().to_vec();
    for place in 0..bytes.len() {
        for change in [1, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[place] ^= change;
            let Ok(table) = Table::from_bytes(damaged) else { continue };
            let found = matches!(table.verify(), Err(OpenError::Damaged { .. }));
            assert!(found, "byte {place} of {} changed by {change:#x}", bytes.len());
            for row in 0..=table.len() {
                let _ = (table.source_line(row), table.rows_with(&[row, row]));
                for name in COLUMNS {
                    let column = table.column(name).unwrap();
                    let _ =
                        (column.text_at(row), column.id_of("00003"), column.dictionary().count());
                }
            }
        }
    }
}

#[test]
fn a_cut_or_longer_file_and_a_strange_one_are_refused() {
    let bytes = table(&["one"], &rows(&mut Numbers(1), 12, 5)).bytes().to_vec();
    for length in 0..bytes.len() {
        assert!(Table::from_bytes(bytes[..length].to_vec()).is_err(), "{length} bytes");
    }
    let refused = |bytes: Vec<u8>| Table::from_bytes(bytes).err();
    assert_eq!(refused([&bytes[..], &[0]].concat()), Some(OpenError::Length));
    assert_eq!(refused(b"code,max\n93970,1\n".to_vec()), Some(OpenError::NotATable));
    let mut newer = bytes;
    newer[8] = 9;
    assert_eq!(refused(newer), Some(OpenError::Format { found: 9 }));
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let unknown = TableBuilder::new(["a"], ["b"]).err();
    assert_eq!(unknown, Some(BuildError::UnknownKey { name: "b".to_owned() }));
    let built = |line, cells: &[&str]| {
        let mut builder = TableBuilder::new(["a", "b"], ["a"]).unwrap();
        builder.row(line, cells);
        builder.finish().err()
    };
    assert_eq!(built(4, &["1"]), Some(BuildError::Cells { line: 4 }));
    assert_eq!(built(1 << 32, &["1", "2"]), Some(BuildError::TooLarge));
    assert_eq!(built(4, &["1", "2"]), None);
}

#[test]
fn a_table_without_rows_or_key_can_be_asked() {
    let table = TableBuilder::new(["a"], []).unwrap().finish().unwrap();
    assert!(table.is_empty());
    assert_eq!((table.rows_of(0), table.rows_with(&[]), table.source_line(0)), (0..0, 0..0, None));
    table.verify().unwrap();
}
