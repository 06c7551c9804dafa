//! Reading a template that was made for another tool: brackets in its headings are holes, and its own words say what is asked
//! for.

use super::reader::read;
use super::schema::{Options, Schema, Slot};
use crate::dialect::{Dialect, Forms, Role};
use crate::facts::{Context, Cut, Facts, read as read_facts, title_key};
use crate::text::Span;
use rustc_hash::FxHashSet;
use std::ops::Range;

/// How a question of the document's author begins, which is no hint.
const QUESTION: &str = "[NEEDS CLARIFICATION";

/// The schema that the template `text` of a workspace says; `dialect` knows the words that mark sections.
#[must_use]
pub fn read_form(text: &str, dialect: &Dialect) -> Schema {
    let mut reading = read_facts(text, dialect, Role::Template, Cut::Never, Context::default(), true, &|_| false);
    let facts = reading.parts.pop().map(|part| part.facts).unwrap_or_default();
    let (mut schema, _) = read(&with_holes(text, &facts), dialect);
    let words = &dialect.table.forms;
    schema.hints = hints_of(text, &facts);
    let lenient = is_lenient(&schema.preface, words) || is_lenient(&schema.help, words);
    let options = schema.slots.iter().map(|slot| {
        let said = options_of(slot, words);
        Options { free: !said.mandatory && (lenient || !is_to_be_written(&schema, slot)), ..said }
    });
    let options: Vec<Options> = options.collect();
    for (slot, options) in schema.slots.iter_mut().zip(options) {
        slot.options = options;
    }
    schema
}

/// `text` with what stands for something else in its headings as holes: `[Title]` as `{name}`, the numbers beside it as `{n}`.
fn with_holes(text: &str, facts: &Facts) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for section in facts.sections.iter().filter(|section| section.top) {
        let head = section.head.range();
        out.push_str(&text[from..head.start]);
        out.push_str(&heading_with_holes(&text[head.clone()]));
        from = head.end;
    }
    out.push_str(&text[from..]);
    out
}

fn heading_with_holes(heading: &str) -> String {
    let mut out = String::with_capacity(heading.len());
    let (mut rest, mut any) = (heading, false);
    while let Some((before, hint)) = next_hint(rest) {
        out.push_str(&plain(&rest[before.clone()]));
        out.push_str("{name}");
        rest = &rest[hint.end..];
        any = true;
    }
    out.push_str(&plain(rest));
    let counted = out.split(' ').any(|word| matches!(word.trim_end_matches([':', '.']), "N" | "X" | "XX"));
    if !(any || counted) {
        return out;
    }
    // What differs from one section to the next is counted, too.
    let mut holes = String::with_capacity(out.len());
    for (at, word) in out.split(' ').enumerate() {
        if at > 0 {
            holes.push(' ');
        }
        let bare = word.trim_end_matches([':', '.', ')']);
        let digits = bare.trim_start_matches(|c: char| c.is_ascii_alphabetic() && c.is_uppercase() || c == '(');
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            holes.push_str(&word[..bare.len() - digits.len()]);
            holes.push_str("{n}");
            holes.push_str(&word[bare.len()..]);
        } else if matches!(bare, "N" | "X" | "XX") {
            holes.push_str("{n}");
            holes.push_str(&word[bare.len()..]);
        } else {
            holes.push_str(word);
        }
    }
    holes
}

/// What stands before the first hint of `text`, and the hint.
fn next_hint(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let open = text.find(['[', '{', '<'])?;
    let close = match text.as_bytes()[open] {
        b'[' => ']',
        b'{' => '}',
        _ => '>',
    };
    let mut end = open + text[open..].find(close)? + 1;
    while text[end..].starts_with(close) {
        end += 1;
    }
    Some((0..open, open..end))
}

/// `text` without braces, which would be holes.
fn plain(text: &str) -> String {
    text.replace(['{', '}'], "")
}

/// What the template says of a section: in its title, in the comments below that and in the sentences of its text.
fn options_of(slot: &Slot, words: &Forms) -> Options {
    let title = slot.heading.shown();
    let body = slot.bodies.first().map_or("", |(_, body)| body.as_str());
    let optional = words.optional.stands_in(&title)
        || words.optional.stands_in(&slot.help)
        || body.lines().any(|line| is_said(line) && words.optional.stands_in(line));
    let marked = title.find(['(', '（', '*']).is_some_and(|at| words.mandatory.stands_in(&title[at..]));
    Options { optional: slot.options.optional || optional, mandatory: marked && !optional, ..slot.options }
}

