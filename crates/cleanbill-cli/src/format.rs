//! Names of the output formats, and the report behind each.

use std::io::Write;

use clap::ValueEnum;
use cleanbill_report::{JsonReport, NdjsonReport, Report, Styles, TextReport};
use cleanbill_run::{Output, Target};

use crate::terminal;

/// An output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: claims, their lines and what is wrong
    #[default]
    Text,
    /// For scripts: one JSON record a line, the summary last
    Ndjson,
    /// The same records as one JSON document
    Json,
}

impl Format {
    /// A report in this format to `target`; colours and the window's width are for standard output.
    pub fn output(self, target: Target) -> Output {
        let (styles, width) = match &target {
            Target::Stream { .. } => (terminal::styles(), terminal::width()),
            Target::File(_) => (Styles::plain(), TextReport::<std::io::Sink>::WIDTH),
        };
        let format = Box::new(move |out: Box<dyn Write>| -> Box<dyn Report> {
            match self {
                Self::Text => Box::new(TextReport::new(out, styles, width)),
                Self::Ndjson => Box::new(NdjsonReport::new(out)),
                Self::Json => Box::new(JsonReport::new(out)),
            }
        });
        Output { target, format }
    }
}
