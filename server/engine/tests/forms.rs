//! Ways of writing requirements and references, each as a small feature: what is understood of it, and what is found.

#![expect(clippy::unwrap_used, reason = "whatever fails here is the test failing")]

use traceline_engine::dialect::Dialect;
use traceline_engine::export::inspect;
use traceline_engine::path::FilePath;
use traceline_engine::rule;
use traceline_engine::settings::{Level, Settings};
use traceline_engine::world::{Closed, World};

/// What is understood of a fixture's files, where `//- path` starts a file.
struct Understood {
    /// The ids that the files define.
    defines: Vec<String>,
    /// The ids that they refer to; `!` marks one that nothing defines, `*` a trace line.
    refers: Vec<String>,
    /// The findings of level hint or above.
    findings: Vec<String>,
}

fn read(fixture: &str) -> Understood {
    read_with(fixture, Settings::default())
}

fn read_with(fixture: &str, settings: Settings) -> Understood {
    let mut world = World::new(vec![FilePath::new("/w")], settings);
    let files: Vec<(&str, &str)> =
        fixture.split("//- ").skip(1).map(|file| file.split_once('\n').expect("a path ends with its line")).collect();
    let home = Dialect::home();
    for (path, text) in &files {
        let full = FilePath::new(&format!("/w/{path}"));
        world.put(&full, Closed::read(text, home.at(path), home.role_of(path)));
    }
    let snapshot = world.snapshot();
    let mut out = Understood { defines: Vec::new(), refers: Vec::new(), findings: Vec::new() };
    for (path, text) in &files {
        let path = FilePath::new(&format!("/w/{path}"));
        let report = inspect::report(&snapshot, &path, text).unwrap();
        out.defines.extend(report.definitions.into_iter().map(|entry| entry.id));
        out.refers.extend(report.references.into_iter().map(|entry| {
            let trace = if entry.kind == "trace-line" { "*" } else { "" };
            format!("{}{trace}{}", entry.id, if entry.resolved.is_empty() { "!" } else { "" })
        }));
        let told = rule::check(&snapshot, &path).into_iter();
        out.findings.extend(
            told.map(|finding| format!("{} {}: {}", finding.rule.name, finding.level.as_str(), finding.message)),
        );
    }
    out
}

/// The ids that the last file refers to, given a specification with FR-1 to FR-1.3 and FR-2.
fn refers(text: &str) -> Vec<String> {
    let spec = "- **FR-1**: a\n- **FR-1.1**: a\n- **FR-1.2**: a\n- **FR-1.3**: a\n- **FR-2**: a\n- **FR-001**: a\n";
    read(&format!("//- a/spec.md\n{spec}//- a/plan.md\n{text}")).refers
}

#[test]
fn a_trace_line_may_wrap() {
    assert_eq!(refers("_Requirements: FR-1.1,\n  FR-1.2_\n"), ["FR-1.1*", "FR-1.2*"]);
    assert_eq!(refers("- _Requirements: FR-1.1,\n  FR-1.2,\n  FR-2_ (all of them)\n"), ["FR-1.1*", "FR-1.2*", "FR-2*"]);
    let text = "//- a/spec.md\n- **FR-1**: a\n//- a/plan.md\n_Requirements: FR-1,\nFR-1_ — and the rest of the line\n";
    assert!(read(text).findings.iter().all(|finding| !finding.starts_with("malformed")));
}

#[test]
fn a_trace_line_may_end_a_sentence() {
    assert_eq!(refers("- The account is locked. _Requirements: FR-1.1, FR-2_\n"), ["FR-1.1*", "FR-2*"]);
    assert_eq!(refers("Locks *for FR-1*: see _Notes: FR-2_\n"), ["FR-1", "FR-2"]);
}

#[test]
fn block_quotes_hold_references_and_restate_definitions() {
    assert_eq!(refers("> _Requirements: FR-1.1, FR-2_\n"), ["FR-1.1*", "FR-2*"]);
    assert_eq!(refers("> text FR-1.1\n> goes on with FR-2\n"), ["FR-1.1", "FR-2"]);
    let quoted = read("//- a/spec.md\n- **FR-1**: a\n\n> **FR-1** as the customer said it\n>\n> - **FR-1**: again\n");
    assert_eq!(quoted.defines, ["FR-1"]);
    assert_eq!(quoted.findings, [""; 0]);
}

