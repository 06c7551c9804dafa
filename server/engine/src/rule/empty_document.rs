//! `empty-document`: a plan document that holds nothing.

use super::doubt::is_archived;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::settings::Level;
use crate::world::View;

pub(super) const RULE: Rule = Rule {
    name: "empty-document",
    level: Some(Level::Information),
    what: "A document that is one of a plan by its name is empty, or holds its title alone.",
    why: "Whoever lists the files takes it for written: it was created and never filled, or what it said was lost when it was \
          written anew. Comments count as nothing, front matter as something. A list of tasks is told only beside another \
          document of the plan: elsewhere it may be done.",
    bad: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- plan.md\n# Plan\n",
    good: "//- spec.md\n# Login\n\n- **FR-1**: The system SHALL check the password.\n//- plan.md\n# Plan\n\nA page and a service.\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    let judged = matches!(check.view.role, Role::Spec | Role::Plan | Role::Tasks);
    if !judged || check.template || !is_empty(&check.view) || is_archived(check) {
        return;
    }
    if check.view.role == Role::Tasks && !has_company(check) {
        return;
    }
    let title = check.view.first_heading();
    let message = match title {
        Some(_) => "this document holds its title alone",
        None => "this document is empty",
    };
    let mut finding = Finding::new(&RULE, title.unwrap_or_default(), message.into());
    finding.help = Some("write it, or delete the file".into());
    out.push(finding);
}

/// The deepest level of a document's title.
const DEEPEST: u8 = 2;

/// Whether nothing stands there but a title.
fn is_empty(view: &View<'_>) -> bool {
    let mut titles = 0;
    view.parts().all(|(_, facts)| {
        titles += facts.sections.len();
        // A heading further down, and one that states something, is no title.
        let only_titles = facts.sections.iter().all(|it| it.level <= DEEPEST) && facts.definitions.is_empty();
        !facts.says && titles <= 1 && only_titles && facts.unspaced_headings.is_empty() && facts.suppressions.is_empty()
    })
}

/// Whether a document of a plan lies beside it that says something.
fn has_company(check: &Check<'_>) -> bool {
    let (path, folder) = (check.view.path, check.view.path.folder());
    let mut beside = check.snapshot.files_below(&folder).filter(|(other, role)| {
        matches!(role, Role::Spec | Role::Plan | Role::Tasks) && *other != path && other.folder() == folder
    });
    beside.any(|(other, _)| check.snapshot.view(other).is_some_and(|view| !is_empty(&view)))
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(files: &str, path: &str) -> Vec<String> {
        let world = world(files);
        let all = check(&world.snapshot(), &FilePath::new(&format!("/w/{path}"))).into_iter();
        all.filter(|it| it.rule.name == "empty-document").map(|it| it.message).collect()
    }

    #[test]
    fn a_document_that_says_nothing_is_told() {
        let at = ".kiro/specs/lamp/design.md";
        let one = |text: &str| found(&format!("//- {at}\n{text}"), at);
        assert_eq!(one(""), ["this document is empty"]);
        assert_eq!(one("\n\n  \n"), ["this document is empty"]);
        assert_eq!(one("<!-- to be written -->\n"), ["this document is empty"]);
        assert_eq!(one("# Design\n\n<!-- to be written -->\n"), ["this document holds its title alone"]);
        for text in [
            "Text.\n",
            "# Design\n\nText.\n",
            "# Design\n\n## Parts\n\n## More\n",
            "---\nstatus: draft\n---\n\n# Design\n",
            "# Design\n\n```mermaid\ngraph TD\n```\n",
            "# Design\n\n![drawn](design.png)\n",
            "# Design\n\n<img src=\"design.png\">\n",
            "# Design\n\n| a |\n|---|\n",
        ] {
            assert_eq!(one(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_list_of_tasks_is_told_beside_another_document() {
        let at = ".kiro/specs/lamp/tasks.md";
        let files = |other: &str| format!("//- .kiro/specs/lamp/requirements.md\n{other}//- {at}\n");
        assert_eq!(found(&files("# Lamp\n\nLight.\n"), at), ["this document is empty"]);
        assert_eq!(found(&files(""), at), [""; 0]);
        assert_eq!(found("//- todo.md\n# To do\n", "todo.md"), [""; 0]);
        for path in ["notes.md", ".specify/templates/plan-template.md", ".claude/commands/plan.md", "archive/prd.md"] {
            assert_eq!(found(&format!("//- {path}\n"), path), [""; 0], "{path}");
        }
    }
}
