//! Sections of a plan: a fresh one is complete, and whatever is done to one section is one finding whose fix mends it.

#![expect(clippy::unwrap_used, reason = "whatever fails here is the test failing")]

use traceline_engine::dialect::{Dialect, Role};
use traceline_engine::edit::apply;
use traceline_engine::facts::{Context, Cut, read};
use traceline_engine::path::FilePath;
use traceline_engine::rule::{self, Finding};
use traceline_engine::settings::{Level, Settings};
use traceline_engine::template::{Schema, built_in};
use traceline_engine::text::Span;
use traceline_engine::world::{Closed, World};

const PLAN: &str = "/w/specs/login/plan.md";
const SPEC: &str = "/w/specs/login/spec.md";
const TASKS: &str = "/w/specs/login/tasks.md";

fn schema(name: &str) -> &'static Schema {
    built_in(name).unwrap()
}

/// A feature with these files.
fn world(files: &[(&str, &str)]) -> World {
    let mut world = World::new(vec![FilePath::new("/w")], Settings::default());
    let home = Dialect::home();
    for (path, text) in files {
        let relative = path.trim_start_matches("/w/");
        world.put(&FilePath::new(path), Closed::read(text, home.at(relative), home.role_of(relative)));
    }
    world
}

fn found(files: &[(&str, &str)], path: &str) -> Vec<Finding> {
    let world = world(files);
    let path = FilePath::new(path);
    let mut findings = rule::check(&world.snapshot(), &path);
    let text = files.iter().find(|(other, _)| *other == path.as_str()).map(|(_, text)| (*text).to_string());
    rule::complete(&world.snapshot(), &path, &mut findings, || text.clone());
    findings
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|it| format!("{}: {} ({})", it.rule.name, it.message, it.help.clone().unwrap_or_default()))
        .collect()
}

/// `text` with every hint replaced by words.
fn filled(text: &str) -> String {
    let mut out = text.to_string();
    for hint in hints(text).into_iter().rev() {
        out.replace_range(hint, "words of the author");
    }
    out
}

