//! An input in no format that is read: one error, and every byte set aside.

use std::io::{self, Read};

use cleanbill_model::{Accounting, Location};

use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::reader::Event;
use crate::source::{Source, size};

/// Tells the one error, then passes over the input without holding it.
#[derive(Debug)]
pub(crate) struct UnrecognisedReader<R> {
    source: Source<R>,
    ledger: Ledger,
}

impl<R: Read> UnrecognisedReader<R> {
    pub(crate) fn new(source: Source<R>, mut ledger: Ledger, problem: Problem) -> Self {
        let (offset, line) = (source.offset(), source.line());
        ledger.note(problem, Location { offset, line, segment: 0 });
        Self { source, ledger }
    }

    pub(crate) const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(crate) const fn accounting_mut(&mut self) -> &mut Accounting {
        &mut self.ledger.accounting
    }

    pub(crate) fn next(&mut self) -> io::Result<Option<Event>> {
        self.ledger.forget_ranges();
        if let Some(told) = self.ledger.next_told() {
            return Ok(Some(told));
        }
        loop {
            let (start, count) = (self.source.offset(), self.source.unread().len());
            self.ledger.set_aside(start..start + size(count));
            self.source.consume(count);
            self.ledger.accounting.bytes_in = self.source.bytes_read();
            if !self.source.fill()? {
                self.ledger.close_range();
                return Ok(None);
            }
        }
    }
}
