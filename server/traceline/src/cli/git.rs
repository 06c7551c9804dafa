//! What git says of a workspace's history: the one program that is run, and only where a revision is named.

use crate::disk;
use crate::paths;
use anyhow::{Context, Result, anyhow, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use traceline_engine::path::FilePath;

/// How a folder differs from what it was at a revision.
#[derive(Debug)]
pub(super) struct Since {
    /// The commit that is compared with.
    pub(super) commit: String,
    /// The Markdown files that differ.
    pub(super) files: Vec<Changed>,
}

/// A file that differs.
#[derive(Debug)]
pub(super) struct Changed {
    /// What it was called, and said.
    pub(super) before: Option<(FilePath, String)>,
    /// What it is called.
    pub(super) after: Option<FilePath>,
}

/// How the files below `folder` differ from what they were where this branch left `revision`: commits, what is staged and what
/// is not, and files that git does not know yet. What git ignores has no history and does not differ.
pub(super) fn since(folder: &Path, revision: &str) -> Result<Since> {
    let git = Git { folder };
    let inside = git.run(&["rev-parse", "--show-toplevel"])?;
    if !inside.status.success() {
        bail!("{} is in no git repository ({})", paths::spoken(folder), complaint(&inside));
    }
    // What begins with a dash would be an option where an old git does not know `--end-of-options`.
    let wanted = format!("{revision}^{{commit}}");
    let named = git.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
    let commit = hash(&named.stdout).filter(|_| named.status.success() && !revision.starts_with('-'));
    let Some(commit) = commit else {
        let said = revision.escape_debug();
        bail!("`{said}` is no revision that git knows here · a shallow clone has no older ones (`fetch-depth: 0`)");
    };
    // Where the branch has left the revision: what was done there meanwhile is not this change.
    let left = git.run(&["merge-base", &commit, "HEAD"])?;
    let commit = hash(&left.stdout).filter(|_| left.status.success()).unwrap_or(commit);
    let mut listed = git.listed(&[
        "diff",
        "--raw",
        "-z",
        "--no-abbrev",
        "--find-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--ignore-submodules=all",
        "--relative",
        &commit,
        "--",
    ])?;
    let untracked = git.said(&["ls-files", "-z", "--others", "--exclude-standard"])?;
    let new = untracked.split('\0').filter(|path| !path.is_empty());
    for path in new {
        // What git was told to forget and is still there.
        match listed.iter_mut().find(|it| it.after.is_none() && it.before.as_deref() == Some(path)) {
            Some(forgotten) => forgotten.after = Some(path.into()),
            None => listed.push(Listed { blob: None, before: None, after: Some(path.into()) }),
        }
    }
    listed.retain(|it| [&it.before, &it.after].into_iter().flatten().any(|path| disk::is_markdown(Path::new(path))));
    let blobs: BTreeSet<&str> = listed.iter().filter_map(|it| it.blob.as_deref()).collect();
    let texts = git.texts(&blobs.into_iter().collect::<Vec<_>>())?;
    let text = |it: &Listed| {
        let blob = it.blob.as_ref()?;
        texts.get(blob)?.as_deref()
    };
    let whole = |path: &String| paths::decode(&folder.join(path));
    let files = join_moved(folder, &listed, text);
    let file = |(old, new): (Option<usize>, Option<usize>)| {
        let before =
            old.map(|at| &listed[at]).and_then(|it| Some((whole(it.before.as_ref()?)?, text(it)?.to_string())));
        Changed { before, after: new.and_then(|at| listed[at].after.as_ref()).and_then(whole) }
    };
    Ok(Since { files: files.into_iter().map(file).collect(), commit })
}

/// Which of what is listed says what a file was, and which what it is. A file that git does not know yet and that says what one
/// said that is gone was moved; of those that it knows git has found that itself.
fn join_moved<'t>(
    folder: &Path,
    listed: &'t [Listed],
    text: impl Fn(&'t Listed) -> Option<&'t str>,
) -> Vec<(Option<usize>, Option<usize>)> {
    let gone = listed.iter().enumerate().filter(|(_, it)| it.after.is_none());
    let mut gone: BTreeMap<&str, usize> = gone.filter_map(|(at, it)| Some((text(it)?, at))).collect();
    let mut out = Vec::new();
    for (at, it) in listed.iter().enumerate().filter(|(_, it)| it.after.is_some()) {
        let new = it.before.is_none() && !gone.is_empty();
        let now = it.after.as_ref().filter(|_| new).and_then(|path| disk::read(&folder.join(path)).ok());
        let from = now.and_then(|now| gone.remove(now.as_str()));
        out.push((from.or(it.before.is_some().then_some(at)), Some(at)));
    }
    let joined: BTreeSet<usize> = out.iter().filter_map(|(old, _)| *old).collect();
    out.extend(
        (0..listed.len()).filter(|at| listed[*at].after.is_none() && !joined.contains(at)).map(|at| (Some(at), None)),
    );
    out
}

/// A file that differs, as git lists it: by its paths from the folder.
struct Listed {
    /// What it said.
    blob: Option<String>,
    before: Option<String>,
    after: Option<String>,
}

struct Git<'a> {
    folder: &'a Path,
}

