//! Findings as the protocol's diagnostics, encoded straight to JSON: they are by far the most that is sent.

use super::client_capabilities::DiagnosticAbilities;
use super::notification::notification;
use super::uri_map::UriMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use tower_lsp::ls_types::{self, ProgressToken};
use traceline_engine::path::FilePath;
use traceline_engine::query::Place;
use traceline_engine::rule::Finding;
use traceline_engine::settings::Level;
use traceline_engine::text::{Encoding, Range};
use traceline_engine::world::Snapshot;

/// Where the rules are described, each on a page of its name.
const PAGES: &str = concat!(env!("CARGO_PKG_HOMEPAGE"), "/blob/main/server/docs/rules");

#[derive(Serialize)]
struct Publish<'a> {
    uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    diagnostics: &'a RawValue,
}

/// A file's diagnostics as JSON, ready to be sent in whichever way; cheap to compare.
#[derive(Clone, Debug)]
pub(crate) struct Items(Box<RawValue>);

impl Items {
    fn of(diagnostics: &[Diagnostic<'_>]) -> Self {
        Self(serde_json::value::to_raw_value(diagnostics).expect("plain data has a JSON form"))
    }

    #[cfg(test)]
    pub(crate) fn of_text(json: &str) -> Self {
        Self(RawValue::from_string(json.to_string()).unwrap())
    }

    /// The diagnostics as the protocol's own type, for answers.
    pub(crate) fn decode(&self) -> Vec<ls_types::Diagnostic> {
        serde_json::from_str(self.0.get()).expect("every field of ours is one of the protocol's")
    }

    /// Whether both say the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }

    /// Equal where the diagnostics are.
    pub(crate) fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.get().hash(&mut hasher);
        hasher.finish()
    }
}

/// A diagnostic as the protocol has it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Diagnostic<'a> {
    range: Lsp,
    severity: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_description: Option<Description>,
    source: &'static str,
    message: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_information: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct Description {
    href: Page,
}

/// The page of the rule with this name.
#[derive(Clone, Debug)]
struct Page(&'static str);

impl Serialize for Page {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{PAGES}/{}.md", self.0))
    }
}

#[derive(Clone, Debug, Serialize)]
struct Related<'a> {
    location: Location,
    message: &'a str,
}

#[derive(Clone, Debug, Serialize)]
struct Location {
    uri: String,
    range: Lsp,
}

/// What a client keeps of a diagnostic and sends back when it asks for code actions.
#[derive(Clone, Debug, Serialize)]
struct Data<'a> {
    /// What the fix of the finding does.
    fix: &'a str,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Lsp {
    start: At,
    end: At,
}

#[derive(Clone, Copy, Debug, Serialize)]
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
const DEPRECATED: u8 = 2;

const SOURCE: &str = "traceline";

/// How findings become diagnostics in this session.
#[derive(Clone, Copy)]
pub(crate) struct Encoder<'a> {
    pub(crate) encoding: Encoding,
    pub(crate) uris: &'a UriMap,
    pub(crate) abilities: DiagnosticAbilities,
}

impl Encoder<'_> {
    /// The findings of the file at `path` as JSON.
    pub(crate) fn items(&self, snapshot: &Snapshot, path: &FilePath, findings: &[Finding]) -> Items {
        Items::of(&self.diagnostics(snapshot, path, findings))
    }

    fn diagnostics<'f>(&self, snapshot: &Snapshot, path: &FilePath, findings: &'f [Finding]) -> Vec<Diagnostic<'f>> {
        let Some(view) = snapshot.view(path) else { return Vec::new() };
        let locate = |place: &Place| {
            let range = snapshot.view(&place.path)?.range(place.span, self.encoding);
            Some(Location { uri: self.uris.encode(&place.path), range: range.into() })
        };
        let DiagnosticAbilities { related, unnecessary, deprecated, descriptions, data, .. } = self.abilities;
        let diagnostic = |finding: &'f Finding| {
            let message = match &finding.help {
                Some(help) => Cow::Owned(format!("{}\n{help}", finding.message)),
                None => Cow::Borrowed(finding.message.as_str()),
            };
            let name = finding.rule.name;
            let places = finding.related.iter().filter(|_| related);
            let information = places.filter_map(|(place, message)| Some(Related { location: locate(place)?, message }));
            let tags =
                [(finding.unnecessary && unnecessary, UNNECESSARY), (finding.deprecated && deprecated, DEPRECATED)];
            Diagnostic {
                range: view.range(finding.span, self.encoding).into(),
                severity: severity(finding.level),
                code: Some(name),
                code_description: descriptions.then_some(Description { href: Page(name) }),
                source: SOURCE,
                message,
                tags: tags.into_iter().filter_map(|(wanted, tag)| wanted.then_some(tag)).collect(),
                related_information: information.collect(),
                data: finding.fix.as_ref().filter(|_| data).map(|fix| Data { fix: &fix.title }),
            }
        };
        findings.iter().map(diagnostic).collect()
    }

    /// The `textDocument/publishDiagnostics` that shows `items`.
    pub(crate) fn publish(&self, path: &FilePath, version: Option<i32>, items: &Items) -> String {
        let publish = Publish { uri: &self.uris.encode(path), version, diagnostics: &items.0 };
        notification("textDocument/publishDiagnostics", publish)
    }

    /// The message that clears what is shown of a file.
    pub(crate) fn publish_none(&self, path: &FilePath) -> String {
        self.publish(path, None, &Items::of(&[]))
    }

    /// The message that shows what is wrong with a configuration file.
    pub(crate) fn publish_problems<'p>(&self, path: &FilePath, problems: &[(Range, &'p str)]) -> String {
        let diagnostic = |(range, message): &(Range, &'p str)| Diagnostic {
            range: (*range).into(),
            severity: severity(Level::Warning),
            code: None,
            code_description: None,
            source: SOURCE,
            message: Cow::Borrowed(*message),
            tags: Vec::new(),
            related_information: Vec::new(),
            data: None,
        };
        let diagnostics: Vec<Diagnostic<'_>> = problems.iter().map(diagnostic).collect();
        self.publish(path, None, &Items::of(&diagnostics))
    }

    /// The `$/progress` that reports files to a `workspace/diagnostic` with this token: path, version, result id and
    /// diagnostics of each.
    pub(crate) fn partial<'i>(
        &self,
        token: &ProgressToken,
        files: impl IntoIterator<Item = (&'i FilePath, Option<i32>, String, &'i Items)>,
    ) -> String {
        #[derive(Serialize)]
        struct Progress<'a> {
            token: &'a ProgressToken,
            value: Value<'a>,
        }
        #[derive(Serialize)]
        struct Value<'a> {
            items: Vec<Report<'a>>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Report<'a> {
            kind: &'static str,
            uri: String,
            version: Option<i32>,
            result_id: String,
            items: &'a RawValue,
        }
        let report = |(path, version, result_id, items): (&FilePath, Option<i32>, String, &'i Items)| Report {
            kind: "full",
            uri: self.uris.encode(path),
            version,
            result_id,
            items: &items.0,
        };
        let items = files.into_iter().map(report).collect();
        notification("$/progress", Progress { token, value: Value { items } })
    }
}

impl Default for Items {
    fn default() -> Self {
        Self::of(&[])
    }
}
