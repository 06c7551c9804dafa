//! Doubts: what makes it less sure that a finding is a mistake, each one declaration with its words, decided in one place.
//!
//! A rule asks `judge` about a reference that nothing defines. What holds lowers the finding or silences it; what lowered it
//! is said in its message.

mod file;
mod known;
pub mod page;

pub(super) use file::{
    LONE_BRACKETS, LONE_BRACKETS_WORDS, NO_TEMPLATE, NO_TEMPLATE_WORDS, OWN_SECTIONS, OWN_SECTIONS_WORDS, TRANSLATED,
    TRANSLATED_WORDS, WHOLE_SPECIFICATION, WHOLE_SPECIFICATION_WORDS, is_archived, lower_set_aside, settle,
};

use super::{Check, Finding, Rule};
use crate::facts::{Facts, Reference};
use crate::id::Id;
use crate::settings::Level;

/// All doubts, in the order in which they are asked: the first that silences ends the matter.
pub const DOUBTS: &[&Doubt] = &[
    &known::NO_PLAN_DOCUMENT,
    &known::FORM,
    &known::STILL_READING,
    &known::NOTHING_DEFINED,
    &known::INSIDE_A_RANGE,
    &known::OTHER_DOCUMENT,
    &known::CHAPTER,
    &known::COMMON_WORD,
    &known::LACKS_HYPHEN,
    &known::STORY_TAG,
    &known::LOOSE_IN_PROSE,
    &known::ONLY_TOLD,
    &known::UNNUMBERED,
    &known::BETWEEN_NUMBERS,
    &known::FAR_BEHIND,
    &known::SEVERAL_LISTS,
    &known::FEATURE_BELOW,
    &known::NO_SUCH_GROUP,
    &known::ANOTHER_FEATURE,
    &known::FAMILY_ELSEWHERE,
    &known::PREFIX_ELSEWHERE,
    &known::OTHER_SHAPE,
    &known::STORY_BETWEEN,
    &file::NOTHING_COUNTED,
    &file::SECTIONS_NOT_TRACED,
    &file::MOSTLY_UNKNOWN,
    &file::PARTS_UNKNOWN,
    &NO_TEMPLATE,
    &LONE_BRACKETS,
    &WHOLE_SPECIFICATION,
    &OWN_SECTIONS,
    &TRANSLATED,
    &file::ARCHIVED,
    &file::COPIED,
];

/// A reason to believe that a finding is no mistake.
pub struct Doubt {
    /// Its permanent name, in kebab case.
    pub name: &'static str,
    /// When it holds, in one sentence.
    pub what: &'static str,
    /// Why that makes the mistake less likely.
    pub why: &'static str,
    /// What it does.
    pub effect: Effect,
    /// The names of the rules that heed it.
    pub rules: &'static [&'static str],
    /// Files in which it holds of the id before `$0`: `//- path` starts a file.
    pub example: &'static str,
    holds: Holds,
    /// The reason in the user's words, behind a colon.
    words: fn(&Question<'_, '_>) -> String,
}

/// What a doubt does to a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing is said.
    Silence,
    /// It is of this level at most.
    To(Level),
    /// It is of the level below.
    Lower,
}

/// What a doubt has to see.
enum Holds {
    /// The reference and what its feature defines.
    Here(fn(&Question<'_, '_>) -> bool),
    /// What its rule alone knows of the file; the rule says so itself.
    OfRule,
    /// All references of the file.
    OfFile(fn(&Check<'_>, &file::Shares) -> bool),
}

impl std::fmt::Debug for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Doubt {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Doubt {
    /// Lowers a finding of which it holds, for the reason that `words` gives, where it is not as low already.
    pub(super) fn lower(&'static self, finding: &mut Finding, words: impl FnOnce(&Finding) -> String) {
        if let Some(level) = self.effect.on(finding.level).filter(|level| *level < finding.level) {
            finding.doubt = Some(Doubted { doubt: self, words: words(finding) });
            finding.level = level;
        }
    }
}

impl Effect {
    /// As documentation says it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Silence => "silences",
            Self::To(Level::Hint) => "makes it a hint",
            Self::To(Level::Information) => "makes it information",
            Self::To(_) | Self::Lower => "lowers it by one",
        }
    }

    fn on(self, level: Level) -> Option<Level> {
        match self {
            Self::Silence => None,
            Self::To(most) => Some(level.min(most)),
            Self::Lower => Some(match level {
                Level::Error => Level::Warning,
                Level::Warning => Level::Information,
                Level::Information | Level::Hint => Level::Hint,
            }),
        }
    }
}

/// A doubt that holds, with its reason in the user's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubted {
    /// The doubt.
    pub doubt: &'static Doubt,
    /// Its reason: `no document here defines any AC`.
    pub words: String,
}

