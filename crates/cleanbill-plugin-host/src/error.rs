//! Why a plugin cannot be used.

use std::io;
use std::path::PathBuf;

use cleanbill_plugin_abi::AbiVersion;

/// Why a plugin cannot be used. The message of the operating system, where there is one, is the source.
#[derive(Debug, thiserror::Error)]
pub enum PluginError {
    /// The path leads nowhere, or may not be read.
    #[error("cannot read the plugin `{}`; check the path and its permissions", path.display())]
    Unreadable {
        /// As it was given.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A folder without plugins.
    #[error(
        "the folder `{}` holds no plugin: no file in it ends in `.{}`",
        path.display(),
        crate::path::ENDING
    )]
    EmptyFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system cannot load it.
    #[error(
        "`{}` cannot be loaded as a plugin; it must be a shared library built for this machine",
        path.display()
    )]
    NotALibrary {
        /// The file.
        path: PathBuf,
        /// What the loader says.
        source: libloading::Error,
    },
    /// A library, but no plugin.
    #[error(
        "`{}` is not a plugin: it lacks the symbol `{symbol}`; build it with the plugin SDK or header",
        path.display()
    )]
    MissingSymbol {
        /// The file.
        path: PathBuf,
        /// What it should export.
        symbol: &'static str,
        /// What the loader says.
        source: libloading::Error,
    },
    /// The plugin's entry gave back nothing.
    #[error(
        "the plugin `{}`, built for plugin ABI {found}, refuses to run with this program, which has \
         {host}",
        path.display()
    )]
    Refused {
        /// The file.
        path: PathBuf,
        /// The plugin's version.
        found: AbiVersion,
        /// Ours.
        host: AbiVersion,
    },
    /// The table is too small or says another version than the symbol.
    #[error(
        "the plugin `{}` says that it is built for plugin ABI {found}, but its table is not of that \
         version (this program has {host}); build it again with one version of the SDK or header",
        path.display()
    )]
    Table {
        /// The file.
        path: PathBuf,
        /// The plugin's version.
        found: AbiVersion,
        /// Ours.
        host: AbiVersion,
    },
    /// The table lacks a function.
    #[error("the plugin `{}` lacks its function `{function}`", path.display())]
    MissingFunction {
        /// The file.
        path: PathBuf,
        /// Name of the function.
        function: &'static str,
    },
    /// No instance could be made.
    #[error("the plugin `{}` could not start: {reason}", path.display())]
    Start {
        /// The file.
        path: PathBuf,
        /// What is known.
        reason: String,
    },
}
