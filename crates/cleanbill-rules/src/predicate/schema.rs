//! Conditions as a JSON Schema, made of the tables that check them: what an editor completes.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::dictionary::FIELDS;
use super::field::Type;
use super::operator::{JOINS, OPERATORS, Takes, WHERE, Word};
use crate::declare::CodeList;
use crate::schema::words;

/// Stands for a condition, whose keys are fields and joins: [`super::parse`] reads and checks it.
pub(crate) struct ConditionDecl;

/// Definition of a condition on lines, in which no other may stand.
const ON_LINES: &str = "LineCondition";
const COUNT: &str = "CountLines";

impl JsonSchema for ConditionDecl {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        for kind in Type::ALL {
            let description = format!("Tests of {}, all of which must hold.", kind.words());
            let tests = block(description, tests(kind, generator), None);
            generator.definitions_mut().insert(kind.definition().to_owned(), tests);
        }
        let mut count = tests(Type::Count, generator);
        count.insert(WHERE.name.to_owned(), described(refers_to(ON_LINES), WHERE.meaning));
        let description = "A condition on lines, and tests of how many lines meet it.".to_owned();
        let count = block(description, count, Some(WHERE));
        generator.definitions_mut().insert(COUNT.to_owned(), count);
        generator.definitions_mut().insert(ON_LINES.to_owned(), condition(ON_LINES));
        condition(&Self::schema_name()).try_into().unwrap_or_default()
    }
}

impl Type {
    /// Name of the definition of its tests.
    const fn definition(self) -> &'static str {
        match self {
            Self::Procedure => "ProcedureTests",
            Self::Modifiers => "ModifierTests",
            Self::Diagnoses => "DiagnosisTests",
            Self::Units => "UnitTests",
            Self::Money => "AmountTests",
            Self::Date => "DateTests",
            Self::Count => "CountTests",
            Self::Quantity => "QuantityTests",
            Self::Words => "WordListTests",
            Self::Presence => "PresenceTests",
            Self::Fixed => "ClaimTypeTests",
            Self::Word => "WordTests",
        }
    }
}

/// The keys of a condition that is the definition `name`.
fn condition(name: &str) -> Value {
    let on_lines = name == ON_LINES;
    let mut keys = Map::new();
    for (name, field, meaning) in FIELDS {
        keys.insert(name.to_owned(), described(refers_to(field.kind().definition()), meaning));
    }
    for join in JOINS {
        let takes = match join.takes {
            Takes::Conditions => {
                json!({ "type": "array", "items": refers_to(name), "minItems": 1 })
            }
            Takes::LineCondition | Takes::Count if on_lines => continue,
            Takes::LineCondition => refers_to(ON_LINES),
            Takes::Count => refers_to(COUNT),
            _ => refers_to(name),
        };
        keys.insert(join.name.to_owned(), described(takes, join.meaning));
    }
    let description = match on_lines {
        true => {
            "Fields of each line in turn and of the claim, each with a test, all of which must hold."
        }
        false => "Fields of the line and the claim, each with a test, all of which must hold.",
    };
    block(description.to_owned(), keys, None)
}

/// The tests that a field of this type takes.
fn tests(kind: Type, generator: &mut SchemaGenerator) -> Map<String, Value> {
    let named = |name: &&str| OPERATORS.iter().find(|operator| operator.name == *name);
    let operators = kind.tests().iter().filter_map(named);
    operators
        .map(|operator| {
            let takes = match (operator.takes, kind) {
                (Takes::Flag, _) => json!({ "type": "boolean" }),
                (Takes::Values, _) => CodeList::json_schema(generator).to_value(),
                (_, Type::Fixed) => words::one_of(words::claim_types()).to_value(),
                _ => json!({ "type": "string" }),
            };
            (operator.name.to_owned(), described(takes, operator.meaning))
        })
        .collect()
}

fn refers_to(definition: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{definition}") })
}

fn described(mut schema: Value, meaning: &str) -> Value {
    if let Value::Object(keys) = &mut schema {
        keys.insert("description".to_owned(), json!(meaning));
    }
    schema
}

fn block(description: String, keys: Map<String, Value>, required: Option<Word>) -> Value {
    let required: Vec<&str> = required.iter().map(|word| word.name).collect();
    // Something must stand in it; beside what must be there, a test.
    let least = required.len() + 1;
    let mut block = json!({
        "type": "object",
        "description": description,
        "properties": keys,
        "minProperties": least,
        "additionalProperties": false,
    });
    if let (Value::Object(block), false) = (&mut block, required.is_empty()) {
        block.insert("required".to_owned(), json!(required));
    }
    block
}
