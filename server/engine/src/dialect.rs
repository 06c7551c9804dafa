//! Dialects: what a requirement, a reference and a role look like in one family of documents, as data read from TOML.

use crate::id::Families;
use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;
use std::sync::{Arc, LazyLock};

/// What a file is for, by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Defines requirements (`spec.md`, `requirements.md`).
    Spec,
    /// Says how (`plan.md`, `design.md`).
    Plan,
    /// Says in which steps (`tasks.md`).
    Tasks,
    /// A trace matrix.
    Trace,
    /// A checklist.
    Checklist,
    /// A form to be filled in elsewhere; nothing is claimed of it.
    Template,
    /// Any other Markdown.
    #[default]
    Other,
}

impl Role {
    /// The role's name in messages and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spec => "spec",
            Self::Plan => "plan",
            Self::Tasks => "tasks",
            Self::Trace => "trace",
            Self::Checklist => "checklist",
            Self::Template => "template",
            Self::Other => "other",
        }
    }
}

/// A dialect as it is written in TOML.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Table {
    /// The dialect's name.
    #[schemars(with = "String")]
    pub name: SmolStr,
    /// One line that says which documents it reads.
    pub about: String,
    /// What ids look like.
    pub ids: Ids,
    /// File names and paths of each role.
    pub roles: Roles,
    /// Where ids are looked up.
    pub scope: ScopeRules,
    /// What counts as a definition.
    pub definitions: Definitions,
    /// What counts as a trace line.
    pub traces: Traces,
    /// What is asked of tasks.
    pub tasks: Tasks,
    /// When a requirement counts as covered.
    pub coverage: Coverage,
}

/// `[ids]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ids {
    /// Families that are always believed, such as `FR`.
    #[schemars(with = "Vec<String>")]
    pub families: Vec<SmolStr>,
    /// Families believed only where the feature defines them, such as `R`.
    #[schemars(with = "Vec<String>")]
    pub when_defined: Vec<SmolStr>,
}

/// `[roles]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Roles {
    /// Patterns of templates.
    pub template: Vec<String>,
    /// Patterns of checklists.
    pub checklist: Vec<String>,
    /// Patterns of trace matrices.
    pub trace: Vec<String>,
    /// Patterns of task lists.
    pub tasks: Vec<String>,
    /// Patterns of plans.
    pub plan: Vec<String>,
    /// Patterns of specifications.
    pub spec: Vec<String>,
}

/// `[scope]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScopeRules {
    /// Folders that belong to the feature above them.
    pub inside: Vec<String>,
    /// Folders in which an id is also looked for, beside each ancestor of the feature.
    pub outward: Vec<String>,
}

/// `[definitions]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Definitions {
    /// A heading that starts with the id.
    pub headings: bool,
    /// A list item that starts with the id.
    pub items: bool,
    /// A table row whose first cell is the id.
    pub rows: bool,
    /// A paragraph that starts with the id in bold.
    pub paragraphs: bool,
    /// Which ordered items get their id by counting.
    pub counted: Counted,
    /// Headings below the requirement's own under which items are counted, in lower case.
    pub criteria: Vec<String>,
    /// Names of the first column of a table of requirements, in lower case.
    pub id_columns: Vec<String>,
    /// Names of other columns that such a table has.
    pub text_columns: Vec<String>,
    /// Names of columns that it does not have.
    pub other_columns: Vec<String>,
}

/// Which ordered list items get their id by counting.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// None.
    Never,
    /// Those under a heading that defines an id.
    UnderIds,
}

/// `[traces]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Traces {
    /// Words before the colon of a trace line, in lower case.
    pub keys: Vec<String>,
    /// Words that may stand before a bare number in one.
    pub nouns: Vec<String>,
}

/// `[tasks]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tasks {
    /// How titles of tasks begin that need no trace, in lower case.
    pub exempt: Vec<String>,
}

/// `[coverage]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Coverage {
    /// What makes a requirement covered.
    pub by: CoveredBy,
}

/// What makes a requirement covered.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum CoveredBy {
    /// A trace line of the plan or the tasks that names it, its parent or a child.
    TraceLines,
    /// Nothing: coverage is never judged.
    Never,
}

/// A dialect ready to read with.
#[derive(Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The table it came from.
    pub table: Table,
    /// The families of `[ids]`.
    pub families: Families,
    roles: Vec<(Role, Pattern)>,
}

