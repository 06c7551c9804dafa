//! Retrace: what names some requirements names others instead, or beside them; in trace lines each once.

use super::rename::Rename;
use super::rename::affected::{AffectedIds, AffectedScope};
use super::rename::moves::Moves;
use crate::edit::{Edit, FileEdits, Label, Proposal, Refusal};
use crate::facts::{Facts, Kind, Reach, Reference, TraceLine};
use crate::feature::Source;
use crate::feature::source::FileText;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::Lookup;
use crate::text::{Encoding, Span};
use crate::world::{Snapshot, Trial, View};
use std::collections::{BTreeMap, BTreeSet};

/// What stands between two ids of one list is no longer, in bytes.
const LONGEST_GAP: u32 = 5;

/// A line that named a requirement which is split or merged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedAt {
    /// The file.
    pub path: FilePath,
    /// The line once all is done, from 0.
    pub line: u32,
}

/// Which requirements are named instead of which.
pub(crate) struct Retrace<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) source: &'a dyn Source,
    /// The scope that defines them all.
    pub(crate) home: &'a FilePath,
    /// Those that were named.
    pub(crate) from: &'a [Id],
    /// Those that are named then, perhaps some that were.
    pub(crate) to: &'a [Id],
    /// Whether text that is no trace names the one that is left, too.
    pub(crate) prose: bool,
    /// Whether a bare number is written beside one that stands for an id, as far as it is read so.
    pub(crate) bare: bool,
}

/// The references of a trace line that one text names: an id, or a range.
type Group<'f> = &'f [Reference];

