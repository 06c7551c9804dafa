//! Every method of the protocol that the server offers, each asked right behind a letter typed into its document.

use super::{Bench, ms, start, within};
use crate::client::{Client, asked_at};
use crate::document::Spot;
use crate::row::{Metric, Tally};
use crate::server::{Diagnostics, Server};
use crate::workspace::LONG;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// References to one requirement.
const REFERENCES: usize = 1_000;

/// A requirement above all features.
const SHARED: &str = "FR-901";

/// A method, where its offer stands in the server's capabilities, and the document it is asked in.
struct Method {
    name: &'static str,
    offer: &'static str,
    place: Place,
}

#[derive(Clone, Copy)]
enum Place {
    /// The plan of 100 KB.
    Plan,
    /// The tasks, which name one requirement a thousand times.
    Tasks,
    /// What defines the requirements.
    Requirements,
    /// A document above all features, which look ids up there.
    Shared,
    /// No document; a query of this kind.
    Workspace(&'static str, &'static str),
}

impl Place {
    fn note(self) -> String {
        match self {
            Self::Plan => " in a plan of 100 KB".to_owned(),
            Self::Tasks => format!(" among {REFERENCES} references"),
            Self::Requirements => " in the requirements".to_owned(),
            Self::Shared => " in requirements of all features".to_owned(),
            Self::Workspace(kind, query) => format!(" for {kind}, `{query}`"),
        }
    }
}

const fn method(name: &'static str, offer: &'static str, place: Place) -> Method {
    Method { name, offer, place }
}

use Place::{Plan, Requirements, Shared, Tasks, Workspace};

const METHODS: &[Method] = &[
    method("textDocument/diagnostic", "/diagnosticProvider", Plan),
    method("textDocument/documentSymbol", "/documentSymbolProvider", Plan),
    method("textDocument/codeLens", "/codeLensProvider", Requirements),
    method("textDocument/codeLens", "/codeLensProvider", Tasks),
    method("codeLens/resolve", "/codeLensProvider/resolveProvider", Requirements),
    method("textDocument/inlayHint", "/inlayHintProvider", Plan),
    method("inlayHint/resolve", "/inlayHintProvider/resolveProvider", Plan),
    method("textDocument/semanticTokens/full", "/semanticTokensProvider/full", Plan),
    method("textDocument/semanticTokens/full/delta", "/semanticTokensProvider/full/delta", Plan),
    method("textDocument/semanticTokens/range", "/semanticTokensProvider/range", Plan),
    method("textDocument/foldingRange", "/foldingRangeProvider", Plan),
    method("textDocument/selectionRange", "/selectionRangeProvider", Plan),
    method("textDocument/documentLink", "/documentLinkProvider", Plan),
    method("documentLink/resolve", "/documentLinkProvider/resolveProvider", Plan),
    method("textDocument/documentHighlight", "/documentHighlightProvider", Plan),
    method("textDocument/hover", "/hoverProvider", Plan),
    method("textDocument/completion", "/completionProvider", Plan),
    method("completionItem/resolve", "/completionProvider/resolveProvider", Plan),
    method("textDocument/definition", "/definitionProvider", Plan),
    method("textDocument/declaration", "/declarationProvider", Plan),
    method("textDocument/implementation", "/implementationProvider", Plan),
    method("textDocument/typeDefinition", "/typeDefinitionProvider", Plan),
    method("textDocument/references", "/referencesProvider", Plan),
    method("textDocument/references", "/referencesProvider", Tasks),
    method("textDocument/prepareCallHierarchy", "/callHierarchyProvider", Plan),
    method("callHierarchy/incomingCalls", "/callHierarchyProvider", Requirements),
    method("callHierarchy/outgoingCalls", "/callHierarchyProvider", Requirements),
    method("textDocument/prepareTypeHierarchy", "/typeHierarchyProvider", Plan),
    method("typeHierarchy/supertypes", "/typeHierarchyProvider", Requirements),
    method("typeHierarchy/subtypes", "/typeHierarchyProvider", Requirements),
    method("textDocument/codeAction", "/codeActionProvider", Plan),
    method("codeAction/resolve", "/codeActionProvider/resolveProvider", Plan),
    method("textDocument/prepareRename", "/renameProvider/prepareProvider", Plan),
    method("textDocument/rename", "/renameProvider", Tasks),
    method("textDocument/linkedEditingRange", "/linkedEditingRangeProvider", Requirements),
    method("textDocument/formatting", "/documentFormattingProvider", Plan),
    method("textDocument/rangeFormatting", "/documentRangeFormattingProvider", Plan),
    method("textDocument/onTypeFormatting", "/documentOnTypeFormattingProvider", Plan),
    method("workspace/willRenameFiles", "/workspace/fileOperations/willRename", Plan),
    method("textDocument/hover", "/hoverProvider", Shared),
    method("textDocument/references", "/referencesProvider", Shared),
    method("textDocument/codeLens", "/codeLensProvider", Shared),
    method("codeLens/resolve", "/codeLensProvider/resolveProvider", Shared),
    method("textDocument/inlayHint", "/inlayHintProvider", Shared),
    method("workspace/symbol", "/workspaceSymbolProvider", Workspace("an id of every feature", "FR-2.1")),
    method("workspace/symbol", "/workspaceSymbolProvider", Workspace("the beginning of one", "FR-2")),
    method("workspace/symbol", "/workspaceSymbolProvider", Workspace("a word", "token")),
    method("workspace/symbol", "/workspaceSymbolProvider", Workspace("words", "store the token")),
    method("workspace/symbol", "/workspaceSymbolProvider", Workspace("letters in order", "strtkn")),
    method("workspace/symbol", "/workspaceSymbolProvider", Workspace("what is nowhere", "zzqqxx")),
];

