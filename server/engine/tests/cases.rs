//! The shared table of real lines, each with what it must mean; a row's line is read at run time and set in a context here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use traceline_engine::dialect::Dialect;
use traceline_engine::export::inspect;
use traceline_engine::path::FilePath;
use traceline_engine::rule;
use traceline_engine::settings::{Level, Settings};
use traceline_engine::world::{Closed, World};

/// Where a row's line stands, and what must be understood.
struct Case {
    id: &'static str,
    path: &'static str,
    /// The file, with `{}` for the line.
    text: &'static str,
    /// Other files of the workspace.
    others: &'static [(&'static str, &'static str)],
    /// All ids that the file defines.
    defines: &'static [&'static str],
    /// All ids that the line refers to; `!` marks one that nothing defines.
    refers: &'static [&'static str],
    /// All findings of level information or above in the workspace.
    findings: &'static [&'static str],
}

const FR: &str = "- FR-1.1: a\n- FR-1.2: a\n- FR-1.3: a\n- FR-1.4: a\n- FR-1.5: a\n- FR-1.6: a\n- FR-1.7: a\n- FR-1.8: a\n- FR-1.9: a\n- FR-2.2: a\n- US-1: a\n- US-2: a\n";
const KIRO: &str = "### Requirement 1\n\n#### Acceptance Criteria\n\n1. a\n2. a\n3. a\n4. a\n5. a\n6. a\n\n### Requirement 2\n\n#### Acceptance Criteria\n\n1. a\n2. a\n3. a\n4. a\n5. a\n6. a\n\n### Requirement 3\n\n#### Acceptance Criteria\n\n1. a\n2. a\n3. a\n4. a\n\n### Requirement 4\n\n1. a\n\n### Requirement 6\n\n1. a\n2. a\n3. a\n4. a\n5. a\n6. a\n\n### Requirement 7\n\n1. a\n2. a\n3. a\n";

