//! The verbs, one file each.

mod audit;
mod completions;
mod diff;
mod explain;
mod finalize;
mod history;
mod learn;
mod plugins;
mod rules;
mod tables;
mod validate;
mod waive;

use clap::Subcommand;

pub use validate::options;

use crate::failure::Failure;
use crate::flags::Flags;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run the edits over claims and report what is wrong
    Validate(validate::ValidateFlags),
    /// Tell clause by clause why a rule fired, stayed silent or could not tell; or what a code means
    Explain(explain::ExplainFlags),
    /// Run two editions of packs over the same claims and tell what differs
    Diff(diff::DiffFlags),
    /// Hold findings against remittance advice (835): what was denied, what was paid, what no rule saw
    Learn(learn::LearnFlags),
    /// Tell which claims are final, and which were replaced, voided or repeated
    Finalize(finalize::FinalizeFlags),
    /// List, show, check, test and pack rules
    #[command(subcommand)]
    Rules(rules::RulesVerb),
    /// Import, list and compare reference tables
    #[command(subcommand)]
    Tables(tables::TablesVerb),
    /// Keep the claims that came before, for edits that look back
    #[command(subcommand)]
    History(history::HistoryVerb),
    /// Look at payer plugins
    #[command(subcommand)]
    Plugins(plugins::PluginsVerb),
    /// A part of `plugins check`
    #[command(name = plugins::probe::WORD, hide = true)]
    PluginProbe(plugins::probe::ProbeFlags),
    /// Check that a run in a folder, or an audit log, is what it was
    #[command(subcommand)]
    Audit(audit::AuditVerb),
    /// Print the completion script of a shell
    Completions(completions::CompletionsFlags),
    /// Add waivers of findings to a file of waivers
    Waive(waive::WaiveFlags),
}

/// Does it; gives back the exit code.
pub fn run(flags: Flags) -> Result<u8, Failure> {
    match flags.verb {
        Verb::Validate(own) => validate::run(own, &flags.global),
        Verb::Explain(own) => explain::run(&own),
        Verb::Diff(own) => diff::run(own, &flags.global),
        Verb::Learn(own) => learn::run(own, &flags.global),
        Verb::Finalize(own) => finalize::run(own, &flags.global),
        Verb::Rules(own) => rules::run(&own),
        Verb::Tables(own) => tables::run(own, &flags.global),
        Verb::History(own) => history::run(own, &flags.global),
        Verb::Plugins(own) => plugins::run(&own),
        Verb::PluginProbe(own) => plugins::probe::run(&own),
        Verb::Audit(own) => audit::run(&own),
        Verb::Completions(own) => completions::run(&own),
        Verb::Waive(own) => waive::run(&own),
    }
}
