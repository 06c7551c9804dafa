//! `traceline.check`: the report of `traceline check` over the workspace as it is in the editor, unsaved edits included.

use super::call::{Answer, Arguments, Command};
use crate::disk::Disk;
use crate::fault;
use crate::keeper::{Cancellation, Needs};
use crate::lsp::progress::{Progress, Reporter};
use crate::paths;
use crate::server::state::{Server, failed, refused};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::Uri;
use traceline_engine::edit::Refusal;
use traceline_engine::export::check::{Report, Summary, entries};
use traceline_engine::feature::Source;
use traceline_engine::path::FilePath;
use traceline_engine::rule;
use traceline_engine::rule::identity::leave_known;
use traceline_engine::world::Snapshot;

pub(super) const COMMAND: Command = Command { name: "traceline.check", run };

/// Argument: the URI of a file or folder that alone is to be checked, or nothing.
fn run(server: &Server, mut arguments: Arguments) -> Result<Answer<'_>> {
    let only = arguments.optional::<Uri>("the URI of a file or folder, or nothing")?;
    let only = only.map(|uri| server.editor.uris.decode(&uri));
    let progress = Progress::begin(&server.editor.outbox, arguments.progress, "Checking plan documents");
    let reporter = progress.reporter();
    let answer = server.inbox.ask_long(Needs::Everything, move |snapshot, cancellation| {
        // A report without findings would say that all is well there.
        if let Some(only) = &only
            && !snapshot.files().any(|path| path.is_within(only.as_str()))
            && !paths::encode(only).exists()
        {
            return Err(Refusal(format!("{} is not there, so it was not checked", snapshot.display_path(only))));
        }
        let report = report(snapshot, only.as_ref(), cancellation, &reporter);
        Ok(report.and_then(|report| serde_json::to_value(report).ok()))
    });
    Ok(Box::pin(async move {
        let answer = answer.await.map_err(failed);
        drop(progress);
        answer?.map_err(|why| refused(&why))
    }))
}

/// The findings of what is in `only`, or of everything; none when nobody waits for them any more. The root is the
/// innermost folder that holds every workspace folder.
fn report(
    snapshot: &Snapshot,
    only: Option<&FilePath>,
    cancellation: &Cancellation<'_>,
    progress: &Reporter,
) -> Option<Report> {
    let root = common(snapshot.layout().roots());
    let mut report = Report { version: 1, root: root.to_string(), summary: Summary::default(), findings: Vec::new() };
    let wanted = |path: &&FilePath| only.is_none_or(|only| path.is_within(only.as_str()));
    let all = snapshot.files().filter(wanted).count();
    for (done, path) in snapshot.files().filter(wanted).enumerate() {
        if cancellation.is_cancelled() {
            return None;
        }
        progress.files(done, all);
        fault::slow_at("command");
        let Some(view) = snapshot.view(path) else {
            report.summary.unread += 1;
            continue;
        };
        let mut findings = rule::check_text(snapshot, path, &|| Disk.text(path));
        report.summary.baseline += leave_known(snapshot, path, &mut findings, || Disk.text(path)).len();
        rule::complete(snapshot, path, &mut findings, || Disk.text(path));
        report.summary.count(&view, &findings);
        report.findings.extend(entries(snapshot, &root, path, &findings));
    }
    Some(report)
}

fn common(folders: &[FilePath]) -> FilePath {
    let Some((first, others)) = folders.split_first() else { return FilePath::new("") };
    let holds = |folder: &str| others.iter().all(|other| other.is_within(folder));
    std::iter::once(first.as_str())
        .chain(first.ancestors())
        .find(|folder| holds(folder))
        .map_or_else(|| FilePath::new(""), FilePath::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_every_folder() {
        let root = |folders: &[&str]| {
            let folders: Vec<FilePath> = folders.iter().map(|folder| FilePath::new(folder)).collect();
            common(&folders).to_string()
        };
        assert_eq!(root(&["/w/a"]), "/w/a");
        assert_eq!(root(&["/w/a", "/w/ab"]), "/w");
        assert_eq!(root(&["/w/a/b", "/w/a"]), "/w/a");
        assert_eq!(root(&["/v", "/w"]), "/");
        assert_eq!(root(&[]), "");
    }
}
