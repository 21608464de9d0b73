//! Signatures of pack archives: detached, in the format of minisign, over the bytes of the archive. The
//! comment that is signed with them names the pack, so that a signature cannot be put beside another one.

use minisign_verify::{Error, PublicKey, Signature};

use crate::archive::pack_digest;
use crate::source::{MemorySource, Source as _};
use crate::yaml;

/// What stands behind the name of an archive in that of its signature.
pub const SIGNATURE_ENDING: &str = ".minisig";
/// A signature has four lines: a comment that nobody signs, the signature, the comment that is signed, and
/// the signature over both.
const LINES: usize = 4;
/// A signature longer than this is none.
const LIMIT: usize = 4096;

/// Why a signature does not speak for an archive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It is no public key.
    #[error("it is not a public key as minisign writes it")]
    NotAKey,
    /// It is no signature.
    #[error("the signature is damaged, or not one that minisign writes")]
    NotASignature,
    /// It is of a kind that minisign no longer makes, over the bytes and not over their hash.
    #[error(
        "the signature is of the old kind; sign again with `cleanbill rules pack sign` or minisign"
    )]
    OldKind,
    /// None of the keys made it.
    #[error("it is signed with another key")]
    Stranger,
    /// It does not fit the bytes or its own comment.
    #[error("the archive or its signature was changed after it was signed")]
    Changed,
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

/// The public key of someone who signs packs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerKey {
    key: PublicKey,
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

/// The signature of an archive.
#[derive(Clone)]
pub struct PackSignature(Signature);

impl PackSignature {
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

    /// The one of `keys` that signed these bytes of an archive.
    ///
    /// # Errors
    /// None of them did.
    pub fn signer<'k>(
        &self,
        archive: &[u8],
        keys: &'k [SignerKey],
    ) -> Result<&'k SignerKey, SignatureError> {
        let mut reason = SignatureError::Stranger;
        for key in keys {
            match key.key.verify(archive, &self.0, false) {
                Ok(()) => return Ok(key),
                Err(Error::UnexpectedKeyId) => {}
                Err(Error::UnexpectedAlgorithm) => reason = SignatureError::OldKind,
                Err(_) => reason = SignatureError::Changed,
            }
        }
        Err(reason)
    }

    /// Whether the signed comment names the pack that the archive holds.
    ///
    /// # Errors
    /// It names another one.
    pub fn check_pack(&self, files: &MemorySource) -> Result<(), SignatureError> {
        let found = signature_comment(files)?;
        let signed = self.0.trusted_comment();
        if signed == found {
            return Ok(());
        }
        Err(SignatureError::OtherPack { signed: signed.to_owned(), found })
    }
}

/// The comment that is signed with an archive of these files: `pack=acme version=2026.1.0 sha256=…`, the
/// last with the digits of [`pack_digest`].
///
/// # Errors
/// [`SignatureError::Nameless`].
pub fn signature_comment(files: &MemorySource) -> Result<String, SignatureError> {
    let (name, version) = pack_identity(files).ok_or(SignatureError::Nameless)?;
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
            PackSignature::parse(text).and_then(|found| found.signer(bytes, &keys).cloned())
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
        assert_eq!(signature_comment(&pack("\"1 2\"")), Err(SignatureError::Nameless));
        let other = PackSignature::parse(SIGNATURE).unwrap().check_pack(&pack("1.0.0"));
        assert!(matches!(other, Err(SignatureError::OtherPack { .. })));
    }
}
