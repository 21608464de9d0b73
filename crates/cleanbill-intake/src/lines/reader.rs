//! The loop over a table of service lines: header, rows, claims; every byte booked.

use std::io::{self, Read};
use std::ops::Range;

use cleanbill_model::{Accounting, Claim, Location, Money};

use super::convert::Reading;
use super::field::Field;
use super::groups::{Group, Groups, Overflow, ROOM};
use super::header::Columns;
use super::mapping::{ColumnMapping, Dates};
use super::record::{Records, RowPlace};
use super::row::{Broken, Row};
use super::table::{LineTable, TableProblem, TableRow, TableStep};
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::reader::Event;
use crate::source::Source;

/// Rows of a columnar file between two questions to the input whether the run goes on.
const ASK_EVERY: u64 = 1024;

/// Reads a table of service lines.
#[derive(Debug)]
pub(crate) struct LinesReader<R> {
    table: Table<R>,
    ledger: Ledger,
    /// How days are written.
    dates: Dates,
    /// `None` until the header was read.
    columns: Option<Columns>,
    groups: Groups,
    rows: u64,
    /// Number of the claim of the last row; used again for each.
    claim_id: Vec<u8>,
    ended: bool,
    /// Rows were lost, so that no claim is known to be whole.
    lost: bool,
}

/// Where rows come from.
#[derive(Debug)]
enum Table<R> {
    Delimited {
        source: Source<R>,
        records: Box<Records>,
        mapping: ColumnMapping,
    },
    Columnar {
        table: Box<dyn LineTable>,
        row: TableRow,
        /// The same file as a stream: it is asked for nothing, and fails once the run is to stop.
        input: R,
    },
    /// One of which nothing can be read.
    Refused,
}

impl<R: Read> LinesReader<R> {
    pub(crate) fn new(
        source: Source<R>,
        ledger: Ledger,
        mapping: ColumnMapping,
        overflow: Overflow,
    ) -> Self {
        let records = Box::new(Records::new(mapping.separator));
        let dates = mapping.dates;
        let table = Table::Delimited { source, records, mapping };
        Self { dates, ..Self::of(table, ledger, overflow) }
    }

    /// Reads the rows that `table` gives.
    pub(crate) fn columnar(
        table: Box<dyn LineTable>,
        input: R,
        mut ledger: Ledger,
        mapping: Result<ColumnMapping, Problem>,
        overflow: Overflow,
    ) -> Self {
        let all = 0..table.size();
        ledger.accounting.bytes_in = all.end;
        let columns = mapping.and_then(|mapping| {
            Columns::of_table(table.columns(), &mapping).map(|columns| (columns, mapping.dates))
        });
        let mut reader = Self::of(Table::Refused, ledger, overflow);
        match columns {
            Ok((columns, dates)) => {
                let mut table = table;
                table.select(&columns.kept);
                (reader.columns, reader.dates) = (Some(columns), dates);
                reader.table = Table::Columnar { table, row: TableRow::default(), input };
            }
            Err(problem) => reader.refuse(problem, Location::default(), all),
        }
        reader
    }

    /// A table of which nothing can be read, for that reason.
    pub(crate) fn refused(problem: TableProblem, mut ledger: Ledger) -> Self {
        let TableProblem { message, fix, location, lost } = problem;
        ledger.accounting.bytes_in = lost.end;
        let mut reader = Self::of(Table::Refused, ledger, Overflow::default());
        reader.refuse(Problem::new(codes::LINES_DAMAGED, "", message, fix), location, lost);
        reader
    }

    fn of(table: Table<R>, ledger: Ledger, overflow: Overflow) -> Self {
        let (dates, groups) = (Dates::default(), Groups::new(ROOM, overflow));
        let (columns, claim_id) = (None, Vec::new());
        Self { table, ledger, dates, columns, groups, rows: 0, claim_id, ended: false, lost: false }
    }

    pub(crate) const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(crate) const fn accounting_mut(&mut self) -> &mut Accounting {
        &mut self.ledger.accounting
    }

