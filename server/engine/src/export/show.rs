//! The report of `traceline show` as JSON: all that is known of one requirement, and why.

use super::chain::{Chain, Chains};
use super::impact::position;
use super::inspect::{chosen_by, role_evidence};
use super::place::{RuleEntry, form_words, kind_words, rules};
use crate::feature::Source;
use crate::feature::hierarchies::requirement::{parts_of, wholes_of};
use crate::feature::source::whole_statement;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{
    Defined, definitions_of, former_names_of, full_name_of, name_of, predecessors_of, references_to, section_at,
    successors_of, task_at,
};
use crate::review::{Suspect, suspect};
use crate::rule::account::account;
use crate::wording::{Piece, difference, shortened};
use crate::world::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;

/// All that is known of one requirement. Lines and columns count from 1, columns in UTF-16 code units.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(title = "traceline show")]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this format.
    pub version: u32,
    /// The folder that all paths are relative to.
    pub root: String,
    /// Its id, as it is defined.
    pub id: String,
    /// The name that finds it and no other: its id, or that behind its feature where several have it.
    pub name: String,
    /// The folder whose ids it shares.
    pub scope: String,
    /// The first line of its statement without marks.
    pub title: String,
    /// All that states it, as it is written.
    pub statement: String,
    /// Where it is defined, what counts first.
    pub defined: Vec<DefinitionEntry>,
    /// What it is part of, the nearest first.
    pub part_of: Vec<PartEntry>,
    /// Its parts, in the order of ids.
    pub parts: Vec<PartEntry>,
    /// How far it is, and what serves it.
    pub chain: Chain,
    /// What takes its place, where it is given up and its definition says so.
    pub successors: Vec<String>,
    /// What it takes the place of, as those say that are given up for it.
    pub predecessors: Vec<String>,
    /// What it was called before, the last name first.
    pub former_names: Vec<String>,
    /// What it says otherwise than when what traces it was reviewed; null where it was not, or says the same.
    pub suspect: Option<Vec<PieceEntry>>,
    /// Where it is named, in the order of files and text.
    pub named: Vec<ReferenceEntry>,
    /// What the rules made of the place that defines it.
    pub rules: Vec<RuleEntry>,
}

/// A place that defines it, and why it does.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionEntry {
    /// The file, relative to the root.
    pub path: String,
    /// Its line.
    pub line: u32,
    /// Its column.
    pub column: u32,
    /// How it is written, in words.
    pub form: &'static str,
    /// Whether it says that the requirement is given up.
    pub withdrawn: bool,
    /// What the file is for.
    #[schemars(extend("enum" = ["spec", "plan", "tasks", "trace", "checklist", "template", "other", "none"]))]
    pub role: &'static str,
    /// What the file has that role for: a pattern of paths; none where nothing speaks for one.
    pub role_evidence: Option<String>,
    /// The dialect that it is read in.
    pub dialect: String,
    /// Why that one.
    #[schemars(extend("enum" = ["path", "content", "configuration", "default"]))]
    pub chosen_by: &'static str,
}

/// A requirement beside it in the tree of ids.
#[derive(Debug, JsonSchema, Serialize)]
pub struct PartEntry {
    /// Its id.
    pub id: String,
    /// The first line of its statement.
    pub title: String,
    /// How far it is; null of what the matrix does not count.
    pub state: Option<&'static str>,
}

/// A stretch of what it said and says.
#[derive(Debug, JsonSchema, Serialize)]
pub struct PieceEntry {
    /// What became of the words.
    #[schemars(extend("enum" = ["same", "gone", "new"]))]
    pub what: &'static str,
    /// The words.
    pub words: String,
}

/// A place that names it.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ReferenceEntry {
    /// The file, relative to the root.
    pub path: String,
    /// Its line.
    pub line: u32,
    /// Its column.
    pub column: u32,
    /// How it names it, in words.
    pub how: &'static str,
    /// The task around it, else the section; none outside of both.
    pub within: Option<String>,
}

