//! Where else an id stands in a text: in links to the heading or anchor of its definition, and in code and comments.

use crate::id::Id;
use crate::path::FilePath;
use crate::relative_link::{resolved, unescaped};
use crate::text::Span;
use std::fmt::Write;

/// No link is longer, in bytes; so far is looked around a sign, whatever the length of its line.
const LONGEST: usize = 2048;

/// The anchor that a heading gets on GitHub and in most renderers: lower case, blanks as hyphens, no punctuation.
pub(crate) fn slug(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// A heading's text as a reader sees it: without marks of emphasis and code, targets of links, tags, and an anchor in braces.
fn plain(heading: &str) -> String {
    let mut out = String::with_capacity(heading.len());
    let mut rest = heading.split(" {#").next().unwrap_or_default();
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '*' | '`' | '[' => 1,
            ']' if rest.starts_with("](") => rest.find(')').map_or(1, |end| end + 1),
            ']' => 1,
            '<' if rest[1..].starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()) => {
                rest.find('>').map_or(0, |end| end + 1)
            }
            _ => 0,
        };
        if skipped == 0 {
            out.push(c);
        }
        rest = &rest[if skipped == 0 { c.len_utf8() } else { skipped }..];
    }
    out.trim_end().to_string()
}

/// `text` with what is not ASCII as `%20` and the like.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// An anchor that gets another name.
#[derive(Clone, Debug)]
pub(crate) struct Anchor {
    pub(crate) old: String,
    pub(crate) new: String,
    /// Whether it is a heading's text, by which wiki links name it.
    pub(crate) wiki: bool,
}

impl Anchor {
    /// The anchors of a definition that is renamed: its own id, and for a heading its slug and its text.
    pub(crate) fn of(old: &Id, new: &Id, heading: Option<&str>) -> Vec<Self> {
        let one = |old: &str, new: &str, wiki| Self { old: old.to_string(), new: new.to_string(), wiki };
        let mut out = Vec::new();
        if let Some(heading) = heading {
            let plain = plain(heading);
            let renamed = plain.replacen(old.as_str(), new.as_str(), 1);
            out.push(one(&slug(&plain), &slug(&renamed), false));
            out.push(one(&plain, &renamed, true));
        }
        out.push(one(old.as_str(), new.as_str(), false));
        out
    }
}

/// The anchors in links of `text`, the text of the file at `path`, that lead to one of `anchors` in the file `target`; each with what
/// replaces it.
pub(crate) fn links_to(text: &str, path: &FilePath, target: &FilePath, anchors: &[Anchor]) -> Vec<(Span, String)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    for sign in memchr::memchr_iter(b'#', bytes) {
        let near = text.ceil_char_boundary(sign.saturating_sub(LONGEST));
        let line = bytes[near..sign].iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(near, |at| near + at + 1);
        let before = &text[line..sign];
        let wiki = before.rfind("[[").filter(|at| !before[*at..].contains("]]"));
        let (file, ends, to_the_end) = if let Some(open) = wiki {
            (&before[open + 2..], &["]]", "|"][..], false)
        } else if let Some(open) = before.rfind("](").filter(|at| !before[*at..].contains(')')) {
            (before[open + 2..].trim_start_matches('<'), &[")", ">", " ", "\t"][..], false)
        } else if let Some(open) = before.rfind("]: ").filter(|_| before.trim_start().starts_with('[')) {
            (before[open + 3..].trim_start().trim_start_matches('<'), &[">", " ", "\t"][..], true)
        } else if let Some(open) = before.rfind("href=\"").filter(|at| !before[*at + 6..].contains('"')) {
            (&before[open + 6..], &["\""][..], false)
        } else {
            continue;
        };
        let rest = &text[sign + 1..text.floor_char_boundary(sign + LONGEST)];
        let rest = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
        let found = ends.iter().filter_map(|mark| rest.find(mark)).min();
        let Some(len) = found.or(to_the_end.then_some(rest.len())) else { continue };
        let name = &rest[..len];
        let leads = if wiki.is_some() { names_file(file, path, target) } else { leads_to(file, path, target) };
        if !leads {
            continue;
        }
        let meant = unescaped(name);
        let fits = |anchor: &&Anchor| (wiki.is_some() || !anchor.wiki) && anchor.old.eq_ignore_ascii_case(&meant);
        let Some(anchor) = anchors.iter().find(fits) else { continue };
        let lower = meant == anchor.old.to_ascii_lowercase() && meant != anchor.old;
        let new = if lower { anchor.new.to_ascii_lowercase() } else { anchor.new.clone() };
        let new = if meant == name { new } else { escaped(&new) };
        if new != name {
            out.push((Span::new(sign + 1, sign + 1 + len), new));
        }
    }
    out
}

