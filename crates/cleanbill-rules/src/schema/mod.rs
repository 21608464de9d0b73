//! The keys of a pack as a JSON Schema, made from the declared types: the one list of keys behind the
//! check of a file, completion in an editor, `cleanbill explain KEY` and the reference page.

mod clean;
mod params;
mod reference;
mod view;
pub(crate) mod words;

use std::sync::OnceLock;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::declare::{PackDecl, RuleFileDecl, WaiverFileDecl};

pub(crate) use params::takes_params;
pub use reference::{KeyHelp, key_help, key_names, nearest_key, reference_page};
pub(crate) use view::{Kind, View};

/// Pattern of the name of a value set, which stands where a list may stand.
pub(crate) const NAMES_A_SET: &str = r"^\$";

/// Pattern of the name of a parameter, which stands where one value may stand.
pub(crate) const NAMES_A_PARAM: &str = r"^\$\w";

/// A kind of file in a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    /// `pack.yaml`.
    Pack,
    /// A rule file, named under `include`.
    RuleFile,
    /// A file of waivers, named under `waivers`.
    Waivers,
}

impl SchemaKind {
    /// Every kind of file.
    pub const ALL: [Self; 3] = [Self::Pack, Self::RuleFile, Self::Waivers];

    /// The word for it on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pack => "pack",
            Self::RuleFile => "rules",
            Self::Waivers => "waivers",
        }
    }

    /// What such a file may hold.
    pub(crate) fn keys(self) -> &'static Value {
        static PACK: OnceLock<Value> = OnceLock::new();
        static RULE_FILE: OnceLock<Value> = OnceLock::new();
        static WAIVERS: OnceLock<Value> = OnceLock::new();
        // Draft 7 is what editors understand best.
        let generator = || {
            SchemaGenerator::new(
                SchemaSettings::draft07().with(|settings| settings.transforms.clear()),
            )
        };
        match self {
            Self::Pack => PACK.get_or_init(|| {
                clean::clean(
                    generator().into_root_schema_for::<PackDecl>(),
                    "pack.yaml of a cleanbill rule pack",
                )
            }),
            Self::RuleFile => RULE_FILE.get_or_init(|| {
                clean::clean(
                    generator().into_root_schema_for::<RuleFileDecl>(),
                    "rule file of a cleanbill rule pack",
                )
            }),
            Self::Waivers => WAIVERS.get_or_init(|| {
                clean::clean(
                    generator().into_root_schema_for::<WaiverFileDecl>(),
                    "file of waivers of a cleanbill rule pack",
                )
            }),
        }
    }
}

/// The JSON Schema (draft 7) of a kind of file, for editors.
#[must_use]
pub fn json_schema(kind: SchemaKind) -> Value {
    kind.keys().clone()
}

#[cfg(test)]
mod tests;
