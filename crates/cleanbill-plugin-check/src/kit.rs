//! Runs the tests of the kit over one plugin file.

use std::cell::Cell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cleanbill_plugin_host::Digest;
use fastrand::Rng;
use tempfile::TempDir;

use crate::catalogue::{How, TESTS, Test, named};
use crate::fuzz;
use crate::job::Job;
use crate::manifest::{Manifest, codes_in};
use crate::outcome::Outcome;
use crate::probe;
use crate::process::{ProbeCommand, ProbeEnd};
use crate::report::{Report, TestResult};
use crate::statics::LookedAt;

/// Codes of a library's bytes beyond so many are not tried.
const CODES_LIMIT: usize = 64;
/// Made-up claims are tried for so long when nobody says.
const MADE_UP_FOR: Duration = Duration::from_secs(1);
/// After so many tests that had to be killed the others are not run: each would take as long.
const KILLED_LIMIT: usize = 3;
/// Tests without which no code of the library is run.
const BEFORE_CODE: &[&str] = &["S1", "S2", "S3"];

/// Runs the tests of the kit.
#[derive(Clone, Debug)]
pub struct Kit {
    /// What runs a test in a process of its own.
    pub probe: ProbeCommand,
    /// What instances are made with: a JSON object.
    pub config: String,
    /// From which everything that is made up comes.
    pub seed: u64,
    /// How long claims are made up.
    pub fuzz: Option<Duration>,
    /// Ids of the tests to run; all when empty.
    pub only: Vec<String>,
    /// Where claims that failed are kept, and looked for.
    pub corpus: Option<PathBuf>,
    /// Run the plugin in this process, for a debugger.
    pub in_process: bool,
}

/// Why the kit cannot run.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// The plugin cannot be read.
    #[error("the plugin `{}` cannot be read: {source}", path.display())]
    Plugin {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is no such test.
    #[error("there is no test `{id}`; the tests are {known}")]
    NoSuchTest {
        /// What was asked for.
        id: String,
        /// All there are.
        known: String,
    },
    /// What the kit needs of the system is not there.
    #[error("the kit cannot work here: {0}")]
    System(#[from] io::Error),
}

/// A plugin in the hands of the kit.
pub(crate) struct Work<'k> {
    pub(crate) kit: &'k Kit,
    pub(crate) manifest: Manifest,
    original: PathBuf,
    folder: TempDir,
    library: PathBuf,
    codes: Vec<String>,
    /// Tests that had to be killed.
    killed: Cell<usize>,
}

impl Kit {
    /// Runs the tests over the plugin file `path`; `told` hears of each result as it comes.
    ///
    /// # Errors
    /// [`KitError`] when the tests cannot be run. That a plugin fails is no error.
    pub fn run(&self, path: &Path, told: &mut dyn FnMut(&TestResult)) -> Result<Report, KitError> {
        let unreadable = |source| KitError::Plugin { path: path.to_owned(), source };
        let tests = self.tests()?;
        let original = fs::canonicalize(path).map_err(unreadable)?;
        let bytes = fs::read(&original).map_err(unreadable)?;
        let folder = tempfile::Builder::new().prefix("cleanbill-check-").tempdir()?;
        let library = folder.path().join("plugin").with_extension(std::env::consts::DLL_EXTENSION);
        fs::write(&library, &bytes)?;
        let subject = LookedAt::new(&bytes);
        let mut codes = codes_in(&bytes);
        codes.truncate(CODES_LIMIT);
        let manifest = subject.manifest();
        let work =
            Work { kit: self, manifest, original, folder, library, codes, killed: Cell::new(0) };
        let unfit = BEFORE_CODE.iter().find(|id| {
            let verdict = named(id).map(|test| test.how);
            matches!(verdict, Some(How::Static(looks)) if looks(&subject).is_err())
        });
        let mut report = Report {
            path: path.to_owned(),
            id: work.manifest.id.clone(),
            version: work.manifest.version.clone(),
            digest: Digest::of(&bytes),
            seed: self.seed,
            config: self.config.clone(),
            results: Vec::new(),
        };
        for test in tests {
            let skip = |why: String| TestResult { test, outcome: Outcome::Skip(why), claim: None };
            let result = match (test.how, unfit) {
                (How::Static(looks), _) => {
                    TestResult { test, outcome: looks(&subject).into(), claim: None }
                }
                (_, Some(id)) => skip(format!("its code is not run, since {id} fails")),
                _ if work.killed.get() >= KILLED_LIMIT => {
                    skip(format!("not run, since {KILLED_LIMIT} tests had to be killed"))
                }
                (How::Probe { .. }, None) => {
                    TestResult { test, outcome: work.probe(test)?, claim: None }
                }
                (How::MadeUp, None) => fuzz::run(&work, test, self.fuzz.unwrap_or(MADE_UP_FOR))?,
            };
            told(&result);
            report.results.push(result);
        }
        Ok(report)
    }

