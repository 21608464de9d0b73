//! What is wrong with a pack, where, and what to type instead.

use core::fmt;
use core::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// Stable codes of pack errors; `explain` tells what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each code's meaning is its text in `meaning`")]
pub enum Code {
    NotYaml,
    UnsafeYaml,
    UnknownKey,
    WrongType,
    DuplicateKey,
    UnknownWord,
    MissingKey,
    KindCount,
    UnknownValueSet,
    UnknownTable,
    UnknownColumn,
    UnknownPlaceholder,
    UnknownFile,
    BadCode,
    BadCell,
    BadDate,
    DuplicateId,
    NoRules,
    RemarkNeeded,
    BadTest,
    UnknownClause,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 21] = [
        Self::NotYaml,
        Self::UnsafeYaml,
        Self::UnknownKey,
        Self::WrongType,
        Self::DuplicateKey,
        Self::UnknownWord,
        Self::MissingKey,
        Self::KindCount,
        Self::UnknownValueSet,
        Self::UnknownTable,
        Self::UnknownColumn,
        Self::UnknownPlaceholder,
        Self::UnknownFile,
        Self::BadCode,
        Self::BadCell,
        Self::BadDate,
        Self::DuplicateId,
        Self::NoRules,
        Self::RemarkNeeded,
        Self::BadTest,
        Self::UnknownClause,
    ];

    /// The number: `E1001`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// What the code means, for people.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        self.entry().1
    }

    const fn entry(self) -> (&'static str, &'static str) {
        match self {
            Self::NotYaml => (
                "E0001",
                "The file is not valid YAML. Most often a text that starts with `{`, `[`, `*`, `&` or `!`, or holds `: `, needs quotes, or a line is indented with a tab.",
            ),
            Self::UnsafeYaml => (
                "E0002",
                "The file uses a part of YAML that packs do not take: anchors, aliases, merge keys, tags, several documents, or more nesting or size than any pack needs. Write the value out.",
            ),
            Self::UnknownKey => {
                ("E1001", "The key does not belong here. The nearest key that does is suggested.")
            }
            Self::WrongType => (
                "E1003",
                "The value has the wrong shape: a list where one value is needed, one value where a list is needed, a text where a number is needed.",
            ),
            Self::DuplicateKey => (
                "E1004",
                "A key stands twice in one block. YAML would silently keep the last; keep one.",
            ),
            Self::UnknownWord => ("E1005", "The value must be one of a fixed list of words."),
            Self::MissingKey => ("E1006", "A key that must be there is missing."),
            Self::KindCount => (
                "E1007",
                "A rule has exactly one kind: `mutually_exclusive`, `unit_limit`, `modifier_validity`, `place_of_service`, `code_validity`, `requires_primary` or `require`.",
            ),
            Self::UnknownValueSet => (
                "E2001",
                "The value set named with `$` is not defined under `value_sets` of the pack.",
            ),
            Self::UnknownTable => ("E2002", "The table is not defined under `tables` of the pack."),
            Self::UnknownColumn => ("E2004", "The table has no such column."),
            Self::UnknownPlaceholder => (
                "E2103",
                "The text has a placeholder in braces that this kind of rule cannot fill.",
            ),
            Self::UnknownFile => ("E2005", "A file that the pack names cannot be read."),
            Self::BadCode => (
                "E3001",
                "A procedure code, modifier, diagnosis, place of service or remittance code is not one. A spreadsheet may have dropped a leading zero or made a number of it.",
            ),
            Self::BadCell => {
                ("E3002", "A cell of a table cannot be read; the row and column are named.")
            }
            Self::BadDate => (
                "E3003",
                "A date is not a day of the calendar written YYYY-MM-DD, or a period ends before it starts.",
            ),
            Self::DuplicateId => (
                "E4001",
                "Two rules have the same id, so that their findings could not be told apart.",
            ),
            Self::NoRules => {
                ("E4002", "The pack has no rule: a run with it would check nothing and look clean.")
            }
            Self::RemarkNeeded => {
                ("E4003", "This adjustment reason must come with at least one remark code (RARC).")
            }
            Self::BadTest => (
                "E5001",
                "A test inside the pack cannot be read: a line is written `CODE[-MOD] [xUNITS] [@DATE] [dx=1,2|none] [pos=NN] [region=upper|lower] [npi=N]`.",
            ),
            Self::UnknownClause => (
                "E5003",
                "A test expects silence because of a clause that this kind of rule does not have.",
            ),
        }
    }
}

