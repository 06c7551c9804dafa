//! `duplicate-requirement`: one id is defined twice in a feature.

mod counted;

use super::doubt::{OWN_SECTIONS, OWN_SECTIONS_WORDS};
use super::repeated::{Entry, MOST_PLACES, Repeat, Telling, alike, anew, gathered, listed, repeats, times};
use super::requirement_outside_section::standing_apart;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Definition, Form, Holds, Section};
use crate::id::Id;
use crate::index::{Index, letters};
use crate::query::{Defined, Place, definitions_of};
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::LazyCell;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-requirement",
    level: Some(Level::Warning),
    what: "A requirement's id is defined a second time in the same file.",
    why: "Every trace to the id is ambiguous from then on. Both places are named. A table or a list that repeats \
          requirements in short is no second definition, nor is another file of the feature. Where it may be either, it is \
          only information, and so is a list that counts anew in another section, once in a file. Criteria that are counted are \
          judged by their lists: numbers that go back within one requirement are one finding, and a second list that begins \
          anew is information under a heading of its own, else a hint. A whole section that stands \
          twice is one finding; what stands in it follows from that.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-1**: The system SHALL lock the account.\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n- **FR-2**: The system SHALL lock the account.\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template {
        return;
    }
    let Some(index) = check.lookup.own() else { return };
    let Some(names) = index.names_of(check.view.path) else { return };
    let (mut seen, mut said) = (FxHashSet::default(), FxHashSet::default());
    let mut written = false;
    let apart = LazyCell::new(|| standing_apart(check));
    let mut found: Vec<(String, Finding)> = Vec::new();
    for (base, facts) in check.view.parts_with(Holds::DEFINITIONS) {
        for definition in &facts.definitions {
            // The old wording may stand beside the new one.
            if definition.withdrawn {
                continue;
            }
            let id = facts.id(definition.id);
            let Some(used) = names.use_of(id) else { continue };
            if used.definitions < 2
                || used.defined != Some(definition.form.rank())
                || seen.insert(id.clone())
                || said.contains(id)
            {
                continue;
            }
            let twice = match definition.form {
                Form::Scenario | Form::Again | Form::Rendered | Form::Section => false,
                Form::Heading | Form::Item | Form::Paragraph | Form::Row => {
                    written = true;
                    false
                }
                Form::Name => true,
                Form::Numbered => {
                    let whole = is_whole_twice(check, id) || is_pasted(check, id);
                    whole
                        || !(is_told_again(check, id, facts.text(definition.title))
                            || is_numbered_by_chapter(check, id))
                }
                // Lists are looked at as wholes.
                Form::Counted => false,
            };
            if twice {
                said.insert(id.clone());
                let mut finding = describe(check, id, definition.place.shifted(base));
                if definition.form == Form::Name && apart.contains(id) {
                    OWN_SECTIONS.lower(&mut finding, |_| OWN_SECTIONS_WORDS.into());
                }
                found.push((id.to_string(), finding));
            }
        }
    }
    if written {
        let before = found.len();
        check_written(check, index, &mut found, out);
        let headed = headed_elsewhere(check, &found[before..]);
        found.retain(|(name, _)| !headed.contains(name.as_str()));
    }
    counted::check(check, &mut found);
    out.extend(gathered(&found, |count| format!("{count} requirements are defined more than once")));
}

/// Those of the ids in `found` that items and rows of this file begin with, while a heading of another one of the feature states them: the
/// items say how each is met.
fn headed_elsewhere(check: &Check<'_>, found: &[(String, Finding)]) -> FxHashSet<String> {
    let mut named: FxHashSet<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    if named.is_empty() {
        return FxHashSet::default();
    }
    for (_, facts) in check.view.parts_with(Holds::DEFINITIONS) {
        for definition in facts.definitions.iter().filter(|it| !matches!(it.form, Form::Item | Form::Row | Form::Again))
        {
            named.remove(facts.id(definition.id).as_str());
        }
    }
    let others = check.snapshot.views_in(check.view.scope).filter(|view| view.path != check.view.path);
    let others = others.filter(|view| view.role == Role::Spec).flat_map(|view| view.parts_with(Holds::DEFINITIONS));
    let headings = others.flat_map(|(_, facts)| {
        let own = facts.definitions.iter().filter(|it| it.form == Form::Heading);
        own.map(|it| facts.id(it.id).as_str())
    });
    headings.filter(|id| named.contains(id)).map(String::from).collect()
}

