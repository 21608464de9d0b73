//! The process of a plugin: the same program, started anew, which loads one library, closes itself off and
//! judges the claims that it is sent. It is believed as little as the library in it.

mod channel;
mod confine;
mod cursor;
mod judge;
mod sandbox;
mod serve;

use std::ffi::OsStr;

/// The first argument of a program that is to be the process of a plugin.
pub(crate) const VERB: &str = "__plugin-worker";
/// The second: whoever does not say it has started the program by hand.
pub(crate) const COOKIE: &str = "cleanbill-frames-1";

/// Serves as the process of a plugin if the arguments of this program ask for it, and gives back its exit code
/// then. Call it first thing in `main`: in a process of a plugin nothing else of the program is to run.
#[must_use]
pub fn serve_if_asked() -> Option<u8> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().as_deref() != Some(OsStr::new(VERB)) {
        return None;
    }
    if arguments.next().as_deref() != Some(OsStr::new(COOKIE)) {
        tell(
            "this is the part of cleanbill that runs one payer plugin in a process of its own; cleanbill \
             starts it when a plugin is needed, and it is of no use by itself",
        );
        return Some(2);
    }
    Some(serve::serve())
}

fn tell(words: &str) {
    use std::io::Write as _;
    // There is nowhere left to tell that standard error is gone.
    let _ = writeln!(std::io::stderr(), "{words}");
}
