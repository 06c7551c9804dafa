//! Dialects: what a requirement, a reference and a role look like in one family of documents, as data read from TOML.

mod pattern;
mod lexicon;
mod forms;
mod hints;
mod properties;
mod tasks;
mod traces;
mod former;
mod withdrawn;
mod tables;
mod table;
mod form_of;
mod recognition;
mod other;
mod custom;

pub use custom::{CustomDialects, Mistake};
pub use form_of::FormOf;
pub use former::Former;
pub use forms::Forms;
pub use hints::Hints;
pub use lexicon::Lexicon;
pub use properties::Properties;
pub use recognition::head_len;
pub use table::{
    Base, Change, ChangeKind, Choose, Counted, Coverage, CoveredBy, Definitions, Ids, Numbered, Role, Roles,
    ScopeRules, Table, Templates,
};
pub use tables::REST;
pub use tasks::Tasks;
pub use traces::Traces;
pub use withdrawn::Withdrawn;

use crate::id::Families;
use crate::text::Trim;
use crate::words::is_mistyped;
use other::{Other, read_built_in};
pub(crate) use pattern::is_same_name;
use pattern::{Parts, Pattern};
use std::cell::RefCell;
use std::sync::{Arc, LazyLock, OnceLock};
use tables::{TABLES, whole};

/// What follows from the rest of a dialect, worked out when it is first asked for: it makes no two dialects differ.
#[derive(Debug)]
struct Derived<T>(OnceLock<T>);

impl<T> Default for Derived<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> PartialEq for Derived<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Derived<T> {}

/// A dialect ready to read with.
#[derive(Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The table it came from.
    pub table: Table,
    /// The families of `[ids]`.
    pub families: Families,
    /// How a requirement is put off, in the terms of `[withdrawn]`.
    pub(crate) deferred: Withdrawn,
    roles: Vec<(Role, Pattern)>,
    paths: Vec<Pattern>,
    /// The folder in which patterns of paths begin.
    folder: String,
    /// Patterns of a workspace's own templates, with the role of the documents that they are for; most workspaces have none.
    forms: Derived<Vec<(Role, Pattern)>>,
    /// What the lines of a task begin with that need not be done, or not now.
    optional: Derived<Lexicon>,
    says: recognition::Signs,
    others: Vec<Other>,
    /// How lines begin by which some other is known.
    tells: recognition::Tells,
    /// Whether a team has decided that all files of a folder are read in it.
    pub forced: bool,
}

/// So many paths are remembered by each thread.
const MOST_RECENT: usize = 4;

thread_local! {
    /// Paths that were asked about last.
    static RECENT: RefCell<Vec<Recent>> = const { RefCell::new(Vec::new()) };
}

/// A path with its home dialect and which of the others is chosen for it.
struct Recent {
    home: Arc<Dialect>,
    path: String,
    other: Option<usize>,
}

