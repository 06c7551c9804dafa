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

const KIRO: &str = "//- .kiro/specs/shop/requirements.md\n### Requirement 1: Cart\n\n#### Acceptance Criteria\n\n1. WHEN added THEN it SHALL answer\n2. WHEN removed THEN it SHALL answer\n\n### Requirement 2: Pay\n\n1. WHEN paid THEN it SHALL answer\n2. WHEN it fails THEN it SHALL answer\n\n### Requirement 2A: Refund\n\n1. WHEN refunded THEN it SHALL answer\n2. WHEN refused THEN it SHALL answer\n\n### Requirement 3: Export\n\n1. WHEN exported THEN it SHALL answer\n";

/// A specification with FR-1, FR-2 and NFR-1 and, behind it, the tasks that `text` ends.
fn tasks(text: &str) -> String {
    let spec = "//- specs/a/spec.md\n# A\n\n- **FR-1**: It SHALL print\n- **FR-2**: It SHALL save\n- **NFR-1**: It SHALL take 1 s at most\n";
    format!("{spec}//- specs/a/tasks.md\n# Tasks\n\n- [ ] 1. Print\n  - _Requirements: FR-1_\n{text}\n")
}

#[test]
fn a_lettered_sibling_takes_no_criteria_away() {
    for heading in ["2A", "2a", "2-A", "2.A"] {
        let spec = KIRO.replace("Requirement 2A", &format!("Requirement {heading}"));
        let traces = "//- .kiro/specs/shop/tasks.md\n- [ ] 1. A\n  - _Requirements: 1.2, 2.1-2.2, 2A.1-2A.2, 2A, 3.1_\n- [ ] 2. B\n  - _Requirements: 2A.4_\n";
        let all = format!("{spec}{traces}");
        let (_, traced) = ids(&all);
        assert_eq!(traced, ["1.2", "2.1", "2.2", "2A.1", "2A.2", "2A", "3.1", "2A.4!"], "{heading}");
        let told = warnings(&all);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("unknown-requirement: `2A.4` is not defined"), "{told:?}");
    }
}

#[test]
fn a_lettered_story_is_a_story() {
    let spec =
        "//- specs/001-a/spec.md\n### User Story 2 - Pay\n\n### User Story 2A - Refund\n\n- **FR-001**: It MUST pay\n";
    let tagged = |tag: &str| warnings(&format!("{spec}//- specs/001-a/tasks.md\n- [ ] T001 [{tag}] Do in a.py\n"));
    assert_eq!(tagged("US2A"), [""; 0]);
    assert_eq!(tagged("US2B"), ["unknown-story: `US2B` is no story of specs/001-a"]);
}

#[test]
fn numbers_of_sections_count_where_tasks_trace_to_them() {
    let spec = "//- docs/x/requirements.md\n# X\n\n## 1. Files\n\n### 1.1 Format\n\nCSV.\n\n### 1.2 Name\n\nA date.\n\n## 2) Limits\n\n### 2.1) Size\n\nSmall.\n";
    let traces = "//- docs/x/tasks.md\n- [ ] 1. A\n  - _Requirements: 1.1, 1.2, 2_\n- [ ] 2. B\n  - _Requirements: 1.3_\n- [ ] 3. C\n  - _Requirements: 5.1_\n";
    let all = format!("{spec}{traces}");
    assert_eq!(warnings(&all), ["unknown-requirement: `1.3` is not defined in docs/x"]);
    let quiet = told(&all, Level::Information);
    assert!(
        quiet.iter().any(|it| it.starts_with("unknown-requirement: `5.1` is not defined in docs/x · a remark")),
        "{quiet:?}"
    );
    let chapters = format!("{spec}//- docs/x/tasks.md\n- [ ] 1. A\n  - _Requirements: 1.1, 3.4, 4.2_\n");
    assert_eq!(told(&chapters, Level::Information), [""; 0], "these trace to something else");
}

#[test]
fn ids_stand_behind_anchors_and_at_the_end_of_lines() {
    for line in [
        "| ID | Requirement |\n| --- | --- |\n| <a id=\"fr-1\"></a>**FR-1** | It SHALL print |",
        "| ID | Requirement |\n| --- | --- |\n| <a name=\"fr-1\"/>FR-1 | It SHALL print |",
        "- <span id=\"fr-1\"></span>**FR-1**: It SHALL print",
        "### <a id=\"fr-1\"></a>FR-1: Print",
        "<a id=\"fr-1\"></a>\n**FR-1**: It SHALL print",
        "- It SHALL print *(FR-1)*",
        "- It SHALL print **[FR-1]**.",
        "1. WHEN asked: it SHALL print _(FR-1)_",
        "### Print *(FR-1)*",
        "- ✅ **FR-1**: It SHALL print",
        "| ID | Requirement |\n| --- | --- |\n| [FR-1](#fr-1) | It SHALL print |",
        "| ID | Requirement |\n| --- | --- |\n| `FR-1` | It SHALL print |",
        "- It SHALL print {#FR-1}",
    ] {
        let (defined, _) = ids(&format!("//- specs/a/spec.md\n# A\n\n{line}\n"));
        assert_eq!(defined, ["FR-1"], "{line}");
    }
    let story = "//- specs/a/spec.md\n# A\n\n- **FR-1**: It SHALL print *(US-1)*\n- It SHALL save (FR-7)\n";
    assert_eq!(ids(story).0, ["FR-1"], "what else stands there says where it comes from");
}

