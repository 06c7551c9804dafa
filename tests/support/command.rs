//! The command line as a shell runs it.

use std::ffi::OsStr;
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::binary::binary;

/// How long a command may take before it is said to hang.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a finished command left.
#[derive(Debug)]
pub struct Outcome {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Outcome {
    /// Its standard output as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("not JSON ({error}): {self:#?}"))
    }

    /// Its exit code, which a crash does not have.
    ///
    /// # Panics
    /// When a signal ended it, or it panicked.
    #[must_use]
    pub fn code(&self) -> i32 {
        assert!(!self.stderr.contains("panicked at"), "it panicked: {self:#?}");
        self.code.unwrap_or_else(|| panic!("a signal ended it: {self:#?}"))
    }
}

/// Runs `traceline` with `arguments` in `folder`, without colour and without input.
///
/// # Panics
/// When it cannot be started or hangs.
pub fn traceline<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Outcome {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").env_remove("RUST_LOG");
    // Where these tests run in a workflow themselves, its summary is not theirs.
    command.env_remove("GITHUB_STEP_SUMMARY");
    run(&mut command)
}

/// The same with this input.
///
/// # Panics
/// When it cannot be started or hangs.
pub fn traceline_given<S: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = S>,
    input: impl AsRef<[u8]>,
) -> Outcome {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(input.as_ref()).and_then(|()| file.rewind()).expect("it can be written");
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").env_remove("RUST_LOG");
    end(command.stdin(file))
}

/// Runs a command to its end, without input.
///
/// # Panics
/// When it cannot be started or hangs.
pub fn run(command: &mut Command) -> Outcome {
    end(command.stdin(Stdio::null()))
}

fn end(command: &mut Command) -> Outcome {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    let stdout = drain(child.stdout.take().expect("it was piped"));
    let stderr = drain(child.stderr.take().expect("it was piped"));
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().expect("a running child can be ended");
            panic!("{command:?} hangs");
        }
        thread::sleep(Duration::from_millis(2));
    };
    let text = |reader: thread::JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&reader.join().expect("readers do not panic")).into_owned()
    };
    Outcome { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is still worth showing.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}
