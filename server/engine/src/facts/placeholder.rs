//! Placeholders: bracketed hints of a template that nobody has filled in (`[trigger/condition]`, `{{NAME}}`).

use super::inline::Masks;
use crate::dialect::Hints;
use crate::text::{Trim, lines_of};
use std::ops::Range;

/// Brackets that hold a hint, or may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// With the brackets.
    pub(super) range: Range<usize>,
    pub(super) strength: Strength,
}

/// How much brackets look like a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// They are one only if the document's template has the same.
    Template,
    /// They stand where text should, and hold what a hint may.
    Likely,
    /// What they hold asks for text, or is a name in capitals.
    Plain,
}

/// The hints of one line of a block; `links` are the starts of real links.
pub(super) fn placeholders(
    text: &str,
    line: &Range<usize>,
    masks: &Masks,
    links: &[usize],
    hints: &Hints,
) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut from = line.start;
    while let Some(found) = memchr::memchr2(b'[', b'{', &bytes[from..line.end]) {
        let at = from + found;
        from = at + 1;
        if masks.end_of(at).is_some() {
            continue;
        }
        let end = if bytes[at] == b'[' {
            bracket(text, at, line, links, hints)
        } else {
            braces(text, at, line).map(|end| (end, Strength::Plain))
        };
        if let Some((end, strength)) = end {
            out.push(Found { range: at..end, strength });
            from = end;
        }
    }
    out
}

/// Whether a table's row is an example of its template: each of its cells is one bracket of words.
pub(super) fn row_of_hints(row: &str) -> bool {
    let bracket = |cell: &str| {
        let inner = cell.trimmed().strip_prefix('[').and_then(|cell| cell.strip_suffix(']'));
        inner.is_some_and(|inner| {
            inner.starts_with(char::is_alphabetic)
                && inner.contains(char::is_lowercase)
                && !inner.contains(['[', ']', '(', ')', '`'])
        })
    };
    let row = row.trimmed();
    if !row.trim_start_matches('|').trim_start().starts_with('[') {
        return false;
    }
    let row = row.strip_prefix('|').unwrap_or(row);
    let cells = row.strip_suffix('|').unwrap_or(row).split('|');
    cells.clone().count() > 1 && cells.clone().all(bracket)
}

/// Whether a paragraph stands for text that nobody has written: it says `TBD` and no more, or what a tool leaves there.
pub(super) fn is_blank(text: &str, hints: &Hints) -> bool {
    let begins = |start: &String| {
        let head = text.get(..start.len()).or_else(|| text.get(..text.floor_char_boundary(start.len())));
        head.is_some_and(|head| head.eq_ignore_ascii_case(start) || !head.is_ascii() && head.to_lowercase() == *start)
    };
    is_word(text, hints)
        || is_word_with_aside(text, hints)
        || ends_in_word(text, hints)
        || hints.left.iter().any(begins)
        || is_aside(text) && hints.later.occurs_in(text)
}

/// Whether a text says that it is missing, and no more: `TBD`.
pub(super) fn is_word(text: &str, hints: &Hints) -> bool {
    /// In bytes; most paragraphs are longer.
    const LONGEST: usize = 40;
    let bare = || text.trim_matches(|c: char| !c.is_alphanumeric());
    text.len() <= LONGEST && crate::dialect::contains(&hints.blanks, bare())
}

/// Whether the last sentence of a paragraph says in capitals that more is missing: `Boats are lent. TBD.`
fn ends_in_word(text: &str, hints: &Hints) -> bool {
    let bare = text.trim_end_matches(['.', '…']);
    if !bare.ends_with(|c: char| c.is_ascii_uppercase()) {
        return false;
    }
    let Some((before, last)) = bare.rsplit_once(['.', '\n', '。']) else { return false };
    let last = last.trim();
    !before.is_empty() && last.len() > 2 && last.bytes().all(|b| b.is_ascii_uppercase()) && is_word(last, hints)
}

