//! A language client for measuring: it opens, edits and asks, and knows when each answer's last byte came.

use crate::document::{Document, Spot};
use crate::feature::{DANGLING, IN_CODE};
use crate::process::{Usage, tree};
use crate::server::{Diagnostics, Server};
use crate::wire::{Envelope, Message, Outlet, Registered, frame, listen};
use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// After this long without reading, a server is stopped: it will not read again.
const STUCK: Duration = Duration::from_secs(40);

pub(crate) struct Client {
    pub(crate) spawned: Instant,
    pub(crate) version: String,
    capabilities: Value,
    diagnostics: Diagnostics,
    /// The server states versions of open documents; what has none is about the closed file and was on its way already.
    states_versions: bool,
    child: Child,
    outlet: Outlet,
    received: Receiver<Message>,
    registered: Registered,
    ended: bool,
    last_id: i64,
    answers: HashMap<i64, Answer>,
    /// In order of arrival; a scenario clears it when it begins to look.
    pub(crate) published: Vec<Published>,
    /// A progress has ended since this was last cleared: a good moment to ask again whether the server is ready.
    pub(crate) progress_ended: bool,
    documents: HashMap<String, Document>,
    complaints: Arc<Mutex<Vec<u8>>>,
}

pub(crate) struct Answer {
    pub(crate) at: Instant,
    pub(crate) result: Option<Box<RawValue>>,
    pub(crate) error: Option<Value>,
}

impl Answer {
    pub(crate) fn raw(&self) -> &str {
        self.result.as_ref().map_or("null", |result| result.get())
    }

    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(self.raw()).unwrap_or(Value::Null)
    }
}

/// One `publishDiagnostics`, with what the scenarios judge it by.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    pub(crate) at: Instant,
    uri: String,
    pub(crate) version: Option<i64>,
    pub(crate) count: usize,
    /// Messages that name the dangling id.
    pub(crate) dangling: usize,
    /// Messages that name the id that stands only in code.
    pub(crate) in_code: usize,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Silence {
    Late(Duration),
    /// With the end of what it wrote to stderr.
    Ended(String),
}

impl std::fmt::Display for Silence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Late(limit) => write!(f, "over {} s", limit.as_secs()),
            Self::Ended(words) if words.is_empty() => write!(f, "ended"),
            Self::Ended(words) => write!(f, "ended: {words}"),
        }
    }
}

impl std::error::Error for Silence {}

