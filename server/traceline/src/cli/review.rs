//! `traceline review`: which requirements have changed since what traces them was reviewed, and that they have been reviewed.

use super::named;
use super::outcome::COULD_NOT_RUN;
use super::workspace::{self, Workspace};
use super::write_whole::write_whole;
use crate::config::LARGEST_LOCK;
use crate::disk::Disk;
use crate::parallel::in_pieces;
use crate::report::review::{self as report, Entry};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use traceline_engine::feature::Source;
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::{Named, full_name_of, requirement_named};
use traceline_engine::review::{Requirement, Standing, requirements_in, stale, stating};
use traceline_engine::review_lock::{Lock, NAME, newline_of, scope_name};

/// Fewer files are looked at by one thread.
const FEW: usize = 64;

/// What is reviewed.
#[derive(Debug, Args)]
pub(super) struct Review {
    /// Requirements (`FR-1`, or `login/FR-1` where several features have one), and files and folders whose requirements are
    /// meant; these are written down as reviewed. Without any, what has changed since its review is listed, and nothing written
    #[arg(value_name = "ID|PATH", conflicts_with = "all")]
    targets: Vec<String>,
    /// All requirements of the current folder; what is no longer there is taken out
    #[arg(long)]
    all: bool,
    /// Tell what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(asked: &Review) -> Result<ExitCode> {
    let (files, names): (Vec<&String>, Vec<&String>) = asked.targets.iter().partition(|it| Path::new(it).exists());
    let mut paths: Vec<PathBuf> = files.into_iter().map(PathBuf::from).collect();
    let whole_folder = !names.is_empty() || paths.is_empty();
    let meant: Vec<FilePath> = paths
        .iter()
        .map(|path| {
            let whole = crate::paths::whole(path).with_context(|| format!("{} cannot be read", path.display()))?;
            crate::paths::decode(&whole).with_context(|| format!("{} is not Unicode", path.display()))
        })
        .collect::<Result<_>>()?;
    if whole_folder {
        // Features that have the same id are known only where all are read.
        paths.push(PathBuf::from("."));
    }
    let workspace = workspace::read_with(&paths, |folder, configs| workspace::whole_lock(folder, configs))?;
    workspace::complain(&workspace);
    let folder =
        workspace.folder.as_deref().context("reviews are kept in one folder, and these are on several drives")?;
    let known = workspace.configs.reviews(folder);
    // A second lock would be in force for nobody who has the whole open.
    if let Some(above) = lock_above(folder).filter(|_| known.is_none()) {
        bail!("{} holds the reviews of this folder too · run it there", above.display());
    }
    let targets = names.iter().map(|name| resolve(&workspace, name)).collect::<Result<Vec<_>>>()?;
    let lock = known.map_or_else(Lock::default, |file| (*file.lock).clone());
    let entries = entries(&workspace, &lock);
    let stale = stale(&workspace.snapshot, &workspace.root, &lock, &|scope| workspace.names(scope));
    let mut out = BufWriter::new(anstream::stdout().lock());
    let writes = asked.all || !asked.targets.is_empty();
    if !writes {
        let suspect = entries.iter().any(|it| it.standing == Standing::Suspect);
        report::list(&mut out, &workspace.snapshot, &entries, &stale, known.is_some())?;
        out.flush()?;
        return Ok(if is_incomplete(&workspace) {
            ExitCode::from(COULD_NOT_RUN)
        } else if suspect {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        });
    }
    if is_incomplete(&workspace) {
        bail!("nothing was written: not everything could be read");
    }
    let is_meant = |entry: &Entry<'_>| {
        let view = entry.requirement.defined.view;
        asked.all
            || meant.iter().any(|folder| view.path.is_within(folder.as_str()))
            || targets.iter().any(|(scope, id)| scope == view.scope && id == entry.requirement.id)
    };
    let reviewed: Vec<&Entry<'_>> = entries.iter().filter(|it| is_meant(it)).collect();
    if reviewed.is_empty() && (!asked.all || known.is_none()) {
        bail!("no requirement is defined there, so nothing was written");
    }
    let mut after = lock.clone();
    let gone: &[(FilePath, Id)] = if asked.all { &stale } else { &[] };
    for (scope, id) in gone {
        after.take(scope_name(scope, &workspace.root), id);
    }
    for entry in &reviewed {
        let Requirement { defined, id, wording } = &entry.requirement;
        after.put(scope_name(defined.view.scope, &workspace.root), id, wording.clone());
    }
    let text = after.encode(known.map_or("\n", |file| newline_of(&file.text)));
    if !asked.dry_run {
        write(&folder.join(NAME), &text)?;
    }
    report::written(&mut out, &workspace.snapshot, &reviewed, gone, &after, asked.dry_run)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The lock of a folder above, within the same repository.
fn lock_above(folder: &Path) -> Option<PathBuf> {
    let inside = folder.ancestors().take_while(|it| !it.join(".git").exists()).filter_map(Path::parent);
    inside.map(|above| above.join(NAME)).find(|lock| lock.exists())
}

fn write(target: &Path, text: &str) -> Result<()> {
    if text.len() as u64 > LARGEST_LOCK {
        bail!("nothing was written: {NAME} would be larger than the {} MB that are read of it", LARGEST_LOCK >> 20);
    }
    write_whole(target, text).with_context(|| format!("{} cannot be written", target.display()))
}

/// Whether something was not read, or is read in another way than the team believes.
fn is_incomplete(workspace: &Workspace) -> bool {
    let misled = workspace.configs.told().any(|it| !it.problems.is_empty());
    misled || !workspace.failed.is_empty() || !workspace.unread.is_empty()
}

/// The requirements of what was read, each with how it stands to its review.
fn entries<'a>(workspace: &'a Workspace, lock: &'a Lock) -> Vec<Entry<'a>> {
    let snapshot = &workspace.snapshot;
    let folders: Vec<&[FilePath]> = workspace.asked.chunk_by(|a, b| a.folder() == b.folder()).collect();
    let of_file = |path: &'a FilePath| {
        let view = snapshot.view(path)?;
        requirements_in(snapshot, &view, || Disk.text(path))
    };
    let all = in_pieces(&folders, FEW, |piece| {
        piece.iter().map(|files| files.iter().filter_map(of_file).flatten().collect::<Vec<_>>()).collect()
    });
    let entry = |requirement: Requirement<'a>| {
        let reviews = lock.of(scope_name(requirement.defined.view.scope, &workspace.root), requirement.id);
        let standing = requirement.standing(reviews);
        Entry { was: reviews.last().map(|it| &it.wording), standing, requirement }
    };
    all.into_iter().flatten().map(entry).collect()
}

/// The requirement that is meant by `name`, among those that are not given up.
fn resolve(workspace: &Workspace, name: &str) -> Result<(FilePath, Id)> {
    let snapshot = &workspace.snapshot;
    let lives = |scope: &FilePath, id: &Id| stating(snapshot, scope, id).is_some();
    let gone = || match requirement_named(snapshot, name, &|_, _| true) {
        Named::One(scope, id) => Some((scope, id)),
        Named::Several(all) => all.into_iter().next(),
        Named::None(_) => None,
    };
    if matches!(requirement_named(snapshot, name, &lives), Named::None(_))
        && let Some((scope, id)) = gone()
    {
        bail!("`{}` is withdrawn, there is nothing to review", full_name_of(snapshot, &scope, &id));
    }
    named::resolve(workspace, name, &lives)
}
