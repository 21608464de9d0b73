//! Signatures of pack archives: detached, over the bytes of the archive. The comment that is signed with
//! them names the pack, so that a signature cannot be put beside another one.

use cleanbill_signature::{Detached, SignatureError, SignerKey};

use crate::archive::pack_digest;
use crate::source::{MemorySource, Source as _};
use crate::yaml;

/// Why a signature does not speak for an archive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackSignatureError {
    /// It does not speak for the bytes.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It was made for another pack.
    #[error("the signature is for `{signed}`, and the archive is `{found}`")]
    OtherPack {
        /// What the signed comment says.
        signed: String,
        /// What it would say of this archive.
        found: String,
    },
    /// The archive does not say which pack it is.
    #[error("its `pack.yaml` has no name and version of one word each")]
    Nameless,
}

/// The signature of an archive.
#[derive(Clone)]
pub struct PackSignature(Detached);

impl PackSignature {
    /// Reads the text of a signature file.
    ///
    /// # Errors
    /// [`SignatureError::NotASignature`].
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        Detached::parse(text).map(Self)
    }

    /// The one of `keys` that signed these bytes of an archive.
    ///
    /// # Errors
    /// None of them did.
    pub fn signer<'k>(
        &self,
        archive: &[u8],
        keys: &'k [SignerKey],
    ) -> Result<&'k SignerKey, SignatureError> {
        self.0.signer(archive, keys)
    }

    /// Whether the signed comment names the pack that the archive holds.
    ///
    /// # Errors
    /// It names another one.
    pub fn check_pack(&self, files: &MemorySource) -> Result<(), PackSignatureError> {
        let found = signature_comment(files)?;
        let signed = self.0.comment();
        if signed == found {
            return Ok(());
        }
        Err(PackSignatureError::OtherPack { signed: signed.to_owned(), found })
    }
}

/// The comment that is signed with an archive of these files: `pack=acme version=2026.1.0 sha256=…`, the
/// last with the digits of [`pack_digest`].
///
/// # Errors
/// [`PackSignatureError::Nameless`].
pub fn signature_comment(files: &MemorySource) -> Result<String, PackSignatureError> {
    let (name, version) = pack_identity(files).ok_or(PackSignatureError::Nameless)?;
    Ok(format!("pack={name} version={version} {}", pack_digest(files).replacen(':', "=", 1)))
}

/// Name and version that a pack gives itself, each one word; nothing else of it is looked at.
#[must_use]
pub fn pack_identity(files: &MemorySource) -> Option<(String, String)> {
    let text = files.read("pack.yaml").ok()?;
    let tree = yaml::parse("", text.trim_start_matches('\u{feff}')).ok()?;
    let word = |key: &str| {
        let text = tree.entry(key)?.value.scalar()?;
        let is_word =
            !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
        is_word.then(|| text.to_owned())
    };
    Some((word("name")?, word("version")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signature of the minisign project of the text `test`.
    const SIGNATURE: &str = "untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1633700835\tfile:test\tprehashed
wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==
";

    #[test]
    fn the_signed_comment_names_the_pack() {
        let pack = |version: &str| {
            let text = format!("name: acme\nversion: {version}\n");
            MemorySource::new("").with("pack.yaml", &text)
        };
        let comment = signature_comment(&pack("2026.1.0")).unwrap();
        let digest = pack_digest(&pack("2026.1.0"));
        assert_eq!(comment, format!("pack=acme version=2026.1.0 {}", digest.replace(':', "=")));
        assert_ne!(comment, signature_comment(&pack("2026.1.1")).unwrap());
        assert_eq!(signature_comment(&pack("\"1 2\"")), Err(PackSignatureError::Nameless));
        let other = PackSignature::parse(SIGNATURE).unwrap().check_pack(&pack("1.0.0"));
        assert!(matches!(other, Err(PackSignatureError::OtherPack { .. })));
    }
}
