//! The JSON Schemas beside a pack, and the line of a YAML file that tells an editor of them.

use super::ScaffoldFile;
use crate::schema::{SchemaKind, json_schema};

/// Where the schema of a kind of file lies within a pack.
pub(super) fn schema_path(kind: SchemaKind) -> String {
    format!(".cleanbill/schema/{}.v1.json", kind.as_str())
}

/// The schema of a kind of file, to lie beside the pack.
pub(super) fn schema_file(kind: SchemaKind) -> ScaffoldFile {
    ScaffoldFile { path: schema_path(kind), text: format!("{:#}\n", json_schema(kind)) }
}

/// The first line of the file `path` of a pack: extensions that know YAML schemas complete its keys.
pub(super) fn modeline(kind: SchemaKind, path: &str) -> String {
    let up = "../".repeat(path.matches('/').count());
    format!("# yaml-language-server: $schema={up}{}\n", schema_path(kind))
}
