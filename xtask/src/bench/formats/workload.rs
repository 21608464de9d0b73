//! Claims before they are written in any format.

use super::super::vocabulary::{
    DIAGNOSES, LINE_COUNTS, MODIFIERS, PAYERS, PLACES, PROCEDURES, Sequence, npi,
};

/// A claim that every format can hold.
pub struct Job {
    pub id: String,
    pub payer: &'static str,
    pub filing: &'static str,
    pub member: String,
    pub birth: u64,
    pub sex: &'static str,
    pub billing: String,
    pub rendering: String,
    pub place: &'static str,
    pub diagnoses: Vec<&'static str>,
    pub lines: Vec<Line>,
}

pub struct Line {
    pub procedure: &'static str,
    pub modifier: Option<&'static str>,
    pub cents: u64,
    pub units: u64,
    /// `20250302`.
    pub date: u64,
}

impl Job {
    pub fn cents(&self) -> u64 {
        self.lines.iter().map(|line| line.cents).sum()
    }
}

/// So many claims, the same each time.
pub struct Workload {
    jobs: Vec<Job>,
}

impl Workload {
    pub fn new(claims: u64) -> Self {
        let mut random = Sequence::new();
        Self { jobs: (1..=claims).map(|number| job(number, &mut random)).collect() }
    }

    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    pub fn claims(&self) -> u64 {
        count(self.jobs.len())
    }

    pub fn lines(&self) -> u64 {
        self.jobs.iter().map(|job| count(job.lines.len())).sum()
    }
}

/// A length as figures count.
pub fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn job(number: u64, random: &mut Sequence) -> Job {
    let (_, payer, filing) = random.pick(&PAYERS);
    let date = random.date(2025, 1);
    let first = random.pick(&DIAGNOSES);
    let onwards = DIAGNOSES.iter().copied().cycle().skip_while(|code| *code != first);
    let diagnoses = onwards.take(random.pick(&[1, 2, 3, 4])).collect();
    let mut lines = Vec::new();
    if number.is_multiple_of(100) {
        for procedure in ["93970", "93985"] {
            let cents = 1_500 + random.below(90_000);
            lines.push(Line { procedure, modifier: None, cents, units: 1, date });
        }
    }
    let wanted = random.pick(&LINE_COUNTS).max(lines.len());
    while lines.len() < wanted {
        let procedure = random.pick(&PROCEDURES);
        let modifier = random.once_in(4).then(|| random.pick(&MODIFIERS));
        // Where there are two the first: a column of a table holds one.
        let modifier = modifier.and_then(|codes| codes.split(':').next());
        let (cents, units) = (1_500 + random.below(90_000), 1 + random.below(2));
        lines.push(Line { procedure, modifier, cents, units, date });
    }
    Job {
        id: format!("CLM{number:09}"),
        payer,
        filing,
        member: format!("MBR{:09}", random.below(1_000_000_000)),
        birth: random.date(1935, 60),
        sex: random.pick(&["F", "M"]),
        billing: npi(number % 400),
        rendering: npi(400 + random.below(3_000)),
        place: random.pick(&PLACES),
        diagnoses,
        lines,
    }
}
