//! `cleanbill explain RULE`, `CODE` and `KEY`: offline, without claims.

use std::io::{self, Write};

use cleanbill_rules::KeyHelp;

use crate::failure::Failure;
use crate::packs::EditFlags;
use crate::terminal;
use crate::verb::rules::show;

/// Explains an error code, a rule or a key of a pack.
pub fn run(topic: &str, edits: &EditFlags) -> Result<u8, Failure> {
    let mut out = terminal::stdout();
    if let Some(meaning) = meaning(topic) {
        let written = writeln!(out, "{}: {meaning}", topic.to_ascii_uppercase());
        return Failure::of_stdout(written.and_then(|()| out.flush()));
    }
    let registry = edits.registry();
    let keys = cleanbill_rules::key_help(topic);
    let is_rule = registry.as_ref().is_ok_and(|known| known.infos().any(|info| info.id == topic));
    if !is_rule && !keys.is_empty() {
        let written = keys.iter().enumerate().try_for_each(|(index, help)| {
            if index > 0 {
                writeln!(out)?;
            }
            key(&mut out, help)
        });
        return Failure::of_stdout(written.and_then(|()| out.flush()));
    }
    let registry = registry?;
    if !is_rule && let Some(near) = cleanbill_rules::nearest_key(topic) {
        return Err(Failure::refused(
            format!("there is no rule, error code or key `{topic}`"),
            format!("did you mean the key `{near}`?"),
        ));
    }
    let info = show::find(&registry, topic)?;
    Failure::of_stdout(show::write(&mut out, info).and_then(|()| out.flush()))
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
        .or_else(|| cleanbill_intake::codes::meaning(&code))
}
