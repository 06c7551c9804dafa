//! Completion of sections: headings behind `#`, whole sections, and labelled bullets inside a section of the template.

use crate::feature::folder_names::subject;
use crate::outline::{Outline, schema_of};
use crate::path::FilePath;
use crate::template::Schema;
use crate::text::{Span, narrow};
use crate::world::Snapshot;

/// Pieces of the template that can be put at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pieces {
    /// What is typed so far, to be replaced.
    pub replace: Span,
    /// The pieces, missing ones first and in the order of the template.
    pub items: Vec<Piece>,
}

/// A piece of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is called in a list.
    pub label: String,
    /// What an editor compares with what is typed.
    pub filter: String,
    /// What it is: `missing`, `optional`, `whole section` and the like.
    pub detail: &'static str,
    /// What the template says of it.
    pub help: String,
    /// What is put in, with hints in brackets.
    pub text: String,
    /// The same as a snippet of the protocol: each hint is a stop.
    pub snippet: String,
}

/// The pieces that can be put at byte `offset` of the open document; none where no section or bullet begins.
#[must_use]
pub fn section_completion(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Option<Pieces> {
    let view = snapshot.view(path)?;
    let document = view.document()?;
    let (line, start) = document.line_at(offset);
    let cursor = ((offset - start) as usize).min(line.len());
    let typed = line.get(..cursor)?;
    let marks = typed.bytes().take_while(|b| *b == b'#').count();
    let heading = (1..=6).contains(&marks) && typed[marks..].chars().next().is_none_or(|c| c == ' ');
    let bullet = typed.starts_with(['-', '*', '+']) && typed[1..].starts_with([' ', '*']) && !typed.contains(':');
    if !(heading || bullet) || document.surroundings(offset).is_literal() {
        return None;
    }
    let schema = schema_of(snapshot, &view)?;
    let outline = Outline::of(&view, schema);
    let before = outline.holder_of(start.saturating_sub(1)).filter(|_| start > 0);
    let items = if heading {
        headings(&outline, before, marks, typed.len() > marks, path)
    } else {
        let own = outline.holder_of(start)?;
        let (from, to) = (outline.headings[own].head().end as usize, outline.headings[own].own_end as usize);
        let rope = document.rope();
        let text = rope.byte_slice(from.min(rope.len_bytes())..to.min(rope.len_bytes())).to_string();
        bullets(schema, outline.headings[own].slot?, &text)
    };
    // Marks that an editor has closed by itself, and the rest of the title, go too.
    let rest = &line[cursor..];
    let behind = if heading { rest.len() } else { rest.len() - rest.trim_start_matches('*').len() };
    let replace = Span { start, end: start + narrow(cursor + behind) };
    (!items.is_empty()).then_some(Pieces { replace, items })
}

fn headings(outline: &Outline<'_>, before: Option<usize>, marks: usize, exact: bool, path: &FilePath) -> Vec<Piece> {
    let schema = outline.schema;
    let mut ranked = Vec::new();
    if marks == 1
        && outline.title.is_none()
        && outline.headings.is_empty()
        && let Some(title) = &schema.title
    {
        let name = subject(path.folder().name());
        let text = format!("# {}", title.named(&name));
        ranked.push((0, piece(text.clone(), text, "title", schema.help.clone())));
    }
    // Without headings, sections at the top have the second level.
    let top = if outline.headings.is_empty() { 2 } else { outline.top };
    for (at, slot) in schema.slots.iter().enumerate() {
        let level = slot.depth + top - 1;
        if level > 6 || usize::from(level) < marks || exact && usize::from(level) != marks {
            continue;
        }
        // The section that the new one would be in.
        let mut holder = before;
        while let Some(up) = holder.filter(|up| outline.headings[*up].depth >= slot.depth) {
            holder = outline.headings[up].parent;
        }
        if holder.and_then(|holder| outline.headings[holder].slot) != slot.parent {
            continue;
        }
        let there = outline.headings.iter().filter(|heading| heading.slot == Some(at) && heading.parent == holder);
        let last = there.clone().filter_map(|heading| heading.number).max();
        let present = there.clone().next().is_some();
        if present && !slot.options.repeats {
            continue;
        }
        let number = slot.heading.pattern.is_numbered().then(|| last.unwrap_or_default() + 1);
        let (rank, detail) = match (present, slot.options.optional) {
            (true, _) => (2, "another one"),
            (false, true) => (1, "optional"),
            (false, false) => (0, "missing"),
        };
        let heading = format!("{} {}", "#".repeat(level.into()), schema.heading(at, number));
        let whole = schema.section(at, number, level);
        ranked.push((rank, piece(heading.clone(), heading.clone(), detail, slot.help.clone())));
        if whole.lines().count() > 1 {
            let mut all =
                piece(format!("{heading} …"), whole.trim_end().to_string(), "whole section", slot.help.clone());
            all.filter = heading;
            ranked.push((rank, all));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, piece)| piece).collect()
}

fn bullets(schema: &Schema, slot: usize, section: &str) -> Vec<Piece> {
    let section = section.to_lowercase();
    let missing = schema.slots[slot].labels.iter().filter(|label| {
        let name = label.name.to_lowercase();
        !section.contains(&format!("**{name}**")) && !section.contains(&format!("**{name}:**"))
    });
    let bullet = |label: &crate::template::Label| {
        let mark = label.line.chars().next().unwrap_or('-');
        let filter = format!("{mark} **{}**", label.name);
        let shown = label.name.clone();
        Piece { filter, ..piece(shown, label.line.clone(), "entry of the template", String::new()) }
    };
    missing.map(bullet).collect()
}

fn piece(label: String, text: String, detail: &'static str, help: String) -> Piece {
    Piece { filter: label.clone(), snippet: snippet(&text), label, detail, help, text }
}

/// `text` as a snippet of the protocol (LSP 3.17, Snippet Syntax): each hint in brackets is a stop that holds its words.
#[must_use]
pub fn snippet(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut stops = 0;
    let mut rest = text;
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}");
    while let Some(open) = rest.find('[') {
        let Some(close) = rest[open..].find(']').map(|at| open + at) else { break };
        let words = &rest[open + 1..close];
        let hint = words.contains(char::is_lowercase) && words.len() > 1 && words != "x";
        out.push_str(&escaped(&rest[..open]));
        if hint {
            stops += 1;
            out.push_str(&format!("${{{stops}:{}}}", escaped(words)));
        } else {
            out.push_str(&escaped(&rest[open..=close]));
        }
        rest = &rest[close + 1..];
    }
    out.push_str(&escaped(rest));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::cursor;

    fn labels(fixture: &str) -> Vec<String> {
        let (world, path, offset) = cursor(fixture);
        let found = section_completion(&world.snapshot(), &path, offset);
        found.map_or_else(Vec::new, |found| found.items.into_iter().map(|item| item.label).collect())
    }

    #[test]
    fn headings_that_are_missing_come_first_and_in_order() {
        let plan = "//- a/plan.md\n# Technical Implementation Plan\n\n## Architecture Overview\n\nx\n\n## $0\n\n## Risk Assessment\n\nx\n";
        let found = labels(plan);
        assert_eq!(
            found[..4],
            ["## Technical Constraints", "## Technical Constraints …", "## System Design", "## System Design …"]
        );
        assert!(!found.iter().any(|it| it.starts_with("## Architecture") || it.starts_with("## Risk")), "{found:?}");
    }

    #[test]
    fn a_subsection_is_offered_in_its_section_alone() {
        let inside = |section: &str| {
            labels(&format!("//- a/plan.md\n# Technical Implementation Plan\n\n## {section}\n\n### $0\n"))
        };
        assert_eq!(inside("Risk Assessment")[0], "### Technical Risks");
        assert_eq!(inside("Implementation Phases")[0], "### Phase 1: Foundation");
        assert_eq!(inside("Something Else"), [""; 0]);
        let second = labels(
            "//- a/plan.md\n# Technical Implementation Plan\n\n## Implementation Phases\n\n### Phase 1: A\n\nx\n\n### $0\n",
        );
        assert_eq!(second[0], "### Phase 2: Core Features");
    }

    #[test]
    fn bullets_that_the_section_lacks_are_offered() {
        let stack = "//- a/plan.md\n# Technical Implementation Plan\n\n## Technical Constraints\n\n### Technology Stack\n\n- **Backend**: Rust\n- **$0\n";
        assert_eq!(labels(stack), ["Frontend", "Database", "Infrastructure"]);
        assert_eq!(labels(&stack.replace("- **$0", "- **Database**: x $0")), [""; 0]);
        assert_eq!(labels(&stack.replace("- **$0", "words $0")), [""; 0]);
        assert_eq!(labels(&stack.replace("- **$0", "```\n- **$0")), [""; 0]);
        assert_eq!(labels("//- README.md\n# Technical Implementation Plan\n\n## $0\n"), [""; 0]);
    }

    #[test]
    fn hints_become_stops() {
        assert_eq!(
            snippet("- [ ] 1. [First step]\n  - costs $5 [P] [what {it} is]\n"),
            "- [ ] 1. ${1:First step}\n  - costs \\$5 [P] ${2:what {it\\} is}\n"
        );
    }
}