/// One thing that is wrong with a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of mistake.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// File within the pack.
    pub file: String,
    /// Bytes of the file that are wrong.
    pub span: Range<usize>,
    /// Words under the caret.
    pub label: String,
    /// What to do; empty when the message says it.
    pub help: String,
}

/// A place about which no more is said, because it was said already.
#[derive(Clone, Debug)]
pub(crate) struct Quiet {
    pub(crate) file: String,
    pub(crate) span: Range<usize>,
    /// Only that the block lacks something is not said.
    pub(crate) only_missing: bool,
}

impl Quiet {
    fn covers(&self, diagnostic: &Diagnostic) -> bool {
        let inside =
            self.span.start <= diagnostic.span.start && diagnostic.span.end <= self.span.end;
        let missing = matches!(diagnostic.code, Code::MissingKey | Code::KindCount);
        // An empty place stands for a missing key and is not part of what ends or starts there.
        let covered = match self.only_missing {
            true => missing && self.span == diagnostic.span,
            false => inside && (!self.span.is_empty() || diagnostic.span.is_empty()),
        };
        covered && self.file == diagnostic.file
    }
}

/// A file of a pack with its text, for excerpts.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path as people see it.
    pub path: String,
    /// Text.
    pub text: String,
}

impl SourceFile {
    /// Line and column of a byte, both from 1; columns count characters.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}

/// All that is wrong with one or more packs, at most [`Diagnostics::LIMIT`], in the order of the files.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    files: Vec<SourceFile>,
    quiet: Vec<Quiet>,
}

impl Diagnostics {
    /// Errors kept of one run; more would not help anyone.
    pub const LIMIT: usize = 50;

    /// Adds an error, unless it only repeats another.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let known = self.quiet.iter().any(|quiet| quiet.covers(&diagnostic))
            || self.list.contains(&diagnostic);
        if !known && self.list.len() < Self::LIMIT {
            self.list.push(diagnostic);
        }
    }

    /// From here on says nothing more about these places.
    pub(crate) fn hush(&mut self, places: Vec<Quiet>) {
        self.quiet.extend(places);
    }

    /// Puts the errors into the order of their files and places.
    pub(crate) fn sort(&mut self) {
        let file = |path: &str| self.files.iter().position(|file| file.path == path);
        self.list.sort_by_cached_key(|error| (file(&error.file), error.span.start));
    }

    /// Remembers a file, so that errors in it can show their excerpt.
    pub fn add_file(&mut self, path: &str, text: &str) {
        self.files.push(SourceFile { path: path.to_owned(), text: text.to_owned() });
    }

    /// Takes over the errors and files of another pack.
    pub fn absorb(&mut self, other: Self) {
        self.files.extend(other.files);
        for diagnostic in other.list {
            self.push(diagnostic);
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The errors.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Line and column of an error, from 1.
    #[must_use]
    pub fn position(&self, diagnostic: &Diagnostic) -> (usize, usize) {
        self.file(&diagnostic.file).map_or((1, 1), |file| file.position(diagnostic.span.start))
    }

    /// All errors as text, with excerpt and caret.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for diagnostic in &self.list {
            text.push_str(&self.render_one(diagnostic, &renderer));
            text.push_str("\n\n");
        }
        text
    }

    fn render_one(&self, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
        let title = Level::ERROR.primary_title(&diagnostic.message).id(diagnostic.code.as_str());
        let text = self.file(&diagnostic.file).map_or("", |file| &file.text);
        let span = shown_span(text, &diagnostic.span);
        let snippet = Snippet::source(text).path(&diagnostic.file).annotation(
            AnnotationKind::Primary
                .span(span)
                .label((!diagnostic.label.is_empty()).then_some(diagnostic.label.as_str())),
        );
        let group = title.element(snippet);
        let group = if diagnostic.help.is_empty() {
            group
        } else {
            group.element(Level::HELP.message(&diagnostic.help))
        };
        renderer.render(&[group])
    }

    fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// At most the first line of `span`, so that a whole block is not underlined.
fn shown_span(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = span.start.min(text.len());
    let end = span.end.clamp(start, text.len());
    match text.get(start..end) {
        Some(slice) => start..start + slice.find('\n').unwrap_or(slice.len()),
        None => 0..0,
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// The one of `known` that is so near to `word` that it was meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `did you mean` help when one of `known` is near `word`, else the list of them.
pub(crate) fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, known.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None if known.is_empty() => "there is nothing to choose from here".to_owned(),
        None => {
            let list: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
            format!("use one of {}", list.join(", "))
        }
    }
}
