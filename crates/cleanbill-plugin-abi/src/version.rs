//! The version of the ABI and the status codes of its calls.

use core::fmt;

/// Major version of the ABI that this crate describes.
pub const ABI_MAJOR: u16 = 1;

/// Its minor version.
pub const ABI_MINOR: u16 = 0;

/// A version of the ABI. Another major cannot be used; a minor only appends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AbiVersion {
    /// Changes when anything is removed or means something else.
    pub major: u16,
    /// Changes when something is appended.
    pub minor: u16,
}

impl AbiVersion {
    /// The version that this crate describes.
    pub const CURRENT: Self = Self { major: ABI_MAJOR, minor: ABI_MINOR };
}

/// `1.0`.
impl fmt::Display for AbiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// How a call ended: [`status`]. Negative is a failure.
pub type CbStatus = i32;

/// The values of a [`CbStatus`].
pub mod status {
    use super::CbStatus;

    /// It worked.
    pub const OK: CbStatus = 0;
    /// Enough: from `emit`, return from `check` now; from `check`, that it did.
    pub const STOP: CbStatus = 1;
    /// The plugin panicked, and its guard caught it.
    pub const E_PANIC: CbStatus = -1;
    /// The plugin cannot run with its configuration.
    pub const E_CONFIG: CbStatus = -2;
    /// A struct is smaller than this version needs.
    pub const E_ABI: CbStatus = -3;
    /// Something that is asked for does not exist here.
    pub const E_UNSUPPORTED: CbStatus = -4;
    /// A pointer, an index or a text is not valid.
    pub const E_INVALID: CbStatus = -5;
    /// A limit is passed.
    pub const E_LIMIT: CbStatus = -6;
    /// Reference data is missing.
    pub const E_REFDATA: CbStatus = -7;
    /// Anything else.
    pub const E_INTERNAL: CbStatus = -8;
}
