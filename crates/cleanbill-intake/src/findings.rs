//! Findings that an earlier run wrote as `ndjson`, read back one at a time.

use std::borrow::Cow;
use std::io::{self, Read};

use cleanbill_model::{
    Carc, Disposition, InputError, Location, Modifier, Modifiers, Money, Outcome, ProcedureCode,
    ServiceDate,
};
use serde::Deserialize;

use crate::codes;
use crate::problem::Problem;
use crate::source::{Found, Source};

/// Longest record that is read.
const RECORD_LIMIT: usize = 16 << 20;
/// Version of the records that are read.
const SCHEMA: u32 = 1;

/// What a record of a finding tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFinding {
    /// The input that the claim came from.
    pub file: String,
    /// The claim's control number.
    pub claim: String,
    /// Place of the claim among all claims of that run.
    pub claim_ordinal: u64,
    /// Number of the line; none for the claim as a whole.
    pub line: Option<u32>,
    /// The rule.
    pub rule: String,
    /// Pack or plugin that brought it.
    pub pack: String,
    /// Whether it fired, could not tell, or is waived.
    pub outcome: Outcome,
    /// What should happen to the line.
    pub disposition: Disposition,
    /// The adjustment reason that the rule names.
    pub carc: Option<Carc>,
    /// Charge of the line, or of the claim.
    pub charge: Money,
    /// What a remittance advice knows the line by.
    pub service: RecordedService,
}

/// What a record tells of a line beyond its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordedService {
    /// Procedure code.
    pub procedure: Option<ProcedureCode>,
    /// Modifiers.
    pub modifiers: Modifiers,
    /// First day of service.
    pub from: Option<ServiceDate>,
    /// The line's own number (REF\*6R).
    pub control_number: String,
}

/// What a reader of findings gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingsEvent {
    /// A finding.
    Finding(Box<RecordedFinding>),
    /// A record that cannot be read, or findings that were cut short.
    Error(InputError),
}

/// Streams a file of findings; records of other kinds are passed over.
#[derive(Debug)]
pub struct FindingsReader<R> {
    source: Source<R>,
    has_summary: bool,
    /// Claims that the run read, as its summary says.
    claims: u64,
    begun: bool,
    ended: bool,
}

#[derive(Deserialize)]
struct Declared<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    schema: u32,
    file: Option<Cow<'a, str>>,
    claim: Option<Cow<'a, str>>,
    claim_ordinal: Option<u64>,
    line: Option<u32>,
    rule: Option<Cow<'a, str>>,
    pack: Option<Cow<'a, str>>,
    outcome: Option<Cow<'a, str>>,
    disposition: Option<Cow<'a, str>>,
    remit: Option<DeclaredRemit<'a>>,
    charge: Option<Cow<'a, str>>,
    service: Option<DeclaredService<'a>>,
    total: Option<DeclaredTotal>,
}

#[derive(Deserialize)]
struct DeclaredRemit<'a> {
    #[serde(borrow)]
    carc: Cow<'a, str>,
}

#[derive(Deserialize)]
struct DeclaredService<'a> {
    #[serde(borrow)]
    procedure: Option<Cow<'a, str>>,
    #[serde(borrow)]
    modifiers: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    from: Option<Cow<'a, str>>,
    #[serde(borrow)]
    control_number: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct DeclaredTotal {
    claims_in: u64,
}

impl<R: Read> FindingsReader<R> {
    /// A reader of `input`; nothing is read before the first call.
    pub fn new(input: R) -> Self {
        Self {
            source: Source::new(input),
            has_summary: false,
            claims: 0,
            begun: false,
            ended: false,
        }
    }

    /// Claims that the run read which found all this, as its summary says; known at the end.
    #[must_use]
    pub const fn claims(&self) -> u64 {
        self.claims
    }

