//! Marking a requirement as reviewed: a line of the lock, which the editor writes.

use super::offer::{Deed, Kind, Offer, Place};
use crate::edit::{LineEdits, Proposal, Refusal};
use crate::id::Id;
use crate::path::FilePath;
use crate::query::symbols_at;
use crate::review::{stating, suspect, wording_of};
use crate::review_lock::{Lock, NAME, line_edits, scope_name};
use crate::rule;
use crate::world::View;

/// A range over more requirements than this is reviewed one by one.
const MOST: usize = 8;

/// Offers it for requirements in the span that say something else than when they were reviewed, and for one that is named
/// there.
pub(super) fn offer(place: Place<'_>, view: &View<'_>, out: &mut Vec<Offer>) {
    if place.snapshot.reviews_of(place.path).is_none() {
        return;
    }
    let new = |scope: &FilePath, id: &Id| {
        let deed = Deed::Review(scope.clone(), id.clone());
        Offer::new(format!("Mark `{id}` as reviewed"), Kind::QuickFix, deed)
    };
    for (id, finding) in rule::suspects_in(place.snapshot, place.path, place.span) {
        let mut offer = new(view.scope, &id);
        offer.mends = Some(finding);
        out.push(offer);
    }
    let named = if place.span.is_empty() { symbols_at(place.snapshot, view, place.span.start) } else { Vec::new() };
    for symbol in named.iter().take(MOST) {
        let Some(scope) = &symbol.scope else { continue };
        let known = |offer: &Offer| matches!(&offer.deed, Deed::Review(own, id) if own == scope && *id == symbol.id);
        if !out.iter().any(known)
            && suspect(place.snapshot, scope, &symbol.id, |path| place.source.text(path)).is_some()
        {
            out.push(new(scope, &symbol.id));
        }
    }
}

/// The line of the lock that says so.
///
/// # Errors
/// Why the lock cannot say it.
pub(super) fn review(place: Place<'_>, scope: &FilePath, id: &Id) -> Result<Proposal, Refusal> {
    let Place { snapshot, source, .. } = place;
    let gone = || Refusal(format!("there is no {NAME} any more, so nothing was changed"));
    let (folder, _) = snapshot.reviews_of(scope).ok_or_else(gone)?;
    let path = FilePath::new(&format!("{}/{NAME}", folder.as_str().trim_end_matches('/')));
    // What is on disk is edited, which may be newer than what is in force.
    let text = source.text(&path).ok_or_else(gone)?;
    let lock = Lock::decode(&text).map_err(|broken| Refusal(format!("{NAME}: {}", broken.message)))?;
    let defined = stating(snapshot, scope, id).ok_or_else(|| Refusal(format!("`{id}` is not defined any more")))?;
    let file = defined.view.path;
    let wording = wording_of(&defined, || source.text(file));
    let wording = wording.ok_or_else(|| crate::feature::source::changed(snapshot.display_path(file)))?;
    let edits = line_edits(&text, &lock, scope_name(scope, folder), id, &wording);
    Ok(Proposal { lines: vec![LineEdits { path, edits }], ..Proposal::default() })
}

#[cfg(test)]
mod tests {
    use super::super::{actions, perform};
    use super::*;
    use crate::edit::LineEdits;
    use crate::fixture::{Texts, cursor, files};
    use crate::settings::Settings;
    use crate::text::Span;
    use crate::wording::Wording;
    use std::sync::Arc;

    const SPEC: &str = "//- a/spec.md\n# S\n\n- **FR-1**: Lock after 5 tries\n- **FR-2**: Tell it\n//- a/tasks.md\n- [x] 1. T\n  - _Requirements: FR-1, FR-2_\n";

    /// The edits of an action, or why there are none.
    type Done = Option<Result<Vec<LineEdits>, String>>;

    /// What is offered at the cursor, as title and whether it mends a finding, and the edits of the first.
    fn offered(fixture: &str, on_disk: &str) -> (Vec<(String, bool)>, Done) {
        let (mut world, path, offset) = cursor(fixture);
        let mut lock = Lock::default();
        lock.put("a", &Id::new("FR-1"), Wording::of("**FR-1**: Lock after 3 tries"));
        lock.put("a", &Id::new("FR-2"), Wording::of("**FR-2**: Tell it"));
        let text = lock.encode("\n");
        let texts = [(FilePath::new("/w/traceline-review.lock"), text.clone() + on_disk)];
        let texts = Texts(files(&fixture.replace("$0", "")).into_iter().chain(texts).collect());
        let lock = Lock::decode(&text).expect("it was just written");
        let reviews = [(FilePath::new("/w"), Arc::new(lock))].into();
        world.set_settings(Settings { reviews, ..Settings::default() });
        let snapshot = world.snapshot();
        let place = Place { snapshot: &snapshot, source: &texts, path: &path, span: Span::at(offset as usize) };
        let mut offers = actions(place, Some(&["quickfix"]), true);
        offers.retain(|it| it.title.starts_with("Mark"));
        let done = offers.first().map(|it| perform(place, &it.deed).map(|it| it.lines).map_err(|why| why.to_string()));
        (offers.into_iter().map(|it| (it.title, it.mends.is_some())).collect(), done)
    }

    #[test]
    fn it_is_offered_where_the_requirement_stands_and_where_it_is_traced() {
        let title = "Mark `FR-1` as reviewed".to_string();
        let (offers, edits) = offered(&SPEC.replace("- **FR-1", "- **FR-$01"), "");
        assert_eq!(offers, [(title.clone(), true)]);
        let edits = edits.expect("it was offered").expect("it can be done");
        assert_eq!(edits[0].path.as_str(), "/w/traceline-review.lock");
        let wording = Wording::of("**FR-1**: Lock after 5 tries");
        let line = format!("a\tFR-1\t{}\t{}\n", wording.fingerprint(), wording.as_str());
        assert_eq!(edits[0].edits, [(2..3, line)]);
        let (offers, again) = offered(&SPEC.replace("s: FR-1", "s: FR-$01"), "");
        assert_eq!((offers, again.and_then(Result::ok)), (vec![(title, false)], Some(edits)));
        assert_eq!(offered(&SPEC.replace("s: FR-1, FR-2", "s: FR-1, FR-$02"), ""), (vec![], None));
        assert_eq!(offered(&SPEC.replace("Tell it", "Tell $0it"), ""), (vec![], None));
    }

    #[test]
    fn a_lock_that_cannot_be_read_any_more_is_not_edited() {
        let (_, edits) = offered(&SPEC.replace("- **FR-1", "- **FR-$01"), "<<<<<<< HEAD\n");
        let why = edits.expect("it was offered").expect_err("nothing is proposed");
        assert!(why.starts_with("traceline-review.lock: git has left a conflict"), "{why}");
    }
}
