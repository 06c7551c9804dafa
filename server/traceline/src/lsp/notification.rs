//! Notifications as JSON, ready to be sent: what each is wrapped in, and those that only say something.

use serde::Serialize;

#[derive(Serialize)]
struct Notification<'a, P> {
    jsonrpc: &'static str,
    method: &'a str,
    params: P,
}

/// The notification of `method`.
pub(super) fn notification(method: &str, params: impl Serialize) -> String {
    serde_json::to_string(&Notification { jsonrpc: "2.0", method, params }).expect("plain data has a JSON form")
}

/// The `window/logMessage` that warns in the editor's log.
pub(crate) fn encode_log(message: &str) -> String {
    notification("window/logMessage", Warning { r#type: 2, message })
}

/// The `window/showMessage` that warns where the user sees it.
pub(crate) fn encode_message(message: &str) -> String {
    notification("window/showMessage", Warning { r#type: 2, message })
}

#[derive(Serialize)]
struct Warning<'a> {
    r#type: u8,
    message: &'a str,
}
