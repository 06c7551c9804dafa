//! Beside another Markdown server: where the cursor is on nothing of ours the answer is null, which shadows nobody's.

use serde_json::{Value, json};
use traceline_tests::{Client, Position, Setup, Workspace, text};

use crate::LOGIN;

/// A document that every project has, and that is no plan document. It speaks of versions, standards and dates, which look
/// like ids to who does not look closely.
const README: &str = "\
# The login service

A service that signs users in, see [the docs](docs/index.md) and <https://example.org/>.

## Install

1. Get version 1.2.3 (2024-05-01) of it, with UTF-8, ISO-8601 and RFC-2119
2. Run `make install`

- [ ] not a task of a plan
- **Bold**: text

| a | b |
|---|---|
| 1 | 2 |

```sh
make PREFIX=/usr
```
";

/// Every method that is asked at a place or of a document, and where its offer stands in the server's capabilities.
const METHODS: &[(&str, &str)] = &[
    ("textDocument/hover", "/hoverProvider"),
    ("textDocument/completion", "/completionProvider"),
    ("textDocument/signatureHelp", "/signatureHelpProvider"),
    ("textDocument/definition", "/definitionProvider"),
    ("textDocument/declaration", "/declarationProvider"),
    ("textDocument/implementation", "/implementationProvider"),
    ("textDocument/typeDefinition", "/typeDefinitionProvider"),
    ("textDocument/references", "/referencesProvider"),
    ("textDocument/documentHighlight", "/documentHighlightProvider"),
    ("textDocument/prepareCallHierarchy", "/callHierarchyProvider"),
    ("textDocument/prepareTypeHierarchy", "/typeHierarchyProvider"),
    ("textDocument/prepareRename", "/renameProvider/prepareProvider"),
    ("textDocument/linkedEditingRange", "/linkedEditingRangeProvider"),
    ("textDocument/codeAction", "/codeActionProvider"),
    ("textDocument/onTypeFormatting", "/documentOnTypeFormattingProvider"),
    ("textDocument/selectionRange", "/selectionRangeProvider"),
];

/// Those that are asked of a whole document.
const WHOLE: &[(&str, &str)] = &[
    ("textDocument/documentSymbol", "/documentSymbolProvider"),
    ("textDocument/documentLink", "/documentLinkProvider"),
    ("textDocument/codeLens", "/codeLensProvider"),
    ("textDocument/inlayHint", "/inlayHintProvider"),
    ("textDocument/foldingRange", "/foldingRangeProvider"),
    ("textDocument/semanticTokens/full", "/semanticTokensProvider/full"),
    ("textDocument/semanticTokens/range", "/semanticTokensProvider/range"),
    ("textDocument/formatting", "/documentFormattingProvider"),
    ("textDocument/rangeFormatting", "/documentRangeFormattingProvider"),
];

fn is_offered(client: &Client, offer: &str) -> bool {
    let capabilities = &client.initialized()["capabilities"];
    !matches!(capabilities.pointer(offer), None | Some(Value::Null | Value::Bool(false)))
}

/// Asks a method in every way that its parameters want.
fn ask(client: &mut Client, method: &str, uri: &str, at: Position) -> Value {
    let here = json!({ "start": at.json(), "end": at.json() });
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 40, "character": 0 } });
    let mut params = json!({ "textDocument": { "uri": uri } });
    match method {
        "textDocument/codeAction" => {
            params["range"] = here;
            params["context"] = json!({ "diagnostics": [] });
        }
        "textDocument/selectionRange" => params["positions"] = json!([at.json()]),
        "textDocument/inlayHint" | "textDocument/semanticTokens/range" => params["range"] = whole,
        "textDocument/formatting" | "textDocument/rangeFormatting" => {
            params["options"] = json!({ "tabSize": 2, "insertSpaces": true });
            if method.contains("range") {
                params["range"] = whole;
            }
        }
        "textDocument/onTypeFormatting" => {
            params["position"] = at.json();
            params["ch"] = json!("\n");
            params["options"] = json!({ "tabSize": 2, "insertSpaces": true });
        }
        "textDocument/references" => {
            params["position"] = at.json();
            params["context"] = json!({ "includeDeclaration": true });
        }
        _ if METHODS.iter().any(|(name, _)| *name == method) => params["position"] = at.json(),
        _ => {}
    }
    client.request(method, params)
}

