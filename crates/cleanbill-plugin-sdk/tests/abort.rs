//! A plugin whose panics would end the host does not compile.

use std::process::Command;

#[test]
fn a_plugin_does_not_compile_when_panics_abort() {
    let output = Command::new(env!("CARGO"))
        .args(["check", "-p", "northwind-health", "--config", "profile.dev.panic=\"abort\""])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{told}");
    assert!(told.contains("a cleanbill plugin must be built with `panic = \"unwind\"`"), "{told}");
}
