//! What is shown of a whole document: lenses, hints, folds, selections, links.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, capabilities, text};

use crate::{LOGIN, login};

const SPEC: &str = "specs/login/spec.md";
const PLAN: &str = "specs/login/plan.md";
const TASKS: &str = "specs/login/tasks.md";

/// The whole of a document of so few lines.
fn all() -> Value {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } })
}

fn of(client: &mut Client, what: &str, uri: &str) -> Value {
    let mut params = json!({ "textDocument": { "uri": uri } });
    if matches!(what, "inlayHint" | "semanticTokens/range") {
        params["range"] = all();
    }
    client.request(&format!("textDocument/{what}"), params)
}

fn list(answer: &Value) -> Vec<Value> {
    answer.as_array().unwrap_or_else(|| panic!("a list is wanted: {answer}")).clone()
}

/// Each lens as `what it stands above: what it says (places)`.
fn lenses(client: &mut Client, workspace: &Workspace, path: &str) -> Vec<String> {
    let lenses = of(client, "codeLens", &workspace.uri(path));
    let mut out = Vec::new();
    for lens in list(&lenses) {
        let above = text::slice(workspace.text(path), &lens["range"], client.encoding()).to_owned();
        let seen = client.request("codeLens/resolve", lens);
        assert_eq!(seen["command"]["command"], "traceline.showReferences", "{seen}");
        assert_eq!(seen["command"]["arguments"][0], workspace.uri(path), "{seen}");
        let title = seen["command"]["title"].as_str().expect("a command has a title");
        out.push(format!("{above}: {title} ({})", list(&seen["command"]["arguments"][2]).len()));
    }
    out
}

#[test]
fn lenses_tell_who_serves_a_requirement_and_what_a_task_carries() {
    let (workspace, mut client) = login();
    client.open(&workspace, SPEC);
    assert_eq!(
        lenses(&mut client, &workspace, SPEC),
        [
            "FR-1.1: 1 section · 1 task, 1 done (2)",
            "FR-1.2: 1 section · 1 task, 0 done (2)",
            "NFR-1.1: 1 section · 1 task, 1 done (2)",
        ]
    );
    assert_eq!(
        lenses(&mut client, &workspace, TASKS),
        ["1. Make sessions: 2 requirements (2)", "2. Refuse wrong passwords: 1 requirement (1)"]
    );
}

#[test]
fn a_lens_stands_only_where_it_says_something() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1**: Whole
        - **FR-1.1**: Part
        - **FR-2**: Nobody asked
        //- specs/a/tasks.md
        - [ ] 1. Names what nothing defines
          - _Requirements: FR-9_
        - [ ] 2. Holds others
          - [x] 2.1 Carries
            - _Requirements: FR-1.1, FR-9_
        - [ ] 3. Alone
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/spec.md");
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    assert_eq!(
        lenses(&mut client, &workspace, "specs/a/spec.md"),
        ["FR-1: 1 of 1 part covered (1)", "FR-1.1: 1 task, 1 done (1)", "FR-2: not covered (0)"],
        "the whole leads to who serves its part"
    );
    assert_eq!(
        lenses(&mut client, &workspace, "specs/a/tasks.md"),
        ["2. Holds others: 1 of 1 done (0)", "2.1 Carries: 1 requirement (1)"]
    );
}

#[test]
fn a_click_on_a_lens_gives_the_places() {
    let (workspace, mut client) = login();
    client.open(&workspace, SPEC);
    let lens = of(&mut client, "codeLens", &workspace.uri(SPEC))[0].clone();
    let command = client.request("codeLens/resolve", lens)["command"].clone();
    let places = client.request(
        "workspace/executeCommand",
        json!({ "command": command["command"], "arguments": command["arguments"] }),
    );
    assert_eq!(crate::places(&places).len(), 2, "{places}");
}

#[test]
fn a_lens_of_a_task_that_is_gone_says_that_the_document_has_changed() {
    let (workspace, mut client) = login();
    let lens = of(&mut client, "codeLens", &workspace.uri(TASKS))[1].clone();
    client.replace(&workspace.uri(TASKS), "# Tasks\n\nNone.\n");
    let id = client.ask("codeLens/resolve", lens);
    assert_eq!(client.refusal(id), -32801);
}

/// The words of a hint, whole or in parts.
fn label_of(hint: &Value) -> String {
    let part = |part: &Value| part["value"].as_str().expect("a part has words").to_owned();
    hint["label"].as_str().map_or_else(|| list(&hint["label"]).iter().map(part).collect(), str::to_owned)
}

