//! What the client can do, and what the server then offers.

use super::answer::tokens::legend;
use super::answer::{ActionAbilities, kinds};
use super::command::COMMANDS;
use super::diagnostics::Features;
use super::edits::EditAbilities;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::text::Encoding;

/// What of the client's abilities changes an answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Abilities {
    pub(crate) encoding: Encoding,
    pub(crate) diagnostics: Features,
    /// What can be done with a proposed edit.
    pub(crate) edits: EditAbilities,
    pub(crate) actions: ActionAbilities,
    /// Asking what would be renamed before a name is typed.
    pub(crate) prepares_rename: bool,
    /// Hover and documentation as Markdown.
    pub(crate) markdown_hover: bool,
    pub(crate) markdown_documentation: bool,
    /// Jumps with the range they start from.
    pub(crate) links: Links,
    /// A range to insert at beside one to replace.
    pub(crate) insert_replace: bool,
    /// Texts with stops to be filled in one after the other.
    pub(crate) snippets: bool,
    /// How it is told that something holds no more.
    pub(crate) strikes: Strikes,
    /// Symbols as a tree.
    pub(crate) symbol_tree: bool,
    /// Symbols of the kind that tasks have: a client that names no kinds knows the first eighteen alone.
    pub(crate) symbol_events: bool,
    pub(crate) progress: bool,
    pub(crate) watches: bool,
    pub(crate) configuration: bool,
    pub(crate) configuration_news: bool,
    pub(crate) refreshes: Refreshes,
    pub(crate) hints: Hints,
    /// How many folds it can take.
    pub(crate) fold_limit: Option<usize>,
    pub(crate) fold_text: FoldText,
    /// Whether it asks for a link's target when somebody follows it.
    pub(crate) link_resolve: bool,
    pub(crate) link_tooltip: bool,
    /// Whether it asks for a symbol's range when somebody goes there.
    pub(crate) symbol_resolve: bool,
}

/// What the client takes to strike something through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strikes {
    /// The tag of an item of completion.
    pub(crate) item_tag: bool,
    /// The word that was before it.
    pub(crate) item_word: bool,
    /// The tag of a line of an outline.
    pub(crate) outline_tag: bool,
    /// The tag of a symbol of the workspace.
    pub(crate) symbol_tag: bool,
}

/// What of a hint the client asks for when somebody looks at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    pub(crate) tooltip: bool,
    pub(crate) location: bool,
}

/// What a client shows of a fold in words of the server's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FoldText {
    #[default]
    Nothing,
    /// Words in the place of the hidden lines, behind the line that stays.
    Behind,
    /// Words in the place of all lines: it folds whole lines, and shows the words instead of the first.
    Instead,
}

/// Which jumps the client takes with the range they start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Links {
    pub(crate) definition: bool,
    pub(crate) declaration: bool,
    pub(crate) implementation: bool,
    pub(crate) type_definition: bool,
}

/// What the client can be told to ask for again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refreshes {
    pub(crate) lenses: bool,
    pub(crate) hints: bool,
    pub(crate) tokens: bool,
    pub(crate) diagnostics: bool,
}

