//! `999`: the acknowledgement of syntax, 005010X231A1, with the TA1 of interchanges that want one.

use std::collections::BTreeSet;
use std::io::{self, Write};

use cleanbill_model::{EnvelopePart, Group, InputError, Interchange, Transaction};

use super::interchange::{AnswerEnvelope, AnswerOptions, Kind, separators};
use super::segments::Segments;
use super::syntax_error::{SyntaxError, SyntaxErrors};
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

/// Errors of one transaction that are remembered, so that one above many claims is told once.
const REMEMBERED: usize = 1024;
/// Codes of one IK5 or AK9.
const CODES: usize = 5;

/// Answers every functional group: what is wrong where, which transactions were read, and how many.
/// It tells places and codes, never a value of a claim but its control number.
///
/// An interchange that asks for a TA1 (ISA14) or whose envelope is wrong gets one, in an interchange of
/// its own, since errors of its end are known only behind the answers to its groups.
pub struct SyntaxAckReport<W> {
    out: W,
    options: AnswerOptions,
    errors: SyntaxErrors,
    file: String,
    interchange: Option<OpenInterchange>,
    interchanges: u64,
}

#[derive(Debug)]
struct OpenInterchange {
    asked: Interchange,
    ordinal: u64,
    envelope: Option<AnswerEnvelope>,
    group: Option<OpenGroup>,
    /// TA104 and TA105, of the first thing that is wrong.
    note: Option<(&'static str, &'static str)>,
    /// What is written and not yet sent.
    text: Segments,
}

#[derive(Debug)]
struct OpenGroup {
    control: String,
    /// Segments of the interchange's answer in front of this ST.
    before: u64,
    transaction: Option<OpenTransaction>,
    said: Option<u64>,
    received: u64,
    accepted: u64,
    with_errors: bool,
    codes: Vec<&'static str>,
}

#[derive(Debug, Default)]
struct OpenTransaction {
    codes: Vec<&'static str>,
    refused: bool,
    with_errors: bool,
    /// Segment and control number of the IK3 that is open for more elements.
    segment: Option<(u32, Option<String>)>,
    seen: BTreeSet<(u32, &'static str, String)>,
}

impl<W: Write> SyntaxAckReport<W> {
    /// A report that writes to `out`.
    pub fn new(out: W, options: AnswerOptions) -> Self {
        let errors = SyntaxErrors::new();
        Self { out, options, errors, file: String::new(), interchange: None, interchanges: 0 }
    }

    /// What comes now is of this file: one that was cut short is closed.
    fn enter(&mut self, file: &str) -> io::Result<()> {
        if self.file != file {
            self.close()?;
            file.clone_into(&mut self.file);
        }
        Ok(())
    }

    fn send(&mut self) -> io::Result<()> {
        let Some(open) = &mut self.interchange else { return Ok(()) };
        self.out.write_all(open.text.as_str().as_bytes())?;
        open.text.clear_text();
        Ok(())
    }

    /// Closes the interchange, and answers it where it wants that.
    fn close(&mut self) -> io::Result<()> {
        let Some(open) = &mut self.interchange else { return Ok(()) };
        open.close_group();
        if let Some(envelope) = open.envelope.take() {
            envelope.close(&mut open.text);
        }
        if open.note.is_some() || open.asked.wants_acknowledgement {
            open.write_ta1(self.options);
        }
        self.send()?;
        self.interchange = None;
        Ok(())
    }
}

impl OpenInterchange {
    fn open_group(&mut self, group: &Group, options: AnswerOptions) {
        self.close_group();
        let Self { asked, ordinal, envelope, text, .. } = self;
        let envelope = envelope.get_or_insert_with(|| {
            AnswerEnvelope::open(text, asked, Kind::Ack999, *ordinal, options)
        });
        envelope.open_group(text, Some(group), "FA", super::GUIDE_999, options);
        let before = text.count();
        let control = envelope.open_transaction(text, "999", super::GUIDE_999);
        text.begin("AK1").put(&group.kind).put(&group.control).put(&group.guide).end();
        self.group = Some(OpenGroup {
            control,
            before,
            transaction: None,
            said: None,
            received: 0,
            accepted: 0,
            with_errors: false,
            codes: Vec::new(),
        });
    }

