//! The shape of the workspace: which crate may use which, and which may hold what is dangerous.
//!
//! An edge that is not in [`EDGES`] fails here. Adding one is a decision: change the table and record
//! why in `docs/adr/`.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Every edge there may be: a crate, and the crates of this workspace that it may use. Crates that are
/// still to come may stand here.
const EDGES: &[(&str, &[&str])] = &[
    ("cleanbill-model", &[]),
    ("cleanbill-engine", &["cleanbill-model"]),
    ("cleanbill-tables", &["cleanbill-model"]),
    ("cleanbill-history", &["cleanbill-model"]),
    ("cleanbill-intake", &["cleanbill-model"]),
    ("cleanbill-columnar", &["cleanbill-intake", "cleanbill-model"]),
    ("cleanbill-report", &["cleanbill-model"]),
    ("cleanbill-signature", &[]),
    (
        "cleanbill-rules",
        &["cleanbill-engine", "cleanbill-model", "cleanbill-signature", "cleanbill-tables"],
    ),
    ("cleanbill-plugin-abi", &[]),
    ("cleanbill-plugin-sdk", &["cleanbill-plugin-abi"]),
    ("cleanbill-plugin-build", &["cleanbill-plugin-abi"]),
    (
        "cleanbill-plugin-host",
        &["cleanbill-engine", "cleanbill-model", "cleanbill-plugin-abi", "cleanbill-signature"],
    ),
    (
        "cleanbill-plugin-check",
        &[
            "cleanbill-engine",
            "cleanbill-intake",
            "cleanbill-model",
            "cleanbill-plugin-abi",
            "cleanbill-plugin-host",
        ],
    ),
    ("cleanbill-default-packs", &["cleanbill-rules"]),
    (
        "cleanbill-run",
        &[
            "cleanbill-columnar",
            "cleanbill-engine",
            "cleanbill-history",
            "cleanbill-intake",
            "cleanbill-model",
            "cleanbill-plugin-host",
            "cleanbill-report",
            "cleanbill-rules",
            "cleanbill-tables",
        ],
    ),
    (
        "cleanbill-cli",
        &[
            "cleanbill-columnar",
            "cleanbill-default-packs",
            "cleanbill-engine",
            "cleanbill-history",
            "cleanbill-intake",
            "cleanbill-model",
            "cleanbill-plugin-check",
            "cleanbill-plugin-host",
            "cleanbill-report",
            "cleanbill-rules",
            "cleanbill-run",
            "cleanbill-signature",
            "cleanbill-tables",
        ],
    ),
    ("xtask", &[]),
];

/// What an example plugin may use: what every payer has.
const PLUGIN_EDGES: &[&str] = &["cleanbill-plugin-sdk", "cleanbill-plugin-build"];

/// What tests may use beyond the edges of their crate.
const TEST_EDGES: &[(&str, &[&str])] = &[
    ("cleanbill-default-packs", &["cleanbill-engine", "cleanbill-model"]),
    ("cleanbill-plugin-host", &["cleanbill-plugin-sdk"]),
];

/// The package that tests the workspace as a whole and may use all of it.
const WHOLE: &str = "cleanbill-tests";

/// Crates that stay free of the command line, of foreign code and of signals.
const PURE: &[&str] = &[
    "cleanbill-model",
    "cleanbill-engine",
    "cleanbill-rules",
    "cleanbill-report",
    "cleanbill-intake",
    "cleanbill-columnar",
    "cleanbill-tables",
];
const IMPURE: &[&str] = &["clap", "libloading", "signal-hook"];

/// Crates whose work is the border to foreign code.
const MAY_BE_UNSAFE: &[&str] = &[
    "cleanbill-plugin-abi",
    "cleanbill-plugin-check",
    "cleanbill-plugin-host",
    "cleanbill-plugin-sdk",
];

