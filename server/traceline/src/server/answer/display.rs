//! Answers that show what is there: hover, lenses, hints, folds, selections, links.

use crate::disk::Disk;
use crate::keeper::Needs;
use crate::lsp::client_capabilities::{Abilities, FoldText, SHOW_REFERENCES};
use crate::lsp::convert::{
    decode_position, decode_range, encode_documentation, encode_markup, encode_place, encode_range, encode_span,
};
use crate::lsp::uri_map::UriMap;
use crate::server::state::{Server, failed};
use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::batch::RequirementKey;
use traceline_engine::feature::completion::id_completion::documentation;
use traceline_engine::feature::display::code_lenses::{Lens, code_lenses, resolved};
use traceline_engine::feature::display::document_links::{Aim, document_links, target};
use traceline_engine::feature::display::folding_ranges::{Fold, FoldKind, folding_ranges};
use traceline_engine::feature::display::hover::hover;
use traceline_engine::feature::display::inlay_hints::{BETWEEN, Hint, inlay_hints, tooltip};
use traceline_engine::feature::display::selection_ranges::selection_ranges;
use traceline_engine::id::Id;
use traceline_engine::path::FilePath;
use traceline_engine::query::{Defined, Place, definitions_of};
use traceline_engine::text::{Encoding, Span, offset_in};
use traceline_engine::world::Snapshot;

impl Server {
    // Hover ---------------------------------------------------------------------------------------------------------

