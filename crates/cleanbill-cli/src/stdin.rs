//! Standard input that a stop request reaches even while nothing comes.
//!
//! A read of a pipe blocks until its writer writes; a signal does not end it. So a thread reads, and
//! the run waits for it with an eye on the stop flag.

use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

const CHUNK: usize = 128 * 1024;
/// Chunks read ahead: enough to keep the run busy, little enough to need no thought of memory.
const AHEAD: usize = 4;
const LOOK_AT_FLAG: Duration = Duration::from_millis(100);

/// Standard input; nothing is read before the first call.
pub struct Stdin {
    stop: Arc<AtomicUsize>,
    chunks: Option<Receiver<io::Result<Vec<u8>>>>,
    current: Cursor<Vec<u8>>,
}

impl Stdin {
    /// Standard input that gives up once `stop` is not zero.
    pub fn new(stop: Arc<AtomicUsize>) -> Self {
        Self { stop, chunks: None, current: Cursor::default() }
    }

    /// The next chunk; `None` at the end.
    fn next_chunk(&mut self) -> io::Result<Option<Vec<u8>>> {
        let chunks = self.chunks.get_or_insert_with(start);
        loop {
            match chunks.recv_timeout(LOOK_AT_FLAG) {
                Ok(chunk) => return chunk.map(Some),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::Relaxed) != 0 => {
                    return Err(io::Error::other("the run was asked to stop"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl Read for Stdin {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.current.read(buffer)?;
        if count > 0 || buffer.is_empty() {
            return Ok(count);
        }
        match self.next_chunk()? {
            None => Ok(0),
            Some(chunk) => {
                self.current = Cursor::new(chunk);
                self.current.read(buffer)
            }
        }
    }
}

/// Starts the thread. It ends with the input, or when the run no longer listens.
fn start() -> Receiver<io::Result<Vec<u8>>> {
    let (send, chunks) = sync_channel(AHEAD);
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let mut chunk = vec![0; CHUNK];
            let sent = match input.read(&mut chunk) {
                Ok(0) => return,
                Ok(count) => {
                    chunk.truncate(count);
                    send.send(Ok(chunk))
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    let _ = send.send(Err(error));
                    return;
                }
            };
            if sent.is_err() {
                return;
            }
        }
    });
    chunks
}
