//! The doubts about one reference, each with when it holds of it.

use super::{Doubt, Effect, Holds, Question};
use crate::dialect::Role;
use crate::facts::{Certainty, Kind, Reach};
use crate::index::{Counted, Index, Unlike, is_believed, last_of};
use crate::path::FilePath;
use crate::rule::malformed_trace_line::explains;
use crate::rule::unknown_story::{is_counted_on, is_story_tag};
use crate::settings::Level;
use crate::suggestion::{is_of_another, misspelling_of};

const TRACE: &str = "unknown-requirement";
const PROSE: &str = "unknown-in-prose";
const STORY: &str = "unknown-story";
const ALL: &[&str] = &[TRACE, PROSE, STORY];

/// Numbers further than this behind the last one, or than there are, may be something else.
const NEAR: u64 = 9;

/// Words of fewer letters before a number are many things in a sentence: `R2`, `S3`.
const FEWEST_LETTERS: usize = 3;

pub(super) const NO_PLAN_DOCUMENT: Doubt = Doubt {
    name: "no-plan-document",
    what: "The file is no specification, plan, task list, trace matrix or checklist.",
    why: "Other Markdown may speak of the ids of any project.",
    effect: Effect::Silence,
    rules: ALL,
    example: "//- a/spec.md\n- **FR-1**: The system SHALL print\n//- a/notes.md\n_Requirements: FR-9$0_\n",
    holds: Holds::Here(|question| {
        let role = question.check.view.role;
        !matches!(role, Role::Spec | Role::Plan | Role::Tasks | Role::Trace | Role::Checklist | Role::Template)
    }),
    words: |_| "this is no plan document".into(),
};

pub(super) const FORM: Doubt = Doubt {
    name: "form",
    what: "The file is a form that others fill in.",
    why: "Its ids stand for those that will be written.",
    effect: Effect::Silence,
    rules: ALL,
    example: "//- a/spec.md\n- **FR-1**: The system SHALL print\n//- a/templates/plan.md\n_Requirements: FR-9$0_\n",
    holds: Holds::Here(|question| question.check.template || question.check.view.role == Role::Template),
    words: |_| "this is a form to be filled in".into(),
};

pub(super) const STILL_READING: Doubt = Doubt {
    name: "still-reading",
    what: "The feature, or a folder above it, is still being read.",
    why: "What has not been read may define the id.",
    effect: Effect::Silence,
    rules: ALL,
    example: "",
    holds: Holds::Here(|question| !question.check.lookup.complete),
    words: |_| "the feature is still being read".into(),
};

pub(super) const NOTHING_DEFINED: Doubt = Doubt {
    name: "nothing-defined",
    what: "No document in reach defines any requirement.",
    why: "The specification is kept elsewhere, or has not been written.",
    effect: Effect::Silence,
    rules: ALL,
    example: "//- a/spec.md\n# Nothing yet\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1$0_\n",
    // Numbers of sections are ids to those that trace to them.
    holds: Holds::Here(|question| {
        let lookup = &question.check.lookup;
        !(lookup.defines_any() || question.reference.sure == Certainty::Number && lookup.counts())
    }),
    words: |_| "no document in reach defines any requirement".into(),
};

pub(super) const INSIDE_A_RANGE: Doubt = Doubt {
    name: "inside-a-range",
    what: "The id stands between the ends of a range and is not written.",
    why: "A gap in the numbers is no mistake of whoever writes the range.",
    effect: Effect::Silence,
    rules: ALL,
    example: "//- a/spec.md\n- **FR-1**: One\n- **FR-3**: Three\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1–$0FR-3_\n",
    holds: Holds::Here(|question| {
        let range = |index: &Index| index.range_of(question.id).is_some();
        question.reference.reach == Reach::Within || question.check.lookup.own().is_some_and(range)
    }),
    words: |_| "a range may go over gaps".into(),
};

