//! The two pipes to the host, taken away from standard input and output before any code of the plugin runs:
//! what a plugin prints goes nowhere. Where they cannot be taken away, what it prints spoils a frame, and its
//! process is not believed.

use std::fs::File;
use std::io::{self, Write as _};

use crate::wire::{Frame, Inbox};

/// First number that the pipes may get, out of the way of what programs take for granted.
#[cfg(unix)]
const FIRST: i32 = 10;

/// The pipes to the host.
pub(super) struct Channel {
    requests: File,
    answers: File,
    inbox: Inbox,
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
        Ok(Self { requests: requests.into(), answers: answers.into(), inbox: Inbox::default() })
    }

    /// The pipes as they are: nothing here can put other files in their place.
    #[cfg(windows)]
    pub(super) fn take_over() -> io::Result<Self> {
        use std::os::windows::io::AsHandle as _;
        let requests = io::stdin().as_handle().try_clone_to_owned()?;
        let answers = io::stdout().as_handle().try_clone_to_owned()?;
        Ok(Self { requests: requests.into(), answers: answers.into(), inbox: Inbox::default() })
    }

    /// Numbers of the files that must stay open.
    #[cfg(unix)]
    pub(super) fn numbers(&self) -> [i32; 2] {
        use std::os::fd::AsRawFd as _;
        [self.requests.as_raw_fd(), self.answers.as_raw_fd()]
    }

    /// The next frame; `None` when the host is gone or sends what is no frame.
    pub(super) fn receive(&mut self) -> Option<Frame<'_>> {
        while !self.inbox.has_frame().ok()? {
            self.read_on()?;
        }
        self.inbox.take()
    }

    fn read_on(&mut self) -> Option<()> {
        loop {
            match self.inbox.read(&mut self.requests) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) | Ok(0) => return None,
                Ok(_) => return Some(()),
            }
        }
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
