//! The exit codes that scripts rely on. When several hold, the highest wins.

/// Whole run, nothing at or above the fail level; also a standard output closed by its reader.
pub const WHOLE: u8 = 0;
/// Whole run with findings at or above the fail level.
pub const FINDINGS: u8 = 1;
/// Refused before any claim was read: usage, pack, plugin, input or output path, no edits.
pub const REFUSED: u8 = 2;
/// Whole run, but part of the input could not be trusted.
pub const UNTRUSTED: u8 = 3;
/// The run is not whole; nothing was published.
pub const NOT_WHOLE: u8 = 4;
/// A bug of ours.
pub const BUG: u8 = 5;

/// Stopped by a signal: 130 for SIGINT (2), 143 for SIGTERM (15).
#[must_use]
pub fn stopped_by(signal: usize) -> u8 {
    u8::try_from(signal).unwrap_or(0).saturating_add(128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_told_as_shells_tell_it() {
        assert_eq!((stopped_by(2), stopped_by(15)), (130, 143));
    }
}
