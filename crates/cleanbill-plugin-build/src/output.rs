//! JSON objects without their empty members.

use serde_json::Value as Json;

/// An object of the members that there are.
pub(crate) fn object<const N: usize>(members: [(&str, Option<Json>); N]) -> Json {
    members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A list, or nothing for an empty one.
pub(crate) fn list(items: Vec<Json>) -> Option<Json> {
    (!items.is_empty()).then(|| Json::from(items))
}
