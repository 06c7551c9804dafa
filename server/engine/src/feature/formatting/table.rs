//! Tables that define requirements, with their columns aligned.

use crate::edit::{Edit, difference};
use crate::facts::Form;
use crate::text::Span;
use crate::world::View;
use ropey::Rope;
use unicode_width::UnicodeWidthStr;

/// A column with a wider cell than this is not padded: nobody sees its end.
const WIDEST: usize = 80;

pub(super) fn format(view: &View<'_>, wanted: &dyn Fn(Span) -> bool, edits: &mut Vec<Edit>) {
    let Some(document) = view.document() else { return };
    let rope = document.rope();
    let mut behind = 0;
    for (base, facts) in view.parts() {
        for row in facts.definitions.iter().filter(|definition| definition.form == Form::Row) {
            let line = rope.byte_to_line((row.place.start + base) as usize);
            if line < behind || !is_row(&text_of(rope, line)) {
                continue;
            }
            let first = (0..line).rev().take_while(|line| is_row(&text_of(rope, *line))).last().unwrap_or(line);
            let count = (line..rope.len_lines()).take_while(|line| is_row(&text_of(rope, *line))).count();
            behind = line + count;
            let lines: Vec<String> = (first..behind).map(|line| text_of(rope, line)).collect();
            let Some(aligned) = aligned(&lines) else { continue };
            for (at, (old, new)) in lines.iter().zip(&aligned).enumerate() {
                let start = rope.line_to_byte(first + at);
                if wanted(Span::new(start, start + old.len())) {
                    edits.extend(difference(old, new, start));
                }
            }
        }
    }
}

/// A line without its terminator.
fn text_of(rope: &Rope, line: usize) -> String {
    rope.get_line(line).map(|line| line.to_string().trim_end_matches(['\r', '\n']).to_string()).unwrap_or_default()
}

fn is_row(line: &str) -> bool {
    let line = line.trim();
    line.len() > 1 && line.starts_with('|') && line.ends_with('|') && !line.ends_with("\\|")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Centre,
    Right,
}

/// The lines of a table in form; none where they are no table or have not as many cells each.
fn aligned(lines: &[String]) -> Option<Vec<String>> {
    let rows: Vec<Vec<&str>> = lines.iter().map(|line| cells(line)).collect();
    let count = rows.first()?.len();
    let rule = rows.get(1)?;
    if rows.iter().any(|row| row.len() != count) || !rule.iter().all(|cell| is_rule(cell)) {
        return None;
    }
    let sides: Vec<Align> = rule.iter().map(|cell| align(cell)).collect();
    let width = |column: usize| {
        let texts = rows.iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, row)| row[column].width());
        texts.max().unwrap_or(0).max(3 + usize::from(sides[column] != Align::Left))
    };
    let widths: Vec<usize> = (0..count).map(width).map(|width| if width > WIDEST { 3 } else { width }).collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let draw = |(at, row): (usize, &Vec<&str>)| {
        let mut out = lines[at][..indent(&lines[at])].to_string();
        for (column, cell) in row.iter().enumerate() {
            let text = if at == 1 { dashes(cell, widths[column]) } else { padded(cell, widths[column], sides[column]) };
            out.push_str("| ");
            out.push_str(&text);
            out.push(' ');
        }
        out.push('|');
        out
    };
    Some(rows.iter().enumerate().map(draw).collect())
}

/// The cells of a row, trimmed; a bar behind a backslash ends none.
fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let inner = &line[1..line.len() - 1];
    let mut out = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'|' if !escaped => {
                out.push(inner[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    out.push(inner[start..].trim());
    out
}

fn is_rule(cell: &str) -> bool {
    let dashes = cell.trim_start_matches(':').trim_end_matches(':');
    !dashes.is_empty() && dashes.bytes().all(|b| b == b'-')
}

fn align(rule: &str) -> Align {
    match (rule.starts_with(':'), rule.ends_with(':')) {
        (true, true) => Align::Centre,
        (false, true) => Align::Right,
        _ => Align::Left,
    }
}

fn dashes(rule: &str, width: usize) -> String {
    let (front, back) = (rule.starts_with(':'), rule.ends_with(':'));
    let count = width.saturating_sub(usize::from(front) + usize::from(back)).max(1);
    format!("{}{}{}", if front { ":" } else { "" }, "-".repeat(count), if back { ":" } else { "" })
}

fn padded(cell: &str, width: usize, align: Align) -> String {
    let missing = width.saturating_sub(cell.width());
    let before = match align {
        Align::Left => 0,
        Align::Right => missing,
        Align::Centre => missing / 2,
    };
    format!("{}{cell}{}", " ".repeat(before), " ".repeat(missing - before))
}