/// The labels of reference links (`[text][FR-1]`, `[FR-1]: target`) that are the id, each with what replaces it.
pub(crate) fn link_labels(text: &str, old: &Id, new: &Id) -> Vec<(Span, String)> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices(&format!("[{old}]")) {
        let end = at + 2 + old.as_str().len();
        let near = text.ceil_char_boundary(at.saturating_sub(LONGEST));
        let line = &text[text[near..at].rfind(['\n', '\r']).map_or(near, |at| near + at + 1)..at];
        let used = text[..at].ends_with(']');
        let defined = line.trim_start_matches([' ', '>']).is_empty() && text[end..].starts_with(':');
        if used || defined {
            out.push((Span::new(at + 1, end - 1), new.to_string()));
        }
    }
    out
}

/// Names of anchors (`<a id="fr-1.1">`, `{#fr-1.1}`) that are the id, each with what replaces it.
pub(crate) fn named_anchors(text: &str, old: &Id, new: &Id) -> Vec<(Span, String)> {
    let mut out = Vec::new();
    for (open, close) in [("id=\"", '"'), ("name=\"", '"'), ("{#", '}')] {
        for (at, _) in text.match_indices(open) {
            let start = at + open.len();
            let Some(len) = text[start..].find(close) else { continue };
            let name = &text[start..start + len];
            if name.eq_ignore_ascii_case(old.as_str()) {
                let lower = name != old.as_str() && !name.bytes().any(|b| b.is_ascii_uppercase());
                let new = if lower { new.as_str().to_ascii_lowercase() } else { new.to_string() };
                out.push((Span::new(start, start + len), new));
            }
        }
    }
    out
}

/// Whether the link target `file`, written in the file at `from`, is the file `target`.
fn leads_to(file: &str, from: &FilePath, target: &FilePath) -> bool {
    if file.is_empty() {
        return from == target;
    }
    resolved(file, from).is_some_and(|path| path == *target)
}

/// Whether a wiki link's file name is the target's: its name with or without `.md`, perhaps with folders.
pub(crate) fn names_file(file: &str, from: &FilePath, target: &FilePath) -> bool {
    if file.is_empty() {
        return from == target;
    }
    let name = file.trim().trim_end_matches(".md");
    let whole = target.as_str().trim_end_matches(".md");
    whole.len() >= name.len()
        && whole.ends_with(name)
        && (whole.len() == name.len() || whole[..whole.len() - name.len()].ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(text: &str) -> String {
        let (from, target) = (FilePath::new("/w/a/tasks.md"), FilePath::new("/w/a/spec.md"));
        let anchors = Anchor::of(&Id::new("FR-1.1"), &Id::new("FR-9"), Some("FR-1.1: Log in"));
        let mut out = text.to_string();
        for (span, new) in links_to(text, &from, &target, &anchors).iter().rev() {
            out.replace_range(span.range(), new);
        }
        out
    }

    #[test]
    fn links_of_every_kind_to_the_heading_follow_it() {
        assert_eq!(renamed("[x](spec.md#fr-11-log-in)"), "[x](spec.md#fr-9-log-in)");
        assert_eq!(renamed("[x](../a/spec.md#FR-1.1 \"t\")"), "[x](../a/spec.md#FR-9 \"t\")");
        assert_eq!(renamed("[x](spec.md#fr-1.1)"), "[x](spec.md#fr-9)");
        assert_eq!(renamed("[[spec#FR-1.1: Log in|x]] [[spec#FR-1.1]]"), "[[spec#FR-9: Log in|x]] [[spec#FR-9]]");
        assert_eq!(renamed("[x]: spec.md#fr-1.1\n"), "[x]: spec.md#fr-9\n");
        assert_eq!(renamed("<a href=\"spec.md#fr-1.1\">"), "<a href=\"spec.md#fr-9\">");
    }

    #[test]
    fn a_heading_is_named_by_what_a_reader_sees() {
        for (heading, wanted) in [
            ("FR-1: A [link](x.md#y) `here`", "FR-1: A link here"),
            ("FR-1: Log in <a id=\"FR-1\"></a>", "FR-1: Log in"),
            ("**FR-1** Log in {#FR-1}", "FR-1 Log in"),
            ("FR-1: a < b [x", "FR-1: a < b x"),
        ] {
            assert_eq!(plain(heading), wanted);
        }
    }

    #[test]
    fn an_anchor_stays_escaped() {
        let path = FilePath::new("/w/a/spec.md");
        let anchors = Anchor::of(&Id::new("FR-1"), &Id::new("FR-9"), Some("FR-1 登录"));
        let found = links_to("[x](#fr-1-%E7%99%BB%E5%BD%95)", &path, &path, &anchors);
        assert_eq!(found[0].1, "fr-9-%E7%99%BB%E5%BD%95");
    }

    #[test]
    fn other_files_and_other_anchors_stay() {
        for text in [
            "[x](plan.md#fr-1.1)",
            "[x](#fr-1.1)",
            "[x](spec.md#fr-1.10)",
            "# FR-1.1",
            "see spec.md#fr-1.1",
            "[[plan#FR-1.1]]",
        ] {
            assert_eq!(renamed(text), text);
        }
    }
}