/// Files of other crates that may hold it: a mapped file is memory that the system fills, and the plugin of
/// the tests breaks what can be broken.
const UNSAFE_FILES: &[&str] =
    &["crates/cleanbill-tables/src/map.rs", "plugins/misbehave/src/raw.rs"];

/// The crate that reads packs, and the names under which the YAML crate goes.
const READS_YAML: &str = "cleanbill-rules";
const YAML: &[&str] = &["serde_yaml", "yaml_serde"];

#[test]
fn every_edge_between_crates_is_in_the_table() {
    let strangers = strangers(&workspace());
    assert!(
        strangers.is_empty(),
        "edges that are not in the table:\n{}\nremove the dependency, or add the edge to `EDGES` in \
         tests/architecture.rs with a decision record in docs/adr/",
        strangers.join("\n")
    );
}

#[test]
fn an_edge_outside_the_table_is_named_with_its_file() {
    let package = |name, manifest, dependency, kind| {
        serde_json::json!({
            "name": name,
            "manifest_path": manifest,
            "dependencies": [{"name": dependency, "kind": kind, "path": "somewhere"}],
        })
    };
    let packages = [
        package("cleanbill-report", "/x/crates/report/Cargo.toml", "cleanbill-engine", Value::Null),
        package("cleanbill-engine", "/x/crates/engine/Cargo.toml", "cleanbill-model", Value::Null),
        package("cleanbill-default-packs", "/x/rules/Cargo.toml", "cleanbill-engine", Value::Null),
        package("cleanbill-default-packs", "/x/rules/Cargo.toml", "cleanbill-engine", "dev".into()),
        package("northwind", "/x/plugins/n/Cargo.toml", "cleanbill-plugin-host", Value::Null),
        package("newcomer", "/x/crates/newcomer/Cargo.toml", "cleanbill-model", Value::Null),
    ];
    assert_eq!(
        strangers(&packages),
        [
            "  cleanbill-report -> cleanbill-engine (/x/crates/report/Cargo.toml)",
            "  cleanbill-default-packs -> cleanbill-engine (/x/rules/Cargo.toml)",
            "  northwind -> cleanbill-plugin-host (/x/plugins/n/Cargo.toml)",
            "  newcomer -> cleanbill-model (/x/crates/newcomer/Cargo.toml)",
        ]
    );
}

#[test]
fn pure_crates_know_no_command_line_no_foreign_code_and_no_signal() {
    let found: Vec<String> = workspace()
        .iter()
        .filter(|package| PURE.contains(&text(package, "name")))
        .flat_map(|package| {
            used(package).filter(|dependency| IMPURE.contains(&text(dependency, "name"))).map(
                |dependency| format!("{} -> {}", text(package, "name"), text(dependency, "name")),
            )
        })
        .collect();
    assert_eq!(found, [""; 0], "move what needs it to cleanbill-run or cleanbill-cli");
}

