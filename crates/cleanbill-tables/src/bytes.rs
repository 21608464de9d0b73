//! Where the bytes of a table lie.

#[cfg(not(target_family = "wasm"))]
use crate::map::Map;

/// The bytes of a table.
#[derive(Debug)]
pub(crate) enum Bytes {
    Owned(Vec<u8>),
    #[cfg(not(target_family = "wasm"))]
    Mapped(Map),
}

impl Bytes {
    pub(crate) fn all(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            #[cfg(not(target_family = "wasm"))]
            Self::Mapped(map) => map.bytes(),
        }
    }
}
