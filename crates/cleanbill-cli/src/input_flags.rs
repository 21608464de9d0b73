//! How claims are read: the flags of every verb that reads them.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cleanbill_intake::{ColumnMapping, DeclaredMapping, FormatChoice, InputOptions};

use crate::failure::Failure;

/// Flags that say how claims are read.
#[derive(Debug, Args)]
pub struct InputFlags {
    /// Format of the claims [default: told from the first bytes]
    #[arg(long, value_name = "FORMAT", value_parser = format())]
    input_format: Option<FormatChoice>,
    /// The claims are a table (CSV, Parquet, Arrow), one row a service line, and this YAML file says which
    /// column holds what
    #[arg(long, value_name = "FILE", conflicts_with = "input_format")]
    columns: Option<PathBuf>,
    /// Rows of a claim may stand anywhere in a table of any size, though its first 256 MiB do not show it
    #[arg(long)]
    unsorted_lines: bool,
}

impl InputFlags {
    /// Files beside the claims that say how they are read.
    pub fn files(&self) -> &[PathBuf] {
        self.columns.as_slice()
    }

    /// What they say.
    ///
    /// # Errors
    /// The mapping of columns cannot be read.
    pub fn options(&self) -> Result<InputOptions, Failure> {
        let columns = self.columns.as_ref().map(|path| {
            let name = path.display();
            let text = fs::read_to_string(path).map_err(|error| {
                Failure::refused(format!("`{name}` cannot be read: {error}"), "check the path")
            })?;
            let declared: DeclaredMapping = cleanbill_rules::settings(&name.to_string(), &text)
                .map_err(|mistakes| {
                    let help = "write it as the example in docs/input.md";
                    Failure::settings(&mistakes, "the mapping of columns", help)
                })?;
            let mapping = ColumnMapping::new(declared).map_err(|error| {
                Failure::refused(format!("`{name}`: {error}"), "correct the mapping of columns")
            })?;
            Ok::<_, Failure>(Arc::new(mapping))
        });
        let columns = columns.transpose()?;
        let (format, unsorted) = (self.input_format, self.unsorted_lines);
        let scratch = Some(cleanbill_run::scratch());
        Ok(InputOptions { format, columns, scratch, unsorted, acknowledge: false })
    }
}

fn format() -> impl TypedValueParser<Value = FormatChoice> {
    PossibleValuesParser::new(FormatChoice::ALL.map(FormatChoice::as_str))
        .try_map(|name| FormatChoice::from_name(&name).ok_or("not an input format"))
}
