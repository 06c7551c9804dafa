//! Split: one requirement becomes several. What traces it traces all of them, for the author to thin out.

use super::rename::moves::last_part;
use super::retire::{Retirement, retire};
use super::retrace::{NamedAt, Retrace};
use super::shape::shaped;
use super::steps::Steps;
use crate::edit::{Edit, Proposal, Refusal};
use crate::feature::Source;
use crate::feature::source::FileText;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::definitions_of;
use crate::text::{Encoding, Span};
use crate::world::Snapshot;

/// The edits that define what of `into` is new behind `id` of `scope`, in its shape, and name all of `into` where `id` was
/// traced; and the places that named it. If `id` is not among `into`, it is given up.
///
/// # Errors
/// Why nothing is split.
pub fn split(
    snapshot: &Snapshot,
    source: &dyn Source,
    scope: &FilePath,
    id: &Id,
    into: &[Id],
    reason: &str,
) -> Result<(Proposal, Vec<NamedAt>), Refusal> {
    let new: Vec<&Id> = into.iter().filter(|it| *it != id).collect();
    if new.is_empty() {
        return Err(Refusal(format!("`{id}` is split into nothing new · name another id")));
    }
    for (at, it) in new.iter().enumerate() {
        if let Some(known) = definitions_of(snapshot, scope, it).first() {
            let line = known.view.position(known.place().span.start, Encoding::Utf8).line + 1;
            let place = format!("{}:{line}", snapshot.display_path(known.view.path));
            return Err(Refusal(format!("`{it}` is already defined in {place} · choose another id")));
        }
        if new[..at].contains(it) {
            return Err(Refusal(format!("`{it}` is named twice")));
        }
        let is_id =
            it.prefix().eq_ignore_ascii_case(id.prefix()) && !last_part(it).is_empty() && it.parent() == id.parent();
        if !is_id {
            return Err(Refusal(format!(
                "`{it}` cannot stand beside `{id}` · an id such as it differs in its last number alone"
            )));
        }
    }
    let mut steps = Steps::of(snapshot, source);
    let mut behind = id.clone();
    for it in &new {
        let defined = define(steps.snapshot(), &steps, scope, &behind, it)?;
        steps.take(&defined)?;
        let known = steps.snapshot().index(scope).is_some_and(|index| index.defined(it).is_some());
        if !known {
            return Err(Refusal(format!("`{it}` cannot be defined in the shape of `{id}`; nothing was changed")));
        }
        behind = (*it).clone();
    }
    if !into.contains(id) {
        let what = Retirement { scope, id, reason, successors: into };
        let given_up = retire(steps.snapshot(), &steps, &what)?;
        steps.take(&given_up)?;
    }
    let from = [id.clone()];
    let retrace = Retrace {
        snapshot: steps.snapshot(),
        source: &steps,
        home: scope,
        from: &from,
        to: into,
        prose: false,
        bare: true,
    };
    let (named, places) = retrace.propose()?;
    steps.take(&named)?;
    Ok((steps.end(), places))
}

