//! What a Mach-O library tells of itself. No part of the loader is trusted to search.

use cleanbill_plugin_abi::MANIFEST_SECTION_MACHO;
use object::Endianness;
use object::macho::{self, MH_ALLOW_STACK_EXECUTION};
use object::read::macho::{LoadCommandVariant, MachHeader as _, MachOFile64};

use super::facts::{self, Facts, damaged, text};

/// What the library in `bytes` tells of itself.
pub(super) fn facts(bytes: &[u8]) -> Result<Facts<'_>, String> {
    let file = MachOFile64::<Endianness>::parse(bytes).map_err(damaged)?;
    let mut found = facts::common(&file, MANIFEST_SECTION_MACHO)?;
    // Names of exports carry the underscore that the C compiler puts before them.
    for name in &mut found.exports {
        if let Some(plain) = name.strip_prefix('_') {
            *name = plain.to_owned();
        }
    }
    let endian = file.endian();
    let header = file.macho_header();
    found.executable_stack = header.flags(endian).contains(MH_ALLOW_STACK_EXECUTION);
    let mut commands = header.load_commands(endian, bytes, 0).map_err(damaged)?;
    while let Some(command) = commands.next().map_err(damaged)? {
        match command.variant().map_err(damaged)? {
            LoadCommandVariant::Rpath(path) => {
                let path = command.string(endian, path.path).map_err(damaged)?;
                found.search_path = Some(text(path));
            }
            LoadCommandVariant::Segment64(segment, _) => {
                let rights = segment.initprot.get(endian);
                let both = macho::VM_PROT_WRITE | macho::VM_PROT_EXECUTE;
                found.writes_code |= rights & both == both;
            }
            _ => {}
        }
    }
    Ok(found)
}