pub(super) const OTHER_DOCUMENT: Doubt = Doubt {
    name: "other-document",
    what: "Another feature or document is named before the id: `spec 006 FR-14`.",
    why: "The id is that document's.",
    effect: Effect::Silence,
    rules: ALL,
    example: "//- a/spec.md\n- **FR-1**: One\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, spec 006 FR-14$0_\n",
    holds: Holds::Here(|question| question.reference.sure == Certainty::Guess && !question.id.family().is_empty()),
    words: |_| "another document or feature is named before it".into(),
};

pub(super) const CHAPTER: Doubt = Doubt {
    name: "chapter",
    what: "A bare number stands behind a key that also cites chapters and versions, or in a sentence.",
    why: "It may be the number of anything.",
    effect: Effect::Silence,
    rules: ALL,
    example: "//- a/requirements.md\n### Requirement 1\n\n1. a\n2. b\n//- a/tasks.md\n- [ ] 1. T\n  - Refs: 4.2$0\n",
    holds: Holds::Here(|question| question.reference.sure == Certainty::Guess && question.id.family().is_empty()),
    words: |_| "a bare number here may be that of a chapter".into(),
};

pub(super) const COMMON_WORD: Doubt = Doubt {
    name: "common-word",
    what: "The id is written loosely, or as other things are named (`R2`), and nothing here defines one of its family.",
    why: "It is most likely no id at all.",
    effect: Effect::Silence,
    rules: ALL,
    example: "//- a/spec.md\n- **FR-1**: One\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, R2$0_\n",
    holds: Holds::Here(|question| {
        let sure = question.reference.sure;
        let known = |family: &str| question.check.lookup.defines_family(family);
        !matches!(sure, Certainty::Number | Certainty::Guess) && !is_believed(sure, question.id, known)
    }),
    words: |question| format!("no document here defines any {}, so it may be no id", question.family()),
};

pub(super) const LACKS_HYPHEN: Doubt = Doubt {
    name: "lacks-hyphen",
    what: "The id with its hyphen is defined.",
    why: "It is not missing but misspelt: `malformed-trace-line` says so.",
    effect: Effect::Silence,
    rules: &[TRACE],
    example: "//- a/spec.md\n- **FR-1**: One\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR1$0_\n",
    holds: Holds::Here(|question| explains(question.check, question.reference, question.id)),
    words: |_| "`malformed-trace-line` speaks of its hyphen".into(),
};

pub(super) const STORY_TAG: Doubt = Doubt {
    name: "story-tag",
    what: "The id is the tag of a task: `[US1]`.",
    why: "`unknown-story` judges tags.",
    effect: Effect::Silence,
    rules: &[PROSE],
    example: "//- a/spec.md\n### User Story 1 - One\n\nText.\n//- a/plan.md\n# Plan\n\nBuilt for [US4$0] later.\n",
    holds: Holds::Here(|question| is_story_tag(question.check, question.facts, question.reference)),
    words: |_| "`unknown-story` judges tags of tasks".into(),
};

pub(super) const LOOSE_IN_PROSE: Doubt = Doubt {
    name: "loose-in-prose",
    what: "Outside trace lines an id is not written as those are that the feature defines.",
    why: "In a sentence, words that look like ids are most often none.",
    effect: Effect::Silence,
    rules: &[PROSE],
    example: "//- a/spec.md\n- **FR-1**: One\n//- a/plan.md\n# Plan\n\nThe form fr9$0 is printed.\n",
    holds: Holds::Here(|question| match question.reference.sure {
        Certainty::Firm => false,
        Certainty::Loose => {
            let id = question.id;
            let upper = id.prefix().bytes().all(|byte| byte.is_ascii_uppercase());
            let plain = question.check.lookup.kin(id).is_some_and(|kin| kin.unlike(id) != Some(Unlike::Separator));
            !(upper && plain)
        }
        Certainty::Conditional => {
            let id = question.id;
            let alike = || question.check.lookup.kin(id).is_some_and(|kin| kin.unlike(id).is_none());
            let told = || question.check.lookup.may_define(id);
            id.family().len() < FEWEST_LETTERS || !alike() || !is_counted(question) || told()
        }
        _ => true,
    }),
    words: |_| "ids are written otherwise here".into(),
};

