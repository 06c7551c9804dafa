//! Edits over real files: what is proposed does what it says and nothing else.

#![expect(clippy::unwrap_used, reason = "whatever fails here is the test failing")]

mod repository;

use repository::{accept, fresh, read, repositories};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use traceline_engine::edit::apply;
use traceline_engine::facts::Reach;
use traceline_engine::feature::formatting::formatting;
use traceline_engine::feature::refactoring::code_action::{Deed, Place, Style, actions, perform};
use traceline_engine::feature::refactoring::rename::rename;
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::{Defined, Lookup, definitions_of};
use traceline_engine::rule::{self, Finding};
use traceline_engine::text::{Encoding, Span};
use traceline_engine::world::{Closed, Snapshot, Trial};

#[derive(Default)]
struct Tally {
    renamed: usize,
    listed: usize,
    refused: BTreeMap<String, usize>,
}

fn rename_each(folder: &Path) -> Tally {
    let (mut world, texts) = read(folder);
    let paths: Vec<FilePath> = world.snapshot().files().cloned().collect();
    let mut tally = Tally::default();
    for path in paths {
        let before = world.snapshot();
        let view = before.view(&path).unwrap();
        let mut places = Vec::new();
        for (base, facts) in view.parts() {
            for definition in facts.definitions.iter().filter(|definition| definition.form.is_written()) {
                let id = facts.id(definition.id);
                // A place that only repeats in short what another states.
                let strongest = definitions_of(&before, view.scope, id);
                let own = strongest.iter().any(|it| it.place().span == definition.place.shifted(base));
                if own && !places.iter().any(|(_, known)| known == id) {
                    places.push((definition.place.start + base, id.clone()));
                }
            }
        }
        if places.is_empty() {
            continue;
        }
        world.open(&path, 1, &texts.0[&path]);
        world.settle();
        let snapshot = world.snapshot();
        let scope = snapshot.view(&path).unwrap().scope.clone();
        for (offset, id) in places {
            let is_name = id.is_name() || id.tail().is_empty();
            let new = if is_name { format!("{id} anew") } else { fresh(&id) };
            let there = match rename(&snapshot, &texts, &path, offset, &new, true) {
                Ok(there) => there.unwrap_or_else(|| panic!("{path}: nothing is renamed for {id}")),
                Err(why) => {
                    let why = why.to_string();
                    let kind =
                        ["range", "not mean the same", "cannot be written", "names nothing yet", "would then mean"];
                    if std::env::var_os("SHOW").is_some() {
                        println!("{id}: {why}");
                    }
                    let kind = kind.iter().find(|kind| why.contains(**kind)).map_or(why.as_str(), |kind| *kind);
                    *tally.refused.entry(kind.to_string()).or_default() += 1;
                    continue;
                }
            };
            let (after, changed) = accept(&snapshot, &texts, &there);
            assert!(definitions_of(&after, &scope, &id).is_empty(), "{path}: {id} is still defined");
            let place = definitions_of(&after, &scope, &Id::new(&new)).first().map(Defined::place);
            let place = place.unwrap_or_else(|| panic!("{path}: {new} is not defined"));
            let back = match rename(&after, &changed, &path, place.span.start, id.as_str(), true) {
                Ok(back) => back.unwrap_or_else(|| panic!("{path}: nothing is renamed back from {new}")),
                Err(why) => panic!("{path}: {new} does not become {id} again: {why}"),
            };
            // A range that had to become a list stays one, and names the same.
            if there.changes.iter().any(|change| change.label.as_ref().is_some_and(|label| label.title == "Ranges")) {
                let (last, _) = accept(&after, &changed, &back);
                for file in there.edited_files() {
                    let (is, was) = (traced(&last, file), traced(&snapshot, file));
                    assert_eq!(is, was, "{path}: {id} → {new} → {id} changes what {file} traces");
                }
                tally.listed += 1;
                continue;
            }
            let mut last = changed.0;
            for path in back.edited_files() {
                let text = back.applied_to(path, &last[path]);
                last.insert(path.clone(), text);
            }
            for (file, text) in &last {
                assert!(*text == texts.0[file], "{path}: {id} → {new} → {id} changes {file}");
            }
            tally.renamed += 1;
        }
        world.close(&path);
        world.put(&path, Closed::read(&texts.0[&path], snapshot.dialect_at(&path), view.role));
    }
    tally
}

