//! How lines end changes nothing that is found, and what is written into a file ends its lines as the file does.

#![expect(clippy::unwrap_used, reason = "whatever fails here is the test failing")]

use proptest::prelude::*;
use std::collections::BTreeSet;
use traceline_engine::dialect::Dialect;
use traceline_engine::feature::Source;
use traceline_engine::feature::formatting::{formatting, on_type};
use traceline_engine::feature::refactoring::code_action::{Kind, Place, actions, perform};
use traceline_engine::path::FilePath;
use traceline_engine::rule;
use traceline_engine::settings::Settings;
use traceline_engine::text::{Encoding, Span};
use traceline_engine::world::{Closed, Snapshot, World};

/// Of each kind of document one that has something wrong with it in most places where lines meet.
const PROJECT: [(&str, &str); 7] = [
    (
        "specs/login/spec.md",
        "---\ntitle: Login\nrequirements:\n  - FR-1.9\n---\n\n# Login\n\nSetext\n------\n\n## Functional Requirements\n\n\
         1. **FR-1.1**: WHEN a user signs in\n   THEN the system SHALL open a session\n2. **FR-1.2**: Wrong passwords are refused\n\
         2. **FR-1.2**: Twice\n\n| ID | Requirement |\n|---|---|\n| FR-1.4 | In a table |\n| FR-1.4 | Again |\n\n\
         ```text\n**FR-9**: in a fence\n```\n\n## Open Questions\n\n- [ ] Who asks?\n\n[link]: plan.md#fr-1\n",
    ),
    (
        "specs/login/plan.md",
        "# Plan\n\n## Sessions\n\n[Name the part]\n\nA session, see FR-1.1\nand FR-7.7.\n\n_Requirements: FR-1.1,\nFR-1.3_\n\n\
         ## Passwords\n\n<!-- traceline: allow unknown-requirement -->\n\n_Requirements: FR-9.8_\n\n## Empty\n\n## Last\n\nWords [TODO]\n",
    ),
    (
        "specs/login/tasks.md",
        "# Tasks\n\n- [x] 1. Make sessions\n  - _Requirements: FR-1.1, FR-1.1, FR-9.9_\n- [ ] 2. Refuse\n  passwords\n\n\
         \x20 _Requirements: fr-1.2_\n- [ ] 2. Twice\n- [ ] 3. Lone\n\n> - [ ] 4. Quoted\n>   - _Requirements: FR-1.4\n\nEnd",
    ),
    (
        ".kiro/specs/mail/requirements.md",
        "# Requirements Document\n\n## Requirements\n\n### Requirement 1: Mail\n\n**User Story:** As a user\nI want mail\n\n\
         #### Acceptance Criteria\n\n1. WHEN mail comes\n   THEN it SHALL be shown\n2. IF it is large THEN it SHALL wait\n",
    ),
    (
        ".kiro/specs/mail/tasks.md",
        "# Plan\n\n- [ ] 1. Show mail\n  - words\n  - _Requirements: 1.1,\n    1.7_\n- [ ] 1.1 Part\n",
    ),
    (
        "openspec/specs/pay/spec.md",
        "# Pay\n\n## Requirements\n\n### Requirement: Pays\nThe system SHALL pay.\n\n### Requirement: Refunds\nThe system SHALL refund.\n\n\
         #### Scenario: Back\n- **WHEN** asked\n- **THEN** paid back\n",
    ),
    (
        "openspec/changes/fast/specs/pay/spec.md",
        "## MODIFIED Requirements\n\n### Requirement: Payz\nThe system SHALL.\n",
    ),
];

fn world(texts: &[(FilePath, String)]) -> World {
    let mut world = World::new(vec![FilePath::new("/w")], Settings::default());
    for (path, text) in texts {
        let (home, relative) = (Dialect::home(), path.relative_to("/w"));
        world.put(path, Closed::read(text, home.at(relative), home.role_of(relative)));
    }
    world
}

/// The project with the ends of lines that are drawn, one after the other.
fn project(mut end: impl FnMut() -> &'static str) -> Vec<(FilePath, String)> {
    let written = |text: &str| text.split_inclusive('\n').map(|line| line.replace('\n', end())).collect::<String>();
    let mut written = written;
    PROJECT.iter().map(|(path, text)| (FilePath::new(&format!("/w/{path}")), written(text))).collect()
}