impl Client {
    /// Starts the server and initializes it; its clock is `spawned`.
    pub(crate) fn start(server: &Server, root: &Path, limit: Duration) -> Result<Self> {
        if let Some(folder) = &server.needs_folder {
            std::fs::create_dir_all(root.join(folder))?;
        }
        let (program, arguments) = server.command.split_first().context("this server has no command")?;
        let spawned = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("`{program}` could not be started"))?;
        let outlet = Outlet::new(child.stdin.take().expect("stdin is piped"));
        let folders = json!([{"uri": uri(root), "name": "workspace"}]);
        let (received, registered) = listen(
            child.stdout.take().expect("stdout is piped"),
            outlet.clone(),
            server.settings.clone(),
            folders.clone(),
        );
        let complaints = overhear(child.stderr.take().expect("stderr is piped"));
        watch(outlet.clone(), child.id());
        let mut client = Self {
            spawned,
            version: String::new(),
            capabilities: Value::Null,
            diagnostics: server.diagnostics,
            states_versions: server.strict,
            child,
            outlet,
            received,
            registered,
            ended: false,
            last_id: 0,
            answers: HashMap::new(),
            published: Vec::new(),
            progress_ended: false,
            documents: HashMap::new(),
            complaints,
        };
        let mut params = json!({
            "processId": std::process::id(), "clientInfo": {"name": "traceline-bench"}, "rootUri": uri(root), "workspaceFolders": folders,
            "capabilities": if server.strict { rich(server.diagnostics) } else { capabilities(server.diagnostics) },
        });
        if let Some(options) = &server.init_options {
            params["initializationOptions"] = options.clone();
        }
        let (answer, _) = client.ask("initialize", &params, limit)?;
        if let Some(error) = answer.error {
            return Err(anyhow!("initialize was refused: {error}"));
        }
        let mut value = answer.value();
        client.version = value["serverInfo"]["version"].as_str().unwrap_or(&server.version).to_owned();
        client.capabilities = value["capabilities"].take();
        client.notify("initialized", &json!({}));
        if !server.settings.is_null() {
            client.notify("workspace/didChangeConfiguration", &json!({"settings": server.settings}));
        }
        Ok(client)
    }

    /// Sends a request; the instant is just before the write.
    pub(crate) fn send(&mut self, method: &str, params: &Value) -> (i64, Instant) {
        self.last_id += 1;
        let bytes = frame(&json!({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}));
        let sent = Instant::now();
        self.outlet.write(&bytes);
        (self.last_id, sent)
    }

    pub(crate) fn notify(&mut self, method: &str, params: &Value) -> Instant {
        let bytes = frame(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
        self.write(&bytes)
    }

    /// Writes messages that were framed before; returns the instant just before.
    pub(crate) fn write(&self, bytes: &[u8]) -> Instant {
        let sent = Instant::now();
        self.outlet.write(bytes);
        sent
    }

    pub(crate) fn answer(&mut self, id: i64, limit: Duration) -> Result<Answer, Silence> {
        self.until(limit, |client| client.answers.remove(&id))
    }

    /// The answer, and how long it took.
    pub(crate) fn ask(&mut self, method: &str, params: &Value, limit: Duration) -> Result<(Answer, Duration), Silence> {
        let (id, sent) = self.send(method, params);
        let answer = self.answer(id, limit)?;
        let took = answer.at - sent;
        Ok((answer, took))
    }

    /// The first diagnostics for this version of a document; from servers that state no version, the first after `since`.
    pub(crate) fn diagnosed(
        &mut self,
        uri: &str,
        version: i64,
        since: Instant,
        limit: Duration,
    ) -> Result<Published, Silence> {
        self.until(limit, |client| {
            let fits = |one: &&Published| {
                let current = one.version.map_or(!client.states_versions, |stated| stated >= version);
                one.at > since && same(&one.uri, uri) && current
            };
            let found = client.published.iter().find(fits).cloned();
            client.published.clear();
            found
        })
    }

    fn until<T>(&mut self, limit: Duration, mut look: impl FnMut(&mut Self) -> Option<T>) -> Result<T, Silence> {
        let end = Instant::now() + limit;
        loop {
            if let Some(found) = look(self) {
                return Ok(found);
            }
            if self.ended {
                return Err(Silence::Ended(self.complaint()));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Silence::Late(limit));
            }
            self.receive(left);
        }
    }

    /// Takes one message in; false when none came in time.
    pub(crate) fn receive(&mut self, limit: Duration) -> bool {
        let Message { at, envelope } = match self.received.recv_timeout(limit) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => {
                self.ended = true;
                return false;
            }
        };
        match envelope {
            Envelope { method: None, id: Some(id), result, error, .. } => {
                if let Some(id) = id.as_i64() {
                    self.answers.insert(id, Answer { at, result, error });
                }
            }
            Envelope { method: Some(method), params: Some(params), .. }
                if method == "textDocument/publishDiagnostics" =>
            {
                self.published.extend(decode(at, params.get()));
            }
            Envelope { method: Some(method), params: Some(params), .. } if method == "$/progress" => {
                self.progress_ended |= params.get().contains(r#""kind":"end""#);
            }
            _ => {}
        }
        true
    }

    /// Waits until the server has said nothing for a while; one that never stops talking is left to talk after ten seconds.
    pub(crate) fn settle(&mut self, quiet: Duration) {
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end && self.receive(quiet) {}
    }

    pub(crate) fn offers(&self, question: &str) -> bool {
        let method = format!("textDocument/{question}");
        !matches!(self.capabilities[format!("{question}Provider")], Value::Null | Value::Bool(false))
            || self.registered.lock().expect("held to add a method").contains(&method)
    }

    /// Whether the server offers what stands at this path of its capabilities.
    pub(crate) fn offers_at(&self, path: &str) -> bool {
        !matches!(self.capabilities.pointer(path), None | Some(Value::Null | Value::Bool(false)))
    }

    /// Whether the server wants the whole text with every edit.
    pub(crate) fn wants_whole_text(&self) -> bool {
        let sync = &self.capabilities["textDocumentSync"];
        sync.as_i64().or_else(|| sync["change"].as_i64()) != Some(2)
    }

    pub(crate) fn open(&mut self, path: &Path) -> Result<(String, Instant)> {
        let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(self.open_text(path, &text))
    }

    /// Opens a document that says something else than its file.
    pub(crate) fn open_text(&mut self, path: &Path, text: &str) -> (String, Instant) {
        let uri = uri(path);
        let params = json!({"textDocument": {"uri": uri, "languageId": "markdown", "version": 1, "text": text}});
        self.documents.insert(uri.clone(), Document::new(text));
        let sent = self.notify("textDocument/didOpen", &params);
        (uri, sent)
    }

    pub(crate) fn document(&self, uri: &str) -> &Document {
        self.documents.get(uri).expect("scenarios ask for what they have opened")
    }

    /// Replaces the columns `from..to` of a line; returns the new version and the instant just before the write.
    pub(crate) fn edit(&mut self, uri: &str, line: usize, from: usize, to: usize, text: &str) -> (i64, Instant) {
        let (version, bytes) = self.edit_framed(uri, line, from, to, text);
        (version, self.write(&bytes))
    }

    /// The same, not yet written.
    pub(crate) fn edit_framed(&mut self, uri: &str, line: usize, from: usize, to: usize, text: &str) -> (i64, Vec<u8>) {
        let whole = self.wants_whole_text();
        let document = self.documents.get_mut(uri).expect("scenarios edit what they have opened");
        let changes = document.edit(line, from, to, text, whole);
        let version = document.version;
        let params = json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes});
        (version, frame(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params})))
    }

    /// Waits for the findings of an edit (or of the opening) in the way the server gives them.
    pub(crate) fn findings(
        &mut self,
        uri: &str,
        version: i64,
        sent: Instant,
        limit: Duration,
    ) -> Result<Published, Silence> {
        if self.diagnostics != Diagnostics::Pull {
            return self.diagnosed(uri, version, sent, limit);
        }
        let (answer, _) = self.ask("textDocument/diagnostic", &json!({"textDocument": {"uri": uri}}), limit)?;
        let (count, named) =
            (answer.value()["items"].as_array().map_or(0, Vec::len), |id| answer.raw().matches(id).count());
        let (dangling, in_code) = (named(DANGLING), named(IN_CODE));
        Ok(Published { at: answer.at, uri: uri.to_owned(), version: None, count, dangling, in_code })
    }

    pub(crate) fn usage(&self) -> Usage {
        Usage::of(self.child.id())
    }

    pub(crate) fn complaint(&self) -> String {
        let bytes = self.complaints.lock().expect("the thread that holds it only copies");
        let words = String::from_utf8_lossy(&bytes);
        words.trim().lines().last().unwrap_or_default().chars().take(160).collect()
    }

    /// Ends the server politely; one that does not end is killed when the client is dropped.
    pub(crate) fn stop(mut self) {
        let _ = self.ask("shutdown", &Value::Null, Duration::from_secs(5));
        self.notify("exit", &Value::Null);
        let end = Instant::now() + Duration::from_secs(2);
        while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            kill(self.child.id());
        }
        let _ = self.child.wait();
    }
}

