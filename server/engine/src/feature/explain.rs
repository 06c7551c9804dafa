//! Explain: what stands at a place was read as, where it was looked up, what came nearest, and what the rules made of it.

use crate::facts::{Certainty, Facts, Form, Kind, Reach, Reference, trace_value_start};
use crate::id::Id;
use crate::index::letters;
use crate::path::FilePath;
use crate::query::{Lookup, Place, definitions_of};
use crate::rule::account::{Account, Judged, account, judged};
use crate::rule::meant_around;
use crate::suggestion::likely_of;
use crate::text::Span;
use crate::world::{Snapshot, View};

/// What is understood of a place.
#[derive(Debug)]
pub struct Explanation {
    /// What stands there, in the order of the text; [`Read::Nothing`] alone where nothing was understood.
    pub read: Vec<Entry>,
    /// What the rules made of it.
    pub account: Account,
}

/// Something that stands at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its text, from the file's start.
    pub span: Span,
    /// What it was read as.
    pub read: Read,
}

/// What a text was read as.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// It defines a requirement, or would if a stronger definition of the file did not take its place.
    Definition {
        /// The id.
        id: Id,
        /// How it is written.
        form: Form,
        /// Whether the requirement is given up.
        withdrawn: bool,
        /// Whether it counts.
        counts: bool,
    },
    /// It names a requirement.
    Reference {
        /// The id.
        id: Id,
        /// Where it stands.
        kind: Kind,
        /// How sure it is to be an id.
        sure: Certainty,
        /// Where it was looked up.
        lookup: LookedUp,
    },
    /// A trace line.
    Trace {
        /// Whether it names all requirements.
        all: bool,
        /// How many references it holds.
        references: usize,
    },
    /// A task, by its number and title.
    Task(String, String),
    /// A heading, by its title.
    Heading(String),
    /// A hint that is to be filled in.
    Placeholder,
    /// A comment that allows a rule.
    Suppression(String),
    /// Nothing, for this reason.
    Nothing(String),
}

/// Where an id was looked up, and what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct LookedUp {
    /// The folders, in order, each with whether it defines the id; those behind the first that does were not asked.
    pub folders: Vec<(FilePath, bool)>,
    /// Where what is meant is defined, strongest first.
    pub places: Vec<Place>,
    /// The ids that are meant.
    pub meant: Vec<Id>,
    /// What came nearest, where nothing is meant.
    pub nearest: Option<Nearest>,
}

/// The defined id that is most like one that is not.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// The id.
    pub id: Id,
    /// In which way it is near.
    pub way: Near,
}

/// In which way one id is near another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// The other is a slip of it.
    Slip,
    /// The text around is about it.
    Text,
    /// It has the nearest number: no reason to believe that it is meant.
    Number,
    /// It has the same number and other letters: no reason either.
    Letters,
}

impl Near {
    /// As a person would say it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Slip => "by a slip of the hand",
            Self::Text => "by the text around it",
            Self::Number => "the nearest number, which is no slip",
            Self::Letters => "the same number with other letters, which is no slip",
        }
    }
}

/// What is understood of the text `span` of the file at `path`, whose whole text is `text`.
#[must_use]
pub fn explain(snapshot: &Snapshot, path: &FilePath, text: &str, span: Span) -> Option<Explanation> {
    let view = snapshot.view(path)?;
    let lookup = Lookup::of(snapshot, view.scope);
    let mut read = Vec::new();
    for (base, facts) in view.parts() {
        read.extend(entries(snapshot, &view, &lookup, facts, base, span));
    }
    read.sort_by_key(|entry| (entry.span, matches!(entry.read, Read::Reference { .. })));
    // A line, task or heading may be understood and a word in it not.
    let whole = |entry: &Entry| matches!(entry.read, Read::Trace { .. } | Read::Task(..) | Read::Heading(_));
    let asked = read.is_empty() || span.is_empty() && read.iter().all(whole);
    let why = asked.then(|| why_nothing(snapshot, &view, text, span)).flatten();
    let empty = || read.is_empty().then(|| "no id, trace line, task, heading or hint stands here".to_string());
    if let Some(why) = why.or_else(empty) {
        read.push(Entry { span, read: Read::Nothing(why) });
    }
    Some(Explanation { read, account: account(snapshot, path, text, span)? })
}