#[test]
fn trace_lines_in_any_dress_are_judged() {
    for line in [
        "- [ ] 2. Save (Requirements: FR-2, FR-9)",
        "- [ ] 2. Save **[Requirements: FR-2, FR-9]** [P]",
        "- [ ] 2. Save — Requirements: FR-2, FR-9",
        "- [ ] 2. Save\n  - Requirements: FR-2, FR-9",
        "- [ ] 2. Save\n  - **Requirement Refs**: FR-2, FR-9",
        "- [ ] 2. Save\n  - **Covers:** FR-2, FR-9",
        "- [ ] 2. Save\n  - Anforderungen: FR-2, FR-9",
        "- [ ] 2. Save （需求：FR-2、FR-9）",
        "### Task 2: Save [Requirements: FR-2, FR-9]",
    ] {
        let fixture = tasks(line);
        assert_eq!(ids(&fixture).1, ["FR-1", "FR-2", "FR-9!"], "{line}");
        assert_eq!(warnings(&fixture), ["unknown-requirement: `FR-9` is not defined in specs/a"], "{line}");
    }
}

#[test]
fn counts_shares_dates_and_groups_name_nothing() {
    for line in [
        "Requirements coverage: 10/10",
        "Requirements: 2/2 covered (100 %)",
        "Requirements: 12",
        "Requirements: 12 (8 functional)",
        "Requirements: 2024-01-02",
        "Requirements: All FR-*, NFR-*",
        "FRs covered: FR 5/5, NFR 2/2",
    ] {
        let kiro = format!("{KIRO}//- .kiro/specs/shop/design.md\n# D\n\n_Requirements: 1.1, 1.2_\n\n{line}\n");
        for fixture in [kiro, tasks(&format!("\n{line}"))] {
            let told = told(&fixture, Level::Information);
            assert!(
                told.iter().all(|it| !it.starts_with("unknown") && !it.starts_with("duplicate")),
                "{line}: {told:?}"
            );
        }
    }
}

#[test]
fn a_folder_says_that_its_files_are_specifications() {
    for path in ["docs/requirements/nfr/index.md", "docs/anforderungen/druck.md", "specs/functional/index.md"] {
        let tasks = if path.starts_with("docs") { "docs/tasks.md" } else { "tasks.md" };
        let fixture = format!(
            "//- {path}\n- **FR-1**: It SHALL print\n//- {tasks}\n- [ ] 1. A\n  - _Requirements: FR-1, FR-9_\n"
        );
        assert_eq!(ids(&fixture), (vec!["FR-1".to_string()], vec!["FR-1".to_string(), "FR-9!".to_string()]), "{path}");
        assert_eq!(warnings(&fixture).len(), 1, "{path}");
    }
    let feature = "//- requirements/pay/spec.md\n- **FR-1**: It SHALL pay\n//- requirements/print/spec.md\n- **FR-2**: It SHALL print\n//- requirements/print/tasks.md\n- [ ] 1. A\n  - _Requirements: FR-1_\n";
    assert_eq!(ids(feature).1, ["FR-1!"], "features below such a folder keep their own ids");
}

#[test]
fn a_mark_before_or_behind_the_id_withdraws_it() {
    for line in [
        "- [DEPRECATED] **FR-2**: It SHALL fax",
        "- (removed) FR-2: It SHALL fax",
        "- [ ] 【已废弃】**FR-2**: It SHALL fax",
        "- **Withdrawn:** **FR-2**: It SHALL fax",
        "- ❌ ~~**FR-2**: It SHALL fax~~",
        "- **FR-2** [removed]: It SHALL fax",
        "- **FR-2**: It SHALL fax [DEPRECATED]",
        "- <del>**FR-2**: It SHALL fax</del>",
        "### [DEPRECATED] FR-2: Fax",
        "**[DEPRECATED] FR-2**: It SHALL fax",
        "| ID | Requirement | Status |\n| --- | --- | --- |\n| FR-2 | It SHALL fax | ❌ Removed (v2) |",
        "| ID | Zustand | Anforderung |\n| --- | --- | --- |\n| FR-2 | entfallen | Faxen |",
        "| ID | Requirement |\n| --- | --- |\n| [DEPRECATED] FR-2 | It SHALL fax |",
    ] {
        assert_eq!(ids(&format!("//- specs/a/spec.md\n# A\n\n{line}\n")).0, ["~FR-2"], "{line}");
    }
    for line in [
        "- **FR-2**: Removed users SHALL stay",
        "| ID | Requirement | Status |\n| --- | --- | --- |\n| FR-2 | x | Active |",
    ] {
        assert_eq!(ids(&format!("//- specs/a/spec.md\n# A\n\n{line}\n")).0, ["FR-2"], "{line}");
    }
}