pub(crate) fn asked_at(uri: &str, at: Spot) -> Value {
    json!({"textDocument": {"uri": uri}, "position": at.encode()})
}

pub(crate) fn uri(path: &Path) -> String {
    use std::fmt::Write as _;
    let mut uri = String::from("file://");
    for byte in path.display().to_string().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => write!(uri, "%{byte:02X}").expect("a String takes all that is written to it"),
        }
    }
    uri
}

/// Servers may encode more or less than we do; generated paths differ in nothing that decoding loses.
fn same(one: &str, other: &str) -> bool {
    one == other || one.replace("%7E", "~").eq_ignore_ascii_case(other)
}

fn decode(at: Instant, params: &str) -> Option<Published> {
    #[derive(Deserialize)]
    struct Params<'a> {
        uri: String,
        version: Option<i64>,
        #[serde(borrow)]
        diagnostics: Vec<Diagnostic<'a>>,
    }
    #[derive(Deserialize)]
    struct Diagnostic<'a> {
        #[serde(borrow)]
        message: Cow<'a, str>,
    }
    let Params { uri, version, diagnostics } = serde_json::from_str(params).ok()?;
    let named = |id: &str| diagnostics.iter().filter(|one| one.message.contains(id)).count();
    let (dangling, in_code) = (named(DANGLING), named(IN_CODE));
    Some(Published { at, uri, version, count: diagnostics.len(), dangling, in_code })
}

