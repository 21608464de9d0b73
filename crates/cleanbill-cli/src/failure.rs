//! Why a command failed, shown in one style: `error: …`, then `  help: …`.

use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use cleanbill_report::escape;
use cleanbill_run::{RunError, exit_code};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default().bold();

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    message: String,
    help: String,
    exit_code: u8,
}

impl Failure {
    /// The command was refused before anything was done.
    pub fn refused(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), exit_code: exit_code::REFUSED }
    }

    /// Something could not be written or set up on the way.
    pub fn not_whole(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), exit_code: exit_code::NOT_WHOLE }
    }

    /// Tells the user and gives back the exit code.
    pub fn show(&self) -> u8 {
        let mut err = anstream::stderr().lock();
        // There is nowhere left to tell that standard error is gone.
        let _ = writeln!(err, "{ERROR}error:{ERROR:#} {}", escape(&self.message));
        if !self.help.is_empty() {
            let _ = writeln!(err, "  {HELP}help:{HELP:#} {}", escape(&self.help));
        }
        self.exit_code
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self {
            message: error.to_string(),
            help: error.help().to_owned(),
            exit_code: error.exit_code(),
        }
    }
}
