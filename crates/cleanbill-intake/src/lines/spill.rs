//! Rows of a table that does not fit into memory, put together to claims on disk.
//!
//! Rows are written to partitions by a hash of the number of their claim, so that all rows of a claim are in one
//! partition and a partition fits into memory. Each is read back, put together, and written as a run of claims in
//! the order of their first rows; merging the runs gives the claims of the whole table in that order, the same
//! as if all had been put together in memory. All partitions of a level are in one file, and all runs in another:
//! neither has a name, and both hold the mapped columns alone.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write as _};

use super::groups::Rows;
use super::row::{Row, number, short};
use crate::scratch::{Scratch, told};
use crate::source::size;

/// Partitions of a level.
const PARTITIONS: usize = 128;
/// Bytes of a partition that are collected before they are written.
const BLOCK: usize = 64 * 1024;
/// Levels of partitions. Beyond, a partition is put together however large: it holds one claim.
const LEVELS: u8 = 4;
/// Memory of all readers of runs together, but for the least that each has.
const RUN_BUFFERS: usize = 16 << 20;

/// Rows on their way to the partitions of a level.
#[derive(Debug)]
pub(super) struct Spill {
    scratch: Scratch,
    room: usize,
    level: u8,
    file: File,
    written: u64,
    partitions: Vec<Partition>,
}

#[derive(Debug, Default)]
struct Partition {
    collected: Vec<u8>,
    /// Where its blocks are in the file: start and length.
    blocks: Vec<(u64, usize)>,
    /// Memory that its rows take.
    memory: usize,
}

impl Spill {
    pub(super) fn new(scratch: Scratch, room: usize, level: u8) -> io::Result<Self> {
        let mut partitions = Vec::new();
        partitions.resize_with(PARTITIONS, Partition::default);
        Ok(Self { scratch, room, level, file: scratch.file()?, written: 0, partitions })
    }

    /// Takes a row of the claim `id`. Rows of one claim come in their order.
    pub(super) fn add(&mut self, id: &[u8], row: &Row) -> io::Result<()> {
        let mut hasher = DefaultHasher::new();
        (self.level, id).hash(&mut hasher);
        let at = usize::try_from(hasher.finish() % size(PARTITIONS)).unwrap_or_default();
        let Some(partition) = self.partitions.get_mut(at) else { return Ok(()) };
        partition.memory += row.size() + id.len();
        let length = u32::try_from(id.len()).unwrap_or(u32::MAX);
        partition.collected.extend_from_slice(&length.to_le_bytes());
        partition.collected.extend_from_slice(id);
        row.write(&mut partition.collected);
        if partition.collected.len() >= BLOCK {
            self.written += partition.flush(&mut self.file, self.written)?;
        }
        Ok(())
    }

    /// Puts the claims together.
    pub(super) fn finish(self) -> io::Result<Merge> {
        let mut runs = Runs { file: BufWriter::new(self.scratch.file()?), ends: vec![0] };
        self.write_runs(&mut runs)?;
        Merge::new(runs)
    }

    fn write_runs(mut self, runs: &mut Runs) -> io::Result<()> {
        for mut partition in std::mem::take(&mut self.partitions) {
            self.written += partition.flush(&mut self.file, self.written)?;
            let mut rows = Blocks { file: &self.file, blocks: partition.blocks.iter(), left: 0 };
            let mut rows = BufReader::with_capacity(BLOCK, &mut rows);
            if partition.memory > self.room && self.level < LEVELS {
                let mut finer = Self::new(self.scratch, self.room, self.level + 1)?;
                while let Some((id, row)) = next_row(&mut rows)? {
                    finer.add(&id, &row)?;
                }
                finer.write_runs(runs)?;
            } else {
                runs.add(&mut rows)?;
            }
        }
        Ok(())
    }
}

impl Partition {
    /// Writes what is collected at the end of the file, and says how many bytes it was.
    fn flush(&mut self, file: &mut File, end: u64) -> io::Result<u64> {
        let length = self.collected.len();
        if length > 0 {
            file.seek(SeekFrom::Start(end)).map_err(told)?;
            file.write_all(&self.collected).map_err(told)?;
            self.blocks.push((end, length));
            self.collected = Vec::new();
        }
        Ok(size(length))
    }
}

/// The blocks of a partition, one behind another.
struct Blocks<'a> {
    file: &'a File,
    blocks: std::slice::Iter<'a, (u64, usize)>,
    left: usize,
}

