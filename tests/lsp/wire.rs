//! What comes in is not always what the protocol allows; each gets its answer, and the next request works.

use serde_json::{Value, json};
use traceline_tests::wire::framed;

use crate::{assert_alive, login, words_of};

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;

/// The server answers these bytes with this error and goes on.
fn is_refused(bytes: impl AsRef<[u8]>, code: i64) {
    let (workspace, mut client) = login();
    let bytes = bytes.as_ref();
    client.send_raw(bytes);
    let answer = client.stray();
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
    assert_eq!(answer["error"]["code"], code, "{shown:?} is answered {answer}");
    assert!(answer["id"].is_null(), "{shown:?} is answered {answer}");
    assert_alive(&mut client, &workspace);
}

/// The server goes on after these bytes, whether or not it has an answer to them.
fn is_survived(bytes: impl AsRef<[u8]>) {
    let (workspace, mut client) = login();
    client.send_raw(bytes.as_ref());
    assert_alive(&mut client, &workspace);
    assert_alive(&mut client, &workspace);
}

/// A request framed by this header is answered.
fn is_understood(header: impl Fn(usize) -> String) {
    let (_workspace, mut client) = login();
    let body = r#"{"jsonrpc":"2.0","id":"by hand","method":"shutdown"}"#;
    client.send_raw(header(body.len()) + body);
    let answer = client.stray();
    assert_eq!(answer["id"], "by hand", "{:?} is answered {answer}", header(1));
    assert_eq!(answer["result"], Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait_for_exit(traceline_tests::client::PATIENCE), 0);
}

#[test]
fn what_is_no_json_is_a_parse_error() {
    is_refused(framed("{not json"), PARSE_ERROR);
    is_refused(framed("{\"jsonrpc\":\"2.0\",\"method\":\"initialized\",\"params\":{}"), PARSE_ERROR);
    is_refused(framed(""), PARSE_ERROR);
}

#[test]
fn invalid_utf_8_is_a_parse_error() {
    is_refused(framed(b"{\"jsonrpc\":\"2.0\",\"method\":\"\xff\xfe\"}"), PARSE_ERROR);
    // A surrogate half, encoded.
    is_refused(framed(b"{\"jsonrpc\":\"2.0\",\"method\":\"\xed\xa0\x80\"}"), PARSE_ERROR);
}

