//! What a pack's rule tells a plugin: the `args` of its `plugin_check`.

use core::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The configuration of a plugin that takes none: anything but `{}` is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "no configuration")]
pub struct NoConfig {}

/// The configuration that arrives as JSON, as the plugin's own type. A member that is left out has the
/// default of that type only if the type says so, as the one made from `plugin.toml` does.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T, ConfigError> {
    serde_json::from_str(json).map_err(|error| {
        // The author wrote YAML: a line and column of the JSON lead nowhere.
        let words = error.to_string();
        ConfigError::new(words.rsplit_once(" at line ").map_or(&*words, |(words, _)| words))
    })
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
