//! The codes of pack errors, each with its meaning.

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
    UnknownParam,
    UnknownBase,
    BaseVersion,
    BaseCycle,
    NameClash,
    UnknownOverridden,
    FinalRule,
    BadOverride,
    BadWaiver,
    CircularSet,
    UnknownField,
    WrongOperator,
    MissingPlugin,
    DuplicateTest,
    BadAllow,
    UnknownCheck,
    PluginVersion,
    BadArgument,
    EngineVersion,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 40] = [
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
        Self::UnknownParam,
        Self::UnknownBase,
        Self::BaseVersion,
        Self::BaseCycle,
        Self::NameClash,
        Self::UnknownOverridden,
        Self::FinalRule,
        Self::BadOverride,
        Self::BadWaiver,
        Self::CircularSet,
        Self::UnknownField,
        Self::WrongOperator,
        Self::MissingPlugin,
        Self::DuplicateTest,
        Self::BadAllow,
        Self::UnknownCheck,
        Self::PluginVersion,
        Self::BadArgument,
        Self::EngineVersion,
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
                "A rule has exactly one kind: `mutually_exclusive`, `unit_limit`, `modifier_validity`, `place_of_service`, `code_validity`, `requires_primary`, `diagnosis_coverage`, `duplicate_line`, `demographic`, `frequency_limit`, `new_patient_visit`, `global_surgery`, `service_date`, `plugin_check` or `require`.",
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
            Self::UnknownParam => (
                "E2003",
                "The parameter behind `$` is not defined under `params` of the pack or of a pack that it extends, or is no value for this place.",
            ),
            Self::UnknownBase => (
                "E6001",
                "A pack under `extends` is not at hand. Packs are looked for among those named with `--packs`, those that come with cleanbill, and the folders beside the pack.",
            ),
            Self::BaseVersion => (
                "E6002",
                "The pack at hand has another version than `extends` asks for, or one of the two is no version.",
            ),
            Self::BaseCycle => ("E6003", "Packs extend each other in a circle."),
            Self::NameClash => (
                "E6004",
                "A value set, parameter or table has the name of one in a pack that this pack extends. Rename it, or write `override` if it is to take the other's place.",
            ),
            Self::UnknownOverridden => (
                "E6005",
                "An override or a waiver names a rule that no pack below it and no loaded plugin has, or `override` stands where there is nothing to take the place of. A rule of a plugin needs the plugin: name its file with `--plugins`.",
            ),
            Self::FinalRule => (
                "E6006",
                "The rule says `final: true`: packs that extend its pack may not change it.",
            ),
            Self::BadOverride => (
                "E6007",
                "An override changes nothing, changes what cannot be changed this way, or gives no reason. Of a rule of a plugin only `disposition` and `severity` can be set, and it can be switched off.",
            ),
            Self::BadWaiver => (
                "E6101",
                "A waiver, of a rule of a pack or of a plugin, is too wide or holds too long, names no approver or reason, or its date cannot be read. With a date that cannot be read it counts as expired.",
            ),
            Self::MissingPlugin => (
                "E2006",
                "A rule of the pack is a check of a plugin, or the pack requires one, and that plugin is not loaded. Name its file with `--plugins`.",
            ),
            Self::UnknownField => (
                "E2101",
                "A condition names a field that there is not. The nearest one is suggested.",
            ),
            Self::WrongOperator => (
                "E2102",
                "A condition tests a field in a way that does not go with what the field holds: a list has `has_any`, a number `gt`, a single value `in`.",
            ),
            Self::CircularSet => (
                "E2007",
                "A value set contains itself, directly or through another one, or sets are nested more than 16 levels deep.",
            ),
            Self::DuplicateTest => (
                "E5002",
                "Two tests of one rule have the same name, so that their results could not be told apart.",
            ),
            Self::UnknownCheck => (
                "E2008",
                "The plugin is loaded and has no check of this name. `cleanbill plugins list` shows its rules, which are its checks.",
            ),
            Self::PluginVersion => (
                "E2009",
                "The plugin that is loaded has another version than the pack requires, or one of the two is no version.",
            ),
            Self::EngineVersion => (
                "E2011",
                "The pack requires another version of cleanbill than this one, or does not say which in a way that can be read.",
            ),
            Self::BadArgument => (
                "E2010",
                "An argument is not one that the check of the plugin takes, has another shape, or the plugin does not run with it.",
            ),
            Self::BadAllow => (
                "E4401",
                "An `allow` names a warning that `rules check` does not give, or gives no reason.",
            ),
        }
    }
}
