//! Headings of a template: their text with holes, and which headings of a document they mean.

use crate::facts::{fold_title, title_key};

/// A heading of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pieces: Vec<Piece>,
    /// Which headings it means.
    pub pattern: Pattern,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Number,
    Name(Option<String>),
}

/// Which titles a heading means, word by word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    words: Vec<Word>,
    /// The key of the title where it has no holes.
    pub key: Option<u32>,
    /// The title where it has no holes, folded.
    fixed: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Is(String),
    Number,
    Name,
}

/// What is wrong with a heading: the bytes of its text, and why.
pub(super) type Wrong = (std::ops::Range<usize>, String);

// Letters that no title holds, and that folding keeps.
const NUMBER: char = 'ⓝ';
const NAME: char = 'ⓜ';

impl Heading {
    /// The heading whose text is `text`, and what is wrong with its holes.
    pub(super) fn read(text: &str) -> (Self, Vec<Wrong>) {
        let (mut pieces, mut wrong) = (Vec::new(), Vec::new());
        let mut from = 0;
        while let Some(open) = text[from..].find('{').map(|at| from + at) {
            // A heading's anchor, and Handlebars' braces, are text.
            let other = text[open + 1..].starts_with(['#', '{']) || text[..open].ends_with('{');
            let Some(close) = text[open..].find('}').map(|at| open + at).filter(|_| !other) else {
                if !other {
                    wrong.push((open..text.len(), format!("`{}` is not closed by `}}`", &text[open..])));
                }
                break;
            };
            if open > from {
                pieces.push(Piece::Text(text[from..open].to_string()));
            }
            let inner = text[open + 1..close].trim();
            let (name, default) =
                inner.split_once('=').map_or((inner, None), |(name, value)| (name, Some(value.trim())));
            match name.trim() {
                "n" => pieces.push(Piece::Number),
                "name" => pieces.push(Piece::Name(default.map(String::from))),
                _ => {
                    let message = format!("unknown hole `{{{inner}}}`, known are `{{n}}`, `{{name}}` and `{{name=…}}`");
                    wrong.push((open..close + 1, message));
                }
            }
            from = close + 1;
        }
        if from < text.len() {
            pieces.push(Piece::Text(text[from..].to_string()));
        }
        let pattern = Pattern::of(&pieces);
        (Self { pieces, pattern }, wrong)
    }

    /// How the heading is called in messages: `Phase N: Name`.
    #[must_use]
    pub fn shown(&self) -> String {
        self.with(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Number => "N".into(),
            Piece::Name(_) => "Name".into(),
        })
    }

    /// The heading of a new section: its number, and a hint or the template's own word for its name.
    #[must_use]
    pub fn filled(&self, number: u32) -> String {
        let noun = self.pieces.iter().find_map(|piece| match piece {
            Piece::Text(text) => text.split_whitespace().next().filter(|word| word.chars().all(char::is_alphabetic)),
            _ => None,
        });
        self.with(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Number => number.to_string(),
            Piece::Name(Some(name)) => name.clone(),
            Piece::Name(None) => format!("[{} name]", noun.unwrap_or("Section")),
        })
    }

    /// The heading with a number, and a hint for its name even where the template has a word for it.
    #[must_use]
    pub fn numbered(&self, number: u32) -> String {
        let open = |piece: &Piece| match piece {
            Piece::Name(_) => Piece::Name(None),
            other => other.clone(),
        };
        Self { pieces: self.pieces.iter().map(open).collect(), pattern: self.pattern.clone() }.filled(number)
    }

    /// The heading with `name` for its name; without a name, also without what leads up to it.
    #[must_use]
    pub fn named(&self, name: &str) -> String {
        let text = self.with(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Number => "1".into(),
            Piece::Name(_) => name.to_string(),
        });
        if name.is_empty() { text.trim().trim_matches([':', '-', '–', '—', ' ']).to_string() } else { text }
    }

    fn with(&self, say: impl FnMut(&Piece) -> String) -> String {
        self.pieces.iter().map(say).collect::<String>().trim().to_string()
    }
}