/// Whether a paragraph says that it is missing and, in brackets, what it will say: `TBD (what the lamp is for)`.
fn is_word_with_aside(text: &str, hints: &Hints) -> bool {
    /// In bytes, of the word; most paragraphs end otherwise.
    const LONGEST: usize = 40;
    if !text.trim_end_matches(['.', '。']).ends_with([')', '）']) {
        return false;
    }
    let head = &text[..text.floor_char_boundary(LONGEST)];
    let aside = |open: char, close: char| {
        let at = head.find(open)?;
        let (word, rest) = (&text[..at], &text[at + open.len_utf8()..]);
        let inner = rest.trim_end_matches(['.', '。']).strip_suffix(close)?;
        Some(!inner.contains([open, close]) && is_word(word.trimmed(), hints))
    };
    aside('(', ')').or_else(|| aside('（', '）')) == Some(true)
}

/// Whether a paragraph says that there is nothing to say: `(none)`, and perhaps why: `None - this is a new capability.`
pub(super) fn says_none(text: &str, hints: &Hints) -> bool {
    /// In bytes; a longer one says something.
    const LONGEST: (usize, usize) = (40, 240);
    let is_none =
        |words: &str| crate::dialect::contains(&hints.none, words.trim_matches(|c: char| !c.is_alphanumeric()));
    let head = || text.split([',', '.', ':', ';', '(', '–', '—', '。', '，', '：', '（']).next().unwrap_or_default();
    text.len() <= LONGEST.0 && is_none(text)
        || text.len() <= LONGEST.1 && (is_none(head()) || text.split_once(" - ").is_some_and(|(head, _)| is_none(head)))
}

/// Whether a quotation begins by saying that its text comes later: `> To be filled in after the review`.
pub(super) fn begins_later(text: &str, hints: &Hints) -> bool {
    /// In bytes, of the phrases that are looked for and of a whole remark.
    const LONGEST: (usize, usize) = (40, 160);
    if text.len() > LONGEST.1 {
        return false;
    }
    let head = text.trim_start_matches(['*', '_', '[', '(']);
    let head = head[..head.floor_char_boundary(LONGEST.0)].to_lowercase();
    hints.later.iter().any(|words| head.starts_with(words.as_str()))
}

/// Whether the last line of `text` says that a form follows.
pub(super) fn announces_form(text: &str, hints: &Hints) -> bool {
    hints.forms.stands_in(text.rsplit('\n').next().unwrap_or(text))
}

/// Whether a paragraph is all in brackets or emphasis: `_(to be filled in)_`.
fn is_aside(text: &str) -> bool {
    /// In bytes; a longer one says something.
    const LONGEST: usize = 240;
    text.len() <= LONGEST && text.starts_with(['*', '_', '(', '（']) && text.ends_with(['*', '_', ')', '）'])
}

