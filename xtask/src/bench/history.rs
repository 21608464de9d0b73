//! What a history costs: one incoming claim of a patient with 300 lines in it, and 100,000 claims that are judged
//! with it and then added to it.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::measure;
use crate::command::Cargo;

/// The program that times single claims in itself: `crates/cleanbill-run/examples/history.rs`.
const BUILD: &str =
    "build --release --locked --package cleanbill-cli --package cleanbill-run --example history";
/// Patients with 300 lines each, and how these lie in claims.
const LONG: [u64; 3] = [1_000, 75, 4];
/// Patients of the run of 100,000 claims, and what the history has of each.
const SHORT: [u64; 3] = [25_000, 3, 4];
/// Claims of that run.
const RUN: u64 = 100_000;
/// Most nanoseconds of 99 in 100 claims, and fewest claims a minute: the goals.
const MOST_NS: u64 = 1_000_000;
const FEWEST: u64 = 100_000;
const CODES: [&str; 8] = ["93970", "93985", "93971", "93976", "99292", "99291", "99213", "20610"];

const PACK: &str = r#"schema: cleanbill/pack/v1
name: bench
version: 1.0.0
title: Rules that look at other claims
rules:
  - id: pair
    title: Two services that exclude each other
    mutually_exclusive:
      pairs: [{ column_one: "93985", column_two: "93970", indicator: "1" }]
      same: [patient, service_date, billing_provider]
      search: [this_claim, history]
    message: "{code}"
    fix: Correct it.
    source: [{ authority: Bench, document: Invented, kind: internal }]
  - id: again
    title: The same service twice
    duplicate_line: { same: [patient, service_date, billing_provider], search: [this_claim, history] }
    message: "{code}"
    fix: Correct it.
    source: [{ authority: Bench, document: Invented, kind: internal }]
  - id: often
    title: Too often
    frequency_limit:
      codes: ["93971", "93976"]
      max: 2
      count: lines
      window: { days: 30 }
      same: [patient]
      history: required
    message: "{code}"
    fix: Correct it.
    source: [{ authority: Bench, document: Invented, kind: internal }]
"#;

/// Measures and gives the table.
pub fn measure(binary: &Path, folder: &Path) -> Result<String> {
    ensure!(Cargo::new(BUILD).run()?, "the example does not build");
    let folder = folder.join("history");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("pack"))?;
    let pack = folder.join("pack/pack.yaml");
    fs::write(&pack, PACK)?;
    let file = |name: &str| folder.join(name);
    let (history, earlier, incoming) =
        (file("claims.db"), file("earlier.ndjson"), file("incoming.ndjson"));
    let (run, findings) = (file("run.ndjson"), file("findings.ndjson"));
    let mut out = Claims::create(&earlier)?;
    for round in 0..LONG[1].max(SHORT[1]) {
        for (kind, [patients, claims, lines]) in [("L", LONG), ("S", SHORT)] {
            for patient in (0..patients).filter(|_| round < claims) {
                out.claim(kind, patient, round, lines)?;
            }
        }
    }
    let before = out.finish()?;
    let mut out = Claims::create(&incoming)?;
    // In no order that the file has.
    for patient in 0..LONG[0] {
        out.claim("L", patient * 619 % LONG[0], LONG[1], LONG[2])?;
    }
    out.finish()?;
    let mut out = Claims::create(&run)?;
    for number in 0..RUN {
        out.claim("S", number % SHORT[0], SHORT[1] + number / SHORT[0], SHORT[2])?;
    }
    out.finish()?;

    let add = |claims: &Path| {
        measure::command(binary, &[Path::new("history"), Path::new("add"), &history, claims])
    };
    let added = add(&earlier)?;
    let bytes = fs::metadata(&history)?.len();
    let single: Vec<(String, u64)> = measure::printed("history", &[&history, &pack, &incoming])?;
    let pack = pack.parent().context("the pack has no folder")?;
    let flags = ["--jobs", "1", "--packs"].map(Path::new).into_iter().chain([
        pack,
        Path::new("--history"),
        &history,
    ]);
    let judged = measure::validate_with(binary, &run, &findings, &flags.collect::<Vec<_>>())?;
    ensure!(judged.claims == Some(RUN), "the run counts {:?} claims", judged.claims);
    let and_added = add(&run)?;
    fs::remove_dir_all(&folder)?;

    let mut text = format!("\na history of {before} claims, {} MB\n", bytes / 1_000_000);
    // Writing to a string does not fail.
    let _ = writeln!(text, "one claim of a patient with 300 lines in it");
    for (name, number) in &single {
        let _ = writeln!(text, "  {name:<14}{number:>12}");
    }
    let p99 = single.iter().find(|(name, _)| name == "p99_ns").map_or(0, |(_, number)| *number);
    let _ = writeln!(text, "  p99 is {}% of what it may be", p99 * 100 / MOST_NS);
    let rows = [
        ("added", before, &added),
        ("judged with it", RUN, &judged),
        ("and then added", RUN, &and_added),
    ];
    for (what, claims, run) in rows {
        let milliseconds = u64::try_from(run.wall.as_millis())?.max(1);
        let minute = claims * 60_000 / milliseconds;
        let _ = writeln!(
            text,
            "{what:<16}{claims:>8} claims{:>8.2?}{:>9.2?} CPU{minute:>12} a minute ({} times the goal){:>5} MiB",
            run.wall,
            run.cpu,
            minute / FEWEST,
            run.peak_bytes >> 20
        );
    }
    Ok(text)
}

/// A file of claim JSON.
struct Claims {
    out: BufWriter<File>,
    count: u64,
}

impl Claims {
    fn create(path: &PathBuf) -> Result<Self> {
        let file = File::create(path).with_context(|| format!("`{}`", path.display()))?;
        Ok(Self { out: BufWriter::new(file), count: 0 })
    }

    /// The claim number `round` of a patient: one a fortnight, with so many lines of two days.
    fn claim(&mut self, kind: &str, patient: u64, round: u64, lines: u64) -> Result<()> {
        let day = |line: u64| {
            let day = round * 14 + line % 2;
            format!("{}-{:02}-{:02}", 2023 + day / 336, day / 28 % 12 + 1, day % 28 + 1)
        };
        write!(
            self.out,
            r#"{{"schema":1,"claim_id":"{kind}{patient}C{round}","type":"professional","payer":"P","patient":{{"id":"{kind}{patient}"}},"billing_provider":{{"npi":"1234567893"}},"place_of_service":"11","diagnoses":["N186"],"charge":"{lines}.00","submitted":"{}","lines":["#,
            day(1)
        )?;
        for line in 0..lines {
            let place = usize::try_from(patient + round * 3 + line)? % CODES.len();
            let (code, day) = (CODES.get(place).context("there are codes")?, day(line));
            let comma = if line > 0 { "," } else { "" };
            write!(
                self.out,
                r#"{comma}{{"number":{},"procedure":"{code}","units":"1","charge":"1.00","from":"{day}","through":"{day}","diagnosis_pointers":[1]}}"#,
                line + 1
            )?;
        }
        self.out.write_all(b"]}\n")?;
        self.count += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<u64> {
        self.out.flush()?;
        Ok(self.count)
    }
}
