//! `--timings`: where the time of a run went, by stage and by rule.
//!
//! Edits and reports are wrapped, so that a run that is not asked about its time pays nothing for this.

mod edit;
mod report;

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cleanbill_engine::Registry;
use cleanbill_report::escape;
use cleanbill_run::Output;

/// Rules that are shown by name.
const SHOWN: usize = 10;

/// Time spent in one place, by all threads together.
#[derive(Debug, Default)]
struct Spent {
    nanoseconds: AtomicU64,
    calls: AtomicU64,
}

impl Spent {
    /// Does `work` and counts what it takes.
    fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        let took = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(took, Ordering::Relaxed);
        self.calls.fetch_add(1, Ordering::Relaxed);
        done
    }

    fn time(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed))
    }
}

/// The clock of a run.
pub struct Timings {
    begun: Instant,
    /// Until packs, tables and plugins were there.
    loading: Duration,
    rules: Vec<(String, Arc<Spent>)>,
    reports: Arc<Spent>,
}

impl Timings {
    /// Begins to count.
    pub fn begin() -> Self {
        Self {
            begun: Instant::now(),
            loading: Duration::ZERO,
            rules: Vec::new(),
            reports: Arc::default(),
        }
    }

    /// The same edits, each with its time counted. Loading ends here.
    pub fn of_edits(&mut self, registry: Registry) -> Registry {
        self.loading = cpu_time().unwrap_or_else(|| self.begun.elapsed());
        registry.map_edits(|edit| edit::timed(edit, &mut self.rules))
    }

    /// The same outputs, with the time of all together counted.
    pub fn of_outputs(&self, outputs: Vec<Output>) -> Vec<Output> {
        outputs.into_iter().map(|output| report::timed(output, &self.reports)).collect()
    }

    /// Tells on standard error where the time went.
    pub fn tell(mut self, claims: u64) {
        let wall = self.begun.elapsed();
        let text = self.text(claims, wall, cpu_time());
        // There is nowhere left to tell that standard error is gone.
        let _ = anstream::stderr().lock().write_all(text.as_bytes());
    }

    fn text(&mut self, claims: u64, wall: Duration, cpu: Option<Duration>) -> String {
        let edits = self.rules.iter().map(|(_, spent)| spent.time()).sum();
        let reports = self.reports.time();
        let whole = cpu.unwrap_or(wall);
        let rest = whole.saturating_sub(self.loading + edits + reports);
        let mut text = format!("timings: {:.3} s for {claims} claims", wall.as_secs_f64());
        if let Some(cpu) = cpu {
            text.push_str(&format!(", {:.3} s of processor time", cpu.as_secs_f64()));
        }
        text.push('\n');
        for (stage, time) in [
            ("packs, tables, plugins", self.loading),
            ("edits", edits),
            ("reports", reports),
            ("reading and the rest", rest),
        ] {
            let percent = percent(time, whole);
            text.push_str(&format!("  {stage:<24}{:>9.3} s{percent:>6} %\n", time.as_secs_f64()));
        }
        self.rules.retain(|(_, spent)| spent.calls.load(Ordering::Relaxed) > 0);
        self.rules.sort_by_key(|(id, spent)| (std::cmp::Reverse(spent.time()), id.clone()));
        if !self.rules.is_empty() {
            text.push_str("  rules that took most         s    asked  ns each\n");
        }
        for (id, spent) in self.rules.iter().take(SHOWN) {
            let (time, calls) = (spent.time(), spent.calls.load(Ordering::Relaxed).max(1));
            let each = time.as_nanos() / u128::from(calls);
            let id = escape(id);
            text.push_str(&format!("    {id:<22}{:>9.3}{calls:>9}{each:>9}\n", time.as_secs_f64()));
        }
        let left: Duration = self.rules.iter().skip(SHOWN).map(|(_, spent)| spent.time()).sum();
        if let Some(more) = self.rules.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            text.push_str(&format!(
                "    {:<22}{:>9.3}\n",
                format!("{more} more"),
                left.as_secs_f64()
            ));
        }
        text
    }
}

/// A part of the whole in whole percent.
fn percent(part: Duration, whole: Duration) -> u128 {
    part.as_micros() * 100 / whole.as_micros().max(1)
}

/// What all threads of this process have had of the processors, where the system tells.
fn cpu_time() -> Option<Duration> {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Duration::try_from(time).ok()
    }
    #[cfg(not(unix))]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(milliseconds: u64, calls: u64) -> Arc<Spent> {
        let nanoseconds = AtomicU64::new(milliseconds * 1_000_000);
        Arc::new(Spent { nanoseconds, calls: AtomicU64::new(calls) })
    }

    #[test]
    fn stages_make_up_the_whole_and_the_costliest_rules_come_first() {
        let mut timings = Timings::begin();
        timings.loading = Duration::from_millis(10);
        timings.reports = spent(40, 100);
        timings.rules = (1..=12).map(|rule| (format!("rule-{rule}"), spent(rule, 1_000))).collect();
        timings.rules.push(("never-asked".to_owned(), spent(0, 0)));
        let wall = Duration::from_millis(150);
        let text = timings.text(100, wall, Some(Duration::from_millis(200)));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "timings: 0.150 s for 100 claims, 0.200 s of processor time");
        assert_eq!(lines[1], "  packs, tables, plugins      0.010 s     5 %");
        assert_eq!(lines[2], "  edits                       0.078 s    39 %");
        assert_eq!(lines[4], "  reading and the rest        0.072 s    36 %");
        assert_eq!(lines[6], "    rule-12                   0.012     1000    12000");
        assert_eq!(lines[16], "    2 more                    0.003");
        assert!(!text.contains("never-asked"));
    }

    #[test]
    fn work_is_counted_with_what_it_gives() {
        let spent = Spent::default();
        assert_eq!(spent.timed(|| 7), 7);
        assert_eq!(spent.calls.into_inner(), 1);
        assert!(spent.nanoseconds.into_inner() > 0);
    }
}
