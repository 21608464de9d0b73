//! Stopping between two claims, and between two reads of a claim that does not end.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Number of the signal that asks the run to stop; none when there is no one to ask.
#[derive(Clone, Copy)]
pub(crate) struct Stop<'a>(Option<&'a AtomicUsize>);

impl<'a> Stop<'a> {
    pub(crate) const fn new(flag: Option<&'a AtomicUsize>) -> Self {
        Self(flag)
    }

    /// The signal, once there was one.
    pub(crate) fn signal(self) -> Option<usize> {
        match self.0?.load(Ordering::Relaxed) {
            0 => None,
            signal => Some(signal),
        }
    }
}

/// A reader that fails once the run is asked to stop.
pub(crate) struct StoppableRead<'a> {
    pub(crate) input: Box<dyn Read>,
    pub(crate) stop: Stop<'a>,
}

impl Read for StoppableRead<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.stop.signal() {
            Some(_) => Err(io::Error::other("the run was asked to stop")),
            None => self.input.read(buffer),
        }
    }
}
