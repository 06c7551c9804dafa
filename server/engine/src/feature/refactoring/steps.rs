//! Steps: edits one after another, each made in what came of those before it, which are proposed as one.

use crate::edit::{Edit, FileEdits, Proposal, Refusal, compose};
use crate::feature::Source;
use crate::feature::source::FileText;
use crate::path::FilePath;
use crate::text::Span;
use crate::world::{Snapshot, Trial};
use std::collections::BTreeMap;

/// What came of the steps so far. It is the source of its own texts.
pub(crate) struct Steps<'a> {
    snapshot: Snapshot,
    source: &'a dyn Source,
    files: BTreeMap<FilePath, Changed>,
}

struct Changed {
    /// How long the text was before the first step, in bytes.
    len: usize,
    text: String,
    /// What all steps have done to it.
    edits: Vec<Edit>,
}

impl<'a> Steps<'a> {
    pub(crate) fn of(snapshot: &Snapshot, source: &'a dyn Source) -> Self {
        Self { snapshot: snapshot.clone(), source, files: BTreeMap::new() }
    }

    /// What is known after the steps so far.
    pub(crate) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Makes the edits of a proposal that was made from [`Steps::snapshot`].
    pub(crate) fn take(&mut self, proposal: &Proposal) -> Result<(), Refusal> {
        let mut trial = Trial::of(&self.snapshot);
        for path in proposal.edited_files() {
            let Some(view) = self.snapshot.view(path) else { continue };
            let before = match self.files.get(path) {
                Some(changed) => changed.text.clone(),
                None => FileText::of(&self.snapshot, self.source, &view)?.whole().into_owned(),
            };
            let own = proposal.changes.iter().filter(|change| change.path == *path);
            let edits: Vec<Edit> = own.flat_map(|change| change.edits.iter().cloned()).collect();
            let after = crate::edit::apply(&before, &edits);
            if view.document().is_some() {
                let edits: Vec<(Span, &str)> = edits.iter().map(|edit| (edit.span, edit.text.as_str())).collect();
                trial.edit(path, &edits);
            } else {
                trial.put(path, &after);
            }
            let changed = self.files.entry(path.clone()).or_insert_with(|| Changed {
                len: before.len(),
                text: String::new(),
                edits: Vec::new(),
            });
            changed.edits = compose(changed.len, &changed.edits, &edits);
            changed.text = after;
        }
        self.snapshot = trial.end();
        Ok(())
    }

    /// All steps as one.
    pub(crate) fn end(self) -> Proposal {
        let changes = self.files.into_iter().filter(|(_, changed)| !changed.edits.is_empty());
        let changes = changes.map(|(path, changed)| FileEdits { path, edits: changed.edits, label: None });
        Proposal { changes: changes.collect(), ..Proposal::default() }
    }
}

impl Source for Steps<'_> {
    fn text(&self, path: &FilePath) -> Option<String> {
        match self.files.get(path) {
            Some(changed) => Some(changed.text.clone()),
            None => self.source.text(path),
        }
    }
}
