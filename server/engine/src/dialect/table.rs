//! The table of a dialect: its keys as types, as they are read from TOML.

use super::former::Former;
use super::forms::Forms;
use super::hints::Hints;
use super::lexicon::Lexicon;
use super::properties::Properties;
use super::tasks::Tasks;
use super::traces::Traces;
use super::withdrawn::Withdrawn;
use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::SmolStr;

/// What a file is for, by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Defines requirements (`spec.md`, `requirements.md`).
    Spec,
    /// Signs how (`plan.md`, `design.md`).
    Plan,
    /// Signs in which steps (`tasks.md`).
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
    /// What is written for an agent: a prompt, a command or a skill. Whatever its name, it is no plan document.
    None,
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
            Self::None => "none",
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
    /// The dialect that it takes over what it leaves out from.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub extends: Option<SmolStr>,
    /// One line that says which documents it reads.
    pub about: String,
    /// Which files it is chosen for.
    pub choose: Choose,
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
    /// How a requirement is withdrawn that stays where it is.
    pub withdrawn: Withdrawn,
    /// How it says what a requirement was called before.
    pub former: Former,
    /// What a hint of a template is told by.
    pub hints: Hints,
    /// What is asked of tasks.
    pub tasks: Tasks,
    /// How properties of a design are numbered, and named by tasks.
    pub properties: Properties,
    /// When a requirement counts as covered.
    pub coverage: Coverage,
    /// The templates of each role.
    #[serde(default)]
    pub templates: Templates,
    /// Where a workspace keeps templates of its own.
    pub forms: Forms,
}

/// `[choose]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Choose {
    /// Patterns of paths; the first dialect with one that matches is chosen.
    pub paths: Vec<String>,
    /// How lines begin by which a specification elsewhere says that it is written in this dialect, in lower case, `#` also
    /// for a digit: one of each group has to be there.
    pub says: Vec<Vec<String>>,
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
    /// Capitals before a number that name no requirements, such as `ISO`: all others may be a family of the feature's own.
    #[schemars(with = "Vec<String>")]
    pub others: Vec<SmolStr>,
    /// Families that stand before the number of a numbered requirement: `R3.8` for 3.8.
    #[schemars(with = "Vec<String>")]
    pub aliases: Vec<SmolStr>,
    /// Documents whose ids are looked for wherever one of these words stands before an id, in lower case: `PRD FR-12`.
    pub documents: Lexicon,
    /// Words before the number of another feature, in lower case: `spec 123 FR-2`.
    pub features: Lexicon,
    /// Families of stories, which tags of tasks name: `[US1]`.
    #[schemars(with = "Vec<String>")]
    pub stories: Vec<SmolStr>,
}

/// `[roles]`
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Roles {
    /// Patterns of what is no plan document whatever its name: prompts, commands and skills of agents.
    pub none: Vec<String>,
    /// Keys of front matter, in lower case, that only such a file has.
    pub front_matter: Lexicon,
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
    /// Folders whose files are parts of the specification of the folder above, unless their own names say that they are one.
    pub parts: Lexicon,
    /// Folders of documents that nobody works on any more.
    pub archives: Lexicon,
    /// Folders in which an id is also looked for, beside each ancestor of the feature.
    pub outward: Vec<String>,
    /// Whether a feature is known by the number that its folder begins with: `003-billing`.
    pub numbered: bool,
    /// Where a change's base is: a part of its folder's path, and what stands there in the base's.
    pub base: Option<Base>,
}

impl ScopeRules {
    /// Whether one of the folders of a path is one of archived documents, or a backup of another: `specs_bak`.
    #[must_use]
    pub fn is_archived(&self, folders: &str) -> bool {
        const BACKUPS: [&str; 3] = ["_bak", "-bak", ".bak"];
        let is_backup = |folder: &str| BACKUPS.iter().any(|end| folder.ends_with(end));
        folders.split('/').any(|folder| self.archives.contains(folder) || is_backup(folder))
    }
}