    fn open_transaction(&mut self, transaction: &Transaction) {
        self.close_transaction();
        let Some(group) = &mut self.group else { return };
        group.received += 1;
        group.transaction = Some(OpenTransaction::default());
        let Transaction { kind, control, guide } = transaction;
        self.text.begin("AK2").put(kind).put(control).put(guide).end();
    }

    fn close_transaction(&mut self) {
        let Some(group) = &mut self.group else { return };
        let Some(transaction) = group.transaction.take() else { return };
        let code = match (transaction.refused, transaction.with_errors) {
            (true, _) => "R",
            (false, true) => "E",
            (false, false) => "A",
        };
        group.accepted += u64::from(!transaction.refused);
        group.with_errors |= transaction.with_errors || transaction.refused;
        self.text.begin("IK5").put(code);
        for code in transaction.codes {
            self.text.put(code);
        }
        self.text.end();
    }

    fn close_group(&mut self) {
        self.close_transaction();
        let Some(group) = self.group.take() else { return };
        let OpenGroup { received, accepted, codes, .. } = group;
        let code = match (received, accepted) {
            (received, 0) if received > 0 => "R",
            (received, accepted) if accepted < received => "P",
            _ if group.with_errors || !codes.is_empty() => "E",
            _ => "A",
        };
        let text = &mut self.text;
        let included = group.said.unwrap_or(received).min(999_999);
        text.begin("AK9").put(code).put(&included.to_string());
        text.put(&received.to_string()).put(&accepted.to_string());
        for code in codes {
            text.put(code);
        }
        text.end();
        let count = text.count() - group.before + 1;
        text.begin("SE").put(&count.to_string()).put(&group.control).end();
        if let Some(envelope) = &self.envelope {
            envelope.close_group(text);
        }
    }

    /// Says what the table has for `error`, at each level that is open.
    fn tell(&mut self, error: &InputError, says: SyntaxError) {
        // Missing trailers are named together, and each is missing at one level.
        let is_of = |trailer: &str| {
            says.ik502.is_empty()
                || says.ta105.is_empty()
                || error.element.is_empty()
                || error.element.contains(trailer)
        };
        if !says.ta105.is_empty() && is_of("IEA") {
            let code = if says.refuses == "interchange" { "R" } else { "E" };
            self.note.get_or_insert((code, says.ta105));
        }
        let Some(group) = &mut self.group else { return };
        if !says.ak905.is_empty() && is_of("GE") {
            add(&mut group.codes, says.ak905);
        }
        let Some(transaction) = &mut group.transaction else { return };
        if !says.ik502.is_empty() && is_of("SE") {
            add(&mut transaction.codes, says.ik502);
            transaction.with_errors = true;
            transaction.refused |= says.refuses == "transaction";
        }
        if !says.ik304.is_empty() {
            transaction.with_errors = true;
            transaction.write_segment(error, says, &mut self.text);
        }
    }

