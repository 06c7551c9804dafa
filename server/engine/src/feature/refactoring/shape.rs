//! A new requirement in the shape of its neighbour: the same list, heading, row or paragraph, with another id.

use crate::edit::Edit;
use crate::facts::Form;
use crate::feature::list_items::{Head, bars, counted_on, marks_counted_on, opened};
use crate::feature::refactoring::rename::moves::last_part;
use crate::feature::source::FileText;
use crate::id::Id;
use crate::query::Defined;
use crate::text::{Span, lines_of};

/// What a requirement says that nobody has written yet.
const STATEMENT: &str = "The system SHALL …";
const TITLE: &str = "New requirement";

/// A new requirement, and where its neighbour stands.
pub(crate) struct Shaped {
    /// The text without the line breaks around it.
    pub(crate) text: String,
    /// From the start of the neighbour's first line to the end of its last.
    pub(crate) neighbour: Span,
    /// Whether blank lines are to stand around it.
    pub(crate) apart: bool,
    pub(crate) newline: &'static str,
    /// The numbers of the list's items behind it, counted on.
    pub(crate) marks: Vec<Edit>,
}

/// The requirement `id` written as `like` is; `after` says that it follows, so that a list's number goes on.
pub(crate) fn shaped(text: &FileText<'_>, like: &Defined<'_>, id: &Id, after: bool) -> Option<Shaped> {
    let whole = text.whole();
    let place = like.place().span;
    let start = whole[..place.start as usize].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line_end = |at: usize| whole[at..].find(['\n', '\r']).map_or(whole.len(), |len| at + len);
    let line = &whole[start..line_end(place.end as usize)];
    let (from, to) = (place.start as usize - start, place.end as usize - start);
    let heading = line.trim_start().starts_with('#');
    let written = &line[from..to];
    let known = like.facts.id(like.definition.id);
    let piece = if written == known.as_str() {
        id.to_string()
    } else if written == known.tail() {
        id.tail().to_string()
    } else if written == last_part(known) {
        last_part(id).to_string()
    } else {
        return None;
    };
    let statement = like.statement();
    let end = (statement.end as usize).min(whole.len());
    let body = &whole[start..whole.floor_char_boundary(end)];
    let last = start + body.trim_end_matches(['#', ' ', '\t', '\n', '\r']).len();
    let newline = text.newline();
    let ordered =
        Head::of(line).filter(|_| like.definition.form == Form::Item).and_then(|head| Some((head, head.number()?)));
    // Where the next item has the same number, all have it.
    let next =
        || lines_of(&whole[line_end(last)..]).find_map(|line| Head::of(&whole[line_end(last)..][line])?.number());
    let lazy = ordered.is_some_and(|(_, number)| next() == Some(number));
    let head_of_item = |head: &str| if after && !lazy { counted_on(head) } else { opened(head) };
    let new = match like.definition.form {
        Form::Row if line.contains('|') => row(line, from, to, &piece),
        Form::Name => return None,
        _ if heading => {
            let (head, sign) = (&line[..from], sign_behind(line, from, to));
            format!("{head}{piece}{sign}{TITLE}{newline}{newline}{STATEMENT}")
        }
        _ => {
            let (head, sign) = (head_of_item(&line[..from]), sign_behind(line, from, to));
            // `**US-6: All of it is marked**`
            let marks = &head[head.trim_end_matches(['*', '_']).len()..];
            let open = if sign.contains(marks) { "" } else { marks };
            // `**NFR-1 Speed**: It is fast.`
            let titled = !open.is_empty() && line[to..].contains(&format!("{open}:"));
            if titled {
                format!("{head}{piece}{sign}{TITLE}{open}: {STATEMENT}")
            } else {
                format!("{head}{piece}{sign}{STATEMENT}{open}")
            }
        }
    };
    let apart = heading || like.definition.form == Form::Paragraph;
    let neighbour = Span::new(start, line_end(last));
    let marks = ordered.filter(|_| !lazy).map_or_else(Vec::new, |(head, (number, _))| {
        let first = if after { number + 1 } else { number };
        let from = if after { neighbour.end } else { neighbour.start } as usize;
        marks_behind(whole.get(from..).unwrap_or_default(), from, head.indent, first)
    });
    Some(Shaped { text: new, neighbour, apart, newline, marks })
}

/// The numbers of the list's items in `text`, which begins at byte `base`, where `first` has become taken.
fn marks_behind(text: &str, base: usize, indent: &str, first: u64) -> Vec<Edit> {
    // The rest of a line on which the neighbour ends is no item.
    let lines: Vec<_> = lines_of(text).collect();
    let marks = marks_counted_on(lines.iter().map(|line| &text[line.clone()]), indent, first);
    let edit = |(at, len, text): (usize, usize, String)| {
        let start = base + lines[at].start + indent.len();
        Edit { span: Span::new(start, start + len), text }
    };
    marks.into_iter().map(edit).collect()
}

/// What stands between the id and its statement: closing marks, a separator, a blank.
fn sign_behind(line: &str, from: usize, to: usize) -> String {
    let marks = |text: &str| text.len() - text.trim_start_matches(['*', '_', '~', ')', ']']).len();
    let rest = &line[to..];
    let mut at = marks(rest);
    let blanks = rest[at..].len() - rest[at..].trim_start_matches(' ').len();
    if let Some(sign) = rest[at + blanks..].chars().next().filter(|c| matches!(c, ':' | '：' | '—' | '–' | '-' | '.'))
    {
        let open = line[..from].ends_with(['*', '_', '~']);
        let inside = at == 0 && open;
        at += blanks + sign.len_utf8();
        if inside {
            at += marks(&rest[at..]);
        }
    }
    let more = rest[at..].len() - rest[at..].trim_start_matches(' ').len();
    let sign = &rest[..at + more];
    if sign.ends_with(' ') || sign.ends_with('：') { sign.to_string() } else { format!("{sign} ") }
}

/// A table row with another id, its first text in the next cell, and the other cells empty.
fn row(line: &str, from: usize, to: usize, piece: &str) -> String {
    let rest = &line[to..];
    let Some(bar) = rest.find('|') else { return line.to_string() };
    let mut out = format!("{}{piece}{}|", &line[..from], &rest[..bar]);
    let cells = bars(&rest[bar + 1..]);
    for cell in 0..cells {
        out.push_str(if cell == 0 { " … |" } else { "  |" });
    }
    out
}
