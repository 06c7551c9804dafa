//! Trace lines in form: one blank behind the colon and what belongs between ids.

use crate::edit::Edit;
use crate::facts::{Facts, FlawKind, TraceLine};
use crate::feature::source::slice;
use crate::text::Span;
use crate::world::View;

/// One blank behind the colon, separators with their blanks, none before the closing mark.
pub(super) fn trace_line(view: &View<'_>, facts: &Facts, base: u32, trace: &TraceLine, edits: &mut Vec<Edit>) {
    let references = &facts.references[trace.references.start as usize..trace.references.end as usize];
    let (Some(first), Some(last)) = (references.first(), references.last()) else { return };
    let mut put = |span: Span, new: &str| {
        if slice(view, span.shifted(base)).is_some_and(|old| old != new) {
            edits.push(Edit { span: span.shifted(base), text: new.to_string() });
        }
    };
    let head = Span { start: trace.line.start, end: trace.value.start };
    if let Some(text) = slice(view, head.shifted(base))
        && first.span.start == trace.value.start
    {
        let key = text.trim_end_matches([' ', '\t']);
        let after = crate::text::narrow(key.len()) + head.start;
        if key.ends_with([':', '*', '_']) && !text.contains(['\n', '\r']) {
            put(Span { start: after, end: head.end }, " ");
        }
    }
    for pair in references.windows(2).filter(|pair| pair[0].span != pair[1].span) {
        let gap = Span { start: pair[0].span.end, end: pair[1].span.start.max(pair[0].span.end) };
        let Some(new) = slice(view, gap.shifted(base)).and_then(|text| separator(&text)) else { continue };
        put(gap, &new);
    }
    let rest = Span { start: last.span.end.min(trace.value.end), end: trace.value.end };
    let open = trace.flaws.iter().any(|flaw| matches!(flaw.what, FlawKind::Open(_)));
    let blank = slice(view, rest.shifted(base)).is_some_and(|text| text.bytes().all(|b| matches!(b, b' ' | b'\t')));
    if blank && !open && trace.line.end > trace.value.end {
        put(rest, "");
    }
}

/// What stands between two ids in form; none where more than a separator does.
fn separator(gap: &str) -> Option<String> {
    let sign = gap.trim_matches([' ', '\t']);
    Some(match sign {
        "," | ";" => format!("{sign} "),
        "、" | "，" => sign.to_string(),
        "·" | "&" | "+" | "and" => format!(" {sign} "),
        _ => return None,
    })
}
