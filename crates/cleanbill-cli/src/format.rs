//! Names of the output formats, and the report behind each.

use std::io::Write;
use std::path::Path;

use clap::ValueEnum;
use cleanbill_model::Severity;
use cleanbill_report::{
    AnswerOptions, ClaimAckReport, CsvReport, FhirReport, GithubReport, HtmlReport, JsonReport,
    JunitReport, NdjsonReport, RemitCsvReport, RemitJsonReport, Report, SarifReport, Styles,
    SyntaxAckReport, TextReport, Values, XlsxReport,
};
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
    /// For spreadsheets and databases: one row a finding
    Csv,
    /// A workbook: one sheet for each owner, dearest first
    Xlsx,
    /// A page to send round: charts, and a table to sort and filter
    Html,
    /// SARIF 2.1.0, for viewers of any tool's findings
    Sarif,
    /// JUnit XML, for CI servers
    Junit,
    /// Annotations in a workflow on GitHub
    Github,
    /// For programs that take remittance advice: one row an adjustment, as an 835 would have it
    RemitCsv,
    /// The same, one record a claim
    RemitJson,
    /// X12 277CA (005010X214): each claim of an 837 accepted or rejected; names patients
    #[value(name = "277ca")]
    ClaimAck,
    /// X12 999 (005010X231A1) and TA1: what is wrong with the syntax of an 837
    #[value(name = "999")]
    SyntaxAck,
    /// FHIR R4, one resource a line: a ClaimResponse for each claim, OperationOutcomes for errors
    Fhir,
}

impl Format {
    /// The format that the ending of a file name stands for, when it stands for one.
    pub fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "txt" => Some(Self::Text),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "html" | "htm" => Some(Self::Html),
            "sarif" => Some(Self::Sarif),
            "277ca" => Some(Self::ClaimAck),
            "999" => Some(Self::SyntaxAck),
            _ => None,
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Whether a terminal can show it.
    pub const fn is_text(self) -> bool {
        !matches!(self, Self::Xlsx)
    }

    /// Whether it answers the sender of an 837, and needs its envelope for that.
    pub const fn answers(self) -> bool {
        matches!(self, Self::ClaimAck | Self::SyntaxAck)
    }

    /// A report in this format to `target`; colours and the window's width are for standard output.
    /// Findings of `fails_from` and above fail the run, which JUnit tells claim by claim; `values` are for
    /// the page, `answers` for answers to who sent the claims.
    pub fn output(
        self,
        target: Target,
        fails_from: Option<Severity>,
        values: Values,
        answers: AnswerOptions,
    ) -> Output {
        let (styles, width) = match &target {
            Target::Stream { .. } => (terminal::styles(), terminal::width()),
            Target::File(_) => (Styles::plain(), TextReport::<std::io::Sink>::WIDTH),
        };
        let format = Box::new(move |out: Box<dyn Write>| -> Box<dyn Report> {
            match self {
                Self::Text => Box::new(TextReport::new(out, styles, width)),
                Self::Ndjson => Box::new(NdjsonReport::new(out)),
                Self::Json => Box::new(JsonReport::new(out)),
                Self::Csv => Box::new(CsvReport::new(out)),
                Self::Xlsx => Box::new(XlsxReport::new(out)),
                Self::Html => Box::new(HtmlReport::new(out, values)),
                Self::Sarif => Box::new(SarifReport::new(out)),
                Self::Junit => Box::new(JunitReport::new(out, fails_from)),
                Self::Github => Box::new(GithubReport::new(out)),
                Self::RemitCsv => Box::new(RemitCsvReport::new(out)),
                Self::RemitJson => Box::new(RemitJsonReport::new(out)),
                Self::ClaimAck => Box::new(ClaimAckReport::new(out, answers)),
                Self::SyntaxAck => Box::new(SyntaxAckReport::new(out, answers)),
                Self::Fhir => Box::new(FhirReport::new(out, answers)),
            }
        });
        Output { target, format }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_endings_that_mean_one_format_stand_for_it() {
        let of = |name: &str| Format::of_path(Path::new(name));
        assert_eq!(of("out/report.HTML"), Some(Format::Html));
        assert_eq!(of("a.b.csv"), Some(Format::Csv));
        assert_eq!(of("findings.jsonl"), Some(Format::Ndjson));
        for name in ["findings", "findings.xml", "html", ".csv", "-"] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
