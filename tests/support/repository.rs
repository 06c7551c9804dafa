//! A git repository around a workspace, by the program `git`, which Wine does not have.

use std::path::Path;
use std::process::Command;

use crate::command::{Outcome, run};

/// A git repository with its own identity, whatever the machine is configured to.
pub struct Repository<'w>(&'w Path);

impl<'w> Repository<'w> {
    /// Makes one of `folder`, with a first commit of all that is in it.
    ///
    /// # Panics
    /// When git is not there.
    #[must_use]
    pub fn new(folder: &'w Path) -> Self {
        let repository = Self(folder);
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.commit("begin");
        repository
    }

    /// Runs git there.
    ///
    /// # Panics
    /// When it fails.
    pub fn git(&self, arguments: &[&str]) -> Outcome {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]);
        command.args(["-c", "core.autocrlf=false"]).args(arguments).current_dir(self.0);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        let outcome = run(&mut command);
        assert_eq!(outcome.code(), 0, "git {arguments:?}: {outcome:#?}");
        outcome
    }

    /// Commits all that is there.
    pub fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
    }
}