#[test]
fn links_refer_by_their_text_alone() {
    for text in [
        "See [FR-1.1](../spec.md#fr-2)\n",
        "See [FR-1.1](spec.md#FR-2 \"FR-2\")\n",
        "See [FR-1.1][spec]\n\n[spec]: spec.md#FR-2\n",
        "See [[FR-1.1]]\n",
        "See [[FR-1.1|the first]]\n",
        "See [[spec#FR-1.1]]\n",
        "See [[spec#FR-1.1|FR one]]\n",
        "See §FR-1.1.\n",
        "見よ§FR-1.1。\n",
    ] {
        assert_eq!(refers(text), ["FR-1.1"], "{text}");
    }
    assert_eq!(
        refers("_Requirements: [FR-1.1](../spec.md#fr-2), [[FR-2]], §FR-001_\n"),
        ["FR-1.1*", "FR-2*", "FR-001*"]
    );
    assert_eq!(refers("See spec.md#FR-1.1 and <https://x.org/FR-1>, ![FR-2](FR-1.png)\n"), ["FR-2"]);
}

#[test]
fn front_matter_may_list_requirements() {
    for text in [
        "---\ntitle: x\nrequirements: [FR-1.1, FR-2]\n---\n# P\n",
        "---\nrequirements:\n  - FR-1.1\n  - \"FR-2\"\nowner: me\n---\n# P\n",
        "---\nrequirements: [\n  FR-1.1,\n  FR-2\n]\n---\n# P\n",
        "---\nImplements: FR-1.1, 'FR-2'\n---\n# P\n",
        "\u{feff}---\r\nreq_ids: [FR-1.1, FR-2]\r\n---\r\n# P\r\n",
    ] {
        assert_eq!(refers(text), ["FR-1.1*", "FR-2*"], "{text}");
    }
    assert_eq!(refers("---\ntitle: FR-1.1\nversion: 1.1\n---\n# P\n"), [""; 0]);
    let kiro = "//- .kiro/specs/a/requirements.md\n### Requirement 1\n\n1. a\n2. b\n//- .kiro/specs/a/design.md\n---\nrequirements: [1.1, 1.2]\n---\n# D\n";
    assert_eq!(read(kiro).refers, ["1.1*", "1.2*"]);
    let missing =
        read("//- a/spec.md\n- **FR-1**: a\n- **FR-2**: a\n//- a/plan.md\n---\nrequirements: [FR-1, FR-3]\n---\n");
    assert_eq!(missing.findings, ["unknown-requirement warning: `FR-3` is not defined in a"]);
}

#[test]
fn numbered_headings_are_places_where_nothing_else_is_defined() {
    let text = "# T\n\n## 2. Users\n\n### 2.1 Log in\n\nText.\n\n### 2.2 Log out\n\nText.\n";
    let found =
        read(&format!("//- a/requirements.md\n{text}//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 2.1, 2.9_\n"));
    assert_eq!(found.defines, ["2", "2.1", "2.2"]);
    assert_eq!(found.refers, ["2.1*", "2.9*!"]);
    // Chapters are not requirements for sure, so nothing is missed or uncovered.
    assert_eq!(found.findings, [""; 0]);
    let other = read(&format!("//- a/requirements.md\n{text}\n- **FR-1**: a\n"));
    assert_eq!(other.defines, ["FR-1"]);
}

#[test]
fn scenarios_are_known_by_both_names() {
    let spec = "## Purpose\n\nWhat it is for.\n\n## Requirements\n\n### Requirement: Log in\nIt SHALL.\n\n#### Scenario: Wrong password\n- **THEN** no\n\n#### Scenario: Right one\n- **THEN** yes\n\n### Requirement: Log out\nIt SHALL.\n\n#### Scenario: Right one\n- **THEN** yes\n";
    let found = read(&format!("//- openspec/specs/a/spec.md\n{spec}"));
    assert_eq!(
        found.defines,
        ["Log in", "Log in › Wrong password", "Log in › Right one", "Log out", "Log out › Right one"]
    );
    assert_eq!(found.findings, [""; 0]);
}

