//! Reviews in the editor: which requirements have changed since, what of them, and that they are reviewed again.

use serde_json::{Value, json};
use traceline_tests::command::traceline;
use traceline_tests::{Client, Encoding, Setup, Workspace, text};

use crate::rules;

const NAME: &str = "traceline-review.lock";
const SPEC: &str = "specs/a/spec.md";

const PICTURE: &str = "
    //- specs/a/spec.md
    # Spec 🎉

    - **FR-1.1**: Lock after 3 tries
    - **FR-1.2**: Tell it
    //- specs/a/tasks.md
    - [ ] 1. Task 🎉
      - _Requirements: FR-1.1, FR-1.2_
    ";

fn suspect(diagnostics: &[Value]) -> bool {
    rules(diagnostics).contains(&"suspect-link")
}

fn touch(client: &mut Client, workspace: &Workspace, kind: u8) {
    let change = json!({ "uri": workspace.uri(NAME), "type": kind });
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
}

fn lock(workspace: &Workspace) -> String {
    std::fs::read_to_string(workspace.path(NAME)).expect("there is a lock")
}

/// A session in which all was reviewed, then FR-1.1 reworded in the editor.
fn session(setup: &Setup) -> (Workspace, Client, Vec<Value>) {
    let workspace = Workspace::new(PICTURE);
    traceline(workspace.root(), ["review", "--all"]);
    let mut client = Client::start_with(&workspace, setup);
    client.open(&workspace, SPEC);
    client.open(&workspace, "specs/a/tasks.md");
    let uri = workspace.uri(SPEC);
    client.replace(&uri, &workspace.text(SPEC).replace("3 tries", "5 tries, at\n  *once*"));
    let shown = client.diagnostics_when(&uri, suspect);
    (workspace, client, shown)
}

fn actions(client: &mut Client, uri: &str, at: (u32, u32), shown: &[Value]) -> Vec<Value> {
    let at = json!({ "line": at.0, "character": at.1 });
    let params = json!({
        "textDocument": { "uri": uri },
        "range": { "start": at, "end": at },
        "context": { "diagnostics": shown, "triggerKind": 2 },
    });
    let all = client.request("textDocument/codeAction", params).as_array().cloned().unwrap_or_default();
    all.into_iter().filter(|it| it["title"] == "Mark `FR-1.1` as reviewed").collect()
}

#[test]
fn a_change_is_told_at_the_requirement_and_shown_word_by_word() {
    let (workspace, mut client, shown) = session(&Setup::rich());
    let found: Vec<&Value> = shown.iter().filter(|it| it["code"] == "suspect-link").collect();
    assert_eq!(found.len(), 1, "{shown:#?}");
    assert_eq!(
        (&found[0]["severity"], &found[0]["range"]["start"]),
        (&json!(3), &json!({ "line": 2, "character": 4 }))
    );
    let related = found[0]["relatedInformation"].as_array().expect("places that trace it");
    assert_eq!(related[0]["location"]["uri"], workspace.uri("specs/a/tasks.md"), "{related:?}");
    for (path, words) in [(SPEC, "FR-1.1"), ("specs/a/tasks.md", "FR-1.1")] {
        let at = workspace.find(path, words, client.encoding());
        let hover = client.ask_at("textDocument/hover", &workspace.uri(path), at);
        let said = hover["contents"]["value"].as_str().expect("it is Markdown");
        assert!(said.contains("*Changed since its review*: FR-1.1 Lock after ~~3~~ **5** tries **at once**"), "{said}");
    }
    // The old words are the reviewed ones again.
    client.replace(&workspace.uri(SPEC), workspace.text(SPEC));
    client.diagnostics_when(&workspace.uri(SPEC), |it| !suspect(it));
}

