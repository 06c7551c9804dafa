//! The disk: which files there are, and what they say. Nothing outside the workspace is read, nothing is ever written.

use crate::parallel::cores;
use crate::paths;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, Match, WalkBuilder, WalkState};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use traceline_engine::feature::Source;
use traceline_engine::path::FilePath;

/// A plan document of this size is no plan document; reading it would only cost memory.
pub(crate) const LARGEST: u64 = 64 << 20;

/// More files than this are not a workspace but a disk.
pub(crate) const MOST_FILES: usize = 200_000;

const EXTENSIONS: [&str; 2] = ["md", "markdown"];

/// Folders in which nobody keeps plans, ignored by git or not.
const NEVER: [&str; 5] = [".git", ".hg", ".svn", "node_modules", ".venv"];

/// Folders in which tools keep plans. At the top of a workspace folder they are read though its `.gitignore` names them or a
/// folder in them: what is kept to oneself is worked on all the same, and many have committed it before. A pattern that names
/// files is followed there, too.
const HOMES: [&str; 5] = [".kiro", ".specify", ".spec-workflow", "openspec", "specs"];

/// Why a file was not read.
#[derive(Debug)]
pub(crate) enum Unread {
    Gone,
    Io(std::io::Error),
    NotUtf8 { at: usize },
    TooLarge { bytes: u64 },
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("there is no such file"),
            Self::Io(error) => write!(f, "it cannot be read: {error}"),
            Self::NotUtf8 { at } => write!(f, "it is not UTF-8 (byte {at}), save it as UTF-8"),
            Self::TooLarge { bytes } => {
                write!(f, "it has {} MB, more than the {} MB that are read", bytes >> 20, LARGEST >> 20)
            }
        }
    }
}

/// The text of the file without a byte order mark, which editors do not show either.
pub(crate) fn read(path: &Path) -> Result<String, Unread> {
    let mut text = Vec::new();
    read_into(path, &mut text)?;
    String::from_utf8(text).map_err(|error| Unread::NotUtf8 { at: error.utf8_error().valid_up_to() })
}

/// The same in a place that has served for other files: what is read of many files and not kept tears no holes between what is.
pub(crate) fn read_into<'a>(path: &Path, bytes: &'a mut Vec<u8>) -> Result<&'a str, Unread> {
    bytes.clear();
    let open = std::fs::File::open(paths::openable(path))
        .map_err(|error| if error.kind() == std::io::ErrorKind::NotFound { Unread::Gone } else { Unread::Io(error) })?;
    let facts = open.metadata().map_err(Unread::Io)?;
    if !facts.is_file() {
        return Err(Unread::Io(std::io::Error::other("it is no regular file")));
    }
    if facts.len() > LARGEST {
        return Err(Unread::TooLarge { bytes: facts.len() });
    }
    bytes.reserve(usize::try_from(facts.len()).unwrap_or_default() + 1);
    open.take(LARGEST).read_to_end(bytes).map_err(Unread::Io)?;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    std::str::from_utf8(bytes).map_err(|error| Unread::NotUtf8 { at: error.valid_up_to() })
}

/// Texts of closed files.
pub(crate) struct Disk;

impl Source for Disk {
    fn text(&self, path: &FilePath) -> Option<String> {
        read(&paths::encode(path)).ok()
    }
}

/// Whether the name is one of a Markdown file.
pub(crate) fn is_markdown(path: &Path) -> bool {
    path.extension()
        .and_then(|end| end.to_str())
        .is_some_and(|end| EXTENSIONS.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

/// Which files a team wants read of a folder; patterns as in `.gitignore`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Patterns {
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
}

/// What is wrong with a pattern, if anything.
pub(crate) fn pattern(text: &str) -> Result<(), ignore::Error> {
    OverrideBuilder::new("").add(text).map(|_| ())
}

/// Which files are read of folders whose team has decided. The nearest folder above a file counts, alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    folders: Vec<(PathBuf, Override)>,
}

