//! Stopping between two claims, and between two reads of a claim that does not end.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::RunError;

/// Number of the signal that asks the run to stop.
#[derive(Clone)]
pub(crate) enum Stop<'a> {
    /// Whoever started the run asks, if anyone does.
    Asked(Option<&'a AtomicUsize>),
    /// The run asks a thread of its own, which may outlive it.
    Own(Arc<AtomicUsize>),
}

impl<'a> Stop<'a> {
    pub(crate) const fn new(flag: Option<&'a AtomicUsize>) -> Self {
        Self::Asked(flag)
    }

    /// The signal, once there was one.
    pub(crate) fn signal(&self) -> Option<usize> {
        let flag = match self {
            Self::Asked(flag) => (*flag)?,
            Self::Own(flag) => flag,
        };
        match flag.load(Ordering::Relaxed) {
            0 => None,
            signal => Some(signal),
        }
    }
}

impl Stop<'_> {
    /// Why reading `input` failed behind `claims` claims: it was to stop, or the system says so.
    pub(crate) fn failed(&self, input: &str, source: io::Error, claims: u64) -> RunError {
        match self.signal() {
            Some(signal) => RunError::Stopped { signal, claims },
            None => RunError::Read { input: input.to_owned(), source },
        }
    }
}

/// A reader that fails once the run is asked to stop.
pub(crate) struct StoppableRead<'a, R = Box<dyn Read + Send>> {
    pub(crate) input: R,
    pub(crate) stop: Stop<'a>,
}

impl<R: Read> Read for StoppableRead<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.stop.signal() {
            Some(_) => Err(io::Error::other("the run was asked to stop")),
            None => self.input.read(buffer),
        }
    }
}
