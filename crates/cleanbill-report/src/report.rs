//! What every output format is told, and when.

use std::io;

use cleanbill_model::{Claim, EnvelopePart, Fault, Finding, InputError};

use crate::summary::Summary;
use crate::version_note::VersionNote;

/// A claim with everything that was found on it.
#[derive(Clone, Copy, Debug)]
pub struct JudgedClaim<'a> {
    /// The input that it came from, as [`crate::input_name`] shows it.
    pub file: &'a str,
    /// The claim.
    pub claim: &'a Claim,
    /// What the edits say of it, in the engine's order.
    pub findings: &'a [Finding],
    /// Edits that could not run on it.
    pub faults: &'a [Fault],
}

/// An output format. It is told of everything in the order of the input and keeps no more than its own
/// buffer or, where the format has to be sorted or counted first, a fixed number of entries, so that a
/// file of any size can be reported.
///
/// Each method fails only when writing fails.
pub trait Report {
    /// The run starts; nothing has been read.
    ///
    /// # Errors
    /// The error of the writer.
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// A claim was judged; most claims have neither finding nor fault.
    ///
    /// # Errors
    /// The error of the writer.
    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()>;

    /// Something of the input `file` could not be read or trusted.
    ///
    /// # Errors
    /// The error of the writer.
    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()>;

    /// A claim of the input `file` is not judged, or not with all of its lines, since it is not final; or it is,
    /// and that is odd. Told only in runs that judge final claims alone, in the order of the claims.
    ///
    /// # Errors
    /// The error of the writer.
    fn version(&mut self, file: &str, note: &VersionNote) -> io::Result<()> {
        let _ = (file, note);
        Ok(())
    }

    /// A part of what stands around the claims of the input `file` was met; told only in runs that read
    /// it ([`EnvelopePart`]), for answers to its sender.
    ///
    /// # Errors
    /// The error of the writer.
    fn envelope(&mut self, file: &str, part: &EnvelopePart) -> io::Result<()> {
        let _ = (file, part);
        Ok(())
    }

    /// The run is whole. Writes the summary and flushes.
    ///
    /// # Errors
    /// The error of the writer.
    fn end(&mut self, summary: &Summary) -> io::Result<()>;
}
