//! Ids of one family that a file's prose mentions in vain are one remark: most often they are another document's.

use super::repeated::{MOST_PLACES, listed};
use super::{Check, Finding, Part, unknown_in_prose};
use crate::id::Id;
use crate::query::Place;
use rustc_hash::FxHashSet;

/// Joins the findings of each family; those that can be mended stand for themselves.
pub(super) fn join(check: &Check<'_>, out: &mut Vec<Finding>) {
    let own = |finding: &Finding| finding.rule == &unknown_in_prose::RULE && finding.fix.is_none();
    if out.iter().filter(|finding| own(finding)).count() < 2 {
        return;
    }
    let mut parts: Vec<(Id, Finding)> = Vec::new();
    for finding in out.extract_if(.., |finding| own(finding)) {
        let name = finding.part.as_ref().map_or("", |Part { name, .. }| name);
        parts.push((Id::new(name), finding));
    }
    parts.sort_by_key(|(_, finding)| finding.span);
    while let Some((first, _)) = parts.first() {
        let family = first.family().to_ascii_uppercase();
        let all: Vec<_> = parts.extract_if(.., |(id, _)| id.family().eq_ignore_ascii_case(&family)).collect();
        out.extend(joined(check, all));
    }
}

fn joined(check: &Check<'_>, all: Vec<(Id, Finding)>) -> Option<Finding> {
    let count = all.len();
    let mut seen = FxHashSet::default();
    let ids: Vec<Id> = all.iter().map(|(id, _)| id.clone()).filter(|id| seen.insert(id.clone())).collect();
    let level = all.iter().map(|(_, finding)| finding.level).max()?;
    let mut all = all.into_iter().map(|(_, finding)| finding);
    let mut finding = all.next()?;
    if count == 1 {
        return Some(finding);
    }
    finding.level = level;
    finding.told = ids.iter().map(Id::to_string).collect();
    if let [_, second, ..] = &ids[..] {
        let place = check.snapshot.display_scope(check.view.scope, second);
        let names: Vec<&str> = ids.iter().map(Id::as_str).collect();
        finding.message = format!("{} are not defined in {place}", listed(&names));
        super::doubt::say(&mut finding);
    }
    finding.message += &format!(" · mentioned {count} times here");
    let places = all.map(|other| Place { path: check.view.path.clone(), span: other.span });
    finding.related.extend(places.take(MOST_PLACES).map(|place| (place, "mentioned here too".to_string())));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    #[test]
    fn ids_of_one_family_are_one_remark_in_a_file() {
        let found = |plan: &str| {
            let spec = "//- a/spec.md\n- **FR-1**: x\n- **NFR-1**: x\n";
            let world = world(&format!("{spec}//- a/plan.md\n{plan}"));
            let found = check(&world.snapshot(), &FilePath::new("/w/a/plan.md")).into_iter();
            found.map(|it| format!("{} +{}", it.message, it.related.len())).collect::<Vec<_>>()
        };
        assert_eq!(found("See FR-7.\n"), ["`FR-7` is not defined in a +0"]);
        assert_eq!(found("See FR-7, then FR-7.\n"), ["`FR-7` is not defined in a · mentioned 2 times here +1"]);
        assert_eq!(
            found("See FR-7, NFR-8 and FR-9.\n\n## More\n\nAnd FR-7 with FR-1.\n"),
            ["`FR-7` and `FR-9` are not defined in a · mentioned 3 times here +2", "`NFR-8` is not defined in a +0"]
        );
    }
}
