//! Nothing looked at is not clean: what was looked for where a check found no plan document, why, and where the nearest are.

use super::workspace::{Named, Workspace};
use crate::disk::{self, Selection};
use crate::paths;
use std::fmt::Write as _;
use traceline_engine::dialect::Role;
use traceline_engine::path::FilePath;

/// So many of the nearest plan documents are named, and of what is left out.
const MOST: usize = 3;

/// How deep below a repository's folder plan documents are looked for, to name some.
const DEPTH: usize = 6;

/// What is wrong with each folder that was named and holds no plan document.
pub(super) fn complaints(workspace: &Workspace) -> Vec<String> {
    workspace.named.iter().filter(|named| named.is_folder).filter_map(|named| complaint(workspace, named)).collect()
}

/// What is worth knowing of folders that hold nothing but what is written for agents.
pub(super) fn prompts(workspace: &Workspace) -> Option<String> {
    let views = || workspace.asked.iter().filter_map(|path| workspace.snapshot.view(path));
    let count = views().filter(|view| view.role == Role::None).count();
    let mut folders = workspace.named.iter().filter(|named| named.is_folder).peekable();
    let told = folders.peek().is_some() && count > 0 && !views().any(|view| view.is_ours());
    told.then(|| {
        let left: String = folders.map(|named| left_out(workspace, named)).collect();
        let what = "written for agents (prompts, commands, skills) and left alone";
        format!("no plan document: {} {what}{left}", files(count))
    })
}

/// What is worth knowing of files that were named and are no plan documents. They were looked at, so nothing failed: a hook
/// passes on whatever Markdown a commit holds.
pub(super) fn remark(workspace: &Workspace) -> Option<String> {
    let files = || workspace.named.iter().filter(|named| !named.is_folder);
    let other = |named: &&Named| workspace.snapshot.view(&named.path).is_some_and(|view| !view.is_ours());
    let others: Vec<&str> = files().filter(other).map(|named| named.words.as_str()).collect();
    let (first, more) = (others.first()?, others.len() - 1);
    let more = if more == 0 { String::new() } else { format!(" and {more} more files") };
    Some(format!("{first}{more}: no plan document, {}", why_not(1 + usize::from(!more.is_empty()))))
}

fn complaint(workspace: &Workspace, named: &Named) -> Option<String> {
    let inside = || workspace.asked.iter().filter(|path| path.is_within(named.path.as_str()));
    // What is written for agents was looked at and understood to be no plan document.
    let known =
        |path: &FilePath| workspace.snapshot.view(path).is_some_and(|view| view.is_ours() || view.role == Role::None);
    if inside().any(known) {
        return None;
    }
    let read = inside().filter(|path| workspace.snapshot.view(path).is_some()).count();
    let unread = inside().count() - read;
    let mut words = format!("{} holds no plan document: ", named.words);
    let _ = match (read, unread) {
        (0, 0) => write!(words, "no .md or .markdown file that is read is in it{}", left_out(workspace, named)),
        (0, unread) => write!(words, "{} in it could not be read", files(unread)),
        (read, 0) => {
            let left = left_out(workspace, named);
            write!(words, "{} in it {} read, {}{left}", files(read), was(read), why_not(read))
        }
        (read, unread) => {
            write!(words, "{} in it {} read, {}; {unread} could not be read", files(read), was(read), why_not(read))
        }
    };
    let near = nearest(workspace, &named.path);
    if !near.is_empty() {
        let _ = write!(words, " · the nearest: {}", near.join(", "));
    }
    Some(words + " · --allow-empty accepts it")
}

fn files(count: usize) -> String {
    format!("{count} Markdown {}", if count == 1 { "file" } else { "files" })
}

fn was(count: usize) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

fn why_not(count: usize) -> &'static str {
    if count == 1 {
        "which neither has the name of one (spec.md, requirements.md, plan.md, design.md, tasks.md, ...) nor names a requirement"
    } else {
        "of which none has the name of one (spec.md, requirements.md, plan.md, design.md, tasks.md, ...) or names a requirement"
    }
}

/// What of the folder is left out, and why.
fn left_out(workspace: &Workspace, named: &Named) -> String {
    let folder = paths::encode(&named.path);
    let left = disk::left_out(&folder, &workspace.configs.selection(), 100, || true).unwrap_or_default();
    if left.is_empty() {
        return String::new();
    }
    let spoken = |(path, why): &(std::path::PathBuf, String)| {
        format!("{} ({why})", paths::spoken(path.strip_prefix(&folder).unwrap_or(path)))
    };
    let mut words = format!("; left out: {}", left.iter().take(MOST).map(spoken).collect::<Vec<_>>().join(", "));
    if left.len() > MOST {
        let _ = write!(words, " and {} more", left.len() - MOST);
    }
    words
}

/// Plan documents near `folder`, the nearest first: those of the workspace, or else of the repository, that have the name of one.
fn nearest(workspace: &Workspace, folder: &FilePath) -> Vec<String> {
    let here = std::env::current_dir().ok().and_then(|here| paths::whole(&here).ok());
    let here = here.as_deref().and_then(paths::decode);
    let repository = |of: &FilePath| {
        let top = std::iter::once(of.as_str()).chain(of.ancestors()).map(FilePath::new);
        top.into_iter().find(|above| paths::encode(above).join(".git").exists())
    };
    // Where there is no repository, what is above the current folder may be anything.
    let bases = [here.clone(), repository(folder), here.as_ref().and_then(repository)];
    let layout = workspace.snapshot.layout();
    let is_plan = |path: &FilePath| {
        !matches!(
            layout.role_of(path, workspace.snapshot.dialect()),
            Role::Other | Role::None | Role::Template | Role::Checklist
        )
    };
    for base in bases.into_iter().flatten() {
        let base = paths::encode(&base).into_owned();
        if disk::is_too_wide(&base) {
            continue;
        }
        let mut found = disk::list(&base, &Selection::default(), Some(DEPTH));
        found.retain(|path| is_plan(path) && !path.is_within(folder.as_str()));
        if !found.is_empty() {
            found.sort_by_key(|path| distance(folder, path));
            return found.iter().take(MOST).map(|path| spoken(path, here.as_ref())).collect();
        }
    }
    Vec::new()
}

/// How many steps lead from one to the other.
fn distance(from: &FilePath, to: &FilePath) -> usize {
    let parts = |path: &FilePath| path.as_str().split('/').map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(from), parts(to));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    from.len() + to.len() - 2 * shared
}

/// The path from the current folder on, where it is in it.
fn spoken(path: &FilePath, here: Option<&FilePath>) -> String {
    here.map_or(path.as_str(), |here| path.relative_to(here.as_str())).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_beside_is_nearer_than_one_behind() {
        let steps = |to: &str| distance(&FilePath::new("/w/docs"), &FilePath::new(to));
        assert_eq!([steps("/w/spec.md"), steps("/w/specs/spec.md"), steps("/w/specs/login/spec.md")], [2, 3, 4]);
    }
}
