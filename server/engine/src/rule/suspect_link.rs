//! `suspect-link`: a requirement says something else than when what traces it was reviewed.

use super::repeated::MOST_PLACES;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::document::Document;
use crate::facts::{Facts, Form, Kind};
use crate::fingerprint::Fingerprint;
use crate::id::Id;
use crate::query::{Defined, Place, Statement, references_to, statements_in};
use crate::review::counts;
use crate::review_lock::{holds, scope_name};
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::sync::Arc;

pub(super) const RULE: Rule = Rule {
    name: "suspect-link",
    level: Some(Level::Information),
    what: "A requirement says something else than when it was reviewed.",
    why: "What traces it was made for other words: plans, tasks and code may still do what it used to say. `traceline review` \
          keeps what each requirement said in `traceline-review.lock` at the top of the workspace; where there is no such file, \
          and for requirements that it does not hold, the rule is silent. One finding stands at the requirement, with the places \
          that trace it, as these are many and the cause is one. Words count, how they are written does not: emphasis, wrapping, \
          the numbers of list items and punctuation around words may change, and so may the file that a requirement stands in; \
          numbers and signs such as `<` are words. Of several definitions of an id the first counts. What is withdrawn is no \
          longer told of. The hover shows which words have changed. Once what traces the requirement fits again, the code action \
          *Mark as reviewed* or `traceline review FR-1` says so.",
    bad: "//- traceline-review.lock\n# traceline-review 1\n.\tFR-1\t883bbd1b3de365e5\tFR-1 The system SHALL lock the account after 3 attempts\n//- spec.md\n# Login\n\n- **FR-1**: The system SHALL lock the account after 5 attempts.\n//- tasks.md\n# Tasks\n\n- [x] 1. Lock accounts\n  - _Requirements: FR-1_\n",
    good: "//- traceline-review.lock\n# traceline-review 1\n.\tFR-1\t883bbd1b3de365e5\tFR-1 The system SHALL lock the account after 3 attempts\n//- spec.md\n# Login\n\n- **FR-1**: The system **SHALL** lock\n  the account after 3 attempts\n//- tasks.md\n# Tasks\n\n- [x] 1. Lock accounts\n  - _Requirements: FR-1_\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    out.extend(found(check, |_| true).into_iter().map(|(_, finding)| finding));
}

/// Those whose ids `span` touches.
pub(super) fn touching(check: &Check<'_>, span: Span) -> Vec<(Id, Finding)> {
    found(check, |place| place.start <= span.end && span.start <= place.end)
}

fn found(check: &Check<'_>, wanted: impl Fn(Span) -> bool) -> Vec<(Id, Finding)> {
    let mut out = Vec::new();
    let Some((folder, lock)) = check.snapshot.reviews_of(check.view.path) else { return out };
    let scope = check.view.scope;
    let Some(known) = lock.scope(scope_name(scope, folder)).filter(|known| !known.is_empty() && !check.template) else {
        return out;
    };
    let mut words = Words::new(check);
    for statement in statements_in(&check.view) {
        let Defined { facts, definition, base, .. } = statement.defined;
        let id = facts.id(definition.id);
        let wanted = !definition.withdrawn && wanted(definition.place.shifted(base));
        let Some(reviews) = known.get(id).filter(|_| wanted) else { continue };
        let changed = words.fingerprint(&statement).is_some_and(|now| !holds(reviews, now));
        if changed && counts(check.snapshot, scope, id, definition) {
            out.push((id.clone(), told(check, id, &statement, base)));
        }
    }
    words.end();
    out
}

fn told(check: &Check<'_>, id: &Id, statement: &Statement<'_>, base: u32) -> Finding {
    let mut places: Vec<Place> = references_to(check.snapshot, check.view.scope, id)
        .into_iter()
        .filter(|it| matches!(it.kind, Kind::Trace | Kind::Tag))
        .map(|it| it.place)
        .collect();
    places.dedup();
    let trace = match places.len() {
        0 => String::new(),
        1 => " · one place traces it".into(),
        count => format!(" · {count} places trace it"),
    };
    let message = format!("`{id}` says something else than when it was reviewed{trace}");
    let mut finding = Finding::new(&RULE, statement.defined.definition.place.shifted(base), message);
    finding.help = Some("see whether what traces it still fits, and mark it as reviewed then".into());
    finding.related = places.into_iter().take(MOST_PLACES).map(|it| (it, format!("this traces `{id}`"))).collect();
    finding
}