const CASES: &[Case] = &[
    Case {
        id: "C01",
        path: "a/spec.md",
        text: "# T\n\n{}\n",
        others: &[],
        defines: &["FR-1.1"],
        refers: &[],
        findings: &["placeholder-left"],
    },
    Case {
        id: "C02",
        path: "a/tasks.md",
        text: "- [ ] 1. T\n{}\n",
        others: &[("a/spec.md", "- FR-2.2: a\n- FR-1.2: b\n")],
        defines: &[],
        refers: &["FR-2.2", "FR-1.2"],
        findings: &[],
    },
    Case {
        id: "C03",
        path: "a/tasks.md",
        text: "- [ ] 1. T\n{}\n",
        others: &[],
        defines: &[],
        refers: &[],
        findings: &["placeholder-left"],
    },
    Case {
        id: "C04",
        path: "a/spec.md",
        text: "# T\n\n{}\n",
        others: &[],
        defines: &[],
        refers: &["TR-1.3!", "NFR-1.3!"],
        findings: &[],
    },
    Case {
        id: "C05",
        path: "a/requirements.md",
        text: "{}\n\n#### Acceptance Criteria\n\n1. a\n2. b\n",
        others: &[("a/tasks.md", "_Requirements: FR-1.1, FR-1.2_\n")],
        defines: &["FR-1", "FR-1.1", "FR-1.2"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C06",
        path: "a/requirements.md",
        text: "### FR-1 — T\n\n{}\n\n### FR-6: b\n",
        others: &[],
        defines: &["FR-1", "FR-1.1", "FR-6"],
        refers: &["FR-6"],
        findings: &[],
    },
    Case {
        id: "C07",
        path: "a/requirements.md",
        text: "### US-1: s\n\n{}\n",
        others: &[],
        defines: &["US-1", "FR-1"],
        refers: &["US-1"],
        findings: &[],
    },
    Case {
        id: "C08",
        path: "a/tasks.md",
        text: "# T\n\n{}\n",
        others: &[("a/requirements.md", FR)],
        defines: &[],
        refers: &["FR-1.1", "FR-1.2", "FR-1.3", "FR-1.4", "FR-1.5", "FR-1.6", "FR-1.7", "FR-1.8", "FR-1.9", "US-1"],
        findings: &["uncovered-requirement", "uncovered-requirement"],
    },
    Case {
        id: "C09",
        path: "a/requirements.md",
        text: "### Requirement 3\n\n#### Acceptance Criteria\n\n{}\n\n1. WHEN x\n",
        others: &[],
        defines: &["3", "3.1"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C10",
        path: "a/design.md",
        text: "# D\n\n{}\n",
        others: &[("a/requirements.md", KIRO)],
        defines: &[],
        refers: &["R2.4", "R2.6", "R3", "R4", "R7.2", "R7.3"],
        findings: &[],
    },
    Case {
        id: "C11",
        path: "a/design.md",
        text: "# D\n\n{}\n",
        others: &[("a/requirements.md", KIRO)],
        defines: &[],
        refers: &["R1", "R6"],
        findings: &["uncovered-requirement"; 4],
    },
    Case {
        id: "C12",
        path: "a/design.md",
        text: "# D\n\n{}\n",
        others: &[("a/requirements.md", KIRO)],
        defines: &[],
        refers: &["1.1", "2.4", "2.5", "2.6"],
        findings: &["uncovered-requirement"; 12],
    },
    Case {
        id: "C13",
        path: "a/requirements.md",
        text: "### Requirement 4\n\n#### Acceptance Criteria\n\n1. WHEN x\n\n{}\n",
        others: &[],
        defines: &["4", "4.1"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C14",
        path: "a/design.md",
        text: "# D\n\n{}\n",
        others: &[("a/requirements.md", KIRO)],
        defines: &[],
        refers: &["1.1", "3.4"],
        findings: &["uncovered-requirement"; 3],
    },
    Case {
        id: "C15",
        path: "a/requirements.md",
        text: "{}\n",
        others: &[],
        defines: &["FR-1.1"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C16",
        path: "a/requirements.md",
        text: "### FR-1: a\n\n{}\n",
        others: &[],
        defines: &["FR-1"],
        refers: &["FR-1"],
        findings: &[],
    },
    Case {
        id: "C17",
        path: "a/design.md",
        text: "# D\n\n{}\n",
        others: &[("a/requirements.md", FR)],
        defines: &[],
        refers: &["FR-1.1", "FR-1.2", "FR-1.3", "FR-1.4", "FR-1.5", "FR-1.6", "FR-1.7", "FR-1.8"],
        findings: &["uncovered-requirement"; 2],
    },
    Case {
        id: "C18",
        path: "a/design.md",
        text: "# D\n\n{}\n",
        others: &[("a/requirements.md", "- NFR-4: a\n- NFR-6: b\n")],
        defines: &[],
        refers: &["NF-4!", "NF-6!"],
        findings: &["unknown-requirement", "unknown-requirement"],
    },
    Case {
        id: "C19",
        path: "a/design.md",
        text: "# D\n\n{}\n",
        others: &[("a/requirements.md", "- FR-4.8: a\n")],
        defines: &[],
        refers: &["FR-4.9!"],
        findings: &["unknown-requirement"],
    },
    Case {
        id: "C20",
        path: ".spec-workflow/specs/a/tasks.md",
        text: "- [ ] 1. T\n{}\n",
        others: &[(".spec-workflow/specs/a/requirements.md", "### REQ-1: a\n\n### REQ-10: b\n")],
        defines: &[],
        refers: &["1", "10"],
        findings: &[],
    },
    Case {
        id: "C21",
        path: "a/design.md",
        text: "# D\n\n{}\n",
        others: &[("a/requirements.md", FR)],
        defines: &[],
        refers: &["US-1", "US-2"],
        findings: &[],
    },
    Case {
        id: "C22",
        path: "a/requirements.md",
        text: "### Requirement 3\n\n#### Acceptance Criteria\n\n**A**\n\n1. WHEN a\n\n**B**\n\n{}\n",
        others: &[],
        defines: &["3", "3.1", "3.1"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C23",
        path: "a/requirements.md",
        text: "{}\n",
        others: &[],
        defines: &["FR1.1"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C24",
        path: "a/design.md",
        text: "# D\n\n{}\n",
        others: &[("a/requirements.md", "- **FR5.1**: a\n")],
        defines: &[],
        refers: &["FR6.1!"],
        findings: &["unknown-requirement"],
    },
    Case {
        id: "C25",
        path: "a/tasks.md",
        text: "# T\n\n```\n{}\n```\n",
        others: &[("a/requirements.md", "- **FR1.3**: a\n")],
        defines: &[],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C26",
        path: "a/tasks.md",
        text: "- [ ] 1. T\n{}\n",
        others: &[("a/requirements.md", "- **FR1.1**: a\n- **FR1.2**: a\n")],
        defines: &[],
        refers: &["FR1.1", "FR1.2"],
        findings: &[],
    },
    Case {
        id: "C27",
        path: ".kiro/specs/a/requirements.md",
        text: "### Requirement 2\n\n#### Acceptance Criteria\n\n1. a\n2. a\n3. a\n4. a\n5. a\n6. a\n7. a\n{}\n8. z\n",
        others: &[(".kiro/specs/a/tasks.md", "_Requirements: 2, 2.9_\n")],
        defines: &["2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.7", "2.8"],
        refers: &[],
        findings: &["duplicate-requirement"],
    },
    Case {
        id: "C28",
        path: ".kiro/specs/a/tasks.md",
        text: "# T\n\n{}\n",
        others: &[(".kiro/specs/a/requirements.md", KIRO)],
        defines: &[],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C29",
        path: ".kiro/specs/a/requirements.md",
        text: "### Requirement 4\n\n#### 受け入れ基準\n\n{}\n1b. When b\n",
        others: &[(".kiro/specs/a/tasks.md", "_Requirements: 4.1_\n")],
        defines: &["4", "4.1a", "4.1b"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C30",
        path: ".kiro/specs/a/requirements.md",
        text: "### Requirement 3\n\n#### Acceptance Criteria\n\n1. WHEN x\n\n{}\n",
        others: &[],
        defines: &["3", "3.1", "3.1.1"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C31",
        path: ".kiro/specs/a/design.md",
        text: "# D\n\n| Requirement | S | C | I | F |\n|---|---|---|---|---|\n{}\n",
        others: &[(".kiro/specs/a/requirements.md", KIRO)],
        defines: &[],
        refers: &["1.1", "1.2", "1.3", "1.4", "1.5", "1.6"],
        findings: &["uncovered-requirement"; 5],
    },
    Case {
        id: "C32",
        path: "a/design.md",
        text: "# D\n\n{}\n",
        others: &[("a/requirements.md", FR)],
        defines: &[],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C33",
        path: ".kiro/specs/a/tasks.md",
        text: "- [ ] 1. T\n{}\n",
        others: &[(".kiro/specs/a/requirements.md", KIRO)],
        defines: &[],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C34",
        path: ".kiro/settings/templates/specs/tasks.md",
        text: "- [ ] 1. T\n{}\n",
        others: &[],
        defines: &[],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C35",
        path: ".kiro/specs/a/design.md",
        text: "# D\n\n{}\n",
        others: &[(".kiro/specs/a/requirements.md", KIRO)],
        defines: &[],
        refers: &["1.1", "6.6"],
        findings: &["uncovered-requirement"; 1],
    },
    Case {
        id: "C36",
        path: "a/requirements.md",
        text: "{}\n",
        others: &[],
        defines: &["TC-02-01"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C38",
        path: ".kiro/specs/a/bugfix.md",
        text: "# B\n\n## Current Behavior\n\n{}\n",
        others: &[(".kiro/specs/a/tasks.md", "- [ ] 1. T\n  - _Requirements: 1.1_\n")],
        defines: &["1.1"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C50",
        path: "specs/001-a/tasks.md",
        text: "# T\n\n{}\n",
        others: &[("specs/001-a/spec.md", FR)],
        defines: &[],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C51",
        path: "specs/001-a/spec.md",
        text: "{}\n",
        others: &[],
        defines: &["RF-001"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C54",
        path: "specs/a/requirements.md",
        text: "| ID | Requirement | Priority | Verified by |\n|---|---|---|---|\n{}\n",
        others: &[(
            "specs/a/user-stories.md",
            "- AC-2.1: a\n- AC-2.2: a\n- AC-2.3: a\n- AC-2.4: a\n- AC-2.5: a\n- AC-2.6: a\n- AC-2.7: a\n",
        )],
        defines: &["FR-2"],
        refers: &["AC-2.1", "AC-2.2", "AC-2.3", "AC-2.4", "AC-2.5", "AC-2.6", "AC-2.7"],
        findings: &[],
    },
    Case {
        id: "C55",
        path: "specs/a/tasks.md",
        text: "- [ ] 1. T\n{}\n",
        others: &[("specs/a/requirements.md", "- [ ] AC-1.5: a\n")],
        defines: &[],
        refers: &["AC-1.5"],
        findings: &[],
    },
    Case {
        id: "C56",
        path: "specs/a/tasks.md",
        text: "- [ ] 1. T\n{}\n",
        others: &[("specs/a/requirements.md", "- FR-11: a\n- AC-1.1: b\n")],
        defines: &[],
        refers: &["FR-11", "AC-11.1!"],
        findings: &["unknown-requirement"],
    },
    Case {
        id: "C57",
        path: "specs/a/design.md",
        text: "| Requirement | C | T | X |\n|---|---|---|---|\n{}\n",
        others: &[("specs/a/requirements.md", "- FR-1: a\n")],
        defines: &[],
        refers: &["FR-1"],
        findings: &[],
    },
    Case {
        id: "C61",
        path: "specs/a/spec.md",
        text: "{}\n\nText.\n\n# T\n",
        others: &[],
        defines: &[],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C62",
        path: "specs/a/spec.md",
        text: "# T\n\n{}\n",
        others: &[],
        defines: &["CBIN-144"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C63",
        path: "docs/epics/epic-1.md",
        text: "# E\n\n{}\n",
        others: &[("docs/prd/functional-requirements.md", "- **FR1:** a\n")],
        defines: &[],
        refers: &["FR1"],
        findings: &[],
    },
    Case {
        id: "C64",
        path: "docs/architecture.md",
        text: "| A | B |\n|---|---|\n{}\n",
        others: &[("docs/prd.md", "- **FR16:** a\n- **NFR1:** a\n")],
        defines: &[],
        refers: &["NFR16!"],
        findings: &["unknown-in-prose"],
    },
    Case {
        id: "C69",
        path: "docs/a/spec.md",
        text: "{}\n",
        others: &[],
        defines: &["R1.1"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C70",
        path: "docs/a/CHECKLIST.md",
        text: "# C\n\n{}\n",
        others: &[("docs/a/SPEC.md", "- [ ] R1.3 a\n")],
        defines: &[],
        refers: &["R1.3"],
        findings: &[],
    },
    Case {
        id: "C71",
        path: "openspec/specs/a/spec.md",
        text: "# a\n\n## Purpose\n\nWhat it is for.\n\n## Requirements\n\n### Requirement: A name\nIt SHALL.\n\n#### Scenario: s\n{}\n",
        others: &[],
        defines: &["A name", "A name › s"],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C72",
        path: "openspec/specs/a/spec.md",
        text: "# a\n\n## Purpose\n\nWhat it is for.\n\n## Requirements\n\n{}\nIt SHALL.\n\n#### Scenario: s\n- **THEN** a\n",
        others: &[],
        defines: &[
            "Release workflow performs repository preflight",
            "Release workflow performs repository preflight › s",
        ],
        refers: &[],
        findings: &[],
    },
    Case {
        id: "C73",
        path: "docs/requirements.md",
        text: "```mermaid\n{}\n```\n",
        others: &[],
        defines: &[],
        refers: &[],
        findings: &[],
    },
];

fn table() -> Option<BTreeMap<String, String>> {
    let set = std::env::var_os("TRACELINE_SHARED").map(PathBuf::from);
    let folder = set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let Ok(text) = std::fs::read_to_string(folder.join("cases.tsv")) else {
        println!("skipped cases: {} has no cases.tsv (set TRACELINE_SHARED)", folder.display());
        return None;
    };
    let rows = text.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    Some(rows.map(|row| (row[0].to_string(), row[4].to_string())).collect())
}

/// What is wrong with how the row's line is understood.
fn wrong(case: &Case, line: &str) -> Vec<String> {
    let root = FilePath::new("/w");
    let mut world = World::new(vec![root], Settings::default());
    let text = case.text.replace("{}", line);
    let home = Dialect::home();
    let mut put = |path: &str, text: &str| {
        let full = FilePath::new(&format!("/w/{path}"));
        world.put(&full, Closed::read(text, home.at(path), home.role_of(path)));
    };
    put(case.path, &text);
    case.others.iter().for_each(|(path, text)| put(path, text));
    let snapshot = world.snapshot();
    let path = FilePath::new(&format!("/w/{}", case.path));
    let report = inspect::report(&snapshot, &path, &text).expect("it was put");
    let defines: Vec<String> = report.definitions.iter().map(|entry| entry.id.clone()).collect();
    let number = u32::try_from(case.text.split("{}").next().map_or(0, |before| before.lines().count()))
        .expect("a case is short")
        + 1;
    let own = report.references.iter().filter(|entry| entry.line == number);
    let refers: Vec<String> =
        own.map(|entry| format!("{}{}", entry.id, if entry.resolved.is_empty() { "!" } else { "" })).collect();
    let mut findings: Vec<&str> = snapshot
        .files()
        .flat_map(|path| rule::check(&snapshot, path))
        .filter(|finding| finding.level > Level::Hint)
        .map(|finding| finding.rule.name)
        .collect();
    findings.sort_unstable();
    let mut out = Vec::new();
    if defines != case.defines {
        out.push(format!("{} defines {defines:?}, not {:?}", case.id, case.defines));
    }
    if refers != case.refers {
        out.push(format!("{} refers to {refers:?}, not {:?}", case.id, case.refers));
    }
    if findings != case.findings {
        out.push(format!("{} has findings {findings:?}, not {:?}", case.id, case.findings));
    }
    out
}

#[test]
fn every_row_of_the_shared_table_is_understood() {
    let Some(lines) = table() else { return };
    let tested: Vec<&str> = CASES.iter().map(|case| case.id).collect();
    assert_eq!(lines.keys().map(String::as_str).collect::<Vec<_>>(), tested, "a test for each row");
    let wrong: Vec<String> = CASES.iter().flat_map(|case| wrong(case, &lines[case.id])).collect();
    assert!(wrong.is_empty(), "{} rows:\n{}", lines.len(), wrong.join("\n"));
}
