//! Fill in from template: everything that the template has and the document lacks, each in its place.

use crate::dialect::Role;
use crate::edit::{Edit, Fix};
use crate::feature::folder_names::subject;
use crate::outline::{Mend, Outline, Problem, is_own, joined, problems, schema_of, section_inserted};
use crate::path::FilePath;
use crate::text::Span;
use crate::world::Snapshot;

/// The edits that fill the open document in; none where it lacks nothing, or is of another kind than its template.
pub(crate) fn fill_in(snapshot: &Snapshot, path: &FilePath) -> Option<Fix> {
    let view = snapshot.view(path)?;
    let schema = schema_of(snapshot, &view)?;
    let text = view.document()?.rope().to_string();
    let outline = Outline::of(&view, schema);
    let title = "Fill in from template".to_string();
    if outline.headings.is_empty() && outline.title.is_none() {
        let scaffold = schema.scaffold(&subject(path.folder().name()));
        let whole = Edit { span: Span::new(0, text.len()), ..section_inserted("", 0, &scaffold) };
        return text.trim().is_empty().then(|| Fix::of(title, vec![whole]));
    }
    // A list of tasks needs no section around it, and has what the template would put into one.
    let listed = || view.parts().any(|(_, facts)| !facts.tasks.is_empty());
    if view.role == Role::Tasks && outline.headings.is_empty() && listed() {
        return None;
    }
    // Documents with sections of their own are of another kind.
    if !(outline.titled
        || outline.headings.is_empty()
        || Outline::of_follower(&view, schema, is_own(snapshot, &view)).is_some())
    {
        return None;
    }
    let mends: Vec<Mend> = problems(&outline)
        .into_iter()
        .filter_map(|problem| match problem {
            Problem::Missing { mend, .. } | Problem::Empty { mend: Some(mend), .. } => Some(mend),
            _ => None,
        })
        .collect();
    let edits = joined(&mends, &text, schema, &Vec::new);
    (!edits.is_empty()).then_some(Fix::of(title, edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{cursor, put, world};
    use crate::rule::check;
    use crate::template::built_in;

    fn filled(fixture: &str) -> Option<String> {
        let (world, path, _) = cursor(fixture);
        let text = world.snapshot().document(&path).unwrap().rope().to_string();
        fill_in(&world.snapshot(), &path).map(|fix| fix.applied_to(&text))
    }

    fn rules(text: &str) -> Vec<&'static str> {
        let mut world = world("//- a/spec.md\n# S\n");
        let path = FilePath::new("/w/a/plan.md");
        put(&mut world, &path, text);
        let mut names: Vec<_> = check(&world.snapshot(), &path).iter().map(|finding| finding.rule.name).collect();
        names.dedup();
        names
    }

    #[test]
    fn an_empty_plan_becomes_the_template() {
        assert_eq!(filled("//- specs/log-in/plan.md\n$0").unwrap(), built_in("plan.md").unwrap().scaffold("Log in"));
    }

    #[test]
    fn what_is_missing_is_put_between_what_is_there() {
        let text = filled("//- a/plan.md\n# Technical Implementation Plan$0\n\n## System Design\n\nOne service.\n\n## Testing Strategy\n\n### Unit Testing\n").unwrap();
        assert_eq!(rules(&text), ["placeholder-left"]);
        let at = |title: &str| text.find(title).unwrap_or_else(|| panic!("{title} in {text}"));
        assert!(
            at("## Technical Constraints") < at("## System Design")
                && at("## System Design") < at("## Integration Points")
        );
        assert!(at("### Integration Testing") < at("## Deployment Strategy"));
        assert!(!text.contains("\n\n\n") && text.contains("One service.\n\n## Integration Points"), "{text}");
        assert_eq!(filled(&format!("//- a/plan.md\n$0{text}")), None, "nothing is left to fill in");
    }

    #[test]
    fn a_document_of_another_kind_is_left_alone() {
        assert_eq!(filled("//- a/plan.md\n# Notes$0\n\n## One\n\nx\n\n## Two\n\nx\n\n## Three\n\nx\n"), None);
        assert_eq!(filled("//- README.md\n$0"), None);
        assert_eq!(filled("//- a/tasks.md\n# Tasks$0\n\n- [ ] 1. Check passwords\n"), None, "it has its tasks");
        assert!(filled("//- a/tasks.md\n# Tasks$0\n").is_some());
    }
}
