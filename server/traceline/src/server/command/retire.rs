//! `traceline.retire`: gives a requirement up, for a reason and for what takes its place. An editor that can ask its user is first
//! told what to ask.

use super::call::{Answer, Arguments, Command};
use crate::disk::Disk;
use crate::keeper::Needs;
use crate::lsp::client_capabilities::RETIRE;
use crate::lsp::convert::decode_offset;
use crate::lsp::edits::encode_edit;
use crate::server::state::{Server, failed, refused};
use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{LSPAny, Position, Uri, WorkspaceEdit};
use traceline_engine::edit::Refusal;
use traceline_engine::feature::refactoring::retire::{Retirement, retire, successors};
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::{Lookup, symbols_at};
use traceline_engine::text::Encoding;
use traceline_engine::world::Snapshot;

pub(super) const COMMAND: Command = Command { name: RETIRE, run };

/// More are not offered to be chosen from.
const MOST_CHOICES: usize = 1000;

/// The requirement: by its id, or by where it is named.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Which {
    Id(String),
    At(Position),
}

/// What the user says of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    reason: String,
    successor: Successors,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Successors {
    One(String),
    All(Vec<String>),
}

impl Default for Successors {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// What is to be asked, one after the other. The answers are an object: under the name of each question what was typed, or the
/// value of what was chosen.
#[derive(Debug, Serialize)]
struct Questions {
    questions: [Question; 2],
}

#[derive(Debug, Serialize)]
struct Question {
    name: &'static str,
    title: String,
    prompt: &'static str,
    /// None where a line of text is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<Choice>>,
}

#[derive(Debug, Serialize)]
struct Choice {
    label: String,
    description: String,
    value: String,
}

enum Outcome {
    Ask(Option<LSPAny>),
    Edit(Option<WorkspaceEdit>),
}

/// Arguments: the URI of an open document of its feature, its id or a position where that stands, and perhaps what is said of it.
fn run(server: &Server, mut arguments: Arguments) -> Result<Answer<'_>> {
    let uri: Uri = arguments.next("the URI of a document")?;
    let which: Which = arguments.next("an id, or a position in the document")?;
    let said: Option<Said> = arguments.optional("`reason` and `successor`, or nothing")?;
    let (abilities, uris) = (server.abilities(), server.uris());
    let path = uris.decode(&uri);
    let answer = server.inbox.ask(Needs::Feature(path.clone()), move |snapshot| {
        let (scope, id) = meant(snapshot, &path, &which, abilities.encoding)?;
        if said.is_none() && abilities.commands.asks {
            return Ok(Outcome::Ask(serde_json::to_value(questions(snapshot, &scope, &id)).ok()));
        }
        let said = said.clone().unwrap_or_default();
        let names = match said.successor {
            Successors::One(name) => vec![name],
            Successors::All(names) => names,
        };
        let by: Vec<Id> = names.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).map(Id::new).collect();
        let what = Retirement { scope: &scope, id: &id, reason: &said.reason, successors: &by };
        let proposal = retire(snapshot, &Disk, &what)?;
        Ok(Outcome::Edit(encode_edit(snapshot, &proposal, &uris, abilities.encoding, abilities.edits)))
    });
    Ok(Box::pin(async move {
        match answer.await.map_err(failed)?.map_err(|why| refused(&why))? {
            Outcome::Ask(questions) => Ok(questions),
            Outcome::Edit(Some(edit)) if abilities.actions.applies => {
                let done = server.client.apply_edit(edit).await?;
                if done.applied {
                    return Ok(None);
                }
                let why = done.failure_reason.map_or_else(String::new, |why| format!(": {why}"));
                Err(refused(&Refusal(format!("the editor did not make the edit{why}"))))
            }
            Outcome::Edit(edit) => Ok(edit.and_then(|edit| serde_json::to_value(edit).ok())),
        }
    }))
}

/// The requirement that is meant, and the scope that defines it.
fn meant(
    snapshot: &Snapshot,
    path: &FilePath,
    which: &Which,
    encoding: Encoding,
) -> std::result::Result<(FilePath, Id), Refusal> {
    let Some(view) = snapshot.view(path) else {
        return Err(Refusal(format!("{} is no plan document", snapshot.display_path(path))));
    };
    let found = match which {
        Which::Id(id) => {
            let known = |(scope, id): (&FilePath, &Id)| (scope.clone(), id.clone());
            Lookup::of(snapshot, view.scope).resolve(&Id::new(id.trim())).map(known)
        }
        Which::At(position) => decode_offset(snapshot, path, *position, encoding).and_then(|offset| {
            let symbol = symbols_at(snapshot, &view, offset).into_iter().next()?;
            Some((symbol.scope?, symbol.id))
        }),
    };
    found.ok_or_else(|| match which {
        Which::Id(id) => Refusal(format!("`{id}` is not defined in {}", snapshot.display_path(view.scope))),
        Which::At(_) => Refusal("no requirement is named here".into()),
    })
}

fn questions(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Questions {
    let title = format!("Give `{id}` up");
    let none = Choice { label: "Nothing takes its place".into(), description: String::new(), value: String::new() };
    let all = successors(snapshot, scope, id).into_iter().take(MOST_CHOICES);
    let choices = all.map(|(id, title)| Choice { label: id.to_string(), description: title, value: id.to_string() });
    let reason = "Why, in a line that stands beside it";
    let successor = "What takes its place";
    Questions {
        questions: [
            Question { name: "reason", title: title.clone(), prompt: reason, choices: None },
            Question {
                name: "successor",
                title,
                prompt: successor,
                choices: Some(std::iter::once(none).chain(choices).collect()),
            },
        ],
    }
}
