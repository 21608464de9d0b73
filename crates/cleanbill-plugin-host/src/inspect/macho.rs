//! What a Mach-O library tells of itself. No part of the loader is trusted to search.

use cleanbill_plugin_abi::MANIFEST_SECTION_MACHO;
use object::macho::{self, MH_ALLOW_STACK_EXECUTION};
use object::read::macho::{LoadCommandVariant, MachHeader as _, MachOFile64};
use object::{Endianness, Object as _, ObjectKind, ObjectSection as _};

use super::facts::{self, Facts, text};

/// What the library in `bytes` tells of itself.
pub(super) fn facts(bytes: &[u8]) -> Result<Facts<'_>, String> {
    let file = MachOFile64::<Endianness>::parse(bytes).map_err(damaged)?;
    if file.kind() != ObjectKind::Dynamic {
        return Err("it is not a shared library".to_owned());
    }
    facts::runs_here(file.architecture(), file.is_little_endian())?;
    let mut found = Facts {
        exports: facts::exports(&file).map_err(damaged)?,
        needed: facts::needed(&file).map_err(damaged)?,
        ..Facts::default()
    };
    // Names of exports carry the underscore that the C compiler puts before them.
    for name in &mut found.exports {
        if let Some(plain) = name.strip_prefix('_') {
            *name = plain.to_owned();
        }
    }
    for section in file.sections() {
        if section.name_bytes().map_err(damaged)? == MANIFEST_SECTION_MACHO.as_bytes() {
            found.sections.push(section.data().map_err(damaged)?);
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

fn damaged(error: object::Error) -> String {
    format!("it is damaged: {error}")
}
