//! What a worker sends of each claim: how the check ended, and the findings as the plugin gave them. The host
//! checks them as if it had been given them itself.

use std::borrow::Cow;

use super::read::{Malformed, Reader, put_count, put_text};
use crate::answer::{Answer, Ended, Raw, TEXT_LIMIT, Unreadable};

/// Most findings that are sent of one claim: one more than may be, so that the host sees that it is too many.
pub(crate) const MOST_FINDINGS: usize = 65;
/// Most values of a finding.
const MOST_ARGS: usize = 16;
/// Longest reason for which an instance could not be made.
const REASON_LIMIT: usize = 1_024;

const CHECKED: u8 = 1;
const NOT_MADE: u8 = 2;
/// Checked in time, and nothing found: most claims.
const CLEAN: u8 = 3;
const RAW: u8 = 0;

/// Answers on their way.
#[derive(Debug, Default)]
pub(crate) struct ReplyWriter {
    bytes: Vec<u8>,
    findings: Vec<u8>,
    heard: usize,
}

impl ReplyWriter {
    /// A finding of the claim in hand.
    pub(crate) fn hear(&mut self, finding: &Result<Raw<'_>, Unreadable>) {
        if self.heard >= MOST_FINDINGS {
            return;
        }
        self.heard += 1;
        let out = &mut self.findings;
        let raw = match finding {
            Ok(raw) => raw,
            Err(unreadable) => return out.push(unreadable.byte()),
        };
        out.push(RAW);
        out.extend_from_slice(&raw.rule.to_le_bytes());
        out.extend_from_slice(&raw.line.to_le_bytes());
        out.extend_from_slice(&raw.severity.to_le_bytes());
        put_count(out, raw.related.len());
        for line in &*raw.related {
            out.extend_from_slice(&line.to_le_bytes());
        }
        put_text(out, raw.field);
        put_count(out, raw.args.len());
        for (name, value) in &raw.args {
            put_text(out, name);
            put_text(out, value);
        }
    }

    /// Ends the claim in hand.
    pub(crate) fn checked(&mut self, ended: Ended) {
        if self.heard == 0 && ended == Ended::CLEAN {
            return self.bytes.push(CLEAN);
        }
        self.bytes.push(CHECKED);
        self.bytes.extend_from_slice(&ended.status.to_le_bytes());
        self.bytes.push(u8::from(ended.told_to_stop));
        put_count(&mut self.bytes, self.heard);
        self.bytes.append(&mut self.findings);
        self.heard = 0;
    }

    /// Ends the claim in hand, for which no instance could be made.
    pub(crate) fn not_made(&mut self, reason: &str) {
        self.findings.clear();
        self.heard = 0;
        self.bytes.push(NOT_MADE);
        put_text(&mut self.bytes, reason);
    }

    /// What has been ended since this was called last.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets what has been sent.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }
}

/// Answers that arrived.
pub(crate) struct Reply<'a>(Reader<'a>);

/// How a claim fared in a worker.
#[derive(Debug)]
pub(crate) enum Fared {
    /// It was checked.
    Checked(Ended),
    /// No instance could be made; the plugin's words.
    NotMade(String),
}

impl<'a> Reply<'a> {
    pub(crate) const fn new(payload: &'a [u8]) -> Self {
        Self(Reader::new(payload))
    }

    /// Whether there is no answer left.
    pub(crate) const fn is_at_end(&self) -> bool {
        self.0.end().is_ok()
    }

    /// Reads the next answer into `answer`, an empty one on the claim that it is of.
    pub(crate) fn next(&mut self, answer: &mut Answer<'_>) -> Result<Fared, Malformed> {
        match self.0.u8()? {
            CHECKED => {}
            CLEAN => return Ok(Fared::Checked(Ended::CLEAN)),
            NOT_MADE => {
                let reason = self.0.text(REASON_LIMIT)?;
                return Ok(Fared::NotMade(reason.replace(char::is_control, "")));
            }
            _ => return Err(Malformed),
        }
        let status = self.0.i32()?;
        let told_to_stop = match self.0.u8()? {
            0 => false,
            1 => true,
            _ => return Err(Malformed),
        };
        let findings = self.0.count()?;
        if findings > MOST_FINDINGS {
            return Err(Malformed);
        }
        for _ in 0..findings {
            let finding = self.finding(answer.lines())?;
            // What a plugin is told does not count here: it has long returned.
            let _ = answer.take(finding);
        }
        Ok(Fared::Checked(Ended { status, told_to_stop }))
    }

    fn finding(&mut self, lines: usize) -> Result<Result<Raw<'a>, Unreadable>, Malformed> {
        let tag = self.0.u8()?;
        if tag != RAW {
            return Unreadable::of(tag).map(Err).ok_or(Malformed);
        }
        let (rule, line, severity) = (self.0.u32()?, self.0.u32()?, self.0.i32()?);
        let related = self.0.count()?;
        if related > lines {
            return Err(Malformed);
        }
        let related = (0..related).map(|_| self.0.u32()).collect::<Result<Vec<_>, _>>()?;
        let field = self.0.text(TEXT_LIMIT)?;
        let args = self.0.count()?;
        if args > MOST_ARGS {
            return Err(Malformed);
        }
        let args = (0..args)
            .map(|_| Ok((self.0.text(TEXT_LIMIT)?, self.0.text(TEXT_LIMIT)?)))
            .collect::<Result<_, Malformed>>()?;
        Ok(Ok(Raw { rule, line, severity, related: Cow::Owned(related), field, args }))
    }
}
