//! The options of the command as they were given, for `provenance.json`.

use std::ffi::OsStr;
use std::path::Path;

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, CommandFactory as _};
use cleanbill_report::input_name;
use cleanbill_run::OptionUsed;

use crate::flags::Flags;

/// Options that change no output, or are recorded in another place.
const LEFT_OUT: [&str; 13] = [
    "claims",
    "output",
    "out_dir",
    "overwrite",
    "resume",
    "audit",
    "jobs",
    "progress",
    "timings",
    "color",
    "verbose",
    "quiet",
    "plugin_stderr",
];
/// Options that name files which may be called after a patient: the last part of the path is told.
const FILES: [&str; 3] = ["history", "history_key", "columns"];

/// The options of this process.
pub fn given() -> Vec<OptionUsed> {
    let matches = Flags::command().get_matches();
    matches.subcommand().map(|(verb, matches)| of(verb, matches)).unwrap_or_default()
}

fn of(verb: &str, matches: &ArgMatches) -> Vec<OptionUsed> {
    let command = Flags::command();
    let Some(command) = command.find_subcommand(verb) else { return Vec::new() };
    let mut options = Vec::new();
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        let is_known = matches.try_contains_id(id).is_ok();
        if !is_known
            || LEFT_OUT.contains(&id)
            || matches.value_source(id) != Some(ValueSource::CommandLine)
        {
            continue;
        }
        let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
        let values = matches.get_raw(id).into_iter().flatten().filter(|_| takes_value);
        let values = values.map(|value| shown(id, value)).collect();
        let name = arg.get_long().unwrap_or(id).to_owned();
        options.push(OptionUsed { name, values });
    }
    options.sort_by(|one, other| one.name.cmp(&other.name));
    options
}

/// A value, without what nobody else is to see.
fn shown(id: &str, value: &OsStr) -> String {
    let path = Path::new(value);
    let text = input_name(path);
    if text.contains("://") {
        // It may hold a password.
        return "(withheld)".to_owned();
    }
    match path.file_name().filter(|_| FILES.contains(&id)) {
        Some(name) => input_name(Path::new(name)),
        None => text,
    }
}

/// The same as arguments of the command.
pub fn arguments(options: &[OptionUsed]) -> Vec<String> {
    let mut arguments = Vec::new();
    for OptionUsed { name, values } in options {
        if values.is_empty() {
            arguments.push(format!("--{name}"));
        }
        arguments.extend(values.iter().map(|value| format!("--{name}={value}")));
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(arguments: &[&str]) -> Vec<OptionUsed> {
        let all = ["cleanbill", "validate"].into_iter().chain(arguments.iter().copied());
        let matches = Flags::command().try_get_matches_from(all).unwrap();
        let (verb, matches) = matches.subcommand().unwrap();
        of(verb, matches)
    }

    #[test]
    fn options_are_told_as_given_without_folders_of_claims_and_without_what_changes_nothing() {
        let options = given(&[
            "a.837",
            "--jobs",
            "3",
            "-q",
            "--strict",
            "--packs",
            "x/acme",
            "--packs",
            "b",
            "--history",
            "/home/zz/smith.837",
            "--out-dir",
            "run",
            "-f",
            "html",
            "-f=csv",
        ]);
        let shown: Vec<String> = arguments(&options);
        assert_eq!(
            shown,
            [
                "--format=html",
                "--format=csv",
                "--history=smith.837",
                "--packs=x/acme",
                "--packs=b",
                "--strict",
            ]
        );
        assert_eq!(shown_of("history", "postgres://jane:secret@db/claims"), "(withheld)");
    }

    fn shown_of(id: &str, value: &str) -> String {
        shown(id, OsStr::new(value))
    }
}