impl Read for Blocks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let Some((start, length)) = self.blocks.next() else { return Ok(0) };
            self.file.seek(SeekFrom::Start(*start)).map_err(told)?;
            self.left = *length;
        }
        let wanted = buffer.len().min(self.left);
        let read = self.file.read(buffer.get_mut(..wanted).unwrap_or_default()).map_err(told)?;
        self.left -= read;
        Ok(read)
    }
}

fn next_row(input: &mut impl io::BufRead) -> io::Result<Option<(Box<[u8]>, Row)>> {
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut id = vec![0; usize::try_from(short(input)?).map_err(io::Error::other)?];
    input.read_exact(&mut id)?;
    Ok(Some((id.into(), Row::read(input)?)))
}

/// Runs of claims, one behind another in a file.
struct Runs {
    file: BufWriter<File>,
    /// Where each run ends; the first entry is the start of the file.
    ends: Vec<u64>,
}

impl Runs {
    /// Puts the rows of a partition together and writes its claims.
    fn add(&mut self, rows: &mut impl io::BufRead) -> io::Result<()> {
        let mut claims: Vec<Rows> = Vec::new();
        let mut by_claim: HashMap<Box<[u8]>, usize> = HashMap::new();
        while let Some((id, row)) = next_row(rows)? {
            match by_claim.get(&id).and_then(|place| claims.get_mut(*place)) {
                Some(claim) => claim.push(row),
                None => {
                    by_claim.insert(id, claims.len());
                    claims.push(Rows::of(row));
                }
            }
        }
        let mut end = self.ends.last().copied().unwrap_or_default();
        let mut bytes = Vec::new();
        for claim in claims {
            claim.write(&mut bytes);
            self.file.write_all(&bytes).map_err(told)?;
            end += size(bytes.len());
            bytes.clear();
        }
        self.ends.push(end);
        Ok(())
    }
}

/// The claims of all runs in the order of their first rows.
#[derive(Debug)]
pub(super) struct Merge {
    file: File,
    runs: Vec<Run>,
    /// First row of the next claim of each run, and the run.
    heads: BinaryHeap<Reverse<(u64, usize)>>,
    buffer: usize,
}

/// What is left of a run.
#[derive(Debug)]
struct Run {
    start: u64,
    end: u64,
    buffered: Vec<u8>,
    used: usize,
}

impl Merge {
    fn new(runs: Runs) -> io::Result<Self> {
        let Runs { file, ends } = runs;
        let file = file.into_inner().map_err(|error| told(error.into_error()))?;
        let starts = ends.iter().zip(ends.iter().skip(1)).filter(|(start, end)| start < end);
        let runs: Vec<Run> = starts
            .map(|(start, end)| Run { start: *start, end: *end, buffered: Vec::new(), used: 0 })
            .collect();
        let buffer = (RUN_BUFFERS / runs.len().max(1)).clamp(4096, 256 * 1024);
        let mut merge = Self { file, runs, heads: BinaryHeap::new(), buffer };
        for place in 0..merge.runs.len() {
            merge.look(place)?;
        }
        Ok(merge)
    }

    /// The next claim.
    pub(super) fn next(&mut self) -> io::Result<Option<Rows>> {
        let Some(Reverse((_, place))) = self.heads.pop() else { return Ok(None) };
        let Some(run) = self.runs.get_mut(place) else { return Ok(None) };
        let rows = Rows::read(&mut Cursor { file: &self.file, run, buffer: self.buffer })?;
        self.look(place)?;
        Ok(Some(rows))
    }

    /// Reads which row the next claim of a run starts with.
    fn look(&mut self, place: usize) -> io::Result<()> {
        let Some(run) = self.runs.get_mut(place) else { return Ok(()) };
        if run.used < run.buffered.len() || run.start < run.end {
            let first = number(&mut Cursor { file: &self.file, run, buffer: self.buffer })?;
            self.heads.push(Reverse((first, place)));
        }
        Ok(())
    }
}

/// Reads on in a run.
struct Cursor<'a> {
    file: &'a File,
    run: &'a mut Run,
    buffer: usize,
}

impl Read for Cursor<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let run = &mut *self.run;
        if run.used == run.buffered.len() {
            let left = usize::try_from(run.end - run.start).unwrap_or(usize::MAX);
            run.buffered.resize(left.min(self.buffer), 0);
            self.file.seek(SeekFrom::Start(run.start)).map_err(told)?;
            self.file.read_exact(&mut run.buffered).map_err(told)?;
            run.start += size(run.buffered.len());
            run.used = 0;
        }
        let ready = run.buffered.get(run.used..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(ready) {
            *to = *from;
        }
        run.used += count;
        Ok(count)
    }
}
