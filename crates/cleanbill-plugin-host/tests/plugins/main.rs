//! Plugins as users have them: shared libraries, in Rust and in C, built here and loaded by the host.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "the support code of a test stops where it fails"
)]

mod c;
mod failures;
mod isolated;
mod lanes;
mod languages;
mod misbehave;
mod northwind;
mod refused;
mod support;
#[cfg(target_os = "linux")]
mod tampered;
