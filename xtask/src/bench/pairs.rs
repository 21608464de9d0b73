//! A synthetic table of pairs in the shape of the NCCI's: the same number of rows gives the same bytes on
//! every machine.
//!
//! Codes are numbers without meaning. About one pair in eight has two dated windows, one row in
//! twenty-five is a tombstone (indicator 9), and the rationales are our own words.

use std::io::{self, Write};

use super::vocabulary::Sequence;

/// Codes that may be column one or two: about as many as the tables of CMS have.
const CODES: u64 = 14_000;

const RATIONALES: [&str; 12] = [
    "Coding instructions name the two together",
    "The second is a part of the first",
    "A usual step of the operation",
    "Preparation and monitoring for anesthesia",
    "Stated where the codes are defined",
    "Only one of the two can be done",
    "The larger service includes the smaller",
    "A service of its own only when done alone",
    "Anesthesia goes with the operation",
    "The first follows when the second fails",
    "\"The panel includes the test, and more\"",
    "Not for this patient",
];

/// Writes a header and `rows` rows, sorted by both codes.
pub fn write(mut out: impl Write, rows: u64) -> io::Result<()> {
    let mut random = Sequence::new();
    writeln!(out, "column_one,column_two,indicator,from,through,rationale")?;
    let mut left = rows;
    // Gaps between the codes of column two in which the rows are all there before the codes end.
    let gap = (CODES * CODES * 17 / 8 / rows.max(1)).clamp(2, CODES / 2);
    for one in 0..CODES {
        let rationale = random.pick(&RATIONALES);
        let mut two = random.below(gap);
        while two < CODES {
            let windows = if random.once_in(8) { 2 } else { 1 };
            for window in 0..windows {
                if left == 0 {
                    return out.flush();
                }
                left -= 1;
                let (one, two) = (code(one), code(two));
                let (indicator, from, through) = window_of(&mut random, window, windows);
                writeln!(out, "{one},{two},{indicator},{from},{through},{rationale}")?;
            }
            two += 1 + random.below(gap);
        }
    }
    out.flush()
}

/// Indicator, first and last day of one of the windows of a pair.
fn window_of(random: &mut Sequence, window: u64, windows: u64) -> (u64, String, String) {
    if random.once_in(25) {
        let day = first_day(random.below(120));
        return (9, day.clone(), day);
    }
    // Windows of one pair follow each other.
    let from = random.below(60) + window * 60;
    let ends = window + 1 < windows || random.once_in(3);
    let through = if ends { last_day(from + random.below(60 - from % 60)) } else { String::new() };
    (random.below(10) / 7, first_day(from), through)
}

/// Five digits, or a letter and four.
fn code(number: u64) -> String {
    match number.checked_sub(11_000) {
        None => format!("{:05}", 100 + number * 8),
        Some(more) => format!("G{:04}", more * 3),
    }
}

/// First day of a quarter, counted from 1996.
fn first_day(quarter: u64) -> String {
    format!("{}-{:02}-01", 1996 + quarter / 4, quarter % 4 * 3 + 1)
}

fn last_day(quarter: u64) -> String {
    let end = ["03-31", "06-30", "09-30", "12-31"];
    let end = usize::try_from(quarter % 4).ok().and_then(|quarter| end.get(quarter));
    format!("{}-{}", 1996 + quarter / 4, end.copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: u64) -> Vec<String> {
        let mut out = Vec::new();
        write(&mut out, count).unwrap();
        String::from_utf8(out).unwrap().lines().skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn it_has_as_many_sorted_rows_as_asked_for_and_windows_do_not_end_before_they_start() {
        let rows = rows(20_000);
        assert_eq!(rows.len(), 20_000);
        let pair = |row: &str| row.get(..11).map(str::to_owned);
        assert!(rows.is_sorted_by_key(|row| pair(row)));
        let twice = rows.windows(2).filter(|two| pair(&two[0]) == pair(&two[1])).count();
        assert!((1_500..3_000).contains(&twice), "{twice} pairs have two windows");
        for row in &rows {
            let cells: Vec<&str> = row.split(',').collect();
            assert!(cells[4].is_empty() || cells[3] <= cells[4], "{row}");
            assert!(["0", "1", "9"].contains(&cells[2]), "{row}");
        }
    }

    #[test]
    fn the_same_number_of_rows_gives_the_same_bytes() {
        assert_eq!(rows(500), rows(500));
    }
}
