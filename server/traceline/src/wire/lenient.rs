//! Leaves out of `initialize` what cannot be read, so that a client with one wrong capability gets a server without that one.

use serde_json::{Map, Value};
use serde_path_to_error::Segment;
use tower_lsp::ls_types::InitializeParams;

/// How many places are left out one by one; a client with more of them is served as one that can do nothing.
const MOST: usize = 200;

/// The body of an `initialize` request that tower-lsp can read, or as it came where nothing can be made of it.
pub(super) fn readable(body: Vec<u8>) -> Vec<u8> {
    let Ok(mut request) = serde_json::from_slice::<Value>(&body) else { return body };
    let Some(params) = request.get_mut("params").filter(|params| params.is_object()) else { return body };
    let mut changed = false;
    for tries in 0.. {
        let Err(error) = serde_path_to_error::deserialize::<_, InitializeParams>(&*params) else { break };
        let path: Vec<Segment> = error.path().iter().cloned().collect();
        if tries >= MOST && params["capabilities"] != Value::Object(Map::new()) {
            tracing::warn!("the client's capabilities cannot be read and are all left out");
            params["capabilities"] = Value::Object(Map::new());
        } else if tries > 2 * MOST || !leave_out(params, &path) {
            return body;
        } else {
            // The error's own words may quote what the client sent.
            tracing::warn!(place = %error.path(), "what the client says here cannot be read and is left out");
        }
        changed = true;
    }
    if !changed {
        return body;
    }
    serde_json::to_vec(&request).unwrap_or(body)
}

/// Removes the innermost value on `path` that is there; false where there is nothing to remove.
fn leave_out(params: &mut Value, path: &[Segment]) -> bool {
    let there = (0..path.len())
        .rev()
        .find(|&length| at(params, &path[..length]).and_then(|it| inner(it, &path[length])).is_some());
    let Some(length) = there else {
        // The one member that the protocol requires is missing.
        let missing = params.get("capabilities").is_none();
        if missing {
            params["capabilities"] = Value::Object(Map::new());
        }
        return missing;
    };
    let required = length == 0 && matches!(&path[0], Segment::Map { key } if key == "capabilities");
    match (at(params, &path[..length]), &path[length]) {
        (Some(Value::Object(_)), Segment::Map { .. }) if required => params["capabilities"] = Value::Object(Map::new()),
        (Some(Value::Object(members)), Segment::Map { key }) => _ = members.remove(key),
        (Some(Value::Array(items)), Segment::Seq { index }) => _ = items.remove(*index),
        _ => return false,
    }
    true
}

fn at<'a>(params: &'a mut Value, path: &[Segment]) -> Option<&'a mut Value> {
    path.iter().try_fold(params, |value, segment| inner(value, segment))
}