/// What is found of each file, by lines and columns; offsets differ by what ends the lines before.
fn told(snapshot: &Snapshot) -> Vec<String> {
    let mut out = Vec::new();
    for path in snapshot.files() {
        let view = snapshot.view(path).unwrap();
        let at = |span: Span| view.range(span, Encoding::Utf16);
        for finding in rule::check(snapshot, path) {
            let fix = finding.fix.as_ref().map(|fix| fix.title.as_str());
            let place = at(finding.span);
            out.push(format!("{path} {} {:?} {place:?} {} {fix:?}", finding.rule.name, finding.level, finding.message));
        }
        for (base, facts) in view.parts() {
            for definition in &facts.definitions {
                out.push(format!(
                    "{path} defines {} {:?}",
                    facts.id(definition.id),
                    at(definition.place.shifted(base)).start
                ));
            }
            for reference in &facts.references {
                out.push(format!("{path} names {:?}", at(reference.span.shifted(base))));
            }
        }
    }
    // An open file's parts come one after the other.
    out.sort();
    out
}

/// Opens each file of the world, so that what is said of open ones is said.
fn opened(texts: &[(FilePath, String)]) -> Snapshot {
    let mut world = world(texts);
    for (path, text) in texts {
        world.open(path, 1, text);
    }
    world.settle();
    world.snapshot()
}

#[test]
fn the_project_has_something_to_find() {
    let said = told(&world(&project(|| "\n")).snapshot());
    let rules: BTreeSet<&str> = said.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    assert!(said.len() > 40 && rules.len() > 12, "{rules:?}: {said:#?}");
}

#[test]
fn lines_that_end_as_on_windows_say_the_same() {
    let wanted = told(&world(&project(|| "\n")).snapshot());
    let crlf = project(|| "\r\n");
    assert_eq!(told(&world(&crlf).snapshot()), wanted);
    assert_eq!(told(&opened(&crlf)), wanted);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn lines_that_end_in_both_ways_say_the_same(ends in prop::collection::vec(any::<bool>(), 1..97)) {
        let wanted = told(&world(&project(|| "\n")).snapshot());
        let mut ends = ends.iter().cycle();
        let mixed = project(|| if *ends.next().unwrap() { "\r\n" } else { "\n" });
        prop_assert_eq!(told(&world(&mixed).snapshot()), wanted.clone());
        prop_assert_eq!(told(&opened(&mixed)), wanted);
    }
}

/// All files are open.
struct Nothing;

impl Source for Nothing {
    fn text(&self, _: &FilePath) -> Option<String> {
        None
    }
}

/// A line that ends without the `\r` of all others.
fn lone(text: &str) -> Option<&str> {
    text.split_inclusive('\n').find(|line| line.ends_with('\n') && !line.ends_with("\r\n"))
}

#[test]
fn what_is_written_ends_its_lines_as_the_file_does() {
    let texts = project(|| "\r\n");
    let snapshot = opened(&texts);
    let text_of = |path: &FilePath| &texts.iter().find(|(it, _)| it == path).unwrap().1;
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    let mut done = BTreeSet::new();
    for (path, text) in &texts {
        for line in text.match_indices('\n').map(|(at, _)| at) {
            let offset = text.floor_char_boundary(line.saturating_sub(3));
            let place = Place { snapshot: &snapshot, source: &Nothing, path, span: Span::new(offset, offset) };
            for offer in actions(place, Some(&kinds), false) {
                let Ok(proposal) = perform(place, &offer.deed) else { continue };
                for file in proposal.edited_files() {
                    let after = proposal.applied_to(file, text_of(file));
                    assert_eq!(lone(&after), None, "{} at {offset} of {path}: {after:?}", offer.title);
                }
                done.insert(offer.title.split('`').next().unwrap_or_default().to_string());
            }
            // Behind the end of the line: what an editor asks after Enter.
            let next = u32::try_from(line + 1).unwrap();
            for edit in on_type::on_enter(&snapshot, path, next).into_iter().flatten() {
                assert_eq!(lone(&edit.text), None, "Enter at {next} of {path}: {edit:?}");
            }
        }
        for edit in formatting(&snapshot, path, None) {
            assert_eq!(lone(&edit.text), None, "formatting {path}: {edit:?}");
        }
    }
    assert!(done.len() > 12, "only {done:?} were done");
}