impl Selection {
    pub(crate) fn new(folders: impl IntoIterator<Item = (PathBuf, Patterns)>) -> Self {
        let matcher = |folder: &Path, patterns: &Patterns| {
            let mut builder = OverrideBuilder::new(folder);
            for pattern in &patterns.include {
                let _ = builder.add(pattern);
            }
            for pattern in &patterns.exclude {
                let _ = builder.add(&format!("!{pattern}"));
            }
            builder.build().unwrap_or_else(|_| Override::empty())
        };
        let folders = folders.into_iter().map(|(folder, patterns)| {
            let matcher = matcher(&folder, &patterns);
            (folder, matcher)
        });
        Self { folders: folders.collect() }
    }

    /// Whether the file or folder, or a folder that it is in, is left out.
    fn leaves_out(&self, path: &Path, is_folder: bool) -> bool {
        // What a folder says is said of what is in it.
        let above = self.folders.iter().filter(|(folder, _)| path != folder && path.starts_with(folder));
        let Some((folder, matcher)) = above.max_by_key(|(folder, _)| folder.as_os_str().len()) else { return false };
        matcher.matched(path, is_folder).is_ignore()
            || path.parent().filter(|above| *above != folder).is_some_and(|above| self.leaves_out(above, true))
            || self.leaves_out(folder, true)
    }
}

/// A walk as git sees the tree, hidden folders included. It follows no links, so it ends.
fn walk(folder: &Path, selection: &Selection, depth: Option<usize>) -> WalkBuilder {
    let mut walk = WalkBuilder::new(folder);
    let selection = selection.clone();
    walk.hidden(false) // `.kiro/` and `.claude/` hold plans
        .parents(false) // what is above the folder is outside the workspace
        .git_global(false)
        .require_git(false)
        .max_depth(depth)
        .threads(cores().min(4))
        .filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let never = entry.file_name().to_str().is_some_and(|name| NEVER.contains(&name));
            entry.depth() == 0 || !never && !selection.leaves_out(entry.path(), is_folder)
        });
    walk
}

/// Where a walk begins: the folder, and folders in it that hold plans though its `.gitignore` names them.
fn starts(folder: &Path, depth: Option<usize>) -> Vec<(PathBuf, Option<usize>)> {
    let ignored = std::fs::read_to_string(folder.join(".gitignore")).unwrap_or_default();
    let homes = HOMES.iter().filter(|home| ignored.contains(**home)).map(|home| folder.join(home));
    let homes = homes.filter(|home| home.symlink_metadata().is_ok_and(|it| it.is_dir()));
    let below = depth.map(|depth| depth.saturating_sub(1));
    std::iter::once((folder.to_path_buf(), depth)).chain(homes.map(|home| (home, below))).collect()
}

/// The Markdown files below `folder`, as git sees them, sorted. `depth` bounds how deep, where given.
pub(crate) fn list(folder: &Path, selection: &Selection, depth: Option<usize>) -> Vec<FilePath> {
    walk_files(folder, selection, depth, &[]).files
}

/// All Markdown files below `folder`, and the files with one of these names.
pub(crate) fn find(folder: &Path, selection: &Selection, names: &[&str]) -> Found {
    walk_files(folder, selection, None, names)
}

/// The same of a folder that holds no more than `most` files and folders, without a thread of its own.
pub(crate) fn find_few(folder: &Path, selection: &Selection, names: &[&str], most: usize) -> Option<Found> {
    let mut found = Found::default();
    for (count, entry) in walk(folder, selection, None).build().enumerate() {
        if count > most {
            return None;
        }
        let Ok(entry) = entry else { continue };
        if entry.file_name().to_str().is_some_and(|name| names.contains(&name)) {
            found.named.push(entry.path().to_path_buf());
        }
        if entry.file_type().is_some_and(|kind| kind.is_file()) && is_markdown(entry.path()) {
            match paths::decode(entry.path()) {
                Some(path) => found.files.push(path),
                None => found.unspeakable.push(entry.into_path()),
            }
        }
    }
    found.files.sort();
    Some(found)
}

/// Why such a file is not read.
pub(crate) const UNSPEAKABLE: &str = "its name is not Unicode";

/// What a walk has found, each part sorted.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) files: Vec<FilePath>,
    /// Files with one of the names that were looked for.
    pub(crate) named: Vec<PathBuf>,
    /// Markdown files that cannot be read, and the outermost folders that hold such, because their names are not Unicode.
    pub(crate) unspeakable: Vec<PathBuf>,
}

