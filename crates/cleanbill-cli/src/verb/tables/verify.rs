//! `cleanbill tables verify`.

use std::io::{self, Write};

use clap::Args;
use cleanbill_report::escape;
use cleanbill_run::exit_code;
use serde::Serialize;

use super::{FolderFlags, Shape};
use crate::failure::Failure;
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  cleanbill tables verify
  cleanbill tables verify --dir tables --format json
  cleanbill tables verify --remove-strays

Exit codes: 0 every byte is as it was imported, 2 the index cannot be read, 3 a file is damaged.";

/// Flags of `tables verify`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyFlags {
    #[command(flatten)]
    folder: FolderFlags,
    /// Remove compiled files that no index names; the next import does so too
    #[arg(long)]
    remove_strays: bool,
    /// How to show what was checked
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Shape,
}

#[derive(Serialize)]
struct Document {
    schema: u32,
    files: Vec<Checked>,
    /// Compiled files that no index names, so that no rule reads them.
    strays: Vec<String>,
    /// Whether they were removed.
    removed: bool,
}

#[derive(Serialize)]
struct Checked {
    file: String,
    /// What is wrong; nothing when every byte is as it was imported.
    damage: Option<String>,
}

/// Checks; gives back the exit code.
pub fn run(flags: &VerifyFlags) -> Result<u8, Failure> {
    let store = flags.folder.store();
    let index = store.index()?;
    let check = |stored| store.verify(stored).err();
    let files: Vec<Checked> = index
        .files()
        .map(|stored| Checked { file: stored.file.clone(), damage: check(stored) })
        .collect();
    let strays = store.strays(&index)?;
    let removed = flags.remove_strays && !strays.is_empty();
    if removed {
        store.remove_strays()?;
    }
    let is_whole = files.iter().all(|file| file.damage.is_none());
    let mut out = terminal::stdout();
    let written = match flags.format {
        Shape::Text => text(&mut out, &files, &strays, removed),
        Shape::Json => {
            let document = Document { schema: 1, files, strays, removed };
            serde_json::to_writer_pretty(&mut out, &document)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out))
        }
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))?;
    Ok(if is_whole { exit_code::WHOLE } else { exit_code::UNTRUSTED })
}

fn text(
    out: &mut dyn Write,
    files: &[Checked],
    strays: &[String],
    removed: bool,
) -> io::Result<()> {
    for file in files {
        match &file.damage {
            None => writeln!(out, "whole: {}", escape(&file.file))?,
            Some(damage) => writeln!(out, "damaged: {}\n  help: import it again", escape(damage))?,
        }
    }
    for stray in strays {
        let stray = escape(stray);
        match removed {
            true => writeln!(out, "removed: {stray}")?,
            false => writeln!(
                out,
                "stray: {stray}: an import that was stopped left it, and nothing reads it\n  help: \
                 `cleanbill tables verify --remove-strays` removes it, as the next import does"
            )?,
        }
    }
    Ok(())
}
