//! Questions about ids: what is at a place, where is it defined, who uses it, who covers it.

use crate::dialect::{Dialect, Role};
use crate::facts::{Definition, Facts, Form, Kind, Reach, State, Sure};
use crate::id::{Belief, Id};
use crate::index::{Children, Index, Kin, letters};
use crate::path::FilePath;
use crate::text::{Span, narrow};
use crate::world::{Snapshot, View};
use rustc_hash::FxHashSet;
use std::cell::OnceCell;
use std::sync::Arc;

/// A stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub path: FilePath,
    /// The stretch, from the file's start.
    pub span: Span,
}

/// The scopes in which a file's ids are looked for, nearest first.
#[derive(Debug)]
pub struct Lookup {
    scopes: Vec<(FilePath, Arc<Index>)>,
    dialect: Arc<Dialect>,
    /// Whether all of them have been read: only then may anything be called absent.
    pub complete: bool,
}

impl Lookup {
    /// Where ids of `scope` are looked for.
    #[must_use]
    pub fn of(snapshot: &Snapshot, scope: &FilePath) -> Self {
        Self::with(snapshot, scope, Snapshot::index)
    }

    /// The same without keeping the indexes made for it.
    #[must_use]
    pub fn once(snapshot: &Snapshot, scope: &FilePath) -> Self {
        Self::with(snapshot, scope, Snapshot::index_once)
    }

    fn with(snapshot: &Snapshot, scope: &FilePath, index: impl Fn(&Snapshot, &FilePath) -> Option<Arc<Index>>) -> Self {
        let chain = snapshot.chain(scope);
        let complete = chain.iter().all(|folder| snapshot.scope(folder).is_none_or(|scope| scope.is_read()));
        let scopes =
            chain.into_iter().filter_map(|folder| index(snapshot, &folder).map(|index| (folder, index))).collect();
        Self { scopes, dialect: Arc::clone(snapshot.dialect_of(scope)), complete }
    }

    /// The index of the scope itself.
    #[must_use]
    pub fn own(&self) -> Option<&Index> {
        self.scopes.first().map(|(_, index)| &**index)
    }

    /// The folders of these scopes, nearest first.
    pub fn folders(&self) -> impl Iterator<Item = &FilePath> {
        self.scopes.iter().map(|(folder, _)| folder)
    }

    /// The nearest scope that defines `id`, and the spelling there.
    #[must_use]
    pub fn resolve(&self, id: &Id) -> Option<(&FilePath, &Id)> {
        self.scopes.iter().find_map(|(folder, index)| index.defined(id).map(|known| (folder, known)))
    }

    /// Whether the requirement `id` of `scope` has been given up.
    #[must_use]
    pub fn is_withdrawn(&self, scope: &FilePath, id: &Id) -> bool {
        self.index_of(scope).is_some_and(|index| index.is_withdrawn(id))
    }

    /// What a reference means: its id, or for a bare number the one id that has this number.
    #[must_use]
    pub fn meaning(&self, id: &Id, sure: Sure) -> Option<(&FilePath, &Id)> {
        if let Some(found) = self.resolve(id) {
            return Some(found);
        }
        if sure == Sure::Number {
            return self
                .scopes
                .iter()
                .find_map(|(folder, index)| index.with_tail(id.tail()).first().map(|id| (folder, id)));
        }
        if let Some(number) = self.unaliased(id)
            && let Some(found) = self.resolve(&number)
        {
            return Some(found);
        }
        self.resolve(&story_alike(&self.dialect, id)?)
    }

    /// The number that `R3.8` or `REQ-3` stands for; none where the prefix is no other name for `Requirement`.
    #[must_use]
    pub fn unaliased(&self, id: &Id) -> Option<Id> {
        let family = id.family();
        let alias = self.dialect.table.ids.aliases.iter().any(|known| known.eq_ignore_ascii_case(family))
            && id.prefix().trim_end_matches('-').len() == family.len();
        alias.then(|| Id::new(id.tail()))
    }

    /// The children that `id`, as a bare number, has in the scope itself, whatever their letters; none where nothing has that
    /// number.
    #[must_use]
    pub fn numbered_below(&self, id: &Id) -> Option<Children> {
        let (_, index) = self.scopes.first()?;
        let above = index.with_tail(id.tail());
        let mut all = Children::default();
        for children in above.iter().filter_map(|id| index.children(id)) {
            all = all.and(children);
        }
        // What has no heading of its own may have children all the same.
        if above.is_empty() {
            all = index.children_of_number(id.tail()).unwrap_or_default();
        }
        (!above.is_empty() || all != Children::default()).then_some(all)
    }

