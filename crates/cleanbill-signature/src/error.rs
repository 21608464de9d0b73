//! Why a signature does not speak for a file.

/// Why a signature does not speak for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It is no public key.
    #[error("it is not a public key as minisign writes it")]
    NotAKey,
    /// It is no signature.
    #[error("the signature is damaged, or not one that minisign writes")]
    NotASignature,
    /// It is of a kind that minisign no longer makes, over the bytes and not over their hash.
    #[error("the signature is of the old kind; sign again with minisign")]
    OldKind,
    /// None of the keys made it.
    #[error("it is signed with another key")]
    Stranger,
    /// It does not fit the bytes or its own comment.
    #[error("the file or its signature was changed after it was signed")]
    Changed,
}
