//! `cleanbill explain`: why a rule fired, stayed silent or could not tell; or what a code means.

mod claims;
mod json;
mod lookup;
mod topic;
mod write;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::finalize::FinalizeFlag;
use crate::history::HistoryFlags;
use crate::input_flags::InputFlags;
use crate::packs::EditFlags;

const EXAMPLES: &str = "\
Examples:
  cleanbill explain claims.837 --rule 93970-access-mapping --claim PCN1
  cleanbill explain claims.837 --rule units-over-mue --why-not     silent lines clause by clause too
  cleanbill explain --rule 93970-access-mapping --line 93985 --line '93970-59 region=lower'
  cleanbill explain 93970-access-mapping                             what a rule is
  cleanbill explain E1001                                            what an error code means
  cleanbill explain mutually_exclusive                               what a key of a pack means
  cleanbill explain claims.837 --rule units-over --format json       one JSON object for each claim

A rule is named by its id, by its slug, or by a part of the id that no other rule has.

A line in shorthand: CODE[-MOD...] [xUNITS] [@DATE] [dx=1,2|none] [pos=NN]
[region=upper|lower] [npi=N]";

/// Flags of `explain`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainFlags {
    /// Files of claims (`-`: standard input); or, without --rule, one rule id, error code or key of a pack
    #[arg(value_name = "CLAIMS|RULE|CODE|KEY")]
    targets: Vec<String>,
    /// The rule to explain
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Only the claim with this control number (CLM01)
    #[arg(long, value_name = "ID", requires = "rule")]
    claim: Option<String>,
    /// Only the line of this number; or a line in shorthand, to make a claim up; may be repeated
    #[arg(long, value_name = "N|SHORTHAND", requires = "rule")]
    line: Vec<String>,
    /// Show silent lines clause by clause too
    #[arg(long)]
    why_not: bool,
    #[command(flatten)]
    input: InputFlags,
    /// How to write the explanation
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ExplainFormat,
    #[command(flatten)]
    history: HistoryFlags,
    #[command(flatten)]
    finalize: FinalizeFlag,
    #[command(flatten)]
    edits: EditFlags,
}

/// A way to write an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    /// For people
    Text,
    /// One JSON object for each claim, on a line of its own
    Json,
}

/// Explains; gives back the exit code.
pub fn run(flags: &ExplainFlags) -> Result<u8, Failure> {
    match (&flags.rule, flags.targets.as_slice()) {
        (Some(rule), _) => claims::run(flags, rule),
        (None, [topic]) if !Path::new(topic).is_file() => topic::run(topic, flags),
        (None, []) => Err(Failure::refused(
            "nothing was named to explain",
            "name a rule or an error code, or claims and `--rule`",
        )),
        (None, _) => Err(Failure::refused(
            "which rule is to be explained?",
            "add `--rule ID`; `cleanbill rules list` shows all rules",
        )),
    }
}

impl ExplainFlags {
    fn files(&self) -> Vec<PathBuf> {
        self.targets.iter().map(PathBuf::from).collect()
    }
}
