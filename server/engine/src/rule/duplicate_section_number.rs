//! `duplicate-section-number`: two sections beside each other have the same number and different titles.

use super::repeated::{alike, defines, gathered, is_collection, listed, placed};
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::Facts;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashMap;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-section-number",
    level: Some(Level::Information),
    what: "Two sections beside each other have the same number and different titles.",
    why: "One of them was inserted or pasted, and those behind it were not numbered anew: whoever cites *section 4* or \
          *Decision 4* may mean either. Only numbers that are counted on are looked at, not versions, years and classes that \
          several sections belong to; requirements and tasks have rules of their own. A list that begins anew is one finding.",
    bad: "//- plan.md\n# Plan\n\n## 1. Storage\n\nOne table.\n\n## 2. Sessions\n\nA token.\n\n## 2. Rollout\n\nAt night.\n\n## 3. Costs\n\nNone.\n",
    good: "//- plan.md\n# Plan\n\n## 1. Storage\n\nOne table.\n\n## 2. Sessions\n\nA token.\n\n## 3. Rollout\n\nAt night.\n\n## 4. Costs\n\nNone.\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// Fewer numbers are not counted on.
const FEWEST: usize = 3;

/// Which numbers are counted together: those of one parent and level with the same word before them.
type Row<'a> = (u32, u8, &'a str);

/// A heading with a number.
struct Numbered<'a> {
    row: Row<'a>,
    number: &'a str,
    /// What stands behind the number.
    title: &'a str,
    /// The word and the number.
    name: &'a str,
    head: Span,
}

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || !matches!(check.view.role, Role::Spec | Role::Plan | Role::Tasks) {
        return;
    }
    if is_collection(&check.view, |_| true) {
        return;
    }
    let all = numbered(check);
    let mut first: FxHashMap<(Row<'_>, &str), usize> = FxHashMap::default();
    let mut again: Vec<(usize, usize)> = Vec::new();
    for (at, one) in all.iter().enumerate() {
        let earlier = *first.entry((one.row, one.number)).or_insert(at);
        if earlier != at && !is_told_again(all[earlier].title, one.title) {
            again.push((earlier, at));
        }
    }
    if again.is_empty() {
        return;
    }
    // A row may be left for another and gone on with.
    again.sort_by_key(|(first, _)| all[*first].row);
    let (mut found, mut anew) = (Vec::new(), None);
    for again in again.chunk_by(|one, next| all[one.0].row == all[next.0].row) {
        let own: Vec<usize> = (0..all.len()).filter(|at| all[*at].row == all[again[0].0].row).collect();
        if !is_counted(&all, &own, again) {
            continue;
        }
        if again.len() > 1 && again.iter().any(|(first, _)| *first == own[0]) {
            anew = anew.or_else(|| restarted(check, &all, &own, again));
        } else {
            found.extend(again.iter().map(|(one, other)| told(check, &all[*one], &all[*other])));
        }
    }
    found.sort_by_key(|(_, finding)| finding.span);
    placed(&mut found, check.view.path);
    out.extend(gathered(&found, |count| format!("{count} section numbers are used twice")));
    out.extend(anew);
}

