//! `cleanbill rules new`: a pack or a rule to start from, which passes its checks and tests as it stands.

mod pack;
mod rule;

use clap::Subcommand;
use cleanbill_rules::ScaffoldError;

use crate::failure::Failure;

/// What to make.
#[derive(Debug, Subcommand)]
pub enum NewVerb {
    /// Make a folder with a pack and a first rule
    Pack(pack::PackFlags),
    /// Add a rule to a pack; asks for what no flag tells
    Rule(rule::RuleFlags),
}

/// Makes it; gives back the exit code.
pub fn run(verb: &NewVerb) -> Result<u8, Failure> {
    match verb {
        NewVerb::Pack(flags) => pack::run(flags),
        NewVerb::Rule(flags) => rule::run(flags),
    }
}

fn refused(error: ScaffoldError) -> Failure {
    match error {
        ScaffoldError::Mistakes(mistakes) => Failure::packs(&mistakes),
        ScaffoldError::Refused { message, help } => Failure::refused(message, help),
    }
}
