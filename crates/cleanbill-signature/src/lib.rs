//! Who signed a file: detached signatures in the format of minisign, over the bytes of pack archives and of
//! payer plugins. What the signed comment must say is for the kind of file to know.

mod error;
mod key;
mod signature;

pub use error::SignatureError;
pub use key::SignerKey;
pub use signature::{Detached, SIGNATURE_ENDING};
