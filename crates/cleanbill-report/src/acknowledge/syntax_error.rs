//! Which codes a 999 and a TA1 give for an input error.

use cleanbill_model::InputError;

use super::table::Table;

const TABLE: &str = include_str!("syntax_error.csv");

/// What is said of an input error at each level; empty where nothing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SyntaxError {
    /// Segment that IK301 names instead of the one in error.
    pub(super) names: &'static str,
    pub(super) ik304: &'static str,
    pub(super) ik403: &'static str,
    pub(super) ik502: &'static str,
    pub(super) ak905: &'static str,
    pub(super) ta105: &'static str,
    /// `transaction` or `interchange`: not read at all.
    pub(super) refuses: &'static str,
}

/// The table of codes.
#[derive(Debug)]
pub(super) struct SyntaxErrors(Table<8>);

impl SyntaxErrors {
    pub(super) fn new() -> Self {
        Self(Table::new(TABLE))
    }

    pub(super) fn of(&self, error: &InputError) -> SyntaxError {
        let code = error.code;
        let row = self.0.get(&format!("{code}/{}", error.element)).or_else(|| self.0.get(code));
        let Some([names, ik304, ik403, ik502, ak905, ta105, refuses, _]) = row.copied() else {
            return SyntaxError::default();
        };
        SyntaxError { names, ik304, ik403, ik502, ak905, ta105, refuses }
    }
}

/// Whether acknowledgements know the input error `code`: each of intake's must be known.
#[must_use]
pub fn acknowledges(code: &str) -> bool {
    SyntaxErrors::new().0.get(code).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_codes_that_the_999_and_the_ta1_have() {
        let one_of = |code: &str, all: &str| code.is_empty() || all.split(' ').any(|c| c == code);
        let table: Table<8> = Table::new(TABLE);
        assert!(table.rows().windows(2).all(|pair| pair[0].0 < pair[1].0), "a key stands twice");
        for (key, [_, ik304, ik403, ik502, ak905, ta105, refuses, verified]) in table.rows() {
            assert!(one_of(ik304, "1 2 3 4 5 6 7 8 I4 I6 I7 I8 I9"), "{key}");
            assert!(one_of(ik403, "1 2 3 4 5 6 7 8 9 10 11 12 13 I6 I9 I10 I11 I12 I13"), "{key}");
            assert_eq!(*ik304 == "8", !ik403.is_empty(), "{key}");
            assert!(one_of(ik502, "1 2 3 4 5 6 7 23 I5 I6"), "{key}");
            assert!(one_of(ak905, "1 2 3 4 5 6 19 23"), "{key}");
            assert!(ta105.is_empty() || ta105.parse::<u8>().is_ok_and(|code| code <= 31), "{key}");
            assert!(one_of(refuses, "transaction interchange"), "{key}");
            assert!(["yes", "no"].contains(verified), "{key}");
        }
    }
}
