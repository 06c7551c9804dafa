//! Retire: a requirement is given up and stays where it is, marked in the way in which its document marks others.

use super::notes::{below, cells_behind, is_headed, line_of, paragraph_end};
use crate::dialect::Withdrawn;
use crate::edit::{Edit, Proposal, Refusal};
use crate::facts::{Definition, Facts, Form};
use crate::feature::Source;
use crate::feature::source::FileText;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Defined, definitions_of, states, successors_of};
use crate::text::{Encoding, Span};
use crate::world::{Snapshot, Trial};
use std::collections::BTreeSet;

/// No line about a status is longer, in bytes: what is longer is no status.
const LONGEST_STATUS: usize = 110;

/// What is given up, and why.
#[derive(Clone, Copy, Debug)]
pub struct Retirement<'a> {
    /// The scope that defines it.
    pub scope: &'a FilePath,
    /// Its id.
    pub id: &'a Id,
    /// The reason, which may be empty.
    pub reason: &'a str,
    /// What takes its place.
    pub successors: &'a [Id],
}

/// How a requirement says that it is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// `~~**FR-3**: text~~ Withdrawn.`
    Struck,
    /// `**FR-3** (withdrawn): text`
    Word,
    /// `**Status**: Withdrawn` below its heading.
    Status,
}

/// The edits that give the requirement up. Its id stays, so that no other gets it, and what names it is told of.
///
/// # Errors
/// Why it is not given up.
pub fn retire(snapshot: &Snapshot, source: &dyn Source, what: &Retirement<'_>) -> Result<Proposal, Refusal> {
    let Retirement { scope, id, reason, successors } = *what;
    if reason.contains(['\n', '\r']) || reason.contains("~~") {
        return Err(Refusal("a reason is one line of text, without `~~`".into()));
    }
    if successors.contains(id) {
        return Err(Refusal(format!("`{id}` cannot take its own place")));
    }
    for by in successors {
        let index = snapshot.index(scope);
        if index.as_ref().is_none_or(|index| index.defined(by).is_none()) {
            return Err(Refusal(format!("`{by}` is not defined in {}", snapshot.display_path(scope))));
        }
        if index.is_some_and(|index| index.is_withdrawn(by)) {
            return Err(Refusal(format!("`{by}` is withdrawn itself, and cannot take the place of `{id}`")));
        }
    }
    let all = definitions_of(snapshot, scope, id);
    let told = |defined: &Defined<'_>| {
        let line = defined.view.position(defined.place().span.start, Encoding::Utf8).line + 1;
        format!("{}:{line}", snapshot.display_path(defined.view.path))
    };
    let standing: Vec<&Defined<'_>> = all.iter().filter(|it| !it.definition.withdrawn).collect();
    let defined = match (&standing[..], all.first()) {
        ([only], _) => *only,
        ([first, second, ..], _) => {
            let places = format!("{} and {}", told(first), told(second));
            return Err(Refusal(format!("`{id}` is defined in {places}, so which is given up cannot be told")));
        }
        ([], Some(gone)) => return Err(Refusal(format!("`{id}` is withdrawn already, in {}", told(gone)))),
        ([], None) => return Err(Refusal(format!("`{id}` is not defined in {}", snapshot.display_path(scope)))),
    };
    let inside = |by: &&Id| {
        let own = definitions_of(snapshot, scope, by);
        own.iter().any(|it| it.view.path == defined.view.path && defined.statement().covers(it.place().span))
    };
    if let Some(by) = successors.iter().find(inside) {
        return Err(Refusal(format!("`{by}` belongs to `{id}`, and would be given up with it")));
    }
    let text = FileText::of(snapshot, source, &defined.view)?;
    let table = &snapshot.dialect_of(defined.view.path).table.withdrawn;
    let marking =
        Marking { defined, text: &text.whole(), newline: text.newline(), table, reason: reason.trim(), successors };
    for way in marking.ways() {
        let Some(edits) = marking.edits(way) else { continue };
        if is_right(snapshot, defined, &text, &edits, what) {
            return Ok(Proposal::of_file(defined.view.path, edits));
        }
    }
    Err(Refusal(format!(
        "`{id}` in {} cannot be marked so that it is read as withdrawn; nothing was changed",
        told(defined)
    )))
}

