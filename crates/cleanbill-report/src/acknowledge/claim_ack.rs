//! `277ca`: the acknowledgement of claims, 005010X214.

use std::io::{self, Write};

use cleanbill_model::{EnvelopePart, Group, InputError, InputFormat, Interchange, Level, Role};

use super::batch::{Batch, answer_day};
use super::claim_answer::{reasons, write_claim, write_set_aside};
use super::claim_status::ClaimStatuses;
use super::interchange::{AnswerEnvelope, AnswerOptions, Kind, separators};
use super::parties::{Open, Parties};
use super::segments::Segments;
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

/// Answers every claim of an 837 once: accepted, or rejected with the reason. Claims that were set
/// aside are rejected. One interchange of answers for each interchange of claims.
pub struct ClaimAckReport<W> {
    out: W,
    options: AnswerOptions,
    statuses: ClaimStatuses,
    file: String,
    open: Open,
    parties: Parties,
    envelope: Option<AnswerEnvelope>,
    group_is_open: bool,
    batch: Batch,
    /// The error of the claim that was set aside last.
    error: Option<InputError>,
}

impl<W: Write> ClaimAckReport<W> {
    /// A report that writes to `out`.
    pub fn new(out: W, options: AnswerOptions) -> Self {
        Self {
            out,
            options,
            statuses: ClaimStatuses::new(),
            file: String::new(),
            open: Open::default(),
            parties: Parties::default(),
            envelope: None,
            group_is_open: false,
            batch: Batch::default(),
            error: None,
        }
    }

    /// What comes now is of this file: one that was cut short is closed.
    fn enter(&mut self, file: &str) -> io::Result<()> {
        if self.file != file {
            self.close_interchange()?;
            file.clone_into(&mut self.file);
        }
        Ok(())
    }

    /// Writes the claims that are held.
    fn answer(&mut self) -> io::Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let mut frame = Segments::new(separators(&self.open.interchange));
        let (interchange, ordinal) = (&self.open.interchange, self.open.ordinal);
        let options = self.options;
        let envelope = self.envelope.get_or_insert_with(|| {
            AnswerEnvelope::open(&mut frame, interchange, Kind::Ack277, ordinal, options)
        });
        if !self.group_is_open {
            self.group_is_open = true;
            let group = self.open.group.as_ref();
            envelope.open_group(&mut frame, group, "HN", super::GUIDE_277CA, options);
        }
        self.out.write_all(frame.as_str().as_bytes())?;
        let received = self.statuses.received();
        self.batch.write(&mut self.out, envelope, &self.open, &self.parties, received, options)
    }

    fn close_transaction(&mut self) -> io::Result<()> {
        self.answer()?;
        self.parties = Parties::default();
        Ok(())
    }

    fn close_group(&mut self) -> io::Result<()> {
        self.close_transaction()?;
        self.open.group = None;
        if std::mem::take(&mut self.group_is_open)
            && let Some(envelope) = &self.envelope
        {
            let mut frame = Segments::new(separators(&self.open.interchange));
            envelope.close_group(&mut frame);
            self.out.write_all(frame.as_str().as_bytes())?;
        }
        Ok(())
    }

    fn close_interchange(&mut self) -> io::Result<()> {
        self.close_group()?;
        if let Some(envelope) = self.envelope.take() {
            let mut frame = Segments::new(separators(&self.open.interchange));
            envelope.close(&mut frame);
            self.out.write_all(frame.as_str().as_bytes())?;
        }
        self.open.interchange = Interchange::default();
        Ok(())
    }

    fn answer_when_full(&mut self) -> io::Result<()> {
        if self.batch.is_full() { self.answer() } else { Ok(()) }
    }
}

impl<W: Write> Report for ClaimAckReport<W> {
    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        if judged.claim.format != InputFormat::X12 {
            let message = "a 277CA answers an 837, and this claim is from no X12 file";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        self.enter(judged.file)?;
        let reasons = reasons(judged, &self.statuses, self.options.reject_denials);
        let date = answer_day(&self.open, &self.parties, self.options);
        let (accepted, charge) = (self.statuses.accepted(), Some(judged.claim.charge));
        let empty = || Segments::new(separators(&self.open.interchange));
        self.batch.add(&self.parties, empty, reasons.is_empty(), charge, |out| {
            write_claim(out, judged, &reasons, accepted, &date);
        });
        self.answer_when_full()
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.enter(file)?;
        self.error = error.quarantines.then(|| error.clone());
        Ok(())
    }

    fn envelope(&mut self, file: &str, part: &EnvelopePart) -> io::Result<()> {
        self.enter(file)?;
        match part {
            EnvelopePart::Interchange(interchange) => {
                self.close_interchange()?;
                self.open.interchange.clone_from(interchange);
                self.open.ordinal += 1;
            }
            EnvelopePart::Group(group) => {
                self.close_group()?;
                self.open.group = Some(Group::clone(group));
            }
            EnvelopePart::Transaction(_) | EnvelopePart::TransactionEnd => {
                self.close_transaction()?;
            }
            EnvelopePart::GroupEnd(_) => self.close_group()?,
            EnvelopePart::InterchangeEnd => self.close_interchange()?,
            EnvelopePart::SetAside(aside) => {
                let error = self.error.take();
                let reason = error.map_or(self.statuses.fault(), |error| {
                    self.statuses.error(&error, aside.offset)
                });
                let date = answer_day(&self.open, &self.parties, self.options);
                let empty = || Segments::new(separators(&self.open.interchange));
                self.batch.add(&self.parties, empty, false, aside.charge, |out| {
                    write_set_aside(out, aside, reason, &date);
                });
                self.answer_when_full()?;
            }
            other => {
                match other {
                    EnvelopePart::Level(Level::BillingProvider)
                    | EnvelopePart::Party(Role::BillingProvider, _) => self.batch.leave_provider(),
                    _ => self.batch.leave_patient(),
                }
                self.parties.take(other);
            }
        }
        Ok(())
    }

    fn end(&mut self, _summary: &Summary) -> io::Result<()> {
        self.close_interchange()?;
        self.out.flush()
    }
}
