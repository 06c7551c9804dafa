//! Toggles a task: done with all below it, or open again; the tasks above follow.

use super::offer::{Deed, Kind, Offer, Place};
use crate::dialect::Role;
use crate::edit::{Edit, Proposal};
use crate::facts::{Facts, State};
use crate::text::Span;
use crate::world::View;

pub(super) fn offer(place: Place<'_>, view: &View<'_>, out: &mut Vec<Offer>) {
    let Some((_, facts, at)) = task_at(place, view) else { return };
    let task = &facts.tasks[at];
    let number = facts.text(task.number);
    let name = if number.is_empty() { "this task".to_string() } else { format!("task {number}") };
    let title = match task.state {
        State::Done => format!("Mark {name} as open"),
        _ => format!("Mark {name} as done"),
    };
    out.push(Offer::new(title, Kind::Rewrite, Deed::Toggle));
}

/// The task whose own line the place is on.
fn task_at<'a>(place: Place<'_>, view: &View<'a>) -> Option<(u32, &'a Facts, usize)> {
    if view.role != Role::Tasks {
        return None;
    }
    let document = view.document()?;
    let (line, start) = document.line_at(place.span.start);
    let own = Span::new(0, line.len()).shifted(start);
    let (base, facts) = view.part_at(place.span.start)?;
    let at =
        facts.tasks.iter().position(|task| own.covers(Span { end: task.head.start, ..task.head }.shifted(base)))?;
    Some((base, facts, at))
}

pub(super) fn toggle(place: Place<'_>, view: &View<'_>) -> Option<Proposal> {
    let (base, facts, at) = task_at(place, view)?;
    let tasks = &facts.tasks;
    let done = tasks[at].state != State::Done;
    let mut wanted: Vec<bool> = tasks.iter().map(|task| task.state == State::Done).collect();
    wanted[at] = done;
    let above = |at: usize| std::iter::successors(tasks[at].parent, |at| tasks[*at as usize].parent);
    if done {
        for (below, wanted) in wanted.iter_mut().enumerate() {
            *wanted |= above(below).any(|up| up as usize == at);
        }
    }
    for up in above(at) {
        let mut children = tasks.iter().enumerate().filter(|(_, task)| task.parent == Some(up));
        wanted[up as usize] = done && children.all(|(child, _)| wanted[child]);
    }
    let document = view.document()?;
    let edits = tasks.iter().zip(&wanted).filter(|(task, wanted)| (task.state == State::Done) != **wanted);
    let edits = edits.filter_map(|(task, wanted)| {
        let (line, start) = document.line_at(task.head.start + base);
        let mark = mark_of(&line, task.head.start + base - start)?;
        let text = if *wanted { "x" } else { " " };
        Some(Edit { span: mark.shifted(start), text: text.into() })
    });
    Some(Proposal::of_file(view.path, edits.collect()))
}

/// The byte in the checkbox of a task on its line.
fn mark_of(line: &str, head: u32) -> Option<Span> {
    let before = line.get(..head as usize)?;
    let close = before.rfind(']')?;
    let open = before[..close].rfind('[')?;
    (close == open + 2).then(|| Span::new(open + 1, close))
}
