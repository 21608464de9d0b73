//! Whether the cost of a claim grows with rules that do not name its codes.
//!
//! The same file is validated by packs of ever more rules, none about a code of the file. What a pack
//! costs to load is measured with a file of one claim and taken off.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use super::figures::{median, share};
use super::{REPETITIONS, generate, measure};

/// Numbers of rules in the packs.
const SIZES: [usize; 3] = [10, 1_000, 10_000];

/// What a pack of so many rules costs.
pub struct Cost {
    pub rules: usize,
    /// CPU time of a run over one claim: loading, above all.
    pub load: Duration,
    /// CPU time of the claims alone.
    pub claims: Duration,
}

/// Measures each size on a file of `mb` megabytes.
pub fn measure(binary: &Path, folder: &Path, mb: u64) -> Result<Vec<Cost>> {
    let claims = write_claims(&folder.join("rules.837"), mb * 1_000_000)?;
    let one = write_claims(&folder.join("rules-one.837"), 1)?;
    let findings = folder.join("rules-findings.ndjson");
    let mut costs = Vec::new();
    for rules in SIZES {
        let pack = folder.join(format!("pack-{rules}"));
        fs::create_dir_all(&pack)?;
        fs::write(pack.join("pack.yaml"), pack_of(rules))?;
        let (mut loads, mut wholes) = (Vec::new(), Vec::new());
        for _ in 0..REPETITIONS {
            loads.push(measure::validate(binary, &one, &findings, Some(&pack))?.cpu);
            wholes.push(measure::validate(binary, &claims, &findings, Some(&pack))?.cpu);
        }
        let load = median(loads.into_iter());
        costs.push(Cost { rules, load, claims: median(wholes.into_iter()).saturating_sub(load) });
        fs::remove_dir_all(&pack)?;
    }
    for file in [&claims, &one, &findings] {
        fs::remove_file(file)?;
    }
    Ok(costs)
}

/// The costs as a table, each beside that of the smallest pack.
pub fn table(costs: &[Cost]) -> String {
    let mut text =
        "\nrules that name no code of the claims:\n\n     rules    load s    claims s     ratio\n"
            .to_owned();
    let base = costs.first().map_or(0.0, |cost| cost.claims.as_secs_f64());
    for Cost { rules, load, claims } in costs {
        let (load, claims) = (load.as_secs_f64(), claims.as_secs_f64());
        let ratio = share(claims, base);
        // Writing to a string does not fail.
        let _ = writeln!(text, "{rules:>10}{load:>10.3}{claims:>12.3}{ratio:>10.2}");
    }
    text
}

fn write_claims(path: &Path, bytes: u64) -> Result<PathBuf> {
    generate::write(BufWriter::new(File::create(path)?), bytes)?;
    Ok(path.to_owned())
}

/// A pack whose rules are each about one code of their own, which the generated claims never carry.
pub fn pack_of(rules: usize) -> String {
    let mut text =
        "schema: cleanbill/pack/v1\nname: many\nversion: 1.0.0\ntitle: Many rules\nrules:\n"
            .to_owned();
    for rule in 0..rules {
        let _ = write!(
            text,
            "  - id: rule-{rule}\n    title: Rule {rule}\n    modifier_validity: {{ codes: [\"Z{rule:04}\"], \
             not_allowed: [\"52\"] }}\n    message: \"{{code}} does not take {{modifier}}.\"\n    fix: Remove it.\n    \
             source: [{{ authority: Bench, document: Made up, kind: internal }}]\n"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_has_a_code_of_its_own_for_every_rule() {
        let text = pack_of(10_000);
        assert_eq!(text.matches("modifier_validity").count(), 10_000);
        assert!(text.contains("\"Z0000\"") && text.contains("\"Z9999\""));
    }

    #[test]
    fn the_table_sets_each_size_beside_the_smallest() {
        let cost = |rules, claims| Cost {
            rules,
            load: Duration::from_millis(5),
            claims: Duration::from_millis(claims),
        };
        let text = table(&[cost(10, 200), cost(1_000, 210)]);
        assert!(text.contains("        10     0.005       0.200      1.00"), "{text}");
        assert!(text.contains("      1000     0.005       0.210      1.05"), "{text}");
    }
}