#[test]
fn unsafe_code_stays_at_the_border_to_foreign_code() {
    let found: Vec<String> = workspace()
        .iter()
        .filter(|package| !MAY_BE_UNSAFE.contains(&text(package, "name")))
        .flat_map(|package| sources(folder(package)).unwrap())
        .filter(|file| !UNSAFE_FILES.iter().any(|allowed| file.ends_with(allowed)))
        .flat_map(|file| {
            let code = fs::read_to_string(&file).unwrap();
            (1..)
                .zip(code.lines())
                .filter(|(_, line)| has_word(&code_of(line), "unsafe"))
                .map(|(number, _)| format!("{}:{number}", file.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        found, [""; 0],
        "write it without, or behind the interface of cleanbill-plugin-host or cleanbill-tables"
    );
}

#[test]
fn the_word_is_found_in_code_and_not_in_what_is_said_about_it() {
    let holds = |line| has_word(&code_of(line), "unsafe");
    assert!(holds("    let x = unsafe { read(p) }; // fine"));
    assert!(holds("pub unsafe extern \"C\" fn f() {}"));
    assert!(holds("let quote = '\"'; unsafe { f() }"));
    assert!(!holds("// unsafe is denied"));
    assert!(!holds("#![expect(unsafe_code, reason = \"why\")]"));
    assert!(!holds("say(\"nothing unsafe, \\\"never\\\" unsafe\");"));
}

#[test]
fn one_module_of_one_crate_knows_the_yaml_crate() {
    let packages = workspace();
    let with_yaml: Vec<&str> = packages
        .iter()
        .filter(|package| used(package).any(|used| YAML.contains(&text(used, "name"))))
        .map(|package| text(package, "name"))
        .filter(|name| *name != READS_YAML)
        .collect();
    assert_eq!(with_yaml, [""; 0], "packs are read by {READS_YAML} alone");

    let modules: Vec<PathBuf> = packages
        .iter()
        .filter(|package| text(package, "name") == READS_YAML)
        .flat_map(|package| sources(&folder(package).join("src")).unwrap())
        .filter(|file| {
            let code = fs::read_to_string(file).unwrap();
            code.lines().any(|line| code_of(line).contains("serde_yaml::"))
        })
        .collect();
    assert!(modules.len() <= 1, "decode YAML in one module, not in {modules:?}");
}

/// The packages of this workspace as cargo tells them, without their dependencies' packages.
fn workspace() -> Vec<Value> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--manifest-path"])
        .arg(top)
        .output()
        .ok();
    let metadata: Value =
        output.and_then(|output| serde_json::from_slice(&output.stdout).ok()).unwrap_or_default();
    let packages = metadata.get("packages").and_then(Value::as_array).cloned().unwrap_or_default();
    assert!(packages.len() > 1, "cargo metadata named no packages");
    packages
}

/// Edges that no table allows, each with the manifest that has them.
fn strangers(packages: &[Value]) -> Vec<String> {
    let mut strangers = Vec::new();
    for package in packages {
        let (name, manifest) = (text(package, "name"), text(package, "manifest_path"));
        let mut allowed: BTreeSet<&str> = row(EDGES, name).collect();
        if folder(package).parent().is_some_and(|above| above.ends_with("plugins")) {
            allowed.extend(PLUGIN_EDGES);
        }
        for dependency in dependencies(package).filter(|used| used["path"].is_string()) {
            let to = text(dependency, "name");
            let in_tests = dependency["kind"] == "dev"
                && (name == WHOLE || row(TEST_EDGES, name).any(|edge| edge == to));
            if !in_tests && !allowed.contains(to) {
                strangers.push(format!("  {name} -> {to} ({manifest})"));
            }
        }
    }
    strangers
}

fn row(table: &'static [(&str, &[&str])], name: &str) -> impl Iterator<Item = &'static str> {
    table.iter().filter(move |(from, _)| *from == name).flat_map(|(_, to)| to.iter().copied())
}

fn dependencies(package: &Value) -> impl Iterator<Item = &Value> {
    package["dependencies"].as_array().into_iter().flatten()
}

/// Dependencies of the crate itself, without those of its tests.
fn used(package: &Value) -> impl Iterator<Item = &Value> {
    dependencies(package).filter(|dependency| dependency["kind"] != "dev")
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

fn folder(package: &Value) -> &Path {
    Path::new(text(package, "manifest_path")).parent().unwrap_or(Path::new(""))
}

/// All Rust files below `folder`, in order, without what is built there.
fn sources(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("target") {
            files.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A line without its comment and without what stands in quotes.
fn code_of(line: &str) -> String {
    let mut code = String::new();
    let mut quoted = false;
    let mut before = ' ';
    for c in line.chars() {
        match c {
            '"' if before != '\\' && before != '\'' => quoted = !quoted,
            '/' if before == '/' && !quoted => break,
            _ if !quoted => code.push(c),
            _ => {}
        }
        // An escaped backslash escapes nothing.
        before = if before == '\\' && c == '\\' { ' ' } else { c };
    }
    code
}

fn has_word(code: &str, word: &str) -> bool {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}