/// Whether the numbers of a row are counted on: in a class, `Phase 2` or `P0`, several sections stand side by side.
fn is_counted(all: &[Numbered<'_>], own: &[usize], again: &[(usize, usize)]) -> bool {
    let mut uses: FxHashMap<&str, usize> = FxHashMap::default();
    own.iter().for_each(|at| *uses.entry(all[*at].number).or_default() += 1);
    let beside = own.windows(2).filter(|pair| all[pair[0]].number == all[pair[1]].number).count();
    let slips = beside < 2 || beside * 3 <= own.len();
    uses.len() >= FEWEST && slips && uses.values().all(|count| *count <= 2) && again.len() * 2 <= own.len()
}

fn told(check: &Check<'_>, one: &Numbered<'_>, other: &Numbered<'_>) -> (String, Finding) {
    let message = format!("`{}` is used twice: for `{}` and `{}`", one.name, one.title, other.title);
    let mut finding = Finding::new(&RULE, other.head, message);
    finding.also_at(check, &[one.head], "it is used here first");
    finding.help = Some("give this section a number of its own, and count on from there".into());
    (one.name.to_string(), finding)
}

/// The finding of a list that begins anew behind itself, where no section without a number parts the two.
fn restarted(check: &Check<'_>, all: &[Numbered<'_>], own: &[usize], again: &[(usize, usize)]) -> Option<Finding> {
    let start = again.first()?.1;
    let before = own.iter().copied().take_while(|at| *at < start).last()?;
    let (level, gap) = (all[start].row.1, Span { start: all[before].head.end, end: all[start].head.start });
    let parts = |(base, facts): (u32, &Facts)| {
        facts.sections.iter().any(|it| it.top && it.level == level && gap.covers(it.head.shifted(base)))
    };
    if check.view.parts().any(parts) {
        return None;
    }
    let names: Vec<&str> = again.iter().map(|(_, at)| all[*at].name).collect();
    let message = format!("sections are numbered anew from here: {} are used again", listed(&names));
    let mut finding = Finding::new(&RULE, all[start].head, message);
    let places: Vec<Span> = again.iter().map(|(first, _)| all[*first].head).collect();
    finding.also_at(check, &places, "its number is used here first");
    finding.help = Some("count on from the numbers above, or give these sections a heading of their own".into());
    Some(finding)
}

/// Whether two titles say the same, or one of them begins with what sets it apart: `(Legacy) Structure`.
fn is_told_again(one: &str, other: &str) -> bool {
    let apart = |title: &str| title.starts_with(['(', '（', '[']);
    alike(one, other) || apart(one) || apart(other)
}

/// The headings that begin with a number and define nothing by it.
fn numbered<'a>(check: &Check<'a>) -> Vec<Numbered<'a>> {
    let mut out = Vec::new();
    // The headings around, each with its level.
    let mut around: Vec<(u8, u32)> = Vec::new();
    for (base, facts) in check.view.parts() {
        for section in facts.sections.iter().filter(|section| section.top) {
            while around.pop_if(|(level, _)| *level >= section.level).is_some() {}
            let parent = around.last().map_or(0, |(_, start)| start + 1);
            around.push((section.level, section.start + base));
            if let Some((word, number, name, title)) =
                parted(facts.text(section.title)).filter(|_| !defines(facts, section))
            {
                let head = section.head.shifted(base);
                out.push(Numbered { row: (parent, section.level, word), number, title, name, head });
            }
        }
    }
    out
}

