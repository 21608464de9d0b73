//! `kill -9` at every write of a run, then the run once more: what comes out is what a run that nobody
//! disturbs makes, byte for byte.
//!
//! `strace` kills the program when it is about to make its Nth call of a kind. A sample of N, unless
//! `CLEANBILL_KILLS=1` asks for every one, or another number for every so-manieth, over 2,000 claims.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus};

use crate::command::{Ran, Sandbox};
use crate::history_store::{LOOKS_BACK, claim, files, history};

/// Calls that change what is on the disk, or give it a name.
const CALLS: [&str; 13] = [
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "mkdir",
];

/// Every so-manieth call is a kill; none where a sample will do.
fn step() -> Option<usize> {
    std::env::var("CLEANBILL_KILLS").ok().map(|step| step.parse().unwrap())
}

/// Claims of patients with several each, some of which bill a service of `earlier` again.
fn claims(name: &str, count: usize) -> String {
    (0..count)
        .map(|number| {
            let patient = format!("ZZP{}", number % (count / 4));
            let code = ["93970", "93971", "93985"][number % 3];
            claim(&format!("{name}{number}"), &patient, code, "2026-03-02")
        })
        .collect()
}

/// A folder with 2,000 claims, or so many where a sample of kills will do, and with claims that came before.
fn sandbox(sample: usize) -> Sandbox {
    let count = if step().is_some() { 2000 } else { sample };
    let sandbox = Sandbox::new();
    sandbox.write("claims.ndjson", claims("C", count).as_bytes());
    sandbox.write("earlier.ndjson", claims("E", 40).as_bytes());
    fs::create_dir(sandbox.path("pack")).unwrap();
    sandbox.write("pack/pack.yaml", LOOKS_BACK.as_bytes());
    sandbox
}

/// Runs the command under `strace` with these flags.
fn traced(sandbox: &Sandbox, arguments: &[&str], flags: &[&str]) -> ExitStatus {
    let command = sandbox.command(arguments);
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq"]).args(flags).arg(command.get_program()).args(command.get_args());
    traced.current_dir(command.get_current_dir().unwrap());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    }
    let status = traced.output().unwrap().status;
    assert!(status.signal() == Some(9) || matches!(status.code(), Some(0 | 1)), "{status}");
    status
}

/// Runs the command, killed when it is about to make its Nth such call; whether it was.
fn killed(sandbox: &Sandbox, arguments: &[&str], call: &str, nth: usize) -> bool {
    let (trace, kill) =
        (format!("trace={call}"), format!("inject={call}:signal=SIGKILL:when={nth}"));
    let flags = ["-o", "/dev/null", "-e", &trace, "-e", &kill];
    traced(sandbox, arguments, &flags).signal() == Some(9)
}

/// The calls that the command makes.
fn calls(sandbox: &Sandbox, arguments: &[&str]) -> Vec<&'static str> {
    let trace = format!("trace={}", CALLS.join(","));
    traced(sandbox, arguments, &["-o", "calls", "-e", &trace]);
    let told = fs::read_to_string(sandbox.path("calls")).unwrap();
    let made = |call: &&str| told.contains(&format!(" {call}("));
    CALLS.into_iter().filter(made).collect()
}

/// Kills the command at each of its calls, each time in a folder that `before` has made ready; `after`
/// does it once more and says what came of it, which must be `wanted`. Counts the kills by call.
fn at_every_call(
    arguments: &[&str],
    before: &dyn Fn() -> Sandbox,
    after: &dyn Fn(&Sandbox) -> String,
    wanted: &str,
) -> BTreeMap<&'static str, usize> {
    let mut kills = BTreeMap::new();
    for call in calls(&before(), arguments) {
        let mut nth = 1;
        loop {
            let sandbox = before();
            if !killed(&sandbox, arguments, call, nth) {
                break;
            }
            *kills.entry(call).or_insert(0) += 1;
            assert!(after(&sandbox) == wanted, "{arguments:?} killed at {call} number {nth}");
            nth = step().map_or(nth * 4, |step| nth + step);
        }
    }
    kills
}

/// What a history holds, with each patient by the place of their first claim: each folder has its own key.
fn exported(sandbox: &Sandbox) -> String {
    let export = history(sandbox, &files, "claims", "export", &[]);
    assert_eq!(export.code, Some(0), "{}", export.stderr);
    let mut places = BTreeMap::new();
    let mut text = String::new();
    for line in export.stdout.lines() {
        let (start, rest) = line.split_once(r#""patient":{"id":""#).unwrap();
        let (patient, rest) = rest.split_once('"').unwrap();
        let next = places.len();
        let place = places.entry(patient.to_owned()).or_insert(next);
        text += &format!("{start}{place}{rest}\n");
    }
    text
}

fn succeeded(ran: &Ran, codes: &[i32]) {
    assert!(ran.code.is_some_and(|code| codes.contains(&code)), "{ran:?}");
}

#[test]
#[ignore = "needs strace: cargo xtask ci --only kills"]
fn a_killed_history_add_that_is_done_again_loses_and_doubles_nothing() {
    // More than one batch.
    let ready = || sandbox(1040);
    let add = ["history", "add", "claims.db", "earlier.ndjson", "claims.ndjson"];
    let again = |sandbox: &Sandbox| {
        succeeded(&sandbox.run(&add), &[0]);
        let whole = history(sandbox, &files, "claims", "verify", &[]);
        format!("{}{}", whole.stdout, exported(sandbox))
    };
    let wanted = again(&ready());
    assert!(wanted.lines().count() > 1000, "{wanted}");
    let kills = at_every_call(&add, &ready, &again, &wanted);
    let all: usize = kills.values().sum();
    println!("{all} kills of `history add`: {kills:?}");
    assert!(all > 10, "{kills:?}");
}

#[test]
#[ignore = "needs strace: cargo xtask ci --only kills"]
fn a_killed_validation_that_is_done_again_gives_the_same_findings_and_leaves_the_history() {
    let before = || {
        let sandbox = sandbox(200);
        succeeded(&history(&sandbox, &files, "claims", "add", &["earlier.ndjson"]), &[0]);
        sandbox
    };
    let outputs = ["findings.ndjson", "page.html", "work.csv", "work.xlsx"];
    let mut validate =
        vec!["validate", "claims.ndjson", "--packs", "pack", "--history", "claims.db"];
    for output in &outputs {
        validate.extend(["-o", output]);
    }
    let read = |sandbox: &Sandbox| {
        outputs.map(|output| fs::read(sandbox.path(output)).unwrap_or_default())
    };
    let unbroken = before();
    succeeded(&unbroken.run(&validate), &[1]);
    let (wanted, kept) = (read(&unbroken), exported(&unbroken));
    assert!(wanted.iter().all(|output| !output.is_empty()));
    let again = |sandbox: &Sandbox| {
        // What has its name is whole.
        for (output, wanted) in read(sandbox).iter().zip(&wanted) {
            assert!(output.is_empty() || output == wanted);
        }
        succeeded(&sandbox.run(&validate), &[1]);
        assert!(read(sandbox) == wanted);
        exported(sandbox)
    };
    let kills = at_every_call(&validate, &before, &again, &kept);
    let all: usize = kills.values().sum();
    println!("{all} kills of `validate --history`: {kills:?}");
    assert!(all > 8, "{kills:?}");
}
