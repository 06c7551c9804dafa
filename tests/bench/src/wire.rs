//! The pipe to a server: framing, a clock at the last byte of every message, and replies to what the server asks.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// One message from the server; `at` is when its last byte had been read, before any parsing.
pub(crate) struct Message {
    pub(crate) at: Instant,
    pub(crate) envelope: Envelope,
}

#[derive(Deserialize)]
pub(crate) struct Envelope {
    pub(crate) id: Option<Value>,
    pub(crate) method: Option<String>,
    pub(crate) params: Option<Box<RawValue>>,
    pub(crate) result: Option<Box<RawValue>>,
    pub(crate) error: Option<Value>,
}

/// The server's stdin, shared by the scenario and the thread that replies to the server's own requests.
#[derive(Clone)]
pub(crate) struct Outlet {
    stdin: Arc<Mutex<ChildStdin>>,
    /// Since when a write has been under way: a server that stops reading blocks it.
    blocked: Arc<Mutex<Option<Instant>>>,
}

impl Outlet {
    pub(crate) fn new(stdin: ChildStdin) -> Self {
        Self { stdin: Arc::new(Mutex::new(stdin)), blocked: Arc::default() }
    }

    /// Writes whole messages; a server that has ended is noticed by the reader, so that an error here says nothing new.
    pub(crate) fn write(&self, bytes: &[u8]) {
        let mut stdin = self.stdin.lock().expect("no thread panics while it writes");
        *self.blocked.lock().expect("held for one assignment") = Some(Instant::now());
        let _ = stdin.write_all(bytes).and_then(|()| stdin.flush());
        *self.blocked.lock().expect("held for one assignment") = None;
    }

    pub(crate) fn blocked_for(&self) -> Duration {
        self.blocked.lock().expect("held for one assignment").map_or(Duration::ZERO, |since| since.elapsed())
    }
}

/// A message with its header, ready to be written.
pub(crate) fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Methods that the server has registered since it was initialized.
pub(crate) type Registered = Arc<Mutex<HashSet<String>>>;

/// Reads the server's stdout in a thread of its own; the channel closes when the server's stdout does.
pub(crate) fn listen(
    stdout: ChildStdout,
    outlet: Outlet,
    settings: Value,
    folders: Value,
) -> (Receiver<Message>, Registered) {
    let (messages, received) = channel();
    let (requests, asked) = channel::<(String, Value, Option<Box<RawValue>>)>();
    let registered = Registered::default();
    let noted = Arc::clone(&registered);
    // Replies have a thread of their own: the reader must keep reading while a full pipe holds a reply up.
    std::thread::spawn(move || {
        for (method, id, params) in asked {
            let params = params.and_then(|params| serde_json::from_str(params.get()).ok()).unwrap_or(Value::Null);
            if method == "client/registerCapability" {
                let methods =
                    params["registrations"].as_array().into_iter().flatten().filter_map(|one| one["method"].as_str());
                noted.lock().expect("readers only look").extend(methods.map(str::to_owned));
            }
            outlet.write(&frame(
                &json!({"jsonrpc": "2.0", "id": id, "result": reply(&method, &params, &settings, &folders)}),
            ));
        }
    });
    std::thread::spawn(move || read(BufReader::with_capacity(1 << 16, stdout), &messages, &requests));
    (received, registered)
}

fn read(
    mut stdout: impl BufRead,
    messages: &Sender<Message>,
    requests: &Sender<(String, Value, Option<Box<RawValue>>)>,
) {
    while let Some(body) = body(&mut stdout) {
        let at = Instant::now();
        let Ok(envelope) = serde_json::from_slice::<Envelope>(&body) else {
            eprintln!("bench: the server sent {} bytes that are no message", body.len());
            return;
        };
        let delivered = match envelope {
            Envelope { method: Some(method), id: Some(id), params, .. } => requests.send((method, id, params)).is_ok(),
            envelope => messages.send(Message { at, envelope }).is_ok(),
        };
        if !delivered {
            return;
        }
    }
}

fn body(stdout: &mut impl BufRead) -> Option<Vec<u8>> {
    let (mut length, mut line) = (None, String::new());
    loop {
        line.clear();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let header = line.trim_end();
        if header.is_empty() {
            break;
        }
        if let Some((_, value)) = header.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let mut body = vec![0; length?];
    stdout.read_exact(&mut body).ok()?;
    Some(body)
}

fn reply(method: &str, params: &Value, settings: &Value, folders: &Value) -> Value {
    match method {
        "workspace/configuration" => {
            let section = |item: &Value| {
                item["section"].as_str().map_or_else(|| settings.clone(), |section| settings[section].clone())
            };
            params["items"].as_array().map_or(Value::Null, |items| items.iter().map(section).collect())
        }
        "workspace/workspaceFolders" => folders.clone(),
        "workspace/applyEdit" => json!({"applied": false}),
        _ => Value::Null,
    }
}
