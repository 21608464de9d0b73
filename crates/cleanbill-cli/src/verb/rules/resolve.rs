//! `cleanbill rules resolve`: who set each field of a rule, and what it was before.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cleanbill_model::ServiceDate;
use cleanbill_report::escape;
use cleanbill_rules::{Loading, ResolvedRule, Setting};
use serde::Serialize;

use crate::failure::Failure;
use crate::plugins::PluginFlags;
use crate::{packs, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules resolve units-over-mue
  cleanbill rules resolve units-over-mue --packs my-payer
  cleanbill rules resolve units-over-mue --packs my-payer --format json";

/// Flags of `rules resolve`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ResolveFlags {
    /// Id of the rule
    rule: String,
    /// Pack to look into: a folder, or the name of one that comes with cleanbill; may be repeated
    #[arg(long, value_name = "PACK")]
    packs: Vec<PathBuf>,
    #[command(flatten)]
    plugins: PluginFlags,
    /// Judge overrides that end as of this day (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = packs::day)]
    as_of: Option<ServiceDate>,
    /// Output format
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    format: Shown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shown {
    /// For people
    Text,
    /// For scripts: one JSON document
    Json,
}

/// Shows the rule.
pub fn run(flags: &ResolveFlags) -> Result<u8, Failure> {
    let plugins = flags.plugins.look()?;
    let packs = packs::load(
        &flags.packs,
        Loading { as_of: flags.as_of, ..packs::with_plugins(plugins.side()) },
    )?;
    let rules = || packs.iter().flat_map(|pack| &pack.rules);
    let settings: Vec<_> = packs.iter().flat_map(|pack| pack.plugin_settings.clone()).collect();
    let of_plugin = plugins.resolved(&flags.rule, &settings);
    let rule = rules().find(|rule| rule.id == flags.rule).or(of_plugin.as_ref());
    let Some(rule) = rule else {
        let near: Vec<String> = rules()
            .filter(|rule| rule.id.contains(&flags.rule) || flags.rule.contains(&rule.id))
            .map(|rule| format!("`{}`", rule.id))
            .collect();
        let help = match near.as_slice() {
            [] => "`cleanbill rules list` shows all rules".to_owned(),
            _ => format!("did you mean {}?", near.join(" or ")),
        };
        return Err(Failure::refused(format!("there is no rule `{}`", flags.rule), help));
    };
    let mut out = terminal::stdout();
    let written = match flags.format {
        Shown::Text => text(&mut out, rule),
        Shown::Json => json(&mut out, rule),
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))
}

fn text(out: &mut dyn Write, rule: &ResolvedRule) -> io::Result<()> {
    let styles = terminal::styles();
    let (name, label) = (styles.name, styles.label);
    let from = escape(&rule.place);
    writeln!(out, "{name}{}{name:#}  {}  {from}", escape(&rule.id), escape(&rule.pack))?;
    let width = rule.fields.iter().map(|field| field.name.chars().count()).max().unwrap_or(0);
    for field in &rule.fields {
        let current = field.current();
        let shown = current.map_or_else(|| "(none)".into(), |setting| escape(&setting.value));
        let pad = " ".repeat(width - field.name.chars().count());
        writeln!(out, "  {name}{}{name:#}{pad}  {shown}", escape(&field.name))?;
        for setting in field.settings.iter().rev() {
            let indent = " ".repeat(width + 4);
            match current.is_some_and(|current| core::ptr::eq(current, setting)) {
                true => writeln!(out, "{indent}{label}{}{label:#}", escape(&words(setting)))?,
                false => writeln!(
                    out,
                    "{indent}{label}{}: {}{label:#}  {}",
                    if setting.holds { "before" } else { "ended" },
                    escape(&words(setting)),
                    escape(&setting.value)
                )?,
            }
        }
    }
    Ok(())
}

/// `my-payer/pack.yaml:12, through 2026-12-31: the plan reviews, it does not deny`.
fn words(setting: &Setting) -> String {
    let mut words = match setting.place.as_str() {
        "" => "unless a pack says otherwise".to_owned(),
        place => place.to_owned(),
    };
    if let Some(until) = setting.until {
        words.push_str(&format!(", through {until}"));
    }
    if let Some(reason) = &setting.reason {
        words.push_str(&format!(" ({reason})"));
    }
    words
}

#[derive(Serialize)]
struct RuleRecord<'a> {
    schema: u32,
    rule: &'a str,
    pack: &'a str,
    place: &'a str,
    inherited: bool,
    fields: Vec<FieldRecord<'a>>,
}

#[derive(Serialize)]
struct FieldRecord<'a> {
    field: &'a str,
    value: Option<&'a str>,
    place: Option<&'a str>,
    pack: Option<&'a str>,
    settings: Vec<SettingRecord<'a>>,
}

#[derive(Serialize)]
struct SettingRecord<'a> {
    value: &'a str,
    place: &'a str,
    pack: &'a str,
    reason: Option<&'a str>,
    until: Option<String>,
    holds: bool,
}

fn json(out: &mut dyn Write, rule: &ResolvedRule) -> io::Result<()> {
    let fields = rule.fields.iter().map(|field| {
        let current = field.current();
        FieldRecord {
            field: &field.name,
            value: current.map(|setting| setting.value.as_str()),
            place: current.map(|setting| setting.place.as_str()),
            pack: current.map(|setting| setting.pack.as_str()),
            settings: field.settings.iter().map(setting_record).collect(),
        }
    });
    let record = RuleRecord {
        schema: 1,
        rule: &rule.id,
        pack: &rule.pack,
        place: &rule.place,
        inherited: rule.is_inherited,
        fields: fields.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &record).map_err(io::Error::from)?;
    writeln!(out)
}

fn setting_record(setting: &Setting) -> SettingRecord<'_> {
    SettingRecord {
        value: &setting.value,
        place: &setting.place,
        pack: &setting.pack,
        reason: setting.reason.as_deref(),
        until: setting.until.map(|until| until.to_string()),
        holds: setting.holds,
    }
}
