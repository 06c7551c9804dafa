//! The demo's client: just enough of the protocol to talk to a server that runs as a child process.

use crate::paths;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// Long enough for a slow machine, short enough to say that something is wrong.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Client {
    server: Child,
    input: ChildStdin,
    output: Receiver<Value>,
    next: i64,
    published: Vec<Value>,
}

/// The URI of a file.
pub(super) fn uri(path: &Path) -> String {
    paths::decode(path).map(|path| paths::encode_address(&path)).unwrap_or_default()
}

impl Client {
    /// Starts the server and a session in `folder`.
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let own = std::env::current_exe()?;
        let mut server = Command::new(own)
            .arg("server")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server cannot be started")?;
        let input = server.stdin.take().context("the server has no input")?;
        let output = server.stdout.take().context("the server has no output")?;
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(output);
            while let Ok(Some(message)) = read(&mut reader) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut client = Self { server, input, output: receiver, next: 0, published: Vec::new() };
        let folders = json!([{"uri": uri(folder), "name": "demo"}]);
        let capabilities =
            json!({"textDocument": {"definition": {"linkSupport": true}, "hover": {"contentFormat": ["plaintext"]}}});
        client.ask("initialize", &json!({"processId": std::process::id(), "rootUri": uri(folder), "workspaceFolders": folders, "capabilities": capabilities}))?;
        client.send(&json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}))?;
        Ok(client)
    }

    pub(super) fn open(&mut self, path: &Path, version: i32, text: &str) -> Result<()> {
        let document = json!({"uri": uri(path), "languageId": "markdown", "version": version, "text": text});
        self.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}}))
    }

    pub(super) fn change(&mut self, path: &Path, version: i32, text: &str) -> Result<()> {
        let params =
            json!({"textDocument": {"uri": uri(path), "version": version}, "contentChanges": [{"text": text}]});
        self.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}))
    }

    /// Asks, and waits for the answer.
    pub(super) fn ask(&mut self, method: &str, params: &Value) -> Result<Value> {
        self.next += 1;
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        loop {
            let mut message = self.receive()?;
            if message["id"] != id {
                continue;
            }
            if let Some(error) = message.get("error") {
                bail!("{method} failed: {error}");
            }
            return Ok(message["result"].take());
        }
    }

    /// The findings that the server shows of a document at this version or a later one, once the feature has been read
    /// and nothing new has come for a moment.
    pub(super) fn findings(&mut self, uri: &str, version: i64) -> Result<Vec<Value>> {
        let quiet = Duration::from_millis(400);
        let shown = |all: &[Value]| {
            all.iter().rev().find(|params| params["uri"] == uri && params["version"].as_i64() >= Some(version)).cloned()
        };
        loop {
            match self.output.recv_timeout(if shown(&self.published).is_some() { quiet } else { PATIENCE }) {
                Ok(message) => self.note(&message)?,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    let found = shown(&self.published).context("the server shows no findings")?;
                    return Ok(found["diagnostics"].as_array().cloned().unwrap_or_default());
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => bail!("the server has ended"),
            }
        }
    }

    /// Ends the session as an editor does.
    pub(super) fn stop(mut self) -> Result<()> {
        self.ask("shutdown", &Value::Null)?;
        self.send(&json!({"jsonrpc": "2.0", "method": "exit"}))?;
        let status = self.server.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }

    fn receive(&mut self) -> Result<Value> {
        let message = self.output.recv_timeout(PATIENCE).context("the server does not answer")?;
        self.note(&message)?;
        Ok(message)
    }

    /// Keeps what is published, and answers what the server asks.
    fn note(&mut self, message: &Value) -> Result<()> {
        if message["method"] == "textDocument/publishDiagnostics" {
            self.published.push(message["params"].clone());
        } else if message.get("method").is_some() && message.get("id").is_some() {
            self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": null}))?;
        }
        Ok(())
    }

    fn send(&mut self, message: &Value) -> Result<()> {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        self.input.flush()?;
        Ok(())
    }
}

/// The next message, or none at the end.
fn read(reader: &mut impl BufRead) -> Result<Option<Value>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.parse()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)?))
}
