//! What stands on the page of a rule, in the order in which a reader asks.

use cleanbill_model::{Disposition, EditInfo, Source};

use super::words::{self, ALTERNATIVES, OPTIONAL};
use super::{Block, Cell, Page, RuleText, example};
use crate::check::Pack;
use crate::kind::{self, KINDS};

/// The page of the rule that `text` is of; none if the pack does not run it.
pub(super) fn page(pack: &Pack, text: &RuleText, name: String) -> Option<Page> {
    let edit = pack.edits.iter().find(|edit| edit.infos().iter().any(|info| info.id == text.id))?;
    let info = edit.infos().iter().find(|info| info.id == text.id)?;
    let mut blocks = vec![Block::Back, at_a_glance(info, text)];
    blocks.push(Block::Heading("What it says"));
    blocks.push(Block::Quote(text.message.clone()));
    blocks.push(Block::Heading("What to do"));
    blocks.push(Block::Quote(text.fix.clone()));
    blocks.push(Block::Heading("Who says so"));
    blocks.push(sources(&info.sources));
    blocks.push(Block::Heading("How it decides"));
    blocks.extend(decisions(info, text));
    let examples = example::examples(pack, edit.as_ref(), text);
    if !examples.is_empty() {
        blocks.push(Block::Heading("Examples"));
        blocks.push(Block::Text(
            "These are the tests of the rule; what comes out was computed for this page."
                .to_owned(),
        ));
        blocks.extend(examples.into_iter().map(Block::Example));
    }
    Some(Page { name, title: info.title.clone(), blocks })
}

fn at_a_glance(info: &EditInfo, text: &RuleText) -> Block {
    let happens = |disposition: Disposition| {
        format!(
            "{}: {}",
            disposition.as_str().replace('_', " "),
            words::disposition_words(disposition)
        )
    };
    let mut rows = vec![
        ("rule", Cell::Code(info.id.clone())),
        ("pack", Cell::Text(info.origin.name().replace('@', " "))),
        (
            "kind",
            Cell::Text(format!("{}: {}", info.kind.replace('_', " "), words::kind(info.kind))),
        ),
        (
            "when it fires",
            Cell::Text(format!("{} ({})", happens(info.disposition), info.severity.as_str())),
        ),
        ("when it cannot tell", Cell::Text(happens(info.on_unknown))),
        ("dates of service", Cell::Text(info.effective.to_string())),
    ];
    let claims = match text.claims.as_slice() {
        [] => "all".to_owned(),
        claims => claims.join("; "),
    };
    rows.push(("claims", Cell::Text(claims)));
    if let Some(remit) = &info.remit {
        rows.push(("remittance", Cell::Text(remit.to_string())));
    }
    if let Some(owner) = &info.owner {
        rows.push(("who mends it", Cell::Text(owner.replace('_', " "))));
    }
    let rows = rows.into_iter().map(|(name, cell)| vec![Cell::Text(name.to_owned()), cell]);
    Block::Table { head: Vec::new(), rows: rows.collect() }
}

fn sources(sources: &[Source]) -> Block {
    let row = |source: &Source| {
        let confirmed = if source.verified { "yes" } else { "not yet" };
        vec![
            Cell::Text(source.authority.clone()),
            Cell::Text(source.document.clone()),
            Cell::Text(source.edition.clone().unwrap_or_default()),
            Cell::Text(source.kind.as_str().to_owned()),
            Cell::Text(confirmed.to_owned()),
        ]
    };
    Block::Table {
        head: vec!["authority", "document", "edition", "access", "confirmed"],
        rows: sources.iter().map(row).collect(),
    }
}

fn decisions(info: &EditInfo, text: &RuleText) -> Vec<Block> {
    let all = KINDS.iter().find(|(kind, _)| *kind == info.kind).map_or(&[][..], |(_, all)| *all);
    let decided: Vec<&str> = all
        .iter()
        .copied()
        .filter(|clause| {
            let searched = *clause == "history" && !kind::LOOKS_BACK.contains(&info.kind);
            !(searched || OPTIONAL.contains(clause)) || text.settings.contains(clause)
        })
        .collect();
    let several = decided.iter().filter(|clause| ALTERNATIVES.contains(clause)).count() > 1;
    let mut intro = "It speaks of a line when all of this holds, in this order. The first that does not hold makes it silent".to_owned();
    intro.push_str(if several { "; of the last ones, one is enough to speak." } else { "." });
    let row = |clause: &&str| {
        let words = words::clause(clause).map_or_else(|| clause.replace('_', " "), str::to_owned);
        vec![Cell::Code((*clause).to_owned()), Cell::Text(words)]
    };
    let mut blocks = vec![
        Block::Text(intro),
        Block::Table {
            head: vec!["clause", "what must hold"],
            rows: decided.iter().map(row).collect(),
        },
        Block::Text("As its author wrote it:".to_owned()),
        Block::Code(text.settings.clone()),
    ];
    if !text.sets.is_empty() {
        let row = |(name, values): &(String, Vec<String>)| {
            vec![Cell::Code(format!("${name}")), Cell::Text(values.join(", "))]
        };
        blocks.push(Block::Table {
            head: vec!["name", "values"],
            rows: text.sets.iter().map(row).collect(),
        });
    }
    blocks
}
