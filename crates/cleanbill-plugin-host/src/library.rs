//! Loads a library and reads its table, step by step, so that each failure has its own name.

#![expect(unsafe_code, reason = "loading a library and calling its symbols")]

use std::mem::ManuallyDrop;
use std::path::Path;

use cleanbill_plugin_abi::{
    AbiVersion, CbManifestHeader, CbPlugin, CheckFn, CreateFn, DestroyFn, ENTRY_SYMBOL, EntryFn,
    MANIFEST_LIMIT, MANIFEST_MAGIC, MANIFEST_SYMBOL, array, sized,
};
use libloading::Library;

use crate::error::PluginError;

/// What a library turned out to offer.
pub(crate) struct Opened {
    /// Version that it was built for.
    pub(crate) abi: AbiVersion,
    /// Its manifest.
    pub(crate) manifest: &'static str,
    /// Its functions.
    pub(crate) functions: Functions,
}

/// The functions of a plugin. The library is never unloaded, so they stay valid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Functions {
    pub(crate) create: CreateFn,
    pub(crate) destroy: DestroyFn,
    pub(crate) check: CheckFn,
}

/// Loads the library at `path`, which is absolute. The library's constructors run here.
pub(crate) fn open(path: &Path) -> Result<Opened, PluginError> {
    let host = AbiVersion::CURRENT;
    // A Rust library must not be unloaded (thread-locals, running threads), so it is kept for ever, also
    // when it is refused below: its constructors have run.
    let library = ManuallyDrop::new(
        load_now(path)
            .map_err(|source| PluginError::NotALibrary { path: path.to_owned(), source })?,
    );
    // SAFETY: the symbol leads to this header in every version of the ABI; JSON of the length that it says
    // follows.
    let header: *const CbManifestHeader = unsafe { symbol(&library, path, MANIFEST_SYMBOL) }?;
    // SAFETY: as above; the symbol is not null, for it was found.
    let CbManifestHeader { magic, abi_major, abi_minor, json_len } =
        unsafe { header.read_unaligned() };
    if magic != MANIFEST_MAGIC {
        return Err(not_text(path));
    }
    let found = AbiVersion { major: u16::from_le(abi_major), minor: u16::from_le(abi_minor) };
    if found.major != host.major {
        return Err(PluginError::Abi { path: path.to_owned(), found, host });
    }
    // SAFETY: the symbol has this type in version 1, which is the version found.
    let entry: EntryFn = unsafe { symbol(&library, path, ENTRY_SYMBOL) }?;
    // SAFETY: two numbers in, a pointer out.
    let table = unsafe { entry(host.major, host.minor) };
    if table.is_null() {
        return Err(PluginError::Refused { path: path.to_owned(), found, host });
    }
    // SAFETY: the ABI says that the table is valid for as long as the library is loaded; a table that is
    // misaligned or says it is smaller than ours is refused unread.
    let table = unsafe { sized::<CbPlugin>(table) }
        .filter(|table| (table.abi_major, table.abi_minor) == (found.major, found.minor))
        .ok_or_else(|| PluginError::Table { path: path.to_owned(), found, host })?;
    let lacks = |function| PluginError::MissingFunction { path: path.to_owned(), function };
    let functions = Functions {
        create: table.create.ok_or_else(|| lacks("create"))?,
        destroy: table.destroy.ok_or_else(|| lacks("destroy"))?,
        check: table.check.ok_or_else(|| lacks("check"))?,
    };
    let json_len = usize::try_from(u32::from_le(json_len)).unwrap_or(usize::MAX);
    // SAFETY: the JSON follows its header, valid for as long as the library is loaded.
    let manifest = unsafe { array(header.add(1).cast::<u8>(), json_len, MANIFEST_LIMIT) }
        .and_then(|bytes| str::from_utf8(bytes).ok())
        .ok_or_else(|| not_text(path))?;
    Ok(Opened { abi: found, manifest, functions })
}

fn not_text(path: &Path) -> PluginError {
    PluginError::Manifest {
        path: path.to_owned(),
        place: "the whole".to_owned(),
        problem: format!("it is not UTF-8 text of at most {MANIFEST_LIMIT} bytes"),
    }
}

/// Loads with all symbols resolved at once: left to the first call, a missing one would end the process
/// in the middle of a run. The library's symbols stay its own.
fn load_now(path: &Path) -> Result<Library, libloading::Error> {
    #[cfg(unix)]
    {
        use libloading::os::unix::{Library as UnixLibrary, RTLD_LOCAL, RTLD_NOW};
        // SAFETY: the user named this file as a plugin, which means to run its code.
        unsafe { UnixLibrary::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map(Library::from)
    }
    #[cfg(not(unix))]
    {
        // SAFETY: the user named this file as a plugin, which means to run its code.
        unsafe { Library::new(path) }
    }
}

/// # Safety
/// The symbol, if it is there, must be of type `F`: a function, or a pointer to what it stands for.
unsafe fn symbol<F: Copy>(
    library: &Library,
    path: &Path,
    symbol: &'static str,
) -> Result<F, PluginError> {
    // SAFETY: promised by the caller.
    unsafe { library.get::<F>(symbol) }
        .map(|found| *found)
        .map_err(|source| PluginError::MissingSymbol { path: path.to_owned(), symbol, source })
}
