//! Keeps a panic in one handler from ending the session: the request is answered with an internal error.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::request::{
    GotoDeclarationParams, GotoDeclarationResponse, GotoImplementationParams, GotoImplementationResponse,
    GotoTypeDefinitionParams, GotoTypeDefinitionResponse,
};
// The list below names most types of the protocol.
#[allow(clippy::wildcard_imports)]
use tower_lsp::ls_types::*;

/// A language server whose handlers may panic. Methods outside the protocol are not covered: see [`isolated`].
pub(crate) struct Isolated<S>(pub(crate) S);

/// The handler's answer, or an internal error (-32603) if it panics.
pub(crate) async fn isolated<T>(method: &'static str, handler: impl Future<Output = Result<T>>) -> Result<T> {
    caught(method, handler).await.unwrap_or_else(|| Err(Error::internal_error()))
}

/// The handler's output, or `None` if it panics.
async fn caught<T>(method: &'static str, handler: impl Future<Output = T>) -> Option<T> {
    let mut handler = pin!(handler);
    // A panic leaves behind only the handler itself, which is never polled again, and what it shares: locks there are
    // poisoned or must stay whole at every step.
    std::future::poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Some),
        Err(_) => {
            // The panic itself has been reported; this says whom it cost an answer.
            tracing::warn!(method, "a handler ended by a panic");
            Poll::Ready(None)
        }
    })
    .await
}

/// Hands every method of the trait to the inner server. One that is missing here would answer "method not found",
/// so the list holds all of tower-lsp-server 0.23.
macro_rules! isolate {
    (
        requests { $($request:literal $request_fn:ident($request_params:ty) -> $answer:ty;)* }
        notifications { $($notification:literal $notification_fn:ident($notification_params:ty);)* }
    ) => {
        impl<S: LanguageServer> LanguageServer for Isolated<S> {
            async fn shutdown(&self) -> Result<()> {
                isolated("shutdown", async { self.0.shutdown().await }).await
            }
            $(async fn $request_fn(&self, params: $request_params) -> Result<$answer> {
                isolated($request, async { self.0.$request_fn(params).await }).await
            })*
            $(async fn $notification_fn(&self, params: $notification_params) {
                caught($notification, async { self.0.$notification_fn(params).await }).await;
            })*
        }

        #[cfg(test)]
        const METHODS: &[&str] = &["shutdown", $($request,)* $($notification,)*];
    };
}

