//! One generated feature: its requirements, its plan and its tasks, as text.

use crate::prose::{Dice, ENDS, NOUNS, SECTIONS, VERBS, capital, sentence, slug};
use std::fmt::Write as _;

/// The id that about one reference in fifty names, and that no generated file defines.
pub(crate) const DANGLING: &str = "FR-99.9";

/// An id that stands only in code: a finding about it is a false alarm.
pub(crate) const IN_CODE: &str = "FR-77.7";

/// The anchor that about one link in fifty names, and that no heading has.
pub(crate) const NO_HEADING: &str = "no-such-heading";

/// The three files of a feature folder, and what a checker must find in them.
pub(crate) struct Feature {
    pub(crate) requirements: String,
    pub(crate) plan: String,
    pub(crate) tasks: String,
    pub(crate) definitions: usize,
}

struct Requirement {
    id: String,
    title: String,
    anchor: String,
}

/// Writes a feature; a plan of `plan_bytes` repeats its sections until it is that long, `None` goes through them once.
pub(crate) fn feature(dice: &mut Dice, name: &str, neighbour: &str, plan_bytes: Option<usize>) -> Feature {
    let (text, requirements) = requirements(dice, name, neighbour);
    Feature {
        plan: plan(dice, &requirements, plan_bytes),
        tasks: tasks(dice, &requirements),
        definitions: requirements.len(),
        requirements: text,
    }
}

fn requirements(dice: &mut Dice, name: &str, neighbour: &str) -> (String, Vec<Requirement>) {
    let mut out = format!("# Requirements: {}\n\n## Introduction\n\n", capital(&name[6..].replace('-', " ")));
    let mut defined = Vec::new();
    for _ in 0..2 {
        put(&mut out, format_args!("{}", sentence(dice)));
    }
    put(&mut out, format_args!("\nGoverned by the [core principles](../../constitution.md#core-principles)."));
    put(
        &mut out,
        format_args!(
            "Depends on [{neighbour}](../{neighbour}/requirements.md#functional-requirements).\n\n## Glossary\n"
        ),
    );
    for _ in 0..2 {
        put(&mut out, format_args!("- **{}**: {}", capital(dice.pick(NOUNS)), sentence(dice)));
    }
    for (family, part, groups) in [("FR", "Functional", 3 + dice.below(3)), ("NFR", "Non-Functional", 2)] {
        put(&mut out, format_args!("\n## {part} Requirements\n"));
        for group in 1..=groups {
            let heading = format!("{part} area {group}: {} handling", capital(dice.pick(NOUNS)));
            put(&mut out, format_args!("### {heading}\n"));
            for item in 1..=3 + dice.below(3) {
                let (id, title) = (
                    format!("{family}-{group}.{item}"),
                    format!("{} the {}", capital(dice.pick(VERBS)), dice.pick(NOUNS)),
                );
                let anchor = if family == "FR" && item % 2 == 1 {
                    written_as_heading(dice, &mut out, &id, &title)
                } else {
                    put(&mut out, format_args!("- **{id}**: {title}. {}\n", sentence(dice)));
                    slug(&heading)
                };
                defined.push(Requirement { id, title, anchor });
            }
        }
    }
    put(&mut out, format_args!("## Out of Scope\n\n- {}", sentence(dice)));
    (out, defined)
}

fn written_as_heading(dice: &mut Dice, out: &mut String, id: &str, title: &str) -> String {
    put(out, format_args!("#### {id}: {title}\n\n{}\n\n**Acceptance Criteria**\n", sentence(dice)));
    for number in 1..=2 {
        let (verb, noun, end) = (dice.pick(VERBS), dice.pick(NOUNS), dice.pick(ENDS));
        put(
            out,
            format_args!(
                "{number}. WHEN a user asks to {verb} the {noun} THEN the system SHALL {} it {end}.",
                dice.pick(VERBS)
            ),
        );
    }
    out.push('\n');
    slug(&format!("{id}: {title}"))
}