/// The references that touch a byte of an open document and mean nothing, with the doubts about them; for hover.
#[must_use]
pub fn unresolved(snapshot: &Snapshot, view: View<'_>, offset: u32) -> Vec<Judged> {
    judged(snapshot, view, Span { start: offset, end: offset })
}

fn entries(snapshot: &Snapshot, view: &View<'_>, lookup: &Lookup, facts: &Facts, base: u32, span: Span) -> Vec<Entry> {
    let touches = |place: Span| place.start + base <= span.end && span.start <= place.end + base;
    let mut out = Vec::new();
    let mut add = |place: Span, read: Read| out.push(Entry { span: place.shifted(base), read });
    for section in facts.sections.iter().filter(|section| touches(section.head)) {
        add(section.head, Read::Heading(facts.text(section.title).into()));
    }
    for task in facts.tasks.iter().filter(|task| touches(task.head)) {
        add(task.head, Read::Task(facts.text(task.number).into(), facts.text(task.title).into()));
    }
    let names = lookup.own().and_then(|index| index.names_of(view.path));
    for definition in facts.definitions.iter().filter(|it| touches(it.place)) {
        let id = facts.id(definition.id).clone();
        let counts = names.is_some_and(|names| names.defines(&id));
        add(definition.place, Read::Definition { id, form: definition.form, withdrawn: definition.withdrawn, counts });
    }
    for trace in facts.traces.iter().filter(|trace| touches(trace.line)) {
        add(trace.line, Read::Trace { all: trace.all, references: trace.references.len() });
    }
    for reference in facts.references.iter().filter(|it| touches(it.span)) {
        let id = facts.id(reference.id).clone();
        let lookup = looked_up(snapshot, view, lookup, facts, base, reference);
        add(reference.span, Read::Reference { id, kind: reference.kind, sure: reference.sure, lookup });
    }
    for hint in facts.placeholders.iter().filter(|hint| touches(**hint)) {
        add(*hint, Read::Placeholder);
    }
    for comment in facts.suppressions.iter().filter(|it| touches(it.comment)) {
        add(comment.comment, Read::Suppression(facts.text(comment.name).into()));
    }
    out
}

fn looked_up(
    snapshot: &Snapshot,
    view: &View<'_>,
    lookup: &Lookup,
    facts: &Facts,
    base: u32,
    reference: &Reference,
) -> LookedUp {
    let id = facts.id(reference.id);
    let children = || {
        let below = lookup.all_defined().filter(|(_, known)| known.parent().as_ref() == Some(id));
        let mut below: Vec<(FilePath, Id)> = below.map(|(scope, id)| (scope.clone(), id.clone())).collect();
        below.sort_by(|a, b| a.1.cmp(&b.1));
        below
    };
    let own = if reference.reach == Reach::Children { Vec::new() } else { lookup.meant(id, reference.sure) };
    let owned = |(scope, id): (&FilePath, &Id)| (scope.clone(), id.clone());
    let meant = if own.is_empty() { children() } else { own.into_iter().map(owned).collect() };
    let home = meant.first().map(|(scope, _)| scope);
    let mut folders = Vec::new();
    for folder in lookup.folders() {
        let found = home == Some(folder);
        folders.push((folder.clone(), found));
        if found {
            break;
        }
    }
    let places =
        meant.iter().flat_map(|(scope, id)| definitions_of(snapshot, scope, id)).map(|it| it.place()).collect();
    let nearest = meant.is_empty().then(|| nearest(snapshot, view, lookup, id, reference.span.shifted(base))).flatten();
    LookedUp { folders, places, meant: meant.into_iter().map(|(_, id)| id).collect(), nearest }
}

