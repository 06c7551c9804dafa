//! The state of a section: what is left to fill in, what it serves, which of its tasks are done.

use super::heading::Heading;
use super::sections::Outline;
use crate::facts::State as TaskState;
use crate::id::Id;
use rustc_hash::FxHashSet;

/// The state of a section with all that is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Whether nothing is in it at all.
    pub empty: bool,
    /// Hints that nobody has filled in.
    pub placeholders: usize,
    /// Requirements that its trace lines name, each once.
    pub traced: Vec<Id>,
    /// Its tasks without those that only hold others.
    pub tasks: usize,
    /// How many of these are done.
    pub done: usize,
}

impl State {
    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        !self.empty && self.placeholders == 0 && self.done == self.tasks
    }

    /// The state in a few words; nothing where there is nothing to say.
    #[must_use]
    pub fn in_words(&self) -> String {
        let mut words = Vec::new();
        if self.empty {
            words.push("empty".to_string());
        }
        match self.placeholders {
            0 => {}
            1 => words.push("1 placeholder left".to_string()),
            many => words.push(format!("{many} placeholders left")),
        }
        match self.traced.len() {
            0 => {}
            1 => words.push("1 requirement".to_string()),
            many => words.push(format!("{many} requirements")),
        }
        if self.tasks > 0 {
            let one = if self.tasks == 1 { "" } else { "s" };
            words.push(format!("{} of {} task{one} done", self.done, self.tasks));
        }
        words.join(" · ")
    }

    fn add(&mut self, inner: &Self) {
        self.empty &= inner.empty;
        self.placeholders += inner.placeholders;
        self.tasks += inner.tasks;
        self.done += inner.done;
        let known: FxHashSet<&Id> = self.traced.iter().collect();
        let new: Vec<Id> = inner.traced.iter().filter(|id| !known.contains(id)).cloned().collect();
        self.traced.extend(new);
    }
}

impl Outline<'_> {
    /// The state of the section that `heading` begins.
    #[must_use]
    pub fn state_of(&self, heading: usize) -> State {
        let whole = self.headings[heading].end;
        let inner = self.headings[heading..].iter().take_while(|inner| inner.start() < whole);
        let mut state = State { empty: true, ..State::default() };
        inner.for_each(|inner| state.add(&self.own_state(inner)));
        state
    }

    /// The states of all sections, in the order of their headings.
    #[must_use]
    pub fn states(&self) -> Vec<State> {
        let mut states: Vec<State> = self.headings.iter().map(|heading| self.own_state(heading)).collect();
        // From the last to the first, so that each section is whole when it is added to the one around it.
        for at in (0..states.len()).rev() {
            if let Some(parent) = self.headings[at].parent {
                let inner = states[at].clone();
                states[parent].add(&inner);
            }
        }
        states
    }

    /// The state of a section without those in it.
    fn own_state(&self, heading: &Heading<'_>) -> State {
        let facts = heading.facts;
        let (start, end) = (heading.section.start, heading.own_end - heading.base);
        let mut state = State { empty: !heading.section.filled, ..State::default() };
        // Facts come in the order of the text, but placeholders of a block come before those of what is in it.
        let holds = |offset: u32| start <= offset && offset < end;
        let mut traced = FxHashSet::default();
        let first = facts.traces.partition_point(|trace| trace.line.start < start);
        for trace in facts.traces[first..].iter().take_while(|trace| holds(trace.line.start)) {
            let ids = trace.references.clone().map(|at| facts.id(facts.references[at as usize].id));
            state.traced.extend(ids.filter(|id| traced.insert(id.as_str())).cloned());
        }
        let first = facts.tasks.partition_point(|task| task.head.start < start);
        for (at, task) in facts.tasks.iter().enumerate().skip(first).take_while(|(_, task)| holds(task.head.start)) {
            // A task that holds others comes right before the first of them.
            let holder = u32::try_from(at).ok();
            if facts.tasks.get(at + 1).is_none_or(|next| next.parent != holder) {
                state.tasks += 1;
                state.done += usize::from(task.state == TaskState::Done);
            }
        }
        let hint = |bracket: &&crate::facts::Bracket| self.schema.hints.contains(&bracket.key);
        state.placeholders = facts.placeholders.iter().filter(|span| holds(span.start)).count()
            + facts.brackets.iter().filter(hint).filter(|it| holds(it.span.start)).count();
        state
    }
}
