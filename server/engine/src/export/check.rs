//! The report of `traceline check` as JSON.

use crate::edit::Edit;
use crate::path::FilePath;
use crate::rule::Finding;
use crate::settings::Level;
use crate::text::{Encoding, Span};
use crate::world::{Snapshot, View};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// All findings of a run. Lines and columns count from 1, columns in UTF-16 code units.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(title = "traceline check")]
pub struct Report {
    /// The version of this format.
    pub version: u32,
    /// The folder that all paths are relative to.
    pub root: String,
    /// How much there is.
    pub summary: Summary,
    /// Sorted by path, line, column and rule.
    pub findings: Vec<Entry>,
}

/// How much was checked and found.
#[derive(Clone, Copy, Debug, Default, JsonSchema, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files that were read and checked.
    pub files: usize,
    /// Those of them that are plan documents: by their name, or because they define or name requirements.
    pub documents: usize,
    /// Files that were to be checked and could not be read.
    pub unread: usize,
    /// Definitions of requirements in them.
    pub definitions: usize,
    /// References to requirements in them; a range counts once for each id that it covers.
    pub references: usize,
    /// Findings of level error.
    pub errors: usize,
    /// Findings of level warning.
    pub warnings: usize,
    /// Findings of level information.
    pub information: usize,
    /// Findings of level hint.
    pub hints: usize,
    /// Findings that the baseline holds: they are not among the others.
    pub baseline: usize,
    /// Findings that were there before, with `--diff`: they are not among the others either.
    pub before: usize,
}

impl Summary {
    /// Counts a file that was checked.
    pub fn count(&mut self, view: &View<'_>, findings: &[Finding]) {
        self.files += 1;
        self.documents += usize::from(view.is_ours());
        for (_, facts) in view.parts() {
            self.definitions += facts.definitions.iter().filter(|definition| definition.form.rank() < 3).count();
            self.references += facts.references.len();
        }
        findings.iter().for_each(|finding| *self.of_level(finding.level) += 1);
    }

    /// Takes findings that were counted out again, which the baseline holds.
    pub fn leave_out(&mut self, known: &[Finding]) {
        self.baseline += known.len();
        known.iter().for_each(|finding| *self.of_level(finding.level) -= 1);
    }

    /// Takes findings that were counted out again, which were there before.
    pub fn leave_before(&mut self, old: &[Finding]) {
        self.before += old.len();
        old.iter().for_each(|finding| *self.of_level(finding.level) -= 1);
    }

    fn of_level(&mut self, level: Level) -> &mut usize {
        match level {
            Level::Error => &mut self.errors,
            Level::Warning => &mut self.warnings,
            Level::Information => &mut self.information,
            Level::Hint => &mut self.hints,
        }
    }

    /// The same counts joined with others.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            files: self.files + other.files,
            documents: self.documents + other.documents,
            unread: self.unread + other.unread,
            definitions: self.definitions + other.definitions,
            references: self.references + other.references,
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            information: self.information + other.information,
            hints: self.hints + other.hints,
            baseline: self.baseline + other.baseline,
            before: self.before + other.before,
        }
    }
}

/// One finding.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The rule's name.
    pub rule: &'static str,
    /// How serious it is.
    #[schemars(extend("enum" = ["error", "warning", "information", "hint"]))]
    pub level: &'static str,
    /// The file, relative to the root, with `/` between its parts.
    pub path: String,
    /// First line.
    #[schemars(range(min = 1))]
    pub line: u32,
    /// First column.
    #[schemars(range(min = 1))]
    pub column: u32,
    /// Last line.
    #[schemars(range(min = 1))]
    pub end_line: u32,
    /// One past the last column.
    #[schemars(range(min = 1))]
    pub end_column: u32,
    /// The fact.
    pub message: String,
    /// What would work.
    pub help: Option<String>,
    /// The name of the doubt that made it less serious than its rule.
    pub doubt: Option<&'static str>,
    /// What that doubt says.
    pub note: Option<String>,
    /// Edits of this file that make the finding go away.
    pub fix: Option<FixEntry>,
    /// Other places that it is about.
    pub related: Vec<Related>,
}

/// Edits that belong together.
#[derive(Debug, JsonSchema, Serialize)]
pub struct FixEntry {
    /// What they do.
    pub title: String,
    /// Whether they may be made without a look at them: safe ones cannot change what the document means.
    #[schemars(extend("enum" = ["safe", "suggested"]))]
    pub safety: &'static str,
    /// None overlaps another; all places are those before any of them is made.
    pub edits: Vec<EditEntry>,
}

/// One edit.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EditEntry {
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// One past the last column.
    pub end_column: u32,
    /// What replaces the stretch.
    pub text: String,
}

/// A place that a finding is also about.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Related {
    /// The file, relative to the root.
    pub path: String,
    /// Its line.
    pub line: u32,
    /// Its column.
    pub column: u32,
    /// What it has to do with the finding.
    pub message: String,
}

fn corners(view: &View<'_>, span: Span) -> [u32; 4] {
    let range = view.range(span, Encoding::Utf16);
    [range.start.line + 1, range.start.column + 1, range.end.line + 1, range.end.column + 1]
}

/// The findings of the file at `path` as entries of a report whose paths are relative to `root`.
#[must_use]
pub fn entries(snapshot: &Snapshot, root: &FilePath, path: &FilePath, findings: &[Finding]) -> Vec<Entry> {
    let Some(view) = snapshot.view(path) else { return Vec::new() };
    let relative = |path: &FilePath| path.relative_to(root.as_str()).to_string();
    let entry = |finding: &Finding| {
        let [line, column, end_line, end_column] = corners(&view, finding.span);
        let related = finding.related.iter().filter_map(|(place, message)| {
            let at = snapshot.view(&place.path)?.position(place.span.start, Encoding::Utf16);
            Some(Related {
                path: relative(&place.path),
                line: at.line + 1,
                column: at.column + 1,
                message: message.clone(),
            })
        });
        let edit = |edit: &Edit| {
            let [line, column, end_line, end_column] = corners(&view, edit.span);
            EditEntry { line, column, end_line, end_column, text: edit.text.clone() }
        };
        Entry {
            rule: finding.rule.name,
            level: finding.level.as_str(),
            path: relative(path),
            line,
            column,
            end_line,
            end_column,
            message: finding.message.clone(),
            help: finding.help.clone().map(Cow::into_owned),
            doubt: finding.doubt.as_ref().map(|doubted| doubted.doubt.name),
            note: finding.doubt.as_ref().map(|doubted| doubted.words.clone()),
            fix: finding.fix.as_ref().map(|fix| FixEntry {
                title: fix.title.clone(),
                safety: fix.safety.as_str(),
                edits: fix.edits.iter().map(edit).collect(),
            }),
            related: related.collect(),
        }
    };
    findings.iter().map(entry).collect()
}
