//! A plugin's library as it is: loaded by its path, with every step open to a test.

#![expect(unsafe_code, reason = "loading a library and calling through its table")]

use std::error::Error as _;
use std::ffi::{CStr, c_char};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::ptr::{self, NonNull};

use cleanbill_plugin_abi::{
    AbiVersion, CbHost, CbInstance, CbPlugin, CbStatus, CbStr, CheckFn, CreateFn, DestroyFn,
    ENTRY_SYMBOL, EntryFn, PluginExtensionFn, sized, status,
};
use libloading::Library;

use crate::show::Shown;
use crate::sink::Sink;

/// A loaded library. It stays loaded until the process ends.
pub(crate) struct Plugin {
    library: ManuallyDrop<Library>,
}

/// The functions of its table.
#[derive(Clone, Copy)]
pub(crate) struct Functions {
    create: CreateFn,
    destroy: DestroyFn,
    check: CheckFn,
    extension: Option<PluginExtensionFn>,
}

/// What `create` gave back.
pub(crate) struct Created {
    pub(crate) status: CbStatus,
    pub(crate) message: String,
    pub(crate) instance: Option<Instance>,
}

/// An instance, taken back when this is dropped.
pub(crate) struct Instance {
    raw: NonNull<CbInstance>,
    functions: Functions,
}

// SAFETY: the ABI lets an instance move between threads as long as one thread uses it at a time, and
// `check` takes `&mut self`.
unsafe impl Send for Instance {}

impl Plugin {
    /// Loads the library with all its symbols; its constructors run here.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        #[cfg(unix)]
        let library = {
            use libloading::os::unix::{Library as UnixLibrary, RTLD_LOCAL, RTLD_NOW};
            // SAFETY: this process was started to run this plugin, and nothing else.
            unsafe { UnixLibrary::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map(Library::from)
        };
        #[cfg(not(unix))]
        // SAFETY: this process was started to run this plugin, and nothing else.
        let library = unsafe { Library::new(path) };
        let library = library.map_err(|error| {
            let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            format!("the system cannot load it: {why}")
        })?;
        Ok(Self { library: ManuallyDrop::new(library) })
    }

    /// What the entry answers to a host of that version, not yet looked at.
    pub(crate) fn entry(&self, major: u16, minor: u16) -> Result<*const CbPlugin, String> {
        // SAFETY: the symbol has this type in version 1 of the ABI, whose name it bears.
        let entry = unsafe { self.library.get::<EntryFn>(ENTRY_SYMBOL) }
            .map_err(|_| format!("it does not export `{ENTRY_SYMBOL}`"))?;
        // SAFETY: two numbers in, a pointer out.
        Ok(unsafe { entry(major, minor) })
    }

    /// The table for a host of this version, and the version that it says.
    pub(crate) fn table(&self) -> Result<(Functions, AbiVersion), String> {
        let host = AbiVersion::CURRENT;
        let table = self.entry(host.major, host.minor)?;
        if table.is_null() {
            return Err(format!("its entry gives NULL to a host of ABI {host}"));
        }
        // SAFETY: the ABI says that it is valid for ever; one that says it is too small is refused unread.
        let table = unsafe { sized::<CbPlugin>(table) }.ok_or(
            "its table is misaligned, or says that it is smaller than that of its version",
        )?;
        let lacks = |name: &str| format!("its table has no function `{name}`");
        let functions = Functions {
            create: table.create.ok_or_else(|| lacks("create"))?,
            destroy: table.destroy.ok_or_else(|| lacks("destroy"))?,
            check: table.check.ok_or_else(|| lacks("check"))?,
            extension: table.extension,
        };
        Ok((functions, AbiVersion { major: table.abi_major, minor: table.abi_minor }))
    }
}

impl Functions {
    /// Makes an instance; `config` is a JSON object.
    pub(crate) fn create(self, config: &str) -> Result<Created, String> {
        let mut raw: *mut CbInstance = ptr::null_mut();
        // One byte more than is offered shows whether it is left alone.
        let mut message: [c_char; 257] = [0; 257];
        let offered = message.len() - 1;
        if let Some(last) = message.last_mut() {
            *last = 0x5a;
        }
        // SAFETY: all pointers lead to locals or statics that outlive the call.
        let status = unsafe {
            (self.create)(
                &CbHost::PLAIN,
                CbStr::new(config),
                &raw mut raw,
                message.as_mut_ptr(),
                offered,
            )
        };
        if message.last() != Some(&0x5a) {
            return Err("`create` writes beyond the end of the message's buffer".to_owned());
        }
        let bytes = message.map(c_char::to_ne_bytes);
        let message = CStr::from_bytes_until_nul(bytes.as_flattened());
        let message = message.map_err(|_| "`create` does not end its message with a zero byte")?;
        let instance = NonNull::new(raw)
            .filter(|_| status == status::OK)
            .map(|raw| Instance { raw, functions: self });
        Ok(Created { status, message: message.to_string_lossy().into_owned(), instance })
    }

    /// What the plugin answers to an extension of that id; none when it has no such function.
    pub(crate) fn extension(self, id: &str) -> Option<bool> {
        // SAFETY: the text is valid until the function returns, and what it gives is not followed.
        self.extension.map(|extension| !unsafe { extension(CbStr::new(id)) }.is_null())
    }

    /// Takes back nothing, which is allowed.
    pub(crate) fn destroy_nothing(self) {
        // SAFETY: the ABI allows null.
        unsafe { (self.destroy)(ptr::null_mut()) }
    }
}

impl Instance {
    /// Has a claim checked; the status as it came.
    pub(crate) fn check(&mut self, shown: &Shown, sink: &mut Sink) -> CbStatus {
        let call = sink.call();
        // SAFETY: the instance comes from this plugin's `create` and `&mut self` makes this the only call
        // on it; claim and sink outlive the call and are not touched meanwhile.
        unsafe { (self.functions.check)(self.raw.as_ptr(), shown.claim(), &raw const call) }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: it comes from this plugin's `create` and is used no more.
        unsafe { (self.functions.destroy)(self.raw.as_ptr()) }
    }
}
