//! A tour through every feature under the capabilities of real editors: nothing is used that they do not offer.

use std::time::Duration;

use serde_json::{Value, json};
use traceline_tests::record::Entry;
use traceline_tests::{Client, Setup, Workspace, capabilities, edit};

use crate::{assert_alive, labels, places, rules, substitution};

/// A tour; returns whether diagnostics were asked for.
fn tour(name: &str, capabilities: &Value) -> bool {
    let workspace = Workspace::new(crate::LOGIN);
    workspace.write("specs/login/checklists/open.md", "- [ ] See FR-1.1\n");
    let mut client = Client::start_with(&workspace, &Setup::new(capabilities.clone()));
    let (spec, tasks) = (workspace.uri("specs/login/spec.md"), workspace.uri("specs/login/tasks.md"));
    client.open(&workspace, "specs/login/tasks.md");
    client.diagnostics(&tasks, 1);
    assert_alive(&mut client, &workspace);

    client.open(&workspace, "specs/login/spec.md");
    let text = workspace.text("specs/login/spec.md");
    let change = substitution(text, "FR-1.2", "FR-1.1", client.encoding());
    client.change(&spec, &[change]);
    client.diagnostics_when(&spec, |it| rules(it).contains(&"duplicate-requirement"));
    client.diagnostics_when(&tasks, |it| rules(it).contains(&"unknown-requirement"));
    client.replace(&spec, text);
    client.diagnostics_when(&tasks, <[Value]>::is_empty);

    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let definition = client.ask_at("textDocument/definition", &tasks, at);
    assert_eq!(places(&definition).len(), 1, "{name}: {definition}");
    let context = json!({ "includeDeclaration": true });
    let params = json!({ "textDocument": { "uri": tasks }, "position": at.json(), "context": context });
    assert_eq!(places(&client.request("textDocument/references", params)).len(), 3, "{name}");
    finds_and_sees(name, &mut client, &workspace);
    let completion = client.ask_at("textDocument/completion", &tasks, at);
    assert!(!labels(&completion).is_empty(), "{name}: {completion}");

    change_something(name, capabilities, &workspace, &mut client);

    let changed = json!({ "changes": [{ "uri": workspace.uri("specs/login/plan.md"), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changed);
    client.notify("workspace/didChangeConfiguration", json!({ "settings": {} }));
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": tasks } }));
    client.close(&tasks);
    client.close(&spec);
    client.settle();
    client.listen(Duration::from_millis(100));
    uses_only_what_is_offered(name, capabilities, &client.session());
    let pulls = client.pulls();
    assert!(!pulls || client.published().is_empty(), "{name} asks for diagnostics and is sent them all the same");
    assert_eq!(client.shut_down(), 0, "{name}");
    pulls
}

/// Everything that proposes edits, each asked for as an editor of these abilities does.
fn change_something(name: &str, capabilities: &Value, workspace: &Workspace, client: &mut Client) {
    let path = "specs/login/tasks.md";
    let tasks = workspace.uri(path);
    let document = json!({ "uri": tasks });
    let at = workspace.find(path, "FR-1.2", client.encoding());
    let offers = |path: &str| capabilities.pointer(path).is_some_and(|it| *it == true);
    if offers("/textDocument/rename/prepareSupport") {
        let prepared = client.ask_at("textDocument/prepareRename", &tasks, at);
        assert_eq!(prepared["placeholder"], "FR-1.2", "{name}: {prepared}");
    }
    let params = json!({ "textDocument": document, "position": at.json(), "newName": "FR-8" });
    let renamed = client.request("textDocument/rename", params);
    let after = edit::carried_out(workspace, &renamed, client.encoding());
    assert_eq!(after[path], workspace.text(path).replace("FR-1.2", "FR-8"), "{name}");
    let folder = "/workspace/workspaceEdit";
    let labels = capabilities.pointer(&format!("{folder}/changeAnnotationSupport")).is_some();
    assert!(renamed.get("changeAnnotations").is_none() || labels, "{name}: {renamed}");
    assert_eq!(
        renamed.get("documentChanges").is_some(),
        offers(&format!("{folder}/documentChanges")),
        "{name}: {renamed}"
    );

    let params = json!({
        "textDocument": document,
        "range": { "start": at.json(), "end": at.json() },
        "context": { "diagnostics": [] },
    });
    let actions = client.request("textDocument/codeAction", params);
    let support = "/textDocument/codeAction";
    let literals = capabilities.pointer(&format!("{support}/codeActionLiteralSupport")).is_some();
    for action in actions.as_array().into_iter().flatten() {
        assert!(action["command"].is_string() || literals, "{name}: {action}");
        assert!(
            action.get("isPreferred").is_none() || offers(&format!("{support}/isPreferredSupport")),
            "{name}: {action}"
        );
        assert!(action.get("disabled").is_none() || offers(&format!("{support}/disabledSupport")), "{name}: {action}");
        if action.get("data").is_some() {
            let resolved = client.request("codeAction/resolve", action.clone());
            assert!(resolved["edit"].is_object(), "{name}: {resolved}");
        }
    }
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let formatted = client.request("textDocument/formatting", json!({ "textDocument": document, "options": options }));
    assert_eq!(formatted, Value::Null, "{name}: it is in form");
    client.ask_at("textDocument/linkedEditingRange", &tasks, at);
    let moved = json!({ "files": [{ "oldUri": tasks, "newUri": workspace.uri("specs/login/todo.md") }] });
    client.request("workspace/willRenameFiles", moved);
}

/// The methods that find and show, each asked as an editor asks it, with what it may resolve.
fn finds_and_sees(name: &str, client: &mut Client, workspace: &Workspace) {
    let (spec, tasks) = (workspace.uri("specs/login/spec.md"), workspace.uri("specs/login/tasks.md"));
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    for what in ["declaration", "implementation"] {
        assert_eq!(places(&client.ask_at(&format!("textDocument/{what}"), &tasks, at)).len(), 1, "{name}: {what}");
    }
    assert_eq!(
        client.ask_at("textDocument/typeDefinition", &tasks, at),
        Value::Null,
        "{name}: FR-1.2 is part of nothing"
    );
    assert_eq!(list(&client.ask_at("textDocument/documentHighlight", &tasks, at)).len(), 1, "{name}");
    let items = client.ask_at("textDocument/prepareCallHierarchy", &tasks, at);
    let calls = client.request("callHierarchy/incomingCalls", json!({ "item": items[0] }));
    assert_eq!(calls[0]["from"]["name"], "Passwords", "{name}: {calls}");
    let types = client.ask_at("textDocument/prepareTypeHierarchy", &tasks, at);
    assert_eq!(client.request("typeHierarchy/subtypes", json!({ "item": types[0] })), Value::Null, "{name}");

    let of = |uri: &str| json!({ "textDocument": { "uri": uri } });
    let symbols = client.request("textDocument/documentSymbol", of(&spec));
    assert!(!list(&symbols).is_empty(), "{name}: {symbols}");
    for lens in list(&client.request("textDocument/codeLens", of(&spec))) {
        let seen = client.request("codeLens/resolve", lens);
        assert_eq!(seen["command"]["command"], "traceline.showReferences", "{name}: {seen}");
    }
    let mut range = of(&tasks);
    range["range"] = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    for hint in list(&client.request("textDocument/inlayHint", range.clone())) {
        client.request("inlayHint/resolve", hint);
    }
    let tokens = client.request("textDocument/semanticTokens/full", of(&tasks));
    assert!(!list(&tokens["data"]).is_empty(), "{name}: {tokens}");
    let mut since = of(&tasks);
    since["previousResultId"] = tokens["resultId"].clone();
    assert_eq!(client.request("textDocument/semanticTokens/full/delta", since)["edits"], json!([]), "{name}");
    assert!(client.request("textDocument/semanticTokens/range", range)["data"].is_array(), "{name}");
    assert!(!list(&client.request("textDocument/foldingRange", of(&spec))).is_empty(), "{name}");
    let mut selection = of(&tasks);
    selection["positions"] = json!([at.json()]);
    assert!(client.request("textDocument/selectionRange", selection)[0]["parent"].is_object(), "{name}");
    assert_eq!(client.request("textDocument/documentLink", of(&tasks)), Value::Null, "{name}: there are none");
    let found = list(&client.request("workspace/symbol", json!({ "query": "password" })));
    assert_eq!(found[0]["name"], "FR-1.2 WHEN a password is wrong THEN the system SHALL refuse it", "{name}");
    if found[0]["location"].get("range").is_none() {
        let symbol = client.request("workspaceSymbol/resolve", found[0].clone());
        assert!(symbol["location"]["range"].is_object(), "{name}: {symbol}");
    }
}

fn list(answer: &Value) -> Vec<Value> {
    answer.as_array().cloned().unwrap_or_default()
}

/// Fails where the server says something that this client never said it understands.
fn uses_only_what_is_offered(name: &str, capabilities: &Value, session: &[Entry]) {
    let offers = |path: &str| capabilities.pointer(path).is_some_and(|it| *it == true);
    let publish = "/textDocument/publishDiagnostics";
    let shown = |it: &Value| {
        (it.get("relatedInformation").is_none() || offers(&format!("{publish}/relatedInformation")))
            && (it.get("codeDescription").is_none() || offers(&format!("{publish}/codeDescriptionSupport")))
            && (it.get("data").is_none() || offers(&format!("{publish}/dataSupport")))
            && (it.get("tags").is_none() || capabilities.pointer(&format!("{publish}/tagSupport")).is_some())
    };
    for entry in session {
        let Entry::Received(message) = entry else {
            continue;
        };
        let offered = match message["method"].as_str() {
            Some("workspace/configuration") => offers("/workspace/configuration"),
            Some("window/workDoneProgress/create") => offers("/window/workDoneProgress"),
            Some("window/showDocument") => offers("/window/showDocument/support"),
            Some("workspace/codeLens/refresh") => offers("/workspace/codeLens/refreshSupport"),
            Some("workspace/inlayHint/refresh") => offers("/workspace/inlayHint/refreshSupport"),
            Some("workspace/semanticTokens/refresh") => offers("/workspace/semanticTokens/refreshSupport"),
            Some("workspace/diagnostic/refresh") => offers("/workspace/diagnostics/refreshSupport"),
            Some("workspace/applyEdit") => offers("/workspace/applyEdit"),
            Some("client/registerCapability") => {
                let registrations = message["params"]["registrations"].as_array().expect("registrations are an array");
                registrations.iter().all(|it| {
                    let method = it["method"].as_str().expect("a registration has a method");
                    offers(&format!("/{method}/dynamicRegistration"))
                })
            }
            Some("textDocument/publishDiagnostics") => {
                let diagnostics = message["params"]["diagnostics"].as_array().expect("diagnostics are an array");
                diagnostics.iter().all(shown)
            }
            Some(_) => true,
            None => {
                let link =
                    message["result"].as_array().is_some_and(|all| all.iter().any(|it| it.get("targetUri").is_some()));
                let report = message["result"]["items"].as_array().filter(|_| message["result"]["kind"] == "full");
                let related = message["result"].get("relatedDocuments").is_some();
                (!link || offers("/textDocument/definition/linkSupport"))
                    && report.is_none_or(|items| items.iter().all(shown))
                    && (!related || offers("/textDocument/diagnostic/relatedDocumentSupport"))
            }
        };
        assert!(offered, "{name} did not offer this: {message}");
    }
}

#[test]
fn a_bare_client() {
    assert!(!tour("bare", &capabilities::bare()));
}

#[test]
fn a_rich_client() {
    assert!(!tour("rich", &capabilities::rich()));
}

#[test]
fn a_rich_client_that_asks_for_diagnostics() {
    assert!(tour("pulling", &capabilities::pulling()));
}

#[test]
fn a_client_that_cannot_be_told_to_ask_again_is_sent_diagnostics() {
    let mut capabilities = capabilities::pulling();
    capabilities["workspace"]["diagnostics"] = json!({});
    assert!(!tour("pulling without refresh", &capabilities));
}

#[test]
fn the_editors_that_were_recorded() {
    for (name, capabilities) in capabilities::recorded() {
        eprintln!("as {name}");
        let (asks, refreshed) =
            (capabilities["textDocument"].get("diagnostic"), capabilities["workspace"].get("diagnostics"));
        assert_eq!(tour(&name, &capabilities), asks.is_some() && refreshed.is_some(), "{name}");
    }
}