/// The hints of a fenced block whose language is `info`: all of it where that is one hint in brackets (a diagram to be
/// drawn), each comment where SQL has nothing but comments.
pub(super) fn fence_hints(text: &str, info: &str, block: &Range<usize>, hints: &Hints) -> Vec<Range<usize>> {
    /// In lines; a longer block is no form.
    const LONGEST: usize = 12;
    let all = &text[block.clone()];
    let Some(first) = all.find('\n').map(|at| at + 1) else { return Vec::new() };
    let start = block.start + first;
    let mut lines: Vec<Range<usize>> =
        lines_of(&all[first..]).take(LONGEST + 2).map(|line| start + line.start..start + line.end).collect();
    let closes = |line: &Range<usize>| {
        let line = text[line.clone()].trimmed();
        line.len() >= 3 && (line.bytes().all(|b| b == b'`') || line.bytes().all(|b| b == b'~'))
    };
    while lines.last().is_some_and(|line| text[line.clone()].trimmed().is_empty() || closes(line)) {
        lines.pop();
    }
    let trimmed = |line: &Range<usize>| {
        let content = &text[line.clone()];
        let start = line.start + (content.len() - content.trim_start().len());
        start..start + content.trimmed().len()
    };
    let lines: Vec<Range<usize>> = lines.iter().map(trimmed).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() || lines.len() > LONGEST {
        return Vec::new();
    }
    if info.trimmed().eq_ignore_ascii_case("sql") {
        let hint = |line: &Range<usize>| {
            let words = text[line.clone()].strip_prefix("-- ").unwrap_or_default();
            let prose = words.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | ',' | '\'' | '/' | '-'));
            // A longer comment says something: that nothing changes, or what is done.
            prose && words.starts_with(char::is_uppercase) && (3..=5).contains(&words.split(' ').count())
        };
        return if lines.iter().all(hint) { lines } else { Vec::new() };
    }
    let plain = matches!(info.trimmed().to_ascii_lowercase().as_str(), "" | "text" | "txt" | "mermaid" | "plaintext");
    match &lines[..] {
        [line]
            if plain
                && text[line.start..].starts_with('[')
                && bracket(text, line.start, line, &[], hints)
                    .is_some_and(|(end, strength)| end == line.end && strength > Strength::Template) =>
        {
            lines
        }
        _ => Vec::new(),
    }
}

const QUESTION: &str = "[NEEDS CLARIFICATION:";

/// An open question of one line of a block, which says what is to be clarified.
pub(super) fn question(text: &str, line: &Range<usize>, masks: &Masks) -> Option<Range<usize>> {
    let content = &text[line.clone()];
    let opens = memchr::memchr_iter(b'[', content.as_bytes());
    let at = line.start + opens.into_iter().find(|at| content[*at..].starts_with(QUESTION))?;
    let words = text[at + QUESTION.len()..line.end].split(']').next().unwrap_or_default();
    let form = ["specific question", "question", "describe", "…", "..."];
    let asks = words.chars().any(char::is_alphabetic)
        && !form.iter().any(|start| words.trimmed().to_lowercase().trim_end_matches('.') == *start)
        && !words.trim_start().to_lowercase().starts_with("specific question");
    let end = (at + QUESTION.len() + words.len() + 1).min(line.end);
    let quoted = text[line.start..at].matches('"').count() % 2 == 1;
    // What was asked may stay beside its answer.
    let behind = text[end..line.end].to_lowercase();
    let answered = text[line.start..at].matches("~~").count() % 2 == 1
        || ["→", "->", "✅", "resolved", "answer", "decision", "decided"].iter().any(|word| behind.contains(word));
    (asks && !quoted && !answered && masks.end_of(at).is_none()).then_some(at..end)
}

fn braces(text: &str, at: usize, line: &Range<usize>) -> Option<usize> {
    let inner = text[at..line.end].strip_prefix("{{")?;
    let close = inner.find("}}")?;
    let name = inner[..close].trimmed();
    let named = !name.is_empty()
        && name.len() <= 60
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-' | '/'));
    let end = at + 2 + close + 2;
    // `{{agent_model_name}}` alone on its line is nobody's text.
    let alone = || {
        let around = [&text[line.start..at], &text[end..line.end]];
        name.contains('_') && around.iter().all(|text| text.chars().all(|c| !c.is_alphanumeric()))
    };
    // A sentence about one variable speaks of it: `The path is put in for {{DATA_PATH}}`.
    let spoken_of = || {
        /// Words on either side make a sentence.
        const FEWEST: usize = 2;
        let words = |text: &str| text.split(' ').filter(|word| word.chars().any(char::is_alphabetic)).count();
        let before = &text[line.start..at];
        let label = before.rfind([':', '：']).map_or(0, |colon| colon + 1);
        let variable =
            name.contains('_') && name.chars().all(|c| c == '_' || c.is_ascii_uppercase() || c.is_ascii_digit());
        let one = text[line.clone()].matches("{{").count() == 1;
        variable && one && (words(&before[label..]) >= FEWEST || label == 0 && words(&text[end..line.end]) >= FEWEST)
    };
    // Of a script without cases a name is as one of capitals.
    let capital = |c: char| c.is_uppercase() || c.is_alphabetic() && !c.is_lowercase();
    (named && (name.starts_with(capital) && !spoken_of() || alone())).then_some(end)
}

