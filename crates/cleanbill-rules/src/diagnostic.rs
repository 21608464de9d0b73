//! What is wrong with a pack, where, and what to type instead.

mod code;

use core::fmt;
use core::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::lines::LineStarts;
use crate::place::Place;

pub use code::Code;

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
        let missing = matches!(
            diagnostic.code,
            Code::MissingKey | Code::KindCount | Code::BadOverride | Code::BadWaiver
        );
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
    pub(crate) lines: LineStarts,
    /// Its text is not here: until it is, spans in it are line numbers.
    is_unread: bool,
}

impl SourceFile {
    fn new(path: &str, text: &str) -> Self {
        let (path, lines) = (path.to_owned(), LineStarts::new(text));
        Self { path, text: text.to_owned(), lines, is_unread: false }
    }

    /// The bytes of a line, from 1, without its end; nothing for line 0.
    fn line_span(&self, line: usize) -> Range<usize> {
        let Some(start) = self.lines.start(line) else { return 0..0 };
        let line = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        start..start + line.len()
    }

    /// Line and column of a byte, both from 1; columns count characters.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = self.lines.line(before.len());
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

    /// Remembers a file, so that errors in it can show their excerpt; gives its number, from 1.
    pub fn add_file(&mut self, path: &str, text: &str) -> usize {
        self.files.push(SourceFile::new(path, text));
        self.files.len()
    }

    /// Adds a table, whose text is large and seldom shown. The span of an error in it starts with the
    /// number of its line, from 1, or is empty at 0, until [`Diagnostics::show`] brings the text.
    pub(crate) fn add_unread(&mut self, path: &str) {
        self.files.push(SourceFile { is_unread: true, ..SourceFile::new(path, "") });
    }

    /// Whether there are errors in a file whose text is not here.
    pub(crate) fn is_wanted(&self, path: &str) -> bool {
        self.file(path).is_some_and(|file| file.is_unread)
            && self.list.iter().any(|error| error.file == path)
    }

    /// Brings the text of a file that was added without it.
    pub(crate) fn show(&mut self, path: &str, text: &str) {
        let shown = SourceFile::new(path, text);
        for error in self.list.iter_mut().filter(|error| error.file == path) {
            error.span = shown.line_span(error.span.start);
        }
        if let Some(file) = self.files.iter_mut().find(|file| file.path == path) {
            *file = shown;
        }
    }

    /// The file of that number.
    pub(crate) fn numbered(&self, number: usize) -> Option<&SourceFile> {
        self.files.get(number.checked_sub(1)?)
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

    /// Where a span, met in `file`, stands.
    pub(crate) fn shown_place(&self, file: &str, span: &Range<usize>) -> Place {
        let (file, span) = self.place(file, span);
        let (line, column) = self.file(&file).map_or((1, 1), |known| known.position(span.start));
        Place { file, line, column }
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

    pub(crate) fn file(&self, path: &str) -> Option<&SourceFile> {
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
