//! The commands that show clause by clause what either edition makes of a sample.

use super::result::{DiffResult, DiffRuleChange, DiffSample, DiffSide};
use crate::escape::escape;

/// One command for each edition that has the rule, the old one first.
pub(super) fn commands(result: &DiffResult, rule: &str, sample: &DiffSample) -> Vec<String> {
    let change = result.rules.iter().find(|changed| changed.id == rule).map(|rule| &rule.change);
    let mut commands = Vec::new();
    if change != Some(&DiffRuleChange::Added) {
        commands.push(command(&result.old, rule, sample));
    }
    if change != Some(&DiffRuleChange::Removed) {
        commands.push(command(&result.new, rule, sample));
    }
    commands
}

fn command(side: &DiffSide, rule: &str, sample: &DiffSample) -> String {
    let mut command = format!("cleanbill explain {}", quoted(&sample.file));
    let mut option = |name: &str, value: &str| {
        // A value that looks like a flag is only taken behind `=`.
        let between = if value.starts_with('-') { '=' } else { ' ' };
        command.push_str(&format!(" --{name}{between}{}", quoted(value)));
    };
    option("rule", rule);
    option("claim", &sample.claim);
    if let Some(line) = sample.line {
        option("line", &line.to_string());
    }
    for pack in &side.named {
        option("packs", pack);
    }
    if let Some(folder) = &side.tables {
        option("tables", folder);
    }
    for edition in &side.editions {
        option("edition", edition);
    }
    command + " --why-not"
}

/// The text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let text = escape(text);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._/@:,+%-".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::sample;

    #[test]
    fn a_name_cannot_break_out_of_its_word() {
        assert_eq!(quoted("corpus/2025q4.ndjson"), "corpus/2025q4.ndjson");
        assert_eq!(quoted("a b; rm -r $HOME"), "'a b; rm -r $HOME'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("a\nb"), r"'a\nb'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn an_edition_without_the_rule_is_not_asked() {
        let result = sample::result();
        let commands = |rule| {
            let group = result.groups.iter().find(|group| group.rule == rule).unwrap();
            commands(&result, rule, &group.samples[0])
        };
        assert_eq!(
            commands("pairs"),
            [
                "cleanbill explain corpus.ndjson --rule pairs --claim PCN1 --line 2 --packs packs/old --edition mue@2025.4.0 --why-not",
                "cleanbill explain corpus.ndjson --rule pairs --claim PCN1 --line 2 --packs packs/new --edition mue@2026.1.0 --why-not",
            ]
        );
        assert_eq!(
            commands("side-missing"),
            [
                "cleanbill explain corpus.ndjson --rule side-missing --claim=-7 --packs packs/new --edition mue@2026.1.0 --why-not"
            ]
        );
    }
}
