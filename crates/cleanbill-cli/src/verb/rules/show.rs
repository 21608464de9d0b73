//! `cleanbill rules show`: everything known of one rule.

use std::io::{self, Write};

use clap::Args;
use cleanbill_engine::{Registry, Scope};
use cleanbill_model::{EditInfo, Origin};

use crate::failure::Failure;
use crate::not_run;
use crate::packs::{EditFlags, Edits};
use crate::plugins::write_setting;
use crate::terminal;

/// Flags of `rules show`.
#[derive(Debug, Args)]
pub struct ShowFlags {
    /// Id of the rule
    rule: String,
    #[command(flatten)]
    edits: EditFlags,
}

/// Shows the rule.
pub fn run(flags: &ShowFlags) -> Result<u8, Failure> {
    let Edits { registry, not_run, plugin_settings, .. } = flags.edits.listed()?;
    let info = find(&registry, &flags.rule)
        .map_err(|failure| not_run::of_rule(&not_run, &flags.rule).unwrap_or(failure))?;
    let plugin = flags.edits.plugins.rule(&info.id)?;
    let mut out = terminal::stdout();
    let written = write(&mut out, info, scope(&registry, info))
        .and_then(|()| write_setting(&mut out, &plugin_settings, &info.id))
        .and_then(|()| plugin.map_or(Ok(()), |plugin| plugin.write(&mut out)));
    Failure::of_stdout(written.and_then(|()| out.flush()))
}

/// The rule of that id.
///
/// # Errors
/// There is none; the nearest ids are named.
pub fn find<'a>(registry: &'a Registry, id: &str) -> Result<&'a EditInfo, Failure> {
    registry.infos().find(|info| info.id == id).map(AsRef::as_ref).ok_or_else(|| {
        let near: Vec<String> = registry
            .infos()
            .filter(|info| info.id.contains(id) || id.contains(info.id.as_str()))
            .map(|info| format!("`{}`", info.id))
            .collect();
        let help = match near.as_slice() {
            [] => "`cleanbill rules list` shows all rules".to_owned(),
            _ => format!("did you mean {}?", near.join(" or ")),
        };
        Failure::refused(format!("there is no rule `{id}`"), help)
    })
}

/// How far a rule of the registry looks.
pub fn scope(registry: &Registry, info: &EditInfo) -> Scope {
    registry.find(&info.id).map_or(Scope::Line, |(edit, _)| edit.scope())
}

/// Writes what is known of a rule.
pub fn write(out: &mut dyn Write, info: &EditInfo, scope: Scope) -> io::Result<()> {
    writeln!(out, "{}  {}", info.id, info.title)?;
    match &info.origin {
        Origin::Pack { pack, place } => writeln!(out, "  from         {pack}, {place}")?,
        Origin::Plugin { plugin } => writeln!(out, "  from         plugin {plugin}")?,
    }
    writeln!(out, "  kind         {}", info.kind)?;
    writeln!(out, "  scope        {scope}")?;
    writeln!(out, "  disposition  {} ({})", info.disposition.as_str(), info.severity.as_str())?;
    writeln!(out, "  on unknown   {}", info.on_unknown.as_str())?;
    writeln!(out, "  effective    {}", info.effective)?;
    if let Some(remit) = &info.remit {
        writeln!(out, "  remit        {remit}")?;
    }
    if let Some(owner) = &info.owner {
        writeln!(out, "  owner        {owner}")?;
    }
    for source in &info.sources {
        let edition =
            source.edition.as_ref().map(|edition| format!(", {edition}")).unwrap_or_default();
        let doubt = if source.verified { "" } else { " (not yet confirmed by a coder)" };
        writeln!(
            out,
            "  source       {}, {}{edition}, {}{doubt}",
            source.authority,
            source.document,
            source.kind.as_str()
        )?;
    }
    Ok(())
}
