//! A rename as a proposal over several files, which is tried out before it is made.

use super::affected::{Added, AffectedIds, Rename};
use super::links::Anchor;
use super::parted::Parted;
use super::rewrite::{Rewriting, Why, settle};
use super::verify::verify;
use crate::edit::{Edit, FileEdits, Label, Proposal, Refusal};
use crate::facts::{Facts, Reach, Reference};
use crate::feature::source::FileText;
use crate::path::FilePath;
use crate::world::Trial;
use std::collections::BTreeMap;

impl Rename<'_> {
    /// The edits of every file, or why there are none. Nothing is proposed unless, tried out, every definition and every
    /// reference means the same requirement as before.
    pub(crate) fn propose(&self) -> Result<Proposal, Refusal> {
        let moved = self.moved();
        let names = AffectedIds::of(&moved);
        let users = self.affected_scopes(&names)?;
        self.refuse_clashes(&users, &moved)?;
        self.refuse_unclear(&users)?;
        let mut files: BTreeMap<&FilePath, Rewriting<'_>> = BTreeMap::new();
        let mut anchors: Vec<(FilePath, Vec<Anchor>)> = Vec::new();
        for user in &users {
            for view in self.views(&user.scope) {
                // A wildcard, or a hole in a range, does not say what it means.
                let several = |it: &Reference| matches!(it.reach, Reach::Children | Reach::Within);
                let may_change = |(_, facts): (u32, &Facts)| {
                    facts.ids.iter().any(|id| self.may_change(user, id))
                        || facts.references.iter().any(several) && names.concerns(facts)
                };
                if !view.parts().any(may_change) {
                    continue;
                }
                let text = FileText::of(self.snapshot, self.source, &view)?;
                let mut file = Rewriting::of(view, text);
                for (base, facts) in view.parts() {
                    self.rewrite_references(user, &moved, facts, base, &mut file)?;
                    if user.is_home {
                        self.rewrite_definitions(user, facts, base, &mut file, &mut anchors)?;
                    }
                }
                if !file.edits.is_empty() {
                    files.insert(view.path, file);
                }
            }
        }
        self.rewrite_rest(&users, &moved, &anchors, &mut files)?;
        self.rewrite_links_outside(&users, &anchors, &mut files);
        self.add(&mut files)?;
        self.mark(&mut files)?;
        let mut trial = Trial::of(self.snapshot);
        for file in files.values_mut() {
            settle(&mut file.edits);
            let edits = file.edits.iter().map(|(span, text, _)| Edit { span: *span, text: text.clone() });
            file.text.try_out(&mut trial, file.view.path, &edits.collect::<Vec<_>>());
        }
        let split = |path: &FilePath| files.get(path).map(|file| &file.split);
        verify(self, &users, &names, &|path| files.contains_key(path), &split, &trial.end())?;
        Ok(proposal(files.into_values()))
    }

    fn add<'s>(&'s self, files: &mut BTreeMap<&'s FilePath, Rewriting<'s>>) -> Result<(), Refusal> {
        let Some(Added { path, edits, .. }) = &self.added else { return Ok(()) };
        self.put(path, edits, files)
    }

    /// The numbers of a list's items go with the ids behind them.
    fn mark<'s>(&'s self, files: &mut BTreeMap<&'s FilePath, Rewriting<'s>>) -> Result<(), Refusal> {
        let Some(Parted { path, marks, .. }) = &self.parted else { return Ok(()) };
        if marks.is_empty() { Ok(()) } else { self.put(path, marks, files) }
    }

    fn put<'s>(
        &'s self,
        path: &'s FilePath,
        edits: &[Edit],
        files: &mut BTreeMap<&'s FilePath, Rewriting<'s>>,
    ) -> Result<(), Refusal> {
        let Some(view) = self.snapshot.view(path) else { return Ok(()) };
        if !files.contains_key(path) {
            let text = FileText::of(self.snapshot, self.source, &view)?;
            files.insert(path, Rewriting::of(view, text));
        }
        if let Some(file) = files.get_mut(path) {
            file.edits.extend(edits.iter().map(|edit| (edit.span, edit.text.clone(), Why::Definition)));
        }
        Ok(())
    }
}

fn proposal<'a>(files: impl Iterator<Item = Rewriting<'a>>) -> Proposal {
    let mut proposal = Proposal::default();
    for file in files {
        let mut groups: BTreeMap<Why, Vec<Edit>> = BTreeMap::new();
        for (span, text, why) in file.edits {
            groups.entry(why).or_default().push(Edit { span, text });
        }
        for (why, edits) in groups {
            proposal.changes.push(FileEdits { path: file.view.path.clone(), edits, label: Some(label(why)) });
        }
    }
    proposal
}

fn label(why: Why) -> Label {
    let (title, about, confirm) = match why {
        Why::Definition => ("Definitions", "", false),
        Why::Reference => ("References", "", false),
        Why::Range => ("Ranges", "written as lists, as their ids do not follow one another any more", false),
        Why::Elsewhere => ("References in other features", "files that look ids up in the renamed feature", true),
        Why::Link => ("Links", "anchors and labels that follow the id", false),
        Why::Code => ("Code and comments", "text that is no reference; choose what should follow", true),
    };
    Label { title: title.into(), about: about.into(), confirm }
}
