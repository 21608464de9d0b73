//! `cleanbill rules test`: the tests inside the rules, each with its lines in both orders.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use cleanbill_rules::{Pack, PackTest, TestResult, run_test};
use cleanbill_run::exit_code;

use crate::failure::{Failure, plural};
use crate::{packs, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules test                                 the packs that come with cleanbill
  cleanbill rules test my-pack --rule my-rule          one rule of a pack
  cleanbill rules test my-pack --names                 each test by its name

Exit codes: 0 all tests passed, 1 some failed, 2 the pack has mistakes or no test was chosen.";

/// Flags of `rules test`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct TestFlags {
    /// Folders of packs; none: the packs that come with cleanbill
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
    /// Only the tests of this rule
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Show each test by its name instead of a dot
    #[arg(long)]
    names: bool,
}

/// Runs the tests.
pub fn run(flags: &TestFlags) -> Result<u8, Failure> {
    let packs = packs::load(&flags.packs)?;
    let mut out = terminal::stdout();
    let mut count = Count::default();
    for pack in &packs {
        Failure::of_stdout(test_pack(&mut out, pack, flags, &mut count))?;
    }
    let Count { passed, failed } = count;
    if passed + failed == 0 {
        let rule = flags.rule.as_deref().unwrap_or_default();
        return Err(Failure::refused(
            format!(
                "no test was run{}",
                if rule.is_empty() {
                    String::new()
                } else {
                    format!(": no rule `{rule}` with tests")
                }
            ),
            "`cleanbill rules list` shows all rules; a rule without tests proves nothing",
        ));
    }
    let written = writeln!(out, "\n{passed} passed, {failed} failed").and_then(|()| out.flush());
    Failure::of_stdout(written)?;
    Ok(if failed == 0 { exit_code::WHOLE } else { exit_code::FINDINGS })
}

#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
}

fn test_pack(
    out: &mut dyn Write,
    pack: &Pack,
    flags: &TestFlags,
    count: &mut Count,
) -> io::Result<()> {
    let mut failures: Vec<(&PackTest, String)> = Vec::new();
    let ids = pack.edits.iter().flat_map(|edit| edit.infos()).map(|info| info.id.as_str());
    for id in ids.filter(|id| flags.rule.as_deref().is_none_or(|wanted| wanted == *id)) {
        let tests: Vec<&PackTest> = pack.tests.iter().filter(|test| test.rule == id).collect();
        // The tests of an inherited rule are run with the pack that brings it.
        if tests.is_empty() && pack.inherits(id) {
            continue;
        }
        write!(out, "{id}  ")?;
        for test in &tests {
            let (dot, word) = match run_test(pack, test) {
                TestResult::Passed => {
                    count.passed += 1;
                    (".", "ok  ")
                }
                TestResult::Failed(reason) => {
                    count.failed += 1;
                    failures.push((test, reason));
                    ("F", "FAIL")
                }
            };
            match flags.names {
                true => write!(out, "\n  {word}  {}", test.name)?,
                false => write!(out, "{dot}")?,
            }
        }
        match tests.len() {
            0 => writeln!(out, "no tests")?,
            many => writeln!(
                out,
                "{}",
                if flags.names { String::new() } else { format!("  {many} test{}", plural(many)) }
            )?,
        }
    }
    for (test, reason) in failures {
        writeln!(out, "\nFAIL {} \"{}\"  {}\n     {reason}", test.rule, test.name, test.place)?;
    }
    Ok(())
}
