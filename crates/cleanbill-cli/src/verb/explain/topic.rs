//! `cleanbill explain RULE`, `CODE` and `KEY`: offline, without claims.

use std::io::{self, Write};

use cleanbill_rules::KeyHelp;

use super::{ExplainFlags, ExplainFormat, json, lookup};
use crate::failure::Failure;
use crate::not_run;
use crate::terminal;
use crate::verb::rules::show;

/// Explains an error code, a rule or a key of a pack.
pub fn run(topic: &str, flags: &ExplainFlags) -> Result<u8, Failure> {
    let mut out = terminal::stdout();
    if let Some(meaning) = meaning(topic) {
        let code = topic.to_ascii_uppercase();
        let written = match flags.format {
            ExplainFormat::Text => writeln!(out, "{code}: {meaning}"),
            ExplainFormat::Json => json::code_topic(&mut out, &code, meaning),
        };
        return Failure::of_stdout(written.and_then(|()| out.flush()));
    }
    let edits = flags.edits.listed();
    let keys = cleanbill_rules::key_help(topic);
    let is_rule = edits.as_ref().is_ok_and(|known| known.registry.find(topic).is_some());
    if !is_rule && !keys.is_empty() {
        let written = match flags.format {
            ExplainFormat::Text => keys.iter().enumerate().try_for_each(|(index, help)| {
                if index > 0 {
                    writeln!(out)?;
                }
                key(&mut out, help)
            }),
            ExplainFormat::Json => json::key_topic(&mut out, topic, &keys),
        };
        return Failure::of_stdout(written.and_then(|()| out.flush()));
    }
    let edits = edits?;
    if let Some(failure) = not_run::of_rule(&edits.not_run, topic) {
        return Err(failure);
    }
    let info = lookup::rule(&edits, &flags.edits, topic).map_err(|failure| {
        match cleanbill_rules::nearest_key(topic) {
            Some(near) => Failure::refused(
                format!("there is no rule, error code or key `{topic}`"),
                format!("did you mean the key `{near}`?"),
            ),
            None => failure,
        }
    })?;
    let scope = show::scope(&edits.registry, info);
    let plugin = flags.edits.plugins.rule(&info.id)?;
    let written = match flags.format {
        ExplainFormat::Text => show::write(&mut out, info, scope)
            .and_then(|()| plugin.map_or(Ok(()), |plugin| plugin.write(&mut out))),
        ExplainFormat::Json => json::rule_topic(&mut out, info, scope, plugin.as_ref()),
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))
}

fn key(out: &mut dyn Write, help: &KeyHelp) -> io::Result<()> {
    writeln!(out, "{}  {}", help.key, help.description)?;
    for (index, place) in help.places.iter().enumerate() {
        writeln!(out, "  {:<8}  {place}", if index == 0 { "in" } else { "" })?;
    }
    writeln!(out, "  takes     {}", help.takes.replace('`', ""))?;
    writeln!(out, "  must      {}", if help.required { "yes" } else { "no" })?;
    if !help.keys.is_empty() {
        writeln!(out, "  its keys  {}", help.keys.join(", "))?;
    }
    Ok(())
}

fn meaning(code: &str) -> Option<&'static str> {
    let code = code.to_ascii_uppercase();
    cleanbill_rules::Code::ALL
        .iter()
        .find(|known| known.as_str() == code)
        .map(|known| known.meaning())
        .or_else(|| Some(cleanbill_rules::Lint::from_code(&code)?.meaning()))
        .or_else(|| cleanbill_intake::codes::meaning(&code))
}
