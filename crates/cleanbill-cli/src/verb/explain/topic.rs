//! `cleanbill explain RULE` and `cleanbill explain CODE`: offline, without claims.

use std::io::Write;

use super::{ExplainFlags, ExplainFormat, json, lookup};
use crate::failure::Failure;
use crate::terminal;
use crate::verb::rules::show;

/// Explains an error code or a rule.
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
    let registry = flags.edits.registry()?;
    let info = lookup::rule(&registry, &flags.edits, topic)?;
    let written = match flags.format {
        ExplainFormat::Text => show::write(&mut out, info),
        ExplainFormat::Json => json::rule_topic(&mut out, info),
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))
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
