//! Levels of rules, as a team or a user sets them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use std::collections::BTreeMap;
use traceline_engine::rule::RULES;
use traceline_engine::settings::Level;

/// The level of each named rule; a rule that is not named keeps its own.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub(crate) struct Levels(BTreeMap<String, Chosen>);

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Chosen {
    Off,
    Hint,
    Information,
    Warning,
    Error,
}

impl Levels {
    /// As the engine keeps them: none for a rule that is off.
    pub(crate) fn to_engine(&self) -> BTreeMap<String, Option<Level>> {
        let level = |chosen: Chosen| match chosen {
            Chosen::Off => None,
            Chosen::Hint => Some(Level::Hint),
            Chosen::Information => Some(Level::Information),
            Chosen::Warning => Some(Level::Warning),
            Chosen::Error => Some(Level::Error),
        };
        self.0.iter().map(|(rule, chosen)| (rule.clone(), level(*chosen))).collect()
    }
}

impl JsonSchema for Levels {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Levels".into()
    }

    /// Every rule is a key of its own, so that editors can offer it with what it finds.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let levels: Vec<&str> = std::iter::once("off").chain(Level::ALL.map(Level::as_str)).collect();
        let rules = RULES.iter().map(|rule| {
            let of_rule = json_schema!({
                "type": "string", "enum": levels, "default": rule.level_name(), "description": rule.what,
            });
            (rule.name.to_string(), serde_json::Value::from(of_rule))
        });
        let rules: serde_json::Map<String, serde_json::Value> = rules.collect();
        json_schema!({ "type": "object", "properties": rules, "additionalProperties": false })
    }
}
