//! The doubts about a whole file: how much of what it names is defined.

use super::{Check, Doubt, Doubted, Effect, Finding, Holds, Question};
use crate::dialect::Role;
use crate::facts::{Certainty, Facts, Kind, Reach, Reference};
use crate::id::Id;
use crate::path::FilePath;
use crate::rule::account::Silencer;
use crate::rule::unknown_requirement::RULE;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};

/// So few unknown ids are mistakes, however few others there are.
const FEW: usize = 4;

pub(super) const NOTHING_COUNTED: Doubt = Doubt {
    name: "nothing-counted",
    what: "A bare number, where the feature numbers no criteria and no sections, and most numbers that the file traces to are \
           not those of its ids.",
    why: "Nobody here calls a requirement by its number alone.",
    effect: Effect::Silence,
    rules: &["unknown-requirement"],
    example: "//- a/spec.md\n- **FR-1**: One\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 4.2$0_\n",
    holds: Holds::OfFile(|check, shares| !check.lookup.counts() && shares.numbers_defined * 2 <= shares.numbers),
    words: |_| "requirements are not called by number here".into(),
};

pub(super) const SECTIONS_NOT_TRACED: Doubt = Doubt {
    name: "sections-not-traced",
    what: "Nothing but sections is numbered, and most numbers that the file traces to are none of theirs.",
    why: "Then the numbers are not those of sections.",
    effect: Effect::Silence,
    rules: &["unknown-requirement"],
    example: "//- a/spec.md\n# S\n\n## 1. One\n\n### 1.1 First\n\nText.\n\n### 1.2 Second\n\nText.\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.4$0, 7.1, 7.2_\n",
    holds: Holds::OfFile(|check, shares| !check.lookup.defines_any() && shares.numbers_defined * 2 <= shares.numbers),
    words: |_| "most numbers in this file are none of a section".into(),
};

pub(super) const MOSTLY_UNKNOWN: Doubt = Doubt {
    name: "mostly-unknown",
    what: "Most ids of the file, and four at the least, are unknown.",
    why: "Its specification is written in a way that is not understood, or is another.",
    effect: Effect::To(Level::Information),
    rules: &["unknown-requirement"],
    example: "//- a/spec.md\n- **FR-1**: One\n- **FR-2**: Two\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-6, FR-7, FR-8, FR-9$0_\n",
    holds: Holds::OfFile(|_, shares| shares.unknown >= FEW && shares.unknown * 2 > shares.ids),
    words: |_| "most ids of this file are unknown".into(),
};

pub(super) const PARTS_UNKNOWN: Doubt = Doubt {
    name: "parts-unknown",
    what: "Of the bare numbers below one requirement that the file names, four at the least are unknown, and more than twice as \
           many as are known.",
    why: "Its criteria are counted in a way that is not understood, rather than all forgotten.",
    effect: Effect::To(Level::Information),
    rules: &["unknown-requirement"],
    example: "//- a/requirements.md\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. a\n2. b\n3. c\n4. d\n\n### Requirement 2\n\n#### Acceptance Criteria\n\n1. a\n//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.2, 1.3, 1.4, 2.1, 2.2$0, 2.3, 2.4, 2.5_\n",
    holds: Holds::OfRule,
    words: |_| PARTS_UNKNOWN_WORDS.into(),
};

const PARTS_UNKNOWN_WORDS: &str = "hardly any criterion of this requirement is known";

pub(in crate::rule) const NO_TEMPLATE: Doubt = Doubt {
    name: "no-template",
    what: "The specification states no requirement and follows no template.",
    why: "It may say what another document is to hold, and mean its brackets.",
    effect: Effect::To(Level::Information),
    rules: &["placeholder-left"],
    example: "//- a/privacy-requirements.md\n# Privacy policy\n\n## Who\n\nThe policy names:\n\n- Company: [legal name of the company]$0\n",
    holds: Holds::OfRule,
    words: |_| NO_TEMPLATE_WORDS.into(),
};

/// The words of [`NO_TEMPLATE`].
pub(in crate::rule) const NO_TEMPLATE_WORDS: &str = "this document states no requirement and follows no template";

pub(in crate::rule) const LONE_BRACKETS: Doubt = Doubt {
    name: "lone-brackets",
    what: "Fewer than three blocks of the document hold hints, and the brackets are no paragraph of their own and do not ask for \
           text by their words, nor does the document's template have them.",
    why: "Who has filled in all the rest may mean them: what a screen shows, an answer, a note.",
    effect: Effect::To(Level::Information),
    rules: &["placeholder-left"],
    example: "//- a/plan.md\n# Plan\n\n- **Store**: one table\n- **Owner**: [head of the harbour]$0\n",
    holds: Holds::OfRule,
    words: |_| LONE_BRACKETS_WORDS.into(),
};

