//! Completion of requirement ids: in trace lines, and wherever a family prefix is typed.

use crate::dialect::Role;
use crate::facts::trace_value_start;
use crate::feature::source::{Source, statement_text};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Lookup, definitions_of};
use crate::text::Span;
use crate::words::words;
use crate::world::{Snapshot, View};
use rustc_hash::FxHashSet;

/// Ids that can be put at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// From the start of what is typed to the cursor.
    pub insert: Span,
    /// The same up to the end of the id that the cursor is in.
    pub replace: Span,
    /// The ids, best first.
    pub items: Vec<Item>,
    /// Whether there were more than could be listed.
    pub incomplete: bool,
}

/// An id that can be put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The id.
    pub id: Id,
    /// The scope that defines it.
    pub scope: FilePath,
    /// The statement's first line.
    pub title: String,
    /// The file that defines it, from its workspace folder on.
    pub file: String,
    /// What does not name it yet: the tasks, the plan, or both; empty where something does.
    pub missing: &'static str,
    /// Whether the requirement has been given up.
    pub withdrawn: bool,
}

/// More than this many items are more than anybody reads.
const MOST: usize = 500;

/// The ids that can be put at byte `offset` of the open document; none where ids are not expected.
#[must_use]
pub fn completion(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Option<Completion> {
    let view = snapshot.view(path)?;
    let document = view.document()?;
    let (line, start) = document.line_at(offset);
    let cursor = ((offset - start) as usize).min(line.len());
    if !line.is_char_boundary(cursor) {
        return None;
    }
    let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let from = line[..cursor]
        .rfind(|c: char| !is_id(c))
        .map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
    let to = cursor + line[cursor..].find(|c: char| !is_id(c)).unwrap_or(line.len() - cursor);
    let typed = &line[from..cursor];
    let trace = trace_value_start(&line, snapshot.dialect_of(path)).filter(|value| *value <= cursor);
    let families = snapshot.dialect_of(path).families.always();
    let prefixed = families.iter().any(|family| {
        let head = typed.get(..family.len()).is_some_and(|head| head.eq_ignore_ascii_case(family));
        head && typed[family.len()..].starts_with(|c: char| c == '-' || c.is_ascii_digit())
    });
    let family = families.iter().any(|family| family.as_str() == typed && typed.len() > 1);
    if !(trace.is_some() || prefixed || family) || document.surroundings(offset).is_literal() {
        return None;
    }
    let lookup = Lookup::of(snapshot, view.scope);
    let taken = trace.map(|value| ids_on(&view, start, value, line.len(), from)).unwrap_or_default();
    let nowhere = match view.role {
        Role::Plan => "not in the plan yet",
        Role::Tasks => "not in the tasks yet",
        _ => "not covered yet",
    };
    let about = words(&text_before(&view, offset));
    let mut ranked: Vec<((bool, bool), std::cmp::Reverse<usize>, Item)> = Vec::new();
    for (scope, id) in lookup.all_defined() {
        if taken.contains(id) || !matches_typed(id, typed) {
            continue;
        }
        let Some(defined) = definitions_of(snapshot, scope, id).into_iter().next() else { continue };
        let title = defined.title().to_string();
        let named = snapshot.index(scope).is_none_or(|index| index.is_named_by(view.role, id));
        let withdrawn = lookup.is_withdrawn(scope, id);
        let missing = if named || withdrawn { "" } else { nowhere };
        let likeness = words(&title).intersection(&about).count();
        let file = snapshot.display_path(defined.view.path).to_string();
        ranked.push((
            // Nobody is to serve what has been given up, but it may be named.
            (withdrawn, named),
            std::cmp::Reverse(likeness),
            Item { id: id.clone(), scope: scope.clone(), title, file, missing, withdrawn },
        ));
    }
    ranked.sort_by(|a, b| (a.0, a.1, &a.2.id).cmp(&(b.0, b.1, &b.2.id)));
    let incomplete = ranked.len() > MOST;
    let items: Vec<Item> = ranked.into_iter().take(MOST).map(|(.., item)| item).collect();
    let at = |index: usize| crate::text::narrow(index) + start;
    (!items.is_empty()).then(|| Completion {
        insert: Span { start: at(from), end: at(cursor) },
        replace: Span { start: at(from), end: at(to) },
        items,
        incomplete,
    })
}

/// The whole statement of an item, for the one that is being looked at.
#[must_use]
pub fn documentation(snapshot: &Snapshot, source: &dyn Source, scope: &FilePath, id: &Id) -> Option<String> {
    definitions_of(snapshot, scope, id).first().map(|defined| statement_text(source, defined))
}

/// Ids that the trace line names already, but for the one that starts at `from`.
fn ids_on(view: &View<'_>, line: u32, value: usize, end: usize, from: usize) -> FxHashSet<Id> {
    let at = |index: usize| line + crate::text::narrow(index);
    let Some((base, facts)) = view.part_at(line) else {
        return FxHashSet::default();
    };
    let there = facts.references.iter().filter(|reference| {
        let span = reference.span.shifted(base);
        at(value) <= span.start && span.end <= at(end) && span.start != at(from)
    });
    there.map(|reference| facts.id(reference.id).clone()).collect()
}

/// Whether an editor that filters by what is typed could keep `id`: its characters in order, in any case.
fn matches_typed(id: &Id, typed: &str) -> bool {
    let mut letters = id.as_str().bytes();
    typed.bytes().all(|wanted| letters.any(|letter| letter.eq_ignore_ascii_case(&wanted)))
}

/// The text of the section around `offset`, as far back as is worth comparing.
fn text_before(view: &View<'_>, offset: u32) -> String {
    const FAR: usize = 2000;
    let Some(document) = view.document() else { return String::new() };
    let rope = document.rope();
    let base = view.part_at(offset).map_or(0, |(base, _)| base as usize);
    let from = base.max((offset as usize).saturating_sub(FAR));
    let (from, to) = (rope.byte_to_char(from), rope.byte_to_char((offset as usize).min(rope.len_bytes())));
    rope.slice(from..to).to_string()
}

#[cfg(test)]
mod tests {
    use crate::fixture::{cursor, offered};

    const SPEC: &str = "//- a/spec.md\n- **FR-1**: Users sign in with a password\n- **FR-2**: The account is locked\n- **NFR-1**: Passwords are hashed\n";

    fn offers(plan: &str) -> Vec<String> {
        let (world, path, offset) = cursor(&format!("{SPEC}{plan}"));
        offered(&world, &path, offset)
    }

    #[test]
    fn a_trace_line_offers_what_it_does_not_name_yet() {
        assert_eq!(offers("//- a/plan.md\n# P\n\n_Requirements: $0_\n"), ["FR-1", "FR-2", "NFR-1"]);
        assert_eq!(offers("//- a/plan.md\n# P\n\n_Requirements: FR-1, $0_\n"), ["FR-2", "NFR-1"]);
        assert_eq!(offers("//- a/plan.md\n# P\n\n_Requirements: FR-1, NFR$0"), ["NFR-1"]);
    }

    #[test]
    fn what_the_section_speaks_of_comes_first() {
        assert_eq!(
            offers(
                "//- a/plan.md\n# P\n\n## Hashing of passwords\n\nAll passwords are hashed.\n\n_Requirements: $0_\n"
            ),
            ["NFR-1", "FR-1", "FR-2"]
        );
    }

    #[test]
    fn what_nothing_serves_yet_comes_before_what_something_does() {
        let tasks =
            "//- a/tasks.md\n- [ ] 1. Sign in\n  - _Requirements: FR-1_\n- [ ] 2. Next\n  - _Requirements: $0_\n";
        assert_eq!(offers(tasks), ["FR-2", "NFR-1", "FR-1"]);
    }

    #[test]
    fn what_is_withdrawn_comes_last() {
        let spec = "//- a/spec.md\n- ~~**FR-1**: a~~\n- **FR-2**: b\n";
        let (world, path, offset) =
            cursor(&format!("{spec}//- a/plan.md\n_Requirements: FR-2_\n\n_Requirements: $0_\n"));
        assert_eq!(offered(&world, &path, offset), ["FR-2", "FR-1"]);
    }

    #[test]
    fn prose_offers_ids_behind_a_family_and_code_nothing() {
        assert_eq!(offers("//- a/plan.md\nThis serves FR-$0 well\n"), ["FR-1", "FR-2", "NFR-1"]);
        assert_eq!(offers("//- a/plan.md\nThis serves $0\n"), [""; 0]);
        assert_eq!(offers("//- a/plan.md\n```\n_Requirements: $0\n```\n"), [""; 0]);
        assert_eq!(offers("//- a/plan.md\nsee `FR-$0`\n"), [""; 0]);
        assert_eq!(offers("//- a/plan.md\n[x](FR-$0)\n"), [""; 0]);
    }
}
