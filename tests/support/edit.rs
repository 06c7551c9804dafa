//! What a `WorkspaceEdit` makes of a workspace, as a client would carry it out.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Encoding, Workspace, text};

/// The files of the workspace's fixture after `edit`, by path from its root. Files that it makes are there too, and those
/// that it moves have their new paths.
///
/// # Panics
/// When the edit has no shape of the protocol, or does what the protocol forbids: it edits one document twice, makes a
/// file that exists, or moves one that does not.
#[must_use]
pub fn carried_out(workspace: &Workspace, edit: &Value, encoding: Encoding) -> BTreeMap<String, String> {
    let files = &workspace.fixture().files;
    let mut texts: BTreeMap<String, String> =
        files.iter().map(|file| (workspace.uri(&file.path), file.text.clone())).collect();
    let change = |texts: &mut BTreeMap<String, String>, uri: &Value, edits: &Value| {
        let uri = uri.as_str().expect("a uri is text");
        let edits = edits.as_array().expect("edits are an array");
        let text = texts.get_mut(uri).unwrap_or_else(|| panic!("there is no {uri}"));
        *text = text::edited(text, edits, encoding);
    };
    if let Some(changes) = edit["changes"].as_object() {
        for (uri, edits) in changes {
            change(&mut texts, &Value::from(uri.as_str()), edits);
        }
    }
    let mut seen = Vec::new();
    for step in edit["documentChanges"].as_array().into_iter().flatten() {
        match step["kind"].as_str() {
            None => {
                let document = &step["textDocument"];
                assert!(document.get("version").is_some(), "an edit says its version, if only null: {step}");
                assert!(!seen.contains(&document["uri"]), "{} is edited twice", document["uri"]);
                seen.push(document["uri"].clone());
                change(&mut texts, &document["uri"], &step["edits"]);
            }
            Some("create") => {
                let uri = step["uri"].as_str().expect("a uri is text").to_owned();
                assert!(texts.insert(uri, String::new()).is_none(), "it exists: {step}");
            }
            Some("rename") => {
                let (old, new) = (step["oldUri"].as_str(), step["newUri"].as_str());
                let text = old.and_then(|old| texts.remove(old)).unwrap_or_else(|| panic!("nothing to move: {step}"));
                texts.insert(new.expect("a uri is text").to_owned(), text);
            }
            Some(kind) => panic!("nobody asked for {kind}: {step}"),
        }
    }
    let root = workspace.uri("");
    texts.into_iter().map(|(uri, text)| (uri.trim_start_matches(&root).to_owned(), text)).collect()
}
