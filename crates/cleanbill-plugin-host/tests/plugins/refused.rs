//! What cannot be used as a plugin is refused with its reason and the remedy.

use std::env::consts::DLL_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};

use cleanbill_plugin_host::{PluginError, expand};
use tempfile::TempDir;

use crate::support::{built, compiled, folder, loaded, told};

fn refusal(path: &Path) -> String {
    let refused = loaded(path).map(|plugin| plugin.info().id().to_owned());
    told(refused.expect_err("it is refused").as_ref())
}

/// The refusal of `odd.c` built with `defines`.
fn odd(defines: &[&str]) -> String {
    let folder = folder();
    refusal(&compiled(&folder, "odd.c", defines))
}

/// The refusal of a plugin whose one rule has `members` beside its id.
fn odd_rule(members: &str) -> String {
    odd_manifest(&format!(r#""rules":[{{"id":"a/b",{members}}}]"#))
}

fn odd_manifest(members: &str) -> String {
    let reads = if members.contains("\"reads\"") { "" } else { "\"reads\":[]," };
    let manifest = format!(r#"{{"schema":1,"id":"a","version":"1","title":"t",{reads}{members}}}"#);
    odd(&[&format!("MANIFEST=\"{}\"", manifest.replace('"', "\\\""))])
}

#[test]
fn a_missing_file_and_a_folder_are_told_apart() {
    let folder = folder();
    let missing = refusal(&folder.path().join("none.so"));
    assert!(
        missing.contains("none.so` is refused (path): it cannot be read: No such file"),
        "{missing}"
    );
    assert!(refusal(folder.path()).ends_with("(path): it is a folder"));
    #[cfg(unix)]
    assert!(refusal(Path::new("/dev/null")).ends_with("(path): it is not an ordinary file"));
    let named = refusal(&write(&folder, "plugin.txt", b""));
    assert!(named.contains("(path): its name does not end in `."), "{named}");
}

#[test]
fn what_is_no_library_of_this_machine_is_told() {
    let folder = folder();
    let empty = write(&folder, "empty.so", b"");
    let text =
        write(&folder, "text.so", b"this is a plain text and no library, however long it may be");
    for file in [empty, text] {
        assert!(refusal(&file).ends_with("(library): it is no shared library"));
    }
    let dll = write(&folder, "dll.so", b"\xfe\xed\xfa\xcf\0\0\0\0\0\0\0\0\0\0\0\0");
    let told = refusal(&dll);
    assert!(told.ends_with("it is a file of another system (MachO64)"), "{told}");
}

#[test]
#[cfg(all(target_os = "linux", target_endian = "little"))]
fn a_library_of_another_machine_is_not_loaded() {
    let folder = folder();
    let whole = fs::read(built("northwind-health")).unwrap();
    let mut library = whole.clone();
    library[18] ^= 0xff; // e_machine of the ELF header
    let told = refusal(&write(&folder, "other.so", &library));
    assert!(told.contains("it is built for another machine"), "{told}");
    for length in [64, 4096, whole.len() / 2, whole.len() - 64] {
        let told = refusal(&write(&folder, "cut.so", &whole[..length]));
        assert!(told.contains("(library): it is damaged"), "{length}: {told}");
    }
}

#[test]
fn a_library_that_is_no_plugin_has_no_manifest() {
    let folder = folder();
    let told = refusal(&compiled(&folder, "stranger.c", &[]));
    assert!(told.ends_with("it is not a plugin: it has no section with a manifest"), "{told}");
    let told = odd(&["NO_ENTRY"]);
    assert!(told.contains("it does not export `cleanbill_plugin_entry_v1`"), "{told}");
}

#[test]
fn another_abi_is_refused_with_both_versions() {
    let folder = folder();
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
            format!(r#"{good},{words},"examples":[{{"claim":{{}},"expect":[{{"line":0}}]}}]"#),
            "rules[0].examples[0].expect[0].line: lines are numbered from 1",
        ),
        (
            format!(
                r#"{good},{words},"examples":[{{"claim":{{}},"expect":[{{"args":{{"n":"1"}}}}]}}]"#
            ),
            "examples[0].expect[0].args.n: the rule declares no such value",
        ),
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
    for (members, place) in [
        (r#""reads":["line.name"]"#, "reads[0]: `line.name` is no field; the fields are claim."),
        (r#""reads":["line.code","line.code"]"#, "reads[1]: `line.code` stands there twice"),
        (r#""forms":["vision"]"#, "forms[0]: `vision` is unknown"),
        (r#""min_host":"1""#, "min_host: `1` is not a version as 1.0"),
        (r#""config_schema":true"#, "invalid type: boolean"),
    ] {
        let told = odd_manifest(&format!(r#"{members},"rules":[]"#));
        assert!(told.contains(place), "{told}");
    }
    let told =
        odd_manifest(&format!(r#""min_host":"1.9","rules":[{{"id":"a/b",{good},{words}}}]"#));
    assert!(
        told.ends_with("it needs a cleanbill with plugin ABI 1.9, and this one has 1.0"),
        "{told}"
    );
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
    let folder = folder();
    let [b, a] = ["b", "a"].map(|name| write(&folder, &format!("{name}{DLL_SUFFIX}"), b""));
    for other in ["README.md", "plugin.of-another-system"] {
        write(&folder, other, b"");
    }
    fs::create_dir(folder.path().join(format!("sub{DLL_SUFFIX}"))).unwrap();
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
