//! Wordings: what a statement says, word by word, however it is written; and how two of them differ.

use crate::fingerprint::Fingerprint;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The words of a statement, one blank between them, or none beside a character of a script that is written without blanks.
/// Marks of Markdown, wrapping and punctuation around words are not among them, and neither is what is struck through; signs
/// that say something (`<`, `≥`, `%`, `-5`) are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording(Box<str>);

impl Wording {
    /// That of a statement as it stands in its file.
    #[must_use]
    pub fn of(statement: &str) -> Self {
        Self::kept(&folded(&plain_text(&without_indent(statement))))
    }

    /// That of a row of a table, whose cells are parted by bars.
    #[must_use]
    pub fn of_row(row: &str) -> Self {
        // Within its table a bar can only be meant where it is escaped.
        Self::of(&row.replace("\\|", "\u{0}").replace('|', " ").replace('\u{0}', "\\|"))
    }

    /// One that was made before and kept.
    #[must_use]
    pub fn kept(text: &str) -> Self {
        Self(joined(&words_of(text)).into())
    }

    /// The words as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// By what it is known on every machine and in every version.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.words())
    }

    /// Its words.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        words_of(&self.0)
    }
}

/// A text without the indentation that all its lines but the first have: how deep a block stands says nothing.
fn without_indent(text: &str) -> String {
    let indent_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let others = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let indent = others.map(indent_of).min().unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for (at, line) in text.lines().enumerate() {
        let cut = if at == 0 { indent_of(line) } else { indent.min(indent_of(line)) };
        out.push_str(&line[cut..]);
        out.push('\n');
    }
    out
}

/// What a reader sees of a stretch of Markdown.
fn plain_text(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut out = String::with_capacity(markdown.len());
    let (mut struck, mut html) = (0_u32, None::<String>);
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Strikethrough) => struck += 1,
            Event::End(TagEnd::Strikethrough) => struck = struck.saturating_sub(1),
            Event::Start(Tag::HtmlBlock) => html = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => {
                out.push_str(&without_tags(&html.take().unwrap_or_default()));
                out.push(' ');
            }
            Event::Html(text) => html.get_or_insert_default().push_str(&text),
            Event::InlineHtml(tag) if tag.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("<br")) => out.push(' '),
            Event::Text(text) if html.is_some() => html.get_or_insert_default().push_str(&text),
            Event::Text(text) | Event::Code(text) if struck == 0 => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::Rule => out.push(' '),
            Event::End(end) if !is_inline(end) => out.push(' '),
            // An item may hold its text without a paragraph, before another list begins.
            Event::Start(Tag::List(_) | Tag::Item | Tag::CodeBlock(_)) => out.push(' '),
            _ => {}
        }
    }
    out
}

fn is_inline(end: TagEnd) -> bool {
    matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image)
}

/// The text of a block of HTML.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let tag = &rest[at..];
        let end = match tag.as_bytes().get(1) {
            Some(b'!') if tag.starts_with("<!--") => tag.find("-->").map(|end| end + 3),
            Some(byte) if byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?') => {
                tag.find('>').map(|end| end + 1)
            }
            _ => Some(1),
        };
        let end = end.unwrap_or(tag.len());
        out.push_str(&rest[..at]);
        out.push(if end == 1 { '<' } else { ' ' });
        rest = &tag[end..];
    }
    out + rest
}

/// Punctuation that may stand around a word and says nothing of what it means.
const AROUND: &str = ".,;:?\"'()[]{}“”„‘‚«»‹›·•";

/// A text with one spelling for quotes and dashes that look alike, and without what nobody sees.
fn folded(text: &str) -> String {
    let fold = |c: char| match c {
        '’' => Some('\''),
        '\u{2010}'..='\u{2013}' | '\u{2212}' => Some('-'),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe0f}' | '\u{feff}' => None,
        c if c.is_control() && !c.is_whitespace() => None,
        c => Some(c),
    };
    text.chars().filter_map(fold).collect()
}

