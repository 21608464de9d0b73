//! Outputs that are written at the end of a run: made before the first claim is read, filled when all is
//! known.

use std::io::{self, BufWriter, Write};

use cleanbill_report::input_name;

use crate::error::RunError;
use crate::output::Target;
use crate::publish::Unpublished;

/// The outputs of a run that is under way, each with its format.
pub(crate) struct WholeOutputs<F>(Vec<Open<F>>);

struct Open<F> {
    name: String,
    place: Place,
    format: F,
}

enum Place {
    Stream(Box<dyn Write>),
    File(Unpublished),
}

impl<F> WholeOutputs<F> {
    /// Makes every output; none appears under its name yet.
    pub(crate) fn open(outputs: impl Iterator<Item = (Target, F)>) -> Result<Self, RunError> {
        let open = |(target, format)| {
            let (name, place) = match target {
                Target::Stream { name, out } => (name, Place::Stream(out)),
                Target::File(path) => {
                    let name = input_name(&path);
                    let file = Unpublished::create(path)?;
                    let place = if file.is_straight() {
                        let out = file.writer();
                        let out =
                            out.map_err(|source| RunError::Write { output: name.clone(), source })?;
                        Place::Stream(Box::new(BufWriter::new(out)))
                    } else {
                        Place::File(file)
                    };
                    (name, place)
                }
            };
            Ok(Open { name, place, format })
        };
        outputs.map(open).collect::<Result<_, _>>().map(Self)
    }

    /// Writes every output and puts every file under its name, all of them whole before the first one
    /// appears. `false` when nobody was left to read any of them.
    pub(crate) fn publish(
        self,
        write: impl Fn(F, &mut dyn Write) -> io::Result<()>,
    ) -> Result<bool, RunError> {
        let mut files = Vec::new();
        let mut is_heard = self.0.is_empty();
        for Open { name, place, format } in self.0 {
            let failed = |source| RunError::Write { output: name.clone(), source };
            match place {
                Place::File(file) => {
                    let mut out = BufWriter::new(file.writer().map_err(failed)?);
                    write(format, &mut out).map_err(failed)?;
                    file.sync().map_err(failed)?;
                    files.push((name, file));
                    is_heard = true;
                }
                Place::Stream(mut out) => match write(format, &mut out) {
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