#[test]
fn localized_documents_are_read_as_english_ones_are() {
    // Heading of a requirement, heading of its criteria, and trace lines.
    let languages = [
        ("de", "### Anforderung 2: Anmelden", "#### Akzeptanzkriterien", "_Anforderungen: 2.1, 2.2_"),
        ("fr", "### Exigence 2 : Se connecter", "#### Critères d'acceptation", "_Exigences : 2.1, 2.2_"),
        ("pt", "### Requisito 2: Entrar", "#### Critérios de Aceitação", "_Requisitos: 2.1, 2.2_"),
        ("es", "### Requisito 2: Entrar", "#### Criterios de aceptación", "_Requisitos: 2.1, 2.2_"),
        ("ko", "### 요구사항 2: 로그인", "#### 인수 기준", "_요구사항: 2.1, 2.2_"),
        ("ru", "### Требование 2: Вход", "#### Критерии приёмки", "_Требования: 2.1, 2.2_"),
        ("zh", "### 需求 2：登录", "#### 验收标准", "_需求：2.1、2.2_"),
        ("zh-TW", "### 需求 2：登入", "#### 驗收標準", "_需求：2.1，2.2_"),
        ("ja", "### 要件2：ログイン", "#### 受け入れ基準", "_要件：2.1、2.2_"),
        ("ja", "### 要件 2 — ログイン", "#### 受入基準", "**要件**：2.1、2.2"),
        ("zh", "### 需求2（登录）", "#### 验收标准：", "**需求：**2.1；2.2"),
    ];
    for (language, heading, criteria, trace) in languages {
        let text = format!(
            "//- .kiro/specs/a/requirements.md\n# T\n\n{heading}\n\n{criteria}\n\n1. x\n2. y\n3. z\n//- .kiro/specs/a/tasks.md\n- [ ] 1. T\n  - {trace}\n- [ ] 2. T\n  - _Requirements: 2.3, 2.4_\n"
        );
        let found = read(&text);
        assert_eq!(found.defines, ["2", "2.1", "2.2", "2.3"], "{language}");
        assert_eq!(found.refers, ["2.1*", "2.2*", "2.3*", "2.4*!"], "{language}");
        assert_eq!(found.findings.len(), 1, "{language}: {:?}", found.findings);
    }
}

#[test]
fn localized_stories_and_tables_are_read() {
    let stories = [
        "### User Story 2 - Log in",
        "### Historia de Usuario 2: Entrar",
        "### História de Usuário 2: Entrar",
        "### 사용자 스토리 2",
        "### ユーザーストーリー2：ログイン",
        "### 用户故事 2：登录",
        "### 使用者故事 2",
        "### Пользовательская история 2",
        "### Histoire utilisateur 2",
        "### Récit utilisateur 2 : Entrer",
        "### Nutzergeschichte 2: Anmelden",
    ];
    for story in stories {
        assert_eq!(read(&format!("//- specs/001-a/spec.md\n{story}\n")).defines, ["US2"], "{story}");
    }
    let heads = [
        "| ID | Requirement |",
        "| ID | Anforderung | Priorität |",
        "| ID | Exigence | Priorité |",
        "| Nº | Requisito | Prioridade |",
        "| ID | Requisito | Prioridad |",
        "| № | Требование | Приоритет |",
        "| 编号 | 需求描述 | 优先级 |",
        "| 編號 | 需求 | 優先級 |",
        "| ID | 要件 | 優先度 |",
        "| ID | 요구사항 | 우선순위 |",
        "| No. | Description |",
    ];
    for head in heads {
        let columns = head.matches('|').count() - 1;
        let text =
            format!("//- a/spec.md\n{head}\n{}|\n| FR-1 |{}\n", "|---".repeat(columns), " x |".repeat(columns - 1));
        assert_eq!(read(&text).defines, ["FR-1"], "{head}");
    }
}

#[test]
fn full_width_punctuation_separates_and_ends() {
    assert_eq!(refers("_需求：FR-1.1、FR-1.2；FR-2_\n"), ["FR-1.1*", "FR-1.2*", "FR-2*"]);
    assert_eq!(refers("要件（FR-1.1）と「FR-2」。\n"), ["FR-1.1", "FR-2"]);
    assert_eq!(refers("_要件：FR-1.1〜1.3_\n"), ["FR-1.1*", "FR-1.2*", "FR-1.3*"]);
    let defined = read(
        "//- a/spec.md\n- **FR-1**：系统必须\n- FR-2：系统必须\n- **FR-3**（重要）：系统\n- **FR-4** ： le système\n",
    );
    assert_eq!(defined.defines, ["FR-1", "FR-2", "FR-3", "FR-4"]);
}

#[test]
fn ids_of_another_feature_that_is_named_are_no_mistake() {
    let spec = "//- specs/002-b/spec.md\n- **FR-001**: a\n- **FR-002**: b\n";
    for text in [
        "As spec 001 FR-014 says",
        "As 001-login/FR-014 says",
        "As [001-login](../001-login/spec.md) FR-014, FR-015 and FR-016 say",
        "As Feature 123's FR-014 says",
        "_Requirements: FR-001, 001-login FR-014_",
        "**Traceability**: PRD FR-014, FR-015",
        "- **Traces to**: `specs/001-login` FR-014, FR-015",
    ] {
        let mut found = read(&format!("{spec}//- specs/002-b/plan.md\n{text}\n")).findings;
        found.retain(|it| !it.starts_with("uncovered-requirement"));
        assert_eq!(found, [""; 0], "{text}");
    }
    let found = read(&format!("{spec}//- specs/002-b/plan.md\n_Requirements: FR-001, FR-014_\n")).findings;
    assert_eq!(found[1..], ["unknown-requirement warning: `FR-014` is not defined in specs/002-b"]);
}

