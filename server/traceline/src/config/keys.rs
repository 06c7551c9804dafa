//! The keys of a `traceline.toml` as types, from which its JSON schema is made, and what its text puts in force.

use super::levels::Levels;
use super::problem::Problem;
use super::validate::{Node, validate};
use crate::disk::{self, Patterns};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::Value;
use std::ops::Range;
use std::sync::{Arc, LazyLock};
use toml::de::DeTable;
use traceline_engine::dialect::{self, CustomDialects, Dialect, Role};

/// Settings of a team for the folder that this file is in and all below it. The nearest file above a document is in force
/// for it, alone.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "traceline.toml")]
struct Keys {
    /// The dialect that every file is read in, whatever it is called and wherever it lies: one that comes with Traceline or
    /// one of `[[dialects]]`.
    dialect: Option<String>,
    /// Dialects of the team. One with the name of a built-in dialect takes its place.
    #[schemars(with = "Vec<dialect::Table>")]
    dialects: Vec<toml::Table>,
    /// Changes to what ids look like, in every dialect.
    #[schemars(with = "dialect::Ids")]
    ids: toml::Table,
    /// Changes to which files have which role, in every dialect.
    #[schemars(with = "dialect::Roles")]
    roles: toml::Table,
    /// Changes to where ids are looked up, in every dialect.
    #[schemars(with = "dialect::ScopeRules")]
    scope: toml::Table,
    /// Changes to what counts as a definition, in every dialect.
    #[schemars(with = "dialect::Definitions")]
    definitions: toml::Table,
    /// Changes to what counts as a trace line, in every dialect.
    #[schemars(with = "dialect::Traces")]
    traces: toml::Table,
    /// Changes to how a requirement is withdrawn, in every dialect.
    #[schemars(with = "dialect::Withdrawn")]
    withdrawn: toml::Table,
    /// Changes to how a document says what a requirement was called before, in every dialect.
    #[schemars(with = "dialect::Former")]
    former: toml::Table,
    /// Changes to what a hint of a template is told by, in every dialect.
    #[schemars(with = "dialect::Hints")]
    hints: toml::Table,
    /// Changes to where a workspace keeps templates of its own, in every dialect.
    #[schemars(with = "dialect::Forms")]
    forms: toml::Table,
    /// Changes to what is asked of tasks, in every dialect.
    #[schemars(with = "dialect::Tasks")]
    tasks: toml::Table,
    /// Changes to how properties of designs are numbered and named, in every dialect.
    #[schemars(with = "dialect::Properties")]
    properties: toml::Table,
    /// Changes to when a requirement counts as covered, in every dialect.
    #[schemars(with = "dialect::Coverage")]
    coverage: toml::Table,
    /// Levels of rules; a rule that is not named keeps its own.
    rules: Levels,
    /// Templates of the team, which take the place of those of the dialects: paths of Markdown files from this file's
    /// folder on.
    templates: Templates,
    /// Which files are read.
    files: Files,
}

/// Templates of the team.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "TemplateFiles")]
struct Templates {
    /// Of specifications.
    spec: Option<String>,
    /// Of plans.
    plan: Option<String>,
    /// Of task lists.
    tasks: Option<String>,
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

/// What a team has decided for the files below one folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Config {
    pub(crate) levels: Levels,
    pub(crate) patterns: Patterns,
    /// The home dialect of the folder; none where nothing is said about dialects.
    pub(crate) dialect: Option<Arc<Dialect>>,
    /// The team's own templates.
    pub(crate) templates: Vec<NamedTemplate>,
}

/// A template that a configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedTemplate {
    pub(crate) role: Role,
    /// As it is written: from the configuration's folder on.
    pub(crate) path: String,
    /// Bytes of the configuration.
    pub(crate) span: Range<usize>,
}

/// Tables of which a file may say a part: what it leaves out is that of the dialect.
const PARTIAL: [&str; 14] = [
    "Table",
    "Choose",
    "Ids",
    "Roles",
    "ScopeRules",
    "Definitions",
    "Traces",
    "Withdrawn",
    "Hints",
    "Forms",
    "Tasks",
    "Properties",
    "Coverage",
    "Templates",
];

static SCHEMA: LazyLock<Value> = LazyLock::new(schema);

