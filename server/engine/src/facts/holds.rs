//! Which kinds of facts a stretch of text holds, in a few bits: of a long document nearly all parts are passed over by them.

use super::{Facts, Form, Kind};

/// Whether facts are of a kind.
type AreAmong = fn(&Facts) -> bool;

/// Kinds of facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds(u32);

impl Holds {
    /// Definitions.
    pub const DEFINITIONS: Self = Self(1);
    /// Definitions of requirements that are known by their names, or of their scenarios.
    pub const NAMES: Self = Self(1 << 1);
    /// References that change what another specification states.
    pub const DELTAS: Self = Self(1 << 2);
    /// Placeholders, and brackets that may be some.
    pub const HINTS: Self = Self(1 << 3);
    /// Sections below the title of all in which nothing stands.
    pub const EMPTY_SECTIONS: Self = Self(1 << 4);
    /// Comments that allow a rule.
    pub const SUPPRESSIONS: Self = Self(1 << 5);
    /// Lines that would be headings if a space stood behind their `#`s.
    pub const UNSPACED_HEADINGS: Self = Self(1 << 6);
    /// Tags of tool calls.
    pub const TOOL_TAGS: Self = Self(1 << 7);
    /// A fence that nothing closes.
    pub const OPEN_FENCE: Self = Self(1 << 8);
    /// Properties that are stated or named.
    pub const PROPERTIES: Self = Self(1 << 9);
    /// Boxes of tasks that are none.
    pub const LOST_BOXES: Self = Self(1 << 10);
    /// Links to files.
    pub const LINKS: Self = Self(1 << 11);
    /// Remarks of a coding agent.
    pub const REMARKS: Self = Self(1 << 12);
    /// Fences that are code themselves.
    pub const INNER_FENCES: Self = Self(1 << 13);
    /// What is left of the template where hints are not looked for.
    pub const REMAINS: Self = Self(1 << 14);
    /// Places that say how far a requirement is.
    pub const STATES: Self = Self(1 << 15);
    /// Tags behind a task: `[US1]`.
    pub const TAGS: Self = Self(1 << 16);
    /// Criteria of a story that holds its own tasks.
    pub const CRITERIA: Self = Self(1 << 17);

    /// All of them, each with whether some are among facts.
    const ALL: [(Self, AreAmong); 18] = [
        (Self::DEFINITIONS, |facts| !facts.definitions.is_empty()),
        (Self::NAMES, |facts| facts.definitions.iter().any(|it| matches!(it.form, Form::Name | Form::Scenario))),
        (Self::DELTAS, |facts| facts.references.iter().any(|it| it.kind == Kind::Delta)),
        (Self::HINTS, has_hints),
        (Self::EMPTY_SECTIONS, |facts| facts.sections.iter().any(|it| it.level > 1 && !it.filled)),
        (Self::SUPPRESSIONS, |facts| !facts.suppressions.is_empty()),
        (Self::UNSPACED_HEADINGS, |facts| !facts.unspaced_headings.is_empty()),
        (Self::TOOL_TAGS, |facts| !facts.tool_tags.is_empty()),
        (Self::OPEN_FENCE, |facts| facts.open_fence.is_some()),
        (Self::PROPERTIES, |facts| !facts.properties.is_empty()),
        (Self::LOST_BOXES, |facts| !facts.lost_boxes.is_empty()),
        (Self::LINKS, |facts| !facts.links.is_empty()),
        (Self::REMARKS, |facts| !facts.remarks.is_empty()),
        (Self::INNER_FENCES, |facts| !facts.inner_fences.is_empty()),
        (Self::REMAINS, |facts| !facts.remains.is_empty()),
        (Self::STATES, |facts| !facts.states.is_empty()),
        (Self::TAGS, |facts| facts.references.iter().any(|it| it.kind == Kind::Tag)),
        (Self::CRITERIA, |facts| !facts.criteria.is_empty()),
    ];

    /// Those that are among `facts`.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let there = Self::ALL.into_iter().filter(|(_, are_among)| are_among(facts)).map(|(kind, _)| kind);
        there.fold(Self::default(), Self::and)
    }

    /// Whether some of them are among `facts`.
    #[must_use]
    pub fn are_among(self, facts: &Facts) -> bool {
        Self::ALL.into_iter().any(|(kind, are_among)| self.any(kind) && are_among(facts))
    }

    /// These and those of `other`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether some of them are among `others`.
    #[must_use]
    pub fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

fn has_hints(facts: &Facts) -> bool {
    let plain = [&facts.placeholders, &facts.blanks].iter().any(|all| !all.is_empty());
    plain || [&facts.likely_placeholders, &facts.brackets].iter().any(|all| !all.is_empty())
}