pub(super) const ONLY_TOLD: Doubt = Doubt {
    name: "only-told",
    what: "Something begins with the id without being understood as a requirement.",
    why: "It may be defined there, in a way that is not understood.",
    effect: Effect::To(Level::Hint),
    rules: &[TRACE],
    example: "//- a/spec.md\n- **FR-1**: One\n\n### Notes on others\n\n**FR-9** The other\n\nFR-8 is told in this sentence\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-8$0_\n",
    holds: Holds::Here(|question| question.check.lookup.may_define(question.id)),
    words: |question| format!("something begins with `{}` without being understood as a requirement", question.id),
};

pub(super) const UNNUMBERED: Doubt = Doubt {
    name: "unnumbered",
    what: "The requirement above is defined, and none of its parts has a number.",
    why: "The part may be there, in a list or under a heading without numbers.",
    effect: Effect::To(Level::Hint),
    rules: &[TRACE, PROSE],
    example: "//- a/spec.md\n- **FR-1**: One\n- **FR-2**: Two\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-2.3$0_\n",
    holds: Holds::Here(|question| match question.reference.sure {
        Certainty::Number => below(question).is_some_and(|below| below.count == 0),
        _ => question.check.lookup.is_unnumbered(question.id),
    }),
    words: |question| {
        let above = question.id.parent().or_else(|| question.id.level_above());
        let above = above.map(|above| format!("`{above}`")).unwrap_or_default();
        format!("{above} is defined without numbered parts")
    },
};

pub(super) const BETWEEN_NUMBERS: Doubt = Doubt {
    name: "between-numbers",
    what: "A bare number stands between those that are counted, or they do not begin at 1.",
    why: "One that is not understood may stand in the gap.",
    effect: Effect::To(Level::Information),
    rules: &[TRACE],
    example: "//- a/requirements.md\n### Requirement 1\n\n1.1 WHEN a THE system SHALL b\n1.3 WHEN a THE system SHALL b\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.2$0_\n",
    holds: Holds::Here(|question| {
        numbered(question)
            .is_some_and(|(own, below)| below.count > 0 && (below.count < below.most || own <= below.most))
    }),
    words: |_| "the numbers beside it have gaps".into(),
};

pub(super) const FAR_BEHIND: Doubt = Doubt {
    name: "far-behind",
    what: "A bare number is far behind the last one that is counted.",
    why: "So many are not forgotten: others may be counted in a way that is not understood.",
    effect: Effect::To(Level::Information),
    rules: &[TRACE],
    example: "//- a/requirements.md\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. a\n2. b\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.40$0_\n",
    holds: Holds::Here(|question| {
        numbered(question)
            .is_some_and(|(own, below)| below.count > 0 && own > below.most && own - below.most > below.most.max(NEAR))
    }),
    words: |question| {
        let last = numbered(question).map_or(0, |(_, below)| below.most);
        format!("it is far behind the last number, {last}")
    },
};

pub(super) const NO_SUCH_GROUP: Doubt = Doubt {
    name: "no-such-group",
    what: "A bare number, where nothing has the number above it.",
    why: "A whole requirement is rather written in another way, or elsewhere, than forgotten.",
    effect: Effect::To(Level::Information),
    rules: &[TRACE],
    example: "//- a/requirements.md\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. a\n2. b\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 5.1$0_\n",
    holds: Holds::Here(|question| question.reference.sure == Certainty::Number && below(question).is_none()),
    words: |question| match question.id.parent() {
        Some(above) => format!("nothing here has the number {above}"),
        None => "the requirements here may be numbered in another way".into(),
    },
};

pub(super) const FEATURE_BELOW: Doubt = Doubt {
    name: "feature-below",
    what: "A bare number that a feature in a folder below counts, where nothing here is counted under the number above it.",
    why: "A document sums up what the features below it specify, each with its own numbers.",
    effect: Effect::Silence,
    rules: &[TRACE],
    example: "//- a/requirements.md\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. a\n2. b\n\n### Requirement 2\n\nSee `login`.\n//- a/login/requirements.md\n### Requirement 2\n\n#### Acceptance Criteria\n\n1. a\n2. b\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 2.2$0_\n",
    holds: Holds::Here(|question| {
        let counted = || {
            let parent = question.id.parent()?;
            question.check.lookup.own()?.children(&parent)
        };
        question.reference.sure == Certainty::Number && counted().is_none() && feature_below(question).is_some()
    }),
    words: |question| {
        let place =
            feature_below(question).map_or("a feature below", |folder| question.check.snapshot.display_path(folder));
        format!("{place} counts it, and nothing is counted there here")
    },
};

