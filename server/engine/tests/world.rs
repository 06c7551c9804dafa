//! The world after any sequence of events is the world that the final files make.

use proptest::prelude::*;
use std::collections::BTreeMap;
use traceline_engine::dialect::{CustomDialects, Dialect};
use traceline_engine::document::Change;
use traceline_engine::path::FilePath;
use traceline_engine::rule;
use traceline_engine::scope::Layout;
use traceline_engine::settings::{Level, Settings};
use traceline_engine::text::{Encoding, Position, Range};
use traceline_engine::world::{Closed, Snapshot, World};

const PATHS: [&str; 10] = [
    "/w/a/spec.md",
    "/w/a/plan.md",
    "/w/a/tasks.md",
    "/w/b/requirements.md",
    "/w/b/tasks.md",
    "/w/docs/prd.md",
    "/w/a/deep/spec.md",
    "/w/notes.md",
    "/w/b/plan.md",
    "/w/docs/templates/plan.md",
];

const TEXTS: [&str; 15] = [
    "",
    "# Spec\n\n- **FR-1**: one\n- **FR-2**: two\n",
    "# Spec\n\n## FR-1: one\n\n1. first\n2. second\n\n## FR-3\n\n- **FR-3.1**: x\n",
    "# Plan\n\n## A\n\n_Requirements: FR-1, FR-9_\n\n## B\n\nFR-2 and fr-1\n",
    "# Tasks\n\n- [ ] 1. A\n  - _Requirements: FR-1.1–1.2_\n- [x] 2. B\n  - _Requirements: FR-2, FR-2_\n- [ ] 2. C\n",
    "| ID | Requirement |\n|---|---|\n| FR-4 | four |\n| FR-5 | five |\n",
    "- **NFR-1**: fast\n- **FR-1**: again\n- **FR-1**: and again\n",
    "- **SEC-1**: safe\n\n_Covers: SEC-1, FR-1, 1.1_\n\n### Requirement 1\n\n1. WHEN a THEN b\n",
    "1. **FR-1**: [fill this in]\n\n_Requirements: FR-1.*, 2.1_\n",
    "# Spec\n\n- ~~**FR-1**: one~~ (replaced by FR-2)\n- **FR-2**: two\n- **FR-9** (withdrawn)\n",
    "# Spec\n\n- **FR-1** (formerly FR-2): one\n- **FR-9**: nine\n\n| Old ID | New ID |\n|---|---|\n| FR-3 | FR-9 |\n",
    "## Withdrawn Requirements\n\n- **FR-1**: one\n\n## FR-3: x\n\n**Status**: superseded by FR-2\n\n- **FR-2**: two\n",
    "### Requirement: FR-1\nIt SHALL.\n\n#### Scenario: s\n\n- **FR-2**: text\n",
    "# Plan: [name]\n\n## A (required)\n\n[what it is]\n\n## B\n\n[what it is]\n\n## C\n\n[what it is]\n\n## D (required)\n\n[what it is]\n",
    "# Plan: x\n\n## A\n\n[what it is]\n\n## B\n\nx\n\n## C\n\nx\n",
];

