//! What cannot be used as a plugin is refused with its reason and the remedy.

use std::fs;
use std::path::{Path, PathBuf};

use cleanbill_plugin_host::{PluginError, expand, load};
use tempfile::TempDir;

use crate::support::{built, compiled, told};

fn refusal(path: &Path) -> String {
    told(&load(path).map(|plugin| plugin.id().to_owned()).expect_err("it is refused"))
}

/// The refusal of `odd.c` built with `defines`.
fn odd(defines: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    refusal(&compiled(&folder, "odd.c", defines))
}

/// The refusal of a plugin whose one rule has `members` beside its id.
fn odd_rule(members: &str) -> String {
    odd_manifest(&format!(r#""rules":[{{"id":"a/b",{members}}}]"#))
}

fn odd_manifest(members: &str) -> String {
    let manifest = format!(r#"{{"schema":1,"id":"a","version":"1","title":"t",{members}}}"#);
    odd(&[&format!("MANIFEST=\"{}\"", manifest.replace('"', "\\\""))])
}

#[test]
fn a_missing_file_and_a_folder_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let missing = refusal(&folder.path().join("none.so"));
    assert!(missing.contains("cannot read the plugin `"), "{missing}");
    assert!(missing.contains("No such file"), "{missing}");
    assert!(matches!(load(folder.path()), Err(PluginError::Folder { .. })));
    #[cfg(unix)]
    assert!(matches!(load(Path::new("/dev/null")), Err(PluginError::NotAFile { .. })));
}

#[test]
fn what_the_loader_cannot_load_is_told_in_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let empty = write(&folder, "empty.so", b"");
    let text =
        write(&folder, "text.so", b"this is a plain text and no library, however long it may be");
    for file in [empty, text] {
        let told = refusal(&file);
        assert!(told.contains("cannot be loaded as a plugin"), "{told}");
        assert!(told.lines().count() > 1 && told.lines().last().unwrap().contains(".so"), "{told}");
    }
}

#[test]
#[cfg(all(target_os = "linux", target_endian = "little"))]
fn a_library_of_another_machine_is_not_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let mut library = fs::read(built("northwind-health")).unwrap();
    library[18] ^= 0xff; // e_machine of the ELF header
    assert!(refusal(&write(&folder, "other.so", &library)).contains("cannot be loaded"));
}

#[test]
fn a_library_that_is_no_plugin_lacks_the_symbol() {
    let folder = tempfile::tempdir().unwrap();
    let told = refusal(&compiled(&folder, "stranger.c", &[]));
    assert!(told.contains("lacks the symbol `cleanbill_plugin_manifest_v1`"), "{told}");
    let told = odd(&["NO_ENTRY"]);
    assert!(told.contains("lacks the symbol `cleanbill_plugin_entry_v1`"), "{told}");
}

#[test]
fn another_abi_is_refused_with_both_versions() {
    let folder = tempfile::tempdir().unwrap();
    let told = refusal(&compiled(&folder, "newer.c", &[]));
    assert!(told.contains("is built for plugin ABI 2.0, and this program has 1.0"), "{told}");
    for defines in [["SIZE=32"], ["MINOR=7"]] {
        let told = odd(&defines);
        assert!(told.contains("built for plugin ABI 1.0, but its table is not"), "{told}");
        assert!(told.contains("this program has 1.0"), "{told}");
    }
    let told = odd(&["TABLE=NULL"]);
    assert!(told.contains("ABI 1.0, refuses to run with this program, which has 1.0"), "{told}");
}

#[test]
fn a_plugin_without_a_function_or_that_cannot_start_is_refused() {
    assert!(odd(&["CHECK=NULL"]).contains("lacks its function `check`"));
    let told = odd(&["CREATED=CB_E_CONFIG"]);
    assert!(told.contains("could not start: the licence [31mhas run out (status -2)"), "{told}");
}

#[test]
fn a_manifest_that_is_not_valid_is_refused_with_its_place() {
    let good = r#""kind":"plugin_check","title":"t","disposition":"suspend""#;
    let words = r#""template":"w","fix":"f""#;
    for (rule, place) in [
        (format!(r#"{good},{words},"colour":"red""#), "unknown field `colour`"),
        (good.to_owned(), "missing field `template`"),
        (
            format!(r#"{good},"template":"{{patient}}","fix":"f""#),
            "rules[0].template: `{patient}` is",
        ),
        (format!(r#"{good},{words},"severity":"loud""#), "rules[0].severity: `loud` is unknown"),
        (
            format!(r#"{good},{words},"remit":{{"group":"CO","carc":"16"}}"#),
            "rules[0].remit.rarc: reason 16 must come with a remark code",
        ),
        (
            format!(r#"{good},{words},"effective":{{"from":"2026-02-30"}}"#),
            "rules[0].effective.from: `2026-02-30` is a day that the calendar does not have",
        ),
        (format!(r#"{good},{words},"args":{{"n":"free"}}"#), "rules[0].args.n: `free` is unknown"),
        (
            format!(r#"{good},{words},"config":{{"n":"code"}}"#),
            "rules[0].config.n: `code` is unknown; it must be `text`",
        ),
    ] {
        let told = odd_rule(&rule);
        assert!(told.contains(place), "{told}");
    }
    assert!(odd(&["MANIFEST=\"[]\""]).contains("an object with the plugin's id"));
    assert!(odd_manifest(r#""rules":[]"#).contains("rules: there is none"));
    assert!(odd_manifest(r#""codes":["x"],"rules":[]"#).contains("codes[0]: `x` has 1 characters"));
}

#[test]
fn two_rules_with_one_id_are_refused() {
    let rule = r#"{"id":"a/b","kind":"plugin_check","title":"t","disposition":"suspend",
        "template":"w","fix":"f"}"#
        .replace("\n        ", "");
    let told = odd_manifest(&format!(r#""rules":[{rule},{rule}]"#));
    assert!(told.contains("defines the rule `a/b` twice"), "{told}");
}

#[test]
fn a_folder_stands_for_its_libraries_sorted_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let [b, a] = ["b.so", "a.dylib"].map(|name| write(&folder, name, b""));
    write(&folder, "README.md", b"");
    fs::create_dir(folder.path().join("sub.so")).unwrap();
    let paths = [b.clone(), folder.path().to_owned()];
    assert_eq!(expand(&paths).unwrap(), [b.clone(), a, b]);
    let empty = tempfile::tempdir().unwrap();
    let told = expand(&[empty.path().to_owned()]).unwrap_err().to_string();
    assert!(told.contains("holds no plugin"), "{told}");
    assert!(matches!(expand(&["none.so".into()]), Err(PluginError::Unreadable { .. })));
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("the file is written");
    path
}
