//! Builds plugins, locks and loads them, and makes claims for them.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_model::{
    Claim, DateRange, Fault, Finding, Modifier, ProcedureCode, ServiceDate, ServiceLine,
};
use cleanbill_plugin_host::{
    Approval, Candidate, Isolation, LoadOptions, LoadedPlugin, NOT_EVALUATED, NeededEntry,
    PluginLock, TrustedLibrary, WorkerOptions, WorkerProgram, load,
};
use tempfile::TempDir;

/// A folder that nobody else can change, which one of the system's folder for such things is not.
pub fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

/// The library of a plugin crate of this workspace, built by the same cargo as this test.
pub fn built(crate_name: &str) -> PathBuf {
    let name = format!("{DLL_PREFIX}{}{DLL_SUFFIX}", crate_name.replace('-', "_"));
    built_files().iter().find(|path| path.ends_with(&name)).expect("the plugin was built").clone()
}

fn built_files() -> &'static [PathBuf] {
    static FILES: OnceLock<Vec<PathBuf>> = OnceLock::new();
    FILES.get_or_init(build_plugin_crates)
}

fn build_plugin_crates() -> Vec<PathBuf> {
    // As this test is built: a large run with the plugins of a debug build measures that build.
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let output = Command::new(env!("CARGO"))
        .args(["build", "--profile", profile])
        .args(["--message-format=json", "-p", "northwind-health"])
        .args(["-p", "cleanbill-misbehave"])
        .args(["-p", "cleanbill-plugin-host", "--example", "plugin-worker", "--lib"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut files = Vec::new();
    for line in output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let message: serde_json::Value = serde_json::from_slice(line).expect("cargo writes JSON");
        for file in message["filenames"].as_array().into_iter().flatten() {
            files.push(PathBuf::from(file.as_str().expect("a path")));
        }
    }
    files
}

/// Compiles `source` of `tests/c` with the plugin header; `defines` are `-D` flags.
pub fn compiled(folder: &TempDir, source: &str, defines: &[&str]) -> PathBuf {
    linked(folder, source, defines, &[])
}

/// The same with more arguments for the compiler.
pub fn linked(folder: &TempDir, source: &str, defines: &[&str], more: &[&str]) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = folder.path().join(source).with_extension("so");
    let output = Command::new("cc")
        .args(["-shared", "-fPIC", "-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror"])
        .args(["-fvisibility=hidden"])
        .args(defines.iter().map(|define| format!("-D{define}")))
        .arg("-I")
        .arg(here.join("../cleanbill-plugin-abi/include"))
        .arg(here.join("tests/c").join(source))
        .args(more)
        .arg("-o")
        .arg(&library)
        .output()
        .expect("a C compiler runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    library
}

/// A claim to `payer` on 2026-03-02 with lines in shorthand, `93970-59`, numbered 10, 20, 30.
pub fn claim(payer: &str, lines: &[&str]) -> Claim {
    claim_on("2026-03-02", payer, lines)
}

/// The same on another day.
pub fn claim_on(day: &str, payer: &str, lines: &[&str]) -> Claim {
    let day = DateRange::day(ServiceDate::parse_iso(day.as_bytes()).expect("a day"));
    let mut claim = Claim { ordinal: 1, ..Claim::default() };
    claim.payer_id = claim.texts.add(payer);
    for (line, number) in lines.iter().zip((10..).step_by(10)) {
        let mut parts = line.split('-').map(str::as_bytes);
        let mut service = ServiceLine::new(number, day);
        service.procedure = parts.next().and_then(|code| ProcedureCode::new(code).ok());
        for modifier in parts {
            let modifier = Modifier::new(modifier).expect("a modifier");
            service.modifiers.push(modifier).expect("four at most");
        }
        claim.lines.push(service);
    }
    claim
}

/// A registry of one plugin.
pub fn registry(plugin: LoadedPlugin) -> Registry {
    Registry::new(plugin.into_edit().into_iter().collect()).expect("rule ids are unique")
}

/// What someone agrees to who locks `candidate` and grants it all that it asks for.
pub fn approval(candidate: &Candidate, needed: &[NeededEntry]) -> Approval {
    Approval {
        by: "jane".to_owned(),
        at: "2026-03-02".parse().expect("a day"),
        isolation: Isolation::Worker,
        grants: candidate.info().reads().iter().cloned().collect(),
        signer: None,
        needed: needed.to_vec(),
    }
}

/// A lock with the plugin at `path`, which was looked at.
pub fn lock_of(path: &Path) -> Result<PluginLock, Box<dyn Error>> {
    let candidate = Candidate::look(path, &[])?;
    let entry = candidate.entry(approval(&candidate, &[]), None);
    Ok(PluginLock::default().with(&entry)?)
}

/// A lock that lets the plugin at `path` run anywhere.
pub fn lock_for_anywhere(path: &Path) -> Result<PluginLock, Box<dyn Error>> {
    let candidate = Candidate::look(path, &[])?;
    let isolation = Isolation::InProcess;
    let entry = candidate.entry(Approval { isolation, ..approval(&candidate, &[]) }, None);
    let lock = PluginLock::default().with(&entry)?;
    Ok(PluginLock::parse(&format!("{lock}\n[policy]\nallow_in_process = true\n"))?)
}

/// The plugin at `path`, looked at, locked and loaded into this process.
pub fn loaded(path: &Path) -> Result<LoadedPlugin, Box<dyn Error>> {
    loaded_in(path, &here())
}

/// The plugin at `path`, looked at, locked and loaded.
pub fn loaded_in(path: &Path, options: &LoadOptions) -> Result<LoadedPlugin, Box<dyn Error>> {
    Ok(load(&TrustedLibrary::check(path, &lock_for_anywhere(path)?)?, options)?)
}

/// Loads and registers the plugin at `path`, to run in this process.
pub fn registered(path: &Path) -> Registry {
    registered_in(path, &here())
}

/// Loads and registers the plugin at `path`.
pub fn registered_in(path: &Path, options: &LoadOptions) -> Registry {
    registry(loaded_in(path, options).expect("the plugin loads"))
}

/// How the tests run processes of plugins.
pub fn worker() -> WorkerOptions {
    let files = built_files().iter();
    let program =
        files.filter_map(|file| file.to_str()).find(|file| file.ends_with("plugin-worker"));
    let program = WorkerProgram::at(PathBuf::from(program.expect("the worker was built")));
    WorkerOptions { program, ..WorkerOptions::default() }
}

/// Everywhere that a plugin can run.
pub fn everywhere() -> [LoadOptions; 2] {
    [here(), LoadOptions { allow_in_process: false, ..here() }]
}

/// In this process.
pub fn here() -> LoadOptions {
    LoadOptions { worker: worker(), allow_in_process: true, ..LoadOptions::default() }
}

/// Findings of the plugin and faults of `claim`.
pub fn verdict(registry: &Registry, claim: &Claim) -> (Vec<Finding>, Vec<Fault>) {
    let mut evaluator = Evaluator::default();
    let verdict = evaluator.evaluate(registry, claim);
    let (mut findings, faults) = (verdict.findings.to_vec(), verdict.faults.to_vec());
    // A claim that was not judged says so.
    let before = findings.len();
    findings.retain(|finding| finding.edit.id != NOT_EVALUATED);
    assert_eq!(before - findings.len(), usize::from(!faults.is_empty()));
    (findings, faults)
}

/// An error and all its sources, one a line.
pub fn told(error: &dyn Error) -> String {
    let mut lines = vec![error.to_string()];
    let mut next = error.source();
    while let Some(source) = next {
        lines.push(source.to_string());
        next = source.source();
    }
    lines.join("\n")
}
