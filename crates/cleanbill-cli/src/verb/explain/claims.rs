//! `cleanbill explain CLAIMS --rule R`: the rule on claims that were read or made up.

use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;

use cleanbill_engine::{
    Edit, Explanation, LineOutcome, Registry, Subject, Truth, also_found_by, explain,
};
use cleanbill_intake::Event;
use cleanbill_model::Claim;
use cleanbill_rules::ClaimSketch;
use cleanbill_run::{Gather, HistoryFeed, Input, Surroundings, exit_code};

use super::{ExplainFlags, ExplainFormat, json, lookup, write};
use crate::failure::{Failure, plural};
use crate::{not_run, terminal};

/// Explains the rule on every claim that it has to do with.
pub fn run(flags: &ExplainFlags, rule: &str) -> Result<u8, Failure> {
    let edits = flags.edits.edits()?;
    let rule = lookup::rule(&edits, &flags.edits, rule)?.id.clone();
    not_run::warn(&edits.not_run);
    let registry = edits.registry;
    let history = flags.history.feed(None, flags.edits.as_of)?;
    let mut out = terminal::stdout();
    let mut session = Session {
        flags,
        rule: &rule,
        registry: &registry,
        history: history.as_ref(),
        out: &mut out,
        shown: 0,
        unread: 0,
    };
    let (numbers, sketched): (Vec<&String>, Vec<&String>) =
        flags.line.iter().partition(|line| line.len() < 5 && line.parse::<u32>().is_ok());
    let numbers: Vec<u32> = numbers.iter().filter_map(|number| number.parse().ok()).collect();
    if sketched.is_empty() {
        session.files(&numbers)?;
    } else {
        session.sketch(&sketched)?;
    }
    session.end()
}

struct Session<'a> {
    flags: &'a ExplainFlags,
    rule: &'a str,
    registry: &'a Registry,
    history: Option<&'a HistoryFeed>,
    out: &'a mut dyn Write,
    shown: usize,
    unread: usize,
}

impl Session<'_> {
    fn edit(&self) -> Option<&dyn Edit> {
        self.registry.find(self.rule).map(|(edit, _)| edit)
    }

    fn sketch(&mut self, lines: &[&String]) -> Result<(), Failure> {
        if !self.flags.targets.is_empty() {
            return Err(Failure::refused(
                "lines in shorthand make a claim up; no file can be read beside them",
                "leave out the file, or give `--line` the number of a line",
            ));
        }
        let lines: Vec<String> = lines.iter().map(|line| (*line).clone()).collect();
        let help = "`cleanbill explain --help` shows how a line is written";
        let claim = ClaimSketch::new(&lines)
            .and_then(|sketch| sketch.claim(false))
            .map_err(|error| Failure::refused(error.to_string(), help))?;
        let mut surroundings = Surroundings::new(self.history, None);
        self.claim("made up", surroundings.of(&claim)?, &[])
    }

    fn files(&mut self, numbers: &[u32]) -> Result<(), Failure> {
        let mut files = self.flags.files();
        if files.is_empty() {
            if io::stdin().is_terminal() {
                return Err(Failure::refused(
                    "no claims were named",
                    "name files, pipe claims in, or write lines in shorthand with `--line`",
                ));
            }
            files.push(PathBuf::from("-"));
        }
        let mut ordinal = 1;
        let options = self.flags.input.options()?;
        let mut inputs: Vec<Input> = files.into_iter().map(input).collect();
        inputs.iter().try_for_each(Input::check)?;
        self.flags.finalize.apply(&mut inputs, &options, None)?;
        // Other claims of the patient may stand anywhere in the files.
        let registries = &[self.registry];
        let gather = Gather { registries, feed: self.history, stop: None, progress: None };
        let run = gather.claims_of(&mut inputs, &options)?;
        let mut surroundings = Surroundings::new(self.history, run.as_ref());
        for input in inputs {
            let name = input.name().to_owned();
            let failed = |error: io::Error| {
                Failure::refused(format!("`{name}` cannot be read: {error}"), "check the name")
            };
            let mut reader = input.claims(&options, ordinal)?;
            let mut claim = Claim::default();
            while let Some(event) = reader.next(&mut claim).map_err(failed)? {
                match event {
                    Event::Claim if self.wants(&claim) => {
                        self.claim(&name, surroundings.of(&claim)?, numbers)?;
                    }
                    Event::Claim | Event::Envelope(_) => {}
                    Event::Error(_) => self.unread += 1,
                }
            }
            ordinal = reader.next_ordinal();
        }
        Ok(())
    }

    fn wants(&self, claim: &Claim) -> bool {
        self.flags.claim.as_deref().is_none_or(|id| id == claim.id())
    }

    fn claim(&mut self, file: &str, subject: Subject<'_>, numbers: &[u32]) -> Result<(), Failure> {
        let Some(edit) = self.edit() else { return Ok(()) };
        let claim = subject.claim;
        let subject = Subject { as_of: self.registry.today(), ..subject };
        let seen = match explain(edit, self.rule, subject) {
            Ok(mut seen) => {
                also_found_by(self.registry, subject, &mut seen);
                seen
            }
            Err(fault) => {
                return Err(Failure::refused(
                    format!("the rule could not run on claim `{}`: {}", claim.id(), fault.message),
                    "",
                ));
            }
        };
        // Without a claim named, claims that the rule has nothing to do with would only be noise.
        if self.flags.claim.is_none() && !self.flags.targets.is_empty() && !concerns(&seen) {
            return Ok(());
        }
        let Some((_, info)) = self.registry.find(self.rule) else { return Ok(()) };
        let first = self.shown == 0;
        self.shown += 1;
        let written = match self.flags.format {
            ExplainFormat::Json => json::claim(self.out, info, file, claim, &seen, numbers),
            ExplainFormat::Text => {
                let head = if first { write::rule(self.out, info) } else { Ok(()) };
                let why_not = self.flags.why_not;
                head.and_then(|()| write::claim(self.out, file, claim, &seen, numbers, why_not))
            }
        };
        Failure::of_stdout(written)?;
        Ok(())
    }

    fn end(self) -> Result<u8, Failure> {
        if self.shown == 0 {
            let message = match &self.flags.claim {
                Some(id) => format!("no claim `{id}` was read"),
                None => format!("no claim has to do with `{}`", self.rule),
            };
            let unread = match self.unread {
                0 => String::new(),
                count => format!(
                    "{count} place{} could not be read; `cleanbill validate` shows them",
                    plural(count)
                ),
            };
            return Err(Failure::refused(message, unread));
        }
        Failure::of_stdout(self.out.flush())?;
        Ok(if self.unread == 0 { exit_code::WHOLE } else { exit_code::UNTRUSTED })
    }
}

fn input(path: PathBuf) -> Input {
    if path.as_os_str() == "-" {
        return Input::stream("-", Box::new(io::stdin()));
    }
    Input::file(path)
}

/// Whether the rule got past its first clause on any line.
fn concerns(seen: &Explanation) -> bool {
    !seen.claim.is_empty()
        || seen.lines.iter().any(|line| {
            matches!(line.outcome, LineOutcome::Found(_))
                || line.steps.first().is_some_and(|step| step.truth != Truth::No)
        })
}