/// The edits that define `id` right behind `before`.
fn define(
    snapshot: &Snapshot,
    source: &dyn Source,
    scope: &FilePath,
    before: &Id,
    id: &Id,
) -> Result<Proposal, Refusal> {
    let none = || Refusal(format!("`{before}` is not written so that another could stand behind it"));
    let defined = definitions_of(snapshot, scope, before).into_iter().next().ok_or_else(none)?;
    let text = FileText::of(snapshot, source, &defined.view)?;
    let shape = shaped(&text, &defined, id, true).ok_or_else(none)?;
    let gap = if shape.apart { shape.newline.repeat(2) } else { shape.newline.to_string() };
    let at = Span { start: shape.neighbour.end, ..shape.neighbour };
    let written = Edit { span: at, text: format!("{gap}{}", shape.text) };
    Ok(Proposal::of_file(defined.view.path, std::iter::once(written).chain(shape.marks).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts, files, proposed, world};

    const SPEC: &str = "//- a/spec.md\n# S\n\n1. **FR-1**: a\n2. **FR-2**: b\n3. **FR-5**: c\n";

    fn done(fixture: &str, id: &str, into: &[&str]) -> (String, Vec<String>) {
        let (world, texts) = (world(fixture), files(fixture));
        let snapshot = world.snapshot();
        let into: Vec<Id> = into.iter().map(|id| Id::new(id)).collect();
        match split(&snapshot, &Texts(texts.clone()), &FilePath::new("/w/a"), &Id::new(id), &into, "") {
            Ok((proposal, places)) => {
                let line = |it: &NamedAt| format!("{}:{}", it.path.relative_to("/w"), it.line + 1);
                (proposed(&texts, &proposal), places.iter().map(line).collect())
            }
            Err(why) => (why.to_string(), Vec::new()),
        }
    }

    #[test]
    fn what_traced_it_traces_all_and_is_listed() {
        let tasks = "//- a/tasks.md\n- [ ] 1. T, see FR-2\n  - _Requirements: FR-2, FR-5_\n- [ ] 2. U\n  - Requirements: **FR-2**\n- [ ] 3. V\n  - _Requirements: FR-1–FR-2_\n";
        let (after, places) = done(&format!("{SPEC}{tasks}"), "FR-2", &["FR-2", "FR-3", "FR-4"]);
        assert_eq!(
            after,
            "//- a/spec.md\n# S\n\n1. **FR-1**: a\n2. **FR-2**: b\n3. **FR-3**: The system SHALL …\n4. **FR-4**: The system SHALL …\n5. **FR-5**: c\n//- a/tasks.md\n- [ ] 1. T, see FR-2\n  - _Requirements: FR-2, FR-3, FR-4, FR-5_\n- [ ] 2. U\n  - Requirements: **FR-2**, **FR-3**, **FR-4**\n- [ ] 3. V\n  - _Requirements: FR-1–FR-2, FR-3, FR-4_\n"
        );
        assert_eq!(places, ["a/tasks.md:1", "a/tasks.md:2", "a/tasks.md:4", "a/tasks.md:6"]);
    }

    #[test]
    fn what_goes_on_as_none_of_them_is_given_up() {
        let tasks = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-2_\n";
        let (after, _) = done(&format!("{SPEC}{tasks}"), "FR-2", &["FR-3", "FR-4"]);
        assert!(after.contains("2. ~~**FR-2**: b~~ Superseded by FR-3 and FR-4.\n3. **FR-3**: The"), "{after}");
        assert!(after.ends_with("_Requirements: FR-3, FR-4_\n"), "{after}");
    }

    #[test]
    fn marks_around_the_whole_line_of_the_neighbour_are_closed() {
        for (line, new) in [
            ("**FR-2: Lock accounts**", "**FR-3: The system SHALL …**"),
            ("- **FR-2**: lock", "- **FR-3**: The system SHALL …"),
            ("- **FR-2:** lock", "- **FR-3:** The system SHALL …"),
            ("- *FR-2 lock*", "- *FR-3 The system SHALL …*"),
            ("- **FR-2 Locks**: lock", "- **FR-3 New requirement**: The system SHALL …"),
        ] {
            let (after, _) = done(&format!("//- a/spec.md\n# S\n\n{line}\n"), "FR-2", &["FR-2", "FR-3"]);
            assert!(after.contains(&format!("{new}\n")), "{line}: {after}");
        }
    }

    #[test]
    fn a_trace_line_that_names_bare_numbers_goes_on_to() {
        let spec = "//- a/requirements.md\n# S\n\n### REQ-1: One\n\nText.\n\n### REQ-2: Two\n\nText.\n";
        let tasks = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1, 2_\n";
        let (after, _) = done(&format!("{spec}{tasks}"), "REQ-2", &["REQ-2", "REQ-3"]);
        assert!(after.ends_with("_Requirements: 1, 2, 3_\n"), "{after}");
    }

    #[test]
    fn what_cannot_be_split_says_why() {
        let told = |into: &[&str]| done(SPEC, "FR-2", into).0;
        assert_eq!(told(&["FR-2"]), "`FR-2` is split into nothing new · name another id");
        assert_eq!(told(&["FR-2", "FR-5"]), "`FR-5` is already defined in a/spec.md:5 · choose another id");
        assert_eq!(told(&["FR-7", "FR-7"]), "`FR-7` is named twice");
        assert!(told(&["FR-2.1"]).starts_with("`FR-2.1` cannot stand beside `FR-2`"));
    }
}
