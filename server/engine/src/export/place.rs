//! The report of `traceline inspect FILE:LINE` as JSON: what was understood of one place.

use crate::facts::{Certainty, Form, Kind};
use crate::feature::explain::{Entry, LookedUp, Read, explain};
use crate::path::FilePath;
use crate::query::Place;
use crate::rule::Finding;
use crate::rule::account::{Account, Silencer};
use crate::text::{Encoding, Span};
use crate::world::{Snapshot, View};
use schemars::JsonSchema;
use serde::Serialize;

/// What was understood of a place. Lines and columns count from 1, columns in UTF-16 code units.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(title = "traceline inspect FILE:LINE[:COLUMN]")]
pub struct Report {
    /// The version of this format.
    pub version: u32,
    /// The file, relative to its workspace folder.
    pub path: String,
    /// The line that was asked about.
    pub line: u32,
    /// The column that was asked about; none for the whole line.
    pub column: Option<u32>,
    /// The dialect the file was read in.
    pub dialect: String,
    /// What the file is for.
    pub role: &'static str,
    /// What stands there, in the order of the text.
    pub read: Vec<ReadEntry>,
    /// What the rules made of it.
    pub rules: Vec<RuleEntry>,
}

/// Something that stands there.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadEntry {
    /// What it was read as.
    #[schemars(extend("enum" = ["definition", "reference", "trace-line", "task", "heading", "placeholder", "suppression", "nothing"]))]
    pub what: &'static str,
    /// Its text.
    pub text: String,
    /// Its line.
    pub line: u32,
    /// Its column.
    pub column: u32,
    /// The id that it defines or names.
    pub id: Option<String>,
    /// More of how it was read, in words.
    pub how: String,
    /// Where a reference was looked up, in order.
    pub looked_up: Vec<FolderEntry>,
    /// Where what a reference means is defined.
    pub resolved: Vec<super::inspect::PlaceEntry>,
    /// What came nearest to a reference that means nothing.
    pub nearest: Option<NearestEntry>,
}

/// A folder in which an id was looked up.
#[derive(Debug, JsonSchema, Serialize)]
pub struct FolderEntry {
    /// The folder, relative to its workspace folder.
    pub folder: String,
    /// Whether the id is defined there.
    pub found: bool,
}

/// A defined id that is like one that is not.
#[derive(Debug, JsonSchema, Serialize)]
pub struct NearestEntry {
    /// The id.
    pub id: String,
    /// In which way it is near.
    pub why: &'static str,
}

/// What a rule made of the place.
#[derive(Debug, JsonSchema, Serialize)]
pub struct RuleEntry {
    /// The rule's name.
    pub rule: &'static str,
    /// The level of its finding; none where something silenced it.
    #[schemars(extend("enum" = ["error", "warning", "information", "hint", null]))]
    pub level: Option<&'static str>,
    /// What it finds, or would.
    pub message: String,
    /// What lowered or silenced it.
    pub by: Vec<ByEntry>,
}

/// Something that lowers or silences a finding.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct ByEntry {
    /// What it is.
    #[schemars(extend("enum" = ["doubt", "settings", "comment", "template", "baseline"]))]
    pub kind: &'static str,
    /// The doubt's name.
    pub doubt: Option<&'static str>,
    /// In words.
    pub note: String,
}

/// What was understood of the place at `line` and `column`, both from 1, of the file at `path`, whose text is `text`; none
/// where there is no such line.
#[must_use]
pub fn report(snapshot: &Snapshot, path: &FilePath, text: &str, line: u32, column: Option<u32>) -> Option<Report> {
    let view = snapshot.view(path)?;
    let span = asked(text, line, column)?;
    let explanation = explain(snapshot, path, text, span)?;
    let read = explanation.read.iter().map(|entry| read_entry(snapshot, &view, text, entry)).collect();
    Some(Report {
        version: 1,
        path: snapshot.display_path(path).to_string(),
        line,
        column,
        dialect: snapshot.dialect_of(path).table.name.to_string(),
        role: view.role.as_str(),
        read,
        rules: rules(&view, &explanation.account),
    })
}

