//! What a plugin author implements.

use crate::findings::Findings;
use crate::view::ClaimView;

/// The rules of a payer. The host makes one instance for each thread with [`Default`].
///
/// `check` depends on the claim alone: the same claim gives the same findings, in whatever order claims
/// come and on whichever instance. An instance on which it panicked is thrown away.
pub trait Plugin: Default + Send + 'static {
    /// Judges one claim. The views live until it returns, so nothing of a claim can be kept.
    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>);
}