#[test]
fn what_may_be_written_in_a_way_not_understood_is_a_hint_at_most() {
    let level = |spec: &str, trace: &str| {
        let found =
            read(&format!("//- a/requirements.md\n{spec}//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: {trace}_\n"));
        let mut levels: Vec<String> = found
            .findings
            .iter()
            .filter(|finding| finding.starts_with("unknown"))
            .filter_map(|finding| finding.split([' ', ':']).nth(1).map(String::from))
            .collect();
        levels.dedup();
        levels.join(" ")
    };
    let kiro = "### Requirement 1\n\n#### Acceptance Criteria\n\n1. a\n2. b\n3. c\n";
    assert_eq!(level(kiro, "1.4"), "warning");
    assert_eq!(level(&format!("{kiro}\n#### Errors\n\n4. d\n5. e\n"), "1.4"), "hint");
    assert_eq!(level(&format!("{kiro}- More\n  4. d\n"), "1.4"), "hint");
    assert_eq!(level(&format!("{kiro}\n**1.4** d\n"), "1.4"), "hint");
    assert_eq!(level(&format!("{kiro}\n| Criterion | Text |\n|---|---|\n| 1.4 | d |\n"), "1.4"), "hint");
    // Criteria that are not numbered.
    assert_eq!(level("### FR-1: Log in\n\n- a\n- b\n\n### FR-2: Log out\n", "FR-1.1, FR-2.1"), "hint");
    assert_eq!(level("- **FR-1**: a\n- **FR-1.1**: a\n", "FR-1.4"), "warning");
    // Another kind of id, and another way of writing one.
    assert_eq!(level("- **FR-1**: a\n", "FR-1, TR-1"), "information");
    assert_eq!(level("- **FR-1**: a\n", "FR-1, NFR-1"), "information");
    assert_eq!(level("- **NFR-1**: a\n", "NF-1"), "warning");
    assert_eq!(level("- **NFR-PERF-001**: a\n", "NFR-7"), "information");
    let elsewhere = |text: &str| {
        let found = read(&format!(
            "//- a/spec.md\n- **FR-1**: a\n- **FR-2**: a\n//- a/features.md\n{text}\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-2, FR-3_\n"
        ));
        found.findings.join("; ")
    };
    let told = "unknown-requirement hint: `FR-3` is not defined in a · a remark only: something begins with `FR-3` without being \
                understood as a requirement";
    assert_eq!(elsewhere("### FR-3: Lock"), told);
    assert_eq!(elsewhere("- **FR-3** Lock"), told);
    assert_eq!(elsewhere("Locking"), "unknown-requirement warning: `FR-3` is not defined in a");
}

#[test]
fn where_most_is_unknown_the_reading_is_doubted() {
    let text = "//- a/spec.md\n- **FR-1**: a\n- **FR-2**: a\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-31, FR-42, FR-53, FR-64_\n";
    assert!(read(text).findings.iter().all(|finding| !finding.contains(" warning:")));
}

#[test]
fn a_bare_number_behind_a_key_that_cites_chapters_is_no_mistake() {
    let spec = "//- .kiro/specs/a/requirements.md\n### Requirement 1\n\n1. a\n2. b\n//- .kiro/specs/a/design.md\n";
    for text in ["**References:** 1.1, 1.3\n", "Ref: 1.1, 4.2\n", "Covers: 1.1, 7\n"] {
        let found = read(&format!("{spec}{text}"));
        assert_eq!(found.refers, ["1.1*"], "{text}");
        assert!(found.findings.iter().all(|finding| !finding.starts_with("unknown")), "{text}");
    }
    assert_eq!(read(&format!("{spec}**Validates: Requirements 1.1, 1.3**\n")).refers, ["1.1*", "1.3*!"]);
}

