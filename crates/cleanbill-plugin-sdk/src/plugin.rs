//! What a plugin author implements.

use crate::config::{Config, ConfigError};
use crate::findings::Findings;
use crate::view::ClaimView;

/// The rules of a payer. The host makes one instance for each thread, and more for each rule of a pack
/// that uses a check of the plugin.
///
/// `check` depends on the claim and the configuration alone: the same claim gives the same findings, in
/// whatever order claims come and on whichever instance. An instance on which it panicked is thrown away.
pub trait Plugin: Default + Send + 'static {
    /// An instance with the `args` of a pack's rule, or with none: [`Config::read`] gives them as a type
    /// of the plugin's own. A plugin that takes none leaves this function out.
    ///
    /// # Errors
    /// Why it cannot run with them; the author of the pack sees the reason beside the `args`.
    fn configured(config: Config<'_>) -> Result<Self, ConfigError> {
        if config.is_empty() {
            return Ok(Self::default());
        }
        Err(ConfigError::new("the plugin takes no configuration"))
    }

    /// Judges one claim. The views live until it returns, so nothing of a claim can be kept.
    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>);
}
