//! Code actions, and the edits of those that are taken.

use crate::disk::Disk;
use crate::keeper::Needs;
use crate::lsp::client_capabilities::{Abilities, RETIRE, SHOW_REFERENCES};
use crate::lsp::convert::{decode_range, encode_span};
use crate::lsp::edits::encode_edit;
use crate::lsp::uri_map::UriMap;
use crate::server::state::{Server, failed, refused};
use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::{Error, Result};
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::edit::Refusal;
use traceline_engine::feature::refactoring::code_action::{Deed, Offer, Place, actions, perform};
use traceline_engine::path::FilePath;
use traceline_engine::query::definitions_of;
use traceline_engine::rule::Finding;
use traceline_engine::text::{Span, offset_in};
use traceline_engine::world::{Snapshot, View};

/// The command by which a client that knows no code actions has one done.
pub(crate) const APPLY: &str = "traceline.apply";

/// What an action remembers until it is taken: where it was offered, and which it is.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Taken {
    uri: Uri,
    version: i32,
    range: Range,
    kind: CodeActionKind,
    title: String,
}

/// What a taken action comes to.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) edit: Option<WorkspaceEdit>,
    /// What is done once the edit is made.
    pub(crate) then: Option<Command>,
}

/// Why a taken action gives no edit.
pub(crate) enum Failure {
    /// The document has changed since the action was offered.
    Stale,
    Refused(Refusal),
}

impl Failure {
    pub(crate) fn error(&self) -> Error {
        match self {
            Self::Stale => Error::content_modified(),
            Self::Refused(why) => refused(why),
        }
    }
}