    fn write_ta1(&mut self, options: AnswerOptions) {
        let text = &mut self.text;
        let envelope = AnswerEnvelope::open(text, &self.asked, Kind::Ta1, self.ordinal, options);
        let (code, note) = self.note.unwrap_or(("A", "000"));
        let Interchange { control, date, time, .. } = &self.asked;
        text.begin("TA1").put(&format!("{control:0>9}"));
        text.put(date).put(time).put(code).put(note).end();
        envelope.close(text);
    }
}

impl OpenTransaction {
    /// IK3, CTX and IK4.
    fn write_segment(&mut self, error: &InputError, says: SyntaxError, text: &mut Segments) {
        let (segment, element) = split(&error.element);
        let segment = if says.names.is_empty() { segment } else { says.names };
        let place = error.location.segment;
        // What is missing is told where it was missed, which may be in another loop.
        let loop_id = if says.ik304 == "3" { "" } else { error.loop_id };
        add(&mut self.codes, "5");
        if segment.is_empty() || place == 0 {
            return;
        }
        let key = (place, error.code, error.element.clone());
        if self.seen.contains(&key) {
            return;
        }
        if self.seen.len() < REMEMBERED {
            self.seen.insert(key);
        }
        let open = (place, error.claim.clone());
        if says.ik403.is_empty() || self.segment.as_ref() != Some(&open) {
            text.begin("IK3")
                .put(segment)
                .put(&place.to_string())
                .put(loop_id)
                .put(says.ik304)
                .end();
            if let Some(claim) = &error.claim {
                text.begin("CTX").composite(&["CLM01", claim]).end();
            }
            self.segment = Some(open).filter(|_| !says.ik403.is_empty());
        }
        if !says.ik403.is_empty() {
            let (element, component) = element.split_once('-').unwrap_or((element, ""));
            let number = |text: &str| text.parse::<u32>().ok().map(|number| number.to_string());
            // Where only the segment is known, its first element stands for it.
            let element = number(element).unwrap_or_else(|| "1".to_owned());
            let component = number(component).unwrap_or_default();
            text.begin("IK4").composite(&[&element, &component]).put("").put(says.ik403).end();
        }
    }
}

/// `SV101-2`: the segment id `SV1` and the place `01-2`.
fn split(element: &str) -> (&str, &str) {
    let (own, component) = element.split_once('-').unwrap_or((element, ""));
    let has_place = own.len() >= 4 && own.bytes().rev().take(2).all(|byte| byte.is_ascii_digit());
    if has_place {
        let at = own.len() - 2;
        (own.get(..at).unwrap_or_default(), element.get(at..).unwrap_or_default())
    } else if component.is_empty() && own.len() <= 3 {
        (own, "")
    } else {
        ("", "")
    }
}

/// Adds a code that is not yet there, where there is room.
fn add(codes: &mut Vec<&'static str>, code: &'static str) {
    if codes.len() < CODES && !codes.contains(&code) {
        codes.push(code);
    }
}

impl<W: Write> Report for SyntaxAckReport<W> {
    fn claim(&mut self, _judged: &JudgedClaim<'_>) -> io::Result<()> {
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.enter(file)?;
        let says = self.errors.of(error);
        if let Some(open) = &mut self.interchange {
            open.tell(error, says);
        }
        self.send()
    }

    fn envelope(&mut self, file: &str, part: &EnvelopePart) -> io::Result<()> {
        self.enter(file)?;
        if let EnvelopePart::Interchange(asked) = part {
            self.close()?;
            self.interchanges += 1;
            self.interchange = Some(OpenInterchange {
                asked: Interchange::clone(asked),
                ordinal: self.interchanges,
                envelope: None,
                group: None,
                note: None,
                text: Segments::new(separators(asked)),
            });
        }
        let options = self.options;
        let Some(open) = &mut self.interchange else { return Ok(()) };
        match part {
            EnvelopePart::Group(group) => open.open_group(group, options),
            EnvelopePart::Transaction(transaction) => open.open_transaction(transaction),
            EnvelopePart::TransactionEnd => open.close_transaction(),
            EnvelopePart::GroupEnd(said) => {
                if let Some(group) = &mut open.group {
                    group.said = *said;
                }
                open.close_group();
            }
            EnvelopePart::InterchangeEnd => return self.close(),
            _ => return Ok(()),
        }
        self.send()
    }

    fn end(&mut self, _summary: &Summary) -> io::Result<()> {
        self.close()?;
        self.out.flush()
    }
}
