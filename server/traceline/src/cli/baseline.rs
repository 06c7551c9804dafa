//! The baseline of `traceline check`: read, held against what was found, and written anew.

use super::choose::Chosen;
use super::workspace::{self, Workspace};
use super::write_whole::write_whole;
use crate::config::{BASELINE, BaselineFile, Configs, Told, encode_baseline};
use crate::paths;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use traceline_engine::baseline::{self, Baseline, Entry};
use traceline_engine::export::check::Summary;
use traceline_engine::path::FilePath;
use traceline_engine::rule::Finding;
use traceline_engine::rule::identity::take_known;

/// So many characters of what a finding is about stand in the file.
const MOST_WORDS: usize = 80;

/// What is asked of the baseline.
#[derive(Debug, Args)]
pub(super) struct Baselining {
    /// Leave out what this file holds, instead of `traceline-baseline.json` at the top of the workspace
    #[arg(long = "baseline", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Write the baseline: all findings where there is none yet, else the known ones that are left; never new ones
    #[arg(long, conflicts_with_all = ["select", "ignore"])]
    write_baseline: bool,
    /// With --write-baseline: take new findings into a baseline that is there
    #[arg(long, requires = "write_baseline")]
    accept_new: bool,
}

impl Baselining {
    /// Puts the baseline that was named in force, and sees whether the one in force can be read.
    pub(super) fn read(&self, folder: Option<&Path>, configs: &mut Configs) -> Result<()> {
        if self.file.is_none() && !self.write_baseline {
            // One of the configuration's: it is told of with the rest, and nothing else is then.
            return folder.and_then(|folder| configs.baseline(folder)).map_or(Ok(()), |file| whole(file, folder));
        }
        let folder = folder
            .context("a baseline has one folder that its files are named from, and these are on several drives")?;
        if let Some(named) = &self.file {
            if named.symlink_metadata().is_ok() {
                configs.put_baseline(folder, BaselineFile::read(named));
            } else if self.write_baseline {
                // What lies at the top is another baseline.
                configs.drop_baseline(folder);
            } else {
                bail!("{} cannot be read: there is no such file", named.display());
            }
        }
        configs.baseline(folder).map_or(Ok(()), |file| whole(file, Some(folder)))
    }

    /// Whether findings have to be held against a baseline.
    pub(super) fn is_wanted(&self, workspace: &Workspace) -> bool {
        self.write_baseline || known(workspace).is_some()
    }

    /// Leaves out of `found`, which have identities, what the baseline holds, written anew where that is wanted; tells what
    /// of it is stale.
    pub(super) fn apply(
        &self,
        workspace: &Workspace,
        chosen: &Chosen,
        found: &mut Vec<(FilePath, Vec<Finding>)>,
        summary: &mut Summary,
        incomplete: bool,
    ) -> Result<()> {
        if self.write_baseline {
            if incomplete {
                bail!("the baseline was not written: not everything could be checked");
            }
            let file = self.write(workspace, found)?;
            leave_out(workspace, &Baseline::of(&file), found, summary);
            return Ok(());
        }
        let Some(file) = known(workspace) else { return Ok(()) };
        let now = entries(workspace, found);
        // What rules that nobody asked for would have found may still be there.
        let stale = stale(workspace, &file.file.findings, &now).filter(|entry| chosen.names(&entry.rule)).count();
        leave_out(workspace, &file.baseline, found, summary);
        if stale > 0 {
            let (are, what) = if stale == 1 { ("is", "1 entry") } else { ("are", &*format!("{stale} entries")) };
            anstream::eprintln!(
                "traceline: {}: {what} {are} stale, the findings are gone · --write-baseline takes them out",
                paths::spoken(self.file.as_deref().unwrap_or(Path::new(BASELINE)))
            );
        }
        Ok(())
    }

