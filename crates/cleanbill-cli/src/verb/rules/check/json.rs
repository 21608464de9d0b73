//! Checked packs and warnings as one JSON document; members are only ever added.

use std::io::{self, Write};

use cleanbill_rules::Place;
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    packs: Vec<Pack<'a>>,
    warnings: Vec<Warning<'a>>,
}

#[derive(Serialize)]
struct Pack<'a> {
    name: &'a str,
    version: &'a str,
    rules: usize,
    tests: usize,
    table_rows: usize,
}

#[derive(Serialize)]
struct Warning<'a> {
    code: &'a str,
    level: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    place: At<'a>,
    others: Vec<At<'a>>,
    message: &'a str,
    help: &'a str,
}

#[derive(Serialize)]
struct At<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

/// Writes the document.
pub fn write(
    out: &mut dyn Write,
    packs: &[cleanbill_rules::Pack],
    warnings: &[cleanbill_rules::Warning],
) -> io::Result<()> {
    let document = Document {
        schema: 1,
        packs: packs
            .iter()
            .map(|pack| Pack {
                name: &pack.name,
                version: &pack.version,
                rules: pack.edits.len(),
                tests: pack.tests.len(),
                table_rows: pack.table_rows,
            })
            .collect(),
        warnings: warnings
            .iter()
            .map(|warning| Warning {
                code: warning.lint.as_str(),
                level: warning.lint.level().as_str(),
                rule: warning.rule.as_deref(),
                place: at(&warning.place),
                others: warning.others.iter().map(at).collect(),
                message: &warning.message,
                help: &warning.help,
            })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn at(place: &Place) -> At<'_> {
    At { file: &place.file, line: place.line, column: place.column }
}