/// An open document, with a line of prose to type into and a place to ask at.
struct Asked {
    uri: String,
    prose: usize,
    spot: Spot,
    lines: usize,
}

/// Starts the server as an editor does that asks for diagnostics, opens a feature's documents and asks method by method.
pub(crate) fn methods(bench: &mut Bench<'_>) -> Result<()> {
    let server = Server { diagnostics: Diagnostics::Pull, ..bench.server.clone() };
    let mut client = Client::start(&server, &bench.root, bench.pace.patience)?;
    start::ready(bench, &mut client)?;
    client.version.clone_into(&mut bench.version);
    let folder = bench.root.join("specs").join(LONG);
    let plan = {
        let (uri, _) = client.open(&folder.join("plan.md"))?;
        asked(&client, uri, "_Requirements: ", 16)?
    };
    let id = {
        let line = &client.document(&plan.uri).lines[plan.spot.line];
        line[plan.spot.column - 1..].split([',', '_']).next().context("a trace line holds an id")?.to_owned()
    };
    let requirements = {
        let (uri, _) = client.open(&folder.join("requirements.md"))?;
        asked(&client, uri, &id, 1)?
    };
    let tasks = {
        let mut text = String::from("# Tasks\n\nThe service shall do all of this.\n\n");
        for number in 1..=REFERENCES {
            text += &format!("- [ ] {number}. Task\n  - _Requirements: {id}_\n");
        }
        text += &format!("- [ ] {}. Task\n  - _Requirements: {SHARED}_\n", REFERENCES + 1);
        let (uri, _) = client.open_text(&folder.join("tasks.md"), &text);
        asked(&client, uri, "_Requirements: ", 16)?
    };
    let shared = {
        let text = format!("# Requirements\n\nThe service shall do all of this.\n\n- **{SHARED}**: Stay awake\n");
        let (uri, _) = client.open_text(&bench.root.join("REQUIREMENTS.md"), &text);
        asked(&client, uri, SHARED, 1)?
    };
    client.settle(Duration::from_millis(500));
    for method in METHODS {
        if !client.offers_at(method.offer) {
            continue;
        }
        let place = match method.place {
            Plan | Workspace(..) => &plan,
            Tasks => &tasks,
            Requirements => &requirements,
            Shared => &shared,
        };
        // What the last letter of the method before set going is not this one's.
        client.settle(Duration::from_millis(300));
        let tally = ask(bench, &mut client, method, place)?;
        bench.enter(Metric::Method, &tally, &format!("`{}`{}", method.name, method.place.note()))?;
    }
    client.stop();
    Ok(())
}

