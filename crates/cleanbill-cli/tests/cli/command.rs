//! Runs the built command in a folder of its own, with nothing of the caller's environment that could
//! change what it prints.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Every format that any input has a report in.
pub const FORMATS: [&str; 12] = [
    "text",
    "ndjson",
    "json",
    "csv",
    "xlsx",
    "html",
    "sarif",
    "junit",
    "github",
    "remit-csv",
    "remit-json",
    "fhir",
];

/// A folder with claims and the command to run in it.
pub struct Sandbox(TempDir);

impl Sandbox {
    pub fn new() -> Self {
        // A plugin in the system's own folder for such things is refused: anybody may write there.
        Self(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap())
    }

    /// A folder that holds `claims.ndjson` with these claims.
    pub fn with_claims(claims: &[String]) -> Self {
        let sandbox = Self::new();
        sandbox.write("claims.ndjson", claims.concat().as_bytes());
        sandbox
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Names of the files in the folder, sorted.
    pub fn names(&self) -> Vec<String> {
        self.names_in("")
    }

    /// The same of a folder within it.
    pub fn names_in(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The command with these arguments; standard input is empty.
    pub fn command(&self, arguments: &[&str]) -> Command {
        command_in(self.0.path(), arguments)
    }

    /// Lets the plugin run by a lock in the folder, whose name comes back.
    pub fn trust(&self, plugin: &str) -> String {
        let ran = self.run(&["plugins", "trust", plugin, "--yes", "--approved-by", "jane"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        self.path("plugins.lock").to_str().unwrap().to_owned()
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(self.command(arguments).output().unwrap())
    }
}

fn command_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cleanbill"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    // No tables of the caller's.
    command.env("XDG_DATA_HOME", folder.join("data")).env_remove("CLEANBILL_TABLES");
    for name in ["CLEANBILL_LOG", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// The command run at the top of the repository, where examples and packs are.
pub fn at_top(arguments: &[&str]) -> Ran {
    Ran::new(command_in(&top(), arguments).output().unwrap())
}

/// The top of the repository.
pub fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Compiles a plugin in C against the header; `arguments` are the compiler's, beside the usual ones.
pub fn compile(source: &Path, library: &Path, arguments: &[&str]) {
    let output = Command::new("cc")
        .args(["-shared", "-fPIC", "-std=c11", "-pthread", "-I"])
        .arg(top().join("crates/cleanbill-plugin-abi/include"))
        .args(arguments)
        .arg(source)
        .arg("-o")
        .arg(library)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn new(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The records of an `ndjson` report.
    pub fn records(&self) -> Vec<serde_json::Value> {
        records(&self.stdout)
    }
}

pub fn records(ndjson: &str) -> Vec<serde_json::Value> {
    ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A claim that no edit has anything against.
pub fn clean_claim(id: &str) -> String {
    claim(id, &[("99213", "")])
}

/// A claim with 93970 and 93985 on the legs on one day.
pub fn conflicting_claim(id: &str) -> String {
    claim(id, &[("93985", "lower"), ("93970", "lower")])
}

fn claim(id: &str, lines: &[(&str, &str)]) -> String {
    let rendered: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(index, (code, region))| {
            let region = match *region {
                "" => String::new(),
                region => format!(r#","body_region":"{region}""#),
            };
            format!(
                r#"{{"number":{},"procedure":"{code}","units":"1","charge":"100.00","from":"2026-03-02","through":"2026-03-02","diagnosis_pointers":[1]{region}}}"#,
                index + 1
            )
        })
        .collect();
    format!(
        r#"{{"schema":1,"claim_id":"{id}","type":"professional","frequency":"1","payer":"MEDICARE_B","patient":{{"id":"ZZPHIZZ","birth_date":"1950-01-01","sex":"F"}},"billing_provider":{{"npi":"1234567893"}},"place_of_service":"11","diagnoses":["N18.6"],"charge":"{}.00","lines":[{}]}}"#,
        lines.len() * 100,
        rendered.join(",")
    ) + "\n"
}

/// Compares `text` with the stored snapshot `name`.
pub fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../snapshots");
    settings.bind(|| insta::assert_snapshot!(name, text));
}
