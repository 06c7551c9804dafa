//! Rename: a requirement with all that is below it, a whole family, or a named one; everywhere that means it, or not at all.

pub(crate) mod moves;
mod ranges;
pub(crate) mod parted;
pub(crate) mod links;
pub(crate) mod affected;
mod unclear;
mod rewrite;
mod verify;
mod propose;

pub(crate) use affected::{Added, Rename};

use crate::edit::{Proposal, Refusal};
use crate::facts::{Form, Reach};
use crate::feature::Source;
use crate::id::Id;
use crate::path::FilePath;
use crate::query::{Lookup, Symbol, SymbolRole, definitions_of, symbols_at};
use crate::text::{Encoding, Span};
use crate::world::{Snapshot, View};
use moves::{Moves, pieces};
use smol_str::SmolStr;

/// What would be renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamable {
    /// The text that names it at the cursor, from the file's start.
    pub span: Span,
    /// The id as it is defined.
    pub id: Id,
}

struct Target {
    home: FilePath,
    id: Id,
    span: Span,
}

/// What a rename at byte `offset` of the open document would rename; nothing where no id stands.
///
/// # Errors
/// Why the id there cannot be renamed.
pub fn prepare_rename(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Result<Option<Renamable>, Refusal> {
    let target = target_at(snapshot, path, offset)?;
    Ok(target.map(|Target { id, span, .. }| Renamable { span, id }))
}

/// The edits that give the id at byte `offset` of the open document the name `name`: another id (all that is below it
/// follows), a family prefix such as `REQ-` (all ids of its family follow), or for a named requirement another name. Ids
/// in code and comments are among them, to be confirmed, if `code` says so.
///
/// # Errors
/// Why nothing is renamed.
pub fn rename(
    snapshot: &Snapshot,
    source: &dyn Source,
    path: &FilePath,
    offset: u32,
    name: &str,
    code: bool,
) -> Result<Option<Proposal>, Refusal> {
    let Some(rename) = wanted(snapshot, source, path, offset, name, code)? else { return Ok(None) };
    let proposal = rename.propose()?;
    Ok((!proposal.is_empty()).then_some(proposal))
}

/// The rename that is wanted; none where nothing is named there, or its name stays.
pub(crate) fn wanted<'a>(
    snapshot: &'a Snapshot,
    source: &'a dyn Source,
    path: &FilePath,
    offset: u32,
    name: &str,
    code: bool,
) -> Result<Option<Rename<'a>>, Refusal> {
    let Some(Target { home, id, .. }) = target_at(snapshot, path, offset)? else { return Ok(None) };
    let name = name.trim();
    let by_name = definitions_of(snapshot, &home, &id).first().is_some_and(|it| it.definition.form == Form::Name);
    let (homes, moves) = if by_name {
        let moves = Moves::Ids(vec![(id.clone(), new_name(name)?)]);
        (homes_of_name(snapshot, home, &id), moves)
    } else {
        (vec![home.clone()], new_id(snapshot, &home, &id, name)?)
    };
    if moves.of(&id).is_none() {
        return Ok(None);
    }
    Ok(Some(Rename { code, ..Rename::of(snapshot, source, homes, moves) }))
}

fn target_at(snapshot: &Snapshot, path: &FilePath, offset: u32) -> Result<Option<Target>, Refusal> {
    let Some(view) = snapshot.view(path) else { return Ok(None) };
    let symbols = symbols_at(snapshot, &view, offset);
    let Some(symbol) = chosen(&view, &symbols, offset)? else { return Ok(None) };
    let Symbol { id, scope, span, role } = symbol;
    if role == SymbolRole::Literal {
        return Ok(None);
    }
    let Some(home) = scope else {
        let why = if Lookup::of(snapshot, view.scope).complete {
            format!("`{id}` is not defined, so there is nothing to rename · define it, or write the id that was meant")
        } else {
            format!("{} is still being read · try again", snapshot.display_path(view.scope))
        };
        return Err(Refusal(why));
    };
    if let Some(former) = former_name_at(snapshot, &view, span).filter(|written| *written != id) {
        return Err(Refusal(format!(
            "`{former}` is what `{id}` was called before · write `{id}` there, then rename that"
        )));
    }
    if let Some(defined) = definitions_of(snapshot, &home, &id).first()
        && !defined.definition.form.is_written()
    {
        let line = defined.view.position(defined.place().span.start, Encoding::Utf8).line + 1;
        let place = format!("{}:{line}", snapshot.display_path(defined.view.path));
        return Err(Refusal(if defined.definition.form == Form::Numbered {
            format!(
                "`{id}` is the number in {place}, not an id that is written · put it where its number belongs, then renumber"
            )
        } else {
            format!(
                "`{id}` is counted in {place}, not written · move the item to where it should be counted and renumber, or give it an id of its own"
            )
        }));
    }
    Ok(Some(Target { home, id, span }))
}

