//! The manifest of a plugin as it lies in the library: a section that is read without running any code.

use crate::version::AbiVersion;

/// The first bytes of a manifest.
pub const MANIFEST_MAGIC: [u8; 8] = *b"CBPLUG\0\x01";

/// The section that holds the manifest: on Linux and other ELF systems.
pub const MANIFEST_SECTION: &str = ".cleanbill";
/// The same on macOS, in the segment `__DATA`.
pub const MANIFEST_SECTION_MACHO: &str = "__cleanbill";
/// The same on Windows, whose names have eight bytes.
pub const MANIFEST_SECTION_PE: &str = ".cleanb";

/// Symbol of the manifest, so that no linker takes it away.
pub const MANIFEST_SYMBOL: &str = "cleanbill_plugin_manifest_v1";

/// A manifest longer than this is refused unread, in bytes.
pub const MANIFEST_LIMIT: usize = 1 << 20;

/// What stands before the JSON. All numbers are little-endian.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CbManifestHeader {
    /// [`MANIFEST_MAGIC`].
    pub magic: [u8; 8],
    /// Version that the plugin was built for.
    pub abi_major: u16,
    /// Version that the plugin was built for.
    pub abi_minor: u16,
    /// Length of the JSON that follows, in bytes.
    pub json_len: u32,
}

/// A manifest of `N` bytes of JSON.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CbManifest<const N: usize> {
    /// What it is.
    pub header: CbManifestHeader,
    /// Who the plugin is and which rules it brings.
    pub json: [u8; N],
}

impl<const N: usize> CbManifest<N> {
    /// The manifest `json`, which has `N` bytes; anything else does not compile.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        clippy::as_conversions,
        reason = "a const fn has nothing else; both are checked just before"
    )]
    pub const fn new(json: &str) -> Self {
        assert!(json.len() == N && N <= MANIFEST_LIMIT, "the length of the manifest");
        let (mut bytes, mut at) = ([0; N], 0);
        while at < N {
            bytes[at] = json.as_bytes()[at];
            at += 1;
        }
        let header = CbManifestHeader {
            magic: MANIFEST_MAGIC,
            abi_major: AbiVersion::CURRENT.major.to_le(),
            abi_minor: AbiVersion::CURRENT.minor.to_le(),
            json_len: (N as u32).to_le(),
        };
        Self { header, json: bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_holds_its_json_and_says_how_long_it_is() {
        const JSON: &str = r#"{"schema":1}"#;
        static MANIFEST: CbManifest<{ JSON.len() }> = CbManifest::new(JSON);
        assert_eq!(MANIFEST.json, *b"{\"schema\":1}");
        assert_eq!(u32::from_le(MANIFEST.header.json_len), 12);
        assert_eq!(&MANIFEST.header.magic, b"CBPLUG\0\x01");
    }
}