/// What a doubt is asked: whether this reference, which means nothing that is defined, is a mistake of `rule`.
pub(crate) struct Question<'c, 'w> {
    pub(super) check: &'c Check<'w>,
    pub(super) rule: &'static Rule,
    pub(super) facts: &'c Facts,
    pub(super) reference: &'c Reference,
    pub(super) id: &'c Id,
}

impl<'c, 'w> Question<'c, 'w> {
    pub(super) fn new(check: &'c Check<'w>, rule: &'static Rule, facts: &'c Facts, reference: &'c Reference) -> Self {
        Self { check, rule, facts, reference, id: facts.id(reference.id) }
    }

    fn family(&self) -> String {
        self.id.family().to_ascii_uppercase()
    }

    fn asks(&self, doubt: &Doubt) -> bool {
        doubt.rules.contains(&self.rule.name)
    }

    fn doubted(&self, doubt: &'static Doubt) -> Doubted {
        Doubted { doubt, words: (doubt.words)(self) }
    }
}

/// What is to be said of a reference that means nothing.
pub(crate) enum Verdict {
    /// Nothing, for this reason.
    Silence(Doubted),
    /// A finding of this level, for this reason where it is not the rule's own.
    Said(Level, Option<Doubted>),
}

/// Judges a reference by all doubts that need not see the whole file.
pub(super) fn judge(question: &Question<'_, '_>) -> Verdict {
    let mut level = question.rule.level.unwrap_or(Level::Hint);
    let mut reason = None;
    for doubt in holding(question) {
        match doubt.effect.on(level) {
            None => return Verdict::Silence(question.doubted(doubt)),
            Some(lower) if lower < level => (level, reason) = (lower, Some(doubt)),
            Some(_) => {}
        }
    }
    Verdict::Said(level, reason.map(|doubt| question.doubted(doubt)))
}

/// The doubts that hold of a reference, in their order.
fn holding(question: &Question<'_, '_>) -> impl Iterator<Item = &'static Doubt> {
    DOUBTS.iter().copied().filter(|doubt| match doubt.holds {
        Holds::Here(holds) => question.asks(doubt) && holds(question),
        Holds::OfFile(_) | Holds::OfRule => false,
    })
}

/// All doubts that hold of a reference, with their reasons.
pub(super) fn all(question: &Question<'_, '_>) -> Vec<Doubted> {
    holding(question).map(|doubt| question.doubted(doubt)).collect()
}

/// The doubt called `name`.
#[must_use]
pub fn named(name: &str) -> Option<&'static Doubt> {
    DOUBTS.iter().copied().find(|doubt| doubt.name == name)
}

/// Says in a finding's message what made it less than its rule's level.
pub(super) fn say(finding: &mut Finding) {
    finding.message += &remark(finding).unwrap_or_default();
}

/// Adds `words` to what a finding says, before what makes it a remark only.
pub(super) fn add(finding: &mut Finding, words: &str) {
    let remark = remark(finding).unwrap_or_default();
    match finding.message.strip_suffix(&remark) {
        Some(told) => finding.message = format!("{told}{words}{remark}"),
        None => finding.message += words,
    }
}

