//! Words of a manifest that reports and terminals show, and what is said of one that cannot stand.

/// Longest text of a manifest, in bytes.
const TEXT_LIMIT: usize = 2_000;

/// What is wrong and where in the manifest.
pub(super) struct Problem {
    pub(super) place: String,
    pub(super) problem: String,
}

pub(super) type Checked<T> = Result<T, Problem>;

impl Problem {
    /// The same, within `outer`.
    pub(super) fn within(self, outer: &str) -> Self {
        Self { place: format!("{outer}.{}", self.place), problem: self.problem }
    }
}

pub(super) fn problem<T>(place: &str, problem: impl Into<String>) -> Checked<T> {
    Err(Problem { place: place.to_owned(), problem: problem.into() })
}

pub(super) fn one_of<T, const N: usize>(
    place: &str,
    name: &str,
    read: impl Fn(&str) -> Option<T>,
    names: [&str; N],
) -> Checked<T> {
    read(name).map_or_else(
        || problem(place, format!("`{name}` is unknown; it must be one of {}", names.join(", "))),
        Ok,
    )
}

/// A name that stands in reports and on command lines.
pub(super) fn name(place: &str, name: &str) -> Checked<()> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./+".contains(&byte);
    if name.is_empty() || name.len() > 100 || !name.bytes().all(good) {
        return problem(place, "it must be 1 to 100 letters, digits, `-`, `_`, `.`, `/` and `+`");
    }
    Ok(())
}

/// Words that a report prints: no control characters, with which a terminal could be driven.
pub(super) fn text(place: &str, words: &str) -> Checked<()> {
    if words.trim().is_empty() || words.len() > TEXT_LIMIT || words.contains(char::is_control) {
        return problem(
            place,
            format!("it must be one line of 1 to {TEXT_LIMIT} bytes, without control characters"),
        );
    }
    Ok(())
}