/// Where the brackets that open at `at` end, if they hold a hint or may, and how much they look like one.
fn bracket(text: &str, at: usize, line: &Range<usize>, links: &[usize], hints: &Hints) -> Option<(usize, Strength)> {
    const LONGEST: usize = 160;
    if links.contains(&at) {
        return None;
    }
    let inner = &text[at + 1..line.end];
    let close = inner.find([']', '['])?;
    if !inner[close..].starts_with(']') || close > LONGEST {
        return None;
    }
    let (words, end) = (&inner[..close], at + 1 + close + 1);
    let before = text[line.start..at].trimmed_end();
    let after = &text[end..line.end];
    let glued = text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '!' | ']' | '\\' | ')' | '$'));
    if glued || after.starts_with(['(', '[', ':']) || words.contains(['`', '|', '=', '"', '<']) {
        return None;
    }
    let tag = words.len() < 2 || words.len() <= 4 && !words.contains(char::is_lowercase);
    let asked = words.starts_with("NEEDS CLARIFICATION");
    let other = (!tag && !asked && words.contains(char::is_alphabetic)).then_some((end, Strength::Template));
    // `[Save] [Cancel]` are buttons, `[Left for later:]` is a label.
    let tag =
        before.ends_with("**") && after.strip_prefix("**").is_some_and(|rest| rest.trim_start().starts_with("**"));
    if tag || in_a_row(before, after) || words.ends_with([':', '：']) {
        return other;
    }
    // One word in brackets is a tag, a unit or a type; a hint says what to write in several.
    let several = words.split([' ', '/']).filter(|word| word.chars().any(char::is_alphabetic)).count() > 1;
    let begins = words.starts_with(char::is_alphabetic);
    let screams = words.len() > 3
        && before.trim_end_matches(['*', '_']).ends_with([':', '：'])
        && words.chars().all(|c| c.is_ascii_uppercase() || matches!(c, ' ' | '-' | '_'));
    if !(begins && (several || screams)) || asked {
        return other;
    }
    // `[Read, Write, Edit]` is a value.
    let list = words.contains(',') && words.split(',').all(|entry| !entry.trimmed().contains(' '));
    let quoted = text[line.start..at].matches('"').count() % 2 == 1 || before.ends_with(['“', '„', '«', '「', '‘']);
    let cited = {
        let label = before.trim_end_matches([' ', '*', '_']).trim_end_matches([':', '：']);
        let label = label.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        before.ends_with([':', '：', '*'])
            && !label.is_empty()
            && crate::dialect::contains(&hints.cited, &label.to_lowercase())
            && !hints.later.occurs_in(&words.to_lowercase())
    };
    // A trail of links names its last so: `Home > Account > [Section Name]`.
    let trail = before.strip_suffix('>').filter(|rest| !rest.ends_with(['-', '=']));
    if trail.is_some_and(|rest| rest.contains(char::is_alphanumeric)) {
        return other;
    }
    // What a longer quotation holds is shown so: `"Connected to [user name]"`.
    if quoted && !text[..at].ends_with(['"', '“', '„', '«', '「', '‘']) {
        return None;
    }
    if list || quoted || cited || goes_on(after) || is_state_of_item(before, after) {
        return other;
    }
    let Some(strength) = strength_of(words, &text[line.start..at], hints) else { return other };
    let strength = if screams { Strength::Plain } else { strength };
    let alone = (at == 0 || text[..at].ends_with('\n')) && after.trim().is_empty();
    if strength == Strength::Likely && alone && heads_list(&text[end..]) {
        return other;
    }
    // A hint stands where the text should: behind a label, a bold keyword or a mark, or alone; brackets within a sentence are prose.
    let opened = before.trim_end_matches(['*', '_', '"', '“', ' ']);
    let behind_label = opened.is_empty()
        || opened.ends_with([':', '：', '|', '>'])
        || ["**", "__"].iter().any(|mark| before.ends_with(mark) && !after.starts_with(mark));
    let listed = opened.ends_with(['-', '*', '+', '.', ')']) && opened.len() < 5;
    let checked = opened.ends_with(']') && opened.len() < 8;
    if behind_label || listed || checked { Some((end, strength)) } else { other }
}