#[test]
fn lists_that_are_told_or_counted_again_are_no_duplicates() {
    for spec in [
        "## Requirements\n\n- **FR-1**: Log in\n- **FR-2**: Log out\n\n## Summary\n\n- **FR-1**: in\n- **FR-2**: out\n",
        "### FR-1: Log in\n\nText.\n\n## Order\n\n- **FR-1**: first\n",
        "### US-1: A\n\n- **AC-1**: x\n- **AC-2**: y\n\n### US-2: B\n\n- **AC-1**: z\n- **AC-2**: w\n",
        "### US-1: A\n\n- **AC-1**: x\n\n### US-2: B\n\n- **AC-1**: z\n",
        "| ID | Requirement |\n|---|---|\n| FR-1 | a |\n| FR-2 | b |\n\n## By priority\n\n| ID | Description |\n|---|---|\n| FR-2 | x |\n| FR-1 | y |\n",
    ] {
        assert_eq!(read(&format!("//- a/spec.md\n{spec}")).findings, [""; 0], "{spec}");
    }
    for spec in [
        "- **FR-1**: a\n- **FR-2**: b\n- **FR-2**: c\n- **FR-3**: d\n",
        "### A\n\n- **FR-1**: a\n- **FR-2**: b\n\n### B\n\n- **FR-2**: c\n- **FR-3**: d\n",
        "### FR-1: a\n\n### FR-1: b\n",
        "| ID | Requirement |\n|---|---|\n| FR-1 | a |\n| FR-1 | b |\n",
    ] {
        let found = read(&format!("//- a/spec.md\n{spec}")).findings;
        assert!(found.len() == 1 && found[0].starts_with("duplicate-requirement warning"), "{spec}{found:?}");
    }
}

#[test]
fn tasks_that_are_counted_or_told_again_are_no_duplicates() {
    let told = "## A\n\n- [ ] T001 Build\n- [ ] T002 Test\n\n## Done\n\n- [x] T001 Build\n";
    assert_eq!(read(&format!("//- a/tasks.md\n{told}")).findings, [""; 0]);
    let anew = "## A\n\n- [ ] 1.1 a\n- [ ] 1.2 b\n\n## B\n\n- [ ] 1.1 c\n- [ ] 1.2 d\n";
    let remark = "duplicate-task information: tasks are numbered anew in `B`: `1.1` and `1.2` are used again";
    assert_eq!(read(&format!("//- a/tasks.md\n{anew}")).findings, [remark]);
    let found =
        read("//- a/tasks.md\n## A\n\n- [ ] T001 a\n- [ ] T002 b\n\n## B\n\n- [ ] T002 c\n- [ ] T003 d\n").findings;
    assert_eq!(found, ["duplicate-task warning: task number T002 is used twice"]);
}

#[test]
fn answered_questions_are_left_alone() {
    let open = |text: &str| !read(&format!("//- specs/001-a/spec.md\n{text}\n")).findings.is_empty();
    assert!(open("- **FR-001**: lock after [NEEDS CLARIFICATION: how many attempts?]"));
    assert!(open("[NEEDS CLARIFICATION: how many attempts?] Options: 3 or 5"));
    for text in [
        "- ~~[NEEDS CLARIFICATION: how many attempts?]~~ five",
        "- [NEEDS CLARIFICATION: how many attempts?] → five",
        "- [NEEDS CLARIFICATION: how many attempts?] **Resolved**: five",
        "- [NEEDS CLARIFICATION: how many attempts?] Answer: five",
    ] {
        assert!(!open(text), "{text}");
    }
}

#[test]
fn a_change_may_modify_what_another_change_adds() {
    let spec = "### Requirement: A name\nIt SHALL.\n\n#### Scenario: s\n- **THEN** a\n";
    let base = format!("//- openspec/specs/a/spec.md\n## Purpose\n\nWhat it is for.\n\n## Requirements\n\n{spec}");
    let modified = "//- openspec/changes/x/specs/a/spec.md\n## MODIFIED Requirements\n\n### Requirement: Its name\nIt SHALL.\n\n#### Scenario: s\n- **THEN** a\n";
    let added = "//- openspec/changes/y/specs/a/spec.md\n## ADDED Requirements\n\n### Requirement: Its name\nIt SHALL.\n\n#### Scenario: s\n- **THEN** a\n";
    let alone = read(&format!("{base}{modified}")).findings;
    assert!(alone.len() == 1 && alone[0].starts_with("unknown-delta warning"), "{alone:?}");
    let both = read(&format!("{base}{modified}{added}")).findings;
    assert!(both.len() == 1 && both[0].starts_with("unknown-delta information"), "{both:?}");
}

#[test]
fn ears_shape_speaks_only_when_asked() {
    let text = "//- a/spec.md\n- **FR-1**: Passwords are hashed\n- **FR-2**: WHEN asked THE SYSTEM SHALL hash\n\n### Requirement 3\n\n#### Acceptance Criteria\n\n1. WHEN asked THE SYSTEM SHALL hash\n2. Hashing happens\n";
    assert_eq!(read(text).findings, [""; 0]);
    let on = Settings { levels: [("ears-shape".to_string(), Some(Level::Hint))].into(), ..Settings::default() };
    assert_eq!(read_with(text, on).findings.len(), 2);
}