/// The words of a folded text.
fn words_of(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for run in text.split(|c: char| c.is_whitespace() || ends_clause(c)) {
        let mut from = 0;
        for (at, c) in run.char_indices().filter(|(_, c)| stands_alone(*c)) {
            words.extend(trimmed(&run[from..at]));
            from = at + c.len_utf8();
            words.push(&run[at..from]);
        }
        words.extend(trimmed(&run[from..]));
    }
    words
}

/// A word without the punctuation around it; none where nothing else is left.
fn trimmed(run: &str) -> Option<&str> {
    let mut word = run.trim_end_matches(|c: char| AROUND.contains(c) || matches!(c, '-' | '!'));
    while let Some(first) = word.chars().next().filter(|c| AROUND.contains(*c) || *c == '-') {
        let rest = &word[first.len_utf8()..];
        // The sign and the point before a number belong to it.
        if matches!(first, '.' | '-') && rest.starts_with(|c: char| c.is_numeric() || c == '.') {
            break;
        }
        word = rest;
    }
    (!word.is_empty()).then_some(word)
}

/// What ends a word though it is no blank: dashes between clauses, and the punctuation of East Asia.
fn ends_clause(c: char) -> bool {
    const WIDE: &str = "！＂＇（）＊，．：；？［］｛｝～｡｢｣､･";
    matches!(c, '—' | '―' | '…' | '\u{3000}'..='\u{303f}' | '・') || WIDE.contains(c)
}

/// Whether lines break before and behind a character of any word: in scripts that are written without blanks.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Words as a text that has these words again.
fn joined(words: &[&str]) -> String {
    let mut out = String::new();
    for word in words {
        let apart = |c: Option<char>| c.is_some_and(|c| !stands_alone(c));
        if apart(out.chars().next_back()) && apart(word.chars().next()) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A stretch of two wordings that were held against each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Both say it.
    Same(String),
    /// The old one alone does.
    Gone(String),
    /// The new one alone does.
    New(String),
}

/// More pairs of words are not compared one by one.
const MOST_PAIRS: usize = 1 << 20;

/// How `old` became `new`, in the order of the text; what went stands before what came in its place.
#[must_use]
pub fn difference(old: &Wording, new: &Wording) -> Vec<Piece> {
    let (a, b) = (old.words(), new.words());
    let front = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a_rest, b_rest) = (&a[front..], &b[front..]);
    let back = a_rest.iter().rev().zip(b_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a_mid, b_mid) = (&a_rest[..a_rest.len() - back], &b_rest[..b_rest.len() - back]);
    let mut out = Pieces::default();
    a[..front].iter().for_each(|word| out.same(word));
    middle(a_mid, b_mid, &mut out);
    a_rest[a_mid.len()..].iter().for_each(|word| out.same(word));
    out.end()
}

/// The pieces of a difference without most of what both say: so many words are left beside each change.
#[must_use]
pub fn shortened(pieces: Vec<Piece>) -> Vec<Piece> {
    const BESIDE: usize = 6;
    let last = pieces.len().saturating_sub(1);
    let short = |(at, piece): (usize, Piece)| {
        let Piece::Same(text) = &piece else { return piece };
        let wording = Wording(text.as_str().into());
        let words = wording.words();
        let (front, back) = (if at == 0 { 0 } else { BESIDE }, if at == last { 0 } else { BESIDE });
        if words.len() <= front + back + 1 {
            return piece;
        }
        let ends = [joined(&words[..front]), "…".into(), joined(&words[words.len() - back..])];
        Piece::Same(ends.iter().filter(|it| !it.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" "))
    };
    pieces.into_iter().enumerate().map(short).collect()
}

/// The words between those that both begin and end with: by the longest sequence that both have.
fn middle<'w>(a: &[&'w str], b: &[&'w str], out: &mut Pieces<'w>) {
    if a.len().saturating_mul(b.len()) > MOST_PAIRS {
        out.gone.extend(a);
        out.new.extend(b);
        return;
    }
    // How many words of `a[i..]` and `b[j..]` are the same.
    let width = b.len() + 1;
    let mut longest = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            out.same(a[i]);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            out.gone.push(a[i]);
            i += 1;
        } else {
            out.new.push(b[j]);
            j += 1;
        }
    }
    out.gone.extend(&a[i..]);
    out.new.extend(&b[j..]);
}

