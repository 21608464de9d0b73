//! stub
use crate::ledger::Ledger;
use crate::reader::Event;
use crate::source::Source;
use cleanbill_model::{Accounting, Claim};
use std::io::{self, Read};
#[derive(Debug)]
pub(crate) struct JsonReader<R> {
    source: Source<R>,
    ledger: Ledger,
}
impl<R: Read> JsonReader<R> {
    pub(crate) fn new(source: Source<R>, ledger: Ledger, _lines: bool) -> Self {
        Self { source, ledger }
    }
    pub(crate) const fn ledger(&self) -> &Ledger {
        &self.ledger
    }
    pub(crate) const fn accounting_mut(&mut self) -> &mut Accounting {
        &mut self.ledger.accounting
    }
    pub(crate) fn next(&mut self, _claim: &mut Claim) -> io::Result<Option<Event>> {
        let _ = self.source.fill()?;
        Ok(None)
    }
}