/// Fingerprints of what the requirements of an open document said, kept from one edit to the next.
#[derive(Debug, Default)]
pub(super) struct Prints {
    /// By the part that holds the definition, and its number there.
    statements: FxHashMap<(usize, u32), Print>,
    /// By the texts: in a part that was read again most are as they were.
    texts: FxHashMap<Fingerprint, Fingerprint>,
    /// How many statements were taken apart into words; tests count it.
    worded: usize,
}

/// That of a statement, with the parts of the document that hold it: while they are the same, so is it.
#[derive(Debug)]
struct Print {
    parts: Vec<Arc<Facts>>,
    text: Fingerprint,
    fingerprint: Fingerprint,
}

/// What the requirements of the file that is checked say.
struct Words<'a, 'c> {
    check: &'c Check<'a>,
    /// The text of a closed file, read once and only where a requirement of it was reviewed.
    text: OnceCell<Option<String>>,
    before: Prints,
    after: Prints,
    /// The parts of an open document, with where they begin.
    parts: Vec<(u32, &'a Arc<Facts>)>,
}

impl<'a, 'c> Words<'a, 'c> {
    fn new(check: &'c Check<'a>) -> Self {
        let parts = check.view.document().map_or_else(Vec::new, |document| Document::parts(document).collect());
        Self { check, text: OnceCell::new(), before: check.prints.take(), after: Prints::default(), parts }
    }

    /// That of what a requirement says; none where the file is not any more what was read.
    fn fingerprint(&mut self, statement: &Statement<'_>) -> Option<Fingerprint> {
        if self.check.view.document().is_none() {
            let read = || (self.check.text)().filter(|text| self.check.view.is_as_read(text));
            let text = self.text.get_or_init(read).as_deref()?;
            return Some(statement.wording(&statement.text(text)).fingerprint());
        }
        let span = statement.span;
        let first = self.parts.partition_point(|(start, _)| *start <= span.start).saturating_sub(1);
        let behind = self.parts.partition_point(|(start, _)| *start < span.end).max(first + 1);
        let parts = self.parts.get(first..behind)?;
        let key = (std::ptr::from_ref(statement.defined.facts) as usize, statement.number);
        let known = self.before.statements.remove(&key);
        let is_same = |known: &Print| {
            known.parts.len() == parts.len() && known.parts.iter().zip(parts).all(|(a, (_, b))| Arc::ptr_eq(a, b))
        };
        let print = known.filter(is_same).or_else(|| {
            let own = statement.open_text()?;
            let is_row = statement.defined.definition.form == Form::Row;
            let text = Fingerprint::of([if is_row { "|" } else { "" }, &own]);
            let fingerprint = self.before.texts.get(&text).copied().unwrap_or_else(|| {
                self.after.worded += 1;
                statement.wording(&own).fingerprint()
            });
            Some(Print { parts: parts.iter().map(|(_, facts)| Arc::clone(facts)).collect(), text, fingerprint })
        })?;
        let fingerprint = print.fingerprint;
        self.after.texts.insert(print.text, fingerprint);
        self.after.statements.insert(key, print);
        Some(fingerprint)
    }

