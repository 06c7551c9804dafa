//! The cases of the home dialect: around each real line a small feature is built, and what is understood is compared.

use serde_json::Value;
use traceline_tests::{Workspace, report};

use crate::table;

/// What must be understood of a case's line, which stands where its files hold `{}`.
enum Want {
    /// The file of the line defines exactly these ids.
    Defines(&'static [&'static str]),
    /// The file of the line defines at least this id, in this form.
    DefinesAs(&'static str, &'static str),
    /// The line refers to exactly these ids.
    Refers(&'static [&'static str]),
    /// Every reference of the line is of this kind.
    Kind(&'static str),
    /// Every reference of the line is resolved.
    Resolved,
    /// The line has a finding of this rule whose message holds these words.
    Finds(&'static str, &'static str),
    /// The line has exactly this many findings.
    Findings(usize),
    /// No file of the feature has a finding of this rule.
    Never(&'static str),
}

use Want::{Defines, DefinesAs, Findings, Finds, Kind, Never, Refers, Resolved};

/// A row of the table and the feature around its line.
struct Case {
    id: &'static str,
    /// The file that holds the line, as `{}`.
    file: &'static str,
    text: &'static str,
    /// The other files.
    others: &'static [(&'static str, &'static str)],
    wants: &'static [Want],
}

const SPEC: &str = "specs/x/spec.md";
const PLAN: &str = "specs/x/plan.md";
const TASKS: &str = "specs/x/tasks.md";

/// FR-4.1 to FR-4.8 and what NF-4 and NF-6 may have meant, all covered.
const YAMY: &str = "- **FR-4**: a\n- **FR-4.1**: a\n- **FR-4.8**: b\n- **NFR-4**: c\n- **NFR-6**: d\n";

const CASES: &[Case] = &[
    Case {
        id: "C01",
        file: SPEC,
        text: "# Spec\n\n{}\n",
        others: &[],
        wants: &[Defines(&["FR-1.1"]), DefinesAs("FR-1.1", "written")],
    },
    Case {
        id: "C02",
        file: TASKS,
        text: "- [ ] 1. Task\n{}\n",
        others: &[(SPEC, "- **FR-1.2**: a\n- **FR-2.2**: b\n")],
        wants: &[Refers(&["FR-2.2", "FR-1.2"]), Kind("trace-line"), Resolved, Findings(0)],
    },
    Case {
        id: "C03",
        file: TASKS,
        text: "- [ ] 1. Task\n{}\n",
        others: &[(SPEC, "- **FR-1.2**: a\n")],
        wants: &[Refers(&[]), Finds("placeholder-left", ""), Findings(1)],
    },
    Case {
        id: "C03",
        file: "resources/templates/base/tasks.md",
        text: "- [ ] 1. Task\n{}\n",
        others: &[],
        wants: &[Refers(&[]), Never("unknown-requirement"), Never("malformed-trace-line")],
    },
    Case {
        id: "C04",
        file: SPEC,
        text: "# Spec\n\n- **TR-1.3**: a\n- **NFR-1.3**: b\n\n## Dependencies\n\n{}\n",
        others: &[],
        wants: &[Defines(&["TR-1.3", "NFR-1.3"]), Refers(&["TR-1.3", "NFR-1.3"]), Kind("trace-line"), Findings(0)],
    },
    Case {
        id: "C05",
        file: SPEC,
        text: "# Spec\n\n{}\n\n#### Acceptance Criteria\n\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f\n7. g\n8. h\n9. i\n10. j\n11. k\n12. l\n",
        others: &[(TASKS, "- [ ] 1. Task\n  - _Requirements: FR-1.1, FR-1.12_\n")],
        wants: &[
            Defines(&[
                "FR-1", "FR-1.1", "FR-1.2", "FR-1.3", "FR-1.4", "FR-1.5", "FR-1.6", "FR-1.7", "FR-1.8", "FR-1.9",
                "FR-1.10", "FR-1.11", "FR-1.12",
            ]),
            DefinesAs("FR-1", "written"),
            DefinesAs("FR-1.12", "counted"),
            Never("unknown-requirement"),
        ],
    },
    Case {
        id: "C06",
        file: "specs/x/requirements.md",
        text: "# Spec\n\n### FR-1 — Pill\n\n{}\n\n### FR-6 — Topics\n\ntext\n",
        others: &[],
        wants: &[Defines(&["FR-1", "FR-1.1", "FR-6"]), Never("unknown-in-prose"), Never("duplicate-requirement")],
    },
    Case {
        id: "C07",
        file: "specs/x/requirements.md",
        text: "# Spec\n\n### US-1: Story\n\n{}\n",
        others: &[],
        wants: &[Defines(&["US-1", "FR-1"]), Refers(&["US-1"]), Resolved, Never("duplicate-requirement")],
    },
    Case {
        id: "C08",
        file: TASKS,
        text: "- [ ] 1. Task\n\n{}\n",
        others: &[(
            SPEC,
            "### US-1: Story\n\n### FR-1: Tokens\n\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f\n7. g\n8. h\n9. i\n",
        )],
        wants: &[
            Refers(&["FR-1.1", "FR-1.2", "FR-1.3", "FR-1.4", "FR-1.5", "FR-1.6", "FR-1.7", "FR-1.8", "FR-1.9", "US-1"]),
            Kind("trace-line"),
            Resolved,
            Findings(0),
        ],
    },
    Case {
        id: "C15",
        file: "specs/x/requirements.md",
        text: "# Spec\n\n{}\n",
        others: &[],
        wants: &[Defines(&["FR-1.1"])],
    },
    Case {
        id: "C16",
        file: "specs/x/requirements.md",
        text: "### FR-1: Windows\n\ntext\n\n### FR-2: Keys\n\n{}\n",
        others: &[],
        wants: &[Defines(&["FR-1", "FR-2"]), Refers(&["FR-1"]), Resolved, Findings(0)],
    },
    Case {
        id: "C17",
        file: TASKS,
        text: "- [ ] 1. Task\n{}\n",
        others: &[(SPEC, "### FR-1: Handles\n\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f\n7. g\n8. h\n")],
        wants: &[
            Refers(&["FR-1.1", "FR-1.2", "FR-1.3", "FR-1.4", "FR-1.5", "FR-1.6", "FR-1.7", "FR-1.8"]),
            Kind("trace-line"),
            Resolved,
            Findings(0),
        ],
    },
    Case {
        id: "C18",
        file: TASKS,
        text: "- [ ] 1. Task\n{}\n",
        others: &[(SPEC, YAMY)],
        wants: &[
            Refers(&["NF-4", "NF-6"]),
            Finds("unknown-requirement", "did you mean `NFR-4`"),
            Finds("unknown-requirement", "did you mean `NFR-6`"),
            Findings(2),
        ],
    },
    Case {
        id: "C19",
        file: TASKS,
        text: "- [ ] 1. Task\n{}\n",
        others: &[(SPEC, YAMY)],
        wants: &[Refers(&["FR-4.9"]), Finds("unknown-requirement", "`FR-4.9`"), Findings(1)],
    },
    Case {
        id: "C21",
        file: TASKS,
        text: "- [ ] 1. Task\n{}\n",
        others: &[("specs/x/requirements.md", "### US-1: Testing\n\ntext\n\n### US-2: Causes\n\ntext\n")],
        wants: &[Refers(&["US-1", "US-2"]), Kind("trace-line"), Resolved, Findings(0)],
    },
    Case { id: "C23", file: SPEC, text: "# Spec\n\n{}\n", others: &[], wants: &[Defines(&["FR1.1"])] },
    Case {
        id: "C23",
        file: SPEC,
        text: "# Spec\n\n{}\n",
        others: &[(TASKS, "- [ ] 1. Task\n  - _Requirements: FR-1.1_\n")],
        wants: &[Never("duplicate-requirement")],
    },
    Case {
        id: "C24",
        file: TASKS,
        text: "- [ ] 1. Task\n{}\n",
        others: &[(SPEC, "- **FR5.1**: a\n- **FR5.2**: b\n")],
        wants: &[Refers(&["FR6.1"]), Finds("unknown-requirement", "`FR6.1`"), Findings(1)],
    },
    Case {
        id: "C25",
        file: TASKS,
        text: "- [ ] 1. Task\n\n```\n{}\n```\n",
        others: &[(SPEC, "- **FR5.1**: a\n")],
        wants: &[Findings(0), Never("unknown-requirement"), Never("unknown-in-prose")],
    },
    Case {
        id: "C26",
        file: TASKS,
        text: "- [ ] 1. Task\n{}\n  - _Requirements: FR1.1, FR1.2_\n",
        others: &[(SPEC, "- **FR1.1**: a\n- **FR1.2**: b\n")],
        wants: &[Refers(&["FR1.1", "FR1.2"]), Kind("mention"), Resolved, Findings(0)],
    },
    Case {
        id: "C33",
        file: TASKS,
        text: "- [ ] 1. Task\n{}\n",
        others: &[(SPEC, "- **FR-1.1**: a\n")],
        wants: &[Refers(&[]), Findings(0)],
    },
    Case {
        id: "C34",
        file: "specs/templates/tasks.md",
        text: "- [ ] 1. Task\n{}\n",
        others: &[],
        wants: &[Refers(&[]), Never("unknown-requirement"), Never("malformed-trace-line")],
    },
    Case {
        id: "C54",
        file: "specs/x/requirements.md",
        text: "### US-2: Story\n\n- [ ] AC-2.1: a\n- [ ] AC-2.2: a\n- [ ] AC-2.3: a\n- [ ] AC-2.4: a\n- [ ] AC-2.5: a\n- [ ] AC-2.6: a\n\
               - [ ] AC-2.7: a\n\n| ID | Requirement | Priority | Acceptance |\n|----|----|----|----|\n{}\n",
        others: &[],
        wants: &[
            Defines(&["US-2", "AC-2.1", "AC-2.2", "AC-2.3", "AC-2.4", "AC-2.5", "AC-2.6", "AC-2.7", "FR-2"]),
            Refers(&["AC-2.1", "AC-2.2", "AC-2.3", "AC-2.4", "AC-2.5", "AC-2.6", "AC-2.7"]),
            Resolved,
            Findings(0),
        ],
    },
    Case {
        id: "C55",
        file: TASKS,
        text: "- [ ] 1. Task\n  - Acceptance\n{}\n",
        others: &[("specs/x/requirements.md", "### US-1: Story\n\n- [ ] AC-1.5: implement.md < 1000 lines\n")],
        wants: &[Defines(&[]), Refers(&["AC-1.5"]), Resolved, Never("duplicate-requirement")],
    },
    Case {
        id: "C56",
        file: TASKS,
        text: "- [ ] 1. Task\n{}\n",
        others: &[("specs/x/requirements.md", "### US-1: Story\n\n- [ ] AC-1.1: a\n- [ ] FR-11: b\n")],
        wants: &[Refers(&["FR-11", "AC-11.1"]), Finds("unknown-requirement", "`AC-11.1`"), Findings(1)],
    },
    Case {
        id: "C57",
        file: "specs/x/design.md",
        text: "| Requirement | Component | Test | Where |\n|----|----|----|----|\n{}\n",
        others: &[(SPEC, "- **FR-1**: Plugin loads\n")],
        wants: &[Defines(&[]), Refers(&["FR-1"]), Resolved, Findings(0)],
    },
    Case {
        id: "C61",
        file: SPEC,
        text: "{}\n\n- **FR-1**: a\n",
        others: &[],
        wants: &[Defines(&["FR-1"]), Findings(0)],
    },
    Case {
        id: "C63",
        file: "docs/prd/epic-list.md",
        text: "# Epics\n\n{}\n",
        others: &[(
            "docs/prd/functional-requirements.md",
            "# Functional Requirements\n\n- **FR1:** User can adjust the ISO value\n",
        )],
        wants: &[Never("duplicate-requirement"), Refers(&["FR1"]), Resolved],
    },
    Case {
        id: "C64",
        file: PLAN,
        text: "| Requirement | Design |\n|----|----|\n{}\n",
        others: &[(SPEC, "- **FR16**: Last used mode is restored\n- **NFR1**: a\n- **NFR2**: b\n")],
        // That NFR16 is a mistake can be said once a dialect knows ids without a hyphen in prose.
        wants: &[Defines(&[]), Refers(&["NFR16"]), Never("duplicate-requirement")],
    },
    Case {
        id: "C71",
        file: SPEC,
        text: "# Spec\n\n- **FR-1**: a\n{}\n",
        others: &[],
        wants: &[Defines(&["FR-1"]), Refers(&[]), Findings(0)],
    },
    Case {
        id: "C73",
        file: SPEC,
        text: "# Spec\n\n- **FR-1**: a\n\n```mermaid\ngraph TD\n{}\n```\n",
        others: &[],
        wants: &[Defines(&["FR-1"]), Findings(0)],
    },
];

#[test]
fn the_cases_of_the_home_dialect() {
    let Some(inputs) = table::inputs() else {
        return;
    };
    let mut faults = Vec::new();
    for case in CASES {
        let input = inputs.get(case.id).unwrap_or_else(|| panic!("the table has no {}", case.id));
        for fault in examine(case, input) {
            faults.push(format!("{} {}", case.id, fault));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn examine(case: &Case, input: &str) -> Vec<String> {
    let workspace = Workspace::new("");
    for (path, text) in case.others {
        workspace.write(path, text);
    }
    let (before, _) = case.text.split_once("{}").expect("a case has a place for its line");
    workspace.write(case.file, case.text.replace("{}", input));
    let line = before.matches('\n').count() + 1;
    let understood = report::inspect(workspace.root(), case.file);
    let (_, checked) = report::check(workspace.root(), &["--fail-on", "error"]);
    case.wants.iter().filter_map(|want| fault(want, case.file, line, &understood, &checked)).collect()
}

fn fault(want: &Want, file: &str, line: usize, understood: &Value, checked: &Value) -> Option<String> {
    let list = |key: &str| understood[key].as_array().cloned().unwrap_or_default();
    let text = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
    let on_line = |it: &Value| it["line"] == line;
    let references: Vec<Value> = list("references").into_iter().filter(on_line).collect();
    let all = report::findings(checked);
    let findings: Vec<_> = all.iter().filter(|it| it.path == file && it.range[0] == line as u64).collect();
    let wrong = |holds: bool, words: String| (!holds).then_some(words);
    match want {
        Defines(ids) => {
            let found: Vec<String> = list("definitions").iter().map(|it| text(it, "id")).collect();
            wrong(found == *ids, format!("defines {found:?}, not {ids:?}"))
        }
        DefinesAs(id, form) => {
            let found = list("definitions").iter().any(|it| text(it, "id") == *id && text(it, "form") == *form);
            wrong(found, format!("does not define {id} as {form}: {}", understood["definitions"]))
        }
        Refers(ids) => {
            let found: Vec<String> = references.iter().map(|it| text(it, "id")).collect();
            wrong(found == *ids, format!("refers to {found:?}, not {ids:?}"))
        }
        Kind(kind) => {
            wrong(references.iter().all(|it| text(it, "kind") == *kind), format!("is not all {kind}: {references:?}"))
        }
        Resolved => {
            let holds = references.iter().all(|it| it["resolved"].as_array().is_some_and(|it| !it.is_empty()));
            wrong(holds, format!("is not all resolved: {references:?}"))
        }
        Finds(rule, words) => {
            let holds = findings.iter().any(|it| (rule.is_empty() || it.rule == *rule) && it.message.contains(words));
            wrong(holds, format!("has no finding {rule} with {words:?}: {findings:?}"))
        }
        Findings(count) => {
            wrong(findings.len() == *count, format!("has {} findings, not {count}: {findings:?}", findings.len()))
        }
        Never(rule) => wrong(!all.iter().any(|it| it.rule == *rule), format!("raises {rule}: {all:?}")),
    }
}
