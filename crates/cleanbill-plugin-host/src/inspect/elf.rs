//! What an ELF library tells of itself, as the system's loader would read it: through its program headers.
//! Section headers, which the loader ignores, are believed only where they say the same.

use cleanbill_plugin_abi::MANIFEST_SECTION;
use object::elf::{self, ProgramHeader64, SectionHeader64};
use object::read::elf::{
    Dynamic, ElfFile64, FileHeader as _, ProgramHeader as _, SectionHeader as _,
};
use object::{Endianness, SectionIndex};

use super::facts::{self, Facts, damaged, text};

type File<'a> = ElfFile64<'a, Endianness>;
type Segment = ProgramHeader64<Endianness>;
type SectionHeader = SectionHeader64<Endianness>;

/// What the library in `bytes` tells of itself.
pub(super) fn facts(bytes: &[u8]) -> Result<Facts<'_>, String> {
    let file = File::parse(bytes).map_err(damaged)?;
    let endian = file.endian();
    let mut found = facts::common(&file, MANIFEST_SECTION)?;
    let header = file.elf_header();
    let system = header.e_ident().os_abi;
    if ![elf::ELFOSABI_SYSV, elf::ELFOSABI_GNU].contains(&system) {
        return Err("it is built for another system".to_owned());
    }
    check_views(&file)?;
    found.executable_stack = !has_plain_stack(&file);
    found.writes_code = file.elf_program_headers().iter().any(|segment| {
        let both = elf::PF_W | elf::PF_X;
        segment.p_type(endian) == elf::PT_LOAD && segment.p_flags(endian) & both == both
    });
    let table = file.elf_dynamic_table().map_err(damaged)?;
    for entry in &table {
        let name = || table.string(entry).map(text).map_err(damaged);
        match entry.tag {
            elf::DT_RPATH | elf::DT_RUNPATH => found.search_path = Some(name()?),
            elf::DT_TEXTREL => found.writes_code = true,
            elf::DT_FLAGS if entry.val & TEXTREL != 0 => found.writes_code = true,
            elf::DT_AUDIT | elf::DT_DEPAUDIT => found.interposes = Some("an audit library"),
            elf::DT_FILTER | elf::DT_AUXILIARY => found.interposes = Some("a filter library"),
            _ => {}
        }
    }
    Ok(found)
}

/// `DF_TEXTREL` as the value of `DT_FLAGS` is read.
const TEXTREL: u64 = 4;

/// Whether it says that its stack is not executed; a library that says nothing gets one that is.
fn has_plain_stack(file: &File<'_>) -> bool {
    let endian = file.endian();
    let mut stacks =
        file.elf_program_headers().iter().filter(|one| one.p_type(endian) == elf::PT_GNU_STACK);
    match (stacks.next(), stacks.next()) {
        (Some(stack), None) => stack.p_flags(endian) & elf::PF_X != elf::PF_X,
        _ => false,
    }
}

/// Whether the tables that are read through section headers are those that the loader would use.
fn check_views(file: &File<'_>) -> Result<(), String> {
    let endian = file.endian();
    let differ = || "its section headers and its program headers tell different things".to_owned();
    let section_of = |kind| {
        let mut sections =
            file.elf_section_table().iter().filter(|one| one.sh_type(endian) == kind);
        sections.next().filter(|_| sections.next().is_none()).ok_or_else(differ)
    };
    let (dynamic, symbols) = (section_of(elf::SHT_DYNAMIC)?, section_of(elf::SHT_DYNSYM)?);
    let strings_of = |section: &SectionHeader| {
        let index =
            usize::try_from(section.sh_link(endian)).map(SectionIndex).map_err(|_| differ())?;
        file.elf_section_table().section(index).map_err(|_| differ())
    };
    let strings = strings_of(dynamic)?;
    let mut segments = file.elf_program_headers().iter();
    let mut of_dynamic = segments.by_ref().filter(|one| one.p_type(endian) == elf::PT_DYNAMIC);
    let range = (dynamic.sh_offset(endian), dynamic.sh_size(endian));
    let is_same = of_dynamic.next().is_some_and(|segment| segment.file_range(endian) == range)
        && of_dynamic.next().is_none();
    let entries: Vec<Dynamic> = file.elf_dynamic_table().map_err(damaged)?.iter().collect();
    let says = |tag, section: &SectionHeader| {
        let mut said = entries.iter().filter(|entry| entry.tag == tag);
        said.next().is_some_and(|entry| entry.val == section.sh_addr(endian))
            && said.next().is_none()
    };
    let all = is_same
        && says(elf::DT_STRTAB, strings)
        && says(elf::DT_SYMTAB, symbols)
        && strings_of(symbols)?.sh_addr(endian) == strings.sh_addr(endian)
        && [dynamic, symbols, strings].iter().all(|section| is_loaded(file, section));
    if all { Ok(()) } else { Err(differ()) }
}

/// Whether a section's bytes are those that the loader puts at its address.
fn is_loaded(file: &File<'_>, section: &SectionHeader) -> bool {
    let endian = file.endian();
    let (address, size) = (section.sh_addr(endian), section.sh_size(endian));
    let holds = |segment: &&Segment| {
        let start = segment.p_vaddr(endian);
        let end = start.saturating_add(segment.p_filesz(endian));
        segment.p_type(endian) == elf::PT_LOAD
            && start <= address
            && address.saturating_add(size) <= end
    };
    let mut loaded = file.elf_program_headers().iter().filter(holds);
    let offset = loaded.next().and_then(|segment| {
        (address - segment.p_vaddr(endian)).checked_add(segment.p_offset(endian))
    });
    offset == Some(section.sh_offset(endian)) && loaded.next().is_none()
}
