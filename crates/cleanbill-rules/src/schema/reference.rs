//! Help on keys, and the page that lists all of them.

/// Help on a key.
#[derive(Clone, Debug)]
pub struct KeyHelp;

/// Help.
#[must_use]
pub fn key_help(_name: &str) -> Vec<KeyHelp> {
    Vec::new()
}

/// Page.
#[must_use]
pub fn reference_page() -> String {
    String::new()
}
