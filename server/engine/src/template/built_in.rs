//! The templates that come with the program.

use super::reader::read;
use super::schema::Schema;
use crate::dialect::Dialect;
use std::sync::{Arc, OnceLock};

/// The templates that come with the program, by the names that dialects call them.
const BUILT_IN: [(&str, &str); 12] = [
    ("spec.md", include_str!("../../templates/spec.md")),
    ("plan.md", include_str!("../../templates/plan.md")),
    ("tasks.md", include_str!("../../templates/tasks.md")),
    ("spec-kit/spec.md", include_str!("../../templates/spec-kit/spec.md")),
    ("spec-kit/plan.md", include_str!("../../templates/spec-kit/plan.md")),
    ("spec-kit/tasks.md", include_str!("../../templates/spec-kit/tasks.md")),
    ("kiro/requirements.md", include_str!("../../templates/kiro/requirements.md")),
    ("kiro/design.md", include_str!("../../templates/kiro/design.md")),
    ("kiro/tasks.md", include_str!("../../templates/kiro/tasks.md")),
    ("openspec/spec.md", include_str!("../../templates/openspec/spec.md")),
    ("openspec/design.md", include_str!("../../templates/openspec/design.md")),
    ("openspec/tasks.md", include_str!("../../templates/openspec/tasks.md")),
];

/// The built-in template called `name`, such as `plan.md` or `kiro/design.md`.
#[must_use]
pub fn built_in(name: &str) -> Option<&'static Arc<Schema>> {
    // Most workspaces need three of them.
    static READ: [OnceLock<Arc<Schema>>; BUILT_IN.len()] = [const { OnceLock::new() }; BUILT_IN.len()];
    let at = BUILT_IN.iter().position(|(known, _)| *known == name)?;
    Some(READ[at].get_or_init(|| Arc::new(read(BUILT_IN[at].1, &Dialect::home()).0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_templates_are_without_mistake() {
        let home = Dialect::home();
        for (name, text) in BUILT_IN {
            let (schema, mistakes) = read(text, &home);
            assert_eq!(mistakes, [], "{name}");
            assert!(!schema.slots.is_empty() && !schema.hints.is_empty(), "{name}");
        }
    }

    #[test]
    fn each_dialect_names_templates_that_there_are() {
        for path in
            ["a/spec.md", ".kiro/specs/a/design.md", "specs/001-a/plan.md", "openspec/specs/a/spec.md", "prd.md"]
        {
            let home = Dialect::home();
            let names = &home.at(path).table.templates;
            for name in [&names.spec, &names.plan, &names.tasks].into_iter().filter(|name| !name.is_empty()) {
                assert!(built_in(name).is_some(), "{path}: {name}");
            }
        }
    }

    #[test]
    fn the_plan_asks_for_what_a_plan_holds() {
        let plan = built_in("plan.md").unwrap();
        let slots = |depth| plan.slots.iter().filter(move |slot| slot.depth == depth);
        assert_eq!((slots(1).count(), slots(2).count()), (9, 19));
        let traced: Vec<_> =
            plan.slots.iter().filter(|slot| slot.trace.is_some()).map(|slot| slot.heading.shown()).collect();
        assert_eq!(
            traced,
            [
                "Architecture Overview",
                "Technology Stack",
                "Performance Requirements",
                "Security Considerations",
                "Component Architecture",
                "Data Flow",
                "Database Schema",
                "Internal Services"
            ]
        );
        let phase = plan.slots.iter().find(|slot| slot.options.repeats).unwrap();
        assert_eq!((phase.heading.shown().as_str(), phase.bodies.len()), ("Phase N: Name", 3));
    }
}
