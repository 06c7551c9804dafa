//! Reports for a person at a terminal: excerpts of the source with the findings drawn under it.

use super::checked::Checked;
use super::equals::{Told, together};
use crate::disk;
use crate::parallel::{in_order, in_pieces};
use crate::paths;
use annotate_snippets::{AnnotationKind, Group, Level as Kind, Renderer, Snippet};
use std::cmp::Reverse;
use std::io::{self, Write};
use traceline_engine::export::check::Summary;
use traceline_engine::export::inspect::Report;
use traceline_engine::path::FilePath;
use traceline_engine::rule::{self, Finding, RULES};
use traceline_engine::settings::Level;
use traceline_engine::text::{Encoding, line_starts};
use traceline_engine::world::Snapshot;

/// Fewer excerpts are drawn by one thread.
const FEW: usize = 512;
/// So many files with few of them are drawn by one thread before another goes on.
const FILES_AT_ONCE: usize = 16;
/// So many are drawn before the first of them is written.
const MOST_AT_ONCE: usize = 4096;

/// Writes each finding with its source, and what they come to: in each file the most serious first, and those of a level in
/// the order of the rules. What another finding tells of with its places is only counted, and equals are told once.
pub(crate) fn check(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    let is_short = |(_, findings): &Findings| findings.len() < FEW;
    for run in checked.found.chunk_by(|a, b| is_short(a) && is_short(b)) {
        // Many short files are drawn beside each other, a long one in pieces.
        let files: Vec<&[Findings]> = run.chunks(FILES_AT_ONCE).collect();
        let drawn = |at: usize| {
            let mut drawn = Vec::new();
            files[at].iter().try_for_each(|file| draw(&mut drawn, checked, file)).map(|()| drawn)
        };
        match run {
            [long] => draw(out, checked, long)?,
            _ => in_order(files.len(), drawn, |drawn| out.write_all(&drawn?))?,
        }
    }
    close(out, checked)
}

/// A file and what was found in it.
type Findings = (FilePath, Vec<Finding>);

fn draw(out: &mut impl Write, checked: &Checked<'_>, (path, findings): &Findings) -> io::Result<()> {
    let Checked { snapshot, root, .. } = *checked;
    let renderer = Renderer::styled();
    // The text is read again: it was not kept. If it has changed meanwhile, spans that no longer fit are left out.
    let open = snapshot.document(path).map(|document| document.rope().to_string());
    let text = open.or_else(|| disk::read(&paths::encode(path)).ok()).unwrap_or_default();
    // Where nothing else reads the text, fixes that need it have not been made.
    let mut completed = Vec::new();
    let findings = if findings.iter().any(Finding::awaits_text) {
        completed.clone_from(findings);
        rule::complete(snapshot, path, &mut completed, || Some(text.clone()));
        &completed
    } else {
        findings
    };
    // Where rules were chosen, the one that would tell of it may not be among them.
    let is_told = |finding: &&Finding| checked.chosen || !finding.is_beside();
    let mut shown: Vec<&Finding> = findings.iter().filter(is_told).collect();
    shown.sort_by_key(|finding| (Reverse(finding.level), RULES.iter().position(|rule| *rule == finding.rule)));
    let shown = together(&shown);
    let source = Source::of(&text);
    // More than the terminal takes need not be in memory at once.
    for some in shown.chunks(MOST_AT_ONCE) {
        let drawn = in_pieces(some, FEW, |piece| {
            piece.iter().map(|told| excerpt(&renderer, snapshot, root, path, &source, told)).collect()
        });
        for excerpt in drawn {
            writeln!(out, "{excerpt}\n")?;
        }
    }
    Ok(())
}

/// The last line of a report, which says how much was read.
pub(super) fn close(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    if checked.quiet { Ok(()) } else { writeln!(out, "{}", total(checked.summary)) }
}