/// The JSON schema of `traceline.toml`.
pub(crate) fn schema() -> Value {
    let mut schema: Value = SchemaSettings::draft07().into_generator().into_root_schema_for::<Keys>().into();
    for name in PARTIAL {
        if let Some(part) = schema.pointer_mut(&format!("/definitions/{name}")).and_then(Value::as_object_mut) {
            part.remove("required");
        }
    }
    schema
}

/// What `text` puts in force for `folder`, named from its workspace folder on. What is not understood is a problem, and
/// the rest counts all the same.
pub(crate) fn parse(text: &str, folder: &str) -> (Config, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let tree = Node::of_toml(table.span(), table.get_ref());
    let (left, mut problems) = validate(&tree, &SCHEMA);
    let keys: Keys = match left.unwrap_or_else(|| toml::Table::new().into()).try_into() {
        Ok(keys) => keys,
        Err(error) => {
            problems.push(Problem { span: 0..0, within: String::new(), message: error.message().to_string() });
            Keys::default()
        }
    };
    let mut tell = |at: &[&str], message: String| {
        let span = (0..=at.len()).rev().find_map(|depth| tree.at(&at[..depth])).map_or(0..0, |node| node.span.clone());
        problems.push(Problem { span, within: at.join("."), message });
    };
    families(&["ids"], &keys.ids, &mut tell);
    for (number, table) in keys.dialects.iter().enumerate() {
        if let Some(ids) = table.get("ids").and_then(toml::Value::as_table) {
            families(&["dialects", &number.to_string(), "ids"], ids, &mut tell);
        }
    }
    for (key, patterns) in [("include", &keys.files.include), ("exclude", &keys.files.exclude)] {
        for (number, pattern) in patterns.iter().enumerate() {
            if let Err(why) = disk::pattern(pattern) {
                tell(&["files", key, &number.to_string()], format!("this is no pattern: {why}"));
            }
        }
    }
    let Keys {
        dialect,
        dialects,
        ids,
        roles,
        scope,
        definitions,
        traces,
        withdrawn,
        former,
        hints,
        forms,
        tasks,
        properties,
        coverage,
        rules,
        files,
        templates,
    } = keys;
    let parts = [
        ("ids", ids),
        ("roles", roles),
        ("scope", scope),
        ("definitions", definitions),
        ("traces", traces),
        ("withdrawn", withdrawn),
        ("former", former),
        ("hints", hints),
        ("forms", forms),
        ("tasks", tasks),
        ("properties", properties),
        ("coverage", coverage),
    ];
    let all = parts.into_iter().filter(|(_, part)| !part.is_empty()).map(|(key, part)| (key.to_string(), part.into()));
    let own = CustomDialects { folder: folder.to_string(), choice: dialect, dialects, all: all.collect() };
    let home = (!own.is_empty()).then(|| Dialect::home_of(&own));
    let (dialect, mistakes) = home.map_or((None, Vec::new()), |(home, mistakes)| (Some(home), mistakes));
    for mistake in mistakes {
        let at: Vec<&str> = mistake.at.iter().map(String::as_str).collect();
        tell(&at, mistake.message);
    }
    if let Some(error) = errors.first() {
        // What else seems to be wrong may only follow from this.
        let message = format!("this is no TOML: {}", error.message());
        problems = vec![Problem { span: error.span().unwrap_or(0..0), within: String::new(), message }];
    }
    problems.sort_by_key(|problem| problem.span.start);
    let patterns = Patterns { include: files.include, exclude: files.exclude };
    let named = [
        ("spec", Role::Spec, templates.spec),
        ("plan", Role::Plan, templates.plan),
        ("tasks", Role::Tasks, templates.tasks),
    ];
    let template = |(key, role, path): (&str, Role, Option<String>)| {
        let span = tree.at(&["templates", key]).map_or(0..0, |node| node.span.clone());
        path.map(|path| NamedTemplate { role, path, span })
    };
    let templates = named.into_iter().filter_map(template).collect();
    (Config { levels: rules, patterns, dialect, templates }, problems)
}

