//! `cleanbill rules`: for the people who write them.

mod check;
mod claim_file;
mod doc;
mod fmt;
mod list;
mod new;
mod pack;
mod resolve;
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
    /// Show who set each field of a rule, and what it was before
    Resolve(resolve::ResolveFlags),
    /// Build, verify and lock packs
    #[command(subcommand)]
    Pack(pack::PackVerb),
    /// Bring pack files into one shape without changing what they say
    Fmt(fmt::FmtFlags),
    /// Make a pack or a rule to start from
    #[command(subcommand)]
    New(new::NewVerb),
    /// Write a page for each rule, and an index
    Doc(doc::DocFlags),
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
        RulesVerb::Resolve(flags) => resolve::run(flags),
        RulesVerb::Pack(verb) => pack::run(verb),
        RulesVerb::Fmt(flags) => fmt::run(flags),
        RulesVerb::New(verb) => new::run(verb),
        RulesVerb::Doc(flags) => doc::run(flags),
        RulesVerb::Schema(flags) => schema::run(flags),
    }
}
