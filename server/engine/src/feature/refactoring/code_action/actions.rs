//! Which actions can be taken at a place, and the edits of one that is.

use super::offer::{Deed, Kind, Offer, Place, Style};
use super::{define, fix, insert, life, organize, renumber, review, toggle, trace};
use crate::edit::{Proposal, Refusal};
use crate::feature::refactoring::fill_in::fill_in;
use crate::world::View;

/// The actions that can be taken at the place, of the kinds in `only` if there is such a list. Those that look at the whole
/// file or feature are left out where nobody asked for actions but the editor itself (`automatic`).
#[must_use]
pub fn actions(place: Place<'_>, only: Option<&[&str]>, automatic: bool) -> Vec<Offer> {
    let Some(view) = place.snapshot.view(place.path) else { return Vec::new() };
    if view.document().is_none() {
        return Vec::new();
    }
    let wants = |kind: Kind| kind.is_wanted(only);
    let mut out = Vec::new();
    if wants(Kind::QuickFix) {
        fix::offer(place, &view, automatic, &mut out);
        review::offer(place, &view, &mut out);
    }
    if wants(Kind::Rewrite) {
        toggle::offer(place, &view, &mut out);
        trace::offer(place, &view, automatic, &mut out);
        organize::offer_here(&view, place, &mut out);
        if !automatic {
            insert::offer(place, &view, &mut out);
            renumber::offer(place, &view, &mut out);
            life::offer(place, &view, &mut out);
            if let Some(fix) = fill_in(place.snapshot, place.path) {
                out.push(Offer::new(fix.title, Kind::Rewrite, Deed::FillIn));
            }
        }
    }
    if !automatic || only.is_some() {
        offer_whole(place, &view, &wants, &mut out);
    }
    out
}

/// Offers what concerns the whole file, if it would change anything.
fn offer_whole(place: Place<'_>, view: &View<'_>, wants: &dyn Fn(Kind) -> bool, out: &mut Vec<Offer>) {
    if wants(Kind::FixAll) && fix::is_any_sure(place) {
        out.push(Offer::new("Mend all that is sure".into(), Kind::FixAll, Deed::FixAll));
    }
    for (style, title) in [
        (Style::Keep, "Put all trace lines in order"),
        (Style::Join, "Join the ids of all trace lines into ranges"),
        (Style::WriteOut, "Write out the ranges of all trace lines"),
    ] {
        if wants(Kind::Organize(style)) && organize::would_change(place.snapshot, view, style) {
            out.push(Offer::new(title.into(), Kind::Organize(style), Deed::Organize(style, None)));
        }
    }
}

