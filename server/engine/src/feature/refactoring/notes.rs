//! Where something is noted beside a requirement: on its line, at the end of its paragraph, below its heading, in a cell of its row.

use crate::edit::Edit;
use crate::facts::Form;
use crate::feature::list_items::Head;
use crate::text::Span;
use std::ops::Range;

/// Whether the requirement is stated by a heading.
pub(super) fn is_headed(form: Form) -> bool {
    matches!(form, Form::Heading | Form::Numbered | Form::Name)
}

/// The line around byte `at`, without what ends it.
pub(super) fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind(['\n', '\r']).map_or(0, |found| found + 1);
    let end = text[at..].find(['\n', '\r']).map_or(text.len(), |len| at + len);
    start..end
}

/// Where the paragraph that begins at `start` ends, in a statement that ends at `limit`: before a list, a table or a line that
/// stands for itself.
pub(super) fn paragraph_end(text: &str, start: usize, limit: usize) -> usize {
    let limit = limit.min(text.len());
    let mut end = line_of(text, start).end.min(limit.max(start));
    while let Some(next) = text[end..].find(|c| !matches!(c, '\n' | '\r')).map(|at| end + at) {
        let breaks = text[end..next].matches('\n').count().max(text[end..next].matches('\r').count());
        let line = line_of(text, next);
        let own = text[line.clone()].trim_start();
        let stands = own.is_empty()
            || Head::of(own).is_some()
            || own.starts_with(['|', '#', '>', '_', '*', '`', '<', '~', '=', '-']);
        if breaks != 1 || stands || line.end > limit {
            break;
        }
        end = line.end;
    }
    start + text[start..end].trim_end().len()
}

/// A paragraph right below the heading on the line of byte `at`.
pub(super) fn below(text: &str, newline: &str, at: usize, words: &str) -> Edit {
    let line = line_of(text, at);
    let rest = &text[line.end..];
    let gap = newline.repeat(2);
    let blank = rest.trim_start_matches([' ', '\t']);
    // Where no blank line follows, one is to stand between.
    let lines = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n')).unwrap_or(blank);
    let follows = lines.is_empty() || lines.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
    let end = if follows { "" } else { newline };
    Edit { span: Span::at(line.end), text: format!("{gap}{words}{end}") }
}

/// The bar that ends the cell around byte `at` of a table's row, and where the text of each cell behind it begins and ends.
pub(super) fn cells_behind(text: &str, at: usize) -> Option<(usize, Vec<(usize, usize)>)> {
    let all = bars(text, at);
    let behind = all.iter().position(|bar| *bar >= at)?;
    let cell = |pair: &[usize]| {
        let text = &text[pair[0] + 1..pair[1]];
        let from = pair[0] + 1 + text.len() - text.trim_start().len();
        (from, from.max(pair[0] + 1 + text.trim_end().len()))
    };
    Some((all[behind], all[behind..].windows(2).map(cell).collect()))
}

/// The bars of the row around byte `at`.
pub(super) fn bars(text: &str, at: usize) -> Vec<usize> {
    let line = line_of(text, at);
    let is_bar = |at: &usize| *at == 0 || text.as_bytes()[at - 1] != b'\\';
    text[line.clone()].match_indices('|').map(|(at, _)| line.start + at).filter(is_bar).collect()
}