/// What comes nearest to an id that nothing defines.
fn nearest(snapshot: &Snapshot, view: &View<'_>, lookup: &Lookup, id: &Id, span: Span) -> Option<Nearest> {
    if let Some(slip) = likely_of(snapshot, lookup, id) {
        return Some(Nearest { id: slip.clone(), way: Near::Slip });
    }
    if let Some(meant) = meant_around(snapshot, view.path, id, span) {
        return Some(Nearest { id: meant, way: Near::Text });
    }
    let own = letters(id);
    let apart = |known: &Id| {
        let common = id.numbers().zip(known.numbers()).take_while(|(a, b)| a == b).count();
        let at = |id: &Id| id.numbers().nth(common).unwrap_or_default();
        (std::cmp::Reverse(common), at(id).abs_diff(at(known)))
    };
    let kin = lookup.all_defined().map(|(_, known)| known).filter(|known| !known.is_name() && letters(known) == own);
    if let Some(known) = kin.min_by(|a, b| apart(a).cmp(&apart(b)).then_with(|| a.cmp(b))) {
        return Some(Nearest { id: known.clone(), way: Near::Number });
    }
    let same =
        lookup.all_defined().map(|(_, known)| known).filter(|known| !known.is_name() && known.tail() == id.tail());
    same.min().map(|known| Nearest { id: known.clone(), way: Near::Letters })
}

/// Why what stands at a place was not understood as an id, where it looks like one.
fn why_nothing(snapshot: &Snapshot, view: &View<'_>, text: &str, span: Span) -> Option<String> {
    let (start, end) = line_around(text, span);
    let line = &text[start..end];
    let dialect = snapshot.dialect_of(view.path);
    let within = |from: usize, to: usize| start + from <= span.end as usize && span.start as usize <= start + to;
    let mut at = 0;
    while at < line.len() {
        let token = line.is_char_boundary(at).then(|| dialect.families.token_at(line, at)).flatten();
        if let Some(token) = token {
            if within(token.start, token.end) {
                let id = &line[token.start..token.end];
                return Some(format!(
                    "`{id}` has the form of an id, but stands in code, a comment, a quotation, a link's target or a path, where nothing counts"
                ));
            }
            at = token.full_end.max(at + 1);
        } else {
            at += 1;
        }
    }
    let number = line.char_indices().any(|(at, c)| c.is_ascii_digit() && within(at, at + 1));
    number.then(|| {
        if trace_value_start(line, dialect).is_some() {
            return "a bare number in a trace line is an id at the start of what a comma separates alone".into();
        }
        let key = line.split([':', '：']).next().unwrap_or_default();
        let key = key.trim_matches(|c: char| !c.is_alphanumeric());
        if line.contains([':', '：']) && !key.is_empty() && key.len() < 40 {
            let dialect = dialect.table.name.as_str();
            return format!(
                "a bare number is an id in trace lines alone, and `{key}` is no key of one in the dialect {dialect}"
            );
        }
        "a bare number is an id in trace lines alone".into()
    })
}

