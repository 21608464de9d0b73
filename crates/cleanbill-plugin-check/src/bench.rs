//! A loaded plugin in the hands of a test: instances, claims to try, and what is asked of every answer.

use std::fs;
use std::path::{Path, PathBuf};

use cleanbill_plugin_abi::{AbiVersion, CbStatus, status};

use crate::claim::KitClaim;
use crate::generate::Generator;
use crate::job::Job;
use crate::manifest::Manifest;
use crate::outcome::Ended;
use crate::plugin::{Functions, Instance, Plugin};
use crate::show::{Layout, Shown};
use crate::sink::{Said, Sink};
use crate::statics::LookedAt;

/// What a test has to work with.
pub(crate) struct Bench<'a> {
    job: &'a Job,
    pub(crate) manifest: Manifest,
    abi: Option<AbiVersion>,
}

/// What an instance did with a claim.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: CbStatus,
    pub(crate) sink: Sink,
}

impl<'a> Bench<'a> {
    /// For one job.
    pub(crate) fn new(job: &'a Job) -> Result<Self, String> {
        let bytes = fs::read(&job.library).map_err(|error| format!("the library: {error}"))?;
        let subject = LookedAt::new(&bytes);
        Ok(Self { job, manifest: subject.manifest(), abi: subject.abi() })
    }

    /// The version that its manifest says.
    pub(crate) const fn abi(&self) -> Option<AbiVersion> {
        self.abi
    }

    /// Loads the library.
    pub(crate) fn open(&self) -> Result<Plugin, Ended> {
        Ok(Plugin::open(&self.job.library)?)
    }

    /// The functions of the library, loaded.
    pub(crate) fn functions(&self) -> Result<Functions, Ended> {
        Ok(self.open()?.table()?.0)
    }

    /// An instance with the configuration of the job.
    pub(crate) fn instance(&self, functions: Functions) -> Result<Instance, Ended> {
        let created = functions.create(&self.job.config)?;
        let config = &self.job.config;
        Ok(created.instance.ok_or_else(|| match created.status {
            status::OK => "`create` gives back no instance".to_owned(),
            status => format!(
                "`create` gives back {} for the configuration {config}: {}",
                words(status),
                created.message
            ),
        })?)
    }

    /// Makes claims up, the same for the same seed.
    pub(crate) fn generator(&self) -> Generator {
        Generator::new(self.job.seed, &self.manifest, &self.job.codes)
    }

    /// So many ordinary claims.
    pub(crate) fn claims(&self, count: usize) -> Vec<KitClaim> {
        let mut generator = self.generator();
        (0..count).map(|_| generator.ordinary()).collect()
    }

    /// Has `claim` checked; whatever comes of it.
    pub(crate) fn ask(&self, instance: &mut Instance, shown: &Shown) -> Answer {
        self.ask_with(instance, shown, |_| {})
    }

    /// The same with a sink that is set up.
    pub(crate) fn ask_with(
        &self,
        instance: &mut Instance,
        shown: &Shown,
        set_up: impl FnOnce(&mut Sink),
    ) -> Answer {
        let mut sink = Sink::new(self.manifest.rules.len(), shown.lines());
        set_up(&mut sink);
        let status = instance.check(shown, &mut sink);
        Answer { status, sink }
    }

    /// What the plugin says on a claim that inputs have: it may not fail on it.
    pub(crate) fn judge(
        &self,
        instance: &mut Instance,
        claim: &KitClaim,
    ) -> Result<Vec<Said>, Ended> {
        let shown = show(claim, Layout::PLAIN)?;
        let said = self.ask(instance, &shown).of_an_ordinary_claim()?;
        drop(shown);
        Ok(said)
    }

    /// The file that the user named.
    pub(crate) fn original(&self) -> &Path {
        &self.job.original
    }

    /// What instances are made with.
    pub(crate) fn config(&self) -> &str {
        &self.job.config
    }

    /// The folder in which nothing is to be left.
    pub(crate) fn room(&self) -> PathBuf {
        self.job.room()
    }
}

impl Answer {
    /// The findings, sorted, of a plugin that may not fail.
    pub(crate) fn of_an_ordinary_claim(self) -> Result<Vec<Said>, Ended> {
        if let Some(wrong) = self.sink.wrong {
            return Err(Ended::Fail(wrong));
        }
        if self.status != status::OK {
            return Err(Ended::Fail(format!("`check` gives back {}", words(self.status))));
        }
        let mut said = self.sink.said;
        said.sort();
        Ok(said)
    }

    /// The same of a plugin that may say that it cannot judge such a claim.
    pub(crate) fn of_a_strange_claim(self) -> Result<Vec<Said>, Ended> {
        let may_be = [status::E_INVALID, status::E_LIMIT, status::E_UNSUPPORTED, status::E_REFDATA];
        if self.sink.wrong.is_none() && may_be.contains(&self.status) {
            return Ok(Vec::new());
        }
        self.of_an_ordinary_claim()
    }
}

/// The claim in memory of its own.
pub(crate) fn show(claim: &KitClaim, layout: Layout) -> Result<Shown, Ended> {
    Shown::new(claim, layout).map_err(|error| Ended::Skip(format!("there is no memory: {error}")))
}

/// A status with its name.
pub(crate) fn words(status: CbStatus) -> String {
    let name = match status {
        status::OK => "CB_OK",
        status::STOP => "CB_STOP",
        status::E_PANIC => "CB_E_PANIC",
        status::E_CONFIG => "CB_E_CONFIG",
        status::E_ABI => "CB_E_ABI",
        status::E_UNSUPPORTED => "CB_E_UNSUPPORTED",
        status::E_INVALID => "CB_E_INVALID",
        status::E_LIMIT => "CB_E_LIMIT",
        status::E_REFDATA => "CB_E_REFDATA",
        status::E_INTERNAL => "CB_E_INTERNAL",
        _ => return format!("{status}, which is no status"),
    };
    format!("{name} ({status})")
}
