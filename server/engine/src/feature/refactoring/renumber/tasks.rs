//! The numbers of tasks in order, with what names them in their list and in the other files of their feature.

use super::entries::{Elsewhere, Entries};
use super::order;
use super::task_mentions::{elsewhere as named_elsewhere, references, spoken};
use crate::dialect::Lexicon;
use crate::edit::{Edit, Proposal, Refusal};
use crate::facts::{Facts, TaskName};
use crate::feature::Source;
use crate::feature::source::FileText;
use crate::id::Id;
use crate::text::{Encoding, Span};
use crate::world::{Snapshot, Trial, View};
use rustc_hash::FxHashSet;

pub(super) fn renumber(
    snapshot: &Snapshot,
    source: &dyn Source,
    view: &View<'_>,
    from: Option<u32>,
    elsewhere: Elsewhere,
) -> Result<Proposal, Refusal> {
    let text = FileText::of(snapshot, source, view)?;
    let whole = text.whole();
    let name = snapshot.display_path(view.path);
    let mut entries = Entries::of_tasks(view, &whole);
    if entries.is_empty() {
        return Err(Refusal(format!("{name} has no task that has a number")));
    }
    let none = || Refusal("no task with a number stands here".into());
    let start = from.map(|at| entries.at(view, at).ok_or_else(none)).transpose()?;
    order::put(&mut entries, start);
    let mut edits: Vec<Edit> = Vec::new();
    for entry in entries.all.iter().filter(|entry| entry.new.as_str() != entry.id.as_str()) {
        edits.push(Edit { span: entry.place, text: entry.new.to_string() });
    }
    if edits.is_empty() {
        return Ok(Proposal::default());
    }
    let words = &snapshot.dialect_of(view.path).table.tasks.names;
    let naming = Naming { view, name, entries: &entries, elsewhere, text: &whole, words };
    let renamed = naming.edits()?;
    // A task's own number is no name of it.
    edits.extend(renamed.into_iter().filter(|edit| !entries.all.iter().any(|entry| entry.place == edit.span)));
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    verify(snapshot, view, &text, &edits, &entries)?;
    let mut proposal = Proposal::of_file(view.path, edits);
    proposal.changes.extend(named_elsewhere(snapshot, source, view, &entries, elsewhere)?);
    Ok(proposal)
}

/// What names tasks of a list.
struct Naming<'a> {
    view: &'a View<'a>,
    name: &'a str,
    entries: &'a Entries,
    elsewhere: Elsewhere,
    text: &'a str,
    /// What stands before a number that names a task.
    words: &'a Lexicon,
}

