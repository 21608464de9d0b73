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

Exit codes: 0 every byte is as it was imported, 2 the index cannot be read, 3 a file is damaged.";

/// Flags of `tables verify`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyFlags {
    #[command(flatten)]
    folder: FolderFlags,
    /// How to show what was checked
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Shape,
}

#[derive(Serialize)]
struct Document {
    schema: u32,
    files: Vec<Checked>,
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
    let is_whole = files.iter().all(|file| file.damage.is_none());
    let mut out = terminal::stdout();
    let written = match flags.format {
        Shape::Text => files.iter().try_for_each(|file| match &file.damage {
            None => writeln!(out, "whole: {}", escape(&file.file)),
            Some(damage) => {
                let help = "import it again";
                writeln!(out, "damaged: {}\n  help: {help}", escape(damage))
            }
        }),
        Shape::Json => serde_json::to_writer_pretty(&mut out, &Document { schema: 1, files })
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out)),
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))?;
    Ok(if is_whole { exit_code::WHOLE } else { exit_code::UNTRUSTED })
}