/// The words of [`LONE_BRACKETS`].
pub(in crate::rule) const LONE_BRACKETS_WORDS: &str = "hardly anything else here is a hint, so it may be meant";

pub(in crate::rule) const WHOLE_SPECIFICATION: Doubt = Doubt {
    name: "whole-specification",
    what: "A file of a change has no heading of changes, and a purpose and requirements as a main specification does.",
    why: "Some tools write what a new capability has to do as a whole, and copy it.",
    effect: Effect::To(Level::Information),
    rules: &["requirement-outside-delta"],
    example: "//- openspec/changes/lamp/specs/lamp/spec.md\n# Lamp\n\n## Purpose\n\nLight.\n\n## Requirements\n\n### Requirement: Burn$0\nIt SHALL burn.\n",
    holds: Holds::OfRule,
    words: |_| WHOLE_SPECIFICATION_WORDS.into(),
};

/// The words of [`WHOLE_SPECIFICATION`].
pub(in crate::rule) const WHOLE_SPECIFICATION_WORDS: &str = "this is a whole specification, which some tools copy";

pub(in crate::rule) const OWN_SECTIONS: Doubt = Doubt {
    name: "own-sections",
    what: "Requirements of one name stand outside the section of requirements, each below a heading of its own.",
    why: "The heading says what each is about, and `openspec`, which tells requirements by their names, reads none of them.",
    effect: Effect::To(Level::Information),
    rules: &["duplicate-requirement"],
    example: "//- openspec/specs/lamp/spec.md\n# lamp\n\n## Purpose\n\nLight.\n\n## Wick\n\n### Requirement: Burn\nThe wick SHALL burn.\n\n#### Scenario: Lit\n- **THEN** it burns\n\n## Oil\n\n### Requirement: Burn$0\nThe oil SHALL burn.\n\n#### Scenario: Lit\n- **THEN** it burns\n",
    holds: Holds::OfRule,
    words: |_| OWN_SECTIONS_WORDS.into(),
};

/// The words of [`OWN_SECTIONS`].
pub(in crate::rule) const OWN_SECTIONS_WORDS: &str =
    "each stands in a section of its own, outside that of requirements";

pub(in crate::rule) const TRANSLATED: Doubt = Doubt {
    name: "translated",
    what: "The document binds in another language throughout.",
    why: "Who writes all of it so has decided to, whatever the tool asks for.",
    effect: Effect::To(Level::Information),
    rules: &["lax-requirement"],
    example: "//- openspec/specs/lamp/spec.md\n# lamp\n\n## Purpose\n\nСвет.\n\n## Requirements\n\n### Requirement: Свет$0\nЛампа ДОЛЖНА гореть.\n\n#### Scenario: Ночь\n- **THEN** она горит\n",
    holds: Holds::OfRule,
    words: |_| TRANSLATED_WORDS.into(),
};

/// The words of [`TRANSLATED`].
pub(in crate::rule) const TRANSLATED_WORDS: &str =
    "all of this document binds in its own language, which the tool does not read";

/// The rules that warn of what somebody would have to mend in this document.
const OF_ALL_BUT_NOTES: &[&str] = &[
    "unknown-requirement",
    "duplicate-requirement",
    "duplicate-task",
    "duplicate-reference",
    "malformed-trace-line",
    "withdrawn-requirement",
    "placeholder-left",
    "missing-section",
    "misspelt-section",
    "open-question",
    "unknown-story",
    "lax-requirement",
    "requirement-without-scenario",
    "heading-without-space",
    "stray-delta-header",
    "delta-without-requirement",
    "repeated-delta-header",
    "requirement-outside-delta",
    "unnamed-requirement",
    "unknown-delta",
    "reused-requirement",
    "scenario-without-body",
];

pub(in crate::rule) const ARCHIVED: Doubt = Doubt {
    name: "archived",
    what: "The document lies in a folder of archived ones (`archives` in the dialect).",
    why: "Its work is over, and nobody will mend it.",
    effect: Effect::To(Level::Information),
    rules: OF_ALL_BUT_NOTES,
    example: "//- a/archive/spec.md\n- **FR-1**: One\n//- a/archive/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-9$0_\n",
    holds: Holds::OfRule,
    words: |_| ARCHIVED_WORDS.into(),
};

const ARCHIVED_WORDS: &str = "this document is archived";

