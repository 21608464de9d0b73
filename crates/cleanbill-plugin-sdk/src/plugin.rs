//! What a plugin author implements.

use serde::de::DeserializeOwned;

use crate::config::ConfigError;
use crate::findings::Findings;
use crate::view::ClaimView;

/// The rules of a payer. The host makes one instance for each thread, and more for each rule of a pack
/// that uses a check of the plugin.
///
/// `check` depends on the claim and the configuration alone: the same claim gives the same findings, in
/// whatever order claims come and on whichever instance. An instance on which it panicked is thrown away.
pub trait Plugin: Sized + Send + 'static {
    /// What an instance is made with: the `Config` that comes out of `plugin.toml`, or
    /// [`NoConfig`](crate::NoConfig). An instance that no pack's rule configures gets its default.
    type Config: DeserializeOwned + Default;

    /// An instance.
    ///
    /// # Errors
    /// Why it cannot run with this configuration; the author of the pack sees the reason beside the `args`.
    fn create(config: Self::Config) -> Result<Self, ConfigError>;

    /// Judges one claim. The views live until it returns, so nothing of a claim can be kept.
    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>);
}

/// A plugin with its manifest; [`export_plugin!`](crate::export_plugin) makes one.
pub trait Exported: Plugin {
    /// The manifest as the host reads it.
    const MANIFEST: &'static str;
}
