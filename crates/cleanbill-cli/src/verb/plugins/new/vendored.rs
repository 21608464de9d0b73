//! The SDK as this program carries it, to be written into a new plugin in Rust. The crates of the SDK are in no
//! registry, and with them beside it a plugin builds wherever `serde` and `toml` can be had.

use cleanbill_rules::ScaffoldFile;

/// Files of the crates `cleanbill-plugin-…`, by their path behind that name.
macro_rules! sources {
    ($($path:literal,)*) => {
        &[$(($path, include_str!(concat!("../../../../../cleanbill-plugin-", $path)))),*]
    };
}

const SOURCES: &[(&str, &str)] = sources![
    "abi/src/claim.rs",
    "abi/src/field.rs",
    "abi/src/finding.rs",
    "abi/src/lib.rs",
    "abi/src/manifest.rs",
    "abi/src/plugin.rs",
    "abi/src/read.rs",
    "abi/src/size.rs",
    "abi/src/text.rs",
    "abi/src/version.rs",
    "sdk/src/config.rs",
    "sdk/src/date.rs",
    "sdk/src/export.rs",
    "sdk/src/findings.rs",
    "sdk/src/glue.rs",
    "sdk/src/guard.rs",
    "sdk/src/lib.rs",
    "sdk/src/plugin.rs",
    "sdk/src/testing.rs",
    "sdk/src/testing/claim.rs",
    "sdk/src/testing/harness.rs",
    "sdk/src/testing/json.rs",
    "sdk/src/testing/manifest.rs",
    "sdk/src/testing/shown.rs",
    "sdk/src/view.rs",
    "build/src/check.rs",
    "build/src/compile.rs",
    "build/src/config.rs",
    "build/src/declared.rs",
    "build/src/example.rs",
    "build/src/lib.rs",
    "build/src/mistake.rs",
    "build/src/output.rs",
    "build/src/rust.rs",
    "build/src/script.rs",
    "build/src/template.rs",
    "build/src/words.rs",
];

/// Manifests of the crates, which stand alone here and not in a workspace.
const MANIFESTS: [(&str, &str); 3] = [
    ("abi/Cargo.toml", include_str!("../../../../templates/vendored/abi.toml.in")),
    ("build/Cargo.toml", include_str!("../../../../templates/vendored/build.toml.in")),
    ("sdk/Cargo.toml", include_str!("../../../../templates/vendored/sdk.toml.in")),
];

/// All files of the SDK, below `vendor`.
pub fn files() -> impl Iterator<Item = ScaffoldFile> {
    SOURCES.iter().chain(&MANIFESTS).map(|(path, text)| ScaffoldFile {
        path: format!("vendor/cleanbill-plugin-{path}"),
        text: text.replace("@VERSION@", env!("CARGO_PKG_VERSION")),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::SOURCES;

    fn rust_files(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
            entries.partition(|path| path.is_dir());
        files.into_iter().chain(folders.iter().flat_map(|folder| rust_files(folder))).collect()
    }

    #[test]
    fn every_file_of_the_sdk_is_carried() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let there: BTreeSet<String> = ["abi", "build", "sdk"]
            .iter()
            .flat_map(|name| rust_files(&crates.join(format!("cleanbill-plugin-{name}/src"))))
            .map(|file| {
                let path = file.strip_prefix(crates).unwrap().display().to_string();
                path.strip_prefix("cleanbill-plugin-").unwrap().replace('\\', "/")
            })
            .collect();
        let carried = SOURCES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(there, carried, "name the file in `SOURCES`");
    }
}
