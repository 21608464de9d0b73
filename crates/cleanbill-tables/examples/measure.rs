//! Figures of one CSV file of pairs as a compiled table, for `cargo xtask bench`: a line each, name and
//! number.
#![expect(clippy::print_stdout, reason = "what the benchmark reads")]
#![expect(clippy::float_arithmetic, reason = "figures for people, no verdict")]

use std::error::Error;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use cleanbill_tables::{Table, open_csv, read_csv};

/// Look-ups that are timed.
const PROBES: u32 = 2_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let path: PathBuf = std::env::args_os().nth(1).ok_or("name a CSV file")?.into();
    let key = ["column_one", "column_two"].map(str::to_owned);

    let text = std::fs::read_to_string(&path)?;
    let start = Instant::now();
    let table = read_csv(&text, &key)?;
    println!("compile_seconds {}", start.elapsed().as_secs_f64());
    println!("rows {}", table.len());
    println!("csv_bytes {}", text.len());
    println!("table_bytes {}", table.bytes().len());
    drop(text);

    open_csv(&path, &key)??;
    let start = Instant::now();
    let kept = open_csv(&path, &key)??;
    println!("kept_seconds {}", start.elapsed().as_secs_f64());

    let probes = probes(&kept).ok_or("the table lacks its columns")?;
    let start = Instant::now();
    let found = probes.iter().filter(|ids| !black_box(kept.rows_with(*ids)).is_empty()).count();
    println!("lookup_nanoseconds {}", start.elapsed().as_secs_f64() * 1e9 / f64::from(PROBES));
    println!("found {found}");
    Ok(())
}

/// Pairs of codes in no order, half of which are pairs of the table.
fn probes(table: &Table) -> Option<Vec<[u32; 2]>> {
    let (one, two) = (table.column("column_one")?, table.column("column_two")?);
    let (ones, twos) = (u32::try_from(one.distinct()).ok()?, u32::try_from(two.distinct()).ok()?);
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 4
    };
    let probes = (0..PROBES).map(|probe| match probe % 2 {
        0 => {
            let row = next() % table.len();
            Some([one.id_at(row)?, two.id_at(row)?])
        }
        _ => Some([next() % ones, next() % twos]),
    });
    probes.collect()
}
