//! Why a command failed, shown in one style: `error: …`, then `  help: …`.

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use cleanbill_history::HistoryError;
use cleanbill_report::escape;
use cleanbill_rules::Diagnostics;
use cleanbill_run::{RunError, exit_code};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default().bold();

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// Excerpts of packs, shown before the message; already fit for a terminal.
    details: String,
    message: String,
    help: String,
    exit_code: u8,
}

impl Failure {
    /// The command was refused before anything was done.
    pub fn refused(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            details: String::new(),
            message: message.into(),
            help: help.into(),
            exit_code: exit_code::REFUSED,
        }
    }

    /// Packs have mistakes; each is shown with its place.
    pub fn packs(mistakes: &Diagnostics) -> Self {
        let count = mistakes.list().len();
        let first = mistakes.list().first().map_or("", |mistake| mistake.code.as_str());
        Self {
            details: mistakes.render(true),
            ..Self::refused(
                format!("{count} mistake{} in the packs; nothing was run", plural(count)),
                format!("`cleanbill explain {first}` tells what the first one means"),
            )
        }
    }

    /// A file of settings has a mistake, shown with its place; `what` it should be.
    pub fn settings(mistakes: &Diagnostics, what: &str, help: &str) -> Self {
        let details = mistakes.render(true);
        Self { details, ..Self::refused(format!("{what} cannot be read; nothing was run"), help) }
    }

    /// Writing to standard output failed. A reader that went away is no failure.
    pub fn of_stdout(written: io::Result<()>) -> Result<u8, Self> {
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Self::not_whole(
                format!("writing `standard output` failed: {error}"),
                "make room, or write to another place",
            )),
            _ => Ok(exit_code::WHOLE),
        }
    }

    /// Something could not be written or set up on the way.
    pub fn not_whole(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { exit_code: exit_code::NOT_WHOLE, ..Self::refused(message, help) }
    }

    /// What happened.
    pub fn text(&self) -> String {
        format!("{}{}", self.details, self.message)
    }

    /// The same, with another remedy.
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// Tells the user and gives back the exit code.
    pub fn show(&self) -> u8 {
        let mut err = anstream::stderr().lock();
        // There is nowhere left to tell that standard error is gone.
        let _ = err.write_all(self.details.as_bytes());
        let _ = writeln!(err, "{ERROR}error:{ERROR:#} {}", escape(&self.message));
        if !self.help.is_empty() {
            let _ = writeln!(err, "  {HELP}help:{HELP:#} {}", escape(&self.help));
        }
        self.exit_code
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self { exit_code: error.exit_code(), ..Self::refused(error.to_string(), error.help()) }
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        RunError::from(error).into()
    }
}

/// `s` behind anything but one.
pub const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
