//! Changes between two states of a workspace: which requirements came, went, or say something else.

use crate::facts::Reach;
use crate::feature::Source;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{self, Defined, Lookup, Place, definitions_of, statements_in, states, symbols_at};
use crate::rule::Finding;
use crate::wording::Wording;
use crate::world::{Snapshot, View};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// A workspace at one time, with the texts of its closed files.
#[derive(Clone, Copy)]
pub struct State<'a> {
    /// What is known.
    pub snapshot: &'a Snapshot,
    /// The texts.
    pub source: &'a dyn Source,
}

/// What happened to a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Nothing had stated it before.
    Added,
    /// It says something else.
    Reworded,
    /// It is given up, and stands there for its id alone.
    Withdrawn,
    /// It was given up, and is not any more.
    Restored,
    /// Nothing states it any more.
    Removed,
}

impl Change {
    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Reworded => "changed",
            Self::Withdrawn => "withdrawn",
            Self::Restored => "restored",
            Self::Removed => "removed",
        }
    }
}

/// What states a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Where its id stands.
    pub place: Place,
    /// Its first line without marks.
    pub title: String,
    /// All of it but what states parts of it.
    pub text: String,
    wording: Wording,
    withdrawn: bool,
}

/// A requirement that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its id.
    pub id: Id,
    /// What happened.
    pub change: Change,
    /// The scope that defines it now, or did.
    pub scope: FilePath,
    /// What stated it, with the scope.
    pub before: Option<(FilePath, Statement)>,
    /// What states it now.
    pub after: Option<Statement>,
}

/// Files that are not the same in both states, as each is called before and after.
pub type Files = [(Option<FilePath>, Option<FilePath>)];

/// The requirements that differ between `before` and `after`, of which only `files` differ; by scope and id. What is moved to
/// another file of its scope, or with its file, and says the same, has not changed; neither have marks and line ends.
#[must_use]
pub fn changes(before: State<'_>, after: State<'_>, files: &Files) -> Vec<Changed> {
    let moves = moved_scopes(before.snapshot, after.snapshot, files);
    // By the scope that is asked now; the one before may have had another name.
    let mut wanted: BTreeSet<(FilePath, Id)> = BTreeSet::new();
    let mut earlier: FxHashMap<FilePath, FilePath> = FxHashMap::default();
    for (old, new) in files {
        for view in old.iter().filter_map(|path| before.snapshot.view(path)) {
            let scope = moves.get(view.scope).unwrap_or(view.scope);
            earlier.insert(scope.clone(), view.scope.clone());
            wanted.extend(stated(&view).map(|id| (scope.clone(), id)));
        }
        for view in new.iter().filter_map(|path| after.snapshot.view(path)) {
            wanted.extend(stated(&view).map(|id| (view.scope.clone(), id)));
        }
    }
    let mut texts = (Texts::of(before), Texts::of(after));
    let mut out = Vec::new();
    for (scope, id) in wanted {
        let old_scope = earlier.get(&scope).unwrap_or(&scope);
        let (was, is) = (texts.0.statement(old_scope, &id), texts.1.statement(&scope, &id));
        let change = match (&was, &is) {
            (None, None) => continue,
            (None, Some(_)) => Change::Added,
            (Some(_), None) => Change::Removed,
            (Some(was), Some(is)) if !was.withdrawn && is.withdrawn => Change::Withdrawn,
            (Some(was), Some(is)) if was.withdrawn && !is.withdrawn => Change::Restored,
            (Some(was), Some(is)) if was.wording != is.wording => Change::Reworded,
            _ => continue,
        };
        let before = was.map(|was| (old_scope.clone(), was));
        out.push(Changed { id, change, scope, before, after: is });
    }
    out
}

/// Scopes that have another name now: those of files that were moved out of a scope that is no more.
fn moved_scopes(before: &Snapshot, after: &Snapshot, files: &Files) -> FxHashMap<FilePath, FilePath> {
    let mut out = FxHashMap::default();
    for (old, new) in files {
        let (Some(old), Some(new)) = (old, new) else { continue };
        let (Some(from), Some(to)) = (before.scope_of(old), after.scope_of(new)) else { continue };
        let gone = || after.scope(from).is_none_or(|scope| scope.files().next().is_none());
        if from != to && gone() {
            out.entry(from.clone()).or_insert_with(|| to.clone());
        }
    }
    out
}

