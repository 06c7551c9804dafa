//! Moves of ids in every file that means them: what is rewritten, and that it is tried out before it is proposed.

use super::links::{Anchor, link_labels, links_to, named_anchors};
use super::moves::{End, Moves, is_below, last_part, respell, rewrite};
use super::ranges::{Member, Split, is_splittable, split_children, split_range};
use super::verify::verify;
use crate::edit::{Edit, FileEdits, Label, Proposal, Refusal, apply};
use crate::facts::{Definition, Facts, Form, Reach, Reference, Sure};
use crate::feature::Source;
use crate::feature::texts::{FileText, changed};
use crate::id::{Belief, Id};
use crate::path::FilePath;
use crate::query::{Lookup, definitions_of};
use crate::text::{Encoding, Span};
use crate::world::{Snapshot, Trial, View};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Beyond this many files only those that name a moved id are searched for links and code.
const MOST_SEARCHED: usize = 300;

/// So many ids are searched for one by one.
const FEW: usize = 8;

/// Ids that are to become others.
pub(crate) struct Rename<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) source: &'a dyn Source,
    /// The scopes whose definitions move.
    pub(crate) homes: Vec<FilePath>,
    pub(crate) moves: Moves,
    /// Whether ids in code and comments are proposed too, to be confirmed.
    pub(crate) code: bool,
    /// A requirement that takes a place that becomes free.
    pub(crate) added: Option<Added>,
}

/// A requirement that is written anew.
pub(crate) struct Added {
    pub(crate) path: FilePath,
    pub(crate) edits: Vec<Edit>,
    pub(crate) id: Id,
}

/// A scope whose references may mean what moves.
pub(super) struct User {
    pub(super) scope: FilePath,
    pub(super) lookup: Lookup,
    pub(super) is_home: bool,
}

/// Why a stretch is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    Definition,
    Reference,
    Range,
    Elsewhere,
    Link,
    Code,
}

/// What is replaced in one file.
struct Rewriting<'a> {
    view: View<'a>,
    text: FileText<'a>,
    edits: Vec<(Span, String, Why)>,
    /// The references that become lists, by where they begin, each with the count of its elements.
    split: FxHashMap<u32, usize>,
}

impl<'a> Rewriting<'a> {
    fn of(view: View<'a>, text: FileText<'a>) -> Self {
        Self { view, text, edits: Vec::new(), split: FxHashMap::default() }
    }
}

