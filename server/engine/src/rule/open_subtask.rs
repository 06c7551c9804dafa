//! `open-subtask`: a task is ticked although a part of it is open, or open although all its parts are ticked.

use super::doubt::is_archived;
use super::repeated::{MOST_APART, gathered, placed};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Facts, State, Task};
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashMap;

pub(super) const RULE: Rule = Rule {
    name: "open-subtask",
    level: Some(Level::Information),
    what: "A task is ticked although a part of it is open, or open although all its parts are ticked.",
    why: "One of the two boxes is wrong, and who goes on from the list skips what is left or does it again. A part stands below its \
          task, or beside it with a number of its own (`4.1` behind `4`). Parts do not count that are optional (`- [ ]* 4.2`), \
          struck through, begun or set aside (`[-]`, `[~]`), or that say so (`optional` of `[tasks]` in the dialect, and its words \
          for what is withdrawn or put off), nor do the parts of a task that says so itself. Where several tasks are ticked and \
          none of the parts in the file ever is, parts are no boxes to tick but a list, and it is only a hint. So is an open task \
          of two parts or more that are all ticked and that has no other steps. More than three of a file are one finding.",
    bad: "//- tasks.md\n# Tasks\n\n- [x] 1. Check passwords\n  - [x] 1.1 Hash them\n  - [ ] 1.2 Compare them\n",
    good: "//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - [x] 1.1 Hash them\n  - [ ] 1.2 Compare them\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// A task of the file with its parts.
struct Node<'a> {
    task: &'a Task,
    number: &'a str,
    title: &'a str,
    /// Its first line in the file.
    head: Span,
    /// Indexes of its parts.
    parts: Vec<usize>,
    /// Whether it says more than its parts do.
    detailed: bool,
}

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template {
        return;
    }
    let any = |done: bool| {
        check.view.parts().any(|(_, facts)| facts.tasks.iter().any(|task| (task.state == State::Done) == done))
    };
    if !any(true) || !any(false) || is_archived(check) {
        return;
    }
    let nodes = nodes(check);
    let is_open = |at: &usize| nodes[*at].task.state == State::Open && !nodes[*at].task.optional;
    let ticked = |node: &&Node<'_>| node.task.state == State::Done && !node.task.optional;
    let mut found: Vec<(String, Finding)> = Vec::new();
    for node in nodes.iter().filter(ticked) {
        let open: Vec<&Node<'_>> = node.parts.iter().filter(|at| is_open(at)).map(|at| &nodes[*at]).collect();
        if !open.is_empty() {
            found.push((node.short_name(), told(check, node, &open)));
        }
    }
    // Where no part is ever ticked, ticking the task stands for all of it.
    let never = || nodes.iter().flat_map(|node| &node.parts).all(|at| nodes[*at].task.state != State::Done);
    if found.len() > 1 && never() {
        found.iter_mut().for_each(|(_, finding)| finding.level = Level::Hint);
    }
    tell(check, found, |count| format!("{count} tasks are ticked although parts of them are open"), out);

    let mut found: Vec<(String, Finding)> = Vec::new();
    for node in nodes.iter().filter(|node| node.task.state != State::Done && !node.task.optional) {
        let done = node.parts.iter().all(|at| nodes[*at].task.state == State::Done);
        if done && node.parts.len() > 1 && !node.detailed {
            // `[-]` says that somebody has begun it.
            let state = if node.task.state == State::Open { "open" } else { "in progress" };
            let message = format!("{} is {state}, {} are ticked", node.name(), all_parts(node.parts.len()));
            let mut finding = Finding::new(&RULE, node.head, message);
            finding.level = Level::Hint;
            found.push((node.short_name(), finding));
        }
    }
    tell(check, found, |count| format!("{count} tasks are open although all parts of them are ticked"), out);
}

fn tell(check: &Check<'_>, mut found: Vec<(String, Finding)>, many: impl Fn(usize) -> String, out: &mut Vec<Finding>) {
    if found.len() > MOST_APART {
        // Their own places are more to the point than those of all parts.
        found.iter_mut().for_each(|(_, finding)| finding.related.clear());
        placed(&mut found, check.view.path);
    }
    out.extend(gathered(&found, many));
}

