//! One process of a plugin as its host has it: started, sent frames, listened to, and ended.

use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::patience::Patience;
use super::stderr::Spill;
use crate::no_answer::Cause;
use crate::wire::{Frame, Malformed, parse};
use crate::worker::{COOKIE, VERB};

/// Bytes that are read at once.
const CHUNK: usize = 64 << 10;

/// A running process.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    requests: ChildStdin,
    answers: ChildStdout,
    stderr: Option<ChildStderr>,
    inbox: Vec<u8>,
    used: usize,
    outbox: Vec<u8>,
    written: usize,
}

impl Process {
    /// Starts `program` as a worker; it does nothing before it is greeted.
    pub(super) fn start(program: &super::WorkerProgram) -> io::Result<Self> {
        let mut command = Command::new(program.path());
        command.arg(VERB).arg(COOKIE).env_clear().current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let gone = || io::Error::other("a pipe is missing");
        let requests = child.stdin.take().ok_or_else(gone)?;
        let answers = child.stdout.take().ok_or_else(gone)?;
        let stderr = child.stderr.take().ok_or_else(gone)?;
        rustix::io::ioctl_fionbio(&requests, true)?;
        rustix::io::ioctl_fionbio(&answers, true)?;
        rustix::io::ioctl_fionbio(&stderr, true)?;
        Ok(Self {
            child,
            requests,
            answers,
            stderr: Some(stderr),
            inbox: Vec::new(),
            used: 0,
            outbox: Vec::new(),
            written: 0,
        })
    }

    /// Has a frame sent, as the process takes it; nothing waits for that.
    pub(super) fn send(&mut self, frame: &[u8]) {
        self.outbox.drain(..self.written);
        self.written = 0;
        self.outbox.extend_from_slice(frame);
    }

    /// The next frame. The error is what became of the process, which is no more then.
    pub(super) fn receive(
        &mut self,
        limit: Duration,
        spill: &mut Spill,
    ) -> Result<Frame<'_>, Cause> {
        self.inbox.drain(..self.used);
        self.used = 0;
        let mut patience = Patience::new(limit, self.child.id());
        let length = loop {
            match parse(&self.inbox) {
                Ok(Some((_, length))) => break length,
                Ok(None) => {}
                Err(Malformed) => return Err(self.end(Some(Cause::Garbled), spill)),
            }
            match self.turn(&mut patience, spill) {
                Ok(true) => {}
                Ok(false) => {
                    let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
                    return Err(self.end(Some(Cause::Hung(limit)), spill));
                }
                Err(_) => return Err(self.end(None, spill)),
            }
        };
        self.used = length;
        match parse(&self.inbox) {
            Ok(Some((frame, _))) => Ok(frame),
            _ => Err(Cause::Garbled),
        }
    }

    /// Waits for something to happen and does it. `false` once patience is at an end, an error when a pipe is.
    fn turn(&mut self, patience: &mut Patience, spill: &mut Spill) -> io::Result<bool> {
        let is_sending = self.written < self.outbox.len();
        let wants = if is_sending { PollFlags::OUT } else { PollFlags::empty() };
        let mut files =
            vec![PollFd::new(&self.answers, PollFlags::IN), PollFd::new(&self.requests, wants)];
        if let Some(stderr) = &self.stderr {
            files.push(PollFd::new(stderr, PollFlags::IN));
        }
        let before = Instant::now();
        let slice = patience.slice();
        let timeout = Timespec::try_from(slice).map_err(io::Error::other)?;
        match poll(&mut files, Some(&timeout)) {
            Err(rustix::io::Errno::INTR) => return Ok(true),
            other => other?,
        };
        let happened: Vec<bool> = files.iter().map(|file| !file.revents().is_empty()).collect();
        drop(files);
        if happened.get(2) == Some(&true) {
            self.listen_to_stderr(spill);
        }
        let mut is_progress = false;
        if is_sending && happened.get(1) == Some(&true) {
            is_progress |= self.write_on()?;
        }
        if happened.first() == Some(&true) {
            is_progress |= self.read_on()?;
        }
        if is_progress {
            patience.begin_again();
            return Ok(true);
        }
        Ok(patience.lasts(before.elapsed()))
    }

    fn write_on(&mut self) -> io::Result<bool> {
        let rest = self.outbox.get(self.written..).unwrap_or_default();
        match self.requests.write(rest) {
            Ok(written) => self.written += written,
            Err(error) if is_for_later(&error) => return Ok(false),
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    fn read_on(&mut self) -> io::Result<bool> {
        let before = self.inbox.len();
        self.inbox.resize(before + CHUNK, 0);
        let read = self.answers.read(self.inbox.get_mut(before..).unwrap_or_default());
        self.inbox.truncate(before + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => Ok(true),
            Err(error) if is_for_later(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether there was something.
    fn listen_to_stderr(&mut self, spill: &mut Spill) -> bool {
        let mut buffer = [0; 4096];
        let Some(stderr) = &mut self.stderr else { return false };
        match stderr.read(&mut buffer) {
            Ok(read) if read > 0 => {
                spill.take(buffer.get(..read).unwrap_or_default());
                return true;
            }
            Err(error) if is_for_later(&error) => {}
            _ => self.stderr = None,
        }
        false
    }

    /// Ends the process if it has not ended; what had become of it unless `cause` is known.
    pub(super) fn end(&mut self, cause: Option<Cause>, spill: &mut Spill) -> Cause {
        // One that has ended already keeps its own end.
        let _ = self.child.kill();
        let ended = self.child.wait();
        // A pipe holds so much at most, and nobody writes to it any more.
        while self.stderr.is_some() && self.listen_to_stderr(spill) {}
        cause.unwrap_or_else(|| match ended {
            Ok(status) => Cause::Ended(how(status)),
            Err(_) => Cause::Ended("in a way that is not known".to_owned()),
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end(None, &mut Spill::default());
    }
}

fn is_for_later(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// `with SIGSEGV`, `with status 0`.
fn how(status: ExitStatus) -> String {
    const SIGNALS: [(i32, &str); 9] = [
        (4, "SIGILL"),
        (5, "SIGTRAP"),
        (6, "SIGABRT"),
        (7, "SIGBUS"),
        (8, "SIGFPE"),
        (11, "SIGSEGV"),
        (24, "SIGXCPU"),
        (25, "SIGXFSZ"),
        (31, "SIGSYS"),
    ];
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("with status {code}"),
        // It was still there, and only its pipe was not.
        (None, Some(9)) => "its connection".to_owned(),
        (None, signal) => {
            let known = SIGNALS.iter().find(|(number, _)| Some(*number) == signal);
            match known {
                Some((_, name)) => format!("with {name}"),
                None => format!("with signal {}", signal.unwrap_or_default()),
            }
        }
    }
}
