//! The checkpoint of a run: a file that is only ever appended to, frame by frame.
//!
//! The first frame says which run it is; each later one, up to which claim everything was told, what was said of
//! those claims, and how much of which input was read by then. A frame has its length and its checksum in front:
//! whatever a kill or a power cut leaves behind the last whole frame is cut off, and those claims are judged again.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::opinions::Kept;
use super::private;
use super::witness::Mark;

const MAGIC: &[u8] = b"cleanbill journal 1\n";
/// No frame is larger; a length beyond it is damage.
const MOST: u32 = 64 << 20;
/// What is said of claims is written at the latest when it has grown to this.
const FULL: usize = 1 << 20;

/// What a frame says beside what was said of claims.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Head {
    /// Every claim up to this number was told.
    pub(super) through: u64,
    /// Those of them that have to be judged again, since the last frame.
    pub(super) again: Vec<u64>,
    /// What was read of which input.
    pub(super) marks: Vec<(u32, Mark)>,
    /// Waivers that had met no finding.
    pub(super) unused_waivers: Vec<String>,
}

/// A journal that is written.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    /// Opinions that are not written yet.
    opinions: Vec<u8>,
}

/// What a journal of a run that broke off says.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Which run it was, as JSON.
    pub(super) plan: String,
    pub(super) head: Head,
    /// Bytes of whole frames.
    pub(super) whole: u64,
    /// Whether bytes behind them were of no use.
    pub(super) is_torn: bool,
}

impl Journal {
    /// Starts the journal of the run that `plan` describes.
    pub(super) fn create(path: &Path, plan: &str) -> io::Result<Self> {
        let mut file = private::new_file(path)?;
        let mut start = MAGIC.to_vec();
        start.extend(frame(plan.as_bytes(), &[])?);
        file.write_all(&start)?;
        file.sync_all()?;
        Ok(Self { file, opinions: Vec::new() })
    }

    /// Goes on behind what was `found`.
    pub(super) fn go_on(path: &Path, found: &Found) -> io::Result<Self> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.set_len(found.whole)?;
        file.seek(SeekFrom::Start(found.whole))?;
        file.sync_all()?;
        Ok(Self { file, opinions: Vec::new() })
    }

    /// Takes what was said of the next claim; `true` when it is time to [write](Self::write).
    pub(super) fn add(&mut self, kept: &Kept<'_>) -> io::Result<bool> {
        let opinions = std::mem::take(&mut self.opinions);
        self.opinions = postcard::to_extend(kept, opinions).map_err(io::Error::other)?;
        Ok(self.opinions.len() >= FULL)
    }

    /// Writes a frame with what was taken since the last one.
    pub(super) fn write(&mut self, head: &Head) -> io::Result<()> {
        let head = postcard::to_allocvec(head).map_err(io::Error::other)?;
        self.file.write_all(&frame(&head, &self.opinions)?)?;
        self.opinions.clear();
        Ok(())
    }

    /// Makes all frames safe on disk. Once that has failed nothing of the file can be trusted, so it is never
    /// tried again.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

impl Found {
    /// Reads the journal `path`; none when it does not even say which run it was.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut frames = Frames::open(path)?;
        let Some((plan, _)) = frames.next()? else { return Ok(None) };
        let Ok(plan) = String::from_utf8(plan) else { return Ok(None) };
        let mut found = Self { plan, whole: frames.whole, ..Self::default() };
        while let Some((head, _)) = frames.next()? {
            let Ok(head) = postcard::from_bytes::<Head>(&head) else { break };
            found.whole = frames.whole;
            found.head.through = head.through;
            found.head.again.extend(head.again);
            for (input, mark) in head.marks {
                found.head.marks.retain(|(other, _)| *other != input);
                found.head.marks.push((input, mark));
            }
            found.head.unused_waivers = head.unused_waivers;
        }
        found.is_torn = frames.input.get_ref().metadata()?.len() > found.whole;
        Ok(Some(found))
    }
}

/// What was said of claims, one after the other, out of the whole frames of a journal.
#[derive(Debug)]
pub(super) struct Opinions {
    frames: Frames,
    until: u64,
    frame: Vec<u8>,
    place: usize,
}

impl Opinions {
    pub(super) fn open(path: &Path, found: &Found) -> io::Result<Self> {
        let mut frames = Frames::open(path)?;
        frames.next()?;
        Ok(Self { frames, until: found.whole, frame: Vec::new(), place: 0 })
    }