/// The edits of an action.
///
/// # Errors
/// Why it cannot be done.
pub fn perform(place: Place<'_>, deed: &Deed) -> Result<Proposal, Refusal> {
    let Some(view) = place.snapshot.view(place.path) else { return Ok(Proposal::default()) };
    match deed {
        Deed::Fix(fix) => Ok(fix.proposed_for(place.path)),
        Deed::FixRule(rule) => Ok(fix::all(place, &view, &|finding| finding.rule == *rule)),
        Deed::FixAll => Ok(fix::all(place, &view, &fix::is_sure)),
        Deed::Organize(style, span) => Ok(organize::organize(place.snapshot, &view, *style, *span)),
        Deed::Define(id, at) => define::define(place, &view, id, *at),
        Deed::Insert(id) => insert::insert(place, &view, id),
        Deed::Renumber(elsewhere) => renumber::renumber(place, *elsewhere),
        Deed::Retire(id) => life::retire(place, &view, id),
        Deed::Split(id, into) => life::split(place, &view, id, into),
        Deed::Merge(ids) => life::merge(place, &view, ids),
        Deed::Trace(id) => trace::trace(place, &view, id.as_ref()),
        Deed::FillIn => {
            let fix = fill_in(place.snapshot, place.path);
            fix.map(|fix| fix.proposed_for(place.path)).ok_or_else(|| Refusal("nothing is left to fill in".into()))
        }
        Deed::Review(scope, id) => review::review(place, scope, id),
        Deed::Toggle => toggle::toggle(place, &view).ok_or_else(|| Refusal("there is no task any more".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts, cursor, files, proposed};
    use crate::path::FilePath;
    use crate::text::Span;

    fn with<T>(fixture: &str, look: impl FnOnce(Place<'_>, Vec<(FilePath, String)>) -> T) -> T {
        let (world, path, offset) = cursor(fixture);
        let texts = files(&fixture.replace("$0", ""));
        let source = Texts(texts.clone());
        let snapshot = world.snapshot();
        let span = Span::at(offset as usize);
        look(Place { snapshot: &snapshot, source: &source, path: &path, span }, texts)
    }

    fn titles(fixture: &str) -> Vec<String> {
        let told = |offer: Offer| match offer.disabled {
            None => offer.title,
            Some(why) => format!("{} ({why})", offer.title),
        };
        with(fixture, |place, _| actions(place, None, false).into_iter().map(told).collect())
    }

    /// The fixture after the action whose title begins with `title`.
    fn done(fixture: &str, title: &str) -> String {
        with(fixture, |place, texts| {
            let all = ["quickfix", "refactor", "source"];
            let offers = actions(place, Some(&all), false);
            let Some(offer) = offers.iter().find(|offer| offer.title.starts_with(title)) else {
                panic!("{title} is not among {:?}", offers.iter().map(|offer| &offer.title).collect::<Vec<_>>())
            };
            let proposal = perform(place, &offer.deed).unwrap_or_else(|why| panic!("{title}: {why}"));
            proposed(&texts, &proposal)
        })
    }

    fn check(fixture: &str, title: &str, wanted: &[(&str, &str)]) {
        let mut after = fixture.replace("$0", "");
        for (old, new) in wanted {
            assert!(after.contains(old), "{old:?} is not in {after:?}");
            after = after.replacen(old, new, 1);
        }
        assert_eq!(done(fixture, title), after);
    }

    const SPEC: &str = "//- a/spec.md\n# Login\n\n1. **FR-1.1**: Sessions are opened\n2. **FR-1.2**: Passwords are hashed\n3. **FR-1.3**: Accounts are locked\n\n- **NFR-1**: fast\n";

    #[test]
    fn trace_lines_are_put_in_order() {
        let line = |value: &str| format!("{SPEC}//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: {value}_\n");
        for (title, value, wanted) in [
            ("Put this", "FR-1.2, $0NFR-1, FR-1.1, FR-1.2", "FR-1.1, FR-1.2, NFR-1"),
            ("Put this", "FR-1.10; $0FR-1.9", "FR-1.9; FR-1.10"),
            ("Put this", "FR-1.3, FR-1.1–FR-1.3, $0FR-1.2", "FR-1.1–FR-1.3"),
            ("Put this", "FR-1.2/1.1, $0FR-1.3", "FR-1.1, FR-1.2, FR-1.3"),
            ("Join the ids of this", "FR-1.2, $0NFR-1, FR-1.1, FR-1.3", "FR-1.1–FR-1.3, NFR-1"),
            ("Join the ids of this", "FR-1.1–1.2, $0FR-1.3", "FR-1.1–FR-1.3"),
            ("Write out the ranges of this", "FR-1.1–1.3, $0NFR-1", "FR-1.1, FR-1.2, FR-1.3, NFR-1"),
            ("Write out the ranges of this", "FR-1.*$0", "FR-1.1, FR-1.2, FR-1.3"),
        ] {
            assert_eq!(done(&line(value), title), line(wanted), "{title}: {value}");
        }
        for value in [
            "FR-1.1, $0FR-1.2",
            "FR-1.2 (the hash), $0FR-1.1",
            "all of $0FR-1.2, FR-1.1",
            "FR-1.2, ~~FR-1.3~~, FR-1.1$0",
        ] {
            let offered = titles(&line(value));
            assert!(!offered.iter().any(|title| title.starts_with("Put this")), "{value}: {offered:?}");
        }
    }

    #[test]
    fn a_range_of_counted_criteria_is_written_out_whole() {
        let fixture = |value: &str| {
            format!(
                "//- .kiro/specs/a/requirements.md\n### Requirement 5: x\n\n#### Acceptance Criteria\n\n1. a\n2. b\n3. c\n//- .kiro/specs/a/tasks.md\n- [ ] 1. T\n  - _Requirements: {value}_\n"
            )
        };
        let (range, list) = ("R5.1–R5.3", "R5.1, R5.2, R5.3");
        let at = |value: &str| fixture(&value.replacen('.', ".$0", 1));
        assert_eq!(done(&at(range), "Write out the ranges of this"), fixture(list));
        assert_eq!(done(&at(list), "Join the ids of this"), fixture(range));
        assert_eq!(done(&at("5.1–5.3"), "Write out the ranges of this"), fixture("5.1, 5.2, 5.3"));
    }

    #[test]
    fn a_withdrawn_requirement_goes_into_no_range_and_is_replaced_or_removed() {
        let spec = SPEC.replace("Passwords are", "Withdrawn. Passwords were").replace("fast", "Superseded by FR-1.3.");
        let line = |value: &str| format!("{spec}//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: {value}_\n");
        let offered = titles(&line("FR-1.1, FR-1.2$0, FR-1.3"));
        assert!(!offered.iter().any(|title| title.starts_with("Join")), "{offered:?}");
        for (title, value, wanted) in [
            ("Remove `FR-1.2`", "FR-1.1, FR-1.2$0, FR-1.3", "FR-1.1, FR-1.3"),
            ("Remove `FR-1.2`", "FR-1.2$0, FR-1.3", "FR-1.3"),
            ("Replace `NFR-1` by `FR-1.3`", "FR-1.1, NFR-1$0", "FR-1.1, FR-1.3"),
            ("Remove `NFR-1`", "FR-1.3, NFR-1$0", "FR-1.3"),
            ("Mend all 2 `withdrawn-requirement`", "NFR-1$0, FR-1.2", "FR-1.3"),
        ] {
            assert_eq!(done(&line(value), title), line(wanted), "{title}: {value}");
        }
        for value in ["FR-1.2$0", "~~FR-1.1~~, FR-1.2$0", "FR-1.1 (open), FR-1.2$0 (hash)"] {
            let offered = titles(&line(value));
            assert!(!offered.iter().any(|title| title.starts_with("Remove")), "{value}: {offered:?}");
        }
    }

    #[test]
    fn a_missing_requirement_is_defined_in_its_place_in_the_shape_of_its_neighbours() {
        let task = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.1, FR-1.$04_\n";
        check(
            &format!("{SPEC}{task}"),
            "Define `FR-1.4` in a/spec.md",
            &[("Accounts are locked\n", "Accounts are locked\n4. **FR-1.4**: The system SHALL …\n")],
        );
        let task = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.1, FR-1.$09_\n";
        check(
            &format!("{SPEC}{task}"),
            "Define it as `FR-1.4`, the next free id",
            &[
                ("Accounts are locked\n", "Accounts are locked\n4. **FR-1.4**: The system SHALL …\n"),
                ("FR-1.9", "FR-1.4"),
            ],
        );
        let headings = "//- a/spec.md\n### FR-1: Log in\n\nText.\n\n### FR-2: Log out\n\nMore.\n//- a/tasks.md\n_Requirements: FR-1, FR-$03_\n";
        check(headings, "Define `FR-3`", &[("More.\n", "More.\n\n### FR-3: New requirement\n\nThe system SHALL …\n")]);
        let rows = "//- a/spec.md\n| ID | Requirement | Priority |\n|---|---|---|\n| FR-1 | x | P1 |\n| FR-2 | y | P2 |\n//- a/tasks.md\n_Requirements: FR-1, FR-$03_\n";
        check(rows, "Define `FR-3`", &[("| y | P2 |\n", "| y | P2 |\n| FR-3 | … |  |\n")]);
        let kiro = "//- .kiro/specs/a/requirements.md\n### Requirement 1: x\n\n#### Acceptance Criteria\n\n1. WHEN a\n2. WHEN b\n\n### Requirement 2: y\n//- .kiro/specs/a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.$03_\n";
        check(kiro, "Define `1.3`", &[("2. WHEN b\n", "2. WHEN b\n3. The system SHALL …\n")]);
    }

    #[test]
    fn the_next_free_id_is_one_that_nobody_names() {
        let task = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.4, FR-1.$09_\n";
        check(
            &format!("{SPEC}{task}"),
            "Define it as `FR-1.5`, the next free id",
            &[
                ("Accounts are locked\n", "Accounts are locked\n4. **FR-1.5**: The system SHALL …\n"),
                ("FR-1.9", "FR-1.5"),
            ],
        );
    }

    #[test]
    fn a_requirement_that_is_put_between_others_lets_the_list_count_on() {
        let spec = "//- a/spec.md\n1. **FR-1**: a\n2. **FR-3**: c\n   - [x] detail\n\n3. **FR-4**: d\n\nText.\n";
        let task = "//- a/tasks.md\n_Requirements: FR-1, FR-$02_\n";
        check(
            &format!("{spec}{task}"),
            "Define `FR-2`",
            &[
                ("1. **FR-1**: a\n2. ", "1. **FR-1**: a\n2. **FR-2**: The system SHALL …\n3. "),
                ("\n3. **FR-4", "\n4. **FR-4"),
            ],
        );
        let lazy = spec.replace("2. ", "1. ").replace("3. ", "1. ");
        check(&format!("{lazy}{task}"), "Define `FR-2`", &[("**: a\n", "**: a\n1. **FR-2**: The system SHALL …\n")]);
    }

    #[test]
    fn a_requirement_is_inserted_and_everything_behind_it_moves() {
        let fixture = SPEC.replace("**FR-1.2**", "**FR-1.$02**")
            + "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.1–1.3, FR-1.2, FR-1.1_\n";
        check(
            &fixture,
            "Insert a requirement before `FR-1.2`",
            &[
                ("2. **FR-1.2**: Pass", "2. **FR-1.2**: The system SHALL …\n3. **FR-1.3**: Pass"),
                ("3. **FR-1.3**: Acc", "4. **FR-1.4**: Acc"),
                ("FR-1.1–1.3, FR-1.2, FR-1.1", "FR-1.1–1.4, FR-1.3, FR-1.1"),
            ],
        );
        let kiro = "//- .kiro/specs/a/requirements.md\n### Requirement 1: x\n\n#### Acceptance Criteria\n\n1. WHEN a\n2. WHEN$0 b\n3. WHEN c\n//- .kiro/specs/a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 1.2, 1.3_\n";
        check(
            kiro,
            "Insert a requirement before `1.2`",
            &[
                ("2. WHEN b\n3. WHEN c", "2. The system SHALL …\n3. WHEN b\n4. WHEN c"),
                ("1.1, 1.2, 1.3", "1.1, 1.3, 1.4"),
            ],
        );
        let headings = "//- .kiro/specs/a/requirements.md\n### Requirement 1$0: x\n\n#### Acceptance Criteria\n\n1. WHEN a\n\n### Requirement 2: y\n\n#### Acceptance Criteria\n\n1. WHEN b\n//- .kiro/specs/a/tasks.md\n- [ ] 1. T\n  - _Requirements: 1.1, 2.1_\n";
        check(
            headings,
            "Insert a requirement before `1`",
            &[
                (
                    "### Requirement 1: x",
                    "### Requirement 1: New requirement\n\nThe system SHALL …\n\n### Requirement 2: x",
                ),
                ("### Requirement 2: y", "### Requirement 3: y"),
                ("1.1, 2.1", "2.1, 3.1"),
            ],
        );
    }

    #[test]
    fn numbers_are_put_in_order_from_a_requirement_on() {
        let tasks = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.1, FR-1.4_\n";
        let spec = SPEC.replace("FR-1.3", "FR-1.4");
        assert!(!titles(&SPEC.replace("FR-1.2", "FR-1.$02")).iter().any(|it| it.starts_with("Renumber")));
        check(
            &format!("{}{tasks}", spec.replace("FR-1.2", "FR-1.$02")),
            "Renumber from `FR-1.2` on",
            &[("**FR-1.4", "**FR-1.3"), ("FR-1.1, FR-1.4", "FR-1.1, FR-1.3")],
        );
        let twice = SPEC.replace("FR-1.3", "FR-1.2").replacen("FR-1.2", "FR-1.$02", 1);
        let offered = titles(&twice);
        let own: Vec<&str> = offered.iter().map(String::as_str).filter(|it| it.starts_with("Renumber")).collect();
        assert_eq!(
            own,
            [
                "Renumber from `FR-1.2` on, where `FR-1.2` elsewhere means the first",
                "Renumber from `FR-1.2` on, where `FR-1.2` elsewhere means the last",
                "Renumber from `FR-1.2` on",
            ]
        );
    }

    #[test]
    fn a_requirement_is_given_up_split_and_merged() {
        let tasks = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.2, NFR-1_\n";
        let fixture = format!("{}{tasks}", SPEC.replace("FR-1.2", "FR-1.$02"));
        let struck = ("**FR-1.2**: Passwords are hashed", "~~**FR-1.2**: Passwords are hashed~~ Withdrawn.");
        check(&fixture, "Give `FR-1.2` up", &[struck]);
        check(
            &fixture,
            "Split `FR-1.2` into itself and `FR-1.4`",
            &[
                ("hashed\n3. ", "hashed\n3. **FR-1.4**: The system SHALL …\n4. "),
                ("FR-1.2, NFR-1", "FR-1.2, FR-1.4, NFR-1"),
            ],
        );
        let (world, path, offset) = cursor(&fixture);
        let texts = Texts(files(&fixture.replace("$0", "")));
        let snapshot = world.snapshot();
        let span = Span::new(offset as usize, texts.0[0].1.find("Accounts").unwrap());
        let place = Place { snapshot: &snapshot, source: &texts, path: &path, span };
        let offers = actions(place, Some(&["refactor"]), false);
        let offer = offers.iter().find(|it| it.title == "Merge `FR-1.3` into `FR-1.2`").unwrap();
        let after = perform(place, &offer.deed).unwrap().applied_to(&path, &texts.0[0].1);
        assert!(after.contains("3. ~~**FR-1.3**: Accounts are locked~~ Superseded by FR-1.2.\n"), "{after}");
    }

    #[test]
    fn what_cannot_be_renumbered_says_why() {
        let fixture =
            SPEC.replace("**FR-1.2**", "**FR-1.$02**") + "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1.4_\n";
        assert!(
            titles(&fixture).contains(&"Insert a requirement before `FR-1.2` and renumber what follows (`FR-1.4` is named in a/tasks.md already, although nothing defines it · correct that first)".to_string()),
            "{:?}",
            titles(&fixture)
        );
    }

    #[test]
    fn a_task_and_a_section_get_a_trace_line_with_what_speaks_of_the_same() {
        let tasks = "//- a/tasks.md\n- [ ] 1. Open sessions\n  - **Refs:** FR-1.1\n- [ ] 2. Hash $0all passwords\n  - with salt\n- [ ] 3. Other\n";
        check(
            &format!("{SPEC}{tasks}"),
            "Add a trace line to task 2",
            &[("  - with salt\n", "  - with salt\n  - **Refs:** FR-1.2\n")],
        );
        let plan = "//- a/plan.md\n# Plan\n\n## Passwords$0\n\nThey are hashed.\n\n## Next\n";
        check(
            &format!("{SPEC}{plan}"),
            "Add a trace line to *Passwords*",
            &[("They are hashed.\n", "They are hashed.\n\n_Requirements: FR-1.2_\n")],
        );
        let other = "//- a/plan.md\n# Plan\n\n## Wea$0ther\n\nSun.\n";
        assert_eq!(
            titles(&format!("{SPEC}{other}")),
            ["Add a trace line to *Weather* (no requirement speaks of what stands here)"]
        );
    }

    #[test]
    fn a_trace_line_stands_where_others_do() {
        for (task, added) in [
            ("- [ ] 1. Open sessions\n\t- [ ] 1.1 Hash pass$0words\n- [ ] 2. X\n", "\n\t\t- _Requirements: FR-1.2_"),
            ("1. [ ] Hash pass$0words\n2. [ ] X\n", "\n   - _Requirements: FR-1.2_"),
            ("- [ ] 1. Hash pass$0words\n    * well\n- [ ] 2. X\n", "\n    * _Requirements: FR-1.2_"),
            ("- [ ] 1. Hash pass$0words\n- [ ] 2. X\n    * well\n", "\n    * _Requirements: FR-1.2_"),
            ("* [ ] 1. Hash pass$0words", "\n  * _Requirements: FR-1.2_"),
            ("- [ ] 1. Hash pass$0words\n- [ ] 2. X\n\n  _Requirements: FR-1.1_\n", "\n  _Requirements: FR-1.2_"),
        ] {
            let fixture = format!("{SPEC}//- a/tasks.md\n{task}");
            let after = done(&fixture, "Add a trace line to");
            let place = if task.contains("words\n    *") { "well" } else { "passwords" };
            assert_eq!(after, fixture.replace("$0", "").replacen(place, &format!("{place}{added}"), 1), "{task}");
        }
    }

    #[test]
    fn new_lines_end_as_the_others_do() {
        let crlf = |text: &str| {
            text.replace('\n', "\r\n")
                .replace("//- a/spec.md\r", "//- a/spec.md")
                .replace("//- a/tasks.md\r", "//- a/tasks.md")
        };
        let tasks = "//- a/tasks.md\n- [ ] 1. Hash all passwords, see FR-1.$04\n";
        let fixture = crlf(&format!("{SPEC}{tasks}"));
        check(&fixture, "Define `FR-1.4`", &[("locked\r\n", "locked\r\n4. **FR-1.4**: The system SHALL …\r\n")]);
        let fixture = crlf(&format!("{SPEC}{}", tasks.replace(", see FR-1.$04", "$0")));
        check(&fixture, "Add a trace line", &[("passwords\r\n", "passwords\r\n  - _Requirements: FR-1.2_\r\n")]);
    }

    #[test]
    fn a_mention_becomes_a_trace() {
        let plan = "//- a/plan.md\n# Plan\n\n## Passwords\n\nThis is for FR-$01.2.\n\n_Requirements: NFR-1_\n";
        check(&format!("{SPEC}{plan}"), "Trace *Passwords* to `FR-1.2`", &[("NFR-1_", "NFR-1, FR-1.2_")]);
        let tasks = "//- a/tasks.md\n- [ ] 1. Hash, see FR-1.$02\n- [ ] 2. Next\n";
        check(
            &format!("{SPEC}{tasks}"),
            "Trace task 1 to `FR-1.2`",
            &[("see FR-1.2\n", "see FR-1.2\n  - _Requirements: FR-1.2_\n")],
        );
        let there = "//- a/plan.md\n# Plan\n\n## P\n\nFor FR-$01.2.\n\n_Requirements: FR-1.2_\n";
        assert!(!titles(&format!("{SPEC}{there}")).iter().any(|title| title.starts_with("Trace")));
    }

    #[test]
    fn a_task_is_toggled_with_those_above_and_below() {
        let tasks = "//- a/tasks.md\n- [ ] 1. A\n  - [x] 1.1 B\n  - [ ] 1.2 C\n- [ ] 2. D\n";
        let at = |number: &str| tasks.replacen(number, &format!("{number}$0"), 1);
        let lines =
            |text: &str| text.lines().skip(1).map(|line| line.trim_start()[3..4].to_string()).collect::<String>();
        assert_eq!(lines(&done(&at("1.2"), "Mark task 1.2 as done")), "xxx ");
        assert_eq!(lines(&done(&at("1."), "Mark task 1 as done")), "xxx ");
        assert_eq!(lines(&done(&at("1.1"), "Mark task 1.1 as open")), "    ");
        let all = tasks.replace("[ ]", "[x]");
        assert_eq!(lines(&done(&all.replacen("1.2", "1.2$0", 1), "Mark task 1.2 as open")), " x x");
    }

    #[test]
    fn all_of_a_rule_and_all_that_is_sure_are_mended() {
        let tasks = "//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: fr$0-1.1, FR-1.2 FR-1.2\n- [ ] 2. U\n  - _Requirements: nfr-1, FR-1.7_\n";
        let fixture = format!("{SPEC}{tasks}");
        check(&fixture, "Mend all 2 `id-case` in this file", &[("fr-1.1", "FR-1.1"), ("nfr-1", "NFR-1")]);
        let sure = done(&fixture, "Mend all that is sure");
        assert!(
            sure.ends_with("  - _Requirements: FR-1.1, FR-1.2_\n- [ ] 2. U\n  - _Requirements: NFR-1, FR-1.7_\n"),
            "{sure}"
        );
    }

    #[test]
    fn only_what_was_asked_for_is_offered() {
        let fixture = format!("{SPEC}//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: fr-1$0.2, FR-1.1_\n");
        let kinds = |only: Option<&[&str]>, automatic| {
            with(&fixture, |place, _| {
                let mut kinds: Vec<_> = actions(place, only, automatic).iter().map(|offer| offer.kind.name()).collect();
                kinds.dedup();
                kinds
            })
        };
        assert_eq!(kinds(Some(&["quickfix"]), false), ["quickfix"]);
        assert_eq!(kinds(Some(&["refactor"]), false), ["refactor.rewrite"]);
        assert_eq!(kinds(Some(&["source.fixAll"]), false), ["source.fixAll.traceline"]);
        assert_eq!(kinds(Some(&["source.organizeTraces"]), true), ["source.organizeTraces"]);
        assert_eq!(kinds(None, true), ["quickfix", "refactor.rewrite"]);
        assert_eq!(kinds(Some(&["source.organizeImports"]), false), [""; 0]);
    }
}
