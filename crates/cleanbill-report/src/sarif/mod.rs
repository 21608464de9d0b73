//! `sarif`: SARIF 2.1.0 (OASIS), for viewers and services that show findings of any tool.
//!
//! Results are written as they come. Rules and notifications, which belong in front of them for a
//! reader but not for the format, follow when the run is whole.

mod log;
mod place;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use cleanbill_model::{EditInfo, InputError};

use crate::record::write_record;
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

use log::{Driver, Invocation, Notification, ResultRecord, Rule, RunProperties};

/// Notifications that are kept until the end; those behind them are counted.
const NOTIFICATIONS: usize = 10_000;

/// Writes one SARIF run: a result for each finding, a notification for each input error and fault.
pub struct SarifReport<W> {
    out: W,
    separator: &'static str,
    rules: Rules,
    notifications: Vec<Notification>,
    left_out: u64,
}

/// The edits that have a result, in the order of their first one.
#[derive(Default)]
struct Rules {
    places: BTreeMap<String, usize>,
    edits: Vec<Arc<EditInfo>>,
}

impl Rules {
    fn place_of(&mut self, edit: &Arc<EditInfo>) -> usize {
        if let Some(place) = self.places.get(&edit.id) {
            return *place;
        }
        let place = self.edits.len();
        self.places.insert(edit.id.clone(), place);
        self.edits.push(Arc::clone(edit));
        place
    }
}

impl<W: Write> SarifReport<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            separator: "\n",
            rules: Rules::default(),
            notifications: Vec::new(),
            left_out: 0,
        }
    }

    fn notify(&mut self, make: impl FnOnce() -> Notification) {
        if self.notifications.len() < NOTIFICATIONS {
            self.notifications.push(make());
        } else {
            self.left_out += 1;
        }
    }
}

impl<W: Write> Report for SarifReport<W> {
    fn begin(&mut self) -> io::Result<()> {
        let (schema, version) = (log::SCHEMA, log::VERSION);
        write!(self.out, "{{\"$schema\":\"{schema}\",\"version\":\"{version}\",\"runs\":[{{")?;
        self.out.write_all(b"\"results\":[")
    }

    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        for finding in judged.findings {
            let rule = self.rules.place_of(&finding.edit);
            self.out.write_all(self.separator.as_bytes())?;
            self.separator = ",\n";
            let result = ResultRecord::new(judged.file, judged.claim, finding, rule);
            write_record(&mut self.out, &result)?;
        }
        for fault in judged.faults {
            self.notify(|| Notification::fault(judged.file, judged.claim, fault));
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.notify(|| Notification::input_error(file, error));
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        if self.left_out > 0 {
            self.notifications.push(Notification::left_out(self.left_out));
        }
        self.out.write_all(b"\n],\n\"tool\":{\"driver\":")?;
        let rules: Vec<Rule<'_>> = self.rules.edits.iter().map(|edit| Rule::new(edit)).collect();
        write_record(&mut self.out, &Driver::new(&rules))?;
        self.out.write_all(b"},\n\"invocations\":[")?;
        write_record(&mut self.out, &Invocation::new(summary.exit_code, &self.notifications))?;
        self.out.write_all(b"],\n\"columnKind\":\"unicodeCodePoints\",\n\"properties\":")?;
        write_record(&mut self.out, &RunProperties::new(summary))?;
        self.out.write_all(b"}]}\n")?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