/// What was found in how much, in a line.
pub(crate) fn total(summary: Summary) -> String {
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let mut parts = Vec::new();
    for (number, one, many) in [
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.information, "remark", "remarks"),
        (summary.hints, "hint", "hints"),
    ] {
        if number > 0 {
            parts.push(count(number, one, many));
        }
    }
    if summary.documents == 0 && parts.is_empty() {
        return format!("nothing was checked: {} read, no plan document", count(summary.files, "file", "files"));
    }
    let found = if parts.is_empty() { "nothing found".to_string() } else { parts.join(", ") };
    let mut files = count(summary.files, "file", "files");
    if summary.documents < summary.files {
        let documents = if summary.documents == 1 { "a plan document" } else { "plan documents" };
        files += &format!(", {} of them {documents}", summary.documents);
    }
    let ids = format!(
        "{}, {}",
        count(summary.definitions, "definition", "definitions"),
        count(summary.references, "reference", "references")
    );
    let known = match summary.baseline {
        0 => String::new(),
        known => format!("; {} more in the baseline", count(known, "finding", "findings")),
    };
    let before = match summary.before {
        0 => String::new(),
        1 => "; 1 more was there before".to_string(),
        before => format!("; {before} more were there before"),
    };
    format!("{found} in {files} ({ids}){known}{before}")
}

fn excerpt(
    renderer: &Renderer,
    snapshot: &Snapshot,
    root: &FilePath,
    path: &FilePath,
    source: &Source<'_>,
    told: &Told<'_>,
) -> String {
    let finding = told.finding;
    let kind = match finding.level {
        Level::Error => Kind::ERROR,
        Level::Warning => Kind::WARNING,
        Level::Information => Kind::INFO,
        Level::Hint => Kind::NOTE.with_name("hint"),
    };
    let name = |path: &FilePath| path.relative_to(root.as_str()).to_string();
    let range = clamp(source.text, finding.span.range());
    let Window { line, start, shown, column } = source.window(&range);
    let moved = range.start - start..range.end - start;
    let own = shown[..moved.start].chars().count() + 1;
    let snippet =
        Snippet::source(shown).line_start(line).path(name(path)).annotation(AnnotationKind::Primary.span(moved));
    let mut group =
        Group::with_title(kind.primary_title(finding.message.as_str()).id(finding.rule.name)).element(snippet);
    for (place, message) in &finding.related {
        let at =
            snapshot.view(&place.path).map(|view| view.position(place.span.start, Encoding::Utf16)).unwrap_or_default();
        group = group.element(Kind::NOTE.message(format!(
            "{message}: {}:{}:{}",
            name(&place.path),
            at.line + 1,
            at.column + 1
        )));
    }
    if let Some(help) = &finding.help {
        group = group.element(Kind::HELP.message(&**help));
    }
    if let Some(fix) = &finding.fix {
        group = group.element(Kind::HELP.message(format!("fix: {}", fix.title)));
    }
    let line_of = |other: &Finding| {
        let at = snapshot.view(path).map(|view| view.position(other.span.start, Encoding::Utf16));
        at.unwrap_or_default().line + 1
    };
    if let Some(note) = told.note(line_of) {
        group = group.element(Kind::NOTE.message(note));
    }
    let drawn = renderer.render(&[group]);
    match column {
        Some(column) => drawn.replacen(&format!(":{line}:{own}\n"), &format!(":{line}:{column}\n"), 1),
        None => drawn,
    }
}

/// `range` moved onto characters that `text` has.
fn clamp(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(range.start.min(text.len()));
    start..text.floor_char_boundary(range.end.min(text.len())).max(start)
}

/// A file's text and where its lines begin.
struct Source<'t> {
    text: &'t str,
    lines: Vec<usize>,
    ascii: bool,
}

/// What is shown of a source.
struct Window<'t> {
    /// The first line's number, from 1.
    line: usize,
    /// The first byte.
    start: usize,
    shown: &'t str,
    /// The column of the range's start in characters, from 1, where the line does not begin the window.
    column: Option<usize>,
}

