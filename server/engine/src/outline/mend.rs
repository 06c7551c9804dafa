//! How sections are mended: edits that need the document's text.

use crate::edit::Edit;
use crate::id::Id;
use crate::query::{Lookup, definitions_of};
use crate::template::Schema;
use crate::text::Span;
use crate::words::words;
use crate::world::{Snapshot, View};
use std::cmp::Reverse;

/// An edit of sections, to be made out when somebody wants it: only then is the text looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Puts in a section of the template.
    Insert {
        /// Which one.
        slot: usize,
        /// Its number where it repeats.
        number: Option<u32>,
        /// Level of its heading.
        level: u8,
        /// Where: the start of a heading or the end of the text.
        at: u32,
        /// Its heading alone.
        bare: bool,
    },
    /// Several of the others.
    All(Vec<Mend>),
    /// Moves a section with all that is in it.
    Move {
        /// The section.
        from: Span,
        /// Where to: the start of a heading or the end of the text.
        to: u32,
    },
    /// Fills an empty section with the template's text.
    Body {
        /// Which one it is.
        slot: usize,
        /// Its number where it repeats.
        number: Option<u32>,
        /// The end of its heading's text.
        at: u32,
    },
    /// Adds a trace line.
    Trace {
        /// Its key and marks, with `%` for the ids.
        marks: String,
        /// The text of the section's heading.
        head: Span,
        /// Where the section's own text ends.
        end: u32,
    },
    /// Allows what a rule finds in a section.
    Allow {
        /// Where its heading starts.
        at: u32,
        /// The rule's name.
        rule: &'static str,
    },
    /// Removes a section.
    Remove {
        /// The section.
        section: Span,
    },
}

/// A requirement that a trace line could name.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) id: Id,
    pub(crate) title: String,
}

impl Mend {
    /// Where the template has the section that is put in. A body stands before whatever is put behind its section.
    pub(crate) fn order(&self) -> (usize, u32) {
        match self {
            Self::Insert { slot, number, .. } => (*slot, number.unwrap_or_default()),
            _ => (0, 0),
        }
    }

    /// The edits in `text`, the whole document; none where nothing fits. `candidates` are asked for if ids are wanted.
    pub(crate) fn edits(
        &self,
        text: &str,
        schema: &Schema,
        candidates: &dyn Fn() -> Vec<Candidate>,
    ) -> Option<Vec<Edit>> {
        let within = |offset: u32| (offset as usize).min(text.len());
        match self {
            Self::All(mends) => Some(joined(mends, text, schema, candidates)),
            Self::Insert { slot, number, level, at, bare } => {
                let section = schema.section(*slot, *number, *level);
                let block = if *bare { section.lines().next().unwrap_or_default().to_string() } else { section };
                Some(vec![section_inserted(text, within(*at), &block)])
            }
            Self::Move { from, to } => {
                let (start, end) = (within(from.start), within(from.end));
                let moved = text[start..end].trim_end();
                let mut insertion = section_inserted(text, within(*to), moved);
                if within(*to) == end {
                    // What stands before it goes; the blank line above stays.
                    insertion.text = insertion.text.trim_start().to_string();
                }
                Some(vec![removed(text, start, end), insertion])
            }
            Self::Body { slot, number, at } => {
                let line = text[within(*at)..].find('\n').map_or(text.len(), |end| within(*at) + end);
                let line = if text[..line].ends_with('\r') { line - 1 } else { line };
                let body = schema.body(*slot, *number);
                (!body.is_empty())
                    .then(|| vec![Edit { span: Span::at(line), text: with_breaks_of(text, &format!("\n\n{body}")) }])
            }
            Self::Trace { marks, head, end } => {
                let (start, end) = (within(head.start), within(*end));
                let about = words(&text[start..end]);
                let mut ranked: Vec<(usize, Candidate)> = candidates()
                    .into_iter()
                    .map(|candidate| (words(&candidate.title).intersection(&about).count(), candidate))
                    .filter(|(likeness, _)| *likeness > 0)
                    .collect();
                ranked.sort_by_key(|(likeness, _)| Reverse(*likeness));
                let best = ranked.first()?.0;
                ranked.retain(|(likeness, _)| *likeness * 2 >= best);
                ranked.truncate(3);
                ranked.sort_by(|a, b| a.1.id.cmp(&b.1.id));
                let ids: Vec<&str> = ranked.iter().map(|(_, candidate)| candidate.id.as_str()).collect();
                let line = marks.replace('%', &ids.join(", "));
                let at = start + text[start..end].trim_end().len();
                Some(vec![Edit { span: Span::at(at), text: with_breaks_of(text, &format!("\n\n{line}")) }])
            }
            Self::Allow { at, rule } => {
                let comment = with_breaks_of(text, &format!("<!-- traceline: allow {rule} -->\n\n"));
                Some(vec![Edit { span: Span::at(within(*at)), text: comment }])
            }
            Self::Remove { section } => Some(vec![removed(text, within(section.start), within(section.end))]),
        }
    }
}

