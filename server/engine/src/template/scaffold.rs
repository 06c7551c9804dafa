//! Scaffolds: what a template writes, whole or section by section, and ids that are free.

use super::schema::{Schema, Slot};
use crate::dialect::{Dialect, Role};
use crate::facts::{Context, Cut, read};
use crate::id::Id;
use rustc_hash::FxHashMap;
use std::fmt::Write;
use std::ops::Range;

impl Schema {
    /// A new document about `name`, with a hint wherever an author has to write.
    #[must_use]
    pub fn scaffold(&self, name: &str) -> String {
        let mut out = String::new();
        if let Some(title) = &self.title {
            let _ = writeln!(out, "# {}", title.named(name));
        }
        if !self.preface.is_empty() {
            let _ = write!(out, "\n{}\n", self.preface);
        }
        for slot in &self.top {
            let _ = write!(out, "\n{}", self.all_of(*slot, 2));
        }
        out.trim_start().to_string()
    }

    /// The section `slot` with all that is in it, its heading of `level`; a repeated one as often as in the template. It
    /// ends with one line break.
    fn all_of(&self, slot: usize, level: u8) -> String {
        let bodies = self.slots[slot].bodies.len();
        let texts =
            (0..bodies).map(|at| self.one_of(slot, at, &self.slots[slot].bodies[at].0.filled(number(at)), level));
        texts.collect::<Vec<_>>().join("\n")
    }

    fn one_of(&self, slot: usize, body: usize, heading: &str, level: u8) -> String {
        let Slot { bodies, children, .. } = &self.slots[slot];
        let mut out = format!("{} {heading}\n", "#".repeat(level.into()));
        let body = bodies.get(body).or(bodies.last()).map_or("", |(_, text)| text.as_str());
        if !body.is_empty() {
            let _ = write!(out, "\n{body}\n");
        }
        for child in children {
            let _ = write!(out, "\n{}", self.all_of(*child, level + 1));
        }
        out
    }

    /// A section `slot` to be put into a document, with all that is in it; `number` is its own where it repeats. It ends
    /// with one line break.
    #[must_use]
    pub fn section(&self, slot: usize, number: Option<u32>, level: u8) -> String {
        let known = &self.slots[slot];
        let Some(number) = number else {
            let heading = known.bodies.first().map_or(&known.heading, |(heading, _)| heading);
            return self.one_of(slot, 0, &heading.filled(1), level);
        };
        // The first few have names in the template.
        let at = (number as usize).saturating_sub(1);
        let heading =
            known.bodies.get(at).map_or_else(|| known.heading.numbered(number), |(heading, _)| heading.filled(number));
        self.one_of(slot, at, &heading, level)
    }

    /// The heading alone of such a section, without its marks.
    #[must_use]
    pub fn heading(&self, slot: usize, number: Option<u32>) -> String {
        let text = self.section(slot, number, 1);
        text.lines().next().unwrap_or_default().trim_start_matches(['#', ' ']).to_string()
    }

    /// The text of a section without its heading and what is in it; empty where the template has none.
    #[must_use]
    pub fn body(&self, slot: usize, number: Option<u32>) -> &str {
        let at = number.map_or(0, |number| (number as usize).saturating_sub(1));
        let bodies = &self.slots[slot].bodies;
        bodies.get(at).or(bodies.last()).map_or("", |(_, text)| text.as_str())
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

/// The scaffold `text` with the ids that it defines counted on behind those of `taken`: where `FR-2.1` is taken, its
/// `FR-1.1` becomes `FR-3.1`.
#[must_use]
pub fn renumber<'a>(text: &str, dialect: &Dialect, taken: impl Iterator<Item = &'a Id>) -> String {
    let mut last: FxHashMap<String, u64> = FxHashMap::default();
    for id in taken.filter(|id| !id.is_name() && !id.family().is_empty()) {
        let known = last.entry(id.family().to_string()).or_default();
        *known = (*known).max(id.numbers().next().unwrap_or_default());
    }
    let mut reading = read(text, dialect, Role::Spec, Cut::Never, Context::default(), true, &|_| false);
    let facts = reading.parts.pop().map(|part| part.facts).unwrap_or_default();
    let written = facts.definitions.iter().filter(|it| it.form.is_written());
    let own: Vec<&Id> = written.clone().map(|it| facts.id(it.id)).collect();
    let references = facts.references.iter().filter(|it| own.contains(&facts.id(it.id)));
    let places = written.map(|it| (it.place, it.id)).chain(references.map(|it| (it.span, it.id)));
    let mut edits: Vec<(Range<usize>, String)> = places
        .filter_map(|(span, id)| {
            let (id, range) = (facts.id(id), span.range());
            let by = *last.get(id.family())?;
            let start = range.start + id.prefix().len();
            let digits = text[start..range.end].trim_start_matches('-');
            let start = range.end - digits.len();
            let width = digits.bytes().take_while(u8::is_ascii_digit).count();
            let number: u64 = digits[..width].parse().ok()?;
            Some((start..start + width, format!("{:0width$}", number + by)))
        })
        .collect();
    edits.sort_by_key(|(range, _)| range.start);
    edits.dedup();
    let mut out = text.to_string();
    for (range, number) in edits.into_iter().rev() {
        out.replace_range(range, &number);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{built_in, read as read_template};
    use super::*;

    #[test]
    fn a_scaffold_is_the_template_without_its_comments_and_holes() {
        let text = "# Design: {name}\n<!-- help -->\n\nIntro [words here].\n\n## Context\n<!-- optional -->\n\n[Why now]\n\n## Step {n}: {name=First}\n<!-- repeats -->\n\n- [do one]\n\n## Step {n}: {name}\n\n- [do two]\n";
        let (schema, _) = read_template(text, &Dialect::home());
        assert_eq!(
            schema.scaffold("Log in"),
            "# Design: Log in\n\nIntro [words here].\n\n## Context\n\n[Why now]\n\n## Step 1: First\n\n- [do one]\n\n## Step 2: [Step name]\n\n- [do two]\n"
        );
        assert_eq!(schema.section(1, Some(5), 3), "### Step 5: [Step name]\n\n- [do two]\n");
    }

    #[test]
    fn ids_count_on_behind_those_that_are_taken() {
        let taken = [Id::new("FR-2.7"), Id::new("FR-1"), Id::new("SC-001")];
        let text = "1. **FR-1.1**: a\n2. **NFR-1.1**: b\n\n- **SC-001**: c\n\nSee FR-1.1 and FR-9.9.\n";
        assert_eq!(
            renumber(text, &Dialect::home(), taken.iter()),
            "1. **FR-3.1**: a\n2. **NFR-1.1**: b\n\n- **SC-002**: c\n\nSee FR-3.1 and FR-9.9.\n"
        );
    }

    #[test]
    fn a_section_comes_with_what_is_in_it() {
        let plan = built_in("plan.md").unwrap();
        let slot = plan.slots.iter().position(|slot| slot.heading.shown() == "Risk Assessment").unwrap();
        let text = plan.section(slot, None, 2);
        assert!(text.starts_with("## Risk Assessment\n\n### Technical Risks\n\n1. **[Technical risk]**"), "{text}");
        assert!(text.contains("\n### Dependency Risks\n"), "{text}");
    }
}
