//! What is known of a plugin without running it, for people and for scripts.

use std::io::{self, Write};
use std::path::Path;

use cleanbill_model::ClaimType;
use cleanbill_plugin_host::{
    AbiVersion, Candidate, LockEntry, PluginInfo, PluginLock, Refusal, TrustedLibrary,
};
use cleanbill_report::escape;
use serde::Serialize;

use crate::failure::plural;

/// What is known of a plugin file.
#[derive(Debug, Serialize)]
pub struct Described {
    /// As it was given.
    file: String,
    /// `trusted` or `refused`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Refused>,
    /// What its manifest says, where that could be read.
    #[serde(flatten)]
    about: Option<About>,
    /// What the lock says of its id.
    locked: Option<Locked>,
}

/// Why a plugin may not run.
#[derive(Debug, Serialize)]
struct Refused {
    step: &'static str,
    problem: String,
    remedy: String,
}

/// What a manifest says.
#[derive(Debug, Serialize)]
pub struct About {
    id: String,
    version: String,
    title: String,
    vendor: Option<String>,
    abi: String,
    sha256: String,
    payers: Vec<String>,
    forms: Vec<&'static str>,
    reads: Vec<String>,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
struct Rule {
    id: String,
    disposition: &'static str,
    title: String,
    effective: String,
    /// What is wrong, with places for values.
    template: String,
    /// What to do.
    fix: String,
    /// What a pack may tell it: names and kinds.
    config: Vec<(String, &'static str)>,
    examples: usize,
    sources: Vec<String>,
}

/// What a lock says of a plugin.
#[derive(Debug, Serialize)]
pub struct Locked {
    id: String,
    version: String,
    abi: String,
    isolation: &'static str,
    targets: Vec<String>,
    grants: Vec<String>,
    signer: Option<String>,
    approved_by: String,
    approved_at: String,
    conformance: Option<String>,
}

impl Described {
    /// Looks at the file `path` as a run with `lock` would.
    pub fn of(path: &Path, lock: &PluginLock) -> Self {
        let file = path.display().to_string();
        match TrustedLibrary::check(path, lock) {
            Ok(library) => Self {
                file,
                state: "trusted",
                refused: None,
                about: Some(About::of(library.info(), library.digest().as_str())),
                locked: lock.entry(library.info().id()).map(Locked::of),
            },
            Err(refusal) => {
                let seen = Candidate::look(path, &[]).ok();
                let locked = seen.as_ref().and_then(|seen| lock.entry(seen.info().id()));
                Self {
                    file,
                    state: "refused",
                    refused: Some(Refused::of(&refusal)),
                    locked: locked.map(Locked::of),
                    about: seen.map(|seen| About::of(seen.info(), seen.digest().as_str())),
                }
            }
        }
    }

    /// Whether it may not run.
    pub const fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Writes it for people; `whole` with what only the question about one plugin asks.
    pub fn write(&self, out: &mut dyn Write, whole: bool) -> io::Result<()> {
        match &self.about {
            Some(about) => {
                about.write_name(out)?;
                writeln!(out, "  file    {}", escape(&self.file))?;
            }
            None => writeln!(out, "{}", escape(&self.file))?,
        }
        match &self.refused {
            None => {
                let isolation = self.locked.as_ref().map_or("", |locked| locked.isolation);
                writeln!(out, "  state   trusted ({isolation})")?;
            }
            Some(Refused { step, problem, remedy }) => {
                writeln!(out, "  state   refused ({step}): {}", escape(problem))?;
                writeln!(out, "  help    {}", escape(remedy))?;
            }
        }
        if let Some(about) = &self.about {
            about.write(out, whole)?;
        }
        match &self.locked {
            Some(locked) => locked.write(out),
            None => Ok(()),
        }
    }
}

impl Refused {
    fn of(refusal: &Refusal) -> Self {
        Self {
            step: refusal.step().as_str(),
            problem: refusal.problem().to_owned(),
            remedy: refusal.remedy().to_owned(),
        }
    }
}

impl About {
    /// What the manifest of a file with this digest says.
    pub fn of(info: &PluginInfo, sha256: &str) -> Self {
        let examples: Vec<usize> = info.examples().map(<[_]>::len).collect();
        let rules = info.rules().iter().zip(info.checks()).zip(examples);
        let rules = rules.map(|((rule, check), examples)| Rule {
            id: rule.id.clone(),
            disposition: rule.disposition.as_str(),
            title: rule.title.clone(),
            effective: rule.effective.to_string(),
            template: check.message,
            fix: check.fix,
            config: check.config.into_iter().map(|(name, kind)| (name, kind.as_str())).collect(),
            examples,
            sources: rule
                .sources
                .iter()
                .map(|source| format!("{}, {}", source.authority, source.document))
                .collect(),
        });
        Self {
            id: info.id().to_owned(),
            version: info.version().to_owned(),
            title: info.title().to_owned(),
            vendor: info.vendor().map(str::to_owned),
            abi: info.abi().to_string(),
            sha256: sha256.to_owned(),
            payers: info.payers().to_vec(),
            forms: info.forms().iter().copied().map(ClaimType::as_str).collect(),
            reads: info.reads().iter().cloned().collect(),
            rules: rules.collect(),
        }
    }