pub(in crate::rule) const COPIED: Doubt = Doubt {
    name: "copied",
    what: "The workspace has a document of the same folders and name without those above: `docs-es/openspec/specs/a/spec.md` and \
           `openspec/specs/a/spec.md`.",
    why: "It is a copy, most often a translation: people read it, and the tools read the other.",
    effect: Effect::To(Level::Information),
    rules: OF_ALL_BUT_NOTES,
    example: "//- specs/a/spec.md\n- **FR-1**: One\n- **FR-9**: Nine\n//- specs/a/tasks.md\n- [ ] 1. T\n//- es/specs/a/spec.md\n- **FR-1**: Uno\n//- es/specs/a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-9$0_\n",
    holds: Holds::OfRule,
    words: |_| COPIED_WORDS.into(),
};

const COPIED_WORDS: &str = "this document is a copy of another";

/// Lowers what is found in a document that nobody mends: one that is archived, or a copy.
pub(in crate::rule) fn lower_set_aside(check: &Check<'_>, out: &mut [Finding]) {
    let heed = |finding: &Finding| finding.level > Level::Information && OF_ALL_BUT_NOTES.contains(&finding.rule.name);
    if !out.iter().any(heed) {
        return;
    }
    let (doubt, words) = match (is_archived(check), is_copied(check)) {
        (true, _) => (&ARCHIVED, ARCHIVED_WORDS),
        (false, true) => (&COPIED, COPIED_WORDS),
        (false, false) => return,
    };
    out.iter_mut().filter(|finding| heed(finding)).for_each(|finding| doubt.lower(finding, |_| words.into()));
}

/// Whether the document's path leads to another one of the workspace without the folders that it begins with.
fn is_copied(check: &Check<'_>) -> bool {
    /// In parts: `specs/login/spec.md`. A shorter path may be of a part of the workspace that has its own.
    const SHORTEST: usize = 3;
    let (snapshot, path) = (check.snapshot, check.view.path);
    let Some(root) = snapshot.layout().root_of(path) else { return false };
    let parts: Vec<&str> = path.relative_to(root.as_str()).split('/').collect();
    (1..(parts.len() + 1).saturating_sub(SHORTEST)).any(|start| {
        let other = FilePath::new(&format!("{root}/{}", parts[start..].join("/")));
        let folder = other.folder();
        snapshot.files_below(&folder).any(|(path, _)| *path == other)
    })
}

/// Whether the document lies in a folder of those that nobody works on.
pub(in crate::rule) fn is_archived(check: &Check<'_>) -> bool {
    let path = check.snapshot.display_path(check.view.path);
    path.rsplit_once('/').is_some_and(|(folders, _)| check.dialect.table.scope.is_archived(folders))
}

/// How much of what a file's trace lines name is defined, each id once.
#[derive(Debug, Default)]
pub(super) struct Shares {
    /// All ids.
    ids: usize,
    /// Those that would be warned of.
    unknown: usize,
    /// Bare numbers, and those of them that are defined.
    numbers: usize,
    numbers_defined: usize,
}

fn doubtful(finding: &Finding) -> bool {
    finding.rule == &RULE && finding.fix.is_none()
}

/// Whether a bare number is not known that would be part of nothing that is defined.
fn is_number(check: &Check<'_>, finding: &Finding) -> bool {
    doubtful(finding)
        && finding.unknown.as_ref().is_some_and(|(id, _)| {
            id.family().is_empty() && id.parent().is_none_or(|above| check.lookup.numbered_alike(&above).is_empty())
        })
}

/// Applies the doubts about the whole file to its findings.
pub(in crate::rule) fn settle(check: &Check<'_>, out: &mut Vec<Finding>, gone: &mut dyn FnMut(Finding, Silencer)) {
    let counts = out.iter().filter(|finding| doubtful(finding)).count();
    let sections = !check.lookup.defines_any();
    let numbers = !check.lookup.counts() && out.iter().any(|finding| is_number(check, finding));
    if counts == 0 || counts < FEW && !sections && !numbers {
        return;
    }
    let shares = shares(check, out, numbers || sections);
    // Only where one holds: a long document has many references.
    let places = std::cell::LazyCell::new(|| places(check));
    for doubt in [&NOTHING_COUNTED, &SECTIONS_NOT_TRACED, &MOSTLY_UNKNOWN] {
        let Holds::OfFile(holds) = doubt.holds else { continue };
        if !holds(check, &shares) {
            continue;
        }
        let number = doubt == &NOTHING_COUNTED;
        if doubt.effect == Effect::Silence {
            let silenced = |finding: &mut Finding| doubtful(finding) && (!number || is_number(check, finding));
            let mut all: Vec<Span> = Vec::new();
            for finding in out.extract_if(.., silenced) {
                let words = words(doubt, check, &finding, &places);
                all.push(finding.span);
                gone(finding, Silencer::Doubt(Doubted { doubt, words }));
            }
            if all.len() > 1 && number && check.view.role == Role::Tasks {
                out.push(only_numbers(check, &all));
            }
            continue;
        }
        for finding in out.iter_mut().filter(|finding| doubtful(finding)) {
            doubt.lower(finding, |finding| words(doubt, check, finding, &places));
        }
    }
    lower_unknown_parts(check, out);
}

