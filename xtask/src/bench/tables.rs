//! What a large table of pairs costs: compiled from CSV, taken compiled from beside it, and asked.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::measure::{self, Run};
use super::{figures, generate, pairs, rules};
use crate::command::Cargo;

/// The program that times the parts in itself: `crates/cleanbill-tables/examples/measure.rs`.
const BUILD: &str = "build --release --locked --package cleanbill-tables --example measure";

/// What was measured.
pub struct Costs {
    /// Figures of the parts by name.
    parts: Vec<(String, f64)>,
    /// Whole runs over one claim.
    runs: Vec<(&'static str, Run)>,
}

/// Measures a table of `rows` pairs, alone and in a pack of 10,000 rules.
pub fn measure(binary: &Path, folder: &Path, rows: u64) -> Result<Costs> {
    let folder = folder.join("tables");
    let csv = folder.join("pairs.csv");
    let claim = folder.join("one.837");
    fs::create_dir_all(&folder)?;
    pairs::write(BufWriter::new(File::create(&csv)?), rows)?;
    generate::write(BufWriter::new(File::create(&claim)?), 1)?;
    ensure!(Cargo::new(BUILD).run()?, "the example does not build");
    let parts = measure::printed("measure", &[&csv])?;
    let mut runs = Vec::new();
    for (count, cold, warm) in [
        (0, "the table alone, from CSV", "the table alone, kept"),
        (10_000, "with 10,000 rules, from CSV", "with 10,000 rules, kept"),
    ] {
        fs::write(folder.join("pack.yaml"), pack_of(count))?;
        fs::remove_dir_all(folder.join(".cleanbill"))?;
        for name in [cold, warm] {
            let findings = folder.join("findings.ndjson");
            runs.push((name, measure::validate(binary, &claim, &findings, Some(&folder))?));
        }
    }
    fs::remove_dir_all(&folder)?;
    Ok(Costs { parts, runs })
}

fn pack_of(count: usize) -> String {
    let rule = "rules:\n  - id: pairs\n    title: Pairs of a large table\n    mutually_exclusive: { table: \
                pairs, same: [patient, service_date] }\n    message: \"{code} is not paid with {other.code}.\"\n    \
                fix: Remove it.\n    source: [{ authority: Bench, document: Made up, kind: internal }]\n";
    let table = "tables: { pairs: { file: pairs.csv, key: [column_one, column_two], effective: [from, \
                 through] } }\n";
    rules::pack_of(count).replacen("rules:\n", &format!("{table}{rule}"), 1)
}

impl Costs {
    /// The figures for people.
    pub fn table(&self) -> Result<String> {
        let part = |name: &str| {
            let found = self.parts.iter().find(|(known, _)| known == name);
            found.map(|(_, number)| *number).with_context(|| format!("`{name}` was not measured"))
        };
        let (rows, compile) = (part("rows")?, part("compile_seconds")?);
        let (bytes, kept) = (part("table_bytes")?, part("kept_seconds")?);
        let mut text = format!(
            "\na table of {rows} pairs, {} MB of CSV:\n\n  compiled in {compile:.3} s, {:.0} rows/s, {:.1} bytes a \
             row\n  taken kept in {kept:.3} s\n  a pair looked up in {:.0} ns\n\n",
            whole_mb(part("csv_bytes")?),
            ratio(rows, compile),
            ratio(bytes, rows),
            part("lookup_nanoseconds")?,
        );
        // Writing to a string does not fail.
        let _ = writeln!(text, "{:>30}{:>10}{:>10}{:>12}", "pack", "wall s", "CPU s", "peak MiB");
        for (name, Run { wall, cpu, peak_bytes, .. }) in &self.runs {
            let (wall, cpu, peak) = (wall.as_secs_f64(), cpu.as_secs_f64(), peak_bytes >> 20);
            let _ = writeln!(text, "{name:>30}{wall:>10.3}{cpu:>10.3}{peak:>12}");
        }
        Ok(text)
    }

    /// The figures for programs.
    pub fn json(&self) -> Value {
        let parts: serde_json::Map<String, Value> =
            self.parts.iter().map(|(name, number)| (name.clone(), json!(number))).collect();
        let run = |(name, run): &(&str, Run)| {
            json!({
                "pack": name,
                "wall_us": figures::micros(run.wall),
                "cpu_us": figures::micros(run.cpu),
                "peak_bytes": run.peak_bytes,
            })
        };
        json!({ "parts": parts, "runs": self.runs.iter().map(run).collect::<Vec<_>>() })
    }
}

#[expect(clippy::float_arithmetic, reason = "a figure for people, no verdict")]
fn ratio(part: f64, whole: f64) -> f64 {
    part / whole
}

fn whole_mb(bytes: f64) -> String {
    format!("{:.0}", ratio(bytes, 1e6))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_pack_has_the_table_and_all_rules() {
        let text = pack_of(10_000);
        assert_eq!(text.matches("\nrules:\n").count(), 1);
        assert_eq!(text.matches("  - id: ").count(), 10_001);
        assert!(text.contains("tables: { pairs: "));
    }

    #[test]
    fn the_table_names_every_figure_and_a_missing_one_is_an_error() {
        let named = ["rows", "compile_seconds", "kept_seconds", "csv_bytes", "table_bytes"];
        let mut costs = Costs {
            parts: named.map(|name| (name.to_owned(), 2.0)).to_vec(),
            runs: vec![(
                "kept",
                Run {
                    wall: Duration::from_millis(150),
                    cpu: Duration::from_millis(140),
                    peak_bytes: 30 << 20,
                    claims: None,
                },
            )],
        };
        assert!(costs.table().is_err());
        costs.parts.push(("lookup_nanoseconds".to_owned(), 65.2));
        let text = costs.table().unwrap();
        assert!(text.contains("a pair looked up in 65 ns"), "{text}");
        assert!(text.contains("kept     0.150     0.140          30"), "{text}");
        assert_eq!(costs.json()["parts"]["rows"], 2.0);
    }
}