#[derive(Clone, Debug)]
enum Event {
    Expect(usize),
    Put(usize, usize),
    Remove(usize),
    Open(usize, usize),
    Type(usize, u32, &'static str),
    Close(usize),
    Settle,
    Ask(usize),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let (path, text) = (0..PATHS.len(), 0..TEXTS.len());
    let typed = prop::sample::select(vec![
        "x",
        "FR-1",
        "\n- **FR-7**: new\n",
        "\n## FR-8\n",
        "```\n",
        "2",
        "~~",
        " (withdrawn)",
        " (formerly FR-2)",
        "superseded by FR-2\n",
    ]);
    let event = prop_oneof![
        1 => path.clone().prop_map(Event::Expect),
        4 => (path.clone(), text.clone()).prop_map(|(path, text)| Event::Put(path, text)),
        1 => path.clone().prop_map(Event::Remove),
        3 => (path.clone(), text).prop_map(|(path, text)| Event::Open(path, text)),
        6 => (path.clone(), 0..12_u32, typed).prop_map(|(path, line, text)| Event::Type(path, line, text)),
        2 => path.clone().prop_map(Event::Close),
        1 => Just(Event::Settle),
        4 => path.prop_map(Event::Ask),
    ];
    prop::collection::vec(event, 1..40)
}

fn closed(layout: &Layout, path: &FilePath, text: &str) -> Closed {
    Closed::read_at(text, path, layout, &Dialect::home())
}

/// The workspace folder alone, or with folders that have dialects of their own: other families, keys and roles, another
/// place to look ids up in, another dialect for all.
fn layout(own: bool) -> Layout {
    let folder = |folder: &str, choice: Option<&str>, all: &str| {
        let own = CustomDialects {
            folder: folder.into(),
            choice: choice.map(String::from),
            all: toml::from_str(all).expect("it is TOML"),
            ..CustomDialects::default()
        };
        let (home, mistakes) = Dialect::home_of(&own);
        assert_eq!(mistakes, []);
        (FilePath::new(format!("/w/{folder}").trim_end_matches('/')), home)
    };
    let homes = vec![
        folder(
            "",
            None,
            "[ids]\nfamilies = ['SEC', '...']\n[traces]\nkeys = ['Covers', '...']\n[scope]\noutward = ['b', '...']",
        ),
        folder("a", None, "[roles]\nspec = ['tasks.md', '...']\ntasks = ['notes.md']\n[definitions]\nitems = false"),
        folder("a/deep", Some("kiro"), ""),
    ];
    Layout::new(vec![FilePath::new("/w")]).with_homes(if own { homes } else { Vec::new() })
}

/// A folder with levels of its own.
fn settings(own: bool) -> Settings {
    let levels = [("unknown-requirement".to_string(), None), ("id-case".to_string(), Some(Level::Error))];
    let own = own.then(|| (FilePath::new("/w/a"), Settings { levels: levels.into(), ..Settings::default() }));
    Settings { folders: own.into_iter().collect(), ..Settings::default() }
}

/// Everything that can be asked of a world, as text.
fn told(snapshot: &Snapshot) -> String {
    let mut out = String::new();
    for (folder, scope) in snapshot.scopes() {
        out += &format!("{folder} {:?} read {}\n", scope.files().collect::<Vec<_>>(), scope.is_read());
        let index = snapshot.index(folder).expect("the scope is listed");
        let mut ids: Vec<_> = index.all_defined().collect();
        ids.sort();
        for id in ids {
            out += &format!(
                "  {id} {:?} {:?} {} {}\n",
                index.definers_of(id),
                index.files_naming(id).collect::<Vec<_>>(),
                index.is_covered(id),
                index.is_withdrawn(id)
            );
        }
    }
    let mut defined: Vec<_> =
        snapshot.all_defined().map(|(id, scopes)| format!("{id} {:?}\n", scopes.iter().collect::<Vec<_>>())).collect();
    defined.sort();
    out += &defined.concat();
    for path in snapshot.files() {
        for finding in rule::check(snapshot, path) {
            out += &format!(
                "{path} {} {:?} {} {:?} {:?}\n",
                finding.rule.name, finding.span, finding.message, finding.related, finding.fix
            );
        }
    }
    out
}

fn run(events: &[Event], own: bool) -> Result<(), TestCaseError> {
    let layout = layout(own);
    let mut world = World::of(layout.clone(), settings(own));
    let mut version = 0;
    let mut disk: BTreeMap<usize, Option<usize>> = BTreeMap::new();
    let mut memories: BTreeMap<FilePath, rule::Memory> = BTreeMap::new();
    for event in events {
        version += 1;
        let path = |at: &usize| FilePath::new(PATHS[*at]);
        match event {
            Event::Expect(at) => {
                world.expect(&path(at));
                disk.entry(*at).or_insert(None);
            }
            Event::Put(at, text) => {
                let read = closed(&layout, &path(at), TEXTS[*text]);
                world.put(&path(at), read);
                disk.insert(*at, Some(*text));
            }
            Event::Remove(at) => {
                world.remove(&path(at));
                disk.remove(at);
            }
            Event::Open(at, text) => world.open(&path(at), version, TEXTS[*text]),
            Event::Type(at, line, text) => {
                let start = Position { line: *line, column: 3 };
                let change = Change { range: Some(Range { start, end: start }), text: (*text).to_string() };
                world.change(&path(at), version, &[change], Encoding::Utf16);
            }
            Event::Close(at) => world.close(&path(at)),
            Event::Settle => world.settle(),
            // Asking makes indexes, which from then on are kept up to date instead of made; and what was found of a part
            // is kept until it may be wrong.
            Event::Ask(at) => {
                world.settle();
                let snapshot = world.snapshot();
                if let Some(scope) = snapshot.scope_of(&path(at)) {
                    let _ = snapshot.index(scope);
                }
                for path in snapshot.open_files() {
                    let memory = memories.entry(path.clone()).or_default();
                    prop_assert_eq!(rule::check_again(&snapshot, path, memory), rule::check(&snapshot, path));
                }
            }
        }
    }
    world.settle();
    let snapshot = world.snapshot();
    let mut fresh = World::of(layout.clone(), settings(own));
    for (at, text) in &disk {
        let path = FilePath::new(PATHS[*at]);
        match text {
            Some(text) => {
                let read = closed(&layout, &path, TEXTS[*text]);
                fresh.put(&path, read);
            }
            None => fresh.expect(&path),
        }
    }
    for path in snapshot.open_files() {
        fresh.open(path, 1, &snapshot.document(path).expect("it is open").rope().to_string());
    }
    fresh.settle();
    prop_assert_eq!(told(&snapshot), told(&fresh.snapshot()));
    // What a file says does not depend on whether it is open.
    for path in snapshot.open_files() {
        let text = snapshot.document(path).expect("it is open").rope().to_string();
        fresh.close(path);
        let read = closed(&layout, path, &text);
        fresh.put(path, read);
    }
    fresh.settle();
    prop_assert_eq!(told(&snapshot), told(&fresh.snapshot()));
    Ok(())
}

proptest! {
    // Under Wine a case takes eleven times as long, and of the system it knows nothing.
    #![proptest_config(ProptestConfig { cases: if cfg!(windows) { 60 } else { 600 }, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_up_to_date_is_what_is_made_fresh(events in events(), own in any::<bool>()) {
        run(&events, own)?;
    }
}