fn walk_files(folder: &Path, selection: &Selection, depth: Option<usize>, names: &[&str]) -> Found {
    let (found, named, unspeakable) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()), Mutex::new(BTreeSet::new()));
    let ignores = ignores_of(folder);
    for (start, depth) in starts(folder, depth).into_iter().filter(|(_, depth)| *depth != Some(0)) {
        let inner = start != folder;
        walk(&start, selection, depth).build_parallel().run(|| {
            let mut own = Batch { all: &found, paths: Vec::new() };
            let (named, unspeakable, ignores) = (&named, &unspeakable, &ignores);
            Box::new(move |entry: Result<DirEntry, ignore::Error>| {
                // A folder that cannot be opened and a symlink that leads nowhere hold nothing to read.
                let Ok(entry) = entry else { return WalkState::Continue };
                if entry.file_name().to_str().is_some_and(|name| names.contains(&name))
                    && let Ok(mut named) = named.lock()
                {
                    named.push(entry.path().to_path_buf());
                }
                let file = entry.file_type().is_some_and(|kind| kind.is_file());
                let left = || inner && names_files(ignores, entry.path());
                if file && is_markdown(entry.path()) && !left() {
                    if let Some(path) = paths::decode(entry.path()) {
                        own.paths.push(path);
                    } else if let Ok(mut unspeakable) = unspeakable.lock() {
                        unspeakable.insert(outermost_unspeakable(entry.path()));
                    }
                }
                if own.paths.len() > MOST_FILES { WalkState::Quit } else { WalkState::Continue }
            })
        });
    }
    let mut paths = found.into_inner().unwrap_or_default();
    paths.sort();
    paths.dedup();
    paths.truncate(MOST_FILES);
    let mut named = named.into_inner().unwrap_or_default();
    named.sort();
    named.dedup();
    Found { files: paths, named, unspeakable: unspeakable.into_inner().unwrap_or_default().into_iter().collect() }
}

/// The file itself, or the outermost folder that it is in whose name is not Unicode.
fn outermost_unspeakable(path: &Path) -> PathBuf {
    path.ancestors().take_while(|above| above.to_str().is_none()).last().unwrap_or(path).to_path_buf()
}

/// The folders that [`list`] looks into below `folder`, itself included.
pub(crate) fn folders(folder: &Path, selection: &Selection) -> Vec<PathBuf> {
    let found = Mutex::new(Vec::new());
    for (start, _) in starts(folder, None) {
        walk(&start, selection, None).build_parallel().run(|| {
            Box::new(|entry: Result<DirEntry, ignore::Error>| {
                if let Ok(entry) = entry
                    && entry.file_type().is_some_and(|kind| kind.is_dir())
                    && let Ok(mut found) = found.lock()
                {
                    found.push(entry.into_path());
                }
                WalkState::Continue
            })
        });
    }
    let mut folders = found.into_inner().unwrap_or_default();
    folders.sort();
    folders.dedup();
    folders
}

/// What one walking thread has found; joined with the others' when it ends.
struct Batch<'a> {
    all: &'a Mutex<Vec<FilePath>>,
    paths: Vec<FilePath>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.lock() {
            all.append(&mut self.paths);
        }
    }
}

/// What [`list`] finds in a workspace folder, asked about one path after the other.
#[derive(Debug)]
pub(crate) struct Listed {
    root: PathBuf,
    selection: Selection,
    /// Folders that are walked by themselves.
    homes: Vec<PathBuf>,
    ignores: RefCell<HashMap<PathBuf, Gitignore>>,
}

impl Listed {
    pub(crate) fn of(root: &Path, selection: &Selection) -> Self {
        let homes = starts(root, None).into_iter().skip(1).map(|(home, _)| home).collect();
        Self { root: root.to_path_buf(), selection: selection.clone(), homes, ignores: RefCell::default() }
    }

    /// Whether the file would be found.
    pub(crate) fn holds(&self, path: &Path) -> bool {
        is_markdown(path) && self.allows(path, false)
    }

    /// Whether the folder would be looked into.
    pub(crate) fn enters(&self, folder: &Path) -> bool {
        folder == self.root || self.allows(folder, true)
    }

    /// The same of either, whatever its name.
    pub(crate) fn allows(&self, path: &Path, is_folder: bool) -> bool {
        self.left_out(path, is_folder).is_none()
    }