impl Naming<'_> {
    fn line(&self, span: Span) -> u32 {
        self.view.position(span.start, Encoding::Utf8).line + 1
    }

    fn edits(&self) -> Result<Vec<Edit>, Refusal> {
        let meant = self.entries.meant(self.elsewhere);
        let shared: FxHashSet<&Id> = self.entries.shared().collect();
        let taken: FxHashSet<&Id> = self.entries.all.iter().map(|entry| &entry.new).collect();
        let mut out = Vec::new();
        let mut unclear: Vec<(Id, u32)> = Vec::new();
        for (base, facts) in self.view.parts() {
            for group in facts.task_names.chunk_by(|a, b| a.span == b.span) {
                let id = |it: &TaskName| Id::new(facts.text(it.number));
                let [first, rest @ ..] = group else { continue };
                let span = first.span.shifted(base);
                let mut new_of = |id: &Id| -> Result<Id, Refusal> {
                    if shared.contains(id) {
                        if let Some(own) = self.around(span, id) {
                            return Ok(own);
                        }
                        if self.elsewhere == Elsewhere::Unknown {
                            unclear.push((id.clone(), self.line(span)));
                        }
                    }
                    let Some(new) = meant.get(id) else {
                        if taken.contains(id) && !first.begins {
                            return Err(Refusal(format!(
                                "`{id}` in line {} of {} names no task yet and would then mean another · correct that first",
                                self.line(span),
                                self.name
                            )));
                        }
                        return Ok(id.clone());
                    };
                    Ok(new.clone())
                };
                let (old, new) = (id(first), new_of(&id(first))?);
                let Some(last) = rest.last() else {
                    if new.as_str() != old.as_str() {
                        out.push(Edit { span, text: new.to_string() });
                    }
                    continue;
                };
                // Tasks that are summed up in a range stay one.
                let all: Vec<Id> = group.iter().map(|it| new_of(&id(it))).collect::<Result<_, _>>()?;
                let changes = group.iter().zip(&all).any(|(it, new)| facts.text(it.number) != new.as_str());
                if changes && all[0].through(&all[all.len() - 1]).as_ref() != Some(&all) {
                    return Err(Refusal(format!(
                        "`{old}` to `{}` in line {} of {} would not be the same range any more · write its numbers out first",
                        facts.text(last.number),
                        self.line(span),
                        self.name
                    )));
                }
                if changes {
                    out.extend(self.range(facts, group, span, &all));
                }
            }
        }
        let known: FxHashSet<Span> = self
            .view
            .parts()
            .flat_map(|(base, facts)| facts.task_names.iter().map(move |it| it.span.shifted(base)))
            .collect();
        for span in spoken(self.text, self.words).into_iter().filter(|span| !known.contains(span)) {
            let id = Id::new(&self.text[span.range()]);
            let own = if shared.contains(&id) { self.around(span, &id) } else { None };
            if own.is_none() && shared.contains(&id) && self.elsewhere == Elsewhere::Unknown {
                unclear.push((id.clone(), self.line(span)));
            }
            let new = own.as_ref().or_else(|| meant.get(&id));
            if let Some(new) = new.filter(|new| new.as_str() != id.as_str()) {
                out.push(Edit { span, text: new.to_string() });
            }
        }
        self.refuse_unclear(&unclear)?;
        Ok(out)
    }

    /// The edits of the two ends of a range.
    fn range(&self, facts: &Facts, group: &[TaskName], span: Span, all: &[Id]) -> Vec<Edit> {
        let ends = group.first().zip(group.last()).zip(all.first().zip(all.last()));
        let Some(((first, last), (new, new_last))) = ends else { return Vec::new() };
        let (first, last) = (facts.text(first.number).len(), facts.text(last.number).len());
        let (start, end) = (span.start as usize, span.end as usize);
        vec![
            Edit { span: Span::new(start, start + first), text: new.to_string() },
            Edit { span: Span::new(end - last, end), text: new_last.to_string() },
        ]
    }

    /// What the task around becomes, if it has this number.
    fn around(&self, span: Span, id: &Id) -> Option<Id> {
        let own = self.entries.all.iter().filter(|entry| entry.id == *id && entry.statement.covers(span));
        own.min_by_key(|entry| entry.statement.len()).map(|entry| entry.new.clone())
    }

    fn refuse_unclear(&self, unclear: &[(Id, u32)]) -> Result<(), Refusal> {
        let Some((id, _)) = unclear.first() else { return Ok(()) };
        let mut lines: Vec<u32> = unclear.iter().map(|(_, line)| *line).collect();
        lines.dedup();
        let told: Vec<String> = lines.iter().map(u32::to_string).collect();
        let own: Vec<String> =
            self.entries.all.iter().filter(|it| it.id == *id).map(|it| self.line(it.place).to_string()).collect();
        Err(Refusal(format!(
            "task `{id}` may mean either of lines {} of {} in line{} {}; nothing was changed · say which is meant",
            own.join(" and "),
            self.name,
            if told.len() == 1 { "" } else { "s" },
            told.join(", "),
        )))
    }
}

/// Accepts the edits if, tried out, the tasks have just these numbers, and all else names what it named.
fn verify(
    snapshot: &Snapshot,
    view: &View<'_>,
    text: &FileText<'_>,
    edits: &[Edit],
    entries: &Entries,
) -> Result<(), Refusal> {
    let mut trial = Trial::of(snapshot);
    text.try_out(&mut trial, view.path, edits);
    let after = trial.end();
    let name = snapshot.display_path(view.path);
    let wrong = || Refusal(format!("{name} would not be read as the same tasks; nothing was changed"));
    let now = after.view(view.path).ok_or_else(wrong)?;
    let numbers = |view: &View<'_>| -> Vec<String> {
        let all =
            view.parts().flat_map(|(_, facts)| facts.tasks.iter().map(|task| facts.text(task.number).to_string()));
        all.collect()
    };
    let names = |view: &View<'_>| view.parts().map(|(_, facts)| facts.task_names.len()).sum::<usize>();
    let mut renumbered = entries.all.iter().peekable();
    let expected: Vec<String> = view
        .parts()
        .flat_map(|(base, facts)| {
            facts.tasks.iter().map(move |task| (task.head.shifted(base), facts.text(task.number)))
        })
        .map(|(head, number)| match renumbered.next_if(|entry| head.covers(entry.place)) {
            Some(entry) => entry.new.to_string(),
            None => number.to_string(),
        })
        .collect();
    let same = numbers(&now) == expected && names(&now) == names(view) && references(&now) == references(view);
    if same { Ok(()) } else { Err(wrong()) }
}
