//! `cleanbill rules fmt`: pack files in one shape.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_rules::FormatError;
use cleanbill_run::exit_code;
use similar::TextDiff;

use crate::failure::{Failure, plural};
use crate::whole_file::WholeFile;
use crate::{packs, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules fmt my-pack                      pack.yaml, its rule files and its waivers
  cleanbill rules fmt my-pack/rules/units.yaml     one file
  cleanbill rules fmt my-pack --check              tell what would change, change nothing
  cleanbill rules fmt my-pack --diff               show how, change nothing

Comments, blank lines and what is aligned within a line stay. Codes in lists are quoted, the keys of
a rule stand in one order, each level has two blanks. What a file means never changes.

Exit codes: 0 all is in shape, 1 with --check or --diff: something is not, 2 a file has mistakes.";

/// Flags of `rules fmt`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FmtFlags {
    /// Folders of packs, or single files; none: the pack in this folder
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing; exit with 1 when a file would change
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change and exit with 1 if anything would
    #[arg(long)]
    diff: bool,
}

/// A file that is not in shape.
struct Change {
    path: PathBuf,
    old: String,
    new: String,
}

/// Brings the files into shape; nothing is written when any of them has a mistake.
pub fn run(flags: &FmtFlags) -> Result<u8, Failure> {
    let files = files(&flags.paths)?;
    let changes = changes(&files)?;
    let only_told = flags.check || flags.diff;
    if !only_told {
        write(&changes)?;
    }
    let mut out = terminal::stdout();
    let told = tell(&mut out, flags, &changes, files.len() - changes.len());
    Failure::of_stdout(told.and_then(|()| out.flush()))?;
    Ok(if only_told && !changes.is_empty() { exit_code::FINDINGS } else { exit_code::WHOLE })
}

fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut files = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => files.extend(packs::files(path)?),
            false => files.push(path.clone()),
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn changes(files: &[PathBuf]) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    let mut mistakes = cleanbill_rules::Diagnostics::default();
    for path in files {
        let shown = path.display().to_string();
        let old = fs::read_to_string(path).map_err(|error| {
            Failure::refused(
                format!("`{shown}` cannot be read: {error}"),
                "name a pack, or a file of rules or waivers",
            )
        })?;
        match cleanbill_rules::format(&shown, &old) {
            Ok(new) if new == old => {}
            Ok(new) => changes.push(Change { path: path.clone(), old, new }),
            Err(FormatError::Mistakes(found)) => mistakes.absorb(found),
            Err(error @ FormatError::WouldChange { .. }) => {
                return Err(Failure::refused(
                    error.to_string(),
                    "nothing was written; write the part that is unusual more plainly",
                ));
            }
        }
    }
    if mistakes.is_empty() { Ok(changes) } else { Err(Failure::packs(&mistakes)) }
}

/// Every file is written before the first one gets its name.
fn write(changes: &[Change]) -> Result<(), Failure> {
    let failed = |change: &Change| {
        let path = change.path.display().to_string();
        move |error: io::Error| {
            Failure::not_whole(format!("writing `{path}` failed: {error}"), "the file is as it was")
        }
    };
    let mut ready = Vec::new();
    for change in changes {
        ready.push(WholeFile::write(&change.path, &change.new).map_err(failed(change))?);
    }
    ready
        .into_iter()
        .zip(changes)
        .try_for_each(|(file, change)| file.replace().map_err(failed(change)))
}

fn tell(
    out: &mut dyn Write,
    flags: &FmtFlags,
    changes: &[Change],
    in_shape: usize,
) -> io::Result<()> {
    for change in changes {
        if flags.diff {
            write!(out, "{}", diff(change))?;
        } else {
            let word = if flags.check { "would change" } else { "formatted" };
            writeln!(out, "{word} {}", change.path.display())?;
        }
    }
    let verb = if flags.check || flags.diff { "would change" } else { "formatted" };
    let count = changes.len();
    if flags.diff {
        return Ok(());
    }
    writeln!(out, "{count} file{} {verb}, {in_shape} in shape already", plural(count))
}

fn diff(change: &Change) -> String {
    let name = shown(&change.path);
    TextDiff::from_lines(&change.old, &change.new).unified_diff().header(&name, &name).to_string()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
