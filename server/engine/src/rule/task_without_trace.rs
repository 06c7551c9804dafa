//! `task-without-trace`: a task names no requirement although its neighbours do.

use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::{Role, Tasks, contains};
use crate::facts::{Facts, Kind, Task};
use crate::settings::Level;
use crate::text::{Encoding, Span};
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "task-without-trace",
    level: Some(Level::Hint),
    what: "A task has no trace line, although most tasks of the file have one.",
    why: "Nobody can say what it is for. A task is asked only if it has no subtasks, names no requirement anywhere in its \
          text, no task above it has a trace line, and at least half of such tasks do. Tags of stories (`[US1]`) do not \
          count: where tasks have them, those of the set-up have none. Gates need none, nor do boxes below a heading that lists \
          what is to be ticked off (*Definition of done*, *Progress*); boxes below `### Task 3` are steps of that task, which \
          is asked once. In a story that holds its own criteria, tasks without `(AC: 1)` are one finding where at least twice as \
          many have it; tests, reviews and the like need none, nor does what says in brackets what it is for.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n- [ ] 2. Hash passwords\n  - _Requirements: FR-1_\n- [ ] 3. Buy a server\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1_\n- [ ] 2. Hash passwords\n  - _Requirements: FR-1_\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template {
        return;
    }
    let words = &check.dialect.table.tasks;
    let (mut traced, mut ticked, mut bare) = (0, 0, Vec::new());
    let mut headings = Headings { words, open: Vec::new(), units: Vec::new() };
    for (base, facts) in check.view.parts() {
        let mut has_child = vec![false; facts.tasks.len()];
        let mut has_trace = vec![false; facts.tasks.len()];
        let mut has_tag = has_trace.clone();
        for task in &facts.tasks {
            if let Some(parent) = task.parent {
                has_child[parent as usize] = true;
            }
        }
        // `8.` and `8.1` may stand side by side.
        let above = |task: &'_ Task| facts.text(task.number).rfind('.').map(|dot| &facts.text(task.number)[..dot]);
        let parents: FxHashSet<&str> = facts.tasks.iter().filter_map(above).collect();
        for (task, has_child) in facts.tasks.iter().zip(&mut has_child) {
            *has_child |= parents.contains(facts.text(task.number));
        }
        let note = |has: &mut [bool], offset: u32| {
            if let Some(at) = facts.innermost_task(offset, |item| item.touches(offset)) {
                has[at] = true;
            }
        };
        facts.traces.iter().for_each(|trace| note(&mut has_trace, trace.line.start));
        for reference in &facts.references {
            let has = if reference.kind == Kind::Tag { &mut has_tag } else { &mut has_trace };
            note(has, reference.span.start);
        }
        // A trace line at the margin ends a section, and speaks for all tasks there.
        let at_margin = |offset: u32| check.view.position(offset + base, Encoding::Utf8).column == 0;
        for trace in facts.traces.iter().filter(|trace| at_margin(trace.line.start)) {
            let before = facts.sections.partition_point(|section| section.head.start <= trace.line.start);
            let start = before.checked_sub(1).map_or(0, |at| facts.sections[at].head.end);
            let end = facts.sections.get(before).map_or(u32::MAX, |next| next.head.start);
            let first = facts.tasks.partition_point(|task| task.head.start < start);
            let last = facts.tasks.partition_point(|task| task.head.start < end);
            has_trace[first..last.max(first)].fill(true);
        }
        let above = headings.read(facts, base);
        let above = |offset: u32| above[facts.sections.partition_point(|section| section.head.start <= offset)];
        for offset in facts.traces.iter().map(|trace| trace.line.start) {
            headings.note(above(offset).unit, false);
        }
        for reference in &facts.references {
            headings.note(above(reference.span.start).unit, reference.kind == Kind::Tag);
        }
        for (at, task) in facts.tasks.iter().enumerate().filter(|(at, _)| !has_child[*at]) {
            let Above { unit, ticks, .. } = above(task.head.start);
            if ticks {
                let numbered = !facts.text(task.number).is_empty();
                ticked += usize::from(numbered && !is_gate(facts.text(task.title), words));
                continue;
            }
            // A box without a number is a step of the task whose heading is above.
            if let Some(unit) = unit.filter(|_| facts.text(task.number).is_empty()) {
                headings.units[unit].steps += 1;
                continue;
            }
            let mut up = std::iter::successors(Some(at), |at| facts.tasks[*at].parent.map(|parent| parent as usize));
            if up.clone().any(|at| has_trace[at]) {
                traced += 1;
            } else if up.any(|at| has_tag[at]) {
                // It belongs to a story. Steps before and after all stories have no tag, so this asks nothing of the others.
            } else if !is_gate(facts.text(task.title), words) {
                bare.push((task.head.shifted(base), facts.text(task.number).to_string()));
            }
        }
    }
    for unit in headings.units.into_iter().filter(|unit| unit.steps > 0) {
        if unit.traced {
            traced += 1;
        } else if !unit.tagged && !unit.gate {
            bare.push((unit.head, unit.number));
        }
    }
    bare.sort_unstable_by_key(|(span, _)| *span);
    // Tasks that are only ticked off are asked nothing, but make it no custom that the others trace.
    if traced < 2 || traced < bare.len() + ticked {
        return;
    }
    for (span, number) in bare {
        let name = if number.is_empty() { "this task".to_string() } else { format!("task {number}") };
        let mut finding = Finding::new(&RULE, span, format!("{name} names no requirement"));
        finding.help = Some("end it with a trace line: `_Requirements: …_`".into());
        out.push(finding);
    }
}

