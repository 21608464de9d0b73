//! Makes a plugin's manifest, its `Config` type and the names of its rules out of `plugin.toml`, so that they
//! cannot drift apart. To be called from `build.rs`:
//!
//! ```no_run
//! cleanbill_plugin_build::manifest("plugin.toml");
//! ```
//!
//! Into `OUT_DIR` go `manifest.json`, as the host reads it, and `plugin.rs`, which the macro
//! `include_manifest!` of the SDK brings into the plugin. What is wrong in `plugin.toml` fails the build with
//! its line and what to do. Words that only the host can judge, such as remittance codes that need a remark,
//! are left to `cleanbill plugins check`.

mod check;
mod compile;
mod config;
mod declared;
mod example;
mod mistake;
mod output;
mod rust;
mod script;
mod template;
mod words;

pub use compile::{Compiled, compile};
pub use mistake::Mistake;
pub use script::manifest;
