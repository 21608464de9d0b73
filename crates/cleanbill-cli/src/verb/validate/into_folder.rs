//! A run whose results go into a folder: `--out-dir` and what goes with it.

use std::env;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use cleanbill_run::{Earlier, FolderRun, Part, Provenance, Reopen, RunError, RunFolder, exit_code};

use super::options;
use super::settle::is_dash;
use crate::audit_log::{Audit, AuditFlags};
use crate::failure::Failure;
use crate::flags::GlobalFlags;
use crate::format::Format;
use crate::packs::MadeOf;

/// Claims between two checkpoints, where tests say so.
const EVERY: &str = "CLEANBILL_CHECKPOINT_EVERY";

/// The heading of these flags in the help.
const HEADING: &str = "Results in a folder";

/// Flags of a run whose results go into a folder.
#[derive(Debug, Args)]
pub struct FolderFlags {
    /// Write all results into this folder, `summary.json` last: findings, each --format under a fixed
    /// name, what the run was made of, the bytes that were set aside. It is made if it is not there
    #[arg(long, value_name = "DIR", help_heading = HEADING)]
    out_dir: Option<PathBuf>,
    /// Replace the results in the folder once the new ones are whole
    #[arg(long, requires = "out_dir", conflicts_with = "resume", help_heading = HEADING)]
    overwrite: bool,
    /// Go on with the run in the folder if one broke off; do nothing if it is whole
    #[arg(long, requires = "out_dir", help_heading = HEADING)]
    resume: bool,
    #[command(flatten)]
    audit: AuditFlags,
}

impl FolderFlags {
    /// Takes the folder, if one was named.
    pub fn open(&self, global: &GlobalFlags) -> Result<Option<RunFolder>, Failure> {
        let Some(path) = &self.out_dir else { return Ok(None) };
        let reopen = match (self.overwrite, self.resume) {
            (true, _) => Reopen::Overwrite,
            (_, true) => Reopen::Resume,
            _ => Reopen::Refuse,
        };
        let folder = RunFolder::open(path.clone(), reopen).map_err(RunError::from)?;
        if !global.quiet {
            tell(&folder);
        }
        Ok(Some(folder))
    }

    /// Whether the run stands in an audit log.
    pub fn audits(&self) -> bool {
        self.audit.path().is_some()
    }

    /// Writes into the audit log, if one was named, that the run begins.
    pub fn begin_audit(
        &self,
        inputs: Vec<String>,
        made_of: &MadeOf,
    ) -> Result<Option<Audit>, Failure> {
        self.audit.begin("validate", inputs, made_of, self.out_dir.as_deref())
    }
}

/// Says what of an earlier run is used.
fn tell(folder: &RunFolder) {
    let words = match folder.earlier() {
        Earlier::Nothing => return,
        Earlier::Claims(through) => format!("note: the run goes on behind claim {through}"),
        Earlier::Damaged(through) => format!(
            "warning: the checkpoint is damaged or was cut short; the run goes on behind claim {through}"
        ),
        Earlier::Unusable => {
            "warning: the checkpoint cannot be used; the run starts over".to_owned()
        }
        Earlier::Whole(_) => "note: the run is whole already; nothing is done".to_owned(),
    };
    // There is nowhere left to tell that standard error is gone.
    let _ = writeln!(anstream::stderr().lock(), "{words}");
}

/// Each format with its place in the folder, and what is to be shown on standard output as well.
pub fn pair(
    formats: &[Format],
    outputs: &[PathBuf],
    folder: &RunFolder,
) -> Result<Vec<(Format, Option<PathBuf>)>, Failure> {
    if outputs.iter().any(|output| !is_dash(output)) || outputs.len() > 1 {
        return Err(Failure::refused(
            "`--output` names a file beside `--out-dir`",
            "leave it out: each `--format` gets its name in the folder; `-o -` is standard output",
        ));
    }
    if !outputs.is_empty() {
        // The last one, or text, is shown besides: the folder is the same whether somebody looks on or not.
        let mut pairs = pair(formats, &[], folder)?;
        pairs.push((formats.last().copied().unwrap_or(Format::Text), None));
        return Ok(pairs);
    }
    let mut pairs: Vec<(Format, Option<PathBuf>)> = Vec::new();
    for format in formats {
        // Findings are there as records in any case.
        if let Some(path) = folder.report(&format.name())
            && !pairs.iter().any(|(other, _)| other == format)
        {
            pairs.push((*format, Some(path)));
        }
    }
    Ok(pairs)
}

/// The folder with what the run is made of.
pub fn recorded(
    folder: RunFolder,
    made_of: MadeOf,
    settings: &[PathBuf],
) -> Result<FolderRun, Failure> {
    let provenance = provenance(made_of, settings, options::given())?;
    let every = env::var(EVERY).ok();
    let checkpoint_every = every.and_then(|every| every.parse().ok()).filter(|every| *every > 0);
    Ok(FolderRun { folder, provenance, checkpoint_every })
}

/// What a run is made of, but for its claims.
pub fn provenance(
    made_of: MadeOf,
    settings: &[PathBuf],
    options: Vec<cleanbill_run::OptionUsed>,
) -> Result<Provenance, Failure> {
    let part = |path: &PathBuf| {
        Part::of_file(path).map_err(|error| {
            let message = format!("`{}` cannot be read: {error}", path.display());
            Failure::refused(message, "check the name")
        })
    };
    let MadeOf { packs, tables, plugins } = made_of;
    Ok(Provenance {
        engine: engine()?,
        options,
        settings: settings.iter().map(part).collect::<Result<_, _>>()?,
        packs,
        tables,
        plugins,
        ..Provenance::default()
    })
}

/// This program.
fn engine() -> Result<Part, Failure> {
    // On Linux this is the file that runs, whatever has its name by now.
    let own = PathBuf::from("/proc/self/exe");
    let path = if cfg!(target_os = "linux") { Ok(own) } else { env::current_exe() };
    let part = path.and_then(|path| Part::of_file(&path)).map_err(|error| {
        Failure::refused(format!("the program itself cannot be read: {error}"), "")
    })?;
    let version = Some(env!("CARGO_PKG_VERSION").to_owned());
    Ok(Part { name: "cleanbill".to_owned(), version, ..part })
}

/// Why a run failed; one that can go on says how.
pub fn failure(error: RunError, is_kept: bool) -> Failure {
    let is_resumable = matches!(error.exit_code(), exit_code::NOT_WHOLE | 129..);
    let failure = Failure::from(error);
    match is_kept && is_resumable {
        true => failure.with_help("run the same command with `--resume` to go on where it stopped"),
        false => failure,
    }
}
