//! The pipes of a process where nothing waits for several of them: a thread for each, which ends with the
//! process.

use std::io::{self, Read, Write};
use std::process::{Child, ChildStdin};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use super::{Inbox, Pipes, Shared, print_to};

/// Bytes that are read at once.
const CHUNK: usize = 64 << 10;
/// Pieces of what a process says that may wait to be heard.
const WAITING: usize = 16;

/// The ends of the threads.
#[derive(Debug)]
pub(in crate::supervisor) struct Threaded {
    requests: Sender<Vec<u8>>,
    heard: Receiver<Heard>,
}

/// What a thread has to tell.
#[derive(Debug)]
enum Heard {
    Written,
    Answers(Vec<u8>),
    Printed(Vec<u8>),
    /// A pipe to or from the process is closed.
    Closed,
}

impl Pipes for Threaded {
    fn of(child: &mut Child) -> io::Result<Self> {
        let gone = || io::Error::other("a pipe is missing");
        let stdin = child.stdin.take().ok_or_else(gone)?;
        let answers = child.stdout.take().ok_or_else(gone)?;
        let stderr = child.stderr.take().ok_or_else(gone)?;
        let (requests, frames) = channel();
        let (tell, heard) = sync_channel(WAITING);
        let (of_answers, of_stderr) = (tell.clone(), tell.clone());
        thread::Builder::new().spawn(move || write(stdin, &frames, &tell))?;
        thread::Builder::new().spawn(move || {
            read(answers, &of_answers, Heard::Answers);
            // Nobody listens any more when this fails.
            let _ = of_answers.send(Heard::Closed);
        })?;
        thread::Builder::new().spawn(move || read(stderr, &of_stderr, Heard::Printed))?;
        Ok(Self { requests, heard })
    }

    fn send(&mut self, frame: &mut Vec<u8>) {
        // A thread that has ended has told why.
        let _ = self.requests.send(std::mem::take(frame));
    }

    fn wait(&mut self, most: Duration, inbox: &mut Inbox, spill: &Shared) -> io::Result<bool> {
        match self.heard.recv_timeout(most) {
            Ok(Heard::Written) => Ok(true),
            Ok(Heard::Answers(bytes)) => {
                inbox.append(&bytes);
                Ok(true)
            }
            Ok(Heard::Printed(bytes)) => {
                print_to(spill, &bytes);
                Ok(false)
            }
            Err(RecvTimeoutError::Timeout) => Ok(false),
            Ok(Heard::Closed) | Err(RecvTimeoutError::Disconnected) => {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        }
    }

    fn drain(&mut self, spill: &Shared) {
        // So that the thread that writes ends, and the others can tell of their end.
        (self.requests, _) = channel();
        while let Ok(heard) = self.heard.recv() {
            if let Heard::Printed(bytes) = heard {
                print_to(spill, &bytes);
            }
        }
    }
}

/// Writes each frame as a whole.
fn write(mut stdin: ChildStdin, frames: &Receiver<Vec<u8>>, tell: &SyncSender<Heard>) {
    while let Ok(frame) = frames.recv() {
        let is_written = stdin.write_all(&frame).is_ok();
        let heard = if is_written { Heard::Written } else { Heard::Closed };
        if tell.send(heard).is_err() || !is_written {
            return;
        }
    }
}

/// Reads until the pipe is closed or nobody listens.
fn read(mut pipe: impl Read, tell: &SyncSender<Heard>, heard: fn(Vec<u8>) -> Heard) {
    let mut buffer = vec![0; CHUNK];
    loop {
        match pipe.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(read) if read > 0 => {
                let bytes = buffer.get(..read).unwrap_or_default().to_owned();
                if tell.send(heard(bytes)).is_err() {
                    return;
                }
            }
            _ => return,
        }
    }
}