impl Abilities {
    /// The abilities that `client` declares.
    pub(crate) fn of(client: &ClientCapabilities) -> Self {
        let text = client.text_document.clone().unwrap_or_default();
        let workspace = client.workspace.clone().unwrap_or_default();
        let window = client.window.clone().unwrap_or_default();
        let general = client.general.clone().unwrap_or_default();
        let diagnostics = Features::of(&text, &workspace);
        let resolves =
            text.inlay_hint.and_then(|hints| hints.resolve_support).map(|it| it.properties).unwrap_or_default();
        let links = |jump: Option<GotoCapability>| jump.and_then(|jump| jump.link_support).unwrap_or_default();
        let outline = text.document_symbol.unwrap_or_default();
        let item = text.completion.and_then(|completion| completion.completion_item).unwrap_or_default();
        let markdown =
            |formats: Option<Vec<MarkupKind>>| formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown));
        let strikes = Strikes {
            item_tag: item.tag_support.is_some_and(|tags| tags.value_set.contains(&CompletionItemTag::DEPRECATED)),
            item_word: item.deprecated_support.unwrap_or_default(),
            outline_tag: strikes(outline.tag_support.as_ref()),
            symbol_tag: strikes(workspace.symbol.as_ref().and_then(|it| it.tag_support.as_ref())),
        };
        Self {
            strikes,
            encoding: encoding_of(general.position_encodings.as_deref().unwrap_or_default()),
            diagnostics,
            edits: EditAbilities::of(workspace.workspace_edit.as_ref()),
            actions: ActionAbilities::of(text.code_action.as_ref(), workspace.apply_edit.unwrap_or_default()),
            prepares_rename: text.rename.and_then(|rename| rename.prepare_support).unwrap_or_default(),
            markdown_hover: markdown(text.hover.and_then(|hover| hover.content_format)),
            markdown_documentation: markdown(item.documentation_format),
            links: Links {
                definition: links(text.definition),
                declaration: links(text.declaration),
                implementation: links(text.implementation),
                type_definition: links(text.type_definition),
            },
            insert_replace: item.insert_replace_support.unwrap_or_default(),
            snippets: item.snippet_support.unwrap_or_default(),
            symbol_tree: outline.hierarchical_document_symbol_support.unwrap_or_default(),
            symbol_events: outline
                .symbol_kind
                .and_then(|kinds| kinds.value_set)
                .is_some_and(|kinds| kinds.contains(&SymbolKind::EVENT)),
            progress: window.work_done_progress.unwrap_or_default(),
            watches: workspace
                .did_change_watched_files
                .and_then(|watched| watched.dynamic_registration)
                .unwrap_or_default(),
            configuration: workspace.configuration.unwrap_or_default(),
            configuration_news: workspace
                .did_change_configuration
                .and_then(|news| news.dynamic_registration)
                .unwrap_or_default(),
            hints: Hints {
                tooltip: resolves.iter().any(|name| name == "tooltip"),
                location: resolves.iter().any(|name| name == "label.location"),
            },
            fold_limit: text.folding_range.as_ref().and_then(|folds| folds.range_limit).map(|most| most as usize),
            fold_text: text.folding_range.as_ref().map(FoldText::of).unwrap_or_default(),
            link_resolve: text.document_link.is_some(),
            link_tooltip: text.document_link.and_then(|links| links.tooltip_support).unwrap_or_default(),
            symbol_resolve: workspace
                .symbol
                .and_then(|symbols| symbols.resolve_support)
                .is_some_and(|resolve| resolve.properties.iter().any(|name| name == "location.range")),
            refreshes: Refreshes {
                lenses: workspace.code_lens.and_then(|it| it.refresh_support).unwrap_or_default(),
                hints: workspace.inlay_hint.and_then(|it| it.refresh_support).unwrap_or_default(),
                tokens: workspace.semantic_tokens.and_then(|it| it.refresh_support).unwrap_or_default(),
                diagnostics: workspace.diagnostics.and_then(|it| it.refresh_support).unwrap_or_default(),
            },
        }
    }
}

fn strikes(tags: Option<&TagSupport<SymbolTag>>) -> bool {
    tags.is_some_and(|tags| tags.value_set.contains(&SymbolTag::DEPRECATED))
}

impl FoldText {
    fn of(folds: &FoldingRangeClientCapabilities) -> Self {
        let shown = folds.folding_range.as_ref().and_then(|it| it.collapsed_text).unwrap_or_default();
        match (shown, folds.line_folding_only.unwrap_or_default()) {
            (false, _) => Self::Nothing,
            (true, false) => Self::Behind,
            (true, true) => Self::Instead,
        }
    }
}

