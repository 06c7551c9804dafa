//! Decides what a body is: a request, a notification, a response, or something that is refused with a JSON-RPC error.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Response};

/// A message that tower-lsp's codec can decode. This must stay so: the codec ends the session on the first that it
/// cannot.
#[derive(Debug)]
pub(super) enum Message {
    Request { id: Id, method: String, body: Vec<u8> },
    Notification { method: String, body: Vec<u8> },
    Response { body: Vec<u8> },
}

impl Message {
    /// Bytes of the body.
    pub(super) fn len(&self) -> usize {
        match self {
            Message::Request { body, .. } | Message::Notification { body, .. } | Message::Response { body } => {
                body.len()
            }
        }
    }
}

/// A body that is no message, with the answer that JSON-RPC 2.0 (section 5.1) asks for.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) id: Id,
    pub(super) code: ErrorCode,
    pub(super) reason: String,
    /// The body was no JSON: its length may have been wrong.
    pub(super) unreadable: Option<Vec<u8>>,
}

impl Refusal {
    pub(super) fn invalid_request(id: Id, reason: impl Into<String>) -> Refusal {
        Refusal { id, code: ErrorCode::InvalidRequest, reason: reason.into(), unreadable: None }
    }

    fn unreadable(body: Vec<u8>, reason: String) -> Refusal {
        Refusal { id: Id::Null, code: ErrorCode::ParseError, reason, unreadable: Some(body) }
    }
}

/// The body of an error answer.
pub(super) fn encode_error(id: Id, code: ErrorCode, reason: String) -> Vec<u8> {
    let error = Error { code, message: reason.into(), data: None };
    serde_json::to_vec(&Response::from_error(id, error)).expect("an error answer holds only strings and numbers")
}

/// The message in a body, or the reason why it holds none.
pub(super) fn decode(body: Vec<u8>) -> Result<Message, Refusal> {
    let text = match std::str::from_utf8(&body) {
        Ok(text) => text,
        Err(error) => {
            let reason = format!("the message is not UTF-8 after byte {}", error.valid_up_to());
            return Err(Refusal::unreadable(body, reason));
        }
    };
    // serde reads a struct from an array too, so the brace is checked first.
    if !text.trim_ascii_start().starts_with('{') {
        return match serde_json::from_str::<Sound>(text) {
            Ok(Sound) => Err(Refusal::invalid_request(Id::Null, "a message is one JSON object; LSP has no batches")),
            Err(error) => {
                let reason = not_json(&error);
                Err(Refusal::unreadable(body, reason))
            }
        };
    }
    let envelope: Envelope = match serde_json::from_str(text) {
        Ok(envelope) => envelope,
        Err(error) if error.is_data() => return Err(Refusal::invalid_request(Id::Null, "a member is given twice")),
        Err(error) => {
            let reason = not_json(&error);
            return Err(Refusal::unreadable(body, reason));
        }
    };
    envelope.classify(body)
}

/// Where the JSON ends, without the words of serde_json that may quote the document.
fn not_json(error: &serde_json::Error) -> String {
    format!("the message is not JSON at line {}, column {}", error.line(), error.column())
}

/// The members of a message. A member that is present with `null` differs from one that is absent.
#[derive(Default)]
struct Envelope {
    jsonrpc: Option<Value>,
    id: Option<Value>,
    method: Option<Value>,
    params: Option<Sound>,
    result: Option<Sound>,
    error: Option<Sound>,
}

impl Envelope {
    fn classify(self, body: Vec<u8>) -> Result<Message, Refusal> {
        let id = self.id.map(usable);
        let answerable = id.clone().flatten().unwrap_or(Id::Null);
        if self.jsonrpc.is_none_or(|version| version != "2.0") {
            return Err(Refusal::invalid_request(answerable, "`jsonrpc` is not \"2.0\""));
        }
        let answers = self.result.is_some() || self.error.is_some();
        match (self.method, id) {
            (Some(_), _) if answers => {
                Err(Refusal::invalid_request(answerable, "a message has a `method` or a `result`, not both"))
            }
            (Some(Value::String(method)), Some(Some(id))) => Ok(Message::Request { id, method, body }),
            (Some(Value::String(method)), None) => Ok(Message::Notification { method, body }),
            (Some(Value::String(_)), Some(None)) => {
                Err(Refusal::invalid_request(Id::Null, "`id` is not a string or a 64-bit integer"))
            }
            (Some(_), _) => Err(Refusal::invalid_request(answerable, "`method` is not a string")),
            (None, Some(id)) if answers => {
                Ok(Message::Response { body: readable_response(id.unwrap_or(Id::Null), body) })
            }
            (None, _) => Err(Refusal::invalid_request(answerable, "the message has no `method`")),
        }
    }
}