pub(super) const ANOTHER_FEATURE: Doubt = Doubt {
    name: "another-feature",
    what: "Another feature defines the id, and this one defines none with its letters.",
    why: "It builds on that feature: ids are local to one, but nothing here can be meant.",
    effect: Effect::Lower,
    rules: &[TRACE, PROSE],
    example: "//- a/spec.md\n- **AC-1**: One\n//- b/spec.md\n- **FR-1**: Two\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: AC-1, FR-1$0_\n",
    holds: Holds::Here(|question| {
        is_firm(question) && is_of_another(question.check.snapshot, &question.check.lookup, question.id)
    }),
    words: |question| {
        let snapshot = question.check.snapshot;
        let home =
            snapshot.scopes_defining(question.id).next().map_or("another feature", |home| snapshot.display_path(home));
        format!("{home} defines it, and nothing here has its letters")
    },
};

pub(super) const FAMILY_ELSEWHERE: Doubt = Doubt {
    name: "family-elsewhere",
    what: "No document in reach defines any id of the family.",
    why: "Ids of that kind may be kept where this program does not look.",
    effect: Effect::Lower,
    rules: &[TRACE, PROSE],
    example: "//- a/spec.md\n- **FR-1**: One\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, AC-7$0_\n",
    holds: Holds::Here(|question| {
        let lookup = &question.check.lookup;
        is_firm(question) && !lookup.defines_family(&question.family()) && is_of_nobody(question)
    }),
    words: |question| format!("no document here defines any {}", question.family()),
};

pub(super) const PREFIX_ELSEWHERE: Doubt = Doubt {
    name: "prefix-elsewhere",
    what: "The family is defined, but none with the letters before the number: `FR-UI-1` beside `FR-1`.",
    why: "Ids of that kind may be kept where this program does not look.",
    effect: Effect::Lower,
    rules: &[TRACE],
    example: "//- a/spec.md\n- **FR-1**: One\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-UI-7$0_\n",
    holds: Holds::Here(|question| {
        let lookup = &question.check.lookup;
        is_firm(question)
            && lookup.defines_family(&question.family())
            && lookup.kin(question.id).is_none()
            && is_of_nobody(question)
    }),
    words: |question| format!("no document here defines any {}", question.id.prefix().trim_end_matches('-')),
};

pub(super) const OTHER_SHAPE: Doubt = Doubt {
    name: "other-shape",
    what: "The id has more numbers, another padding or another separator than all that are defined with its letters.",
    why: "Ids of that shape may be kept where this program does not look, or be defined in a way that is not understood.",
    effect: Effect::Lower,
    rules: &[TRACE],
    example: "//- a/spec.md\n- **FR-1**: One\n- **FR-2**: Two\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-9.1$0_\n",
    holds: Holds::Here(|question| is_firm(question) && unlike(question).is_some() && is_of_nobody(question)),
    words: |question| {
        let name = question.id.prefix().trim_end_matches('-');
        match unlike(question) {
            Some(Unlike::Width) => format!("every {name} here is padded in another way"),
            Some(Unlike::Separator) => format!("every {name} here has another separator"),
            Some(Unlike::Depth) | None => format!("no {name} here has so many numbers"),
        }
    },
};

pub(super) const STORY_BETWEEN: Doubt = Doubt {
    name: "story-between",
    what: "The story stands between others or before them, or something begins with it.",
    why: "One that is not understood may stand in the gap.",
    effect: Effect::To(Level::Information),
    rules: &[STORY],
    example: "//- a/spec.md\n### User Story 1 - One\n\nText.\n\n### User Story 3 - Three\n\nText.\n//- a/tasks.md\n- [ ] T001 [US2$0] T\n",
    holds: Holds::Here(|question| {
        question.check.lookup.may_define(question.id) || !is_counted_on(question.check, question.id)
    }),
    words: |_| "the numbers of stories have gaps".into(),
};