/// The edits of all of `mends`. Where several put text at one place, the template says which comes first.
pub(crate) fn joined(
    mends: &[Mend],
    text: &str,
    schema: &Schema,
    candidates: &dyn Fn() -> Vec<Candidate>,
) -> Vec<Edit> {
    let mut sorted: Vec<&Mend> = mends.iter().collect();
    sorted.sort_by_key(|mend| mend.order());
    let mut edits: Vec<Edit> = Vec::new();
    for edit in sorted.into_iter().filter_map(|mend| mend.edits(text, schema, candidates)).flatten() {
        match edits.iter_mut().find(|other| other.span == edit.span) {
            // Of several sections at one place, blank lines stand between them and around them all.
            Some(other) => {
                let breaks = if edit.text.contains("\r\n") { "\r\n\r\n" } else { "\n\n" };
                other.text = format!("{}{breaks}{}", other.text.trim_end(), edit.text.trim_start());
            }
            None => edits.push(edit),
        }
    }
    edits
}

fn removed(text: &str, start: usize, end: usize) -> Edit {
    let mut start = start;
    // At the text's end the blank lines before go too, so that it ends as it did.
    if end == text.len() && start > 0 {
        let kept = text[..start].trim_end().len();
        let line = text[kept..].find('\n').map_or(kept, |at| kept + at + 1);
        start = line.min(start);
    }
    Edit { span: Span::new(start, end), text: String::new() }
}

/// The edit that puts `block` at `at`, the start of a heading or the end of `text`, with blank lines around it.
pub(crate) fn section_inserted(text: &str, at: usize, block: &str) -> Edit {
    let before = text[..at].trim_end_matches([' ', '\t']);
    let breaks = before.len() - before.trim_end_matches(['\n', '\r']).len();
    let breaks = before[before.len() - breaks..].matches('\n').count();
    let above = if before.trim().is_empty() { 0 } else { 2_usize.saturating_sub(breaks) };
    let below = if at == text.len() { 1 } else { 2 };
    let block = block.trim_end();
    let whole = format!("{}{block}{}", "\n".repeat(above), "\n".repeat(below));
    Edit { span: Span::at(at), text: with_breaks_of(text, &whole) }
}

/// `block` with the line breaks that `text` has.
fn with_breaks_of(text: &str, block: &str) -> String {
    let bare = block.replace("\r\n", "\n");
    if text.contains("\r\n") { bare.replace('\n', "\r\n") } else { bare }
}

/// The requirements that a trace line of the file could name.
pub(crate) fn candidates(snapshot: &Snapshot, view: &View<'_>) -> Vec<Candidate> {
    let lookup = Lookup::of(snapshot, view.scope);
    let title = |scope, id| definitions_of(snapshot, scope, id).first().map(|defined| defined.title().to_string());
    let all = lookup.all_defined();
    all.filter_map(|(scope, id)| Some(Candidate { id: id.clone(), title: title(scope, id)? })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;

    #[test]
    fn a_section_is_put_between_blank_lines() {
        let put = |text: &str, at: usize| apply(text, &[section_inserted(text, at, "## N\n\nx\n")]);
        assert_eq!(put("# T\n\n## A\n", 5), "# T\n\n## N\n\nx\n\n## A\n");
        assert_eq!(put("# T\n## A\n", 4), "# T\n\n## N\n\nx\n\n## A\n");
        assert_eq!(put("# T\n\ny", 6), "# T\n\ny\n\n## N\n\nx\n");
        assert_eq!(put("# T\n\ny\n", 7), "# T\n\ny\n\n## N\n\nx\n");
        assert_eq!(put("", 0), "## N\n\nx\n");
        assert_eq!(put("# T\r\n\r\n## A\r\n", 7), "# T\r\n\r\n## N\r\n\r\nx\r\n\r\n## A\r\n");
    }

    #[test]
    fn a_section_that_is_moved_or_removed_leaves_no_gap() {
        let schema = Schema::default();
        let mended = |text: &str, mend: Mend| apply(text, &mend.edits(text, &schema, &Vec::new).unwrap());
        let text = "# T\n\n## A\n\na\n\n## B\n\nb\n";
        let (a, b) = (Span::new(5, 14), Span { start: 14, end: u32::MAX });
        assert_eq!(mended(text, Mend::Move { from: b, to: 5 }), "# T\n\n## B\n\nb\n\n## A\n\na\n");
        assert_eq!(mended(text, Mend::Move { from: a, to: u32::MAX }), "# T\n\n## B\n\nb\n\n## A\n\na\n");
        assert_eq!(mended(text, Mend::Remove { section: b }), "# T\n\n## A\n\na\n");
        assert_eq!(mended(text, Mend::Remove { section: a }), "# T\n\n## B\n\nb\n");
    }
}
