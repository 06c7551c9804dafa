//! Every message of a session, and its file for the conformance checker.
//!
//! With `TRACELINE_RECORD=DIR` each session leaves `DIR/<test>-<process>-<number>.jsonl`, one object per line:
//! `{"from": "client" | "server", "message": …}`. What a test sends wrongly on purpose carries `"malformed": true`, or
//! is `{"from": "client", "raw": …}` where it is no JSON; `{"end": "exit" | "killed"}` closes the file.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

/// One thing that crossed the wire.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// The client said it, as the protocol wants it.
    Sent(Value),
    /// The client said it, wrong on purpose.
    Malformed(Value),
    /// The client sent these bytes, which are no message.
    Raw(Vec<u8>),
    /// The server said it.
    Received(Value),
    /// The server sent bytes outside the protocol.
    Junk(String),
}

impl Entry {
    fn encode(&self) -> Value {
        match self {
            Self::Sent(message) => json!({ "from": "client", "message": message }),
            Self::Malformed(message) => json!({ "from": "client", "message": message, "malformed": true }),
            Self::Raw(bytes) => {
                let bytes = &bytes[..bytes.len().min(200)];
                json!({ "from": "client", "raw": String::from_utf8_lossy(bytes) })
            }
            Self::Received(message) => json!({ "from": "server", "message": message }),
            Self::Junk(words) => json!({ "from": "server", "junk": words }),
        }
    }
}

/// Writes a session to the folder of `TRACELINE_RECORD`, if there is one.
pub fn write(session: &[Entry], end: &str) {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let Some(folder) = std::env::var_os("TRACELINE_RECORD").map(PathBuf::from) else {
        return;
    };
    let test = std::thread::current().name().unwrap_or("session").replace("::", "-");
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!("{test}-{}-{number}.jsonl", process::id()));
    let written = fs::create_dir_all(&folder).and_then(|()| {
        let mut file = std::io::BufWriter::new(fs::File::create(&path)?);
        for entry in session {
            writeln!(file, "{}", entry.encode())?;
        }
        writeln!(file, "{}", json!({ "end": end }))
    });
    if let Err(error) = written {
        eprintln!("{}: the session is not recorded: {error}", path.display());
    }
}
