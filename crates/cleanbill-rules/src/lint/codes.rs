//! The warnings by their stable numbers, with what each means.

/// How loud a warning is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Most likely a mistake.
    Warning,
    /// Worth knowing, often meant.
    Note,
}

impl Level {
    /// `warning` or `note`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Stable codes of warnings; `explain` tells what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each code's meaning is its text in `meaning`")]
pub enum Lint {
    NeverFires,
    AlwaysFires,
    Contained,
    NoFiringTest,
    NoNearMiss,
    OtherDisposition,
    UnusedSet,
    UnusedTable,
    ReviewOverdue,
    UnusedAllow,
    Title,
    RetiredRemit,
    Condition,
    LeftOut,
}

impl Lint {
    /// Every one.
    pub const ALL: [Self; 14] = [
        Self::NeverFires,
        Self::AlwaysFires,
        Self::Contained,
        Self::NoFiringTest,
        Self::NoNearMiss,
        Self::OtherDisposition,
        Self::UnusedSet,
        Self::UnusedTable,
        Self::ReviewOverdue,
        Self::UnusedAllow,
        Self::Title,
        Self::RetiredRemit,
        Self::Condition,
        Self::LeftOut,
    ];

    /// The number: `W4102`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// What it means, for people.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        self.entry().1
    }

    /// How loud it is.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::OtherDisposition => Level::Note,
            _ => Level::Warning,
        }
    }

    /// The warning of that number.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lint| lint.as_str() == code)
    }

    const fn entry(self) -> (&'static str, &'static str) {
        match self {
            Self::NeverFires => (
                "W4102",
                "The rule can never fire: its period is empty, its codes do not exist while it holds, its table has no row in force, or its clauses exclude each other. Remove it, or mend the dates or codes.",
            ),
            Self::AlwaysFires => (
                "W4103",
                "The rule fires on every line of its codes: the modifiers that it requires are among those that it does not allow. Take one of the two lists away.",
            ),
            Self::Contained => (
                "W4104",
                "Another rule of the same kind and clauses already finds all that this rule finds, so that each such line is reported twice. Remove one of them.",
            ),
            Self::NoFiringTest => (
                "W4201",
                "No test makes the rule fire, so nothing shows that it works. Add a test with `fires`.",
            ),
            Self::NoNearMiss => (
                "W4202",
                "No silent test of the rule comes past its first clause, so nothing shows where it stops. Add a test with a claim that differs from a firing one in a single value.",
            ),
            Self::OtherDisposition => (
                "W4203",
                "Two rules can give the same code different dispositions, and a line on which both fire shows both. This is often meant; keep it then with `allow` and a reason.",
            ),
            Self::UnusedSet => {
                ("W4302", "Nothing in the pack names this value set. Use it or remove it.")
            }
            Self::UnusedTable => {
                ("W4303", "Nothing in the pack reads this table. Use it or remove it.")
            }
            Self::ReviewOverdue => (
                "W4402",
                "The pack's `review_by` lies before the day given with `--as-of`. Look through the pack and its sources, then move the date.",
            ),
            Self::UnusedAllow => (
                "W4403",
                "An `allow` keeps a warning that is no longer given. Remove it, so that the warning is seen should it come back.",
            ),
            Self::Title => (
                "W4501",
                "The title is over 90 characters, or reads like the licensed descriptor of a code. Descriptors belong to their owner: give the code's number and say in your own words what is wrong.",
            ),
            Self::RetiredRemit => (
                "W4502",
                "The rule goes on after the day on which its remittance reason (CARC) was taken off the list, so an 835 with it would be refused. Give the code that is in force, or let the rule end with its code.",
            ),
            Self::LeftOut => (
                "W4701",
                "With `--without-plugins`, rules that are checks of plugins are left out: neither the plugin's side of them nor their tests were looked at. Check the pack with `--plugins` before it is used.",
            ),
            Self::Condition => (
                "W4601",
                "A condition is nested over 3 levels deep or has more than 8 tests, more than a reader can check. Move its values to a value set or a table, or its logic to a plugin.",
            ),
        }
    }
}
