//! Templates: Markdown that is both the scaffold of a document and the schema of its sections.
//!
//! Headings are sections, bracketed text is a hint to be filled in, a trace line says that the section wants one, and a
//! comment below a heading is its help and its options. `{n}` and `{name}` in a heading stand for what differs.

mod heading;
mod reader;
mod scaffold;
mod translated;

pub use heading::{Heading, Pattern};
pub use reader::read;
pub use scaffold::renumber;
pub(crate) use translated::originals_of;

use crate::dialect::Dialect;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, LazyLock};

/// What a document of one kind looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The title, if the template has one.
    pub title: Option<Heading>,
    /// What the comment below the title says.
    pub help: String,
    /// What stands below the title, before the first section.
    pub preface: String,
    /// The sections in the order of the template, parents before their children.
    pub slots: Vec<Slot>,
    /// The sections at the top.
    pub top: Vec<usize>,
    /// Sections by the key of their title, where it is always the same.
    pub keys: FxHashMap<u32, Vec<usize>>,
    /// Keys of everything in brackets: what is left of it in a document has not been filled in.
    pub hints: FxHashSet<u32>,
}

/// A section of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its heading.
    pub heading: Heading,
    /// 1 at the top.
    pub depth: u8,
    /// The section it is in.
    pub parent: Option<usize>,
    /// The sections in it.
    pub children: Vec<usize>,
    /// What follows from its comment.
    pub options: Options,
    /// What the author is told about it.
    pub help: String,
    /// The key and marks of its trace line, if it wants one: `_Requirements: %_`, with `%` for the ids.
    pub trace: Option<String>,
    /// Its labelled bullets.
    pub labels: Vec<Label>,
    /// Its headings and texts; a repeated section may have several.
    pub bodies: Vec<(Heading, String)>,
}

/// What a comment below a heading asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A document may do without it.
    pub optional: bool,
    /// The same, though nearly every document has it.
    pub usual: bool,
    /// Its hints may stay: few documents have a use for it.
    pub spare: bool,
    /// There may be any number of them.
    pub repeats: bool,
    /// Their numbers count from 1 without a gap.
    pub sequence: bool,
}

/// A bullet that begins with a label: `- **Backend**: [language and framework]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The label's words.
    pub name: String,
    /// The whole line, from the bullet on.
    pub line: String,
}

/// Something in a template that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where, from the template's start.
    pub span: Span,
    /// What, in the author's words.
    pub message: String,
}

impl Schema {
    /// The sections of `parent`, or those at the top.
    #[must_use]
    pub fn children_of(&self, parent: Option<usize>) -> &[usize] {
        parent.map_or(&self.top, |parent| &self.slots[parent].children)
    }

    /// Whether a document whose title is `folded` bears the template's title.
    #[must_use]
    pub fn is_titled(&self, folded: &str) -> bool {
        self.title.as_ref().is_some_and(|title| title.pattern.is_telling() && title.pattern.matches(folded).is_some())
    }
}

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
    static ALL: LazyLock<FxHashMap<&str, Arc<Schema>>> = LazyLock::new(|| {
        let home = Dialect::home();
        BUILT_IN.iter().map(|(name, text)| (*name, Arc::new(read(text, &home).0))).collect()
    });
    ALL.get(name)
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
