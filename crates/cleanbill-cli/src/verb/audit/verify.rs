//! `cleanbill audit verify RUN_DIR`: every file that a run read or wrote against its digest.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Parser as _;
use cleanbill_report::{escape, input_name};
use cleanbill_run::{OptionUsed, PROVENANCE, Part, Provenance, SUMMARY, exit_code};

use super::replay;
use crate::failure::Failure;
use crate::flags::Flags;
use crate::terminal;
use crate::verb::Verb;
use crate::verb::validate::{ValidateFlags, options};

/// Options whose values name files of which only the last part of the path is told.
const FILES: [&str; 3] = ["history", "history-key", "columns"];

/// What is known of a run in a folder.
pub struct Recorded {
    pub folder: PathBuf,
    pub provenance: Provenance,
    /// The inputs under the names that the command gave them.
    pub inputs: Vec<String>,
    /// The options, files under names that can be opened.
    pub options: Vec<OptionUsed>,
}

/// What was found.
#[derive(Default)]
pub struct Found {
    checked: u64,
    differs: Vec<String>,
}

pub fn run(folder: &Path, replays: bool) -> Result<u8, Failure> {
    let run = Recorded::read(folder)?;
    let mut found = Found::default();
    found.outputs(&run);
    found.inputs(&run);
    found.made_of(&run)?;
    if replays && found.differs.is_empty() {
        replay::run(&run, &mut found)?;
    }
    found.tell(replays)
}

impl Recorded {
    fn read(folder: &Path) -> Result<Self, Failure> {
        let text = |name: &str| {
            fs::read_to_string(folder.join(name)).map_err(|error| {
                let path = folder.join(name);
                Failure::refused(
                    format!("`{}` cannot be read: {error}", path.display()),
                    "name a folder that `validate --out-dir` has filled to the end",
                )
            })
        };
        let unusable = |name: &str, reason: String| {
            let message = format!("`{}` cannot be used: {reason}", folder.join(name).display());
            Failure::refused(message, "nothing can be checked without it")
        };
        let provenance =
            Provenance::parse(&text(PROVENANCE)?).map_err(|reason| unusable(PROVENANCE, reason))?;
        let inputs = inputs_of(&text(SUMMARY)?).unwrap_or_default();
        let mut run = Self { folder: folder.to_owned(), provenance, inputs, options: Vec::new() };
        run.options = run.provenance.options.iter().map(|option| run.openable(option)).collect();
        Ok(run)
    }

    /// Where the input `place` lies.
    pub fn input(&self, place: usize, part: &Part) -> String {
        let as_given = self.inputs.get(place).filter(|name| base_name(name) == part.name);
        as_given.cloned().unwrap_or_else(|| part.name.clone())
    }

    /// A file is looked for here and beside the claims.
    fn openable(&self, option: &OptionUsed) -> OptionUsed {
        if !FILES.contains(&option.name.as_str()) {
            return option.clone();
        }
        let beside = self.inputs.iter().filter_map(|input| Path::new(input).parent());
        let folders: Vec<&Path> = std::iter::once(Path::new("")).chain(beside).collect();
        let find = |name: &String| {
            let places = folders.iter().map(|folder| folder.join(name));
            let there = places.into_iter().find(|path| path.is_file());
            there.map_or_else(|| name.clone(), |path| path.display().to_string())
        };
        OptionUsed { values: option.values.iter().map(find).collect(), ..option.clone() }
    }

    /// The flags of the run.
    fn flags(&self) -> Result<ValidateFlags, Failure> {
        let start = ["cleanbill".to_owned(), "validate".to_owned()];
        let arguments = start.into_iter().chain(options::arguments(&self.options));
        match Flags::try_parse_from(arguments).map(|flags| flags.verb) {
            Ok(Verb::Validate(flags)) => Ok(flags),
            _ => Err(Failure::refused(
                "the options of the run are no options of this version",
                "check it with the version that `provenance.json` names",
            )),
        }
    }
}

