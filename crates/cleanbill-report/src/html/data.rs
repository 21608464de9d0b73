//! The findings of the page as data: short, since what repeats stands once and is named by its place.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::template;
use super::view::{ClaimView, FindingView, LineView};
use crate::escape::escape;
use crate::record::write_record;

/// Lines on the page: 10,000 claims of four. The claims at the end of the table show those that a
/// finding names.
const LINES: usize = 40_000;

/// What the script reads. Lists of texts come first, then claims and findings, which name them.
#[derive(Serialize)]
struct Data<'a> {
    rules: Vec<RuleData<'a>>,
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
struct RuleData<'a> {
    id: String,
    title: String,
    pack: String,
    owner: String,
    /// Edits of other packs that found the same.
    also: &'a str,
    sources: Vec<&'a str>,
}

/// Control number, file, payer, provider, lines that are left out, the lines' numbers where they are not
/// 1, 2, 3 …, their dates, and shape and charge in cents of each.
#[derive(Serialize)]
struct ClaimData<'a>(&'a str, usize, usize, usize, usize, Vec<u32>, Vec<usize>, Vec<i64>);

/// Claim, line or 0, rule, kind, charge at risk in cents or -1, first day, pattern, values, numbers of
/// partner lines, partner lines in words where one is on another claim, and line, segment and byte of
/// the file.
#[derive(Serialize)]
struct FindingData<'a>(
    usize,
    u32,
    usize,
    usize,
    i64,
    usize,
    usize,
    &'a str,
    &'a [u32],
    &'a str,
    u64,
    u32,
    u64,
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

/// Claims in the order in which they were first met.
struct Claims<'a> {
    places: HashMap<*const ClaimView, usize>,
    data: Vec<ClaimData<'a>>,
    /// Lines that there is still room for.
    room: usize,
}

/// Writes the findings as JSON that can stand in a page: no `<`, `>` or `&`, so that nothing in it
/// ends its element or starts another.
pub(super) fn write(out: &mut dyn Write, findings: &[FindingView]) -> io::Result<()> {
    let split: Vec<(String, String)> =
        findings.iter().map(|finding| template::split(&finding.texts)).collect();
    let rule_keys: Vec<String> = findings.iter().map(rule_key).collect();
    let [mut kinds, mut patterns, mut files, mut payers, mut npis, mut shapes, mut dates] =
        [(); 7].map(|()| Pool::default());
    let mut rules: Pool<'_> = Pool::default();
    let mut rule_data = Vec::new();
    let mut claims = Claims { places: HashMap::new(), data: Vec::new(), room: LINES };
    let mut rows = Vec::new();
    for ((finding, key), (pattern, values)) in findings.iter().zip(&rule_keys).zip(&split) {
        let view = &*finding.claim;
        let next = claims.data.len();
        let claim = *claims.places.entry(core::ptr::from_ref(view)).or_insert(next);
        if claim == next {
            let data = ClaimData(
                &view.id,
                files.place(&view.file),
                payers.place(&view.payer),
                npis.place(&view.npi),
                view.lines_left_out,
                Vec::new(),
                Vec::new(),
                Vec::new(),
            );
            let data = claims.with_lines(data, view, &mut shapes, &mut dates);
            claims.data.push(data);
        }
        let rule = rules.place(key);
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
            dates.place(&finding.date),
            patterns.place(pattern),
            values,
            &finding.partners,
            if finding.partner_words.contains(':') { &finding.partner_words } else { "" },
            place.line,
            place.segment,
            place.offset,
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
        claims: claims.data,
        findings: rows,
    };
    write_record(&mut InPage(out), &data)
}

impl<'a> Claims<'a> {
    /// The claim with its lines: all of them while there is room, else those that a finding names.
    fn with_lines(
        &mut self,
        mut data: ClaimData<'a>,
        view: &'a ClaimView,
        shapes: &mut Pool<'a>,
        dates: &mut Pool<'a>,
    ) -> ClaimData<'a> {
        let fits = view.lines.len() <= self.room;
        let shown: Vec<&LineView> =
            view.lines.iter().filter(|line| fits || line.is_named).collect();
        self.room = self.room.saturating_sub(shown.len());
        data.4 += view.lines.len() - shown.len();
        if !(1..).zip(&shown).all(|(number, line)| line.number == number) {
            data.5 = shown.iter().map(|line| line.number).collect();
        }
        data.6 = shown.iter().map(|line| dates.place(&line.date)).collect();
        // Most claims are of one day.
        if data.6.iter().all(|date| data.6.first() == Some(date)) {
            data.6.truncate(1);
        }
        let shape = |line: &&'a LineView| {
            [i64::try_from(shapes.place(&line.shape)).unwrap_or_default(), line.cents]
        };
        data.7 = shown.iter().flat_map(shape).collect();
        data
    }
}

/// What tells entries of the list of rules apart.
fn rule_key(finding: &FindingView) -> String {
    [&finding.edit.id, &*finding.also, &finding.sources].join("\t")
}

fn rule_of(finding: &FindingView) -> RuleData<'_> {
    let edit = &finding.edit;
    let text = |text: &str| escape(text).into_owned();
    RuleData {
        id: text(&edit.id),
        title: text(&edit.title),
        pack: text(edit.origin.name()),
        owner: text(edit.owner.as_deref().unwrap_or_default()),
        also: &finding.also,
        sources: finding.sources.lines().collect(),
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