    fn end(self) {
        self.check.prints.replace(self.after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Change;
    use crate::feature::Source;
    use crate::fixture::{Texts, files, world};
    use crate::path::FilePath;
    use crate::review::{Standing, requirements_in};
    use crate::review_lock::Lock;
    use crate::rule::{self, Memory, check_again, check_text};
    use crate::settings::Settings;
    use crate::text::{Encoding, position_in};
    use crate::world::{Snapshot, World};
    use proptest::prelude::*;

    /// The lock of everything in a world, as `review --all` makes it.
    fn reviewed(snapshot: &Snapshot, texts: &Texts) -> Lock {
        let mut lock = Lock::default();
        for path in snapshot.files() {
            let view = snapshot.view(path).expect("it was read");
            let text = texts.text(path);
            for it in requirements_in(snapshot, &view, || text).expect("nothing has changed") {
                lock.put(scope_name(view.scope, &FilePath::new("/w")), it.id, it.wording);
            }
        }
        lock
    }

    fn put(world: &mut World, lock: &Lock) {
        let reviews = [(FilePath::new("/w"), Arc::new(lock.clone()))].into();
        world.set_settings(Settings { reviews, ..Settings::default() });
    }

    /// What is suspect in `after`, where `before` was reviewed; the same with all files closed and all open.
    fn suspects(before: &str, after: &str) -> Vec<Finding> {
        let lock = reviewed(&world(before).snapshot(), &Texts(files(before)));
        let (mut world, texts) = (world(after), Texts(files(after)));
        put(&mut world, &lock);
        let found = |world: &World| -> Vec<Finding> {
            let snapshot = world.snapshot();
            let all = snapshot.files().flat_map(|path| check_text(&snapshot, path, &|| texts.text(path)));
            all.filter(|it| it.rule == &RULE).collect()
        };
        let closed = found(&world);
        texts.0.iter().for_each(|(path, text)| world.open(path, 1, text));
        assert_eq!(found(&world), closed);
        closed
    }

    fn told(before: &str, after: &str) -> Vec<String> {
        suspects(before, after).into_iter().map(|it| it.message).collect()
    }

    const SPEC: &str = "//- a/spec.md\n# S\n\n### FR-1: Sign in\n\nBy **password**, at once.\n\n- **FR-1.1**: Lock after 3 tries\n- **FR-1.2**: Tell it\n\n## More\n\n| ID | Requirement |\n|---|---|\n| FR-2 | Sign out |\n";
    const TASKS: &str =
        "//- a/tasks.md\n- [x] 1. T\n  - _Requirements: FR-1.1, FR-1.2_\n- [ ] 2. U\n  - _Requirements: FR-1.1_\n";

    #[test]
    fn words_make_a_requirement_suspect_and_how_they_are_written_does_not() {
        let all = format!("{SPEC}{TASKS}");
        for same in [
            all.clone(),
            all.replace("By **password**, at once.", "By\n*password*: at once"),
            all.replace("- **FR-1.1**: Lock after", "12. __FR-1.1__ — Lock\n    after"),
            all.replace("| FR-2 | Sign out |", "|  **FR-2**  |  *Sign*   out  |"),
            all.replace("### FR-1", "#### FR-1").replace("# S\n", "# Another title\n\nWords.\n"),
            all.replace('\n', "\r\n")
                .replace("//- a/spec.md\r", "//- a/spec.md")
                .replace("//- a/tasks.md\r", "//- a/tasks.md"),
            all.replace("1. T", "1. Other words"),
            all.replace("FR-1.1, FR-1.2_", "FR-1.1, FR-1.2, FR-2_"),
            all.replace("a/spec.md", "a/requirements.md"),
            all.replace("| FR-2 | Sign out |\n", "| FR-2 | Sign out |\n| FR-3 | New |\n"),
            all.replace("- **FR-1.2**: Tell it", "- **FR-1.2**: Tell it\n- **FR-1.3**: New"),
            all.replace("- **FR-1.2**: Tell it\n", ""),
            all.replace("- **FR-1.2**: Tell it", "- ~~**FR-1.2**: Tell it not~~"),
        ] {
            assert_eq!(told(&all, &same), [""; 0], "{same}");
        }
        let changed = "says something else than when it was reviewed";
        for (old, new, wanted) in [
            ("3 tries", "5 tries", format!("`FR-1.1` {changed} · 2 places trace it")),
            ("Tell it", "Tell it not", format!("`FR-1.2` {changed} · one place traces it")),
            ("Sign out", "Sign off", format!("`FR-2` {changed}")),
            ("Sign in", "Log in", format!("`FR-1` {changed}")),
            ("at once", "soon", format!("`FR-1` {changed}")),
        ] {
            assert_eq!(told(&all, &all.replace(old, new)), [wanted], "{new}");
        }
        let found = suspects(&all, &all.replace("3 tries", "5 tries"));
        let places: Vec<_> =
            found[0].related.iter().map(|(place, words)| (place.path.as_str(), words.as_str())).collect();
        assert_eq!(places, [("/w/a/tasks.md", "this traces `FR-1.1`"); 2]);
    }

    #[test]
    fn ids_of_features_are_told_apart_and_of_several_definitions_the_first_counts() {
        let both = format!("{SPEC}{}", SPEC.replace("a/spec", "b/spec"));
        assert_eq!(told(&both, &format!("{SPEC}{}", SPEC.replace("a/spec", "b/spec").replace("Tell", "Say"))).len(), 1);
        let twice = "//- a/spec.md\n# S\n\n- **FR-1**: one\n- **FR-1**: two\n";
        assert_eq!(told(twice, twice), [""; 0]);
        assert_eq!(told(twice, &twice.replace("two", "three")), [""; 0]);
        assert_eq!(told(twice, &twice.replace("one", "three")).len(), 1);
        // What a table restates beside the requirement's own item does not state it.
        let table = "//- a/spec.md\n# S\n\n- **FR-1**: one\n\n| ID | Requirement |\n|---|---|\n| FR-1 | short |\n";
        assert_eq!(told(table, &table.replace("short", "shorter")), [""; 0]);
    }

    #[test]
    fn counted_criteria_and_named_requirements_are_held_too() {
        let kiro = "//- .kiro/specs/a/requirements.md\n### Requirement 1: x\n\n**User Story:** y\n\n#### Acceptance Criteria\n\n1. WHEN a\n2. WHEN b\n";
        assert_eq!(told(kiro, &kiro.replace("WHEN b", "WHEN c")).len(), 1);
        assert_eq!(told(kiro, &kiro.replace("2. WHEN b\n", "2. WHEN b\n3. WHEN c\n")), [""; 0]);
        let openspec = "//- openspec/specs/a/spec.md\n# A\n\n## Requirements\n\n### Requirement: Sign in\n\nThe system SHALL ask.\n\n#### Scenario: Wrong\n\n- **WHEN** it is wrong\n- **THEN** say so\n";
        for change in ["SHALL ask|SHALL not ask", "say so|say no"] {
            let (old, new) = change.split_once('|').expect("two");
            assert_eq!(told(openspec, &openspec.replace(old, new)).len(), 1, "{change}");
        }
    }

    #[test]
    fn it_may_be_allowed_in_one_place_and_turned_off() {
        let allowed = SPEC.replace(
            "- **FR-1.1**: Lock after 3",
            "<!-- traceline: allow suspect-link wording only -->\n\n- **FR-1.1**: Lock after 5",
        );
        assert_eq!(told(SPEC, &allowed), [""; 0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_was_reviewed_is_not_suspect_and_one_word_makes_one_suspect(
            texts in proptest::collection::vec(("[A-Za-z<%5 字]{1,12}", 0..5_u8, proptest::bool::ANY), 1..12),
            at in any::<proptest::sample::Index>(),
        ) {
            let spec = |changed: Option<usize>| {
                let mut out = String::from("//- a/spec.md\n# S\n\n");
                for (number, (words, form, section)) in texts.iter().enumerate() {
                    // What stands in a tag that nothing closes (`<p added`) is no word of the statement.
                    let words = words.replace('<', "< ");
                    let words = if changed == Some(number) { format!("{words} added") } else { words };
                    if *section { out += &format!("## Section {number}\n\n"); }
                    out += &match form {
                        0 => format!("### FR-{number}: t\n\n{words}\n\n"),
                        1 => format!("- **FR-{number}**: {words}\n\n"),
                        2 => format!("**FR-{number}** {words}\n\n"),
                        3 => format!("| ID | Requirement |\n|---|---|\n| FR-{number} | {words} |\n\n"),
                        _ => format!("1. **FR-{number}**: {words}\n   more **words**\n\n"),
                    };
                }
                out
            };
            let before = spec(None);
            prop_assert_eq!(told(&before, &before), [""; 0]);
            let changed = at.index(texts.len());
            let after = told(&before, &spec(Some(changed)));
            prop_assert_eq!(after, [format!("`FR-{changed}` says something else than when it was reviewed")]);
        }

        #[test]
        fn what_is_kept_from_one_edit_to_the_next_is_what_is_found_anew(
            edits in proptest::collection::vec((any::<proptest::sample::Index>(), 0..3_usize, "[a#\\n *-]{0,3}"), 1..12),
        ) {
            let path = FilePath::new("/w/a/spec.md");
            let mut world = world(SPEC);
            let lock = reviewed(&world.snapshot(), &Texts(files(SPEC)));
            put(&mut world, &lock);
            world.open(&path, 1, &files(SPEC)[0].1);
            let mut memory = Memory::default();
            for (step, (at, removed, text)) in edits.into_iter().enumerate() {
                let snapshot = world.snapshot();
                let rope = snapshot.document(&path).expect("it is open").rope();
                let chars = rope.len_chars();
                let start = at.index(chars + 1);
                let end = (start + removed).min(chars);
                let place = |at: usize| position_in(rope, crate::text::narrow(rope.char_to_byte(at)), Encoding::Utf16);
                let range = Some(crate::text::Range { start: place(start), end: place(end) });
                world.change(&path, i32::try_from(step).unwrap() + 2, &[Change { range, text }], Encoding::Utf16);
                world.settle();
                let snapshot = world.snapshot();
                prop_assert_eq!(check_again(&snapshot, &path, &mut memory), rule::check(&snapshot, &path));
            }
        }
    }

    #[test]
    fn one_letter_makes_the_words_of_one_requirement() {
        let mut spec = String::from("//- a/spec.md\n# S\n\n");
        for number in 0..40 {
            spec += &format!("## Section {number}\n\n");
            (0..5).for_each(|at| spec += &format!("- **FR-{number}.{at}**: Words of it\n"));
        }
        let path = FilePath::new("/w/a/spec.md");
        let mut world = world(&spec);
        let lock = reviewed(&world.snapshot(), &Texts(files(&spec)));
        put(&mut world, &lock);
        let text = files(&spec).remove(0).1;
        world.open(&path, 1, &text);
        let mut memory = Memory::default();
        let _ = check_again(&world.snapshot(), &path, &mut memory);
        assert_eq!(memory.prints.worded, 200);
        let line = u32::try_from(text[..text.find("FR-20.2").expect("it is there")].lines().count()).unwrap() - 1;
        let at = crate::text::Position { line, column: 16 };
        let range = Some(crate::text::Range { start: at, end: at });
        world.change(&path, 2, &[Change { range, text: "x".into() }], Encoding::Utf16);
        world.settle();
        let found = check_again(&world.snapshot(), &path, &mut memory);
        assert_eq!((memory.prints.worded, memory.prints.statements.len()), (1, 200));
        assert_eq!(found.iter().filter(|it| it.rule == &RULE).count(), 1, "{found:?}");
    }

    #[test]
    fn a_requirement_stands_to_its_review_in_one_of_three_ways() {
        let before = world("//- a/spec.md\n# S\n\n- **FR-1**: one\n- **FR-2**: two\n").snapshot();
        let texts = Texts(files("//- a/spec.md\n# S\n\n- **FR-1**: one\n- **FR-2**: two\n"));
        let lock = reviewed(&before, &texts);
        let after = "//- a/spec.md\n# S\n\n- **FR-1**: one\n- **FR-2**: three\n- **FR-3**: new\n";
        let (snapshot, path) = (world(after).snapshot(), FilePath::new("/w/a/spec.md"));
        let all =
            requirements_in(&snapshot, &snapshot.view(&path).expect("it is there"), || Some(files(after)[0].1.clone()));
        let standing: Vec<Standing> =
            all.expect("it is as read").iter().map(|it| it.standing(lock.of("a", it.id))).collect();
        assert_eq!(standing, [Standing::Reviewed, Standing::Suspect, Standing::New]);
        assert!(
            requirements_in(&snapshot, &snapshot.view(&path).expect("it is there"), || Some("gone".into())).is_none()
        );
    }
}