impl<'t> Source<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, lines: line_starts(text), ascii: text.is_ascii() }
    }

    /// The lines that hold `range`, a few at the most; of a line that is far longer than a terminal only what is near.
    fn window(&self, range: &std::ops::Range<usize>) -> Window<'t> {
        const MOST: usize = 2000;
        const NEAR: usize = 200;
        let text = self.text;
        let line = self.lines.partition_point(|start| *start <= range.start);
        let start = self.lines[line - 1];
        let last = self.lines.partition_point(|start| *start <= range.end);
        let end = self.lines.get(last).map_or(text.len(), |next| {
            let line = text[..*next].strip_suffix('\n').unwrap_or(&text[..*next]);
            line.strip_suffix('\r').unwrap_or(line).len()
        });
        if range.end - start <= MOST || last > line || range.len() > MOST {
            let end = text.floor_char_boundary(end.min(start + MOST)).max(range.end);
            return Window { line, start, shown: &text[start..end], column: None };
        }
        let from = text.floor_char_boundary(range.start.saturating_sub(NEAR)).max(start);
        let shown = &text[from..range.end];
        let before = &text[start..range.start];
        let column = if self.ascii { before.len() } else { before.chars().count() };
        Window { line, start: from, shown, column: Some(column + 1) }
    }
}

/// Why a file is read in its dialect.
fn why(report: &Report) -> String {
    let decided = report.chosen_by == "configuration";
    let mut why: Vec<String> = Vec::new();
    why.extend(report.evidence.iter().filter(|_| !decided).map(|pattern| format!("for its path, {pattern}")));
    why.extend(report.says.iter().map(|said| format!("line {} says {}", said.line, said.text)));
    match report.configuration.as_deref() {
        Some(file) if decided => why.insert(0, format!("as {file} says")),
        _ if why.is_empty() => why.push("neither its path nor what it says is of another".into()),
        _ => {}
    }
    why.extend(report.configuration.as_ref().filter(|_| !decided).map(|file| format!("{file} is in force")));
    why.join("; ")
}

/// Writes what was understood of a file.
pub(crate) fn inspect(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "{}", report.path)?;
    writeln!(
        out,
        "  read as {}{} in the dialect {} ({}); its ids belong to {}",
        report.role,
        report
            .role_evidence
            .as_ref()
            .filter(|_| report.role == "none")
            .map_or(String::new(), |why| format!(" ({why})")),
        report.dialect,
        why(report),
        if report.scope == "." { "the workspace" } else { &report.scope }
    )?;
    let heading = |out: &mut dyn Write, name: &str, count: usize| {
        if count > 0 { writeln!(out, "\n{name} ({count})") } else { Ok(()) }
    };
    heading(out, "Definitions", report.definitions.len())?;
    for entry in &report.definitions {
        let form = if entry.withdrawn { "withdrawn" } else { entry.form };
        writeln!(out, "  {:>5}:{:<4} {:<12} {form:<9} {}", entry.line, entry.column, entry.id, entry.title)?;
    }
    heading(out, "References", report.references.len())?;
    for entry in &report.references {
        let places: Vec<String> = entry.resolved.iter().map(|place| format!("{}:{}", place.path, place.line)).collect();
        let target = if places.is_empty() { "not defined".to_string() } else { places.join(", ") };
        writeln!(out, "  {:>5}:{:<4} {:<12} {:<10} → {target}", entry.line, entry.column, entry.id, entry.kind)?;
    }
    heading(out, "Tasks", report.tasks.len())?;
    for entry in &report.tasks {
        writeln!(out, "  {:>5}      {:<12} {:<11} {}", entry.line, entry.id, entry.state, entry.trace.join(", "))?;
    }
    heading(out, "Sections", report.sections.len())?;
    for entry in &report.sections {
        writeln!(out, "  {:>5}      {}{}", entry.line, "  ".repeat(usize::from(entry.level) - 1), entry.title)?;
    }
    heading(out, "Placeholders", report.placeholders.len())?;
    for entry in &report.placeholders {
        writeln!(out, "  {:>5}:{:<4} {}", entry.line, entry.column, entry.text)?;
    }
    Ok(())
}
