//! Nothing that this program does needs a network, and it asks for none.

use std::process::{Command, Stdio};

use crate::command::{Ran, at_top, top};

/// What makes a network of its own without any way out; none where the system does not let us.
fn without_network() -> Option<Command> {
    [&["-n"][..], &["-r", "-n"]].into_iter().find_map(|flags| {
        let mut trial = Command::new("unshare");
        let tried = trial.args(flags).arg("true").stderr(Stdio::null()).status();
        let mut command = Command::new("unshare");
        command.args(flags);
        tried.is_ok_and(|status| status.success()).then_some(command)
    })
}

#[test]
fn a_run_without_any_network_says_the_same() {
    let Some(mut alone) = without_network() else {
        println!("skipped: this system lets nobody make a network namespace (`unshare -n`)");
        return;
    };
    let arguments = ["validate", "examples/clinic-day.837", "-f", "json"];
    let usual = at_top(&arguments);
    alone.arg(env!("CARGO_BIN_EXE_cleanbill")).args(arguments).current_dir(top());
    alone.env("XDG_DATA_HOME", top().join("data")).env_remove("CLEANBILL_TABLES");
    let ran = Ran::new(alone.output().unwrap());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout == usual.stdout && ran.stderr == usual.stderr, "{ran:?}");
}