    fn tests(&self) -> Result<Vec<&'static Test>, KitError> {
        if self.only.is_empty() {
            return Ok(TESTS.iter().collect());
        }
        let known = |id: &String| {
            let all = || TESTS.iter().map(|test| test.id).collect::<Vec<_>>().join(", ");
            named(id).ok_or_else(|| KitError::NoSuchTest { id: id.clone(), known: all() })
        };
        self.only.iter().map(known).collect()
    }
}

impl Work<'_> {
    /// The job of a test.
    pub(crate) fn job(&self, test: &Test) -> io::Result<Job> {
        let folder = self.folder.path().join(test.id);
        fs::create_dir_all(&folder)?;
        Ok(Job {
            test: test.id.to_owned(),
            original: self.original.clone(),
            library: self.library.clone(),
            folder,
            config: self.kit.config.clone(),
            seed: seed_of(self.kit.seed, test.id, 0),
            fuzz_ms: 0,
            claims: Vec::new(),
            codes: self.codes.clone(),
        })
    }

    /// Runs `job` for at most `limit`.
    pub(crate) fn run(&self, job: &Job, limit: Duration) -> io::Result<ProbeEnd> {
        if !self.kit.in_process {
            return self.kit.probe.run(job, limit);
        }
        fs::create_dir_all(job.room())?;
        let reply = Some(probe::answer(job));
        Ok(ProbeEnd { reply, death: String::new(), written: 0, cursor: None, killed: false })
    }

    fn probe(&self, test: &'static Test) -> io::Result<Outcome> {
        let How::Probe { limit, tries, quiet, .. } = test.how else {
            return Ok(Outcome::Skip("it runs no plugin".to_owned()));
        };
        let job = self.job(test)?;
        let mut last = Outcome::Pass;
        for _ in 0..tries {
            let ended = self.run(&job, limit)?;
            let is_dead = ended.reply.is_none();
            self.killed.set(self.killed.get() + usize::from(ended.killed));
            last = match ended.reply {
                None => Outcome::Fail(ended.death),
                Some(reply) if quiet && ended.written > 0 && reply.outcome == Outcome::Pass => {
                    Outcome::Fail(format!(
                        "it wrote {} bytes to standard output or standard error",
                        ended.written
                    ))
                }
                Some(reply) => reply.outcome,
            };
            // A measurement may have had bad luck; a crash has not.
            if is_dead || !matches!(last, Outcome::Fail(_)) {
                break;
            }
        }
        Ok(last)
    }
}

/// The seed of part `part` of a test: the same whichever other tests run.
pub(crate) fn seed_of(seed: u64, test: &str, part: u64) -> u64 {
    let of_test =
        test.bytes().fold(part, |sum, byte| sum.wrapping_mul(257).wrapping_add(byte.into()));
    Rng::with_seed(seed ^ of_test.wrapping_mul(0x9e37_79b9_7f4a_7c15)).u64(..)
}
