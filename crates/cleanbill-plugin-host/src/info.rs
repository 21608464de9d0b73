//! What a plugin says of itself: its manifest, checked, without any of its code.

use std::collections::BTreeSet;
use std::sync::Arc;

use cleanbill_model::{ClaimType, EditInfo};
use cleanbill_plugin_abi::AbiVersion;
use serde_json::{Map, Value};

use crate::check::{Example, Manifest};
use crate::pack_check::CheckOffer;

/// What a plugin says of itself.
#[derive(Clone, Debug)]
pub struct PluginInfo {
    abi: AbiVersion,
    manifest: Arc<Manifest>,
}

impl PluginInfo {
    pub(crate) const fn new(abi: AbiVersion, manifest: Arc<Manifest>) -> Self {
        Self { abi, manifest }
    }

    pub(crate) const fn manifest(&self) -> &Arc<Manifest> {
        &self.manifest
    }

    /// Its unique name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.manifest.id
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.manifest.version
    }

    /// What it is, in one line.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.manifest.title
    }

    /// Who made it.
    #[must_use]
    pub fn vendor(&self) -> Option<&str> {
        self.manifest.vendor.as_deref()
    }

    /// The ABI version that it was built for; this program's is [`AbiVersion::CURRENT`].
    #[must_use]
    pub const fn abi(&self) -> AbiVersion {
        self.abi
    }

    /// Payer ids whose claims it judges; empty for all.
    #[must_use]
    pub fn payers(&self) -> &[String] {
        &self.manifest.payers
    }

    /// Kinds of claims that it judges; empty for all.
    #[must_use]
    pub fn forms(&self) -> &[ClaimType] {
        &self.manifest.forms
    }

    /// Names of the fields that it asks for, sorted.
    #[must_use]
    pub fn reads(&self) -> &BTreeSet<String> {
        &self.manifest.reads
    }

    /// The JSON Schema of what an instance is configured with.
    #[must_use]
    pub fn config_schema(&self) -> Option<&Map<String, Value>> {
        self.manifest.config_schema.as_ref()
    }

    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> &[Arc<EditInfo>] {
        &self.manifest.infos
    }

    /// The examples of its rules, in the order of [`Self::rules`].
    pub fn examples(&self) -> impl Iterator<Item = &[Example]> {
        self.manifest.rules.iter().map(|rule| rule.examples.as_slice())
    }

    /// Its rules as checks for rules of packs.
    pub fn checks(&self) -> impl Iterator<Item = CheckOffer> {
        self.manifest.rules.iter().map(CheckOffer::of)
    }
}
