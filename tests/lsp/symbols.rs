//! Outlines of documents, and requirements of the whole workspace by what is typed.

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, text};

use crate::{LOGIN, login};

const SPEC: &str = "specs/login/spec.md";
const TASKS: &str = "specs/login/tasks.md";

fn outline(client: &mut Client, uri: &str) -> Value {
    client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }))
}

fn draw(symbols: &Value, depth: usize, out: &mut Vec<String>) {
    for symbol in symbols.as_array().map_or(&[][..], Vec::as_slice) {
        let detail = symbol["detail"].as_str().map(|detail| format!(" ({detail})")).unwrap_or_default();
        out.push(format!("{}{}{detail}", "  ".repeat(depth), symbol["name"].as_str().expect("a name")));
        draw(&symbol["children"], depth + 1, out);
    }
}

fn found(client: &mut Client, query: &str) -> Vec<Value> {
    let answer = client.request("workspace/symbol", json!({ "query": query }));
    answer.as_array().cloned().unwrap_or_default()
}

fn names(symbols: &[Value]) -> Vec<&str> {
    symbols.iter().map(|symbol| symbol["name"].as_str().expect("a symbol has a name")).collect()
}

#[test]
fn an_outline_nests_requirements_and_tasks_with_their_state() {
    let (workspace, mut client) = login();
    client.open(&workspace, SPEC);
    let mut drawn = Vec::new();
    draw(&outline(&mut client, &workspace.uri(SPEC)), 0, &mut drawn);
    assert_eq!(
        drawn,
        [
            "Login",
            "  Functional Requirements",
            "    FR-1.1 WHEN a user signs in THEN the system SHALL open a session",
            "    FR-1.2 WHEN a password is wrong THEN the system SHALL refuse it",
            "  Non-Functional Requirements",
            "    NFR-1.1 Signing in SHALL take less than a second",
        ]
    );
    drawn.clear();
    draw(&outline(&mut client, &workspace.uri(TASKS)), 0, &mut drawn);
    assert_eq!(drawn, ["Tasks", "  1 Make sessions (done)", "  2 Refuse wrong passwords (open)"]);
}

#[test]
fn a_task_is_of_a_kind_that_the_client_knows() {
    let workspace = Workspace::new(LOGIN);
    for (setup, kind) in [(Setup::rich(), 24), (Setup::bare(), 12)] {
        let mut client = Client::start_with(&workspace, &setup);
        client.open(&workspace, TASKS);
        let answer = outline(&mut client, &workspace.uri(TASKS));
        let of_task = answer.pointer("/0/children/0/kind").unwrap_or(&answer[1]["kind"]);
        assert_eq!(*of_task, kind, "{answer}");
    }
}

#[test]
fn a_client_without_trees_gets_a_list() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup::bare());
    client.open(&workspace, SPEC);
    let answer = outline(&mut client, &workspace.uri(SPEC));
    assert_eq!(names(answer.as_array().expect("a list"))[..2], ["Login", "Functional Requirements"]);
    assert_eq!(answer[1]["containerName"], "Login");
    assert_eq!(answer[1]["location"]["uri"], workspace.uri(SPEC));
}

#[test]
fn requirements_are_found_by_id_words_and_letters() {
    let workspace = Workspace::new(
        "
        //- specs/login/spec.md
        - **FR-1**: Check passwords
        - **FR-2**: Lock the door
        //- specs/pay/spec.md
        - **FR-1**: Pay bills
        ",
    );
    let mut client = Client::start(&workspace);
    client.ready();
    assert_eq!(names(&found(&mut client, "fr-1")), ["FR-1 Check passwords", "FR-1 Pay bills"]);
    assert_eq!(names(&found(&mut client, "door lock")), ["FR-2 Lock the door"]);
    assert_eq!(names(&found(&mut client, "chkpsw")), ["FR-1 Check passwords"]);
    assert_eq!(names(&found(&mut client, "pay fr")), ["FR-1 Pay bills"], "the feature's name counts too");
    assert_eq!(names(&found(&mut client, "zebra")), [""; 0]);
    assert_eq!(found(&mut client, "bills")[0]["containerName"], "specs/pay");
}

#[test]
fn a_range_is_found_out_when_somebody_goes_there() {
    let (workspace, mut client) = login();
    let symbol = found(&mut client, "FR-1.2").remove(0);
    assert_eq!(symbol["location"], json!({ "uri": workspace.uri(SPEC) }), "a file alone: {symbol}");
    let symbol = client.request("workspaceSymbol/resolve", symbol);
    assert_eq!(text::slice(workspace.text(SPEC), &symbol["location"]["range"], client.encoding()), "FR-1.2");

    let mut client = Client::start_with(&workspace, &Setup::bare());
    client.open(&workspace, SPEC);
    let symbol = loop {
        // A client without progress is not told when the workspace has been read.
        if let Some(symbol) = found(&mut client, "FR-1.2").pop() {
            break symbol;
        }
    };
    assert_eq!(text::slice(workspace.text(SPEC), &symbol["location"]["range"], client.encoding()), "FR-1.2");
}