/// The requirements that a file states. A scenario is a part of its requirement's text.
fn stated(view: &View<'_>) -> impl Iterator<Item = Id> {
    view.parts().flat_map(|(_, facts)| {
        facts.definitions.iter().filter(|it| states(it)).map(|definition| facts.id(definition.id).clone())
    })
}

/// The texts of files, each read once.
struct Texts<'a> {
    state: State<'a>,
    read: FxHashMap<FilePath, (Option<String>, Vec<query::Statement<'a>>)>,
}

impl<'a> Texts<'a> {
    fn of(state: State<'a>) -> Self {
        Self { state, read: FxHashMap::default() }
    }

    fn statement(&mut self, scope: &FilePath, id: &Id) -> Option<Statement> {
        let defined = definitions_of(self.state.snapshot, scope, id);
        let defined = defined.into_iter().find(|it| states(it.definition))?;
        let place = defined.place();
        let view = defined.view;
        let (text, statements) = self.read.entry(place.path.clone()).or_insert_with(|| {
            let text = match view.document() {
                Some(document) => Some(document.rope().to_string()),
                None => self.state.source.text(&place.path),
            };
            (text, statements_in(&view))
        });
        let title = defined.title().to_string();
        let own = statements.iter().find(|it| std::ptr::eq(it.defined.definition, defined.definition));
        let text = own.zip(text.as_deref()).map_or_else(|| title.clone(), |(own, text)| own.text(text));
        let wording = own.map_or_else(|| Wording::of(&text), |own| own.wording(&text));
        Some(Statement { place, title, text, wording, withdrawn: defined.definition.withdrawn })
    }
}

/// Whether a finding of the file at `path` is about one of `changed`: it stands in what states it, or names it.
pub struct Touched<'a> {
    after: &'a Snapshot,
    ids: FxHashSet<(&'a FilePath, &'a Id)>,
}

impl<'a> Touched<'a> {
    /// What is about one of `changed` in the state `after`.
    #[must_use]
    pub fn by(after: &'a Snapshot, changed: &'a [Changed]) -> Self {
        Self { after, ids: changed.iter().map(|it| (&it.scope, &it.id)).collect() }
    }

    /// Which of `findings` of the file at `path` these are.
    #[must_use]
    pub fn of(&self, path: &FilePath, findings: &[Finding]) -> Vec<bool> {
        let Some(view) = self.after.view(path).filter(|_| !self.ids.is_empty()) else {
            return vec![false; findings.len()];
        };
        let lookup = Lookup::of(self.after, view.scope);
        // What states changed requirements, and what names any.
        let mut places = Vec::new();
        for (base, facts) in view.parts() {
            let own = facts.definitions.iter().filter(|it| states(it));
            let own = own.filter(|it| self.ids.contains(&(view.scope, facts.id(it.id))));
            places.extend(own.map(|definition| Defined { view, facts, base, definition }.statement()));
            for reference in &facts.references {
                let meant = lookup.meaning(facts.id(reference.id), reference.sure);
                let direct = meant.is_some_and(|(scope, id)| self.ids.contains(&(scope, id)));
                let span = reference.span.shifted(base);
                let several = meant.is_none() || matches!(reference.reach, Reach::Children | Reach::From);
                if direct || several && self.names(&view, span.start) {
                    places.push(span);
                }
            }
        }
        places.sort_unstable();
        let touches = |finding: &Finding| {
            let span = finding.span;
            let before = places.partition_point(|place| place.start < span.end.max(span.start + 1));
            places[..before].iter().any(|place| place.end > span.start)
        };
        findings.iter().map(touches).collect()
    }