    /// The next finding or error; `None` at the end.
    ///
    /// # Errors
    /// Only when the input cannot be read from.
    pub fn read_on(&mut self) -> io::Result<Option<FindingsEvent>> {
        loop {
            self.source.skip_white_space()?;
            if self.source.unread().is_empty() {
                return Ok(self.end());
            }
            let place = self.place();
            if let Some(problem) = self.no_findings()? {
                return Ok(Some(told(problem, place)));
            }
            let length = match self.source.find(b'\n', RECORD_LIMIT)? {
                Found::At(length) => length,
                Found::End => self.source.unread().len(),
                Found::TooLong => {
                    self.source.skip_past(b'\n')?;
                    let message = "the record is longer than 16 MiB";
                    let problem = Problem::new(codes::TOO_LONG, "", message, WRITE_AGAIN);
                    return Ok(Some(told(problem, place)));
                }
            };
            let bytes = self.source.unread().get(..length).unwrap_or_default();
            let read = read(bytes);
            self.source.consume(length);
            match read {
                Ok(Record::Finding(finding)) => {
                    return Ok(Some(FindingsEvent::Finding(finding)));
                }
                Ok(Record::Summary(claims)) => {
                    self.has_summary = true;
                    self.claims = self.claims.saturating_add(claims);
                }
                Ok(Record::Other) => {}
                Err(problem) => return Ok(Some(told(problem, place))),
            }
        }
    }

    /// What is wrong with a file that starts as no findings do; nothing of it is read then.
    fn no_findings(&mut self) -> io::Result<Option<Problem>> {
        if self.begun {
            return Ok(None);
        }
        self.begun = true;
        self.source.ensure(DOCUMENT.len())?;
        let what = match self.source.unread() {
            start if start.starts_with(DOCUMENT) => "the report `json`, not `ndjson`",
            [b'{', ..] => return Ok(None),
            _ => "no list of findings",
        };
        self.ended = true;
        while !self.source.unread().is_empty() || self.source.fill()? {
            let count = self.source.unread().len();
            self.source.consume(count);
        }
        let message = format!("the file is {what}; nothing of it was read");
        Ok(Some(Problem::new(codes::UNRECOGNISED, "", message, WRITE_AGAIN)))
    }

    fn end(&mut self) -> Option<FindingsEvent> {
        if self.ended {
            return None;
        }
        self.ended = true;
        let message = "the findings end without their summary: they were cut short";
        let problem = Problem::new(codes::CUT_SHORT, "", message, WRITE_AGAIN);
        (!self.has_summary).then(|| told(problem, self.place()))
    }

    const fn place(&self) -> Location {
        Location { offset: self.source.offset(), line: self.source.line(), segment: 0 }
    }
}

/// How the report of the format `json` starts.
const DOCUMENT: &[u8] = b"{\"schema\":1,\"records\":[";

const WRITE_AGAIN: &str = "write the findings again with `cleanbill validate --format ndjson`";

fn told(problem: Problem, place: Location) -> FindingsEvent {
    FindingsEvent::Error(problem.at(place, None, false))
}

enum Record {
    Finding(Box<RecordedFinding>),
    Summary(u64),
    Other,
}

fn read(bytes: &[u8]) -> Result<Record, Problem> {
    let record: Declared<'_> = serde_json::from_slice(bytes).map_err(|error| {
        let what = if error.is_data() { "no record of a finding" } else { "no JSON" };
        let message = format!("the line is {what}, from column {} on", error.column());
        Problem::new(codes::JSON_SYNTAX, "", message, WRITE_AGAIN)
    })?;
    if record.schema != SCHEMA {
        let message = format!("the record is of schema {}; only {SCHEMA} is read", record.schema);
        return Err(Problem::new(codes::JSON_SCHEMA, "schema", message, WRITE_AGAIN));
    }
    match record.r#type.as_ref() {
        "finding" => finding(record).map(|finding| Record::Finding(Box::new(finding))),
        "summary" => Ok(Record::Summary(record.total.map_or(0, |total| total.claims_in))),
        _ => Ok(Record::Other),
    }
}