/// Whether a list follows the line that ends here, which has no text: what stands in the line is its label.
fn heads_list(behind: &str) -> bool {
    let next = behind.trim_start();
    let marker = next.strip_prefix(['-', '*', '+']).or_else(|| {
        let digits = next.bytes().take_while(u8::is_ascii_digit).count();
        next[digits..].strip_prefix(['.', ')']).filter(|_| digits > 0)
    });
    let filled = |rest: &str| rest.trim_start_matches([' ', '[', ']', 'x', 'X']).starts_with(char::is_alphanumeric);
    marker.and_then(|rest| rest.strip_prefix(' ')).is_some_and(filled)
}

/// Whether brackets stand in a row with others, with nothing but a blank between: what is seen on a screen. A checkbox is none.
fn in_a_row(before: &str, after: &str) -> bool {
    let follows = after
        .strip_prefix(" [")
        .and_then(|rest| rest.split_once(']'))
        .is_some_and(|(words, rest)| words.len() > 1 && !rest.starts_with(['(', '[']));
    let last = before.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    follows || last.is_some_and(|(_, words)| words.len() > 4 && words.contains(char::is_lowercase))
}

/// Whether brackets hold what a template's author writes, a few words that name something or more that ask for it, and how
/// plainly. `before` is the line's text as far as them.
fn strength_of(words: &str, before: &str, hints: &Hints) -> Option<Strength> {
    /// In words; a longer name would be a sentence.
    const LONGEST: usize = 6;
    let folded = words.to_lowercase();
    let first = folded.bytes().next();
    let begins = |list: &[String]| {
        list.iter().filter(|start| start.bytes().next() == first).any(|start| {
            folded
                .strip_prefix(start.as_str())
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()) || !start.is_ascii())
        })
    };
    // `[Source: docs/prd.md]` cites, and `[x ready]` is ticked off.
    let label = folded.split_once(':').map_or("", |(label, _)| label.trimmed_end());
    if crate::dialect::contains(&hints.cited, label) || folded.starts_with("x ") {
        return None;
    }
    if begins(&hints.starts) || hints.later.occurs_in(&folded) {
        return Some(Strength::Plain);
    }
    let parts =
        || folded.split(|c: char| c.is_whitespace() || matches!(c, '/' | ',' | '·')).filter(|part| !part.is_empty());
    let says = parts().any(|part| hints.sentences.iter().any(|word| word == part));
    // `notes.md`, `v2.1`
    let file = parts().any(|part| {
        part.split_once('.')
            .is_some_and(|(stem, rest)| !stem.is_empty() && rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    });
    let options = words.contains(['·', '…', ';']) || words.contains(" / ");
    // `[Source: the interview]`
    let labelled = (words.contains(": ") || words.contains('：')) && !options && !words.contains('/');
    let long = parts().count() > LONGEST && !options;
    let shown = hints.shown.occurs_in(before) && {
        let before = before.to_lowercase();
        let mut names = before.split(|c: char| !(c.is_alphanumeric() || c == '\''));
        names.any(|name| hints.shown.iter().any(|word| word == name))
            || hints.shown.iter().any(|word| (word.contains(' ') || !word.is_ascii()) && before.contains(word.as_str()))
    };
    // `[none / list]` offers a choice.
    let meant = begins(&hints.meant) && !options || says || file || labelled || long || shown || is_format(words);
    (!meant).then_some(Strength::Likely)
}

