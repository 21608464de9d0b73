//! Files that are cut short or changed: nothing is lost, nothing is guessed, nothing ends the program.

use arrow_ipc::CompressionType;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::fixture::{Reading, Table, read};

fn files() -> Vec<Vec<u8>> {
    let table = Table::new();
    vec![
        table.parquet(Compression::ZSTD(ZstdLevel::default())),
        table.parquet(Compression::UNCOMPRESSED),
        table.parquet_with(WriterProperties::builder().set_dictionary_enabled(false).build()),
        table.arrow_file(Some(CompressionType::LZ4_FRAME)),
        table.arrow_file(None),
        table.arrow_stream(),
    ]
}

/// Claims that were given have all of their lines, or there is an error that says what is lost.
fn nothing_is_lost(reading: &Reading) {
    let lines: usize = reading.claims.iter().map(|claim| claim.lines.len()).sum();
    if reading.errors.is_empty() {
        assert_eq!(lines, crate::fixture::ROWS);
    }
}

#[test]
fn a_file_that_is_cut_short_anywhere_is_told_and_no_claim_of_it_is_judged() {
    for (at, file) in files().iter().enumerate() {
        let step = (file.len() / 300).max(1);
        for cut in (8..file.len()).step_by(step) {
            let reading = read(&file[..cut]);
            // A stream may end between two messages; but then its second batch is missing to no one's eyes.
            let at_an_end = at == 5 && reading.errors.is_empty();
            assert!(at_an_end || !reading.errors.is_empty(), "{at} {cut}");
            assert!(at_an_end || reading.claims.is_empty(), "{at} {cut} {:?}", reading.told());
        }
    }
}

#[test]
fn thousands_of_changed_files_lose_no_claim_and_end_no_program() {
    std::panic::set_hook(Box::new(|info| {
        if !cleanbill_columnar::is_guarded() {
            eprintln!("{info}");
        }
    }));
    let mut state = 3_u64;
    let mut below = |limit: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit
    };
    for file in files() {
        for round in 0..150 {
            let mut changed = file.clone();
            // At the start are magics, at the end the description of all else.
            let from = if round % 2 == 0 { file.len() * 2 / 3 } else { 4 };
            for _ in 0..=below(3) {
                let at = from + below(file.len() - from);
                changed[at] = match below(3) {
                    0 => 0xff,
                    1 => changed[at] ^ (1 << below(8)),
                    _ => u8::try_from(below(256)).unwrap(),
                };
            }
            nothing_is_lost(&read(&changed));
        }
    }
    let _ = std::panic::take_hook();
}
