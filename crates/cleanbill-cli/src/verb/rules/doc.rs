//! `cleanbill rules doc`: a page for each rule, and an index.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cleanbill_engine::Registry;
use cleanbill_rules::{PageFormat, pages};

use crate::failure::{Failure, plural};
use crate::plugins::PluginFlags;
use crate::whole_file::WholeFile;
use crate::{packs, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules doc --output pages                     the packs that come with cleanbill, as HTML
  cleanbill rules doc --packs acme --output pages --format md

Each page is one file without scripts that needs nothing else. Pages of an earlier run are
replaced; any other file in the way is left alone and refused. Exit codes: 0 written, 2 refused.";

/// How much of a file is read to tell whether it is one of ours.
const MARKED_WITHIN: u64 = 1024;

/// Flags of `rules doc`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DocFlags {
    /// Pack to write about instead of the ones that come with cleanbill; may be repeated
    #[arg(long, value_name = "PACK")]
    packs: Vec<PathBuf>,
    #[command(flatten)]
    plugins: PluginFlags,
    /// Folder for the pages; made when it is missing
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
    /// What to write
    #[arg(long, value_name = "FORMAT", default_value = "html", value_parser = format())]
    format: PageFormat,
}

fn format() -> impl TypedValueParser<Value = PageFormat> {
    PossibleValuesParser::new(PageFormat::ALL.map(PageFormat::as_str)).try_map(|name| {
        PageFormat::ALL.into_iter().find(|format| format.as_str() == name).ok_or("not a format")
    })
}

/// Writes the pages: all are whole on disk before the first one gets its name, and the index is last.
pub fn run(flags: &DocFlags) -> Result<u8, Failure> {
    let plugins = flags.plugins.look()?;
    let packs = packs::load(&flags.packs, packs::with_plugins(plugins.side()))?;
    let pages = pages(&packs);
    // Two rules of one id would be one rule to a reader.
    Registry::new(packs.into_iter().flat_map(|pack| pack.edits).collect())
        .map_err(|error| Failure::refused(error.to_string(), ""))?;
    let files: Vec<(PathBuf, String)> = pages
        .iter()
        .map(|page| {
            let name = format!("{}.{}", page.name, flags.format.as_str());
            (flags.output.join(name), page.render(flags.format))
        })
        .collect();
    for (path, _) in &files {
        if !may_replace(path, flags.format.mark()) {
            return Err(Failure::refused(
                format!("`{}` is there already and is no page of `rules doc`", path.display()),
                "name another folder; nothing was written",
            ));
        }
    }
    let mut ready = Vec::new();
    for (path, text) in files.iter().rev() {
        ready.push((path, WholeFile::write(path, text).map_err(|error| failed(path, &error))?));
    }
    for (path, file) in ready {
        file.replace().map_err(|error| failed(path, &error))?;
    }
    let mut out = terminal::stdout();
    let rules = files.len().saturating_sub(1);
    let index = files.first().map_or(flags.output.as_path(), |(path, _)| path);
    let mut tell = || {
        writeln!(out, "wrote {rules} rule{}; begin with {}", plural(rules), index.display())?;
        for path in left_over(&flags.output, &files, flags.format) {
            writeln!(
                out,
                "note: `{}` is of an earlier run; no rule has this page now",
                path.display()
            )?;
        }
        out.flush()
    };
    Failure::of_stdout(tell())
}

/// Pages of an earlier run that this one did not write, in the order of their names.
fn left_over(folder: &Path, files: &[(PathBuf, String)], format: PageFormat) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == format.as_str()))
        .filter(|path| files.iter().all(|(written, _)| written != path))
        .filter(|path| may_replace(path, format.mark()))
        .collect();
    paths.sort();
    paths
}

/// Whether there is no such file, or one that this command made.
fn may_replace(path: &Path, mark: &str) -> bool {
    match fs::symlink_metadata(path) {
        Err(error) => error.kind() == io::ErrorKind::NotFound,
        Ok(found) if !found.is_file() => false,
        Ok(_) => {
            let mut head = Vec::new();
            let read =
                File::open(path).and_then(|file| file.take(MARKED_WITHIN).read_to_end(&mut head));
            read.is_ok() && String::from_utf8_lossy(&head).contains(mark)
        }
    }
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::not_whole(
        format!("writing `{}` failed: {error}", path.display()),
        "make room, or name another folder with `--output`",
    )
}
