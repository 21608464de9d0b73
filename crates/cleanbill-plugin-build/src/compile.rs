//! From the text of `plugin.toml` to the files of the build, without touching the file system but for the
//! claims of examples.

use std::path::Path;

use crate::check;
use crate::declared::Plugin;
use crate::mistake::{At, Mistake};
use crate::rust;

/// What comes out of a sound `plugin.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The manifest as the host reads it: one JSON object.
    pub manifest: String,
    /// The Rust that the plugin includes.
    pub code: String,
    /// Files beside `plugin.toml` whose claims are in the manifest.
    pub read: Vec<String>,
}

/// Compiles the text of a `plugin.toml` that lies in `folder`; `version` is that of the plugin when the text
/// does not say another.
///
/// # Errors
/// The first mistake, with its line.
pub fn compile(text: &str, version: &str, folder: &Path) -> Result<Compiled, Mistake> {
    let plugin: Plugin = toml::from_str(text).map_err(|error| {
        let message = error.message().trim().replace('\n', ", ");
        At { span: error.span(), message }.in_text(text)
    })?;
    let sound = check::check(&plugin, version, folder).map_err(|at| at.in_text(text))?;
    Ok(Compiled {
        manifest: format!("{:#}\n", sound.manifest),
        code: rust::code(&sound),
        read: sound.read,
    })
}
