//! `malformed-trace-line`: a trace line is not written the way one is.

use super::repeated::MOST_APART;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::Fix;
use crate::facts::{Certainty, Facts, FlawKind, Kind, Reach, Reference};
use crate::id::Id;
use crate::settings::Level;
use crate::text::{Span, capitalised};

pub(super) const RULE: Rule = Rule {
    name: "malformed-trace-line",
    level: Some(Level::Warning),
    what: "A trace line lacks its closing mark, its colon, a comma, or the hyphen of an id, or its key is misspelt.",
    why: "People understand it, other tools and Markdown do not: an unclosed `_` shows as a character, and `FR 1.1` is found \
          by no search for `FR-1.1`. A missing comma or colon, a misspelt key \
          (`_Requirments: 1.1_`) and a list's hyphen without a blank behind (`--_Requirements: 1.1_`) are only information, and so is a line that stands beside its task, as it lost its indentation. An id without its hyphen is only reported where the hyphenated one is defined. \
          More than three lines of a file that are not closed are one finding.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, FR 2\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n//- tasks.md\n# Tasks\n\n- [ ] 1. Check passwords\n  - _Requirements: FR-1, FR-2_\n",
    fix: Remedy::Both {
        safe: "Closes the mark, puts the comma, or the hyphen where a blank stands.",
        suggested: "Writes an id without either as it is defined, a misspelt key, the colon, or the blank behind the hyphen.",
    },
    check: Checker::Part(check),
};

fn check(check: &Check<'_>, facts: &Facts, out: &mut Vec<Finding>) {
    if matches!(check.view.role, Role::Template | Role::Other | Role::None) {
        return;
    }
    for trace in &facts.traces {
        for flaw in &trace.flaws {
            let remark = |message, fix| {
                let mut finding = Finding::new(&RULE, flaw.span, message);
                (finding.level, finding.fix) = (Level::Information, Some(fix));
                finding
            };
            out.push(match flaw.what {
                FlawKind::Open(mark) => {
                    let mut finding = Finding::new(&RULE, trace.line, format!("{OPEN} `{mark}`"));
                    finding.fix = Some(Fix::one(format!("Close with `{mark}`"), flaw.span, mark).safe());
                    finding
                }
                FlawKind::Escaped => {
                    let message = "the mark that opens this trace line is escaped, so that it opens no emphasis";
                    let mut finding = Finding::new(&RULE, trace.line, message.to_string());
                    finding.help = Some("write it without `\\`, and close it by the same mark".into());
                    finding
                }
                FlawKind::Marker => remark(
                    "no blank stands between the hyphen and this trace line, so that it is no item of the list".into(),
                    Fix::one("Make it an item of the list".into(), flaw.span, "- "),
                ),
                FlawKind::Key(key) => {
                    let meant =
                        capitalised(check.dialect.table.traces.keys.get(key as usize).map_or("", String::as_str));
                    remark(
                        format!("the key of this trace line is misspelt: it is `{meant}`"),
                        Fix::one(format!("Write `{meant}`"), flaw.span, &meant),
                    )
                }
                FlawKind::Colon => remark(
                    "no colon stands behind the key of this trace line".into(),
                    Fix::one("Put a colon".into(), flaw.span, ": "),
                ),
                FlawKind::Separator => remark(
                    "the ids are not separated by a comma".into(),
                    Fix::one("Separate with a comma".into(), flaw.span, ", ").safe(),
                ),
            });
        }
    }
    out.extend(strays(check, facts));
    for reference in &facts.references {
        let id = facts.id(reference.id);
        if !explains(check, reference, id) {
            continue;
        }
        let known = meant(check, reference, id).unwrap_or_else(|| id.clone());
        let mut finding = Finding::new(&RULE, reference.span, format!("`{known}` is written without its hyphen"));
        if reference.reach == Reach::One {
            let fix = Fix::one(format!("Write `{known}`"), reference.span, known.as_str());
            // With a blank it is read as the id already; with nothing it means none until it is written so.
            finding.fix = Some(if reference.sure == Certainty::Spaced { fix.safe() } else { fix });
        }
        out.push(finding);
    }
}

/// Findings of trace lines that stand beside the task before them: they lost their indentation, where most tasks hold theirs.
fn strays(check: &Check<'_>, facts: &Facts) -> Vec<Finding> {
    if check.view.role != Role::Tasks || facts.tasks.is_empty() || facts.traces.is_empty() {
        return Vec::new();
    }
    let mut holds = vec![false; facts.tasks.len()];
    let mut stray = Vec::new();
    for trace in facts.traces.iter().filter(|trace| !trace.references.is_empty()) {
        match facts.innermost_task(trace.line.start, |item| item.covers(trace.line)) {
            Some(task) => holds[task] = true,
            None => stray.push(trace.line),
        }
    }
    let traced = holds.iter().filter(|holds| **holds).count();
    if traced < stray.len() * FEWEST_HELD {
        return Vec::new();
    }
    let heading_between = |task: usize, line: Span| {
        let next = facts.sections.partition_point(|section| section.head.start < facts.tasks[task].item.end);
        facts.sections.get(next).is_some_and(|section| section.head.start < line.start)
    };
    let lone = stray.into_iter().filter_map(|line| {
        let task = facts.last_task_before(line.start).filter(|task| !holds[*task] && !heading_between(*task, line))?;
        let number = facts.text(facts.tasks[task].number);
        let name = if number.is_empty() { "the task before it".to_string() } else { format!("task {number}") };
        let mut finding = Finding::new(&RULE, line, format!("this trace line stands beside {name}, not in it"));
        finding.help = Some("indent it as the other lines of the task are".into());
        finding.level = Level::Information;
        Some(finding)
    });
    lone.collect()
}

/// For each trace line that stands beside a task, so many tasks hold theirs.
const FEWEST_HELD: usize = 5;

/// Lines of a file that lack the same mark are one finding, where they are many: it is how they are written there.
pub(super) fn join(check: &Check<'_>, out: &mut Vec<Finding>) {
    let open = |finding: &Finding| finding.rule == &RULE && finding.message.starts_with(OPEN);
    if out.iter().filter(|finding| open(finding)).count() <= MOST_APART {
        return;
    }
    let mut all: Vec<Finding> = out.extract_if(.., |finding| open(finding)).collect();
    all.sort_by_key(|finding| finding.span);
    let Some((mut first, others)) = all.split_first().map(|(first, others)| (first.clone(), others)) else { return };
    first.message = format!("{} trace lines are not closed as they were opened, the first of them here", all.len());
    let edits = all.iter().flat_map(|finding| finding.fix.iter().flat_map(|fix| fix.edits.clone())).collect();
    first.fix = Some(Fix::of(format!("Close all {}", all.len()), edits).safe());
    let places: Vec<Span> = others.iter().map(|it| it.span).collect();
    first.also_at(check, &places, "neither is this one");
    out.push(first);
}

/// How the message begins of a line that is not closed.
const OPEN: &str = "this trace line is not closed by";

/// Whether a reference is a defined id without its hyphen, and so no unknown one.
pub(super) fn explains(check: &Check<'_>, reference: &Reference, id: &Id) -> bool {
    meant(check, reference, id).is_some()
}

fn meant(check: &Check<'_>, reference: &Reference, id: &Id) -> Option<Id> {
    if reference.kind != Kind::Trace {
        return None;
    }
    let meant = match reference.sure {
        Certainty::Spaced => id.clone(),
        Certainty::Loose if check.lookup.resolve(id).is_none() => id.hyphenated()?,
        _ => return None,
    };
    check.lookup.resolve(&meant).map(|(_, known)| known.clone())
}
