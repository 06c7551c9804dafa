//! The findings of each file that is asked for, and what they come to. They are kept, so that files in which nothing can have
//! changed need not be checked again.

use super::choose::Chosen;
use super::progress::Progress;
use crate::disk::Disk;
use crate::fault;
use crate::parallel::cores;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use traceline_engine::export::check::Summary;
use traceline_engine::feature::Source;
use traceline_engine::path::FilePath;
use traceline_engine::rule::{self, Finding};
use traceline_engine::world::Snapshot;

/// What is checked, and for what.
pub(super) struct Checking<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// The root that files are named from, where findings need identities.
    pub(super) names: Option<&'a FilePath>,
    /// Whether each finding gets the fix that needs its file's text; else whoever reads that anyway gives it.
    pub(super) completes: bool,
    pub(super) chosen: &'a Chosen,
    pub(super) progress: &'a Progress,
}

/// The findings of each file that was checked.
#[derive(Default)]
pub(super) struct Findings {
    files: BTreeMap<FilePath, (Vec<Finding>, Summary)>,
}

impl Findings {
    /// Checks `paths`, of which files that are not there any more have none.
    pub(super) fn check(&mut self, checking: &Checking<'_>, paths: &[FilePath]) {
        let Checking { snapshot, names, completes, chosen, progress } = *checking;
        // Files of one folder share an index, so a thread takes whole folders.
        let folders: Vec<&[FilePath]> = paths.chunk_by(|a, b| a.folder() == b.folder()).collect();
        let next = AtomicUsize::new(0);
        progress.begin("checking", paths.len());
        let work = || {
            let mut checked = Vec::new();
            // The scope of the file before, whose index the next one mostly needs as well.
            let mut visit: Option<(FilePath, Snapshot)> = None;
            while let Some(folder) = folders.get(next.fetch_add(1, Ordering::Relaxed)) {
                for path in *folder {
                    progress.advance();
                    let Some(view) = snapshot.view(path) else { continue };
                    fault::slow_at("check");
                    if visit.as_ref().is_none_or(|(scope, _)| scope != view.scope) {
                        visit = Some((view.scope.clone(), visiting(snapshot, view.scope)));
                    }
                    let Some((_, snapshot)) = &visit else { continue };
                    let mut findings = rule::check_text(snapshot, path, &|| Disk.text(path));
                    chosen.leave_out(&mut findings);
                    if let Some(root) = names {
                        let name = path.relative_to(root.as_str());
                        rule::identity::identify(snapshot, path, name, &mut findings, || Disk.text(path));
                    }
                    if completes {
                        rule::complete(snapshot, path, &mut findings, || Disk.text(path));
                    }
                    let mut summary = Summary::default();
                    summary.count(&view, &findings);
                    checked.push((path.clone(), (findings, summary)));
                }
            }
            checked
        };
        let threads = cores().min(folders.len().max(1));
        let parts: Vec<_> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let own = work();
            std::iter::once(own).chain(others.into_iter().filter_map(|thread| thread.join().ok())).collect()
        });
        paths.iter().for_each(|path| drop(self.files.remove(path)));
        self.files.extend(parts.into_iter().flatten());
    }

    /// Forgets the files that `is_asked` does not want any more.
    pub(super) fn keep(&mut self, is_asked: impl Fn(&FilePath) -> bool) {
        self.files.retain(|path, _| is_asked(path));
    }

    /// The files whose findings point into one that `moved` accepts.
    pub(super) fn pointing_into(&self, moved: impl Fn(&FilePath) -> bool) -> impl Iterator<Item = &FilePath> {
        let points = move |(findings, _): &(Vec<Finding>, Summary)| {
            findings.iter().flat_map(|finding| &finding.related).any(|(place, _)| moved(&place.path))
        };
        self.files.iter().filter(move |(_, file)| points(file)).map(|(path, _)| path)
    }

    /// The files in which the rule called `rule` has found something.
    pub(super) fn telling<'a>(&'a self, rule: &'a str) -> impl Iterator<Item = &'a FilePath> {
        let tells = move |(findings, _): &(Vec<Finding>, Summary)| findings.iter().any(|it| it.rule.name == rule);
        self.files.iter().filter(move |(_, file)| tells(file)).map(|(path, _)| path)
    }

    /// What was found, in the order of files, those without any left out, and what it comes to.
    pub(super) fn all(&self) -> (Vec<(FilePath, Vec<Finding>)>, Summary) {
        let found = self.files.iter().filter(|(_, (findings, _))| !findings.is_empty());
        (found.map(|(path, (findings, _))| (path.clone(), findings.clone())).collect(), self.summary())
    }

    /// The same where they are not needed any more.
    pub(super) fn into_all(self) -> (Vec<(FilePath, Vec<Finding>)>, Summary) {
        let summary = self.summary();
        let found = self.files.into_iter().filter(|(_, (findings, _))| !findings.is_empty());
        (found.map(|(path, (findings, _))| (path, findings)).collect(), summary)
    }

    fn summary(&self) -> Summary {
        self.files.values().fold(Summary::default(), |sum, (_, own)| sum.plus(*own))
    }
}

/// The snapshot for whoever checks files of `scope` one after the other: what is made for a few files is not kept, what is made
/// for many is, since they may be checked on several threads and with others between.
fn visiting(snapshot: &Snapshot, scope: &FilePath) -> Snapshot {
    const FEW: usize = 64;
    if snapshot.scope(scope).is_some_and(|scope| scope.files().nth(FEW).is_some()) {
        let _ = snapshot.index(scope);
        return snapshot.clone();
    }
    snapshot.for_visit(scope)
}