/// Where a change's base is.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Base {
    /// Folders in the path of a change, with `*` for any one: `changes/*/specs`.
    pub from: String,
    /// The folders that stand in the base's path instead: `specs`.
    pub to: String,
    /// The file of a change, beside its folders, that says what it is about: `proposal.md`.
    pub proposal: Option<String>,
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
    /// A paragraph that starts with a dotted number, where no heading counts it: `1.1 WHEN …`.
    pub bare_numbers: bool,
    /// A heading that starts with a dotted number, in a file that defines nothing else: `### 2.1 Title`.
    pub sections: bool,
    /// Labels before the id of the whole document, in lower case: `**Requirement ID:** CBIN-144`.
    pub labels: Lexicon,
    /// Headings whose words and number make the id: `### Requirement 2`.
    pub numbered: Vec<Numbered>,
    /// Words before a requirement's name, in lower case and with their colon: the name is the id.
    pub names: Lexicon,
    /// Words before the name of a scenario, in the headings right below a named requirement.
    pub scenarios: Lexicon,
    /// Words of which a named requirement's text holds one, as they are written.
    pub binding: Vec<String>,
    /// Words of RFC 2119 that bind less, as they are written: a requirement that holds one is graded on purpose.
    pub grading: Vec<String>,
    /// The words of `binding` in other languages, as they are written: where all of a file binds by them, that is meant.
    pub translated: Vec<String>,
    /// Words that bind in a requirement's sentence, in lower case.
    pub modals: Lexicon,
    /// Words that open the condition of such a sentence, in lower case: *when*. A title that must be short goes without.
    pub conditions: Lexicon,
    /// Words between the condition and what follows from it, in lower case: *then*.
    pub consequences: Lexicon,
    /// Who does what is demanded in every such sentence, in lower case: *the system*.
    pub systems: Lexicon,
    /// Headings below which requirements are changes to those of the base specification.
    pub changes: Vec<Change>,
    /// Which ordered items get their id by counting.
    pub counted: Counted,
    /// Headings below the requirement's own under which items are counted, in lower case.
    pub criteria: Lexicon,
    /// Headings below which requirements are named again that are stated elsewhere, in lower case: *Open Questions*.
    pub restating: Lexicon,
    /// Names of the column that holds the ids in a table of requirements, in lower case.
    pub id_columns: Lexicon,
    /// Names of other columns that such a table has.
    pub text_columns: Lexicon,
    /// Names of other columns that make a table with ids one of requirements.
    pub story_columns: Lexicon,
    /// Words of headings below which requirements are told again: a status, a summary.
    pub restating_words: Lexicon,
    /// Names of columns that it does not have.
    pub other_columns: Lexicon,
}

/// A heading below which requirements are changes to those of the base specification.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Change {
    /// The heading, in lower case.
    pub heading: String,
    /// What the requirements below it are.
    pub kind: ChangeKind,
}

/// What a change does with a requirement.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It states a new one.
    Added,
    /// It states one anew.
    Modified,
    /// It names one that goes.
    Removed,
    /// It names one and its new name, in lines that start with `FROM:` and `TO:`.
    Renamed,
}

/// Headings whose words and number make the id.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Numbered {
    /// The words before the number, in lower case.
    pub nouns: Lexicon,
    /// What stands before the number in the id.
    #[schemars(with = "String")]
    pub prefix: SmolStr,
    /// Whether ordered items below the heading are its criteria.
    pub counts: bool,
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

/// `[templates]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Templates {
    /// The template of specifications; empty for none.
    pub spec: String,
    /// The template of plans; empty for none.
    pub plan: String,
    /// The template of task lists; empty for none.
    pub tasks: String,
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

impl Table {
    /// Brings what is compared in lower case into that form.
    pub(super) fn fold(&mut self) {
        let Definitions {
            labels,
            names,
            scenarios,
            modals,
            conditions,
            consequences,
            systems,
            criteria,
            restating,
            id_columns,
            text_columns,
            story_columns,
            restating_words,
            other_columns,
            numbered,
            changes,
            ..
        } = &mut self.definitions;
        let Traces { keys, loose_keys, partial_keys, own_criteria, all, tables, nouns } = &mut self.traces;
        let numbered = numbered.iter_mut().map(|numbered| &mut numbered.nouns);
        let lists = [
            labels,
            names,
            scenarios,
            modals,
            conditions,
            consequences,
            systems,
            criteria,
            restating,
            id_columns,
            text_columns,
            story_columns,
            restating_words,
            other_columns,
            keys,
            loose_keys,
            partial_keys,
            own_criteria,
            all,
            tables,
            nouns,
            &mut self.roles.front_matter,
            &mut self.scope.parts,
            &mut self.scope.archives,
            &mut self.forms.mandatory,
            &mut self.forms.optional,
            &mut self.forms.sections,
        ];
        for words in lists
            .into_iter()
            .chain(numbered)
            .chain(self.withdrawn.lists())
            .chain(self.former.lists())
            .chain(self.hints.lists())
            .chain(self.tasks.lists())
            .chain(self.properties.lists())
        {
            words.fold();
        }
        for change in changes {
            change.heading = change.heading.to_lowercase();
        }
    }
}
