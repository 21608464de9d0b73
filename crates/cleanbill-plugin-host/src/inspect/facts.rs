//! What a library's bytes tell of it, whatever its format.

use object::{Architecture, BinaryFormat, FileKind, Object, ObjectKind, ObjectSection as _};

use super::{elf, macho, pe, wrong};
use crate::refusal::Problem;

/// What a library's bytes tell of it, whatever its format.
#[derive(Debug, Default)]
pub(crate) struct Facts<'a> {
    /// The sections that are named as that of a manifest.
    pub(crate) sections: Vec<&'a [u8]>,
    /// Names that it defines for others, sorted.
    pub(crate) exports: Vec<String>,
    /// Libraries that the loader would load with it.
    pub(crate) needed: Vec<String>,
    /// Where it tells the loader to search for them.
    pub(crate) search_path: Option<String>,
    /// A way to come between libraries that it uses.
    pub(crate) interposes: Option<&'static str>,
    /// Whether memory with code of it can be written.
    pub(crate) writes_code: bool,
    /// Whether it asks for a stack that can be executed.
    pub(crate) executable_stack: bool,
}

impl<'a> Facts<'a> {
    /// Takes a library of this machine apart.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Problem> {
        let kind = FileKind::parse(bytes).map_err(|_| {
            wrong("it is no shared library", "name the library that the build of the plugin wrote")
        })?;
        let mut facts = match (kind, BinaryFormat::native_object()) {
            (FileKind::Elf64, BinaryFormat::Elf) => elf::facts(bytes),
            (FileKind::MachO64, BinaryFormat::MachO) => macho::facts(bytes),
            (FileKind::Pe64, BinaryFormat::Coff) => pe::facts(bytes),
            _ => Err(format!("it is a file of another system ({kind:?})")),
        }
        .map_err(|problem| {
            let remedy = "build it for this machine, as a shared library that is whole";
            wrong(problem, remedy)
        })?;
        facts.exports.sort_unstable();
        Ok(facts)
    }
}

/// What every format tells in the same way: that `file` is a library for this machine, its exports, the
/// libraries that it needs, and the sections called `name`.
pub(super) fn common<'data>(file: &impl Object<'data>, name: &str) -> Result<Facts<'data>, String> {
    if file.kind() != ObjectKind::Dynamic {
        return Err("it is not a shared library".to_owned());
    }
    runs_here(file.architecture(), file.is_little_endian())?;
    let mut facts = Facts::default();
    for section in file.sections() {
        if section.name_bytes().map_err(damaged)? == name.as_bytes() {
            facts.sections.push(section.data().map_err(damaged)?);
        }
    }
    for export in file.exports().map_err(damaged)? {
        let export = export.map_err(damaged)?;
        let name = export.name().name().map(text);
        facts.exports.push(name.unwrap_or_else(|| "a name that is a number".to_owned()));
    }
    for library in file.import_libraries().map_err(damaged)? {
        facts.needed.push(text(library.map_err(damaged)?.name()));
    }
    Ok(facts)
}

/// Whether code for `machine` runs here.
fn runs_here(machine: Architecture, is_little_endian: bool) -> Result<(), String> {
    let here = std::env::consts::ARCH;
    let own = match here {
        "x86_64" => Architecture::X86_64,
        "aarch64" => Architecture::Aarch64,
        "riscv64" => Architecture::Riscv64,
        "s390x" => Architecture::S390x,
        "powerpc64" => Architecture::PowerPc64,
        "loongarch64" => Architecture::LoongArch64,
        _ => Architecture::Unknown,
    };
    if machine == own && is_little_endian == cfg!(target_endian = "little") {
        return Ok(());
    }
    Err(format!("it is built for another machine ({machine:?}), and this one is {here}"))
}

/// A name of the library, for people: what is no text is shown as it can be.
pub(super) fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// What is said of bytes that cannot be what they should be.
pub(super) fn damaged(error: object::Error) -> String {
    format!("it is damaged: {error}")
}
