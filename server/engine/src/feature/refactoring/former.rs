//! Former names that a rename keeps: what is renamed says what it was called, in the way in which its document says such things.

use super::notes::{bars, below, cells_behind, is_headed, line_of, paragraph_end};
use super::rename::wanted;
use super::steps::Steps;
use crate::dialect::Former;
use crate::edit::{Edit, Proposal, Refusal};
use crate::facts::{Form, FormerName, column_name};
use crate::feature::Source;
use crate::feature::source::FileText;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Defined, definitions_of};
use crate::text::{Encoding, Span};
use crate::world::{Snapshot, Trial};

/// The edits of [`super::rename::rename`], after which each requirement that gets another id says what it was called. One
/// that goes by its name is renamed and no more: changes tell how names became others.
///
/// # Errors
/// Why nothing is renamed, or which requirement cannot say so.
pub fn rename_keeping(
    snapshot: &Snapshot,
    source: &dyn Source,
    path: &FilePath,
    offset: u32,
    name: &str,
    code: bool,
) -> Result<Option<Proposal>, Refusal> {
    let Some(rename) = wanted(snapshot, source, path, offset, name, code)? else { return Ok(None) };
    let proposal = rename.propose()?;
    let (moved, homes) = (rename.moved(), rename.homes.clone());
    let [home] = &homes[..] else { return Ok(Some(proposal)) };
    if moved.iter().any(|(old, _)| old.is_name()) {
        return Ok(Some(proposal));
    }
    let mut steps = Steps::of(snapshot, source);
    steps.take(&proposal)?;
    let noted = note(steps.snapshot(), &steps, home, &moved)?;
    steps.take(&noted)?;
    Ok(Some(steps.end()))
}

/// A requirement and what it was called.
struct Renamed<'a> {
    old: &'a Id,
    new: &'a Id,
    /// Which of the ways of saying so is tried.
    way: usize,
}

/// The edits by which each of `moved` of `home`, which is called by its new id already, says its old one.
fn note(snapshot: &Snapshot, source: &dyn Source, home: &FilePath, moved: &[(Id, Id)]) -> Result<Proposal, Refusal> {
    let mut all: Vec<Renamed<'_>> = moved.iter().map(|(old, new)| Renamed { old, new, way: 0 }).collect();
    loop {
        let mut proposal = Proposal::default();
        let mut trial = Trial::of(snapshot);
        for view in snapshot.views_in(home) {
            let mut own = Vec::new();
            for it in &all {
                let defined = definition(snapshot, home, it.new).filter(|defined| defined.view.path == view.path);
                own.extend(defined.map(|defined| (defined, it.old, it.way)));
            }
            if own.is_empty() {
                continue;
            }
            let text = FileText::of(snapshot, source, &view)?;
            let (whole, table) = (text.whole(), &snapshot.dialect_of(view.path).table.former);
            let mut edits = Vec::new();
            for (defined, old, way) in &own {
                let noting = Noting { defined, text: &whole, newline: text.newline(), table, old };
                edits.extend(noting.ways().into_iter().nth(*way));
            }
            edits.sort_by_key(|edit| edit.span);
            text.try_out(&mut trial, view.path, &edits);
            proposal.changes.extend(Proposal::of_file(view.path, edits).changes);
        }
        let after = trial.end();
        let same = |it: &Id| snapshot.index(home).is_some_and(|index| index.defined(it).is_some());
        let defines_alike = |after: &Snapshot| {
            let (Some(now), Some(before)) = (after.index(home), snapshot.index(home)) else { return false };
            now.all_defined().count() == before.all_defined().count() && now.all_defined().all(same)
        };
        let index = after.index(home);
        let told = |it: &Renamed<'_>| index.as_ref().is_some_and(|index| index.says_it_was(it.old).contains(it.new));
        if all.iter().all(told) && defines_alike(&after) {
            return Ok(proposal);
        }
        let untold = |it: &&mut Renamed<'_>| !told(it);
        let mut missing = all.iter_mut().filter(untold).peekable();
        let first = missing.peek().map(|it| (it.old.clone(), it.new.clone(), it.way));
        missing.for_each(|it| it.way += 1);
        match first {
            Some((.., way)) if way < MOST_WAYS => {}
            first => return Err(untellable(snapshot, home, first.map(|(old, new, _)| (old, new)))),
        }
    }
}

/// No requirement can say so in more ways.
const MOST_WAYS: usize = 4;

