//! The copies of libraries that a process of a plugin is to load, as it finds them.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use cleanbill_plugin_abi::AbiVersion;

use crate::trust::{Image, TrustedLibrary};

/// A library to run, and what it needs.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file as people know it.
    pub(super) shown: PathBuf,
    /// What the loader is given.
    pub(super) library: Copied,
    /// What the loader is given before.
    pub(super) needed: Vec<Copied>,
    /// The manifest that was read without running the library.
    pub(super) manifest: String,
    /// The version that it was built for.
    pub(super) abi: AbiVersion,
}

/// The copy of a library.
#[derive(Debug)]
pub(super) struct Copied {
    pub(super) path: PathBuf,
    /// The open file that the path leads to, where it does; its number is the same in a new process.
    #[cfg(unix)]
    file: Option<std::os::fd::OwnedFd>,
    /// What holds the copy otherwise.
    _image: Arc<Image>,
}

impl Source {
    /// The copies that were checked.
    pub(crate) fn of(trusted: &TrustedLibrary) -> io::Result<Self> {
        Ok(Self {
            shown: trusted.path().to_owned(),
            library: Copied::of(trusted.image())?,
            needed: trusted
                .needed()
                .iter()
                .map(|(_, image)| Copied::of(image))
                .collect::<io::Result<_>>()?,
            manifest: trusted.manifest_json().to_owned(),
            abi: trusted.info().abi(),
        })
    }

    /// Numbers of the open files that a process must keep until the libraries are loaded.
    pub(super) fn numbers(&self) -> Vec<i32> {
        self.needed.iter().chain([&self.library]).filter_map(Copied::number).collect()
    }
}

impl Copied {
    #[cfg(unix)]
    fn of(image: &Arc<Image>) -> io::Result<Self> {
        use std::os::fd::AsRawFd as _;
        let file = image.file()?;
        let path = match &file {
            None => image.path().to_owned(),
            Some(file) => {
                rustix::io::fcntl_setfd(file, rustix::io::FdFlags::empty())?;
                PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
            }
        };
        Ok(Self { path, file, _image: Arc::clone(image) })
    }

    #[cfg(not(unix))]
    fn of(image: &Arc<Image>) -> io::Result<Self> {
        Ok(Self { path: image.path().to_owned(), _image: Arc::clone(image) })
    }

    fn number(&self) -> Option<i32> {
        #[cfg(unix)]
        return self.file.as_ref().map(std::os::fd::AsRawFd::as_raw_fd);
        #[cfg(not(unix))]
        None
    }
}
