//! The verbs, one file each.

mod completions;
mod validate;

use clap::Subcommand;

use crate::failure::Failure;
use crate::flags::Flags;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run the edits over claims and report what is wrong
    Validate(validate::ValidateFlags),
    /// Print the completion script of a shell
    Completions(completions::CompletionsFlags),
}

/// Does it; gives back the exit code.
pub fn run(flags: Flags) -> Result<u8, Failure> {
    match flags.verb {
        Verb::Validate(own) => validate::run(own, &flags.global),
        Verb::Completions(own) => completions::run(&own),
    }
}
