//! `traceline check --fix`: findings are mended in their files, or the changes printed as a unified diff.

use super::baseline::Baselining;
use super::choose::Chosen;
use super::workspace::{self, Workspace};
use super::write_whole::write_whole;
use super::{empty, since};
use crate::disk::Disk;
use crate::parallel::in_pieces;
use crate::{paths, report};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use traceline_engine::edit::Safety;
use traceline_engine::export::check::Summary;
use traceline_engine::feature::Source;
use traceline_engine::feature::refactoring::fixes::{Mended, MendedFile, findings_of, mend};
use traceline_engine::fingerprint::Fingerprint;
use traceline_engine::path::FilePath;
use traceline_engine::rule::Finding;
use traceline_engine::rule::identity::leave_known;
use traceline_engine::world::Snapshot;

/// Fewer files are looked at by one thread.
const FEW: usize = 16;

/// So many things that do not hold are told.
const MOST_FAULTS: usize = 5;

/// What begins a file that says by it that it is UTF-8.
const MARK: &str = "\u{feff}";

/// What is mended, and whether it is written.
#[derive(Debug, Args)]
pub(super) struct Fixing {
    /// Mend what can be mended without changing what the documents mean, then tell what is left: writes these files
    #[arg(long, conflicts_with_all = ["watch", "stdin", "write_baseline"])]
    fix: bool,
    /// With --fix: mend also what is only likely to be meant
    #[arg(long, requires = "fix")]
    suggested: bool,
    /// With --fix: print what would change as a unified diff, and write nothing. Exit code: 0 nothing would, 1 something would
    #[arg(long, requires = "fix")]
    dry_run: bool,
}

impl Fixing {
    /// Mends, where that is wanted, what `check` would tell of. Returns the exit code where that is all that was asked for.
    pub(super) fn run(
        &self,
        asked: &[PathBuf],
        baseline: &Baselining,
        chosen: &Chosen,
        diff: Option<&str>,
        allow_empty: bool,
    ) -> Result<Option<ExitCode>> {
        if !self.fix {
            return Ok(None);
        }
        let workspace = workspace::read_with(asked, |folder, configs| {
            baseline.read(folder, configs)?;
            workspace::whole_lock(folder, configs)
        })?;
        if workspace.is_incomplete() {
            workspace::complain(&workspace);
            bail!("nothing was mended: not everything could be read as it is meant");
        }
        let mended = self.mended(&workspace, chosen, diff)?;
        let mut out = BufWriter::new(anstream::stderr().lock());
        if self.dry_run {
            workspace::complain(&workspace);
            let empty = if allow_empty { Vec::new() } else { empty::complaints(&workspace) };
            if !empty.is_empty() {
                bail!("{}", empty.join("\n"));
            }
            print_diffs(&workspace, &mended.files)?;
            report::fix::told(&mut out, &workspace.root, &mended, &mended.files, true)?;
            out.flush()?;
            return Ok(Some(if mended.files.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }));
        }
        let (mut written, mut left_alone) = (Vec::new(), Vec::new());
        for file in &mended.files {
            match write(file).with_context(|| format!("{} cannot be written", name(&workspace, &file.path)))? {
                Written::Whole => written.push(file.clone()),
                Written::Not(why) => left_alone.push((&file.path, why)),
            }
        }
        for (path, why) in left_alone {
            writeln!(out, "traceline: {} {why} and was left alone", name(&workspace, path))?;
        }
        report::fix::told(&mut out, &workspace.root, &mended, &written, false)?;
        out.flush()?;
        Ok(None)
    }

    /// What can be mended of what is told, held against a reading of everything as it would be.
    fn mended(&self, workspace: &Workspace, chosen: &Chosen, diff: Option<&str>) -> Result<Mended> {
        let safety = if self.suggested { Safety::Suggested } else { Safety::Safe };
        let untold = untold(workspace, diff)?;
        let is_told = |finding: &Finding| !finding.identities.iter().all(|it| untold.contains(&it.fingerprint));
        let is_wanted = |_: &FilePath, finding: &Finding| {
            finding.is_mended(safety) && chosen.names(finding.rule.name) && is_told(finding)
        };
        let check = |snapshot: &Snapshot, paths: &[FilePath], source: &(dyn Source + Sync)| {
            found(workspace, snapshot, paths, source)
        };
        let mended = mend(&workspace.snapshot, &Disk, &workspace.asked, &is_wanted, &check);
        if mended.files.is_empty() {
            return Ok(mended);
        }
        let texts = mended.files.iter().map(|file| (&file.path, file.after.as_str())).collect();
        let fresh = workspace.read_anew(&texts);
        let faults = mended.faults(&workspace.snapshot, &fresh, &Disk, &check);
        if !faults.is_empty() {
            let told = faults[..faults.len().min(MOST_FAULTS)].join("\n  ");
            bail!("nothing was mended, since what comes of it was not all there before:\n  {told}");
        }
        Ok(mended)
    }
}

