//! `cleanbill rules schema`: the keys of a pack for an editor.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cleanbill_rules::{SchemaKind, json_schema};

use crate::failure::Failure;
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  cleanbill rules schema > pack.v1.json                        for pack.yaml
  cleanbill rules schema --for rules --output rules.v1.json    for the files under `include`

An editor with the YAML extension completes keys and marks slips in a file that begins with
# yaml-language-server: $schema=pack.v1.json";

/// Flags of `rules schema`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SchemaFlags {
    /// Kind of file
    #[arg(long = "for", value_name = "KIND", default_value = "pack", value_parser = kind())]
    kind: SchemaKind,
    /// File to write; none: standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn kind() -> impl TypedValueParser<Value = SchemaKind> {
    PossibleValuesParser::new(SchemaKind::ALL.map(SchemaKind::as_str)).try_map(|name| {
        let known = SchemaKind::ALL.into_iter().find(|kind| kind.as_str() == name);
        known.ok_or("not a kind of file")
    })
}

/// Writes the schema.
pub fn run(flags: &SchemaFlags) -> Result<u8, Failure> {
    let text = format!("{:#}\n", json_schema(flags.kind));
    match &flags.output {
        Some(path) => {
            fs::write(path, text).map_err(|error| {
                Failure::not_whole(
                    format!("`{}` cannot be written: {error}", path.display()),
                    "name a file in a folder that is there",
                )
            })?;
            Failure::of_stdout(Ok(()))
        }
        None => {
            let mut out = terminal::stdout();
            Failure::of_stdout(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
        }
    }
}
