//! `traceline.toml` and the client's settings: which files are read and which rules speak.

use crate::disk::Selection;
use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use traceline_engine::rule;
use traceline_engine::settings::{Level, Settings};

/// The names of the file, the first that exists counts.
pub(crate) const NAMES: [&str; 2] = ["traceline.toml", ".traceline.toml"];

/// What a team or a user has decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    pub(crate) settings: Settings,
    pub(crate) selection: Selection,
}

/// Something in a configuration that is not in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Bytes of the file.
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
}

/// A configuration file: what of it is in force, and what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConfigFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) config: Config,
    pub(crate) problems: Vec<Problem>,
}

/// The configuration of the workspace folder, if it has one.
pub(crate) fn of_folder(root: &Path) -> Option<ConfigFile> {
    let path = NAMES.iter().map(|name| root.join(name)).find(|path| path.is_file())?;
    Some(match crate::disk::read(&path) {
        Ok(text) => {
            let (config, problems) = parse(&text);
            ConfigFile { path, text, config, problems }
        }
        Err(why) => {
            let problem = Problem { span: 0..0, message: why.to_string() };
            ConfigFile { path, text: String::new(), config: Config::default(), problems: vec![problem] }
        }
    })
}

/// What `text` puts in force. A key that is not understood is a problem, and the rest counts all the same.
pub(crate) fn parse(text: &str) -> (Config, Vec<Problem>) {
    let mut reader = Reader::default();
    match DeTable::parse(text) {
        Ok(table) => reader.top(table.get_ref()),
        Err(error) => {
            let message = format!("this is no TOML: {}", error.message());
            reader.problems.push(Problem { span: error.span().unwrap_or(0..0), message });
        }
    }
    (reader.config, reader.problems)
}

#[derive(Default)]
struct Reader {
    config: Config,
    problems: Vec<Problem>,
}

type Key<'a> = Spanned<Cow<'a, str>>;
type Value<'a> = Spanned<DeValue<'a>>;

impl Reader {
    fn top(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "rules" => self.rules(key, value),
                "files" => self.files(key, value),
                _ => self.unknown(key, &["rules", "files"]),
            }
        }
    }

    fn rules(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let Some(table) = self.table(key, value) else { return };
        for (name, level) in table {
            let Some(rule) = rule::named(name.get_ref()) else {
                let names: Vec<&str> = rule::RULES.iter().map(|rule| rule.name).collect();
                self.unknown(name, &names);
                continue;
            };
            match level.get_ref().as_str().and_then(level_named) {
                Some(level) => {
                    self.config.settings.levels.insert(rule.name.to_string(), level);
                }
                None => self.wrong(level, "\"off\", \"hint\", \"information\", \"warning\" or \"error\""),
            }
        }
    }

    fn files(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let Some(table) = self.table(key, value) else { return };
        for (name, list) in table {
            let texts: Option<Vec<String>> = list
                .get_ref()
                .as_array()
                .and_then(|list| list.iter().map(|entry| entry.get_ref().as_str().map(String::from)).collect());
            let Some(texts) = texts else {
                self.wrong(list, "a list of patterns, as in [\"specs/**\"]");
                continue;
            };
            match name.get_ref().as_ref() {
                "include" => self.config.selection.include = texts,
                "exclude" => self.config.selection.exclude = texts,
                _ => self.unknown(name, &["include", "exclude"]),
            }
        }
    }

    fn table<'v, 'i>(&mut self, key: &Key<'_>, value: &'v Value<'i>) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(value, &format!("a table, as in [{}]", key.get_ref()));
        }
        table
    }

    fn unknown(&mut self, key: &Key<'_>, known: &[&str]) {
        let near = known.iter().map(|name| (strsim::osa_distance(name, key.get_ref()), *name)).min();
        let mut message = format!("unknown key `{}`", key.get_ref());
        match near.filter(|(distance, _)| *distance <= 3) {
            Some((_, name)) => message += &format!(", did you mean `{name}`?"),
            None => {
                message += &format!(
                    ", known are {}",
                    known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                );
            }
        }
        self.problems.push(Problem { span: key.span(), message });
    }

    fn wrong(&mut self, value: &Value<'_>, wanted: &str) {
        self.problems.push(Problem { span: value.span(), message: format!("this must be {wanted}") });
    }
}

/// The level called `name`; `off` is none.
fn level_named(name: &str) -> Option<Option<Level>> {
    if name == "off" { Some(None) } else { Level::named(name).map(Some) }
}

/// Rule levels from the client's settings: `{"rules": {"placeholder-left": "off"}}`, also below a `traceline` key. What
/// is not understood is left out: the editor checks its own settings.
pub(crate) fn of_client(settings: &serde_json::Value) -> Settings {
    let own = settings.get("traceline").unwrap_or(settings);
    let mut out = Settings::default();
    for (name, level) in own.get("rules").and_then(serde_json::Value::as_object).into_iter().flatten() {
        if let (Some(rule), Some(level)) = (rule::named(name), level.as_str().and_then(level_named)) {
            out.levels.insert(rule.name.to_string(), level);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_key_is_named_with_a_suggestion_and_the_rest_is_in_force() {
        let text = "[rules]\nplaceholder-left = \"off\"\nid-cas = \"hint\"\nduplicate-task = \"loud\"\n[files]\nexclude = [\"old/**\"]\n[rulez]\n";
        let (config, problems) = parse(text);
        assert_eq!(config.settings.level_of("placeholder-left", Some(Level::Warning)), None);
        assert_eq!(config.selection.exclude, ["old/**"]);
        let mut told: Vec<_> =
            problems.iter().map(|problem| (&text[problem.span.clone()], problem.message.as_str())).collect();
        told.sort();
        assert_eq!(
            told,
            [
                ("\"loud\"", "this must be \"off\", \"hint\", \"information\", \"warning\" or \"error\""),
                ("id-cas", "unknown key `id-cas`, did you mean `id-case`?"),
                ("rulez", "unknown key `rulez`, did you mean `rules`?"),
            ]
        );
    }

    #[test]
    fn broken_toml_is_one_problem() {
        let (config, problems) = parse("[rules\n");
        assert_eq!((config, problems.len()), (Config::default(), 1));
        assert!(problems[0].message.starts_with("this is no TOML"), "{problems:?}");
    }

    #[test]
    fn the_clients_settings_may_be_nested() {
        let nested = serde_json::json!({"traceline": {"rules": {"id-case": "off"}}});
        let plain = serde_json::json!({"rules": {"id-case": "off", "nonsense": 1}});
        assert_eq!(of_client(&nested), of_client(&plain));
        assert_eq!(of_client(&nested).level_of("id-case", Some(Level::Hint)), None);
    }
}