fn finding(record: Declared<'_>) -> Result<RecordedFinding, Problem> {
    fn needed<T>(value: Option<T>, member: &str) -> Result<T, Problem> {
        value.ok_or_else(|| {
            let message = format!("`{member}` is missing or has a value that is not known");
            Problem::new(codes::JSON_VALUE, member, message, WRITE_AGAIN)
        })
    }
    let text = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
    let carc = match record.remit {
        Some(remit) => Some(needed(Carc::new(remit.carc.as_bytes()).ok(), "remit")?),
        None => None,
    };
    let charge = record.charge.and_then(|charge| Money::parse(charge.as_bytes()).ok());
    Ok(RecordedFinding {
        file: text(record.file).unwrap_or_default(),
        claim: needed(text(record.claim), "claim")?,
        claim_ordinal: needed(record.claim_ordinal, "claim_ordinal")?,
        line: record.line,
        rule: needed(text(record.rule), "rule")?,
        pack: text(record.pack).unwrap_or_default(),
        outcome: needed(record.outcome.and_then(|name| Outcome::from_name(&name)), "outcome")?,
        disposition: needed(
            record.disposition.and_then(|name| Disposition::from_name(&name)),
            "disposition",
        )?,
        carc,
        charge: needed(charge, "charge")?,
        service: record.service.map(service).unwrap_or_default(),
    })
}

fn service(declared: DeclaredService<'_>) -> RecordedService {
    let mut modifiers = Modifiers::default();
    for modifier in declared.modifiers.iter().filter_map(|one| Modifier::new(one.as_bytes()).ok()) {
        // A line has four at the most; a record with more was not written by us.
        let _ = modifiers.push(modifier);
    }
    RecordedService {
        procedure: declared.procedure.and_then(|code| ProcedureCode::new(code.as_bytes()).ok()),
        modifiers,
        from: declared.from.and_then(|day| ServiceDate::parse_iso(day.as_bytes()).ok()),
        control_number: declared.control_number.map(Cow::into_owned).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINDING: &str = r#"{"type":"finding","schema":1,"id":"f-1","outcome":"fires","rule":"r","pack":"p@1","file":"a.837","claim":"C1","claim_ordinal":3,"line":2,"disposition":"line_denial","remit":{"group":"CO","carc":"236","rarc":["N20"]},"charge":"412.00","service":{"procedure":"93970","modifiers":["59"],"from":"2026-03-02","through":"2026-03-02","control_number":"L2"},"new_member":1}"#;
    const SUMMARY: &str = r#"{"type":"summary","schema":1,"total":{"claims_in":7}}"#;

    fn events(text: &str) -> (Vec<FindingsEvent>, u64) {
        let mut reader = FindingsReader::new(text.as_bytes());
        let mut events = Vec::new();
        while let Some(event) = reader.read_on().unwrap() {
            events.push(event);
        }
        (events, reader.claims())
    }

    fn code(event: &FindingsEvent) -> &str {
        match event {
            FindingsEvent::Error(error) => error.code,
            FindingsEvent::Finding(_) => "",
        }
    }

    #[test]
    fn findings_are_read_and_other_records_passed_over() {
        let fault = r#"{"type":"fault","schema":1,"kind":"x","message":"y"}"#;
        let (events, claims) = events(&format!("{FINDING}\r\n{fault}\n\n{SUMMARY}\n"));
        let [FindingsEvent::Finding(finding)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((finding.claim.as_str(), finding.line, claims), ("C1", Some(2), 7));
        assert_eq!(finding.carc.unwrap().as_str(), "236");
        assert_eq!(finding.charge.to_string(), "412.00");
        assert_eq!(finding.service.control_number, "L2");
        assert_eq!(finding.service.modifiers.to_string(), "59");
    }

    #[test]
    fn a_broken_record_costs_itself_and_findings_without_a_summary_are_cut() {
        let other = FINDING.replace("\"schema\":1", "\"schema\":2");
        let odd = FINDING.replace("\"fires\"", "\"flies\"");
        let (found, _) = events(&format!("{{\n{other}\n{odd}\n{FINDING}"));
        let codes: Vec<_> = found.iter().map(code).collect();
        assert_eq!(codes, ["I2001", "I2006", "I2007", "", "I1004"]);
    }

    #[test]
    fn what_is_no_list_of_findings_is_told_once() {
        for text in [format!("{{\"schema\":1,\"records\":[\n{FINDING}\n]}}"), "ISA*00*\n*\n".into()]
        {
            let (found, _) = events(&text);
            assert_eq!(found.iter().map(code).collect::<Vec<_>>(), ["I1002"]);
        }
    }
}
