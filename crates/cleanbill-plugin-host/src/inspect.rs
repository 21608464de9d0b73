//! Looks at a library without running any of its code: its bytes are taken apart, never loaded.

mod elf;
mod exports;
mod facts;
mod macho;
mod needed;
mod pe;
mod section;

use cleanbill_plugin_abi::{AbiVersion, ENTRY_SYMBOL};

pub(crate) use facts::Facts;
pub(crate) use needed::is_system;
pub(crate) use section::Section;

use crate::refusal::{Problem, Step};

/// What a library says of itself, before any rule of the host is applied to it.
pub(crate) struct Inspected<'a> {
    /// The manifest and the version that it was built for.
    pub(crate) section: Section<'a>,
    /// What the system's loader would do with it.
    pub(crate) facts: Facts<'a>,
}

/// Takes the library in `bytes` apart and checks what needs no knowledge of its manifest; `locked` are the
/// names of libraries that the lock allows it to need.
pub(crate) fn inspect<'a>(bytes: &'a [u8], locked: &[&str]) -> Result<Inspected<'a>, Problem> {
    let facts = Facts::read(bytes)?;
    check_loading(&facts, locked)?;
    let section = Section::of(&facts.sections)?;
    check_version(section.abi)?;
    if !facts.exports.iter().any(|name| name == ENTRY_SYMBOL) {
        return Err(wrong(
            format!("it does not export `{ENTRY_SYMBOL}`"),
            "export the entry: `export_plugin!` of the SDK does, and `CB_EXPORT` in C",
        ));
    }
    exports::check(&facts.exports)?;
    Ok(Inspected { section, facts })
}

/// Checks what the system's loader would do with a library that plugins may bring with them.
pub(crate) fn inspect_needed(bytes: &[u8]) -> Result<(), Problem> {
    check_loading(&Facts::read(bytes)?, &[])
}

fn check_loading(facts: &Facts<'_>, locked: &[&str]) -> Result<(), Problem> {
    if let Some(path) = &facts.search_path {
        return Err(wrong(
            format!("it tells the loader to search `{path}` for libraries (RPATH or RUNPATH)"),
            "link it without `-rpath`",
        ));
    }
    if let Some(way) = facts.interposes {
        return Err(wrong(
            format!("it asks the loader for {way}, which plugins have no need of"),
            "link it without that",
        ));
    }
    if facts.writes_code {
        return Err(wrong(
            "it has code that is rewritten while it is loaded (TEXTREL), or that can be written",
            "compile it with `-fPIC` and link it with `-z text`",
        ));
    }
    if facts.executable_stack {
        return Err(wrong(
            "it asks for a stack that can be executed",
            "link it with `-z noexecstack`",
        ));
    }
    needed::check(&facts.needed, locked)
}

fn check_version(found: AbiVersion) -> Result<(), Problem> {
    let host = AbiVersion::CURRENT;
    if found.major == host.major {
        return Ok(());
    }
    Err(wrong(
        format!("it is built for plugin ABI {found}, and this program has {host}"),
        format!("build it again with an SDK or header of ABI {}", host.major),
    ))
}

/// What is wrong with a library.
fn wrong(problem: impl Into<String>, remedy: impl Into<String>) -> Problem {
    Problem::new(Step::Library, problem, remedy)
}