/// An id that begins its line is not so far behind the line's start, in bytes: a box, marks and a blank stand before it.
const FAR_BEHIND: u32 = 24;

/// A written definition.
struct Written<'a> {
    entry: Entry<'a, Id>,
    around: Around,
    /// Whether the id stands at the end of what it states.
    ends: bool,
}

/// What stands around a definition.
#[derive(Clone, Copy)]
struct Around {
    form: Form,
    /// The section that it stands in or begins, and the one around that.
    section: u32,
    chapter: u32,
    /// Whether anything stands in that section.
    filled: bool,
    /// Whether a requirement's heading is above: what is counted below one is its own.
    owned: bool,
    /// Whether that is another requirement than the one whose number it bears.
    strayed: bool,
}

/// Finds written ids that are stated twice. Many are on purpose: a list that repeats others in short, or counts anew.
fn check_written(check: &Check<'_>, index: &Index, found: &mut Vec<(String, Finding)>, out: &mut Vec<Finding>) {
    let mut all: Vec<Written<'_>> = Vec::new();
    let mut titles = FxHashMap::default();
    // The headings above: level and section.
    let mut open: Vec<(u8, u32)> = Vec::new();
    let mut stating: FxHashMap<u32, Id> = FxHashMap::default();
    let restating = &check.dialect.table.definitions.restating_words;
    // Sections whose headings, or one above, say that what is in them is told again.
    let mut told_again = FxHashSet::default();
    let (mut at, mut filled) = ((0, 0), false);
    for (base, facts) in check.view.parts() {
        let mut heads = facts.sections.iter().peekable();
        let mut enter = |head: &Section, open: &mut Vec<(u8, u32)>, filled: &mut bool| {
            let section = head.head.shifted(base).start + 1;
            while open.last().is_some_and(|(level, _)| *level >= head.level) {
                open.pop();
            }
            open.push((head.level, section));
            titles.insert(section, facts.text(head.title));
            *filled = head.filled;
            let above = open.iter().rev().skip(1).any(|(_, section)| told_again.contains(section));
            if above || open.len() > 1 && restating.stands_in(facts.text(head.title)) {
                told_again.insert(section);
            }
            let up = open.len().checked_sub(2).map_or(0, |at| open[at].1);
            (section, up)
        };
        for definition in &facts.definitions {
            while let Some(head) = heads.next_if(|head| head.head.start <= definition.place.start) {
                at = enter(head, &mut open, &mut filled);
            }
            let heads = matches!(definition.form, Form::Heading | Form::Numbered | Form::Name);
            let owner = open.iter().rev().filter(|(_, section)| !(heads && *section == at.0));
            let owner = owner.filter_map(|(_, section)| stating.get(section)).next();
            let parent = facts.id(definition.id).parent().filter(|above| index.defined(above).is_some());
            let (owned, strayed) =
                (owner.is_some(), parent.is_some_and(|parent| owner.is_some_and(|owner| *owner != parent)));
            if heads {
                stating.insert(at.0, facts.id(definition.id).clone());
            }
            let written = matches!(definition.form, Form::Heading | Form::Item | Form::Paragraph | Form::Row);
            if definition.withdrawn || !written {
                continue;
            }
            // A requirement's own heading begins no list.
            let own = if definition.form == Form::Heading { 0 } else { at.0 };
            let (title, span) = (facts.text(definition.title), definition.place.shifted(base));
            let entry = Entry { name: facts.id(definition.id).clone(), section: own, title, span };
            // `… is kept. *(AC-1.1)*`
            let ends = definition.place.start - definition.body.start > FAR_BEHIND;
            let around = Around { form: definition.form, section: at.0, chapter: at.1, filled, owned, strayed };
            all.push(Written { entry, around, ends });
        }
        for head in heads {
            at = enter(head, &mut open, &mut filled);
        }
    }
    if are_tags(&all) {
        all.retain(|it| !it.ends);
    }
    // A row that repeats what a heading or item states is weaker than that.
    let stated: FxHashSet<Id> =
        all.iter().filter(|it| it.around.form != Form::Row).map(|it| it.entry.name.clone()).collect();
    let (rows, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.around.form == Form::Row);
    let rows: Vec<_> = rows.into_iter().filter(|it| !stated.contains(&it.entry.name)).collect();
    let mut told = FxHashSet::default();
    for kind in [others, rows] {
        let (entries, around): (Vec<_>, Vec<_>) = kind.into_iter().map(|it| (it.entry, it.around)).unzip();
        // Sections that stand there a second time: what is in them follows from that.
        let mut pasted = FxHashSet::default();
        let mut pairs = repeats(&entries);
        // Capitals that no dialect knows and nothing traces may name anything, as often as they like.
        pairs.retain(|(first, ..)| {
            let family = entries[*first].name.family();
            family.is_empty() || check.dialect.families.has(family) || index.judges(family)
        });
        // A list of a requirement's own counts from one.
        let mut begins: FxHashMap<(u32, String), bool> = FxHashMap::default();
        if !pairs.is_empty() {
            for (at, entry) in entries.iter().enumerate().filter(|(at, _)| around[*at].form != Form::Heading) {
                let from_one = || entry.name.numbers().last().is_some_and(|number| number <= 1);
                begins.entry((around[at].section, letters(&entry.name))).or_insert_with(from_one);
            }
        }
        let counts_own = |section: u32, name: &Id| begins.get(&(section, letters(name))).is_none_or(|one| *one);
        for (first, second, repeat) in &mut pairs {
            let (one, other) = (around[*first], around[*second]);
            let owned =
                other.owned && !one.strayed && !other.strayed && counts_own(other.section, &entries[*second].name);
            let headings = one.form == Form::Heading && other.form == Form::Heading && one.chapter == other.chapter;
            if headings && one.filled && other.filled && *repeat == Repeat::Again {
                *repeat = Repeat::Slip;
            }
            // `### SC-7 How it is measured` says more of what a list states.
            if one.form != Form::Heading && other.form == Form::Heading && *repeat == Repeat::Slip {
                *repeat = Repeat::Doubt;
            }
            if headings && matches!(repeat, Repeat::Slip | Repeat::Doubt) {
                pasted.insert(other.section);
            } else if pasted.contains(&other.section)
                || pasted.contains(&other.chapter)
                || owned && *repeat == Repeat::Anew
            {
                *repeat = Repeat::Again;
            }
        }
        let telling = (!pairs.is_empty()).then(|| Telling::of(&entries));
        let beside = |one: usize, other: usize| {
            let (a, b) = (around[one], around[other]);
            let owned = b.owned && counts_own(b.section, &entries[other].name);
            let restates = |section| told_again.contains(section);
            a.form != Form::Heading
                && b.form != Form::Heading
                && a.section != b.section
                && (a.chapter == b.chapter || a.section == b.chapter)
                && !owned
                && !restates(&a.section)
                && !restates(&b.section)
        };
        if let Some(telling) = &telling {
            tell_apart(&entries, &mut pairs, telling, beside);
        }
        for (_, second, repeat) in &pairs {
            let entry = &entries[*second];
            let level = match repeat {
                // Of a family of the feature's own it is less sure what states a requirement.
                Repeat::Slip if !check.dialect.families.has(entry.name.family()) => Level::Information,
                Repeat::Slip => Level::Warning,
                Repeat::Doubt => Level::Information,
                Repeat::Anew | Repeat::Again => continue,
            };
            if told.insert(entry.name.clone()) {
                let mut finding = describe(check, &entry.name, entry.span);
                finding.level = level;
                found.push((entry.name.to_string(), finding));
            } else if let Some((_, finding)) = found.iter_mut().find(|(name, _)| *name == entry.name.as_str()) {
                finding.level = finding.level.max(level);
            }
        }
        let again = anew(&entries, &pairs);
        let Some((_, second)) = again.first() else { continue };
        let names: Vec<&str> = again.iter().map(|(_, second)| entries[*second].name.as_str()).collect();
        let mut seen = FxHashSet::default();
        let names: Vec<&str> = names.into_iter().filter(|name| seen.insert(*name)).collect();
        let Around { form, section, chapter, .. } = around[*second];
        let place = titles.get(if form == Form::Heading { &chapter } else { &section });
        let place = place.map_or(String::new(), |title| format!(" in `{title}`"));
        let message = format!("ids are numbered anew{place}: {} are defined again", listed(&names));
        let mut finding = Finding::new(&RULE, entries[*second].span, message);
        finding.level = Level::Information;
        finding.help = Some("number them on, or give each list a family or a folder of its own".into());
        finding.related.extend(again.iter().take(MOST_PLACES).map(|(first, _)| {
            let place = Place { path: check.view.path.clone(), span: entries[*first].span };
            (place, format!("`{}` is first defined here", entries[*first].name))
        }));
        out.push(finding);
    }
}

