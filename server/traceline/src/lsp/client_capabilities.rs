//! What the client can do, as it declares it when a session begins: what of its capabilities changes an answer.

#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::text::Encoding;

/// What shows places in a list.
pub(crate) const SHOW_REFERENCES: &str = "traceline.showReferences";
/// What gives a requirement up.
pub(crate) const RETIRE: &str = "traceline.retire";

/// What of the client's capabilities changes an answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Abilities {
    pub(crate) encoding: Encoding,
    pub(crate) commands: OwnCommands,
    pub(crate) diagnostics: DiagnosticAbilities,
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

/// Which commands the client takes part in, as it says in `experimental.commands.commands`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OwnCommands {
    /// It lists the places that it is answered.
    pub(crate) shows_places: bool,
    /// It asks the user what it is answered as `questions`.
    pub(crate) asks: bool,
}

impl OwnCommands {
    fn of(experimental: Option<&LSPAny>) -> Self {
        let names = experimental.and_then(|it| it.pointer("/commands/commands")).and_then(LSPAny::as_array);
        let has = |name: &str| names.is_some_and(|names| names.iter().any(|it| it == name));
        Self { shows_places: has(SHOW_REFERENCES), asks: has(RETIRE) }
    }
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
        let diagnostics = DiagnosticAbilities::of(&text, &workspace);
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
            commands: OwnCommands::of(client.experimental.as_ref()),
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

/// How the editor gets diagnostics, and what it can show of one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DiagnosticAbilities {
    /// It asks for them, and asks again when told to. What it asks for is never sent unasked.
    pub(crate) pulls: bool,
    /// It takes the findings of other files with those of the one it asks about.
    pub(crate) related_documents: bool,
    pub(crate) related: bool,
    pub(crate) unnecessary: bool,
    pub(crate) deprecated: bool,
    pub(crate) descriptions: bool,
    pub(crate) data: bool,
}

impl DiagnosticAbilities {
    /// What `text` and `workspace`, the client's capabilities, say. A client that asks but cannot be told to ask again
    /// would miss what other files change, so it is sent everything.
    pub(crate) fn of(text: &TextDocumentClientCapabilities, workspace: &WorkspaceClientCapabilities) -> Self {
        let (pull, push) = (text.diagnostic.as_ref(), text.publish_diagnostics.as_ref());
        let refreshes = workspace.diagnostics.as_ref().and_then(|it| it.refresh_support).unwrap_or_default();
        let tags =
            push.and_then(|it| it.tag_support.as_ref()).map(|tags| tags.value_set.as_slice()).unwrap_or_default();
        Self {
            pulls: pull.is_some() && refreshes,
            related_documents: pull.and_then(|it| it.related_document_support).unwrap_or_default(),
            related: push.and_then(|it| it.related_information).unwrap_or_default(),
            unnecessary: tags.contains(&DiagnosticTag::UNNECESSARY),
            deprecated: tags.contains(&DiagnosticTag::DEPRECATED),
            descriptions: push.and_then(|it| it.code_description_support).unwrap_or_default(),
            data: push.and_then(|it| it.data_support).unwrap_or_default(),
        }
    }
}

/// What the client can do with a `WorkspaceEdit`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct EditAbilities {
    /// `documentChanges`: edits of a stated version.
    pub(crate) versions: bool,
    /// Labels for groups of edits.
    pub(crate) annotations: bool,
    /// Making files.
    pub(crate) create: bool,
    /// Moving files.
    pub(crate) rename: bool,
}

impl EditAbilities {
    /// The abilities that the client declares for its workspace.
    pub(crate) fn of(client: Option<&WorkspaceEditClientCapabilities>) -> Self {
        let Some(client) = client else { return Self::default() };
        let versions = client.document_changes.unwrap_or_default();
        let operations = client.resource_operations.as_deref().unwrap_or_default();
        Self {
            versions,
            annotations: versions && client.change_annotation_support.is_some(),
            create: versions && operations.contains(&ResourceOperationKind::Create),
            rename: versions && operations.contains(&ResourceOperationKind::Rename),
        }
    }
}

/// What the client can do with an action.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ActionAbilities {
    /// Actions that are more than commands.
    pub(crate) literals: bool,
    /// Edits that are made when the action is taken.
    pub(crate) resolves: bool,
    /// Actions that say why they cannot be taken.
    pub(crate) disabled: bool,
    pub(crate) preferred: bool,
    /// Edits that the server asks for.
    pub(crate) applies: bool,
}

impl ActionAbilities {
    /// The abilities that the client declares.
    pub(crate) fn of(client: Option<&CodeActionClientCapabilities>, applies: bool) -> Self {
        let Some(client) = client else { return Self { applies, ..Self::default() } };
        let edits = client.resolve_support.as_ref().is_some_and(|it| it.properties.iter().any(|it| it == "edit"));
        Self {
            literals: client.code_action_literal_support.is_some(),
            resolves: edits && client.data_support.unwrap_or_default(),
            disabled: client.disabled_support.unwrap_or_default(),
            preferred: client.is_preferred_support.unwrap_or_default(),
            applies,
        }
    }
}
