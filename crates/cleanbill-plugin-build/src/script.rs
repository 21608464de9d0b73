//! The one line of a plugin's `build.rs`.

use std::env;
use std::fs;
use std::path::Path;
use std::process;

use crate::compile::compile;

/// Compiles the `plugin.toml` at `path`, which is relative to the crate, into `OUT_DIR`. When it cannot, the
/// build fails with the file, the line and the reason.
pub fn manifest(path: &str) {
    tell(&format!("rerun-if-changed={path}"));
    if let Err(reason) = write(path) {
        // Cargo shows the line and fails the build.
        tell(&format!("error={path}:{reason}"));
        process::exit(1);
    }
}

fn write(path: &str) -> Result<(), String> {
    let of_cargo = |name: &str| {
        env::var(name).map_err(|_| format!(" `{name}` is not set; call this from build.rs alone"))
    };
    let out = of_cargo("OUT_DIR")?;
    let version = of_cargo("CARGO_PKG_VERSION")?;
    let text = fs::read_to_string(path).map_err(|error| format!(" it cannot be read: {error}"))?;
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    let compiled = compile(&text, &version, folder).map_err(|mistake| mistake.to_string())?;
    for file in &compiled.read {
        tell(&format!("rerun-if-changed={}", folder.join(file).display()));
    }
    for (name, text) in [("manifest.json", &compiled.manifest), ("plugin.rs", &compiled.code)] {
        let file = Path::new(&out).join(name);
        fs::write(&file, text)
            .map_err(|error| format!(" `{}` cannot be written: {error}", file.display()))?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "cargo reads what a build script prints")]
fn tell(words: &str) {
    println!("cargo::{words}");
}