#[test]
fn an_id_is_found_in_every_feature_that_defines_it() {
    use std::fmt::Write as _;
    let mut files = String::new();
    for number in 0..1_200 {
        writeln!(files, "//- specs/f{number:04}/spec.md\n# Ü\n\n- **FR-1**: Number {number}").expect("a string");
    }
    let workspace = Workspace::new(&files);
    for setup in [Setup::bare(), Setup::rich()] {
        let mut client = Client::start_with(&workspace, &setup);
        let all = found(&mut client, "fr-1");
        assert_eq!(all.len(), 1_200);
        assert_eq!(
            (&all[1_199]["name"], &all[1_199]["containerName"]),
            (&json!("FR-1 Number 1199"), &json!("specs/f1199"))
        );
        assert_eq!(all[1_199]["location"]["uri"], workspace.uri("specs/f1199/spec.md"));
        let nothing = client.request("workspace/symbol", json!({ "query": "qqqqq" }));
        assert!(nothing.is_null(), "{nothing}");
    }
}

#[test]
fn a_symbol_spans_its_line_from_the_start_and_ends_before_the_next() {
    let spec = "# Login\r\n\r\n> # Quoted\r\n\r\n## FR-1: Sign in\r\n\r\n- **FR-1.1**: 🎉 By key\r\n\r\n## Later\r\n";
    let workspace = Workspace::new("//- specs/a/spec.md\n- **FR-1**: A\n");
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/a/spec.md");
    client.open_text(&uri, spec);
    let symbols = outline(&mut client, &uri);
    let mut drawn = Vec::new();
    draw(&symbols, 0, &mut drawn);
    assert_eq!(
        drawn,
        ["Login", "  FR-1: Sign in", "    FR-1.1 🎉 By key", "  Later (empty)"],
        "what is quoted is no section"
    );
    let slice = |range: &Value| text::slice(spec, range, client.encoding());
    let login = &symbols[0]["children"];
    assert_eq!(slice(&login[0]["range"]), "## FR-1: Sign in\r\n\r\n- **FR-1.1**: 🎉 By key\r\n");
    assert_eq!(slice(&login[0]["selectionRange"]), "FR-1: Sign in");
    assert_eq!(slice(&login[0]["children"][0]["range"]), "- **FR-1.1**: 🎉 By key");
    assert_eq!(slice(&login[1]["range"]), "## Later\r\n");
}

#[test]
fn what_is_named_stands_before_what_only_fits() {
    let workspace = Workspace::new(
        "
        //- specs/login/spec.md
        - **FR-10**: Log
        - **FR-1**: Check every password of everybody
        - **FR-1.1**: Größe ÜBER alles
        //- specs/pay/spec.md
        - **FR-1**: Pay
        ",
    );
    let mut client = Client::start(&workspace);
    client.ready();
    let first = |client: &mut Client, query: &str| {
        let found = found(client, query);
        names(&found).first().map(|name| (*name).to_owned())
    };
    for query in ["login fr-1", "FR-1 login", "fr1 login"] {
        assert_eq!(first(&mut client, query).as_deref(), Some("FR-1 Check every password of everybody"), "{query}");
    }
    for query in ["größe", "GRÖßE", "über", "Über ALLES"] {
        assert_eq!(first(&mut client, query).as_deref(), Some("FR-1.1 Größe ÜBER alles"), "{query}");
    }
    let short = ["FR-1 Check every password of everybody", "FR-1 Pay", "FR-10 Log", "FR-1.1 Größe ÜBER alles"];
    assert_eq!(names(&found(&mut client, "f")), short, "of what fits alike short ids come first");
}

#[test]
fn a_counted_requirement_is_found_as_people_say_it() {
    let workspace = Workspace::new(
        "
        //- .kiro/specs/a/requirements.md
        # Requirements

        ### Requirement 2: Sign in

        #### Acceptance Criteria

        1. WHEN a key is given THEN the system SHALL open a session
        //- specs/001-b/spec.md
        # Feature

        ### User Story 3 - Pay (Priority: P1)

        - **FR-002**: System MUST take money
        ",
    );
    let mut client = Client::start(&workspace);
    client.ready();
    for (query, name) in [
        ("Requirement 2", "2 Sign in"),
        ("requirement 2.1", "2.1 WHEN a key is given THEN the system SHALL open a session"),
        ("R2.1", "2.1 WHEN a key is given THEN the system SHALL open a session"),
        ("req-2", "2 Sign in"),
        ("user story 3", "US3 Pay (Priority: P1)"),
    ] {
        assert_eq!(names(&found(&mut client, query)), [name], "{query}");
    }
    assert_eq!(names(&found(&mut client, "Requirement 9")), [""; 0]);
}