impl Rename<'_> {
    /// The edits of every file, or why there are none. Nothing is proposed unless, tried out, every definition and every
    /// reference means the same requirement as before.
    pub(crate) fn propose(&self) -> Result<Proposal, Refusal> {
        let moved = self.moved();
        let names = Interest::of(&moved);
        let users = self.users(&names)?;
        self.refuse_clashes(&users, &moved)?;
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
        let mut trial = Trial::of(self.snapshot);
        for file in files.values_mut() {
            settle(&mut file.edits);
            match &file.text {
                FileText::Open(_) => {
                    let edits: Vec<(Span, &str)> =
                        file.edits.iter().map(|(span, text, _)| (*span, text.as_str())).collect();
                    trial.edit(file.view.path, &edits);
                }
                FileText::Closed(text) => {
                    let edits = file.edits.iter().map(|(span, text, _)| Edit { span: *span, text: text.clone() });
                    trial.put(file.view.path, &apply(text, &edits.collect::<Vec<_>>()));
                }
            }
        }
        let split = |path: &FilePath| files.get(path).map(|file| &file.split);
        verify(self, &users, &names, &|path| files.contains_key(path), &split, &trial.end())?;
        Ok(proposal(files.into_values()))
    }

    fn add<'s>(&'s self, files: &mut BTreeMap<&'s FilePath, Rewriting<'s>>) -> Result<(), Refusal> {
        let Some(Added { path, edits, .. }) = &self.added else { return Ok(()) };
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

    /// The scopes that look ids up in a home and name any that are concerned. All that look there must have been read.
    fn users(&self, interest: &Interest) -> Result<Vec<User>, Refusal> {
        let mut scopes: Vec<&FilePath> = self.homes.iter().flat_map(|home| self.snapshot.scopes_seeing(home)).collect();
        scopes.sort();
        scopes.dedup();
        for scope in &scopes {
            if self.snapshot.scope(scope).is_some_and(|scope| !scope.is_read()) {
                let place = self.snapshot.spoken(scope);
                return Err(Refusal(format!("{place} is still being read, so nothing was changed · try again")));
            }
        }
        for (path, why) in self.snapshot.unreadable() {
            let home = self.snapshot.layout().scope_of(path, self.snapshot.dialect());
            if scopes.contains(&&home) {
                let name = self.snapshot.spoken(path);
                return Err(Refusal(format!("{name} may name it and could not be read: {why}; nothing was changed")));
            }
        }
        // Of thousands of features most name nothing of it, and need no index.
        scopes.retain(|scope| {
            let touched = |view: View<'_>| view.parts().any(|(_, facts)| interest.concerns(facts));
            self.homes.contains(scope) || self.views(scope).any(touched)
        });
        let user = |scope: &FilePath| {
            let is_home = self.homes.contains(scope);
            let lookup = if is_home { Lookup::of } else { Lookup::once }(self.snapshot, scope);
            User { scope: scope.clone(), lookup, is_home }
        };
        Ok(scopes.into_iter().map(user).collect())
    }

    /// The defined ids that move, each with its new one.
    fn moved(&self) -> Vec<(Id, Id)> {
        let indexes = self.homes.iter().filter_map(|home| self.snapshot.index(home));
        let mut moved: Vec<(Id, Id)> = indexes
            .flat_map(|index| {
                let pairs = index.all_defined().filter_map(|id| Some((id.clone(), self.moves.of(id)?)));
                pairs.collect::<Vec<_>>()
            })
            .collect();
        moved.sort();
        moved.dedup();
        moved
    }

    fn refuse_clashes(&self, users: &[User], moved: &[(Id, Id)]) -> Result<(), Refusal> {
        for (_, new) in moved {
            for user in users {
                let Some((scope, known)) = user.lookup.resolve(new) else { continue };
                if self.homes.contains(scope) && self.moves.of(known).is_some() {
                    continue;
                }
                let place = definitions_of(self.snapshot, scope, known)
                    .first()
                    .map(|defined| self.place(&defined.view, defined.place().span));
                let place = place.unwrap_or_else(|| self.snapshot.spoken(scope).to_string());
                return Err(Refusal(format!("`{known}` is already defined in {place} · choose another id")));
            }
        }
        Ok(())
    }

    /// A place as a person says it: `specs/login/tasks.md:7`.
    pub(super) fn place(&self, view: &View<'_>, span: Span) -> String {
        let line = view.position(span.start, Encoding::Utf8).line + 1;
        format!("{}:{line}", self.snapshot.spoken(view.path))
    }

    pub(super) fn views<'s>(&'s self, scope: &FilePath) -> impl Iterator<Item = View<'s>> + use<'s> {
        let paths = self.snapshot.scope(scope).into_iter().flat_map(|scope| scope.files());
        paths.filter_map(|path| self.snapshot.view(path))
    }

    fn may_change(&self, user: &User, id: &Id) -> bool {
        self.moves.of(id).is_some()
            || user
                .lookup
                .meaning(id, Sure::Number)
                .is_some_and(|(scope, known)| self.homes.contains(scope) && self.moves.of(known).is_some())
    }

    /// What a reference that says `written` says afterwards; none where it stays.
    pub(super) fn rewritten(&self, user: &User, written: &Id, sure: Sure) -> Option<Id> {
        let Some((scope, known)) = user.lookup.meaning(written, sure) else {
            // Nothing defines it: it goes with what it stands below or above.
            let new = self.moves.of(written)?;
            return self.goes_along(user, written).then_some(new);
        };
        if !self.homes.contains(scope) {
            return None;
        }
        let new = self.moves.of(known)?;
        if written.family().is_empty() && !known.family().is_empty() {
            return Some(Id::new(new.tail()));
        }
        Some(Id::new(&respell(written.as_str(), known, &new)))
    }

    fn goes_along(&self, user: &User, written: &Id) -> bool {
        let above = std::iter::successors(written.parent(), Id::parent).find_map(|id| {
            let (scope, _) = user.lookup.resolve(&id)?;
            Some(self.homes.contains(scope))
        });
        let below = || {
            let mut defined = user.lookup.all_defined();
            match &self.moves {
                Moves::Family { from, .. } => {
                    user.is_home
                        || !user
                            .lookup
                            .own()
                            .is_some_and(|index| index.all_defined().any(|id| id.prefix().eq_ignore_ascii_case(from)))
                }
                Moves::Ids(_) => defined.any(|(scope, id)| self.homes.contains(scope) && is_below(id, written)),
            }
        };
        above.unwrap_or_else(below)
    }

    fn rewrite_references(
        &self,
        user: &User,
        moved: &[(Id, Id)],
        facts: &Facts,
        base: u32,
        file: &mut Rewriting<'_>,
    ) -> Result<(), Refusal> {
        let why = if user.is_home { Why::Reference } else { Why::Elsewhere };
        for group in facts.references.chunk_by(|a, b| a.span == b.span) {
            let [first, rest @ ..] = group else { continue };
            if let Some(split) = self.split(user, moved, facts, base, group, file) {
                let why = if user.is_home { Why::Range } else { Why::Elsewhere };
                file.split.insert(first.span.start + base, split.count);
                file.edits.push((first.span.shifted(base), split.text, why));
                continue;
            }
            let new_of = |reference: &Reference| {
                let id = facts.id(reference.id);
                (id.clone(), self.rewritten(user, id, reference.sure).unwrap_or_else(|| id.clone()))
            };
            let (old, new) = new_of(first);
            let last = rest.last().map(new_of);
            let same = |(old, new): &(Id, Id)| old.as_str() == new.as_str();
            if old.as_str() == new.as_str() && last.as_ref().is_none_or(same) {
                continue;
            }
            let span = first.span.shifted(base);
            let Some(text) = file.text.slice(span) else { return Err(self.changed(&file.view)) };
            let last = last.as_ref().map(|(old, new)| End { old, new });
            let written = rewrite(&text, End { old: &old, new: &new }, last);
            if written != text {
                file.edits.push((span, written, why));
            }
        }
        Ok(())
    }

    /// A range or wildcard whose ids part ways, as a list. What is inserted in the middle of a range belongs to it.
    fn split(
        &self,
        user: &User,
        moved: &[(Id, Id)],
        facts: &Facts,
        base: u32,
        group: &[Reference],
        file: &Rewriting<'_>,
    ) -> Option<Split> {
        let first = group.first().filter(|first| is_splittable(first.reach, group.len()) && self.added.is_none())?;
        let id = facts.id(first.id);
        let text = file.text.slice(first.span.shifted(base))?;
        let member = |id: &Id, sure: Sure| Member {
            old: id.clone(),
            new: self.rewritten(user, id, sure).unwrap_or_else(|| id.clone()),
            defined: user.lookup.meaning(id, sure).is_some(),
        };
        if first.reach == Reach::Children {
            let children = user.lookup.all_defined().map(|(_, known)| known);
            let children = children.filter(|known| known.parent().as_ref() == Some(id));
            let mut children: Vec<Member> = children.map(|known| member(known, Sure::Firm)).collect();
            children.sort_by(|a, b| a.old.cmp(&b.old));
            return split_children(&text, id, &member(id, first.sure).new, &children);
        }
        let members: Vec<Member> =
            group.iter().map(|reference| member(facts.id(reference.id), reference.sure)).collect();
        split_range(&text, &members, &|id| moved.iter().any(|(_, new)| new == id))
    }

    fn rewrite_definitions(
        &self,
        user: &User,
        facts: &Facts,
        base: u32,
        file: &mut Rewriting<'_>,
        anchors: &mut Vec<(FilePath, Vec<Anchor>)>,
    ) -> Result<(), Refusal> {
        for definition in &facts.definitions {
            let id = facts.id(definition.id);
            let Some(new) = self.moves.of(id) else { continue };
            let span = definition.place.shifted(base);
            let Some(text) = file.text.slice(span) else { return Err(self.changed(&file.view)) };
            if !definition.form.is_written() {
                if let Some(written) = self.counted(definition, id, &text) {
                    file.edits.push((span, written, Why::Definition));
                }
                continue;
            }
            if *text != *id.as_str() {
                return Err(self.changed(&file.view));
            }
            let known = user.lookup.own().and_then(|index| index.defined(id)).unwrap_or(id);
            file.edits.push((span, respell(&text, known, &new), Why::Definition));
            let heading = (definition.form == Form::Heading)
                .then(|| facts.sections.iter().find(|section| section.head.touches(definition.place.start)));
            let heading = heading.flatten().and_then(|section| file.text.slice(section.head.shifted(base)));
            let own = Anchor::of(id, &new, heading.as_deref());
            match anchors.iter_mut().find(|(path, _)| path == file.view.path) {
                Some((_, known)) => known.extend(own),
                None => anchors.push((file.view.path.clone(), own)),
            }
        }
        Ok(())
    }

    /// A number that stands for an id: of a heading or criterion that moves itself, or with its heading's number in it.
    fn counted(&self, definition: &Definition, id: &Id, text: &str) -> Option<String> {
        let new = self.moves.of(id).filter(|_| definition.form != Form::Rendered)?;
        let alike = if text == id.as_str() {
            new.as_str()
        } else if text == id.tail() {
            new.tail()
        } else if text == last_part(id) {
            last_part(&new)
        } else {
            // `8.1` under FR-8 repeats the number of its heading, and FR-8 moves.
            let (head, rest) = text.split_once('.')?;
            let parent = Id::new(id.as_str().strip_suffix(rest)?.strip_suffix('.')?);
            let new = self.moves.of(&parent).filter(|_| last_part(&parent) == head)?;
            return Some(format!("{}.{rest}", last_part(&new))).filter(|written| written != text);
        };
        (alike != text).then(|| alike.to_string())
    }

    /// Links to the headings that change, and ids in code and comments.
    fn rewrite_rest<'s>(
        &'s self,
        users: &[User],
        moved: &[(Id, Id)],
        anchors: &[(FilePath, Vec<Anchor>)],
        files: &mut BTreeMap<&'s FilePath, Rewriting<'s>>,
    ) -> Result<(), Refusal> {
        let count = |user: &User| self.snapshot.scope(&user.scope).map_or(0, |scope| scope.files().count());
        let wide = users.iter().map(count).sum::<usize>() > MOST_SEARCHED;
        for user in users {
            for view in self.views(&user.scope) {
                if wide && !files.contains_key(view.path) {
                    continue;
                }
                let text = match files.get(view.path) {
                    Some(file) => file.text.clone(),
                    None => FileText::of(self.snapshot, self.source, &view)?,
                };
                let whole = text.whole();
                let mut found: Vec<(Span, String, Why)> = Vec::new();
                let mut add = |places: Vec<(Span, String)>, why| {
                    found.extend(places.into_iter().map(|(span, new)| (span, new, why)));
                };
                for (target, anchors) in anchors {
                    add(links_to(&whole, view.path, target, anchors), Why::Link);
                    if view.path == target {
                        moved.iter().for_each(|(old, new)| add(named_anchors(&whole, old, new), Why::Link));
                    }
                }
                moved.iter().for_each(|(old, new)| {
                    if !old.is_name() {
                        add(link_labels(&whole, old, new), Why::Link);
                    }
                });
                // Most files hold none of the ids outside of references, and a search tells that faster than reading.
                let may_hold = || moved.len() > FEW || moved.iter().any(|(old, _)| whole.contains(old.as_str()));
                if self.code && may_hold() {
                    add(self.ids_in_code(user, &view, &whole), Why::Code);
                }
                drop(whole);
                if !found.is_empty() {
                    files.entry(view.path).or_insert_with(|| Rewriting::of(view, text)).edits.extend(found);
                }
            }
        }
        Ok(())
    }

    /// Links to the headings that change in files that look no id up here: of a large workspace in those that are open or
    /// stand above the headings, as a list of contents does. Such a link is no reference, so none is a reason to refuse.
    fn rewrite_links_outside<'s>(
        &'s self,
        users: &[User],
        anchors: &[(FilePath, Vec<Anchor>)],
        files: &mut BTreeMap<&'s FilePath, Rewriting<'s>>,
    ) {
        let layout = self.snapshot.layout();
        let wide = self.snapshot.files().nth(MOST_SEARCHED).is_some();
        let roots: Vec<_> = anchors.iter().map(|(target, _)| (target, layout.root_of(target))).collect();
        let outside = self.snapshot.files().filter(|path| {
            let near = |(target, root): &(&FilePath, Option<&FilePath>)| {
                root.is_some_and(|root| path.is_within(root.as_str()))
                    && (!wide || target.is_within(path.folder().as_str()) || self.snapshot.document(path).is_some())
            };
            let scope = self.snapshot.scope_of(path);
            roots.iter().any(near) && !users.iter().any(|user| Some(&user.scope) == scope)
        });
        // A link says the file's name; one that may be escaped can be anywhere.
        let stem = |(target, _): &(FilePath, Vec<Anchor>)| target.name().trim_end_matches(".md").to_string();
        let names: Vec<String> = anchors.iter().map(stem).collect();
        let is_plain = |name: &String| name.bytes().all(|b| b.is_ascii_graphic());
        for view in outside.take(MOST_SEARCHED).filter_map(|path| self.snapshot.view(path)) {
            let closed = if view.document().is_some() { None } else { self.source.text(view.path) };
            if closed.is_some_and(|text| names.iter().all(|name| is_plain(name) && !text.contains(name.as_str()))) {
                continue;
            }
            let Ok(text) = FileText::of(self.snapshot, self.source, &view) else { continue };
            let whole = text.whole();
            let found = anchors.iter().flat_map(|(target, anchors)| links_to(&whole, view.path, target, anchors));
            let found: Vec<_> = found.map(|(span, new)| (span, new, Why::Link)).collect();
            drop(whole);
            if !found.is_empty() {
                files.entry(view.path).or_insert_with(|| Rewriting::of(view, text)).edits.extend(found);
            }
        }
    }

    /// Ids that are written where none counts.
    fn ids_in_code(&self, user: &User, view: &View<'_>, text: &str) -> Vec<(Span, String)> {
        let families = &self.snapshot.dialect_of(view.path).families;
        let mut known: FxHashSet<u32> = FxHashSet::default();
        for (base, facts) in view.parts() {
            known.extend(facts.references.iter().map(|reference| reference.span.start + base));
            known.extend(facts.definitions.iter().map(|definition| definition.place.start + base));
        }
        let bytes = text.as_bytes();
        let mut out = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let word = bytes[at].is_ascii_alphabetic() && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
            let token = word.then(|| families.token_at(text, at)).flatten();
            let Some(token) = token.filter(|token| token.belief == Belief::Firm) else {
                at += 1;
                continue;
            };
            at = token.end;
            let span = Span::new(token.start, token.end);
            let id = Id::new(&text[token.start..token.end]);
            if !known.contains(&span.start)
                && user.lookup.resolve(&id).is_some_and(|(scope, _)| self.homes.contains(scope))
                && let Some(new) = self.moves.of(&id)
            {
                out.push((span, new.to_string()));
            }
        }
        out
    }

    fn changed(&self, view: &View<'_>) -> Refusal {
        changed(self.snapshot.spoken(view.path))
    }
}

