//! The loop over a table of service lines: header, rows, claims; every byte booked.

use std::io::{self, Read};

use cleanbill_model::{Accounting, Claim, Location, Money};

use super::convert::Reading;
use super::field::Field;
use super::groups::{Group, Groups, ROOM, Row};
use super::header::Columns;
use super::mapping::ColumnMapping;
use super::record::{Records, RowPlace};
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::reader::Event;
use crate::source::Source;

/// Reads a table of service lines.
#[derive(Debug)]
pub(crate) struct LinesReader<R> {
    source: Source<R>,
    ledger: Ledger,
    mapping: ColumnMapping,
    records: Records,
    /// `None` until the header was read.
    columns: Option<Columns>,
    groups: Groups,
    room: usize,
    ended: bool,
}

impl<R: Read> LinesReader<R> {
    pub(crate) fn new(source: Source<R>, ledger: Ledger, mapping: ColumnMapping) -> Self {
        let records = Records::new(mapping.separator);
        Self {
            source,
            ledger,
            mapping,
            records,
            columns: None,
            groups: Groups::default(),
            room: ROOM,
            ended: false,
        }
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
            if let Some(error) = self.ledger.next_error() {
                return Ok(Some(Event::Error(error)));
            }
            if let Some(group) = self.groups.next() {
                return Ok(Some(self.give(&group, claim)));
            }
            if self.ended {
                self.ledger.close_range();
                return Ok(None);
            }
            self.step()?;
            self.ledger.accounting.bytes_in = self.source.bytes_read();
        }
    }

    fn step(&mut self) -> io::Result<()> {
        let Some(place) = self.records.read(&mut self.source)? else {
            self.ended = true;
            self.groups.finish();
            return Ok(());
        };
        match &self.columns {
            None => self.header(place),
            Some(_) => {
                self.row(place);
                Ok(())
            }
        }
    }

    fn header(&mut self, place: RowPlace) -> io::Result<()> {
        let names: Vec<String> = (0..self.records.len())
            .map(|at| String::from_utf8_lossy(self.records.cell(at)).into_owned())
            .collect();
        match Columns::find(&names, &self.mapping) {
            Ok(columns) => {
                self.ledger.accounting.bytes.envelope += place.bytes;
                self.columns = Some(columns);
            }
            Err(problem) => {
                self.ledger.note(problem, place.location);
                self.set_aside(place);
                self.pass_over()?;
            }
        }
        Ok(())
    }

    /// Sets aside all that is left: without its columns nothing of it can be read.
    fn pass_over(&mut self) -> io::Result<()> {
        let start = self.source.offset();
        loop {
            let count = self.source.unread().len();
            self.source.consume(count);
            if !self.source.fill()? {
                break;
            }
        }
        self.ledger.set_aside(start..self.source.offset());
        self.ended = true;
        Ok(())
    }

    fn row(&mut self, place: RowPlace) {
        let Some(columns) = &self.columns else { return };
        let broken = if place.too_long {
            Some("the row is longer than 1 MiB; a quote may be missing")
        } else if self.records.len() != columns.width {
            Some("the row has more or fewer cells than the header")
        } else {
            None
        };
        let row = Row::new(place, broken, columns.kept.iter().map(|at| self.records.cell(*at)));
        let id = columns.of(Field::ClaimId).iter().map(|at| row.cell(*at));
        let id: Vec<u8> = id.into_iter().find(|id| !id.is_empty()).unwrap_or_default().to_vec();
        if id.is_empty() {
            // Rows that name no claim are none of one another's.
            self.groups.add(&place.location.offset.to_be_bytes(), row, self.room);
        } else {
            self.groups.add(&id, row, self.room);
        }
    }

    fn give(&mut self, group: &Group, claim: &mut Claim) -> Event {
        let bytes: u64 = group.rows.iter().map(|row| row.place.bytes).sum();
        let place = group.rows.first().map_or_else(Location::default, |row| row.place.location);
        let first = group.rows.first().map_or(0, |row| row.place.bytes);
        let read = match &self.columns {
            Some(columns) => {
                Reading { columns, dates: self.mapping.dates }.fill(&group.rows, claim)
            }
            None => Ok(()),
        };
        let read = if group.came_back { Err(came_back(read)) } else { read };
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
                for row in &group.rows {
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

fn came_back(read: Result<(), Problem>) -> Problem {
    match read {
        Err(problem) => problem,
        Ok(()) => {
            let message =
                "the claim was judged before with some of its rows: they do not stand together";
            let fix = "sort a file of this size by the number of the claim";
            Problem::new(codes::LINES_APART, "", message, fix)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::told_by;

    #[test]
    fn a_claim_that_comes_back_beyond_the_room_is_told_and_not_judged_twice() {
        let text = "claim_id,claim_line_number,hcpcs_code,claim_start_date\n\
            A,1,93970,2026-03-02\nB,1,93970,2026-03-02\nC,1,93970,2026-03-02\nA,2,93985,2026-03-02\n";
        let (layout, separator) = told_by(text.as_bytes()).unwrap();
        let source = Source::new(text.as_bytes());
        let mut reader = LinesReader::new(source, Ledger::new(1), layout.mapping(separator));
        reader.room = 1;
        let (mut claim, mut seen) = (Claim::default(), Vec::new());
        while let Some(event) = reader.next(&mut claim).unwrap() {
            seen.push(match event {
                Event::Claim => claim.id().to_owned(),
                Event::Error(error) => format!("{} {:?}", error.code, error.claim),
            });
            claim.clear();
        }
        assert_eq!(seen, ["A", "B", "C", "I2205 Some(\"A\")"]);
    }
}