/// All that is known of `id` of `scope`; paths are told from `root` on. None where nothing defines it.
#[must_use]
pub fn report(snapshot: &Snapshot, source: &dyn Source, root: &FilePath, scope: &FilePath, id: &Id) -> Option<Report> {
    let definitions = definitions_of(snapshot, scope, id);
    let first = definitions.first()?;
    let chains = Chains::of(snapshot, root, scope);
    let part = |part: Id| PartEntry {
        title: title_of(snapshot, scope, &part),
        state: chains.state_of(&part),
        id: part.to_string(),
    };
    let references = references_to(snapshot, scope, id);
    let named = references.iter().map(|referrer| {
        let at = referrer.place.span.start;
        let around = task_at(&referrer.view, at).or_else(|| section_at(&referrer.view, at));
        let (line, column) = position(snapshot, &referrer.place);
        ReferenceEntry {
            path: referrer.place.path.relative_to(root.as_str()).to_string(),
            line,
            column,
            how: kind_words(referrer.kind),
            within: around.map(|it| it.title),
        }
    });
    Some(Report {
        version: 1,
        root: root.to_string(),
        id: id.to_string(),
        name: name_of(snapshot, scope, id),
        scope: scope.relative_to(root.as_str()).to_string(),
        title: first.title().to_string(),
        statement: whole_statement(source, first),
        defined: definitions.iter().map(|it| definition(snapshot, source, root, it)).collect(),
        part_of: wholes_of(snapshot, scope, id).into_iter().map(part).collect(),
        parts: parts_of(snapshot, scope, id).into_iter().map(part).collect(),
        chain: chains.chain_of(id),
        successors: successors_of(snapshot, scope, id).iter().map(Id::to_string).collect(),
        predecessors: predecessors_of(snapshot, scope, id).iter().map(Id::to_string).collect(),
        former_names: former_names_of(snapshot, scope, id).iter().map(Id::to_string).collect(),
        suspect: suspect(snapshot, scope, id, |path| source.text(path)).map(|it| pieces(&it)),
        named: named.collect(),
        rules: judged(snapshot, source, first),
    })
}

fn definition(snapshot: &Snapshot, source: &dyn Source, root: &FilePath, defined: &Defined<'_>) -> DefinitionEntry {
    let place = defined.place();
    let (line, column) = position(snapshot, &place);
    let text = source.text(&place.path).unwrap_or_default();
    DefinitionEntry {
        path: place.path.relative_to(root.as_str()).to_string(),
        line,
        column,
        form: form_words(defined.definition.form),
        withdrawn: defined.definition.withdrawn,
        role: defined.view.role.as_str(),
        role_evidence: role_evidence(snapshot, &defined.view, &text),
        dialect: snapshot.dialect_of(&place.path).table.name.to_string(),
        chosen_by: chosen_by(snapshot, &place.path),
    }
}

fn title_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> String {
    definitions_of(snapshot, scope, id).first().map_or_else(String::new, |defined| defined.title().to_string())
}

fn pieces(suspect: &Suspect) -> Vec<PieceEntry> {
    let told = |piece: Piece| match piece {
        Piece::Same(words) => PieceEntry { what: "same", words },
        Piece::Gone(words) => PieceEntry { what: "gone", words },
        Piece::New(words) => PieceEntry { what: "new", words },
    };
    shortened(difference(&suspect.was, &suspect.now)).into_iter().map(told).collect()
}

/// What the rules made of the place that defines it, where its file is still what was read.
fn judged(snapshot: &Snapshot, source: &dyn Source, defined: &Defined<'_>) -> Vec<RuleEntry> {
    let place = defined.place();
    let text = source.text(&place.path).filter(|text| defined.view.is_as_read(text));
    let account = text.and_then(|text| account(snapshot, &place.path, &text, place.span));
    account.map_or_else(Vec::new, |account| rules(&defined.view, &account))
}

