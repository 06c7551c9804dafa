//! The lifecycle of a session: which messages are handed to tower-lsp now, which wait, and which are answered at once.
//! `exit` does not come here: tower-lsp would cancel the handlers of what was asked just before it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use tower_lsp::jsonrpc::{ErrorCode, Id};

use super::decode::{Message, encode_error, response_succeeds};
use super::frame::{Framer, Piece};
use super::lenient::readable;

/// `ServerNotInitialized` (LSP, base protocol).
const NOT_INITIALIZED: ErrorCode = ErrorCode::ServerError(-32002);

/// Notifications that a server may want to handle. Others that begin with `$/` are dropped.
const KNOWN_DOLLAR: [&str; 3] = ["$/cancelRequest", "$/progress", "$/setTrace"];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Fresh,
    /// `initialize` was handed on and not yet answered. Everything else waits: tower-lsp would refuse it.
    Asked,
    Open,
    ShutDown,
}

/// What becomes of a message.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// This body is handed to tower-lsp.
    Pass(Vec<u8>),
    /// This body is the answer.
    Answer(Vec<u8>),
    Drop,
}

/// The state of the session, shared by the two ends of tower-lsp's task.
#[derive(Clone)]
pub(super) struct Gate {
    shared: Rc<Shared>,
}

struct Shared {
    stage: Cell<Stage>,
    opens: RefCell<Option<Waker>>,
}

impl Gate {
    pub(super) fn new() -> Gate {
        Gate { shared: Rc::new(Shared { stage: Cell::new(Stage::Fresh), opens: RefCell::new(None) }) }
    }

    /// Ready unless `initialize` is being answered.
    pub(super) fn poll_open(&self, cx: &Context) -> Poll<()> {
        if self.shared.stage.get() != Stage::Asked {
            return Poll::Ready(());
        }
        self.shared.opens.replace(Some(cx.waker().clone()));
        Poll::Pending
    }

    /// Decides about the next message in order.
    pub(super) fn admit(&self, message: Message) -> Verdict {
        let stage = self.shared.stage.get();
        match message {
            Message::Response { body } if stage != Stage::Fresh => Verdict::Pass(body),
            Message::Response { .. } => Verdict::Drop,
            Message::Notification { method, body } => self.admit_notification(&method, body),
            Message::Request { id, method, body } => self.admit_request(&id, &method, body),
        }
    }

