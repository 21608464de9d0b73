//! The ABI from both sides: the generated header, and sizes and offsets that never change.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

mod compiler;
mod header;
mod layout;
