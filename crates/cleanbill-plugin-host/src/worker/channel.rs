//! The two pipes to the host, taken away from standard input and output before any code of the plugin runs:
//! what a plugin prints goes nowhere. Where they cannot be taken away, what it prints spoils a frame, and its
//! process is not believed.

use std::fs::File;
use std::io::{self, Read as _, Write as _};

use crate::wire::{Frame, Malformed, parse};

/// First number that the pipes may get, out of the way of what programs take for granted.
#[cfg(unix)]
const FIRST: i32 = 10;
/// Bytes that are read at once.
const CHUNK: usize = 64 << 10;

/// The pipes to the host.
pub(super) struct Channel {
    requests: File,
    answers: File,
    inbox: Vec<u8>,
    used: usize,
}

impl Channel {
    /// Takes standard input and output over, and leaves an empty input and an output to nowhere.
    #[cfg(unix)]
    pub(super) fn take_over() -> io::Result<Self> {
        let requests = rustix::io::fcntl_dupfd_cloexec(io::stdin(), FIRST)?;
        let answers = rustix::io::fcntl_dupfd_cloexec(io::stdout(), FIRST)?;
        let nowhere = File::options().read(true).write(true).open("/dev/null")?;
        rustix::stdio::dup2_stdin(&nowhere)?;
        rustix::stdio::dup2_stdout(&nowhere)?;
        Ok(Self { requests: requests.into(), answers: answers.into(), inbox: Vec::new(), used: 0 })
    }

    /// The pipes as they are: nothing here can put other files in their place.
    #[cfg(windows)]
    pub(super) fn take_over() -> io::Result<Self> {
        use std::os::windows::io::AsHandle as _;
        let requests = io::stdin().as_handle().try_clone_to_owned()?;
        let answers = io::stdout().as_handle().try_clone_to_owned()?;
        Ok(Self { requests: requests.into(), answers: answers.into(), inbox: Vec::new(), used: 0 })
    }

    /// Numbers of the files that must stay open.
    #[cfg(unix)]
    pub(super) fn numbers(&self) -> [i32; 2] {
        use std::os::fd::AsRawFd as _;
        [self.requests.as_raw_fd(), self.answers.as_raw_fd()]
    }

    /// The next frame; `None` when the host is gone or sends what is no frame.
    pub(super) fn receive(&mut self) -> Option<Frame<'_>> {
        self.inbox.drain(..self.used);
        self.used = 0;
        let length = loop {
            match parse(&self.inbox) {
                Ok(Some((_, length))) => break length,
                Ok(None) => self.read_on()?,
                Err(Malformed) => return None,
            }
        };
        self.used = length;
        parse(&self.inbox).ok().flatten().map(|(frame, _)| frame)
    }

    fn read_on(&mut self) -> Option<()> {
        let before = self.inbox.len();
        self.inbox.resize(before + CHUNK, 0);
        let read = loop {
            match self.requests.read(self.inbox.get_mut(before..)?) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
                Ok(read) => break read,
            }
        };
        self.inbox.truncate(before + read);
        (read > 0).then_some(())
    }

    /// A writer of its own to the host, for use while a frame is looked at.
    pub(super) fn answers(&self) -> io::Result<File> {
        self.answers.try_clone()
    }
}

/// Sends a whole frame; `None` when the host is gone.
pub(super) fn send(answers: &mut File, frame: &[u8]) -> Option<()> {
    answers.write_all(frame).ok()
}