impl Pattern {
    fn of(pieces: &[Piece]) -> Self {
        let marked: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                // The blanks keep `P{n}` from being one word, which would match no number.
                Piece::Number => format!(" {NUMBER} "),
                Piece::Name(_) => format!(" {NAME} "),
            })
            .collect();
        // A number at the start counts the heading, and counting is folded away.
        let marked = marked.trim_start().strip_prefix(NUMBER).unwrap_or(&marked).to_string();
        let folded = fold_title(&marked);
        let word = |word: &str| match word.chars().next() {
            Some(NUMBER) => Word::Number,
            Some(NAME) => Word::Name,
            _ => Word::Is(word.to_string()),
        };
        let words: Vec<Word> = folded.split(' ').filter(|text| !text.is_empty()).map(word).collect();
        let fixed = words.iter().all(|word| matches!(word, Word::Is(_)));
        Self { key: fixed.then(|| title_key(&folded)), words, fixed: fixed.then_some(folded) }
    }

    /// Whether the folded title is meant, and with which number.
    #[must_use]
    pub fn matches(&self, folded: &str) -> Option<Option<u32>> {
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        matches(&self.words, &words)
    }

    /// The same for a title that has one of the pattern's words misspelt: that word, the right one, and the number.
    #[must_use]
    pub fn nearly(&self, folded: &str) -> Option<(String, String, Option<u32>)> {
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let literal =
            self.words.iter().zip(&words).enumerate().take_while(|(_, (word, _))| !matches!(word, Word::Name));
        for (at, (word, there)) in literal {
            let Word::Is(right) = word else { continue };
            if right.len() > 3 && right != there && strsim::osa_distance(right, there) <= 2 {
                let mut mended = words.clone();
                mended[at] = right;
                return Some(((*there).to_string(), right.clone(), matches(&self.words, &mended)?));
            }
        }
        None
    }

    /// Whether it says a word that is always the same.
    #[must_use]
    pub fn is_telling(&self) -> bool {
        self.words.iter().any(|word| matches!(word, Word::Is(_)))
    }

    /// The title where it has no holes, folded.
    #[must_use]
    pub fn fixed(&self) -> Option<&str> {
        self.fixed.as_deref()
    }

    /// Whether headings of this pattern are counted.
    #[must_use]
    pub fn is_numbered(&self) -> bool {
        self.words.contains(&Word::Number)
    }
}

fn matches(pattern: &[Word], words: &[&str]) -> Option<Option<u32>> {
    let Some((first, rest)) = pattern.split_first() else { return words.is_empty().then_some(None) };
    match first {
        // What is missing at the end is only a name.
        _ if words.is_empty() => pattern.iter().all(|word| *word == Word::Name).then_some(None),
        Word::Is(word) => (words[0] == word).then(|| matches(rest, &words[1..]))?,
        Word::Number => {
            let digits = words[0].bytes().take_while(u8::is_ascii_digit).count();
            let number = words[0][..digits].parse().ok()?;
            matches(rest, &words[1..]).map(|_| Some(number))
        }
        Word::Name if rest.is_empty() => Some(None),
        Word::Name => (1..=words.len()).find_map(|taken| matches(rest, &words[taken..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(heading: &str, title: &str) -> Option<Option<u32>> {
        Heading::read(heading).0.pattern.matches(&fold_title(title))
    }

    #[test]
    fn holes_stand_for_numbers_and_names() {
        assert_eq!(number("Phase {n}: {name}", "Phase 2: Core Features"), Some(Some(2)));
        assert_eq!(number("Phase {n}: {name}", "phase 3 — hardening"), Some(Some(3)));
        assert_eq!(number("Phase {n}: {name}", "Phase 4"), Some(Some(4)));
        assert_eq!(number("Phase {n}: {name}", "Phase Four"), None);
        assert_eq!(number("Phase {n}: {name}", "Phases"), None);
        assert_eq!(number("{name} Specification", "Log-in and more Specification"), Some(None));
        assert_eq!(number("{name} Specification", "Log-in"), None);
        assert_eq!(
            number("User Story {n} - {name} (Priority: P{n})", "User Story 1 - Log in (Priority: P1) 🎯"),
            Some(Some(1))
        );
        assert_eq!(number("{n}. {name=Setup}", "1. Anything"), Some(None));
        assert_eq!(number("Data Flow", "2. Data flow:"), Some(None));
    }

    #[test]
    fn a_new_heading_has_its_number_and_a_hint_for_its_name() {
        let (heading, wrong) = Heading::read("Phase {n}: {name=Foundation}");
        assert_eq!(wrong, []);
        assert_eq!(
            [heading.shown(), heading.filled(2), heading.numbered(3)],
            ["Phase N: Name", "Phase 2: Foundation", "Phase 3: [Phase name]"]
        );
        let (title, _) = Heading::read("Implementation Plan: {name}");
        assert_eq!([title.named("Log in"), title.named("")], ["Implementation Plan: Log in", "Implementation Plan"]);
    }

    #[test]
    fn a_hole_that_is_none_is_told() {
        assert_eq!(
            Heading::read("A {nmae} b").1,
            [(2..8, "unknown hole `{nmae}`, known are `{n}`, `{name}` and `{name=…}`".into())]
        );
        assert_eq!(Heading::read("A {name").1, [(2..7, "`{name` is not closed by `}`".into())]);
        assert_eq!(Heading::read("A {#anchor} and {{NAME}}").1, []);
    }

    #[test]
    fn a_misspelt_word_before_the_name_is_seen() {
        let pattern = Heading::read("Phase {n}: {name}").0.pattern;
        assert_eq!(pattern.nearly("phse 1 foundation"), Some(("phse".into(), "phase".into(), Some(1))));
        assert_eq!(pattern.nearly("stage 1 foundation"), None);
        assert_eq!(pattern.nearly("phase 1 fundation"), None);
    }
}
