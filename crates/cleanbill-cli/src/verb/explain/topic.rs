//! `cleanbill explain RULE` and `cleanbill explain CODE`: offline, without claims.

use std::io::Write;

use crate::failure::Failure;
use crate::packs::EditFlags;
use crate::terminal;
use crate::verb::rules::show;

/// Explains an error code or a rule.
pub fn run(topic: &str, edits: &EditFlags) -> Result<u8, Failure> {
    let mut out = terminal::stdout();
    if let Some(meaning) = meaning(topic) {
        let written = writeln!(out, "{}: {meaning}", topic.to_ascii_uppercase());
        return Failure::of_stdout(written.and_then(|()| out.flush()));
    }
    let registry = edits.registry()?;
    let info = show::find(&registry, topic)?;
    Failure::of_stdout(show::write(&mut out, info).and_then(|()| out.flush()))
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
