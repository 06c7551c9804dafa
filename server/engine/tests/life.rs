//! The life of ids over real files: numbers that are put in order, and requirements that are given up, merged and split.

#![expect(clippy::unwrap_used, reason = "whatever fails here is the test failing")]

mod repository;

use repository::{Texts, accept, fresh, read, repositories};
use std::collections::{BTreeMap, BTreeSet};
use traceline_engine::dialect::Role;
use traceline_engine::edit::{Proposal, Refusal};
use traceline_engine::facts::Form;
use traceline_engine::feature::refactoring::former::rename_keeping;
use traceline_engine::feature::refactoring::merge::merge;
use traceline_engine::feature::refactoring::rename::rename;
use traceline_engine::feature::refactoring::renumber::{Elsewhere, renumber};
use traceline_engine::feature::refactoring::retire::{Retirement, retire};
use traceline_engine::feature::refactoring::split::split;
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::definitions_of;
use traceline_engine::rule::check;
use traceline_engine::world::{Snapshot, Trial};

/// What was done and what was refused, by the words of the reason that are no names.
#[derive(Default)]
struct Tally {
    done: usize,
    refused: BTreeMap<String, usize>,
}

impl Tally {
    fn add<T>(&mut self, what: &str, done: Result<T, Refusal>) -> Option<T> {
        match done {
            Ok(done) => {
                self.done += 1;
                Some(done)
            }
            Err(why) => {
                if std::env::var_os("SHOW").is_some() {
                    println!("{what}: {why}");
                }
                let words = why.0.split('`').step_by(2).flat_map(|text| text.split(' '));
                let kind: Vec<&str> = words.filter(|it| it.chars().all(char::is_alphabetic)).collect();
                let kind: String = kind.join(" ").chars().take(60).collect();
                *self.refused.entry(kind).or_default() += 1;
                None
            }
        }
    }

    fn tell(&self, what: &str) {
        println!("{} {what}, refused {:#?}", self.done, self.refused);
    }
}

/// The requirements of a file that have a written number, each once, with its place.
fn numbered(snapshot: &Snapshot, path: &FilePath) -> Vec<(Id, u32)> {
    let view = snapshot.view(path).unwrap();
    let mut out: Vec<(Id, u32)> = Vec::new();
    for (base, facts) in view.parts() {
        for definition in &facts.definitions {
            let id = facts.id(definition.id);
            let place = definition.place.shifted(base);
            let own = definitions_of(snapshot, view.scope, id);
            if matches!(definition.form, Form::Heading | Form::Item | Form::Paragraph | Form::Row | Form::Numbered)
                && !definition.withdrawn
                && own.len() == 1
                && own[0].place().span == place
                && !id.tail().is_empty()
            {
                out.push((id.clone(), place.start));
            }
        }
    }
    out
}

