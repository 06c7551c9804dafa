//! `placeholder-left`: hints of the template have not been filled in.

use super::doubt::{LONE_BRACKETS, LONE_BRACKETS_WORDS, NO_TEMPLATE, NO_TEMPLATE_WORDS, is_archived};
use super::repeated::{MOST_APART, listed};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{BlockKind, Facts, Holds, State};
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    name: "placeholder-left",
    level: Some(Level::Warning),
    what: "A bracketed hint of the template is still there.",
    why: "The document looks finished and is not. A hint is bracketed text of several words, or in capitals, where the text \
          itself should stand: behind a label or a bold keyword, or alone; a fenced block that holds nothing else; SQL that is \
          nothing but comments; and any brackets that the document's template has as well. `TBD` or what a tool has left to be written, where it is all of a paragraph or `TBD` all of a list item, is information, and so is what is left in a section that few documents have a use for (`spare` in the template). Links, footnotes, checkboxes, tags such as `[P]` \
          and `[US1]`, code and template files are left alone; of a checklist's brackets those behind a label are information. What is left of a template in code or behind a label as one word, or says what to fill in and when (`remains` and `instructions` of `[hints]` in the dialect), is one hint for the whole of a document that is filled in otherwise. Hints of one block, such as a table's row, a list item or a \
          paragraph, are one finding, and so is a list that is nothing but hints, or a table with several rows of them. Where at least half of a \
          document's sections hold hints, or its title is one and three sections do, the title says how many, and each block is only a hint. A story of BMAD's is filled in as it \
          is worked on: before its status or all of its boxes say that it is done, its hints are hints.",
    bad: "//- plan.md\n# Plan\n\n## Technology Stack\n\n- **Backend**: [Describe the server and its language]\n",
    good: "//- plan.md\n# Plan\n\n## Technology Stack\n\n- **Backend**: Rust 1.95\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// With hints in fewer sections a document is not told how far it is: each hint says that as well.
const FEW: usize = 3;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let before = out.len();
    hints(check, out);
    if !out[before..].iter().any(|finding| finding.hardly_begun) {
        out.extend(remains(check));
    }
}

fn hints(check: &Check<'_>, out: &mut Vec<Finding>) {
    // What a checklist still holds is seldom a mistake.
    let checklist = check.view.role == Role::Checklist;
    if !(checklist || matches!(check.view.role, Role::Spec | Role::Plan | Role::Tasks)) {
        return;
    }
    let (before, mut count) = (out.len(), 0);
    // What says only that it is missing, which whoever wrote it knows.
    let mut blank: Vec<Span> = Vec::new();
    for (base, facts) in check.view.parts_with(Holds::HINTS) {
        let hints = check.hints_in(facts);
        count += hints.len();
        for Group { first, last, count, kind } in groups(&hints, facts) {
            if count == 1 && facts.blanks.contains(&first) {
                blank.push(first.shifted(base));
                continue;
            }
            let message = match count {
                1 => "this hint is not filled in".to_string(),
                _ => format!("{count} hints of this {} are not filled in", spoken(kind)),
            };
            let mut finding = Finding::new(&RULE, Span { start: first.start, end: last.end }.shifted(base), message);
            if checklist || is_spare(check, finding.span.start) {
                finding.level = Level::Information;
            }
            out.push(finding);
        }
    }
    out.extend(blanks(check, &blank));
    let pasted = tell_pasted(check, out, before);
    let tasks = &check.dialect.table.tasks;
    if tasks.filled_later && check.view.role == Role::Tasks && !is_done(check) {
        out[before..].iter_mut().for_each(Finding::set_beside);
        return;
    }
    if is_doubtful(check) {
        out[before..].iter_mut().for_each(|finding| NO_TEMPLATE.lower(finding, |_| NO_TEMPLATE_WORDS.into()));
        return;
    }
    if out.len() - before < FEW && !pasted {
        let lone = |finding: &&mut Finding| is_lone(check, finding.span);
        out[before..].iter_mut().filter(lone).for_each(|it| LONE_BRACKETS.lower(it, |_| LONE_BRACKETS_WORDS.into()));
    }
    if count >= FEW
        && !pasted
        && let Some(progress) = progress(check)
    {
        out[before..].iter_mut().for_each(Finding::set_beside);
        out.push(progress);
    }
}

