//! The client's settings: what a user may set in the editor, below `traceline`.

use super::levels::Levels;
use super::validate::{Node, validate};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::Value;
use std::sync::LazyLock;
use traceline_engine::settings::{Settings, Shown};

/// What a user may set in the editor. Where `traceline.toml` says something else, that wins.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(title = "Settings of the Traceline server")]
pub(crate) struct ClientSettings {
    /// Levels of rules; a rule that is not named keeps its own. What `traceline.toml` of the workspace says wins.
    pub(crate) rules: Levels,
    /// Lenses above requirements (who serves them) and above tasks (what they carry).
    pub(crate) lenses: bool,
    /// Hints within the text.
    pub(crate) hints: Hints,
    /// How requirements are renamed.
    pub(crate) rename: Rename,
}

/// How requirements are renamed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Rename {
    /// Whether a requirement says beside its new id what it was called, so that the old one still means it.
    pub(crate) keep_former: bool,
}

/// What is shown within the text, in an editor that shows inlay hints.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Hints {
    /// How many characters of requirements' titles stand at the end of a trace line, all together; none for 0.
    #[schemars(range(min = 0, max = 200))]
    pub(crate) title_length: u8,
    /// How long a line may become with these titles: they are cut, or left out, where it has no room for them.
    #[schemars(range(min = 0, max = 1000))]
    pub(crate) line_length: u16,
    /// Whether a requirement's statement ends in how it is served.
    pub(crate) coverage: bool,
}

impl Default for Hints {
    fn default() -> Self {
        let shown = Shown::default();
        Self {
            title_length: u8::try_from(shown.title_length).unwrap_or(u8::MAX),
            line_length: u16::try_from(shown.line_length).unwrap_or(u16::MAX),
            coverage: shown.coverage,
        }
    }
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            rules: Levels::default(),
            lenses: Shown::default().lenses,
            hints: Hints::default(),
            rename: Rename::default(),
        }
    }
}

impl ClientSettings {
    /// What of them is the engine's.
    pub(crate) fn to_engine(&self) -> Settings {
        let shown = Shown {
            lenses: self.lenses,
            title_length: usize::from(self.hints.title_length),
            line_length: usize::from(self.hints.line_length),
            coverage: self.hints.coverage,
        };
        Settings { levels: self.rules.to_engine(), shown, ..Settings::default() }
    }
}

/// Keys of the same section that are the client's own business.
const CLIENTS_OWN: [&str; 2] = ["server", "trace"];

/// The settings that the client sends, plain or below a `traceline` key, and one line about what of them is not in
/// force, if anything. None where it says nothing at all.
pub(crate) fn decode(sent: &Value) -> Option<(ClientSettings, Option<String>)> {
    let mut own = sent.get("traceline").unwrap_or(sent).clone();
    if own.is_null() {
        return None;
    }
    if let Some(table) = own.as_object_mut() {
        CLIENTS_OWN.iter().for_each(|key| drop(table.remove(*key)));
    }
    let (left, problems) = validate(&Node::of_json(&own), &SCHEMA);
    let settings = left.and_then(|left| left.try_into().ok()).unwrap_or_default();
    let told = problems.iter().map(|problem| match problem.within.as_str() {
        "" => problem.message.clone(),
        within => format!("{within}: {}", problem.message),
    });
    let told: Vec<String> = told.collect();
    let warning = format!("settings of the editor, traceline: {}; the rest is in force", told.join("; "));
    Some((settings, (!told.is_empty()).then_some(warning)))
}

static SCHEMA: LazyLock<Value> = LazyLock::new(schema);

/// The JSON schema of these settings, without references, so that an editor's manifest can take its parts.
pub(crate) fn schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<ClientSettings>().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use traceline_engine::settings::Level;

    fn told(sent: &Value) -> Option<String> {
        decode(sent).and_then(|(_, warning)| warning)
    }

    #[test]
    fn settings_may_be_nested_and_the_clients_own_are_left_to_it() {
        let nested =
            json!({"traceline": {"rules": {"id-case": "off", "duplicate-task": "error"}, "trace": {"server": "off"}}});
        let plain = json!({"rules": {"id-case": "off", "duplicate-task": "error"}, "server": {"path": "/x"}});
        assert_eq!(decode(&nested), decode(&plain));
        let (settings, warning) = decode(&plain).unwrap();
        assert_eq!(warning, None);
        let levels = settings.rules.to_engine();
        assert_eq!([levels["id-case"], levels["duplicate-task"]], [None, Some(Level::Error)]);
        assert_eq!(decode(&json!(null)), None);
        assert_eq!(decode(&json!({"traceline": null})), None);
    }

    #[test]
    fn what_is_shown_can_be_changed_piece_by_piece() {
        let shown = |sent: &Value| decode(sent).unwrap().0.to_engine().shown;
        assert_eq!(shown(&json!({})), Shown::default());
        assert_eq!(shown(&json!({"lenses": false})), Shown { lenses: false, ..Shown::default() });
        let changed = shown(&json!({"hints": {"titleLength": 0, "lineLength": 120}}));
        assert_eq!(changed, Shown { title_length: 0, line_length: 120, ..Shown::default() });
        assert!(told(&json!({"hints": {"titleLength": 300}})).is_some());
    }

    #[test]
    fn wrong_settings_are_one_line_and_the_rest_is_in_force() {
        let sent = json!({"rules": {"id-cas": "off", "id-case": "of", "duplicate-task": "off"}, "rulez": 1});
        let (settings, warning) = decode(&sent).unwrap();
        assert_eq!(settings.rules.to_engine(), [("duplicate-task".to_string(), None)].into());
        assert_eq!(
            warning.unwrap(),
            "settings of the editor, traceline: rules: unknown key `id-cas`, did you mean `id-case`?; rules.id-case: \
             this must be \"off\", \"hint\", \"information\", \"warning\" or \"error\", did you mean `\"off\"`?; unknown \
             key `rulez`, did you mean `rules`?; the rest is in force"
        );
        assert!(told(&json!("nonsense")).unwrap().contains("this must be a table"));
        assert!(told(&json!({"rules": 7})).unwrap().contains("rules: this must be a table"));
    }

    #[test]
    fn every_setting_says_what_it_is_for() {
        fn bare(name: &str, schema: &Value, out: &mut Vec<String>) {
            for (key, inside) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let name = format!("{name}.{key}");
                if inside.get("description").is_none() {
                    out.push(name.clone());
                }
                bare(&name, inside, out);
            }
        }
        let mut out = Vec::new();
        bare("traceline", &schema(), &mut out);
        assert_eq!(out, Vec::<String>::new(), "a setting needs a doc comment");
    }
}