/// Every bracketed text and SQL comment of a scaffold: what its author has to fill in.
fn hints(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('[').map(|found| at + found) {
        let close = open + text[open..].find(']').unwrap() + 1;
        if !matches!(&text[open..close], "[ ]" | "[P]" | "[US1]") {
            out.push(open..close);
        }
        at = close;
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("-- ") {
            out.push(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    out.sort_by_key(|range| range.start);
    out
}

#[test]
fn a_fresh_feature_has_its_hints_to_fill_in_and_nothing_else() {
    let folders = [
        ("specs/login", ["spec.md", "plan.md", "tasks.md"]),
        (".kiro/specs/login", ["requirements.md", "design.md", "tasks.md"]),
        ("specs/001-login", ["spec.md", "plan.md", "tasks.md"]),
        ("openspec/specs/login", ["spec.md", "design.md", "tasks.md"]),
    ];
    for (folder, names) in folders {
        let home = Dialect::home();
        let templates = &home.at(&format!("{folder}/{}", names[0])).table.templates;
        let texts = [&templates.spec, &templates.plan, &templates.tasks].map(|name| schema(name).scaffold("Log in"));
        let paths = names.map(|name| format!("/w/{folder}/{name}"));
        let files: Vec<(&str, &str)> =
            paths.iter().zip(&texts).map(|(path, text)| (path.as_str(), text.as_str())).collect();
        for (path, text) in &files {
            let findings = found(&files, path);
            assert!(findings.iter().all(|it| it.rule.name == "placeholder-left"), "{path}: {:?}", told(&findings));
            let warnings: Vec<_> = findings.iter().filter(|it| it.level == Level::Warning).collect();
            // How far it is stands at the title alone; each hint is in one block.
            let mostly = findings.iter().any(|it| it.message.contains(" sections still hold hints"));
            assert!(!mostly || warnings.len() == 1, "{path}: {:?}", told(&findings));
            assert!(mostly || warnings.len() <= 3, "{path}: {:?}", told(&findings));
            for hint in hints(text) {
                let holds = |it: &&Finding| it.span.range().start <= hint.start && hint.end <= it.span.range().end;
                let blocks = findings.iter().filter(|it| !it.message.contains("sections")).filter(holds).count();
                assert_eq!(blocks, 1, "{path}: {}", &text[hint.clone()]);
            }
        }
        let texts: Vec<String> = texts.iter().map(|text| filled(text)).collect();
        let files: Vec<(&str, &str)> =
            paths.iter().zip(&texts).map(|(path, text)| (path.as_str(), text.as_str())).collect();
        for (path, text) in &files {
            assert_eq!(told(&found(&files, path)), [""; 0], "{path}\n{text}");
        }
    }
}

/// Files of a feature, and sections with their bounds.
type Written = (Vec<(&'static str, String)>, Vec<(String, std::ops::Range<usize>)>);

/// A feature whose plan is written, and the bounds of each of its sections with all that is in it.
fn written() -> Written {
    let fresh = [(SPEC, "spec.md"), (PLAN, "plan.md"), (TASKS, "tasks.md")]
        .map(|(path, name)| (path, schema(name).scaffold("")));
    let texts: Vec<(&str, String)> = fresh.iter().map(|(path, text)| (*path, filled(text))).collect();
    let plan = texts[1].1.as_str();
    let mut reading = read(plan, &Dialect::home(), Role::Plan, Cut::Never, Context::default(), true, &|_| false);
    let facts = reading.parts.pop().unwrap().facts;
    let mut sections = Vec::new();
    for (at, section) in facts.sections.iter().enumerate().skip(1) {
        let next = facts.sections[at + 1..].iter().find(|next| next.level <= section.level);
        let end = next.map_or(plan.len(), |next| next.start as usize);
        sections.push((facts.text(section.title).to_string(), section.start as usize..end));
    }
    (texts, sections)
}

/// The feature's findings in its plan when that says `plan`.
fn plan_says(files: &[(&'static str, String)], plan: &str) -> Vec<Finding> {
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (*path, if *path == PLAN { plan } else { text.as_str() })).collect();
    found(&files, PLAN)
}

/// `plan` has one finding of `rule`, and its fix leaves nothing amiss but hints, which the author fills in.
fn one_finding(files: &[(&'static str, String)], plan: &str, rule: &str, case: &str) {
    let findings = plan_says(files, plan);
    assert_eq!(findings.iter().map(|it| it.rule.name).collect::<Vec<_>>(), [rule], "{case}: {:?}", told(&findings));
    let fix = findings[0].fix.as_ref().unwrap_or_else(|| panic!("{case}: no fix"));
    let mended = apply(plan, &fix.edits);
    let left = plan_says(files, &mended);
    let from_template = rule == "missing-section";
    assert!(from_template || left.is_empty(), "{case}: {:?}\n{mended}", told(&left));
    assert!(left.iter().all(|it| it.rule.name == "placeholder-left"), "{case}: {:?}\n{mended}", told(&left));
    let finished = filled(&mended);
    assert_eq!(told(&plan_says(files, &finished)), [""; 0], "{case}\n{finished}");
    assert!(!mended.contains("\n\n\n") && mended.ends_with('\n') && !mended.ends_with("\n\n"), "{case}\n{mended:?}");
}

#[test]
fn any_section_that_is_deleted_is_missed_and_put_back() {
    let (files, sections) = written();
    assert_eq!(sections.len(), 30);
    for (title, range) in &sections {
        let mut plan = files[1].1.clone();
        plan.replace_range(range.clone(), "");
        let plan = format!("{}\n", plan.trim_end());
        if title.starts_with("Phase 3") {
            // There may be any number of phases, so nobody can tell that the last is gone.
            assert_eq!(told(&plan_says(&files, &plan)), [""; 0]);
            continue;
        }
        one_finding(&files, &plan, "missing-section", title);
    }
}

#[test]
fn a_heading_that_is_deleted_alone_is_missed_once() {
    let (files, sections) = written();
    for (title, range) in sections.iter().filter(|(_, range)| files[1].1[range.clone()].starts_with("## ")) {
        let mut plan = files[1].1.clone();
        let line = plan[range.clone()].find("\n\n").unwrap() + 2;
        plan.replace_range(range.start..range.start + line, "");
        let rest = &files[1].1[range.start + line..range.end];
        if rest.starts_with("### ") {
            one_finding(&files, &plan, "missing-section", title);
        }
    }
}

#[test]
fn any_section_that_is_moved_anywhere_is_found_and_moved_back() {
    let (files, sections) = written();
    let plan = &files[1].1;
    let title_end = plan.find("\n\n").unwrap() + 2;
    let mut moves = 0;
    for (title, range) in &sections {
        let level = plan[range.clone()].bytes().take_while(|b| *b == b'#').count();
        let places = sections.iter().map(|(_, place)| place.start).chain([plan.len(), 0]);
        for place in places.filter(|place| !(range.start..=range.end).contains(place)) {
            let section = format!("{}\n\n", plan[range.clone()].trim_end());
            let mut moved = plan.clone();
            if place > range.start {
                moved.insert_str(place, &if place == plan.len() { format!("\n{section}") } else { section });
                moved.replace_range(range.clone(), "");
            } else {
                moved.replace_range(range.clone(), "");
                moved.insert_str(place, &section);
            }
            let moved = format!("{}\n", moved.trim_end());
            // A section of the first level that is put among subsections takes those behind it along: the author has then
            // moved more than one.
            let inner = place != plan.len() && plan[place..].starts_with("### ") && place > title_end;
            if level == 2 && inner {
                continue;
            }
            moves += 1;
            one_finding(&files, &moved, "misplaced-section", &format!("{title} moved to {place}"));
        }
    }
    assert!(moves > 600, "{moves}");
}

#[test]
fn any_title_that_is_misspelt_is_found_and_mended() {
    let (files, sections) = written();
    let mut slips = 0;
    for (title, range) in &sections {
        let start = range.start + files[1].1[range.clone()].find(title.as_str()).unwrap();
        // The name of a phase is free; the word before its number is not.
        let fixed = if title.starts_with("Phase ") { 5 } else { title.len() };
        for at in 0..fixed {
            let long = title[..at].rfind(' ').map_or(0, |blank| blank + 1);
            let word = title[long..fixed].split(' ').next().unwrap();
            if word.len() < 4 || !title.is_char_boundary(at + 1) || title[at..].starts_with(' ') {
                continue;
            }
            let mut dropped = title.clone();
            dropped.remove(at);
            let mut doubled = title.clone();
            doubled.insert(at, 'q');
            for slip in [dropped, doubled] {
                let mut plan = files[1].1.clone();
                plan.replace_range(start..start + title.len(), &slip);
                // A doubled letter that is dropped, or a blank, may leave the same title.
                if slip == *title
                    || traceline_engine::facts::fold_title(&slip) == traceline_engine::facts::fold_title(title)
                {
                    continue;
                }
                slips += 1;
                one_finding(&files, &plan, "misspelt-section", &slip);
            }
        }
    }
    assert!(slips > 500, "{slips}");
}

#[test]
fn a_document_of_thousands_of_sections_is_no_form() {
    let plan = |more: usize| {
        let own: String = (0..more).map(|at| format!("### Part {at}\n\nx\n\n")).collect();
        let known = "## Integration Points\n\nx\n\n## Risk Assessment\n\nx\n\n## Testing Strategy\n\nx\n";
        format!("# Technical Implementation Plan\n\n## System Design\n\n{own}{known}")
    };
    let missing = |text: &str| found(&[(PLAN, text)], PLAN).into_iter().filter(|it| it.rule.name == "missing-section");
    let message = missing(&plan(3)).next().unwrap().message;
    assert!(message.starts_with("5 sections are missing: "), "parts of its own are no subsections: {message}");
    assert_eq!(missing(&plan(5000)).count(), 0);
}

#[test]
fn sections_that_are_deleted_together_are_one_finding_whose_fix_puts_all_back() {
    let (files, sections) = written();
    let plan = &files[1].1;
    let title = Span::new(2, plan.find('\n').unwrap());
    for (at, (first, one)) in sections.iter().enumerate() {
        for (second, other) in sections.iter().skip(at + 1).step_by(3) {
            if other.start < one.end || [first, second].iter().any(|title| title.starts_with("Phase ")) {
                continue;
            }
            let mut cut = plan.clone();
            cut.replace_range(other.clone(), "");
            cut.replace_range(one.clone(), "");
            let cut = format!("{}\n", cut.trim_end());
            let findings = plan_says(&files, &cut);
            let case = format!("{first} and {second}");
            // Of a section that keeps less than half of its subsections none is asked for.
            let level = |range: &std::ops::Range<usize>| plan[range.clone()].bytes().take_while(|b| *b == b'#').count();
            if findings.iter().all(|it| it.related.len() < 2) && level(one) == 3 && level(other) == 3 {
                continue;
            }
            assert_eq!(findings.len(), 1, "{case}: {:?}", told(&findings));
            assert_eq!(findings[0].message, format!("2 sections are missing: `{first}` and `{second}`"));
            assert_eq!((findings[0].span, findings[0].related.len()), (title, 2), "{case}");
            let whole = apply(&cut, &findings[0].fix.as_ref().unwrap().edits);
            let left = plan_says(&files, &whole);
            assert!(left.iter().all(|it| it.rule.name == "placeholder-left"), "{case}: {:?}\n{whole}", told(&left));
            assert_eq!(told(&plan_says(&files, &filled(&whole))), [""; 0], "{case}\n{whole}");
            // One after the other comes to the same.
            let [step, _] = &findings[0].steps[..] else { panic!("{case}: {:?}", findings[0].steps) };
            let half = apply(&cut, &step.edits);
            let left = plan_says(&files, &half).into_iter().find(|it| it.rule.name == "missing-section").unwrap();
            assert_eq!(left.message, format!("the section `{second}` is missing"));
            assert_eq!(apply(&half, &left.fix.unwrap().edits), whole, "{case}");
        }
    }
}

#[test]
fn a_lean_document_of_a_teams_own_lacks_nothing() {
    for (path, text) in [
        ("specs/001-photos/plan.md", "# Implementation Plan: Photos\n\n## Summary\n\nx\n\n## Technical Context\n\nx\n"),
        (
            "specs/001-photos/plan.md",
            "# Implementation Plan: Photos\n\n## Summary\n\nx\n\n## Project Structure\n\nx\n\n## Decisions\n\nx\n",
        ),
        (
            "specs/001-photos/spec.md",
            "# Feature Specification: Photos\n\n## Requirements\n\n- **FR-001**: System MUST upload\n",
        ),
        (
            ".kiro/specs/shop/design.md",
            "# Design Document: Shop\n\n## Overview\n\nx\n\n## Error Handling\n\nx\n\n## Colours\n\nx\n\n## Words\n\nx\n",
        ),
        ("openspec/changes/shop/design.md", "# Design: Shop\n\n## Context\n\nx\n\n## Decisions\n\nx\n"),
        ("openspec/changes/shop/proposal.md", "# Proposal\n\n## Why\n\nx\n\n## What Changes\n\nx\n"),
        (
            "specs/login/plan.md",
            "# Technical Implementation Plan\n\n## Testing Strategy\n\nx\n\n## Architecture Overview\n\nx\n",
        ),
        (
            "specs/login/plan.md",
            "# Technical Implementation Plan\n\n## Architecture Overview\n\nx\n\n## System Design\n\nx\n\n## Risk Assessment\n\nx\n\n## Testing Strategy\n\nx\n\n## Ours\n\nx\n\n## Also ours\n\nx\n",
        ),
    ] {
        let path = format!("/w/{path}");
        assert_eq!(told(&found(&[(&path, text)], &path)), [""; 0], "{text}");
    }
}

#[test]
fn a_subsection_of_the_template_at_the_top_is_not_a_teams_own() {
    let top =
        ["Architecture Overview", "Technical Constraints", "System Design", "Component Architecture", "Data Flow"];
    let rest = ["Database Schema", "Integration Points", "Risk Assessment", "Testing Strategy", "Deployment Strategy"];
    let sections: String = top.iter().chain(&rest).map(|title| format!("## {title}\n\nx\n\n")).collect();
    let text = format!("# Technical Implementation Plan\n\n{sections}## Monitoring and Observability\n\nx\n");
    let path = "/w/specs/login/plan.md";
    let found = found(&[(path, &text)], path);
    let missing: Vec<&str> =
        found.iter().filter(|it| it.rule.name == "missing-section").map(|it| it.message.as_str()).collect();
    assert_eq!(missing, ["the section `Implementation Phases` is missing"]);
}

#[test]
fn what_a_team_asks_for_is_missed_in_a_lean_document_too() {
    let template =
        "# Plan: {name}\n\n## Idea\n\n[reason]\n\n## Price\n\n[price]\n\n## Steps\n\n[steps]\n\n## Risks\n\n[risks]\n";
    let (schema, _) = traceline_engine::template::read(template, &Dialect::home());
    let mut world =
        world(&[(PLAN, "# Ideas\n\n## Idea\n\nx\n"), ("/w/specs/login/research.md", "# Ideas\n\n## Notes\n\nx\n")]);
    world.set_settings(Settings { templates: [(Role::Plan, schema.into())].into(), ..Settings::default() });
    let messages = |path: &str| told(&rule::check(&world.snapshot(), &FilePath::new(path)));
    assert_eq!(messages(PLAN), ["missing-section: 3 sections are missing: `Price`, `Steps` and `Risks` ()"]);
    assert_eq!(messages("/w/specs/login/research.md"), [""; 0], "it is of another kind");
}

#[test]
fn a_comment_allows_one_section_to_be_missing_or_all() {
    let (files, sections) = written();
    let mut plan = files[1].1.clone();
    for title in ["Risk Assessment", "Integration Points"] {
        let (_, range) = sections.iter().find(|(other, _)| other == title).unwrap();
        plan.replace_range(range.clone(), "");
    }
    let missing = |plan: &str| plan_says(&files, plan).iter().map(|it| it.message.clone()).collect::<Vec<_>>();
    assert_eq!(missing(&plan), ["2 sections are missing: `Integration Points` and `Risk Assessment`"]);
    let comment = "<!-- traceline: allow missing-section not here -->\n\n";
    assert_eq!(missing(&format!("{comment}{plan}")), [""; 0], "at the title it speaks for all");
    let behind = plan.replacen("## System Design", &format!("{comment}## System Design"), 1);
    assert_eq!(missing(&behind), [""; 0], "both are missed behind this section");
    let other = plan.replacen("## Testing Strategy", &format!("{comment}## Testing Strategy"), 1);
    assert_eq!(missing(&other).len(), 2, "a comment elsewhere allows nothing: {:?}", missing(&other));
}