/// The text with its hints in `‹›`.
fn hinted(client: &mut Client, workspace: &Workspace, path: &str) -> String {
    let hints = of(client, "inlayHint", &workspace.uri(path)).as_array().cloned().unwrap_or_default();
    let mut out = workspace.text(path).to_owned();
    for hint in hints.iter().rev() {
        let at = text::offset(&out, traceline_tests::Position::decode(&hint["position"]), client.encoding());
        out.insert_str(at, &format!("‹{}›", label_of(hint)));
    }
    out
}

#[test]
fn hints_give_titles_in_trace_lines_and_coverage_behind_statements() {
    let (workspace, mut client) = login();
    client.open(&workspace, SPEC);
    client.open(&workspace, PLAN);
    let plan = hinted(&mut client, &workspace, PLAN);
    assert!(
        plan.contains("FR-1.1, NFR-1.1_‹(open a session · Signing in SHALL take…)›\n"),
        "together, at the line's end: {plan}"
    );
    let spec = hinted(&mut client, &workspace, SPEC);
    assert!(spec.contains("SHALL open a session‹(1/1 done)›\n"), "{spec}");
    assert!(spec.contains("SHALL refuse it‹(0/1 done)›\n"), "{spec}");
}

#[test]
fn hints_heed_range_and_settings() {
    let workspace = Workspace::new(LOGIN);
    let hints = json!({ "titleLength": 12, "lineLength": 40, "coverage": false });
    let settings = json!({ "traceline": { "hints": hints, "lenses": false } });
    let mut client = Client::start_with(&workspace, &Setup::rich().with_settings(settings));
    client.open(&workspace, SPEC);
    client.open(&workspace, PLAN);
    client.ready();
    let plan = hinted(&mut client, &workspace, PLAN);
    assert!(plan.contains("FR-1.2_‹(a password…)›"), "{plan}");
    assert!(plan.contains("NFR-1.1_\n"), "no room for two titles: {plan}");
    assert!(!hinted(&mut client, &workspace, SPEC).contains('‹'), "no coverage");
    assert_eq!(of(&mut client, "codeLens", &workspace.uri(SPEC)), Value::Null, "no lenses");
    let line = workspace.find(PLAN, "FR-1.2", client.encoding()).line;
    let range = json!({ "start": { "line": line, "character": 0 }, "end": { "line": line, "character": 9 } });
    let params = json!({ "textDocument": { "uri": workspace.uri(PLAN) }, "range": range });
    assert_eq!(client.request("textDocument/inlayHint", params), Value::Null, "the line ends behind the range");
}

#[test]
fn a_hint_that_is_looked_at_says_more_and_leads_to_the_requirement() {
    let mut rich = capabilities::rich();
    rich["textDocument"]["inlayHint"] = json!({ "resolveSupport": { "properties": ["tooltip", "label.location"] } });
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup::new(rich));
    client.open(&workspace, PLAN);
    client.ready();
    let hints = of(&mut client, "inlayHint", &workspace.uri(PLAN));
    assert_eq!(hints[0].get("tooltip"), None, "only when it is looked at");
    let hint = client.request("inlayHint/resolve", hints[0].clone());
    let words = hint["tooltip"]["value"].as_str().expect("a tooltip");
    assert!(words.contains("the system SHALL open a session") && words.contains("**NFR-1.1** Signing in"), "{words}");
    let lines: Vec<Value> =
        list(&hint["label"]).iter().map(|part| part["location"]["range"]["start"]["line"].clone()).collect();
    assert_eq!(lines, [json!(4), Value::Null, json!(9)], "each title to its own requirement: {hint}");
    let alone = client.request("inlayHint/resolve", hints[1].clone());
    let words = alone["tooltip"]["value"].as_str().expect("a tooltip");
    assert!(words.contains("the system SHALL refuse it"), "{words}");
    assert_eq!(alone["label"][0]["location"]["uri"], workspace.uri(SPEC));

    let mut client = Client::start_with(&workspace, &Setup::bare());
    for path in [SPEC, PLAN, TASKS] {
        client.open(&workspace, path);
    }
    let hint = of(&mut client, "inlayHint", &workspace.uri(PLAN))[0].clone();
    assert!(hint["label"].is_string(), "a client that resolves nothing gets plain words: {hint}");
}

