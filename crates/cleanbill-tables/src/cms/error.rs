//! Why files cannot be imported.

use std::io;

use super::kind::Kind;

/// Why files cannot be imported. The text says what is wrong, [`ImportError::help`] what to do.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The system could not give the bytes.
    #[error("reading `{file}` failed: {reason}")]
    Read {
        /// The file.
        file: String,
        /// The system's reason.
        reason: io::Error,
    },
    /// HTML under the name of a table.
    #[error("`{file}` is a web page, not the file that was meant to be downloaded")]
    WebPage {
        /// The file.
        file: String,
    },
    /// Nothing that is known.
    #[error("`{file}` is not recognised: {seen}")]
    Unknown {
        /// The file.
        file: String,
        /// What was seen instead.
        seen: String,
    },
    /// A table for practitioners, hospitals or others, but the name does not say which.
    #[error("`{file}` holds {what}, but nothing in it or in its name says for whom")]
    Setting {
        /// The file.
        file: String,
        /// The family of tables.
        what: &'static str,
        /// The kinds that it may be.
        choices: Vec<Kind>,
    },
    /// Two facts about one file that cannot both be.
    #[error("`{file}`: {said}, but {found}")]
    Disagree {
        /// The file.
        file: String,
        /// What the name or the command says.
        said: String,
        /// What stands against it.
        found: String,
    },
    /// Rows are of an edition that is not named.
    #[error("`{file}` does not say of which edition it is")]
    Edition {
        /// The file.
        file: String,
        /// What an edition of it looks like.
        example: &'static str,
    },
    /// An edition that cannot be read.
    #[error("`{edition}` is not an edition of `{file}`")]
    BadEdition {
        /// The file.
        file: String,
        /// What was given.
        edition: String,
        /// What an edition of it looks like.
        example: &'static str,
    },
    /// A zip or workbook that is not whole.
    #[error("`{file}` cannot be unpacked: {reason}")]
    Unpack {
        /// The file, with the entry.
        file: String,
        /// Why.
        reason: String,
    },
    /// A zip without a table.
    #[error("`{file}` holds no table that is known; in it are {entries}")]
    NoTable {
        /// The zip.
        file: String,
        /// What is in it.
        entries: String,
    },
    /// Two entries that make the same table.
    #[error("`{file}` holds the same table twice: `{one}` and `{other}`")]
    Ambiguous {
        /// The zip.
        file: String,
        /// An entry.
        one: String,
        /// Another.
        other: String,
    },
    /// Parts of two releases.
    #[error("`{one}` is of {one_edition} and `{other}` of {other_edition}: they make no one table")]
    MixedReleases {
        /// A file.
        one: String,
        /// Its edition.
        one_edition: String,
        /// Another file of the same table.
        other: String,
        /// Its edition.
        other_edition: String,
    },
    /// A part that was given twice.
    #[error("`{one}` and `{other}` are the same part of table `{table}`")]
    PartTwice {
        /// The table.
        table: String,
        /// A file.
        one: String,
        /// The other.
        other: String,
    },
    /// Nothing came out of a file.
    #[error("`{file}` has no row of table `{table}`")]
    NoRows {
        /// The table.
        table: String,
        /// The file.
        file: String,
    },
}

impl ImportError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Read { .. } => "check that the file is there and may be read".into(),
            Self::WebPage { .. } => "CMS shows a licence page before some downloads: open the link in a \
                browser, accept the licence there, and import the zip that it gives then"
                .into(),
            Self::Unknown { .. } => {
                format!("name what it is with `--as`, one of {}", names(&Kind::ALL))
            }
            Self::Setting { choices, .. } => format!("name what it is with `--as`, one of {}", names(choices)),
            Self::Disagree { .. } => {
                "give the file the name that it had on the CMS page, or download it again".into()
            }
            Self::Edition { example, .. } | Self::BadEdition { example, .. } => {
                format!("give the file the name that it had on the CMS page, or say `--edition {example}`")
            }
            Self::Unpack { .. } => "download it again, and compare its size with the CMS page".into(),
            Self::NoTable { .. } | Self::Ambiguous { .. } => {
                "unpack it, and name the file that you mean".into()
            }
            Self::MixedReleases { .. } => "import one release at a time".into(),
            Self::PartTwice { .. } => "name each part once".into(),
            Self::NoRows { .. } => {
                "the file may be empty or have another layout than it had: compare with the CMS page".into()
            }
        }
    }
}

fn names(kinds: &[Kind]) -> String {
    let names: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.as_str())).collect();
    names.join(", ")
}