impl Server {
    pub(crate) async fn answer_code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let (abilities, uris) = (self.abilities(), self.uris());
        let CodeActionParams { text_document: TextDocumentIdentifier { uri }, range, context, .. } = params;
        let path = self.editor.uris.decode(&uri);
        let answer = self.inbox.ask(Needs::Feature(path.clone()), move |snapshot| {
            let view = snapshot.view(&path)?;
            let document = view.document()?;
            let place = Place { snapshot, source: &Disk, path: &path, span: decode_span(&view, range, abilities)? };
            let only: Option<Vec<&str>> =
                context.only.as_ref().map(|only| only.iter().map(CodeActionKind::as_str).collect());
            let automatic = context.trigger_kind == Some(CodeActionTriggerKind::AUTOMATIC);
            let encode = |offer: Offer| {
                let taken = Taken {
                    uri: uri.clone(),
                    version: document.version(),
                    range,
                    kind: offer.kind.name().into(),
                    title: offer.title.clone(),
                };
                encode_offer(place, &view, offer, taken, &context.diagnostics, &uris, abilities)
            };
            let mut found: Vec<_> = actions(place, only.as_deref(), automatic).into_iter().filter_map(encode).collect();
            // Kate asks for the whole document, names the finding under the cursor, and takes what is alone at once.
            let whole = place.span.start == 0 && place.span.end as usize >= document.rope().len_bytes();
            if whole && only.is_none() && context.diagnostics.len() == 1 && found.iter().any(mends_named) {
                found.retain(mends_named);
            }
            (!found.is_empty()).then_some(found)
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_code_action_resolve(&self, mut action: CodeAction) -> Result<CodeAction> {
        let data = action.data.clone().and_then(|data| serde_json::from_value::<Taken>(data).ok());
        if let Some(taken) = data.filter(|_| action.edit.is_none()) {
            let done = self.do_taken(taken).await.map_err(failed)?.map_err(|failure| failure.error())?;
            action.edit = done.edit;
            action.command = done.then;
        }
        Ok(action)
    }

    /// What comes of an action that was offered before.
    pub(crate) fn do_taken(&self, taken: Taken) -> tokio::sync::oneshot::Receiver<std::result::Result<Done, Failure>> {
        let (abilities, uris) = (self.abilities(), self.uris());
        let path = self.editor.uris.decode(&taken.uri);
        self.inbox.ask(Needs::Feature(path.clone()), move |snapshot| {
            let version = snapshot.document(&path).map(|document| document.version());
            if version != Some(taken.version) {
                return Err(Failure::Stale);
            }
            again(snapshot, &path, &taken, &uris, abilities).map_err(Failure::Refused)
        })
    }
}

fn again(
    snapshot: &Snapshot,
    path: &FilePath,
    taken: &Taken,
    uris: &UriMap,
    abilities: Abilities,
) -> std::result::Result<Done, Refusal> {
    let Some(view) = snapshot.view(path) else { return Ok(Done::default()) };
    let Some(span) = decode_span(&view, taken.range, abilities) else { return Ok(Done::default()) };
    let place = Place { snapshot, source: &Disk, path, span };
    let offers = actions(place, Some(&[taken.kind.as_str()]), false);
    let Some(offer) = offers.into_iter().find(|offer| offer.title == taken.title) else {
        return Err(Refusal(format!("*{}* cannot be done here any more", taken.title)));
    };
    let proposal = perform(place, &offer.deed)?;
    let edit = encode_edit(snapshot, &proposal, uris, abilities.encoding, abilities.edits);
    Ok(Done { edit, then: after(snapshot, &view, &taken.uri, &offer.deed, abilities) })
}

/// What is done once the edit is made: whoever named a requirement that is split is listed, to be thinned out.
fn after(snapshot: &Snapshot, view: &View<'_>, uri: &Uri, deed: &Deed, abilities: Abilities) -> Option<Command> {
    let Deed::Split(id, _) = deed else { return None };
    let defined = definitions_of(snapshot, view.scope, id).into_iter().find(|it| it.view.path == view.path)?;
    let at = encode_span(view, defined.place().span, abilities.encoding).start;
    let arguments =
        [serde_json::to_value(uri), serde_json::to_value(at)].into_iter().collect::<serde_json::Result<_>>();
    let title = format!("Show what names `{id}`");
    Some(Command { title, command: SHOW_REFERENCES.into(), arguments: arguments.ok() })
}

/// The command that asks the user about the action before it does it, where the client can ask.
fn asking(offer: &Offer, uri: &Uri, abilities: Abilities) -> Option<Command> {
    let Deed::Retire(id) = &offer.deed else { return None };
    let arguments = Some(vec![serde_json::to_value(uri).ok()?, id.as_str().into()]);
    abilities
        .commands
        .asks
        .then(|| Command { title: format!("{} …", offer.title), command: RETIRE.into(), arguments })
}

/// Whether it mends a finding that the client named.
fn mends_named(action: &CodeActionOrCommand) -> bool {
    matches!(action, CodeActionOrCommand::CodeAction(action) if action.diagnostics.is_some())
}

fn decode_span(view: &View<'_>, range: Range, abilities: Abilities) -> Option<Span> {
    let rope = view.document()?.rope();
    let range = decode_range(range);
    let at = |position| offset_in(rope, position, abilities.encoding);
    let (start, end) = (at(range.start), at(range.end));
    Some(Span { start: start.min(end), end: start.max(end) })
}

fn encode_offer(
    place: Place<'_>,
    view: &View<'_>,
    offer: Offer,
    taken: Taken,
    diagnostics: &[Diagnostic],
    uris: &UriMap,
    abilities: Abilities,
) -> Option<CodeActionOrCommand> {
    let able = abilities.actions;
    if offer.disabled.is_some() && !able.disabled {
        return None;
    }
    if let Some(command) = asking(&offer, &taken.uri, abilities) {
        if !able.literals {
            return able.applies.then_some(CodeActionOrCommand::Command(command));
        }
        let (title, kind) = (command.title.clone(), Some(taken.kind));
        let action = CodeAction { title, kind, command: Some(command), ..Default::default() };
        return Some(CodeActionOrCommand::CodeAction(action));
    }
    let data = serde_json::to_value(&taken).ok();
    if !able.literals {
        let command = Command { title: offer.title, command: APPLY.into(), arguments: Some(vec![data?]) };
        return able.applies.then_some(CodeActionOrCommand::Command(command));
    }
    let mut disabled = offer.disabled;
    // What costs little is made at once: it spares the editor a question.
    let later = able.resolves && !matches!(offer.deed, Deed::Fix(_) | Deed::Toggle);
    let mut edit = None;
    if disabled.is_none() && !later {
        match perform(place, &offer.deed) {
            Ok(proposal) => {
                edit = Some(encode_edit(place.snapshot, &proposal, uris, abilities.encoding, abilities.edits)?);
            }
            Err(why) if able.disabled => disabled = Some(why),
            Err(_) => return None,
        }
    }
    // Some editors that see a command ask for no edit; those that list places do.
    let then = (edit.is_some() || abilities.commands.shows_places)
        .then(|| after(place.snapshot, view, &taken.uri, &offer.deed, abilities))
        .flatten();
    let mended = offer.mends.as_ref().map(|finding| mended(view, finding, diagnostics, abilities)).unwrap_or_default();
    Some(CodeActionOrCommand::CodeAction(CodeAction {
        title: offer.title,
        kind: Some(taken.kind),
        diagnostics: (!mended.is_empty()).then_some(mended),
        edit,
        command: then,
        is_preferred: (able.preferred && offer.preferred).then_some(true),
        data: data.filter(|_| disabled.is_none() && later),
        disabled: disabled.map(|why| CodeActionDisabled { reason: why.to_string() }),
    }))
}

/// The diagnostics of the editor that are the finding.
fn mended(view: &View<'_>, finding: &Finding, diagnostics: &[Diagnostic], abilities: Abilities) -> Vec<Diagnostic> {
    let range = encode_span(view, finding.span, abilities.encoding);
    let code = Some(NumberOrString::String(finding.rule.name.into()));
    diagnostics.iter().filter(|diagnostic| diagnostic.range == range && diagnostic.code == code).cloned().collect()
}