/// The text that is asked about: a line without its end, or the place before a column.
fn asked(text: &str, line: u32, column: Option<u32>) -> Option<Span> {
    let at = line.checked_sub(1)?;
    let range = crate::text::lines_of(text).nth(at as usize)?;
    let line = text[range.clone()].trim_end_matches(['\n', '\r']);
    let Some(column) = column else { return Some(Span::new(range.start, range.start + line.len())) };
    let mut left = column.checked_sub(1)? as usize;
    let before = line.chars().take_while(|c| {
        let fits = left > 0;
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    let offset = range.start + before.map(char::len_utf8).sum::<usize>();
    Some(Span::new(offset, offset))
}

fn read_entry(snapshot: &Snapshot, view: &View<'_>, text: &str, entry: &Entry) -> ReadEntry {
    let at = view.position(entry.span.start, Encoding::Utf16);
    let mut out = ReadEntry {
        what: "nothing",
        text: text.get(entry.span.range()).unwrap_or_default().to_string(),
        line: at.line + 1,
        column: at.column + 1,
        id: None,
        how: String::new(),
        looked_up: Vec::new(),
        resolved: Vec::new(),
        nearest: None,
    };
    match &entry.read {
        Read::Definition { id, form, withdrawn, counts } => {
            let gone = if *withdrawn { ", withdrawn" } else { "" };
            let weak = if *counts { "" } else { "; others of the file are stronger, so it defines nothing" };
            (out.what, out.id) = ("definition", Some(id.to_string()));
            out.how = format!("{}{gone}{weak}", form_words(*form));
        }
        Read::Reference { id, kind, sure, lookup } => {
            (out.what, out.id) = ("reference", Some(id.to_string()));
            out.how = format!("{}, {}", kind_words(*kind), sure_words(*sure));
            look(snapshot, lookup, &mut out);
        }
        Read::Trace { all, references } => {
            out.what = "trace-line";
            out.how = match (all, references) {
                (true, _) => "names all requirements".into(),
                (false, 0) => "names no requirement".into(),
                (false, 1) => "1 reference".into(),
                (false, many) => format!("{many} references"),
            };
        }
        Read::Task(number, title) => (out.what, out.how) = ("task", format!("{number} {title}").trim().to_string()),
        Read::Heading(title) => (out.what, out.how) = ("heading", title.clone()),
        Read::Placeholder => (out.what, out.how) = ("placeholder", "to be filled in".into()),
        Read::Suppression(rule) => (out.what, out.how) = ("suppression", format!("allows {rule}")),
        Read::Nothing(why) => out.how = why.clone(),
    }
    out
}

fn look(snapshot: &Snapshot, lookup: &LookedUp, out: &mut ReadEntry) {
    let folder = |(folder, found): &(FilePath, bool)| FolderEntry {
        folder: snapshot.display_path(folder).to_string(),
        found: *found,
    };
    let place = |place: &Place| {
        let line = snapshot.view(&place.path)?.position(place.span.start, Encoding::Utf16).line + 1;
        Some(super::inspect::PlaceEntry { path: snapshot.display_path(&place.path).to_string(), line })
    };
    out.looked_up = lookup.folders.iter().map(folder).collect();
    out.resolved = lookup.places.iter().filter_map(place).collect();
    out.nearest = lookup.nearest.as_ref().map(|it| NearestEntry { id: it.id.to_string(), why: it.way.words() });
}

/// What the rules made of a place, as a report tells it.
pub(super) fn rules(view: &View<'_>, account: &Account) -> Vec<RuleEntry> {
    let mut out = Vec::new();
    let doubts = |finding: &Finding| {
        let own = finding.doubt.iter().cloned();
        let judged = account.judged.iter().filter(|it| it.span == finding.span && it.rule == finding.rule);
        let mut all: Vec<ByEntry> = Vec::new();
        for doubted in own.chain(judged.flat_map(|it| it.doubts.clone())) {
            let entry = ByEntry { kind: "doubt", doubt: Some(doubted.doubt.name), note: doubted.words };
            if !all.contains(&entry) {
                all.push(entry);
            }
        }
        all
    };
    for finding in &account.spoken {
        let (rule, message) = (finding.rule.name, finding.message.clone());
        out.push(RuleEntry { rule, level: Some(finding.level.as_str()), message, by: doubts(finding) });
    }
    for (finding, silencer) in &account.silenced {
        let by = match silencer {
            Silencer::Doubt(doubted) => {
                ByEntry { kind: "doubt", doubt: Some(doubted.doubt.name), note: doubted.words.clone() }
            }
            Silencer::Settings => ByEntry { kind: "settings", doubt: None, note: "the rule is off".into() },
            Silencer::Comment(comment) => {
                let line = view.position(comment.start, Encoding::Utf16).line + 1;
                ByEntry { kind: "comment", doubt: None, note: format!("the comment in line {line} allows it") }
            }
            Silencer::Template => {
                ByEntry { kind: "template", doubt: None, note: "the file is a team's template".into() }
            }
            Silencer::Baseline => ByEntry { kind: "baseline", doubt: None, note: "the baseline holds it".into() },
        };
        out.push(RuleEntry { rule: finding.rule.name, level: None, message: finding.message.clone(), by: vec![by] });
    }
    for judged in account.judged.iter().filter(|judged| judged.level.is_none()) {
        let by = judged.doubts.iter();
        let by = by.map(|it| ByEntry { kind: "doubt", doubt: Some(it.doubt.name), note: it.words.clone() }).collect();
        out.push(RuleEntry {
            rule: judged.rule.name,
            level: None,
            message: format!("`{}` is not defined", judged.id),
            by,
        });
    }
    out
}

/// How a definition is written, in words.
pub(super) fn form_words(form: Form) -> &'static str {
    match form {
        Form::Heading => "as a heading",
        Form::Item => "as a list item",
        Form::Paragraph => "as a paragraph",
        Form::Row => "as a row of a table",
        Form::Name => "by its name",
        Form::Scenario => "as a scenario, by its name",
        Form::Numbered => "by a number that is written",
        Form::Counted => "by its place in a list",
        Form::Rendered => "by its place in a list as it is shown",
        Form::Section => "by the number of a section",
        Form::Again => "below a heading that names it again",
    }
}

pub(super) fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Trace => "in a trace line",
        Kind::Tag => "as a tag",
        Kind::Listed => "in a table of what is traced",
        Kind::Mention => "in the text",
        Kind::Delta => "as what a change changes",
    }
}

fn sure_words(sure: Certainty) -> &'static str {
    match sure {
        Certainty::Firm => "written as an id is",
        Certainty::Loose => "in another case or without its hyphen",
        Certainty::Conditional => "of a family that is also a word",
        Certainty::Number => "a bare number",
        Certainty::Spaced => "with a blank for its hyphen",
        Certainty::Guess => "perhaps of something else",
    }
}
