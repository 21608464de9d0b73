//! What a DLL tells of itself.

use cleanbill_plugin_abi::MANIFEST_SECTION_PE;
use object::pe::{IMAGE_SCN_MEM_EXECUTE, IMAGE_SCN_MEM_WRITE};
use object::read::pe::PeFile64;
use object::{LittleEndian, Object as _, ObjectKind, ObjectSection as _};

use super::facts::{self, Facts};

/// What the library in `bytes` tells of itself.
pub(super) fn facts(bytes: &[u8]) -> Result<Facts<'_>, String> {
    let file = PeFile64::parse(bytes).map_err(damaged)?;
    if file.kind() != ObjectKind::Dynamic {
        return Err("it is not a shared library".to_owned());
    }
    facts::runs_here(file.architecture(), file.is_little_endian())?;
    let mut found = Facts {
        exports: facts::exports(&file).map_err(damaged)?,
        needed: facts::needed(&file).map_err(damaged)?,
        ..Facts::default()
    };
    for section in file.sections() {
        if section.name_bytes().map_err(damaged)? == MANIFEST_SECTION_PE.as_bytes() {
            found.sections.push(section.data().map_err(damaged)?);
        }
        let rights = section.pe_section().characteristics.get(LittleEndian);
        let both = IMAGE_SCN_MEM_WRITE | IMAGE_SCN_MEM_EXECUTE;
        found.writes_code |= rights & both == both;
    }
    Ok(found)
}

fn damaged(error: object::Error) -> String {
    format!("it is damaged: {error}")
}
