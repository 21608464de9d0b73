//! A short ASCII code held by value: the storage under every code type of this crate.

use core::fmt;

/// Up to `N` printable ASCII bytes, held by value; shorter codes are padded with zero bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ascii<const N: usize>([u8; N]);

impl<const N: usize> Ascii<N> {
    /// Copies `text`, or `None` when it is empty, too long, or holds anything but graphic ASCII.
    pub(crate) fn new(text: &[u8]) -> Option<Self> {
        if text.is_empty() || !text.iter().all(u8::is_ascii_graphic) {
            return None;
        }
        let mut bytes = [0; N];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        Some(Self(bytes))
    }

    /// For constants of this crate; the caller writes graphic ASCII.
    pub(crate) const fn from_array(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        let len = self.0.iter().position(|byte| *byte == 0).unwrap_or(N);
        self.0.get(..len).unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        // Only graphic ASCII gets in, so this never falls back.
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    pub(crate) fn raw(&self) -> [u8; N] {
        self.0
    }
}

impl<const N: usize> fmt::Debug for Ascii<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Gives a code newtype its `as_str`, `Display` and `Debug`.
macro_rules! ascii_code {
    ($name:ident) => {
        impl $name {
            /// The code as it is written on a claim.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}", self.as_str())
            }
        }
    };
}
pub(crate) use ascii_code;