    /// Whether anything that `id` would be the parent of is defined.
    #[must_use]
    pub fn has_children(&self, id: &Id) -> bool {
        self.scopes.iter().any(|(_, index)| index.children(id).is_some())
    }

    /// How defined ids with the letters of `id` are written.
    #[must_use]
    pub fn kin(&self, id: &Id) -> Option<Kin> {
        let letters = letters(id);
        self.scopes.iter().filter_map(|(_, index)| index.kin(&letters)).reduce(Kin::and)
    }

    /// The defined ids with the letters of `id`, each once.
    #[must_use]
    pub fn alike(&self, id: &Id) -> Vec<&Id> {
        let letters = letters(id);
        self.each_once(|index| index.with_letters(&letters))
    }

    /// The defined ids with the number of `id`, whatever their letters, each once.
    #[must_use]
    pub fn numbered_alike(&self, id: &Id) -> Vec<&Id> {
        self.each_once(|index| index.with_tail(id.tail()))
    }

    fn each_once<'l>(&'l self, of: impl Fn(&'l Index) -> &'l [Id]) -> Vec<&'l Id> {
        let mut seen = FxHashSet::default();
        let all = self.scopes.iter().flat_map(|(_, index)| of(index));
        all.filter(|id| self.scopes.len() == 1 || seen.insert(*id)).collect()
    }

    /// Whether the scope itself numbers criteria or sections without letters.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.own().is_some_and(Index::counts)
    }

    /// Whether something in these scopes begins with `id`, though it defines nothing that is understood.
    #[must_use]
    pub fn is_told(&self, id: &Id) -> bool {
        let number = Some(Id::new(id.tail())).filter(|number| number.parent().is_some());
        self.scopes
            .iter()
            .any(|(_, index)| index.is_told(id) || number.as_ref().is_some_and(|number| index.is_told(number)))
    }

    /// Whether the parent of `id` is defined and none of its children is: they may be there without numbers.
    #[must_use]
    pub fn is_unnumbered(&self, id: &Id) -> bool {
        let Some(parent) = id.parent() else { return false };
        self.meaning(&parent, Sure::Firm).is_some_and(|(_, above)| !self.has_children(above))
    }

    /// The index of the scope in `folder`, if ids are looked for there.
    #[must_use]
    pub fn index_of(&self, folder: &FilePath) -> Option<&Index> {
        self.scopes.iter().find(|(known, _)| known == folder).map(|(_, index)| &**index)
    }

    /// Whether any scope defines an id of this family (upper case).
    #[must_use]
    pub fn defines_family(&self, family: &str) -> bool {
        self.scopes.iter().any(|(_, index)| index.defines_family(family))
    }

    /// Whether any scope defines anything.
    #[must_use]
    pub fn defines_any(&self) -> bool {
        self.scopes.iter().any(|(_, index)| index.defines_any())
    }

    /// Every id that can be referred to, nearest scope first, each once.
    pub fn all_defined(&self) -> impl Iterator<Item = (&FilePath, &Id)> {
        self.scopes.iter().enumerate().flat_map(move |(at, (folder, index))| {
            index
                .all_defined()
                .filter(move |id| !self.scopes[..at].iter().any(|(_, nearer)| nearer.defined(id).is_some()))
                .map(move |id| (folder, id))
        })
    }
}

/// An id at a place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The id as the definition spells it, or as it is written where nothing defines it.
    pub id: Id,
    /// The scope that defines it.
    pub scope: Option<FilePath>,
    /// The text that names it, from the file's start.
    pub span: Span,
    /// What it is there.
    pub role: SymbolRole,
}

/// What an id is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolRole {
    /// The place defines it.
    Definition(Form),
    /// The place refers to it.
    Reference(Kind),
    /// It stands in code or a comment: worth following, never a finding.
    Literal,
}

