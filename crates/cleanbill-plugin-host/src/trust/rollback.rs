//! Whether one version of a plugin is older than another.

use core::cmp::Ordering;

/// Whether `found` is older than `locked`, or cannot be told to be newer: numbers are compared as numbers,
/// part by part, and a version with words behind a hyphen comes before the one without.
pub(super) fn is_rollback(locked: &str, found: &str) -> bool {
    let split = |version: &str| {
        let (numbers, words) = match version.split_once('-') {
            Some((numbers, words)) => (numbers.to_owned(), Some(words.to_owned())),
            None => (version.to_owned(), None),
        };
        let parts: Option<Vec<u64>> = numbers.split('.').map(|part| part.parse().ok()).collect();
        parts.map(|parts| (parts, words))
    };
    if locked == found {
        return false;
    }
    let (Some((locked, locked_words)), Some((found, found_words))) = (split(locked), split(found))
    else {
        return true;
    };
    let length = locked.len().max(found.len());
    let padded = |parts: Vec<u64>| parts.into_iter().chain(core::iter::repeat(0)).take(length);
    match padded(found).cmp(padded(locked)) {
        Ordering::Less => true,
        Ordering::Greater => false,
        Ordering::Equal => match (locked_words, found_words) {
            (Some(locked), Some(found)) => found < locked,
            (None, Some(_)) => true,
            (_, None) => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::is_rollback;

    #[test]
    fn only_what_is_surely_newer_is_no_rollback() {
        for (locked, found) in
            [("1.9.0", "1.10.0"), ("1", "1.0.1"), ("1.0-rc1", "1.0"), ("2", "2.0")]
        {
            assert!(!is_rollback(locked, found), "{locked} {found}");
        }
        for (locked, found) in
            [("1.10.0", "1.9.0"), ("1.0", "1.0-rc1"), ("spring", "summer"), ("2", "1")]
        {
            assert!(is_rollback(locked, found), "{locked} {found}");
        }
        assert!(!is_rollback("spring", "spring"));
    }
}
