//! The public key of someone who signs files.

use minisign_verify::PublicKey;

use crate::error::SignatureError;

/// The public key of someone who signs files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerKey {
    pub(crate) key: PublicKey,
    text: String,
}

impl SignerKey {
    /// Reads a key: its one line (`RW…`), or the text of the file that minisign writes.
    ///
    /// # Errors
    /// [`SignatureError::NotAKey`].
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        let is_key = |line: &&str| !line.is_empty() && !line.starts_with("untrusted comment:");
        let mut lines = text.lines().map(str::trim).filter(is_key);
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(SignatureError::NotAKey);
        };
        let key = PublicKey::from_base64(line).map_err(|_| SignatureError::NotAKey)?;
        Ok(Self { key, text: line.to_owned() })
    }

    /// The key on one line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