    pub(crate) fn next(&mut self, claim: &mut Claim) -> io::Result<Option<Event>> {
        self.ledger.forget_ranges();
        loop {
            if let Some(told) = self.ledger.next_told() {
                return Ok(Some(told));
            }
            if let Some(group) = self.groups.next()? {
                return Ok(Some(self.give(&group, claim)));
            }
            if self.ended {
                self.ledger.close_range();
                return Ok(None);
            }
            self.step()?;
            if let Table::Delimited { source, .. } = &self.table {
                self.ledger.accounting.bytes_in = source.bytes_read();
            }
        }
    }

    fn step(&mut self) -> io::Result<()> {
        match &mut self.table {
            Table::Refused => self.end(),
            Table::Delimited { source, records, .. } => match records.read(source)? {
                None => self.end(),
                Some(place) if self.columns.is_none() => self.header(place),
                Some(place) => self.delimited_row(place),
            },
            Table::Columnar { table, row, input } => {
                if self.rows.is_multiple_of(ASK_EVERY) {
                    let _nothing: usize = input.read(&mut [])?;
                }
                row.clear();
                match table.next(row)? {
                    TableStep::Row { location, bytes } => self.columnar_row(location, bytes),
                    TableStep::Envelope(bytes) => {
                        self.ledger.accounting.bytes.envelope += bytes;
                        Ok(())
                    }
                    TableStep::Damaged(TableProblem { message, fix, location, lost }) => {
                        let problem = Problem::new(codes::LINES_DAMAGED, "", message, fix);
                        self.refuse(problem, location, lost);
                        self.lost = true;
                        self.end()
                    }
                    TableStep::End => self.end(),
                }
            }
        }
    }

    fn end(&mut self) -> io::Result<()> {
        self.ended = true;
        self.groups.finish()
    }

    fn refuse(&mut self, problem: Problem, location: Location, lost: Range<u64>) {
        self.ledger.note(problem, location);
        self.ledger.set_aside(lost);
        self.ended = true;
    }

    fn header(&mut self, place: RowPlace) -> io::Result<()> {
        let Table::Delimited { source, records, mapping } = &mut self.table else {
            return Ok(());
        };
        let names: Vec<String> = (0..records.len())
            .map(|at| String::from_utf8_lossy(records.cell(at)).into_owned())
            .collect();
        match Columns::find(&names, mapping) {
            Ok(columns) => {
                self.ledger.accounting.bytes.envelope += place.bytes;
                self.columns = Some(columns);
            }
            Err(problem) => {
                pass_over(source)?;
                let start = place.location.offset;
                let lost = start..source.offset();
                self.refuse(problem, place.location, lost);
            }
        }
        Ok(())
    }

    fn delimited_row(&mut self, place: RowPlace) -> io::Result<()> {
        let (Table::Delimited { records, .. }, Some(columns)) = (&self.table, &self.columns) else {
            return Ok(());
        };
        let broken = if place.too_long {
            Some(Broken::TooLong)
        } else if records.len() != columns.width {
            Some(Broken::Width)
        } else {
            None
        };
        let cells = columns.kept.iter().map(|at| records.cell(*at));
        self.add(Row::new(place, self.rows, broken, cells))
    }

    fn columnar_row(&mut self, location: Location, bytes: u64) -> io::Result<()> {
        let Table::Columnar { row, .. } = &self.table else { return Ok(()) };
        let broken = row
            .fault
            .map(|(cell, fault)| Broken::Cell(u32::try_from(cell).unwrap_or(u32::MAX), fault));
        let place = RowPlace { location, bytes, too_long: false };
        let cells = (0..row.len()).map(|at| row.cell(at));
        self.add(Row::new(place, self.rows, broken, cells))
    }

    fn add(&mut self, row: Row) -> io::Result<()> {
        self.rows += 1;
        let ids = self.columns.iter().flat_map(|columns| columns.of(Field::ClaimId));
        match ids.map(|at| row.cell(*at)).find(|id| !id.is_empty()) {
            Some(id) => {
                self.claim_id.clear();
                self.claim_id.extend_from_slice(id);
                self.groups.add(&self.claim_id, row)
            }
            // Rows that name no claim are none of one another's.
            None => self.groups.add(&row.ordinal.to_be_bytes(), row),
        }
    }

