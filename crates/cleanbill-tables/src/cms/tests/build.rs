//! Makes files: texts, zips, workbooks; and reads tables out of them.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

use super::super::{BytesInput, ImportError, Input, Options, Plan, Report, plan};
use crate::RowSink;

/// Keeps rows as text, cells with `|` between them.
#[derive(Default)]
pub struct Kept(pub Vec<String>);

impl RowSink for Kept {
    fn row(&mut self, _line: u64, cells: &[&str]) {
        self.0.push(cells.join("|"));
    }
}

pub fn planned(files: &[(&str, &[u8])], options: &Options) -> Result<Plan, ImportError> {
    let input = |(name, bytes): &(&str, &[u8])| -> Box<dyn Input> {
        Box::new(BytesInput::new(name, bytes.to_vec()))
    };
    plan(files.iter().map(input).collect(), options)
}

/// The rows and the report of the only table in the files.
pub fn read(files: &[(&str, &[u8])]) -> Result<(Vec<String>, Report), ImportError> {
    let plan = planned(files, &Options::default())?;
    assert_eq!(plan.tables().len(), 1, "{:?}", plan.tables());
    let mut kept = Kept::default();
    let report = plan.read(&plan.tables()[0], &mut kept, &mut |_| ())?;
    Ok((kept.0, report))
}

/// The rows of the only table; nothing may be damaged.
pub fn rows(name: &str, bytes: &[u8]) -> Vec<String> {
    let (rows, report) = read(&[(name, bytes)]).unwrap();
    assert_eq!(report.rows_damaged, 0, "{:?}", report.damage);
    rows
}

/// The message and the help of an error.
pub fn refused<T>(outcome: Result<T, ImportError>) -> String {
    let Err(error) = outcome else { panic!("not refused") };
    format!("{error}\n{}", error.help())
}

pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet. A cell that starts with `#` is stored as a number, as spreadsheets do with
/// what looks like one.
pub fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut sheet = String::from(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for (number, row) in (1..).zip(rows) {
        sheet += &format!(r#"<row r="{number}">"#);
        for (column, cell) in ('A'..).zip(*row) {
            sheet += &match cell.strip_prefix('#') {
                Some(value) => format!(r#"<c r="{column}{number}"><v>{value}</v></c>"#),
                None if cell.is_empty() => String::new(),
                None => {
                    format!(r#"<c r="{column}{number}" t="inlineStr"><is><t>{cell}</t></is></c>"#)
                }
            };
        }
        sheet += "</row>";
    }
    sheet += "</sheetData></worksheet>";
    const HEAD: &str = r#"<?xml version="1.0"?>"#;
    let types = format!(
        r#"{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#
    );
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relations = |kind: &str, target: &str| {
        format!(
            r#"{HEAD}<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let book = format!(
        r#"{HEAD}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{office}"><sheets><sheet name="table" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", relations("officeDocument", "xl/workbook.xml").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml").as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// A part of the pairs of Medicare as text, with its six lines of notice and captions.
pub fn pairs(rows: &[&str]) -> Vec<u8> {
    let mut text = String::from(
        "CPT only copyright 2025 American Medical Association.  All rights reserved.\t\t\t\t\t\t\r\n\
         Column1/Column2 Edits\t\t\t\t\t\t\r\n\
         Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n\
         \t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n\
         \t\t\t\t*=no data\t1=allowed\t\r\n\
         \t\t\t\t\t9=not applicable\t\r\n",
    );
    for row in rows {
        text += &row.replace(' ', "\t");
        text += "\r\n";
    }
    text.into_bytes()
}

/// The table of units with its notice over several lines, in Windows-1252.
pub fn units(caption: &str, rows: &str) -> Vec<u8> {
    let mut file = b"\"Codes and other data only are copyright of their owner. \n\nCPT\xae is a trademark.\n\nRestrictions apply.\",,,\r\n".to_vec();
    file.extend(format!("\"HCPCS/\nCPT Code\",{caption}\r\n").bytes());
    file.extend(rows.replace('\n', "\r\n").bytes());
    file
}
