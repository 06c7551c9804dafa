//! What a rename replaces in one file: definitions, references, and links and code that name what moves.

use super::affected::{AffectedScope, Rename};
use super::links::{Anchor, link_labels, links_to, named_anchors};
use super::moves::{End, last_part, respell, rewrite};
use super::ranges::{Member, Split, is_splittable, split_children, split_range};
use crate::edit::Refusal;
use crate::facts::{Certainty, Definition, Facts, Form, Reach, Reference};
use crate::feature::source::{FileText, changed};
use crate::id::{Belief, Id};
use crate::path::FilePath;
use crate::text::Span;
use crate::world::View;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Beyond this many files only those that name a moved id are searched for links and code.
const MOST_SEARCHED: usize = 300;

/// So many ids are searched for one by one.
const FEW: usize = 8;

/// Why a stretch is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    Definition,
    Reference,
    Range,
    Elsewhere,
    Link,
    Code,
}

/// What is replaced in one file.
pub(super) struct Rewriting<'a> {
    pub(super) view: View<'a>,
    pub(super) text: FileText<'a>,
    pub(super) edits: Vec<(Span, String, Why)>,
    /// The references that become lists, by where they begin, each with the count of its elements.
    pub(super) split: FxHashMap<u32, usize>,
}

impl<'a> Rewriting<'a> {
    pub(super) fn of(view: View<'a>, text: FileText<'a>) -> Self {
        Self { view, text, edits: Vec::new(), split: FxHashMap::default() }
    }
}