fn remark(finding: &Finding) -> Option<String> {
    let lowered = finding.rule.level.is_some_and(|own| finding.level < own);
    finding.doubt.as_ref().filter(|_| lowered).map(|doubted| format!(" · a remark only: {}", doubted.words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{files, world};
    use crate::path::FilePath;
    use crate::rule::account::{Silencer, account};
    use crate::rule::check;
    use crate::text::{Span, narrow};

    /// The doubts that hold of the reference before `$0`, and the finding there.
    fn asked(doubt: &Doubt) -> (Vec<&'static str>, Option<Finding>) {
        let world = world(&doubt.example.replace("$0", ""));
        let (path, text) = files(doubt.example).into_iter().find(|(_, text)| text.contains("$0")).unwrap();
        let at = narrow(text.find("$0").unwrap());
        let told = account(&world.snapshot(), &path, "", Span { start: at, end: at }).unwrap();
        let mut held: Vec<_> = told.judged.iter().flat_map(|judged| &judged.doubts).map(|it| it.doubt.name).collect();
        held.extend(told.spoken.iter().filter_map(|finding| Some(finding.doubt.as_ref()?.doubt.name)));
        held.extend(told.silenced.iter().filter_map(|(_, silencer)| match silencer {
            Silencer::Doubt(doubted) => Some(doubted.doubt.name),
            _ => None,
        }));
        (held, told.spoken.into_iter().find(|finding| doubt.rules.contains(&finding.rule.name)))
    }

    #[test]
    fn each_doubt_holds_of_its_example_and_does_what_it_says() {
        for &doubt in DOUBTS.iter().filter(|doubt| !doubt.example.is_empty()) {
            let (held, finding) = asked(doubt);
            assert!(held.contains(&doubt.name), "{doubt:?}: {held:?}");
            match doubt.effect {
                Effect::Silence => assert_eq!(finding, None, "{doubt:?}"),
                effect => {
                    let finding = finding.unwrap_or_else(|| panic!("{doubt:?} found nothing"));
                    assert_eq!(Some(finding.level), effect.on(finding.rule.level.unwrap()), "{doubt:?}");
                    let doubted = finding.doubt.unwrap();
                    assert_eq!(doubted.doubt, doubt);
                    assert!(finding.message.ends_with(&format!(" · a remark only: {}", doubted.words)), "{doubt:?}");
                }
            }
        }
    }

    #[test]
    fn each_doubt_is_named_once_and_heeded_by_rules_that_there_are() {
        for &doubt in DOUBTS {
            assert_eq!(named(doubt.name), Some(doubt));
            assert!(doubt.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{doubt:?}");
            assert!(doubt.rules.iter().all(|rule| super::super::named(rule).is_some()), "{doubt:?}");
        }
    }

    fn told(fixture: &str, path: &str) -> Vec<String> {
        let world = world(fixture);
        let found = check(&world.snapshot(), &FilePath::new(path)).into_iter();
        found.map(|finding| format!("{}: {}", finding.level.as_str(), finding.message)).collect()
    }

    #[test]
    fn what_fits_what_the_feature_defines_is_a_mistake() {
        let spec = "//- a/spec.md\n- **FR-1.1**: One\n- **FR-1.2**: Two\n- **REQ-01**: Three\n- **FR-UI-001**: Four\n";
        let tasks = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.1, FR-1.2, FR-1.9, REQ-01, REQ-09, FR-UI-001, FR-UI-007_\n";
        assert_eq!(
            told(&format!("{spec}{tasks}"), "/w/a/tasks.md"),
            ["FR-1.9", "REQ-09", "FR-UI-007"].map(|id| format!("warning: `{id}` is not defined in a"))
        );
    }

    #[test]
    fn numbers_of_sections_are_ids_to_what_traces_to_them() {
        let spec = "//- a/requirements.md\n# A\n\n## 1. One\n\n### 1.1 First\n\nText.\n\n### 1.2 Second\n\nText.\n";
        let tasks = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.2_\n- [ ] 2. U\n  - _Requirements: 1.3_\n";
        assert_eq!(told(&format!("{spec}{tasks}"), "/w/a/tasks.md"), ["warning: `1.3` is not defined in a"]);
        let others = tasks.replace("1.1, 1.2", "1.1, 7.1, 7.2");
        assert_eq!(told(&format!("{spec}{others}"), "/w/a/tasks.md"), [""; 0]);
    }

    #[test]
    fn numbers_without_letters_are_judged_where_most_of_them_are_those_of_ids() {
        let spec = "//- a/spec.md\n- **FR-1.1**: Weigh\n- **FR-1.2**: Label\n- **FR-2.3**: Route\n- **FR-11.1**: Sort\n- **FR-11.2**: Ship\n";
        let tasks = |first: &str, second: &str| {
            format!(
                "{spec}//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: {first}_\n- [ ] 2. U\n  - _Requirements: {second}_\n"
            )
        };
        assert_eq!(
            told(&tasks("1.1, 1.2, 2.3, 11.2", "11.3, 5.1"), "/w/a/tasks.md"),
            [
                "warning: `11.3` is not defined in a".to_string(),
                "information: `5.1` is not defined in a · a remark only: nothing here has the number 5".to_string(),
            ]
        );
        let stories = tasks("1.1, 1.2, 2.3, 11.2", "11.3, 5.1").replace("**FR-", "**AC-");
        assert_eq!(told(&stories, "/w/a/tasks.md").len(), 2);
        assert_eq!(
            told(&tasks("1.1, 4.4, 7.1", "11.3, 5.1"), "/w/a/tasks.md"),
            ["information: 4 numbers in trace lines, but no requirement here is called by a number alone"],
            "numbers of something else"
        );
        assert_eq!(told(&tasks("FR-1.1", "5.1"), "/w/a/tasks.md"), [""; 0]);
    }

    #[test]
    fn a_level_that_the_team_has_set_is_no_remark() {
        let mut world = world(known::FAMILY_ELSEWHERE.example.replace("$0", "").as_str());
        let levels = [("unknown-requirement".to_string(), Some(Level::Error))].into();
        world.set_settings(crate::settings::Settings { levels, ..Default::default() });
        let found = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md"));
        assert_eq!((found[0].level, found[0].message.as_str()), (Level::Error, "`AC-7` is not defined in a"));
    }
}
