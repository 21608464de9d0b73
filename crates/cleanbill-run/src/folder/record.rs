//! What a run was made of and what it made: `provenance.json`.

use std::path::Path;

use cleanbill_report::input_name;
use serde::{Deserialize, Serialize};

use super::witness::Mark;

/// A file, a pack, a table or a plugin, and what shows that it is the same one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name; of a file the last part of its path.
    pub name: String,
    /// Its version, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 as 64 hexadecimal digits; of a pack that over the list of its files.
    pub sha256: String,
}

/// An option of the command as it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionUsed {
    /// Its name, without dashes.
    pub name: String,
    /// What was given with it.
    pub values: Vec<String>,
}

/// What a run was made of and what it made: the content of `provenance.json`.
///
/// Nothing in it depends on a clock, on a host or on the number of threads. Files are named by the last part of their
/// paths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// `provenance`.
    pub r#type: String,
    /// Goes up only when a member changes its meaning.
    pub schema: u32,
    /// The program.
    pub engine: Part,
    /// What it was asked, but for what changes no output.
    pub options: Vec<OptionUsed>,
    /// The claims, in the order in which they were read.
    pub inputs: Vec<Part>,
    /// Earlier claims.
    pub history: Vec<Part>,
    /// Other files that say how the run was to be made.
    pub settings: Vec<Part>,
    /// Rule packs, with those that they extend.
    pub packs: Vec<Part>,
    /// Imported tables that rules read.
    pub tables: Vec<Part>,
    /// Payer plugins.
    pub plugins: Vec<Part>,
    /// The other files of the folder.
    pub outputs: Vec<Part>,
}

impl Default for Provenance {
    fn default() -> Self {
        Self {
            r#type: "provenance".to_owned(),
            schema: 1,
            engine: Part::default(),
            options: Vec::new(),
            inputs: Vec::new(),
            history: Vec::new(),
            settings: Vec::new(),
            packs: Vec::new(),
            tables: Vec::new(),
            plugins: Vec::new(),
            outputs: Vec::new(),
        }
    }
}

impl Provenance {
    /// Reads the text of `provenance.json`.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match (read.r#type.as_str(), read.schema) {
            ("provenance", 1) => Ok(read),
            (_, schema) => Err(format!("it has schema {schema}; this program reads 1")),
        }
    }

    /// Its text.
    pub(super) fn text(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// What a run needs to be the same one, each with its kind.
    fn sources(&self) -> [(&'static str, &[Part]); 6] {
        [
            ("program", std::slice::from_ref(&self.engine)),
            ("history", &self.history),
            ("settings file", &self.settings),
            ("pack", &self.packs),
            ("table", &self.tables),
            ("plugin", &self.plugins),
        ]
    }

    /// The first thing, but for inputs and outputs, that is another one in `other`.
    #[must_use]
    pub fn first_difference(&self, other: &Self) -> Option<String> {
        if let Some(name) = first_option(&self.options, &other.options) {
            return Some(format!("the option `--{name}`"));
        }
        let pairs = self.sources().into_iter().zip(other.sources());
        pairs
            .filter_map(|((kind, own), (_, other))| {
                Some(format!("the {kind} `{}`", first_part(own, other)?))
            })
            .next()
    }
}

impl Part {
    /// An input or output that was read to its end.
    pub(super) fn of(name: String, mark: &Mark) -> Self {
        Self { name, version: None, bytes: mark.bytes, sha256: hex(&mark.sha256) }
    }
}

/// The name of the first part that is not the same in both.
pub(super) fn first_part<'a>(own: &'a [Part], other: &'a [Part]) -> Option<&'a str> {
    let missing = |a: &'a [Part], b: &[Part]| a.iter().find(|part| !b.contains(part));
    let part = missing(own, other).or_else(|| missing(other, own));
    // The same parts in another order, or one of them twice.
    let part = part.or_else(|| own.first().filter(|_| own != other));
    part.map(|part| part.name.as_str())
}

fn first_option<'a>(own: &'a [OptionUsed], other: &'a [OptionUsed]) -> Option<&'a str> {
    let missing =
        |a: &'a [OptionUsed], b: &[OptionUsed]| a.iter().find(|option| !b.contains(option));
    missing(own, other).or_else(|| missing(other, own)).map(|option| option.name.as_str())
}

/// The last part of a path, which is all that is told of it.
pub(super) fn base_name(path: &Path) -> String {
    path.file_name().map_or_else(|| input_name(path), |name| input_name(Path::new(name)))
}

/// 64 hexadecimal digits.
pub(crate) fn hex(digest: &[u8]) -> String {
    use core::fmt::Write as _;
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