fn specs(count: usize) -> World {
    let mut world = World::new(vec![FilePath::new("/w")], Settings::default());
    for at in 0..count {
        let path = FilePath::new(&format!("/w/specs/f{at}/spec.md"));
        let read = closed(&layout(false), &path, TEXTS[1]);
        world.put(&path, read);
    }
    world
}

#[test]
fn typing_prose_reads_one_segment_and_updates_no_index() {
    let mut world = specs(50);
    let path = FilePath::new("/w/specs/f7/plan.md");
    world.open(&path, 1, &"# Plan\n\nWords.\n\n_Requirements: FR-1_\n\n".repeat(100));
    let snapshot = world.snapshot();
    let _ = snapshot.index(snapshot.scope_of(&path).unwrap());
    let before = (world.work(), snapshot.revision());
    let start = Position { line: 242, column: 3 };
    let change = Change { range: Some(Range { start, end: start }), text: "x".into() };
    world.change(&path, 2, &[change], Encoding::Utf16);
    world.settle();
    let (after, revision) = (world.work(), world.snapshot().revision());
    assert_eq!(after.segments - before.0.segments, 1);
    assert_eq!(after.whole, before.0.whole);
    assert_eq!(after.index_updates, before.0.index_updates);
    assert_eq!(revision, before.1);
}

#[test]
fn typing_an_id_updates_its_scope_alone() {
    let mut world = specs(50);
    let path = FilePath::new("/w/specs/f7/plan.md");
    world.open(&path, 1, "# Plan\n\nWords.\n");
    for (folder, _) in world.snapshot().scopes() {
        let _ = world.snapshot().index(folder);
    }
    let before = world.work();
    world.take_changed();
    let start = Position { line: 2, column: 0 };
    let change = Change { range: Some(Range { start, end: start }), text: "FR-1 ".into() };
    world.change(&path, 2, &[change], Encoding::Utf16);
    world.settle();
    assert_eq!(world.work().index_updates - before.index_updates, 1);
    assert_eq!(world.take_changed().into_iter().map(|scope| scope.to_string()).collect::<Vec<_>>(), ["/w/specs/f7"]);
}
