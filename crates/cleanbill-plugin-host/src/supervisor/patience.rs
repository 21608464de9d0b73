//! How long to wait for a process that makes no progress. What counts is the time that it had, not the time on
//! the wall: a machine that was stopped for a minute, or has more to do than it can, hangs nobody.

use std::time::Duration;

/// Longest wait at a time, and most that one wait can count: while the host itself is stopped, its waits last
/// longer than they should.
const SLICE: Duration = Duration::from_millis(50);
/// How many times the limit a process may be stopped, or left waiting for a processor.
const EXTENSIONS: u32 = 60;

/// What is left of it.
#[derive(Debug)]
pub(super) struct Patience {
    limit: Duration,
    process: u32,
    waited: Duration,
    extensions: u32,
    used_before: Option<Duration>,
}

/// What the system says a process is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Doing {
    is_stopped: bool,
    is_ready: bool,
    used: Duration,
}

impl Patience {
    pub(super) fn new(limit: Duration, process: u32) -> Self {
        Self { limit, process, waited: Duration::ZERO, extensions: 0, used_before: None }
    }

    /// How long to wait next.
    pub(super) fn slice(&self) -> Duration {
        self.limit.saturating_sub(self.waited).clamp(Duration::from_millis(1), SLICE)
    }

    /// The process has made progress.
    pub(super) fn begin_again(&mut self) {
        *self = Self::new(self.limit, self.process);
    }

    /// Counts a wait in which nothing happened; `false` once it is enough.
    pub(super) fn lasts(&mut self, waited: Duration) -> bool {
        if self.used_before.is_none() {
            self.used_before = Some(doing(self.process).map_or(Duration::ZERO, |doing| doing.used));
        }
        self.waited += waited.min(SLICE);
        if self.waited < self.limit {
            return true;
        }
        let Some(now) = doing(self.process) else { return false };
        let used = now.used.saturating_sub(self.used_before.unwrap_or_default());
        let was_kept_waiting = now.is_ready && used < self.limit / 2;
        if (now.is_stopped || was_kept_waiting) && self.extensions < EXTENSIONS {
            self.waited = Duration::ZERO;
            self.extensions += 1;
            return true;
        }
        false
    }
}

/// Where the system tells: the state of the process, and the processor time of all its threads.
fn doing(process: u32) -> Option<Doing> {
    let line = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    read(&line)
}

fn read(line: &str) -> Option<Doing> {
    // The name of the program stands in brackets and may hold anything.
    let (_, fields) = line.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace();
    let state = fields.next()?;
    let mut ticks = fields.skip(10).map(|field| field.parse::<u64>().ok());
    let used = ticks.next()??.checked_add(ticks.next()??)?;
    Some(Doing {
        is_stopped: matches!(state, "T" | "t"),
        is_ready: state == "R",
        // A tick is a hundredth of a second on every system that has this file.
        used: Duration::from_millis(used.saturating_mul(10)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_process_is_read_whatever_its_name() {
        let line = "7 (a ) R b) T 1 1 1 0 -1 4194560 1 2 3 4 12 5 0 0 20 0 1 0";
        let doing = read(line).unwrap();
        assert_eq!((doing.is_stopped, doing.is_ready), (true, false));
        assert_eq!(doing.used, Duration::from_millis(170));
        assert!(!read(&line.replace(" T ", " S ")).unwrap().is_stopped);
        assert_eq!(read("7 (a) R"), None);
    }

    #[test]
    fn a_minute_in_which_the_host_itself_was_stopped_counts_as_one_slice() {
        let mut patience = Patience::new(Duration::from_secs(1), 0);
        assert!(patience.lasts(Duration::from_secs(60)));
        assert!(patience.lasts(Duration::from_secs(60)));
        for _ in 0..17 {
            assert!(patience.lasts(SLICE));
        }
        assert!(!patience.lasts(SLICE), "there is no such process to ask about");
    }

    #[test]
    fn progress_begins_the_wait_again() {
        let mut patience = Patience::new(Duration::from_millis(100), 0);
        for _ in 0..9 {
            assert!(patience.lasts(SLICE));
            patience.begin_again();
        }
    }
}
