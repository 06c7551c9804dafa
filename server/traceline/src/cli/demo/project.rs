//! The demo's project: a feature folder whose mistakes are planned.

use anyhow::{Context, Result};
use std::path::PathBuf;

pub(super) const TASKS: &str = "specs/login/tasks.md";

pub(super) const FILES: [(&str, &str); 3] = [
    (
        "specs/login/spec.md",
        "# Login

## Functional requirements

1. **FR-1.1**: **WHEN** a user submits a password **THEN** the system **SHALL** compare it with the stored hash.
2. **FR-1.2**: **IF** five attempts fail **THEN** the system **SHALL** lock the account for 15 minutes.
3. **FR-2.1**: **WHEN** a user signs out **THEN** the system **SHALL** end the session on every device.
4. **FR-2.2**: **WHEN** a session is idle for an hour **THEN** the system **SHALL** end it.

## Non-functional requirements

1. **NFR-1.1**: Comparing a password **SHALL** take 200 ms at most.
",
    ),
    (
        "specs/login/plan.md",
        "# Technical plan

## Password check

Hashes are compared in constant time by one service.

_Requirements: FR-1.1, NFR-1.1_

## Sessions

- **Store**: [which session store, and its eviction]

_Requirements: FR-2.1, FR-2.2, FR-2.1_
",
    ),
    (
        TASKS,
        "# Tasks

- [x] 1. Check passwords
  - _Requirements: FR-1.1, NF-1.1_
- [ ] 2. Lock accounts
  - _Requirements: FR-1.2
- [ ] 3. End sessions
  - _Requirements: FR-2.1, FR-2.9_
- [ ] 4. Expire idle sessions
",
    ),
];

/// Writes the project to a new temporary folder.
pub(super) fn write() -> Result<PathBuf> {
    let folder = new_folder()?;
    for (name, text) in FILES {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(folder)
}

/// A new folder for the project.
fn new_folder() -> Result<PathBuf> {
    let base = std::env::temp_dir();
    for number in 1..1000 {
        let folder = base.join(format!("traceline-demo-{number}"));
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(|| format!("{} cannot be made", folder.display())),
        }
    }
    anyhow::bail!("{} is full of demos; delete some traceline-demo-* folders", base.display())
}