/// The word before a title's number, the number, both, and what stands behind: `Decision`, `4`, `Decision 4` and `Queue` of
/// `Decision 4: Queue`.
fn parted(title: &str) -> Option<(&str, &str, &str, &str)> {
    /// No word and number are longer.
    const LONGEST: usize = 48;
    const MOST_DIGITS: usize = 3;
    let digit = title.bytes().take(LONGEST).position(|b| b.is_ascii_digit())?;
    let start = title.len()
        - title.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '[' | '(' | '<' | '`')).len();
    let word = title.get(start..digit)?.trim_end_matches([' ', '#', '\u{a0}']);
    if !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let rest = &title[digit..];
    let mut end = 0;
    loop {
        let digits = rest[end..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > MOST_DIGITS {
            return None;
        }
        end += digits;
        if !(rest[end..].starts_with('.') && rest[end + 1..].starts_with(|c: char| c.is_ascii_digit())) {
            break;
        }
        end += 1;
    }
    let (number, behind) = rest.split_at(end);
    let own =
        behind.trim_start_matches(['.', ')', ':', '：', '、', '．', ' ', '–', '—', '-', '|', '\u{a0}', '\u{3000}']);
    let parts =
        behind.starts_with(['.', ')', ':', '：', '、', '．', ' ', '–', '—', '\u{3000}']) && own.len() < behind.len();
    // `2024-01-02`, `3 - 5` and `1 / 2` are no numbers of sections.
    let fine = parts && own.starts_with(|c: char| !c.is_ascii_digit() && !matches!(c, '/' | '+' | '%' | '&'));
    let number = number.trim_start_matches('0');
    (fine && own.contains(char::is_alphabetic)).then(|| (word, number, &title[start..digit + end], own))
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(text: &str) -> Vec<String> {
        let world = world(&format!("//- a/design.md\n# Boat\n\n{text}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/design.md")).into_iter();
        let own = all.filter(|it| it.rule.name == "duplicate-section-number");
        own.map(|it| format!("{} {} +{}", it.level.as_str(), it.message, it.related.len())).collect()
    }

    fn sections(marks: &str, titles: &[&str]) -> String {
        titles.iter().map(|title| format!("{marks} {title}\n\nText.\n\n")).collect()
    }

    #[test]
    fn a_number_that_two_sections_have_is_told() {
        let one = |name: &str| [format!("information `{name}` is used twice: for `Oars` and `Sail` +1")];
        assert_eq!(found(&sections("##", &["1. Hull", "2. Oars", "2. Sail", "3. Crew"])), one("2"));
        assert_eq!(found(&sections("##", &["1) Hull", "02) Oars", "3) Crew", "2) Sail"])), one("02"));
        assert_eq!(found(&sections("###", &["2.1 Hull", "2.2 Oars", "2.3 Crew", "2.2 Sail"])), one("2.2"));
        let words = ["Decision 1: Hull", "Decision 2 — Oars", "Decision 2: Sail", "Decision 3: Crew"];
        assert_eq!(found(&sections("###", &words)), one("Decision 2"));
        let two = ["1. A", "2. B", "2. C", "3. D", "4. E", "4. F", "5. G"];
        assert_eq!(found(&sections("##", &two)).len(), 2);
        let many = ["1. A", "2. B", "2. C", "3. D", "4. E", "5. F", "3. G", "5. H", "4. I", "6. J", "7. K", "8. L"];
        let all = found(&sections("##", &many));
        assert_eq!(all, ["information 4 section numbers are used twice: `2`, `3`, `5` and `4` +7"]);
    }

    #[test]
    fn a_list_that_begins_anew_is_told_once_unless_a_heading_parts_it() {
        let (one, other) = (["1. Hull", "2. Oars", "3. Crew", "4. Sail"], ["1. Ropes", "2. Tar", "3. Nails"]);
        let two = |between: &str| format!("{}{between}{}", sections("##", &one), sections("##", &other));
        let message = "information sections are numbered anew from here: `1`, `2` and `3` are used again +3";
        assert_eq!(found(&two("")), [message]);
        assert_eq!(found(&two("## Appendix\n\nText.\n\n")), [""; 0]);
        assert_eq!(found(&two("# Appendix\n\nText.\n\n")), [""; 0], "another parent");
    }

    #[test]
    fn classes_years_versions_and_what_is_told_again_are_no_slips() {
        for titles in [
            &["1. Hull", "2. Oars", "2. Oars again", "3. Crew"][..],
            &["1. Hull", "2. Oars", "2. (Old) Sail", "3. Crew"],
            &["Phase 1: Hull", "Phase 1: Oars", "Phase 2: Sail", "Phase 2: Crew", "Phase 3: Tar"],
            &["P0: Hull", "P1: Oars", "P1: Sail", "P1: Crew", "P2: Tar", "P3: Nails"],
            &["2024 Hull", "2024 Oars", "2025 Sail", "2026 Crew"],
            &["2024-01-02: Hull", "2024-01-02: Oars", "2024-01-03: Sail", "2024-01-04: Crew"],
            &["1.2.0", "1.2.0", "1.1.0", "1.0.0"],
            &["[1.2] Hull", "[1.2] Oars", "[1.1] Sail", "[1.0] Crew"],
            &["3D hull", "3D oars", "4D sail", "5D crew"],
            &["1. Hull", "1. Oars"],
            &["FR-1: Hull", "FR-2: Oars", "FR-2: Sail", "FR-3: Crew"],
        ] {
            assert_eq!(found(&sections("##", titles)), [""; 0], "{titles:?}");
        }
        assert_eq!(found(&sections("> ##", &["1. A", "2. B", "2. C", "3. D"])), [""; 0], "a quotation");
    }
}