#[test]
fn json_that_is_no_message_is_an_invalid_request() {
    for body in
        ["42", "null", "\"shutdown\"", "[]", "{}", "{\"jsonrpc\":\"2.0\"}", "{\"jsonrpc\":\"2.0\",\"params\":{}}"]
    {
        is_refused(framed(body), INVALID_REQUEST);
    }
    is_refused(framed(r#"{"jsonrpc":"2.0","method":7}"#), INVALID_REQUEST);
}

#[test]
fn a_batch_is_an_invalid_request() {
    // JSON-RPC has batches; the Language Server Protocol has not.
    is_refused(framed(r#"[{"jsonrpc":"2.0","id":99,"method":"shutdown"}]"#), INVALID_REQUEST);
}

#[test]
fn a_request_without_a_usable_id_is_an_invalid_request() {
    is_refused(framed(r#"{"jsonrpc":"2.0","id":{"a":1},"method":"shutdown"}"#), INVALID_REQUEST);
    is_refused(framed(r#"{"jsonrpc":"2.0","id":[1],"method":"shutdown"}"#), INVALID_REQUEST);
}

#[test]
fn json_nested_without_end_is_refused() {
    is_refused(framed("[".repeat(100_000)), PARSE_ERROR);
    let (open, close) = ("{\"a\":".repeat(50_000), "}".repeat(50_000));
    is_survived(framed(format!("{{\"jsonrpc\":\"2.0\",\"method\":\"$/deep\",\"params\":{open}1{close}}}")));
}

#[test]
fn garbage_between_messages_is_skipped() {
    is_survived("hello\r\n");
    is_survived("hello\r\n\r\n");
    is_survived("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    is_survived(b"\x00\x01\x02\xff\xfe\r\n\r\n");
    is_survived("\r\n\r\n");
    is_survived("{\"jsonrpc\":\"2.0\",\"method\":\"initialized\",\"params\":{}}\r\n\r\n");
}

#[test]
fn a_length_that_is_none_is_skipped() {
    is_survived("Content-Length: -5\r\n\r\n");
    is_survived("Content-Length: many\r\n\r\n");
    is_survived("Content-Length:\r\n\r\n");
    is_survived("Content-Length: 1e3\r\n\r\n");
    is_survived("Content-Length: 0x10\r\n\r\n");
    is_survived("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n");
}

#[test]
fn a_length_beyond_measure_is_not_waited_for() {
    is_survived("Content-Length: 99999999999\r\n\r\n");
    is_survived("Content-Length: 18446744073709551616\r\n\r\n");
    is_survived("Content-Length: 99999999999999999999999999999999999999\r\n\r\n");
}

#[test]
fn a_header_without_end_is_not_kept() {
    is_survived(format!("X-Long: {}\r\n\r\n", "x".repeat(4 << 20)));
    is_survived(format!("{}\r\n\r\n", "x".repeat(4 << 20)));
}

#[test]
fn headers_are_read_as_http_writes_them() {
    is_understood(|n| format!("Content-Length: {n}\r\n\r\n"));
    is_understood(|n| format!("content-length: {n}\r\n\r\n"));
    is_understood(|n| format!("CONTENT-LENGTH: {n}\r\n\r\n"));
    is_understood(|n| format!("Content-Length:{n}\r\n\r\n"));
    is_understood(|n| format!("Content-Length:   {n}  \r\n\r\n"));
    is_understood(|n| {
        format!("Content-Length: {n}\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n")
    });
    is_understood(|n| format!("Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: {n}\r\n\r\n"));
    is_understood(|n| format!("content-type: application/vscode-jsonrpc\r\ncontent-length: {n}\r\n\r\n"));
}

#[test]
fn messages_may_come_byte_by_byte_or_many_at_once() {
    let (_workspace, mut client) = login();
    let body = |id: &str| format!(r#"{{"jsonrpc":"2.0","id":"{id}","method":"traceline/字"}}"#);
    for byte in framed(body("slow")) {
        client.send_raw([byte]);
    }
    assert_eq!(client.stray()["id"], "slow");
    client.send_raw([framed(body("one")), framed(body("two")), framed(body("three"))].concat());
    let mut ids: Vec<String> = (0..3).map(|_| client.stray()["id"].to_string()).collect();
    ids.sort();
    assert_eq!(ids, ["\"one\"", "\"three\"", "\"two\""]);
}

#[test]
fn good_messages_around_bad_ones_are_all_answered() {
    let (workspace, mut client) = login();
    for round in 0..20 {
        client.send_raw(framed(if round % 2 == 0 { "{" } else { "[]" }));
        assert_alive(&mut client, &workspace);
    }
    let codes: Vec<Value> = (0..20).map(|_| client.stray()["error"]["code"].clone()).collect();
    assert_eq!(codes.iter().filter(|code| **code == PARSE_ERROR).count(), 10, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == INVALID_REQUEST).count(), 10, "{codes:?}");
}

#[test]
fn unknown_requests_are_refused_by_name() {
    let (workspace, mut client) = login();
    for method in ["traceline/nothing", "textDocument/nothing", "$/nothing", ""] {
        let id = client.ask_malformed(method, json!({}));
        assert_eq!(client.refusal(id), METHOD_NOT_FOUND, "{method}");
        assert_alive(&mut client, &workspace);
    }
}

#[test]
fn unknown_notifications_are_ignored() {
    let (workspace, mut client) = login();
    for method in ["traceline/nothing", "$/nothing", "$/setTrace"] {
        client.notify_malformed(method, json!({ "value": "off" }));
    }
    client.notify("$/cancelRequest", json!({ "id": 4711 }));
    client.notify("$/cancelRequest", json!({ "id": "none" }));
    assert_alive(&mut client, &workspace);
}

#[test]
fn wrong_params_are_refused() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    let wrong = [
        json!({}),
        json!({ "textDocument": { "uri": uri } }),
        json!({ "textDocument": { "uri": uri }, "position": { "line": -1, "character": 0 } }),
        json!({ "textDocument": { "uri": uri }, "position": { "line": "0", "character": 0 } }),
        json!({ "textDocument": { "uri": uri }, "position": { "line": 0.5, "character": 0 } }),
        json!({ "textDocument": { "uri": 7 }, "position": { "line": 0, "character": 0 } }),
        json!({ "textDocument": uri, "position": { "line": 0, "character": 0 } }),
        Value::Null,
    ];
    for params in wrong {
        for method in ["textDocument/hover", "textDocument/definition", "textDocument/completion"] {
            let id = client.ask_malformed(method, params.clone());
            assert_eq!(client.refusal(id), INVALID_PARAMS, "{method} {params}");
        }
        assert_alive(&mut client, &workspace);
    }
}

#[test]
fn notifications_with_wrong_params_change_nothing() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    for params in [
        json!({}),
        json!({ "textDocument": { "uri": uri, "version": 2 } }),
        json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": "all" }),
        json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "range": 7, "text": "x" }] }),
    ] {
        client.notify_malformed("textDocument/didChange", params.clone());
        client.notify_malformed("textDocument/didOpen", params.clone());
        client.notify_malformed("textDocument/didClose", json!({}));
        client.notify_malformed("workspace/didChangeWatchedFiles", params.clone());
        client.notify_malformed("workspace/didChangeWorkspaceFolders", params);
        assert_alive(&mut client, &workspace);
    }
}

#[test]
fn a_response_to_nothing_is_ignored() {
    is_survived(framed(r#"{"jsonrpc":"2.0","id":4711,"result":null}"#));
    is_survived(framed(r#"{"jsonrpc":"2.0","id":"x","error":{"code":-32601,"message":"no"}}"#));
    is_survived(framed(r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}"#));
}

#[test]
fn a_cancelled_request_is_answered_once() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/tasks.md");
    let at = workspace.find("specs/login/tasks.md", "FR-1.2", client.encoding());
    let params = json!({ "textDocument": { "uri": uri }, "position": at.json() });
    let asked: Vec<i64> = (0..200)
        .map(|_| {
            let id = client.ask("textDocument/hover", params.clone());
            client.notify("$/cancelRequest", json!({ "id": id }));
            id
        })
        .collect();
    for id in asked {
        match client.answer(id) {
            Ok(hover) => assert!(words_of(&hover).contains("password is wrong"), "{hover}"),
            Err(error) => assert_eq!(error["code"], -32800, "{error}"),
        }
    }
    assert_alive(&mut client, &workspace);
}
