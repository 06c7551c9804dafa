//! Facts of closed files are what was read, packed or not, and however often they are given up and unpacked again.

#![expect(clippy::unwrap_used, reason = "whatever fails here is the test failing")]

#[expect(dead_code, reason = "others make edits")]
mod repository;

use repository::{read, repositories};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use traceline_engine::dialect::Dialect;
use traceline_engine::facts::Holds;
use traceline_engine::path::FilePath;
use traceline_engine::rule::{self, RULES};
use traceline_engine::scope::Layout;
use traceline_engine::settings::Settings;
use traceline_engine::world::{Closed, Places, Snapshot, World};

const KINDS: [Holds; 12] = [
    Holds::DEFINITIONS,
    Holds::NAMES,
    Holds::DELTAS,
    Holds::HINTS,
    Holds::EMPTY_SECTIONS,
    Holds::SUPPRESSIONS,
    Holds::UNSPACED_HEADINGS,
    Holds::TOOL_TAGS,
    Holds::OPEN_FENCE,
    Holds::PROPERTIES,
    Holds::LOST_BOXES,
    Holds::LINKS,
];

/// A workspace that holds nothing beside its documents.
#[derive(Debug)]
struct Nothing;

impl Places for Nothing {
    fn is_missing(&self, _: &FilePath, _: &FilePath) -> bool {
        true
    }
}

/// The files of a picture: each begins with `//- path`.
fn texts_of(picture: &str) -> BTreeMap<FilePath, String> {
    let files = picture.split("//- ").skip(1).map(|file| file.split_once('\n').unwrap());
    files.map(|(path, text)| (FilePath::new(&format!("/w/{path}")), text.to_string())).collect()
}

/// The same files twice: packed, and as they were read.
fn worlds(root: &FilePath, texts: &BTreeMap<FilePath, String>) -> [World; 2] {
    let layout = Layout::new(vec![root.clone()]);
    [Closed::read_at, Closed::read_briefly_at].map(|read| {
        let mut world = World::of(layout.clone(), Settings::default());
        world.set_places(Arc::new(Nothing));
        for (path, text) in texts {
            world.put(path, read(text, path, &layout, &Dialect::home()));
        }
        world
    })
}

/// Holds that both worlds say the same of each file; returns how many there are.
fn say_the_same(root: &FilePath, texts: &BTreeMap<FilePath, String>) -> usize {
    let snapshots = worlds(root, texts).map(|world| world.snapshot());
    for path in texts.keys() {
        let [packed, plain] = snapshots.each_ref().map(|snapshot| snapshot.view(path).unwrap());
        let defined = |at: usize| {
            let told = snapshots[at].view(path).unwrap();
            told.definitions(|which| which % 3 != 1).map(|it| format!("{it:?}")).collect::<Vec<_>>()
        };
        assert_eq!(defined(0), defined(1), "{path}");
        assert_eq!(packed.role, plain.role, "{path}");
        for kind in KINDS {
            assert_eq!(packed.holds(kind), plain.holds(kind), "{path}");
        }
        let facts = [packed, plain].map(|view| view.parts().collect::<Vec<_>>());
        assert_eq!(facts[0], facts[1], "{path}");
    }
    texts.len()
}

#[test]
fn what_rules_show_is_unpacked_as_it_was_read() {
    for rule in RULES {
        for picture in [rule.bad, rule.good] {
            let picture = if picture.contains("//- ") { picture.into() } else { format!("//- a/spec.md\n{picture}") };
            say_the_same(&FilePath::new("/w"), &texts_of(&picture));
        }
    }
}

#[test]
fn cases_are_unpacked_as_they_were_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/judgement/cases");
    let cases = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let files: usize = cases.map(|case| say_the_same(&FilePath::new("/w"), &texts_of(&case))).sum();
    assert!(files > 200, "{files} files");
}

#[test]
fn real_files_are_unpacked_as_they_were_read() {
    let folders = repositories();
    let count = |folder: &PathBuf| {
        let (world, texts) = read(folder);
        say_the_same(&world.snapshot().layout().roots()[0].clone(), &texts.0)
    };
    let files: usize = folders.iter().map(count).sum();
    assert!(folders.is_empty() || files > 900, "{files} files");
}

/// More files than stay unpacked: whoever comes back to one finds the same as where nothing was ever packed.
#[test]
fn findings_are_the_same_where_facts_were_given_up() {
    let (all, mut texts) = (FilePath::new("/w"), BTreeMap::new());
    let repositories = repositories();
    let mut add = |folder: String, root: &str, files: &BTreeMap<FilePath, String>| {
        for (path, text) in files {
            texts.insert(FilePath::new(&format!("/w/{folder}/{}", path.relative_to(root))), text.clone());
        }
    };
    for (at, rule) in RULES.iter().enumerate().filter(|(_, rule)| rule.bad.contains("//- ")) {
        // Where the real files are not there, the examples alone are more than stay unpacked.
        let copies = if repositories.is_empty() { 24 } else { 12 };
        (0..copies).for_each(|copy| add(format!("r{at}-{copy}"), "/w", &texts_of(rule.bad)));
    }
    for (at, folder) in repositories.iter().enumerate() {
        let (world, files) = read(folder);
        let root = world.snapshot().layout().roots()[0].clone();
        add(format!("c{at}"), root.as_str(), &files.0);
    }
    assert!(texts.len() > 1_500, "{} files", texts.len());
    let [mut world, plain] = worlds(&all, &texts);
    let plain = plain.snapshot();
    let early = world.snapshot();
    let first = texts.keys().next().unwrap();
    let facts = |snapshot: &Snapshot| std::ptr::from_ref(snapshot.view(first).unwrap().parts().next().unwrap().1);
    let before = facts(&early);
    assert_eq!(facts(&world.snapshot()), before, "they are at hand");
    let (mut found, mut given_up) = (BTreeMap::new(), 0);
    for path in texts.keys() {
        let wanted = rule::check(&plain, path);
        assert_eq!(rule::check(&world.snapshot(), path), wanted, "{path}");
        let snapshot = world.snapshot();
        let visit = snapshot.for_visit(snapshot.scope_of(path).unwrap());
        assert_eq!(rule::check(&visit, path), wanted, "{path}");
        found.insert(path, wanted);
        given_up += usize::from(world.give_up_unpacked());
    }
    while world.give_up_unpacked() {
        given_up += 1;
    }
    println!("{given_up} times more was left to be given up");
    assert_ne!(facts(&world.snapshot()), before, "they were given up");
    for (path, wanted) in found {
        assert_eq!(rule::check(&world.snapshot(), path), wanted, "{path}");
        world.give_up_unpacked();
    }
}
