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
    /// No document.
    Workspace,
}

const fn method(name: &'static str, offer: &'static str, place: Place) -> Method {
    Method { name, offer, place }
}

use Place::{Plan, Requirements, Tasks, Workspace};

const METHODS: &[Method] = &[
    method("textDocument/diagnostic", "/diagnosticProvider", Plan),
    method("textDocument/documentSymbol", "/documentSymbolProvider", Plan),
    method("textDocument/codeLens", "/codeLensProvider", Requirements),
    method("textDocument/codeLens", "/codeLensProvider", Tasks),
    method("textDocument/inlayHint", "/inlayHintProvider", Plan),
    method("textDocument/semanticTokens/full", "/semanticTokensProvider/full", Plan),
    method("textDocument/semanticTokens/full/delta", "/semanticTokensProvider/full/delta", Plan),
    method("textDocument/semanticTokens/range", "/semanticTokensProvider/range", Plan),
    method("textDocument/foldingRange", "/foldingRangeProvider", Plan),
    method("textDocument/selectionRange", "/selectionRangeProvider", Plan),
    method("textDocument/documentLink", "/documentLinkProvider", Plan),
    method("textDocument/documentHighlight", "/documentHighlightProvider", Plan),
    method("textDocument/hover", "/hoverProvider", Plan),
    method("textDocument/completion", "/completionProvider", Plan),
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
    method("textDocument/prepareRename", "/renameProvider/prepareProvider", Plan),
    method("textDocument/rename", "/renameProvider", Tasks),
    method("textDocument/linkedEditingRange", "/linkedEditingRangeProvider", Requirements),
    method("textDocument/formatting", "/documentFormattingProvider", Plan),
    method("textDocument/rangeFormatting", "/documentRangeFormattingProvider", Plan),
    method("textDocument/onTypeFormatting", "/documentOnTypeFormattingProvider", Plan),
    method("workspace/symbol", "/workspaceSymbolProvider", Workspace),
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
        let (uri, _) = client.open_text(&folder.join("tasks.md"), &text);
        asked(&client, uri, "_Requirements: ", 16)?
    };
    client.settle(Duration::from_millis(500));
    for method in METHODS {
        if !client.offers_at(method.offer) {
            continue;
        }
        let place = match method.place {
            Plan | Workspace => &plan,
            Tasks => &tasks,
            Requirements => &requirements,
        };
        let tally = ask(bench, &mut client, method, place)?;
        let note = match method.place {
            Plan => " in a plan of 100 KB",
            Tasks => " among 1,000 references",
            Requirements => " in the requirements",
            Workspace => "",
        };
        bench.enter(Metric::Method, &tally, &format!("`{}`{note}", method.name))?;
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
        if !matches!(method.place, Workspace) {
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
        "workspace/symbol" => return Ok(Some(json!({"query": "FR-2.1"}))),
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
        _ => {}
    }
    if method.name.contains("ormatting") {
        params["options"] = json!({"tabSize": 2, "insertSpaces": true});
    }
    Ok(Some(params))
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
