//! Where things are: the top of the workspace, its build folder, the tools on the search path.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folder below the build folder where `.ci/run` installs tools.
const TOOLS: &str = "target/tools/bin";

/// Makes the top of the workspace the working folder, so that every path in this program is short.
pub fn enter() -> Result<()> {
    // Set by `cargo run`; the path compiled in would be wrong for a build folder shared by two checkouts.
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .context("start this through `cargo xtask`, which says where the workspace is")?;
    let top = Path::new(&package).parent().context("the package folder has no parent")?;
    env::set_current_dir(top).with_context(|| format!("cannot enter `{}`", top.display()))
}

/// The build folder.
#[must_use]
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

/// The search path with the project's own tools first.
pub fn search_path() -> Result<OsString> {
    let tools = env::current_dir()?.join(TOOLS);
    let given = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths([tools].into_iter().chain(env::split_paths(&given)))?)
}

/// Whether the program `name` can be started.
pub fn installed(name: &str) -> Result<bool> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    Ok(env::split_paths(&search_path()?).any(|folder| folder.join(&file).is_file()))
}

/// Whether this runs on a CI machine, where nothing may be skipped for want of a tool.
#[must_use]
pub fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}