isolate! {
    requests {
        "initialize" initialize(InitializeParams) -> InitializeResult;
        "textDocument/willSaveWaitUntil" will_save_wait_until(WillSaveTextDocumentParams) -> Option<Vec<TextEdit>>;
        "textDocument/declaration" goto_declaration(GotoDeclarationParams) -> Option<GotoDeclarationResponse>;
        "textDocument/definition" goto_definition(GotoDefinitionParams) -> Option<GotoDefinitionResponse>;
        "textDocument/typeDefinition" goto_type_definition(GotoTypeDefinitionParams)
            -> Option<GotoTypeDefinitionResponse>;
        "textDocument/implementation" goto_implementation(GotoImplementationParams)
            -> Option<GotoImplementationResponse>;
        "textDocument/references" references(ReferenceParams) -> Option<Vec<Location>>;
        "textDocument/prepareCallHierarchy" prepare_call_hierarchy(CallHierarchyPrepareParams)
            -> Option<Vec<CallHierarchyItem>>;
        "callHierarchy/incomingCalls" incoming_calls(CallHierarchyIncomingCallsParams)
            -> Option<Vec<CallHierarchyIncomingCall>>;
        "callHierarchy/outgoingCalls" outgoing_calls(CallHierarchyOutgoingCallsParams)
            -> Option<Vec<CallHierarchyOutgoingCall>>;
        "textDocument/prepareTypeHierarchy" prepare_type_hierarchy(TypeHierarchyPrepareParams)
            -> Option<Vec<TypeHierarchyItem>>;
        "typeHierarchy/supertypes" supertypes(TypeHierarchySupertypesParams) -> Option<Vec<TypeHierarchyItem>>;
        "typeHierarchy/subtypes" subtypes(TypeHierarchySubtypesParams) -> Option<Vec<TypeHierarchyItem>>;
        "textDocument/documentHighlight" document_highlight(DocumentHighlightParams)
            -> Option<Vec<DocumentHighlight>>;
        "textDocument/documentLink" document_link(DocumentLinkParams) -> Option<Vec<DocumentLink>>;
        "documentLink/resolve" document_link_resolve(DocumentLink) -> DocumentLink;
        "textDocument/hover" hover(HoverParams) -> Option<Hover>;
        "textDocument/codeLens" code_lens(CodeLensParams) -> Option<Vec<CodeLens>>;
        "codeLens/resolve" code_lens_resolve(CodeLens) -> CodeLens;
        "textDocument/foldingRange" folding_range(FoldingRangeParams) -> Option<Vec<FoldingRange>>;
        "textDocument/selectionRange" selection_range(SelectionRangeParams) -> Option<Vec<SelectionRange>>;
        "textDocument/documentSymbol" document_symbol(DocumentSymbolParams) -> Option<DocumentSymbolResponse>;
        "textDocument/semanticTokens/full" semantic_tokens_full(SemanticTokensParams) -> Option<SemanticTokensResult>;
        "textDocument/semanticTokens/full/delta" semantic_tokens_full_delta(SemanticTokensDeltaParams)
            -> Option<SemanticTokensFullDeltaResult>;
        "textDocument/semanticTokens/range" semantic_tokens_range(SemanticTokensRangeParams)
            -> Option<SemanticTokensRangeResult>;
        "textDocument/inlineValue" inline_value(InlineValueParams) -> Option<Vec<InlineValue>>;
        "textDocument/inlayHint" inlay_hint(InlayHintParams) -> Option<Vec<InlayHint>>;
        "inlayHint/resolve" inlay_hint_resolve(InlayHint) -> InlayHint;
        "textDocument/moniker" moniker(MonikerParams) -> Option<Vec<Moniker>>;
        "textDocument/completion" completion(CompletionParams) -> Option<CompletionResponse>;
        "completionItem/resolve" completion_resolve(CompletionItem) -> CompletionItem;
        "textDocument/diagnostic" diagnostic(DocumentDiagnosticParams) -> DocumentDiagnosticReportResult;
        "workspace/diagnostic" workspace_diagnostic(WorkspaceDiagnosticParams) -> WorkspaceDiagnosticReportResult;
        "textDocument/signatureHelp" signature_help(SignatureHelpParams) -> Option<SignatureHelp>;
        "textDocument/codeAction" code_action(CodeActionParams) -> Option<CodeActionResponse>;
        "codeAction/resolve" code_action_resolve(CodeAction) -> CodeAction;
        "textDocument/documentColor" document_color(DocumentColorParams) -> Vec<ColorInformation>;
        "textDocument/colorPresentation" color_presentation(ColorPresentationParams) -> Vec<ColorPresentation>;
        "textDocument/formatting" formatting(DocumentFormattingParams) -> Option<Vec<TextEdit>>;
        "textDocument/rangeFormatting" range_formatting(DocumentRangeFormattingParams) -> Option<Vec<TextEdit>>;
        "textDocument/onTypeFormatting" on_type_formatting(DocumentOnTypeFormattingParams) -> Option<Vec<TextEdit>>;
        "textDocument/rename" rename(RenameParams) -> Option<WorkspaceEdit>;
        "textDocument/prepareRename" prepare_rename(TextDocumentPositionParams) -> Option<PrepareRenameResponse>;
        "textDocument/linkedEditingRange" linked_editing_range(LinkedEditingRangeParams)
            -> Option<LinkedEditingRanges>;
        "workspace/symbol" symbol(WorkspaceSymbolParams) -> Option<WorkspaceSymbolResponse>;
        "workspaceSymbol/resolve" symbol_resolve(WorkspaceSymbol) -> WorkspaceSymbol;
        "workspace/willCreateFiles" will_create_files(CreateFilesParams) -> Option<WorkspaceEdit>;
        "workspace/willRenameFiles" will_rename_files(RenameFilesParams) -> Option<WorkspaceEdit>;
        "workspace/willDeleteFiles" will_delete_files(DeleteFilesParams) -> Option<WorkspaceEdit>;
        "workspace/executeCommand" execute_command(ExecuteCommandParams) -> Option<LSPAny>;
    }
    notifications {
        "initialized" initialized(InitializedParams);
        "textDocument/didOpen" did_open(DidOpenTextDocumentParams);
        "textDocument/didChange" did_change(DidChangeTextDocumentParams);
        "textDocument/willSave" will_save(WillSaveTextDocumentParams);
        "textDocument/didSave" did_save(DidSaveTextDocumentParams);
        "textDocument/didClose" did_close(DidCloseTextDocumentParams);
        "notebookDocument/didOpen" notebook_did_open(DidOpenNotebookDocumentParams);
        "notebookDocument/didChange" notebook_did_change(DidChangeNotebookDocumentParams);
        "notebookDocument/didSave" notebook_did_save(DidSaveNotebookDocumentParams);
        "notebookDocument/didClose" notebook_did_close(DidCloseNotebookDocumentParams);
        "workspace/didChangeConfiguration" did_change_configuration(DidChangeConfigurationParams);
        "workspace/didChangeWorkspaceFolders" did_change_workspace_folders(DidChangeWorkspaceFoldersParams);
        "workspace/didCreateFiles" did_create_files(CreateFilesParams);
        "workspace/didRenameFiles" did_rename_files(RenameFilesParams);
        "workspace/didDeleteFiles" did_delete_files(DeleteFilesParams);
        "workspace/didChangeWatchedFiles" did_change_watched_files(DidChangeWatchedFilesParams);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_internal_error() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(isolated("x", async {
            tokio::task::yield_now().await;
            if METHODS.is_empty() { Ok(()) } else { panic!("as planned") }
        }));
        assert_eq!(answer, Err(Error::internal_error()));
    }

    #[test]
    fn every_method_is_listed_once() {
        let mut methods = METHODS.to_vec();
        methods.sort_unstable();
        methods.dedup();
        assert_eq!(methods.len(), METHODS.len());
        assert_eq!(methods.len(), 67);
    }
}
