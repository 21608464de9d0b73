//! Inputs that are compressed: gzip and zstd, told by their first bytes and unpacked on the way.
//!
//! Memory is bounded by the window of the format, whatever the ratio. An archive that is damaged or cut short
//! ends where it breaks, and the reader tells: what stood before is read like any input that ends too early.

use std::io::{self, BufRead as _, BufReader, Chain, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Bytes of compressed input read at a time.
const CHUNK: usize = 64 * 1024;

/// Whether an input that starts with these bytes is unpacked.
#[must_use]
pub fn is_compressed(start: &[u8]) -> bool {
    start.starts_with(&GZIP) || start.starts_with(&ZSTD)
}

/// The bytes that byte ranges of claims and errors count: the input, unpacked where it is compressed.
///
/// # Errors
/// Only when the input cannot be read from.
pub fn unpack<R: Read>(input: R) -> io::Result<impl Read> {
    Unpacked::new(input)
}

/// An input, unpacked where it is compressed.
pub(crate) struct Unpacked<R> {
    inner: Inner<R>,
    broken: Arc<AtomicBool>,
}

enum Inner<R> {
    /// Nobody looked at its first bytes.
    Unseen(R),
    Plain(Start<R>),
    Gzip(Box<MultiGzDecoder<BufReader<Raw<R>>>>),
    Zstd(Box<Frames<R>>),
}

type Start<R> = Chain<Cursor<Vec<u8>>, R>;

/// What the archive is read from; knows whether a failure is its own.
struct Raw<R> {
    input: Start<R>,
    failed: Arc<AtomicBool>,
}

impl<R: Read> Read for Raw<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer);
        let failed = read.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        self.failed.store(failed, Ordering::Relaxed);
        read
    }
}

impl<R: Read> Unpacked<R> {
    /// Looks at the first bytes of `input`.
    pub(crate) fn new(mut input: R) -> io::Result<Self> {
        let mut start = Vec::with_capacity(ZSTD.len());
        input.by_ref().take(4).read_to_end(&mut start)?;
        let (is_gzip, is_zstd) = (start.starts_with(&GZIP), start.starts_with(&ZSTD));
        let input = Cursor::new(start).chain(input);
        let failed = Arc::new(AtomicBool::new(false));
        let raw = |input| BufReader::with_capacity(CHUNK, Raw { input, failed: failed.clone() });
        let inner = match (is_gzip, is_zstd) {
            (true, _) => Inner::Gzip(Box::new(MultiGzDecoder::new(raw(input)))),
            (_, true) => Inner::Zstd(Box::new(Frames::new(raw(input)))),
            _ => Inner::Plain(input),
        };
        Ok(Self { inner, broken: Arc::default() })
    }

    /// An input that is given on as it is, nothing of it read.
    pub(crate) fn plain(input: R) -> Self {
        Self { inner: Inner::Unseen(input), broken: Arc::default() }
    }

    /// Is set once the archive turned out to be damaged or cut short.
    pub(crate) fn broken(&self) -> Arc<AtomicBool> {
        self.broken.clone()
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (read, input_failed) = match &mut self.inner {
            Inner::Unseen(input) => return input.read(buffer),
            Inner::Plain(input) => return input.read(buffer),
            _ if self.broken.load(Ordering::Relaxed) => return Ok(0),
            Inner::Gzip(decoder) => {
                let read = decoder.read(buffer);
                (read, decoder.get_ref().get_ref().failed.load(Ordering::Relaxed))
            }
            Inner::Zstd(frames) => {
                let read = frames.read(buffer);
                (read, frames.input.get_ref().failed.load(Ordering::Relaxed))
            }
        };
        match read {
            Err(error) if !input_failed && error.kind() != io::ErrorKind::Interrupted => {
                self.broken.store(true, Ordering::Relaxed);
                Ok(0)
            }
            read => read,
        }
    }
}

impl<R> std::fmt::Debug for Unpacked<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match &self.inner {
            Inner::Unseen(_) | Inner::Plain(_) => "Unpacked(plain)",
            Inner::Gzip(_) => "Unpacked(gzip)",
            Inner::Zstd(_) => "Unpacked(zstd)",
        })
    }
}

/// The frames of a zstd file, one after another.
struct Frames<R> {
    input: BufReader<Raw<R>>,
    decoder: FrameDecoder,
    started: bool,
}

impl<R: Read> Frames<R> {
    fn new(input: BufReader<Raw<R>>) -> Self {
        Self { input, decoder: FrameDecoder::new(), started: false }
    }

    /// Opens the next frame, passing over those without data; `false` at the end of the file.
    fn open(&mut self) -> io::Result<bool> {
        while !self.input.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.input) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut self.input.by_ref().take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.started {
                while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                    self.decoder
                        .decode_blocks(&mut self.input, BlockDecodingStrategy::UptoBlocks(1))
                        .map_err(io::Error::other)?;
                }
                let count = self.decoder.read(buffer)?;
                if count > 0 || buffer.is_empty() {
                    return Ok(count);
                }
                let stored = self.decoder.get_checksum_from_data();
                if stored.is_some() && stored != self.decoder.get_calculated_checksum() {
                    return Err(io::Error::other("the checksum of a frame does not hold"));
                }
            }
            self.started = self.open()?;
            if !self.started {
                return Ok(0);
            }
        }
    }
}