    fn write(&self, workspace: &Workspace, found: &[(FilePath, Vec<Finding>)]) -> Result<baseline::File> {
        let folder = workspace.folder.as_deref().context("a baseline needs one folder")?;
        let target = self.file.clone().unwrap_or_else(|| folder.join(BASELINE));
        let now = entries(workspace, found);
        let before = known(workspace).map(|file| &file.file.findings);
        let mut findings = now.clone();
        let mut new = 0;
        if let Some(before) = before {
            let prints: BTreeSet<_> = before.iter().map(|entry| entry.fingerprint).collect();
            let is_known = |entry: &Entry| prints.contains(&entry.fingerprint);
            new = now.iter().filter(|entry| !is_known(entry)).count();
            if !self.accept_new {
                findings.retain(is_known);
            }
            // What was not looked at may still be there.
            let gone: BTreeSet<&Entry> = stale(workspace, before, &now).collect();
            let left = before.iter().filter(|entry| !gone.contains(entry));
            let found: BTreeSet<_> = findings.iter().map(|entry| entry.fingerprint).collect();
            findings.extend(left.filter(|entry| !found.contains(&entry.fingerprint)).cloned());
        }
        let file = baseline::File { schema: None, version: baseline::VERSION, findings };
        write_whole(&target, &encode_baseline(&file))
            .with_context(|| format!("{} cannot be written", target.display()))?;
        let name = paths::spoken(self.file.as_deref().unwrap_or(Path::new(BASELINE)));
        let count = file.findings.len();
        let mut words = format!("{name} holds {count} {}", if count == 1 { "finding" } else { "findings" });
        if let Some(before) = before {
            words += &format!(", before it was {}", before.len());
        }
        if new > 0 {
            words += &match self.accept_new {
                true => format!("; {new} of them are new"),
                false => format!("; {new} new ones were not taken in · --accept-new takes them in"),
            };
        }
        anstream::eprintln!("traceline: {words}");
        Ok(file)
    }
}

/// The baseline in force.
fn known(workspace: &Workspace) -> Option<&BaselineFile> {
    workspace.folder.as_deref().and_then(|folder| workspace.configs.baseline(folder))
}

/// The file, if it can be read.
fn whole(file: &BaselineFile, folder: Option<&Path>) -> Result<()> {
    workspace::whole(&Told { path: &file.path, text: &file.text, problems: &file.problems }, folder)
}

/// All that was found, as a baseline holds it.
fn entries(workspace: &Workspace, found: &[(FilePath, Vec<Finding>)]) -> BTreeSet<Entry> {
    let mut out = BTreeSet::new();
    for (path, findings) in found {
        let name = path.relative_to(workspace.root.as_str());
        for finding in findings {
            out.extend(finding.identities.iter().map(|identity| Entry {
                path: name.to_string(),
                rule: finding.rule.name.to_string(),
                about: identity.about.chars().take(MOST_WORDS).collect(),
                fingerprint: identity.fingerprint,
            }));
        }
    }
    out
}

/// What of `before` is not found any more, though its file was looked at or is gone from a folder that was.
fn stale<'e>(
    workspace: &'e Workspace,
    before: &'e BTreeSet<Entry>,
    now: &'e BTreeSet<Entry>,
) -> impl Iterator<Item = &'e Entry> {
    let reached = |name: &str| {
        let path = FilePath::new(&format!("{}/{name}", workspace.root.as_str().trim_end_matches('/')));
        if workspace.asked.binary_search(&path).is_ok() {
            return workspace.snapshot.view(&path).is_some();
        }
        workspace.names(&path)
    };
    let fingerprints: BTreeSet<_> = now.iter().map(|entry| entry.fingerprint).collect();
    before.iter().filter(move |entry| !fingerprints.contains(&entry.fingerprint) && reached(&entry.path))
}

fn leave_out(
    workspace: &Workspace,
    baseline: &Baseline,
    found: &mut Vec<(FilePath, Vec<Finding>)>,
    summary: &mut Summary,
) {
    for (path, findings) in &mut *found {
        let known = take_known(baseline, path.relative_to(workspace.root.as_str()), findings);
        summary.leave_out(&known);
    }
    found.retain(|(_, findings)| !findings.is_empty());
}
