//! The header for authors who write C: made from the Rust types, and frozen once a version is out.

use std::path::{Path, PathBuf};
use std::{env, fs};

use cbindgen::{Builder, Config};
use cleanbill_plugin_abi::AbiVersion;

/// A file of this crate.
pub fn own(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(own(path)).unwrap_or_else(|wrong| panic!("{path}: {wrong}"))
}

#[test]
fn the_header_is_made_from_the_types() {
    let made = format!("{}\n{}\n{}", text("include/begin.h"), types(), text("include/end.h"));
    let file = own("include/cleanbill_plugin.h");
    if env::var_os("CLEANBILL_UPDATE").is_some() {
        fs::write(&file, &made).unwrap();
    }
    assert!(
        fs::read_to_string(&file).unwrap_or_default() == made,
        "include/cleanbill_plugin.h is out of date: \
         `CLEANBILL_UPDATE=1 cargo test -p cleanbill-plugin-abi --test abi` writes it anew"
    );
}

/// What was frozen for a version is what is compiled against it years later.
#[test]
fn the_header_of_this_minor_version_is_frozen() {
    let AbiVersion { major, minor } = AbiVersion::CURRENT;
    let frozen = text(&format!("fixtures/v{major}.{minor}/cleanbill_plugin.h"));
    assert!(
        frozen == text("include/cleanbill_plugin.h"),
        "a header that is out in the world has changed: append to it and raise the minor version"
    );
}

/// Types and constants as cbindgen writes them.
fn types() -> String {
    let sources = tempfile::tempdir().unwrap();
    for file in fs::read_dir(own("src")).unwrap() {
        let path = file.unwrap().path();
        let source = fs::read_to_string(&path).unwrap();
        fs::write(sources.path().join(path.file_name().unwrap()), plain_pointers(&source)).unwrap();
    }
    let config = Config::from_file(own("cbindgen.toml")).unwrap();
    let root = sources.path().join("lib.rs");
    let made = Builder::new().with_config(config).with_src(root).generate().unwrap();
    let mut bytes = Vec::new();
    made.write(&mut bytes);
    let text = String::from_utf8(bytes).unwrap();
    // Links of rustdoc are plain words in C.
    let words = [
        ("[`crate::", "`"),
        ("[`", "`"),
        ("`]", "`"),
        ("`CbClaim::", "`cb_claim."),
        ("`CbLine::", "`cb_line."),
        ("`status::", "`CB_"),
        ("\n\n\n\n", "\n\n"),
    ];
    let text = words.iter().fold(text, |text, (from, to)| text.replace(from, to));
    text.trim().to_owned() + "\n"
}

/// `Option<CreateFn>` is a pointer that may be null, which every pointer of C may be; cbindgen does not see
/// that through the alias.
fn plain_pointers(source: &str) -> String {
    let mut plain = source.to_owned();
    for alias in
        ["CreateFn", "DestroyFn", "CheckFn", "LogFn", "HostExtensionFn", "PluginExtensionFn"]
    {
        plain = plain.replace(&format!("Option<{alias}>"), alias);
    }
    plain
}
