//! The state of a section: what is left to fill in, what it serves, which of its tasks are done.

use super::{Heading, Outline};
use crate::facts::State as TaskState;
use crate::id::Id;

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
            words.push(format!("{} of {} tasks done", self.done, self.tasks));
        }
        words.join(" · ")
    }
}

impl Outline<'_> {
    /// The state of the section that `heading` begins.
    #[must_use]
    pub fn state_of(&self, heading: usize) -> State {
        let whole = self.headings[heading].end;
        let inner: Vec<&Heading<'_>> =
            self.headings[heading..].iter().take_while(|inner| inner.start() < whole).collect();
        let mut state = State { empty: inner.iter().all(|inner| !inner.section.filled), ..State::default() };
        for inner in inner {
            let (start, end) = (inner.section.start, inner.own_end - inner.base);
            let holds = |offset: u32| start <= offset && offset < end;
            let facts = inner.facts;
            state.placeholders += facts.placeholders.iter().filter(|span| holds(span.start)).count();
            let hint = |bracket: &&crate::facts::Bracket| self.schema.hints.contains(&bracket.key);
            state.placeholders += facts.brackets.iter().filter(hint).filter(|it| holds(it.span.start)).count();
            for trace in facts.traces.iter().filter(|trace| holds(trace.line.start)) {
                for reference in trace.references.clone() {
                    let id = facts.id(facts.references[reference as usize].id);
                    if !state.traced.contains(id) {
                        state.traced.push(id.clone());
                    }
                }
            }
            for (at, task) in facts.tasks.iter().enumerate().filter(|(_, task)| holds(task.head.start)) {
                if facts.tasks.iter().any(|other| other.parent == u32::try_from(at).ok()) {
                    continue;
                }
                state.tasks += 1;
                state.done += usize::from(task.state == TaskState::Done);
            }
        }
        state
    }
}