#[test]
fn numbers_in_parentheses_have_a_dot() {
    let spec = "//- .kiro/specs/a/requirements.md\n### Requirement 1\n\n#### Acceptance Criteria (EARS Format)\n\n1. a\n2. b\n3. c\n//- .kiro/specs/a/design.md\n";
    let trace = |value: &str| read(&format!("{spec}_Requirements: {value}_\n")).refers;
    assert_eq!(trace("1.1 (validates 1.2, 1.3)"), ["1.1*", "1.2*", "1.3*"]);
    assert_eq!(trace("All window requirements (1.1-1.3)"), ["1.1*", "1.2*", "1.3*"]);
    assert_eq!(trace("1.1 (2024-01-02), 1.2 (3 nodes) (5)"), ["1.1*", "1.2*"]);
}

#[test]
fn one_trace_line_may_name_all_requirements() {
    let spec = "//- a/spec.md\n- **FR-1**: a\n- **FR-2**: b\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1_\n- [ ] 2. T\n";
    let uncovered = |trace: &str| read(&format!("{spec}  - _Requirements: {trace}_\n")).findings.len();
    for all in [
        "All",
        "All (end to end)",
        "all requirements validation",
        "Foundation for all requirements",
        "全部",
        "全要件の統合検証",
    ] {
        assert_eq!(uncovered(all), 0, "{all}");
    }
    for some in ["All UI work", "N/A", "Usability"] {
        assert_eq!(uncovered(some), 1, "{some}");
    }
}

#[test]
fn a_group_is_named_by_what_its_members_have_in_common() {
    let found = read("//- a/spec.md\n- **AC-1.1**: a\n- **AC-1.2**: b\n//- a/plan.md\n_Requirements: AC-1_\n");
    assert_eq!(found.findings, [""; 0]);
}

#[test]
fn two_lists_on_one_trace_line_may_name_the_same() {
    let spec = "//- a/spec.md\n- **FR-1**: a\n- **FR-2**: b\n//- a/plan.md\n";
    let found = |trace: &str| read(&format!("{spec}_Requirements: {trace}_\n")).findings.len();
    assert_eq!(found("FR-1, FR-2 (Bug 1); FR-1 (Bug 2)"), 0);
    assert_eq!(found("FR-1, FR-2, FR-1"), 1);
}

#[test]
fn a_trace_line_that_ends_a_section_speaks_for_its_tasks() {
    let spec = "//- a/spec.md\n- **FR-1**: a\n- **FR-2**: b\n//- a/tasks.md\n";
    let tasks = "## A\n\n- [ ] One\n- [ ] Two\n_Requirements: FR-1_\n\n## B\n\n- [ ] Three\n- [ ] Four\n\n_Requirements: FR-2_\n";
    assert_eq!(read(&format!("{spec}{tasks}")).findings, [""; 0]);
}

#[test]
fn a_task_whose_parts_stand_beside_it_needs_no_trace() {
    let spec = "//- a/spec.md\n- **FR-1**: a\n- **FR-2**: b\n//- a/tasks.md\n";
    let tasks =
        "- [ ] 8. Build\n- [ ] 8.1 This\n  - _Requirements: FR-1_\n- [ ] 8.2 That\n  - **_Requirements**: FR-2_\n";
    assert_eq!(read(&format!("{spec}{tasks}")).findings, [""; 0]);
}

#[test]
fn a_specification_may_say_its_dialect_itself() {
    let named =
        "# Login\n\n## Requirements\n\n### Requirement: Log in\nIt logs in.\n\n#### Scenario: Wrong\n- **THEN** no\n";
    let found = read(&format!("//- docs/login/spec.md\n{named}"));
    assert_eq!(found.defines, ["Log in", "Log in › Wrong"]);
    assert_eq!(found.findings, ["lax-requirement information: this requirement says neither SHALL nor MUST"]);
    // Only specifications do, and no path of another dialect is overruled.
    assert_eq!(read(&format!("//- docs/login/notes.md\n{named}")).defines, [""; 0]);
    assert_eq!(read(&format!("//- specs/001-login/spec.md\n{named}")).defines, [""; 0]);
}

#[test]
fn an_example_in_markdown_hides_what_it_spills_and_no_more() {
    // The inner fence ends the outer one, so what follows was meant as its example.
    let spilled = "```markdown\n# Example\n```json\n{}\n```\n- **FR-9**: example\n```\n\ntext\n\n```bash\nls\n```\n\n- **FR-1**: real\n";
    assert_eq!(read(&format!("//- a/spec.md\n{spilled}")).defines, ["FR-1"]);
    // A longer fence holds it whole.
    for (open, close) in [("````markdown", "````"), ("~~~markdown", "~~~")] {
        let whole = format!("{open}\n- **FR-9**: example\n```json\n{{}}\n```\n{close}\n\n- **FR-1**: real\n");
        assert_eq!(read(&format!("//- a/spec.md\n{whole}")).defines, ["FR-1"], "{open}");
    }
}

