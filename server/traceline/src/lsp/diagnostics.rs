//! Findings as the protocol's diagnostics, encoded straight to JSON: they are by far the most that is sent.

use super::uris::Spellings;
use serde::Serialize;
use traceline_engine::path::FilePath;
use traceline_engine::query::Place;
use traceline_engine::rule::Finding;
use traceline_engine::settings::Level;
use traceline_engine::text::{Encoding, Range};
use traceline_engine::world::Snapshot;

/// What the editor can show of a diagnostic.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Features {
    pub(crate) related: bool,
    pub(crate) tags: bool,
}

#[derive(Serialize)]
struct Notification<'a, P> {
    jsonrpc: &'static str,
    method: &'a str,
    params: P,
}

#[derive(Serialize)]
struct Publish<'a> {
    uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Diagnostic<'a> {
    range: Lsp,
    severity: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    source: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_information: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    location: Location,
    message: &'a str,
}

#[derive(Serialize)]
struct Location {
    uri: String,
    range: Lsp,
}

#[derive(Serialize)]
struct Lsp {
    start: At,
    end: At,
}

#[derive(Serialize)]
struct At {
    line: u32,
    character: u32,
}

impl From<Range> for Lsp {
    fn from(range: Range) -> Self {
        let at = |position: traceline_engine::text::Position| At { line: position.line, character: position.column };
        Self { start: at(range.start), end: at(range.end) }
    }
}

/// LSP 3.17, `DiagnosticSeverity`.
fn severity(level: Level) -> u8 {
    match level {
        Level::Error => 1,
        Level::Warning => 2,
        Level::Information => 3,
        Level::Hint => 4,
    }
}

/// LSP 3.17, `DiagnosticTag.Unnecessary`.
const UNNECESSARY: u8 = 1;

const SOURCE: &str = "traceline";

fn notification(method: &str, params: impl Serialize) -> String {
    serde_json::to_string(&Notification { jsonrpc: "2.0", method, params }).expect("plain data has a JSON form")
}

/// The `textDocument/publishDiagnostics` that shows the findings of the file at `path`.
pub(crate) fn encode(
    snapshot: &Snapshot,
    path: &FilePath,
    findings: &[Finding],
    version: Option<i32>,
    encoding: Encoding,
    uris: &Spellings,
    features: Features,
) -> String {
    let Some(view) = snapshot.view(path) else { return encode_none(path, uris) };
    let locate = |place: &Place| {
        let range = snapshot.view(&place.path)?.range(place.span, encoding);
        Some(Location { uri: uris.encode(&place.path), range: range.into() })
    };
    let diagnostics = findings.iter().map(|finding| {
        let mut message = finding.message.clone();
        if let Some(help) = &finding.help {
            message.push('\n');
            message.push_str(help);
        }
        let places = finding.related.iter().filter(|_| features.related);
        let related_information =
            places.filter_map(|(place, message)| Some(Related { location: locate(place)?, message })).collect();
        Diagnostic {
            range: view.range(finding.span, encoding).into(),
            severity: severity(finding.level),
            code: Some(finding.rule.name),
            source: SOURCE,
            message,
            tags: if finding.unnecessary && features.tags { vec![UNNECESSARY] } else { Vec::new() },
            related_information,
        }
    });
    let diagnostics = diagnostics.collect();
    notification("textDocument/publishDiagnostics", Publish { uri: &uris.encode(path), version, diagnostics })
}

/// The message that clears what is shown of a file.
pub(crate) fn encode_none(path: &FilePath, uris: &Spellings) -> String {
    notification(
        "textDocument/publishDiagnostics",
        Publish { uri: &uris.encode(path), version: None, diagnostics: Vec::new() },
    )
}

/// The message that shows what is wrong with a configuration file.
pub(crate) fn encode_problems(path: &FilePath, problems: &[(Range, &str)], uris: &Spellings) -> String {
    let diagnostics = problems.iter().map(|(range, message)| Diagnostic {
        range: (*range).into(),
        severity: severity(Level::Warning),
        code: None,
        source: SOURCE,
        message: (*message).to_string(),
        tags: Vec::new(),
        related_information: Vec::new(),
    });
    notification(
        "textDocument/publishDiagnostics",
        Publish { uri: &uris.encode(path), version: None, diagnostics: diagnostics.collect() },
    )
}

/// The `window/logMessage` that warns in the editor's log.
pub(crate) fn encode_log(message: &str) -> String {
    #[derive(Serialize)]
    struct Log<'a> {
        r#type: u8,
        message: &'a str,
    }
    notification("window/logMessage", Log { r#type: 2, message })
}
