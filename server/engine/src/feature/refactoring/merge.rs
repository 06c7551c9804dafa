//! Merge: several requirements become one. The others are given up, and what names them names the one that is left.

use super::retire::{Retirement, retire};
use super::retrace::{NamedAt, Retrace};
use super::steps::Steps;
use crate::edit::{Proposal, Refusal};
use crate::feature::Source;
use crate::id::Id;
use crate::path::FilePath;
use crate::world::Snapshot;

/// The edits that let `into` of `scope` take the place of `ids`, and the places that named these. What states them stays,
/// given up, for the author to take over what `into` lacks.
///
/// # Errors
/// Why nothing is merged.
pub fn merge(
    snapshot: &Snapshot,
    source: &dyn Source,
    scope: &FilePath,
    ids: &[Id],
    into: &Id,
    reason: &str,
) -> Result<(Proposal, Vec<NamedAt>), Refusal> {
    let from: Vec<Id> = ids.iter().filter(|id| *id != into).cloned().collect();
    if from.is_empty() {
        return Err(Refusal(format!("`{into}` is merged with nothing · name the others too")));
    }
    let mut steps = Steps::of(snapshot, source);
    let to = [into.clone()];
    for id in &from {
        let what = Retirement { scope, id, reason, successors: &to };
        let given_up = retire(steps.snapshot(), &steps, &what)?;
        steps.take(&given_up)?;
    }
    let retrace = Retrace {
        snapshot: steps.snapshot(),
        source: &steps,
        home: scope,
        from: &from,
        to: &to,
        prose: true,
        bare: true,
    };
    let (named, places) = retrace.propose()?;
    steps.take(&named)?;
    Ok((steps.end(), places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts, files, proposed, world};

    const SPEC: &str = "//- a/spec.md\n# S\n\n- **FR-1**: a\n- **FR-2**: b, see FR-3\n- **FR-3**: c\n- **FR-4**: d\n";

    fn done(fixture: &str, ids: &[&str], into: &str) -> (String, Vec<String>) {
        let (world, texts) = (world(fixture), files(fixture));
        let snapshot = world.snapshot();
        let ids: Vec<Id> = ids.iter().map(|id| Id::new(id)).collect();
        let scope = FilePath::new("/w/a");
        match merge(&snapshot, &Texts(texts.clone()), &scope, &ids, &Id::new(into), "") {
            Ok((proposal, places)) => {
                let line = |it: &NamedAt| format!("{}:{}", it.path.relative_to("/w"), it.line + 1);
                (proposed(&texts, &proposal), places.iter().map(line).collect())
            }
            Err(why) => (why.to_string(), Vec::new()),
        }
    }

    #[test]
    fn what_named_either_names_the_one_that_is_left() {
        let tasks = "//- a/tasks.md\n- [ ] 1. T, see FR-2\n  - _Requirements: FR-1, FR-2, FR-3_\n- [ ] 2. U\n  - Requirements: **FR-3**, **FR-4**\n- [ ] 3. V\n  - _Requirements: FR-1–FR-4_\n- [ ] 4. W\n  - _Requirements: FR-4_\n";
        let (after, places) = done(&format!("{SPEC}{tasks}"), &["FR-2", "FR-3"], "FR-1");
        assert_eq!(
            after,
            "//- a/spec.md\n# S\n\n- **FR-1**: a\n- ~~**FR-2**: b, see FR-3~~ Superseded by FR-1.\n- ~~**FR-3**: c~~ Superseded by FR-1.\n- **FR-4**: d\n//- a/tasks.md\n- [ ] 1. T, see FR-1\n  - _Requirements: FR-1_\n- [ ] 2. U\n  - Requirements: **FR-1**, **FR-4**\n- [ ] 3. V\n  - _Requirements: FR-1–FR-4_\n- [ ] 4. W\n  - _Requirements: FR-4_\n"
        );
        assert_eq!(places, ["a/tasks.md:1", "a/tasks.md:2", "a/tasks.md:4", "a/tasks.md:6"]);
    }

    #[test]
    fn what_cannot_be_merged_says_why() {
        let told = |ids: &[&str], into: &str| done(SPEC, ids, into).0;
        assert_eq!(told(&["FR-1"], "FR-1"), "`FR-1` is merged with nothing · name the others too");
        assert_eq!(told(&["FR-1"], "FR-9"), "`FR-9` is not defined in a");
        let below = "//- a/spec.md\n### FR-1: In\n\n- **FR-1.1**: a\n";
        assert_eq!(done(below, &["FR-1"], "FR-1.1").0, "`FR-1.1` belongs to `FR-1`, and would be given up with it");
    }
}