/// What could take the place of `id` of `scope`, each with its title: those of its family first, by number. What is given up, or
/// would be with it, is not among them.
#[must_use]
pub fn successors(snapshot: &Snapshot, scope: &FilePath, id: &Id) -> Vec<(Id, String)> {
    let Some(index) = snapshot.index(scope) else { return Vec::new() };
    let own = definitions_of(snapshot, scope, id);
    let mut out = Vec::new();
    for other in index.all_defined().filter(|other| *other != id && !index.is_withdrawn(other)) {
        let Some(defined) = definitions_of(snapshot, scope, other).into_iter().next() else { continue };
        let place = defined.place();
        let inside = |it: &Defined<'_>| it.view.path == defined.view.path && it.statement().covers(place.span);
        if states(defined.definition) && !own.iter().any(inside) {
            out.push((other.clone(), defined.title().to_string()));
        }
    }
    let stranger = |other: &Id| !other.prefix().eq_ignore_ascii_case(id.prefix());
    out.sort_by(|(a, _), (b, _)| (stranger(a), a).cmp(&(stranger(b), b)));
    out
}

/// Whether, tried out, the requirement is withdrawn for what is said, and nothing else has changed.
fn is_right(
    snapshot: &Snapshot,
    defined: &Defined<'_>,
    text: &FileText<'_>,
    edits: &[Edit],
    what: &Retirement<'_>,
) -> bool {
    let (view, statement) = (&defined.view, defined.statement());
    let mut inside: BTreeSet<&Id> = BTreeSet::from([what.id]);
    for (base, facts) in view.parts() {
        let own = facts.definitions.iter().filter(|it| statement.covers(it.place.shifted(base)));
        inside.extend(own.map(|it| facts.id(it.id)));
    }
    let mut trial = Trial::of(snapshot);
    text.try_out(&mut trial, view.path, edits);
    let after = trial.end();
    let states = |snapshot: &Snapshot| -> BTreeSet<(Id, bool)> {
        let Some(index) = snapshot.index(what.scope) else { return BTreeSet::new() };
        // What belongs to a requirement is given up with it.
        index.all_defined().map(|id| (id.clone(), !inside.contains(id) && index.is_withdrawn(id))).collect()
    };
    let gone = after.index(what.scope).is_some_and(|index| index.is_withdrawn(what.id));
    let by = successors_of(&after, what.scope, what.id);
    gone && what.successors.iter().all(|id| by.contains(id)) && states(snapshot) == states(&after)
}

/// How one requirement is marked.
struct Marking<'a> {
    defined: &'a Defined<'a>,
    text: &'a str,
    newline: &'static str,
    table: &'a Withdrawn,
    reason: &'a str,
    successors: &'a [Id],
}