/// Whether a title is that of a step that serves all requirements or none.
pub(super) fn is_gate(title: &str, words: &Tasks) -> bool {
    let folded = title.to_lowercase();
    // `Gate: all tests pass`, `Build gate (blocking)`
    let head = folded.split([':', '(', '—', '–', '.']).next().unwrap_or_default();
    let head = head.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ends = |word: &String| {
        head.strip_suffix(word.as_str())
            .is_some_and(|rest| !word.is_ascii() || !rest.ends_with(|c: char| c.is_alphanumeric() || c == '-'))
    };
    words.exempt.iter().any(|word| folded.starts_with(word.as_str())) || words.gates.iter().any(ends)
}

/// What the headings above a place make of the boxes there.
#[derive(Clone, Copy, Default)]
struct Above {
    level: u8,
    /// The task whose heading is above: an index into [`Headings::units`].
    unit: Option<usize>,
    /// Whether boxes are only ticked off there.
    ticks: bool,
}

/// A task that is a heading.
struct Unit {
    head: Span,
    number: String,
    /// Boxes below it that have no number of their own.
    steps: usize,
    traced: bool,
    tagged: bool,
    gate: bool,
}

/// The headings of a file, as far as they are read.
struct Headings<'a> {
    words: &'a Tasks,
    open: Vec<Above>,
    units: Vec<Unit>,
}

