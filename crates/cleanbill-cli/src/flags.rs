//! What was typed: the command line as clap reads it. Each verb settles its own flags.

use clap::{ArgAction, Args, Parser, ValueEnum};

use crate::verb::Verb;

const EXAMPLES: &str = "\
Examples:
  cleanbill validate claims.837                      findings as text
  cleanbill validate *.837 --format ndjson           one JSON record a line
  cleanbill validate < claims.ndjson                 claims from a pipe
  cleanbill validate --help                          all about validation

Exit codes:
  0  whole run, nothing at or above --fail-on
  1  whole run, findings at or above --fail-on
  2  refused before any claim was read
  3  whole run, but part of the input could not be trusted
  4  the run is not whole; nothing was published
  5  a bug of cleanbill's own
  130 and 143  stopped by a signal";

/// Finds what is wrong with medical claims before the payer does.
#[derive(Debug, Parser)]
#[command(name = "cleanbill", version, after_help = EXAMPLES, arg_required_else_help = true)]
#[command(propagate_version = true, max_term_width = 100)]
pub struct Flags {
    #[command(subcommand)]
    pub verb: Verb,
    #[command(flatten)]
    pub global: GlobalFlags,
}

/// Flags that every verb takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalFlags {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// Tell on standard error what is done; twice for more (or set CLEANBILL_LOG). Never shows claims
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// No progress and no log on standard error
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

/// When to do what depends on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Flags::command().debug_assert();
    }

    /// Lines of examples are there to be copied; clap breaks those that are longer than this.
    #[test]
    fn no_line_of_the_help_is_broken_in_two() {
        let mut commands = vec![super::Flags::command()];
        while let Some(command) = commands.pop() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in help.lines() {
                assert!(line.chars().count() <= 100, "{}: {line}", command.get_name());
            }
            commands.extend(command.get_subcommands().cloned());
        }
    }
}
