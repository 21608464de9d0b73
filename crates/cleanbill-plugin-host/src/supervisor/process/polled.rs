//! The pipes of a process where one call waits for all of them at once.

use std::io::{self, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Inbox, Pipes, Shared, print_to};

/// What the pipe for claims is to hold: an ordinary batch, which then goes out at once.
#[cfg(target_os = "linux")]
const PIPE: usize = 256 << 10;

/// The pipes, none of which blocks, and what has not gone out yet.
#[derive(Debug)]
pub(in crate::supervisor) struct Polled {
    requests: ChildStdin,
    answers: ChildStdout,
    stderr: Option<ChildStderr>,
    outbox: Vec<u8>,
    written: usize,
}

impl Pipes for Polled {
    fn of(child: &mut Child) -> io::Result<Self> {
        let gone = || io::Error::other("a pipe is missing");
        let requests = child.stdin.take().ok_or_else(gone)?;
        let answers = child.stdout.take().ok_or_else(gone)?;
        let stderr = child.stderr.take().ok_or_else(gone)?;
        // A system that has no more memory for pipes leaves it as it is.
        #[cfg(target_os = "linux")]
        let _ = rustix::pipe::fcntl_setpipe_size(&requests, PIPE);
        rustix::io::ioctl_fionbio(&requests, true)?;
        rustix::io::ioctl_fionbio(&answers, true)?;
        rustix::io::ioctl_fionbio(&stderr, true)?;
        Ok(Self { requests, answers, stderr: Some(stderr), outbox: Vec::new(), written: 0 })
    }

    fn send(&mut self, frame: &mut Vec<u8>) {
        if self.written < self.outbox.len() {
            self.outbox.extend_from_slice(frame);
        } else {
            std::mem::swap(&mut self.outbox, frame);
            self.written = 0;
        }
        // At once, so that a process that is not waited for yet can begin. An error comes again.
        let _ = self.write_on();
    }

    fn wait(&mut self, most: Duration, inbox: &mut Inbox, spill: &Shared) -> io::Result<bool> {
        let is_sending = self.written < self.outbox.len();
        let wants = if is_sending { PollFlags::OUT } else { PollFlags::empty() };
        let requests = PollFd::new(&self.requests, wants);
        let answers = PollFd::new(&self.answers, PollFlags::IN);
        let timeout = Timespec::try_from(most).map_err(io::Error::other)?;
        let happened = |files: &mut [PollFd<'_>]| match poll(files, Some(&timeout)) {
            Err(rustix::io::Errno::INTR) => Ok(false),
            other => other.map(|_| true),
        };
        let mut files = [requests, answers, PollFd::new(&self.answers, PollFlags::empty())];
        if let (Some(stderr), [.., last]) = (&self.stderr, &mut files) {
            *last = PollFd::new(stderr, PollFlags::IN);
        }
        if !happened(&mut files)? {
            // A signal that is for the host.
            return Ok(false);
        }
        let [can_write, can_read, is_printed] = files.map(|file| !file.revents().is_empty());
        if is_printed {
            self.listen_to_stderr(spill);
        }
        let mut is_progress = false;
        if is_sending && can_write {
            is_progress |= self.write_on()?;
        }
        if can_read {
            is_progress |= self.read_on(inbox)?;
        }
        Ok(is_progress)
    }

    fn drain(&mut self, spill: &Shared) {
        // A pipe holds so much at most, and nobody writes to it any more.
        while self.stderr.is_some() && self.listen_to_stderr(spill) {}
    }
}

impl Polled {
    fn write_on(&mut self) -> io::Result<bool> {
        let rest = self.outbox.get(self.written..).unwrap_or_default();
        match self.requests.write(rest) {
            Ok(written) => self.written += written,
            Err(error) if is_for_later(&error) => return Ok(false),
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    fn read_on(&mut self, inbox: &mut Inbox) -> io::Result<bool> {
        match inbox.read(&mut self.answers) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => Ok(true),
            Err(error) if is_for_later(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether there was something.
    fn listen_to_stderr(&mut self, spill: &Shared) -> bool {
        let mut buffer = [0; 4096];
        let Some(stderr) = &mut self.stderr else { return false };
        match stderr.read(&mut buffer) {
            Ok(read) if read > 0 => {
                print_to(spill, buffer.get(..read).unwrap_or_default());
                return true;
            }
            Err(error) if is_for_later(&error) => {}
            _ => self.stderr = None,
        }
        false
    }
}

fn is_for_later(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
