//! Answers that bring text in form: formatting, of a range too and while typing.

use crate::keeper::Needs;
use crate::lsp::convert::{decode_range, encode_span};
use crate::server::state::{Server, failed};
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::edit::Edit;
use traceline_engine::feature;
use traceline_engine::text::{Encoding, Span, offset_in};
use traceline_engine::world::View;

impl Server {
    pub(crate) async fn answer_formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.format(&params.text_document.uri, None).await
    }

    pub(crate) async fn answer_range_formatting(
        &self,
        params: DocumentRangeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        self.format(&params.text_document.uri, Some(params.range)).await
    }

    async fn format(&self, uri: &Uri, range: Option<Range>) -> Result<Option<Vec<TextEdit>>> {
        let encoding = self.abilities().encoding;
        let path = self.editor.uris.decode(uri);
        let answer = self.inbox.ask(Needs::Feature(path.clone()), move |snapshot| {
            let view = snapshot.view(&path)?;
            let rope = view.document()?.rope();
            let span = range.map(decode_range).map(|range| Span {
                start: offset_in(rope, range.start, encoding),
                end: offset_in(rope, range.end, encoding),
            });
            encode_edits(&view, &feature::formatting::formatting(snapshot, &path, span), encoding)
        });
        answer.await.map_err(failed)
    }

    pub(crate) async fn answer_on_type_formatting(
        &self,
        params: DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        if params.ch != "\n" {
            return Ok(None);
        }
        let encoding = self.abilities().encoding;
        let answer = self.ask_at(&params.text_document_position, move |snapshot, path, offset| {
            let edits = feature::formatting::on_type::on_enter(snapshot, path, offset)?;
            encode_edits(&snapshot.view(path)?, &edits, encoding)
        });
        answer.await.map_err(failed)
    }
}

/// Edits of one document; nothing where there are none.
fn encode_edits(view: &View<'_>, edits: &[Edit], encoding: Encoding) -> Option<Vec<TextEdit>> {
    let one = |edit: &Edit| TextEdit { range: encode_span(view, edit.span, encoding), new_text: edit.text.clone() };
    (!edits.is_empty()).then(|| edits.iter().map(one).collect())
}