/// Lowers the findings of [`PARTS_UNKNOWN`].
fn lower_unknown_parts(check: &Check<'_>, out: &mut [Finding]) {
    fn number(finding: &Finding) -> Option<&Id> {
        let warned = doubtful(finding) && finding.level >= Level::Warning;
        finding.unknown.as_ref().map(|(id, _)| id).filter(|id| warned && id.family().is_empty())
    }
    let by_whole = |parts: &FxHashSet<&Id>| {
        let mut counts: FxHashMap<Id, usize> = FxHashMap::default();
        parts.iter().filter_map(|id| id.parent()).for_each(|above| *counts.entry(above).or_default() += 1);
        counts
    };
    let numbers: FxHashSet<&Id> = out.iter().filter_map(number).collect();
    let mut unknown = by_whole(&numbers);
    unknown.retain(|_, count| *count >= FEW);
    if unknown.is_empty() {
        return;
    }
    let mut known: FxHashSet<&Id> = FxHashSet::default();
    for (_, facts) in check.view.parts() {
        let named = facts.references.iter().filter(|it| it.kind == Kind::Trace && it.sure == Certainty::Number);
        known.extend(named.map(|it| facts.id(it.id)).filter(|id| !numbers.contains(id)));
    }
    let known = by_whole(&known);
    unknown.retain(|above, count| *count > 2 * known.get(above).copied().unwrap_or_default());
    for finding in out {
        if number(finding).and_then(Id::parent).is_some_and(|above| unknown.contains_key(&above)) {
            PARTS_UNKNOWN.lower(finding, |_| PARTS_UNKNOWN_WORDS.into());
        }
    }
}

/// The finding that tasks call requirements by numbers alone, where the specification does not.
fn only_numbers(check: &Check<'_>, all: &[Span]) -> Finding {
    let count = all.len();
    let message = format!("{count} numbers in trace lines, but no requirement here is called by a number alone");
    let mut finding = Finding::new(&RULE, all[0], message);
    finding.also_at(check, &all[1..], "a number here too");
    finding.level = Level::Information;
    finding.help = Some("name the requirements as the specification does".into());
    finding
}

/// The first reference at each place in the file, and the part that holds it.
type Places<'a> = FxHashMap<Span, (&'a Facts, &'a Reference)>;

fn places<'a>(check: &Check<'a>) -> Places<'a> {
    let mut places = Places::default();
    for (base, facts) in check.view.parts() {
        for reference in &facts.references {
            places.entry(reference.span.shifted(base)).or_insert((facts, reference));
        }
    }
    places
}

fn words(doubt: &'static Doubt, check: &Check<'_>, finding: &Finding, places: &Places<'_>) -> String {
    let found = places
        .get(&finding.span)
        .map(|(facts, reference)| (doubt.words)(&Question::new(check, finding.rule, facts, reference)));
    found.unwrap_or_default()
}

/// The shares; unless `whole` wants all that there is, only whether most ids are unknown counts, and as many as tell that are
/// looked at.
fn shares(check: &Check<'_>, findings: &[Finding], whole: bool) -> Shares {
    let warned = |finding: &&Finding| doubtful(finding) && finding.level >= Level::Warning;
    let (mut all, mut unknown): (FxHashSet<&Id>, FxHashSet<&Id>) = Default::default();
    let mut shares = Shares::default();
    let warnings = || findings.iter().filter(|finding| warned(finding));
    let named: FxHashSet<&Id> = warnings().filter_map(|it| it.unknown.as_ref().map(|(id, _)| id)).collect();
    let spans: FxHashSet<Span> = warnings().filter(|it| it.unknown.is_none()).map(|finding| finding.span).collect();
    let most = named.len() + spans.len();
    // A few known ones answer that for a long document.
    let enough = (!whole).then_some(most * 2);
    for (base, facts) in check.view.parts() {
        for reference in facts.references.iter().filter(|reference| reference.kind == Kind::Trace) {
            let id = facts.id(reference.id);
            if enough.is_some_and(|enough| all.len() > enough) {
                return Shares { ids: all.len(), unknown: unknown.len(), ..shares };
            }
            if all.insert(id) && reference.sure == Certainty::Number && reference.reach != Reach::Within {
                shares.numbers += 1;
                shares.numbers_defined += usize::from(check.lookup.meaning(id, reference.sure).is_some());
            }
            if named.contains(id) || spans.contains(&reference.span.shifted(base)) {
                unknown.insert(id);
            }
        }
    }
    Shares { ids: all.len(), unknown: unknown.len(), ..shares }
}
