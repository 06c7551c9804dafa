//! The requirements of a file that have a number, in the order of the text, each with the one that it belongs to, and what
//! their ids become.

use crate::edit::{Edit, Refusal};
use crate::facts::Form;
use crate::feature::list_items::Head;
use crate::feature::refactoring::rename::parted::{Parted, Stretch};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::Defined;
use crate::text::Span;
use crate::world::{Snapshot, View};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Of fewer ids several may be shared by chance.
const FEW_SHARED: usize = 3;

/// Which of the requirements that share an id is meant by who names it elsewhere than in what states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// That is not known: where somebody does, nothing is renumbered.
    Unknown,
    /// The first of the file.
    First,
    /// The last of the file.
    Last,
}

/// A requirement with a number.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: Id,
    /// Where the id stands, or the number that stands for it.
    pub(super) place: Span,
    /// All that states it.
    pub(super) statement: Span,
    form: Form,
    pub(super) withdrawn: bool,
    /// The requirement that it belongs to, which stands before it.
    pub(super) parent: Option<usize>,
    /// Which of several lists that begin with 1 it stands in.
    pub(super) list: u32,
    /// Where the heading above it begins, if that is not its own.
    pub(super) heading: u32,
    /// Another number by which it may be called: the one that is rendered.
    rendered: Option<Id>,
    /// What its id becomes.
    pub(super) new: Id,
}

impl Entry {
    /// The id that it has below its parent, whose id may become another.
    pub(super) fn below(&self, parent: &Entry) -> Id {
        let above = self.id.parent();
        let rest = above.as_ref().and_then(|above| self.id.as_str().get(above.as_str().len()..)).unwrap_or_default();
        if above.as_ref() == Some(&parent.id) {
            return Id::new(&format!("{}{rest}", parent.new));
        }
        // `AC-4.1` of story `US-4` has its number alone.
        Id::new(&format!("{}{}{rest}", self.id.prefix(), parent.new.tail()))
    }

    /// Whether it is numbered among its siblings: `2a` stands beside `2` and is not.
    pub(super) fn is_numbered(&self) -> bool {
        self.id.letter().is_none()
    }
}

/// The requirements of a file.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) all: Vec<Entry>,
    /// Whether a round number below a heading of its own begins anew.
    pub(super) rounds: bool,
    /// Numbers that are rendered somewhere else, each with the requirement that they belong to.
    beside: Vec<(Id, usize)>,
}

impl Entries {
    pub(super) fn of(snapshot: &Snapshot, view: &View<'_>) -> Self {
        let Some(index) = snapshot.index(view.scope) else { return Self::default() };
        let strongest = |id: &Id| index.definers_of(id).first().and_then(|(_, used)| used.defined);
        let mut out = Self { rounds: true, ..Self::default() };
        // The last requirement of each id, which what follows belongs to.
        let mut last: FxHashMap<Id, usize> = FxHashMap::default();
        let mut heading = 0;
        for (base, facts) in view.parts() {
            let mut sections = facts.sections.iter().peekable();
            for definition in &facts.definitions {
                let id = facts.id(definition.id);
                while let Some(section) = sections.next_if(|it| it.start <= definition.place.start) {
                    if !section.head.covers(definition.place) {
                        heading = section.start + base;
                    }
                }
                let place = definition.place.shifted(base);
                let nameless = matches!(definition.form, Form::Name | Form::Scenario | Form::Section);
                if nameless || id.is_name() || id.tail().is_empty() {
                    continue;
                }
                let parent =
                    id.parent().and_then(|above| last.get(&above).copied().or_else(|| out.story_of(&above, place)));
                if definition.form == Form::Rendered {
                    match out.all.iter_mut().rev().take(2).find(|entry| entry.place == place) {
                        Some(entry) => entry.rendered = Some(id.clone()),
                        None => out.beside.extend(parent.map(|parent| (id.clone(), parent))),
                    }
                    continue;
                }
                if strongest(id) != Some(definition.form.rank()) {
                    continue;
                }
                let statement = Defined { view: *view, facts, base, definition }.statement();
                last.insert(id.clone(), out.all.len());
                out.all.push(Entry {
                    id: id.clone(),
                    place,
                    statement,
                    form: definition.form,
                    withdrawn: definition.withdrawn,
                    parent,
                    list: 0,
                    heading,
                    rendered: None,
                    new: id.clone(),
                });
            }
            if let Some(section) = facts.sections.last() {
                heading = section.start + base;
            }
        }
        out
    }

    /// The requirement stated by the section around `place` that has the number of `above`, which nothing defines: `US-4` for the
    /// criteria `AC-4.1` and so on.
    fn story_of(&self, above: &Id, place: Span) -> Option<usize> {
        let is_headed = |entry: &Entry| matches!(entry.form, Form::Heading | Form::Numbered);
        self.all.iter().rposition(|it| is_headed(it) && it.statement.covers(place) && it.id.tail() == above.tail())
    }

