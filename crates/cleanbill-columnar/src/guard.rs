//! Code of others over bytes of strangers: a panic within is a damaged file, not a bug of ours.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught and told as a damaged file: whoever shows panics leaves it out.
#[must_use]
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs `decode`; `None` when it panicked.
///
/// What `decode` left half done must not be used again.
pub(crate) fn guarded<T>(decode: impl FnOnce() -> T) -> Option<T> {
    GUARDED.set(true);
    let decoded = catch_unwind(AssertUnwindSafe(decode)).ok();
    GUARDED.set(false);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_and_known_as_such() {
        assert_eq!(guarded(|| is_guarded().then_some(1)), Some(Some(1)));
        assert!(!is_guarded());
        std::panic::set_hook(Box::new(|_| assert!(is_guarded())));
        assert_eq!(guarded(|| -> u8 { panic!("of a decoder") }), None);
        let _ = std::panic::take_hook();
        assert!(!is_guarded());
    }
}
