//! Finds the tables in a file, packed or not, and streams their rows in one pass.
//!
//! Nothing is written to disk, and nothing is unpacked beyond a limit, whatever a zip says of itself.

use std::io::{self, Cursor, Read};

use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use super::coverage;
use super::error::ImportError;
use super::input::Input;
use super::kind::Family;
use super::recognize::{self, Content, Form, SheetHead, Unrecognised};
use super::sheet;
use super::text::{self, EachRow};
use crate::digest::hex;

/// A zip or workbook is held in memory as it is; those of CMS have some 20 MB.
const LARGEST_PACKED: u64 = 512 << 20;
/// What an entry may unpack to; the largest text of CMS has some 60 MB.
const LARGEST_ENTRY: u64 = 1 << 30;
/// A workbook or JSON file is held in memory.
const LARGEST_IN_MEMORY: u64 = 256 << 20;
/// Notices and captions end well before it.
const HEAD: u64 = 64 << 10;
/// Rows of a sheet that are looked at.
const HEAD_ROWS: u32 = 60;

/// A table in a file, still to be read.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) entry: Option<String>,
    pub(crate) content: Content,
    /// Bytes of the text to come; of a workbook those of the file.
    pub(crate) size: u64,
}

/// What a file was when it was read.
pub(crate) struct Whole {
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

/// All tables in the file.
pub(crate) fn find(input: &dyn Input, asked: Option<Family>) -> Result<Vec<Found>, ImportError> {
    let head = read(input, HEAD)?;
    if head.starts_with(b"PK") {
        let bytes = packed(input)?;
        return if is_workbook(&bytes) {
            let content = of_workbook(input.name(), &bytes, asked)?;
            Ok(vec![Found { entry: None, content, size: length(&bytes) }])
        } else {
            of_zip(input.name(), &bytes, asked)
        };
    }
    let whole =
        head.trim_ascii_start().starts_with(b"{") || head.trim_ascii_start().starts_with(b"[");
    let head = if whole { read(input, LARGEST_IN_MEMORY)? } else { head };
    let content = recognize::of_text(whole_lines(&head), asked)
        .map_err(|why| unrecognised(input.name(), why))?;
    let size = io::copy(&mut open(input)?, &mut io::sink()).map_err(|e| failed(input.name(), e))?;
    Ok(vec![Found { entry: None, content, size }])
}

/// Every row of the table, and what the file was. `moved` gets the bytes behind.
pub(crate) fn rows(
    input: &dyn Input,
    found: &Found,
    each: &mut EachRow<'_>,
    moved: &mut dyn FnMut(u64),
) -> Result<Whole, ImportError> {
    let name = input.name();
    let form = &found.content.form;
    if found.entry.is_none() && form.is_text() {
        let mut digesting = Digesting { from: open(input)?, hash: Sha256::new(), bytes: 0 };
        let counted = Counted { from: &mut digesting, left: u64::MAX, moved };
        of_form(counted, form, each).map_err(|reason| failed(name, reason))?;
        return Ok(Whole { sha256: hex(&digesting.hash.finalize()), bytes: digesting.bytes });
    }
    let bytes = packed(input)?;
    let unpack = |reason: String| ImportError::Unpack { file: label(name, found), reason };
    match (&found.entry, form) {
        (None, Form::Sheet(sheet)) => sheet::rows(&bytes, sheet, u32::MAX, each).map_err(unpack)?,
        (Some(entry), form) => {
            let mut archive = archive(name, &bytes)?;
            let from = archive.by_name(entry).map_err(|error| unpack(error.to_string()))?;
            let counted = Counted { from, left: LARGEST_ENTRY, moved };
            if let Form::Sheet(sheet) = form {
                let book = limited(counted).map_err(|error| unpack(error.to_string()))?;
                sheet::rows(&book, sheet, u32::MAX, each).map_err(unpack)?;
            } else {
                of_form(counted, form, each).map_err(|error| unpack(error.to_string()))?;
            }
        }
        (None, _) => {}
    }
    Ok(Whole { sha256: hex(&Sha256::digest(&bytes)), bytes: length(&bytes) })
}

/// The file, with its entry behind it.
pub(crate) fn label(name: &str, found: &Found) -> String {
    found.entry.as_ref().map_or_else(|| name.to_owned(), |entry| format!("{name}/{entry}"))
}

fn of_form(from: impl Read, form: &Form, each: &mut EachRow<'_>) -> io::Result<()> {
    match form {
        Form::Lines => text::lines(from, each),
        Form::Tabs => text::tabs(from, each),
        Form::Csv(delimiter) => text::csv(from, *delimiter, each),
        Form::Json => {
            let bytes = limited(from)?;
            let json = serde_json::from_slice(&bytes)?;
            let rows = coverage::json_rows(&json).unwrap_or_default();
            for (row, number) in rows.iter().zip(1..) {
                let cells: Vec<_> = row.iter().map(|text| super::cell::Cell::text(text)).collect();
                each(number, &cells);
            }
            Ok(())
        }
        Form::Sheet(_) => Ok(()),
    }
}

fn of_workbook(name: &str, bytes: &[u8], asked: Option<Family>) -> Result<Content, ImportError> {
    let unpack = |reason| ImportError::Unpack { file: name.to_owned(), reason };
    let sheets = sheet::names(bytes).map_err(unpack)?;
    for sheet in &sheets {
        let mut head = SheetHead::default();
        sheet::rows(bytes, sheet, HEAD_ROWS, &mut |_, cells| head.row(sheet, cells, asked))
            .map_err(unpack)?;
        if let Some(content) = head.found() {
            return Ok(content);
        }
    }
    let seen = format!(
        "it is a workbook of {} sheet{}, and no sheet has the captions or rows of a known layout",
        sheets.len(),
        if sheets.len() == 1 { "" } else { "s" }
    );
    Err(ImportError::Unknown { file: name.to_owned(), seen })
}

fn of_zip(name: &str, bytes: &[u8], asked: Option<Family>) -> Result<Vec<Found>, ImportError> {
    let mut archive = archive(name, bytes)?;
    let mut tables = Vec::new();
    let mut others = Vec::new();
    for at in 0..archive.len() {
        let unpack = |file: String, reason: String| ImportError::Unpack { file, reason };
        let entry = archive.by_index(at).map_err(|e| unpack(name.to_owned(), e.to_string()))?;
        let entry_name =
            entry.name().map_err(|e| unpack(name.to_owned(), e.to_string()))?.into_owned();
        let lower = entry_name.to_ascii_lowercase();
        let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_table = matches!(extension, "txt" | "csv" | "xlsx" | "json");
        if !is_table || lower.starts_with("__macosx") {
            others.push(entry_name);
            continue;
        }
        let full = format!("{name}/{entry_name}");
        let size = entry.size();
        let is_whole = matches!(extension, "xlsx" | "json");
        let content = if is_whole {
            let whole = limited(entry).map_err(|error| unpack(full.clone(), error.to_string()))?;
            if extension == "xlsx" {
                of_workbook(&full, &whole, asked).ok()
            } else {
                recognize::of_text(&whole, asked).ok()
            }
        } else {
            let mut head = Vec::new();
            entry.take(HEAD).read_to_end(&mut head).map_err(|e| unpack(full, e.to_string()))?;
            recognize::of_text(whole_lines(&head), asked).ok()
        };
        // Any list with captions is a table of someone's own; a zip must be of CMS, or be asked for.
        match content.filter(|content| content.family != Family::Keyed || asked.is_some()) {
            Some(content) => tables.push(Found { entry: Some(entry_name), content, size }),
            None => others.push(entry_name),
        }
    }
    if tables.is_empty() {
        let shown: Vec<String> = others.iter().take(5).map(|name| format!("`{name}`")).collect();
        let entries = match others.len() {
            0 => "no files".to_owned(),
            count if count > shown.len() => {
                format!("{} and {} more", shown.join(", "), count - shown.len())
            }
            _ => shown.join(", "),
        };
        return Err(ImportError::NoTable { file: name.to_owned(), entries });
    }
    Ok(tables)
}

fn unrecognised(name: &str, why: Unrecognised) -> ImportError {
    let file = name.to_owned();
    match why {
        Unrecognised::WebPage => ImportError::WebPage { file },
        Unrecognised::Seen(seen) => ImportError::Unknown { file, seen },
    }
}

fn is_workbook(bytes: &[u8]) -> bool {
    ZipArchive::new(Cursor::new(bytes)).is_ok_and(|mut zip| zip.by_name("xl/workbook.xml").is_ok())
}

fn archive<'a>(name: &str, bytes: &'a [u8]) -> Result<ZipArchive<Cursor<&'a [u8]>>, ImportError> {
    ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| ImportError::Unpack { file: name.to_owned(), reason: error.to_string() })
}