/// Whether the reference has letters.
fn is_firm(question: &Question<'_, '_>) -> bool {
    !matches!(question.reference.sure, Certainty::Number | Certainty::Guess) && question.reference.kind != Kind::Delta
}

/// Whether the id is neither a slip of a defined one nor that of another feature.
fn is_of_nobody(question: &Question<'_, '_>) -> bool {
    let (snapshot, lookup, id) = (question.check.snapshot, &question.check.lookup, question.id);
    misspelling_of(lookup, id).is_none() && !is_of_another(snapshot, lookup, id)
}

/// The feature in a folder below that defines the id.
fn feature_below<'q>(question: &'q Question<'_, '_>) -> Option<&'q FilePath> {
    let own = question.check.view.scope;
    let mut all = question.check.snapshot.scopes_defining(question.id);
    all.find(|folder| *folder != own && folder.is_within(own.as_str()))
}

fn unlike(question: &Question<'_, '_>) -> Option<Unlike> {
    question.check.lookup.kin(question.id)?.unlike(question.id)
}

/// What is counted beside a bare number: the children of what it would be part of.
fn below(question: &Question<'_, '_>) -> Option<Counted> {
    Some(question.check.lookup.numbered_below(&question.id.parent()?)?.like(question.id))
}

pub(super) const SEVERAL_LISTS: Doubt = Doubt {
    name: "several-lists",
    what: "The criteria of the requirement stand in several lists that each begin with 1, and the number is not behind all of them \
           together.",
    why: "Whoever traces to it may count on from list to list.",
    effect: Effect::To(Level::Hint),
    rules: &[TRACE],
    example: "//- .kiro/specs/a/requirements.md\n### Requirement 1: Boat\n\n#### Acceptance Criteria - Hull\n\n1. WHEN a THE system SHALL b\n2. WHEN c THE system SHALL d\n\n#### Acceptance Criteria - Oars\n\n1. WHEN e THE system SHALL f\n2. WHEN g THE system SHALL h\n//- .kiro/specs/a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.2, 1.4$0_\n",
    holds: Holds::Here(|question| {
        let behind = |(own, below): (u64, Counted)| {
            let parent = question.id.parent()?;
            let index = question.check.lookup.own().filter(|_| below.count > 0 && own > below.most)?;
            let stated = |number: u64| {
                let id = parent.child(&number.to_string());
                index.definers_of(&id).iter().map(|(_, used)| u64::from(used.definitions)).sum::<u64>()
            };
            let all: u64 = (1..=below.most.min(NEAR * NEAR)).map(stated).sum();
            (all > below.count && own <= all).then_some(())
        };
        numbered(question).and_then(behind).is_some()
    }),
    words: |_| "the criteria stand in several lists, and it may be counted on from one to the next".into(),
};

/// Whether those with its letters are counted from 1 with hardly a gap, and it is none that is far behind them.
fn is_counted(question: &Question<'_, '_>) -> bool {
    /// Fewer with the same letters are no list.
    const FEWEST: usize = 3;
    /// Numbers further behind the last one are told elsewhere.
    const NEXT: u64 = 2;
    let numbers: Vec<u64> = question.check.lookup.alike(question.id).into_iter().map(last_of).collect();
    let most = numbers.iter().copied().max().unwrap_or_default();
    let dense = most <= numbers.len() as u64 + numbers.len() as u64 / 4;
    numbers.len() >= FEWEST && numbers.contains(&1) && dense && last_of(question.id) <= most.saturating_add(NEXT)
}

/// A bare number's last part, and what is counted beside it.
fn numbered(question: &Question<'_, '_>) -> Option<(u64, Counted)> {
    let number = (question.reference.sure == Certainty::Number).then(|| last_of(question.id))?;
    Some((number, below(question)?))
}
