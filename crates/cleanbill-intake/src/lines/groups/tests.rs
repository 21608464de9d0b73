//! The same claims come out in memory, row by row and from disk.

use std::io::ErrorKind;

use cleanbill_model::Location;

use super::*;
use crate::lines::record::RowPlace;

fn row(text: &str, ordinal: u64) -> Row {
    let location = Location { offset: ordinal, line: ordinal, segment: 0 };
    let place = RowPlace { location, bytes: 1, too_long: false };
    Row::new(place, ordinal, None, [text.as_bytes()].into_iter())
}

fn scratch() -> Scratch {
    Scratch::new(tempfile::tempfile)
}

/// What comes out, claims as their rows, `!` behind one that came back.
fn grouped(rows: &[&str], room: usize, overflow: Overflow) -> Vec<String> {
    let mut groups = Groups::new(room, overflow);
    let mut all = Vec::new();
    let mut take = |groups: &mut Groups| {
        while let Some(group) = groups.next().unwrap() {
            let text: String = group
                .rows
                .iter()
                .map(|row| String::from_utf8_lossy(row.cell(0)).into_owned())
                .collect();
            all.push(format!("{text}{}", if group.came_back { "!" } else { "" }));
        }
    };
    for (ordinal, text) in (0..).zip(rows) {
        let id = text.trim_end_matches(|c: char| c.is_ascii_digit());
        groups.add(id.as_bytes(), row(text, ordinal)).unwrap();
        if !matches!(groups.state, State::Spilling(_)) {
            take(&mut groups);
        }
    }
    groups.finish().unwrap();
    take(&mut groups);
    all
}

fn of(rows: &str, room: usize) -> String {
    let rows: Vec<&str> = rows.split(' ').collect();
    grouped(&rows, room, Overflow::default()).join(" ")
}

#[test]
fn rows_from_anywhere_make_claims_in_the_order_of_their_first_rows() {
    assert_eq!(of("b1 a1 b2 c1 a2", 1 << 20), "b1b2 a1a2 c1");
}

#[test]
fn beyond_the_room_and_without_a_disk_rows_of_a_claim_must_stand_together() {
    let room = (row("a1", 0).size() + 1) * 3;
    assert_eq!(of("a1 b1 a2 b2 b3 c1 c2 d1", room), "a1a2 b1b2b3 c1c2 d1");
    assert_eq!(of("a1 b1 a2 b2 c1 a3 c2", room), "a1a2 b1b2 c1 a3! c2!");
}

#[test]
fn on_disk_claims_come_out_whole_and_in_the_same_order_as_in_memory() {
    // Numbers of a fixed sequence: about 3,000 claims of one to nine rows that stand anywhere.
    let mut state = 7_u64;
    let rows: Vec<String> = (0..15_000)
        .map(|row| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            format!("c{}x{row}", (state >> 33) % 3_000)
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let claim = |text: &str| text.split('x').next().unwrap().to_owned();
    let in_memory = grouped(&rows, 1 << 30, Overflow::default());
    assert!(in_memory.iter().all(|rows| {
        rows.split('c').skip(1).all(|row| claim(row) == claim(rows.trim_start_matches('c')))
    }));
    let overflow = Overflow { scratch: Some(scratch()), unsorted: true };
    // So little room that partitions do not fit and are parted again.
    for room in [1 << 20, 64 << 10, 4 << 10, 300] {
        assert!(grouped(&rows, room, overflow) == in_memory, "{room}");
    }
}

#[test]
fn a_table_whose_claims_stood_together_so_far_needs_no_disk_unless_it_is_said_to_be_unsorted() {
    let room = (row("a1", 0).size() + 1) * 3;
    let rows = ["a1", "a2", "b1", "b2", "c1", "a3"];
    let scratch = Some(scratch());
    let together = Overflow { scratch, unsorted: false };
    assert_eq!(grouped(&rows, room, together), ["a1a2", "b1b2", "c1", "a3!"]);
    let unsorted = Overflow { scratch, unsorted: true };
    assert_eq!(grouped(&rows, room, unsorted), ["a1a2a3", "b1b2", "c1"]);
}

#[test]
fn a_claim_beyond_its_limit_keeps_the_places_of_its_rows_and_no_more() {
    let long = "x".repeat(1 << 20);
    let mut rows = Rows::of(row(&long, 0));
    for ordinal in 1..200 {
        rows.push(row(&long, ordinal));
    }
    assert!(rows.is_too_large());
    assert_eq!(rows.iter().map(|row| row.place.bytes).sum::<u64>(), 200);
    assert!(rows.iter().map(Row::size).sum::<usize>() < 2 << 20);
    let mut bytes = Vec::new();
    rows.write(&mut bytes);
    let read = Rows::read(&mut &bytes[8..]).unwrap();
    assert!(read.is_too_large());
    assert_eq!(*read, *rows);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_with_the_folder_to_change() {
    let full = || std::fs::File::options().read(true).write(true).open("/dev/full");
    let overflow = Overflow { scratch: Some(Scratch::new(full)), unsorted: true };
    let mut groups = Groups::new(1, overflow);
    let told = (0..100_000).find_map(|at| groups.add(b"a", row("a1", at)).err());
    let told = told.or_else(|| groups.finish().err()).unwrap();
    assert_eq!(told.kind(), ErrorKind::StorageFull);
    assert!(told.to_string().contains("TMPDIR"), "{told}");
}
