//! What a DLL tells of itself.

use cleanbill_plugin_abi::MANIFEST_SECTION_PE;
use object::pe::{IMAGE_SCN_MEM_EXECUTE, IMAGE_SCN_MEM_WRITE};
use object::read::pe::PeFile64;
use object::{LittleEndian, Object as _};

use super::facts::{self, Facts, damaged};

/// What the library in `bytes` tells of itself.
pub(super) fn facts(bytes: &[u8]) -> Result<Facts<'_>, String> {
    let file = PeFile64::parse(bytes).map_err(damaged)?;
    let mut found = facts::common(&file, MANIFEST_SECTION_PE)?;
    for section in file.sections() {
        let rights = section.pe_section().characteristics.get(LittleEndian);
        let both = IMAGE_SCN_MEM_WRITE | IMAGE_SCN_MEM_EXECUTE;
        found.writes_code |= rights & both == both;
    }
    Ok(found)
}