/// Makes one finding of all hints behind a second title that holds some: the template stands once more behind the document.
/// Returns whether it does.
fn tell_pasted(check: &Check<'_>, out: &mut Vec<Finding>, before: usize) -> bool {
    if out.len() - before < FEW {
        return false;
    }
    let titles = check.view.parts().flat_map(|(base, facts)| {
        let own = facts.sections.iter().filter(|section| section.level == 1);
        own.map(move |section| section.head.shifted(base))
    });
    let mut held = titles.skip(1).filter(|head| out[before..].iter().any(|finding| head.covers(finding.span)));
    let Some(title) = held.next() else { return false };
    let all: Vec<Span> =
        out[before..].iter().map(|finding| finding.span).filter(|span| span.start >= title.start).collect();
    if all.len() < FEW {
        return false;
    }
    let later = out.extract_if(before.., |finding| finding.span.start >= title.start);
    let level = later.map(|finding| finding.level).max().unwrap_or(Level::Warning);
    let message = format!("the template stands here once more, with {} hints that are not filled in", all.len());
    let mut finding = Finding::new(&RULE, title, message);
    finding.level = level;
    finding.help = Some("delete what was pasted behind the document".into());
    finding.also_at(check, &all[1..], "a hint of it");
    out.push(finding);
    true
}

/// What is left of the template in a document that is filled in otherwise, told once and as a hint: nothing is missing but a
/// name that everybody knows.
fn remains(check: &Check<'_>) -> Option<Finding> {
    let parts = || check.view.parts_with(Holds::REMAINS);
    let all: Vec<(Span, &str)> = parts()
        .flat_map(|(base, facts)| facts.remains.iter().map(move |it| (it.span.shifted(base), facts.text(it.words))))
        .collect();
    let (first, _) = *all.first().filter(|_| !check.template && !is_archived(check))?;
    let mut names: Vec<&str> = Vec::new();
    for (_, name) in &all {
        if !names.contains(name) && names.len() <= MOST_APART {
            names.push(name);
        }
    }
    let verb = if names.len() == 1 { "is" } else { "are" };
    let mut finding = Finding::new(&RULE, first, format!("{} of the template {verb} still there", listed(&names)));
    finding.level = Level::Hint;
    let others: Vec<Span> = all[1..].iter().map(|(span, _)| *span).collect();
    finding.also_at(check, &others, "this is left, too");
    Some(finding)
}

/// The findings of what says only that it is missing: where there are many, one of all.
fn blanks(check: &Check<'_>, all: &[Span]) -> Vec<Finding> {
    let of = |span: Span, message: String| {
        let mut finding = Finding::new(&RULE, span, message);
        finding.level = Level::Information;
        finding
    };
    if all.len() <= MOST_APART {
        return all.iter().map(|span| of(*span, "this hint is not filled in".into())).collect();
    }
    let mut first = of(all[0], format!("{} texts are still to be written", all.len()));
    first.also_at(check, &all[1..], "another is missing here");
    vec![first]
}

/// Whether all hints within `span` may be meant: see [`LONE_BRACKETS`].
fn is_lone(check: &Check<'_>, span: Span) -> bool {
    let inside = |base: u32, hint: Span| span.covers(hint.shifted(base));
    check.view.parts_with(Holds::HINTS).all(|(base, facts)| {
        let all = check.hints_in(facts).iter().filter(|hint| inside(base, **hint)).count();
        let likely =
            facts.likely_placeholders.iter().filter(|it| inside(base, it.span) && !check.is_hint(it.key)).count();
        all <= 1 && likely == all
    })
}

