//! Workbooks row by row, cell by cell, without a copy of the sheet in memory.

use std::io::{Cursor, Read as _};

use calamine::{Data, DataRef, Reader as _, Xlsx};

use super::cell::Cell;
use super::text::EachRow;

/// Parts of a workbook that are loaded whole: the texts that cells share, styles, names of sheets.
const LARGEST_SHARED_PART: u64 = 256 << 20;

/// The names of the sheets.
///
/// # Errors
/// Why it is no workbook that can be read.
pub(crate) fn names(bytes: &[u8]) -> Result<Vec<String>, String> {
    Ok(open(bytes)?.sheet_names())
}

/// Every row of a sheet that is not empty, with the number that a spreadsheet shows; `each` says whether
/// to go on.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn rows(
    bytes: &[u8],
    sheet: &str,
    most: u32,
    each: &mut EachRow<'_>,
) -> Result<(), String> {
    let mut book = open(bytes)?;
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| error.to_string())?;
    let mut row: Vec<(String, bool)> = Vec::new();
    let mut number = 0;
    while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
        let (at, column) = cell.get_position();
        if at != number {
            give(number, &row, each);
            row.clear();
            number = at;
            if number >= most {
                return Ok(());
            }
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column < 256 {
            if row.len() <= column {
                row.resize(column + 1, (String::new(), false));
            }
            if let Some(place) = row.get_mut(column) {
                *place = shown(cell.get_value());
            }
        }
    }
    give(number, &row, each);
    Ok(())
}

fn give(number: u32, row: &[(String, bool)], each: &mut EachRow<'_>) {
    let cells: Vec<Cell<'_>> = row
        .iter()
        .map(|(text, is_number)| Cell { text: text.trim_ascii(), is_number: *is_number })
        .collect();
    if !cells.is_empty() {
        each(u64::from(number) + 1, &cells);
    }
}

/// The text of a cell, and whether it was stored as a number. A whole number has no `.0`; a fraction
/// keeps its digits, and the layout refuses it.
fn shown(value: &DataRef<'_>) -> (String, bool) {
    match value {
        DataRef::Empty => (String::new(), false),
        DataRef::String(text) => (text.clone(), false),
        DataRef::SharedString(text) => ((*text).to_owned(), false),
        DataRef::Int(number) => (number.to_string(), true),
        DataRef::Float(number) => (number.to_string(), true),
        DataRef::DateTime(day) if day.is_datetime() => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            (format!("{year:04}{month:02}{day:02}"), false)
        }
        other => (Data::from(other.clone()).to_string(), false),
    }
}

fn open(bytes: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>, String> {
    check_shared_parts(bytes)?;
    Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())
}

/// Sheets are streamed; all else is loaded by name, so its size is looked at first.
fn check_shared_parts(bytes: &[u8]) -> Result<(), String> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|error| error.to_string())?;
        let name = part.name().map_err(|error| error.to_string())?.into_owned();
        if name.starts_with("xl/worksheets/") {
            continue;
        }
        let mut limited = part.take(LARGEST_SHARED_PART + 1);
        let length = std::io::copy(&mut limited, &mut std::io::sink())
            .map_err(|error| format!("`{name}` cannot be unpacked: {error}"))?;
        if length > LARGEST_SHARED_PART {
            return Err(format!("`{name}` has more than 256 MiB"));
        }
    }
    Ok(())
}
