//! The server's process and the three threads that keep its pipes moving, so that no test can block it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Setup;
use crate::binary::binary;
use crate::record::Entry;
use crate::wire;

/// What the reader thread hands on.
pub(super) enum Event {
    Message(Value),
    Junk(String),
    End,
}

/// What the threads share with the client.
struct Shared {
    session: Mutex<Vec<Entry>>,
    settings: Mutex<Value>,
    stderr: Mutex<String>,
    silent: AtomicBool,
    registers: AtomicBool,
}

pub(super) struct Process {
    child: Child,
    shared: Arc<Shared>,
    // `None` closes the server's input.
    outbox: Sender<Option<Vec<u8>>>,
    inbox: Receiver<Event>,
    /// Whoever takes what the server logs, until that has ended.
    log: Option<JoinHandle<()>>,
}

impl Process {
    pub(super) fn start(setup: &Setup) -> Self {
        let mut command = Command::new(binary());
        for (name, value) in [("TRACELINE_FAULT", setup.fault), ("TRACELINE_LOG", setup.log)] {
            command.env_remove(name).envs(value.map(|value| (name, value)));
        }
        command.arg("server").env_remove("RUST_LOG").env("RUST_BACKTRACE", "1");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
        let shared = Arc::new(Shared {
            session: Mutex::default(),
            settings: Mutex::new(setup.settings.clone()),
            stderr: Mutex::default(),
            silent: AtomicBool::new(false),
            registers: AtomicBool::new(true),
        });
        let (mut stdin, stdout, stderr) = (
            child.stdin.take().expect("it was piped"),
            child.stdout.take().expect("it was piped"),
            child.stderr.take().expect("it was piped"),
        );
        let (outbox, outgoing) = mpsc::channel::<Option<Vec<u8>>>();
        thread::spawn(move || {
            // A server that has ended takes no more; the tests see that by its silence.
            while let Ok(Some(bytes)) = outgoing.recv() {
                if stdin.write_all(&bytes).is_err() {
                    return;
                }
            }
        });
        let (incoming, inbox) = mpsc::channel();
        let (reader, replies) = (Arc::clone(&shared), outbox.clone());
        thread::spawn(move || read(BufReader::new(stdout), &reader, &incoming, &replies));
        let listener = Arc::clone(&shared);
        let log = thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut kept = lock(&listener.stderr);
                if kept.len() < 1 << 20 {
                    kept.push_str(&line);
                    kept.push('\n');
                }
            }
        });
        Self { child, shared, outbox, inbox, log: Some(log) }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn set_settings(&self, settings: Value) {
        *lock(&self.shared.settings) = settings;
    }

    pub(super) fn set_registers(&self, registers: bool) {
        self.shared.registers.store(registers, Ordering::Relaxed);
    }

    pub(super) fn stop_answering(&self) {
        self.shared.silent.store(true, Ordering::Relaxed);
    }

    pub(super) fn session(&self) -> MutexGuard<'_, Vec<Entry>> {
        lock(&self.shared.session)
    }

    pub(super) fn stderr(&self) -> String {
        lock(&self.shared.stderr).clone()
    }

    pub(super) fn send(&self, entry: Entry) {
        let bytes = match &entry {
            Entry::Sent(message) | Entry::Malformed(message) => wire::framed(message.to_string()),
            Entry::Raw(bytes) => bytes.clone(),
            Entry::Received(_) | Entry::Junk(_) => unreachable!("only the server says this"),
        };
        // It stands in the record before its answer can.
        self.session().push(entry);
        // A server that has ended takes no more; the tests see that by its silence.
        let _ = self.outbox.send(Some(bytes));
    }

    pub(super) fn close_stdin(&self) {
        // The writer is gone only where the input is closed already.
        let _ = self.outbox.send(None);
    }

    pub(super) fn next(&self, patience: Duration) -> Result<Event, RecvTimeoutError> {
        self.inbox.recv_timeout(patience)
    }

    pub(super) fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                // Its last words count.
                self.log.take().map(JoinHandle::join);
                return Some(status);
            }
            if begun.elapsed() > patience {
                return None;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(mut stdout: impl BufRead, shared: &Shared, events: &Sender<Event>, replies: &Sender<Option<Vec<u8>>>) {
    loop {
        let event = match wire::next(&mut stdout) {
            Ok(Some(message)) => {
                lock(&shared.session).push(Entry::Received(message.clone()));
                if message.get("method").is_some() && message.get("id").is_some() {
                    reply(&message, shared, replies);
                }
                Event::Message(message)
            }
            Ok(None) => Event::End,
            Err(error) => {
                lock(&shared.session).push(Entry::Junk(error.to_string()));
                Event::Junk(error.to_string())
            }
        };
        let last = !matches!(event, Event::Message(_));
        if events.send(event).is_err() || last {
            return;
        }
    }
}

/// Answers a question of the server, as an editor does by itself.
fn reply(message: &Value, shared: &Shared, replies: &Sender<Option<Vec<u8>>>) {
    if shared.silent.load(Ordering::Relaxed) {
        return;
    }
    let id = &message["id"];
    let answer = match message["method"].as_str().unwrap_or_default() {
        "client/registerCapability" if !shared.registers.load(Ordering::Relaxed) => {
            Err(json!({ "code": -32603, "message": "this client registers nothing" }))
        }
        "client/registerCapability" | "client/unregisterCapability" | "window/workDoneProgress/create" => {
            Ok(Value::Null)
        }
        "workspace/configuration" => Ok(configuration(&message["params"], &lock(&shared.settings))),
        "workspace/applyEdit" => Ok(json!({ "applied": true })),
        "workspace/diagnostic/refresh" | "workspace/codeLens/refresh" | "workspace/inlayHint/refresh" => {
            Ok(Value::Null)
        }
        "workspace/semanticTokens/refresh" | "window/showMessageRequest" => Ok(Value::Null),
        method => Err(json!({ "code": -32601, "message": format!("this client does not know {method}") })),
    };
    let response = match answer {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(error) => json!({ "jsonrpc": "2.0", "id": id, "error": error }),
    };
    let bytes = wire::framed(response.to_string());
    lock(&shared.session).push(Entry::Sent(response));
    // Nobody is left to read it once the client is gone.
    let _ = replies.send(Some(bytes));
}

/// One value for each item asked for: the settings below its dotted section, or null.
fn configuration(params: &Value, settings: &Value) -> Value {
    let items = params["items"].as_array().map_or(&[][..], Vec::as_slice);
    let value = |item: &Value| {
        let section = item["section"].as_str().unwrap_or_default();
        let parts = section.split('.').filter(|part| !part.is_empty());
        parts.fold(settings.clone(), |value, part| value.get(part).cloned().unwrap_or(Value::Null))
    };
    items.iter().map(value).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What a panicking thread left is still the truth about the session.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
