//! Answers that propose edits: code actions.

use crate::keeper::Needs;
use crate::lsp::capabilities::Abilities;
use crate::lsp::convert::{decode_range, encode_span};
use crate::lsp::edits::encode_edit;
use crate::lsp::server::{Server, failed};
use crate::lsp::uris::Spellings;
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::rule::{self, Finding};
use traceline_engine::text::offset_in;
use traceline_engine::world::{Snapshot, View};

impl Server {
    pub(crate) async fn answer_code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let (abilities, uris) = (self.abilities(), self.uris());
        let encoding = abilities.encoding;
        let path = self.editor.uris.decode(&params.text_document.uri);
        let answer = self.inbox.ask(Needs::Feature(path.clone()), move |snapshot| {
            let view = snapshot.view(&path)?;
            let rope = view.document()?.rope();
            let asked = decode_range(params.range);
            let (start, end) = (offset_in(rope, asked.start, encoding), offset_in(rope, asked.end, encoding));
            let findings = rule::check(snapshot, &path);
            let there = findings.iter().filter(|finding| finding.span.start <= end && start <= finding.span.end);
            let fixes = there.filter_map(|finding| {
                encode_fix(snapshot, &view, finding, &uris, &params.context.diagnostics, abilities)
            });
            let actions: Vec<_> = fixes.map(CodeActionOrCommand::CodeAction).collect();
            (!actions.is_empty()).then_some(actions)
        });
        answer.await.map_err(failed)
    }
}

/// The quick fix of a finding in the open document `view`.
fn encode_fix(
    snapshot: &Snapshot,
    view: &View<'_>,
    finding: &Finding,
    uris: &Spellings,
    diagnostics: &[Diagnostic],
    abilities: Abilities,
) -> Option<CodeAction> {
    let fix = finding.fix.as_ref()?;
    let edit = encode_edit(snapshot, &fix.proposed_for(view.path), uris, abilities.encoding, abilities.edits)?;
    let range = encode_span(view, finding.span, abilities.encoding);
    let mended = diagnostics.iter().filter(|diagnostic| {
        diagnostic.range == range && diagnostic.code == Some(NumberOrString::String(finding.rule.name.into()))
    });
    let mended: Vec<_> = mended.cloned().collect();
    Some(CodeAction {
        title: fix.title.clone(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: (!mended.is_empty()).then_some(mended),
        edit: Some(edit),
        is_preferred: Some(true),
        ..Default::default()
    })
}
