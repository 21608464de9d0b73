//! Which run it is: what it is made of, as far as that is known before the first claim is read.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use cleanbill_engine::Registry;
use cleanbill_report::{NdjsonReport, SummaryReport};
use serde::{Deserialize, Serialize};

use super::journal::{Journal, Opinions};
use super::keeping::{Beginning, Keeping};
use super::quarantine::Quarantine;
use super::record::{Part, Provenance, base_name};
use super::witness::{Mark, Stamp, Witness};
use super::{FINDINGS, FolderError, PROVENANCE, QUARANTINE, RunFolder, SUMMARY, State, private};
use crate::error::RunError;
use crate::feed::HistoryFeed;
use crate::input::Input;
use crate::output::{Output, Target};

/// A run whose results go into a folder.
pub struct FolderRun {
    /// The folder.
    pub folder: RunFolder,
    /// What is known of the run; inputs, history and outputs are filled in.
    pub provenance: Provenance,
    /// Claims between two checkpoints; by default they come with time.
    pub checkpoint_every: Option<u64>,
}

/// What a checkpoint says of the run that it is of.
#[derive(Debug, Serialize, Deserialize)]
struct Plan {
    provenance: Provenance,
    inputs: Vec<PlannedInput>,
}

/// An input before it is read.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct PlannedInput {
    name: String,
    bytes: Option<u64>,
    /// Nanoseconds since 1970.
    modified: Option<String>,
}

/// How a run in a folder begins.
pub(crate) enum Begun<'a> {
    /// It runs.
    Runs(Box<Keeping<'a>>),
    /// It has run before.
    Whole(u8),
}