/// An id beside `id` that is free, and no longer than such numbers are in headings.
fn free(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Id {
    let stem = id.as_str().trim_end_matches(|c: char| c.is_ascii_digit());
    let index = snapshot.index(scope).unwrap();
    let mut all = (500..999).map(|number| Id::new(&format!("{stem}{number}")));
    all.find(|id| index.defined(id).is_none() && index.files_naming(id).next().is_none()).unwrap()
}

/// Holds that everything is read anew as it was tried out.
fn is_fresh(after: &Snapshot, changed: &Texts, proposal: &Proposal) {
    let mut anew = Trial::of(after);
    proposal.edited_files().into_iter().for_each(|path| anew.put(path, &changed.0[path]));
    let anew = anew.end();
    let defined = |snapshot: &Snapshot| {
        let all =
            snapshot.all_defined().map(|(id, scopes)| (id.as_str().to_string(), scopes.iter().cloned().collect()));
        all.collect::<BTreeSet<(String, Vec<FilePath>)>>()
    };
    assert_eq!(defined(after), defined(&anew));
}

#[test]
fn numbers_put_in_order_are_in_order() {
    let (mut whole, mut back) = (Tally::default(), 0);
    for folder in repositories() {
        let (world, texts) = read(&folder);
        let snapshot = world.snapshot();
        for path in texts.0.keys() {
            let all = numbered(&snapshot, path);
            let is_tasks = snapshot.view(path).unwrap().role == Role::Tasks;
            if all.is_empty() && !is_tasks {
                continue;
            }
            let found = renumber(&snapshot, &texts, path, None, Elsewhere::Unknown);
            let Some(proposal) = whole.add(path.as_str(), found) else { continue };
            let (after, changed) = accept(&snapshot, &texts, &proposal);
            is_fresh(&after, &changed, &proposal);
            let again = renumber(&after, &changed, path, None, Elsewhere::Unknown);
            assert!(again.as_ref().is_ok_and(Proposal::is_empty), "{path}: a second time {again:?}");
            if !proposal.is_empty() {
                continue;
            }
            // One that gets a number behind all others comes back to its place.
            let follows = |(at, (id, _)): &(usize, &(Id, u32))| {
                let mut before = all[..*at]
                    .iter()
                    .filter(|(other, _)| other.parent() == id.parent() && other.prefix() == id.prefix());
                id.letter().is_none()
                    // A round number below a heading of its own begins anew.
                    && id.numbers().last().is_some_and(|number| number % 10 > 1)
                    && before.next_back().is_some_and(|(other, _)| other.through(id).is_some_and(|two| two.len() == 2))
            };
            for (id, at) in all.iter().enumerate().filter(follows).map(|(_, it)| it).step_by(11) {
                let Ok(Some(there)) = rename(&snapshot, &texts, path, *at, &fresh(id), false) else { continue };
                let (after, changed) = accept(&snapshot, &texts, &there);
                let Ok(again) = renumber(&after, &changed, path, None, Elsewhere::Unknown) else { continue };
                let lists =
                    there.changes.iter().any(|it| it.label.as_ref().is_some_and(|label| label.title == "Ranges"));
                let (_, last) = accept(&after, &changed, &again);
                for (file, text) in &last.0 {
                    let same = *text == texts.0[file];
                    assert!(
                        same || lists && there.edited_files().contains(&file),
                        "{path}: {id} there and back changes {file}"
                    );
                }
                back += 1;
            }
        }
    }
    whole.tell("files in order");
    println!("{back} there and back");
    assert!(whole.done == 0 || whole.done > 100 && back > 40);
}

#[test]
fn a_requirement_is_given_up_merged_and_split() {
    let (mut given_up, mut merged, mut parted) = (Tally::default(), Tally::default(), Tally::default());
    for folder in repositories() {
        let (world, texts) = read(&folder);
        let snapshot = world.snapshot();
        for path in texts.0.keys() {
            let scope = snapshot.view(path).unwrap().scope.clone();
            let all: Vec<Id> = numbered(&snapshot, path).into_iter().map(|(id, _)| id).collect();
            for pair in all.windows(2).step_by(17) {
                let [other, one] = pair else { continue };
                let place = format!("{path} {one}");
                let successors = [other.clone()];
                let what =
                    Retirement { scope: &scope, id: one, reason: "Nobody asks for it.", successors: &successors };
                if let Some(proposal) = given_up.add(&place, retire(&snapshot, &texts, &what)) {
                    let (after, changed) = accept(&snapshot, &texts, &proposal);
                    is_fresh(&after, &changed, &proposal);
                }
                let ids = [one.clone(), other.clone()];
                if let Some((proposal, _)) = merged.add(&place, merge(&snapshot, &texts, &scope, &ids, other, "")) {
                    let (after, changed) = accept(&snapshot, &texts, &proposal);
                    is_fresh(&after, &changed, &proposal);
                }
                let into = [one.clone(), free(&snapshot, &scope, one)];
                if let Some((proposal, _)) = parted.add(&place, split(&snapshot, &texts, &scope, one, &into, "")) {
                    let (after, changed) = accept(&snapshot, &texts, &proposal);
                    is_fresh(&after, &changed, &proposal);
                }
            }
        }
    }
    given_up.tell("given up");
    merged.tell("merged");
    parted.tell("split");
    for tally in [&given_up, &merged, &parted] {
        assert!(tally.done == 0 || tally.done > tally.refused.values().sum::<usize>() * 4);
    }
}

/// How many findings of each rule the files of a scope have.
fn findings(snapshot: &Snapshot, scope: &FilePath) -> BTreeMap<&'static str, usize> {
    let mut out = BTreeMap::new();
    for view in snapshot.views_in(scope) {
        for finding in check(snapshot, view.path) {
            *out.entry(finding.rule.name).or_default() += 1;
        }
    }
    out
}

#[test]
fn a_former_name_that_is_kept_is_understood_and_told_of_nowhere() {
    let mut kept = Tally::default();
    for folder in repositories() {
        let (world, texts) = read(&folder);
        let snapshot = world.snapshot();
        for path in texts.0.keys() {
            let scope = snapshot.view(path).unwrap().scope.clone();
            for (id, at) in numbered(&snapshot, path).iter().step_by(17) {
                let new = fresh(id);
                let Ok(Some(plain)) = rename(&snapshot, &texts, path, *at, &new, false) else { continue };
                let kind = format!("{path} {id}");
                let found = rename_keeping(&snapshot, &texts, path, *at, &new, false);
                let Some(Some(proposal)) = kept.add(&kind, found) else { continue };
                let (after, changed) = accept(&snapshot, &texts, &proposal);
                is_fresh(&after, &changed, &proposal);
                let index = after.index(&scope).unwrap();
                assert_eq!(index.called_now(id), [&Id::new(&new)], "{kind}");
                let (without, _) = accept(&snapshot, &texts, &plain);
                assert_eq!(findings(&after, &scope), findings(&without, &scope), "{kind}");
            }
        }
    }
    kept.tell("kept");
    assert!(kept.done == 0 || kept.done > kept.refused.values().sum::<usize>() * 5);
}
