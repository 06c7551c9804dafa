//! Questions: each is answered from a snapshot, as soon as what it needs has been read.

use super::inbox::{Description, Message, Needs, Question, State};
use super::state::Keeper;
use traceline_engine::world::Snapshot;

impl Keeper {
    pub(super) fn ask(&mut self, question: Question) {
        self.world.settle();
        let snapshot = self.world.snapshot();
        if !self.is_ready(&snapshot, &question.needs) {
            self.deferred.push_back(Message::Ask(question));
            return;
        }
        let pool = if question.long { &self.long } else { &self.pool };
        pool.last(move || (question.answer)(&snapshot));
    }

    /// Whether as much has been read as is needed.
    pub(super) fn is_ready(&self, snapshot: &Snapshot, needs: &Needs) -> bool {
        if !self.reading {
            return true;
        }
        match needs {
            Needs::Nothing => true,
            Needs::Everything => false,
            Needs::Feature(path) => {
                // Before the files are listed, nobody knows which files the feature has.
                self.listed
                    && snapshot.scope_of(path).is_none_or(|scope| {
                        let mut chain = snapshot.chain(scope).into_iter();
                        chain.all(|folder| snapshot.scope(&folder).is_none_or(|scope| scope.is_read()))
                    })
            }
        }
    }

    /// Has somebody look at what there is now, on a thread of its own: nothing that is asked waits for it, and it for nothing.
    pub(super) fn describe(&mut self, description: Description) {
        self.world.settle();
        let snapshot = self.world.snapshot();
        let state = State {
            reading: self.reading,
            selection: self.configs.selection(),
            watching: self.watching.name(),
            hidden: self.publisher.hidden(),
        };
        let describe = move || description(&snapshot, &state);
        if let Err(error) = std::thread::Builder::new().name("traceline-status".into()).spawn(describe) {
            tracing::error!(%error, "the state cannot be described");
        }
    }
}