/// Whether ids at the ends of lines say what these are about, as several of them stand at several lines.
fn are_tags(all: &[Written<'_>]) -> bool {
    const FEWEST: usize = 2;
    let mut uses: FxHashMap<&Id, usize> = FxHashMap::default();
    for it in all.iter().filter(|it| it.ends) {
        *uses.entry(&it.entry.name).or_default() += 1;
    }
    let repeated = uses.values().filter(|count| **count > 1).count();
    repeated >= FEWEST && repeated * 3 >= uses.len()
}

/// Finds ids that two tables or lists of one chapter give to different requirements: neither tells the other again, nor does
/// the second count anew from the first number of all. `beside` says whether two entries stand in such.
fn tell_apart(
    entries: &[Entry<'_, Id>],
    pairs: &mut [(usize, usize, Repeat)],
    telling: &Telling,
    beside: impl Fn(usize, usize) -> bool,
) {
    // A title of fewer words may say anything in short.
    const FEWEST: usize = 2;
    let mut shared: FxHashMap<(u32, u32), (usize, usize)> = FxHashMap::default();
    let short = |at: usize| entries[at].title.split_whitespace().count() < FEWEST;
    let near = |one: usize, other: usize| short(one) || short(other) || telling.is_alike(one, other);
    for (one, other, _) in pairs.iter() {
        let (all, same) = shared.entry((entries[*one].section, entries[*other].section)).or_default();
        *all += 1;
        *same += usize::from(near(*one, *other));
    }
    let mut begins: FxHashMap<String, usize> = FxHashMap::default();
    let mut sections: FxHashMap<(u32, String), usize> = FxHashMap::default();
    for (at, entry) in entries.iter().enumerate() {
        begins.entry(letters(&entry.name)).or_insert(at);
        sections.entry((entry.section, letters(&entry.name))).or_insert(at);
    }
    for (one, other, repeat) in pairs.iter_mut().filter(|(.., repeat)| *repeat != Repeat::Slip) {
        let (all, same) = shared[&(entries[*one].section, entries[*other].section)];
        let kind = letters(&entries[*other].name);
        let first = sections[&(entries[*other].section, kind.clone())];
        let anew = entries[first].name == entries[begins[&kind]].name;
        // Where most say other things, one that shares a few words does not say the same.
        let again = short(*one) || short(*other) || alike(entries[*one].title, entries[*other].title);
        if beside(*one, *other) && !anew && same * 2 < all && !again {
            *repeat = Repeat::Slip;
        }
    }
}

fn describe(check: &Check<'_>, id: &Id, span: Span) -> Finding {
    let all = definitions_of(check.snapshot, check.view.scope, id);
    let own = || all.iter().filter(|other| other.view.path == check.view.path);
    let rank = own().map(|other| other.definition.form.rank()).min();
    let mut places: Vec<Place> =
        own().filter(|other| Some(other.definition.form.rank()) == rank).map(Defined::place).collect();
    places.sort_by_key(|place| place.span);
    let mut finding = Finding::new(&RULE, span, format!("`{id}` is defined {}", times(places.len().max(2))));
    let others = places.into_iter().filter(|place| place.span != span).take(MOST_PLACES).enumerate();
    finding.related.extend(
        others.map(|(at, place)| {
            (place, format!("`{id}` is {} here", if at == 0 { "first defined" } else { "defined" }))
        }),
    );
    finding.help = Some("give one of the two another number".into());
    finding
}

/// Whether each heading of a numbered requirement has the same title, or one of them none: then a later one only speaks of it.
fn is_told_again(check: &Check<'_>, id: &Id, title: &str) -> bool {
    let all = check.view.parts().flat_map(|(_, facts)| facts.definitions.iter().map(move |other| (facts, other)));
    let titles: Vec<&str> = all
        .filter(|(facts, other)| other.form == Form::Numbered && facts.id(other.id) == id)
        .map(|(facts, other)| facts.text(other.title))
        .collect();
    titles.iter().any(|other| other.is_empty()) || titles.iter().all(|other| *other == title)
}

/// Whether a numbered heading stands twice in one chapter, with the same title and text below each time: it was pasted.
fn is_pasted(check: &Check<'_>, id: &Id) -> bool {
    let mut open: Vec<(u8, u32)> = Vec::new();
    let mut seen: Vec<(u32, u8, &str)> = Vec::new();
    for (base, facts) in check.view.parts() {
        for section in &facts.sections {
            while open.last().is_some_and(|(level, _)| *level >= section.level) {
                open.pop();
            }
            let chapter = open.last().map_or(0, |(_, start)| *start + 1);
            open.push((section.level, base + section.start));
            let defines =
                |it: &&Definition| it.form == Form::Numbered && section.head.covers(it.place) && facts.id(it.id) == id;
            if !section.filled || !facts.definitions.iter().any(|it| defines(&it)) {
                continue;
            }
            let one = (chapter, section.level, facts.text(section.title));
            if seen.contains(&one) {
                return true;
            }
            seen.push(one);
        }
    }
    false
}

/// Whether a numbered requirement stands twice in one chapter with criteria of its own each time: a section was copied.
fn is_whole_twice(check: &Check<'_>, id: &Id) -> bool {
    let mut chapters: Vec<(u32, u32, u8)> = Vec::new();
    let mut open: Vec<(u8, u32)> = Vec::new();
    let mut whole = FxHashSet::default();
    for (base, facts) in check.view.parts() {
        for section in &facts.sections {
            while open.last().is_some_and(|(level, _)| *level >= section.level) {
                open.pop();
            }
            let start = base + section.start;
            let chapter = open.last().map_or(0, |(_, start)| *start + 1);
            open.push((section.level, start));
            let defines = facts
                .definitions
                .iter()
                .any(|it| it.form == Form::Numbered && section.head.covers(it.place) && facts.id(it.id) == id);
            if defines {
                chapters.push((start, chapter, section.level));
            } else if chapters.last().is_some_and(|(.., level)| section.level <= *level) {
                // What follows is none of it.
                chapters.push((start, u32::MAX, section.level));
            }
        }
        for it in facts.definitions.iter().filter(|it| it.form == Form::Counted) {
            let at = chapters.partition_point(|(start, ..)| *start <= base + it.place.start).checked_sub(1);
            if let Some((start, chapter, _)) = at.map(|at| chapters[at])
                && chapter != u32::MAX
                && facts.id(it.id).parent().as_ref() == Some(id)
            {
                whole.insert((start, chapter));
            }
        }
    }
    let mut all: Vec<u32> = whole.into_iter().map(|(_, chapter)| chapter).collect();
    all.sort_unstable();
    all.windows(2).any(|pair| pair[0] == pair[1])
}

/// Whether the headings that define a numbered requirement stand in different chapters: each may number its own.
fn is_numbered_by_chapter(check: &Check<'_>, id: &Id) -> bool {
    let mut open: Vec<(u8, Span)> = Vec::new();
    let mut chapters: Vec<Option<Span>> = Vec::new();
    for (base, facts) in check.view.parts() {
        for section in &facts.sections {
            while open.last().is_some_and(|(level, _)| *level >= section.level) {
                open.pop();
            }
            let defines = |definition: &&Definition| {
                definition.form == Form::Numbered
                    && section.head.covers(definition.place)
                    && facts.id(definition.id) == id
            };
            if facts.definitions.iter().any(|definition| defines(&definition)) {
                chapters.push(open.last().map(|(_, head)| *head));
            }
            open.push((section.level, section.head.shifted(base)));
        }
    }
    // Numbers of paragraphs are a document's own: `2.1 WHEN …`.
    !chapters.is_empty() && chapters.windows(2).all(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(path: &str, spec: &str) -> Vec<String> {
        let world = world(&format!("//- {path}\n{spec}"));
        let findings = check(&world.snapshot(), &FilePath::new(&format!("/w/{path}"))).into_iter();
        let own = findings.filter(|it| it.rule.name == "duplicate-requirement");
        own.map(|it| format!("{} {} +{}", it.level.as_str(), it.message, it.related.len())).collect()
    }

    #[test]
    fn a_heading_may_say_more_of_what_a_list_states() {
        let spec = "# S\n\n## Success\n\n- **SC-006**: Oars are found\n- **SC-007**: Nine in ten crews sail alone\n\n### SC-007 How it is measured\n\nBy a buoy.\n";
        assert_eq!(found("a/spec.md", spec), ["information `SC-007` is defined twice +1"]);
        let item = spec.replace("### SC-007 How it is measured\n\nBy a buoy.", "- **SC-007**: How it is measured");
        assert_eq!(found("a/spec.md", &item), ["warning `SC-007` is defined twice +1"]);
    }

    #[test]
    fn a_collected_file_is_one_remark() {
        for (open, close) in [("- **", "**: "), ("### ", ": ")] {
            let list = |words: [&str; 3]| {
                let lines =
                    words.iter().zip(1..).map(|(it, at)| format!("{open}FR-00{at}{close}The system MUST {it}\n"));
                lines.collect::<Vec<_>>().join("\n")
            };
            let one = list(["print", "save", "load"]);
            let other = list(["run on phones", "work without network", "keep data for years"]);
            let text = format!("# All\n\n## Interview\n\n{one}\n## Contract\n\n{other}");
            let message = "ids are numbered anew in `Contract`: `FR-001`, `FR-002` and `FR-003` are defined again";
            assert_eq!(found("spec.md", &text), [format!("information {message} +3")], "{text}");
            let told = list(["print pages", "save files", "load pictures"]);
            let short = list(["be able to print", "be able to save", "be able to load"]);
            let text = format!("# All\n\n## Interview\n\n{told}\n## In short\n\n{short}");
            assert_eq!(found("spec.md", &text), [""; 0], "{text}");
        }
    }

    #[test]
    fn an_id_that_is_defined_often_is_one_finding_with_all_places() {
        let many: String =
            ["print", "save", "load", "show"].map(|it| format!("- **FR-1**: The system MUST {it}\n")).concat();
        assert_eq!(found("spec.md", &format!("# S\n\n{many}")), ["warning `FR-1` is defined 4 times +3"]);
        let twice: String = (1..6).map(|at| format!("- **FR-{at}**: print {at}\n- **FR-{at}**: save {at}\n")).collect();
        let message = "5 requirements are defined more than once: `FR-1`, `FR-2`, `FR-3`, `FR-4` and `FR-5`";
        assert_eq!(found("spec.md", &format!("# S\n\n{twice}")), [format!("warning {message} +5")]);
    }

    #[test]
    fn a_whole_section_that_stands_twice_is_one_finding() {
        let pay = "### FR-2: Pay\n\nText.\n\n- **FR-2.1**: by card\n- **FR-2.2**: by bill\n\n";
        let text = format!("# S\n\n### FR-1: Cart\n\nText.\n\n{pay}{pay}### FR-3: Ship\n\nText.\n");
        assert_eq!(found("spec.md", &text), ["warning `FR-2` is defined twice +1"]);
        let other = pay.replace("Pay", "Refund").replace("by card", "at once").replace("by bill", "in a day");
        let text = format!("# S\n\n### FR-1: Cart\n\nText.\n\n{pay}{other}### FR-3: Ship\n\nText.\n");
        assert_eq!(found("spec.md", &text), ["warning `FR-2` is defined twice +1"]);
        let pay =
            "### Requirement 2: Pay\n\n#### Acceptance Criteria\n\n1. WHEN paid THEN ship\n2. WHEN not THEN wait\n\n";
        for second in [pay.to_string(), pay.replace("Pay", "Refund")] {
            let path = ".kiro/specs/shop/requirements.md";
            let text = format!("# Requirements Document\n\n## Requirements\n\n{pay}{second}");
            assert_eq!(found(path, &text), ["warning `2` is defined twice +1"], "{text}");
        }
        let apart = format!("# All\n\n## Shop\n\n{pay}## Store\n\n{pay}");
        assert_eq!(found(".kiro/specs/shop/requirements.md", &apart), [""; 0], "each chapter numbers its own");
    }

    #[test]
    fn two_tables_that_give_an_id_to_different_requirements_are_told() {
        let table = |head: &str, rows: &[(&str, &str)]| {
            let rows: String = rows.iter().map(|(id, text)| format!("| {id} | {text} |\n")).collect();
            format!("### {head}\n\n| ID | Requirement |\n|---|---|\n{rows}\n")
        };
        let first = table("Scale", &[("FR-1.1", "Weigh each parcel"), ("FR-1.2", "Print a label")]);
        let lanes = table("Lanes", &[("FR-13.1", "Route to a lane"), ("FR-13.2", "Light the lane up")]);
        let doors = table("Doors", &[("FR-13.1", "Close when it rains"), ("FR-13.3", "Open at dawn")]);
        let text = format!("# Depot\n\n## Needs\n\n{first}{lanes}{doors}");
        assert_eq!(found("spec.md", &text), ["warning `FR-13.1` is defined twice +1"]);
        let both = doors.replace("13.3", "13.2");
        assert_eq!(found("spec.md", &text.replace(&doors, &both)).len(), 2);
        let quiet = [
            text.replace("### Doors", "### Status of doors"),
            text.replace("## Needs", "## Summary of needs"),
            text.replace("Close when it rains", "Route to a lane"),
            text.replace("Close when it rains", "To a lane it is routed"),
            text.replace("Close when it rains", "Rain"),
        ];
        for text in quiet {
            assert_eq!(found("spec.md", &text).iter().filter(|it| it.starts_with("warning")).count(), 0, "{text}");
        }
        let items = |text: &str| {
            let rows = text.lines().filter(|line| !line.starts_with("| ID") && !line.starts_with("|---"));
            let item = |line: &str| match line.strip_prefix("| ") {
                Some(row) => format!("- **{}\n", row.trim_end_matches(" |").replacen(" | ", "**: ", 1)),
                None => format!("{line}\n"),
            };
            rows.map(item).collect::<String>()
        };
        assert_eq!(found("spec.md", &items(&text)), ["warning `FR-13.1` is defined twice +1"]);
    }
}