    fn give(&mut self, group: &Group, claim: &mut Claim) -> Event {
        let bytes: u64 = group.rows.iter().map(|row| row.place.bytes).sum();
        let place = group.rows.first().map_or_else(Location::default, |row| row.place.location);
        let first = group.rows.first().map_or(0, |row| row.place.bytes);
        let read = match &self.columns {
            Some(columns) => {
                let reading = Reading { columns, dates: self.dates };
                if group.rows.is_too_large() {
                    reading.name(&group.rows, claim).and(Err(too_large()))
                } else {
                    reading.fill(&group.rows, claim)
                }
            }
            None => Ok(()),
        };
        let read = match read {
            Ok(()) if group.came_back => Err(came_back()),
            Ok(()) if self.lost => Err(lost()),
            read => read,
        };
        claim.location = place;
        claim.bytes = place.offset..place.offset + first;
        match read {
            Ok(()) => {
                self.ledger.accounting.bytes.claim += bytes;
                self.ledger.deliver(claim);
                Event::Claim
            }
            Err(problem) => {
                let charge = claim
                    .lines
                    .iter()
                    .try_fold(Money::ZERO, |sum, line| sum.checked_add(line.charge));
                for row in group.rows.iter() {
                    self.set_aside(row.place);
                }
                self.ledger.close_range();
                let whole = claim.lines.len() == group.rows.len();
                let charge = charge.filter(|_| whole);
                Event::Error(self.ledger.quarantine(claim, charge, problem, place))
            }
        }
    }

    fn set_aside(&mut self, place: RowPlace) {
        let start = place.location.offset;
        self.ledger.set_aside(start..start + place.bytes);
    }
}

/// Passes over all that is left: without its columns nothing of it can be read.
fn pass_over<R: Read>(source: &mut Source<R>) -> io::Result<()> {
    loop {
        let count = source.unread().len();
        source.consume(count);
        if !source.fill()? {
            return Ok(());
        }
    }
}

fn came_back() -> Problem {
    let message = "the claim was judged before with some of its rows: they do not stand together";
    let fix = "say `--unsorted-lines`, or sort the table by the number of the claim";
    Problem::new(codes::LINES_APART, "", message, fix)
}

fn lost() -> Problem {
    let message = "rows of the claim may stand in the part of the table that cannot be read";
    let fix = "get the whole table again";
    Problem::new(codes::LINES_LOST, "", message, fix)
}

fn too_large() -> Problem {
    let message = "the rows of the claim take more than 64 MiB";
    let fix = "look whether the column with the number of the claim tells claims apart";
    Problem::new(codes::CLAIM_TOO_LONG, "", message, fix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::told_by;
    use crate::scratch::Scratch;

    const TABLE: &str = "claim_id,claim_line_number,hcpcs_code,claim_start_date\n\
        A,1,93970,2026-03-02\nB,1,93970,2026-03-02\nC,1,93970,2026-03-02\nA,2,93985,2026-03-02\n";

    fn read(overflow: Overflow) -> (Vec<String>, Accounting) {
        let (layout, separator) = told_by(TABLE.as_bytes()).unwrap();
        let source = Source::new(TABLE.as_bytes());
        let mapping = layout.mapping(separator);
        let mut reader = LinesReader::new(source, Ledger::new(1), mapping, overflow);
        reader.groups = Groups::new(1, overflow);
        let (mut claim, mut seen) = (Claim::default(), Vec::new());
        while let Some(event) = reader.next(&mut claim).unwrap() {
            seen.push(match event {
                Event::Claim => format!("{} {}", claim.id(), claim.lines.len()),
                Event::Error(error) => format!("{} {:?}", error.code, error.claim),
                Event::Envelope(part) => panic!("a table has no {part:?}"),
            });
            claim.clear();
        }
        (seen, *reader.accounting_mut())
    }

    #[test]
    fn a_claim_that_comes_back_beyond_the_room_is_told_and_not_judged_twice() {
        let (seen, _) = read(Overflow::default());
        assert_eq!(seen, ["A 1", "B 1", "C 1", "I2205 Some(\"A\")"]);
    }

    #[test]
    fn with_room_on_disk_it_is_whole_and_every_byte_is_booked() {
        let scratch = Some(Scratch::new(tempfile::tempfile));
        let (seen, accounting) = read(Overflow { scratch, unsorted: true });
        assert_eq!(seen, ["A 2", "B 1", "C 1"]);
        assert_eq!(accounting.bytes.total(), accounting.bytes_in);
    }
}
