//! Semantic tokens in the protocol's words: their legend, their numbers, and the results that the next delta starts from.

use dashmap::DashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tower_lsp::ls_types::{SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokensLegend};
use traceline_engine::feature::display::semantic_tokens::{MODIFIERS, TYPES, Token};
use traceline_engine::path::FilePath;
use traceline_engine::text::Encoding;
use traceline_engine::world::View;

/// The tokens that each editor's document was last given, by the name of that result.
#[derive(Default)]
pub(crate) struct TokenResults {
    count: AtomicU64,
    last: DashMap<FilePath, (String, Arc<Vec<SemanticToken>>)>,
}

impl TokenResults {
    /// Forgets a document that was closed.
    pub(crate) fn forget(&self, path: &FilePath) {
        self.last.remove(path);
    }

    pub(crate) fn keep(&self, path: &FilePath, tokens: Arc<Vec<SemanticToken>>) -> String {
        let name = self.count.fetch_add(1, Ordering::Relaxed).to_string();
        self.last.insert(path.clone(), (name.clone(), tokens));
        name
    }

    pub(crate) fn named(&self, path: &FilePath, name: &str) -> Option<Arc<Vec<SemanticToken>>> {
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

/// Tokens as distances from the one before (LSP 3.17, "Semantic Tokens").
pub(crate) fn encode_tokens(view: &View<'_>, tokens: Vec<Token>, encoding: Encoding) -> Vec<SemanticToken> {
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
