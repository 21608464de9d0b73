//! Keeps a panic inside the plugin. A host cannot catch it: a panic that leaves a function of the C ABI
//! ends the process.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::Once;

/// Runs `body`, or gives `on_panic` when it panicked.
///
/// The panic's payload is forgotten, not dropped: its own drop may panic again, outside of any guard.
pub(crate) fn guard<R>(on_panic: R, body: impl FnOnce() -> R) -> R {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => value,
        Err(payload) => {
            std::mem::forget(payload);
            on_panic
        }
    }
}

/// Makes panics of this library print nothing, since their text may hold values of a claim. The library
/// has its own copy of the standard library, so the host's panics are not touched.
pub(crate) fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_hook(Box::new(|_| {})));
}
