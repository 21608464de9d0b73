//! A panic is a bug of ours. Its message could quote a claim, so only the place is shown.

use std::io::Write as _;
use std::panic::{self, Location};

/// Shows the place of a panic instead of its message.
pub fn install_hook() {
    panic::set_hook(Box::new(|panic| {
        // Of a decoder that met a damaged file: the file is refused, with its place.
        if cleanbill_columnar::is_guarded() {
            return;
        }
        // There is nowhere left to tell that standard error is gone.
        let _ = writeln!(anstream::stderr(), "{}", report(panic.location()));
    }));
}

/// Panics in a debug build that is told to, so that exit code 5 can be tried from outside.
pub fn rehearse() {
    #[cfg(debug_assertions)]
    if std::env::var_os("CLEANBILL_REHEARSE_BUG").is_some() {
        #[expect(clippy::panic, reason = "this is the rehearsal of a panic")]
        {
            panic!("ZZPHIZZ");
        }
    }
}

fn report(place: Option<&Location<'_>>) -> String {
    let place = place.map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    format!(
        "error: cleanbill {} stopped on a bug of its own at {place}; nothing was published\n  \
         help: report this line; it holds nothing of your claims",
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_panic_shows_its_place_and_not_its_message() {
        let shown = Arc::new(Mutex::new(String::new()));
        let hook = Arc::clone(&shown);
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| *hook.lock().unwrap() = report(info.location())));
        let caught = panic::catch_unwind(|| panic!("ZZPHIZZ"));
        panic::set_hook(before);
        assert!(caught.is_err());
        let shown = shown.lock().unwrap();
        assert!(shown.contains("bug.rs:"), "{shown}");
        assert!(!shown.contains("ZZPHIZZ"), "{shown}");
    }
}