/// The id that is written at `span`, where it is only what something was called before.
fn former_name_at(snapshot: &Snapshot, view: &View<'_>, span: Span) -> Option<Id> {
    let lookup = Lookup::of(snapshot, view.scope);
    let facts = view.parts().flat_map(|(base, facts)| facts.references.iter().map(move |it| (base, facts, it)));
    let written =
        facts.filter(|(base, _, it)| it.span.shifted(*base) == span).map(|(_, facts, it)| (facts.id(it.id), it.sure));
    let mut former =
        written.filter(|(id, sure)| lookup.meaning(id, *sure).is_none() && !lookup.called_now(id).is_empty());
    former.next().map(|(id, _)| id.clone())
}

/// The one symbol that the cursor is on: of a range, the end; of a wildcard, what it stands below.
fn chosen(view: &View<'_>, symbols: &[Symbol], offset: u32) -> Result<Option<Symbol>, Refusal> {
    let Some(symbol) = symbols.first() else { return Ok(None) };
    let SymbolRole::Reference(_) = symbol.role else { return Ok(Some(symbol.clone())) };
    let Some(document) = view.document() else { return Ok(None) };
    let group: Vec<(Id, Reach)> = view
        .parts()
        .flat_map(|(base, facts)| facts.references.iter().map(move |reference| (base, facts, reference)))
        .filter(|(base, _, reference)| reference.span.shifted(*base) == symbol.span)
        .map(|(_, facts, reference)| (facts.id(reference.id).clone(), reference.reach))
        .collect();
    let text = document.rope().get_byte_slice(symbol.span.range()).map(|text| text.to_string()).unwrap_or_default();
    let (Some((first, reach)), Some((last, _))) = (group.first(), group.last()) else { return Ok(None) };
    let (head, tail) = pieces(&text, first, (group.len() > 1).then_some(last));
    let start = symbol.span.start as usize;
    let head = Span::new(start, start + head);
    if *reach == Reach::Children {
        let known = symbols.iter().find_map(|symbol| symbol.id.parent().filter(|parent| parent == first));
        return Ok(Some(Symbol { id: known.unwrap_or_else(|| first.clone()), span: head, ..symbol.clone() }));
    }
    if group.len() == 1 {
        return Ok(Some(Symbol { span: head, ..symbol.clone() }));
    }
    let tail = Span::new(symbol.span.end as usize - tail, symbol.span.end as usize);
    let (wanted, span) = if head.touches(offset) {
        (first, head)
    } else if tail.touches(offset) {
        (last, tail)
    } else {
        return Err(Refusal(format!("`{text}` is a range · put the cursor on the first or the last id in it")));
    };
    let found = symbols.iter().find(|symbol| symbol.id == *wanted).cloned();
    // A range's end that nothing defines is no symbol when others in the range are defined.
    Ok(Some(found.map_or_else(
        || Symbol { id: wanted.clone(), scope: None, span, role: symbol.role },
        |found| Symbol { span, ..found },
    )))
}

/// The scopes that define a named requirement: the specification and the changes that are made to it.
fn homes_of_name(snapshot: &Snapshot, home: FilePath, id: &Id) -> Vec<FilePath> {
    let defines = |scope: &FilePath| snapshot.index(scope).is_some_and(|index| index.defined(id).is_some());
    let base_of = |scope: &FilePath| snapshot.layout().base_of(scope, snapshot.dialect());
    let base = base_of(&home).filter(|base| defines(base)).unwrap_or(home);
    let changes =
        snapshot.scopes_seeing(&base).filter(|scope| base_of(scope).as_ref() == Some(&base) && defines(scope));
    std::iter::once(base.clone()).chain(changes.cloned()).collect()
}