/// Whether brackets in a heading hold a hint, and not the heading's own words: people fill in `### [Topic or Question]` and
/// keep the brackets.
pub(super) fn names_heading(words: &str, hints: &Hints) -> bool {
    if !words.contains(char::is_lowercase) && words.is_ascii() {
        return true;
    }
    let folded = words.to_lowercase();
    let ends = |end: &String| {
        folded.strip_suffix(end.as_str()).is_some_and(|rest| !end.is_ascii() || !rest.ends_with(char::is_alphanumeric))
    };
    hints.headings.iter().any(ends)
}

/// Whether brackets hold a format of dates and times: `[YYYY-MM-DD HH:MM:SS]`.
fn is_format(words: &str) -> bool {
    let signs = |c: char| {
        matches!(c, 'Y' | 'M' | 'D' | 'H' | 'S' | 'y' | 'm' | 'd' | 'h' | 's' | 'T' | 'Z' | '-' | '/' | ':' | '.' | ' ')
    };
    words.contains(' ') && words.chars().all(signs) && words.contains([':', '-', '/'])
}

/// Whether brackets at the beginning of an item say what state the one is in whose name stands behind in bold:
/// `- [ ] [In progress] **PIER-3** Mend the pier`.
fn is_state_of_item(before: &str, after: &str) -> bool {
    let begins = before.chars().all(|c| !c.is_alphanumeric() || matches!(c, 'x' | 'X'));
    let name = after.trim_start().strip_prefix("**").and_then(|rest| rest.split_once("**"));
    // `[Trigger] **THEN** [response]` is a form.
    let names = |(name, rest): (&str, &str)| {
        let id = name.contains(|c: char| c.is_ascii_digit());
        (id || !rest.contains(['[', '{'])) && rest.contains(char::is_alphanumeric)
    };
    begins && name.is_some_and(names)
}

