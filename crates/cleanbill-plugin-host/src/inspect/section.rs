//! The section with the manifest: a header, the JSON, and nothing else.

use cleanbill_plugin_abi::{AbiVersion, MANIFEST_LIMIT, MANIFEST_MAGIC};

use super::wrong;
use crate::refusal::Problem;

/// The manifest of a library as it lies in its section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section<'a> {
    /// The version that the library was built for.
    pub(crate) abi: AbiVersion,
    /// The manifest.
    pub(crate) json: &'a str,
}

impl<'a> Section<'a> {
    /// The manifest in the one section that there must be.
    pub(super) fn of(sections: &[&'a [u8]]) -> Result<Self, Problem> {
        let build = "build it with the plugin SDK, or with `CB_MANIFEST` of the header";
        match sections {
            [] => Err(wrong("it is not a plugin: it has no section with a manifest", build)),
            [one] => read(one).map_err(|problem| wrong(problem, build)),
            several => Err(wrong(
                format!("it has {} sections with a manifest, and must have one", several.len()),
                build,
            )),
        }
    }
}

fn read(section: &[u8]) -> Result<Section<'_>, &'static str> {
    let short = "the section of its manifest ends too early";
    let (magic, rest) = section.split_first_chunk().ok_or(short)?;
    if *magic != MANIFEST_MAGIC {
        return Err("the section of its manifest does not start as one");
    }
    let (major, rest) = rest.split_first_chunk().ok_or(short)?;
    let (minor, rest) = rest.split_first_chunk().ok_or(short)?;
    let (length, rest) = rest.split_first_chunk().ok_or(short)?;
    let abi = AbiVersion { major: u16::from_le_bytes(*major), minor: u16::from_le_bytes(*minor) };
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    if length > MANIFEST_LIMIT {
        return Err("its manifest is longer than 1 MiB");
    }
    let (json, padding) = rest
        .split_at_checked(length)
        .ok_or("its manifest says that it is longer than its section")?;
    // A zero byte ends the text in C, and linkers fill up with them. A second manifest is no padding.
    if padding.iter().any(|byte| *byte != 0) {
        return Err("the section of its manifest holds more than one manifest");
    }
    let json = str::from_utf8(json).map_err(|_| "its manifest is not UTF-8 text")?;
    Ok(Section { abi, json })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(length: u32, json: &[u8]) -> Vec<u8> {
        let header = [&MANIFEST_MAGIC[..], &[1, 0, 2, 0], &length.to_le_bytes()].concat();
        [&header, json].concat()
    }

    fn refused(bytes: &[u8]) -> String {
        let problem = Section::of(&[bytes]).unwrap_err();
        problem.of(std::path::Path::new("x")).problem().to_owned()
    }

    #[test]
    fn a_manifest_is_read_with_the_padding_that_compilers_leave() {
        for json in [&b"{}"[..], b"{}\0", b"{}\0\0\0\0"] {
            let bytes = section(2, json);
            let read = Section::of(&[&bytes]).unwrap();
            assert_eq!((read.abi, read.json), (AbiVersion { major: 1, minor: 2 }, "{}"));
        }
    }

    #[test]
    fn a_section_that_lies_is_refused() {
        let two = [section(2, b"{}"), section(2, b"{}")].concat();
        assert!(refused(&two).contains("more than one manifest"));
        assert!(refused(&section(1, b"{}")).contains("more than one manifest"));
        assert!(refused(&section(3, b"{}")).contains("longer than its section"));
        assert!(refused(&section(u32::MAX, b"{}")).contains("longer than 1 MiB"));
        assert!(refused(&section(2, b"\xff\xfe")).contains("not UTF-8"));
        let whole = section(0, b"");
        for length in 0..whole.len() {
            assert!(refused(&whole[..length]).contains("too early"), "{length}");
        }
        assert!(refused(b"CBPLUG\0\x02........").contains("does not start as one"));
        assert!(Section::of(&[]).is_err());
        let one = section(2, b"{}");
        assert!(Section::of(&[&one, &one]).is_err());
    }
}
