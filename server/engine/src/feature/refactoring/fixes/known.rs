//! Findings beside those of before some edits: which were there, wherever they stand now, and which were brought.

use crate::edit::Edit;
use crate::rule::Finding;
use crate::text::{Span, narrow};
use rustc_hash::FxHashMap;

/// One thing that a finding tells.
struct Told<'a> {
    finding: &'a Finding,
    about: &'a str,
}

/// By what one is known again: its rule, its words, its place.
type Key<'a> = (&'static str, &'a str, Option<Span>);

impl<'a> Told<'a> {
    fn all(findings: &'a [Finding]) -> Vec<Self> {
        let of = |finding: &'a Finding| finding.identities.iter().map(move |it| Told { finding, about: &it.about });
        findings.iter().flat_map(of).collect()
    }

    /// By words and place, by words alone, and by its place alone, where that is now `span`. What tells of several things is
    /// known by each of them, never by its place.
    fn keys(&self, span: Option<Span>) -> [Option<Key<'a>>; 3] {
        let rule = self.finding.rule.name;
        let alone = self.finding.identities.len() == 1;
        [
            span.map(|span| (rule, self.about, Some(span))),
            Some((rule, self.about, None)),
            span.filter(|_| alone).map(|span| (rule, "", Some(span))),
        ]
    }
}

/// What of `after` was not there `before`, as rule and message; `moved` says where a stretch of the text is now. The same words, or
/// the same place, are the same finding; one that is more serious than it was is another.
pub(super) fn brought_by(
    before: &[Finding],
    after: &[Finding],
    moved: &dyn Fn(Span) -> Option<Span>,
) -> Vec<(&'static str, String)> {
    let mut old: Vec<Told<'_>> = Told::all(before);
    let mut new: Vec<Told<'_>> = Told::all(after);
    for way in 0..3 {
        let mut known: FxHashMap<Key<'_>, Vec<usize>> = FxHashMap::default();
        for (at, it) in old.iter().enumerate() {
            if let Some(key) = it.keys(moved(it.finding.span))[way] {
                known.entry(key).or_default().push(at);
            }
        }
        let mut taken = vec![false; old.len()];
        new.retain(|it| {
            let Some(key) = it.keys(Some(it.finding.span))[way] else { return true };
            let Some(same) = known.get_mut(&key) else { return true };
            let Some(at) = same.iter().position(|at| old[*at].finding.level >= it.finding.level) else { return true };
            taken[same.remove(at)] = true;
            false
        });
        let mut taken = taken.into_iter();
        old.retain(|_| !taken.next().unwrap_or(false));
    }
    let mut out: Vec<(&'static str, String)> =
        new.iter().map(|it| (it.finding.rule.name, it.finding.message.clone())).collect();
    out.dedup();
    out
}

/// Where the text of `span` is once `edits`, none overlapping another, are made; none where nothing of it is left.
pub(super) fn moved(span: Span, edits: &[Edit]) -> Option<Span> {
    let place = |offset: u32, is_end: bool| {
        let (mut gained, mut lost) = (0, 0);
        for Edit { span, text } in edits {
            let inserted = span.is_empty();
            if span.end < offset || span.end == offset && (!inserted || !is_end) {
                gained += narrow(text.len());
                lost += span.end - span.start;
            } else if span.start < offset {
                // Inside of what is replaced: its front is that of the new text, its end that one's end.
                gained += if is_end { narrow(text.len()) } else { 0 };
                lost += offset - span.start;
            }
        }
        (offset + gained).saturating_sub(lost)
    };
    let (start, end) = (place(span.start, false), place(span.end, true));
    (start < end || span.is_empty()).then_some(Span { start, end: end.max(start) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(span: (usize, usize), edits: &[(usize, usize, &str)]) -> Option<(u32, u32)> {
        let edits: Vec<Edit> = edits
            .iter()
            .map(|(start, end, text)| Edit { span: Span::new(*start, *end), text: (*text).into() })
            .collect();
        moved(Span::new(span.0, span.1), &edits).map(|span| (span.start, span.end))
    }

    #[test]
    fn what_stands_behind_moves_and_what_holds_an_edit_grows() {
        assert_eq!(after((10, 12), &[(0, 4, "")]), Some((6, 8)));
        assert_eq!(after((10, 12), &[(20, 24, "x")]), Some((10, 12)));
        assert_eq!(after((10, 20), &[(12, 14, "abcd")]), Some((10, 22)));
        assert_eq!(after((10, 12), &[(12, 12, "_")]), Some((10, 12)));
        assert_eq!(after((10, 12), &[(10, 10, "_")]), Some((11, 13)));
        assert_eq!(after((10, 12), &[(8, 14, "")]), None);
        assert_eq!(after((10, 12), &[(10, 12, "FR-10")]), Some((10, 15)));
    }
}