    /// The tasks of a file that have a number.
    pub(super) fn of_tasks(view: &View<'_>, text: &str) -> Self {
        let mut out = Self::default();
        let mut last: FxHashMap<Id, usize> = FxHashMap::default();
        let (mut list, mut heading, mut listed) = (0, 0, 0);
        for (base, facts) in view.parts() {
            let mut sections = facts.sections.iter().peekable();
            for task in &facts.tasks {
                while let Some(section) = sections.next_if(|it| it.start <= task.head.start) {
                    heading = section.start + base;
                }
                let (number, head) = (facts.text(task.number), task.head.shifted(base));
                let at = text.get(head.range()).and_then(|text| text.find(number));
                let (Some(at), false) = (at, number.is_empty() || task.step) else { continue };
                let id = Id::new(number);
                let parent = id.parent().and_then(|above| last.get(&above).copied());
                // A section whose tasks begin with 1 again counts by itself.
                if id.parent().is_none() && id.numbers().last() == Some(1) && heading != listed && !out.all.is_empty() {
                    list += 1;
                }
                listed = heading;
                last.insert(id.clone(), out.all.len());
                let start = head.start as usize + at;
                out.all.push(Entry {
                    place: Span::new(start, start + number.len()),
                    statement: task.item.shifted(base),
                    form: Form::Item,
                    withdrawn: false,
                    parent,
                    list,
                    heading,
                    rendered: None,
                    new: id.clone(),
                    id,
                });
            }
            if let Some(section) = facts.sections.last() {
                heading = section.start + base;
            }
        }
        out
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn id_of(&self, at: usize) -> Id {
        self.all[at].id.clone()
    }

    /// The requirement that is defined on the line of byte `at`.
    pub(super) fn at(&self, view: &View<'_>, at: u32) -> Option<usize> {
        let line = view.line_start(at);
        let same = |entry: &&Entry| entry.is_numbered() && view.line_start(entry.place.start) == line;
        let found = self.all.iter().filter(same).min_by_key(|entry| (!entry.place.touches(at), entry.place.start))?;
        self.all.iter().position(|entry| std::ptr::eq(entry, found))
    }

    /// Whether any id becomes another.
    pub(super) fn changes(&self) -> bool {
        self.all.iter().any(|entry| entry.new.as_str() != entry.id.as_str())
    }

    /// What a number that is rendered beside others becomes.
    fn new_beside(&self, id: &Id, parent: usize) -> Id {
        let parent = &self.all[parent];
        match id.as_str().strip_prefix(parent.id.as_str()) {
            Some(rest) => Id::new(&format!("{}{rest}", parent.new)),
            None => id.clone(),
        }
    }

    /// All ids by which the requirements go, each with what it becomes, and the requirement.
    fn names(&self) -> impl Iterator<Item = (&Id, Id, Option<usize>)> {
        let own = self.all.iter().enumerate().map(|(at, entry)| (&entry.id, entry.new.clone(), Some(at)));
        let rendered = self.all.iter().filter_map(|entry| Some((entry.rendered.as_ref()?, entry.new.clone(), None)));
        let beside = self.beside.iter().map(|(id, parent)| (id, self.new_beside(id, *parent), None));
        own.chain(rendered).chain(beside)
    }

    /// The ids that several requirements have which become different ones, in order.
    pub(super) fn shared(&self) -> impl Iterator<Item = &Id> {
        let mut news: BTreeMap<&Id, FxHashSet<Id>> = BTreeMap::new();
        for (id, new, _) in self.names() {
            news.entry(id).or_default().insert(new);
        }
        news.into_iter().filter(|(_, all)| all.len() > 1).map(|(id, _)| id)
    }

    /// Where most requirements stand twice, one list tells the other again, and nothing is numbered wrongly.
    pub(super) fn refuse_restated(&self, name: &str) -> Result<(), Refusal> {
        let ids: FxHashSet<&Id> = self.all.iter().map(|entry| &entry.id).collect();
        let shared = self.shared().count();
        if shared < FEW_SHARED || shared * 2 <= ids.len() {
            return Ok(());
        }
        Err(Refusal(format!(
            "{name} defines {shared} of its {} requirements more than once, so which is to keep its number cannot be told · leave one of each",
            ids.len()
        )))
    }

    /// The default of shared ids: the requirement that is meant elsewhere.
    pub(super) fn meant(&self, elsewhere: Elsewhere) -> FxHashMap<&Id, Id> {
        let mut meant: FxHashMap<&Id, Id> = FxHashMap::default();
        for (id, new, entry) in self.names() {
            match meant.entry(id) {
                std::collections::hash_map::Entry::Vacant(free) => drop(free.insert(new)),
                std::collections::hash_map::Entry::Occupied(mut known) => {
                    if elsewhere == Elsewhere::Last && entry.is_some() {
                        known.insert(new);
                    }
                }
            }
        }
        meant
    }

    /// Which ids become which, the longest first; what follows from one above is left out.
    pub(super) fn pairs(&self, elsewhere: Elsewhere) -> Result<Vec<(Id, Id)>, Refusal> {
        let depth = |id: &Id| std::iter::successors(id.parent(), Id::parent).count();
        let mut given: FxHashMap<&Id, &Id> = FxHashMap::default();
        for entry in &self.all {
            let known = given.entry(&entry.new).or_insert(&entry.id);
            if **known != entry.id {
                return Err(Refusal(format!(
                    "`{known}` and `{}` would both become `{}` · change one of them first",
                    entry.id, entry.new
                )));
            }
        }
        let mut all: Vec<(Id, Id)> = self.meant(elsewhere).into_iter().map(|(old, new)| (old.clone(), new)).collect();
        all.sort_by_cached_key(|(old, _)| (depth(old), old.clone()));
        let mut out: Vec<(Id, Id)> = Vec::new();
        let mut known: FxHashMap<Id, Id> = FxHashMap::default();
        for (old, new) in all {
            let above = std::iter::successors(old.parent(), Id::parent)
                .find_map(|above| known.get(&above).map(|to| format!("{to}{}", &old.as_str()[above.as_str().len()..])));
            let follows = above.as_deref().unwrap_or(old.as_str()) == new.as_str();
            if !follows {
                out.push((old.clone(), new.clone()));
            }
            if !follows || above.is_some() {
                known.insert(old, new);
            }
        }
        out.reverse();
        Ok(out)
    }

    /// The requirements of shared ids, each with its own stretch of `text`, which is that of the file.
    pub(super) fn parted(&self, path: &FilePath, elsewhere: Elsewhere, text: &str) -> Parted {
        let mut shared: BTreeMap<Id, Vec<(Span, Id)>> = self.shared().map(|id| (id.clone(), Vec::new())).collect();
        let mut stretches = Vec::new();
        for (at, entry) in self.all.iter().enumerate() {
            let Some(all) = shared.get_mut(&entry.id) else { continue };
            all.push((entry.place, entry.new.clone()));
            stretches.push(Stretch { span: entry.statement, news: self.news_in(at) });
        }
        for entry in &self.all {
            if let Some(all) = entry.rendered.as_ref().and_then(|id| shared.get_mut(id)) {
                all.push((entry.place, entry.new.clone()));
            }
        }
        for (id, parent) in &self.beside {
            if let Some(all) = shared.get_mut(id) {
                all.push((self.all[*parent].place, self.new_beside(id, *parent)));
            }
        }
        let own: FxHashSet<&Id> = self.all.iter().map(|entry| &entry.id).collect();
        let rendered = self.names().map(|(id, ..)| id).filter(|id| !own.contains(id)).cloned().collect();
        let told = elsewhere != Elsewhere::Unknown;
        Parted { path: path.clone(), stretches, shared, told, rendered, marks: self.marks(text) }
    }

    /// What becomes of the ids that the requirement defines with all that belongs to it.
    fn news_in(&self, at: usize) -> FxHashMap<Id, Id> {
        let within = |own: usize| std::iter::successors(Some(own), |at| self.all[*at].parent).any(|above| above == at);
        let mut news: FxHashMap<Id, Id> = FxHashMap::default();
        for (own, entry) in self.all.iter().enumerate().filter(|(own, _)| within(*own)) {
            news.insert(entry.id.clone(), entry.new.clone());
            for (id, _) in self.beside.iter().filter(|(_, parent)| *parent == own) {
                news.entry(id.clone()).or_insert_with(|| self.new_beside(id, own));
            }
        }
        news
    }

    /// The marks of ordered items, where those of all siblings repeat the last number of the id behind them.
    fn marks(&self, text: &str) -> Vec<Edit> {
        let mut out: Vec<(bool, Edit)> = Vec::new();
        let mut own_way: FxHashSet<(Option<usize>, &str)> = FxHashSet::default();
        let mut keys = Vec::new();
        for entry in self.all.iter().filter(|it| it.form == Form::Item) {
            let place = entry.place.range();
            let Some(before) = text.get(..place.start) else { continue };
            let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
            let Some(head) = text.get(start..place.end).and_then(Head::of) else { continue };
            let Some((number, sign)) = head.number() else { continue };
            let (old, new) = (entry.id.numbers().last(), entry.new.numbers().last());
            let key = (entry.parent, entry.id.prefix());
            if Some(number) != old {
                own_way.insert(key);
            }
            if let Some(new) = new {
                let from = start + head.indent.len();
                let edit = Edit { span: Span::new(from, from + head.mark.len()), text: format!("{new}{sign}") };
                keys.push(key);
                out.push((old != Some(new), edit));
            }
        }
        let all = out.into_iter().zip(keys);
        all.filter(|((changes, _), key)| *changes && !own_way.contains(key)).map(|((_, edit), _)| edit).collect()
    }
}
