//! Links to files: what stands behind the text of a link or in a definition of one, where it is no address.

use super::builder::Builder;
use super::reader::{Part, Reader};
use super::{Facts, Words};
use crate::dialect::Role;
use crate::text::Span;
use pulldown_cmark::RefDefs;
use std::ops::Range;

/// A link to a file, be it by a relative path or by its place on somebody's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The path as it is written, without fragment and query.
    pub span: Span,
    /// The same without the escapes of Markdown, and with those of addresses.
    pub target: Words,
}

/// A longer path is none, in bytes.
const LONGEST: usize = 1024;

/// The path of a link to `target`, without fragment and query; none where it leads to no file beside the document.
fn path_of(target: &str) -> Option<&str> {
    let path = &target[..memchr::memchr2(b'#', b'?', target.as_bytes()).unwrap_or(target.len())];
    let fits = !path.is_empty() && path.len() <= LONGEST && !path.starts_with(['/', '\\']);
    (fits && (scheme(path).is_none() || is_on_disk(path))).then_some(path)
}

/// What stands before the colon of an address.
fn scheme(path: &str) -> Option<&str> {
    let (scheme, _) = path.split_once(':')?;
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    (scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(letter)).then_some(scheme)
}

/// Whether a link leads to a place on one machine's disk: `file:///home/…`, `C:/…`.
#[must_use]
pub fn is_on_disk(path: &str) -> bool {
    let drive = |scheme: &str| scheme.len() == 1 && path[2..].starts_with(['/', '\\']);
    scheme(path).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file") || drive(scheme))
}

/// Where the target of a link stands in `text`, which begins with it or with the blanks before it: without fragment and query.
fn written(text: &str) -> Range<usize> {
    let start = text.len() - text.trim_start().len();
    let (start, angled) = if text[start..].starts_with('<') { (start + 1, true) } else { (start, false) };
    let (mut depth, mut escaped) = (0, false);
    let end = text.bytes().skip(start).position(|byte| {
        let ends = match byte {
            _ if escaped => false,
            b'>' if angled => true,
            b'#' | b'?' | b'\n' | b'\r' => true,
            b' ' | b'\t' => !angled,
            b'(' if !angled => {
                depth += 1;
                false
            }
            b')' if !angled => {
                depth -= 1;
                depth < 0
            }
            _ => false,
        };
        escaped = !escaped && byte == b'\\';
        ends
    });
    start..end.map_or(text.len(), |at| start + at)
}

impl Reader<'_> {
    /// Notes the link to `target`, which is written from byte `from` on and ends before byte `end`.
    pub(super) fn read_link(&mut self, target: &str, from: usize, end: usize) {
        let counts = !matches!(self.role, Role::Template | Role::None) && !self.context.is_spilled();
        if let Some(path) = path_of(target).filter(|_| counts)
            && !self.comes_later(end)
        {
            let place = written(&self.text[from..end]);
            self.builder.link(&(from + place.start..from + place.end), path);
        }
    }

    /// Whether brackets behind the byte `at` say that what stands before it is still to come: `(to be generated)`.
    fn comes_later(&self, at: usize) -> bool {
        /// In bytes; more is a sentence of its own.
        const LONGEST: usize = 80;
        let rest = self.text[at..].trim_start_matches([' ', '\t', '*', '_']);
        let behind = rest.strip_prefix('(').and_then(|behind| Some(&behind[..behind.find([')', '\n'])?]));
        behind.is_some_and(|words| words.len() <= LONGEST && self.dialect.table.hints.later.occurs_in(words))
    }
}

impl Builder {
    fn link(&mut self, place: &Range<usize>, path: &str) {
        let link = Link { span: self.span(place), target: self.words(path) };
        self.links.push(link);
    }
}

