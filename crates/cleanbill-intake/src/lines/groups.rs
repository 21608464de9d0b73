//! Rows grouped to claims.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::record::RowPlace;

/// Bytes of rows that are kept while claims are put together from anywhere in the file.
pub(super) const ROOM: usize = 256 << 20;

/// What is kept of a row: its place, and the cells that some field needs.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) place: RowPlace,
    /// Why no claim can be made of it.
    pub(super) broken: Option<&'static str>,
    cells: Box<[u8]>,
    ends: Box<[u32]>,
}

impl Row {
    pub(super) fn new<'a>(
        place: RowPlace,
        broken: Option<&'static str>,
        cells: impl Iterator<Item = &'a [u8]>,
    ) -> Self {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for cell in cells {
            bytes.extend_from_slice(cell);
            ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        }
        Self { place, broken, cells: bytes.into(), ends: ends.into() }
    }

    /// The cell at that place among those that are kept.
    pub(super) fn cell(&self, place: usize) -> &[u8] {
        let at = |place: usize| {
            self.ends.get(place).and_then(|end| usize::try_from(*end).ok()).unwrap_or_default()
        };
        let start = place.checked_sub(1).map_or(0, at);
        self.cells.get(start..at(place)).unwrap_or_default()
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.cells.len() + self.ends.len() * size_of::<u32>()
    }
}

/// The rows of one claim.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) rows: Vec<Row>,
    /// The claim has been given out before: its rows do not stand together.
    pub(super) came_back: bool,
}

/// Rows on their way to claims.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// In the order of the first row of each.
    waiting: Vec<Vec<Row>>,
    by_claim: HashMap<Box<[u8]>, usize>,
    room_used: usize,
    /// Set once the room was full: from then on rows of a claim must stand together.
    overflown: bool,
    /// What is left to be given out, the next one last.
    ready: Vec<Group>,
    /// The claim whose rows are being read, once the room was full.
    open: Option<(Box<[u8]>, Group)>,
    given: HashSet<u64>,
}

impl Groups {
    /// Takes the next row of the file, of the claim `id`.
    pub(super) fn add(&mut self, id: &[u8], row: Row, room: usize) {
        if self.overflown {
            return self.follow(id, row);
        }
        self.room_used += row.size() + id.len();
        let known = self.by_claim.get(id).and_then(|place| self.waiting.get_mut(*place));
        if let Some(rows) = known {
            rows.push(row);
        } else {
            self.by_claim.insert(id.into(), self.waiting.len());
            self.waiting.push(vec![row]);
        }
        if self.room_used > room {
            self.overflow(id);
        }
    }

    /// Ends the input: all that is kept is whole.
    pub(super) fn finish(&mut self) {
        if !self.overflown {
            self.overflow(&[]);
        }
        self.ready.extend(self.open.take().map(|(_, group)| group));
    }

    /// The next claim that is whole.
    pub(super) fn next(&mut self) -> Option<Group> {
        self.ready.pop()
    }

    /// Gives all claims out but the one with the number `last`, whose rows may go on.
    fn overflow(&mut self, last: &[u8]) {
        self.overflown = true;
        let open = self.by_claim.remove(last);
        self.given = self.by_claim.keys().map(|id| number(id)).collect();
        self.by_claim = HashMap::new();
        for (place, rows) in std::mem::take(&mut self.waiting).into_iter().enumerate().rev() {
            let group = Group { rows, came_back: false };
            if open == Some(place) {
                self.open = Some((last.into(), group));
            } else {
                self.ready.push(group);
            }
        }
    }

    fn follow(&mut self, id: &[u8], row: Row) {
        if let Some((open, group)) = &mut self.open
            && **open == *id
        {
            group.rows.push(row);
            return;
        }
        let came_back = self.given.contains(&number(id));
        let next = (id.into(), Group { rows: vec![row], came_back });
        if let Some((id, group)) = self.open.replace(next) {
            self.given.insert(number(&id));
            self.ready.insert(0, group);
        }
    }
}

/// A claim number as eight bytes, to know it again.
fn number(id: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cleanbill_model::Location;

    fn row(text: &str) -> Row {
        let place = RowPlace { location: Location::default(), bytes: 1, too_long: false };
        Row::new(place, None, [text.as_bytes()].into_iter())
    }

    /// What comes out, claims as their rows, `!` behind one that came back.
    fn grouped(rows: &str, room: usize) -> String {
        let mut groups = Groups::default();
        let mut all = Vec::new();
        let mut take = |groups: &mut Groups| {
            while let Some(group) = groups.next() {
                let text: String = group
                    .rows
                    .iter()
                    .map(|row| String::from_utf8_lossy(row.cell(0)).into_owned())
                    .collect();
                all.push(format!("{text}{}", if group.came_back { "!" } else { "" }));
            }
        };
        for text in rows.split(' ') {
            groups.add(&text.as_bytes()[..1], row(text), room);
            take(&mut groups);
        }
        groups.finish();
        take(&mut groups);
        all.join(" ")
    }

    #[test]
    fn rows_from_anywhere_make_claims_in_the_order_of_their_first_rows() {
        assert_eq!(grouped("b1 a1 b2 c1 a2", 1 << 20), "b1b2 a1a2 c1");
    }

    #[test]
    fn beyond_the_room_rows_of_a_claim_must_stand_together() {
        let room = (row("a1").size() + 1) * 3;
        assert_eq!(grouped("a1 b1 a2 b2 b3 c1 c2 d1", room), "a1a2 b1b2b3 c1c2 d1");
        assert_eq!(grouped("a1 b1 a2 b2 c1 a3 c2", room), "a1a2 b1b2 c1 a3! c2!");
    }
}
