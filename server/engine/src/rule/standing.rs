//! What is known of each id that a part names: found out once, however many rules ask and however often the id is written.

use super::Check;
use crate::facts::Facts;
use std::cell::RefCell;

/// What the spelling of an id tells of it, without what it may mean otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whether it is defined as it is written, in any case.
    pub(super) defined: bool,
    /// Whether its definition writes it in another case.
    pub(super) otherwise: bool,
    /// Whether it has been given up.
    pub(super) withdrawn: bool,
}

/// The standings of the ids of one part, which its address tells.
#[derive(Debug, Default)]
pub(super) struct Standings(RefCell<(usize, Vec<Option<Standing>>)>);

impl Check<'_> {
    /// The standing of an id of the part, an index into [`Facts::ids`].
    pub(super) fn standing(&self, facts: &Facts, id: u32) -> Standing {
        let part = std::ptr::from_ref(facts) as usize;
        let (of, known) = &mut *self.standings.0.borrow_mut();
        if *of != part {
            *of = part;
            known.clear();
            known.resize(facts.ids.len(), None);
        }
        *known[id as usize].get_or_insert_with(|| {
            let id = facts.id(id);
            self.lookup.standing(id).map_or_else(Standing::default, |(known, withdrawn)| Standing {
                defined: true,
                otherwise: known.as_str() != id.as_str(),
                withdrawn,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::query::Lookup;

    #[test]
    fn an_id_stands_as_its_definition_says_in_each_part() {
        let mut world =
            world("//- a/spec.md\n- **FR-1**: One\n- ~~**FR-2**: Two~~ Superseded by FR-1.\n//- a/tasks.md\n");
        let path = FilePath::new("/w/a/tasks.md");
        world.open(&path, 1, "# T\n\n_Requirements: FR-9, FR-2_\n\n## U\n\n_Requirements: fr-1, FR-9, FR-1_\n");
        let snapshot = world.snapshot();
        let view = snapshot.view(&path).unwrap();
        let check = Check::new(&snapshot, view, Lookup::of(&snapshot, view.scope));
        let mut told = Vec::new();
        for (_, facts) in view.parts() {
            for reference in &facts.references {
                let Standing { defined, otherwise, withdrawn } = check.standing(facts, reference.id);
                told.push((facts.id(reference.id).to_string(), defined, otherwise, withdrawn));
            }
        }
        let told: Vec<_> = told.iter().map(|it| (it.0.as_str(), it.1, it.2, it.3)).collect();
        assert_eq!(
            told,
            [
                ("FR-9", false, false, false),
                ("FR-2", true, false, true),
                ("fr-1", true, true, false),
                ("FR-9", false, false, false),
                ("FR-1", true, false, false),
            ]
        );
    }
}