impl Rename<'_> {
    pub(super) fn rewrite_references(
        &self,
        user: &AffectedScope,
        moved: &[(Id, Id)],
        facts: &Facts,
        base: u32,
        file: &mut Rewriting<'_>,
    ) -> Result<(), Refusal> {
        let why = if user.is_home { Why::Reference } else { Why::Elsewhere };
        // The reference before, and what it names then: an element of a slash list is short for one like that.
        let mut before: Option<(Span, Id)> = None;
        for group in facts.references.chunk_by(|a, b| a.span == b.span) {
            let [first, rest @ ..] = group else { continue };
            let leader = before.take().filter(|(span, _)| span.end + 1 == first.span.start);
            if let Some(split) = self.split(user, moved, facts, base, group, file) {
                let why = if user.is_home { Why::Range } else { Why::Elsewhere };
                file.split.insert(first.span.start + base, split.count);
                file.edits.push((first.span.shifted(base), split.text, why));
                continue;
            }
            let new_of = |reference: &Reference| {
                let id = facts.id(reference.id);
                let at = (file.view.path, first.span.start + base);
                (id.clone(), self.rewritten(user, at, id, reference.sure).unwrap_or_else(|| id.clone()))
            };
            let (old, new) = new_of(first);
            let last = rest.last().map(new_of);
            let same = |(old, new): &(Id, Id)| old.as_str() == new.as_str();
            before = Some((first.span, new.clone())).filter(|_| rest.is_empty());
            if rest.is_empty()
                && let Some(leader) = leader.as_ref().map(|(_, id)| id)
                && self.is_short(first, &old, base, file)
                && (!new.prefix().eq_ignore_ascii_case(leader.prefix()) || new.parent() != leader.parent())
                && (moved.iter().any(|(_, id)| id == leader) || !same(&(old.clone(), new.clone())))
            {
                file.edits.push((first.span.shifted(base), new.to_string(), why));
                continue;
            }
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

    /// Whether a reference is an element of a slash list that is no more than a number: `002` of `FR-001/002`.
    fn is_short(&self, reference: &Reference, id: &Id, base: u32, file: &Rewriting<'_>) -> bool {
        let span = reference.span.shifted(base);
        let joint = span.start.checked_sub(1).and_then(|at| file.text.slice(Span { start: at, end: span.start }));
        span.len() < id.as_str().len() && joint.is_some_and(|joint| joint == "/")
    }

    /// A range or wildcard whose ids part ways, as a list. What is inserted in the middle of a range belongs to it.
    fn split(
        &self,
        user: &AffectedScope,
        moved: &[(Id, Id)],
        facts: &Facts,
        base: u32,
        group: &[Reference],
        file: &Rewriting<'_>,
    ) -> Option<Split> {
        let first = group.first().filter(|first| is_splittable(first.reach, group.len()) && self.added.is_none())?;
        let id = facts.id(first.id);
        let at = (file.view.path, first.span.start + base);
        let text = file.text.slice(first.span.shifted(base))?;
        let member = |id: &Id, sure: Certainty| Member {
            old: id.clone(),
            new: self.rewritten(user, at, id, sure).unwrap_or_else(|| id.clone()),
            defined: user.lookup.meaning(id, sure).is_some(),
        };
        if first.reach == Reach::Children {
            let children = user.lookup.all_defined().map(|(_, known)| known);
            let children = children.filter(|known| known.parent().as_ref() == Some(id));
            let mut children: Vec<Member> = children.map(|known| member(known, Certainty::Firm)).collect();
            children.sort_by(|a, b| a.old.cmp(&b.old));
            return split_children(&text, id, &member(id, first.sure).new, &children);
        }
        let members: Vec<Member> =
            group.iter().map(|reference| member(facts.id(reference.id), reference.sure)).collect();
        split_range(&text, &members, &|id| moved.iter().any(|(_, new)| new == id))
    }

    pub(super) fn rewrite_definitions(
        &self,
        user: &AffectedScope,
        facts: &Facts,
        base: u32,
        file: &mut Rewriting<'_>,
        anchors: &mut Vec<(FilePath, Vec<Anchor>)>,
    ) -> Result<(), Refusal> {
        for definition in &facts.definitions {
            let id = facts.id(definition.id);
            let span = definition.place.shifted(base);
            let at = (file.view.path, span.start);
            let Some(new) = self.new_at(at.0, at.1, id) else { continue };
            let Some(text) = file.text.slice(span) else { return Err(self.changed(&file.view)) };
            if !definition.form.is_written() {
                if let Some(written) = self.counted(at, definition, id, &text) {
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
            let mut own = Anchor::of(id, &new, heading.as_deref());
            if self.is_parted(id) {
                // What the id alone leads to is the first that has it.
                own.retain(|anchor| anchor.old != id.as_str());
            }
            match anchors.iter_mut().find(|(path, _)| path == file.view.path) {
                Some((_, known)) => known.extend(own),
                None => anchors.push((file.view.path.clone(), own)),
            }
        }
        Ok(())
    }

    /// A number that stands for an id: of a heading or criterion that moves itself, or with its heading's number in it.
    fn counted(&self, at: (&FilePath, u32), definition: &Definition, id: &Id, text: &str) -> Option<String> {
        let new_of = |id: &Id| self.new_at(at.0, at.1, id);
        let new = new_of(id).filter(|_| definition.form != Form::Rendered)?;
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
            let new = new_of(&parent).filter(|_| last_part(&parent) == head)?;
            return Some(format!("{}.{rest}", last_part(&new))).filter(|written| written != text);
        };
        (alike != text).then(|| alike.to_string())
    }

    /// Links to the headings that change, and ids in code and comments.
    pub(super) fn rewrite_rest<'s>(
        &'s self,
        users: &[AffectedScope],
        moved: &[(Id, Id)],
        anchors: &[(FilePath, Vec<Anchor>)],
        files: &mut BTreeMap<&'s FilePath, Rewriting<'s>>,
    ) -> Result<(), Refusal> {
        let count = |user: &AffectedScope| self.snapshot.scope(&user.scope).map_or(0, |scope| scope.files().count());
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
                // Of several requirements that have an id each has its own place.
                let own = |mut places: Vec<(Span, String)>, old: &Id, new: &Id| {
                    places.retain(|(span, _)| self.new_at(view.path, span.start, old).as_ref() == Some(new));
                    places
                };
                for (target, anchors) in anchors {
                    add(links_to(&whole, view.path, target, anchors), Why::Link);
                    if view.path == target {
                        moved.iter().for_each(|(old, new)| {
                            add(own(named_anchors(&whole, old, new), old, new), Why::Link);
                        });
                    }
                }
                moved.iter().for_each(|(old, new)| {
                    if !old.is_name() {
                        add(own(link_labels(&whole, old, new), old, new), Why::Link);
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
    pub(super) fn rewrite_links_outside<'s>(
        &'s self,
        users: &[AffectedScope],
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
    fn ids_in_code(&self, user: &AffectedScope, view: &View<'_>, text: &str) -> Vec<(Span, String)> {
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
        changed(self.snapshot.display_path(view.path))
    }
}

/// In order, each place once: what is sure wins over what was only found in the text.
pub(super) fn settle(edits: &mut Vec<(Span, String, Why)>) {
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
