//! The name of an input as reports show it.

use core::fmt::Write as _;
use std::path::Path;

/// The path as given, with every byte that is not UTF-8 shown as `\xNN`.
///
/// Line ends and control characters are kept: each report escapes them in its own way.
#[must_use]
pub fn input_name(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut name = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        name.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a `String` cannot fail.
            let _ = write!(name, "\\x{byte:02X}");
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_name_that_is_not_utf8_can_still_be_told_from_another() {
        use std::os::unix::ffi::OsStrExt as _;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"cl\xffaims.837"));
        assert_eq!(input_name(path), "cl\\xFFaims.837");
        assert_eq!(input_name(Path::new("claims.837")), "claims.837");
    }
}
