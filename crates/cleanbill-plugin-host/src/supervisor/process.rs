//! One process of a plugin as its host has it: started, sent frames, listened to, and ended.

#[cfg(unix)]
mod polled;
// Tests run it everywhere, so that it is run at all.
#[cfg(any(not(unix), test))]
mod threaded;

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::patience::Patience;
use super::starter;
use super::stderr::Spill;
use crate::no_answer::Cause;
use crate::wire::{Frame, Inbox, Malformed};
use crate::worker::{COOKIE, VERB};

#[cfg(unix)]
use polled::Polled as Native;
#[cfg(not(unix))]
use threaded::Threaded as Native;

/// The three pipes of a process, however the system lets one wait for them all.
pub(super) trait Pipes: Sized {
    /// Takes them from `child`.
    fn of(child: &mut Child) -> io::Result<Self>;

    /// Has a frame sent, as the process takes it; nothing waits for that. What is in `frame` afterwards is
    /// no more than memory.
    fn send(&mut self, frame: &mut Vec<u8>);

    /// Waits at most so long for something to happen and does it: answers go into `inbox`, whatever is
    /// printed to `spill`. Whether it was progress; an error when the process has closed a pipe.
    fn wait(&mut self, most: Duration, inbox: &mut Inbox, spill: &Shared) -> io::Result<bool>;

    /// Takes what a process that has ended had printed.
    fn drain(&mut self, spill: &Shared);
}

/// How long a process that has closed a pipe may take to end.
const GRACE: Duration = Duration::from_secs(1);

/// Where the processes of a plugin print to.
pub(super) type Shared = Mutex<Spill>;

/// A running process.
#[derive(Debug)]
pub(super) struct Process<P: Pipes = Native> {
    child: Child,
    pipes: P,
    inbox: Inbox,
    spill: Arc<Shared>,
}

impl Process {
    /// Starts `program` as a worker; it does nothing before it is greeted.
    pub(super) fn start(program: &super::WorkerProgram, spill: Arc<Shared>) -> io::Result<Self> {
        let mut command = Command::new(program.path());
        command.arg(VERB).arg(COOKIE).env_clear();
        #[cfg(unix)]
        command.current_dir("/");
        Self::spawn(command, spill)
    }
}

impl<P: Pipes> Process<P> {
    fn spawn(mut command: Command, spill: Arc<Shared>) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = starter::start(command)?;
        let pipes = P::of(&mut child)?;
        Ok(Self { child, pipes, inbox: Inbox::default(), spill })
    }

    /// Has a frame sent, as the process takes it; nothing waits for that. What is in `frame` afterwards is
    /// no more than memory.
    pub(super) fn send(&mut self, frame: &mut Vec<u8>) {
        self.pipes.send(frame);
    }

    /// The next frame. The error is what became of the process, which is no more then. Whenever nothing has
    /// arrived for a while, `has_gone_on` is asked whether there was progress all the same.
    pub(super) fn receive(
        &mut self,
        limit: Duration,
        mut has_gone_on: impl FnMut() -> bool,
    ) -> Result<Frame<'_>, Cause> {
        let mut patience = Patience::new(limit, self.child.id());
        loop {
            match self.inbox.has_frame() {
                Ok(true) => break,
                Ok(false) => {}
                Err(Malformed) => return Err(self.end(Some(Cause::Garbled))),
            }
            let before = Instant::now();
            match self.pipes.wait(patience.slice(), &mut self.inbox, &self.spill) {
                Ok(true) => patience.begin_again(),
                Ok(false) if has_gone_on() => patience.begin_again(),
                Ok(false) if patience.lasts(before.elapsed()) => {}
                Ok(false) => {
                    let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
                    return Err(self.end(Some(Cause::Hung(limit))));
                }
                Err(_) => return Err(self.lost()),
            }
        }
        self.inbox.take().ok_or(Cause::Garbled)
    }

    /// What becomes of a process that has closed a pipe. Most have ended by then. One that has not, ends
    /// soon, since it cannot answer: it is given the time, or its end would depend on who is faster.
    fn lost(&mut self) -> Cause {
        let begun = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && begun.elapsed() < GRACE {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.end(None)
    }

    /// Ends the process if it has not ended; what had become of it unless `cause` is known.
    fn end(&mut self, cause: Option<Cause>) -> Cause {
        // One that has ended already keeps its own end.
        let _ = self.child.kill();
        let ended = self.child.wait();
        self.pipes.drain(&self.spill);
        cause.unwrap_or_else(|| match ended {
            Ok(status) => Cause::Ended(how(status)),
            Err(_) => Cause::Ended("in a way that is not known".to_owned()),
        })
    }
}

impl<P: Pipes> Drop for Process<P> {
    fn drop(&mut self) {
        self.end(None);
    }
}

fn print_to(spill: &Shared, bytes: &[u8]) {
    spill.lock().unwrap_or_else(PoisonError::into_inner).take(bytes);
}

/// `with SIGSEGV`, `with status 0`.
fn how(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return signalled(signal);
    }
    match status.code() {
        // What Windows says of a crash is known by these digits.
        Some(code) if code < 0 => format!("with status {code:#x}"),
        Some(code) => format!("with status {code}"),
        None => "in a way that is not known".to_owned(),
    }
}

#[cfg(unix)]
fn signalled(number: i32) -> String {
    use rustix::process::Signal;
    // Their numbers are not the same on all systems.
    const SIGNALS: [(Signal, &str); 9] = [
        (Signal::ILL, "SIGILL"),
        (Signal::TRAP, "SIGTRAP"),
        (Signal::ABORT, "SIGABRT"),
        (Signal::BUS, "SIGBUS"),
        (Signal::FPE, "SIGFPE"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::XCPU, "SIGXCPU"),
        (Signal::XFSZ, "SIGXFSZ"),
        (Signal::SYS, "SIGSYS"),
    ];
    if number == Signal::KILL.as_raw() {
        // It was still there, and only its pipe was not.
        return "its connection".to_owned();
    }
    match SIGNALS.iter().find(|(signal, _)| signal.as_raw() == number) {
        Some((_, name)) => format!("with {name}"),
        None => format!("with signal {number}"),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
