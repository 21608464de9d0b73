//! Where reports go: a stream that is open already, or a file that appears when the run is whole.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use cleanbill_report::{Report, input_name};

use crate::error::RunError;
use crate::publish::Unpublished;

/// Where a report goes.
pub enum Target {
    /// Standard output for one. A stream closed by its reader ends the report quietly.
    Stream {
        /// What messages call it.
        name: String,
        /// Where to write.
        out: Box<dyn Write>,
    },
    /// A file that appears under this name once the run is whole.
    File(PathBuf),
}

/// Makes a report that writes to what it is given.
pub type MakeReport = Box<dyn FnOnce(Box<dyn Write>) -> Box<dyn Report>>;

/// One report of a run.
pub struct Output {
    /// Where it goes.
    pub target: Target,
    /// Its format.
    pub format: MakeReport,
}

/// The reports of a run that is under way.
pub(crate) struct Outputs {
    open: Vec<OpenOutput>,
    asked: usize,
}

struct OpenOutput {
    name: String,
    report: Box<dyn Report>,
    file: Option<Unpublished>,
    closed: bool,
}

impl Outputs {
    /// Makes every output; none appears under its name yet. Files are written in the folder `staging` until
    /// then, by default where they are to appear.
    pub(crate) fn open(outputs: Vec<Output>, staging: Option<&Path>) -> Result<Self, RunError> {
        let asked = outputs.len();
        let open = |output| OpenOutput::new(output, staging);
        let open = outputs.into_iter().map(open).collect::<Result<_, _>>()?;
        Ok(Self { open, asked })
    }

    /// Tells every report; one whose reader has gone is dropped.
    pub(crate) fn each(
        &mut self,
        mut tell: impl FnMut(&mut dyn Report) -> io::Result<()>,
    ) -> Result<(), RunError> {
        for output in &mut self.open {
            match tell(output.report.as_mut()) {
                Ok(()) => {}
                Err(error) if output.is_stream() && error.kind() == io::ErrorKind::BrokenPipe => {
                    output.closed = true;
                }
                Err(source) => return Err(RunError::Write { output: output.name.clone(), source }),
            }
        }
        self.open.retain(|output| !output.closed);
        Ok(())
    }

    /// Whether every reader has gone, so that going on serves nobody.
    pub(crate) const fn are_all_closed(&self) -> bool {
        self.open.is_empty() && self.asked > 0
    }

    /// The files, each with its name in messages and safe on disk. None has its name yet.
    pub(crate) fn finish(self) -> Result<Vec<(String, Unpublished)>, RunError> {
        let mut files = Vec::new();
        for OpenOutput { name, report, file, .. } in self.open {
            drop(report);
            if let Some(file) = file {
                file.sync().map_err(|source| RunError::Write { output: name.clone(), source })?;
                // Of what was written straight nothing is kept.
                if !file.is_straight() {
                    files.push((name, file));
                }
            }
        }
        Ok(files)
    }

    /// Puts every file under its name. All of them are safe on disk before the first one appears.
    pub(crate) fn publish(self) -> Result<(), RunError> {
        for (output, file) in self.finish()? {
            file.publish().map_err(|source| RunError::Write { output, source })?;
        }
        Ok(())
    }
}

impl OpenOutput {
    fn new(output: Output, staging: Option<&Path>) -> Result<Self, RunError> {
        match output.target {
            Target::Stream { name, out } => {
                Ok(Self { name, report: (output.format)(out), file: None, closed: false })
            }
            Target::File(path) => {
                let name = input_name(&path);
                let file = Unpublished::create_in(staging, path)?;
                let out = file
                    .writer()
                    .map_err(|source| RunError::Write { output: name.clone(), source })?;
                let report = (output.format)(Box::new(BufWriter::new(out)));
                Ok(Self { name, report, file: Some(file), closed: false })
            }
        }
    }

    const fn is_stream(&self) -> bool {
        match &self.file {
            None => true,
            Some(file) => file.is_straight(),
        }
    }
}
