//! A frame: `length u32 | kind u8 | batch u64 | checksum u32 | payload`. The checksum is CRC-32 over everything
//! but itself.

use super::read::{Malformed, Reader};

/// Bytes before the payload.
pub(super) const HEADER: usize = 17;
/// Bytes before the checksum.
const BEFORE_CHECKSUM: usize = 13;
/// Largest payload: a batch is half a mebibyte unless one claim alone is larger.
const LIMIT: usize = 64 << 20;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// To the worker, first: which library, and with which limits.
    Hello,
    /// To the worker: make an instance.
    Create,
    /// To the worker: judge these claims.
    Batch,
    /// From the worker: the library is loaded.
    Ready,
    /// From the worker: the library cannot be used; why.
    Refused,
    /// From the worker: the instance is made, or why not.
    Created,
    /// From the worker: what was said of the next claims of a batch.
    Reply,
    /// From the worker: there is no more to say of the batch.
    Done,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Hello,
        Self::Create,
        Self::Batch,
        Self::Ready,
        Self::Refused,
        Self::Created,
        Self::Reply,
        Self::Done,
    ];

    const fn byte(self) -> u8 {
        match self {
            Self::Hello => 1,
            Self::Create => 2,
            Self::Batch => 3,
            Self::Ready => 65,
            Self::Refused => 66,
            Self::Created => 67,
            Self::Reply => 68,
            Self::Done => 69,
        }
    }
}

/// A frame that arrived whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    /// What it is.
    pub(crate) kind: Kind,
    /// The batch that it is of; 0 where there is none.
    pub(crate) batch: u64,
    /// What is in it.
    pub(crate) payload: &'a [u8],
}

/// Starts a frame in `out`, in place of what is there; the payload is to be appended.
pub(crate) fn begin(out: &mut Vec<u8>, kind: Kind, batch: u64) {
    out.clear();
    put_header(out, kind, batch);
}

/// Appends a whole frame to those that are in `out`.
pub(crate) fn append(
    out: &mut Vec<u8>,
    kind: Kind,
    batch: u64,
    payload: &[u8],
) -> Result<(), Malformed> {
    let start = out.len();
    put_header(out, kind, batch);
    out.extend_from_slice(payload);
    finish(out.get_mut(start..).unwrap_or_default())
}

fn put_header(out: &mut Vec<u8>, kind: Kind, batch: u64) {
    out.extend_from_slice(&[0; 4]);
    out.push(kind.byte());
    out.extend_from_slice(&batch.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
}

/// Completes the frame in `out` once its payload is there; `Malformed` when that is too large.
pub(crate) fn finish(out: &mut [u8]) -> Result<(), Malformed> {
    let length = out.len().checked_sub(HEADER).filter(|length| *length <= LIMIT);
    let length = u32::try_from(length.ok_or(Malformed)?).map_err(|_| Malformed)?;
    if let Some(place) = out.first_chunk_mut::<4>() {
        *place = length.to_le_bytes();
    }
    let checksum = checksum(out).ok_or(Malformed)?;
    if let Some(place) = out.get_mut(BEFORE_CHECKSUM..HEADER) {
        place.copy_from_slice(&checksum.to_le_bytes());
    }
    Ok(())
}

/// The frame at the front of `bytes` and its length, once it is there as a whole.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<(Frame<'_>, usize)>, Malformed> {
    if bytes.len() < HEADER {
        return Ok(None);
    }
    let mut reader = Reader::new(bytes);
    let length = reader.count()?;
    let kind = reader.u8()?;
    let kind = Kind::ALL.into_iter().find(|known| known.byte() == kind).ok_or(Malformed)?;
    let batch = reader.u64()?;
    let written = reader.u32()?;
    if length > LIMIT {
        return Err(Malformed);
    }
    let whole = length.saturating_add(HEADER);
    let Some(frame) = bytes.get(..whole) else { return Ok(None) };
    if checksum(frame) != Some(written) {
        return Err(Malformed);
    }
    Ok(Some((Frame { kind, batch, payload: reader.bytes(length)? }, whole)))
}

fn checksum(frame: &[u8]) -> Option<u32> {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(frame.get(..BEFORE_CHECKSUM)?);
    hasher.update(frame.get(HEADER..)?);
    Some(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: Kind, payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        begin(&mut out, kind, 7);
        out.extend_from_slice(payload);
        finish(&mut out).unwrap();
        out
    }

    #[test]
    fn a_frame_is_read_once_it_is_whole() {
        for kind in Kind::ALL {
            let mut bytes = frame(kind, b"claims");
            for end in 0..bytes.len() {
                assert!(parse(&bytes[..end]).unwrap().is_none(), "{end}");
            }
            bytes.extend_from_slice(b"and more");
            let (read, length) = parse(&bytes).unwrap().unwrap();
            assert_eq!((read.kind, read.batch, read.payload), (kind, 7, b"claims".as_slice()));
            assert_eq!(length, bytes.len() - 8);
        }
    }

    #[test]
    fn a_frame_with_any_byte_changed_is_no_frame() {
        let good = frame(Kind::Reply, b"claims");
        for place in 0..good.len() {
            let mut bad = good.clone();
            bad[place] ^= 0x41;
            assert!(!matches!(parse(&bad), Ok(Some(_))), "{place}");
        }
    }

    #[test]
    fn a_length_beyond_the_limit_is_not_waited_for() {
        let mut bytes = frame(Kind::Reply, b"");
        bytes[..4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(parse(&bytes).unwrap_err(), Malformed);
    }
}