fn line_around(text: &str, span: Span) -> (usize, usize) {
    let at = text.floor_char_boundary((span.start as usize).min(text.len()));
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    (start, text[at..].find('\n').map_or(text.len(), |end| at + end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{files, world};
    use crate::rule::account::Silencer;
    use crate::text::narrow;

    const SPEC: &str = "//- docs/requirements.md\n# All\n\n- **NFR-1**: Fast\n//- a/spec.md\n# A\n\n- **FR-1**: Print\n- **FR-2**: Scan\n";

    /// What is explained of the place of `$0`.
    fn told(fixture: &str) -> Explanation {
        let fixture = format!("{SPEC}{fixture}");
        let world = world(&fixture.replace("$0", ""));
        let (path, text) = files(&fixture).into_iter().find(|(_, text)| text.contains("$0")).unwrap();
        let at = narrow(text.find("$0").unwrap());
        explain(&world.snapshot(), &path, &text.replace("$0", ""), Span { start: at, end: at }).unwrap()
    }

    fn reference(explanation: &Explanation) -> (&Id, &LookedUp) {
        let found = explanation.read.iter().find_map(|entry| match &entry.read {
            Read::Reference { id, lookup, .. } => Some((id, lookup)),
            _ => None,
        });
        found.unwrap()
    }

    #[test]
    fn a_reference_tells_where_it_was_looked_up_and_found() {
        let all = told("//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: NF$0R-1_\n");
        let (id, lookup) = reference(&all);
        assert_eq!(id.as_str(), "NFR-1");
        let folders: Vec<_> = lookup.folders.iter().map(|(folder, found)| (folder.as_str(), *found)).collect();
        assert_eq!(folders, [("/w/a", false), ("/w/docs", true)]);
        assert_eq!(lookup.places[0].path.as_str(), "/w/docs/requirements.md");
        assert_eq!(lookup.nearest, None);
        assert!(all.account.judged.is_empty() && all.account.spoken.is_empty());
    }

    #[test]
    fn what_is_not_found_tells_what_came_nearest_and_what_was_doubted() {
        let all = told("//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, FR-$07, AC-3_\n");
        assert_eq!(reference(&all).1.nearest, Some(Nearest { id: Id::new("FR-2"), way: Near::Number }));
        assert_eq!(all.account.spoken[0].rule.name, "unknown-requirement");
        assert_eq!(all.account.judged[0].doubts, []);
        let all = told("//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: FR-1, AC-$03_\n");
        assert_eq!(reference(&all).1.nearest, None);
        assert_eq!(all.account.judged[0].doubts[0].words, "no document here defines any AC");
    }

    #[test]
    fn what_was_silenced_tells_by_what() {
        let all = told(
            "//- a/tasks.md\n<!-- traceline: allow unknown-requirement later -->\n- [ ] 1. T\n  - _Requirements: FR-1, FR-$09_\n",
        );
        assert!(matches!(all.account.silenced[..], [(_, Silencer::Comment(_))]), "{:?}", all.account);
        let named = |all: &Explanation| all.account.silenced.iter().map(|(it, _)| it.rule.name).collect::<Vec<_>>();
        assert_eq!(
            named(&told("//- a/spec2.md\n# B\n\n- **FR-$05**: words without any shape\n")),
            [""; 0],
            "it is off by itself"
        );
        let all = told("//- a/notes.md\n_Requirements: FR-$09_\n");
        assert_eq!(all.account.judged[0].level, None);
        assert_eq!(all.account.judged[0].doubts[0].doubt.name, "no-plan-document");
    }

    #[test]
    fn nothing_tells_why() {
        let why = |fixture: &str| match &told(fixture).read.last().unwrap().read {
            Read::Nothing(why) => why.clone(),
            other => panic!("{other:?}"),
        };
        assert!(
            why("//- a/plan.md\n# P\n\n`FR-$09`\n").starts_with("`FR-9` has the form of an id, but stands in code")
        );
        assert!(why("//- a/plan.md\n# P\n\nVersion: 1.$02\n").contains("`Version` is no key"));
        assert_eq!(why("//- a/plan.md\n# P\n\nWor$0ds\n"), "no id, trace line, task, heading or hint stands here");
    }

    #[test]
    fn definitions_tasks_headings_and_hints_are_told() {
        let read = |fixture: &str| told(fixture).read.into_iter().map(|entry| entry.read).collect::<Vec<_>>();
        let id = Id::new("FR-3");
        let definition = Read::Definition { id, form: Form::Item, withdrawn: false, counts: true };
        assert_eq!(read("//- a/requirements.md\n- **FR-$03**: Copy\n"), [definition]);
        assert_eq!(read("//- a/plan.md\n# Ou$0r plan\n")[0], Read::Heading("Our plan".into()));
        assert_eq!(read("//- a/tasks.md\n- [ ] 1. Pr$0int\n")[0], Read::Task("1".into(), "Print".into()));
        assert_eq!(read("//- a/plan.md\n# P\n\n[Describe t$0he plan here]\n"), [Read::Placeholder]);
    }
}
