//! Remedies: what mends the findings of a rule, and whether that may be done without a look.

use super::{Check, Checker, Finding, RULES, Rule, check};
use crate::edit::Safety;
use crate::path::FilePath;
use crate::query::Lookup;
use crate::world::Snapshot;

/// What mends the findings of a rule, each in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Only a person can.
    ByHand,
    /// Edits that cannot change what the document means.
    Safe(&'static str),
    /// Edits that are likely what was meant.
    Suggested(&'static str),
    /// Some are the one, some the other.
    Both {
        /// What the safe ones do.
        safe: &'static str,
        /// What the others do.
        suggested: &'static str,
    },
}

impl Remedy {
    /// Whether only a person can mend them.
    #[must_use]
    pub fn is_by_hand(self) -> bool {
        self == Self::ByHand
    }

    /// What it does, the safe part first.
    pub fn words(self) -> impl Iterator<Item = (Safety, &'static str)> {
        let (safe, suggested) = match self {
            Self::ByHand => (None, None),
            Self::Safe(words) => (Some(words), None),
            Self::Suggested(words) => (None, Some(words)),
            Self::Both { safe, suggested } => (Some(safe), Some(suggested)),
        };
        let safe = safe.map(|words| (Safety::Safe, words));
        safe.into_iter().chain(suggested.map(|words| (Safety::Suggested, words)))
    }

    /// Whether some of its edits are as safe.
    #[must_use]
    pub fn may_be(self, safety: Safety) -> bool {
        self.words().any(|(own, _)| own == safety)
    }
}

impl Finding {
    /// Whether edits make it go away that are no less safe than `safety`; of some only after [`super::complete`].
    #[must_use]
    pub fn is_mended(&self, safety: Safety) -> bool {
        self.fix.as_ref().is_some_and(|fix| fix.safety <= safety)
    }
}

/// Whether a rule finds something in the file at `path` that it can mend safely; such rules look at one part at a time. The first
/// such finding is enough.
#[must_use]
pub fn is_any_mended_safely(snapshot: &Snapshot, path: &FilePath) -> bool {
    let Some(view) = snapshot.view(path) else { return false };
    let wanted = |finding: &Finding| finding.is_mended(Safety::Safe);
    // Only where everything in its reach has been checked is it known what a comment allows.
    if view.parts().any(|(_, facts)| !facts.suppressions.is_empty()) {
        return check(snapshot, path).iter().any(wanted);
    }
    let settings = snapshot.settings_of(path);
    if settings.template_files.contains_key(path) {
        return false;
    }
    let on = |rule: &&Rule| rule.fix.may_be(Safety::Safe) && settings.level_of(rule.name, rule.level).is_some();
    let rules: Vec<&Rule> = RULES.iter().copied().filter(on).collect();
    let check = Check::new(snapshot, view, Lookup::of(snapshot, view.scope));
    let mut found = Vec::new();
    view.parts().any(|(_, facts)| {
        for rule in &rules {
            if let Checker::Part(look) = rule.check {
                look(&check, facts, &mut found);
            }
        }
        found.drain(..).any(|finding| wanted(&finding))
    })
}
