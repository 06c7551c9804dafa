//! `traceline.toml` and the client's settings: which files are read and which rules speak.

pub(crate) mod client;
mod levels;
mod sift;

use crate::disk::Selection;
use levels::Levels;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use sift::{Node, sift};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use toml::de::DeTable;
use traceline_engine::settings::Settings;

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
    /// The keys that lead there.
    pub(crate) within: String,
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
            let problem = Problem { span: 0..0, within: String::new(), message: why.to_string() };
            ConfigFile { path, text: String::new(), config: Config::default(), problems: vec![problem] }
        }
    })
}

/// `traceline.toml`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "traceline.toml")]
struct Written {
    /// Levels of rules; a rule that is not named keeps its own.
    rules: Levels,
    /// Which files are read.
    files: Files,
}

/// Which files are read, by patterns as in `.gitignore`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Files {
    /// Only these; empty for all.
    include: Vec<String>,
    /// Not these.
    exclude: Vec<String>,
}

static SCHEMA: LazyLock<serde_json::Value> = LazyLock::new(schema);

/// The JSON schema of `traceline.toml`.
pub(crate) fn schema() -> serde_json::Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<Written>().into()
}

/// What `text` puts in force. A key that is not understood is a problem, and the rest counts all the same.
pub(crate) fn parse(text: &str) -> (Config, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let (left, mut problems) = sift(&Node::of_toml(table.span(), table.get_ref()), &SCHEMA);
    if let Some(error) = errors.first() {
        // What else seems to be wrong may only follow from this.
        let message = format!("this is no TOML: {}", error.message());
        problems = vec![Problem { span: error.span().unwrap_or(0..0), within: String::new(), message }];
    }
    let written: Written = left.and_then(|left| left.try_into().ok()).unwrap_or_default();
    let settings = Settings { levels: written.rules.to_engine(), ..Settings::default() };
    let Files { include, exclude } = written.files;
    (Config { settings, selection: Selection { include, exclude } }, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use traceline_engine::settings::Level;

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
        let (config, problems) = parse("[rules]\nid-case = \"off\"\n[files]\nexclude = [\"old/**\"\nrulez = 7\n");
        assert_eq!(config.settings.level_of("id-case", Some(Level::Hint)), None);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].message.starts_with("this is no TOML"), "{problems:?}");
    }
}