fn untellable(snapshot: &Snapshot, home: &FilePath, which: Option<(Id, Id)>) -> Refusal {
    let told = which.map_or_else(String::new, |(old, new)| {
        let defined = definition(snapshot, home, &new);
        let place = defined.map_or_else(String::new, |it| {
            let line = it.view.position(it.place().span.start, Encoding::Utf8).line + 1;
            format!(" in {}:{line}", snapshot.display_path(it.view.path))
        });
        format!("what was `{old}`{place}")
    });
    Refusal(format!("{told} cannot say so in a way that is read; nothing was changed · rename it without that"))
}

/// What states the requirement first.
fn definition<'a>(snapshot: &'a Snapshot, home: &FilePath, id: &Id) -> Option<Defined<'a>> {
    definitions_of(snapshot, home, id).into_iter().find(|it| it.definition.form != Form::Rendered)
}

/// How one requirement says what it was called.
struct Noting<'a> {
    defined: &'a Defined<'a>,
    text: &'a str,
    newline: &'static str,
    table: &'a Former,
    old: &'a Id,
}

impl Noting<'_> {
    /// The edits that would say so, the likeliest first: beside what it says already, as others of the file say it, as most do.
    fn ways(&self) -> Vec<Edit> {
        let headed = is_headed(self.defined.definition.form);
        let others = self.others();
        let bracket = others.iter().find_map(|span| self.bracket_like(*span));
        let line = others.iter().find_map(|span| self.line_like(*span));
        let bracket = bracket.unwrap_or_else(|| ("(".into(), format!("{} ", self.word()), ")".into()));
        let line = line.unwrap_or_else(|| format!("**{}**: ", self.key()));
        let said = format!("{}{}{}{}", bracket.0, bracket.1, self.old, bracket.2);
        let mut out: Vec<Edit> = Vec::new();
        out.extend(self.beside());
        out.extend(self.cell(&others));
        if headed {
            out.push(below(self.text, self.newline, self.place().start, &format!("{line}{}", self.old)));
        }
        if self.is_row_of_words() {
            out.push(self.at_end(&said));
        }
        out.extend(self.behind_id(&said));
        out.push(self.at_end(&said));
        out
    }

    fn place(&self) -> std::ops::Range<usize> {
        self.defined.place().span.range()
    }

    /// `(formerly FR-2)` becomes `(formerly FR-7, FR-2)`.
    fn beside(&self) -> Option<Edit> {
        let id = self.defined.facts.id(self.defined.definition.id);
        let (base, _, name) = self.names().find(|(_, facts, name)| facts.id(name.id) == id)?;
        Some(Edit { span: Span::at(name.span.shifted(base).start as usize), text: format!("{}, ", self.old) })
    }

    fn names(&self) -> impl Iterator<Item = (u32, &crate::facts::Facts, &FormerName)> {
        let parts = self.defined.view.parts();
        parts.flat_map(|(base, facts)| facts.former_names.iter().map(move |name| (base, facts, name)))
    }

    /// Where others of the file say what they were called.
    fn others(&self) -> Vec<Span> {
        self.names().map(|(base, _, name)| name.span.shifted(base)).collect()
    }

    /// What opens the brackets around `span`, what stands before the ids in them, and what closes them.
    fn bracket_like(&self, span: Span) -> Option<(String, String, String)> {
        let line = line_of(self.text, span.start as usize);
        let (before, behind) = (&self.text[line.start..span.start as usize], &self.text[span.end as usize..line.end]);
        let open = before.rfind(['(', '[', '（', '［'])?;
        let sign = before[open..].chars().next()?;
        let words = &before[open + sign.len_utf8()..];
        let close = match sign {
            '(' => ')',
            '[' => ']',
            '（' => '）',
            _ => '］',
        };
        let plain = !words.contains(|c: char| c.is_ascii_digit()) && behind.starts_with([close, ',', ' ', ';']);
        plain.then(|| (sign.to_string(), words.to_string(), close.to_string()))
    }

    /// What stands before the old id on a line that is about a requirement: `**Former ID**: `.
    fn line_like(&self, span: Span) -> Option<String> {
        let line = line_of(self.text, span.start as usize);
        let before = self.text[line.start..span.start as usize].trim_start();
        let key = before.trim_matches(|c: char| !c.is_alphanumeric());
        let whole = key.chars().all(|c| c.is_alphabetic() || c == ' ') && before.trim_end().ends_with([':', '*', '：']);
        (whole && !before.starts_with('|')).then(|| before.trim_start_matches(['-', '+', ' ']).to_string())
    }

    /// The cell of a row in the column in which other rows of the file say it, where that is empty.
    fn cell(&self, others: &[Span]) -> Option<Edit> {
        if self.defined.definition.form != Form::Row {
            return None;
        }
        let column = |at: usize| {
            let line = line_of(self.text, at);
            let all = bars(self.text, at);
            self.text[line].trim_start().starts_with('|').then(|| all.iter().filter(|bar| **bar < at).count())
        };
        let own = bars(self.text, self.place().start);
        let wanted = others.iter().find_map(|span| column(span.start as usize)).or_else(|| self.column_of_old_ids())?;
        let (from, to) = (own.get(wanted.checked_sub(1)?)? + 1, *own.get(wanted)?);
        let blank = self.text[from..to].trim_matches([' ', '-', '–', '—']).is_empty();
        blank.then(|| Edit { span: Span::new(from, to), text: format!(" {} ", self.old) })
    }

    /// Which column of the table around has old ids, by its heading; counted from 1.
    fn column_of_old_ids(&self) -> Option<usize> {
        let mut at = line_of(self.text, self.place().start).start;
        let mut head = None;
        while at > 0 {
            let line = line_of(self.text, at - 1);
            if !self.text[line.clone()].trim_start().starts_with('|') {
                break;
            }
            head = Some(line.start);
            at = line.start;
        }
        let all = bars(self.text, head?);
        let is_old =
            |pair: &[usize]| self.table.old_columns.contains(column_name(self.text[pair[0] + 1..pair[1]].trim()));
        all.windows(2).position(is_old).map(|at| at + 1)
    }

    /// Whether it is a row that says in the cell behind its id what it demands.
    fn is_row_of_words(&self) -> bool {
        let cells = || cells_behind(self.text, self.place().end).map(|(_, cells)| cells);
        let is_longest = |cells: Vec<(usize, usize)>| {
            let len = |(from, to): &(usize, usize)| to - from;
            cells.first().is_some_and(|first| cells.iter().all(|it| len(it) <= len(first)))
        };
        self.defined.definition.form == Form::Row && cells().is_some_and(is_longest)
    }

    /// Behind the id and the marks around it: `**FR-7** (formerly FR-2)`.
    fn behind_id(&self, said: &str) -> Option<Edit> {
        let form = self.defined.definition.form;
        if form == Form::Counted || is_headed(form) {
            return None;
        }
        let end = self.place().end;
        let rest = &self.text[end..line_of(self.text, end).end];
        let marks = rest.len() - rest.trim_start_matches(['*', '_', '`', ']']).len();
        Some(Edit { span: Span::at(end + marks), text: format!(" {said}") })
    }

    /// At the end of what it says first: its heading, its paragraph, the cell behind its id.
    fn at_end(&self, said: &str) -> Edit {
        let place = self.place();
        let end = match self.defined.definition.form {
            Form::Row => cells_behind(self.text, place.end)
                .and_then(|(_, cells)| cells.first().copied())
                .map_or(place.end, |(_, to)| to),
            form if is_headed(form) => {
                let line = line_of(self.text, place.end);
                line.start + self.text[line].trim_end_matches(['#', ' ', '\t']).len()
            }
            _ => paragraph_end(self.text, place.end, self.defined.statement().end as usize),
        };
        Edit { span: Span::at(end), text: format!(" {said}") }
    }

    /// The dialect's first word for it: `formerly`.
    fn word(&self) -> &str {
        self.table.words.iter().next().map_or("", String::as_str)
    }

    /// Its first key for it, as a title: `Former ID`.
    fn key(&self) -> String {
        let word = |word: &str| match word {
            "id" | "ids" => word.replace("id", "ID"),
            _ => {
                let mut letters = word.chars();
                letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
            }
        };
        let key = self.table.keys.iter().next().map_or("", String::as_str);
        key.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts, files, proposed, world};
    use crate::rule::check;

    fn after(fixture: &str, old: &str, new: &str) -> Result<(String, Vec<(FilePath, String)>), String> {
        let (world, texts) = (world(fixture), files(fixture));
        let snapshot = world.snapshot();
        let home = snapshot.scope_of(&texts[0].0).unwrap().clone();
        let place = definitions_of(&snapshot, &home, &Id::new(old))[0].place();
        let source = Texts(texts.clone());
        let proposal = rename_keeping(&snapshot, &source, &place.path, place.span.start, new, false);
        match proposal {
            Ok(proposal) => Ok((proposed(&texts, &proposal.unwrap_or_default()), texts)),
            Err(why) => Err(why.to_string()),
        }
    }

    /// The specification says `wanted` where it said `was`, and whoever still names the old id means the new one.
    fn check_kept(spec: &str, wanted: &[(&str, &str)]) {
        let tasks = "//- a/tasks.md\n# T\n\n- [ ] 1. T\n  - _Requirements: FR-1, FR-2_\n";
        let (done, _) = after(&format!("//- a/spec.md\n# S\n\n{spec}{tasks}"), "FR-2", "FR-7").unwrap();
        let mut text = format!("//- a/spec.md\n# S\n\n{spec}{}", tasks.replace("FR-2", "FR-7"));
        for (old, new) in wanted {
            assert!(text.contains(old), "{old:?} is not in {text:?}");
            text = text.replacen(old, new, 1);
        }
        assert_eq!(done, text);
        // Nothing is told of what was renamed, and what a letter from before names is known.
        let told = |fixture: &str| {
            let (world, texts) = (world(fixture), files(fixture));
            let snapshot = world.snapshot();
            let all = texts.iter().flat_map(|(path, _)| check(&snapshot, path));
            all.map(|it| (it.rule.name, it.message))
                .filter(|(name, _)| !name.starts_with("missing"))
                .collect::<Vec<_>>()
        };
        assert_eq!(told(&done), told(&format!("//- a/spec.md\n# S\n\n{spec}{tasks}")), "{done}");
        let late = done.replace("_Requirements: FR-1, FR-7_", "_Requirements: FR-1, FR-2_");
        let names: Vec<_> = told(&late);
        assert!(names.contains(&("former-name", "`FR-2` is called `FR-7` now".into())), "{late}: {names:?}");
    }

    #[test]
    fn what_is_renamed_says_what_it_was_called_in_its_documents_way() {
        for (spec, wanted) in [
            ("- **FR-1**: One\n- **FR-2**: Two\n", &[("**FR-2**", "**FR-7** (formerly FR-2)")][..]),
            ("- **FR-1**: One\n- **FR-2: Two**\n", &[("FR-2:", "FR-7 (formerly FR-2):")]),
            ("- FR-1: One\n- [ ] FR-2: Two\n  and more\n", &[("FR-2", "FR-7 (formerly FR-2)")]),
            (
                "- **FR-1**: One\n- **FR-2** (formerly FR-9): Two\n",
                &[("**FR-2** (formerly FR-9)", "**FR-7** (formerly FR-2, FR-9)")],
            ),
            ("- **FR-1** [was FR-9]: One\n- **FR-2**: Two\n", &[("**FR-2**", "**FR-7** [was FR-2]")]),
            (
                "### FR-1: One\n\nText.\n\n### FR-2: Two\n\nText.\n",
                &[("FR-2: Two\n", "FR-7: Two\n\n**Former ID**: FR-2\n")],
            ),
            (
                "### FR-1: One\n\n**Previously**: FR-9\n\n### FR-2: Two\nText.\n",
                &[("FR-2: Two\n", "FR-7: Two\n\n**Previously**: FR-2\n\n")],
            ),
            (
                "| ID | Former ID | Requirement |\n|---|---|---|\n| FR-1 | | One |\n| FR-2 | — | Two |\n",
                &[("| FR-2 | — |", "| FR-7 | FR-2 |")],
            ),
            (
                "| ID | Requirement |\n|---|---|\n| FR-1 | One |\n| FR-2 | Two words |\n",
                &[("| FR-2 | Two words |", "| FR-7 | Two words (formerly FR-2) |")],
            ),
            (
                "| ID | Priority | Requirement |\n|---|---|---|\n| FR-1 | P1 | One |\n| FR-2 | P2 | Two words |\n",
                &[("| FR-2 | P2", "| FR-7 (formerly FR-2) | P2")],
            ),
        ] {
            check_kept(spec, wanted);
        }
    }

    #[test]
    fn all_that_is_below_it_says_so_too() {
        let spec = "//- a/spec.md\n### FR-2: Two\n\n- **FR-2.1**: in\n- **FR-2.2**: out\n";
        let (done, _) = after(spec, "FR-2", "FR-7").unwrap();
        assert_eq!(
            done,
            "//- a/spec.md\n### FR-7: Two\n\n**Former ID**: FR-2\n\n- **FR-7.1** (formerly FR-2.1): in\n- **FR-7.2** (formerly FR-2.2): out\n"
        );
        let counted = "//- a/spec.md\n### FR-2: Two\n\n1. in\n2. out\n";
        let (done, _) = after(counted, "FR-2", "FR-7").unwrap();
        assert!(done.ends_with("1. in (formerly FR-2.1)\n2. out (formerly FR-2.2)\n"), "{done}");
    }

    #[test]
    fn a_name_that_is_text_is_not_kept() {
        let spec = "//- openspec/specs/a/spec.md\n## Requirements\n\n### Requirement: Log in\n\nThe system SHALL.\n\n#### Scenario: x\n- **WHEN** a\n- **THEN** b\n";
        assert_eq!(after(spec, "Log in", "Sign in").unwrap().0, spec.replace("Log in", "Sign in"));
    }
}
