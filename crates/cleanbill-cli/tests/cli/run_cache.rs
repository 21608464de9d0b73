//! Claims of a run that come through a pipe, or do not fit into the memory for them: what is found stays the
//! same.

use crate::command::{Ran, Sandbox};
use crate::history_store::{LOOKS_BACK, claim};

/// Claims of the run: some megabytes once they are gathered.
const CLAIMS: usize = 6000;

/// Claims in three files; those of a patient are spread over all of them.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("pack")).unwrap();
    sandbox.write("pack/pack.yaml", LOOKS_BACK.as_bytes());
    let mut files = [String::new(), String::new(), String::new()];
    for number in 0..CLAIMS {
        // A third of the patients have the same service on several claims.
        let patient = format!("ZZP{}", number * 7 % 2000);
        let code = ["93970", "93971", "93985"][number / 2000 % (1 + number % 3)];
        files[number % 3] += &claim(&format!("C{number}"), &patient, code, "2026-03-02");
    }
    for (file, name) in files.iter().zip(["one.ndjson", "two.ndjson", "three.ndjson"]) {
        sandbox.write(name, file.as_bytes());
    }
    sandbox
}

/// The findings by `jobs` with so many KiB for the claims of the run; where `without_files`, no byte can
/// be written to any file.
fn validate(
    sandbox: &Sandbox,
    files: [&str; 3],
    jobs: &str,
    kib: &str,
    without_files: bool,
) -> Ran {
    let flags = ["--packs", "pack", "--format", "ndjson", "--jobs", jobs];
    let command = sandbox.command(&[&["validate"][..], &files, &flags].concat());
    let limit =
        if without_files { "ulimit -f 0; exec \"$0\" \"$@\"" } else { "exec \"$0\" \"$@\"" };
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", limit]).arg(command.get_program()).args(command.get_args());
    shell.current_dir(command.get_current_dir().unwrap()).env("CLEANBILL_RUN_CACHE", kib);
    Ran::new(shell.output().unwrap())
}

/// What is found, without the places of claims in the run.
fn found(ran: &Ran) -> Vec<String> {
    let records = ran.records().into_iter().filter(|record| record["type"] == "finding");
    let mut found: Vec<String> = records
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
            format!("{} {} {} {}", text("rule"), text("claim"), finding["line"], text("message"))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn claims_of_a_run_that_do_not_fit_into_memory_change_no_finding() {
    const MUCH: &str = "131072";
    const LITTLE: &str = "64";
    let sandbox = sandbox();
    let files = ["one.ndjson", "two.ndjson", "three.ndjson"];
    let wanted = validate(&sandbox, files, "1", MUCH, true);
    assert_eq!(wanted.code, Some(1), "{}", wanted.stderr);
    let all = found(&wanted);
    assert!(all.len() > 1000, "{}", all.len());
    for (jobs, kib) in [("1", LITTLE), ("2", LITTLE), ("2", MUCH)] {
        let ran = validate(&sandbox, files, jobs, kib, false);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        assert!(ran.stdout == wanted.stdout, "{jobs} jobs, {kib} KiB");
    }
    for files in [[files[2], files[0], files[1]], [files[1], files[2], files[0]]] {
        for jobs in ["1", "2"] {
            let ran = validate(&sandbox, files, jobs, LITTLE, false);
            assert!(found(&ran) == all, "{files:?}, {jobs} jobs");
        }
    }
    // With little memory a file is needed: where none can be written, the run is not whole.
    let ran = validate(&sandbox, files, "1", LITTLE, true);
    assert!(!matches!(ran.code, Some(0 | 1)), "{ran:?}");
}

#[test]
fn claims_of_a_pipe_see_each_other_as_those_of_a_file_do() {
    let sandbox = sandbox();
    let flags = ["--packs", "pack", "--format", "ndjson"];
    let from_file = sandbox.run(&[&["validate", "one.ndjson"][..], &flags].concat());
    let mut command = sandbox.command(&[&["validate", "-"][..], &flags].concat());
    let stdin = std::fs::File::open(sandbox.path("one.ndjson")).unwrap();
    let from_pipe = Ran::new(command.stdin(stdin).output().unwrap());
    assert!(found(&from_file).len() > 10);
    assert_eq!(found(&from_pipe), found(&from_file));
}

#[test]
fn a_limit_that_is_no_number_is_refused() {
    let sandbox = sandbox();
    let ran = validate(&sandbox, ["one.ndjson"; 3], "1", "much", false);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("CLEANBILL_RUN_CACHE"), "{}", ran.stderr);
}
