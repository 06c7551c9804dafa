//! `misspelt-section`: a heading is almost one of the template.

use super::repeated::{gathered, placed};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::fold_title;
use crate::outline::Problem;
use crate::settings::Level;
use crate::words::is_mistyped;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "misspelt-section",
    level: Some(Level::Warning),
    what: "A heading is almost one of the template, or almost a word by which requirements are known.",
    why: "Of the template's headings it speaks only in a document that follows the template of its kind: it bears the template's title or has half of its sections, and most of its own sections are the template's. A near miss is a letter or two off the title of a section that is missing in that place. \
          *Data Model* for *Data Models* is a remark. In any specification it is information that a heading is a letter off \
          *Requirement 1*, *Requirements* or *Acceptance Criteria* (`numbered` and `criteria` in its dialect): what stands \
          below is then read as text.",
    bad: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architectrue\n\nA page and a service.\n",
    good: "//- .kiro/specs/login/design.md\n# Design Document: Login\n\n## Overview\n\nUsers sign in with a password.\n\n## Architecture\n\nA page and a service.\n",
    fix: Remedy::Suggested("Renames the heading."),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let from = out.len();
    follow(check, out);
    let told = out[from..].iter().map(|finding| finding.span.start).collect();
    known(check, &told, out);
}

/// Headings that are almost those of the template.
fn follow(check: &Check<'_>, out: &mut Vec<Finding>) {
    let Some((outline, problems)) = check.sections() else { return };
    for problem in problems {
        let Problem::Misspelt { heading, right } = problem else { continue };
        let heading = &outline.headings[*heading];
        // `Documentación` is no slip for `Documentation`: it is another language's word.
        if heading.title().chars().any(|c| c.is_alphabetic() && !c.is_ascii()) && right.is_ascii() {
            continue;
        }
        let message = format!("`{}` is called `{right}` in the template", heading.title());
        let mut finding = Finding::new(&RULE, heading.head(), message);
        if is_single(&fold_title(heading.title()), &fold_title(right)) {
            finding.level = Level::Information;
        }
        finding.fix = Some(Fix::one(format!("Rename to `{right}`"), heading.head(), right.as_str()));
        out.push(finding);
    }
}

/// Headings that are almost those by which requirements and their criteria are known, but for the places that are `told`.
fn known(check: &Check<'_>, told: &FxHashSet<u32>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Spec || check.template {
        return;
    }
    let rules = &check.dialect.table.definitions;
    let mut found: Vec<(String, Finding)> = Vec::new();
    for (base, facts) in check.view.parts() {
        for section in facts.sections.iter().filter(|section| section.top) {
            let title = facts.text(section.title).trim_start_matches(|c: char| !c.is_alphabetic());
            let words = title.split([':', '(', '[']).next().unwrap_or_default();
            let Some(right) = almost(words.trim_end(), &rules.criteria, rules.numbered.iter().flat_map(|it| &it.nouns))
            else {
                continue;
            };
            let head = section.head.shifted(base);
            if told.contains(&head.start) {
                continue;
            }
            let mut finding =
                Finding::new(&RULE, head, format!("`{title}` is misspelt, so it is read as any other heading"));
            finding.level = Level::Information;
            finding.help = Some(format!("did you mean `{right}`?").into());
            found.push((title.to_string(), finding));
        }
    }
    placed(&mut found, check.view.path);
    out.extend(gathered(&found, |count| format!("{count} headings are misspelt, so they are read as any others")));
}

/// The word of a dialect that a heading is a letter off, as it would be written: one of `whole`, or one of `nouns` before a
/// number or in the plural.
fn almost<'d>(title: &str, whole: &[String], nouns: impl Iterator<Item = &'d String>) -> Option<String> {
    /// In bytes: of shorter words too many are alike.
    const SHORTEST: usize = 11;
    if title.len() + 1 < SHORTEST || !title.is_ascii() {
        return None;
    }
    let slip = |word: &str, right: &str| {
        let (a, b) = (word.as_bytes(), right.as_bytes());
        right.len() >= SHORTEST && a.len().abs_diff(b.len()) <= 1
            && a.first().zip(b.first()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
            // `Acceptance Criterion`, and words of other languages, end otherwise.
            && a.last().zip(b.last()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
            && right.is_ascii()
            && is_mistyped(&word.to_ascii_lowercase(), right)
    };
    if whole.iter().any(|known| known.eq_ignore_ascii_case(title)) {
        return None;
    }
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    if let Some(right) = whole.iter().find(|right| slip(title, right)) {
        return Some(right.split(' ').map(capital).collect::<Vec<_>>().join(" "));
    }
    let (word, rest) = title.split_once(' ').unwrap_or((title, ""));
    if !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let noun = nouns.into_iter().find(|noun| !noun.ends_with(['a', 'e', 'i', 'o', 'u']) && slip(word, noun))?;
    Some(format!("{} {rest}", capital(noun)).trim_end().to_string())
}

/// Whether the titles differ in this alone, that one says *one* where the other says *several*.
fn is_single(title: &str, right: &str) -> bool {
    let single = |title: &str| title.split(' ').map(|word| word.trim_end_matches('s').to_string()).collect::<Vec<_>>();
    single(title) == single(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let world = crate::fixture::world(&format!("//- a/requirements.md\n# Lamp\n\n{text}"));
        let path = crate::path::FilePath::new("/w/a/requirements.md");
        let all = crate::rule::check(&world.snapshot(), &path).into_iter().filter(|it| it.rule == &RULE);
        all.map(|it| format!("{} {} · {}", it.level.as_str(), it.message, it.help.unwrap_or_default())).collect()
    }

    #[test]
    fn a_heading_that_hides_requirements_by_a_letter_is_told() {
        let told = |title: &str, right: &str| {
            [format!("information `{title}` is misspelt, so it is read as any other heading · did you mean `{right}`?")]
        };
        for (title, right) in [
            ("Requirments", "Requirements"),
            ("Requirment 3", "Requirement 3"),
            ("Acceptence Criteria", "Acceptance Criteria"),
            ("Acceptance Critera", "Acceptance Criteria"),
            ("Functional Requriements", "Functional Requirements"),
        ] {
            assert_eq!(found(&format!("## {title}\n\nText.\n")), told(title, right));
            assert_eq!(found(&format!("## 2. {title}: the wick\n\nText.\n")).len(), 1, "{title}");
        }
        let many: String = (1..6).map(|at| format!("### Requirment {at}\n\nText.\n\n")).collect();
        assert_eq!(found(&many).len(), 1);
    }

    #[test]
    fn words_that_are_others_are_no_slips() {
        for title in [
            "Requirements",
            "Requirement 3",
            "Acceptance Criterion",
            "Acceptance Criterias",
            "Requeriments",
            "Requerimientos",
            "Functional Requirement",
            "Requirements Tracing",
            "Criteria",
            "Criterio",
            "Requisitos funcionais",
            "Retirement",
        ] {
            assert_eq!(found(&format!("## {title}\n\nText.\n")), [""; 0], "{title}");
        }
    }

    #[test]
    fn one_of_something_is_hardly_a_slip_for_several() {
        assert!(is_single("data model", "data models"));
        assert!(!is_single("data modles", "data models"));
    }
}
