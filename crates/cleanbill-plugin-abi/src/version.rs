//! The version of the ABI and the status codes of its calls.

use core::fmt;

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
    pub const CURRENT: Self = Self { major: 1, minor: 0 };

    /// The version as one number, the major in the upper half: what a plugin's version symbol returns.
    #[must_use]
    pub const fn packed(self) -> u32 {
        let ([a, b], [c, d]) = (self.major.to_be_bytes(), self.minor.to_be_bytes());
        u32::from_be_bytes([a, b, c, d])
    }

    /// The version behind such a number.
    #[must_use]
    pub const fn from_packed(packed: u32) -> Self {
        let [a, b, c, d] = packed.to_be_bytes();
        Self { major: u16::from_be_bytes([a, b]), minor: u16::from_be_bytes([c, d]) }
    }
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

#[cfg(test)]
mod tests {
    use super::AbiVersion;

    #[test]
    fn a_packed_version_has_its_major_in_the_upper_half() {
        let version = AbiVersion { major: 2, minor: 7 };
        assert_eq!(version.packed(), (2 << 16) | 7);
        assert_eq!(AbiVersion::from_packed(version.packed()), version);
    }
}
