//! What is known of a plugin's rule out of its manifest.

use std::io::{self, Write};

use cleanbill_plugin_host::TrustedLibrary;
use serde::Serialize;

use super::{Known, PluginFlags};
use crate::failure::Failure;

/// What `rules show` and `explain` tell of a plugin's rule beyond what every rule has.
#[derive(Debug, Serialize)]
pub struct PluginRule {
    /// What is wrong, with places for values.
    template: String,
    /// What to do.
    fix: String,
    /// Claims on which the manifest shows what it finds.
    examples: usize,
    /// The digest of the file.
    sha256: String,
    /// Where its code runs: `worker` or `in-process`.
    isolation: &'static str,
    /// Who signed the file, where the lock asks for that.
    signer: Option<String>,
}

impl PluginRule {
    /// What the manifest says of the rule `id` of a plugin.
    fn of(library: &TrustedLibrary, id: &str) -> Option<Self> {
        let info = library.info();
        let mut checks = info.checks().zip(info.examples());
        let (check, examples) = checks.find(|(check, _)| check.id == id)?;
        Some(Self {
            template: check.message,
            fix: check.fix,
            examples: examples.len(),
            sha256: library.digest().as_str().to_owned(),
            isolation: library.isolation().as_str(),
            signer: library.signer().map(|key| key.as_str().to_owned()),
        })
    }

    /// Writes it below what every rule has.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "  says         {}", self.template)?;
        writeln!(out, "  fix          {}", self.fix)?;
        writeln!(out, "  examples     {}", self.examples)?;
        writeln!(out, "  sha256       {}", self.sha256)?;
        writeln!(out, "  isolation    {}", self.isolation)?;
        writeln!(out, "  signer       {}", self.signer.as_deref().unwrap_or("none asked for"))
    }
}

impl PluginFlags {
    /// What the manifest of one of the plugins says of its rule `id`; none of their code runs.
    ///
    /// # Errors
    /// As [`PluginFlags::look`].
    pub fn rule(&self, id: &str) -> Result<Option<PluginRule>, Failure> {
        let plugins = self.look()?;
        let found = plugins.known.iter().find_map(|known| match known {
            Known::Looked(library) => PluginRule::of(library, id),
            Known::Loaded(_) => None,
        });
        Ok(found)
    }
}