#[test]
fn it_is_marked_as_reviewed_by_an_edit_of_the_lock() {
    for setup in [Setup::rich(), Setup::pulling()] {
        let workspace = Workspace::new(PICTURE);
        traceline(workspace.root(), ["review", "--all"]);
        let changed = workspace.text(SPEC).replace("3 tries", "5 tries");
        workspace.write(SPEC, &changed);
        let mut client = Client::start_with(&workspace, &setup);
        let (spec, tasks) = (workspace.uri(SPEC), workspace.uri("specs/a/tasks.md"));
        client.open_text(&spec, &changed);
        client.open(&workspace, "specs/a/tasks.md");
        client.ready();
        let shown =
            if client.pulls() { client.pull_until(&spec, suspect) } else { client.diagnostics_when(&spec, suspect) };
        let offered = actions(&mut client, &spec, (2, 6), &shown);
        assert_eq!((offered.len(), &offered[0]["kind"]), (1, &json!("quickfix")), "{offered:?}");
        assert_eq!(offered[0]["diagnostics"][0]["code"], "suspect-link", "{offered:?}");
        assert_eq!(actions(&mut client, &tasks, (1, 22), &[]).len(), 1, "where it is traced as well");
        let action = client.request("codeAction/resolve", offered[0].clone());
        let edits = action["edit"]["documentChanges"].as_array().expect("it is versioned");
        assert_eq!((edits.len(), &edits[0]["textDocument"]["uri"]), (1, &json!(workspace.uri(NAME))), "{edits:?}");
        assert_eq!(edits[0]["textDocument"]["version"], Value::Null);
        let before = lock(&workspace);
        let after = text::edited(&before, edits[0]["edits"].as_array().expect("edits"), Encoding::Utf16);
        assert_eq!(
            after,
            before.replace(before.lines().nth(2).expect("a line"), after.lines().nth(2).expect("a line"))
        );
        assert_eq!(lock(&workspace), before, "the server writes no files");
        workspace.write(NAME, after);
        touch(&mut client, &workspace, 2);
        if client.pulls() {
            client.pull_until(&spec, |it| !suspect(it));
        } else {
            client.diagnostics_when(&spec, |it| !suspect(it));
        }
        assert!(actions(&mut client, &spec, (2, 6), &[]).is_empty());
        // It is what the command would have written.
        let outcome = traceline(workspace.root(), ["review"]);
        assert_eq!(outcome.stdout, "0 suspect, 2 as reviewed\n", "{outcome:#?}");
    }
}

#[test]
fn the_lock_is_followed_while_the_server_runs() {
    let (workspace, mut client, _) = session(&Setup::rich());
    let uri = workspace.uri(SPEC);
    let good = lock(&workspace);
    workspace.remove(NAME);
    touch(&mut client, &workspace, 3);
    client.diagnostics_when(&uri, |it| !suspect(it));
    workspace.write(NAME, good.replace("specs/a\tFR-1.2", ">>>>>>> theirs\nspecs/a\tFR-1.2"));
    touch(&mut client, &workspace, 1);
    let told = client.diagnostics_when(&workspace.uri(NAME), |it| !it.is_empty());
    assert_eq!(told[0]["range"]["start"], json!({ "line": 3, "character": 0 }), "{told:?}");
    assert!(told[0]["message"].as_str().is_some_and(|it| it.starts_with("git has left a conflict")), "{told:?}");
    workspace.write(NAME, good);
    touch(&mut client, &workspace, 2);
    client.diagnostics_when(&workspace.uri(NAME), <[Value]>::is_empty);
    client.diagnostics_when(&uri, suspect);
}

#[test]
fn a_lock_that_goes_while_files_are_listed_stays_gone() {
    let (workspace, mut client, _) = session(&Setup { fault: Some("list slow"), ..Setup::rich() });
    let uri = workspace.uri(SPEC);
    workspace.remove(NAME);
    touch(&mut client, &workspace, 3);
    client.ready();
    client.settle();
    client.diagnostics_when(&uri, |it| !suspect(it));
}
