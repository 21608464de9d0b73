//! The process of a plugin without the rest of the program, for the tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cleanbill_plugin_host::serve_if_asked().unwrap_or(1))
}
