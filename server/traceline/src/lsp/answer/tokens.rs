//! Semantic tokens in the protocol's words: whole, as what has changed since the last time, and of a range.

use crate::lsp::server::{Server, failed};
use dashmap::DashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::feature::semantic_tokens::{self, MODIFIERS, Splice, TYPES, Token, semantic_tokens};
use traceline_engine::path::FilePath;
use traceline_engine::text::{Encoding, Span, offset_in};
use traceline_engine::world::View;

/// The tokens that each editor's document was last given, by the name of that result.
#[derive(Default)]
pub(crate) struct Given {
    count: AtomicU64,
    last: DashMap<FilePath, (String, Arc<Vec<SemanticToken>>)>,
}

impl Given {
    /// Forgets a document that was closed.
    pub(crate) fn forget(&self, path: &FilePath) {
        self.last.remove(path);
    }

    fn keep(&self, path: &FilePath, tokens: Arc<Vec<SemanticToken>>) -> String {
        let name = self.count.fetch_add(1, Ordering::Relaxed).to_string();
        self.last.insert(path.clone(), (name.clone(), tokens));
        name
    }

    fn named(&self, path: &FilePath, name: &str) -> Option<Arc<Vec<SemanticToken>>> {
        self.last.get(path).filter(|last| last.0 == name).map(|last| Arc::clone(&last.1))
    }
}

/// What the numbers of tokens mean.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TYPES.map(SemanticTokenType::new).to_vec(),
        token_modifiers: MODIFIERS.map(SemanticTokenModifier::new).to_vec(),
    }
}

impl Server {
    pub(crate) async fn answer_semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let Some((path, data)) = self.tokens_of(&params.text_document.uri).await? else { return Ok(None) };
        let result_id = Some(self.given.keep(&path, Arc::clone(&data)));
        Ok(Some(SemanticTokens { result_id, data: data.to_vec() }.into()))
    }

    pub(crate) async fn answer_semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let Some((path, data)) = self.tokens_of(&params.text_document.uri).await? else { return Ok(None) };
        let before = self.given.named(&path, &params.previous_result_id);
        let result_id = Some(self.given.keep(&path, Arc::clone(&data)));
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
            let range = crate::lsp::convert::decode_range(params.range);
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

/// Tokens as distances from the one before (LSP 3.17, "Semantic Tokens").
fn encode_tokens(view: &View<'_>, tokens: Vec<Token>, encoding: Encoding) -> Vec<SemanticToken> {
    let lines = view.lines();
    let (mut line, mut column) = (0, 0);
    let encode = |token: Token| {
        let start = lines.position(token.span.start, encoding);
        let end = lines.position(token.span.end, encoding);
        let same = start.line == line;
        let encoded = SemanticToken {
            delta_line: start.line - line,
            delta_start: if same { start.column - column } else { start.column },
            length: end.column.saturating_sub(start.column),
            token_type: token.kind as u32,
            token_modifiers_bitset: token.marks.0,
        };
        (line, column) = (start.line, start.column);
        encoded
    };
    tokens.into_iter().map(encode).collect()
}
