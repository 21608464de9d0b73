//! The record of a claim that is not final.

use serde::Serialize;

use super::SCHEMA;
use super::place::Place;
use crate::amount::Cents;
use crate::version_note::{OtherVersion, VersionNote};

#[derive(Serialize)]
pub(crate) struct VersionNoteRecord<'a> {
    r#type: &'static str,
    schema: u32,
    file: &'a str,
    claim: &'a str,
    claim_ordinal: u64,
    location: Place<'a>,
    /// `superseded`, `voided`, `void`, `repeated`, `orphan` or `no_key`.
    action: &'static str,
    /// Whether the claim is judged all the same.
    judged: bool,
    /// Numbers of the lines that were taken off; empty where the claim as a whole is meant.
    lines: &'a [u32],
    charge: Cents,
    by: Option<OtherRecord<'a>>,
    why: &'static str,
}

#[derive(Serialize)]
struct OtherRecord<'a> {
    claim: &'a str,
    claim_ordinal: u64,
    file: &'a str,
    line: u64,
}

impl<'a> VersionNoteRecord<'a> {
    pub(crate) fn new(file: &'a str, note: &'a VersionNote) -> Self {
        Self {
            r#type: "version",
            schema: SCHEMA,
            file,
            claim: &note.claim,
            claim_ordinal: note.claim_ordinal,
            location: Place::new(note.location, ""),
            action: note.action.as_str(),
            judged: note.action.is_judged() || !note.lines.is_empty(),
            lines: &note.lines,
            charge: Cents(note.charge.cents().into()),
            by: note.by.as_ref().map(OtherRecord::new),
            why: note.words(),
        }
    }
}

impl<'a> OtherRecord<'a> {
    fn new(other: &'a OtherVersion) -> Self {
        let OtherVersion { claim, claim_ordinal, file, line } = other;
        Self { claim, claim_ordinal: *claim_ordinal, file, line: *line }
    }
}
