//! The terminal of a command that goes on: cleared for each round, and listened to for the key that ends it. Where there is none,
//! rounds follow each other, and the end of stdin ends them.

use console::{Key, Term};
use std::io::{self, IsTerminal};
use std::thread;

/// Where rounds are shown.
pub(super) struct Screen {
    /// None where nobody sees it, or nobody can press a key.
    terminal: Option<Term>,
}

impl Screen {
    /// What this program runs on.
    pub(super) fn here() -> Self {
        let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        Self { terminal: is_terminal.then(Term::stdout) }
    }

    pub(super) fn is_terminal(&self) -> bool {
        self.terminal.is_some()
    }

    /// Takes away what is shown; what has scrolled out of sight stays.
    pub(super) fn clear(&self) -> io::Result<()> {
        self.terminal.as_ref().map_or(Ok(()), Term::clear_screen)
    }

    /// Calls `leave` once somebody wants to leave.
    pub(super) fn listen(&self, leave: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let terminal = self.terminal.clone();
        // Reading from a terminal that only the output has left would stop a job in the background.
        if terminal.is_none() && io::stdin().is_terminal() {
            return Ok(());
        }
        #[cfg(unix)]
        if terminal.is_some() {
            super::left_as_found::at_the_end()?;
        }
        let wait = move || {
            match terminal {
                Some(terminal) => while terminal.read_key_raw().is_ok_and(|key| !leaves(&key)) {},
                // Whether it ends or fails, nobody is there any more.
                None => drop(io::copy(&mut io::stdin().lock(), &mut io::sink())),
            }
            leave();
        };
        thread::Builder::new().name("traceline-keys".into()).spawn(wait).map(drop)
    }
}

/// Whether a key means that somebody wants to leave: `q`, Ctrl-C, or Ctrl-D as at the end of what is typed.
fn leaves(key: &Key) -> bool {
    matches!(key, Key::Char('q' | 'Q' | '\u{4}') | Key::CtrlC)
}
