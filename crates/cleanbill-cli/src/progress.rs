//! The progress bar on standard error.

use std::io::{self, IsTerminal as _};

use cleanbill_run::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::flags::When;

const KNOWN_SIZE: &str = "{bar:30} {percent:>3} %  {binary_bytes_per_sec}  {eta} left  {msg}";
const UNKNOWN_SIZE: &str = "{spinner} {binary_bytes}  {binary_bytes_per_sec}  {msg}";

/// A bar for so many bytes, or for a stream of unknown size; `None` when none is to be shown.
///
/// By itself it shows on a terminal only, and not when findings go to that same terminal.
pub fn bar(when: When, findings_on_stdout: bool, size: Option<u64>) -> Option<ProgressBar> {
    let on_terminal = io::stderr().is_terminal();
    let mixes = findings_on_stdout && io::stdout().is_terminal();
    let shown = match when {
        When::Auto => on_terminal && !mixes,
        When::Always => true,
        When::Never => false,
    };
    if !shown {
        return None;
    }
    let template = if size.is_some() { KNOWN_SIZE } else { UNKNOWN_SIZE };
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ");
    let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr()).with_style(style);
    Some(bar)
}

/// Moves the bar.
pub fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_position(progress.bytes);
    let gathered = if progress.gathering { " gathered, to be judged then" } else { "" };
    bar.set_message(format!("{} claims{gathered}", progress.claims));
}
