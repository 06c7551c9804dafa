//! Answers about semantic tokens: whole, as what has changed since the last time, and of a range.

use crate::lsp::convert::decode_range;
use crate::lsp::semantic_tokens::encode_tokens;
use crate::server::state::{Server, failed};
use std::sync::Arc;
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::feature::display::semantic_tokens::{self, Splice, semantic_tokens};
use traceline_engine::path::FilePath;
use traceline_engine::text::{Span, offset_in};

impl Server {
    pub(crate) async fn answer_semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let Some((path, data)) = self.tokens_of(&params.text_document.uri).await? else { return Ok(None) };
        let result_id = Some(self.token_results.keep(&path, Arc::clone(&data)));
        Ok(Some(SemanticTokens { result_id, data: data.to_vec() }.into()))
    }

    pub(crate) async fn answer_semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let Some((path, data)) = self.tokens_of(&params.text_document.uri).await? else { return Ok(None) };
        let before = self.token_results.named(&path, &params.previous_result_id);
        let result_id = Some(self.token_results.keep(&path, Arc::clone(&data)));
        let Some(before) = before else { return Ok(Some(SemanticTokens { result_id, data: data.to_vec() }.into())) };
        // The protocol counts numbers, of which a token has five.
        let edit = |splice: Splice<SemanticToken>| SemanticTokensEdit {
            start: u32::try_from(splice.start * 5).unwrap_or(u32::MAX),
            delete_count: u32::try_from(splice.delete * 5).unwrap_or(u32::MAX),
            data: Some(splice.insert),
        };
        let edits = semantic_tokens::delta(&before, &data).map(edit).into_iter().collect();
        Ok(Some(SemanticTokensDelta { result_id, edits }.into()))
    }

    pub(crate) async fn answer_semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let encoding = self.abilities().encoding;
        let answer = self.ask_of(&params.text_document.uri, move |snapshot, path| {
            let view = snapshot.view(path)?;
            let rope = view.document()?.rope();
            let range = decode_range(params.range);
            let within =
                Span { start: offset_in(rope, range.start, encoding), end: offset_in(rope, range.end, encoding) };
            let data = encode_tokens(&view, semantic_tokens(snapshot, path, within)?, encoding);
            Some(SemanticTokens { result_id: None, data }.into())
        });
        answer.await.map_err(failed)
    }

    async fn tokens_of(&self, uri: &Uri) -> Result<Option<(FilePath, Arc<Vec<SemanticToken>>)>> {
        let encoding = self.abilities().encoding;
        let answer = self.ask_of(uri, move |snapshot, path| {
            let tokens = semantic_tokens(snapshot, path, Span { start: 0, end: u32::MAX })?;
            Some((path.clone(), Arc::new(encode_tokens(&snapshot.view(path)?, tokens, encoding))))
        });
        answer.await.map_err(failed)
    }
}
