//! What the flags of `validate` mean: inputs, outputs and their pairing.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use cleanbill_intake::{FormatChoice, InputOptions};
use cleanbill_report::{AnswerOptions, Values};
use cleanbill_run::{FailOn, Input, Output, RunFolder, Target};

use super::ValidateFlags;
use crate::failure::Failure;
use crate::format::Format;
use crate::stdin::Stdin;
use crate::terminal;

/// Settled arguments: nothing of them can be refused any more before files are looked at.
pub struct Settled {
    pub inputs: Vec<Input>,
    pub input_options: InputOptions,
    pub outputs: Vec<Output>,
    pub writes_to_stdout: bool,
    pub fail_on: FailOn,
}

/// Settles the flags.
pub fn settle(
    flags: &ValidateFlags,
    folder: Option<&RunFolder>,
    stop: &Arc<AtomicUsize>,
) -> Result<Settled, Failure> {
    let pairs = match folder {
        Some(folder) => super::into_folder::pair(&flags.format, &flags.output, folder)?,
        None => pair(&flags.format, &flags.output, Format::of_path)?,
    };
    let writes_to_stdout = pairs.iter().any(|(_, path)| path.is_none());
    let is_binary =
        |(format, path): &(Format, Option<PathBuf>)| path.is_none() && !format.is_text();
    if pairs.iter().any(is_binary) && io::stdout().is_terminal() {
        return Err(Failure::refused(
            "a terminal cannot show a workbook",
            "give it a file: `--format xlsx --output worklist.xlsx`",
        ));
    }
    let fails_from = flags.fail_on.least();
    let values = if flags.include_values { Values::Included } else { Values::Withheld };
    let answers = AnswerOptions { as_of: flags.edits.as_of, reject_denials: flags.reject_denials };
    let acknowledge = pairs.iter().any(|(format, _)| format.answers());
    let input_options = InputOptions { acknowledge, ..flags.input.options()? };
    check_answerable(&input_options)?;
    if acknowledge && flags.finalize.preset().is_some() {
        return Err(Failure::refused(
            "`277ca` and `999` answer every claim, and `--finalize` leaves claims out",
            "answer in a run without `--finalize`",
        ));
    }
    let output = |(format, path): (Format, Option<PathBuf>)| {
        format.output(target(path), fails_from, values, answers)
    };
    Ok(Settled {
        inputs: inputs(&flags.claims, stop, io::stdin().is_terminal())?,
        input_options,
        outputs: pairs.into_iter().map(output).collect(),
        writes_to_stdout,
        fail_on: flags.fail_on,
    })
}

/// Refuses to answer claims that are said to be in no X12 file before any of them is opened.
fn check_answerable(options: &InputOptions) -> Result<(), Failure> {
    let forced = options.columns.as_ref().map(|_| FormatChoice::Csv).or(options.format);
    match forced.filter(|format| options.acknowledge && *format != FormatChoice::X12) {
        Some(format) => Err(Failure::refused(
            format!("`277ca` and `999` answer 837 files, and the claims are {}", format.as_str()),
            "name another format, `fhir` for one",
        )),
        None => Ok(()),
    }
}

/// The claims named, or standard input.
pub fn inputs(
    claims: &[PathBuf],
    stop: &Arc<AtomicUsize>,
    stdin_is_terminal: bool,
) -> Result<Vec<Input>, Failure> {
    let stdin = || Input::stream("-", Box::new(Stdin::new(Arc::clone(stop))));
    if claims.is_empty() {
        return if stdin_is_terminal {
            Err(Failure::refused(
                "no claims were named",
                "name files (`cleanbill validate claims.837`) or pipe claims in; `cleanbill \
                 validate --help` has examples",
            ))
        } else {
            Ok(vec![stdin()])
        };
    }
    if claims.iter().filter(|path| is_dash(path)).count() > 1 {
        return Err(Failure::refused(
            "standard input (`-`) is named twice",
            "it can be read once only; name it once",
        ));
    }
    let input = |path: &PathBuf| if is_dash(path) { stdin() } else { Input::file(path.clone()) };
    Ok(claims.iter().map(input).collect())
}

