//! Reads a planned table into a sink.

use super::container::{self, label};
use super::error::ImportError;
use super::layout::layout;
use super::plan::{Plan, PlannedTable};
use super::report::{Report, Rows, Source};
use crate::RowSink;

/// First and last key of a part that was read.
type Span = (Option<u8>, String, String);

impl Plan {
    /// Reads all rows of `table` into `sink`. `progress` gets the bytes read since it was last called.
    ///
    /// A damaged row is left out and counted: whether a table with gaps is better than none is for the
    /// caller to say, who sees [`Report::rows_damaged`] and [`Report::gaps`].
    ///
    /// # Errors
    /// A file cannot be read or unpacked, gives no row, or is the same as another.
    pub fn read(
        &self,
        table: &PlannedTable,
        sink: &mut dyn RowSink,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Report, ImportError> {
        let mut report = Report::default();
        let mut reader = layout(&table.given);
        let mut spans: Vec<Span> = Vec::new();
        for part in &table.parts {
            let Some(input) = self.inputs.get(part.input) else { continue };
            let file = label(input.name(), &part.found);
            let before = report.rows_read;
            let read = container::rows(
                input.as_ref(),
                &part.found,
                &mut |line, cells| {
                    reader.row(line, cells, &mut Rows::new(sink, &mut report, &file))
                },
                progress,
            )?;
            if part.is_sheet() && part.found.entry.is_none() {
                progress(part.found.size);
            }
            let span = reader.end_of_file(&mut Rows::new(sink, &mut report, &file));
            if report.rows_read == before {
                return Err(ImportError::NoRows { table: table.name.clone(), file });
            }
            spans.extend(span.map(|(first, last)| (part.number, first, last)));
            if let Some(twin) = report
                .sources
                .iter()
                .find(|source| source.sha256 == read.sha256 && source.entry == part.found.entry)
            {
                let (table, one) = (table.name.clone(), twin.file.clone());
                return Err(ImportError::PartTwice { table, one, other: file });
            }
            report.sources.push(Source {
                file: input.name().to_owned(),
                entry: part.found.entry.clone(),
                sha256: read.sha256,
                bytes: read.bytes,
            });
        }
        report.gaps = gaps(table, &spans);
        Ok(report)
    }
}

/// What is not covered because of parts that were not given.
fn gaps(table: &PlannedTable, spans: &[Span]) -> Vec<String> {
    let given: Vec<u8> = table.parts.iter().filter_map(|part| part.number).collect();
    if table.kind.parts() == 1 {
        return Vec::new();
    }
    if given.is_empty() {
        // A list of a quarter's changes has the same rows.
        return vec![
            "the name has no part (f1 to f4), so nothing tells whether the table is whole".into(),
        ];
    }
    let release = table.release.as_deref().unwrap_or(&table.edition);
    let missing = (1..=table.kind.parts()).filter(|part| !given.contains(part));
    let gap = |part: u8| {
        let before = spans.iter().rfind(|(number, ..)| *number < Some(part)).map(|(.., last)| last);
        let after =
            spans.iter().find(|(number, ..)| *number > Some(part)).map(|(_, first, _)| first);
        let range = match (before, after) {
            (Some(last), Some(first)) => format!("between `{last}` and `{first}`"),
            (Some(last), None) => format!("behind `{last}`"),
            (None, Some(first)) => format!("before `{first}`"),
            (None, None) => "anywhere".to_owned(),
        };
        format!(
            "f{part} of {release} is missing: pairs whose column one lies {range} are not covered"
        )
    };
    missing.map(gap).collect()
}
