//! Tells the crate the target triple that it is built for: `plugins.lock` has one digest for each.

#![expect(clippy::print_stdout, reason = "cargo is spoken to on standard output")]

fn main() {
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo:rustc-env=CLEANBILL_TARGET={target}");
    println!("cargo:rerun-if-changed=build.rs");
}
