//! `cleanbill rules test`: the tests inside the rules, each with its lines in both orders, and the examples
//! of plugins.

mod json;
mod junit;
mod minimum;
mod plugin;
mod results;
mod text;
mod watch;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cleanbill_run::exit_code;

use self::minimum::Minimum;
use self::results::Results;
use crate::failure::Failure;
use crate::plugins::PluginFlags;
use crate::{packs, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules test                                 the packs that come with cleanbill
  cleanbill rules test my-pack --rule my-rule          one rule of a pack
  cleanbill rules test my-pack --names                 each test by its name
  cleanbill rules test my-pack --coverage --min rules=100,clauses=80
  cleanbill rules test my-pack --plugins libacme.so    its examples as well
  cleanbill rules test my-pack --format junit --output tests.xml
  cleanbill rules test my-pack --watch                 again after each change; Ctrl-C stops

Exit codes: 0 all tests passed, 1 some failed or a share of --min is not reached, 2 the pack has
mistakes or no test was chosen.";

/// Flags of `rules test`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct TestFlags {
    /// Folders of packs; none: the packs that come with cleanbill
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
    #[command(flatten)]
    plugins: PluginFlags,
    /// Only the tests of this rule
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Show each test by its name instead of a dot
    #[arg(long)]
    names: bool,
    /// Tell which rules fire, which clauses decide and which tests are a near-miss, and what is missing
    #[arg(long)]
    coverage: bool,
    /// Shares in percent that must be reached: rules, fired, near-miss, clauses
    #[arg(long, value_name = "NAME=PERCENT", value_delimiter = ',', requires = "coverage")]
    min: Vec<Minimum>,
    /// How to write the results
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TestFormat,
    /// File to write to instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Run again after each change of a file of the packs
    #[arg(long, conflicts_with_all = ["format", "output"])]
    watch: bool,
}

/// A way to write results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TestFormat {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// For CI servers
    Junit,
}

/// Runs the tests.
pub fn run(flags: &TestFlags) -> Result<u8, Failure> {
    if flags.watch { watch::run(flags) } else { once(flags) }
}

fn once(flags: &TestFlags) -> Result<u8, Failure> {
    let plugins = flags.plugins.load()?;
    let packs = packs::load(&flags.packs, packs::with_plugins(plugins.side()))?;
    let results = Results::new(&packs, &plugins, flags.rule.as_deref())?;
    let missed: Vec<String> =
        flags.min.iter().filter_map(|min| min.missed(&results.coverage)).collect();
    let mut written = Vec::new();
    let wrote = match flags.format {
        TestFormat::Text => text::write(&mut written, &results, flags, &missed),
        TestFormat::Json => json::write(&mut written, &results, flags.coverage),
        TestFormat::Junit => junit::write(&mut written, &results),
    };
    Failure::of_stdout(wrote)?;
    match &flags.output {
        Some(path) => fs::write(path, written).map_err(|error| {
            Failure::not_whole(
                format!("writing `{}` failed: {error}", path.display()),
                "make room, or write to another place",
            )
        })?,
        None => {
            let mut out = terminal::stdout();
            Failure::of_stdout(out.write_all(&written).and_then(|()| out.flush()))?;
        }
    }
    let well = results.count().failed == 0 && missed.is_empty();
    Ok(if well { exit_code::WHOLE } else { exit_code::FINDINGS })
}