/// Keeps the end of what the server writes to stderr.
fn overhear(mut stderr: impl Read + Send + 'static) -> Arc<Mutex<Vec<u8>>> {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&kept);
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        while let Ok(length @ 1..) = stderr.read(&mut chunk) {
            let mut kept = shared.lock().expect("readers only copy");
            kept.extend_from_slice(&chunk[..length]);
            let surplus = kept.len().saturating_sub(4096);
            kept.drain(..surplus);
        }
    });
    kept
}

/// Stops a server that has stopped reading, which would hold the benchmark up for ever.
fn watch(outlet: Outlet, pid: u32) {
    std::thread::spawn(move || {
        while Path::new(&format!("/proc/{pid}")).exists() {
            if outlet.blocked_for() > STUCK {
                kill(pid);
                return;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    });
}

fn kill(pid: u32) {
    for pid in tree(pid) {
        let _ = Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status();
    }
}

/// What a client of today can do.
fn rich(diagnostics: Diagnostics) -> Value {
    let mut all = capabilities(diagnostics);
    let text = json!({
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix", "refactor", "source"]}},
            "resolveSupport": {"properties": ["edit"]}, "dataSupport": true, "isPreferredSupport": true,
        },
        "rename": {"prepareSupport": true},
        "inlayHint": {"resolveSupport": {"properties": ["tooltip", "label.location"]}},
        "semanticTokens": {
            "requests": {"range": true, "full": {"delta": true}}, "formats": ["relative"],
            "tokenTypes": [], "tokenModifiers": [],
        },
    });
    for (key, value) in text.as_object().into_iter().flatten() {
        all["textDocument"][key] = value.clone();
    }
    all["workspace"]["workspaceEdit"] = json!({"documentChanges": true});
    all["workspace"]["fileOperations"] = json!({"willRename": true, "didRename": true});
    if diagnostics == Diagnostics::Pull {
        all["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    }
    all
}

fn capabilities(diagnostics: Diagnostics) -> Value {
    let mut capabilities = json!({
        "general": {"positionEncodings": ["utf-16"]},
        "window": {"workDoneProgress": true},
        "workspace": {
            "applyEdit": true, "configuration": true, "workspaceFolders": true, "symbol": {},
            "didChangeConfiguration": {"dynamicRegistration": true}, "didChangeWatchedFiles": {"dynamicRegistration": true},
        },
        "textDocument": {
            "synchronization": {"didSave": true},
            "publishDiagnostics": {"versionSupport": true, "relatedInformation": true},
            "completion": {"completionItem": {"documentationFormat": ["markdown"], "insertReplaceSupport": true}, "contextSupport": true},
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "definition": {"linkSupport": true}, "references": {},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
        },
    });
    if diagnostics == Diagnostics::Pull {
        capabilities["textDocument"]["diagnostic"] = json!({});
    }
    capabilities
}
