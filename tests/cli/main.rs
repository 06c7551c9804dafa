//! The command line as a shell and a CI job meet it.

mod agreement;
mod asking;
mod baseline;
mod check;
mod completions;
mod config;
mod demo;
#[cfg(unix)] // Wine has no git
mod diff;
mod explain;
mod fix;
mod formats;
mod inputs;
#[cfg(unix)] // Wine has no git
mod impact;
mod ids;
mod init;
mod inspect;
mod man;
mod matrix;
mod new;
mod people;
mod promises;
mod review;
mod stdin;
#[cfg(unix)] // a console of Wine's is held by tests/windows/console.py
mod terminal;
#[cfg(unix)] // its commands are those of a shell
mod tour;
mod watch;
#[cfg(windows)]
mod windows;

/// A feature with one mistake that is a warning, on line 2 of its tasks.
const MISTAKE: &str = "
    //- specs/login/spec.md
    - **FR-1.1**: Users sign in
    //- specs/login/tasks.md
    - [ ] 1. Build it
      - _Requirements: FR-1.1, FR-9.9_
    ";

/// A feature without any.
const CLEAN: &str = "
    //- specs/login/spec.md
    - **FR-1.1**: Users sign in
    //- specs/login/tasks.md
    - [ ] 1. Build it
      - _Requirements: FR-1.1_
    ";

/// A feature whose only finding is an information.
const UNCOVERED: &str = "
    //- specs/login/spec.md
    - **FR-1.1**: Users sign in
    - **FR-1.2**: Users sign out
    //- specs/login/tasks.md
    - [ ] 1. Build it
      - _Requirements: FR-1.1_
    ";