#[test]
fn a_prompt_that_is_emphasised_as_a_whole_holds_no_open_trace_line() {
    let spec = "//- a/spec.md\n- **FR-1**: a\n//- a/tasks.md\n";
    let prompt = "- [ ] 1. T\n  - _Prompt: Role: developer\n    Task: do it\n    _Requirements: FR-1\n    Success: it works\n    Restrictions: none\n    More: words\n    Last: ends here._\n";
    let found = read(&format!("{spec}{prompt}")).findings;
    assert_eq!(found, [""; 0]);
    let open = read(&format!("{spec}- [ ] 1. T\n  - _Requirements: FR-1\n")).findings;
    assert!(open[0].starts_with("malformed-trace-line warning"), "{open:?}");
}

#[test]
fn a_row_may_state_several_requirements() {
    let spec = "//- a/spec.md\n| ID | Requirement |\n|---|---|\n| **FR-1**<br>Log in | x |\n| FR-2, FR-3 | y |\n| FR-4 – FR-6 | z |\n| ~~FR-7~~ | gone |\n| see FR-8 | no |\n";
    let mut found = read(spec).defines;
    found.sort();
    assert_eq!(found, ["FR-1", "FR-2", "FR-3", "FR-4", "FR-5", "FR-6", "FR-7"]);
}

/// The ids of a specification that are withdrawn, each with what takes its place.
fn withdrawn(path: &str, spec: &str) -> Vec<String> {
    let mut world = World::new(vec![FilePath::new("/w")], Settings::default());
    let (home, full) = (Dialect::home(), FilePath::new(&format!("/w/{path}")));
    world.put(&full, Closed::read(spec, home.at(path), home.role_of(path)));
    let snapshot = world.snapshot();
    let scope = snapshot.scope_of(&full).unwrap();
    let index = snapshot.index(scope).unwrap();
    let mut ids: Vec<_> = index.all_defined().filter(|id| index.is_withdrawn(id)).collect();
    ids.sort();
    let next = |id| traceline_engine::query::successors_of(&snapshot, scope, id);
    let list = |id| next(id).iter().map(|by| format!(" > {by}")).collect::<String>();
    ids.into_iter().map(|id| format!("{id}{}", list(id))).collect()
}

#[test]
fn a_requirement_may_be_withdrawn_where_it_stands() {
    for (spec, ids) in [
        ("- ~~**FR-1**: a~~\n- **FR-2**: b\n- ~~FR-3~~: c\n", &["FR-1", "FR-3"][..]),
        (
            "- **FR-1** (withdrawn)\n1. **FR-2**: [REMOVED - merged into FR-3]\n2. **FR-3**: c\n",
            &["FR-1", "FR-2 > FR-3"],
        ),
        ("- [ ] ~~**AC-1**: a~~\n- [ ] **AC-2**: b\n", &["AC-1"]),
        ("~~**FR-1** a~~\n\n**FR-2** b\n", &["FR-1"]),
        ("### ~~FR-1: a~~\n\n- **FR-1.1**: b\n\n### FR-2: c\n", &["FR-1", "FR-1.1"]),
        (
            "### FR-1: a (withdrawn)\n\n1. b\n\n### FR-2: c\n\n1. d\n2. ~~e~~\n3. (removed) f\n",
            &["FR-1", "FR-1.1", "FR-2.2", "FR-2.3"],
        ),
        ("### FR-1: a\n\n**Status**: Superseded by FR-2\n\nText.\n\n### FR-2: c\n", &["FR-1 > FR-2"]),
        ("- **FR-1**: a\n  - Status: Deprecated\n- **FR-2**: b\n  - Status: Draft\n", &["FR-1"]),
        (
            "## Withdrawn Requirements\n\n- **FR-1**: a, replaced by FR-2\n\n## Others\n\n- **FR-2**: b\n",
            &["FR-1 > FR-2"],
        ),
        ("## Removed Requirements (from the old one)\n\n### FR-1: a\n\n## B\n\n### FR-2: b\n", &["FR-1"]),
        (
            "| ID | Requirement | Priority |\n|---|---|---|\n| ~~FR-1~~ | ~~a~~ | Must |\n| FR-2 | b | Removed |\n| FR-3 | ~~c~~ | Must |\n| FR-4 | d | Must |\n| FR-5 | Superseded by FR-4 | |\n",
            &["FR-1", "FR-2", "FR-3", "FR-5 > FR-4"],
        ),
        ("- ~~**FR-1**: the old wording~~\n- **FR-1**: the new wording\n", &[]),
        ("### Log in (deprecated) {#US-1}\n\n### Log out {#US-2}\n", &["US-1"]),
        (
            "- ~~**FR-1**: a~~ ✅ done\n- **FR-2**: ~~a~~ b\n- **FR-3**: Removed users stay.\n\n**Status**: Removed\n",
            &[],
        ),
    ] {
        assert_eq!(withdrawn("a/spec.md", spec), ids, "{spec}");
        let found = read(&format!("//- a/spec.md\n{spec}"));
        assert_eq!(found.findings, [""; 0], "{spec}");
    }
    let kiro = "### Requirement 1: a\n\n#### Acceptance Criteria\n\n1. WHEN a THEN b\n2. ~~WHEN a THEN c~~\n\n### Requirement 2: b — withdrawn\n\n#### Acceptance Criteria\n\n1. WHEN d\n";
    assert_eq!(withdrawn(".kiro/specs/a/requirements.md", kiro), ["1.2", "2", "2.1"]);
    let names = "## Purpose\n\nWhat it is for.\n\n## Deprecated Requirements\n\n### Requirement: A\nIt did.\n\n## Requirements\n\n### Requirement: B (removed)\nIt did.\n\n### Requirement: Removed\nIt MUST.\n\n#### Scenario: s\n- **WHEN** a\n";
    assert_eq!(withdrawn("openspec/specs/a/spec.md", names), ["A", "B (removed)"]);
    assert_eq!(read(&format!("//- openspec/specs/a/spec.md\n{names}")).findings, [""; 0]);
}