fn name<'p>(workspace: &Workspace, path: &'p FilePath) -> &'p str {
    path.relative_to(workspace.root.as_str())
}

/// The findings of files, on all cores, by the names that reports have for them.
fn found(
    workspace: &Workspace,
    snapshot: &Snapshot,
    paths: &[FilePath],
    source: &(dyn Source + Sync),
) -> Vec<Vec<Finding>> {
    in_pieces(paths, FEW, |piece| {
        piece.iter().map(|path| findings_of(snapshot, path, name(workspace, path), source)).collect()
    })
}

fn prints(findings: &[Finding]) -> impl Iterator<Item = Fingerprint> {
    findings.iter().flat_map(|it| &it.identities).map(|it| it.fingerprint)
}

/// What `check` finds and does not tell: what the baseline holds, and with `--diff` what was there before.
fn untold(workspace: &Workspace, diff: Option<&str>) -> Result<BTreeSet<Fingerprint>> {
    let snapshot = &workspace.snapshot;
    let mut out = BTreeSet::new();
    if diff.is_none() && !workspace.asked.iter().any(|path| snapshot.baseline_of(path).is_some()) {
        return Ok(out);
    }
    let mut summary = Summary::default();
    let mut left = Vec::new();
    for (path, mut findings) in workspace.asked.iter().zip(found(workspace, snapshot, &workspace.asked, &Disk)) {
        // The baseline may name files from another folder.
        let known = leave_known(snapshot, path, &mut findings.clone(), || Disk.text(path));
        let held = |finding: &mut Finding| known.iter().any(|it| it.rule == finding.rule && it.span == finding.span);
        out.extend(prints(&findings.extract_if(.., held).collect::<Vec<_>>()));
        if let Some(view) = snapshot.view(path) {
            summary.count(&view, &findings);
            left.push((path.clone(), findings));
        }
    }
    let Some(revision) = diff else { return Ok(out) };
    let before: BTreeSet<Fingerprint> = left.iter().flat_map(|(_, findings)| prints(findings)).collect();
    since::leave_old(workspace, revision, &mut left, &mut summary)?;
    let new: BTreeSet<Fingerprint> = left.iter().flat_map(|(_, findings)| prints(findings)).collect();
    out.extend(before.difference(&new));
    Ok(out)
}

/// What became of a file.
pub(super) enum Written {
    /// It is written.
    Whole,
    /// It is not, for this reason.
    Not(&'static str),
}

/// Prints what would change as a unified diff.
pub(super) fn print_diffs(workspace: &Workspace, files: &[MendedFile]) -> Result<()> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    for file in files {
        let mark = if has_mark(file) { MARK } else { "" };
        report::fix::diff(&mut out, name(workspace, &file.path), mark, file)?;
    }
    Ok(out.flush()?)
}

fn has_mark(file: &MendedFile) -> bool {
    fs::read(paths::encode(&file.path)).is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()))
}

/// Writes the file if it still says what it did.
pub(super) fn write(file: &MendedFile) -> Result<Written> {
    let mark = match as_read(file)? {
        Ok(mark) => mark,
        Err(why) => return Ok(Written::Not(why)),
    };
    write_whole(&paths::encode(&file.path), &format!("{mark}{}", file.after))?;
    Ok(Written::Whole)
}

/// What begins the file beside its text, if it still says what it did and may be written; otherwise why not.
pub(super) fn as_read(file: &MendedFile) -> Result<std::result::Result<&'static str, &'static str>> {
    let target = paths::encode(&file.path);
    let bytes = fs::read(&target)?;
    let (mark, said) = match bytes.strip_prefix(MARK.as_bytes()) {
        Some(said) => (MARK, said),
        None => ("", &bytes[..]),
    };
    if said != file.before.as_bytes() {
        return Ok(Err("has changed since it was read"));
    }
    Ok(if fs::metadata(&target)?.permissions().readonly() { Err("is not to be written") } else { Ok(mark) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &std::path::Path, before: &str, after: &str) -> MendedFile {
        let path = paths::decode(&paths::whole(path).unwrap()).unwrap();
        MendedFile { path, before: before.into(), after: after.into(), mended: std::collections::BTreeMap::new() }
    }

    #[test]
    fn a_file_that_says_something_else_by_now_is_left_alone() {
        let folder = std::env::temp_dir().join(format!("traceline-fix-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("spec.md");
        fs::write(&path, "\u{feff}one\r\n").unwrap();
        assert!(matches!(write(&file(&path, "two\r\n", "three\r\n")).unwrap(), Written::Not(_)));
        assert_eq!(fs::read(&path).unwrap(), "\u{feff}one\r\n".as_bytes());
        assert!(matches!(write(&file(&path, "one\r\n", "two\r\n")).unwrap(), Written::Whole));
        assert_eq!(fs::read(&path).unwrap(), "\u{feff}two\r\n".as_bytes());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing else is left there");
        fs::remove_dir_all(&folder).unwrap();
    }
}