impl Retrace<'_> {
    /// The edits, and every place that named one of those that were named.
    ///
    /// # Errors
    /// Which place cannot be written so that it means what it should.
    pub(crate) fn propose(&self) -> Result<(Proposal, Vec<NamedAt>), Refusal> {
        // A bare number may say less than the one that it stands beside.
        self.propose_once().or_else(
            |why| {
                if self.bare { Retrace { bare: false, ..*self }.propose_once() } else { Err(why) }
            },
        )
    }

    fn propose_once(&self) -> Result<(Proposal, Vec<NamedAt>), Refusal> {
        let pairs: Vec<(Id, Id)> =
            self.from.iter().flat_map(|old| self.to.iter().map(move |new| (old.clone(), new.clone()))).collect();
        let affected = AffectedIds::of(&pairs);
        let rename = Rename::of(self.snapshot, self.source, vec![self.home.clone()], Moves::Ids(pairs));
        let users = rename.affected_scopes(&affected)?;
        let (mut proposal, mut places) = (Proposal::default(), Vec::new());
        let mut trial = Trial::of(self.snapshot);
        for user in &users {
            for view in self.snapshot.views_in(&user.scope) {
                let named = |(_, facts): (u32, &Facts)| {
                    facts.references.iter().any(|it| self.means_old(&user.lookup, facts, it))
                };
                if !view.parts().any(named) {
                    continue;
                }
                let text = FileText::of(self.snapshot, self.source, &view)?;
                let whole = text.whole();
                let mut edits = Vec::new();
                for (base, facts) in view.parts() {
                    self.rewrite(&user.lookup, &view, &whole, (base, facts), &mut edits, &mut places);
                }
                if edits.is_empty() {
                    continue;
                }
                text.try_out(&mut trial, view.path, &edits);
                let label = Label {
                    title: "References".into(),
                    about: "what names the requirement that is split or merged".into(),
                    confirm: !user.is_home,
                };
                proposal.changes.push(FileEdits { path: view.path.clone(), edits, label: Some(label) });
            }
        }
        let after = trial.end();
        for user in &users {
            self.verify(user, &after)?;
        }
        places.sort();
        places.dedup();
        Ok((proposal, places))
    }

    fn is_old(&self, meant: Option<(&FilePath, &Id)>) -> bool {
        meant.is_some_and(|(scope, id)| scope == self.home && self.from.contains(id))
    }

    fn means_old(&self, lookup: &Lookup, facts: &Facts, reference: &Reference) -> bool {
        let id = facts.id(reference.id);
        let child = |old: &Id| old.parent().as_ref() == Some(id) && self.is_old(lookup.resolve(old));
        self.is_old(lookup.meaning(id, reference.sure))
            || reference.reach == Reach::Children && self.from.iter().any(child)
    }

    fn rewrite(
        &self,
        lookup: &Lookup,
        view: &View<'_>,
        text: &str,
        (base, facts): (u32, &Facts),
        edits: &mut Vec<Edit>,
        places: &mut Vec<NamedAt>,
    ) {
        let mut add = |span: Span| {
            let line = view.position(span.start + base, Encoding::Utf8).line;
            places.push(NamedAt { path: view.path.clone(), line });
        };
        let mut traced: BTreeSet<u32> = BTreeSet::new();
        for trace in &facts.traces {
            let own = &facts.references[trace.references.start as usize..trace.references.end as usize];
            traced.extend(own.iter().map(|it| it.span.start));
            if !own.iter().any(|it| self.means_old(lookup, facts, it)) {
                continue;
            }
            own.iter().filter(|it| self.means_old(lookup, facts, it)).for_each(|it| add(it.span));
            self.rewrite_line(lookup, text, (base, facts), (trace, own), edits);
        }
        for reference in facts.references.iter().filter(|it| !traced.contains(&it.span.start)) {
            if !self.means_old(lookup, facts, reference) || self.is_stated_by_old(facts, reference) {
                continue;
            }
            add(reference.span);
            let span = reference.span.shifted(base);
            let alone = facts.references.iter().filter(|it| it.span == reference.span).count() == 1;
            let whole = text.get(span.range()).is_some_and(|text| text.len() == facts.id(reference.id).as_str().len());
            if reference.reach != Reach::One || !alone || !whole {
                continue;
            }
            if reference.kind == Kind::Tag {
                let missing: Vec<&Id> = self.to.iter().collect();
                edits.push(Edit { span, text: joined(&missing, &joint(text, span, true)) });
            } else if self.prose
                && let [only] = self.to
            {
                edits.push(Edit { span, text: only.to_string() });
            }
        }
    }

    /// Whether the place stands in what states a requirement that is named no longer.
    fn is_stated_by_old(&self, facts: &Facts, reference: &Reference) -> bool {
        let inside = |definition: &&crate::facts::Definition| definition.body.covers(reference.span);
        facts
            .definitions
            .iter()
            .filter(inside)
            .any(|it| self.from.contains(facts.id(it.id)) && !self.to.contains(facts.id(it.id)))
    }

    fn rewrite_line(
        &self,
        lookup: &Lookup,
        text: &str,
        (base, facts): (u32, &Facts),
        (trace, own): (&TraceLine, &[Reference]),
        edits: &mut Vec<Edit>,
    ) {
        let groups: Vec<Group<'_>> = own.chunk_by(|a, b| a.span == b.span).collect();
        let is_old = |group: &Group<'_>| group.iter().any(|it| self.means_old(lookup, facts, it));
        let is_one = |group: &Group<'_>| matches!(group, [only] if only.reach == Reach::One);
        let means = |reference: &Reference, id: &Id| {
            lookup
                .meaning(facts.id(reference.id), reference.sure)
                .is_some_and(|(scope, meant)| scope == self.home && meant == id)
        };
        // What the line goes on to name by itself.
        let stays = |id: &Id| {
            groups.iter().any(|group| !(is_old(group) && is_one(group)) && group.iter().any(|it| means(it, id)))
        };
        let mut named: Vec<&Id> = self.to.iter().filter(|id| stays(id)).collect();
        let mut left = groups.iter().filter(|group| !(is_old(group) && is_one(group))).count();
        for (at, group) in groups.iter().enumerate().filter(|(_, group)| is_old(group)) {
            let span = group[0].span.shifted(base);
            let missing: Vec<&Id> = self.to.iter().filter(|id| !named.contains(id)).collect();
            named.extend(&missing);
            let joint = joint(text, span, false);
            if !is_one(group) {
                // A range goes on to mean what is given up, as others do.
                if !missing.is_empty() {
                    let end = Span { start: span.end, ..span };
                    edits.push(Edit { span: end, text: format!("{joint}{}", joined(&missing, &joint)) });
                }
                continue;
            }
            if !missing.is_empty() {
                left += 1;
                let alike =
                    |id: &&Id| self.from.iter().all(|old| old.prefix() == id.prefix() && !old.prefix().is_empty());
                let is_number = text.get(span.range()).is_some_and(|it| self.from.iter().any(|old| it == old.tail()));
                let list = if self.bare && is_number && missing.iter().all(alike) {
                    missing.iter().map(|id| id.tail()).collect::<Vec<_>>().join(&joint)
                } else {
                    joined(&missing, &joint)
                };
                edits.push(Edit { span, text: list });
                continue;
            }
            let gap = |from: u32, to: u32| to.checked_sub(from).is_some_and(|gap| gap <= LONGEST_GAP);
            let before = at.checked_sub(1).map(|at| groups[at][0].span).filter(|it| gap(it.end, group[0].span.start));
            let behind = groups.get(at + 1).map(|it| it[0].span).filter(|it| gap(group[0].span.end, it.start));
            let last = groups.get(at + 1).is_none() && gap(group[0].span.end, trace.value.end);
            let gone = match (before, behind) {
                _ if left == 0 => None,
                (Some(before), Some(_)) => Some(Span { start: before.end, end: group[0].span.end }),
                (Some(before), None) if last => Some(Span { start: before.end, end: group[0].span.end }),
                (None, Some(behind)) => Some(Span { start: group[0].span.start, end: behind.start }),
                _ => None,
            };
            match gone {
                Some(gone) => edits.push(Edit { span: gone.shifted(base), text: String::new() }),
                // Words stand behind the id: it is named twice rather than torn from them.
                None => edits.extend(self.to.first().map(|id| Edit { span, text: id.to_string() })),
            }
        }
    }

    /// Accepts `after` if every trace line of the scope means what it meant, those that were named for those that are.
    fn verify(&self, user: &AffectedScope, after: &Snapshot) -> Result<(), Refusal> {
        let lookup = Lookup::once(after, &user.scope);
        for view in self.snapshot.views_in(&user.scope) {
            let Some(now) = after.view(view.path) else { continue };
            let (old, new) = (meanings(&view, &user.lookup), meanings(&now, &lookup));
            let name = self.snapshot.display_path(view.path);
            let wrong = |line: String| {
                Refusal(format!(
                    "`{line}` in {name} cannot be written so that it means what it should; nothing was changed · write its ids out first"
                ))
            };
            if old.lines.len() != new.lines.len() {
                return Err(wrong(String::new()));
            }
            for ((span, meant), (_, means)) in old.lines.iter().zip(&new.lines) {
                if self.as_named(meant) != self.without_old(means) {
                    let text = FileText::of(self.snapshot, self.source, &view)?;
                    let line = text.slice(*span).map(|it| it.replace('`', "")).unwrap_or_default();
                    return Err(wrong(line));
                }
            }
            let others = |all: &BTreeMap<(FilePath, Id), usize>| {
                let touched = |(scope, id): &(FilePath, Id)| {
                    scope == self.home && (self.from.contains(id) || self.to.contains(id))
                };
                all.iter()
                    .filter(|(key, _)| !touched(key))
                    .map(|(key, count)| (key.clone(), *count))
                    .collect::<Vec<_>>()
            };
            if others(&old.mentions) != others(&new.mentions) {
                return Err(Refusal(format!("{name} would name other requirements than before; nothing was changed")));
            }
        }
        Ok(())
    }

    /// The requirements that a line means which meant these.
    fn as_named(&self, meant: &BTreeSet<(FilePath, Id)>) -> BTreeSet<(FilePath, Id)> {
        let mut out = self.without_old(meant);
        let old = |(scope, id): &(FilePath, Id)| scope == self.home && self.from.contains(id);
        if meant.iter().any(old) {
            let all = self.to.iter().map(|id| (self.home.clone(), id.clone()));
            out.extend(all.filter(|(_, id)| !self.from.contains(id) || self.to.contains(id)));
        }
        out
    }

    /// Without those that are named no longer: a range goes on to hold them.
    fn without_old(&self, meant: &BTreeSet<(FilePath, Id)>) -> BTreeSet<(FilePath, Id)> {
        let gone = |(scope, id): &(FilePath, Id)| scope == self.home && self.from.contains(id) && !self.to.contains(id);
        meant.iter().filter(|key| !gone(key)).cloned().collect()
    }
}