/// Tells of families that no id can begin with.
fn families(within: &[&str], ids: &toml::Table, tell: &mut impl FnMut(&[&str], String)) {
    /// A longer word before a number is not looked at.
    const LONGEST: usize = 9;
    for key in ["families", "when-defined", "others", "aliases", "stories"] {
        for (number, family) in ids.get(key).and_then(toml::Value::as_array).into_iter().flatten().enumerate() {
            let family = family.as_str().unwrap_or_default();
            let fits = !family.is_empty() && family.len() <= LONGEST && family.bytes().all(|b| b.is_ascii_alphabetic());
            if !fits && family != dialect::REST {
                let number = number.to_string();
                let at: Vec<&str> = within.iter().copied().chain([key, &number]).collect();
                tell(&at, format!("a family is up to {LONGEST} letters from A to Z, such as \"FR\""));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use traceline_engine::settings::{Level, Settings};
    use traceline_engine::world::Closed;

    fn told(text: &str) -> Vec<(String, String)> {
        let (_, problems) = parse(text, "");
        problems.into_iter().map(|problem| (text[problem.span].to_string(), problem.message)).collect()
    }

    /// Each row: what is written, the text that the problem is at, and what it says.
    #[test]
    fn each_mistake_is_one_problem_where_it_stands() {
        for (text, at, message) in [
            ("[rulez]\n", "rulez", "unknown key `rulez`, did you mean `rules`?"),
            ("[rules]\nid-cas = \"off\"\n", "id-cas", "unknown key `id-cas`, did you mean `id-case`?"),
            (
                "[rules]\nid-case = \"loud\"\n",
                "\"loud\"",
                "this must be \"off\", \"hint\", \"information\", \"warning\" or \"error\"",
            ),
            (
                "rules.id-case = 'eror'\n",
                "'eror'",
                "this must be \"off\", \"hint\", \"information\", \"warning\" or \"error\", did you mean `\"error\"`?",
            ),
            ("rules = 7\n", "7", "this must be a table"),
            (
                "[rules]\nid-case = false\n",
                "false",
                "this must be \"off\", \"hint\", \"information\", \"warning\" or \"error\"",
            ),
            ("families = [\"SEC\"]\n", "families", "unknown key `families`, did you mean `families` in `ids`?"),
            ("[ids]\nfamilies = \"SEC\"\n", "\"SEC\"", "this must be a list of texts, as in [\"…\"]"),
            ("[ids]\nfamilies = [\"SEC\", 7]\n", "7", "this must be a text in quotes"),
            ("[ids]\nfamilies = [\"SEC-1\"]\n", "\"SEC-1\"", "a family is up to 9 letters from A to Z, such as \"FR\""),
            ("[files]\nexclude = \"old\"\n", "\"old\"", "this must be a list of texts, as in [\"…\"]"),
            ("[definitions]\nheadings = \"yes\"\n", "\"yes\"", "this must be true or false"),
            ("[definitions]\nnumbered = [\"requirement\"]\n", "\"requirement\"", "this must be a table"),
            (
                "[definitions]\ncounted = \"nevr\"\n",
                "\"nevr\"",
                "this must be \"never\" or \"under-ids\", did you mean `\"never\"`?",
            ),
            ("dialect = \"kira\"\n", "\"kira\"", "there is no dialect `kira`, did you mean `kiro`?"),
            (
                "[[dialects]]\nname = \"a\"\nextends = \"plann\"\n",
                "\"plann\"",
                "there is no dialect `plann`, did you mean `plan`?",
            ),
            ("[[dialects]]\nname = \"a\"\nkeys = []\n", "keys", "unknown key `keys`, did you mean `keys` in `traces`?"),
            ("[rules\n", "", "this is no TOML: unclosed table, expected `]`"),
        ] {
            let told = told(text);
            assert_eq!(told.len(), 1, "{text}: {told:?}");
            assert_eq!((told[0].0.as_str(), told[0].1.as_str()), (at, message), "{text}");
        }
        assert!(told("[files]\nexclude = [\"a{b\"]\n")[0].1.starts_with("this is no pattern: "));
    }

    #[test]
    fn the_rest_is_in_force() {
        let text = "nonsense = 1\n[rules]\nplaceholder-left = \"off\"\nid-cas = \"off\"\n[files]\nexclude = [\"old/**\", 7]\n[ids]\nfamilies = [\"SEC\", \"...\"]\nwhen = 1\n";
        let (config, problems) = parse(text, "");
        assert_eq!(problems.len(), 4, "{problems:?}");
        let settings = Settings { levels: config.levels.to_engine(), ..Settings::default() };
        assert_eq!(settings.level_of("placeholder-left", Some(Level::Warning)), None);
        assert_eq!(config.patterns.exclude, ["old/**"]);
        assert_eq!(config.dialect.unwrap().table.ids.families[..2], ["SEC", "FR"]);
    }

    #[test]
    fn broken_toml_is_one_problem_and_what_was_read_is_in_force() {
        let (config, problems) = parse("[rules]\nid-case = \"off\"\n[files]\nexclude = [\"old/**\"\nrulez = 7\n", "");
        assert_eq!(config.levels.to_engine().get("id-case"), Some(&None));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].message.starts_with("this is no TOML"), "{problems:?}");
    }

    #[test]
    fn a_schema_line_is_a_comment() {
        assert_eq!(told("#:schema ./traceline.schema.json\n[rules]\nid-case = \"off\"\n"), []);
    }

    /// The committed schema is that of the types.
    #[test]
    fn the_committed_schema_is_current() {
        for (name, schema) in
            [("traceline.schema.json", schema()), ("settings.schema.json", super::super::client::schema())]
        {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
            let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
            if std::env::var_os("UPDATE_SCHEMAS").is_some() {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &schema).unwrap();
            }
            assert_eq!(
                std::fs::read_to_string(&path).unwrap_or_default(),
                schema,
                "{name} is stale: UPDATE_SCHEMAS=1 cargo test -p traceline schema"
            );
        }
    }

    /// Keys of tables in the schema, each with the path that leads to it.
    fn keys(schema: &Value, at: &Value, path: &str, out: &mut Vec<String>) {
        let at = match at.get("allOf").and_then(|all| all.get(0)).unwrap_or(at).get("$ref").and_then(Value::as_str) {
            Some(reference) => schema.pointer(&reference[1..]).unwrap(),
            None => at,
        };
        for (key, inside) in at.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            out.push(path.clone());
            keys(schema, inside, &path, out);
            keys(schema, inside.get("items").unwrap_or(&Value::Null), &path, out);
        }
    }

    #[test]
    fn every_key_is_documented_with_an_example_that_is_read() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/configuration.md");
        let text = std::fs::read_to_string(path).unwrap();
        let mut written = Vec::new();
        for block in text.split("```toml\n").skip(1) {
            let block = block.split("```").next().unwrap();
            assert_eq!(told(block), [], "an example is read without a problem:\n{block}");
            fn paths(table: &toml::Table, path: &str, out: &mut Vec<String>) {
                for (key, value) in table {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    out.push(path.clone());
                    match value {
                        toml::Value::Table(table) => paths(table, &path, out),
                        toml::Value::Array(list) => {
                            list.iter().filter_map(toml::Value::as_table).for_each(|table| paths(table, &path, out));
                        }
                        _ => {}
                    }
                }
            }
            paths(&toml::from_str(block).unwrap(), "", &mut written);
        }
        let (schema, mut known) = (schema(), Vec::new());
        keys(&schema, &schema, "", &mut known);
        // Rules have their own pages, and a dialect's tables are those that stand at the top.
        let tables = [
            "ids",
            "roles",
            "scope",
            "definitions",
            "traces",
            "withdrawn",
            "former",
            "hints",
            "forms",
            "tasks",
            "properties",
            "coverage",
        ];
        known.retain(|key| {
            !key.starts_with("rules.") && !tables.iter().any(|table| key.starts_with(&format!("dialects.{table}")))
        });
        let missing: Vec<&String> = known.iter().filter(|key| !written.contains(key)).collect();
        assert!(missing.is_empty(), "docs/configuration.md has no example of {missing:?}");
    }

    #[test]
    fn every_key_says_what_it_is_for() {
        fn bare(schema: &Value, path: &str, out: &mut Vec<String>) {
            for (key, inside) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if inside.get("description").is_none() {
                    out.push(format!("{path}.{key}"));
                }
            }
            for (name, inside) in schema.get("definitions").and_then(Value::as_object).into_iter().flatten() {
                bare(inside, name, out);
            }
        }
        let mut out = Vec::new();
        bare(&schema(), "", &mut out);
        assert_eq!(out, Vec::<String>::new(), "a key needs a doc comment");
    }

    fn junk() -> impl Strategy<Value = String> {
        let words = vec![
            "dialect",
            "dialects",
            "ids",
            "families",
            "\"...\"",
            "[",
            "]",
            "[[",
            "]]",
            "{",
            "}",
            "=",
            ".",
            ",",
            "\n",
            "\"kiro\"",
            "\"FR\"",
            "\"\"",
            "rules",
            "id-case",
            "\"off\"",
            "roles",
            "spec",
            "\"**/*\"",
            "traces",
            "keys",
            "definitions",
            "numbered",
            "nouns",
            "prefix",
            "counts",
            "true",
            "7",
            "1e9",
            "1979-05-27",
            "scope",
            "base",
            "from",
            "to",
            "proposal",
            "name",
            "extends",
            "\"a\"",
            "labels",
            "names",
            "\"\\u0000\"",
            "'é'",
            "#",
            " ",
            "files",
            "exclude",
            "\"a{b\"",
            "coverage",
            "by",
        ];
        prop_oneof![
            prop::collection::vec(prop::sample::select(words), 0..40).prop_map(|words| words.concat()),
            ".{0,200}",
        ]
    }

    /// TOML that fits in form, with any words in it.
    fn shaped() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec![
            "",
            "FR",
            "...",
            "é",
            "a/**/b",
            "*#*",
            "requirement",
            ":",
            "**",
            "x y",
            "REQ-",
            "\\u0001",
        ]);
        let list = prop::collection::vec(word, 0..4).prop_map(|words| {
            format!("[{}]", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "))
        });
        let keys = vec![
            "ids.families",
            "ids.when-defined",
            "ids.others",
            "ids.aliases",
            "ids.stories",
            "roles.spec",
            "roles.tasks",
            "scope.inside",
            "scope.archives",
            "scope.outward",
            "definitions.labels",
            "definitions.names",
            "definitions.scenarios",
            "definitions.binding",
            "definitions.modals",
            "definitions.criteria",
            "definitions.id-columns",
            "traces.keys",
            "traces.nouns",
            "traces.all",
            "tasks.exempt",
            "tasks.depends",
            "tasks.names",
            "files.include",
            "files.exclude",
        ];
        let lists = prop::collection::btree_map(prop::sample::select(keys), list.clone(), 0..8);
        (lists, prop::option::of((list, any::<bool>()))).prop_map(|(lists, numbered)| {
            let mut text: String = lists.iter().map(|(key, list)| format!("{key} = {list}\n")).collect();
            if let Some((nouns, counts)) = numbered {
                text += &format!("[[definitions.numbered]]\nnouns = {nouns}\nprefix = \"\"\ncounts = {counts}\n");
            }
            text
        })
    }

    const DOCUMENT: &str = "# Requirement 2: é\n\n**Requirement ID:** CBIN-144\n\n- **FR-1.1**: text\n\n| ID | Requirement |\n|---|---|\n| FR-4 | x |\n\n### Requirement: Name\n\n1. WHEN a THEN b\n\n- [ ] 1. Task [US1]\n  - _Requirements: FR-1.1, 2.1_\n";

    proptest! {
        #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

        #[test]
        fn no_text_panics_and_every_problem_is_inside_it(text in prop_oneof![junk(), shaped()]) {
            let (config, problems) = parse(&text, "a");
            for problem in problems {
                prop_assert!(text.get(problem.span.clone()).is_some(), "{problem:?}");
            }
            if let Some(home) = config.dialect {
                for path in ["a/spec.md", "a/.kiro/tasks.md", "b"] {
                    let _ = Closed::read(DOCUMENT, home.at(path), home.role_of(path));
                }
            }
        }

        #[test]
        fn what_fits_in_form_is_read(text in shaped()) {
            let (_, problems) = parse(&text, "");
            for problem in problems {
                prop_assert!(problem.message.starts_with("a family is") || problem.message.starts_with("this is no pattern"), "{text}: {problem:?}");
            }
        }
    }
}