impl FolderRun {
    /// Makes the folder ready for the run, or shows that it has run before.
    pub(crate) fn begin<'a>(
        mut self,
        inputs: &mut [Input],
        history: Option<&HistoryFeed>,
        registry: &'a Registry,
    ) -> Result<Begun<'a>, RunError> {
        self.refuse_inside(inputs)?;
        self.provenance.history = parts_of(history)?;
        let plan = Plan {
            inputs: inputs.iter().map(PlannedInput::of).collect(),
            provenance: self.provenance.clone(),
        };
        match &self.folder.state {
            State::Whole(exit_code) => {
                self.is_the_whole_run(&plan)?;
                return Ok(Begun::Whole(*exit_code));
            }
            State::Broken(found) => self.is_the_run(&plan, &found.plan)?,
            State::New { .. } => {}
        }
        let journal = self.folder.journal();
        let output = cleanbill_report::input_name(&journal);
        let failed = |source| RunError::Write { output: output.clone(), source };
        let work = self.folder.work();
        let is_resumed = matches!(self.folder.state, State::Broken(_));
        clean(&work, is_resumed).map_err(failed)?;
        let text = serde_json::to_string(&plan).map_err(|error| failed(error.into()))?;
        let (journal, earlier, head) =
            match std::mem::replace(&mut self.folder.state, State::New { is_restart: false }) {
                State::Broken(found) => {
                    let opinions = Opinions::open(&journal, &found).map_err(failed)?;
                    let written = Journal::go_on(&journal, &found).map_err(failed)?;
                    (written, Some(opinions), found.head)
                }
                _ => (Journal::create(&journal, &text).map_err(failed)?, None, <_>::default()),
            };
        crate::publish::sync_folder(&work).map_err(failed)?;
        let marks: BTreeMap<u32, Mark> = head.marks.iter().copied().collect();
        let witnesses = inputs.iter_mut().zip(0..).map(|(input, place)| {
            let witness = Arc::new(Witness::new(marks.get(&place).copied(), stamp_of(input)));
            input.watch(Arc::clone(&witness), work.clone());
            (input.name().to_owned(), witness)
        });
        let witnesses = witnesses.collect();
        let quarantine = Quarantine::create(work.join(QUARANTINE)).map_err(failed)?;
        Ok(Begun::Runs(Box::new(Keeping::new(Beginning {
            run: self,
            registry,
            journal,
            journal_name: output.clone(),
            earlier,
            head,
            witnesses,
            quarantine,
        }))))
    }

    /// What every such run writes beside the reports that were asked for.
    pub(crate) fn outputs(&self) -> [Output; 2] {
        let to = |name| Target::File(self.folder.path.join(name));
        [
            Output {
                target: to(FINDINGS),
                format: Box::new(|out| Box::new(NdjsonReport::new(out))),
            },
            Output {
                target: to(SUMMARY),
                format: Box::new(|out| Box::new(SummaryReport::new(out))),
            },
        ]
    }

    /// No input may lie where results go.
    fn refuse_inside(&self, inputs: &[Input]) -> Result<(), FolderError> {
        let Ok(folder) = self.folder.path.canonicalize() else { return Ok(()) };
        let is_inside = |input: &&Input| {
            let place = input.path().and_then(|path| path.canonicalize().ok());
            place.is_some_and(|place| place.starts_with(&folder))
        };
        match inputs.iter().find(is_inside) {
            Some(input) => Err(FolderError::InputInside {
                folder: self.folder.name.clone(),
                input: input.name().to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Refuses to go on with another run than the one of the checkpoint.
    fn is_the_run(&self, plan: &Plan, earlier: &str) -> Result<(), FolderError> {
        let folder = || self.folder.name.clone();
        let Ok(earlier) = serde_json::from_str::<Plan>(earlier) else {
            return Err(self.other("the version of the program".to_owned()));
        };
        if let Some(what) = earlier.provenance.first_difference(&plan.provenance) {
            return Err(self.other(what));
        }
        let names =
            |plan: &Plan| plan.inputs.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        if names(plan) != names(&earlier) {
            return Err(self.other("the list of inputs".to_owned()));
        }
        let pairs = plan.inputs.iter().zip(&earlier.inputs);
        match pairs.into_iter().find(|(now, then)| now != then) {
            Some((now, _)) => {
                Err(FolderError::InputChanged { folder: folder(), input: now.name.clone() })
            }
            None => Ok(()),
        }
    }

    /// Refuses to call another run whole than the one in the folder.
    fn is_the_whole_run(&self, plan: &Plan) -> Result<(), FolderError> {
        let text = fs::read_to_string(self.folder.path.join(PROVENANCE));
        let read =
            text.map_err(|error| error.to_string()).and_then(|text| Provenance::parse(&text));
        let whole = read.map_err(|reason| {
            let reason = format!("its `{PROVENANCE}` cannot be read: {reason}");
            FolderError::Unusable { folder: self.folder.name.clone(), reason }
        })?;
        if let Some(what) = whole.first_difference(&plan.provenance) {
            return Err(self.other(what));
        }
        let names = whole.inputs.iter().map(|input| &input.name);
        if !names.eq(plan.inputs.iter().map(|input| &input.name)) {
            return Err(self.other("the list of inputs".to_owned()));
        }
        Ok(())
    }

    fn other(&self, what: String) -> FolderError {
        FolderError::OtherRun { folder: self.folder.name.clone(), what }
    }
}

impl PlannedInput {
    fn of(input: &Input) -> Self {
        let stamp = stamp_of(input);
        let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).ok();
        let modified = stamp.and_then(|stamp| stamp.modified).and_then(since);
        Self {
            name: base_name(Path::new(input.name())),
            bytes: stamp.map(|stamp| stamp.bytes),
            modified: modified.map(|since| since.as_nanos().to_string()),
        }
    }
}

/// How the file of an input is now, where it is a regular one.
fn stamp_of(input: &Input) -> Option<Stamp> {
    let file = fs::metadata(input.path()?).ok()?;
    file.is_file().then(|| Stamp::of(&file))
}

/// The folder of work, empty but for the journal of a run that goes on.
fn clean(work: &Path, keeps_journal: bool) -> io::Result<()> {
    if !keeps_journal {
        match fs::remove_dir_all(work) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => return private::new_folder(work),
        }
    }
    for entry in fs::read_dir(work)? {
        let entry = entry?;
        if entry.file_name() == super::JOURNAL {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Size and digest of the files of earlier claims.
fn parts_of(history: Option<&HistoryFeed>) -> Result<Vec<Part>, RunError> {
    let files = history.into_iter().flat_map(|feed| &feed.files);
    let part = |path: &std::path::PathBuf| {
        Part::of_file(path)
            .map_err(|source| RunError::Read { input: cleanbill_report::input_name(path), source })
    };
    files.filter(|path| path.is_file()).map(part).collect()
}

impl Part {
    /// A file as it is now.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let witness = Witness::default();
        witness.watch_file(&fs::File::open(path)?, true)?;
        Ok(Self::of(base_name(path), &witness.mark()))
    }
}