    /// Why a file or folder is left out, if it is.
    fn left_out(&self, path: &Path, is_folder: bool) -> Option<String> {
        let Ok(inside) = path.strip_prefix(&self.root) else { return Some("it is outside the folder".into()) };
        if let Some(name) = inside.iter().filter_map(|part| part.to_str()).find(|name| NEVER.contains(name)) {
            return Some(format!("folders called `{name}` are never read"));
        }
        if self.selection.leaves_out(path, is_folder) {
            return Some("`files` in traceline.toml leaves it out".into());
        }
        let home = self.homes.iter().any(|home| path.starts_with(home));
        let mut folder = self.root.clone();
        let mut folders = vec![folder.clone()];
        for part in inside.parent().into_iter().flat_map(Path::iter) {
            folder.push(part);
            folders.push(folder.clone());
        }
        let mut ignores = self.ignores.borrow_mut();
        // The innermost file that has an opinion wins.
        for folder in folders.into_iter().rev() {
            let own = ignores.entry(folder).or_insert_with_key(|folder| ignores_of(folder));
            match own.matched_path_or_any_parents(path, is_folder) {
                Match::None => {}
                Match::Ignore(glob)
                    if home
                        && glob.from().is_some_and(|file| file == self.root.join(".gitignore"))
                        && (is_folder || !names_files(own, path)) => {}
                Match::Whitelist(_) => return None,
                Match::Ignore(glob) => {
                    let file = glob.from().and_then(|file| file.strip_prefix(&self.root).ok()).unwrap_or(Path::new(""));
                    return Some(format!("`{}` in {}", glob.original(), paths::spoken(file)));
                }
            }
        }
        None
    }
}

/// What is left out of a workspace folder though it could hold plans: folders and Markdown files, each with the reason, at
/// most `most` of them. None when `goes_on` says no.
pub(crate) fn left_out(
    root: &Path,
    selection: &Selection,
    most: usize,
    goes_on: impl Fn() -> bool,
) -> Option<Vec<(PathBuf, String)>> {
    let listed = Listed::of(root, selection);
    let (mut out, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        if !goes_on() {
            return None;
        }
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
            if !kind.is_dir() && !is_markdown(&path) {
                continue;
            }
            let link = kind.is_symlink().then(|| "links are not followed".to_string());
            match link.or_else(|| listed.left_out(&path, kind.is_dir())) {
                Some(why) => out.push((path, why)),
                None if kind.is_dir() => folders.push(path),
                None => {}
            }
        }
        if out.len() >= most {
            break;
        }
    }
    out.sort();
    out.truncate(most);
    Some(out)
}

/// Whether a pattern is about this very file, and not about all that is in a folder.
fn names_files(ignores: &Gitignore, file: &Path) -> bool {
    let Match::Ignore(glob) = ignores.matched(file, false) else { return false };
    !["/", "/*", "/**"].iter().any(|end| glob.original().trim_end().ends_with(end))
}