/// Whether the section at `offset` is one of which the template says that few documents have a use for it.
fn is_spare(check: &Check<'_>, offset: u32) -> bool {
    let Some(schema) = check.schema else { return false };
    // By its title alone: the document may have a form of its own.
    let heads =
        check.view.parts().flat_map(|(base, facts)| facts.sections.iter().map(move |it| (base + it.start, it.key)));
    let above = heads.take_while(|(start, _)| *start <= offset).last();
    let mut slots = above.and_then(|(_, key)| schema.keys.get(&key)).into_iter().flatten();
    slots.any(|slot| schema.slots[*slot].options.spare)
}

/// Whether the file is a specification by its name alone: see [`NO_TEMPLATE`].
fn is_doubtful(check: &Check<'_>) -> bool {
    check.view.role == Role::Spec
        && check.sections().is_none()
        && check.view.parts().all(|(_, facts)| facts.definitions.is_empty() && facts.traces.is_empty())
}

/// Whether the file says that its work is done, or all of its boxes are ticked. Who waits for a review fills in what that found.
fn is_done(check: &Check<'_>) -> bool {
    if check.view.parts().any(|(_, facts)| facts.to_review) {
        return false;
    }
    let mut tasks = check.view.parts().flat_map(|(_, facts)| &facts.tasks).peekable();
    let ticked = tasks.peek().is_some() && tasks.all(|task| task.state == State::Done);
    ticked || check.view.parts().any(|(_, facts)| facts.finished)
}

fn spoken(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Heading => "heading",
        BlockKind::Paragraph => "paragraph",
        BlockKind::Fence => "block",
        BlockKind::List => "list",
        BlockKind::Item => "item",
        BlockKind::Table => "table",
        BlockKind::Row => "row",
    }
}

/// Hints that one block holds.
struct Group {
    first: Span,
    last: Span,
    count: usize,
    kind: BlockKind,
}

