//! Runs that break off and go on: whatever stops one, `--resume` ends with the bytes of an unbroken run.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
#[cfg(target_os = "linux")]
use std::path::Path;
use std::process::{Command, Stdio};

use crate::command::{Ran, Sandbox, conflicting_claim};
use crate::out_dir::{RUN, claims, refused, run, tree};

/// Reports beside findings and summary: a stream, a table, a workbook and a page.
const REPORTS: [&str; 8] = ["-f", "text", "-f", "csv", "-f", "xlsx", "-f", "html"];

const PACK: &str = "\
schema: cleanbill/pack/v1
name: own
version: 1.0.0
title: One rule
rules:
  - id: place
    title: Not in the office
    place_of_service: { codes: [\"93985\"], not_at: [\"11\"] }
    message: Not there.
    fix: Move it.
    source: [{ authority: Invented, document: Places, kind: internal }]
";

/// What an unbroken run leaves.
fn unbroken(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let command = ["validate", "claims.ndjson", "--out-dir", "whole"];
    let ran = sandbox.run(&[&command[..], &REPORTS].concat());
    assert_eq!(ran.code, Some(3), "{ran:?}");
    tree(&sandbox.path("whole"))
}

/// The run with a checkpoint every ten claims, in a shell that no file may outgrow `blocks` blocks in.
fn bounded(sandbox: &Sandbox, blocks: &str, more: &[&str]) -> Ran {
    let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
    let program = env!("CARGO_BIN_EXE_cleanbill");
    let mut command = Command::new("bash");
    command.args(["-c", script, "bash", blocks, program]).args(RUN).args(REPORTS).args(more);
    command.args(["--jobs", "1"]).current_dir(sandbox.path("."));
    command.env("XDG_DATA_HOME", sandbox.path("data")).env("CLEANBILL_CHECKPOINT_EVERY", "10");
    Ran::new(command.stdin(Stdio::null()).output().unwrap())
}

/// A run that broke off at a full disk behind some of its claims.
fn broken(count: usize) -> Sandbox {
    let sandbox = Sandbox::with_claims(&claims(count));
    let ran = bounded(&sandbox, "64", &[]);
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(ran.stderr.contains("writing `run/findings.ndjson` failed: File too large"), "{ran:?}");
    assert!(ran.stderr.contains("run the same command with `--resume` to go on"), "{ran:?}");
    sandbox
}

/// The claim behind which a run went on.
fn through(ran: &Ran) -> u64 {
    let words = ran.stderr.split("goes on behind claim ").nth(1).unwrap_or_default();
    words.split_whitespace().next().unwrap_or_default().parse().unwrap()
}

#[test]
fn a_full_disk_publishes_nothing_and_the_run_goes_on_to_the_same_bytes() {
    let sandbox = broken(400);
    assert_eq!(sandbox.names_in("run"), [".cleanbill-run"]);
    let work = tree(&sandbox.path("run"));
    let names: Vec<&str> = work.keys().map(String::as_str).collect();
    assert!(names.contains(&".cleanbill-run/journal"), "{names:?}");
    for (name, bytes) in &work {
        assert!(
            !bytes.windows(7).any(|word| word == b"ZZPHIZZ") || name.contains("quarantine"),
            "{name}"
        );
    }
    refused(&run(&sandbox, &REPORTS), "the folder `run` holds a run that broke off");
    // Still no room: a little further or not, and never less.
    let again = bounded(&sandbox, "64", &["--resume"]);
    assert_eq!(again.code, Some(4), "{again:?}");
    let ran = run(&sandbox, &[&REPORTS[..], &["--resume"]].concat());
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(through(&ran) >= through(&again) && through(&again) >= 50, "{ran:?}");
    assert!(tree(&sandbox.path("run")) == unbroken(&sandbox));

    // Of a whole run nothing is left to do.
    let more = [&REPORTS[..], &["--resume"]].concat();
    let third = run(&sandbox, &more);
    assert_eq!(third.code, Some(3));
    assert!(third.stderr.contains("the run is whole already"), "{third:?}");
    refused(&run(&sandbox, &["--resume"]), "was another one: the option `--format` differs");
}

#[test]
fn a_run_starts_over_when_it_is_told_to() {
    let sandbox = broken(400);
    let ran = run(&sandbox, &[&REPORTS[..], &["--overwrite"]].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(3), ""));
    assert!(tree(&sandbox.path("run")) == unbroken(&sandbox));
}

#[test]
fn another_run_or_a_changed_input_does_not_go_on() {
    let sandbox = broken(400);
    let resume = [&REPORTS[..], &["--resume"]].concat();
    let before = tree(&sandbox.path("run"));
    let other = |more: &[&str]| run(&sandbox, &[&resume[..], more].concat());
    refused(&other(&["--fail-on", "info"]), "was another one: the option `--fail-on` differs");
    let names = ["validate", "claims.ndjson", "claims.ndjson", "--out-dir", "run"];
    refused(&sandbox.run(&[&names[..], &resume].concat()), "the list of inputs differs");
    assert!(tree(&sandbox.path("run")) == before, "a refusal costs nothing");

    let path = sandbox.path("claims.ndjson");
    let (bytes, modified) =
        (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    let mut grown = bytes.clone();
    grown.extend(conflicting_claim("more").into_bytes());
    sandbox.write("claims.ndjson", &grown);
    refused(&other(&[]), "the input `claims.ndjson` has changed since the run in `run` broke off");
    // One byte of a claim that was read, and nothing else tells: the digest does.
    let mut changed = bytes.clone();
    let place = bytes.windows(6).position(|word| word == b"100.00").unwrap();
    changed[place] = b'2';
    sandbox.write("claims.ndjson", &changed);
    fs::File::options().append(true).open(&path).unwrap().set_modified(modified).unwrap();
    let ran = other(&[]);
    refused(&ran, "the input `claims.ndjson` has changed since the run in `run` broke off");
    assert!(!sandbox.path("run/summary.json").exists());
}

#[test]
fn a_checkpoint_that_is_cut_or_damaged_is_used_as_far_as_it_is_whole() {
    let sandbox = broken(400);
    let whole = unbroken(&sandbox);
    let journal = sandbox.path("run/.cleanbill-run/journal");
    let bytes = fs::read(&journal).unwrap();
    let flipped = |place: usize| {
        let mut flipped = bytes.clone();
        flipped[place] ^= 4;
        flipped
    };
    for (damaged, words) in [
        (
            bytes[..bytes.len() - 3].to_vec(),
            "the checkpoint is damaged or was cut short; the run goes on",
        ),
        (
            flipped(bytes.len() * 3 / 4),
            "the checkpoint is damaged or was cut short; the run goes on",
        ),
        (flipped(30), "the checkpoint cannot be used; the run starts over"),
        (Vec::new(), "the checkpoint cannot be used; the run starts over"),
    ] {
        let _ = fs::remove_dir_all(sandbox.path("run"));
        fs::create_dir_all(sandbox.path("run/.cleanbill-run")).unwrap();
        fs::write(&journal, &damaged).unwrap();
        let ran = run(&sandbox, &[&REPORTS[..], &["--resume"]].concat());
        assert_eq!(ran.code, Some(3), "{ran:?}");
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
        assert!(tree(&sandbox.path("run")) == whole, "{words}");
    }
}

#[test]
fn a_signal_says_how_to_go_on_and_what_was_read_from_a_pipe_is_not_judged_again() {
    let sandbox = Sandbox::with_claims(&claims(1500));
    let input = fs::read(sandbox.path("claims.ndjson")).unwrap();
    // A rule that looks at each claim alone, so that claims are judged as they come.
    fs::create_dir(sandbox.path("pack")).unwrap();
    sandbox.write("pack/pack.yaml", PACK.as_bytes());
    let command = ["validate", "-", "--out-dir", "run", "-f", "json", "--packs", "pack"];
    let start = |more: &[&str]| {
        let mut command = sandbox.command(&[&command[..], more].concat());
        command.env("CLEANBILL_CHECKPOINT_EVERY", "10");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut child = start(&["--overwrite", "--jobs", "1"]);
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(&input[..input.len() / 2]).unwrap();
        // Nothing more comes, and the checkpoint of what came is seen before the signal is sent.
        let journal = sandbox.path("run/.cleanbill-run/journal");
        while fs::metadata(&journal).map_or(0, |file| file.len()) < 3_000 {
            assert!(child.try_wait().unwrap().is_none());
            std::thread::yield_now();
        }
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(said.contains("nothing was published"), "{said}");
        assert!(said.contains("run the same command with `--resume`"), "{said}");
        drop(stdin);
    }
    let end = |input: &[u8], more: &[&str]| {
        let mut child = start(more);
        // A run that is refused does not read to the end.
        let _ = child.stdin.take().unwrap().write_all(input);
        Ran::new(child.wait_with_output().unwrap())
    };
    let mut other = input.clone();
    other[200] ^= 1;
    let kept = tree(&sandbox.path("run/.cleanbill-run"))["journal"].clone();
    refused(
        &end(&other, &["--resume"]),
        "the input `-` has changed since the run in `run` broke off",
    );
    fs::create_dir_all(sandbox.path("run/.cleanbill-run")).unwrap();
    fs::write(sandbox.path("run/.cleanbill-run/journal"), kept).unwrap();
    let ran = end(&input, &["--resume"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(through(&ran) >= 10, "{ran:?}");
    let resumed = tree(&sandbox.path("run"));
    assert_eq!(end(&input, &["--overwrite"]).code, Some(3));
    assert!(tree(&sandbox.path("run")) == resumed);
}

/// System calls that change what is on the disk.
#[cfg(target_os = "linux")]
const CALLS: [&str; 9] = [
    "write",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "unlink",
    "unlinkat",
    "mkdir",
    "ftruncate",
];

/// The program; for a long run `CLEANBILL_EVERY_CALL` can name one that was built for speed.
#[cfg(target_os = "linux")]
fn program() -> String {
    let named = std::env::var("CLEANBILL_EVERY_CALL").ok();
    let named = named.filter(|path| Path::new(path).is_file());
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_cleanbill").to_owned())
}

/// The run into a folder by that program.
#[cfg(target_os = "linux")]
fn by_program(sandbox: &Sandbox, folder: &str, more: &[&str]) -> Ran {
    let mut command = Command::new(program());
    command.args(["validate", "claims.ndjson", "--out-dir", folder]).args(REPORTS).args(more);
    command.current_dir(sandbox.path(".")).env("XDG_DATA_HOME", sandbox.path("data"));
    Ran::new(command.stdin(Stdio::null()).output().unwrap())
}

/// The command under strace, which does `what` at the call of that number.
#[cfg(target_os = "linux")]
fn injected(sandbox: &Sandbox, every: &str, call: &str, what: &str, number: usize) -> Ran {
    let inject = format!("inject={call}:{what}:when={number}");
    let mut command = Command::new("strace");
    command.args(["-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject]);
    command.arg(program()).args(RUN).args(REPORTS);
    command.args(["--jobs", "1"]).current_dir(sandbox.path("."));
    command.env("XDG_DATA_HOME", sandbox.path("data")).env("CLEANBILL_CHECKPOINT_EVERY", every);
    Ran::new(command.stdin(Stdio::null()).output().unwrap())
}

/// How often a run makes the call.
#[cfg(target_os = "linux")]
fn calls(sandbox: &Sandbox, every: &str, call: &str) -> usize {
    let log = sandbox.path("calls");
    let mut command = Command::new("strace");
    command.arg("-qq").arg("-o").arg(&log).args(["-e", &format!("trace={call}")]);
    command.arg(program()).args(RUN).args(REPORTS).args(["--jobs", "1"]);
    command.current_dir(sandbox.path(".")).env("XDG_DATA_HOME", sandbox.path("data"));
    let done = command.env("CLEANBILL_CHECKPOINT_EVERY", every).output().unwrap();
    assert_eq!(done.status.code(), Some(3), "{done:?}");
    let count = fs::read_to_string(&log).unwrap().lines().count();
    fs::remove_dir_all(sandbox.path("run")).unwrap();
    count
}

/// Stops the run at every place (with `CLEANBILL_EVERY_CALL`), else at some, and lets it go on.
#[cfg(target_os = "linux")]
fn at_every_call(what: &str, sample: usize, check: impl Fn(&Ran)) {
    if Command::new("strace").arg("-V").output().is_err() {
        assert!(std::env::var_os("CLEANBILL_EVERY_CALL").is_none(), "strace is needed");
        return;
    }
    let is_full = std::env::var_os("CLEANBILL_EVERY_CALL").is_some();
    let (count, every) = if is_full { (2000, "15") } else { (400, "40") };
    let sandbox = Sandbox::with_claims(&claims(count));
    assert_eq!(by_program(&sandbox, "whole", &[]).code, Some(3));
    let whole = tree(&sandbox.path("whole"));
    let all: Vec<(&str, usize)> = CALLS
        .into_iter()
        .flat_map(|call| (1..=calls(&sandbox, every, call)).map(move |number| (call, number)))
        .collect();
    let step = if is_full { 1 } else { all.len().div_ceil(sample) };
    let mut stopped = 0;
    for (call, number) in all.iter().step_by(step) {
        let place = format!("{what} at {call} {number}");
        let ran = injected(&sandbox, every, call, what, *number);
        check(&ran);
        let is_whole = sandbox.path("run/summary.json").exists();
        if is_whole {
            // The run was over but for what it takes away, or had no need of the call.
            let left = tree(&sandbox.path("run"));
            for (name, bytes) in &whole {
                assert!(left.get(name) == Some(bytes), "{place}: {name}");
            }
        }
        stopped += usize::from(!is_whole);
        let ran = by_program(&sandbox, "run", &["--resume"]);
        assert_eq!(ran.code, Some(3), "{place}: {ran:?}");
        let resumed = tree(&sandbox.path("run"));
        assert!(resumed == whole, "{place}: {:?}", differences(&resumed, &whole));
        fs::remove_dir_all(sandbox.path("run")).unwrap();
    }
    assert!(stopped > 0);
    let (tried, all) = (all.len().div_ceil(step), all.len());
    let told = format!("{what}: {tried} places of {all}, {stopped} before the run was whole\n");
    std::io::stdout().write_all(told.as_bytes()).unwrap();
}

#[cfg(target_os = "linux")]
fn differences(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names = a.keys().chain(b.keys());
    names.filter(|name| a.get(*name) != b.get(*name)).cloned().collect()
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_killed_at_any_write_sync_or_rename_goes_on_to_the_same_bytes() {
    at_every_call("signal=SIGKILL", 12, |_| {});
}

#[test]
#[cfg(target_os = "linux")]
fn a_call_that_fails_ends_the_run_with_4_or_the_right_bytes() {
    at_every_call("error=EIO", 8, |ran| {
        assert!(matches!(ran.code, Some(2..=4)), "{ran:?}");
    });
}

#[test]
fn a_lock_that_was_left_behind_is_taken_over() {
    let sandbox = Sandbox::with_claims(&claims(7));
    fs::create_dir(sandbox.path("run")).unwrap();
    sandbox.write("run/.cleanbill-run.lock", b"1");
    assert_eq!(run(&sandbox, &[]).code, Some(1));
    assert!(!sandbox.path("run/.cleanbill-run.lock").exists());
}
