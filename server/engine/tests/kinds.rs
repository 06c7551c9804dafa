//! Kinds of writing that were misread in documents nobody had tuned the reader to: what is understood, and what is found.

#![expect(clippy::unwrap_used, reason = "whatever fails here is the test failing")]

use traceline_engine::dialect::Dialect;
use traceline_engine::export::inspect;
use traceline_engine::path::FilePath;
use traceline_engine::rule;
use traceline_engine::settings::{Level, Settings};
use traceline_engine::world::{Closed, Snapshot, World};

fn world(fixture: &str) -> (Snapshot, Vec<(FilePath, &str)>) {
    let mut world = World::new(vec![FilePath::new("/w")], Settings::default());
    let home = Dialect::home();
    let mut files = Vec::new();
    for (path, text) in fixture.split("//- ").skip(1).map(|file| file.split_once('\n').unwrap()) {
        let full = FilePath::new(&format!("/w/{path}"));
        world.put(&full, Closed::read(text, home.at(path), home.role_of(path)));
        files.push((full, text));
    }
    (world.snapshot(), files)
}

/// What is said of a fixture's files, where `//- path` starts a file: rules with their messages, from `level` on.
fn told(fixture: &str, level: Level) -> Vec<String> {
    let (snapshot, files) = world(fixture);
    let found = files.iter().flat_map(|(path, _)| rule::check(&snapshot, path));
    let loud = found.filter(|finding| finding.level >= level);
    loud.map(|finding| format!("{}: {}", finding.rule.name, finding.message)).collect()
}

fn warnings(fixture: &str) -> Vec<String> {
    told(fixture, Level::Warning)
}

/// The ids that the fixture's files define, `~` before one that is withdrawn, and those that their trace lines name, `!`
/// behind one that nothing defines.
fn ids(fixture: &str) -> (Vec<String>, Vec<String>) {
    let (snapshot, files) = world(fixture);
    let reports = files.iter().map(|(path, text)| inspect::report(&snapshot, path, text).unwrap());
    let (mut defined, mut traced) = (Vec::new(), Vec::new());
    for report in reports {
        defined.extend(
            report.definitions.into_iter().map(|it| format!("{}{}", if it.withdrawn { "~" } else { "" }, it.id)),
        );
        let lines = report.references.into_iter().filter(|it| it.kind == "trace-line");
        traced.extend(lines.map(|it| format!("{}{}", it.id, if it.resolved.is_empty() { "!" } else { "" })));
    }
    (defined, traced)
}

#[test]
fn a_prompt_is_no_document_by_its_place_or_its_front_matter() {
    let spec = "//- specs/a/spec.md\n- **FR-1**: The system SHALL print.\n";
    for (path, front) in [
        (".claude/commands/tasks.md", ""),
        ("specs/a/tasks.md", "---\nname: x\ntools: Read\n---\n"),
        ("specs/a/tasks.md", "---\nallowed-tools:\n  - Read\n---\n"),
        ("specs/a/plan.md", "---\ndescription: x\nargument-hint: <feature>\n---\n"),
    ] {
        let prompt = format!(
            "{spec}//- {path}\n{front}# Write [the plan here]\n\n- [ ] 1. [What to do]\n  - _Requirements: FR-9_\n"
        );
        assert_eq!(warnings(&prompt), [""; 0], "{path} {front}");
    }
    let document =
        format!("{spec}//- specs/a/tasks.md\n---\nstatus: draft\n---\n- [ ] 1. Print\n  - _Requirements: FR-9_\n");
    assert_eq!(warnings(&document), ["unknown-requirement: `FR-9` is not defined in specs/a"]);
}

#[test]
fn the_reason_for_being_no_document_is_told() {
    let text = "---\nname: x\ntools: Read\n---\n# T\n";
    let fixture = format!("//- a/tasks.md\n{text}//- .claude/agents/tasks.md\n# T\n");
    let (snapshot, files) = world(&fixture);
    let reasons = files.iter().map(|(path, text)| inspect::report(&snapshot, path, text).unwrap());
    let reasons: Vec<_> = reasons.map(|it| (it.role, it.role_evidence.unwrap_or_default())).collect();
    assert_eq!(reasons, [("none", "tools: Read".to_string()), ("none", "**/.*/agents/**".to_string())]);
}