fn ignores_of(folder: &Path) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    for name in [".gitignore", ".ignore"] {
        builder.add(folder.join(name));
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Whether a folder is too wide to be read as a workspace: the home folder, what is above it, or a file system's root.
pub(crate) fn is_too_wide(folder: &Path) -> bool {
    // On Windows `HOME` is a shell's, which may spell it as no other program does.
    let home = std::env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from);
    let home = home.and_then(|home| paths::decode(&home)).map(paths::as_on_disk);
    folder.parent().is_none() || home.is_some_and(|home| paths::encode(&home).starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn is_listed(root: &Path, path: &Path, selection: &Selection) -> bool {
        Listed::of(root, selection).holds(path)
    }

    fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("traceline-disk-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn a_walk_sees_what_git_sees_and_hidden_folders() {
        let root = folder(
            "walk",
            &[
                (".gitignore", b"build/\n"),
                ("spec.md", b""),
                ("build/x.md", b""),
                (".kiro/specs/a/tasks.md", b""),
                ("node_modules/p/README.md", b""),
                ("a.txt", b""),
                ("b/.gitignore", b"skip.md\n"),
                ("b/skip.md", b""),
                ("b/PLAN.MD", b""),
            ],
        );
        let found = list(&root, &Selection::default(), None);
        let home = paths::decode(&root).unwrap();
        let names: Vec<_> = found.iter().map(|path| path.relative_to(home.as_str())).collect();
        assert_eq!(names, [".kiro/specs/a/tasks.md", "b/PLAN.MD", "spec.md"]);
        for path in ["spec.md", "build/x.md", "b/skip.md", "b/PLAN.MD", "node_modules/p/README.md", "a.txt"] {
            assert_eq!(is_listed(&root, &root.join(path), &Selection::default()), names.contains(&path), "{path}");
        }
        let patterns = |exclude: &str| Patterns { include: vec![], exclude: vec![exclude.into()] };
        let only = Selection::new([(root.clone(), patterns("b/"))]);
        assert_eq!(list(&root, &only, None).len(), 2);
        let why = |selection: &Selection| {
            let left = left_out(&root, selection, 10, || true).unwrap();
            left.into_iter()
                .map(|(path, why)| format!("{}: {why}", paths::spoken(path.strip_prefix(&root).unwrap())))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            why(&Selection::default()),
            [
                "b/skip.md: `skip.md` in b/.gitignore",
                "build: `build/` in .gitignore",
                "node_modules: folders called `node_modules` are never read"
            ]
        );
        assert_eq!(why(&only)[0], "b: `files` in traceline.toml leaves it out");
        assert_eq!(left_out(&root, &only, 10, || false), None);
        assert!(!is_listed(&root, &root.join("b/PLAN.MD"), &only));
        // What the nearest folder says counts alone.
        let nearest = Selection::new([(root.clone(), patterns("*.MD")), (root.join("b"), patterns("none"))]);
        assert!(list(&root, &nearest, None).iter().any(|path| path.name() == "PLAN.MD"));
        assert!(is_listed(&root, &root.join("b/PLAN.MD"), &nearest));
        let outer = Selection::new([(root.clone(), patterns("b")), (root.join("b"), patterns("none"))]);
        assert!(!is_listed(&root, &root.join("b/PLAN.MD"), &outer), "a folder that is left out is not looked into");
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn plans_of_a_tool_are_read_where_git_ignores_them() {
        let root = folder(
            "homes",
            &[
                (".gitignore", b".kiro/specs/\nopenspec\ndist/\nnotes.md\n"),
                (".kiro/.gitignore", b"private.md\n"),
                (".kiro/specs/a/tasks.md", b""),
                (".kiro/private.md", b""),
                (".kiro/specs/a/notes.md", b""),
                ("openspec/specs/a/spec.md", b""),
                ("dist/openspec/spec.md", b""),
                ("sub/openspec/spec.md", b""),
            ],
        );
        let home = paths::decode(&root).unwrap();
        let names = |depth| {
            let found = list(&root, &Selection::default(), depth);
            found.iter().map(|path| path.relative_to(home.as_str()).to_string()).collect::<Vec<_>>()
        };
        let all = [".kiro/specs/a/tasks.md", "openspec/specs/a/spec.md"];
        assert_eq!(names(None), all);
        assert_eq!(names(Some(1)), [""; 0]);
        for path in [".kiro/private.md", ".kiro/specs/a/notes.md", "dist/openspec/spec.md", "sub/openspec/spec.md"]
            .iter()
            .chain(&all)
        {
            assert_eq!(is_listed(&root, &root.join(path), &Selection::default()), all.contains(path), "{path}");
        }
        assert!(folders(&root, &Selection::default()).contains(&root.join(".kiro/specs/a")));
        let patterns = Patterns { include: vec![], exclude: vec!["openspec".into()] };
        let without = Selection::new([(root.clone(), patterns)]);
        assert_eq!(list(&root, &without, None).len(), 1);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let root = folder("read", &[("bom.md", b"\xef\xbb\xbf# T"), ("latin.md", b"caf\xe9")]);
        assert_eq!(read(&root.join("bom.md")).unwrap(), "# T");
        assert_eq!(read(&root.join("latin.md")).unwrap_err().to_string(), "it is not UTF-8 (byte 3), save it as UTF-8");
        assert_eq!(read(&root.join("none.md")).unwrap_err().to_string(), "there is no such file");
        assert!(read(&root).is_err());
        fs::remove_dir_all(root).unwrap();
    }
}