fn plan(dice: &mut Dice, requirements: &[Requirement], bytes: Option<usize>) -> String {
    let mut out = String::from(
        "# Technical Implementation Plan\n\nFollows the [core principles](../../constitution.md#core-principles).\n\n",
    );
    let Some(bytes) = bytes else {
        for title in SECTIONS {
            section(dice, &mut out, title, requirements);
        }
        return out;
    };
    for number in 0.. {
        if out.len() >= bytes {
            break;
        }
        section(dice, &mut out, &format!("{} {number:05}", SECTIONS[number % SECTIONS.len()]), requirements);
    }
    out
}

fn section(dice: &mut Dice, out: &mut String, title: &str, requirements: &[Requirement]) {
    put(
        out,
        format_args!(
            "## {title}\n\n{}\nSee {} and {}.\n",
            sentence(dice),
            link(dice, requirements),
            link(dice, requirements)
        ),
    );
    put(out, format_args!("{}\n\n### Details of {title}\n", trace(dice, requirements)));
    for _ in 0..3 {
        let noun = capital(dice.pick(NOUNS));
        put(out, format_args!("- **{noun}**: {} `{}_{}()`", sentence(dice), dice.pick(VERBS), dice.below(99)));
    }
    if dice.once_in(3) {
        put(out, format_args!("\n```sql\nSELECT id FROM {}_{}; -- {IN_CODE}\n```", dice.pick(VERBS), dice.below(99)));
    }
    if dice.once_in(3) {
        put(out, format_args!("\n| Risk | Impact | Owner |\n| --- | --- | --- |"));
        for _ in 0..3 {
            put(out, format_args!("| {} | {} | @{} |", dice.pick(NOUNS), dice.pick(ENDS), dice.pick(VERBS)));
        }
    }
    put(out, format_args!("\n{}\n", trace(dice, requirements)));
}

fn tasks(dice: &mut Dice, requirements: &[Requirement]) -> String {
    let mut out = String::from("# Implementation Tasks\n\nBuilt from the [plan](plan.md#architecture-overview).\n\n");
    for (phase, name) in ["Foundation", "Core Features", "Enhancement"].iter().enumerate() {
        let phase = phase + 1;
        put(&mut out, format_args!("## Phase {phase}: {name}\n"));
        for task in 1..=2 + dice.below(2) {
            let mark = if dice.once_in(3) { 'x' } else { ' ' };
            put(
                &mut out,
                format_args!("- [{mark}] {phase}.{task} {} the {}", capital(dice.pick(VERBS)), dice.pick(NOUNS)),
            );
            for step in 1..=2 {
                put(&mut out, format_args!("  - [{mark}] {phase}.{task}.{step} {}", sentence(dice)));
                put(&mut out, format_args!("    - Covers {}", link(dice, requirements)));
                put(&mut out, format_args!("    - {}", trace(dice, requirements)));
            }
        }
        out.push('\n');
    }
    out
}

/// `_Requirements: FR-1.1, NFR-1.2_`: one to three ids, none twice, one in fifty of them dangling.
fn trace(dice: &mut Dice, requirements: &[Requirement]) -> String {
    let mut ids: Vec<&str> = Vec::new();
    for _ in 0..=dice.below(3) {
        let id = if dice.once_in(50) { DANGLING } else { &requirements[dice.below(requirements.len())].id };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    format!("_Requirements: {}_", ids.join(", "))
}

/// A link to the heading that defines or holds a requirement, so that Markdown servers have the same to follow; one in fifty leads nowhere.
fn link(dice: &mut Dice, requirements: &[Requirement]) -> String {
    let Requirement { id, title, anchor } = &requirements[dice.below(requirements.len())];
    if dice.once_in(50) {
        return format!("[{id}](requirements.md#{NO_HEADING})");
    }
    format!("[{id}: {title}](requirements.md#{anchor})")
}

pub(crate) fn put(out: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(out, "{line}").expect("a String takes all that is written to it");
}
