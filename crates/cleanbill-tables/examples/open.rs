//! How long it takes to open compiled tables, and to find pairs in the first of them, for
//! `cargo xtask bench --only import`: `open TABLE…`.
#![expect(clippy::print_stdout, reason = "what the benchmark shows")]
#![expect(clippy::float_arithmetic, reason = "figures for people, no verdict")]

use std::error::Error;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use cleanbill_tables::Table;

/// Look-ups that are timed at once: few, so that another program does not come between.
const PROBES: u32 = 20_000;

const TRIES: u32 = 60;

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (mut least, mut rows) = (f64::INFINITY, 0_u64);
    for _ in 0..TRIES {
        let start = Instant::now();
        let mut tables = Vec::new();
        for path in &paths {
            tables.push(Table::map(path)??);
        }
        least = least.min(start.elapsed().as_secs_f64());
        rows = tables.iter().map(|table| u64::from(table.len())).sum();
    }
    println!(
        "{} tables with {rows} rows opened: {:.3} ms (wanted: under 5 ms)",
        paths.len(),
        least * 1e3
    );
    let pairs = Table::map(paths.first().ok_or("name a table")?)??;
    for (what, different) in [
        ("one of 1,000 pairs looked up (wanted: under 100 ns)", 1_000),
        ("any pair looked up, in no order", PROBES),
    ] {
        let least = ask(&pairs, different).ok_or("the first table is none of pairs")?;
        println!("{what}, indicator and days read: {least:.0} ns");
    }
    Ok(())
}

/// Nanoseconds of one look-up, over so many different rows in no order.
fn ask(table: &Table, different: u32) -> Option<f64> {
    let [one, two, indicator, from, through] =
        ["column_one", "column_two", "indicator", "from", "through"].map(|name| table.column(name));
    let (one, two, cells) = (one?, two?, [indicator?, from?, through?]);
    let (mut state, mut least) = (1_u32, f64::INFINITY);
    let mut probes = Vec::new();
    for _ in 0..TRIES {
        // Other pairs each time where none is asked for twice.
        if probes.is_empty() || different == PROBES {
            probes.clear();
            for _ in 0..different {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let row = (state >> 4) % table.len();
                probes.push([one.id_at(row)?, two.id_at(row)?]);
            }
        }
        let rounds = PROBES / different;
        let start = Instant::now();
        for ids in (0..rounds).flat_map(|_| &probes) {
            for row in table.rows_with(ids) {
                black_box(cells.map(|column| column.id_at(row)));
            }
        }
        least = least.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(PROBES));
    }
    Some(least)
}
