//! What the command says of itself.

use crate::command::{Sandbox, snapshot};

#[test]
fn help_shows_every_verb_with_examples() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(&["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
    snapshot("help", &help.stdout);
    for verb in ["validate", "diff", "learn", "completions"] {
        let help = sandbox.run(&[verb, "--help"]);
        assert!(help.stdout.contains("Examples:\n"), "{verb}");
        snapshot(&format!("help_{verb}"), &help.stdout);
    }
}

#[test]
fn the_version_is_told() {
    let version = Sandbox::new().run(&["--version"]);
    assert_eq!(version.stdout, format!("cleanbill {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_slip_in_the_command_is_refused_with_the_right_word() {
    let sandbox = Sandbox::new();
    let typo = sandbox.run(&["validat"]);
    assert_eq!(typo.code, Some(2));
    assert!(typo.stderr.contains("'validate'"), "{}", typo.stderr);
    assert_eq!(sandbox.run(&[]).code, Some(2));
    assert_eq!(sandbox.run(&["validate", "--fail-on", "sometimes"]).code, Some(2));
}

#[test]
fn every_shell_gets_its_completions() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = sandbox.run(&["completions", shell]);
        assert_eq!(script.code, Some(0), "{shell}");
        assert!(script.stdout.contains("fail-on"), "{shell}");
        // The scripts of the others complete no values.
        if ["bash", "fish", "zsh"].contains(&shell) {
            assert!(script.stdout.contains("sarif"), "{shell}");
        }
    }
}