/// The id, if tower-lsp can hold it: LSP allows strings and integers, and `null` only in a response.
fn usable(id: Value) -> Option<Id> {
    match id {
        Value::Number(number) => number.as_i64().map(Id::Number),
        Value::String(text) => Some(Id::String(text)),
        _ => None,
    }
}

/// A response that tower-lsp can read. One that it cannot becomes an error, because a handler waits for it.
fn readable_response(id: Id, body: Vec<u8>) -> Vec<u8> {
    if serde_json::from_slice::<Response>(&body).is_ok() {
        return body;
    }
    tracing::warn!(%id, "the client's response is malformed");
    encode_error(id, ErrorCode::InternalError, "the client's response is malformed".to_owned())
}

/// The process that started the server, if `initialize` names one.
pub(super) fn process_id(body: &[u8]) -> Option<u32> {
    let initialize: Value = serde_json::from_slice(body).ok()?;
    initialize.get("params")?.get("processId")?.as_u64()?.try_into().ok()
}

/// Whether an outgoing body is a response, and if so whether it is a success.
pub(super) fn response_succeeds(body: &[u8]) -> Option<bool> {
    #[derive(serde::Deserialize)]
    struct Outgoing {
        method: Option<IgnoredAny>,
        error: Option<IgnoredAny>,
    }
    let outgoing: Outgoing = serde_json::from_slice(body).ok()?;
    outgoing.method.is_none().then_some(outgoing.error.is_none())
}

/// The name of a member.
#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Member {
    Jsonrpc,
    Id,
    Method,
    Params,
    Result,
    Error,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Envelope, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Envelope;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a JSON-RPC message")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Envelope, A::Error> {
                let mut envelope = Envelope::default();
                while let Some(member) = members.next_key()? {
                    match member {
                        Member::Jsonrpc => once(&mut envelope.jsonrpc, &mut members)?,
                        Member::Id => once(&mut envelope.id, &mut members)?,
                        Member::Method => once(&mut envelope.method, &mut members)?,
                        Member::Params => once(&mut envelope.params, &mut members)?,
                        Member::Result => once(&mut envelope.result, &mut members)?,
                        Member::Error => once(&mut envelope.error, &mut members)?,
                        Member::Other => _ = members.next_value::<Sound>()?,
                    }
                }
                Ok(envelope)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// Reads a member's value. Members that are given twice are an error here because tower-lsp's codec makes them one.
fn once<'de, T, A>(slot: &mut Option<T>, members: &mut A) -> Result<(), A::Error>
where
    T: Deserialize<'de>,
    A: MapAccess<'de>,
{
    match slot.replace(members.next_value()?) {
        None => Ok(()),
        Some(_) => Err(serde::de::Error::custom("a member is given twice")),
    }
}

/// Any JSON that `serde_json::Value` accepts: unlike `IgnoredAny` it looks at every string, number and level of
/// nesting, and unlike `Value` it keeps nothing.
struct Sound;

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sound, D::Error> {
        deserializer.deserialize_any(Sound)
    }
}