/// The requirements of several features, as those are told who are to choose one of them: name, title and place of each.
#[must_use]
pub fn candidates(snapshot: &Snapshot, root: &FilePath, all: &[(FilePath, Id)]) -> Vec<Candidate> {
    let candidate = |(scope, id): &(FilePath, Id)| {
        let definitions = definitions_of(snapshot, scope, id);
        let defined = definitions.first()?;
        let place = defined.place();
        Some(Candidate {
            name: full_name_of(snapshot, scope, id),
            title: defined.title().to_string(),
            path: place.path.relative_to(root.as_str()).to_string(),
            line: position(snapshot, &place).0,
        })
    };
    all.iter().filter_map(candidate).collect()
}

/// A requirement that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The name that finds it.
    pub name: String,
    /// The first line of its statement.
    pub title: String,
    /// The file that states it, relative to the root.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts, files, world};

    const FEATURE: &str = "//- a/spec.md\n# S\n\n### FR-1: Sign in\n\nIn short.\n\n- **FR-1.1**: By key\n- **FR-1.2**: By word\n- **FR-2**: Sign out\n- ~~**FR-3**: gone, superseded by FR-2~~\n//- a/plan.md\n# Plan\n\n## Form\n\n_Requirements: FR-1.1_\n//- a/tasks.md\n- [x] 1. Build\n  - _Requirements: FR-1_\n- [ ] 2. Rest\n  - _Requirements: FR-1.2_\n";

    fn of(id: &str) -> Report {
        let snapshot = world(FEATURE).snapshot();
        let texts = Texts(files(FEATURE));
        report(&snapshot, &texts, &FilePath::new("/w"), &FilePath::new("/w/a"), &Id::new(id)).expect("it is defined")
    }

    #[test]
    fn a_requirement_is_told_with_its_statement_its_places_and_its_chain() {
        let told = of("FR-1.1");
        assert_eq!((told.name.as_str(), told.scope.as_str(), told.title.as_str()), ("FR-1.1", "a", "By key"));
        assert_eq!(told.statement, "**FR-1.1**: By key");
        let defined = &told.defined[0];
        assert_eq!((defined.path.as_str(), defined.line, defined.form), ("a/spec.md", 7, "as a list item"));
        assert_eq!((defined.role, defined.role_evidence.as_deref()), ("spec", Some("spec.md")));
        assert_eq!((told.chain.state, told.chain.tasks_through, told.chain.done()), (Some("done"), Some("whole"), 1));
        assert_eq!(told.chain.sections[0].title, "Form");
        let named: Vec<_> = told.named.iter().map(|it| (it.path.as_str(), it.line, it.within.as_deref())).collect();
        assert_eq!(named, [("a/plan.md", 5, Some("Form"))]);
        assert_eq!(told.part_of.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["FR-1"]);
    }

    #[test]
    fn a_whole_is_told_with_its_parts() {
        let told = of("FR-1");
        let parts: Vec<_> = told.parts.iter().map(|it| (it.id.as_str(), it.state)).collect();
        assert_eq!(parts, [("FR-1.1", Some("done")), ("FR-1.2", Some("tasked"))]);
        assert!(told.statement.starts_with("FR-1: Sign in") && told.statement.contains("By word"), "{told:?}");
        assert_eq!(told.chain.state, Some("tasked"));
    }

    #[test]
    fn what_is_missing_or_given_up_is_told_with_what_the_rules_say() {
        let told = of("FR-2");
        assert_eq!((told.chain.state, told.chain.missing.join("+")), (Some("uncovered"), "plan+task".to_string()));
        assert_eq!(told.rules.iter().map(|it| it.rule).collect::<Vec<_>>(), ["uncovered-requirement"]);
        let gone = of("FR-3");
        assert_eq!((gone.chain.state, gone.defined[0].withdrawn), (Some("withdrawn"), true));
        assert_eq!(gone.successors, ["FR-2"]);
    }
}