impl Headings<'_> {
    /// Reads those of a part: what holds before its first heading, and then below each.
    fn read(&mut self, facts: &Facts, base: u32) -> Vec<Above> {
        let now = |open: &[Above]| open.last().copied().unwrap_or_default();
        let mut out = vec![now(&self.open)];
        for section in &facts.sections {
            while self.open.last().is_some_and(|above| above.level >= section.level) {
                self.open.pop();
            }
            let mut above = Above { level: section.level, ..now(&self.open) };
            let title = facts.text(section.title);
            above.ticks |= self.ticks(title);
            if let Some((number, title)) = self.task(title) {
                let (head, gate) = (section.head.shifted(base), is_gate(title, self.words));
                let number = number.to_string();
                self.units.push(Unit { head, number, steps: 0, traced: false, tagged: false, gate });
                above.unit = Some(self.units.len() - 1);
            }
            self.open.push(above);
            out.push(above);
        }
        out
    }

    /// Notes that something below the heading of a task names a requirement, or only a story.
    fn note(&mut self, unit: Option<usize>, tag: bool) {
        if let Some(unit) = unit.and_then(|unit| self.units.get_mut(unit)) {
            if tag { unit.tagged = true } else { unit.traced = true }
        }
    }

    fn ticks(&self, title: &str) -> bool {
        let letters = |part: &str| part.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        let mut parts = title.split([':', '：', '—', '–', '(', '（']);
        parts.any(|part| contains(&self.words.headings, &letters(part)))
    }

    /// The number of the task that a heading names, and its title: `Task 3: Title`, `3.1 Title`.
    fn task<'t>(&self, title: &'t str) -> Option<(&'t str, &'t str)> {
        let bare = title.trim_start_matches(|c: char| !c.is_alphanumeric());
        let folded = bare.to_lowercase();
        let noun = self.words.nouns.iter().find_map(|noun| {
            let rest = folded.strip_prefix(noun.as_str())?;
            let digit = rest.trim_start_matches([' ', '#']).starts_with(|c: char| c.is_ascii_digit() || c == 't');
            (digit && folded.len() == bare.len()).then_some(noun.len())
        });
        let rest = bare[noun.unwrap_or(0)..].trim_start_matches([' ', '#']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len());
        let number = rest[..end].trim_end_matches('.');
        let lettered = number.strip_prefix(['T', 't']).unwrap_or(number);
        let numbered = lettered.starts_with(|c: char| c.is_ascii_digit());
        // Whole numbers without a word are those of chapters.
        let named = noun.is_some() || number.contains('.') || lettered.len() < number.len();
        (numbered && named).then(|| (number, rest[end..].trim_start_matches([' ', ':', '.', '-', '—', '–'])))
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(tasks: &str) -> Vec<String> {
        let world = world(&format!("//- a/spec.md\n- **FR-1**: One\n//- a/tasks.md\n{tasks}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
        all.filter(|it| it.rule.name == "task-without-trace").map(|it| it.message).collect()
    }

    const TRACED: &str = "# T\n\n- [ ] 1. Weigh\n  - _Requirements: FR-1_\n- [ ] 2. Label\n  - _Requirements: FR-1_\n";

    #[test]
    fn what_is_ticked_off_is_no_task() {
        for rest in [
            "- [ ] 0.1 Build gate\n",
            "- [ ] 0.1 Gate: all tests pass\n",
            "- [ ] 0.1 **Phase 1 checkpoint** (blocking)\n",
        ] {
            assert_eq!(found(&format!("{TRACED}{rest}")), [""; 0], "{rest}");
        }
        assert_eq!(found(&format!("{TRACED}- [ ] 3. Mend the gate's hinge\n")), ["task 3 names no requirement"]);
        for head in [
            "Definition of Done",
            "Phase 1 — Definition of done",
            "✅ Acceptance Checklist",
            "Merge rules",
            "4. Progress",
        ] {
            let boxes = "- [ ] Reviewed\n- [x] Merged\n";
            assert_eq!(found(&format!("{TRACED}\n## {head}\n\n{boxes}")), [""; 0], "{head}");
            assert_eq!(found(&format!("{TRACED}\n## {head}\n\n### More\n\n{boxes}")), [""; 0], "{head}");
        }
        assert_eq!(found(&format!("{TRACED}\n## Progress bar\n\n- [ ] Draw\n")), ["this task names no requirement"]);
    }

    #[test]
    fn a_task_that_is_a_heading_is_asked_once() {
        let task = |number: usize, trace: &str| {
            format!("### Task {number}: Weigh\n\n{trace}- [ ] Test\n- [ ] Build\n- [ ] Ship\n\n")
        };
        let traced = "**Requirements**: FR-1\n\n";
        let all = format!("# T\n\n{}{}{}", task(1, traced), task(2, traced), task(3, ""));
        assert_eq!(found(&all), ["task 3 names no requirement"]);
        let below = all.replace("### Task 3: Weigh", "### Task 3: Weigh (FR-1)");
        assert_eq!(found(&below), [""; 0]);
        let parted = all.replace("- [ ] Ship\n\n", "\n#### Then\n\n- [ ] Ship\n\n");
        assert_eq!(found(&parted), ["task 3 names no requirement"]);
    }
}