    pub(crate) async fn answer_hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let abilities = self.abilities();
        let answer = self.ask_at(&params.text_document_position_params, move |snapshot, path, offset| {
            let hover = hover(snapshot, &Disk, path, offset)?;
            let range = Some(encode_span(&snapshot.view(path)?, hover.span, abilities.encoding));
            Some(Hover { contents: HoverContents::Markup(encode_markup(hover.text, abilities.markdown_hover)), range })
        });
        answer.await.map_err(failed)
    }

    // Lenses --------------------------------------------------------------------------------------------------------

    pub(crate) async fn answer_code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let encoding = self.abilities().encoding;
        let answer = self.ask_of(&params.text_document.uri, move |snapshot, path| {
            let lenses = code_lenses(snapshot, path)?;
            // There may be a thousand: each place is found in the lines that were counted once, and each lens carries no more
            // than it takes to look at it.
            let lines = snapshot.view(path)?.lines();
            let lens = |lens: Lens| CodeLens {
                range: encode_range(lines.range(lens.span, encoding)),
                command: None,
                data: serde_json::to_value(match lens.requirement {
                    Some(id) => LensData::Requirement(path.to_string(), id.to_string()),
                    None => LensData::Task(path.to_string(), lens.span.start),
                })
                .ok(),
            };
            some(lenses.into_iter().map(lens).collect())
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_code_lens_resolve(&self, mut lens: CodeLens) -> Result<CodeLens> {
        let (encoding, uris) = (self.abilities().encoding, self.uris());
        let Some(data) = lens.data.clone().and_then(|data| serde_json::from_value::<LensData>(data).ok()) else {
            return Ok(lens);
        };
        let (path, about) = match data {
            LensData::Requirement(path, id) => (path, Lens { span: Span::default(), requirement: Some(Id::new(&id)) }),
            LensData::Task(path, start) => (path, Lens { span: Span { start, end: start }, requirement: None }),
        };
        let (path, position) = (FilePath::new(&path), lens.range.start);
        let answer = self.inbox.ask(Needs::Feature(path.clone()), move |snapshot| {
            let seen = resolved(snapshot, &path, &about)?;
            let places: Vec<Location> =
                seen.places.iter().filter_map(|place| encode_place(snapshot, place, &uris, encoding)).collect();
            let arguments = [
                serde_json::to_value(uris.encode(&path)),
                serde_json::to_value(position),
                serde_json::to_value(places),
            ];
            Some(Command {
                title: seen.title,
                command: SHOW_REFERENCES.into(),
                arguments: Some(arguments.into_iter().filter_map(std::result::Result::ok).collect()),
            })
        });
        // The task is not there any more: the editor is about to ask for lenses again.
        let Some(command) = answer.await.map_err(failed)? else { return Err(Error::new(ErrorCode::ContentModified)) };
        lens.command = Some(command);
        Ok(lens)
    }

    // Hints ---------------------------------------------------------------------------------------------------------

    pub(crate) async fn answer_inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let abilities = self.abilities();
        let answer = self.ask_of(&params.text_document.uri, move |snapshot, path| {
            let view = snapshot.view(path)?;
            let within = decode_span(snapshot, path, params.range, abilities.encoding)?;
            let hint = |hint: Hint| InlayHint {
                position: encode_range(view.range(Span { start: hint.offset, end: hint.offset }, abilities.encoding))
                    .start,
                data: serde_json::to_value(HintData::of(&hint)).ok(),
                label: encode_label(hint, abilities.hints.location),
                kind: None,
                text_edits: None,
                tooltip: None,
                padding_left: Some(true),
                padding_right: None,
            };
            some(inlay_hints(snapshot, path, within)?.into_iter().map(hint).collect())
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_inlay_hint_resolve(&self, mut hint: InlayHint) -> Result<InlayHint> {
        let (abilities, uris) = (self.abilities(), self.uris());
        let data = hint.data.clone().and_then(|data| serde_json::from_value::<HintData>(data).ok());
        let parts = data.map(HintData::about).unwrap_or_default();
        let Some((scope, _)) = parts.iter().flatten().next().cloned() else { return Ok(hint) };
        let answer = self.inbox.ask(Needs::Feature(scope), move |snapshot| {
            let place = |about: &Vec<RequirementKey>| {
                let [(scope, id)] = &about[..] else { return None };
                let place = definitions_of(snapshot, scope, id).first().map(Defined::place);
                place.and_then(|place| encode_place(snapshot, &place, &uris, abilities.encoding))
            };
            let places: Vec<_> = parts.iter().map(place).collect();
            let text = match &parts.concat()[..] {
                [(scope, id)] => documentation(snapshot, &Disk, scope, id),
                several => Some(tooltip(snapshot, several)),
            };
            (text, places)
        });
        let (text, places) = answer.await.map_err(failed)?;
        if abilities.hints.tooltip
            && let Some(Documentation::MarkupContent(text)) = text.map(|text| encode_documentation(text, abilities))
        {
            hint.tooltip = Some(text.into());
        }
        if abilities.hints.location
            && let InlayHintLabel::LabelParts(parts) = &mut hint.label
        {
            // What stands between them leads nowhere.
            for (part, place) in parts.iter_mut().step_by(2).zip(places) {
                part.location = place;
            }
        }
        Ok(hint)
    }

    // Folds and selections ------------------------------------------------------------------------------------------

    pub(crate) async fn answer_folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        let Abilities { fold_limit, fold_text, .. } = self.abilities();
        let most = fold_limit.unwrap_or(usize::MAX);
        let path = self.editor.uris.decode(&params.text_document.uri);
        let answer = self.inbox.ask(Needs::Nothing, move |snapshot| {
            let rope = snapshot.document(&path)?.rope();
            let encode = |fold: Fold| {
                let text = fold.summary.as_ref().and_then(|summary| match fold_text {
                    FoldText::Nothing => None,
                    FoldText::Behind => Some(format!(" … {summary}")),
                    FoldText::Instead => {
                        Some(format!("{} … {summary}", rope.line(fold.first as usize).to_string().trim_end()))
                    }
                });
                encode_fold(&fold, text)
            };
            some(folding_ranges(snapshot, &path, most)?.into_iter().map(encode).collect())
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_selection_range(
        &self,
        params: SelectionRangeParams,
    ) -> Result<Option<Vec<SelectionRange>>> {
        let encoding = self.abilities().encoding;
        let path = self.editor.uris.decode(&params.text_document.uri);
        let answer = self.inbox.ask(Needs::Nothing, move |snapshot| {
            let view = snapshot.view(&path)?;
            let rope = view.document()?.rope();
            let offset = |position: &Position| offset_in(rope, decode_position(*position), encoding);
            let offsets: Vec<u32> = params.positions.iter().map(offset).collect();
            let chain = |spans: Vec<Span>| {
                let wider = |inner: Option<Box<SelectionRange>>, span: &Span| {
                    Some(Box::new(SelectionRange { range: encode_span(&view, *span, encoding), parent: inner }))
                };
                spans.iter().rev().fold(None, wider).map(|chain| *chain)
            };
            selection_ranges(snapshot, &path, &offsets)?.into_iter().map(chain).collect()
        });
        answer.await.map_err(failed)
    }

    // Links ---------------------------------------------------------------------------------------------------------

    pub(crate) async fn answer_document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        let (abilities, uris) = (self.abilities(), self.uris());
        let answer = self.ask_of(&params.text_document.uri, move |snapshot, path| {
            let view = snapshot.view(path)?;
            let links = document_links(snapshot, path)?.into_iter().map(|link| DocumentLink {
                range: encode_span(&view, link.span, abilities.encoding),
                target: (!abilities.link_resolve)
                    .then(|| encode_target(snapshot, &link.aim, &uris, abilities.encoding))
                    .flatten(),
                tooltip: abilities.link_tooltip.then_some(link.words),
                data: serde_json::to_value(LinkData::of(&link.aim)).ok(),
            });
            some(links.collect())
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_document_link_resolve(&self, mut link: DocumentLink) -> Result<DocumentLink> {
        let (encoding, uris) = (self.abilities().encoding, self.uris());
        let Some(data) = link.data.clone().and_then(|data| serde_json::from_value::<LinkData>(data).ok()) else {
            return Ok(link);
        };
        let (aim, home) = data.aim();
        let answer =
            self.inbox.ask(Needs::Feature(home), move |snapshot| encode_target(snapshot, &aim, &uris, encoding));
        link.target = answer.await.map_err(failed)?.or(link.target);
        Ok(link)
    }
}

/// Nothing is null: an empty list would stand beside another server's answer.
fn some<T>(all: Vec<T>) -> Option<Vec<T>> {
    (!all.is_empty()).then_some(all)
}

/// What a lens remembers until it is looked at: its file, and the id or the task's first byte.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum LensData {
    Task(String, u32),
    Requirement(String, String),
}

/// The requirement that a hint is about.
#[derive(Debug, Deserialize, Serialize)]
struct Requirement {
    scope: String,
    id: String,
}

impl Requirement {
    fn of((scope, id): &RequirementKey) -> Self {
        Self { scope: scope.to_string(), id: id.to_string() }
    }

    fn meant(&self) -> RequirementKey {
        (FilePath::new(&self.scope), Id::new(&self.id))
    }
}

/// What a hint remembers until it is looked at: for each of its parts the requirement, or those that a range means.
#[derive(Debug, Deserialize, Serialize)]
struct HintData(Vec<Vec<Requirement>>);

impl HintData {
    fn of(hint: &Hint) -> Self {
        Self(hint.parts.iter().map(|part| part.about.iter().map(Requirement::of).collect()).collect())
    }

    fn about(self) -> Vec<Vec<RequirementKey>> {
        self.0.iter().map(|part| part.iter().map(Requirement::meant).collect()).collect()
    }
}

/// The words of a hint: in parts, with a separator behind each but the last, for a client that follows them.
fn encode_label(hint: Hint, in_parts: bool) -> InlayHintLabel {
    let words = hint.parts.into_iter().map(|part| part.words);
    if !in_parts {
        return words.collect::<Vec<_>>().join(BETWEEN).into();
    }
    let part = |value| InlayHintLabelPart { value, ..Default::default() };
    let parts = words.flat_map(|words| [part(BETWEEN.into()), part(words)]).skip(1);
    parts.collect::<Vec<_>>().into()
}

/// Where a link leads, until somebody follows it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum LinkData {
    Requirement(Requirement),
    File(String),
}

impl LinkData {
    fn of(aim: &Aim) -> Self {
        match aim {
            Aim::Requirement(meant) => Self::Requirement(Requirement::of(meant)),
            Aim::File(path) => Self::File(path.to_string()),
        }
    }

    fn aim(&self) -> (Aim, FilePath) {
        match self {
            Self::Requirement(requirement) => {
                let meant = requirement.meant();
                let scope = meant.0.clone();
                (Aim::Requirement(meant), scope)
            }
            Self::File(path) => (Aim::File(FilePath::new(path)), FilePath::new(path)),
        }
    }
}

/// A link's target with the line and column that editors read behind a `#`.
fn encode_target(snapshot: &Snapshot, aim: &Aim, uris: &UriMap, encoding: Encoding) -> Option<Uri> {
    let place: Place = target(snapshot, aim)?;
    let uri = uris.encode(&place.path);
    if matches!(aim, Aim::File(_)) {
        return uri.parse().ok();
    }
    let start = snapshot.view(&place.path)?.position(place.span.start, encoding);
    format!("{uri}#L{},{}", start.line + 1, start.column + 1).parse().ok()
}

fn decode_span(snapshot: &Snapshot, path: &FilePath, range: Range, encoding: Encoding) -> Option<Span> {
    let rope = snapshot.document(path)?.rope();
    let range = decode_range(range);
    Some(Span { start: offset_in(rope, range.start, encoding), end: offset_in(rope, range.end, encoding) })
}

fn encode_fold(fold: &Fold, collapsed_text: Option<String>) -> FoldingRange {
    FoldingRange {
        start_line: fold.first,
        end_line: fold.last,
        // Without columns a fold hides whole lines, which is all that some clients can.
        start_character: None,
        end_character: None,
        kind: match fold.kind {
            FoldKind::Comment => Some(FoldingRangeKind::Comment),
            FoldKind::Done | FoldKind::Finished | FoldKind::FrontMatter => Some(FoldingRangeKind::Region),
            FoldKind::Section | FoldKind::Task | FoldKind::Fence => None,
        },
        collapsed_text,
    }
}