fn new_name(name: &str) -> Result<Id, Refusal> {
    if name.is_empty() || name.contains(['\n', '\r']) {
        return Err(Refusal("a requirement's name is one line of text".into()));
    }
    Ok(Id::new(name))
}

fn new_id(snapshot: &Snapshot, home: &FilePath, id: &Id, name: &str) -> Result<Moves, Refusal> {
    let families = &snapshot.dialect_of(home).families;
    let is_id = |text: &str| {
        let token = families.token_at(text, 0).is_some_and(|token| token.end == text.len() && !token.wildcard());
        let new = Id::new(text);
        // Ids behind a label may be of families that nothing else believes in.
        let likewise = || {
            let known = families.token_at(id.as_str(), 0).is_some();
            !known && new.prefix() == id.prefix() && !new.tail().is_empty()
        };
        token || likewise()
    };
    let no_id = || {
        let known: Vec<&str> = families.always().iter().map(SmolStr::as_str).collect();
        Refusal(format!(
            "`{name}` is no requirement id here · an id is one of {} and a number: `FR-1.2`",
            known.join(", ")
        ))
    };
    let letters = name.trim_end_matches('*');
    let prefix = !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    if prefix {
        let hyphen = if id.prefix().ends_with('-') { "-" } else { "" };
        let to = format!("{}{hyphen}", letters.trim_end_matches('-'));
        if id.prefix().is_empty() || !is_id(&format!("{to}{}", id.tail())) {
            return Err(no_id());
        }
        return Ok(Moves::Family { from: id.prefix().to_string(), to });
    }
    if !is_id(name) {
        return Err(no_id());
    }
    Ok(Moves::Ids(vec![(id.clone(), Id::new(name))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Texts, cursor, files, proposed, put};

    /// The fixture's files after the id at the cursor was renamed, in the fixture's form; or the refusal.
    fn renamed_with(fixture: &str, name: &str, code: bool) -> String {
        let (world, path, offset) = cursor(fixture);
        let texts = files(&fixture.replace("$0", ""));
        match rename(&world.snapshot(), &Texts(texts.clone()), &path, offset, name, code) {
            Ok(Some(proposal)) => proposed(&texts, &proposal),
            Ok(None) => "nothing".into(),
            Err(why) => why.to_string(),
        }
    }

    fn renamed(fixture: &str, name: &str) -> String {
        renamed_with(fixture, name, false)
    }

    const SPEC: &str =
        "//- a/spec.md\n# Login\n\n- **FR-1**: a\n- **FR-2**: b\n- **FR-2.1**: c\n- **FR-2.2**: d\n- **FR-2.3**: e\n";

    fn check(tasks: &str, name: &str, spec: &[(&str, &str)], wanted: &str) {
        let mut after = SPEC.to_string();
        for (old, new) in spec {
            after = after.replace(&format!("**{old}**"), &format!("**{new}**"));
        }
        assert_eq!(
            renamed(&format!("{SPEC}//- a/tasks.md\n{tasks}"), name),
            format!("{after}//- a/tasks.md\n{wanted}")
        );
    }

    const SUBTREE: [(&str, &str); 4] =
        [("FR-2", "FR-7"), ("FR-2.1", "FR-7.1"), ("FR-2.2", "FR-7.2"), ("FR-2.3", "FR-7.3")];

    #[test]
    fn an_id_is_renamed_where_it_is_defined_and_named() {
        check(
            "_Requirements: FR-$01, FR-2_\n\nSee [FR-1] and fr-1.\n",
            "FR-9",
            &[("FR-1", "FR-9")],
            "_Requirements: FR-9, FR-2_\n\nSee [FR-9] and fr-9.\n",
        );
    }

    #[test]
    fn a_subtree_moves_with_ranges_slashes_and_wildcards() {
        check(
            "_Requirements: FR-$02, FR-2.1–2.3, FR-2.1-3, FR-2.*, FR-2.1/2.2_\n",
            "FR-7",
            &SUBTREE,
            "_Requirements: FR-7, FR-7.1–7.3, FR-7.1-3, FR-7.*, FR-7.1/7.2_\n",
        );
        check("_Requirements: FR-$02.*_\n", "FR-7", &SUBTREE, "_Requirements: FR-7.*_\n");
    }

    #[test]
    fn a_family_moves_as_a_whole() {
        let wanted = SPEC.replace("FR-", "REQ-") + "//- a/tasks.md\n_Requirements: REQ-2.1–REQ-2.3, NFR-1_\n";
        assert_eq!(
            renamed(&format!("{SPEC}//- a/tasks.md\n_Requirements: FR-$02.1–FR-2.3, NFR-1_\n"), "REQ-*"),
            wanted
        );
    }

    #[test]
    fn a_range_that_would_break_names_the_same_as_a_list() {
        let third = [("FR-2.2", "FR-9")];
        check(
            "FR-2.$02\n\n_Requirements: FR-2.1–2.3_\n",
            "FR-9",
            &third,
            "FR-9\n\n_Requirements: FR-2.1, FR-9, FR-2.3_\n",
        );
        check("_Requirements: FR-2.*_\n\nFR-2.$02\n", "FR-9", &third, "_Requirements: FR-2.*, FR-9_\n\nFR-9\n");
        check(
            "_Requirements: FR-2.1 through FR-2.$03, FR-2.1–FR-2.2_\n",
            "FR-2.7",
            &[("FR-2.3", "FR-2.7")],
            "_Requirements: FR-2.1, FR-2.2, FR-2.7, FR-2.1–FR-2.2_\n",
        );
        // A hole that is filled is not meant by who left it out.
        let spec = SPEC.replace("- **FR-2.2**: d\n", "");
        let tasks = "//- a/tasks.md\n_Requirements: FR-2.1–2.3, FR-$01_\n";
        assert_eq!(
            renamed(&format!("{spec}{tasks}"), "FR-2.2"),
            spec.replace("FR-1", "FR-2.2") + "//- a/tasks.md\n_Requirements: FR-2.1, FR-2.3, FR-2.2_\n"
        );
    }

    #[test]
    fn a_slash_list_whose_ids_part_ways_names_them_in_full() {
        for (written, cursor, new, wanted) in [
            ("FR-1/2", "FR-$02", "NFR-9", "FR-1/NFR-9"),
            ("FR-1/2/8", "FR-$01", "NFR-9", "NFR-9/FR-2/8"),
            ("FR-1/2/8", "FR-$01", "FR-9", "FR-9/2/8"),
            ("FR-2.1/2.2/2.3", "FR-2.$02", "FR-9", "FR-2.1/FR-9/FR-2.3"),
        ] {
            let spec = SPEC.replace("- **FR-2**: b\n", "- **FR-2**: b\n- **FR-8**: z\n");
            let tasks = |written: &str| format!("//- a/tasks.md\n- [ ] 1. T\n  - _Requirements: {written}_\n");
            let after = renamed(&format!("{spec}{}//- a/plan.md\n{cursor}\n", tasks(written)), new);
            assert!(after.contains(&tasks(wanted)), "{written}: {after}");
        }
    }

    #[test]
    fn a_range_whose_ends_nobody_defines_is_refused() {
        let tasks = "//- a/tasks.md\n_Requirements: FR-2.1–2.7_\n\nFR-2.$02\n";
        assert_eq!(
            renamed(&format!("{SPEC}{tasks}"), "FR-9"),
            "`FR-2.1–2.7` in a/tasks.md:1 would not be the same range any more · write its ids out first"
        );
        assert_eq!(
            renamed(&format!("{SPEC}//- a/tasks.md\n_Requirements: FR-2.*_\n\nFR-$01\n"), "FR-2.9"),
            "`FR-2.*` in a/tasks.md:1 would not mean the same requirements any more · write its ids out first"
        );
    }

    #[test]
    fn a_clash_is_refused_with_its_place() {
        assert_eq!(
            renamed(&format!("{SPEC}//- a/tasks.md\nFR-$01\n"), "FR-2.1"),
            "`FR-2.1` is already defined in a/spec.md:5 · choose another id"
        );
        assert_eq!(
            renamed(&format!("{SPEC}//- a/tasks.md\nFR-$01\n\n_Requirements: FR-9_\n"), "FR-9"),
            "`FR-9` in a/tasks.md:3 names nothing yet and would then mean `FR-9` · correct that first"
        );
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for name in ["login", "9", "FR-", "ISO-1", "FR-1.*", ""] {
            let said = renamed(&format!("{SPEC}//- a/tasks.md\nFR-$01\n"), name);
            assert!(said.contains("is no requirement id here") || said == "nothing", "{name}: {said}");
        }
        assert_eq!(renamed(&format!("{SPEC}//- a/tasks.md\nFR-$01\n"), "FR-1"), "nothing");
    }

    #[test]
    fn a_counted_id_is_refused_and_the_reason_says_what_to_do() {
        let spec = "//- .kiro/specs/a/requirements.md\n### Requirement 1: Log in\n\n#### Acceptance Criteria\n\n1. WHEN a THEN b\n2. WHEN c THEN d\n";
        let tasks = "//- .kiro/specs/a/tasks.md\n- [ ] 1. Do\n  - _Requirements: 1.$02_\n";
        let said = renamed(&format!("{spec}{tasks}"), "1.5");
        assert!(
            said.starts_with("`1.2` is counted in .kiro/specs/a/requirements.md:6, not written · move the item"),
            "{said}"
        );
        let said = renamed(&format!("{spec}{}", tasks.replace("1.$02", "$01")), "5");
        assert!(said.starts_with("`1` is the number in .kiro/specs/a/requirements.md:1"), "{said}");
    }

    #[test]
    fn counted_children_follow_their_heading() {
        let fixture =
            "//- a/spec.md\n### FR-$01: Log in\n\n1. WHEN a\n2. WHEN b\n//- a/tasks.md\n_Requirements: FR-1.2_\n";
        assert_eq!(
            renamed(fixture, "FR-8"),
            "//- a/spec.md\n### FR-8: Log in\n\n1. WHEN a\n2. WHEN b\n//- a/tasks.md\n_Requirements: FR-8.2_\n"
        );
    }

    #[test]
    fn other_features_keep_their_ids() {
        let fixture = format!("{SPEC}//- a/tasks.md\nFR-$01\n//- b/spec.md\n- **FR-1**: own\n//- b/tasks.md\nFR-1\n");
        assert!(renamed(&fixture, "FR-9").ends_with("//- b/spec.md\n- **FR-1**: own\n//- b/tasks.md\nFR-1\n"));
    }

    #[test]
    fn features_that_look_an_id_up_outside_follow_and_ask_to_be_confirmed() {
        let fixture = "//- docs/requirements.md\n- **NFR-$07**: fast\n//- a/spec.md\n- **FR-1**: x\n//- a/tasks.md\n_Requirements: NFR-7_\n";
        assert!(renamed(fixture, "NFR-8").ends_with("_Requirements: NFR-8_\n"));
        let (world, path, offset) = cursor(fixture);
        let texts = Texts(files(&fixture.replace("$0", "")));
        let proposal = rename(&world.snapshot(), &texts, &path, offset, "NFR-8", false).unwrap().unwrap();
        let confirmed = |change: &crate::edit::FileEdits| change.label.as_ref().unwrap().confirm;
        assert_eq!(proposal.changes.iter().map(confirmed).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn links_and_anchors_follow_and_code_only_if_asked() {
        let fixture = "//- a/spec.md\n### FR-1: Log in\n\n`FR-1`\n//- a/plan.md\n[FR-$01](spec.md#fr-1-log-in) [[spec#FR-1: Log in]] [x][FR-1]\n\n[FR-1]: spec.md#fr-1-log-in\n";
        let wanted = "//- a/spec.md\n### FR-9: Log in\n\n`FR-1`\n//- a/plan.md\n[FR-9](spec.md#fr-9-log-in) [[spec#FR-9: Log in]] [x][FR-9]\n\n[FR-9]: spec.md#fr-9-log-in\n";
        assert_eq!(renamed(fixture, "FR-9"), wanted);
        assert_eq!(renamed_with(fixture, "FR-9", true), wanted.replace("`FR-1`", "`FR-9`"));
    }

    #[test]
    fn a_named_requirement_is_renamed_with_the_changes_made_to_it() {
        let fixture = "//- openspec/specs/login/spec.md\n# login\n\n## Purpose\n\nWho may enter.\n\n## Requirements\n\n### Requirement: Check the $0password\nIt SHALL.\n//- openspec/changes/hash/specs/login/spec.md\n## MODIFIED Requirements\n\n### Requirement: Check the password\nIt SHALL hash.\n//- openspec/changes/drop/specs/login/spec.md\n## REMOVED Requirements\n\n### Requirement: Check the password\n";
        let wanted = fixture.replace("$0", "").replace("Check the password", "Check passwords");
        assert_eq!(renamed(fixture, "Check passwords"), wanted);
        assert_eq!(renamed(fixture, "a\nb"), "a requirement's name is one line of text");
    }

    #[test]
    fn a_file_that_changed_or_cannot_be_read_is_noticed() {
        let fixture = format!("{SPEC}//- a/tasks.md\nFR-$01\n//- a/plan.md\n_Requirements: FR-1_\n");
        let (mut world, path, offset) = cursor(&fixture);
        let said = |world: &crate::world::World, texts: Vec<(FilePath, String)>| {
            rename(&world.snapshot(), &Texts(texts), &path, offset, "FR-9", false).unwrap_err().to_string()
        };
        let mut texts = files(&fixture.replace("$0", ""));
        texts[2].1 = "More.\n\n_Requirements: FR-1_\n".into();
        assert_eq!(
            said(&world, texts.clone()),
            "a/plan.md has changed on disk and was not read again yet, so nothing was changed · try again"
        );
        texts[2].1 = "_Requirements: FR-2_\n".into();
        assert!(said(&world, texts.clone()).contains("plan.md"), "the same length, another id");
        texts.pop();
        assert_eq!(said(&world, texts), "a/plan.md cannot be read any more, so nothing was changed");
        world.leave_unread(&FilePath::new("/w/a/notes.md"), "it is not UTF-8 (byte 3)");
        let said = said(&world, files(&fixture.replace("$0", "")));
        assert_eq!(said, "a/notes.md may name it and could not be read: it is not UTF-8 (byte 3); nothing was changed");
        world.expect(&FilePath::new("/w/a/more.md"));
        let unread = rename(&world.snapshot(), &(), &path, offset, "FR-9", false).unwrap_err().to_string();
        assert_eq!(unread, "a is still being read, so nothing was changed · try again");
        put(&mut world, &FilePath::new("/w/a/more.md"), "");
    }

    #[test]
    fn the_place_to_rename_is_the_id_under_the_cursor() {
        let at = |tasks: &str| {
            let (world, path, offset) = cursor(&format!("{SPEC}//- a/tasks.md\n{tasks}"));
            let text = tasks.replace("$0", "");
            match prepare_rename(&world.snapshot(), &path, offset) {
                Ok(Some(found)) => format!("{} {}", &text[found.span.range()], found.id),
                Ok(None) => "nothing".into(),
                Err(why) => why.to_string(),
            }
        };
        assert_eq!(at("FR-2.1–2.$03\n"), "2.3 FR-2.3");
        assert_eq!(at("F$0R-2.1–2.3\n"), "FR-2.1 FR-2.1");
        assert_eq!(
            at("FR-2.1 throu$0gh FR-2.3\n"),
            "`FR-2.1 through FR-2.3` is a range · put the cursor on the first or the last id in it"
        );
        assert_eq!(at("FR-2.$0*\n"), "FR-2 FR-2");
        assert_eq!(at("wor$0ds\n"), "nothing");
        assert_eq!(at("`FR-$01`\n"), "nothing");
        assert_eq!(
            at("_Requirements: FR-$07_\n"),
            "`FR-7` is not defined, so there is nothing to rename · define it, or write the id that was meant"
        );
    }
}