impl Dialect {
    /// The dialect of `toml`, or what is wrong with it. What it leaves out is that of the built-in dialect that it
    /// `extends`.
    ///
    /// # Errors
    /// The TOML reader's words, with line and column, when the text is no such table.
    pub fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let given: toml::Table = toml::from_str(toml)?;
        // Read as it stands where that is possible: the words about a mistake then say its line.
        let table: Table =
            if given.contains_key("extends") { whole(given)?.try_into()? } else { toml::from_str(toml)? };
        Ok(Self::of_table(table, ""))
    }

    /// The dialect of `table`, whose patterns of paths begin in `folder`.
    fn of_table(table: Table, folder: &str) -> Self {
        let families = Families::new(&table.ids.families, &table.ids.when_defined, &table.ids.others);
        let patterns =
            |role, list: &[String]| list.iter().map(move |text| (role, Pattern::new(text, folder))).collect::<Vec<_>>();
        let r = &table.roles;
        let roles = [
            (Role::None, &r.none),
            (Role::Template, &r.template),
            (Role::Checklist, &r.checklist),
            (Role::Trace, &r.trace),
            (Role::Tasks, &r.tasks),
            (Role::Plan, &r.plan),
            (Role::Spec, &r.spec),
        ];
        let roles = roles.into_iter().flat_map(|(role, list)| patterns(role, list)).collect();
        let paths = table.choose.paths.iter().map(|text| Pattern::new(text, folder)).collect();
        let says = recognition::Signs::new(&table.choose.says);
        let deferred = table.withdrawn.of_deferred();
        Self {
            families,
            deferred,
            roles,
            paths,
            folder: folder.into(),
            forms: Derived::default(),
            optional: Derived::default(),
            says,
            others: Vec::new(),
            tells: recognition::Tells::default(),
            forced: false,
            table,
        }
    }

    /// The home dialect, which knows the others.
    #[must_use]
    pub fn home() -> Arc<Dialect> {
        static HOME: LazyLock<Arc<Dialect>> = LazyLock::new(|| {
            let mut home = read_built_in(0);
            home.others = (1..TABLES.len()).map(Other::built_in).collect();
            home.tells = recognition::Tells::of(home.others.iter().map(Other::says));
            Arc::new(home)
        });
        Arc::clone(&HOME)
    }

    /// The dialect of the file or folder at `path`, relative to its workspace folder: the first of the others that is
    /// chosen for it, else this one.
    #[must_use]
    pub fn at<'a>(self: &'a Arc<Self>, path: &str) -> &'a Arc<Dialect> {
        // One path is asked about many times in a row, by turns with the folder that its ids belong to.
        let known = RECENT.with_borrow_mut(|recent| {
            if let Some(known) = recent.iter().find(|it| it.path == path && Arc::ptr_eq(&it.home, self)) {
                return known.other;
            }
            let lower = path.to_lowercase();
            let parts = Parts::of(&lower);
            let found = self.others.iter().position(|other| other.chosen_by(&parts).is_some());
            recent.truncate(MOST_RECENT - 1);
            recent.insert(0, Recent { home: Arc::clone(self), path: path.to_string(), other: found });
            found
        });
        known.map_or(self, |at| self.others[at].dialect())
    }

    /// The same, none for this one.
    #[must_use]
    pub fn other_at(&self, path: &str) -> Option<&Arc<Dialect>> {
        let path = path.to_lowercase();
        let parts = Parts::of(&path);
        self.others.iter().find(|other| other.chosen_by(&parts).is_some()).map(Other::dialect)
    }

    fn chosen_by(&self, parts: &Parts<'_>) -> Option<usize> {
        self.paths.iter().position(|pattern| pattern.matches(parts))
    }

    /// The pattern for which it is chosen for `path`; none where it is chosen because no other is.
    #[must_use]
    pub fn evidence(&self, path: &str) -> Option<&str> {
        let path = path.to_lowercase();
        let parts = Parts::of(&path);
        self.chosen_by(&parts).map(|at| self.table.choose.paths[at].as_str())
    }

    /// The role of the file at `path`, relative to its workspace folder with `/` between parts.
    #[must_use]
    pub fn role_of(&self, path: &str) -> Role {
        let path = path.to_lowercase();
        let parts = Parts::of(&path);
        self.role_in(&parts).map_or(Role::Other, |(role, _)| *role)
    }

    /// Whether a file of this `name` has that role wherever it lies.
    #[must_use]
    pub fn has_role(&self, role: Role, name: &str) -> bool {
        let name = name.to_lowercase();
        self.roles.iter().any(|(own, pattern)| *own == role && pattern.matches(&Parts::of(&name)))
    }

    /// The pattern for which the file at `path` has its role; none where no pattern gives it one.
    #[must_use]
    pub fn role_evidence(&self, path: &str) -> Option<&str> {
        let path = path.to_lowercase();
        let parts = Parts::of(&path);
        self.role_in(&parts).map(|(_, pattern)| pattern.written.as_str())
    }

    /// The line of front matter by whose key, or keys with others, it is known that a file is written for an agent.
    #[must_use]
    pub fn tells_an_agent<'t>(&self, lines: impl Iterator<Item = &'t str>) -> Option<&'t str> {
        let key = |line: &'t str| {
            let begins = line.starts_with(|c: char| c.is_ascii_alphabetic());
            line.find(':').filter(|_| begins).map(|colon| (&line[..colon], line))
        };
        let keys: Vec<(&str, &str)> = lines.filter_map(key).collect();
        let line_of =
            |wanted: &str| keys.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted)).map(|(_, line)| *line);
        let all = |entry: &String| entry.split('+').map(line_of).reduce(Option::and).flatten();
        self.table.roles.front_matter.iter().find_map(all)
    }

    fn role_in(&self, parts: &Parts<'_>) -> Option<&(Role, Pattern)> {
        let own = self.others.iter().find(|other| other.chosen_by(parts).is_some());
        let roles = own.map_or(&self.roles, |other| &other.dialect().roles);
        roles.iter().find(|(_, pattern)| pattern.matches(parts))
    }

    /// Whether a bare number is sure to mean a requirement in the trace line that begins with `opening`, its marks, key
    /// and colon.
    #[must_use]
    pub fn traces_numbers(&self, opening: &str) -> bool {
        !contains(&self.table.traces.loose_keys, key_of(opening))
    }

    /// Whether the trace line that begins with `opening`, its marks, key and colon, leaves others out on purpose.
    #[must_use]
    pub fn traces_partly(&self, opening: &str) -> bool {
        contains(&self.table.traces.partial_keys, key_of(opening))
    }

    /// Whether a whole number in the trace line that begins with `opening`, its marks, key and colon, is that of a criterion
    /// in the file's own list.
    #[must_use]
    pub fn cites_own_criteria(&self, opening: &str) -> bool {
        contains(&self.table.traces.own_criteria, key_of(opening))
    }

    /// Whether the value of a trace line means all requirements.
    #[must_use]
    pub fn names_all(&self, value: &str) -> bool {
        let value = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_')).to_lowercase();
        let whole = value.split(['(', '（', ',', '—', '.']).next().unwrap_or_default().trimmed();
        // Of several words, or of another script, it may stand within a sentence.
        let within = |phrase: &&String| (phrase.contains(' ') || !phrase.is_ascii()) && value.contains(phrase.as_str());
        self.table.traces.all.iter().any(|phrase| phrase == whole || within(&phrase))
    }

    /// Words with which a line of a task begins that need not be done, or not now; `Source: …` is no work at all.
    pub(crate) fn begins_optional(&self) -> &Lexicon {
        let Table { tasks, withdrawn, hints, .. } = &self.table;
        let all = [&tasks.optional, &withdrawn.words, &withdrawn.deferred, &hints.cited];
        self.optional.0.get_or_init(|| all.into_iter().flatten().cloned().collect())
    }

    /// Whether `word` (any case, surrounding blanks ignored) is the key of a trace line.
    #[must_use]
    pub fn is_trace_key(&self, word: &str) -> bool {
        self.table.traces.keys.contains(word)
    }

    /// Which of its trace keys `word` is a slip of: a letter is missing, twice there, swapped or another, but not the last. One
    /// that another begins with is another form of it: `Requirement ID` names the document itself.
    #[must_use]
    pub fn trace_key_like(&self, word: &str) -> Option<usize> {
        /// Shorter words, in bytes, are others.
        const SHORTEST: usize = 7;
        let word = word.trim();
        if word.len() < SHORTEST || !word.is_ascii() {
            return None;
        }
        let (own, last) = (word.as_bytes(), word.len() - 1);
        let like = |key: &String| {
            let near = key.len().abs_diff(own.len()) < 2 && key.len() >= SHORTEST && shares_ends(key.as_bytes(), own);
            near && {
                let word = word.to_ascii_lowercase();
                let form = key.starts_with(&word) || word.starts_with(key.as_str());
                let only_last = key.len() == word.len() && key.starts_with(&word[..last]);
                !form && !only_last && is_mistyped(&word, key) && self.traces_numbers(key) && !self.is_trace_key(&word)
            }
        };
        self.table.traces.keys.iter().position(like)
    }
}

