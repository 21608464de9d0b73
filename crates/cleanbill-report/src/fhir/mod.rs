//! `fhir`: FHIR R4 resources, one a line: a ClaimResponse for each claim, an OperationOutcome for each
//! input error and one for the run.
//!
//! `resource` has the shapes, `response` and `outcome` fill them.

mod outcome;
mod resource;
mod response;

use std::io::{self, Write};

use cleanbill_model::InputError;

use crate::acknowledge::AnswerOptions;
use crate::finding_id::id_over;
use crate::record::write_record;
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

/// Writes FHIR R4 as NDJSON. Patients are not named: whom a response is about follows from the claim's
/// number.
pub struct FhirReport<W> {
    out: W,
    options: AnswerOptions,
    file: String,
    /// Resources of this file so far: with its name, what their ids are made of.
    written: u64,
}

impl<W: Write> FhirReport<W> {
    /// A report that writes to `out`.
    pub const fn new(out: W, options: AnswerOptions) -> Self {
        Self { out, options, file: String::new(), written: 0 }
    }

    fn next_id(&mut self, file: &str) -> String {
        if self.file != file {
            file.clone_into(&mut self.file);
            self.written = 0;
        }
        self.written += 1;
        id_over("cb-", &[file.as_bytes(), &self.written.to_be_bytes()])
    }

    fn resource(&mut self, resource: &impl serde::Serialize) -> io::Result<()> {
        write_record(&mut self.out, resource)?;
        self.out.write_all(b"\n")
    }
}

impl<W: Write> Report for FhirReport<W> {
    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        let id = self.next_id(judged.file);
        let response = response::of_claim(id, judged, self.options.as_of);
        self.resource(&response)
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        if error.quarantines {
            let id = self.next_id(file);
            self.resource(&response::of_set_aside(id, error, self.options.as_of))?;
        }
        let id = self.next_id(file);
        self.resource(&outcome::of_error(id, file, error))
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.resource(&outcome::of_run(summary))?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