/// Whether text follows the brackets that was not there in the template: then they are part of what was written, as in
/// `[The queue grows] → it is drained hourly`.
fn goes_on(after: &str) -> bool {
    // Closing marks of the label or emphasis that the hint stands in, then what separates it from the next.
    let bare = after.trim_start_matches(['*', '_', '"', '”', ')']);
    let rest = bare.trim_start_matches([' ', '.', ',', ';', ':', '/', '|', '\\']);
    let keyword = rest.starts_with("**") || rest.starts_with("__");
    let next = rest.trim_start_matches(['*', '_', '-', '–', ' ']);
    // `[time] [level] message` is a form of lines; `[one] - [two]` are two hints.
    if let Some(inner) = next.strip_prefix('[')
        && let Some(close) = inner.find(']')
    {
        return goes_on(&inner[close + 1..]);
    }
    let hint = next.starts_with(['[', '{']);
    !(rest.is_empty() || rest == "_" || keyword || hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    fn found(text: &str) -> Vec<&str> {
        let all = placeholders(text, &(0..text.len()), &Masks::default(), &[], &Dialect::home().table.hints);
        all.into_iter().filter(|found| found.strength > Strength::Template).map(|found| &text[found.range]).collect()
    }

    fn possible(text: &str) -> Vec<&str> {
        let all = placeholders(text, &(0..text.len()), &Masks::default(), &[], &Dialect::home().table.hints);
        all.into_iter().filter(|found| found.strength == Strength::Template).map(|found| &text[found.range]).collect()
    }

    fn fenced(text: &str) -> Vec<&str> {
        let info = text.lines().next().unwrap().trim_start_matches(['`', '~']);
        fence_hints(text, info, &(0..text.len()), &Dialect::home().table.hints)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn brackets_above_a_list_are_its_label() {
        let strength = |text: &str| {
            let line = 0..text.find('\n').unwrap();
            let all = placeholders(text, &line, &Masks::default(), &[], &Dialect::home().table.hints);
            all.into_iter().map(|found| found.strength > Strength::Template).collect::<Vec<_>>()
        };
        assert_eq!(strength("[Safety - optional improvements]\n\n- [ ] Paint the railing\n"), [false]);
        assert_eq!(strength("[Safety improvements]\n\n1. Paint the railing\n"), [false]);
        for text in [
            "[Safety improvements]\n\n- [ ] \n",
            "[Safety improvements]\n\nText.\n",
            "[Describe the railing]\n\n- Paint\n",
        ] {
            assert_eq!(strength(text), [true], "{text}");
        }
    }

    #[test]
    fn a_paragraph_may_stand_for_text_that_nobody_has_written() {
        let home = Dialect::home();
        let later = "_(will be filled in by the crew after the trip)_";
        for text in [
            "TBD",
            "*TODO*",
            "(to be filled)",
            "TBD.",
            "_待定_",
            "`TBD`",
            later,
            "*Esta seção será preenchida depois.*",
            "TBD (what the lamp is for)",
            "待定（灯的用途）",
        ] {
            assert!(is_blank(text, &home.table.hints), "{text}");
        }
        let left = "TBD - created by archiving change add-boat. Update Purpose after archive.";
        for text in [
            "TBD by the team in May",
            "TBD (in May) by the team",
            "None",
            "The tank will be filled by the crew",
            "*One* tank will be filled",
            "To do this we need a boat",
            left,
            "",
            "—",
        ] {
            assert!(!is_blank(text, &home.table.hints), "{text}");
        }
        assert!(is_blank(left, &home.at("openspec/specs/boat/spec.md").table.hints));
    }

    #[test]
    fn what_only_a_template_can_tell_is_kept_apart() {
        assert_eq!(possible("owner: [name], see [link](x) and [a][b] for [P] [US1] [x]"), ["[name]"]);
        assert_eq!(possible("**[API Name]**: takes orders"), ["[API Name]"]);
        assert_eq!(possible("- [ ] T001 [P] [US1] do it"), [""; 0]);
    }

    #[test]
    fn buttons_and_labels_are_no_hints() {
        for text in [
            "- Actions: [Ask the crew] [Lend a boat]",
            "- [Ask AI] [Add boat]",
            "[Left for later:]",
            "- Primary: [Mark as read]",
            "[Source: docs/prd.md lines 1-3]",
            "- [ ] Source: [Best way to lend]",
            "[x Ready for use]",
            "1. **[MANUAL — solves Q3]** **All boats** are lent",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        assert_eq!(found("- [ ] [name of the task]"), ["[name of the task]"]);
    }

    #[test]
    fn bold_brackets_behind_a_sentence_are_a_tag() {
        assert_eq!(found("1. **Hull leak**: Tar it before the trip. **[Dry Dock]**"), [""; 0]);
        assert_eq!(found("- **Owner** [name of the owner]"), ["[name of the owner]"]);
        assert_eq!(found("- **[Name of the boat]**"), ["[Name of the boat]"]);
    }

    #[test]
    fn brackets_say_that_their_text_comes_later() {
        assert_eq!(found("**Guide:** *[To be determined - ours or theirs]*"), ["[To be determined - ours or theirs]"]);
        let cited = "**Design Reference:** [To be created in June]";
        assert_eq!(found(cited), ["[To be created in June]"]);
        assert_eq!(found("[Pending implementation and review]"), ["[Pending implementation and review]"]);
        assert_eq!(found("Status: [Pending approval of Kim]"), [""; 0]);
    }

    #[test]
    fn a_fence_that_holds_nothing_but_hints_is_one() {
        assert_eq!(fenced("```\n[Draw the parts here]\n```"), ["[Draw the parts here]"]);
        assert_eq!(fenced("```sql\n-- Key tables\n```"), [""; 0], "too short to be sure");
        assert_eq!(
            fenced("~~~sql\n  -- Tables, keys and indexes\n\n-- What is deleted when\n~~~\n"),
            ["-- Tables, keys and indexes", "-- What is deleted when"]
        );
        for code in [
            "```sql\n-- The orders of a day\nSELECT 1;\n```",
            "```sql\n-- See migrations/0001.sql for the tables\n```",
            "```json\n[a b]\n```",
            "```\n[Draw it here]\n[and this too]\n```",
            "```\n[[Draw it here]]\n```",
            "```\n",
            "```",
        ] {
            assert_eq!(fenced(code), [""; 0], "{code}");
        }
    }

    #[test]
    fn a_hint_stands_where_text_should() {
        assert_eq!(
            found("**WHEN** [trigger/condition] **THEN** the system **SHALL** [expected behavior]"),
            ["[trigger/condition]", "[expected behavior]"]
        );
        assert_eq!(found("**Frontend**: [framework/library choices]"), ["[framework/library choices]"]);
        assert_eq!(found("Time: [YYYY-MM-DD]"), ["[YYYY-MM-DD]"]);
        assert_eq!(
            found("| [Describe in a sentence or two what the user gains from it] | [How measured] |"),
            ["[Describe in a sentence or two what the user gains from it]", "[How measured]"]
        );
        assert_eq!(found("- Surface: [HTTP · CLI · job · queue · file — whichever]").len(), 1);
        assert_eq!(found("描述: [描述 用户 得到 什么]"), ["[描述 用户 得到 什么]"]);
        assert_eq!(found("[Core infrastructure setup]"), ["[Core infrastructure setup]"]);
        assert_eq!(
            found("Requirements: [Reference specific requirements from spec]_"),
            ["[Reference specific requirements from spec]"]
        );
        assert_eq!(found("# Feature Specification: [FEATURE NAME]"), ["[FEATURE NAME]"]);
        assert_eq!(found("Title: {{PROJECT_NAME}}"), ["{{PROJECT_NAME}}"]);
        assert_eq!(found("- {{agent_model_name}}"), ["{{agent_model_name}}"]);
        assert_eq!(found("**As a** [user role], **I want** [some feature] \\"), ["[user role]", "[some feature]"]);
        assert_eq!(
            found("1. **[Risk Description]**: [impact, mitigation strategy]"),
            ["[Risk Description]", "[impact, mitigation strategy]"]
        );
    }

    #[test]
    fn links_tags_boxes_and_prose_are_no_hints() {
        for text in [
            "[a b](c)",
            "[a b][c]",
            "[a b]: c",
            "[ ] task",
            "[P] [US1]",
            "[^1 note]",
            "arr[i j]",
            "the list [see the table] says",
            "x: [NEEDS CLARIFICATION: which one]",
            "t(`{{name}}`)",
            "use {{count}} here",
            "the name {{user_name}} is put in",
            "[The queue grows] → it is drained",
            "**[Old files stay]** → accepted",
            "[VERIFY] task format",
            "tools: [Read, Write, Edit]",
            "Update to: \"Results: [what was measured]\"",
            "**[VERIFY] checkpoint**: a task",
            "**[Some risk here]**: we accept it",
            "[YYYY-MM-DD HH:MM:SS] [LEVEL] message",
            "[first part] [second part] and the rest",
            "*[See other-file.md for the history]*",
            "Answer: [notes/design.md and more]",
            "| short | [All fields of the long one but the host] |",
            "Note: [the queue is drained hourly]",
            "Buttons: [Save changes]",
            "**Click**: [Save and close]",
            "Label: “[Save changes]”",
            "[Source: the interview with sales]",
            "[Diagram omitted]",
            "Status: [Approved by the board]",
            "Value: [A long text with many words that says something of its own]",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