/// UTF-8 is what the text is kept in, so it costs nothing; UTF-16 is what every client must know.
fn encoding_of(offered: &[PositionEncodingKind]) -> Encoding {
    let offers = |kind| offered.contains(&kind);
    if offers(PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else if offers(PositionEncodingKind::UTF16) || !offers(PositionEncodingKind::UTF32) {
        Encoding::Utf16
    } else {
        Encoding::Utf32
    }
}

/// What the server offers.
pub(crate) fn offered(abilities: &Abilities) -> ServerCapabilities {
    let encoding = match abilities.encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
        Encoding::Utf32 => PositionEncodingKind::UTF32,
    };
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::Supported(true)),
        ..Default::default()
    };
    let folders =
        WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(OneOf::Left(true)) };
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        completion_provider: Some(CompletionOptions {
            // An id is typed over its hyphen and dot, and the next one begins behind a comma or a blank. A section begins
            // with `#`, a labelled bullet with `**`.
            trigger_characters: Some(["-", ".", ",", " ", "#", "*"].map(String::from).to_vec()),
            resolve_provider: Some(true),
            ..Default::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        declaration_provider: Some(DeclarationCapability::Simple(true)),
        implementation_provider: Some(ImplementationProviderCapability::Simple(true)),
        type_definition_provider: Some(TypeDefinitionProviderCapability::Simple(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(true) }),
        inlay_hint_provider: Some(OneOf::Right(InlayHintServerCapabilities::Options(InlayHintOptions {
            resolve_provider: Some(true),
            ..Default::default()
        }))),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                legend: legend(),
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                ..Default::default()
            }
            .into(),
        ),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(true),
            work_done_progress_options: Default::default(),
        }),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Right(WorkspaceSymbolOptions {
            resolve_provider: Some(true),
            work_done_progress_options: Default::default(),
        })),
        rename_provider: Some(if abilities.prepares_rename {
            OneOf::Right(RenameOptions { prepare_provider: Some(true), work_done_progress_options: Default::default() })
        } else {
            OneOf::Left(true)
        }),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: "\n".into(),
            more_trigger_character: None,
        }),
        linked_editing_range_provider: Some(LinkedEditingRangeServerCapabilities::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(kinds()),
            resolve_provider: Some(abilities.actions.resolves),
            ..Default::default()
        })),
        diagnostic_provider: abilities.diagnostics.pulls.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some("traceline".into()),
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                work_done_progress_options: WorkDoneProgressOptions { work_done_progress: Some(true) },
            })
        }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: COMMANDS.iter().map(|command| command.name.into()).collect(),
            work_done_progress_options: WorkDoneProgressOptions { work_done_progress: Some(true) },
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(folders),
            file_operations: Some(WorkspaceFileOperationsServerCapabilities {
                will_rename: Some(renamed_files()),
                did_rename: Some(renamed_files()),
                ..Default::default()
            }),
        }),
        ..Default::default()
    }
}

/// The files and folders whose renaming matters: documents, and what may hold them.
fn renamed_files() -> FileOperationRegistrationOptions {
    let filter = |glob: &str, kind| FileOperationFilter {
        scheme: Some("file".into()),
        pattern: FileOperationPattern { glob: glob.into(), matches: Some(kind), options: None },
    };
    FileOperationRegistrationOptions {
        filters: vec![
            filter("**/*.{md,markdown}", FileOperationPatternKind::File),
            filter("**", FileOperationPatternKind::Folder),
        ],
    }
}

/// The files whose changes on disk matter, and folders that come and go, which no pattern tells from files that do. Of what
/// goes with its folder an editor may tell the folder alone.
pub(crate) fn watchers() -> Vec<FileSystemWatcher> {
    let globs = ["**/*.{md,markdown,MD}", "**/{traceline,.traceline}.toml", "**/{.gitignore,.ignore}"];
    let watcher = |glob: &str, kind| FileSystemWatcher { glob_pattern: GlobPattern::String(glob.into()), kind };
    let files = globs.into_iter().map(|glob| watcher(glob, None));
    files.chain([watcher("**/*", Some(WatchKind::Create | WatchKind::Delete))]).collect()
}