#[test]
fn a_hint_of_a_range_counts_and_tells_what_it_means() {
    let mut rich = capabilities::rich();
    rich["textDocument"]["inlayHint"] = json!({ "resolveSupport": { "properties": ["tooltip", "label.location"] } });
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1.1**: See [the form](form.md) first
        - **FR-1.2**: B
        - **FR-1.3**: C
        //- specs/a/plan.md
        # P

        _Requirements: FR-1.1–1.3, FR-1.1_
        ",
    );
    let path = "specs/a/plan.md";
    let mut client = Client::start_with(&workspace, &Setup::new(rich));
    client.open(&workspace, path);
    client.ready();
    let plan = hinted(&mut client, &workspace, path);
    assert!(plan.contains("FR-1.1–1.3, FR-1.1_‹(3 ids · See the form first)›"), "{plan}");
    let hint = of(&mut client, "inlayHint", &workspace.uri(path))[0].clone();
    assert_eq!(hint["paddingLeft"], true, "{hint}");
    let hint = client.request("inlayHint/resolve", hint);
    let words = hint["tooltip"]["value"].as_str().expect("a tooltip");
    assert!(words.contains("**FR-1.2** B") && words.contains("**FR-1.3** C"), "{words}");
    assert_eq!(hint["label"][0].get("location"), None, "several have no one place");
}

#[test]
fn a_fold_says_what_it_hides_to_a_client_that_shows_it() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        # A

        ## Requirements

        - **FR-1**: A
        - **FR-2**: B

        ## Notes

        Words.
        //- specs/a/tasks.md
        - [x] 1. Done
          - _Requirements: FR-1_
        - [ ] 2. Open
          - [x] 2.1 Part
          - [ ] 2.2 Rest
        ",
    );
    let told = |folds: Value| {
        let mut client = {
            let mut rich = capabilities::rich();
            rich["textDocument"]["foldingRange"] = folds;
            Client::start_with(&workspace, &Setup::new(rich))
        };
        let mut out = Vec::new();
        for path in ["specs/a/spec.md", "specs/a/tasks.md"] {
            client.open(&workspace, path);
            client.ready();
            let folds = list(&of(&mut client, "foldingRange", &workspace.uri(path)));
            out.extend(folds.iter().map(|fold| fold["collapsedText"].as_str().map(String::from)));
        }
        out
    };
    let text = |words: &str| Some(words.to_owned());
    assert_eq!(
        told(json!({ "lineFoldingOnly": true, "foldingRange": { "collapsedText": true } })),
        [
            text("# A … 2 requirements"),
            text("## Requirements … 2 requirements"),
            None,
            text("- [x] 1. Done … done"),
            text("- [ ] 2. Open … 1 of 2 done"),
        ],
        "it shows the words instead of the line"
    );
    assert_eq!(
        told(json!({ "foldingRange": { "collapsedText": true } })),
        [text(" … 2 requirements"), text(" … 2 requirements"), None, text(" … done"), text(" … 1 of 2 done")],
        "it shows the words behind the line"
    );
    assert_eq!(told(json!({ "lineFoldingOnly": true })), [None, None, None, None, None]);
}

/// A feature whose task list is open, for texts that are put in its place.
fn one_task() -> (Workspace, Client, String) {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1**: A
        //- specs/a/tasks.md
        - [ ] 1. T
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let uri = workspace.uri("specs/a/tasks.md");
    (workspace, client, uri)
}

#[test]
fn folds_end_where_blocks_do_in_any_text() {
    let (_workspace, mut client, uri) = one_task();
    let mut folds = |text: &str| {
        client.replace(&uri, text);
        let folds = of(&mut client, "foldingRange", &uri).as_array().cloned().unwrap_or_default();
        let line = |fold: &Value, key: &str| fold[key].as_u64().unwrap_or(99);
        folds.iter().map(|fold| (line(fold, "startLine"), line(fold, "endLine"))).collect::<Vec<_>>()
    };
    let text =
        "---\na: b\n---\n\n# T\n\n- [x] 1. A\n  - b\n\n<!-- c\nd -->\n\n# Empty\n# U\n\n```sh\n# no heading\n\nls\n";
    let expected = [(0, 2), (4, 10), (6, 7), (9, 10), (13, 18), (15, 18)];
    assert_eq!(folds(text), expected, "a fence that nothing closes goes on to the end");
    assert_eq!(folds(&text.replace('\n', "\r\n")), expected);
    assert_eq!(folds("- [ ] 1. Short"), []);
}

