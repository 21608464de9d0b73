//! `cleanbill rules`: for the people who write them.

mod check;
mod list;
mod schema;
pub mod show;
mod test;

use clap::Subcommand;

use crate::failure::Failure;

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub enum RulesVerb {
    /// List all rules with their kind and what they do
    List(list::ListFlags),
    /// Show everything known of one rule
    Show(show::ShowFlags),
    /// Check packs and show every mistake with its place
    Check(check::CheckFlags),
    /// Run the tests inside the rules
    Test(test::TestFlags),
    /// Write the JSON Schema of packs, for editors
    Schema(schema::SchemaFlags),
}

/// Does it; gives back the exit code.
pub fn run(verb: &RulesVerb) -> Result<u8, Failure> {
    match verb {
        RulesVerb::List(flags) => list::run(flags),
        RulesVerb::Show(flags) => show::run(flags),
        RulesVerb::Check(flags) => check::run(flags),
        RulesVerb::Test(flags) => test::run(flags),
        RulesVerb::Schema(flags) => schema::run(flags),
    }
}