#[test]
fn what_serves_a_withdrawn_requirement_is_told_unless_it_is_history() {
    let spec = "- **FR-1**: a\n- **FR-2** (withdrawn): b\n- **FR-3**: Replaced by FR-4.\n- **FR-4**: Superseded by FR-5 and FR-1.\n- **FR-5**: e\n";
    let told = |tasks: &str| {
        let found =
            read(&format!("//- a/spec.md\n{spec}//- a/tasks.md\n{tasks}- [ ] 9. C\n  - _Requirements: FR-1, FR-5_\n"));
        found.findings
    };
    let next = "withdrawn-requirement information: `FR-3` is withdrawn; `FR-5` and `FR-1` supersede it";
    let plain = "withdrawn-requirement information: `FR-2` is withdrawn";
    assert_eq!(told("- [ ] 1. A\n  - _Requirements: FR-1, FR-2_\n"), [plain]);
    assert_eq!(told("- [ ] 1. A\n  - _Requirements: FR-3_\n"), [next]);
    assert_eq!(told("- [ ] 1. A [FR-2]\n"), [plain]);
    for quiet in [
        "- [x] 1. A\n  - _Requirements: FR-1, FR-2_\n",
        "- [-] 1. A\n  - _Requirements: FR-1, FR-2_\n",
        "- [ ] ~~1. A~~\n  - _Requirements: FR-1, FR-2_\n",
        "- [ ] 1. A\n  - _Requirements: FR-1, ~~FR-2~~_\n",
        "- [ ] 1. A\n  - _Requirements: FR-1, ~~FR-1~~_\n",
        "- [ ] 1. Remove FR-2\n  - _Requirements: FR-1_\n",
        "- [ ] 1. A\n  - _Requirements: FR-1–FR-5_\n",
    ] {
        assert_eq!(told(quiet), [""; 0], "{quiet}");
    }
}

#[test]
fn lines_of_a_paragraph_that_begin_with_an_id_are_a_definition_each() {
    let world = |spec: &str| read(&format!("//- a/spec.md\n# S\n\n{spec}//- a/plan.md\n_Requirements: FR1.1_\n"));
    let three = ["FR1.1", "FR1.2", "FR1.3"];
    for text in [
        "**FR1.1**: a\n**FR1.2**: b\n**FR1.3**: c\n",
        "**FR1.1**: a  \n**FR1.2**: b\\\n**FR1.3**: c\n",
        "**FR1.1:** a\nFR1.2: b\nFR1.3: c, and so\non as FR1.1 says\n",
        "**FR1.1** — a\n**FR1.2** — b\n**FR1.3** — c\n",
    ] {
        assert_eq!(world(text).defines, three, "{text}");
    }
    assert_eq!(world("**FR1.1**: a as\n**FR1.2** says\n").defines, ["FR1.1"]);
    assert_eq!(world("**FR1.1**: a as\nNFR-2: says\n").defines, ["FR1.1"]);
    assert_eq!(world("As said:\n**FR1.1**: a\n").defines, [""; 0], "the paragraph begins with other words");
}