impl Found {
    fn outputs(&mut self, run: &Recorded) {
        for part in &run.provenance.outputs {
            self.file("output", part, &run.folder.join(&part.name));
        }
    }

    fn inputs(&mut self, run: &Recorded) {
        for (place, part) in run.provenance.inputs.iter().enumerate() {
            if part.name == "-" {
                // Standard input is gone; a replay needs it again, and says so.
                continue;
            }
            self.file("input", part, Path::new(&run.input(place, part)));
        }
        for option in run.options.iter().filter(|option| option.name == "history") {
            for path in &option.values {
                let part = run.provenance.history.iter().find(|part| part.name == base_name(path));
                if let Some(part) = part {
                    self.file("history", part, Path::new(path));
                }
            }
        }
    }

    /// Program, packs, tables, plugins and files of settings.
    fn made_of(&mut self, run: &Recorded) -> Result<(), Failure> {
        let now = match run.flags()?.made_of(run.provenance.options.clone()) {
            Ok(now) => now,
            Err(failure) => {
                self.differs(format!(
                    "what the run was made of cannot be loaded: {}",
                    failure.text()
                ));
                return Ok(());
            }
        };
        let then = &run.provenance;
        for (kind, then, now) in [
            ("program", std::slice::from_ref(&then.engine), std::slice::from_ref(&now.engine)),
            ("settings file", &*then.settings, &*now.settings),
            ("pack", &*then.packs, &*now.packs),
            ("table", &*then.tables, &*now.tables),
            ("plugin", &*then.plugins, &*now.plugins),
        ] {
            for part in then {
                let found = now.iter().find(|other| other.name == part.name);
                self.compare(
                    kind,
                    part,
                    found.cloned().ok_or_else(|| "it is not there".to_owned()),
                );
            }
            for part in now.iter().filter(|part| then.iter().all(|other| other.name != part.name)) {
                self.differs(format!("the {kind} `{}` was not there", part.name));
            }
        }
        Ok(())
    }

    fn file(&mut self, kind: &str, part: &Part, path: &Path) {
        let now = Part::of_file(path).map(|now| Part { name: part.name.clone(), ..now });
        self.compare(kind, part, now.map_err(|error| format!("it cannot be read: {error}")));
    }

    /// Holds what is there now against what was.
    pub fn compare(&mut self, kind: &str, then: &Part, now: Result<Part, String>) {
        self.checked += 1;
        let name = &then.name;
        match now {
            Ok(now) if now == *then => {}
            Ok(now) => self.differs(format!(
                "the {kind} `{name}`: {} bytes, sha256 {}; the run had {} bytes, sha256 {}",
                now.bytes, now.sha256, then.bytes, then.sha256
            )),
            Err(reason) => self.differs(format!("the {kind} `{name}`: {reason}")),
        }
    }

    pub fn differs(&mut self, words: String) {
        self.differs.push(words);
    }

    fn tell(self, replayed: bool) -> Result<u8, Failure> {
        let mut out = terminal::stdout();
        let mut told = String::new();
        for words in &self.differs {
            told.push_str(&format!("differs: {}\n", escape(words)));
        }
        let exit_code = if self.differs.is_empty() {
            let replay =
                if replayed { "; run again, every byte of what it wrote is the same" } else { "" };
            told.push_str(&format!("ok: {} digests hold{replay}\n", self.checked));
            exit_code::WHOLE
        } else {
            exit_code::FINDINGS
        };
        let written = out.write_all(told.as_bytes()).and_then(|()| out.flush());
        Failure::of_stdout(written).map(|_| exit_code)
    }
}

/// The names of the inputs as the command gave them.
fn inputs_of(summary: &str) -> Option<Vec<String>> {
    let summary: serde_json::Value = serde_json::from_str(summary).ok()?;
    let files = summary.get("files")?.as_array()?.iter();
    files.map(|file| Some(file.get("file")?.as_str()?.to_owned())).collect()
}

fn base_name(path: &str) -> String {
    let path = Path::new(path);
    path.file_name().map_or_else(|| input_name(path), |name| input_name(Path::new(name)))
}
