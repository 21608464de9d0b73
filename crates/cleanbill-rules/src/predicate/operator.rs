//! The words of conditions: tests of a field, joins of conditions, and what each means to an author.
//!
//! The one list of them: the check of a condition, the schema for editors and `explain KEY` read it.

use super::field::Type;

/// What a word of a condition takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// One value of the field's type.
    Value,
    /// Several values, or a value set.
    Values,
    /// `true` or `false`.
    Flag,
    /// A condition.
    Condition,
    /// A list of conditions.
    Conditions,
    /// A condition on each line.
    LineCondition,
    /// A condition on each line, and tests of their number.
    Count,
}

/// A word of a condition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) meaning: &'static str,
}

const fn word(name: &'static str, takes: Takes, meaning: &'static str) -> Word {
    Word { name, takes, meaning }
}

/// Every test of a field.
pub(super) const OPERATORS: [Word; 16] = [
    word("eq", Takes::Value, "The field is this value."),
    word("ne", Takes::Value, "The field is another value than this."),
    word("lt", Takes::Value, "The field is less than this, or earlier."),
    word("lte", Takes::Value, "The field is at most this, or on this day at the latest."),
    word("gt", Takes::Value, "The field is more than this, or later."),
    word("gte", Takes::Value, "The field is at least this, or on this day at the earliest."),
    word(
        "between",
        Takes::Values,
        "The field lies between two values, the smaller first; both are included.",
    ),
    word("in", Takes::Values, "The field is one of these values."),
    word("not_in", Takes::Values, "The field is none of these values."),
    word("starts_with", Takes::Value, "The field begins with this text."),
    word(
        "matches",
        Takes::Value,
        "The whole field fits this pattern: `*` is any run of characters, `?` exactly one; no regular expressions.",
    ),
    word("exists", Takes::Flag, "`true`: the claim gives the field; `false`: it does not."),
    word("has_any", Takes::Values, "The list holds at least one of these values."),
    word("has_all", Takes::Values, "The list holds all of these values."),
    word("has_none", Takes::Values, "The list holds none of these values."),
    word("any_in", Takes::Values, "The list holds at least one of these values, as `has_any`."),
];

/// What joins conditions.
pub(super) const JOINS: [Word; 8] = [
    word("all", Takes::Conditions, "All of these conditions must hold."),
    word("any", Takes::Conditions, "At least one of these conditions must hold."),
    word("not", Takes::Condition, "This condition must not hold."),
    word("none", Takes::Conditions, "None of these conditions may hold."),
    word(
        "any_line",
        Takes::LineCondition,
        "The condition holds for at least one line of the claim.",
    ),
    word("every_line", Takes::LineCondition, "The condition holds for every line of the claim."),
    word("no_line", Takes::LineCondition, "The condition holds for no line of the claim."),
    word("count_lines", Takes::Count, "So many lines of the claim meet a condition."),
];

/// The condition of `count_lines`.
pub(super) const WHERE: Word =
    word("where", Takes::LineCondition, "The condition that a line must meet to be counted.");

const SINGLE: [&str; 7] = ["eq", "ne", "in", "not_in", "starts_with", "matches", "exists"];
const NUMBER: [&str; 9] = ["eq", "ne", "lt", "lte", "gt", "gte", "between", "in", "not_in"];
const LIST: [&str; 5] = ["has_any", "has_all", "has_none", "any_in", "exists"];
const PRESENCE: [&str; 1] = ["exists"];
const FIXED: [&str; 4] = ["eq", "ne", "in", "not_in"];

impl Type {
    pub(super) const ALL: [Self; 12] = [
        Self::Procedure,
        Self::Modifiers,
        Self::Diagnoses,
        Self::Units,
        Self::Money,
        Self::Date,
        Self::Count,
        Self::Quantity,
        Self::Words,
        Self::Presence,
        Self::Fixed,
        Self::Word,
    ];

    /// The names of the tests that a field of this type takes.
    pub(super) const fn tests(self) -> &'static [&'static str] {
        match self {
            Self::Procedure | Self::Word => &SINGLE,
            Self::Fixed => &FIXED,
            Self::Modifiers | Self::Diagnoses | Self::Words => &LIST,
            Self::Presence => &PRESENCE,
            Self::Units | Self::Money | Self::Date | Self::Count | Self::Quantity => &NUMBER,
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Procedure => "a procedure code",
            Self::Word | Self::Fixed => "a word",
            Self::Modifiers => "a list of modifiers",
            Self::Diagnoses => "a list of diagnoses",
            Self::Units => "a number of units",
            Self::Money => "an amount",
            Self::Date => "a date",
            Self::Count => "a count",
            Self::Quantity => "a quantity",
            Self::Words => "a list of words",
            Self::Presence => "a value that is not shown",
        }
    }
}