/// What a file means.
struct Meanings {
    /// Each trace line's requirements.
    lines: Vec<(Span, BTreeSet<(FilePath, Id)>)>,
    /// How often others are named.
    mentions: BTreeMap<(FilePath, Id), usize>,
}

fn meanings(view: &View<'_>, lookup: &Lookup) -> Meanings {
    let mut out = Meanings { lines: Vec::new(), mentions: BTreeMap::new() };
    for (base, facts) in view.parts() {
        let meant = |reference: &Reference| -> Vec<(FilePath, Id)> {
            let id = facts.id(reference.id);
            let of = |(scope, id): (&FilePath, &Id)| (scope.clone(), id.clone());
            if reference.reach == Reach::Children {
                return lookup.all_defined().filter(|(_, known)| known.parent().as_ref() == Some(id)).map(of).collect();
            }
            lookup.meaning(id, reference.sure).map(of).into_iter().collect()
        };
        let mut traced = BTreeSet::new();
        for trace in &facts.traces {
            let own = &facts.references[trace.references.start as usize..trace.references.end as usize];
            traced.extend(own.iter().map(|it| it.span.start));
            out.lines.push((trace.value.shifted(base), own.iter().flat_map(meant).collect()));
        }
        for reference in facts.references.iter().filter(|it| !traced.contains(&it.span.start)) {
            for key in meant(reference) {
                *out.mentions.entry(key).or_default() += 1;
            }
        }
    }
    out
}

/// What closes one id at `span` and opens the next: the marks around it, and what parts the two.
fn joint(text: &str, span: Span, is_tag: bool) -> String {
    let (before, behind) = (&text[..span.start as usize], &text[span.end as usize..]);
    let mark = |mark: &&str| before.ends_with(mark) && behind.starts_with(mark);
    let bracketed = before.ends_with('[') && behind.starts_with(']') && !behind.starts_with("](");
    match ["`", "**", "*"].iter().find(|it| mark(it)) {
        Some(mark) => format!("{mark}, {mark}"),
        None if bracketed && is_tag => "] [".into(),
        None if bracketed => "], [".into(),
        None => ", ".into(),
    }
}

fn joined(ids: &[&Id], joint: &str) -> String {
    ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(joint)
}