    /// What was said of the claim `ordinal`; claims come in order.
    pub(super) fn of<T>(
        &mut self,
        ordinal: u64,
        take: impl FnOnce(&Kept<'_>) -> T,
    ) -> io::Result<Option<T>> {
        loop {
            let rest = self.frame.get(self.place..).unwrap_or_default();
            if !rest.is_empty() {
                let (kept, behind) =
                    postcard::take_from_bytes::<Kept<'_>>(rest).map_err(io::Error::other)?;
                if kept.ordinal > ordinal {
                    return Ok(None);
                }
                self.place = self.frame.len() - behind.len();
                if kept.ordinal == ordinal {
                    return Ok(Some(take(&kept)));
                }
                continue;
            }
            if self.frames.whole >= self.until {
                return Ok(None);
            }
            match self.frames.next()? {
                Some((_, opinions)) => (self.frame, self.place) = (opinions, 0),
                None => return Ok(None),
            }
        }
    }
}

/// Whole frames of a journal.
#[derive(Debug)]
struct Frames {
    input: BufReader<File>,
    /// Bytes up to the end of the last whole frame.
    whole: u64,
}

impl Frames {
    fn open(path: &Path) -> io::Result<Self> {
        let mut input = BufReader::new(File::open(path)?);
        let mut magic = [0; MAGIC.len()];
        let is_one = input.read_exact(&mut magic).is_ok() && magic == MAGIC;
        let whole = if is_one { u64::try_from(MAGIC.len()).unwrap_or(0) } else { u64::MAX };
        Ok(Self { input, whole })
    }

    /// The next frame: its head and what is behind it.
    fn next(&mut self) -> io::Result<Option<(Vec<u8>, Vec<u8>)>> {
        let mut start = [0; 12];
        if self.whole == u64::MAX || !filled(self.input.read_exact(&mut start))? {
            return Ok(None);
        }
        let number = |at: usize| {
            let bytes = start.get(at..at + 4).and_then(|four| four.first_chunk::<4>());
            bytes.copied().map_or(0, u32::from_le_bytes)
        };
        let (length, sum, head) = (number(0), number(4), number(8));
        if length > MOST || head > length {
            return Ok(None);
        }
        let mut body = vec![0; usize::try_from(length).unwrap_or(0)];
        if !filled(self.input.read_exact(&mut body))? || checksum(head, &body) != sum {
            return Ok(None);
        }
        self.whole += u64::from(length) + 12;
        let opinions = body.split_off(usize::try_from(head).unwrap_or(0));
        Ok(Some((body, opinions)))
    }
}

fn filled(read: io::Result<()>) -> io::Result<bool> {
    match read {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}

fn frame(head: &[u8], opinions: &[u8]) -> io::Result<Vec<u8>> {
    let length = |bytes: usize| u32::try_from(bytes).map_err(io::Error::other);
    let body = [head, opinions].concat();
    let head = length(head.len())?;
    let mut frame = Vec::with_capacity(body.len() + 12);
    for number in [length(body.len())?, checksum(head, &body), head] {
        frame.extend(number.to_le_bytes());
    }
    frame.extend(body);
    Ok(frame)
}

fn checksum(head: u32, body: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&head.to_le_bytes());
    sum.update(body);
    sum.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &Path) -> Vec<u8> {
        let mut journal = Journal::create(path, "{}").unwrap();
        for through in 1..=3 {
            journal.write(&Head { through, again: vec![through], ..Head::default() }).unwrap();
        }
        std::fs::read(path).unwrap()
    }

    #[test]
    fn a_journal_cut_or_flipped_anywhere_gives_what_stands_before_that_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let bytes = written(&path);
        let found = Found::read(&path).unwrap().unwrap();
        assert_eq!((found.head.through, found.is_torn, &*found.plan), (3, false, "{}"));
        assert_eq!(found.head.again, [1, 2, 3]);
        let mut seen = std::collections::BTreeSet::new();
        for place in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[place] ^= 0x10;
            for damaged in [&bytes[..place], &flipped[..]] {
                std::fs::write(&path, damaged).unwrap();
                let Some(found) = Found::read(&path).unwrap() else { continue };
                assert!(found.whole <= u64::try_from(place).unwrap(), "{place}");
                assert_eq!(found.head.again, (1..=found.head.through).collect::<Vec<_>>());
                seen.insert(found.head.through);
                let mut journal = Journal::go_on(&path, &found).unwrap();
                let through = found.head.through + 1;
                journal.write(&Head { through, again: vec![through], ..Head::default() }).unwrap();
                let again = Found::read(&path).unwrap().unwrap();
                assert_eq!((again.head.through, again.is_torn), (through, false), "{place}");
            }
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [0, 1, 2]);
    }
}