fn asked(client: &Client, uri: String, needle: &str, offset: usize) -> Result<Asked> {
    let document = client.document(&uri);
    let spots = document.spots(needle, offset);
    let spot = *spots.get(spots.len() / 2).with_context(|| format!("{uri} has no `{needle}`"))?;
    let prose = document.prose(0.5).or_else(|| document.prose(0.0)).with_context(|| format!("{uri} has no prose"))?;
    Ok(Asked { prose, spot, lines: document.lines.len(), uri })
}

fn ask(bench: &Bench<'_>, client: &mut Client, method: &Method, at: &Asked) -> Result<Tally> {
    let (mut tally, begun) = (Tally::default(), Instant::now());
    let mut state = Value::Null;
    for round in 0..bench.pace.questions {
        // A letter comes and goes, so that nothing can be answered from what was found for the same text.
        let (from, to, letter) = if round % 2 == 0 { (11, 11, "x") } else { (11, 12, "") };
        if !matches!(method.place, Workspace(..)) {
            client.edit(&at.uri, at.prose, from, to, letter);
        }
        let Some(params) = params(bench, client, method, at, &mut state)? else {
            tally.fault("no item to ask with");
            break;
        };
        let (answer, took) = match client.ask(method.name, &params, bench.pace.patience) {
            Ok(answered) => answered,
            Err(silence) => {
                tally.fault(silence);
                break;
            }
        };
        match (&answer.error, fault(method, &answer.value())) {
            (Some(error), _) => tally.fault(format!("error {error}")),
            (None, Some(fault)) => tally.fault(fault),
            (None, None) => tally.take(ms(took)),
        }
        if method.name.starts_with("textDocument/semanticTokens/full") {
            state = answer.value()["resultId"].clone();
        }
        if !within(bench.pace.budget, begun) {
            break;
        }
    }
    Ok(tally)
}

/// The parameters of a question; none where the one that must be asked before has no answer.
fn params(
    bench: &Bench<'_>,
    client: &mut Client,
    method: &Method,
    at: &Asked,
    state: &mut Value,
) -> Result<Option<Value>> {
    let mut params = asked_at(&at.uri, at.spot);
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": at.lines, "character": 0}});
    let screen = json!({
        "start": {"line": at.spot.line.saturating_sub(30), "character": 0},
        "end": {"line": at.spot.line + 30, "character": 0},
    });
    match method.name {
        "workspace/symbol" => {
            let Workspace(_, query) = method.place else { return Ok(None) };
            return Ok(Some(json!({"query": query})));
        }
        "workspace/willRenameFiles" => {
            let moved = at.uri.replace("plan.md", "design.md");
            return Ok(Some(json!({"files": [{"oldUri": at.uri, "newUri": moved}]})));
        }
        "textDocument/references" => params["context"] = json!({"includeDeclaration": true}),
        "textDocument/inlayHint" => params["range"] = whole,
        "textDocument/semanticTokens/range" | "textDocument/rangeFormatting" => params["range"] = screen,
        "textDocument/selectionRange" => params["positions"] = json!([at.spot.encode()]),
        "textDocument/rename" => params["newName"] = json!("FR-88.8"),
        "textDocument/codeAction" => {
            params["range"] = json!({"start": at.spot.encode(), "end": at.spot.encode()});
            params["context"] = json!({"diagnostics": []});
        }
        "textDocument/onTypeFormatting" => params["ch"] = json!("\n"),
        "textDocument/semanticTokens/full/delta" => {
            if state.is_null() {
                let whole = json!({"textDocument": {"uri": at.uri}});
                let (answer, _) = client.ask("textDocument/semanticTokens/full", &whole, bench.pace.patience)?;
                *state = answer.value()["resultId"].clone();
            }
            params["previousResultId"] = state.clone();
        }
        "callHierarchy/incomingCalls"
        | "callHierarchy/outgoingCalls"
        | "typeHierarchy/supertypes"
        | "typeHierarchy/subtypes" => {
            if state.is_null() {
                let kind = if method.name.starts_with("call") { "Call" } else { "Type" };
                let prepare = format!("textDocument/prepare{kind}Hierarchy");
                let (answer, _) = client.ask(&prepare, &params, bench.pace.patience)?;
                *state = answer.value()[0].clone();
            }
            return Ok((!state.is_null()).then(|| json!({"item": state})));
        }
        "codeLens/resolve"
        | "inlayHint/resolve"
        | "documentLink/resolve"
        | "completionItem/resolve"
        | "codeAction/resolve" => {
            // An action belongs to the text that it was offered for.
            if state.is_null() || method.name == "codeAction/resolve" {
                *state = item(bench, client, method, params, whole)?;
            }
            return Ok((!state.is_null()).then(|| state.clone()));
        }
        _ => {}
    }
    if method.name.contains("ormatting") {
        params["options"] = json!({"tabSize": 2, "insertSpaces": true});
    }
    Ok(Some(params))
}

