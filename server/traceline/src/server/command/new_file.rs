//! `traceline.newFile`: the edit that makes a plan, a specification, a task list or a whole feature. The editor makes it.

use super::call::{Answer, Arguments, Command};
use crate::disk;
use crate::keeper::Needs;
use crate::lsp::edits::encode_edit;
use crate::paths;
use crate::server::state::{Server, failed, refused};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::Uri;
use traceline_engine::dialect::Role;
use traceline_engine::edit::{Proposal, Refusal};
use traceline_engine::feature::refactoring::new_file::{Wanted, new_files};
use traceline_engine::path::FilePath;
use traceline_engine::world::Snapshot;

pub(super) const COMMAND: Command = Command { name: "traceline.newFile", run };

/// Arguments: `spec`, `plan` or `tasks` and the URI of a folder or of a file in it; or `feature`, its name and, where
/// there are several workspace folders, the URI of one.
fn run(server: &Server, mut arguments: Arguments) -> Result<Answer<'_>> {
    const KINDS: &str = "`spec`, `plan`, `tasks` or `feature`";
    let kind: String = arguments.next(KINDS)?;
    let role = match kind.as_str() {
        "spec" => Some(Role::Spec),
        "plan" => Some(Role::Plan),
        "tasks" => Some(Role::Tasks),
        "feature" => None,
        _ => return Err(Error::invalid_params(format!("`{kind}` is nothing that can be made · known are {KINDS}"))),
    };
    let uris = server.uris();
    let (name, place) = match role {
        Some(_) => (String::new(), Some(arguments.next::<Uri>("the URI of a folder")?)),
        None => (arguments.next("the feature's name")?, arguments.optional("the URI of a workspace folder")?),
    };
    let place = place.map(|uri| uris.decode(&uri));
    let abilities = server.abilities();
    if !abilities.edits.create {
        let message = "this editor cannot make files by an edit · `traceline new` does on the command line";
        return Err(refused(&Refusal(message.into())));
    }
    let answer = server.inbox.ask(Needs::Everything, move |snapshot| {
        let wanted = match (role, place) {
            (Some(role), place) => Wanted::File(role, folder_of(&place.unwrap_or_else(|| FilePath::new("/")))),
            (None, place) => Wanted::Feature(name, root_of(snapshot, place.as_ref())?),
        };
        if let Wanted::File(_, folder) = &wanted
            && !paths::is_absolute(folder)
        {
            return Err(Refusal(format!("`{folder}` is no folder on disk")));
        }
        let created = new_files(snapshot, &wanted)?;
        if let Some(there) = created.iter().find(|file| paths::encode(&file.path).exists()) {
            return Err(Refusal(format!("{} is there already", snapshot.spoken(&there.path))));
        }
        let proposal = Proposal { created, ..Proposal::default() };
        let edit = encode_edit(snapshot, &proposal, &uris, abilities.encoding, abilities.edits);
        Ok(edit.and_then(|edit| serde_json::to_value(edit).ok()))
    });
    Ok(Box::pin(async move { answer.await.map_err(failed)?.map_err(|why| refused(&why)) }))
}

/// The folder, also where a Markdown file in it was named.
fn folder_of(path: &FilePath) -> FilePath {
    if disk::is_markdown(&paths::encode(path)) { path.folder() } else { path.clone() }
}

fn root_of(snapshot: &Snapshot, place: Option<&FilePath>) -> std::result::Result<FilePath, Refusal> {
    let roots = snapshot.layout().roots();
    let root = match place {
        Some(place) => snapshot.layout().root_of(place),
        None => roots.first(),
    };
    root.cloned().ok_or_else(|| Refusal("no workspace folder is open that the feature could be made in".into()))
}
