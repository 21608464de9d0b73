//! Loads a library that may run and reads its table, step by step, so that each failure has its own name.

#![expect(unsafe_code, reason = "loading a library and calling its symbols")]

use std::collections::{BTreeMap, BTreeSet};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use cleanbill_plugin_abi::{
    AbiVersion, CbPlugin, CheckFn, CreateFn, DestroyFn, ENTRY_SYMBOL, EntryFn, sized,
};
use libloading::Library;

use crate::digest::Digest;
use crate::error::PluginError;
use crate::trust::{Image, TrustedLibrary};

/// The functions of a plugin. The library is never unloaded, so they stay valid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Functions {
    pub(crate) create: CreateFn,
    pub(crate) destroy: DestroyFn,
    pub(crate) check: CheckFn,
}

/// Libraries that are loaded, by digest: the same bytes are loaded once, whatever their copies are called.
static LOADED: Mutex<BTreeMap<Digest, Functions>> = Mutex::new(BTreeMap::new());
/// The same for libraries that plugins need.
static NEEDED: Mutex<BTreeSet<Digest>> = Mutex::new(BTreeSet::new());

/// Loads a library, or finds it loaded. Its constructors run here.
pub(crate) fn open(trusted: &TrustedLibrary) -> Result<Functions, PluginError> {
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(functions) = loaded.get(trusted.digest()) {
        return Ok(*functions);
    }
    // Loaded first, they are what the loader finds under the names that the plugin asks for.
    let mut needed = NEEDED.lock().unwrap_or_else(PoisonError::into_inner);
    for (digest, image) in trusted.needed() {
        if needed.insert(digest.clone()) {
            keep(image, trusted.path())?;
        }
    }
    let library = keep(trusted.image(), trusted.path())?;
    let functions = functions_of(&library, trusted.path(), trusted.info().abi())?;
    loaded.insert(trusted.digest().clone(), functions);
    Ok(functions)
}

/// Loads the library `image`, the copy of `path`, for ever.
fn keep(image: &Arc<Image>, path: &Path) -> Result<ManuallyDrop<Library>, PluginError> {
    image.keep();
    load_for_ever(image.path(), path)
}

/// Loads what another process has checked, in the process of a plugin. `path` is how people know it.
pub(crate) fn open_checked(
    needed: &[PathBuf],
    library: &Path,
    path: &Path,
    abi: AbiVersion,
) -> Result<Functions, PluginError> {
    for needed in needed {
        load_for_ever(needed, path)?;
    }
    functions_of(&*load_for_ever(library, path)?, path, abi)
}

/// Loads `library`, which people know as `path`.
fn load_for_ever(library: &Path, path: &Path) -> Result<ManuallyDrop<Library>, PluginError> {
    // A Rust library must not be unloaded (thread-locals, running threads), so it is kept for ever, also
    // when it is refused below: its constructors have run.
    load_now(library)
        .map(ManuallyDrop::new)
        .map_err(|source| PluginError::NotALibrary { path: path.to_owned(), source })
}

fn functions_of(
    library: &Library,
    path: &Path,
    found: AbiVersion,
) -> Result<Functions, PluginError> {
    let host = AbiVersion::CURRENT;
    // SAFETY: the symbol has this type in version 1, which the library was found to be built for.
    let entry: EntryFn = unsafe { symbol(library, path, ENTRY_SYMBOL) }?;
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
    Ok(Functions {
        create: table.create.ok_or_else(|| lacks("create"))?,
        destroy: table.destroy.ok_or_else(|| lacks("destroy"))?,
        check: table.check.ok_or_else(|| lacks("check"))?,
    })
}

/// Loads with all symbols resolved at once: left to the first call, a missing one would end the process
/// in the middle of a run. The library's symbols stay its own.
fn load_now(path: &Path) -> Result<Library, libloading::Error> {
    #[cfg(unix)]
    {
        use libloading::os::unix::{Library as UnixLibrary, RTLD_LOCAL, RTLD_NOW};
        // SAFETY: the library was checked, and whoever locked it agreed to run its code.
        unsafe { UnixLibrary::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map(Library::from)
    }
    #[cfg(not(unix))]
    {
        // SAFETY: the library was checked, and whoever locked it agreed to run its code.
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