/// The ids at the byte `offset`: one, or all that a range means.
#[must_use]
pub fn symbols_at(snapshot: &Snapshot, view: &View<'_>, offset: u32) -> Vec<Symbol> {
    let lookup = Lookup::of(snapshot, view.scope);
    let part = view.parts().take_while(|(base, _)| *base <= offset).last();
    let Some((base, facts)) = part else { return Vec::new() };
    let at = offset - base;
    if let Some(definition) =
        facts.definitions.iter().filter(|d| d.place.touches(at)).min_by_key(|d| (d.form.rank(), d.place.len()))
    {
        let id = facts.id(definition.id).clone();
        let known = lookup.own().is_some_and(|index| index.names_of(view.path).is_some_and(|names| names.defines(&id)));
        if known {
            let role = SymbolRole::Definition(definition.form);
            return vec![Symbol { id, scope: Some(view.scope.clone()), span: definition.place.shifted(base), role }];
        }
    }
    let touched = facts.references.iter().filter(|r| {
        let unsure = matches!(r.sure, Sure::Conditional | Sure::Guess);
        r.span.touches(at) && !(unsure && lookup.meaning(facts.id(r.id), r.sure).is_none())
    });
    let Some(best) = touched.clone().map(|r| r.span).min_by_key(|span| (span.len(), span.start)) else {
        return literal_at(snapshot, view, &lookup, offset).into_iter().collect();
    };
    let mut out: Vec<Symbol> = Vec::new();
    for reference in touched.filter(|r| r.span == best) {
        let id = facts.id(reference.id);
        let children = || {
            let below = lookup.all_defined().filter(|(_, known)| known.parent().as_ref() == Some(id));
            let mut below: Vec<(FilePath, Id)> = below.map(|(scope, id)| (scope.clone(), id.clone())).collect();
            below.sort();
            below
        };
        let meant: Vec<(FilePath, Id)> = match reference.reach {
            Reach::Children => children(),
            // `AC-1` means AC-1.1 and its neighbours where it is not defined itself.
            _ => match lookup.meaning(id, reference.sure) {
                Some((scope, id)) => vec![(scope.clone(), id.clone())],
                None => children(),
            },
        };
        let (span, role) = (best.shifted(base), SymbolRole::Reference(reference.kind));
        if meant.is_empty() && reference.reach == Reach::One {
            out.push(Symbol { id: id.clone(), scope: None, span, role });
        }
        out.extend(meant.into_iter().map(|(scope, id)| Symbol { id, scope: Some(scope), span, role }));
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out.dedup();
    out
}

fn literal_at(snapshot: &Snapshot, view: &View<'_>, lookup: &Lookup, offset: u32) -> Option<Symbol> {
    let document = view.document()?;
    if !document.surroundings(offset).is_literal() {
        return None;
    }
    let (line, start) = document.line_at(offset);
    let cursor = (offset - start) as usize;
    let from = line[..cursor.min(line.len())]
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.')))
        .map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
    let token = snapshot.dialect_of(view.path).families.token_at(&line, from)?;
    let id = Id::new(&line[token.start..token.end]);
    let span = Span::new(token.start, token.end).shifted(start);
    let (scope, id) = lookup.resolve(&id).map(|(scope, id)| (scope.clone(), id.clone()))?;
    (token.belief != Belief::Conditional && span.touches(offset)).then_some(Symbol {
        id,
        scope: Some(scope),
        span,
        role: SymbolRole::Literal,
    })
}

/// A definition and the file it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Defined<'a> {
    /// The file.
    pub view: View<'a>,
    /// The part of the file that holds it.
    pub facts: &'a Facts,
    /// Where that part begins.
    pub base: u32,
    /// The definition.
    pub definition: &'a Definition,
}

impl Defined<'_> {
    /// Where the id stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { path: self.view.path.clone(), span: self.definition.place.shifted(self.base) }
    }

    /// The statement's first line.
    #[must_use]
    pub fn title(&self) -> &str {
        self.facts.text(self.definition.title)
    }

    /// All that states the requirement: its block, or for a heading everything up to the next of its level.
    #[must_use]
    pub fn statement(&self) -> Span {
        let body = self.definition.body.shifted(self.base);
        let heads = matches!(
            self.definition.form,
            Form::Heading | Form::Name | Form::Scenario | Form::Numbered | Form::Section
        );
        if !heads {
            return body;
        }
        let sections =
            self.view.parts().flat_map(|(base, facts)| facts.sections.iter().map(move |section| (section, base)));
        let mut from = sections.skip_while(|(section, base)| section.head.shifted(*base).end < body.end);
        // A number may stand at the head of a line as well.
        let Some((own, _)) = from.next().filter(|(own, base)| own.head.shifted(*base).end == body.end) else {
            return body;
        };
        let next = from.find(|(section, _)| section.level <= own.level).map(|(section, base)| section.start + base);
        Span { start: body.start, end: next.unwrap_or(u32::MAX) }
    }
}

