//! The findings of the page as data: short, since what repeats stands once and is named by its place.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::template;
use super::view::{ClaimView, FindingView};
use crate::escape::escape;
use crate::record::write_record;
use crate::source::source_text;

/// What the script reads. Lists of texts come first, then claims and findings, which name them.
#[derive(Serialize)]
struct Data<'a> {
    rules: Vec<RuleData>,
    kinds: Vec<&'a str>,
    patterns: Vec<&'a str>,
    files: Vec<&'a str>,
    payers: Vec<&'a str>,
    npis: Vec<&'a str>,
    shapes: Vec<&'a str>,
    dates: Vec<&'a str>,
    claims: Vec<ClaimData<'a>>,
    findings: Vec<FindingData<'a>>,
}

#[derive(Serialize)]
struct RuleData {
    id: String,
    title: String,
    pack: String,
    owner: String,
    sources: Vec<String>,
}

/// Control number, file, payer, provider, lines that are left out, lines.
#[derive(Serialize)]
struct ClaimData<'a>(&'a str, usize, usize, usize, usize, Vec<LineData>);

/// Number, shape, date, charge in cents.
#[derive(Serialize)]
struct LineData(u32, usize, usize, i64);

/// Claim, line or 0, rule, kind, charge at risk in cents or -1, pattern, values, partner lines in words,
/// their numbers, and line, segment and byte of the file.
#[derive(Serialize)]
struct FindingData<'a>(
    usize,
    u32,
    usize,
    usize,
    i64,
    usize,
    &'a str,
    &'a str,
    &'a [u32],
    (u64, u32, u64),
);

/// Texts in the order in which they were first met.
#[derive(Default)]
struct Pool<'a> {
    places: HashMap<&'a str, usize>,
    texts: Vec<&'a str>,
}

impl<'a> Pool<'a> {
    fn place(&mut self, text: &'a str) -> usize {
        let next = self.texts.len();
        let place = *self.places.entry(text).or_insert(next);
        if place == next {
            self.texts.push(text);
        }
        place
    }
}

/// Writes the findings as JSON that can stand in a page: no `<`, `>` or `&`, so that nothing in it
/// ends its element or starts another.
pub(super) fn write(out: &mut dyn Write, findings: &[FindingView]) -> io::Result<()> {
    let split: Vec<(String, String)> =
        findings.iter().map(|finding| template::split(&finding.texts)).collect();
    let [mut kinds, mut patterns, mut files, mut payers, mut npis, mut shapes, mut dates] =
        [(); 7].map(|()| Pool::default());
    let mut rules: Pool<'_> = Pool::default();
    let mut rule_data = Vec::new();
    let mut claims: HashMap<*const ClaimView, usize> = HashMap::new();
    let mut claim_data = Vec::new();
    let mut rows = Vec::new();
    for (finding, (pattern, values)) in findings.iter().zip(&split) {
        let view = &*finding.claim;
        let next = claim_data.len();
        let claim = *claims.entry(core::ptr::from_ref(view)).or_insert(next);
        if claim == next {
            let line = |line: &'_ super::view::LineView, shape, date| {
                LineData(line.number, shape, date, line.cents)
            };
            let lines = view
                .lines
                .iter()
                .map(|l| line(l, shapes.place(&l.shape), dates.place(&l.date)))
                .collect();
            claim_data.push(ClaimData(
                &view.id,
                files.place(&view.file),
                payers.place(&view.payer),
                npis.place(&view.npi),
                view.lines_left_out,
                lines,
            ));
        }
        let rule = rules.place(&finding.edit.id);
        if rule == rule_data.len() {
            rule_data.push(rule_of(finding));
        }
        let place = finding.location;
        rows.push(FindingData(
            claim,
            finding.line.unwrap_or_default(),
            rule,
            kinds.place(&finding.kind),
            finding.at_risk.unwrap_or(-1),
            patterns.place(pattern),
            values,
            &finding.partner_words,
            &finding.partners,
            (place.line, place.segment, place.offset),
        ));
    }
    let data = Data {
        rules: rule_data,
        kinds: kinds.texts,
        patterns: patterns.texts,
        files: files.texts,
        payers: payers.texts,
        npis: npis.texts,
        shapes: shapes.texts,
        dates: dates.texts,
        claims: claim_data,
        findings: rows,
    };
    write_record(&mut InPage(out), &data)
}

fn rule_of(finding: &FindingView) -> RuleData {
    let edit = &finding.edit;
    let text = |text: &str| escape(text).into_owned();
    RuleData {
        id: text(&edit.id),
        title: text(&edit.title),
        pack: text(edit.origin.name()),
        owner: text(edit.owner.as_deref().unwrap_or_default()),
        sources: edit.sources.iter().map(|source| text(&source_text(source))).collect(),
    }
}

/// JSON has these characters in texts only, where they can be written as escapes.
struct InPage<'a>(&'a mut dyn Write);

impl Write for InPage<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'<' | b'>' | b'&')) {
            match piece.split_last() {
                Some((last @ (b'<' | b'>' | b'&'), before)) => {
                    self.0.write_all(before)?;
                    write!(self.0, "\\u{last:04x}")?;
                }
                _ => self.0.write_all(piece)?,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
