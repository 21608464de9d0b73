//! The envelope of an answer: it goes back to the sender, with control numbers and dates that follow
//! from what it answers.

use cleanbill_model::{Group, Interchange, ServiceDate};

use super::segments::{Segments, Separators};

/// What is decided for every answer of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnswerOptions {
    /// The day that answers carry; where it is left out, the day of what they answer.
    pub as_of: Option<ServiceDate>,
    /// Whether a denial rejects its claim in a 277CA. A denial is a verdict of adjudication, which an
    /// acknowledgement comes before, so it does not unless this says so.
    pub reject_denials: bool,
}

/// Kinds of answers. Their interchanges to one sender have control numbers of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ack999,
    Ta1,
    Ack277,
}

impl Kind {
    /// Added to the control number that is answered, so that a receiver who refuses repeated numbers
    /// takes all of our answers.
    const fn offset(self) -> u64 {
        match self {
            Self::Ack999 => 0,
            Self::Ta1 => 200_000_000,
            Self::Ack277 => 500_000_000,
        }
    }
}

/// Dates of a file that has none that can be read.
const NO_DATE: &str = "20000101";

/// The interchange of an answer that is being written.
#[derive(Debug)]
pub(super) struct AnswerEnvelope {
    pub(super) asked: Interchange,
    control: String,
    groups: u64,
    transactions: u64,
}

impl AnswerEnvelope {
    /// Writes the ISA. `ordinal` is the place of the answered interchange in the run, from 1: the
    /// control number where it has none.
    pub(super) fn open(
        out: &mut Segments,
        asked: &Interchange,
        kind: Kind,
        ordinal: u64,
        options: AnswerOptions,
    ) -> Self {
        let is_number = asked.control.len() <= 9 && !asked.control.is_empty();
        let number = asked.control.parse().ok().filter(|_| is_number).unwrap_or(ordinal);
        let control = format!("{:09}", (number + kind.offset()) % 1_000_000_000);
        let Separators { component, repetition, .. } = out.separators();
        let day = day(options, &[&century(&asked.date)]);
        let usage = if asked.usage == "T" { "T" } else { "P" };
        out.fixed(&[
            "ISA",
            "00",
            &" ".repeat(10),
            "00",
            &" ".repeat(10),
            qualifier(&asked.receiver_qualifier),
            &padded(&asked.receiver),
            qualifier(&asked.sender_qualifier),
            &padded(&asked.sender),
            day.get(2..).unwrap_or_default(),
            time(&asked.time).get(..4).unwrap_or_default(),
            &repetition.to_string(),
            "00501",
            &control,
            "0",
            usage,
            &component.to_string(),
        ]);
        Self { asked: asked.clone(), control, groups: 0, transactions: 0 }
    }

    /// Writes a GS: `kind` is GS01, `guide` GS08.
    pub(super) fn open_group(
        &mut self,
        out: &mut Segments,
        asked: Option<&Group>,
        kind: &str,
        guide: &str,
        options: AnswerOptions,
    ) {
        self.groups += 1;
        self.transactions = 0;
        let empty = Group::default();
        let asked = asked.unwrap_or(&empty);
        let day = day(options, &[&asked.date, &century(&self.asked.date)]);
        let party = |own: &str, outer: &str| {
            let found = [own, outer, "UNKNOWN"].into_iter().find(|id| id.len() >= 2);
            found.unwrap_or_default().to_owned()
        };
        out.begin("GS")
            .put(kind)
            .cut(&party(&asked.receiver, &self.asked.receiver), 15)
            .cut(&party(&asked.sender, &self.asked.sender), 15)
            .put(&day)
            .put(time(first_time(&asked.time, &self.asked.time)))
            .put(&self.groups.to_string())
            .put("X")
            .put(guide)
            .end();
    }

    /// Writes an ST and gives its control number.
    pub(super) fn open_transaction(
        &mut self,
        out: &mut Segments,
        kind: &str,
        guide: &str,
    ) -> String {
        self.transactions += 1;
        let control = format!("{:04}", self.transactions);
        out.begin("ST").put(kind).put(&control).put(guide).end();
        control
    }