/// The definitions of `id` in `scope`, strongest first, then in the order of files and text.
#[must_use]
pub fn definitions_of<'a>(snapshot: &'a Snapshot, scope: &FilePath, id: &Id) -> Vec<Defined<'a>> {
    let Some(index) = snapshot.index(scope) else { return Vec::new() };
    let mut out = Vec::new();
    for (path, used) in index.definers_of(id) {
        let Some(view) = snapshot.view(path) else { continue };
        for (base, facts) in view.parts() {
            let Some(own) = facts.ids.iter().position(|known| known == id) else { continue };
            let same =
                |d: &&Definition| (d.id as usize == own || facts.id(d.id) == id) && Some(d.form.rank()) == used.defined;
            out.extend(facts.definitions.iter().filter(same).map(|definition| Defined {
                view,
                facts,
                base,
                definition,
            }));
        }
    }
    // Where an old wording stands beside the new one, that is meant.
    out.sort_by_key(|found| found.definition.withdrawn);
    out
}

/// What takes the place of the withdrawn requirement `id` of `scope`, as its definitions name it, each once.
#[must_use]
pub fn successors_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Id> {
    let Some(index) = snapshot.index(scope) else { return Vec::new() };
    let mut out: Vec<Id> = Vec::new();
    for (path, _) in index.definers_of(id) {
        for (_, facts) in snapshot.view(path).into_iter().flat_map(|view| view.parts()) {
            // However strong a definition is: a part does not know those of the others.
            for own in facts.ids.iter().enumerate().filter(|(_, known)| *known == id).map(|(own, _)| own) {
                for by in facts.successors_of(narrow(own)).filter(|by| *by != id) {
                    if !out.contains(by) {
                        out.push(by.clone());
                    }
                }
            }
        }
    }
    out
}

/// A reference and the file it stands in.
#[derive(Clone, Debug)]
pub struct Referrer<'a> {
    /// The file.
    pub view: View<'a>,
    /// Where the reference stands.
    pub place: Place,
    /// How it refers.
    pub kind: Kind,
}

/// The nearest requirement above `id` in the tree of ids that `scope` defines.
#[must_use]
pub fn parent_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Option<Id> {
    let index = snapshot.index(scope)?;
    std::iter::successors(id.parent(), Id::parent).find_map(|above| index.defined(&above).cloned())
}

/// The other way of writing the id of a user story: a story's heading writes none, so `US1` and `US-1` both mean it.
fn story_alike(dialect: &Dialect, id: &Id) -> Option<Id> {
    let stories = &dialect.table.ids.stories;
    let story = stories.iter().any(|family| family.eq_ignore_ascii_case(id.family()));
    story.then(|| id.hyphenated().unwrap_or_else(|| Id::new(&format!("{}{}", id.family(), id.tail()))))
}

/// The ways in which `id` of `scope` may be named, itself first: by the parent of a wildcard, as a bare number, by an alias.
pub(crate) fn spellings_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Id> {
    let number = Id::new(id.tail());
    let dialect = snapshot.dialect_of(scope);
    let names = dialect.table.ids.aliases.iter().filter(|_| id.family().is_empty());
    let aliases = names.flat_map(|name| [Id::new(&format!("{name}{id}")), Id::new(&format!("{name}-{id}"))]);
    std::iter::once(id.clone())
        .chain(id.parent())
        .chain(Some(number).filter(|number| number != id))
        .chain(aliases)
        .chain(story_alike(dialect, id))
        .collect()
}

/// The references to `id` of `scope`, from every scope that looks ids up there, in the order of files and text.
#[must_use]
pub fn references_to<'a>(snapshot: &'a Snapshot, scope: &FilePath, id: &Id) -> Vec<Referrer<'a>> {
    let mut out = Vec::new();
    let Some(index) = snapshot.index(scope).filter(|index| index.defined(id).is_some()) else { return out };
    let spellings = spellings_of(snapshot, scope, id);
    for user in snapshot.scopes_naming(scope, &spellings) {
        if user == scope {
            let lookup = Lookup::of(snapshot, user);
            let mut files: Vec<&FilePath> = spellings.iter().flat_map(|id| index.users_of(id)).collect();
            files.sort();
            files.dedup();
            let views = files.into_iter().filter_map(|path| snapshot.view(path));
            let asked = Asked { id, spellings: &spellings, lookup: OnceCell::from(lookup), restated: false };
            views.for_each(|view| asked.collect(snapshot, view, &mut out));
            continue;
        }
        // Most scopes that name an id of another define none of that name, and need no index to say so.
        let asked = Asked { id, spellings: &spellings, lookup: OnceCell::new(), restated: false };
        let hidden = snapshot.is_defined_before(user, scope, id)
            && asked.lookup(snapshot, user).resolve(id).is_none_or(|(found, _)| found != scope);
        // A change that states the requirement anew still names the one that it changes.
        if hidden && snapshot.layout().base_of(user, snapshot.dialect()).as_ref() != Some(scope) {
            continue;
        }
        let asked = Asked { restated: hidden, ..asked };
        let files = snapshot.scope(user).into_iter().flat_map(|scope| scope.files());
        files.filter_map(|path| snapshot.view(path)).for_each(|view| asked.collect(snapshot, view, &mut out));
    }
    out
}

