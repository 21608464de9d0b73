//! `cleanbill plugins`: what payer plugins bring, which of them may run, why one is refused, and whether one
//! does what every plugin must. Only `check`, `run`, `replay` and
//! `bench` run the code of a plugin.

mod bench;
mod check;
mod describe;
mod doctor;
mod list;
mod new;
pub mod probe;
mod replay;
mod revoke;
mod run;
mod show;
mod trust;
mod verify;

use clap::Subcommand;

use crate::failure::Failure;

/// What to do with plugins.
#[derive(Debug, Subcommand)]
pub enum PluginsVerb {
    /// List plugins with their rules, and whether they may run
    List(list::ListFlags),
    /// Make the project of a plugin in Rust or C, which builds and passes its checks as it stands
    New(new::NewFlags),
    /// Show everything known of one plugin
    Show(show::ShowFlags),
    /// Let a plugin run: look at what it is, and add it to plugins.lock
    Trust(trust::TrustFlags),
    /// Take a plugin out of plugins.lock, for good
    Revoke(revoke::RevokeFlags),
    /// Check files against every entry of plugins.lock
    Verify(verify::VerifyFlags),
    /// Test whether a plugin does what every plugin must; each test in a process of its own
    Check(check::CheckFlags),
    /// Run one plugin alone over claims, as validate would
    Run(run::RunFlags),
    /// Judge again the claims that a plugin could not judge in a run
    Replay(replay::ReplayFlags),
    /// Measure how long a plugin takes for a claim, here and in a process of its own
    Bench(bench::BenchFlags),
    /// Tell what this system can do to keep plugins in, and what is wrong with the lock
    Doctor(doctor::DoctorFlags),
}

/// Does it; gives back the exit code.
pub fn run(verb: &PluginsVerb) -> Result<u8, Failure> {
    match verb {
        PluginsVerb::List(flags) => list::run(flags),
        PluginsVerb::New(flags) => new::run(flags),
        PluginsVerb::Show(flags) => show::run(flags),
        PluginsVerb::Trust(flags) => trust::run(flags),
        PluginsVerb::Revoke(flags) => revoke::run(flags),
        PluginsVerb::Verify(flags) => verify::run(flags),
        PluginsVerb::Check(flags) => check::run(flags),
        PluginsVerb::Run(flags) => run::run(flags),
        PluginsVerb::Replay(flags) => replay::run(flags),
        PluginsVerb::Bench(flags) => bench::run(flags),
        PluginsVerb::Doctor(flags) => doctor::run(flags),
    }
}