#[test]
fn folds_hide_sections_tasks_and_fences_within_the_limit() {
    let picture = "
        //- specs/a/spec.md
        - **FR-1**: A
        //- specs/a/tasks.md
        # Tasks

        ## One

        - [x] 1. Done
          - _Requirements: FR-1_

        ```sh
        make
        ```
        ";
    let workspace = Workspace::new(picture);
    let mut client = Client::start(&workspace);
    client.open(&workspace, "specs/a/tasks.md");
    client.ready();
    let folds = of(&mut client, "foldingRange", &workspace.uri("specs/a/tasks.md"));
    let lines = |fold: &Value| (fold["startLine"].as_u64().unwrap_or(99), fold["endLine"].as_u64().unwrap_or(99));
    assert_eq!(list(&folds).iter().map(lines).collect::<Vec<_>>(), [(0, 9), (2, 9), (4, 5), (7, 9)]);
    assert_eq!(folds[2]["kind"], "region", "done tasks can be folded together");

    let mut few = capabilities::rich();
    few["textDocument"]["foldingRange"] = json!({ "rangeLimit": 2, "lineFoldingOnly": true });
    let mut client = Client::start_with(&workspace, &Setup::new(few));
    client.open(&workspace, "specs/a/tasks.md");
    let folds = of(&mut client, "foldingRange", &workspace.uri("specs/a/tasks.md"));
    assert_eq!(list(&folds).iter().map(lines).collect::<Vec<_>>(), [(0, 9), (2, 9)]);
    assert!(list(&folds).iter().all(|fold| fold.get("startCharacter").is_none()), "{folds}");
}

#[test]
fn a_selection_grows_from_the_id_to_the_document() {
    let (workspace, mut client) = login();
    client.open(&workspace, PLAN);
    let at = workspace.find(PLAN, "NFR-1.1", client.encoding());
    let params = json!({ "textDocument": { "uri": workspace.uri(PLAN) }, "positions": [at.json()] });
    let answer = client.request("textDocument/selectionRange", params);
    let (mut grown, mut next) = (Vec::new(), &answer[0]);
    while next.is_object() {
        grown.push(text::slice(workspace.text(PLAN), &next["range"], client.encoding()).trim_end().to_owned());
        next = &next["parent"];
    }
    assert_eq!(grown[..3], ["NFR-1.1", "FR-1.1, NFR-1.1", "_Requirements: FR-1.1, NFR-1.1_"]);
    assert!(grown.iter().any(|words| words.starts_with("## Sessions") && words.ends_with("NFR-1.1_")), "{grown:?}");
    assert!(grown.last().expect("there is one").starts_with("# Plan"), "{grown:?}");
}

#[test]
fn selections_of_several_cursors_grow_strictly() {
    let tasks: String = (1..300)
        .map(|n| format!("- [ ] {n}. Task 🎉\n  - [ ] {n}.1 Part with `code`\n    - _Requirements: FR-1_\n"))
        .collect();
    let (_workspace, mut client, uri) = one_task();
    let text = format!("---\na: b\n---\n# T\n\n{tasks}\n| A | B |\n|---|---|\n| FR-1 | *b* |\n\n```sh\nls FR-1\n```\n");
    client.replace(&uri, &text);
    let mut positions: Vec<Value> = ["a: b", "300", "250.1 Part", "_: FR-1", "b* |", "ls FR"]
        .iter()
        .filter_map(|words| text.find(words))
        .map(|at| text::position(&text, at + 1, client.encoding()).json())
        .collect();
    positions.push(json!({ "line": 99_999, "character": 7 }));
    positions.push(json!({ "line": 3, "character": 99 }));
    let params = json!({ "textDocument": { "uri": uri }, "positions": positions });
    let answer = list(&client.request("textDocument/selectionRange", params));
    assert_eq!(answer.len(), positions.len(), "one for each");
    for (position, mut range) in positions.iter().zip(&answer) {
        let place =
            |edge: &Value| (edge["line"].as_u64().expect("a line"), edge["character"].as_u64().expect("a column"));
        if position["line"] != 99_999 && position["character"] != 99 {
            let (start, end) = (place(&range["range"]["start"]), place(&range["range"]["end"]));
            assert!(start <= place(position) && place(position) <= end, "{position} {range}");
        }
        while range["parent"].is_object() {
            let (inner, outer) = (&range["range"], &range["parent"]["range"]);
            assert_ne!(inner, outer, "{position}");
            assert!(place(&outer["start"]) <= place(&inner["start"]), "{position}: {inner} in {outer}");
            assert!(place(&inner["end"]) <= place(&outer["end"]), "{position}: {inner} in {outer}");
            range = &range["parent"];
        }
        assert_eq!(range["range"]["start"], json!({ "line": 0, "character": 0 }), "the last is the document");
    }
}

