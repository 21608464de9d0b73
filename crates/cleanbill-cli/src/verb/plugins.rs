//! `cleanbill plugins`: what payer plugins bring, which of them may run, and why one is refused. No verb here
//! runs the code of a plugin.

mod describe;
mod doctor;
mod list;
mod revoke;
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
    /// Show everything known of one plugin
    Show(show::ShowFlags),
    /// Let a plugin run: look at what it is, and add it to plugins.lock
    Trust(trust::TrustFlags),
    /// Take a plugin out of plugins.lock, for good
    Revoke(revoke::RevokeFlags),
    /// Check files against every entry of plugins.lock
    Verify(verify::VerifyFlags),
    /// Tell what this system can do to keep plugins in, and what is wrong with the lock
    Doctor(doctor::DoctorFlags),
}

/// Does it; gives back the exit code.
pub fn run(verb: &PluginsVerb) -> Result<u8, Failure> {
    match verb {
        PluginsVerb::List(flags) => list::run(flags),
        PluginsVerb::Show(flags) => show::run(flags),
        PluginsVerb::Trust(flags) => trust::run(flags),
        PluginsVerb::Revoke(flags) => revoke::run(flags),
        PluginsVerb::Verify(flags) => verify::run(flags),
        PluginsVerb::Doctor(flags) => doctor::run(flags),
    }
}
