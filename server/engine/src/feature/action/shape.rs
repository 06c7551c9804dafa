//! A new requirement in the shape of its neighbour: the same list, heading, row or paragraph, with another id.

use crate::facts::Form;
use crate::feature::rename::moves::last_part;
use crate::feature::texts::FileText;
use crate::id::Id;
use crate::query::Defined;
use crate::text::Span;

/// What a requirement says that nobody has written yet.
const STATEMENT: &str = "The system SHALL …";
const TITLE: &str = "New requirement";

/// A new requirement, and where its neighbour stands.
pub(super) struct Shaped {
    /// The text without the line breaks around it.
    pub(super) text: String,
    /// From the start of the neighbour's first line to the end of its last.
    pub(super) neighbour: Span,
    /// Whether blank lines are to stand around it.
    pub(super) apart: bool,
    pub(super) newline: &'static str,
}

/// The requirement `id` written as `like` is; `after` says that it follows, so that a list's number goes on.
pub(super) fn shaped(text: &FileText<'_>, like: &Defined<'_>, id: &Id, after: bool) -> Option<Shaped> {
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
    let new = match like.definition.form {
        Form::Row if line.contains('|') => row(line, from, to, &piece),
        Form::Name => return None,
        _ if heading => {
            let (head, sign) = (&line[..from], sign_behind(line, from, to));
            format!("{head}{piece}{sign}{TITLE}{newline}{newline}{STATEMENT}")
        }
        _ => format!("{}{piece}{}{STATEMENT}", counted_on(&line[..from], after), sign_behind(line, from, to)),
    };
    let apart = heading || like.definition.form == Form::Paragraph;
    Some(Shaped { text: new, neighbour: Span::new(start, line_end(last)), apart, newline })
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

/// The head of a list item; the number of an ordered one goes on.
fn counted_on(head: &str, after: bool) -> String {
    let indent = head.len() - head.trim_start().len();
    let digits = head[indent..].bytes().take_while(u8::is_ascii_digit).count();
    let item = digits > 0 && head[indent + digits..].starts_with(['.', ')']);
    match head[indent..indent + digits].parse::<u64>() {
        Ok(number) if item && after => format!("{}{}{}", &head[..indent], number + 1, &head[indent + digits..]),
        _ => head.to_string(),
    }
}

/// A table row with another id, its first text in the next cell, and the other cells empty.
fn row(line: &str, from: usize, to: usize, piece: &str) -> String {
    let rest = &line[to..];
    let Some(bar) = rest.find('|') else { return line.to_string() };
    let mut out = format!("{}{piece}{}|", &line[..from], &rest[..bar]);
    let cells = rest[bar + 1..].matches('|').count();
    for cell in 0..cells {
        out.push_str(if cell == 0 { " … |" } else { "  |" });
    }
    out
}