#[derive(Default)]
struct Pieces<'w> {
    same: Vec<&'w str>,
    gone: Vec<&'w str>,
    new: Vec<&'w str>,
    out: Vec<Piece>,
}

impl<'w> Pieces<'w> {
    fn same(&mut self, word: &'w str) {
        self.end_change();
        self.same.push(word);
    }

    fn end_change(&mut self) {
        if self.gone.is_empty() && self.new.is_empty() {
            return;
        }
        if !self.same.is_empty() {
            self.out.push(Piece::Same(joined(&std::mem::take(&mut self.same))));
        }
        let (gone, new) = (std::mem::take(&mut self.gone), std::mem::take(&mut self.new));
        self.out.extend((!gone.is_empty()).then(|| Piece::Gone(joined(&gone))));
        self.out.extend((!new.is_empty()).then(|| Piece::New(joined(&new))));
    }

    fn end(mut self) -> Vec<Piece> {
        self.end_change();
        if !self.same.is_empty() {
            self.out.push(Piece::Same(joined(&self.same)));
        }
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(statement: &str) -> String {
        Wording::of(statement).as_str().to_string()
    }

    #[test]
    fn how_it_is_written_says_nothing() {
        let plain = "FR-1.1 WHEN a user signs in THEN the system SHALL check it within 200 ms";
        for same in [
            "**FR-1.1**: WHEN a user signs in, THEN the system SHALL check it within 200 ms.",
            "- **FR-1.1:** **WHEN** a user signs in\n  **THEN** the system **SHALL** check it\n  within `200` ms\n",
            "12. **FR-1.1** — *WHEN* a user signs in, __THEN__ the system SHALL check it within 200\u{a0}ms;\r\n",
            "* [x] FR-1.1: WHEN a [user](people.md#user) signs in<br>THEN the “system” SHALL check it (within 200 ms)!",
            "    - **FR-1.1**: WHEN a user\n      signs in\n\n      THEN the system <!-- see below --> SHALL check it\n      within 200 ms\n",
            "### FR-1.1: WHEN a user signs in\n\n- THEN the system\n- SHALL check it\n\n---\n\nwithin 200 ms\n",
            "FR-1.1 WHEN a user ~~or guest~~ signs in THEN the sys\u{ad}tem SHALL check it within 200 ms",
        ] {
            assert_eq!(said(same), plain, "{same:?}");
        }
        assert_eq!(Wording::of_row("| **FR-1** | a \\| b|`High` |").as_str(), "FR-1 a | b High");
        assert_eq!(said("## FR-1\n\n| a | b |\n|:--|---|\n| 1 | 2 |\n"), said("# FR-1\n\n|a|b|\n|-|-|\n|1|2|\n"));
        assert_eq!(said("FR-1 <details><summary>So</summary> it *is*</details>"), "FR-1 So it is");
        assert_eq!(said("FR-1\n\n<details>\n<summary>So</summary>\nit is\n</details>"), "FR-1 So it is");
    }

    #[test]
    fn what_it_says_is_told_apart() {
        for (a, b) in [
            ("within 200 ms", "within 300 ms"),
            ("x < 200", "x > 200"),
            ("x <= 200", "x < 200"),
            ("at -5 degrees", "at 5 degrees"),
            ("by .5", "by 5"),
            ("50% of", "50 of"),
            ("$5", "€5"),
            ("SHALL lock", "SHALL not lock"),
            ("SHALL ~~not~~ lock", "SHALL not lock"),
            ("SHALL lock", "should lock"),
            ("a != b", "a = b"),
            ("`a`b", "a b"),
            ("v1.2", "v12"),
            ("ロックする", "ロックしない"),
            ("- a\n- b\n", "- b\n- a\n"),
        ] {
            assert_ne!(Wording::of(a).fingerprint(), Wording::of(b).fingerprint(), "{a:?} {b:?}");
        }
    }

    #[test]
    fn lines_break_anywhere_between_characters_that_stand_alone() {
        let one = "**FR-1**：ユーザーが3回失敗したとき、アカウントをロックする。";
        let other = "**FR-1**: ユーザーが 3 回失敗\nしたとき\nアカウントを ロックする";
        assert_eq!(said(one), said(other));
        assert_eq!(said(one), "FR-1ユーザーが3回失敗したときアカウントをロックする");
    }

    #[test]
    fn a_fingerprint_is_the_same_for_ever() {
        // Whoever changes this number makes every requirement suspect that anybody has reviewed.
        let wording = Wording::of("- **FR-1**: The system SHALL answer — in ≤ 200 ms.");
        assert_eq!(wording.as_str(), "FR-1 The system SHALL answer in ≤ 200 ms");
        assert_eq!(wording.fingerprint().to_string(), "4fe9f581ba459014");
    }

    #[test]
    fn a_difference_is_told_word_by_word() {
        let told = |old: &str, new: &str| {
            let pieces = difference(&Wording::of(old), &Wording::of(new)).into_iter().map(|piece| match piece {
                Piece::Same(words) => words,
                Piece::Gone(words) => format!("-{words}-"),
                Piece::New(words) => format!("+{words}+"),
            });
            pieces.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told("lock it after 3 tries", "lock it after 5 tries"), "lock it after -3- +5+ tries");
        assert_eq!(told("lock it", "lock it at once"), "lock it +at once+");
        assert_eq!(told("at once lock it", "lock it"), "-at once- lock it");
        assert_eq!(told("a b c d e", "a x c y e"), "a -b- +x+ c -d- +y+ e");
        assert_eq!(told("3回失敗", "5回失敗"), "-3- +5+ 回失敗");
        assert_eq!(told("same", "same"), "same");
        assert_eq!(told("", "new"), "+new+");
        let cut = |old: &str, new: &str| {
            shortened(difference(&Wording::of(old), &Wording::of(new)))
                .into_iter()
                .filter_map(|piece| match piece {
                    Piece::Same(words) => Some(words),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        let words = "a b c d e f g h i j k l m n o p";
        assert_eq!(
            cut(&format!("{words} x {words} y {words}"), &format!("{words} X {words} Y {words}")),
            ["… k l m n o p", "a b c d e f … k l m n o p", "a b c d e f …"]
        );
        assert_eq!(cut("a x b", "a y b"), ["a", "b"]);
        let long = |word: &str| format!("{word} ").repeat(2000);
        assert_eq!(told(&long("a"), &long("b")).matches('-').count(), 2, "too long to be compared word by word");
    }

    proptest! {
        #[test]
        fn a_wording_is_kept_as_it_is(text in "([a-zA-Z0-9 .,;:*_`<>()|#\\[\\]!?~字ロ、。—-]|\\n){0,60}") {
            let wording = Wording::of(&text);
            prop_assert!(!wording.as_str().contains(['\n', '\t', '\r']));
            let kept = Wording::kept(wording.as_str());
            prop_assert_eq!(&kept, &wording);
            prop_assert_eq!(kept.fingerprint(), wording.fingerprint());
        }

        #[test]
        fn a_difference_holds_both(old in "[ab ]{0,20}", new in "[ab ]{0,20}") {
            let (old, new) = (Wording::of(&old), Wording::of(&new));
            let (mut was, mut is) = (Vec::new(), Vec::new());
            for piece in difference(&old, &new) {
                match piece {
                    Piece::Same(words) => { was.push(words.clone()); is.push(words); }
                    Piece::Gone(words) => was.push(words),
                    Piece::New(words) => is.push(words),
                }
            }
            prop_assert_eq!(was.join(" "), old.as_str());
            prop_assert_eq!(is.join(" "), new.as_str());
        }
    }
}
