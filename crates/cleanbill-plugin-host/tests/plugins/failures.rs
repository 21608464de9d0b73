//! Each way in which a plugin can fail, in a process of its own: what is told of the claim, and that the next
//! one is judged.

use std::fs;
use std::time::Duration;

use cleanbill_model::{FaultKind, Units};
use cleanbill_plugin_host::{LoadOptions, WorkerOptions};

use crate::support::{built, claim, folder, here, registered_in, verdict, worker};

const CANARY: &str = "ZZPHIZZ";

fn options() -> LoadOptions {
    let worker =
        WorkerOptions { hard_deadline: Duration::from_millis(300), memory: 96 << 20, ..worker() };
    LoadOptions { worker, allow_in_process: false, ..here() }
}

/// The only fault of a claim of `code`, or none; the next claim is judged either way.
fn fault(options: &LoadOptions, code: &str) -> Option<(FaultKind, String)> {
    let registry = registered_in(&built("cleanbill-misbehave"), options);
    let mut bad = claim("ANY", &[code]);
    bad.lines[0].units = Units::whole(1);
    let (found, faults) = verdict(&registry, &bad);
    assert!(found.is_empty(), "{code}");
    let (next, fell) = verdict(&registry, &claim("ANY", &["99996"]));
    assert_eq!((next.len(), fell.len()), (1, 0), "{code}: {fell:?}");
    let told: Vec<_> = faults.into_iter().map(|fault| (fault.kind, fault.message)).collect();
    assert!(told.len() <= 1 && told.iter().all(|(_, words)| !words.contains(CANARY)), "{told:?}");
    told.into_iter().next()
}

#[test]
fn a_crash_an_exit_and_a_hang_cost_the_claim_in_hand() {
    use FaultKind::{PluginCrash, PluginTimeout};
    for (code, kind, words) in [
        ("99991", PluginCrash, "ended with SIGSEGV on this claim"),
        ("99990", PluginCrash, "ended with SIGABRT on this claim"),
        ("99989", PluginCrash, "ended with status 0 on this claim"),
        ("99988", PluginCrash, "ended with status 0 on this claim"),
        ("99987", PluginTimeout, "made no progress on this claim for 300 ms"),
        ("99986", PluginTimeout, "made no progress on this claim for 300 ms"),
        ("99985", PluginCrash, "ended with SIG"),
        ("99984", PluginCrash, "ended with SIG"),
        ("99964", PluginTimeout, "did not come to an end with this claim in its time"),
    ] {
        let (found, told) = fault(&options(), code).expect(code);
        assert_eq!(found, kind, "{code}: {told}");
        assert!(told.contains(words), "{code}: {told}");
    }
}

#[test]
fn an_answer_that_no_manifest_allows_costs_the_claim_in_hand() {
    for (code, words) in [
        ("99973", "the value `count` is not of its kind"),
        ("99972", "a text is not UTF-8 of at most 1024 bytes"),
        ("99971", "there are more than 64"),
    ] {
        let (kind, told) = fault(&options(), code).expect(code);
        assert_eq!(kind, FaultKind::PluginError, "{code}");
        assert!(told.contains(words), "{code}: {told}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_plugin_may_not_do_does_nothing() {
    let left = std::env::temp_dir().join("cleanbill-misbehave.txt");
    assert!(!left.exists(), "{}", left.display());
    // Leaks, files, closing, printing, signals, writing over its input, files, sockets, processes.
    for code in [
        "99983", "99982", "99980", "99979", "99978", "99977", "99975", "99969", "99968", "99967",
        "99966",
    ] {
        assert_eq!(fault(&options(), code), None, "{code}");
    }
    assert!(!left.exists());
    // The thread that it wants is refused, which its own library panics about.
    let (kind, _) = fault(&options(), "99981").unwrap();
    assert_eq!(kind, FaultKind::PluginPanic);
}

#[test]
fn what_a_plugin_prints_is_thrown_away_unless_a_file_is_named_for_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let path = folder.path().join("stderr.txt");
    let mut options = options();
    options.worker.stderr = Some(path.clone());
    assert_eq!(fault(&options, "99978"), None);
    assert_eq!(fault(&options, "99979"), None);
    let printed = fs::read_to_string(&path).unwrap();
    assert_eq!(printed.matches(CANARY).count(), 1, "{printed}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn without_a_sandbox_the_supervisor_still_holds() {
    let mut options = options();
    options.worker.sandbox = false;
    // Closing the pipes to the host is then possible, and the end of the process.
    let (kind, told) = fault(&options, "99980").unwrap();
    assert_eq!(kind, FaultKind::PluginCrash, "{told}");
    assert_eq!(fault(&options, "99981"), None, "a thread that is left goes with its process");
    assert_eq!(fault(&options, "99979"), None);
}