/// The head without the line in which it was cut.
fn whole_lines(head: &[u8]) -> &[u8] {
    if length(head) < HEAD {
        return head;
    }
    memchr::memrchr(b'\n', head).and_then(|end| head.get(..end)).unwrap_or(head)
}

fn open(input: &dyn Input) -> Result<Box<dyn Read + '_>, ImportError> {
    input.open().map_err(|reason| failed(input.name(), reason))
}

fn read(input: &dyn Input, most: u64) -> Result<Vec<u8>, ImportError> {
    let mut bytes = Vec::new();
    let read = open(input)?.take(most).read_to_end(&mut bytes);
    read.map_err(|reason| failed(input.name(), reason))?;
    Ok(bytes)
}

fn packed(input: &dyn Input) -> Result<Vec<u8>, ImportError> {
    let bytes = read(input, LARGEST_PACKED + 1)?;
    if length(&bytes) > LARGEST_PACKED {
        let reason = "it has more than 512 MiB".to_owned();
        return Err(ImportError::Unpack { file: input.name().to_owned(), reason });
    }
    Ok(bytes)
}

fn limited(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Counted { from, left: LARGEST_IN_MEMORY, moved: &mut |_| () }.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn failed(file: &str, reason: io::Error) -> ImportError {
    ImportError::Read { file: file.to_owned(), reason }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Digests what goes through.
struct Digesting<R> {
    from: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        let new = buffer.get(..read).unwrap_or_default();
        self.hash.update(new);
        self.bytes += length(new);
        Ok(read)
    }
}

/// Tells how far it is, and stops where more comes than may.
struct Counted<'a, R> {
    from: R,
    left: u64,
    moved: &'a mut dyn FnMut(u64),
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        let new = length(buffer.get(..read).unwrap_or_default());
        (self.moved)(new);
        self.left = self.left.checked_sub(new).ok_or_else(|| {
            io::Error::new(io::ErrorKind::FileTooLarge, "it unpacks to more than a table can have")
        })?;
        Ok(read)
    }
}