impl Git<'_> {
    fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new("git");
        // It looks and writes nothing, asks nobody, and runs nothing that a repository names.
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        command.args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-C"]);
        command.arg(self.folder).args(arguments).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Output> {
        self.command(arguments).output().map_err(|error| missing(&error))
    }

    fn said(&self, arguments: &[&str]) -> Result<String> {
        let output = self.run(arguments)?;
        if !output.status.success() {
            bail!("git {} failed: {}", arguments[0], complaint(&output));
        }
        // A path that is not Unicode is told of elsewhere, and read by nobody.
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What `git diff --raw -z` lists: `:MODE MODE BLOB BLOB STATUS`, then one path or, of what was renamed or copied, two.
    fn listed(&self, arguments: &[&str]) -> Result<Vec<Listed>> {
        let said = self.said(arguments)?;
        let mut parts = said.split('\0');
        let mut out = Vec::new();
        while let Some(head) = parts.next().and_then(|it| it.strip_prefix(':')) {
            let words: Vec<&str> = head.split(' ').collect();
            let ([mode, _, blob, _, status], Some(path)) = (&words[..], parts.next()) else {
                bail!("git diff says what is not understood: {head}");
            };
            // Links are not followed.
            let blob = (mode.starts_with("100")).then(|| (*blob).to_string());
            let path = path.to_string();
            let mut second = || parts.next().map(ToString::to_string);
            out.push(match status.chars().next() {
                Some('A') => Listed { blob: None, before: None, after: Some(path) },
                Some('D') => Listed { blob, before: Some(path), after: None },
                Some('R') => Listed { blob, before: Some(path), after: second() },
                Some('C') => Listed { blob: None, before: None, after: second() },
                _ => Listed { blob, before: Some(path.clone()), after: Some(path) },
            });
        }
        Ok(out)
    }

    /// The texts of blobs, by their names; none of one that is not UTF-8.
    fn texts(&self, blobs: &[&str]) -> Result<BTreeMap<String, Option<String>>> {
        if blobs.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut command = self.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| missing(&error))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let said = std::thread::scope(|scope| {
            // Both pipes are full at some time, so neither may wait for the other.
            let asking = scope.spawn(move || {
                let mut input = input?;
                input.write_all((blobs.join("\n") + "\n").as_bytes()).ok()
            });
            let mut said = Vec::new();
            let read = output.map_or(Ok(0), |mut output| output.read_to_end(&mut said));
            let _ = asking.join();
            read.map(|_| said)
        });
        let said = said.context("git cat-file cannot be read")?;
        let ended = child.wait().context("git cat-file did not end")?;
        let mut rest = &said[..];
        let mut out = BTreeMap::new();
        for blob in blobs {
            // `NAME blob SIZE`, a line end, the bytes, a line end.
            let (text, more) =
                first(rest, blob).filter(|_| ended.success()).ok_or_else(|| anyhow!("git lacks what {blob} holds"))?;
            let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
            out.insert((*blob).to_string(), std::str::from_utf8(text).ok().map(String::from));
            rest = more;
        }
        Ok(out)
    }
}

fn first<'t>(said: &'t [u8], blob: &str) -> Option<(&'t [u8], &'t [u8])> {
    let end = said.iter().position(|byte| *byte == b'\n')?;
    let size =
        std::str::from_utf8(&said[..end]).ok()?.strip_prefix(blob)?.strip_prefix(" blob ")?.parse::<usize>().ok()?;
    let rest = &said[end + 1..];
    Some((rest.get(..size)?, rest.get(size + 1..)?))
}

/// The name of an object, and nothing else.
fn hash(said: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(said).ok()?.lines().next()?.trim();
    (text.len() >= 40 && text.bytes().all(|it| it.is_ascii_hexdigit())).then(|| text.to_string())
}

fn complaint(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines().next().unwrap_or("it does not say why").trim_start_matches("fatal: ").to_string()
}

fn missing(error: &io::Error) -> anyhow::Error {
    if error.kind() == io::ErrorKind::NotFound {
        anyhow!("git is not there, which knows what was before · install it, or put it on the PATH")
    } else {
        anyhow!("git cannot be run: {error}")
    }
}