    /// The first line of all that is told of it.
    pub fn write_name(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{} {}  {}", self.id, self.version, self.title)
    }

    /// Writes it for people.
    pub fn write(&self, out: &mut dyn Write, whole: bool) -> io::Result<()> {
        let all =
            |list: &[String]| if list.is_empty() { "all".to_owned() } else { list.join(", ") };
        if let Some(vendor) = &self.vendor {
            writeln!(out, "  vendor  {vendor}")?;
        }
        writeln!(out, "  ABI     {} (this program: {})", self.abi, AbiVersion::CURRENT)?;
        if whole {
            writeln!(out, "  sha256  {}", self.sha256)?;
        }
        writeln!(out, "  payers  {}", all(&self.payers))?;
        if !self.forms.is_empty() {
            writeln!(out, "  forms   {}", self.forms.join(", "))?;
        }
        let reads =
            if self.reads.is_empty() { "no field".to_owned() } else { self.reads.join(", ") };
        writeln!(out, "  reads   {reads}")?;
        for rule in &self.rules {
            writeln!(out, "  rule    {}  {}  {}", rule.id, rule.disposition, rule.title)?;
            for (name, kind) in &rule.config {
                writeln!(out, "  takes   {name}: {kind}")?;
            }
            if whole {
                writeln!(out, "  says    {}", rule.template)?;
                writeln!(out, "  fix     {}", rule.fix)?;
                writeln!(out, "  holds   {}", rule.effective)?;
                writeln!(out, "  shown   by {} example{}", rule.examples, plural(rule.examples))?;
                for source in &rule.sources {
                    writeln!(out, "  source  {source}")?;
                }
            }
        }
        Ok(())
    }
}

impl Locked {
    /// What the lock says.
    pub fn of(entry: &LockEntry) -> Self {
        Self {
            id: entry.id.clone(),
            version: entry.version.clone(),
            abi: entry.abi.clone(),
            isolation: entry.isolation.as_str(),
            targets: entry.sha256.keys().cloned().collect(),
            grants: entry.grants.clone(),
            signer: entry.signer.as_ref().map(|signer| signer.key().as_str().to_owned()),
            approved_by: entry.approved_by.clone(),
            approved_at: entry.approved_at.to_string(),
            conformance: entry.conformance.clone(),
        }
    }

    /// The first line of all that is told of it, where there is no file.
    pub fn write_name(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{} {}", escape(&self.id), escape(&self.version))
    }

    /// Writes it for people.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "  locked  {} {}, {}, by {} on {}, for {}",
            escape(&self.id),
            escape(&self.version),
            self.isolation,
            escape(&self.approved_by),
            self.approved_at,
            escape(&self.targets.join(", "))
        )?;
        let grants =
            if self.grants.is_empty() { "no field".to_owned() } else { self.grants.join(", ") };
        writeln!(out, "  grants  {grants}")?;
        writeln!(out, "  signer  {}", self.signer.as_deref().unwrap_or("none asked for"))?;
        if let Some(conformance) = &self.conformance {
            writeln!(out, "  tested  {}", escape(conformance))?;
        }
        Ok(())
    }
}
