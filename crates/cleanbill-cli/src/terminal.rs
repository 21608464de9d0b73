//! What depends on where standard output and standard error go.

use std::io::{self, BufWriter, IsTerminal as _, Write};

use anstream::{AutoStream, ColorChoice};
use cleanbill_report::{Styles, TextReport};

use crate::flags::When;

/// Below this a table cannot be read anyway.
const LEAST_WIDTH: usize = 60;

/// Settles colours for the whole process; `auto` honours NO_COLOR, CLICOLOR_FORCE and the terminal.
pub fn choose_color(when: When) {
    match when {
        When::Auto => ColorChoice::Auto,
        When::Always => ColorChoice::AlwaysAnsi,
        When::Never => ColorChoice::Never,
    }
    .write_global();
}

/// The styles for text on standard output.
pub fn styles() -> Styles {
    match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => Styles::plain(),
        _ => Styles::colored(),
    }
}

/// The width for text on standard output: that of the window, within what reads well.
pub fn width() -> usize {
    let widest = TextReport::<io::Sink>::WIDTH;
    match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(width), _)) => usize::from(width).clamp(LEAST_WIDTH, widest),
        None => widest,
    }
}

/// Standard output: line by line on a terminal, in large pieces otherwise.
pub fn stdout() -> Box<dyn Write> {
    let out = io::stdout().lock();
    if out.is_terminal() {
        // Legacy consoles need their colours translated.
        Box::new(AutoStream::new(out, AutoStream::choice(&io::stdout())))
    } else {
        Box::new(BufWriter::with_capacity(64 * 1024, out))
    }
}
