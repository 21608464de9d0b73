//! Tells the crate the target triple that it is built for: `plugins.lock` has one digest for each.

fn main() {
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo:rustc-env=CLEANBILL_TARGET={target}");
    println!("cargo:rerun-if-changed=build.rs");
}
