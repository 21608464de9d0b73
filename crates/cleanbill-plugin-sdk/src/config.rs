//! What a pack's rule tells a plugin: the `args` of its `plugin_check`.

use core::fmt;

use serde::de::DeserializeOwned;

/// The configuration of an instance: a JSON object, `{}` when there is none.
#[derive(Clone, Copy, Debug)]
pub struct Config<'a>(&'a str);

impl<'a> Config<'a> {
    pub(crate) const fn new(json: &'a str) -> Self {
        Self(json)
    }

    /// The configuration as the plugin's own type. Give every member a default: an instance that no pack's
    /// rule configures is made with none of them.
    ///
    /// # Errors
    /// What is missing, unknown or of another type.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, ConfigError> {
        serde_json::from_str(self.0).map_err(|error| {
            // The author wrote YAML: a line and column of the JSON lead nowhere.
            let words = error.to_string();
            ConfigError::new(words.rsplit_once(" at line ").map_or(&*words, |(words, _)| words))
        })
    }

    /// The object as it arrived.
    #[must_use]
    pub const fn json(self) -> &'a str {
        self.0
    }

    /// Whether nothing is configured.
    #[must_use]
    pub fn is_empty(self) -> bool {
        let inside = self.0.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        inside.is_some_and(|inside| inside.trim().is_empty())
    }
}

/// Why a plugin cannot run with its configuration, in words for the author of the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl ConfigError {
    /// A reason: a lowercase sentence that names the member. At most 255 bytes of it are shown.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for ConfigError {}
