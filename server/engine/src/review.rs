//! Reviews: what a requirement says beside what it said when somebody looked at what traces it.

use crate::dialect::Role;
use crate::facts::{Definition, Form};
use crate::id::Id;
use crate::index::{Index, Use};
use crate::path::FilePath;
use crate::query::{Defined, definitions_of, statements_in, states};
use crate::review_lock::{Lock, Review, holds, scope_name};
use crate::wording::Wording;
use crate::world::{Snapshot, View};

/// What states `id` of `scope`, where it is defined several times the first of them, and an old wording beside a new one
/// last; none where it is given up.
#[must_use]
pub fn stating<'a>(snapshot: &'a Snapshot, scope: &FilePath, id: &Id) -> Option<Defined<'a>> {
    let first = definitions_of(snapshot, scope, id).into_iter().find(|it| states(it.definition));
    first.filter(|it| !it.definition.withdrawn)
}

/// Whether anything states `id` of `scope` that is not given up; no file is looked at for it.
fn is_stated(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> bool {
    let states = |used: &Use| !used.withdrawn && used.defined.is_some_and(|rank| rank < Form::Rendered.rank());
    snapshot.index(scope).is_some_and(|index| index.definers_of(id).iter().any(|(_, used)| states(used)))
}

/// Whether `definition`, which states `id` in a file of `scope`, is the one that counts.
#[must_use]
pub fn counts(snapshot: &Snapshot, scope: &FilePath, id: &Id, definition: &Definition) -> bool {
    let alone = |index: &Index| {
        let definers = index.definers_of(id);
        matches!(definers[..], [(_, used)] if used.definitions == 1 && used.defined == Some(definition.form.rank()))
    };
    if snapshot.index(scope).is_some_and(|index| alone(&index)) {
        return !definition.withdrawn;
    }
    stating(snapshot, scope, id).is_some_and(|first| std::ptr::eq(first.definition, definition))
}

/// What `defined`, which states a requirement, says in its file; `text` is asked only where that is not open. None where the
/// file is not any more what was read.
pub fn wording_of(defined: &Defined<'_>, text: impl FnOnce() -> Option<String>) -> Option<Wording> {
    let statements = statements_in(&defined.view);
    let own = statements.iter().find(|it| std::ptr::eq(it.defined.definition, defined.definition))?;
    let text = match own.open_text() {
        Some(text) => text,
        None => own.text(&text().filter(|text| defined.view.is_as_read(text))?),
    };
    Some(own.wording(&text))
}

/// A requirement that says something else than when it was reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// What it said.
    pub was: Wording,
    /// What it says.
    pub now: Wording,
}

/// Whether `id` of `scope` has changed since it was reviewed. `text` gives the text of its file where that is not open.
pub fn suspect(
    snapshot: &Snapshot,
    scope: &FilePath,
    id: &Id,
    text: impl FnOnce(&FilePath) -> Option<String>,
) -> Option<Suspect> {
    let (folder, lock) = snapshot.reviews_of(scope)?;
    let reviews = lock.of(scope_name(scope, folder), id);
    let last = reviews.last()?;
    let defined = stating(snapshot, scope, id)?;
    let now = wording_of(&defined, || text(defined.view.path))?;
    (!holds(reviews, now.fingerprint())).then(|| Suspect { was: last.wording.clone(), now })
}

/// A requirement that can be reviewed.
#[derive(Clone, Debug)]
pub struct Requirement<'a> {
    /// What states it.
    pub defined: Defined<'a>,
    /// Its id.
    pub id: &'a Id,
    /// What it says.
    pub wording: Wording,
}

/// How a requirement stands to its review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has reviewed it.
    New,
    /// It says what it said.
    Reviewed,
    /// It says something else.
    Suspect,
}

impl Requirement<'_> {
    /// How it stands to `reviews`, which are its own.
    #[must_use]
    pub fn standing(&self, reviews: &[Review]) -> Standing {
        match reviews {
            [] => Standing::New,
            _ if holds(reviews, self.wording.fingerprint()) => Standing::Reviewed,
            _ => Standing::Suspect,
        }
    }
}

/// The requirements that a file states, in the order of its text; `text` is asked only where it is not open and states any.
/// None where that is not any more what was read.
pub fn requirements_in<'a>(
    snapshot: &'a Snapshot,
    view: &View<'a>,
    text: impl FnOnce() -> Option<String>,
) -> Option<Vec<Requirement<'a>>> {
    let statements = statements_in(view);
    let form = view.role == Role::Template || snapshot.settings_of(view.path).template_files.contains_key(view.path);
    if statements.is_empty() || form {
        return Some(Vec::new());
    }
    let text = match view.document() {
        Some(_) => None,
        None => Some(text().filter(|text| view.is_as_read(text))?),
    };
    let mut out = Vec::new();
    for statement in statements {
        let Defined { facts, definition, .. } = statement.defined;
        let id = facts.id(definition.id);
        if definition.withdrawn || !counts(snapshot, view.scope, id, definition) {
            continue;
        }
        let Some(own) = statement.open_text().or_else(|| text.as_deref().map(|it| statement.text(it))) else {
            continue;
        };
        out.push(Requirement { defined: statement.defined, id, wording: statement.wording(&own) });
    }
    Some(out)
}

/// The entries of the lock of `folder` that nothing states any more, or that are given up, of scopes that `wanted` accepts:
/// scope and id.
#[must_use]
pub fn stale(
    snapshot: &Snapshot,
    folder: &FilePath,
    lock: &Lock,
    wanted: &dyn Fn(&FilePath) -> bool,
) -> Vec<(FilePath, Id)> {
    let scope_of = |name: &str| match name {
        "." => folder.clone(),
        name => FilePath::new(&format!("{}/{name}", folder.as_str().trim_end_matches('/'))),
    };
    let all = lock.all().filter(|(.., reviews)| !reviews.is_empty()).map(|(name, id, _)| (scope_of(name), id.clone()));
    all.filter(|(scope, id)| wanted(scope) && !is_stated(snapshot, scope, id)).collect()
}
