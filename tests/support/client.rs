//! An editor without a screen: it starts the server, asks, edits, answers, and forgets nothing of the session.

mod process;
mod pull;
mod setup;

use std::collections::{HashMap, HashSet};
use std::process::ExitStatus;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::process::{Event, Process};
use self::pull::Pulled;
pub use self::setup::Setup;
use crate::record::{self, Entry};
use crate::{Encoding, Position, Workspace, draw};

/// How long the server may be silent before it is said to hang. Generous, as Wine's pipes and busy machines
/// are slow: the tests measure no times.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// One `textDocument/publishDiagnostics`.
#[derive(Clone, Debug)]
pub struct Published {
    /// Of which document.
    pub uri: String,
    /// Of which version of it, where the server says so.
    pub version: Option<i64>,
    /// What is wrong with it.
    pub diagnostics: Vec<Value>,
}

/// The state of a session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Running,
    Over,
}

/// A client and the server that it started.
pub struct Client {
    process: Process,
    stage: Stage,
    number: i64,
    answers: HashMap<i64, Result<Value, Value>>,
    strays: Vec<Value>,
    published: Vec<Published>,
    versions: HashMap<String, i64>,
    working: HashSet<String>,
    notified: Vec<Value>,
    pulled: HashMap<String, Pulled>,
    initialized: Value,
    encoding: Encoding,
}

impl Client {
    /// A server that was told nothing yet.
    #[must_use]
    pub fn launch() -> Self {
        Self::launch_with(&Setup::new(Value::Null))
    }

    fn launch_with(setup: &Setup) -> Self {
        Self {
            process: Process::start(setup),
            stage: Stage::Running,
            number: 0,
            answers: HashMap::new(),
            strays: Vec::new(),
            published: Vec::new(),
            versions: HashMap::new(),
            working: HashSet::new(),
            notified: Vec::new(),
            pulled: HashMap::new(),
            initialized: Value::Null,
            encoding: Encoding::Utf16,
        }
    }

    /// A server for this workspace, asked by a client that can do everything.
    #[must_use]
    pub fn start(workspace: &Workspace) -> Self {
        Self::start_with(workspace, &Setup::rich())
    }

    /// A server for this workspace, asked by the client that `setup` describes.
    #[must_use]
    pub fn start_with(workspace: &Workspace, setup: &Setup) -> Self {
        let mut client = Self::launch_with(setup);
        client.process.set_registers(setup.registers);
        client.initialize(setup.initialize(workspace));
        client
    }

    /// Sends `initialize` and `initialized`; what was answered is in [`Self::initialized`].
    ///
    /// # Panics
    /// When the server refuses, or chooses an encoding that does not exist.
    pub fn initialize(&mut self, params: Value) {
        self.initialized = self.request("initialize", params);
        let name = self.initialized["capabilities"]["positionEncoding"].as_str().unwrap_or("utf-16").to_owned();
        self.encoding = Encoding::named(&name).unwrap_or_else(|| panic!("no encoding is called {name}"));
        self.notify("initialized", json!({}));
    }

    /// What the server answered to `initialize`.
    #[must_use]
    pub const fn initialized(&self) -> &Value {
        &self.initialized
    }

    /// What columns count in this session.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The process of the server.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// What the client answers to `workspace/configuration` from now on.
    pub fn set_settings(&self, settings: Value) {
        self.process.set_settings(settings);
    }

    /// What the server has written to its standard error.
    #[must_use]
    pub fn stderr(&self) -> String {
        self.process.stderr()
    }

    /// From now on the client answers no question of the server.
    pub fn stop_answering(&self) {
        self.process.stop_answering();
    }

    // ---- what the client says