#[test]
fn nothing_is_said_anywhere_in_a_document_that_is_none_of_ours() {
    let workspace = Workspace::new(LOGIN);
    workspace.write("README.md", README);
    for setup in [Setup::rich(), Setup::pulling(), Setup::bare()] {
        let mut client = Client::start_with(&workspace, &setup);
        let uri = workspace.uri("README.md");
        client.open_text(&uri, README);
        client.settle();
        let mut said = Vec::new();
        for (method, offer) in METHODS {
            if !is_offered(&client, offer) {
                continue;
            }
            for (offset, _) in README.char_indices().step_by(3) {
                let at = text::position(README, offset, client.encoding());
                let answer = ask(&mut client, method, &uri, at);
                if !answer.is_null() {
                    said.push(format!("{method} at {}: {answer}", at.json()));
                    break;
                }
            }
        }
        for (method, offer) in WHOLE {
            let answer = if is_offered(&client, offer) {
                ask(&mut client, method, &uri, Position { line: 0, character: 0 })
            } else {
                Value::Null
            };
            if !answer.is_null() {
                said.push(format!("{method}: {answer}"));
            }
        }
        assert!(said.is_empty(), "{}", said.join("\n"));
        client.listen(std::time::Duration::from_millis(200));
        assert!(client.published().iter().all(|it| it.diagnostics.is_empty()), "{:?}", client.shown());
    }
}

#[test]
fn nothing_is_said_in_a_plan_where_the_cursor_is_on_prose() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    let uri = workspace.uri("specs/login/plan.md");
    client.open(&workspace, "specs/login/plan.md");
    client.settle();
    let mut said = Vec::new();
    for words in ["signed cookie", "constant time"] {
        let at = workspace.find("specs/login/plan.md", words, client.encoding());
        // A paragraph is nobody's alone: what is around it is no more ours than the words are.
        for (method, offer) in METHODS.iter().filter(|(method, _)| *method != "textDocument/selectionRange") {
            if is_offered(&client, offer) {
                let answer = ask(&mut client, method, &uri, at);
                if !answer.is_null() {
                    said.push(format!("{method} on {words}: {answer}"));
                }
            }
        }
    }
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn nothing_is_said_in_a_plan_where_another_server_answers() {
    let workspace = Workspace::new(
        "
        //- specs/a/spec.md
        - **FR-1**: A
        //- specs/a/plan.md
        ---
        owner: somebody
        ---
        # Plan

        ## Own words

        See [the words](spec.md#words), [label][label] and <https://example.org/>, ![picture](a.png) or `code`.

        ```sh
        make
        ```

        [label]: spec.md

        | head | other |
        |------|-------|
        | cell | none |

        FR- and R and AC-

        _Requirements: FR-1_
        ",
    );
    let path = "specs/a/plan.md";
    let mut client = Client::start(&workspace);
    let uri = workspace.uri(path);
    client.open(&workspace, path);
    client.settle();
    let mut said = Vec::new();
    for words in [
        "owner",
        "## Own",
        "Own words",
        "See",
        "the words",
        "spec.md#words",
        "words)",
        "label]",
        "label][",
        "https",
        "picture",
        "a.png",
        "code",
        "make",
        "[label]:",
        "spec.md\n",
        "head",
        "other",
        "cell",
        "FR- and",
        "- and",
        "R and",
        "AC-",
        "_Req",
        "Requirements:",
        ": FR",
    ] {
        let at = workspace.find(path, words, client.encoding());
        let asked = METHODS.iter().filter(|(method, _)| {
            // Of these another server has nothing to say in a plan: words for sections, folds of blocks, actions.
            !["completion", "selectionRange", "codeAction"].iter().any(|other| method.ends_with(other))
        });
        for (method, offer) in asked {
            // A heading is the trace graph's where its section traces something.
            if method.ends_with("CallHierarchy") && words.contains("Own") {
                continue;
            }
            if is_offered(&client, offer) {
                let answer = ask(&mut client, method, &uri, at);
                if !answer.is_null() {
                    said.push(format!("{method} on {words:?}: {answer}"));
                }
            }
        }
    }
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn what_nothing_is_called_is_not_found() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start(&workspace);
    client.ready();
    assert_eq!(client.request("workspace/symbol", json!({ "query": "zzqqxx" })), Value::Null);
}
