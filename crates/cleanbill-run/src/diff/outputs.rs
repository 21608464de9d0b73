//! Where a comparison is written: made before the first claim is read, filled at the end.

use std::io::{self, BufWriter, Write};

use cleanbill_report::{DiffFormat, DiffResult, Styles, input_name};

use crate::error::RunError;
use crate::output::Target;
use crate::publish::Unpublished;

/// One output of a comparison.
pub struct DiffOutput {
    /// Where it goes.
    pub target: Target,
    /// In which format.
    pub format: DiffFormat,
    /// Colours, for [`DiffFormat::Text`].
    pub styles: Styles,
}

/// The outputs of a comparison that is under way.
pub(super) struct DiffOutputs(Vec<Open>);

struct Open {
    name: String,
    place: Place,
    format: DiffFormat,
    styles: Styles,
}

enum Place {
    Stream(Box<dyn Write>),
    File(Unpublished),
}

impl DiffOutputs {
    /// Makes every output; none appears under its name yet.
    pub(super) fn open(outputs: Vec<DiffOutput>) -> Result<Self, RunError> {
        let open = |DiffOutput { target, format, styles }| {
            let (name, place) = match target {
                Target::Stream { name, out } => (name, Place::Stream(out)),
                Target::File(path) => (input_name(&path), Place::File(Unpublished::create(path)?)),
            };
            Ok(Open { name, place, format, styles })
        };
        outputs.into_iter().map(open).collect::<Result<_, _>>().map(Self)
    }

    /// Writes every output and puts every file under its name, all of them whole before the first one
    /// appears. `false` when nobody was left to read any of them.
    pub(super) fn publish(self, result: &DiffResult) -> Result<bool, RunError> {
        let mut files = Vec::new();
        let mut is_heard = self.0.is_empty();
        for Open { name, place, format, styles } in self.0 {
            let failed = |source| RunError::Write { output: name.clone(), source };
            match place {
                Place::File(file) => {
                    let mut out = BufWriter::new(file.writer().map_err(failed)?);
                    format.write(&mut out, result, &styles).map_err(failed)?;
                    file.sync().map_err(failed)?;
                    files.push((name, file));
                    is_heard = true;
                }
                Place::Stream(mut out) => match format.write(&mut out, result, &styles) {
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
                    written => {
                        written.map_err(failed)?;
                        is_heard = true;
                    }
                },
            }
        }
        for (output, file) in files {
            file.publish().map_err(|source| RunError::Write { output, source })?;
        }
        Ok(is_heard)
    }
}
