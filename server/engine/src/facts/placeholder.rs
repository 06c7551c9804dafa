//! Placeholders: bracketed hints of a template that nobody has filled in (`[trigger/condition]`, `{{NAME}}`).

use super::inline::Masks;
use std::ops::Range;

/// The unfilled placeholders of one line of a block; `links` are the starts of real links.
pub(super) fn placeholders(text: &str, line: &Range<usize>, masks: &Masks, links: &[usize]) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut from = line.start;
    while let Some(found) = memchr::memchr2(b'[', b'{', &bytes[from..line.end]) {
        let at = from + found;
        from = at + 1;
        if masks.end_of(at).is_some() {
            continue;
        }
        let end = if bytes[at] == b'[' { bracket(text, at, line, links) } else { braces(text, at, line.end) };
        if let Some(end) = end {
            out.push(at..end);
            from = end;
        }
    }
    out
}

const QUESTION: &str = "[NEEDS CLARIFICATION:";

/// An open question of one line of a block, which says what is to be clarified.
pub(super) fn question(text: &str, line: &Range<usize>, masks: &Masks) -> Option<Range<usize>> {
    let at = line.start + text[line.clone()].find(QUESTION)?;
    let words = text[at + QUESTION.len()..line.end].split(']').next().unwrap_or_default();
    let form = ["specific question", "question", "describe", "…", "..."];
    let asks = words.chars().any(char::is_alphabetic)
        && !form.iter().any(|start| words.trim().to_lowercase().trim_end_matches('.') == *start)
        && !words.trim_start().to_lowercase().starts_with("specific question");
    let end = (at + QUESTION.len() + words.len() + 1).min(line.end);
    let quoted = text[line.start..at].matches('"').count() % 2 == 1;
    // What was asked may stay beside its answer.
    let behind = text[end..line.end].to_lowercase();
    let answered = text[line.start..at].ends_with("~~")
        || ["→", "->", "✅", "resolved", "answer", "decision", "decided"].iter().any(|word| behind.contains(word));
    (asks && !quoted && !answered && masks.end_of(at).is_none()).then_some(at..end)
}

fn braces(text: &str, at: usize, end: usize) -> Option<usize> {
    let inner = text[at..end].strip_prefix("{{")?;
    let close = inner.find("}}")?;
    let name = inner[..close].trim();
    let named = !name.is_empty()
        && name.len() <= 60
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-'));
    (named && name.starts_with(|c: char| c.is_uppercase())).then_some(at + 2 + close + 2)
}

fn bracket(text: &str, at: usize, line: &Range<usize>, links: &[usize]) -> Option<usize> {
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
    let before = text[line.start..at].trim_end();
    let after = &text[end..line.end];
    let glued = text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '!' | ']' | '\\' | ')' | '$'));
    if glued || after.starts_with(['(', '[', ':']) || words.contains(['`', '|', '=', '"', '<']) {
        return None;
    }
    // One word in brackets is a tag, a unit or a type; a hint says what to write in several.
    let several = words.split([' ', '/']).filter(|word| word.chars().any(char::is_alphabetic)).count() > 1;
    let begins = words.starts_with(char::is_alphabetic);
    let screams = words.len() > 3
        && before.ends_with([':', '：'])
        && words.chars().all(|c| c.is_ascii_uppercase() || matches!(c, ' ' | '-' | '_'));
    if !(begins && (several || screams)) || words.starts_with("NEEDS CLARIFICATION") {
        return None;
    }
    // `[Read, Write, Edit]` is a value.
    let list = words.contains(',') && words.split(',').all(|entry| !entry.trim().contains(' '));
    let quoted = text[line.start..at].matches('"').count() % 2 == 1;
    if list || quoted || goes_on(after) {
        return None;
    }
    // A hint stands where the text should: behind a label, a bold keyword or a mark, or alone; brackets within a sentence are prose.
    let opened = before.trim_end_matches(['*', '_', '"', '“']);
    let behind_label = opened.is_empty()
        || opened.ends_with([':', '：', '|', '>'])
        || before.ends_with("**")
        || before.ends_with("__");
    let listed = opened.ends_with(['-', '*', '+', '.', ')']) && opened.len() < 5;
    let checked = opened.ends_with(']') && opened.len() < 8;
    (behind_label || listed || checked).then_some(end)
}

/// Whether text follows the brackets that was not there in the template: then they are part of what was written, as in
/// `[The queue grows] → it is drained hourly`.
fn goes_on(after: &str) -> bool {
    // Closing marks of the label or emphasis that the hint stands in, then what separates it from the next.
    let bare = after.trim_start_matches(['*', '_', '"', '”', ')']);
    let rest = bare.trim_start_matches([' ', '.', ',', ';', ':', '/', '|', '\\']);
    let keyword = rest.starts_with("**") || rest.starts_with("__");
    let hint = rest.trim_start_matches(['*', '_', '-', '–', ' ']).starts_with(['[', '{']);
    !(rest.is_empty() || rest == "_" || keyword || hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        placeholders(text, &(0..text.len()), &Masks::default(), &[]).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_hint_stands_where_text_should() {
        assert_eq!(
            found("**WHEN** [trigger/condition] **THEN** the system **SHALL** [expected behavior]"),
            ["[trigger/condition]", "[expected behavior]"]
        );
        assert_eq!(found("**Frontend**: [framework/library choices]"), ["[framework/library choices]"]);
        assert_eq!(found("[Core infrastructure setup]"), ["[Core infrastructure setup]"]);
        assert_eq!(
            found("Requirements: [Reference specific requirements from spec]_"),
            ["[Reference specific requirements from spec]"]
        );
        assert_eq!(found("# Feature Specification: [FEATURE NAME]"), ["[FEATURE NAME]"]);
        assert_eq!(found("Title: {{PROJECT_NAME}}"), ["{{PROJECT_NAME}}"]);
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
            "[The queue grows] → it is drained",
            "**[Old files stay]** → accepted",
            "[VERIFY] task format",
            "tools: [Read, Write, Edit]",
            "Update to: \"Results: [what was measured]\"",
            "**[VERIFY] checkpoint**: a task",
            "**[Some risk here]**: we accept it",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