/// The hints by their blocks, in the order of the text.
fn groups(hints: &[Span], facts: &Facts) -> Vec<Group> {
    if hints.is_empty() {
        return Vec::new();
    }
    // Which blocks hold hints themselves, and how many items of a list do.
    let holders: Vec<Option<usize>> = hints.iter().map(|hint| facts.block_at(hint.start)).collect();
    let mut own = vec![false; facts.blocks.len()];
    let mut items = vec![0; facts.blocks.len()];
    for holder in holders.iter().flatten() {
        if !std::mem::replace(&mut own[*holder], true)
            && let Some(parent) = facts.blocks[*holder].parent
        {
            items[parent as usize] += 1;
        }
    }
    let parent_of = |at: usize| facts.blocks[at].parent.map(|parent| parent as usize);
    // An item that is a hint takes what is in it along, and so does a list all of whose items are.
    let whole = |mut at: usize| {
        while let Some(parent) = parent_of(at) {
            let block = &facts.blocks[parent];
            at = match block.kind {
                BlockKind::List | BlockKind::Table if items[parent] == block.items => parent,
                // Rows that a template gave as examples are left together.
                BlockKind::Table if items[parent] > 1 => parent,
                BlockKind::List | BlockKind::Table => match parent_of(parent).filter(|holder| own[*holder]) {
                    Some(holder) => holder,
                    None => break,
                },
                _ if own[parent] => parent,
                _ => break,
            };
        }
        at
    };
    let mut groups: Vec<(Option<usize>, Group)> = Vec::new();
    for (hint, holder) in hints.iter().zip(holders) {
        let block = holder.map(whole);
        match groups.last_mut() {
            Some((last, group)) if *last == block && block.is_some() => {
                group.last = *hint;
                group.count += 1;
            }
            _ => {
                let kind = block.map_or(BlockKind::Paragraph, |at| facts.blocks[at].kind);
                groups.push((block, Group { first: *hint, last: *hint, count: 1, kind }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// A section and the hints in it.
struct Held<'a> {
    title: &'a str,
    filled: bool,
    first: Option<Span>,
    count: usize,
}

impl<'a> Held<'a> {
    fn take(&mut self, hint: Span) {
        self.first = self.first.or(Some(hint));
        self.count += 1;
    }

    /// Whether anything stands in it.
    fn is_some(&self) -> bool {
        self.filled || self.count > 0
    }

    /// The first hint, the section's title and how many there are.
    fn hints(self) -> Option<(Span, &'a str, usize)> {
        Some((self.first?, self.title, self.count))
    }
}

/// How far a document is whose sections mostly hold hints, said at its title.
fn progress(check: &Check<'_>) -> Option<Finding> {
    let (mut title, mut sections, mut held) = (None, 0_usize, Vec::new());
    // Whoever has not even named the document has begun with hardly any of it.
    let mut unnamed = false;
    // A part of the document may begin within a section.
    let mut open: Option<Held<'_>> = None;
    for (base, facts) in check.view.parts() {
        let hints = check.hints_in(facts);
        let mut hints = hints.iter().map(|hint| hint.shifted(base)).peekable();
        for section in &facts.sections {
            let (start, head) = (section.start + base, section.head.shifted(base));
            while let Some(hint) = hints.next_if(|hint| hint.start < start) {
                // What stands above the first heading is in no section.
                open.iter_mut().for_each(|it| it.take(hint));
            }
            if let Some(ended) = open.take() {
                sections += usize::from(ended.is_some());
                held.extend(ended.hints());
            }
            if title.is_none() {
                title = Some(head);
                if section.level == 1 {
                    unnamed = hints.peek().is_some_and(|hint| head.covers(*hint));
                    continue;
                }
            }
            open = Some(Held { title: facts.text(section.title), filled: section.filled, first: None, count: 0 });
        }
        for hint in hints {
            open.iter_mut().for_each(|it| it.take(hint));
        }
    }
    if let Some(ended) = open {
        sections += usize::from(ended.is_some());
        held.extend(ended.hints());
    }
    if held.len() < FEW || held.len() * 2 < sections && !unnamed {
        return None;
    }
    let message = format!("{} of {sections} sections still hold hints", held.len());
    let mut finding = Finding::new(&RULE, title?, message);
    finding.hardly_begun = true;
    finding.related.extend(held.into_iter().map(|(span, title, count)| {
        let hints = if count == 1 { "1 hint".to_string() } else { format!("{count} hints") };
        (Place { path: check.view.path.clone(), span }, format!("`{title}` holds {hints}"))
    }));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    /// Level, line from 1 and message of what is found in the plan.
    fn found(plan: &str) -> Vec<(&'static str, usize, String)> {
        let world = world(&format!("//- a/plan.md\n{plan}"));
        let findings = check(&world.snapshot(), &FilePath::new("/w/a/plan.md"));
        let line = |at: u32| plan[..at as usize].matches('\n').count() + 1;
        findings.into_iter().map(|it| (it.level.as_str(), line(it.span.start), it.message)).collect()
    }

    #[track_caller]
    fn one(plan: &str, line: usize, message: &str) {
        assert_eq!(found(plan), [("warning", line, message.to_string())], "{plan}");
    }

    #[test]
    fn what_is_left_in_code_is_one_hint() {
        let head = "# Plan: Boat\n\n**Branch**: `[###-feature-name]` | **Spec**: [link]\n\nA hull.\n\n";
        let tree = "## Files\n\n```text\nspecs/[###-feature]/\n├── plan.md\n```\n";
        let all = "`[###-feature-name]`, `[link]` and `[###-feature]` of the template are still there";
        assert_eq!(found(&format!("{head}{tree}")), [("hint", 3, all.to_string())]);
        let one = "`[###-feature]` of the template is still there".to_string();
        assert_eq!(found(&format!("# Plan: Boat\n\nA hull.\n\n{tree}")), [("hint", 8, one)]);
        let linked = "`[link]` of the template is still there".to_string();
        assert_eq!(found("# Plan: Boat\n\n**Spec:** [link]\n"), [("hint", 3, linked)]);
        for text in [
            "**Input**: All specifications in `/specs/[###-feature-name]/spec.md`",
            "Folders are called `[###-feature]`.",
            "**Spec**: [link](spec.md)",
            "**Spec**: [spec](spec.md)",
            "**Map**: [link]",
            "```sh\nmkdir specs/[###-feature]\n```",
            "```text\nspecs/001-boat/\n```",
            "> **Spec**: [link]",
        ] {
            assert_eq!(found(&format!("# Plan: Boat\n\n{text}\n")), [], "{text}");
        }
        let form = "## A\n\n[What it is]\n\n## B\n\n[What it does]\n\n## C\n\n[What it costs]\n";
        let told = found(&format!("{head}{form}"));
        assert!(told.iter().all(|(_, _, message)| !message.contains("of the template")), "{told:?}");
        assert!(told.iter().any(|(_, _, message)| message == "3 of 3 sections still hold hints"), "{told:?}");
    }

    #[test]
    fn hints_of_one_block_are_one_finding() {
        one(
            "| A | B |\n|---|---|\n| [The first] | [The other] |\n| x | y |\n",
            3,
            "2 hints of this row are not filled in",
        );
        one("- **A**: [what it is]\n- **B**: [what it does]\n", 1, "2 hints of this list are not filled in");
        one("- done\n- **B**: [what it does] **for** [what reason]\n", 2, "2 hints of this item are not filled in");
        one("**Why**: [the reason]\n**What**: [the thing]\n", 1, "2 hints of this paragraph are not filled in");
        one(
            "```sql\n-- Tables and their keys\n-- What is deleted when\n```\n",
            2,
            "2 hints of this block are not filled in",
        );
        one(
            "| A | B |\n|---|---|\n| [The first] | x |\n| [The second] | y |\n",
            3,
            "2 hints of this table are not filled in",
        );
        one(
            "| A | B |\n|---|---|\n| x | y |\n| [The first] | [One] [Two] |\n| z | y |\n| [The second] | y |\n",
            4,
            "2 hints of this table are not filled in",
        );
        one(
            "| A | B |\n|---|---|\n| [Risk] | [Likelihood] |\n| x | [low] |\n",
            3,
            "2 hints of this row are not filled in",
        );
        one("Text.\n\n[What to say here]\n", 3, "this hint is not filled in");
    }

    #[test]
    fn what_is_in_an_item_that_is_a_hint_belongs_to_it() {
        one(
            "- [ ] done\n- [What to do]\n  - [how it is done]\n  - real\n",
            2,
            "2 hints of this item are not filled in",
        );
        one(
            "1. [What to do]\n   - [how it is done]\n2. [What else]\n   - [how it is done]\n",
            1,
            "4 hints of this list are not filled in",
        );
    }

    #[test]
    fn a_heading_may_keep_brackets_around_its_own_words() {
        let filled = "# Plan\n\n### [Queue for late parcels]\n\nOne table, drained hourly.\n";
        assert_eq!(found(filled), []);
        one(&filled.replace("Queue for late parcels", "Topic or Question"), 3, "this hint is not filled in");
        one(&filled.replace("# Plan", "# Plan: [FEATURE NAME]"), 1, "this hint is not filled in");
        one(&filled.replace("One table", "- **Why**: [why it is so]\n- One table"), 5, "this hint is not filled in");
    }

    #[test]
    fn a_few_words_in_brackets_may_be_meant_where_all_else_is_filled_in() {
        let level = |plan: &str| found(plan).iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(level("# Plan\n\n- 6.3 Trail: Members > [Skipper at the helm]\n"), [""; 0], "a trail of links");
        assert_eq!(level("# Plan\n\n- 6.3 Crew: Members -> [Skipper at the helm]\n"), ["information"]);
        assert_eq!(
            level("# Plan\n\n- **Owner**: [harbour master]\n- x\n- **Deputy**: [head of the crew]\n"),
            ["information"; 2]
        );
        assert_eq!(level("# Plan\n\n[Head of the crew]\n"), ["warning"], "nothing else stands there");
        assert_eq!(level("# Plan\n\n- **Owner**: [Name of the owner]\n"), ["warning"], "that asks for it");
        let three = "# Plan\n\n- **Owner**: [harbour master]\n- x\n- **Deputy**: [head of the crew]\n- x\n- **Cook**: [one of both]\n";
        assert_eq!(level(three), ["warning"; 3]);
    }

    #[test]
    fn text_that_is_still_to_be_written_is_information() {
        let plan = "# Plan\n\n## Risks\n\nTBD\n\n## Owner\n\nTBD by the team in May.\n";
        assert_eq!(found(plan), [("information", 5, "this hint is not filled in".to_string())]);
        assert_eq!(found("TBD\n\n# Plan\n\n- a TBD\n"), [], "only where a section or an item wants text");
        assert_eq!(found("# Plan\n\n- a:\n  - TBD\n"), [("information", 4, "this hint is not filled in".to_string())]);
        let many = "# Plan\n\n- TBD\n\nx\n\n- TBD\n\nx\n\n- TBD\n\nx\n\n- TBD\n";
        assert_eq!(found(many), [("information", 3, "4 texts are still to be written".to_string())]);
    }

    #[test]
    fn blocks_apart_are_told_apart() {
        let plan = "- real\n- [What to do]\n- real\n- [What else]\n\n[What to say here]\n";
        assert_eq!(found(plan).iter().map(|(_, line, _)| *line).collect::<Vec<_>>(), [2, 4, 6]);
    }

    #[test]
    fn a_document_that_is_mostly_hints_says_how_far_it_is() {
        let plan = "# Plan\n\n[What it is about]\n\n## A\n\n[One thing or more]\n\n## B\n\n### C\n\n[One thing or more]\n\n## D\n\nDone.\n\n## E\n\n- [One thing]\n- [Another thing]\n";
        let all = found(plan);
        assert_eq!(all[0], ("warning", 1, "3 of 4 sections still hold hints".to_string()));
        assert!(all[1..].iter().all(|(level, ..)| *level == "hint"), "{all:?}");
        assert_eq!(all.len(), 5);
        let done = plan.replace("## A\n\n[One thing or more]", "## A\n\nDone.");
        assert!(found(&done).iter().all(|(level, ..)| *level == "warning"), "two sections are told of by themselves");
    }

    #[test]
    fn a_story_is_filled_in_when_it_is_done() {
        let told = |story: &str| {
            let world = world(&format!("//- docs/stories/1.2.scale.md\n{story}"));
            let all = check(&world.snapshot(), &FilePath::new("/w/docs/stories/1.2.scale.md")).into_iter();
            let all = all.filter(|it| !matches!(it.rule.name, "open-subtask" | "story-status-mismatch"));
            all.map(|it| format!("{} {}", it.level.as_str(), it.rule.name)).collect::<Vec<_>>()
        };
        let story = "# Story 1.2: Scale\n\n## Status\n\nDraft\n\n## Acceptance Criteria\n\n1. The weight is shown\n2. It is printed\n\n## Tasks / Subtasks\n\n- [x] Task 1: Show the weight (AC: 1, 2)\n  - [ ] Subtask 1.1: Read the cell [Source: architecture/scale.md#cell]\n- [ ] Task 2: Print (AC: #2)\n\n## Dev Agent Record\n\n### Agent Model Used\n\n{{agent_model_name_version}}\n\n### Completion Notes\n\n[Describe the completion]\n";
        assert_eq!(told(story), ["hint placeholder-left"; 2]);
        for done in
            ["## Status\n\nDone", "## Status: Done", "Status: **done**", "## Status\n\n**Completed** (reviewed)"]
        {
            let story = story.replace("## Status\n\nDraft", done);
            assert_eq!(told(&story), ["warning placeholder-left"; 2], "{done}");
        }
        assert_eq!(told(&story.replace("[ ]", "[x]")), ["warning placeholder-left"; 2]);
        let filled = story
            .replace("Draft", "Done")
            .replace("{{agent_model_name_version}}", "A model")
            .replace("[Describe the completion]", "None.");
        assert_eq!(told(&filled), [""; 0]);
    }
}
