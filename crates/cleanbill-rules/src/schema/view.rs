//! One place in the schema: which keys, items and shapes it takes.

use serde_json::{Map, Value};

use super::{NAMES_A_PARAM, NAMES_A_SET, SchemaKind};

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Any text, bare or quoted.
    Text,
    /// The name of a value set.
    SetName,
    /// The name of a parameter.
    ParamName,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Truth,
    /// A list.
    List,
    /// A block of keys.
    Block,
}

/// One place in a schema, with `$ref` followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    root: &'a Value,
    site: &'a Value,
    here: &'a Value,
}

impl<'a> View<'a> {
    /// The top of a schema.
    pub(crate) fn new(root: &'a Value) -> Self {
        Self { root, site: root, here: root }
    }

    /// A rule.
    pub(crate) fn of_rule() -> Option<View<'static>> {
        View::new(SchemaKind::RuleFile.keys()).key("rules")?.item(0)
    }

    fn at(self, site: &'a Value) -> Self {
        let here = site
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|target| self.root.get("definitions")?.get(target.rsplit('/').next()?))
            .unwrap_or(site);
        Self { root: self.root, site, here }
    }

    /// The name of the definition that this place refers to.
    pub(crate) fn definition(self) -> Option<&'a str> {
        self.site.get("$ref")?.as_str()?.rsplit('/').next()
    }

    /// What the key means, else what its block means.
    pub(crate) fn description(self) -> &'a str {
        [self.site, self.here]
            .iter()
            .find_map(|value| value.get("description")?.as_str())
            .unwrap_or_default()
    }

    /// What the block that this place refers to means.
    pub(crate) fn block_description(self) -> &'a str {
        self.here.get("description").and_then(Value::as_str).unwrap_or_default()
    }

    fn object(self, name: &str) -> Option<&'a Map<String, Value>> {
        self.here.get(name)?.as_object()
    }

    /// The keys of a block with fixed keys, in the order of their names.
    pub(crate) fn keys(self) -> impl Iterator<Item = (&'a str, Self)> {
        let keys = self.object("properties").into_iter().flatten();
        keys.map(move |(name, schema)| (name.as_str(), self.at(schema)))
    }

    /// What `key` takes.
    pub(crate) fn key(self, key: &str) -> Option<Self> {
        self.object("properties")?.get(key).map(|schema| self.at(schema))
    }

    /// The keys that must be there.
    pub(crate) fn required(self) -> impl Iterator<Item = &'a str> {
        let required = self.here.get("required").and_then(Value::as_array);
        required.into_iter().flatten().filter_map(Value::as_str)
    }

    /// What the values of a block take whose keys are names that the author chooses.
    pub(crate) fn any_key(self) -> Option<Self> {
        let schema = self.here.get("additionalProperties").filter(|schema| schema.is_object())?;
        Some(self.at(schema))
    }

    /// Whether it is a block whose keys nobody knows.
    pub(crate) fn is_open(self) -> bool {
        self.kind() == Some(Kind::Block)
            && self.object("properties").is_none()
            && self.here.get("additionalProperties").is_none()
    }

    /// Whether it is a condition, which [`crate::predicate`] checks in words of its own.
    pub(crate) fn is_condition(self) -> bool {
        self.definition() == Some("Condition")
    }

    /// What the item at `index` of a list takes.
    pub(crate) fn item(self, index: usize) -> Option<Self> {
        match self.here.get("items")? {
            Value::Array(items) => items.get(index).map(|schema| self.at(schema)),
            schema => Some(self.at(schema)),
        }
    }

    /// The number of items of a list that has a fixed number of them.
    pub(crate) fn length(self) -> Option<usize> {
        self.here.get("items")?.as_array().map(Vec::len)
    }

    /// The fixed words that are taken.
    pub(crate) fn words(self) -> impl Iterator<Item = &'a str> {
        let words = self.here.get("enum").and_then(Value::as_array);
        words.into_iter().flatten().filter_map(Value::as_str)
    }

    /// The alternatives of this place; itself when there are none.
    fn choices(self) -> impl Iterator<Item = Self> {
        let choices = self.here.get("anyOf").and_then(Value::as_array);
        let only = choices.is_none().then_some(self);
        choices.into_iter().flatten().map(move |choice| self.at(choice)).chain(only)
    }

    /// What may stand here: each kind with the place that describes it.
    pub(crate) fn kinds(self) -> Vec<(Kind, Self)> {
        self.choices().filter_map(|choice| Some((choice.kind()?, choice))).collect()
    }

    /// The place that describes values of `kind`, when they may stand here.
    pub(crate) fn taking(self, kind: Kind) -> Option<Self> {
        self.choices().find(|choice| choice.kind() == Some(kind))
    }

    fn kind(self) -> Option<Kind> {
        let name = match self.here.get("type")? {
            Value::Array(names) => names.first()?.as_str()?,
            name => name.as_str()?,
        };
        match name {
            "string" if self.here.get("pattern").is_some_and(|p| p == NAMES_A_SET) => {
                Some(Kind::SetName)
            }
            "string" if self.here.get("pattern").is_some_and(|p| p == NAMES_A_PARAM) => {
                Some(Kind::ParamName)
            }
            "string" => Some(Kind::Text),
            "integer" => Some(Kind::Number),
            "boolean" => Some(Kind::Truth),
            "array" => Some(Kind::List),
            "object" => Some(Kind::Block),
            _ => None,
        }
    }

    /// What is taken, for people: `a list, or the name of a value set such as $my_codes`.
    pub(crate) fn wanted(self) -> String {
        let words: Vec<&str> = self
            .kinds()
            .iter()
            .rev()
            .map(|(kind, view)| match kind {
                Kind::Text => "a text",
                Kind::SetName => "the name of a value set such as `$my_codes`",
                Kind::ParamName => "the name of a parameter such as `$my_number`",
                Kind::Number => "a whole number",
                Kind::Truth => "`true` or `false`",
                Kind::List if view.length().is_some() => "a list of two",
                Kind::List => "a list",
                Kind::Block => "a block of keys",
            })
            .collect();
        words.join(", or ")
    }
}
