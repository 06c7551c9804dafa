//! Mirrors of the repositories that were judged: git directories, wherever somebody keeps them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// The git directory of `repository` below `mirrors`, if it holds `commit`: `owner+name`, itself or one folder further.
#[must_use]
pub fn git_directory(mirrors: &Path, repository: &str, commit: &str) -> Option<PathBuf> {
    let own = mirrors.join(repository.replace('/', "+"));
    let places = [own.join(".git"), own.join("repo/.git"), own.join("repo"), own];
    places.into_iter().find(|place| {
        let asked = Command::new("git")
            .arg("--git-dir")
            .arg(place)
            .args(["cat-file", "-e", commit])
            .stderr(Stdio::null())
            .status();
        place.join("HEAD").is_file() && asked.is_ok_and(|status| status.success())
    })
}

/// Writes the Markdown files of `commit`, and what says which of them count, into `folder`.
///
/// # Errors
/// When git cannot read them or the folder cannot be written.
pub fn extract(git_directory: &Path, commit: &str, folder: &Path) -> Result<()> {
    let git = |arguments: &[&str]| Command::new("git").arg("--git-dir").arg(git_directory).args(arguments).output();
    let listed = git(&["ls-tree", "-rz", "--name-only", commit])?;
    ensure!(listed.status.success(), "{commit} cannot be listed");
    for name in String::from_utf8_lossy(&listed.stdout).split('\0') {
        let wanted = [".md", ".markdown", ".gitignore", "traceline.toml"].iter().any(|end| name.ends_with(end));
        if !wanted || name.starts_with('/') || name.split('/').any(|part| part == "..") {
            continue;
        }
        let shown = git(&["show", &format!("{commit}:{name}")])?;
        if shown.status.success() {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
            fs::write(&path, shown.stdout)?;
        }
    }
    Ok(())
}