impl Marking<'_> {
    fn is_headed(&self) -> bool {
        is_headed(self.defined.definition.form)
    }

    /// The ways of marking it, that of the document first.
    fn ways(&self) -> Vec<Way> {
        let usual = if self.is_headed() {
            [Way::Status, Way::Word, Way::Struck]
        } else {
            [Way::Struck, Way::Word, Way::Status]
        };
        let mut ways: Vec<Way> = self.way_of_others().into_iter().collect();
        ways.extend(usual.into_iter().filter(|way| !ways.contains(way)).collect::<Vec<_>>());
        ways
    }

    /// How another requirement of the file that is written alike says that it is given up.
    fn way_of_others(&self) -> Option<Way> {
        let parts = self.defined.view.parts();
        let all = parts.flat_map(|(base, facts)| facts.definitions.iter().map(move |it| (base, it)));
        let mut gone = all.filter(|(_, it)| it.withdrawn && is_headed(it.form) == self.is_headed());
        gone.find_map(|(base, definition)| {
            let line = line_of(self.text, definition.place.shifted(base).start as usize);
            let line = &self.text[line];
            let word = self.table.words.iter().any(|word| line.to_lowercase().contains(word));
            if line.contains("~~") {
                Some(Way::Struck)
            } else if word {
                Some(Way::Word)
            } else {
                is_headed(definition.form).then_some(Way::Status)
            }
        })
    }

    /// What takes its place, or that it is given up: `Superseded by FR-3 and FR-4`.
    fn verdict(&self) -> Option<String> {
        let word = match self.successors.split_last() {
            None => self.table.words.iter().next()?.clone(),
            Some((last, [])) => format!("{} {}", self.table.successors.iter().next()?, self.called(last)),
            Some((last, others)) => {
                let list: Vec<String> = others.iter().map(|id| self.called(id)).collect();
                let by = self.table.successors.iter().next()?;
                format!("{by} {} and {}", list.join(", "), self.called(last))
            }
        };
        Some(word)
    }

    /// A requirement as text calls it: a bare number behind the word before it in its heading, `Requirement 2`.
    fn called(&self, id: &Id) -> String {
        let bare = id.family().is_empty() && !id.is_name() && id.parent().is_none();
        let stated = |definition: &&Definition, facts: &Facts| {
            definition.form == Form::Numbered && facts.id(definition.id) == id
        };
        let word = self.defined.view.parts().filter(|_| bare).find_map(|(base, facts)| {
            let definition = facts.definitions.iter().find(|it| stated(it, facts))?;
            let place = definition.place.shifted(base).start as usize;
            let before = &self.text[line_of(self.text, place).start..place];
            Some(before.trim_matches(|c: char| !c.is_alphabetic()).to_string())
        });
        word.filter(|word| !word.is_empty()).map_or_else(|| id.to_string(), |word| format!("{word} {id}"))
    }

    /// The same as a sentence, with the reason behind it.
    fn sentence(&self) -> Option<String> {
        let verdict = self.verdict()?;
        let mut letters = verdict.chars();
        let first = letters.next()?.to_uppercase();
        let stop = if self.reason.is_empty() { String::new() } else { format!(" {}", self.reason) };
        Some(format!("{first}{}.{stop}", letters.as_str()))
    }

    fn edits(&self, way: Way) -> Option<Vec<Edit>> {
        match (way, self.is_headed(), self.defined.definition.form) {
            (Way::Struck, _, Form::Row) => self.struck_row(),
            (Way::Struck, headed, _) => self.struck(headed),
            (Way::Word, headed, _) => self.worded(headed),
            (Way::Status, true, _) => self.status(),
            (Way::Status, false, _) => None,
        }
    }

    /// Where the marks around the id begin: `**FR-3**`.
    fn opening(&self) -> usize {
        let place = self.defined.place().span.start as usize;
        let line = line_of(self.text, place).start;
        line + self.text[line..place].trim_end_matches(['*', '_', '`', '[']).len()
    }

    fn struck(&self, headed: bool) -> Option<Vec<Edit>> {
        let counted = self.defined.definition.form == Form::Counted;
        // A counted one has no id that could be struck through.
        let start = if counted {
            let behind = self.defined.place().span.end as usize;
            let rest = &self.text[behind..line_of(self.text, behind).end];
            behind + rest.len() - rest.trim_start_matches(['.', ')', ' ', '\t', ':']).len()
        } else {
            self.opening()
        };
        let end = if headed {
            let line = line_of(self.text, start);
            start + self.text[start..line.end].trim_end_matches(['#', ' ', '\t']).len()
        } else {
            paragraph_end(self.text, start, self.defined.statement().end as usize)
        };
        let text = self.text.get(start..end).filter(|text| !text.is_empty() && !text.contains("~~"))?;
        let (open, close) = (Span::at(start), Span::at(start + text.len()));
        let mut edits = vec![Edit { span: open, text: "~~".into() }];
        if headed {
            edits.push(Edit { span: close, text: "~~".into() });
            edits.push(self.below(&self.sentence()?));
        } else {
            edits.push(Edit { span: close, text: format!("~~ {}", self.sentence()?) });
        }
        Some(edits)
    }

    /// The id of a row and the longest of its cells struck through, with the reason behind that.
    fn struck_row(&self) -> Option<Vec<Edit>> {
        let place = self.defined.place().span.range();
        let own = self.opening();
        let (bar, cells) = cells_behind(self.text, place.end)?;
        let closed = own + self.text[own..bar].trim_end().len();
        let (from, to) = cells
            .into_iter()
            .filter(|(from, to)| from < to)
            .max_by_key(|(from, to)| (to - from, std::cmp::Reverse(*from)))?;
        if self.text[own..closed].contains("~~") || self.text[from..to].contains("~~") {
            return None;
        }
        let note = self.sentence()?.replace('|', "\\|");
        let edit = |at: usize, text: String| Edit { span: Span::at(at), text };
        Some(vec![
            edit(own, "~~".into()),
            edit(closed, "~~".into()),
            edit(from, "~~".into()),
            edit(to, format!("~~ {note}")),
        ])
    }

    /// A word in brackets: behind the id, or at the end of a heading, whose id leads links to it.
    fn worded(&self, headed: bool) -> Option<Vec<Edit>> {
        let place = self.defined.place().span.range();
        let line = line_of(self.text, place.start);
        let verdict = self.verdict()?;
        if headed {
            let end = place.end + self.text[place.end..line.end].trim_end_matches(['#', ' ', '\t']).len();
            let mut edits = vec![Edit { span: Span::at(end), text: format!(" ({verdict})") }];
            if !self.reason.is_empty() {
                edits.push(self.below(self.reason));
            }
            return Some(edits);
        }
        if self.defined.definition.form == Form::Counted {
            return None;
        }
        let reason =
            if self.reason.is_empty() { String::new() } else { format!("; {}", self.reason.trim_end_matches('.')) };
        Some(vec![Edit { span: Span::at(place.end), text: format!(" ({verdict}{reason})") }])
    }

    /// A line about the status below the heading.
    fn status(&self) -> Option<Vec<Edit>> {
        let key = self.table.keys.iter().next()?;
        let mut letters = key.chars();
        let key = format!("{}{}", letters.next()?.to_uppercase(), letters.as_str());
        let whole = format!("**{key}**: {}", self.sentence()?);
        if whole.len() <= LONGEST_STATUS {
            return Some(vec![self.below(&whole)]);
        }
        let bare = Marking { reason: "", ..*self };
        let apart = self.newline.repeat(2);
        Some(vec![self.below(&format!("**{key}**: {}{apart}{}", bare.sentence()?, self.reason))])
    }

    /// A paragraph right below the heading.
    fn below(&self, words: &str) -> Edit {
        below(self.text, self.newline, self.defined.place().span.start as usize, words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts, files, world};

    fn done(fixture: &str, id: &str, reason: &str, successors: &[&str]) -> String {
        let (world, texts) = (world(fixture), files(fixture));
        let snapshot = world.snapshot();
        let (id, successors) = (Id::new(id), successors.iter().map(|id| Id::new(id)).collect::<Vec<_>>());
        let scope = snapshot.scope_of(&texts[0].0).unwrap().clone();
        let what = Retirement { scope: &scope, id: &id, reason, successors: &successors };
        match retire(&snapshot, &Texts(texts.clone()), &what) {
            Ok(proposal) => proposal.applied_to(&texts[0].0, &texts[0].1),
            Err(why) => why.to_string(),
        }
    }

    fn check(spec: &str, id: &str, successors: &[&str], wanted: &[(&str, &str)]) {
        let mut after = spec.to_string();
        for (old, new) in wanted {
            assert!(after.contains(old), "{old:?} is not in {after:?}");
            after = after.replacen(old, new, 1);
        }
        assert_eq!(done(&format!("//- a/spec.md\n{spec}"), id, "Nobody asks for it.", successors), after);
    }

    #[test]
    fn a_statement_is_struck_through_with_the_reason_behind_it() {
        let spec = "# S\n\n- **FR-1**: a\n- [ ] **FR-2**: The system\n  SHALL lock.\n  - more\n- **FR-3**: c\n";
        check(spec, "FR-2", &[], &[("**FR-2", "~~**FR-2"), ("lock.", "lock.~~ Withdrawn. Nobody asks for it.")]);
        check(
            spec,
            "FR-1",
            &["FR-2", "FR-3"],
            &[("**FR-1**: a", "~~**FR-1**: a~~ Superseded by FR-2 and FR-3. Nobody asks for it.")],
        );
        let table = "| ID | Requirement |\n|---|---|\n| FR-1 | one |\n| **FR-2** | two |\n";
        check(
            table,
            "FR-2",
            &["FR-1"],
            &[("**FR-2** | two", "~~**FR-2**~~ | ~~two~~ Superseded by FR-1. Nobody asks for it.")],
        );
    }

    #[test]
    fn a_heading_gets_a_line_about_its_status() {
        let spec = "# S\n\n### FR-1: In\n\nText.\n\n### FR-2: Out\nText.\n";
        check(spec, "FR-1", &["FR-2"], &[("In\n", "In\n\n**Status**: Superseded by FR-2. Nobody asks for it.\n")]);
        check(spec, "FR-2", &[], &[("Out\n", "Out\n\n**Status**: Withdrawn. Nobody asks for it.\n\n")]);
    }

    #[test]
    fn the_documents_own_way_is_kept() {
        let words = "- **FR-1 (withdrawn)**: a\n- **FR-2**: b\n";
        check(words, "FR-2", &[], &[("FR-2**", "FR-2 (withdrawn; Nobody asks for it)**")]);
        let heads = "# S\n\n### FR-1: In (withdrawn)\n\nText.\n\n### FR-2: Out\n\nText.\n";
        check(heads, "FR-2", &[], &[("Out\n", "Out (withdrawn)\n\nNobody asks for it.\n")]);
    }

    #[test]
    fn what_could_take_its_place_is_what_goes_on() {
        let spec = "//- a/spec.md\n### NFR-1: Fast\n\n### FR-1: In\n\n- **FR-1.1**: by mail\n\n### FR-10: Out\n\n### FR-2: ~~Lock~~\n\n### FR-9: Reset\n";
        let world = world(spec);
        let snapshot = world.snapshot();
        let all = successors(&snapshot, &FilePath::new("/w/a"), &Id::new("FR-1"));
        let told: Vec<String> = all.into_iter().map(|(id, title)| format!("{id} {title}")).collect();
        assert_eq!(told, ["FR-9 Reset", "FR-10 Out", "NFR-1 Fast"]);
    }

    #[test]
    fn what_cannot_be_given_up_says_why() {
        let spec = "//- a/spec.md\n- **FR-1**: a\n- ~~**FR-2**: b~~\n- **FR-3**: c\n- **FR-3**: d\n";
        for (id, by, wanted) in [
            ("FR-2", &[][..], "`FR-2` is withdrawn already, in a/spec.md:2"),
            ("FR-3", &[], "`FR-3` is defined in a/spec.md:3 and a/spec.md:4, so which is given up cannot be told"),
            ("FR-1", &["FR-9"], "`FR-9` is not defined in a"),
            ("FR-1", &["FR-2"], "`FR-2` is withdrawn itself, and cannot take the place of `FR-1`"),
            ("FR-1", &["FR-1"], "`FR-1` cannot take its own place"),
        ] {
            assert_eq!(done(spec, id, "x", by), wanted);
        }
    }

    #[test]
    fn a_counted_criterion_and_its_heading_are_given_up() {
        let spec = "//- .kiro/specs/a/requirements.md\n### Requirement 1: x\n\n#### Acceptance Criteria\n\n1. WHEN a\n2. WHEN b\n\n### Requirement 2: y\n\n#### Acceptance Criteria\n\n1. WHEN c\n";
        assert_eq!(
            done(spec, "1.2", "", &["2.1"]),
            spec.split_once('\n').unwrap().1.replace("WHEN b", "~~WHEN b~~ Superseded by 2.1.")
        );
        assert_eq!(
            done(spec, "2", "Too late.", &[]),
            spec.split_once('\n').unwrap().1.replace("2: y\n", "2: y\n\n**Status**: Withdrawn. Too late.\n")
        );
        assert_eq!(
            done(spec, "2", "", &["1"]),
            spec.split_once('\n').unwrap().1.replace("2: y\n", "2: y\n\n**Status**: Superseded by Requirement 1.\n")
        );
    }
}