impl Dialect {
    /// The dialect of `toml`, or what is wrong with it.
    ///
    /// # Errors
    /// The TOML reader's words, with line and column, when the text is no such table.
    pub fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let table: Table = toml::from_str(toml)?;
        let families = Families::new(&table.ids.families, &table.ids.when_defined);
        let patterns =
            |role, list: &[String]| list.iter().map(move |text| (role, Pattern::new(text))).collect::<Vec<_>>();
        let r = &table.roles;
        let roles = [
            (Role::Template, &r.template),
            (Role::Checklist, &r.checklist),
            (Role::Trace, &r.trace),
            (Role::Tasks, &r.tasks),
            (Role::Plan, &r.plan),
            (Role::Spec, &r.spec),
        ];
        let roles = roles.into_iter().flat_map(|(role, list)| patterns(role, list)).collect();
        Ok(Self { families, roles, table })
    }

    /// The home dialect.
    #[must_use]
    pub fn home() -> Arc<Dialect> {
        static HOME: LazyLock<Arc<Dialect>> = LazyLock::new(|| {
            Arc::new(Dialect::parse(include_str!("../dialects/plan.toml")).expect("a test reads the built-in table"))
        });
        Arc::clone(&HOME)
    }

    /// The role of the file at `path`, relative to its workspace folder with `/` between parts.
    #[must_use]
    pub fn role_of(&self, path: &str) -> Role {
        let path = path.to_ascii_lowercase();
        self.roles.iter().find(|(_, pattern)| pattern.matches(&path)).map_or(Role::Other, |(role, _)| *role)
    }

    /// Whether `word` (any case, surrounding blanks ignored) is the key of a trace line.
    #[must_use]
    pub fn is_trace_key(&self, word: &str) -> bool {
        contains(&self.table.traces.keys, word)
    }
}

/// Whether the lower-case `list` holds `word` in any case.
pub(crate) fn contains(list: &[String], word: &str) -> bool {
    let word = word.trim();
    list.iter().any(|entry| {
        entry.len() == word.len() && entry.eq_ignore_ascii_case(word)
            || !word.is_ascii() && *entry == word.to_lowercase()
    })
}

/// A lower-case file pattern: `*` within one part, `**` for any parts; without a `/` it is compared with the file's name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    parts: Vec<String>,
}

impl Pattern {
    fn new(text: &str) -> Self {
        let mut parts: Vec<String> = text.to_ascii_lowercase().split('/').map(String::from).collect();
        if parts.len() == 1 {
            parts.insert(0, "**".into());
        }
        Self { parts }
    }

    fn matches(&self, path: &str) -> bool {
        let path: Vec<&str> = path.split('/').collect();
        matches_parts(&self.parts, &path)
    }
}

fn matches_parts(pattern: &[String], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "**" => {
            matches_parts(rest, path) || path.split_first().is_some_and(|(_, tail)| matches_parts(pattern, tail))
        }
        (Some((first, rest)), Some((part, tail))) => {
            matches_part(first.as_bytes(), part.as_bytes()) && matches_parts(rest, tail)
        }
        _ => false,
    }
}

fn matches_part(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skip| matches_part(rest, &text[skip..])),
        Some((c, rest)) => text.split_first().is_some_and(|(d, tail)| c == d && matches_part(rest, tail)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_come_from_names_in_any_case() {
        let role = |path| Dialect::home().role_of(path);
        assert_eq!(role("specs/login/Spec.md"), Role::Spec);
        assert_eq!(role("specs/login/design.md"), Role::Plan);
        assert_eq!(role("TASKS.md"), Role::Tasks);
        assert_eq!(role("specs/a/checklists/requirements.md"), Role::Checklist);
        assert_eq!(role("resources/templates/base/spec.md"), Role::Template);
        assert_eq!(role("docs/prd-v2.md"), Role::Spec);
        assert_eq!(role("docs/traceability.md"), Role::Trace);
        assert_eq!(role("README.md"), Role::Other);
    }

    #[test]
    fn an_unknown_key_in_a_dialect_is_refused_by_name() {
        let text = include_str!("../dialects/plan.toml").replace("families =", "familis =");
        assert!(Dialect::parse(&text).unwrap_err().to_string().contains("familis"));
    }
}
