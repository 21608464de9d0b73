//! The C and C++ compilers of the machine, as strict as they go.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::header::own;

/// The languages that the header is for, with the compiler and its standard.
pub const LANGUAGES: [(&str, &str, &str); 2] =
    [("c", "cc", "-std=c11"), ("cpp", "c++", "-std=c++17")];

/// Compiles `source` in each language against the headers in `include`; nothing may even be warned of.
#[track_caller]
pub fn compiles(source: &str, include: &str) {
    let folder = tempfile::tempdir().unwrap();
    for (suffix, compiler, standard) in LANGUAGES {
        let file = folder.path().join("source").with_extension(suffix);
        fs::write(&file, source).unwrap();
        check(compiler, standard, &file, &own(include));
    }
}

#[track_caller]
fn check(compiler: &str, standard: &str, file: &Path, include: &Path) {
    let output = Command::new(compiler)
        .args([standard, "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", "-I"])
        .arg(include)
        .arg(file)
        .output()
        .unwrap_or_else(|wrong| panic!("`{compiler}` does not run: {wrong}"));
    assert!(output.status.success(), "{compiler}: {}", String::from_utf8_lossy(&output.stderr));
}