#[test]
fn a_rename_there_and_back_changes_nothing() {
    let folders = repositories();
    let tallies: Vec<(PathBuf, Tally)> = std::thread::scope(|scope| {
        let (even, odd): (Vec<_>, Vec<_>) = folders.into_iter().enumerate().partition(|(at, _)| at % 2 == 0);
        let each = |half: Vec<(usize, PathBuf)>| {
            half.into_iter().map(|(_, folder)| (folder.clone(), rename_each(&folder))).collect::<Vec<_>>()
        };
        let one = scope.spawn(move || each(even));
        let mut all = each(odd);
        all.extend(one.join().unwrap());
        all
    });
    let (mut renamed, mut refused) = (0, 0);
    for (folder, tally) in &tallies {
        let Tally { renamed: there, listed, refused: not } = tally;
        println!("{}: {there} renamed, {listed} with ranges as lists, refused {not:?}", folder.display());
        renamed += tally.renamed;
        refused += tally.refused.values().sum::<usize>();
    }
    if !tallies.is_empty() {
        assert!(renamed > 1000 && refused * 5 < renamed, "{renamed} renamed, {refused} refused");
    }
}

#[test]
fn a_fix_takes_its_finding_away_and_brings_none() {
    let (mut fixes, mut checked) = (0, 0);
    for folder in repositories() {
        let (world, texts) = read(&folder);
        let snapshot = world.snapshot();
        for (path, text) in &texts.0 {
            let before = rule::check(&snapshot, path);
            checked += 1;
            for finding in &before {
                let Some(fix) = &finding.fix else { continue };
                fixes += 1;
                let mut trial = Trial::of(&snapshot);
                trial.put(path, &fix.applied_to(text));
                let after = rule::check(&trial.end(), path);
                let told = |findings: &[Finding]| {
                    let mut told: BTreeMap<String, usize> = BTreeMap::new();
                    for finding in findings {
                        *told.entry(format!("{}: {}", finding.rule.name, finding.message)).or_default() += 1;
                    }
                    told
                };
                let (was, is) = (told(&before), told(&after));
                let own = format!("{}: {}", finding.rule.name, finding.message);
                let count = |all: &BTreeMap<String, usize>| all.get(&own).copied().unwrap_or_default();
                assert!(count(&is) < count(&was), "{path}: {own} stays after {:?}", fix.title);
                for (new, count) in &is {
                    assert!(
                        was.get(new).copied().unwrap_or_default() >= *count,
                        "{path}: {:?} brings {new}",
                        fix.title
                    );
                }
            }
        }
    }
    println!("{fixes} fixes in {checked} files");
    assert!(checked == 0 || fixes > 10, "{fixes} fixes");
}

#[test]
fn formatting_settles_and_touches_only_what_is_ours() {
    let (mut edited, mut checked) = (0, 0);
    for folder in repositories() {
        let (mut world, texts) = read(&folder);
        for (path, text) in &texts.0 {
            world.open(path, 1, text);
            world.settle();
            let before = world.snapshot();
            let edits = formatting(&before, path, None);
            checked += 1;
            edited += usize::from(!edits.is_empty());
            let view = before.view(path).unwrap();
            for edit in &edits {
                let line = |offset| view.position(offset, Encoding::Utf8).line;
                let ours = view.parts().any(|(base, facts)| {
                    let on = |span: Span| line(span.shifted(base).start) == line(edit.span.start);
                    facts.traces.iter().any(|trace| on(trace.line)) || facts.tasks.iter().any(|task| on(task.head))
                });
                let row =
                    text.lines().nth(line(edit.span.start) as usize).is_some_and(|line| line.trim().starts_with('|'));
                assert!(ours || row, "{path}: {edit:?} is on a line of prose");
            }
            let after = apply(text, &edits);
            let names = |snapshot: &Snapshot| -> Vec<String> {
                let parts = snapshot.view(path).unwrap().parts().collect::<Vec<_>>();
                let named =
                    parts.iter().flat_map(|(_, facts)| facts.references.iter().map(|r| facts.id(r.id).to_string()));
                let defined =
                    parts.iter().flat_map(|(_, facts)| facts.definitions.iter().map(|d| facts.id(d.id).to_string()));
                named.chain(defined).collect()
            };
            let told = names(&before);
            world.open(path, 2, &after);
            world.settle();
            let snapshot = world.snapshot();
            assert_eq!(names(&snapshot), told, "{path}: formatting changes what is named");
            assert_eq!(formatting(&snapshot, path, None), [], "{path}: a second time");
            world.open(path, 3, text);
            world.settle();
            world.close(path);
        }
    }
    println!("{edited} of {checked} files were not in form");
    assert!(checked == 0 || edited > 10, "{edited} of {checked}");
}

