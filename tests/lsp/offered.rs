//! The table of features: what the server offers has its row, what has a row is offered, and its test asks for it.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};
use traceline_tests::{Client, Setup, Workspace, capabilities, places};

use crate::LOGIN;

/// The methods that a capability of the server offers.
fn methods_of(capability: &str, value: &Value) -> Vec<String> {
    let resolves = |value: &Value| value["resolveProvider"] == true;
    let text = |name: &str| vec![format!("textDocument/{name}")];
    let with = |name: &str, resolve: &str, value: &Value| {
        let mut methods = text(name);
        methods.extend(resolves(value).then(|| resolve.to_owned()));
        methods
    };
    match capability {
        "positionEncoding" | "textDocumentSync" | "experimental" => Vec::new(),
        "completionProvider" => with("completion", "completionItem/resolve", value),
        "codeActionProvider" => with("codeAction", "codeAction/resolve", value),
        "codeLensProvider" => with("codeLens", "codeLens/resolve", value),
        "documentLinkProvider" => with("documentLink", "documentLink/resolve", value),
        "inlayHintProvider" => with("inlayHint", "inlayHint/resolve", value),
        "executeCommandProvider" => vec!["workspace/executeCommand".to_owned()],
        "workspaceSymbolProvider" => {
            let mut methods = vec!["workspace/symbol".to_owned()];
            methods.extend(resolves(value).then(|| "workspaceSymbol/resolve".to_owned()));
            methods
        }
        "renameProvider" => {
            let mut methods = text("rename");
            methods.extend((value["prepareProvider"] == true).then(|| "textDocument/prepareRename".to_owned()));
            methods
        }
        "diagnosticProvider" => {
            let mut methods = text("diagnostic");
            methods.extend((value["workspaceDiagnostics"] == true).then(|| "workspace/diagnostic".to_owned()));
            methods
        }
        "semanticTokensProvider" => {
            let mut methods = text("semanticTokens/full");
            methods
                .extend((value["full"]["delta"] == true).then(|| "textDocument/semanticTokens/full/delta".to_owned()));
            methods.extend((value["range"] == true).then(|| "textDocument/semanticTokens/range".to_owned()));
            methods
        }
        "callHierarchyProvider" => {
            ["textDocument/prepareCallHierarchy", "callHierarchy/incomingCalls", "callHierarchy/outgoingCalls"]
                .map(str::to_owned)
                .to_vec()
        }
        "typeHierarchyProvider" => {
            ["textDocument/prepareTypeHierarchy", "typeHierarchy/supertypes", "typeHierarchy/subtypes"]
                .map(str::to_owned)
                .to_vec()
        }
        "workspace" => {
            let files = value["fileOperations"].as_object().into_iter().flatten();
            files.map(|(name, _)| format!("workspace/{name}Files")).collect()
        }
        "documentFormattingProvider" => text("formatting"),
        "documentRangeFormattingProvider" => text("rangeFormatting"),
        "documentOnTypeFormattingProvider" => text("onTypeFormatting"),
        other => {
            let name = other.strip_suffix("Provider");
            text(name.unwrap_or_else(|| panic!("which methods does {other} offer?")))
        }
    }
}

/// The rows of the table: method, and the file of `tests/lsp` that tests it.
fn rows() -> Vec<(String, String)> {
    let page =
        fs::read_to_string(places::project().join("server/docs/features.md")).expect("there is a page of features");
    let cells = page.lines().filter(|line| line.starts_with("| `")).map(|line| line.split('|').collect::<Vec<_>>());
    let rows = cells.filter(|cells| cells.len() == 5 && cells[1].contains('/'));
    let bare = |cell: &str| cell.trim().trim_matches('`').to_owned();
    rows.map(|cells| (bare(cells[1]), bare(cells[3]))).collect()
}

#[test]
fn what_is_offered_has_its_row_and_its_test() {
    let workspace = Workspace::new(LOGIN);
    let mut asks = capabilities::rich();
    asks["textDocument"]["diagnostic"] = json!({ "dynamicRegistration": true, "relatedDocumentSupport": true });
    let mut offered = BTreeSet::new();
    for setup in [Setup::bare(), Setup::rich(), Setup::new(asks)] {
        let client = Client::start_with(&workspace, &setup);
        let capabilities = client.initialized()["capabilities"].as_object().expect("capabilities").clone();
        let on = capabilities.iter().filter(|(_, value)| **value != false && !value.is_null());
        offered.extend(on.flat_map(|(name, value)| methods_of(name, value)));
    }
    // Sent without being asked for, to clients that do not ask.
    offered.insert("textDocument/publishDiagnostics".to_owned());
    let rows = rows();
    let told: BTreeSet<String> = rows.iter().map(|(method, _)| method.clone()).collect();
    assert_eq!(told.len(), rows.len(), "a method has one row");
    assert_eq!(offered, told, "what is offered, and what server/docs/features.md tells");
    for (method, test) in rows {
        let path = places::project().join("tests/lsp").join(&test).with_extension("rs");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{method}: {}: {error}", path.display()));
        // A test may put the method's name together.
        let last = method.rsplit('/').next().expect("a method has a name");
        let short = last.trim_start_matches("prepare").trim_end_matches("Calls").trim_end_matches("Hierarchy");
        let asked = method == "textDocument/publishDiagnostics" || text.contains(short) || text.contains(&method);
        assert!(asked, "{test} does not ask for {method}");
    }
}
