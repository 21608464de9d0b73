//! What only a plugin without manners can do: the calls that need `unsafe`. They are wrong on purpose; each
//! says what it breaks.

#![expect(unsafe_code, reason = "breaking the process is what it is for")]

use std::hint::black_box;
use std::ptr;

/// Ends the process with a segmentation fault.
pub(crate) fn write_to_null() {
    // SAFETY: it is not: this is the fault that is asked for. Volatile, so that it is not left out.
    unsafe { ptr::null_mut::<u8>().write_volatile(1) }
}

/// Ends the process with success and without what runs at an exit.
pub(crate) fn exit_at_once() {
    // SAFETY: needs nothing; the host loses what it has not written.
    unsafe { libc::_exit(0) }
}

/// Closes files that are the host's.
pub(crate) fn close_everything() {
    for file in 0..64 {
        // SAFETY: a number in, a number out; what it breaks is whoever owns the file.
        unsafe { libc::close(file) };
    }
}

/// Ignores the signals that tell of crashes and of the wish to stop.
pub(crate) fn take_the_signals() {
    for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGABRT] {
        // SAFETY: sets a disposition that the system knows; it breaks whoever relied on the one before.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
}

/// Leaves another process that ends at once.
#[cfg(unix)]
pub(crate) fn fork() {
    // SAFETY: the child does nothing but end.
    unsafe {
        if libc::fork() == 0 {
            libc::_exit(0);
        }
    }
}

#[cfg(not(unix))]
pub(crate) fn fork() {}

/// Writes over a text of the claim, which is the host's and for reading only.
pub(crate) fn write_over(text: &str) {
    if text.is_empty() {
        return;
    }
    // SAFETY: it is not: the text is borrowed. One byte of it, which is there.
    unsafe { text.as_ptr().cast_mut().write_volatile(b'X') }
}

/// Bytes that are no text.
pub(crate) fn not_utf8() -> &'static str {
    // SAFETY: it is not. The bytes are copied into the finding and not looked at in between.
    unsafe { str::from_utf8_unchecked(black_box(&[0xff, 0xfe])) }
}
