//! JSON text that is safe to print: invisible and control characters are written as `\uXXXX`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use crate::escape::is_unsafe;

/// Writes `record` as JSON on one line, without a line end.
///
/// # Errors
/// The error of the writer.
pub fn write_record(out: &mut dyn Write, record: &impl Serialize) -> io::Result<()> {
    record.serialize(&mut Serializer::with_formatter(out, Printable)).map_err(io::Error::from)
}

struct Printable;

impl Formatter for Printable {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((start, character)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
            let (before, from) = rest.split_at(start);
            CompactFormatter.write_string_fragment(writer, before)?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = from.split_at(character.len_utf8()).1;
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_drive_a_terminal_is_escaped_and_reads_back_the_same() {
        let text = "\u{1b}[2J \u{9b}31m \u{202e}x \u{e0041} plain \"quoted\" é";
        let mut json = Vec::new();
        write_record(&mut json, &text).unwrap();
        let json = String::from_utf8(json).unwrap();
        assert!(!json.chars().any(is_unsafe), "{json:?}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
