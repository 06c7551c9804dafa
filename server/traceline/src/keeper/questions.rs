//! Questions: each is answered from a snapshot, as soon as what it needs has been read.

use super::inbox::{Description, Inbox, Message, Needs, Question, State};
use super::state::Keeper;
use traceline_engine::world::Snapshot;

impl Keeper {
    pub(super) fn ask(&mut self, mut question: Question) {
        self.world.settle();
        let snapshot = self.world.snapshot();
        if self.is_ready(&snapshot, &question.needs) {
            let pool = if question.long { &self.long } else { &self.pool };
            pool.last(move || {
                (question.answer)(&snapshot);
            });
        } else if question.early && self.is_near(&snapshot, &question.needs) {
            self.attempt(question, &snapshot);
        } else {
            self.deferred.push_back(Message::Ask(question));
        }
    }

    /// Whether the feature is known and has been read, though nobody knows yet what lies beside it.
    pub(super) fn is_near(&self, snapshot: &Snapshot, needs: &Needs) -> bool {
        let Needs::Feature(path) = needs else { return false };
        let home = snapshot.scope_of(path);
        !self.listed && home.is_some_and(|scope| snapshot.is_listed(scope) && snapshot.is_read(scope))
    }

    /// Has a question answered from its feature alone. Until that is done, or turns out not to be enough, what comes behind it
    /// waits: it must not overtake it.
    fn attempt(&mut self, mut question: Question, snapshot: &Snapshot) {
        question.early = false;
        self.attempting = true;
        let (snapshot, inbox) = (snapshot.for_question(), self.inbox.clone());
        self.pool.first(move || {
            let mut attempt = Attempt { inbox, question: None };
            if !(question.answer)(&snapshot) {
                attempt.question = Some(question);
            }
        });
    }

    pub(super) fn attempted(&mut self, question: Option<Question>) {
        self.attempting = false;
        if let Some(question) = question {
            self.deferred.push_front(Message::Ask(question));
        }
        self.handle_deferred();
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
                        let mut chain = snapshot.lookup_chain(scope).into_iter();
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

/// Tells the keeper what became of a question, also where answering it panics.
struct Attempt {
    inbox: Inbox,
    question: Option<Question>,
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.inbox.post(Message::Tried(self.question.take()));
    }
}