/// An id whose references are looked for in the files of one scope.
struct Asked<'q> {
    id: &'q Id,
    spellings: &'q [Id],
    /// Made only where the spelling alone does not tell what is meant.
    lookup: OnceCell<Lookup>,
    /// Whether the scope states the requirement anew.
    restated: bool,
}

impl Asked<'_> {
    fn lookup(&self, snapshot: &Snapshot, scope: &FilePath) -> &Lookup {
        self.lookup.get_or_init(|| Lookup::once(snapshot, scope))
    }

    fn collect<'a>(&self, snapshot: &'a Snapshot, view: View<'a>, out: &mut Vec<Referrer<'a>>) {
        for (base, facts) in view.parts() {
            let known: Vec<(usize, &Id)> =
                facts.ids.iter().enumerate().filter(|(_, known)| self.spellings.contains(known)).collect();
            if known.is_empty() {
                continue;
            }
            for reference in facts.references.iter().filter(|it| !self.restated || it.kind == Kind::Delta) {
                let Some((_, written)) = known.iter().find(|(at, _)| *at == reference.id as usize) else { continue };
                let means = match reference.reach {
                    Reach::Children => Some(*written) == self.id.parent().as_ref(),
                    _ if *written == self.id => true,
                    _ if self.restated => false,
                    _ => {
                        let meant = self.lookup(snapshot, view.scope).meaning(written, reference.sure);
                        meant.is_some_and(|(_, meant)| meant == self.id)
                    }
                };
                if means {
                    let place = Place { path: view.path.clone(), span: reference.span.shifted(base) };
                    out.push(Referrer { view, place, kind: reference.kind });
                }
            }
        }
    }
}

/// Something that serves a requirement: a section of a plan, or a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Where its heading or first line stands.
    pub place: Place,
    /// Its title, with a task's number before it.
    pub title: String,
    /// A task's state; none for a section.
    pub state: Option<State>,
}

/// The plan sections and the tasks that serve `id` of `scope`, each once, in the order of files and text.
#[must_use]
pub fn coverage_of(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<Server> {
    let mut out: Vec<Server> = Vec::new();
    let mut known: FxHashSet<(&FilePath, Span)> = FxHashSet::default();
    for referrer in references_to(snapshot, scope, id) {
        let serves = match referrer.view.role {
            Role::Tasks => task_at(&referrer.view, referrer.place.span.start)
                .or_else(|| section_at(&referrer.view, referrer.place.span.start)),
            Role::Plan if referrer.kind == Kind::Trace => section_at(&referrer.view, referrer.place.span.start),
            _ => None,
        };
        if let Some(server) = serves
            && known.insert((referrer.view.path, server.place.span))
        {
            out.push(server);
        }
    }
    out
}

/// The innermost task around a byte.
#[must_use]
pub fn task_at(view: &View<'_>, offset: u32) -> Option<Server> {
    let (base, facts) = view.parts().rfind(|(base, _)| *base <= offset)?;
    let task = facts.task_at(offset - base)?;
    let (number, title) = (facts.text(task.number), facts.text(task.title));
    let title = if number.is_empty() { title.to_string() } else { format!("{number} {title}") };
    Some(Server {
        place: Place { path: view.path.clone(), span: task.head.shifted(base) },
        title,
        state: Some(task.state),
    })
}

/// The section around a byte.
#[must_use]
pub fn section_at(view: &View<'_>, offset: u32) -> Option<Server> {
    let before = view.parts().rev().skip_while(|(base, _)| *base > offset);
    let mut sections = before.filter_map(|(base, facts)| {
        let at = facts.sections.partition_point(|section| section.head.start + base <= offset).checked_sub(1)?;
        Some((&facts.sections[at], base, facts))
    });
    let (section, base, facts) = sections.next()?;
    Some(Server {
        place: Place { path: view.path.clone(), span: section.head.shifted(base) },
        title: facts.text(section.title).to_string(),
        state: None,
    })
}
