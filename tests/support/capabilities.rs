//! What clients can do: nothing, everything, and what real editors sent.

use std::fs;

use serde_json::{Value, json};

use crate::Encoding;
use crate::places;

/// A client that claims nothing, as the protocol allows.
#[must_use]
pub fn bare() -> Value {
    json!({})
}

/// A client that can do everything a server might use, prefers UTF-8 and is sent diagnostics.
#[must_use]
pub fn rich() -> Value {
    json!({
        "general": {
            "positionEncodings": ["utf-8", "utf-16", "utf-32"],
            "markdown": { "parser": "marked", "version": "1.1.0" },
            "staleRequestSupport": { "cancel": true, "retryOnContentModified": [] },
        },
        "window": {
            "workDoneProgress": true,
            "showMessage": { "messageActionItem": { "additionalPropertiesSupport": true } },
            "showDocument": { "support": true },
        },
        "workspace": {
            "applyEdit": true,
            "workspaceEdit": {
                "documentChanges": true,
                "resourceOperations": ["create", "rename", "delete"],
                "failureHandling": "textOnlyTransactional",
                "normalizesLineEndings": true,
                "changeAnnotationSupport": { "groupsOnLabel": true },
            },
            "configuration": true,
            "didChangeConfiguration": { "dynamicRegistration": true },
            "didChangeWatchedFiles": { "dynamicRegistration": true, "relativePatternSupport": true },
            "workspaceFolders": true,
            "codeLens": { "refreshSupport": true },
            "diagnostics": { "refreshSupport": true },
            "inlayHint": { "refreshSupport": true },
            "semanticTokens": { "refreshSupport": true },
            "executeCommand": { "dynamicRegistration": true },
            "symbol": {
                "dynamicRegistration": true,
                "tagSupport": { "valueSet": [1] },
                "resolveSupport": { "properties": ["location.range"] },
            },
        },
        "textDocument": {
            "synchronization": { "dynamicRegistration": true, "didSave": true, "willSave": true },
            "publishDiagnostics": {
                "relatedInformation": true,
                "versionSupport": true,
                "codeDescriptionSupport": true,
                "dataSupport": true,
                "tagSupport": { "valueSet": [1, 2] },
            },
            "completion": {
                "dynamicRegistration": true,
                "contextSupport": true,
                "insertTextMode": 2,
                "completionItem": {
                    "snippetSupport": true,
                    "commitCharactersSupport": true,
                    "documentationFormat": ["markdown", "plaintext"],
                    "deprecatedSupport": true,
                    "preselectSupport": true,
                    "tagSupport": { "valueSet": [1] },
                    "insertReplaceSupport": true,
                    "resolveSupport": { "properties": ["documentation", "detail", "additionalTextEdits"] },
                    "insertTextModeSupport": { "valueSet": [1, 2] },
                    "labelDetailsSupport": true,
                },
                "completionList": { "itemDefaults": ["commitCharacters", "editRange", "insertTextFormat", "data"] },
            },
            "hover": { "dynamicRegistration": true, "contentFormat": ["markdown", "plaintext"] },
            "definition": { "dynamicRegistration": true, "linkSupport": true },
            "declaration": { "dynamicRegistration": true, "linkSupport": true },
            "implementation": { "dynamicRegistration": true, "linkSupport": true },
            "typeDefinition": { "dynamicRegistration": true, "linkSupport": true },
            "callHierarchy": { "dynamicRegistration": true },
            "typeHierarchy": { "dynamicRegistration": true },
            "references": { "dynamicRegistration": true },
            "documentHighlight": { "dynamicRegistration": true },
            "documentSymbol": {
                "dynamicRegistration": true,
                "hierarchicalDocumentSymbolSupport": true,
                "symbolKind": { "valueSet": (1..=26).collect::<Vec<_>>() },
                "tagSupport": { "valueSet": [1] },
            },
            "codeAction": {
                "dynamicRegistration": true,
                "isPreferredSupport": true,
                "disabledSupport": true,
                "dataSupport": true,
                "resolveSupport": { "properties": ["edit"] },
                "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["", "quickfix", "refactor", "source"] } },
            },
            "rename": { "dynamicRegistration": true, "prepareSupport": true, "prepareSupportDefaultBehavior": 1 },
        },
    })
}

/// The same client, which asks for diagnostics.
#[must_use]
pub fn pulling() -> Value {
    let mut capabilities = rich();
    capabilities["textDocument"]["diagnostic"] = json!({ "dynamicRegistration": true, "relatedDocumentSupport": true });
    capabilities
}

/// `capabilities` with these encodings offered, in this order; none at all when the list is empty.
#[must_use]
pub fn offering(mut capabilities: Value, encodings: &[Encoding]) -> Value {
    let names: Vec<&str> = encodings.iter().map(|encoding| encoding.name()).collect();
    if names.is_empty() {
        if let Some(general) = capabilities["general"].as_object_mut() {
            general.remove("positionEncodings");
        }
    } else {
        capabilities["general"]["positionEncodings"] = json!(names);
    }
    capabilities
}

/// The capabilities that real editors sent, each with the editor's name; empty, and said so, where the recordings
/// are absent.
///
/// # Panics
/// When a recording is not what the recorder writes.
#[must_use]
pub fn recorded() -> Vec<(String, Value)> {
    let Some(folder) = places::shared("recipes/conformance/clients") else {
        return Vec::new();
    };
    let mut editors: Vec<(String, Value)> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_stem().expect("it has an extension").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("the file can be read");
            let mut recorded: Value = serde_json::from_str(&text).expect("a recording is JSON");
            (name, recorded["capabilities"].take())
        })
        .collect();
    editors.sort_by(|a, b| a.0.cmp(&b.0));
    editors
}