    /// Sends a request and goes on; [`Self::answer`] waits for what comes back.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.ask_as(method, params, Entry::Sent)
    }

    /// The same with a request that is wrong on purpose.
    pub fn ask_malformed(&mut self, method: &str, params: Value) -> i64 {
        self.ask_as(method, params, Entry::Malformed)
    }

    fn ask_as(&mut self, method: &str, params: Value, kind: fn(Value) -> Entry) -> i64 {
        self.number += 1;
        let mut message = json!({ "jsonrpc": "2.0", "id": self.number, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.process.send(kind(message));
        self.number
    }

    /// Sends a request and waits for its result.
    ///
    /// # Panics
    /// When the answer is an error, or none comes.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id).unwrap_or_else(|error| panic!("{method} is refused: {error}"))
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.notify_as(method, params, Entry::Sent);
    }

    /// Sends a notification that is wrong on purpose.
    pub fn notify_malformed(&mut self, method: &str, params: Value) {
        self.notify_as(method, params, Entry::Malformed);
    }

    fn notify_as(&self, method: &str, params: Value, kind: fn(Value) -> Entry) {
        let mut message = json!({ "jsonrpc": "2.0", "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.process.send(kind(message));
    }

    /// Sends bytes that are no message, or not only one.
    pub fn send_raw(&self, bytes: impl Into<Vec<u8>>) {
        self.process.send(Entry::Raw(bytes.into()));
    }

    /// Closes the server's standard input, once what was sent before has gone.
    pub fn close_stdin(&self) {
        self.process.close_stdin();
    }

    /// Opens a document with the fixture's text, or what was written since; its version is 1.
    pub fn open(&mut self, workspace: &Workspace, path: &str) {
        self.open_text(&workspace.uri(path), workspace.text(path));
    }

    /// Opens a document with this text; its version is 1.
    pub fn open_text(&mut self, uri: &str, text: &str) {
        self.versions.insert(uri.to_owned(), 1);
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Edits a document; gives its new version.
    pub fn change(&mut self, uri: &str, changes: &[Value]) -> i64 {
        let version = self.versions.entry(uri.to_owned()).or_insert(1);
        *version += 1;
        let version = *version;
        let document = json!({ "uri": uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
        version
    }

    /// Gives a document a wholly new text; gives its new version.
    pub fn replace(&mut self, uri: &str, text: &str) -> i64 {
        self.change(uri, &[json!({ "text": text })])
    }

    /// Closes a document.
    pub fn close(&mut self, uri: &str) {
        self.versions.remove(uri);
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    // ---- what the server says

    /// The result or the error that answers request `id`.
    ///
    /// # Panics
    /// When the server ends or is silent for too long.
    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        self.until(&format!("an answer to request {id}"), |client| client.answers.remove(&id))
    }

    /// The code of the error that answers request `id`.
    ///
    /// # Panics
    /// When it is answered by a result.
    pub fn refusal(&mut self, id: i64) -> i64 {
        match self.answer(id) {
            Err(error) => error["code"].as_i64().expect("an error has a code"),
            Ok(result) => panic!("request {id} should be refused, and gives {result}"),
        }
    }

    /// The next response whose id is null: to what could not be read.
    pub fn stray(&mut self) -> Value {
        self.until("a response without an id", |client| (!client.strays.is_empty()).then(|| client.strays.remove(0)))
    }

    /// The diagnostics of a document at this version or a later one.
    pub fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        if self.pulls() {
            return self.pull(uri);
        }
        self.until(&format!("diagnostics of {uri} at version {version}"), |client| {
            let latest = client.published.iter().rev().find(|it| it.uri == uri)?;
            latest.version.is_some_and(|it| it >= version).then(|| latest.diagnostics.clone())
        })
    }

    /// The diagnostics of a document as soon as they are as `wanted`.
    pub fn diagnostics_when(&mut self, uri: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        if self.pulls() {
            return self.pull_until(uri, wanted);
        }
        self.until(&format!("other diagnostics of {uri}"), |client| {
            let latest = client.published.iter().rev().find(|it| it.uri == uri)?;
            wanted(&latest.diagnostics).then(|| latest.diagnostics.clone())
        })
    }

    /// Waits until what the editor shows, by document, is as `wanted`.
    pub fn shown_when<T>(&mut self, what: &str, wanted: impl Fn(&HashMap<String, Vec<Value>>) -> Option<T>) -> T {
        self.until(what, |client| wanted(&client.shown()))
    }

    /// What the editor shows now, by document; documents without diagnostics are left out.
    #[must_use]
    pub fn shown(&self) -> HashMap<String, Vec<Value>> {
        let mut shown = HashMap::new();
        for published in &self.published {
            shown.insert(published.uri.clone(), published.diagnostics.clone());
        }
        shown.retain(|_, diagnostics: &mut Vec<Value>| !diagnostics.is_empty());
        shown
    }

    /// Everything that was published in this session so far.
    #[must_use]
    pub fn published(&self) -> &[Published] {
        &self.published
    }

    /// Waits until the server has read the workspace: the progress of it has ended, and a question is answered.
    pub fn ready(&mut self) {
        // A reading that ends before its progress was granted shows none: then a while without a word is the end.
        let silence = Duration::from_millis(1500);
        let end = Instant::now() + PATIENCE;
        let ended = |it: &Value| it["params"]["value"]["kind"] == "end";
        while !self.working.is_empty() || !self.notified.iter().any(ended) {
            match self.process.next(silence) {
                Ok(Event::End) => self.fail("the server ended while it read the workspace"),
                Ok(event) => self.take(event),
                Err(_) if self.working.is_empty() => break,
                Err(_) if Instant::now() > end => self.fail("no end of the first reading"),
                Err(_) => {}
            }
        }
        self.settle();
    }

    /// Waits until everything sent so far was taken in order.
    pub fn settle(&mut self) {
        let id = self.ask("workspace/symbol", json!({ "query": "" }));
        // A server without workspace symbols refuses, which is an answer too.
        let _ = self.answer(id);
    }

    /// Takes what the server says for this long.
    pub fn listen(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            match self.process.next(left) {
                Ok(event) => self.take(event),
                Err(_) => return,
            }
        }
    }

    /// Every request or notification of this method that the server sent so far.
    #[must_use]
    pub fn received(&self, method: &str) -> Vec<Value> {
        let mut found = Vec::new();
        for entry in self.process.session().iter() {
            if let Entry::Received(message) = entry
                && message["method"] == method
            {
                found.push(message["params"].clone());
            }
        }
        found
    }

    /// Waits for a request or notification of this method for which `wanted` holds, and gives its params.
    pub fn received_when(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.until(&format!("{method} from the server"), |client| {
            client.received(method).into_iter().find(|params| wanted(params))
        })
    }

    /// Every message of the session so far.
    #[must_use]
    pub fn session(&self) -> Vec<Entry> {
        self.process.session().clone()
    }

    // ---- questions at a place

    /// Asks `method` at a place of a document.
    pub fn ask_at(&mut self, method: &str, uri: &str, at: Position) -> Value {
        self.request(method, json!({ "textDocument": { "uri": uri }, "position": at.json() }))
    }

    /// Asks `method` at the fixture's cursor.
    pub fn ask_here(&mut self, method: &str, workspace: &Workspace) -> Value {
        let (path, at) = workspace.cursor(self.encoding);
        self.ask_at(method, &workspace.uri(path), at)
    }

    /// Compares the diagnostics of every file of the fixture with what the fixture draws.
    pub fn check(&mut self, workspace: &Workspace) {
        for file in &workspace.fixture().files {
            let (uri, count) = (workspace.uri(&file.path), file.notes.len());
            let diagnostics = if count == 0 {
                self.shown().remove(&uri).unwrap_or_default()
            } else {
                self.diagnostics_when(&uri, |it| !it.is_empty())
            };
            draw::compare(file, &diagnostics, self.encoding);
        }
    }

    // ---- the end

    /// Sends `shutdown` and `exit`, and gives the exit code.
    ///
    /// # Panics
    /// When the server does not end.
    pub fn shut_down(&mut self) -> i32 {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.wait_for_exit(Duration::from_secs(30))
    }

    /// Waits until the server has ended by itself, and gives the exit code.
    ///
    /// # Panics
    /// When it does not, or a signal ended it.
    pub fn wait_for_exit(&mut self, patience: Duration) -> i32 {
        self.wait_for_end(patience).code().unwrap_or_else(|| self.fail("a signal ended the server"))
    }

    /// Waits until the server has ended, by itself or by a signal, or panics.
    pub fn wait_for_end(&mut self, patience: Duration) -> ExitStatus {
        let Some(status) = self.process.wait(patience) else {
            self.fail("the server does not end");
        };
        // What it said last is part of the session, and may be nonsense.
        while let Ok(event) = self.process.next(PATIENCE) {
            let last = matches!(event, Event::End);
            self.take(event);
            if last {
                break;
            }
        }
        self.stage = Stage::Over;
        status
    }

    // ---- the machinery

    fn until<T>(&mut self, what: &str, mut ready: impl FnMut(&mut Self) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = ready(self) {
                return found;
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.process.next(left) {
                Ok(Event::End) => self.fail(&format!("the server ended before {what}")),
                Ok(event) => self.take(event),
                Err(RecvTimeoutError::Timeout) => self.fail(&format!("no {what}")),
                Err(RecvTimeoutError::Disconnected) => self.fail(&format!("the server is gone before {what}")),
            }
        }
    }

    fn take(&mut self, event: Event) {
        let message = match event {
            Event::Message(message) => message,
            Event::Junk(words) => self.fail(&format!("bytes outside the protocol: {words}")),
            Event::End => return,
        };
        match message["method"].as_str() {
            None => self.take_answer(&message),
            Some("textDocument/publishDiagnostics") => {
                let params = &message["params"];
                self.published.push(Published {
                    uri: params["uri"].as_str().expect("diagnostics have a uri").to_owned(),
                    version: params["version"].as_i64(),
                    diagnostics: params["diagnostics"].as_array().expect("diagnostics are an array").clone(),
                });
            }
            Some("$/progress") => {
                let token = message["params"]["token"].to_string();
                match message["params"]["value"]["kind"].as_str() {
                    Some("begin") => drop(self.working.insert(token)),
                    Some("end") => drop(self.working.remove(&token)),
                    _ => {}
                }
                self.notified.push(message);
            }
            Some(_) => self.notified.push(message),
        }
    }

    fn take_answer(&mut self, message: &Value) {
        let Some(id) = message["id"].as_i64() else {
            self.strays.push(message.clone());
            return;
        };
        let answer = match message.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(message["result"].clone()),
        };
        let earlier = self.answers.insert(id, answer);
        assert!(earlier.is_none(), "request {id} is answered twice");
    }

    fn fail(&self, what: &str) -> ! {
        // The lock is given back before the panic, as the record is written while unwinding.
        let session = self.process.session().clone();
        let last: Vec<String> = session.iter().rev().take(12).rev().map(brief).collect();
        panic!("{what}\n--- the last messages\n{}\n--- stderr\n{}", last.join("\n"), self.process.stderr())
    }
}

fn brief(entry: &Entry) -> String {
    let mut words = format!("{entry:?}");
    if let Some((end, _)) = words.char_indices().nth(400) {
        words.truncate(end);
    }
    words
}

impl Drop for Client {
    /// Every session ends as the protocol wants it, and the server must agree.
    fn drop(&mut self) {
        let failing = std::thread::panicking();
        if self.stage == Stage::Over || failing {
            let end = if self.stage == Stage::Over { "exit" } else { "killed" };
            record::write(&self.process.session(), end);
            return;
        }
        let code = self.shut_down();
        record::write(&self.process.session(), "exit");
        let stderr = self.process.stderr();
        assert_eq!(code, 0, "the exit code after shutdown; stderr: {stderr}");
        assert!(!stderr.contains("panicked at"), "the server panicked: {stderr}");
    }
}
