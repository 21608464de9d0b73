//! Text files row by row, in one pass and one buffer: lines, cells behind tabs, CSV.

use std::borrow::Cow;
use std::io::{self, Read};

use super::cell::Cell;

/// No row of any layout comes near it; a file that is not text would.
const LONGEST_LINE: usize = 1 << 20;
/// Cells of a line of tabs that are looked at: more than the widest layout has.
const CELLS: usize = 12;

/// What takes the rows.
pub(crate) type EachRow<'a> = dyn FnMut(u64, &[Cell<'_>]) + 'a;

/// Every line as one cell.
pub(crate) fn lines(from: impl Read, each: &mut EachRow<'_>) -> io::Result<()> {
    each_line(from, |number, line| {
        each(number, &[Cell { text: line.trim_ascii_end(), is_number: false }])
    })
}

/// Every line as its cells behind tabs, without quotes.
pub(crate) fn tabs(from: impl Read, each: &mut EachRow<'_>) -> io::Result<()> {
    each_line(from, |number, line| {
        let mut cells = [Cell::default(); CELLS];
        let mut count = 0;
        let mut rest = line;
        for cell in &mut cells {
            count += 1;
            match memchr::memchr(b'\t', rest.as_bytes()).and_then(|tab| rest.split_at_checked(tab))
            {
                Some((text, behind)) => {
                    *cell = Cell::text(text);
                    rest = behind.get(1..).unwrap_or_default();
                }
                None => {
                    *cell = Cell::text(rest);
                    break;
                }
            }
        }
        each(number, cells.get(..count).unwrap_or_default());
    })
}

/// Every record of a CSV, whose quoted cells may go over several lines.
pub(crate) fn csv(from: impl Read, delimiter: u8, each: &mut EachRow<'_>) -> io::Result<()> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 16)
        .from_reader(Newlines { from, after_return: false });
    let mut record = csv::ByteRecord::new();
    let mut is_first = true;
    while reader.read_byte_record(&mut record)? {
        // Of empty lines before the record, and of the one in which the file ends, only one of the two
        // knows.
        let within = record.iter().flatten().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        let line = record
            .position()
            .map_or(0, csv::Position::line)
            .max(reader.position().line().saturating_sub(within + 1));
        let texts: Vec<Cow<'_, str>> = record.iter().map(decode).collect();
        let cells: Vec<Cell<'_>> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| {
                Cell::text(if is_first && at == 0 { without_mark(text) } else { text })
            })
            .collect();
        is_first = false;
        each(line, &cells);
    }
    Ok(())
}

/// Makes every end of a line a line feed: a carriage return alone ends lines too, and line numbers then
/// count what editors count.
struct Newlines<R> {
    from: R,
    after_return: bool,
}

impl<R: Read> Read for Newlines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.from.read(buffer)?;
            let mut kept = 0;
            for at in 0..read {
                let Some(byte) = buffer.get(at).copied() else { break };
                let is_second = byte == b'\n' && self.after_return;
                self.after_return = byte == b'\r';
                if !is_second && let Some(place) = buffer.get_mut(kept) {
                    *place = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
            }
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn each_line(mut from: impl Read, mut each: impl FnMut(u64, &str)) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 18];
    let (mut start, mut end, mut number) = (0, 0, 0);
    loop {
        // Whole lines in the buffer.
        let filled = buffer.get(..end).unwrap_or_default();
        while let Some(length) = memchr::memchr(b'\n', filled.get(start..).unwrap_or_default()) {
            number += 1;
            give(number, filled.get(start..start + length).unwrap_or_default(), &mut each);
            start += length + 1;
        }
        // What is left of a line goes to the front, and more comes behind it.
        buffer.copy_within(start..end, 0);
        (start, end) = (0, end - start);
        if end == buffer.len() {
            if end >= LONGEST_LINE {
                let reason = format!("line {} has more than a million bytes", number + 1);
                return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
            }
            buffer.resize(end * 2, 0);
        }
        let read = from.read(buffer.get_mut(end..).unwrap_or_default())?;
        if read == 0 {
            if end > 0 {
                give(number + 1, buffer.get(..end).unwrap_or_default(), &mut each);
            }
            return Ok(());
        }
        end += read;
    }
}

fn give(number: u64, line: &[u8], each: &mut impl FnMut(u64, &str)) {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = decode(line);
    each(number, if number == 1 { without_mark(&text) } else { &text });
}

/// Text as the files have it: UTF-8 where it is, else Windows-1252, of which Latin-1 is nearly a part.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match core::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(windows_1252).collect()),
    }
}

/// The bytes from 0x80 to 0x9F, where Windows-1252 differs from Latin-1.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    byte.checked_sub(0x80)
        .and_then(|at| WINDOWS.get(usize::from(at)))
        .map_or_else(|| char::from(byte), |c| *c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, as a slow file would.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn rows(read: impl FnOnce(&mut EachRow<'_>) -> io::Result<()>) -> Vec<(u64, Vec<String>)> {
        let mut rows = Vec::new();
        read(&mut |line, cells| {
            rows.push((line, cells.iter().map(|cell| cell.text.to_owned()).collect()));
        })
        .unwrap();
        rows
    }

    #[test]
    fn lines_end_in_any_way_and_the_last_need_not_end() {
        let text = b"\xef\xbb\xbfa\tb \r\n\tc\xae\n\nlast\t";
        let expected =
            [(1, vec!["a", "b"]), (2, vec!["", "c®"]), (3, vec![""]), (4, vec!["last", ""])];
        let read = rows(|each| tabs(Slow(text), each));
        assert_eq!(read.len(), expected.len());
        for ((line, cells), (expected_line, expected)) in read.iter().zip(expected) {
            assert_eq!(
                (*line, cells.iter().map(String::as_str).collect()),
                (expected_line, expected)
            );
        }
    }

    #[test]
    fn a_quoted_cell_may_go_over_lines_and_its_record_has_the_line_where_it_starts() {
        let text = b"\"notice\r\nmore\",,\r\n\"HCPCS/\nCode\",x\r\n00100,1\r\n";
        let read = rows(|each| csv(&text[..], b',', each));
        let lines: Vec<u64> = read.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 3, 5]);
        assert_eq!(read[1].1, ["HCPCS/\nCode", "x"]);
    }

    #[test]
    fn rows_have_the_line_that_an_editor_shows_whatever_ends_lines() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "\"c", "d\",e", "f,g"].join(end);
            let read = rows(|each| csv(Slow(text.as_bytes()), b',', each));
            let lines: Vec<u64> = read.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 3, 5], "{end:?}");
        }
    }

    #[test]
    fn a_file_without_any_line_is_refused_and_not_swallowed() {
        let error = lines(io::repeat(b'x'), &mut |_, _| ()).unwrap_err();
        assert_eq!(error.to_string(), "line 1 has more than a million bytes");
    }
}