fn inner<'a>(value: &'a mut Value, segment: &Segment) -> Option<&'a mut Value> {
    match segment {
        Segment::Map { key } => value.get_mut(key),
        Segment::Seq { index } => value.get_mut(*index),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    /// What is left of these params.
    fn left(params: &Value) -> Value {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }).to_string();
        let mut request: Value = serde_json::from_slice(&readable(body.into_bytes())).unwrap();
        request["params"].take()
    }

    #[test]
    fn what_can_be_read_is_left_as_it_is() {
        let params =
            json!({ "processId": null, "capabilities": { "textDocument": { "hover": {}, "unknown": 5 } }, "more": 1 });
        assert_eq!(left(&params), params);
    }

    #[test]
    fn a_capability_of_a_wrong_type_is_left_out_alone() {
        let params = json!({ "capabilities": { "textDocument": { "hover": { "dynamicRegistration": "yes", "contentFormat": ["markdown"] } } } });
        let kept = json!({ "capabilities": { "textDocument": { "hover": { "contentFormat": ["markdown"] } } } });
        assert_eq!(left(&params), kept);
    }

    #[test]
    fn a_capability_without_a_required_field_is_left_out_alone() {
        let params = json!({ "capabilities": { "textDocument": { "codeAction": { "codeActionLiteralSupport": {} }, "hover": {} } } });
        let kept = json!({ "capabilities": { "textDocument": { "codeAction": {}, "hover": {} } } });
        assert_eq!(left(&params), kept);
    }

    #[test]
    fn an_unknown_value_of_an_enumeration_is_left_out_alone() {
        let params = json!({ "capabilities": { "workspace": { "workspaceEdit": { "resourceOperations": ["create", "burn", "delete"] } } } });
        let kept = json!({ "capabilities": { "workspace": { "workspaceEdit": { "resourceOperations": ["create", "delete"] } } } });
        assert_eq!(left(&params), kept);
    }

    #[test]
    fn what_is_not_there_or_no_object_is_an_empty_one() {
        assert_eq!(left(&json!({})), json!({ "capabilities": {} }));
        assert_eq!(left(&json!({ "capabilities": [1] })), json!({ "capabilities": {} }));
        assert_eq!(left(&json!({ "capabilities": null, "trace": "loud" })), json!({ "capabilities": {} }));
    }

    #[test]
    fn a_client_with_hundreds_of_faults_is_served_as_one_that_can_do_nothing() {
        let operations = vec!["burn"; 100_000];
        let params =
            json!({ "capabilities": { "workspace": { "workspaceEdit": { "resourceOperations": operations } } } });
        assert_eq!(left(&params), json!({ "capabilities": {} }));
    }

    /// Capabilities as real clients send them.
    fn usual() -> Value {
        json!({
            "processId": 1,
            "rootUri": "file:///w",
            "workspaceFolders": [{ "uri": "file:///w", "name": "w" }],
            "trace": "off",
            "clientInfo": { "name": "c", "version": "1" },
            "capabilities": {
                "general": { "positionEncodings": ["utf-8", "utf-16"], "staleRequestSupport": { "cancel": true, "retryOnContentModified": [] } },
                "workspace": {
                    "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create", "rename"], "failureHandling": "undo" },
                    "symbol": { "symbolKind": { "valueSet": [1, 2] }, "tagSupport": { "valueSet": [1] } },
                    "diagnostics": { "refreshSupport": true }
                },
                "textDocument": {
                    "completion": { "completionItem": { "documentationFormat": ["markdown"], "tagSupport": { "valueSet": [1] } }, "contextSupport": true },
                    "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } },
                    "semanticTokens": { "requests": { "full": { "delta": true } }, "tokenTypes": [], "tokenModifiers": [], "formats": ["relative"] },
                    "foldingRange": { "rangeLimit": 5000, "lineFoldingOnly": true },
                    "publishDiagnostics": { "tagSupport": { "valueSet": [1, 2] }, "relatedInformation": true }
                },
                "window": { "workDoneProgress": true, "showMessage": { "messageActionItem": { "additionalPropertiesSupport": true } } }
            }
        })
    }

    /// Every place of a value, as JSON pointers.
    fn places(value: &Value, here: &str, out: &mut Vec<String>) {
        let mut inside = |name: &str, value: &Value| {
            let place = format!("{here}/{name}");
            out.push(place.clone());
            places(value, &place, out);
        };
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| inside(name, value)),
            Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| inside(&at.to_string(), value)),
            _ => {}
        }
    }

    proptest! {
        /// Whatever stands at some places of a usual handshake, what is left can be read, and what was right is kept.
        #[test]
        fn any_fault_leaves_a_handshake_that_can_be_read(
            faults in prop::collection::vec((any::<prop::sample::Index>(), 0..7_usize), 1..6),
        ) {
            let mut params = usual();
            let mut all = Vec::new();
            places(&params, "", &mut all);
            for (at, kind) in faults {
                let wrong = [json!(null), json!(-1), json!("?"), json!([]), json!({}), json!([{ "a": [true] }]), json!(1e300)];
                if let Some(place) = params.pointer_mut(at.get::<String>(&all)) {
                    *place = wrong[kind].clone();
                }
            }
            let left = left(&params);
            prop_assert!(serde_json::from_value::<InitializeParams>(left.clone()).is_ok(), "{params} leaves {left}");
            prop_assert!(left["capabilities"].is_object());
        }
    }
}
