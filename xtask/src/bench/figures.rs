//! The figures of one file size: medians, rates, the table and the JSON.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

/// What was measured for one file. Times are medians, the peak is the highest.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub bytes: u64,
    pub claims: u64,
    pub wall: Duration,
    pub cpu: Duration,
    pub peak_bytes: u64,
    /// Reading the file through one buffer.
    pub read: Duration,
    /// Visiting each segment terminator in memory.
    pub visit: Duration,
}

impl Figures {
    /// Visiting the terminators as against the program's CPU time, in thousandths.
    fn share_of_limit(&self) -> u128 {
        self.visit.as_nanos() * 1_000 / self.cpu.as_nanos().max(1)
    }

    fn json(&self) -> Value {
        json!({
            "bytes": self.bytes,
            "claims": self.claims,
            "wall_us": micros(self.wall),
            "cpu_us": micros(self.cpu),
            "peak_bytes": self.peak_bytes,
            "mb_per_s": rate_mb(self.bytes, self.wall),
            "mb_per_cpu_s": rate_mb(self.bytes, self.cpu),
            "claims_per_s": rate(self.claims, self.wall),
            "limits": {
                "read_mb_per_s": rate_mb(self.bytes, self.read),
                "memchr_mb_per_s": rate_mb(self.bytes, self.visit),
            },
            "share_of_memchr_per_mille": whole(self.share_of_limit()),
        })
    }
}

/// The middle of the given times; of an even number the upper one.
pub fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How much of `whole` a part is.
#[expect(clippy::float_arithmetic, reason = "a figure for people, no verdict")]
pub fn share(part: f64, whole: f64) -> f64 {
    part / whole
}

/// A table for people, with the limits below it.
#[must_use]
pub fn table(all: &[Figures]) -> String {
    let mut text = format!(
        "\n{:>9} {:>10} {:>8} {:>11} {:>9} {:>9} {:>9} {:>9}\n",
        "MB", "claims", "MB/s", "claims/s", "wall s", "CPU s", "peak MiB", "of limit"
    );
    for one in all {
        let share = one.share_of_limit();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:>9} {:>10} {:>8} {:>11} {:>9} {:>9} {:>9} {:>7}.{}%",
            one.bytes / 1_000_000,
            one.claims,
            rate_mb(one.bytes, one.wall),
            rate(one.claims, one.wall),
            seconds(one.wall),
            seconds(one.cpu),
            one.peak_bytes >> 20,
            share / 10,
            share % 10
        );
    }
    text.push_str("\nlimits in the same run, one core:\n");
    for one in all {
        let _ = writeln!(
            text,
            "{:>9} MB: reading {} MB/s, visiting each `~` with memchr {} MB/s",
            one.bytes / 1_000_000,
            rate_mb(one.bytes, one.read),
            rate_mb(one.bytes, one.visit)
        );
    }
    text.push_str(
        "`of limit` is memchr's time for the file as a share of the program's CPU time\n",
    );
    text
}

/// The same for a program to read.
#[must_use]
pub fn json(all: &[Figures], tables: Option<Value>) -> String {
    let sizes: Vec<Value> = all.iter().map(Figures::json).collect();
    format!("{:#}\n", json!({ "schema": 1, "sizes": sizes, "tables": tables }))
}

/// So many a second.
pub fn rate(count: u64, time: Duration) -> u64 {
    whole(u128::from(count) * 1_000_000_000 / time.as_nanos().max(1))
}

/// So many megabytes a second.
pub fn rate_mb(bytes: u64, time: Duration) -> u64 {
    rate(bytes, time) / 1_000_000
}

/// The time in microseconds.
pub fn micros(time: Duration) -> u64 {
    whole(time.as_micros())
}

fn whole(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Seconds with three places.
pub fn seconds(time: Duration) -> String {
    format!("{}.{:03}", time.as_secs(), time.subsec_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Figures = Figures {
        bytes: 50_000_000,
        claims: 90_000,
        wall: Duration::from_millis(250),
        cpu: Duration::from_millis(200),
        peak_bytes: 20 << 20,
        read: Duration::from_millis(10),
        visit: Duration::from_millis(20),
    };

    #[test]
    fn rates_are_per_second_of_wall_time_and_the_share_of_cpu_time() {
        let record: Value = serde_json::from_str(&json(&[ONE], None)).unwrap();
        let size = &record["sizes"][0];
        assert_eq!(size["mb_per_s"], 200);
        assert_eq!(size["mb_per_cpu_s"], 250);
        assert_eq!(size["claims_per_s"], 360_000);
        assert_eq!(size["limits"]["memchr_mb_per_s"], 2_500);
        assert_eq!(size["share_of_memchr_per_mille"], 100);
    }

    #[test]
    fn the_table_says_the_same_for_people() {
        let table = table(&[ONE]);
        let row = table.lines().nth(2).unwrap();
        let cells: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(cells, ["50", "90000", "200", "360000", "0.250", "0.200", "20", "10.0%"]);
    }

    #[test]
    fn the_median_leaves_out_one_slow_run() {
        let times = [30, 900, 10].map(Duration::from_millis);
        assert_eq!(median(times.into_iter()), Duration::from_millis(30));
    }
}