/// What each trace line of a file means: the defined ids, and those written that nothing defines.
fn traced(snapshot: &Snapshot, path: &FilePath) -> Vec<BTreeSet<String>> {
    let view = snapshot.view(path).unwrap();
    let lookup = Lookup::of(snapshot, view.scope);
    let mut out = Vec::new();
    for (_, facts) in view.parts() {
        for trace in &facts.traces {
            let mut meant = BTreeSet::new();
            let references = &facts.references[trace.references.start as usize..trace.references.end as usize];
            for (at, reference) in references.iter().enumerate() {
                let id = facts.id(reference.id);
                let last = references.get(at + 1).map_or(id, |next| facts.id(next.id));
                match reference.reach {
                    Reach::Children => {
                        let below = lookup.all_defined().filter(|(_, known)| known.parent().as_ref() == Some(id));
                        let below: Vec<String> = below.map(|(_, id)| id.to_string()).collect();
                        // A wildcard that means nothing stays as it is.
                        meant.extend(if below.is_empty() { vec![format!("{id}.*")] } else { below });
                    }
                    Reach::From => {
                        // A parent between them is served by its children.
                        let depth = |id: &Id| id.tail().matches('.').count();
                        let between =
                            lookup.all_defined().map(|(_, id)| id).filter(|known| id <= *known && *known <= last);
                        meant.extend(between.filter(|known| depth(known) == depth(id)).map(Id::to_string));
                    }
                    reach => match lookup.meaning(id, reference.sure) {
                        Some((_, known)) => drop(meant.insert(known.to_string())),
                        None if reach == Reach::Within => {}
                        None => drop(meant.insert(format!("{id}?").to_uppercase())),
                    },
                }
            }
            out.push(meant);
        }
    }
    out
}

/// Whoever asks for actions anywhere in a real file gets edits that can be made, or a reason; and trace lines that were put
/// in order are in order.
#[test]
fn every_action_can_be_taken_or_says_why_not() {
    const STEP: usize = 4000;
    let (mut taken, mut refused) = (0, 0);
    for folder in repositories() {
        let (mut world, texts) = read(&folder);
        for (path, text) in &texts.0 {
            world.open(path, 1, text);
            world.settle();
            let snapshot = world.snapshot();
            for at in (0..text.len()).step_by(STEP) {
                let span = Span::at(text.floor_char_boundary(at));
                let place = Place { snapshot: &snapshot, source: &texts, path, span };
                for offer in actions(place, Some(&["quickfix", "refactor"]), false) {
                    if offer.disabled.is_some() {
                        refused += 1;
                        continue;
                    }
                    match perform(place, &offer.deed) {
                        Ok(proposal) => {
                            assert!(!proposal.is_empty(), "{path}: {} does nothing", offer.title);
                            let (_, after) = accept(&snapshot, &texts, &proposal);
                            assert!(after.0 != texts.0, "{path}: {} changes nothing", offer.title);
                            taken += 1;
                        }
                        Err(_) => refused += 1,
                    }
                }
            }
            for style in [Style::Keep, Style::Join, Style::WriteOut] {
                let place = Place { snapshot: &snapshot, source: &texts, path, span: Span::default() };
                let deed = Deed::Organize(style, None);
                let proposal = perform(place, &deed).unwrap();
                if proposal.is_empty() {
                    continue;
                }
                let (after, changed) = accept(&snapshot, &texts, &proposal);
                assert_eq!(traced(&after, path), traced(&snapshot, path), "{path}: {style:?} changes what is traced");
                let place = Place { snapshot: &after, source: &changed, path, span: Span::default() };
                let again = perform(place, &deed).unwrap();
                assert!(again.is_empty(), "{path}: {style:?} a second time: {again:?}");
            }
            world.close(path);
        }
    }
    println!("{taken} actions taken, {refused} refused");
    assert!(taken + refused == 0 || taken > 300 && refused * 5 < taken, "{taken} taken, {refused} refused");
}
