//! What a lock asks of every plugin.

use cleanbill_signature::SignerKey;
use serde::Deserialize;

/// What a lock asks of every plugin. The default asks for nothing, and allows no plugin into this process.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Whether every plugin must be signed.
    pub require_signature: bool,
    /// Public keys of those who may sign, as minisign writes them; empty: whom each entry names.
    pub allowed_signers: Vec<Signer>,
    /// Whether entries may say `isolation = "in-process"`.
    pub allow_in_process: bool,
}

/// A public key in a lock.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Signer(SignerKey);

impl Signer {
    /// The key.
    #[must_use]
    pub const fn key(&self) -> &SignerKey {
        &self.0
    }
}

impl From<SignerKey> for Signer {
    fn from(key: SignerKey) -> Self {
        Self(key)
    }
}

impl TryFrom<String> for Signer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        SignerKey::parse(&text).map(Self).map_err(|error| format!("`{text}`: {error}"))
    }
}
