//! Numbers of tasks: where two neighbours have the same one, the second and all that it runs into are counted on.

use crate::edit::Edit;
use crate::facts::Facts;
use crate::feature::source::slice;
use crate::text::Span;
use crate::world::View;
use std::collections::BTreeMap;

pub(super) fn format(view: &View<'_>, wanted: &dyn Fn(Span) -> bool, edits: &mut Vec<Edit>) {
    for (base, facts) in view.parts() {
        let numbers = counted_on(facts);
        for (task, new) in facts.tasks.iter().zip(numbers) {
            let old = facts.text(task.number);
            let place = Span { start: task.head.start, end: task.head.start + crate::text::narrow(old.len()) };
            let (Some(new), place) = (new, place.shifted(base)) else { continue };
            if new != old && wanted(place) && slice(view, place).as_deref() == Some(old) {
                edits.push(Edit { span: place, text: new });
            }
        }
    }
}

/// The numbers of the tasks in form; none for tasks whose number stays out of it.
fn counted_on(facts: &Facts) -> Vec<Option<String>> {
    let mut out: Vec<Option<String>> = vec![None; facts.tasks.len()];
    // Tasks with the same parent, or at the top of the same section, in the order of the text.
    let mut groups: BTreeMap<(Option<u32>, usize), Vec<usize>> = BTreeMap::new();
    for (at, task) in facts.tasks.iter().enumerate() {
        let section = facts.sections.iter().filter(|section| section.head.start <= task.head.start).count();
        groups.entry((task.parent, if task.parent.is_some() { 0 } else { section })).or_default().push(at);
    }
    // Parents come before their children, so a parent's new number is known when its children ask.
    let mut order: Vec<Vec<usize>> = groups.into_values().collect();
    order.sort_by_key(|group| group[0]);
    for group in order {
        let numbered: Vec<(usize, &str, u64)> = group
            .into_iter()
            .filter_map(|at| {
                let (stem, last) = split(facts.text(facts.tasks[at].number))?;
                Some((at, stem, last))
            })
            .collect();
        let Some((first, stem, _)) = numbered.first() else { continue };
        if numbered.iter().any(|(_, other, _)| other != stem) || !numbered.is_sorted_by_key(|(_, _, last)| *last) {
            continue;
        }
        // `2.1` goes with its parent from 2 to 3.
        let parent = facts.tasks[*first].parent.map(|parent| parent as usize);
        let moved = parent.and_then(|parent| {
            let old = facts.text(facts.tasks[parent].number);
            out[parent].clone().filter(|_| stem.strip_suffix('.') == Some(old)).map(|new| format!("{new}."))
        });
        let stem = moved.unwrap_or_else(|| (*stem).to_string());
        let mut before = None;
        for (at, _, last) in numbered {
            let number = before.map_or(last, |before: u64| last.max(before + 1));
            before = Some(number);
            out[at] = Some(format!("{stem}{number}"));
        }
    }
    out
}

/// The number before its last part, and that part: `2.` and 1 of `2.1`. A lettered number such as `T001` is a name.
fn split(number: &str) -> Option<(&str, u64)> {
    let stem = number.rfind('.').map_or(0, |dot| dot + 1);
    let plain = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let last = &number[stem..];
    (plain && !last.starts_with('0')).then_some(())?;
    Some((&number[..stem], last.parse().ok()?))
}