    pub(super) fn close_group(&self, out: &mut Segments) {
        let (transactions, group) = (self.transactions.to_string(), self.groups.to_string());
        out.begin("GE").put(&transactions).put(&group).end();
    }

    pub(super) fn close(self, out: &mut Segments) {
        out.begin("IEA").put(&self.groups.to_string()).put(&self.control).end();
    }

    /// A name for the transaction that is open: unique among the answers to this sender.
    pub(super) fn trace(&self) -> String {
        format!("{}-{}-{:04}", self.control, self.groups, self.transactions)
    }
}

/// The separators of an answer: those of what it answers, where they can be used.
pub(super) fn separators(asked: &Interchange) -> Separators {
    asked.separators.map_or_else(Separators::default, Separators::from)
}

/// The day of an answer as `CCYYMMDD`: the one that the run was given, else the first of `candidates`
/// that is a day.
pub(super) fn day(options: AnswerOptions, candidates: &[&str]) -> String {
    if let Some(day) = options.as_of {
        return day.yyyymmdd().to_string();
    }
    let found = candidates.iter().find(|text| ServiceDate::parse_d8(text.as_bytes()).is_ok());
    (*found.unwrap_or(&NO_DATE)).to_owned()
}

/// `text` where it is a time of day, else midnight.
pub(super) fn time(text: &str) -> &str {
    let pair = |at: usize| text.get(at..at + 2).and_then(|pair| pair.parse::<u8>().ok());
    let sound = matches!(text.len(), 4 | 6 | 8)
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && pair(0).is_some_and(|hour| hour < 24)
        && pair(2).is_some_and(|minute| minute < 60)
        && pair(4).is_none_or(|second| second < 60);
    if sound { text } else { "0000" }
}

/// A date of six digits with its century: interchanges of version 5010 are all of this one.
pub(super) fn century(date: &str) -> String {
    format!("20{date}")
}

fn first_time<'a>(own: &'a str, outer: &'a str) -> &'a str {
    if own.is_empty() { outer } else { own }
}

fn qualifier(text: &str) -> &str {
    const KNOWN: [&str; 9] = ["01", "14", "20", "27", "28", "29", "30", "33", "ZZ"];
    if KNOWN.contains(&text) { text } else { "ZZ" }
}

fn padded(id: &str) -> String {
    let id = if id.is_empty() { "UNKNOWN" } else { id };
    let plain = id.chars().map(|c| if c.is_ascii_graphic() { c } else { ' ' });
    format!("{:<15}", plain.take(15).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_none_is_midnight() {
        for good in ["0900", "235959", "09000099"] {
            assert_eq!(time(good), good);
        }
        for bad in ["", "2400", "0960", "9", "12:00", "090060", "\u{661}\u{662}"] {
            assert_eq!(time(bad), "0000", "{bad}");
        }
    }

    #[test]
    fn the_day_of_a_run_goes_before_those_of_the_file_and_a_file_without_any_has_one_too() {
        let of = |as_of, days: &[&str]| day(AnswerOptions { as_of, ..Default::default() }, days);
        assert_eq!(of(None, &["20269999", "20260305"]), "20260305");
        assert_eq!(of(None, &["", "20"]), "20000101");
        assert_eq!(of(ServiceDate::new(2026, 4, 1).ok(), &["20260305"]), "20260401");
    }

    #[test]
    fn answers_to_one_interchange_have_numbers_of_their_own() {
        let open = |kind, control: &str| {
            let asked = Interchange { control: control.to_owned(), ..Interchange::default() };
            let mut out = Segments::new(separators(&asked));
            AnswerEnvelope::open(&mut out, &asked, kind, 3, AnswerOptions::default()).control
        };
        assert_eq!(open(Kind::Ack999, "000000042"), "000000042");
        assert_eq!(open(Kind::Ta1, "000000042"), "200000042");
        assert_eq!(open(Kind::Ack277, "000000042"), "500000042");
        assert_eq!(open(Kind::Ack277, "600000042"), "100000042");
        assert_eq!(open(Kind::Ack999, "A1"), "000000003");
    }
}
