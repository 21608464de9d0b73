//! NCCI procedure-to-procedure edits: pairs with their indicator and the days on which they hold.
//!
//! Source: the practitioner and hospital files of Medicare, release v322r0: column one, column two,
//! `*` for pairs older than 1996, effective date, deletion date (`*`: none), modifier indicator,
//! rationale. The Medicaid files have no column for 1996 (unverified layout: described, not seen).

use rustc_hash::FxHashMap;

use super::cell::{Cell, ProcedureText, text};
use super::day::Day;
use super::layout::Layout;
use super::report::{Dropped, Rows, Wrong};

pub(crate) struct Ptp {
    is_medicaid: bool,
    started: bool,
    seen: Seen,
    first: Option<ProcedureText>,
    last: Option<ProcedureText>,
}

impl Ptp {
    pub(crate) fn new(is_medicaid: bool) -> Self {
        Self { is_medicaid, started: false, seen: Seen::default(), first: None, last: None }
    }

    /// Whether a row of the file has the layout of a pair: `Some(true)` for that of Medicaid.
    pub(crate) fn is_pair(cells: &[Cell<'_>]) -> Option<bool> {
        let [one, two, third, fourth, rest @ ..] = cells else { return None };
        one.code()?;
        two.code()?;
        if Day::from_ymd(fourth.text).is_some() && matches!(third.text, "" | "*") && rest.len() >= 2
        {
            return Some(false);
        }
        (Day::from_ymd(third.text).is_some() && !rest.is_empty()).then_some(true)
    }

    /// Before the first pair, only a row that has neither code nor date is a notice or a caption.
    fn is_preamble(&self, cells: &[Cell<'_>]) -> bool {
        !self.started
            && cells.first().is_none_or(|cell| cell.code().is_none())
            && !cells.iter().any(|cell| Day::from_ymd(cell.text).is_some())
    }
}

impl Layout for Ptp {
    fn row(&mut self, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        if cells.iter().all(|cell| cell.text.is_empty()) || self.is_preamble(cells) {
            return;
        }
        self.started = true;
        let (pre_1996, rest) = match (self.is_medicaid, cells) {
            (true, [_, _, rest @ ..]) => ("", rest),
            (false, [_, _, pre_1996, rest @ ..]) => (pre_1996.text, rest),
            _ => ("", cells.get(..0).unwrap_or_default()),
        };
        let ([one, two, ..], [effective, deletion, indicator, rationale @ ..]) = (cells, rest)
        else {
            return rows.damaged(line, "row", text(cells, 0), Wrong::WIDTH);
        };
        let wrong = |column, cell: &Cell<'_>, wrong, rows: &mut Rows<'_>| {
            rows.damaged(line, column, cell.text, wrong);
        };
        let Some(one) = one.code() else { return wrong("column one", one, Wrong::CODE, rows) };
        let Some(two) = two.code() else { return wrong("column two", two, Wrong::CODE, rows) };
        let pre_1996 = match pre_1996 {
            "" => "",
            "*" => "yes",
            other => return rows.damaged(line, "prior to 1996", other, Wrong::INDICATOR),
        };
        let Some(from) = Day::from_ymd(effective.text) else {
            return wrong("effective date", effective, Wrong::DAY, rows);
        };
        let through = match deletion.text {
            "*" => None,
            "" if self.is_medicaid => None,
            day => match Day::from_ymd(day) {
                Some(day) => Some(day),
                None => return wrong("deletion date", deletion, Wrong::DAY, rows),
            },
        };
        if !matches!(indicator.text, "0" | "1" | "9") {
            return wrong("modifier indicator", indicator, Wrong::INDICATOR, rows);
        }
        if rationale.iter().skip(1).any(|cell| !cell.text.is_empty()) {
            return rows.damaged(line, "row", one.as_str(), Wrong::WIDTH);
        }
        if self.last.is_some_and(|last| one < last) {
            rows.note(
                "rows are not in the order of column one: only neighbours are compared".into(),
            );
        }
        self.first.get_or_insert(one);
        self.last = Some(one);
        if through.is_some_and(|through| through < from) {
            return rows.leave_out(Dropped::NeverInForce);
        }
        let through = through.as_ref().map_or("", Day::as_str);
        let rationale = text(rationale, 0);
        let row = [
            one.as_str(),
            two.as_str(),
            indicator.text,
            from.as_str(),
            through,
            pre_1996,
            rationale,
        ];
        if self.seen.is_new(one, &row) {
            rows.keep(line, &row);
        } else {
            rows.leave_out(Dropped::Duplicate);
        }
    }

    fn end_of_file(&mut self, _rows: &mut Rows<'_>) -> Option<(String, String)> {
        // The next part begins with a notice of its own. A column one may lie in both parts, so what was
        // seen of it stays.
        self.started = false;
        let owned = |code: ProcedureText| code.as_str().to_owned();
        self.first.take().map(owned).zip(self.last.take().map(owned))
    }
}

/// The rows of one column one: in sorted files a row and its double have the same.
#[derive(Default)]
struct Seen {
    of: Option<ProcedureText>,
    texts: Vec<u8>,
    /// Hash of a row's text to its place in `texts`.
    places: FxHashMap<u64, (usize, usize)>,
}

impl Seen {
    fn is_new(&mut self, one: ProcedureText, row: &[&str]) -> bool {
        if self.of != Some(one) {
            self.of = Some(one);
            self.texts.clear();
            self.places.clear();
        }
        let start = self.texts.len();
        for cell in row.get(1..).unwrap_or_default() {
            self.texts.extend_from_slice(cell.as_bytes());
            self.texts.push(b'\t');
        }
        let (before, text) = self.texts.split_at(start);
        let mut hash = hash(text);
        loop {
            match self.places.get(&hash) {
                None => {
                    self.places.insert(hash, (start, text.len()));
                    return true;
                }
                Some(&(at, length)) if before.get(at..at + length) == Some(text) => {
                    self.texts.truncate(start);
                    return false;
                }
                // Another row of the same hash: the next number is as good.
                Some(_) => hash = hash.wrapping_add(1),
            }
        }
    }
}

fn hash(text: &[u8]) -> u64 {
    use core::hash::Hasher as _;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text);
    hasher.finish()
}
