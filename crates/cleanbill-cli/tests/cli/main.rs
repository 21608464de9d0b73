//! The `cleanbill` command from outside: what users and scripts rely on.

#[expect(clippy::unwrap_used, reason = "a test that cannot run its command should stop there")]
mod command;
mod formats;
mod help;
mod streams;
mod validate;
