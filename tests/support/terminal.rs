//! A command on a terminal of its own, as a person sees it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use crate::binary::binary;

/// How long it may show nothing of what is waited for before it is said to hang.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running command and what its terminal has shown.
pub struct Terminal {
    child: Child,
    keys: File,
    bytes: Receiver<Vec<u8>>,
    shown: String,
    /// What of it was waited for already.
    seen: usize,
}

impl Terminal {
    /// Runs `traceline` with `arguments` in `folder` on a terminal that shows colours, with these variables.
    ///
    /// # Panics
    /// When there is no terminal to be had, or it cannot be started.
    pub fn start<S: AsRef<OsStr>>(
        folder: &Path,
        arguments: impl IntoIterator<Item = S>,
        variables: &[(&str, &str)],
    ) -> Self {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        // What other tests start at the same time must not hold it open.
        fcntl_setfd(&controller, FdFlags::CLOEXEC).expect("it can be kept");
        grantpt(&controller).and_then(|()| unlockpt(&controller)).expect("it may be used");
        let size = Winsize { ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&controller, size).expect("it has a size");
        let name = ptsname(&controller, Vec::new()).expect("it has a name");
        let end = || {
            let end = rustix::fs::open(&*name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())
                .expect("its other end");
            std::process::Stdio::from(end)
        };
        let mut command = Command::new(binary());
        command.args(arguments).current_dir(folder).stdin(end()).stdout(end()).stderr(end());
        command.env("TERM", "xterm-256color").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("CI");
        let child = command.envs(variables.iter().copied()).spawn().expect("it starts");
        // Its own ends would keep the terminal open when the child is gone.
        drop(command);
        let keys = File::from(controller);
        let mut screen = keys.try_clone().expect("a terminal is read and written");
        let (send, bytes) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Once nobody has the other end any more, reading it is an error.
            while let Ok(count @ 1..) = screen.read(&mut buffer) {
                if send.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { child, keys, bytes, shown: String::new(), seen: 0 }
    }

    /// What it shows up to these words, since what was waited for last.
    ///
    /// # Panics
    /// When it does not show them.
    pub fn until(&mut self, words: &str) -> String {
        let begun = Instant::now();
        loop {
            if let Some(at) = self.shown[self.seen..].find(words) {
                let from = self.seen;
                self.seen += at + words.len();
                return self.shown[from..self.seen].to_owned();
            }
            match self.bytes.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) {
                Ok(bytes) => self.shown += &String::from_utf8_lossy(&bytes),
                Err(error) => panic!("{words:?} is not shown ({error}): {:?}", self.shown),
            }
        }
    }

    /// Presses keys.
    ///
    /// # Panics
    /// When nobody listens.
    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("keys can be pressed");
    }

    /// Whether keys that are pressed are shown.
    ///
    /// # Panics
    /// When there is no terminal any more.
    #[must_use]
    pub fn echoes(&self) -> bool {
        tcgetattr(&self.keys).expect("a terminal has modes").local_modes.contains(LocalModes::ECHO)
    }

    /// Ends the program from outside, by SIGTERM or another signal. Returns the one that it died of.
    ///
    /// # Panics
    /// When it is gone already, or does not die.
    pub fn kill(&mut self, signal: Signal) -> Option<i32> {
        let id = self.child.id().try_into().ok().and_then(Pid::from_raw).expect("it has a number");
        kill_process(id, signal).expect("it can be told");
        self.child.wait().expect("a child can be waited for").signal()
    }

    /// Waits for its end. Returns its exit code and all that it has shown.
    ///
    /// # Panics
    /// When it does not end.
    pub fn end(mut self) -> (Option<i32>, String) {
        let begun = Instant::now();
        loop {
            match self.bytes.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) {
                Ok(bytes) => self.shown += &String::from_utf8_lossy(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end: {:?}", self.shown),
            }
        }
        let status = self.child.wait().expect("a child can be waited for");
        (status.code(), std::mem::take(&mut self.shown))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // After a failed test it would watch for ever.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