/// Whether a line of a template speaks to the author, and is no example of what stands there.
fn is_said(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ', '_', '*', '(', '<', '!', '-']);
    line.starts_with(char::is_alphabetic) && !line.contains("**:") && !line.contains('[') && !line.contains('|')
}

/// Whether the template says above its sections that a document may leave some out.
fn is_lenient(preface: &str, words: &Forms) -> bool {
    preface.lines().any(|line| words.sections.stands_in(line) && words.optional.stands_in(line))
}

/// Whether a section holds something that the author is to write; text that is the same in each document may go.
fn is_to_be_written(schema: &Schema, slot: &Slot) -> bool {
    let open = |text: &str| text.lines().any(is_open);
    let own = !slot.help.is_empty() || slot.bodies.iter().any(|(_, body)| open(body));
    let empty = || slot.children.is_empty() && slot.bodies.iter().all(|(_, body)| body.is_empty());
    own || slot.children.iter().any(|inner| is_to_be_written(schema, &schema.slots[*inner]))
        // A template may be nothing but headings.
        || schema.hints.is_empty() && empty()
}

/// Whether a line of a template asks for text: it holds brackets, is a question, or a bullet or bold words with nothing behind
/// their colon.
fn is_open(line: &str) -> bool {
    let box_or_question =
        |rest: &str| rest.get(2..).is_some_and(|rest| rest.starts_with(']')) || rest.starts_with(QUESTION);
    let label =
        line.trim_start().starts_with(['-', '*']) && line.trim_end_matches(['*', '_', ' ']).ends_with([':', '：']);
    line.match_indices('[').any(|(at, _)| !box_or_question(&line[at..]))
        || line.contains(['{', '<', '…'])
        || line.contains("...")
        || line.trim_end().ends_with(['?', '？'])
        || label
}

/// Keys of what stands in brackets where its author asks for text. One word in brackets may be meant wherever it stands.
fn hints_of(text: &str, facts: &Facts) -> FxHashSet<u32> {
    let headings = facts.sections.iter().map(|section| section.head);
    let titles = facts.brackets.iter().map(|it| it.span).filter(|it| headings.clone().any(|head| head.covers(*it)));
    let inner = |span: Span| text[span.range()].strip_prefix('[')?.strip_suffix(']');
    let several = |words: &&str| words.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() > 1;
    facts.placeholders.iter().copied().chain(titles).filter_map(inner).filter(several).map(title_key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_headings_are_holes() {
        let schema = read_form(
            "# Plan: [FEATURE]\n\n## Summary\n\n[What it is about]\n\n## Phase 3: User Story 1 - [Title] (Priority: P1)\n\n## Phase N: Polish\n\n## <Area> notes\n",
            &Dialect::home(),
        );
        assert!(schema.is_titled("plan log in"));
        let matches = |title: &str| {
            let folded = crate::facts::fold_title(title);
            schema.slots.iter().position(|slot| slot.heading.pattern.matches(&folded).is_some())
        };
        assert_eq!(matches("Phase 7: User Story 4 - Log in (Priority: P3)"), Some(1));
        assert_eq!((matches("Phase 9: Polish"), matches("Network notes")), (Some(2), Some(3)));
        let fixed: Vec<_> = schema.slots.iter().map(|slot| slot.heading.pattern.key.is_some()).collect();
        assert_eq!(fixed, [true, false, false, false]);
        assert!(schema.hints.contains(&title_key("What it is about")));
    }

    #[test]
    fn a_template_says_what_is_asked_for() {
        let text = "# Spec\n\n## Scenarios *(mandatory)*\n\n## Entities *(include if there is data)*\n\n## Risks (required)\n\n## Tracking\n\n> **Fill ONLY if something deviates**\n\n## Notes\n\n<!-- Delete if unused. -->\n\n[x]\n\n## Owner\n\nWho is asked?\n\n- [optional name]\n\n## Rules\n\nAlways the same:\n\n- [ ] ask with [NEEDS CLARIFICATION: question]\n";
        let schema = read_form(text, &Dialect::home());
        let said: Vec<_> =
            schema.slots.iter().map(|it| it.options).map(|it| (it.mandatory, it.optional, it.free)).collect();
        let (asked, left) = ((true, false, false), (false, true, true));
        assert_eq!(said, [asked, left, asked, left, (false, true, false), (false, false, false), (false, false, true)]);
        let lenient = read_form(
            "# T\n\nLeave out sections that are not applicable.\n\n## A\n\n[What is said]\n",
            &Dialect::home(),
        );
        assert!(lenient.slots[0].options.free);
    }

    #[test]
    fn one_word_in_brackets_is_no_hint_of_the_template() {
        let schema = read_form(
            "# T\n\n## A\n\n[What is said]\n\n- [Story] x\n- [Low]: y\n- see [one of them] z\n",
            &Dialect::home(),
        );
        assert_eq!(schema.hints.len(), 1, "{:?}", schema.hints);
    }
}
