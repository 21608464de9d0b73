//! A page for each rule, made of the rule itself, and an index: what a coder, an auditor or a payer reads.
//!
//! A page is a row of [`Block`]s. [`html`] and [`markdown`] write them; every text of a pack passes the
//! one function of its format that escapes. With a handful of blocks that is less to trust than a
//! template language.

mod content;
mod example;
mod html;
mod index;
mod markdown;
mod rule_text;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use rule_text::RuleText;
pub use words::disposition_words;

use std::collections::BTreeSet;

use crate::check::Pack;

/// What pages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageFormat {
    /// One self-contained HTML file a page: no script, nothing fetched.
    Html,
    /// Markdown with tables.
    Markdown,
}

impl PageFormat {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Html, Self::Markdown];

    /// The name on the command line, and the ending of the files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
        }
    }

    /// What every page of this format holds near its beginning, and no other file does.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Html => "<meta name=\"generator\" content=\"cleanbill rules doc\">",
            Self::Markdown => "<!-- made by cleanbill rules doc -->",
        }
    }
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Name of its file without the ending; fit for every file system.
    pub name: String,
    title: String,
    blocks: Vec<Block>,
}

impl Page {
    /// The text of the file. The same packs give the same bytes.
    #[must_use]
    pub fn render(&self, format: PageFormat) -> String {
        match format {
            PageFormat::Html => html::render(self),
            PageFormat::Markdown => markdown::render(self),
        }
    }
}

/// A part of a page.
#[derive(Clone, Debug)]
enum Block {
    Heading(&'static str),
    Text(String),
    /// What someone says, set apart.
    Quote(String),
    /// Text as it was typed.
    Code(String),
    Table {
        head: Vec<&'static str>,
        rows: Vec<Vec<Cell>>,
    },
    /// A way back to the index.
    Back,
    Example(Example),
}

/// A cell of a table.
#[derive(Clone, Debug)]
enum Cell {
    Text(String),
    Code(String),
    /// Words that lead to the page of this name.
    Link {
        page: String,
        words: String,
    },
}

/// A claim and what the rule makes of it.
#[derive(Clone, Debug)]
struct Example {
    name: String,
    /// What the claim has beside its lines.
    claim: String,
    lines: Vec<ExampleLine>,
}

#[derive(Clone, Debug)]
struct ExampleLine {
    number: u32,
    shorthand: String,
    verdict: Verdict,
    words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Fires,
    CannotTell,
    Silent,
}

impl Verdict {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Fires => "fires",
            Self::CannotTell => "cannot tell",
            Self::Silent => "silent",
        }
    }
}

/// The pages of these packs: the index first, then a page for each rule in the order of the packs.
#[must_use]
pub fn pages(packs: &[Pack]) -> Vec<Page> {
    let names = names(packs);
    let mut pages = vec![index::page(packs, &names)];
    let rules = packs.iter().flat_map(|pack| pack.texts.iter().map(move |text| (pack, text)));
    pages.extend(
        rules
            .zip(&names)
            .filter_map(|((pack, text), name)| content::page(pack, text, name.clone())),
    );
    pages
}

/// A file name for each rule: its id where that is one, and no two that differ in case alone.
fn names(packs: &[Pack]) -> Vec<String> {
    let mut taken = BTreeSet::from(["index".to_owned()]);
    let mut names = Vec::new();
    for text in packs.iter().flat_map(|pack| &pack.texts) {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let plain: String = text.id.chars().map(|c| if fits(c) { c } else { '-' }).collect();
        let numbered = (2_u32..).map(|number| format!("{plain}-{number}"));
        let mut wanted = core::iter::once(plain.clone()).chain(numbered);
        let free = wanted.find(|name| taken.insert(name.to_ascii_lowercase()));
        names.push(free.unwrap_or(plain));
    }
    names
}