/// The links that `definitions` make, in order: where each is written, and its path.
pub(super) fn defined(text: &str, skip: usize, definitions: &RefDefs<'_>) -> Vec<(Range<usize>, String)> {
    let mut out: Vec<_> = definitions
        .iter()
        // `[^1]: text` is a footnote.
        .filter(|(label, _)| !label.starts_with('^'))
        .filter_map(|(_, definition)| {
            let path = path_of(&definition.dest)?;
            let whole = definition.span.start + skip..definition.span.end + skip;
            let behind = whole.start + text[whole.clone()].find("]:")? + 2;
            let place = written(&text[behind..whole.end]);
            Some((behind + place.start..behind + place.end, path.to_string()))
        })
        .collect();
    out.sort_unstable_by_key(|(place, _)| place.start);
    out
}

/// Puts links among those of the parts that they stand in.
pub(super) fn put(defined: &[(Range<usize>, String)], parts: &mut [Part]) {
    let mut rest = defined;
    for at in 0..parts.len() {
        let end = parts.get(at + 1).map_or(usize::MAX, |next| next.start);
        let (own, behind) = rest.split_at(rest.partition_point(|(place, _)| place.start < end));
        rest = behind;
        if own.is_empty() {
            continue;
        }
        let Part { start, facts, .. } = &mut parts[at];
        let Facts { links, words, .. } = facts;
        let (mut all, mut text) = (std::mem::take(links).into_vec(), String::from(std::mem::take(words)));
        for (place, path) in own {
            let target = Words(Span::new(text.len(), text.len() + path.len()));
            text.push_str(path);
            all.push(Link { span: Span::new(place.start - *start, place.end - *start), target });
        }
        all.sort_unstable_by_key(|link| link.span);
        (*links, *words) = (all.into(), text.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::facts::{Context, Cut, read};

    /// The links of a text: what is written, and what it means where that is something else.
    fn read_links(text: &str) -> Vec<String> {
        let home = Dialect::home();
        let read = read(text, &home, Role::Plan, Cut::AtHeadings, Context::default(), true, &|_| false);
        let told = |part: &Part, link: &Link| {
            let (written, meant) = (&text[link.span.shifted(part.start as u32).range()], part.facts.text(link.target));
            if written == meant { written.to_string() } else { format!("{written} = {meant}") }
        };
        read.parts.iter().flat_map(|part| part.facts.links.iter().map(|link| told(part, link))).collect()
    }

    #[test]
    fn links_to_files_are_noted_however_they_are_written() {
        for (text, wanted) in [
            ("See [a](b.md), [c](../d/e.md#f \"t\") and [g](h?i=j).", &["b.md", "../d/e.md", "h"][..]),
            ("[a](<b c.md#d>) [e]( f.md )", &["b c.md", "f.md"]),
            ("[a](b%20c.md) [d](e\\_f.md)", &["b%20c.md", "e\\_f.md = e_f.md"]),
            ("[a](b(c).md)) [`d[0]`](e.md)", &["b(c).md", "e.md"]),
            ("[![a](b.png)](c.md)", &["c.md"]),
            ("# T [a](b.md)\n\n| a |\n|---|\n| [c](d.md) |\n", &["b.md", "d.md"]),
            ("[a][b]\n\n[b]: c.md#d 'e'\n\n# T\n\n[f](g.md)\n\n[h]: <i j.md>\n", &["c.md", "g.md", "i j.md"]),
            (
                "[a](file:///C:/x/y.md) [b](C:/x/y.md) [c](src/a.rs:12)",
                &["file:///C:/x/y.md", "C:/x/y.md", "src/a.rs:12"],
            ),
        ] {
            assert_eq!(read_links(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_leads_to_no_file_beside_the_document_is_not_noted() {
        for text in [
            "[a](#b) [c]() [d](/e.md) [f](https://g.org/h.md) [i](mailto:j) [k](//l.org/m.md)",
            "![a](b.png) <file:///x> `[a](b.md)` [x] (y.md) [^1]\n\n[^1]: note.md\n",
            "- [a](b.md) _(To be generated)_\n- [c](d.md) (to be written)\n",
            "```\n[a](b.md)\n```\n\n    [a](b.md)\n\n<!-- [a](b.md) -->\n",
        ] {
            assert_eq!(read_links(text), [""; 0], "{text}");
        }
    }
}