impl<'de> Visitor<'de> for Sound {
    type Value = Sound;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_str<E>(self, _: &str) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Sound, A::Error> {
        while let Some(Sound) = items.next_element()? {}
        Ok(Sound)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Sound, A::Error> {
        while let Some((Sound, Sound)) = members.next_entry()? {}
        Ok(Sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word for what was decoded, with its id or error code. What passes must be readable by tower-lsp's types.
    fn decoded(body: &[u8]) -> String {
        match decode(body.to_vec()) {
            Ok(Message::Response { body }) => {
                let response: Response = serde_json::from_slice(&body).unwrap();
                format!("response {} {}", response.id(), if response.is_ok() { "ok" } else { "error" })
            }
            Ok(Message::Request { id, method, body }) => {
                serde_json::from_slice::<tower_lsp::jsonrpc::Request>(&body).unwrap();
                format!("request {id} {method}")
            }
            Ok(Message::Notification { method, body }) => {
                serde_json::from_slice::<tower_lsp::jsonrpc::Request>(&body).unwrap();
                format!("notification {method}")
            }
            Err(refusal) => format!("{} {}", refusal.code, refusal.id),
        }
    }

    fn check(cases: &[(&str, &str)]) {
        for (body, expected) in cases {
            assert_eq!(decoded(body.as_bytes()), *expected, "{body}");
        }
    }

    #[test]
    fn messages_are_told_apart() {
        check(&[
            (r#"{"jsonrpc":"2.0","id":1,"method":"x"}"#, "request 1 x"),
            (r#" {"method":"x","params":null,"id":"a","jsonrpc":"2.0"} "#, "request \"a\" x"),
            (r#"{"jsonrpc":"2.0","method":"x","params":"text"}"#, "notification x"),
            (r#"{"jsonrpc":"2.0","method":"","params":5,"more":{}}"#, "notification "),
            (r#"{"jsonrpc":"2.0","id":1,"result":null}"#, "response 1 ok"),
            (r#"{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}"#, "response 1 error"),
            (r#"{"jsonrpc":"2.0","id":-9223372036854775808,"method":"x"}"#, "request -9223372036854775808 x"),
        ]);
    }

    #[test]
    fn what_is_no_json_is_a_parse_error() {
        let deep = format!(r#"{{"jsonrpc":"2.0","method":"x","params":{}1{}}}"#, "[".repeat(500), "]".repeat(500));
        check(&[
            ("", "-32700 null"),
            ("{bad json", "-32700 null"),
            (r#"{"jsonrpc":"2.0","method":"x"} {}"#, "-32700 null"),
            (r#"{"jsonrpc":"2.0","method":"x","params":[1e999]}"#, "-32700 null"),
            (r#"{"jsonrpc":"2.0","method":"x","params":["\ud800"]}"#, "-32700 null"),
            (r#"{"jsonrpc":"2.0","method":"x","other":"\ud800"}"#, "-32700 null"),
            ("[1,", "-32700 null"),
            (&deep, "-32700 null"),
        ]);
        assert_eq!(decoded(b"{\"jsonrpc\":\"2.0\",\"id\":99,\"method\":\"a\xff\xfe\"}"), "-32700 null");
    }

    #[test]
    fn json_that_is_no_message_is_an_invalid_request() {
        check(&[
            ("[]", "-32600 null"),
            ("42", "-32600 null"),
            ("null", "-32600 null"),
            ("{}", "-32600 null"),
            (r#"[{"jsonrpc":"2.0","id":1,"method":"x"}]"#, "-32600 null"),
            (r#"["2.0",1,"x"]"#, "-32600 null"),
            (r#"{"jsonrpc":"2.0","id":[1],"method":"x"}"#, "-32600 null"),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, "-32600 null"),
            (r#"{"jsonrpc":"2.0","id":18446744073709551615,"method":"x"}"#, "-32600 null"),
            (r#"{"jsonrpc":"2.0","id":null,"method":"x"}"#, "-32600 null"),
            (r#"{"jsonrpc":"2.0","id":true,"method":"x"}"#, "-32600 null"),
            (r#"{"jsonrpc":"2.0","method":5}"#, "-32600 null"),
            (r#"{"jsonrpc":"2.0","id":7,"method":5}"#, "-32600 7"),
            (r#"{"jsonrpc":"2.0","id":7}"#, "-32600 7"),
            (r#"{"jsonrpc":"1.0","id":7,"method":"x"}"#, "-32600 7"),
            (r#"{"id":"a","method":"x"}"#, "-32600 \"a\""),
            (r#"{"jsonrpc":"2.0","id":7,"method":"x","result":1}"#, "-32600 7"),
            (r#"{"jsonrpc":"2.0","id":7,"id":8,"method":"x"}"#, "-32600 null"),
            (r#"{"jsonrpc":"2.0","result":1}"#, "-32600 null"),
        ]);
    }

    #[test]
    fn a_malformed_response_still_ends_the_wait_for_it() {
        check(&[
            (r#"{"jsonrpc":"2.0","id":1,"error":"no"}"#, "response 1 error"),
            (r#"{"jsonrpc":"2.0","id":1,"error":{"code":"x","message":"no","more":1}}"#, "response 1 error"),
            (r#"{"jsonrpc":"2.0","id":1.5,"result":1}"#, "response null error"),
        ]);
    }

    #[test]
    fn the_editor_names_its_process() {
        assert_eq!(process_id(br#"{"params":{"processId":12}}"#), Some(12));
        assert_eq!(process_id(br#"{"params":{"processId":null}}"#), None);
        assert_eq!(process_id(br#"{"params":{"processId":-1}}"#), None);
        assert_eq!(process_id(br#"{"params":[]}"#), None);
    }
}