/// Each format with its path; `None` is standard output.
///
/// Formats and outputs go together in the order typed. With as many of one as of the other that is
/// plain; otherwise nobody could tell which one is for the screen, so only a lone format or output
/// may leave out its partner. Without any format the endings of the outputs tell (`of_path`), all of
/// them when there is more than one.
pub fn pair<F: Copy + Default>(
    formats: &[F],
    outputs: &[PathBuf],
    of_path: fn(&Path) -> Option<F>,
) -> Result<Vec<(F, Option<PathBuf>)>, Failure> {
    let path = |path: &PathBuf| (!is_dash(path)).then(|| path.clone());
    let told: Option<Vec<F>> = outputs.iter().map(|output| of_path(output)).collect();
    let formats = match &told {
        Some(told) if formats.is_empty() => told.as_slice(),
        _ => formats,
    };
    let pairs: Vec<_> = match (formats, outputs) {
        ([], []) => vec![(F::default(), None)],
        ([format], []) => vec![(*format, None)],
        ([], [output]) => vec![(F::default(), path(output))],
        _ if formats.len() == outputs.len() => {
            formats.iter().copied().zip(outputs.iter().map(path)).collect()
        }
        _ => {
            return Err(Failure::refused(
                format!(
                    "{} formats and {} outputs: which goes where is not clear",
                    formats.len(),
                    outputs.len()
                ),
                "give every `--format` its own `--output`, or only outputs whose endings tell the \
                 format; `--output -` is standard output",
            ));
        }
    };
    if pairs.iter().filter(|(_, path)| path.is_none()).count() > 1 {
        return Err(Failure::refused(
            "two formats go to standard output",
            "give all but one of them a file: `--output findings.ndjson`",
        ));
    }
    Ok(pairs)
}

/// A file, or standard output.
pub fn target(path: Option<PathBuf>) -> Target {
    match path {
        Some(path) => Target::File(path),
        None => Target::Stream { name: "standard output".to_owned(), out: terminal::stdout() },
    }
}

pub(super) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn formats_and_outputs_go_together_in_the_order_typed() {
        let pair = |formats: &[Format], outputs: &[&str]| {
            pair(formats, &paths(outputs), Format::of_path).unwrap()
        };
        let pairs = pair(&[Format::Text, Format::Ndjson], &["-", "f"]);
        assert_eq!(pairs, [(Format::Text, None), (Format::Ndjson, Some(PathBuf::from("f")))]);
        assert_eq!(pair(&[], &[]), [(Format::Text, None)]);
        assert_eq!(pair(&[Format::Json], &[]), [(Format::Json, None)]);
        assert_eq!(pair(&[], &["f"]), [(Format::Text, Some("f".into()))]);
        assert_eq!(pair(&[], &["-"]), [(Format::Text, None)]);
    }

    #[test]
    fn an_ending_tells_the_format_where_none_is_given() {
        let pair =
            |formats: &[Format], outputs: &[&str]| pair(formats, &paths(outputs), Format::of_path);
        let pairs = pair(&[], &["a.html", "b.csv"]).unwrap();
        let wanted = [(Format::Html, Some("a.html".into())), (Format::Csv, Some("b.csv".into()))];
        assert_eq!(pairs, wanted);
        let pairs = pair(&[Format::Text], &["a.html"]).unwrap();
        assert_eq!(pairs, [(Format::Text, Some("a.html".into()))]);
        assert!(pair(&[], &["a.html", "b"]).is_err());
    }

    #[test]
    fn a_pairing_that_could_mean_two_things_is_refused() {
        let pair =
            |formats: &[Format], outputs: &[&str]| pair(formats, &paths(outputs), Format::of_path);
        assert!(pair(&[Format::Text, Format::Ndjson], &["f"]).is_err());
        assert!(pair(&[Format::Text], &["f", "g"]).is_err());
        assert!(pair(&[Format::Text, Format::Ndjson], &["-", "-"]).is_err());
    }

    #[test]
    fn standard_input_is_read_once_and_never_waited_for_on_a_terminal() {
        let stop = Arc::default();
        let inputs = |claims: &[PathBuf], terminal| inputs(claims, &stop, terminal);
        assert!(inputs(&[], true).is_err());
        assert_eq!(inputs(&[], false).unwrap().len(), 1);
        assert!(inputs(&paths(&["-", "a.837", "-"]), false).is_err());
        assert_eq!(inputs(&paths(&["a.837", "-"]), true).unwrap().len(), 2);
    }
}