/// Whether two words begin and end alike but for two letters between: no others are a slip of one another.
fn shares_ends(one: &[u8], other: &[u8]) -> bool {
    let alike = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    let least = one.len().max(other.len()).saturating_sub(2);
    let begin = one.iter().zip(other).take_while(alike).count();
    begin >= least || begin + one.iter().rev().zip(other.iter().rev()).take_while(alike).count() >= least
}

/// The key of a trace line in what stands before its value.
fn key_of(opening: &str) -> &str {
    let inner = opening.without(|byte| matches!(byte, b'*' | b'_' | b':' | b' '));
    // Nearly all keys are plain words.
    let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if plain(inner.as_bytes().first()) && plain(inner.as_bytes().last()) {
        return inner;
    }
    inner.trim_matches(|c: char| matches!(c, '*' | '_' | ':' | '：') || c.is_whitespace())
}

/// Whether the lower-case `list` holds `word` in any case.
pub(crate) fn contains(list: &Lexicon, word: &str) -> bool {
    list.contains(word)
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
    fn words_of_a_name_may_be_parted_in_any_way() {
        let role = |path: &str| Dialect::home().role_of(path);
        for name in ["user-stories", "user_stories", "User Stories", "userstories"] {
            assert_eq!(role(&format!("docs/{name}.md")), Role::Spec, "{name}");
            assert_eq!(role(&format!("docs/{name}/login.md")), Role::Spec, "{name}");
        }
        assert_eq!(role("docs/data_model.md"), Role::Plan);
        for other in ["extra-checks.md", "pr-description.md", "bmad/notes.md", "users-tories.md"] {
            assert_eq!(role(other), if other.starts_with("users") { Role::Spec } else { Role::Other }, "{other}");
        }
    }

    #[test]
    fn a_number_before_a_name_only_sorts() {
        let role = |path: &str| Dialect::home().role_of(path);
        for path in [
            "docs/2_Requirements/login.md",
            "docs/01-requirements/login.md",
            "3. Requirements/login.md",
            "docs/02_spec.md",
            "docs/pump-spec.md",
            "docs/pump_specification.md",
            "docs/functional_spec_pump.md",
            "docs/pump-prd.md",
        ] {
            assert_eq!(role(path), Role::Spec, "{path}");
        }
        assert_eq!((role("docs/03-plan.md"), role("docs/4_tasks.md")), (Role::Plan, Role::Tasks));
        assert_eq!((role("specs/001-srs/notes.md"), role("docs/inspec.md")), (Role::Other, Role::Other));
    }

    #[test]
    fn names_of_documents_in_other_languages_are_known() {
        let role = |path: &str| Dialect::home().role_of(path);
        for (name, wanted) in [
            ("Lastenheft", Role::Spec),
            ("Pflichtenheft_v2", Role::Spec),
            ("Anforderungen", Role::Spec),
            ("需求规格说明书", Role::Spec),
            ("项目需求文档", Role::Spec),
            ("要件定義書", Role::Spec),
            ("요구사항 명세서", Role::Spec),
            ("Exigences", Role::Spec),
            ("Requisitos", Role::Spec),
            ("ТЗ", Role::Spec),
            ("Техническое задание", Role::Spec),
            ("Требования", Role::Spec),
            ("cahier_des_charges", Role::Spec),
            ("Aufgaben", Role::Tasks),
            ("tareas", Role::Tasks),
            ("Tâches", Role::Tasks),
            ("任务列表", Role::Tasks),
            ("タスク", Role::Tasks),
            ("设计文档", Role::Plan),
            ("基本設計書", Role::Plan),
            ("diseño", Role::Plan),
            ("Entwurf", Role::Plan),
            ("Notizen", Role::Other),
            ("тзар", Role::Other),
        ] {
            assert_eq!(role(&format!("docs/{name}.md")), wanted, "{name}");
        }
    }

    #[test]
    fn what_agents_are_told_is_no_plan_document_whatever_its_name() {
        let role = |path| Dialect::home().role_of(path);
        for path in [
            ".claude/agents/spec-requirements-validator.md",
            "packages/app/.claude/commands/tasks.md",
            ".github/prompts/plan.prompt.md",
            ".github/agents/requirements.md",
            ".cursor/rules/spec.md",
            ".opencode/command/spec.md",
            ".roo/rules-architect/plan.md",
            ".codex/prompts/tasks.md",
            ".kiro/steering/requirements.md",
            ".bmad-core/tasks/design.md",
            "tools/review/SKILL.md",
            "AGENTS.md",
        ] {
            assert_eq!(role(path), Role::None, "{path}");
        }
        for path in [
            ".claude/specs/a/tasks.md",
            ".kiro/specs/agents/tasks.md",
            "specs/commands/tasks.md",
            ".cursor/plans/tasks.md",
        ] {
            assert_eq!(role(path), Role::Tasks, "{path}");
        }
    }

    #[test]
    fn the_documentation_lists_the_built_in_dialects() {
        let page =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/dialects.md")).unwrap_or_default();
        let home = Dialect::home();
        for dialect in std::iter::once(&home).chain(home.others.iter().map(Other::dialect)) {
            let Table { name, about, choose, .. } = &dialect.table;
            let code = |list: &[String]| list.iter().map(|it| format!("`{}`", it.trim())).collect::<Vec<_>>();
            let paths = if choose.paths.is_empty() { "all others".into() } else { code(&choose.paths).join(", ") };
            let says = choose.says.iter().map(|group| code(group).join(" or ")).collect::<Vec<_>>().join(" and ");
            let row = format!("| {name} | {about} | {paths} | {says} |");
            assert!(page.contains(&row), "server/docs/dialects.md lacks\n{row}");
        }
    }

    #[test]
    fn an_unknown_key_in_a_dialect_is_refused_by_name() {
        let text = include_str!("../dialects/plan.toml").replace("families =", "familis =");
        assert!(Dialect::parse(&text).unwrap_err().to_string().contains("familis"));
    }
}
