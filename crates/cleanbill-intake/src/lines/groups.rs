//! Rows grouped to claims: in memory, and where they do not fit, row by row or on disk.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read};

use super::row::{Row, short};
use super::spill::{Merge, Spill};
use crate::scratch::Scratch;

/// Bytes of rows that are kept while claims are put together from anywhere in the table.
pub(super) const ROOM: usize = 256 << 20;

/// Bytes of rows that a claim may have.
const CLAIM_ROOM: usize = 64 << 20;

/// The rows of one claim, in their order.
#[derive(Debug)]
pub(super) struct Rows {
    rows: Vec<Row>,
    memory: usize,
}

impl Rows {
    pub(super) fn of(row: Row) -> Self {
        Self { memory: row.size(), rows: vec![row] }
    }

    /// Takes the next row. Of a claim that is too large only the places of its rows are kept.
    pub(super) fn push(&mut self, mut row: Row) {
        let fitted = !self.is_too_large();
        self.memory += row.size();
        if self.is_too_large() {
            if fitted {
                self.rows.iter_mut().skip(1).for_each(|row| row.forget_cells(0));
            }
            row.forget_cells(0);
            if let Some(last) = self.rows.last_mut().filter(|last| last.place.touches(&row.place)) {
                last.place.bytes += row.place.bytes;
                return;
            }
        }
        self.rows.push(row);
    }

    /// Whether the claim has more than one may have; then its rows are not whole.
    pub(super) const fn is_too_large(&self) -> bool {
        self.memory > CLAIM_ROOM
    }

    /// Appends the first row's ordinal, then all that [`Rows::read`] needs.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let first = self.rows.first().map_or(0, |row| row.ordinal);
        out.extend_from_slice(&first.to_le_bytes());
        let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&count.to_le_bytes());
        out.push(u8::from(self.is_too_large()));
        self.rows.iter().for_each(|row| row.write(out));
    }

    /// Reads what [`Rows::write`] wrote behind the ordinal.
    pub(super) fn read(input: &mut impl Read) -> io::Result<Self> {
        let count = short(input)?;
        let mut too_large = [0];
        input.read_exact(&mut too_large)?;
        let rows: Vec<Row> = (0..count).map(|_| Row::read(input)).collect::<io::Result<_>>()?;
        let memory = if too_large == [1] { CLAIM_ROOM + 1 } else { 0 };
        Ok(Self { rows, memory })
    }
}

impl std::ops::Deref for Rows {
    type Target = [Row];

    fn deref(&self) -> &[Row] {
        &self.rows
    }
}

/// A claim that is whole as far as rows go.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) rows: Rows,
    /// The claim has been given out before: its rows do not stand together.
    pub(super) came_back: bool,
}

/// Where rows go that do not fit into the room.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Overflow {
    /// Room on disk; without it rows of a claim must stand together.
    pub(crate) scratch: Option<Scratch>,
    /// Whether rows of a claim may stand apart though those that were met so far stood together.
    pub(crate) unsorted: bool,
}

/// Rows on their way to claims.
#[derive(Debug)]
pub(super) struct Groups {
    room: usize,
    overflow: Overflow,
    state: State,
    /// What is left to be given out, in order.
    ready: VecDeque<Group>,
}

#[derive(Debug)]
enum State {
    Gathering(Gathered),
    Following(Followed),
    Spilling(Box<Spill>),
    Merging(Box<Merge>),
    Ended,
}

/// Rows in memory.
#[derive(Debug, Default)]
struct Gathered {
    /// In the order of the first row of each.
    claims: Vec<Rows>,
    by_claim: HashMap<Box<[u8]>, usize>,
    memory: usize,
    /// Place and number of the claim of the last row: in most tables the next row is of it too.
    last: usize,
    last_id: Vec<u8>,
    /// Whether rows of a claim stood apart.
    apart: bool,
}

/// Rows of a table in which those of a claim stand together.
#[derive(Debug)]
struct Followed {
    open: Option<(Box<[u8]>, Group)>,
    given: HashSet<u64>,
}

impl Groups {
    pub(super) fn new(room: usize, overflow: Overflow) -> Self {
        let state = State::Gathering(Gathered::default());
        Self { room, overflow, state, ready: VecDeque::new() }
    }