/// The first of what can be resolved at a place; null where there is nothing.
fn item(bench: &Bench<'_>, client: &mut Client, method: &Method, mut params: Value, whole: Value) -> Result<Value> {
    let list = match method.name {
        "codeLens/resolve" => "textDocument/codeLens",
        "inlayHint/resolve" => "textDocument/inlayHint",
        "documentLink/resolve" => "textDocument/documentLink",
        "completionItem/resolve" => "textDocument/completion",
        _ => "textDocument/codeAction",
    };
    if list == "textDocument/codeAction" {
        params["context"] = json!({"diagnostics": []});
    }
    params["range"] = whole;
    let (answer, _) = client.ask(list, &params, bench.pace.patience)?;
    let answer = answer.value();
    let items = answer.as_array().or_else(|| answer["items"].as_array()).map_or(&[][..], Vec::as_slice);
    // An action that does not wait for its edits has nothing to resolve.
    let waits = |item: &&Value| list != "textDocument/codeAction" || item["data"].is_object();
    Ok(items.iter().find(waits).cloned().unwrap_or_default())
}

/// What is wrong with an answer: that there is none where there must be one.
fn fault(method: &Method, answer: &Value) -> Option<String> {
    let count = |value: &Value| value.as_array().map_or(0, Vec::len);
    let edits = |value: &Value| {
        let changes = value["documentChanges"].as_array().into_iter().flatten();
        changes.map(|change| count(&change["edits"])).sum::<usize>()
    };
    match method.name {
        // There may be nothing to do, nothing below, and nothing that was found.
        "workspace/willRenameFiles" => None,
        "workspace/symbol" if matches!(method.place, Workspace(_, "zzqqxx")) => None,
        "textDocument/diagnostic" => (!answer["kind"].is_string()).then(|| "no report".to_owned()),
        "textDocument/codeAction"
        | "callHierarchy/outgoingCalls"
        | "typeHierarchy/supertypes"
        | "typeHierarchy/subtypes"
        | "textDocument/typeDefinition"
        | "textDocument/linkedEditingRange"
        | "textDocument/documentLink" => None,
        name if name.contains("ormatting") => None,
        "textDocument/rename" if edits(answer) <= REFERENCES => {
            Some(format!("{} edits for {REFERENCES} references and more", edits(answer)))
        }
        "textDocument/references" if matches!(method.place, Tasks) && count(answer) <= REFERENCES => {
            Some(format!("{} of {REFERENCES} references and more", count(answer)))
        }
        _ if answer.is_null() || answer.as_array().is_some_and(Vec::is_empty) => Some("an empty answer".to_owned()),
        _ => None,
    }
}