/// The finding of a ticked task and those parts of it that are open.
fn told(check: &Check<'_>, node: &Node<'_>, open: &[&Node<'_>]) -> Finding {
    /// More are counted instead of named.
    const MOST_NAMES: usize = 4;
    let mut names: Vec<&str> = open.iter().map(|part| part.number).collect();
    let (left, all) = (names.len(), node.parts.len());
    // A number that stands twice is told by another rule.
    names.dedup_by(|one, other| one == other && !one.is_empty());
    let left = match &names[..] {
        [name] if !name.is_empty() => format!("{name} is open"),
        [before @ .., last] if names.len() <= MOST_NAMES && names.iter().all(|name| !name.is_empty()) => {
            format!("{} and {last} are open", before.join(", "))
        }
        _ if all == 1 => "its only part is open".to_string(),
        _ if left == all => format!("{} are open", all_parts(all)),
        _ if left == 1 => format!("1 of its {all} parts is open"),
        _ => format!("{left} of its {all} parts are open"),
    };
    let mut finding = Finding::new(&RULE, node.head, format!("{} is ticked, {left}", node.name()));
    let places: Vec<Span> = open.iter().map(|part| part.head).collect();
    finding.also_at(check, &places, "this part is open");
    finding
}

fn all_parts(count: usize) -> String {
    if count == 2 { "both parts of it".to_string() } else { format!("all {count} parts of it") }
}

impl Node<'_> {
    fn name(&self) -> String {
        if self.number.is_empty() { "this task".to_string() } else { format!("task {}", self.number) }
    }

    /// The number, or the first words of the title.
    fn short_name(&self) -> String {
        const LONGEST: usize = 32;
        if !self.number.is_empty() {
            return self.number.to_string();
        }
        let end = self.title.floor_char_boundary(LONGEST);
        let cut = if end < self.title.len() { "…" } else { "" };
        format!("{}{cut}", self.title[..end].trim_end_matches([' ', '…']))
    }
}

/// The tasks of the file in the order of the text, each with its parts.
fn nodes<'a>(check: &Check<'a>) -> Vec<Node<'a>> {
    let mut nodes: Vec<Node<'a>> = Vec::new();
    for (base, facts) in check.view.parts() {
        let first = nodes.len();
        let mut heads = facts.sections.iter().peekable();
        // The last task of each number, with the section that it stands in.
        let mut numbers: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
        let mut section = 0;
        for task in &facts.tasks {
            while heads.next_if(|head| head.head.start <= task.head.start).is_some() {
                section += 1;
            }
            let (at, number) = (nodes.len(), facts.text(task.number));
            let nested = task.parent.map(|parent| first + parent as usize);
            let whole = match number.rsplit_once('.') {
                Some((whole, _)) => {
                    // `3.2` that is indented below 2 is no part of that.
                    let part = |above: &usize| is_part(number, nodes[*above].number);
                    let own = numbers.get(whole).filter(|(of, _)| *of == section);
                    own.map(|(_, at)| *at).or_else(|| nested.filter(part))
                }
                None => nested.filter(|above| !goes_on(number, &nodes[*above])),
            };
            if let Some(whole) = whole {
                nodes[whole].parts.push(at);
            }
            if !number.is_empty() {
                numbers.insert(number, (section, at));
            }
            let (title, head) = (facts.text(task.title), task.head.shifted(base));
            let detailed = is_detailed(facts, at - first);
            nodes.push(Node { task, number, title, head, parts: Vec::new(), detailed });
        }
    }
    nodes
}