    /// Takes the next row of the table, of the claim `id`.
    pub(super) fn add(&mut self, id: &[u8], row: Row) -> io::Result<()> {
        match &mut self.state {
            State::Gathering(gathered) => {
                gathered.add(id, row);
                if gathered.memory > self.room { self.overflow(id) } else { Ok(()) }
            }
            State::Following(followed) => {
                self.ready.extend(followed.add(id, row));
                Ok(())
            }
            State::Spilling(spill) => spill.add(id, &row),
            State::Merging(_) | State::Ended => Ok(()),
        }
    }

    /// Ends the input: all that is kept is whole.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.state = match std::mem::replace(&mut self.state, State::Ended) {
            State::Gathering(gathered) => {
                self.ready.extend(gathered.claims.into_iter().map(Group::first));
                State::Ended
            }
            State::Following(followed) => {
                self.ready.extend(followed.open.map(|(_, group)| group));
                State::Ended
            }
            State::Spilling(spill) => State::Merging(Box::new(spill.finish()?)),
            ended => ended,
        };
        Ok(())
    }

    /// The next claim that is whole.
    pub(super) fn next(&mut self) -> io::Result<Option<Group>> {
        if let State::Merging(merge) = &mut self.state {
            return Ok(merge.next()?.map(Group::first));
        }
        Ok(self.ready.pop_front())
    }

    /// Goes on without room in memory. `last` is the claim of the last row.
    fn overflow(&mut self, last: &[u8]) -> io::Result<()> {
        let State::Gathering(gathered) = std::mem::replace(&mut self.state, State::Ended) else {
            return Ok(());
        };
        let Overflow { scratch, unsorted } = self.overflow;
        self.state = match scratch.filter(|_| unsorted || gathered.apart) {
            Some(scratch) => State::Spilling(Box::new(gathered.spill(scratch, self.room)?)),
            None => State::Following(gathered.follow(last, &mut self.ready)),
        };
        Ok(())
    }
}

impl Gathered {
    fn add(&mut self, id: &[u8], row: Row) {
        self.memory += row.size() + id.len();
        let of_last = !self.claims.is_empty() && self.last_id == id;
        let known = if of_last { Some(self.last) } else { self.by_claim.get(id).copied() };
        if !of_last {
            self.last_id.clear();
            self.last_id.extend_from_slice(id);
        }
        if let Some((place, rows)) =
            known.and_then(|place| Some((place, self.claims.get_mut(place)?)))
        {
            self.apart |= place != self.last;
            self.last = place;
            rows.push(row);
        } else {
            self.last = self.claims.len();
            self.by_claim.insert(id.into(), self.last);
            self.claims.push(Rows::of(row));
        }
    }

    fn spill(self, scratch: Scratch, room: usize) -> io::Result<Spill> {
        let mut spill = Spill::new(scratch, room, 0)?;
        let mut ids: Vec<(usize, Box<[u8]>)> =
            self.by_claim.into_iter().map(|(id, place)| (place, id)).collect();
        ids.sort_unstable_by_key(|(place, _)| *place);
        for ((_, id), rows) in ids.into_iter().zip(self.claims) {
            for row in rows.rows {
                spill.add(&id, &row)?;
            }
        }
        Ok(spill)
    }

    /// Gives all claims out but the last, whose rows may go on.
    fn follow(mut self, last: &[u8], ready: &mut VecDeque<Group>) -> Followed {
        let open = self.by_claim.remove(last);
        let given = self.by_claim.keys().map(|id| hash(id)).collect();
        let mut followed = Followed { open: None, given };
        for (place, rows) in self.claims.into_iter().enumerate() {
            let group = Group::first(rows);
            if open == Some(place) {
                followed.open = Some((last.into(), group));
            } else {
                ready.push_back(group);
            }
        }
        followed
    }
}

impl Followed {
    fn add(&mut self, id: &[u8], row: Row) -> Option<Group> {
        if let Some((open, group)) = &mut self.open
            && **open == *id
        {
            group.rows.push(row);
            return None;
        }
        let came_back = self.given.contains(&hash(id));
        let next = (id.into(), Group { rows: Rows::of(row), came_back });
        let (id, group) = self.open.replace(next)?;
        self.given.insert(hash(&id));
        Some(group)
    }
}

impl Group {
    const fn first(rows: Rows) -> Self {
        Self { rows, came_back: false }
    }
}

/// A claim number as eight bytes, to know it again.
fn hash(id: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
