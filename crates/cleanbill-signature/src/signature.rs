//! A detached signature, and the comment that is signed with it.

use minisign_verify::{Error, Signature};

use crate::error::SignatureError;
use crate::key::SignerKey;

/// What stands behind the name of a file in that of its signature.
pub const SIGNATURE_ENDING: &str = ".minisig";
/// A signature has four lines: a comment that nobody signs, the signature, the comment that is signed, and
/// the signature over both.
const LINES: usize = 4;
/// A signature longer than this is none.
const LIMIT: usize = 4096;

/// The signature of a file.
#[derive(Clone)]
pub struct Detached(Signature);

impl Detached {
    /// Reads the text of a signature file.
    ///
    /// # Errors
    /// [`SignatureError::NotASignature`].
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        if text.len() > LIMIT || text.lines().count() != LINES {
            return Err(SignatureError::NotASignature);
        }
        Signature::decode(text).map(Self).map_err(|_| SignatureError::NotASignature)
    }

    /// The one of `keys` that signed these bytes.
    ///
    /// # Errors
    /// None of them did.
    pub fn signer<'k>(
        &self,
        bytes: &[u8],
        keys: &'k [SignerKey],
    ) -> Result<&'k SignerKey, SignatureError> {
        let mut reason = SignatureError::Stranger;
        for key in keys {
            match key.key.verify(bytes, &self.0, false) {
                Ok(()) => return Ok(key),
                Err(Error::UnexpectedKeyId) => {}
                Err(Error::UnexpectedAlgorithm) => reason = SignatureError::OldKind,
                Err(_) => reason = SignatureError::Changed,
            }
        }
        Err(reason)
    }

    /// The comment that is signed. Believe it only after [`Self::signer`].
    #[must_use]
    pub fn comment(&self) -> &str {
        self.0.trusted_comment()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the minisign project: its key, and its signature of the text `test`.
    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    const SIGNATURE: &str = "untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1633700835\tfile:test\tprehashed
wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==
";

    fn key() -> SignerKey {
        SignerKey::parse(KEY).unwrap()
    }

    #[test]
    fn a_key_is_read_alone_and_out_of_its_file() {
        let file = format!("untrusted comment: minisign public key E7620F1842B4E81F\n{KEY}\n");
        assert_eq!(SignerKey::parse(&file), Ok(key()));
        assert_eq!(key().as_str(), KEY);
        for text in ["", "RWQ", &format!("{KEY}\n{KEY}"), &KEY.replace("RWQ", "AAA")] {
            assert_eq!(SignerKey::parse(text), Err(SignatureError::NotAKey), "{text}");
        }
    }

    #[test]
    fn what_minisign_signed_is_taken_and_every_changed_byte_is_not() {
        let keys = [key()];
        let signed = |text: &str, bytes: &[u8]| {
            Detached::parse(text).and_then(|found| found.signer(bytes, &keys).cloned())
        };
        assert_eq!(signed(SIGNATURE, b"test"), Ok(key()));
        assert_eq!(signed(SIGNATURE, b"tess"), Err(SignatureError::Changed));
        // The first line is not signed, and nothing is read out of it.
        let start = SIGNATURE.find('\n').unwrap() + 1;
        for place in start..SIGNATURE.len() - 1 {
            let mut bytes = SIGNATURE.as_bytes().to_vec();
            bytes[place] ^= 1;
            if let Ok(text) = String::from_utf8(bytes) {
                assert!(signed(&text, b"test").is_err(), "byte {place}");
            }
        }
        let more = format!("{SIGNATURE}more\n");
        assert_eq!(signed(&more, b"test"), Err(SignatureError::NotASignature));
    }
}