    fn admit_notification(&self, method: &str, body: Vec<u8>) -> Verdict {
        if method.starts_with("$/") && !KNOWN_DOLLAR.contains(&method) {
            return Verdict::Drop;
        }
        match self.shared.stage.get() {
            Stage::Fresh | Stage::Asked => Verdict::Drop,
            Stage::ShutDown if method != "$/cancelRequest" => Verdict::Drop,
            // Some clients send it without the empty object that tower-lsp insists on.
            _ if method == "initialized" => {
                Verdict::Pass(br#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#.to_vec())
            }
            _ => Verdict::Pass(body),
        }
    }

    fn admit_request(&self, id: &Id, method: &str, body: Vec<u8>) -> Verdict {
        let refuse = |code, reason: &str| Verdict::Answer(encode_error(id.clone(), code, reason.to_owned()));
        match (self.shared.stage.get(), method) {
            (Stage::Fresh, "initialize") => {
                self.shared.stage.set(Stage::Asked);
                Verdict::Pass(readable(body))
            }
            (Stage::Fresh | Stage::Asked, _) => refuse(NOT_INITIALIZED, "the session begins with `initialize`"),
            (Stage::ShutDown, _) => {
                refuse(ErrorCode::InvalidRequest, "the server was shut down; only `exit` may follow")
            }
            (Stage::Open, "initialize") => refuse(ErrorCode::InvalidRequest, "the session is already initialized"),
            (Stage::Open, "shutdown") => {
                self.shared.stage.set(Stage::ShutDown);
                // Some clients send an empty object, which tower-lsp refuses.
                let shutdown = serde_json::json!({ "jsonrpc": "2.0", "id": id, "method": "shutdown" });
                Verdict::Pass(shutdown.to_string().into_bytes())
            }
            (Stage::Open, _) if method.starts_with("$/") => refuse(ErrorCode::MethodNotFound, "the method is unknown"),
            (Stage::Open, _) => Verdict::Pass(body),
        }
    }

    /// Looks for the answer to `initialize` in messages that tower-lsp sends. No other response can come before it,
    /// because everything else waits.
    pub(super) fn sent(&self, messages: &[u8]) {
        if self.shared.stage.get() != Stage::Asked {
            return;
        }
        let mut framer = Framer::default();
        framer.push(messages);
        while let Some(Piece::Body(body)) = framer.next() {
            let Some(succeeds) = response_succeeds(&body) else { continue };
            self.shared.stage.set(if succeeds { Stage::Open } else { Stage::Fresh });
            if let Some(waker) = self.shared.opens.take() {
                waker.wake();
            }
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::decode::decode;
    use super::*;

    /// The verdict on one line: `initialize`, `5 shutdown` (with an id) or `answered` (tower-lsp answers `initialize`).
    fn step(gate: &Gate, line: &str) -> String {
        if let Some(member) = line.strip_prefix("answered ") {
            let body = format!(r#"{{"jsonrpc":"2.0","id":1,"{member}":{{}}}}"#);
            gate.sent(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
            return "-".to_owned();
        }
        let body = match line.split_once(' ') {
            Some((id, method)) => format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}"}}"#),
            None => format!(r#"{{"jsonrpc":"2.0","method":"{line}"}}"#),
        };
        match gate.admit(decode(body.into_bytes()).unwrap()) {
            Verdict::Pass(_) => "pass".to_owned(),
            Verdict::Drop => "drop".to_owned(),
            Verdict::Answer(body) => {
                let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
                format!("{} {}", body["id"], body["error"]["code"])
            }
        }
    }

    fn check(steps: &[(&str, &str)]) {
        let gate = Gate::new();
        for (line, expected) in steps {
            assert_eq!(step(&gate, line), *expected, "{line}");
        }
    }

    #[test]
    fn nothing_comes_before_initialize() {
        check(&[
            ("1 textDocument/hover", "1 -32002"),
            ("2 no/such", "2 -32002"),
            ("3 shutdown", "3 -32002"),
            ("4 $/no", "4 -32002"),
            ("initialized", "drop"),
            ("$/cancelRequest", "drop"),
        ]);
    }

    #[test]
    fn a_session_is_initialized_once() {
        check(&[
            ("1 initialize", "pass"),
            ("answered error", "-"),
            ("2 textDocument/hover", "2 -32002"),
            ("3 initialize", "pass"),
            ("answered result", "-"),
            ("4 initialize", "4 -32600"),
            ("5 textDocument/hover", "pass"),
        ]);
    }

    #[test]
    fn dollar_methods_are_optional() {
        check(&[
            ("1 initialize", "pass"),
            ("answered result", "-"),
            ("$/cancelRequest", "pass"),
            ("$/setTrace", "pass"),
            ("$/no", "drop"),
            ("2 $/no", "2 -32601"),
            ("no/such", "pass"),
        ]);
    }

    #[test]
    fn only_exit_follows_shutdown() {
        check(&[
            ("1 initialize", "pass"),
            ("answered result", "-"),
            ("2 shutdown", "pass"),
            ("3 textDocument/hover", "3 -32600"),
            ("4 no/such", "4 -32600"),
            ("5 shutdown", "5 -32600"),
            ("textDocument/didOpen", "drop"),
            ("$/cancelRequest", "pass"),
        ]);
    }

    #[test]
    fn messages_wait_while_initialize_is_answered() {
        let gate = Gate::new();
        let context = Context::from_waker(Waker::noop());
        assert!(gate.poll_open(&context).is_ready());
        step(&gate, "1 initialize");
        assert!(gate.poll_open(&context).is_pending());
        step(&gate, "answered result");
        assert!(gate.poll_open(&context).is_ready());
    }
}