#[test]
fn links_lead_to_what_they_name() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        # A

        - **FR-1**: Check
        //- specs/a/plan.md
        See [FR-1](../old.md#fr-1), [[spec]] and [[FR-1]]. FR-1 alone is no link.
        ",
    );
    let mut rich = capabilities::rich();
    rich["textDocument"]["documentLink"] = json!({ "tooltipSupport": true });
    let path = "specs/a/plan.md";
    let mut client = Client::start_with(&workspace, &Setup::new(rich));
    client.open(&workspace, path);
    client.ready();
    let spec = workspace.uri("specs/a/spec.md");
    let mut found = Vec::new();
    for link in list(&of(&mut client, "documentLink", &workspace.uri(path))) {
        assert_eq!(link.get("target"), None, "only when somebody follows it: {link}");
        let words = text::slice(workspace.text(path), &link["range"], client.encoding()).to_owned();
        let tooltip = link["tooltip"].as_str().expect("a tooltip").to_owned();
        let link = client.request("documentLink/resolve", link);
        found.push((words, tooltip, link["target"].as_str().expect("a target").to_owned()));
    }
    let requirement = ("FR-1 Check · specs/a/spec.md".to_owned(), format!("{spec}#L3,5"));
    assert_eq!(
        found,
        [
            ("FR-1".to_owned(), requirement.0.clone(), requirement.1.clone()),
            ("[[spec]]".to_owned(), "specs/a/spec.md".to_owned(), spec.clone()),
            ("[[FR-1]]".to_owned(), requirement.0, requirement.1.clone()),
        ]
    );

    let mut client = Client::start_with(&workspace, &Setup::bare());
    client.open(&workspace, path);
    client.open(&workspace, "specs/a/spec.md");
    let links = of(&mut client, "documentLink", &workspace.uri(path));
    assert_eq!(links[0]["target"], requirement.1, "a client that may not resolve gets the target at once");
    assert_eq!(links[0].get("tooltip"), None, "{links}");
}

#[test]
fn other_markdown_is_left_to_others() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1**: A
        //- README.md
        # Read me

        - [ ] a task
          - of another kind

        See [[spec]] and [a link](b.md).
        ",
    );
    let mut client = Client::start(&workspace);
    client.open(&workspace, "README.md");
    client.ready();
    let uri = workspace.uri("README.md");
    for what in [
        "documentSymbol",
        "codeLens",
        "inlayHint",
        "foldingRange",
        "documentLink",
        "semanticTokens/full",
        "semanticTokens/range",
    ] {
        assert_eq!(of(&mut client, what, &uri), Value::Null, "{what}");
    }
    let at = workspace.find("README.md", "task", client.encoding());
    let params = json!({ "textDocument": { "uri": uri }, "positions": [at.json()] });
    assert_eq!(client.request("textDocument/selectionRange", params), Value::Null);
}

#[test]
fn what_another_file_changes_is_asked_for_again() {
    let (workspace, mut client) = login();
    client.open(&workspace, SPEC);
    client.settle();
    let refreshes = ["workspace/codeLens/refresh", "workspace/inlayHint/refresh", "workspace/semanticTokens/refresh"];
    let counts = |client: &Client| refreshes.map(|method| client.received(method).len());
    let before = counts(&client);
    let done = workspace.text(TASKS).replace("- [ ] 2.", "- [x] 2.");
    client.replace(&workspace.uri(TASKS), &done);
    let mut waited = 0;
    while counts(&client).iter().zip(before).any(|(now, before)| *now == before) && waited < 100 {
        client.listen(std::time::Duration::from_millis(100));
        waited += 1;
    }
    assert!(counts(&client).iter().zip(before).all(|(now, before)| *now > before), "a task was done");
    assert_eq!(lenses(&mut client, &workspace, SPEC)[1], "FR-1.2: 1 section · 1 task, 1 done (2)");
}