fn is_part(number: &str, above: &str) -> bool {
    above.is_empty() || number.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a whole number goes on behind that of the task it is indented below: T024 below T020, 16 below 15.
fn goes_on(number: &str, above: &Node<'_>) -> bool {
    let count = |number: &str| {
        let digits = number.strip_prefix('T').unwrap_or(number);
        digits.parse::<u64>().ok().map(|count| (digits.len() < number.len(), count))
    };
    let (own, above_it) = (count(number), count(above.number));
    let begins = above.parts.is_empty();
    matches!((own, above_it), (Some((lettered, own)), Some((also, other)))
        if lettered == also && (lettered || begins && own > other))
}

/// Whether a task has text of its own beyond its first line and its trace lines.
fn is_detailed(facts: &Facts, at: usize) -> bool {
    /// The bytes of a line break, an empty line, an indent and a box.
    const GAP: u32 = 24;
    let task = &facts.tasks[at];
    let first = facts.tasks.get(at + 1).filter(|next| task.item.covers(next.item));
    let end = first.map_or(task.item.end, |next| next.head.start);
    let from = facts.traces.partition_point(|trace| trace.line.start < task.head.end);
    let traced: u32 = facts.traces[from..]
        .iter()
        .take_while(|trace| trace.line.end <= end)
        .map(|trace| trace.line.end - trace.line.start + GAP)
        .sum();
    end.saturating_sub(task.head.end) > GAP + traced
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found_at(path: &str, text: &str) -> Vec<String> {
        let mut world = world(&format!("//- {path}\n{text}"));
        let path = FilePath::new(&format!("/w/{path}"));
        let told = |world: &crate::world::World| -> Vec<String> {
            let all = check(&world.snapshot(), &path).into_iter().filter(|it| it.rule.name == "open-subtask");
            all.map(|it| format!("{}: {} +{}", it.level.as_str(), it.message, it.related.len())).collect()
        };
        let closed = told(&world);
        world.open(&path, 1, text);
        assert_eq!(told(&world), closed, "open and closed");
        closed
    }

    fn found(text: &str) -> Vec<String> {
        found_at("a/tasks.md", &format!("# Tasks\n\n{text}"))
    }

    #[test]
    fn a_ticked_task_names_its_open_parts() {
        assert_eq!(
            found("- [x] 4. Hull\n  - [ ] 4.1 Planks\n  - [x] 4.2 Keel\n"),
            ["information: task 4 is ticked, 4.1 is open +1"]
        );
        assert_eq!(
            found("- [x] 4. Hull\n  - [ ] 4.1 Planks\n  - [ ] 4.2 Keel\n  - [ ] 4.3 Tar\n  - [x] 4.4 Ribs\n"),
            ["information: task 4 is ticked, 4.1, 4.2 and 4.3 are open +3"]
        );
        let parts = |count: usize| "  - [ ] Plank\n".repeat(count);
        assert_eq!(
            found(&format!("- [x] Hull\n{}  - [x] Keel\n", parts(2))),
            ["information: this task is ticked, 2 of its 3 parts are open +2"]
        );
        assert_eq!(
            found(&format!("- [x] Hull\n{}", parts(1))),
            ["information: this task is ticked, its only part is open +1"]
        );
        assert_eq!(
            found(&format!("- [x] Hull\n{}", parts(2))),
            ["information: this task is ticked, both parts of it are open +2"]
        );
        let deep = "- [x] 1. Hull\n  - [x] 1.1 Planks\n    - [ ] 1.1.1 Saw\n";
        assert_eq!(found(deep), ["information: task 1.1 is ticked, 1.1.1 is open +1"], "at the task right above");
    }

    #[test]
    fn numbers_tell_parts_that_stand_beside_their_task() {
        assert_eq!(
            found("- [x] 4. Hull\n- [ ] 4.1 Planks\n- [x] 4.2 Keel\n- [ ] 5. Oars\n"),
            ["information: task 4 is ticked, 4.1 is open +1"]
        );
        assert_eq!(found("- [x] 4. Hull\n\n## More\n\n- [ ] 4.1 Planks\n"), [""; 0], "another section");
        assert_eq!(found("- [x] 2. Hull\n  - [x] 2.1 Keel\n  - [ ] 3.1 Oars\n"), [""; 0], "indented by a slip");
        assert_eq!(found("- [x] T020 Hull\n  - [ ] T024 Oars\n"), [""; 0]);
        assert_eq!(found("- [x] 15. Hull\n   - [ ] 16. Oars\n   - [ ] 17. Sail\n"), [""; 0]);
        assert_eq!(
            found("- [x] 3. Hull\n   - [x] 1. Keel\n   - [ ] 2. Tar\n"),
            ["information: task 3 is ticked, 2 is open +1"]
        );
    }

    #[test]
    fn what_need_not_be_done_may_stay_open() {
        for part in [
            "- [ ]* 1.1 Paint it",
            "- [ ] 1.1* Paint it",
            "- [-] 1.1 Paint it",
            "- [~] 1.1 Paint it",
            "- [ ] ~~1.1 Paint it~~",
            "- [ ] 1.1 Paint it (optional)",
            "- [ ] 1.1 [Deferred] Paint it",
            "- [ ] 1.1 Paint it — skipped, no paint",
            "- [ ] 1.1 Paint it ⏭️ later",
            "- [ ] 1.1 Paint it: N/A (superseded by 7)",
            "- [ ] 1.1 油漆（可选）",
            "- [ ] **Optional**: paint it",
            "- [ ] 1.1 Paint it\n    - Deferred: no paint",
            "- [ ] Source: [docs/paint.md]",
        ] {
            assert_eq!(found(&format!("- [x] 1. Hull\n  {part}\n  - [x] 1.9 Tar\n")), [""; 0], "{part}");
        }
        for part in ["1.1 Add optional fields", "1.1 Remove skipped planks", "1.1 Paint it (white)", "1.1 Later planks"]
        {
            assert_eq!(
                found(&format!("- [x] 1. Hull\n  - [ ] {part}\n  - [x] 1.9 Tar\n")),
                ["information: task 1 is ticked, 1.1 is open +1"],
                "{part}"
            );
        }
        assert_eq!(found("- [x] 1. Hull (partially, rest in spring)\n  - [ ] 1.1 Tar\n"), [""; 0]);
        assert_eq!(found("- [-] 1. Hull\n  - [ ] 1.1 Tar\n  - [x] 1.2 Keel\n"), [""; 0]);
    }

    #[test]
    fn where_no_part_is_ever_ticked_it_is_a_hint() {
        let two = "- [x] 1. Hull\n  - [ ] 1.1 Tar\n- [x] 2. Oars\n  - [ ] 2.1 Ash\n";
        assert_eq!(found(two), ["hint: task 1 is ticked, 1.1 is open +1", "hint: task 2 is ticked, 2.1 is open +1"]);
        let more = format!("{two}- [ ] 3. Sail\n  - [x] 3.1 Linen\n");
        assert!(found(&more).iter().all(|it| it.starts_with("information")), "{:?}", found(&more));
    }

    #[test]
    fn many_tasks_are_one_finding() {
        let all: String =
            (1..6).map(|at| format!("- [x] {at}. Hull\n  - [ ] {at}.1 Tar\n  - [x] {at}.2 Keel\n")).collect();
        assert_eq!(
            found(&all),
            ["information: 5 tasks are ticked although parts of them are open: `1`, `2`, `3`, `4` and `5` +4"]
        );
    }

    #[test]
    fn an_open_task_all_of_whose_parts_are_ticked_is_a_hint() {
        let three = "- [ ] 1. Hull\n  - [x] 1.1 Tar\n  - [x] 1.2 Keel\n  - [x] 1.3 Ribs\n";
        assert_eq!(found(three), ["hint: task 1 is open, all 3 parts of it are ticked +0"]);
        let begun = three.replacen("[ ]", "[-]", 1);
        assert_eq!(found(&begun), ["hint: task 1 is in progress, all 3 parts of it are ticked +0"]);
        assert_eq!(
            found("- [ ] 1. Hull\n- [x] 1.1 Tar\n- [x] 1.2 Keel\n"),
            ["hint: task 1 is open, both parts of it are ticked +0"]
        );
        assert_eq!(found("- [ ] 1. Hull\n  - [x] 1.1 Tar\n"), [""; 0], "one part");
        assert_eq!(
            found("- [ ] 1. Hull\n  - [x] 1.1 Tar\n  - [x] 1.2 Keel\n  - [ ]* 1.3 Paint\n"),
            [""; 0],
            "one is left"
        );
        let steps = "- [ ] 1. Hull\n  - Caulk every seam of it\n  - Launch it\n  - [x] 1.1 Tar\n  - [x] 1.2 Keel\n";
        assert_eq!(found(steps), [""; 0], "steps of its own");
    }

    #[test]
    fn an_archive_is_history() {
        let text = "# Tasks\n\n- [x] 1. Hull\n  - [ ] 1.1 Tar\n";
        assert_eq!(found_at("openspec/changes/archive/x/tasks.md", text), [""; 0]);
        assert_eq!(found_at("openspec/changes/x/tasks.md", text).len(), 1);
    }
}