    /// Whether something at a byte means one of them through a range or a whole.
    fn names(&self, view: &View<'_>, offset: u32) -> bool {
        let symbols = symbols_at(self.after, view, offset);
        symbols.iter().any(|it| it.scope.as_ref().is_some_and(|scope| self.ids.contains(&(scope, &it.id))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts as Kept, files, world};

    /// Each changed requirement between two fixtures as `change scope id`.
    fn told(before: &str, after: &str, renamed: &[(&str, &str)]) -> Vec<String> {
        let (old, new) = (world(before).snapshot(), world(after).snapshot());
        let (texts, now) = (Kept(files(before)), Kept(files(after)));
        let path = |name: &str| FilePath::new(&format!("/w/{name}"));
        let mut differ: Vec<(Option<FilePath>, Option<FilePath>)> =
            renamed.iter().map(|(from, to)| (Some(path(from)), Some(path(to)))).collect();
        let moved = |path: &FilePath| {
            renamed.iter().any(|(a, b)| path.as_str() == format!("/w/{a}") || path.as_str() == format!("/w/{b}"))
        };
        let all: BTreeSet<FilePath> = texts.0.iter().chain(&now.0).map(|(path, _)| path.clone()).collect();
        for path in all.into_iter().filter(|path| !moved(path)) {
            let (was, is) = (texts.text(&path), now.text(&path));
            if was != is {
                differ.push((was.map(|_| path.clone()), is.map(|_| path.clone())));
            }
        }
        let found = changes(State { snapshot: &old, source: &texts }, State { snapshot: &new, source: &now }, &differ);
        found.iter().map(|it| format!("{} {} {}", it.change.as_str(), it.scope.relative_to("/w"), it.id)).collect()
    }

    #[test]
    fn requirements_come_go_and_change() {
        let before = "//- a/spec.md\n# S\n\n- **FR-1**: one\n- **FR-2**: two\n- **FR-3**: three\n- **FR-4**: four\n";
        let after = "//- a/spec.md\n# New title\n\nWords.\n\n- **FR-2**: two, and more\n* **FR-3**:   three\n- ~~**FR-4**: four~~\n- **FR-5**: five\n";
        assert_eq!(told(before, after, &[]), ["removed a FR-1", "changed a FR-2", "withdrawn a FR-4", "added a FR-5"]);
        assert_eq!(told(after, before, &[]), ["added a FR-1", "changed a FR-2", "restored a FR-4", "removed a FR-5"]);
        assert_eq!(told(before, before, &[]), [""; 0]);
    }

    #[test]
    fn a_whole_does_not_change_with_its_parts() {
        let spec = |sign: &str, lock: &str| {
            format!(
                "//- a/spec.md\n# S\n\n### FR-1: Sign in\n\n{sign}\n\n- **FR-1.1**: Lock {lock}\n- **FR-1.2**: Tell\n\n### FR-2: Sign out\n\nBy a button.\n"
            )
        };
        assert_eq!(told(&spec("x", "at once"), &spec("x", "soon"), &[]), ["changed a FR-1.1"]);
        assert_eq!(told(&spec("x", "at once"), &spec("y", "at once"), &[]), ["changed a FR-1"]);
    }

    #[test]
    fn what_is_moved_has_not_changed() {
        let spec = "- **FR-1**: one\n- **FR-2**: two\n";
        let one = format!("//- a/spec.md\n# S\n\n{spec}");
        let other = "//- a/spec.md\n# S\n\n- **FR-2**: two\n//- a/requirements.md\n# M\n\n- **FR-1**: one\n";
        let renamed = format!("//- b/spec.md\n# S\n\n{}", spec.replace("two", "three"));
        assert_eq!(told(&one, &renamed, &[("a/spec.md", "b/spec.md")]), ["changed b FR-2"]);
        assert!(told(&one, &renamed, &[]).len() == 4, "without the rename all are others");
        assert_eq!(told(&one, other, &[]), [""; 0]);
    }

    #[test]
    fn findings_in_and_about_what_changed_are_touched() {
        let spec = |lock: &str| {
            format!(
                "//- a/spec.md\n# S\n\n- **FR-1**: {lock}\n- **FR-2**: two\n- **FR-3**: Is it so [NEEDS CLARIFICATION: how]?\n//- a/tasks.md\n- [ ] 1. Build\n  - _Requirements: FR-1, FR-1, FR-2, FR-2, FR-9_\n"
            )
        };
        let (old, new) = (world(&spec("x")).snapshot(), world(&spec("y")).snapshot());
        let (texts, now) = (Kept(files(&spec("x"))), Kept(files(&spec("y"))));
        let path = FilePath::new("/w/a/spec.md");
        let differ = [(Some(path.clone()), Some(path))];
        let found = changes(State { snapshot: &old, source: &texts }, State { snapshot: &new, source: &now }, &differ);
        let tasks = FilePath::new("/w/a/tasks.md");
        let findings = crate::rule::check(&new, &tasks);
        let touched = Touched::by(&new, &found).of(&tasks, &findings);
        let about: Vec<&str> =
            findings.iter().zip(touched).filter(|(_, touched)| *touched).map(|(it, _)| it.message.as_str()).collect();
        assert_eq!(about, ["`FR-1` stands twice in this trace line"]);
    }
}