/// The ids by which a reference may be touched: numbers of what moves, of what it becomes, and of what is above the two.
pub(super) struct Interest {
    tails: FxHashSet<String>,
    names: FxHashSet<Id>,
}

impl Interest {
    fn of(moved: &[(Id, Id)]) -> Self {
        let all = moved.iter().flat_map(|(old, new)| [old, new]);
        let lines = all.flat_map(|id| std::iter::successors(Some(id.clone()), Id::parent));
        let (mut tails, mut names) = (FxHashSet::default(), FxHashSet::default());
        for id in lines {
            if !id.tail().is_empty() {
                tails.insert(id.tail().to_ascii_lowercase());
            }
            names.insert(id);
        }
        Self { tails, names }
    }

    /// Whether a stretch may name what is concerned; a range over parents may without saying so.
    pub(super) fn concerns(&self, facts: &Facts) -> bool {
        facts.ids.iter().any(|id| self.touches(id)) || facts.references.iter().any(|it| it.reach == Reach::From)
    }

    fn touches(&self, id: &Id) -> bool {
        let tail = id.tail();
        if tail.is_empty() { self.names.contains(id) } else { self.tails.contains(&*tail.to_ascii_lowercase()) }
    }
}

/// In order, each place once: what is sure wins over what was only found in the text.
fn settle(edits: &mut Vec<(Span, String, Why)>) {
    edits.sort_by_key(|(span, _, why)| (*span, *why));
    let mut end = 0;
    let mut start = None;
    edits.retain(|(span, _, _)| {
        if span.is_empty() {
            return true;
        }
        let fresh = span.start >= end && start != Some(span.start);
        if fresh {
            (start, end) = (Some(span.start), span.end);
        }
        fresh
    });
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
