//! `leftover-tag`: what wrote the file has left a tag of its tool call in it.

use super::repeated::listed;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::edit::{Edit, Fix};
use crate::facts::Holds;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;
use rustc_hash::FxHashSet;

pub(super) const RULE: Rule = Rule {
    name: "leftover-tag",
    level: Some(Level::Information),
    what: "A tag of a coding agent's tool call was left in the document.",
    why: "What is written through a tool call ends, now and then, with the tag that closes the call: `</content>`, `</invoke>`. \
          A browser does not show it, so nobody sees it, but it goes into every diff and to whatever reads the document next. \
          A tag whose opening one stands in the document, too, is meant, and so is one in code. \
          Opening tags that nothing closes are told where one of them is `<invoke>`.",
    bad: "//- plan.md\n# Plan\n\n## Steps\n\nPasswords first.\n</content>\n</invoke>\n",
    good: "//- plan.md\n# Plan\n\n## Steps\n\nPasswords first.\n",
    fix: Remedy::Suggested("Deletes closing tags."),
    check: Checker::File(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.template || check.view.role == Role::Other {
        return;
    }
    let parts = || check.view.parts_with(Holds::TOOL_TAGS);
    let all = || parts().flat_map(|(base, facts)| facts.tool_tags.iter().map(move |tag| (base, facts, tag)));
    let named = |closes: bool| -> FxHashSet<&str> {
        all().filter(|(.., tag)| tag.closes == closes).map(|(_, facts, tag)| facts.text(tag.name)).collect()
    };
    let (opened, closed) = (named(false), named(true));
    let left = |closes: bool, paired: &FxHashSet<&str>| -> Vec<(&str, Span)> {
        let own =
            all().filter(|(.., tag)| tag.closes == closes).map(|(base, facts, tag)| (base, facts.text(tag.name), tag));
        own.filter(|(_, name, _)| !paired.contains(name))
            .map(|(base, name, tag)| (name, tag.span.shifted(base)))
            .collect()
    };
    out.extend(told(check, &left(true, &opened), true));
    // Of the others nobody but a tool writes `<invoke name="…">`, and what stands behind it may be the tool's, too.
    let mut begun = left(false, &closed);
    if !begun.iter().any(|(name, _)| *name == CALL) {
        begun.clear();
    }
    out.extend(told(check, &begun, false));
}

/// The tag of a tool call itself.
const CALL: &str = "invoke";

/// The finding of tags that were left, all of which close something or all of which open it, at the first of them.
fn told(check: &Check<'_>, left: &[(&str, Span)], closes: bool) -> Option<Finding> {
    let (slash, which) = if closes { ("/", "closing") } else { ("", "opening") };
    let [(_, first), others @ ..] = left else { return None };
    let tags: Vec<String> = left.iter().map(|(name, _)| format!("<{slash}{name}>")).collect();
    let names: Vec<&str> = tags.iter().map(String::as_str).collect();
    let what = if others.is_empty() {
        format!("is the {which} tag of a tool call")
    } else {
        format!("are {which} tags of tool calls")
    };
    let mut finding = Finding::new(&RULE, *first, format!("{} {what}", listed(&names)));
    finding.help = Some("delete what the tool that wrote the file has left in it".into());
    let place = |span: &Span| Place { path: check.view.path.clone(), span: *span };
    finding.related.extend(others.iter().map(|(name, span)| (place(span), format!("`<{slash}{name}>` stands here"))));
    // Behind one that opens a call the tool's words may stand, too.
    if closes {
        let edits = left.iter().map(|(_, span)| Edit { span: *span, text: String::new() }).collect();
        finding.fix = Some(Fix::of(format!("Delete {}", listed(&names)), edits));
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(text: &str) -> Vec<(String, String)> {
        let world = world(&format!("//- plan.md\n{text}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/plan.md")).into_iter();
        let own = all.filter(|it| it.rule.name == "leftover-tag");
        own.map(|it| (it.message, it.fix.map(|fix| fix.applied_to(text)).unwrap_or_default())).collect()
    }

    #[test]
    fn a_closing_tag_that_nothing_opens_is_left_over() {
        let told = |message: &str, text: &str| vec![(message.to_string(), text.to_string())];
        let both = "`</content>` and `</invoke>` are closing tags of tool calls";
        let one = "`</content>` is the closing tag of a tool call";
        assert_eq!(found("# P\n\nx\n</content>\n</invoke>\n"), told(both, "# P\n\nx\n"));
        assert_eq!(found("# P\n\nx\n\n</content>\n</invoke>"), told(both, "# P\n\nx\n\n"));
        assert_eq!(found("# P\n\n- x\n  - y\n</content>\r\n"), told(one, "# P\n\n- x\n  - y\n"));
        assert_eq!(
            found("# P\n\n| a |\n|---|\n| b |\n\n</content>\n\n## Q\n"),
            told(one, "# P\n\n| a |\n|---|\n| b |\n\n\n## Q\n")
        );
        assert_eq!(found("# P\n\nAll of it.</content>\n"), told(one, "# P\n\nAll of it.\n"));
    }

    #[test]
    fn a_call_that_was_begun_is_left_over() {
        let text = "# P\n\n<invoke name=\"think\">\n<parameter name=\"feature\">boats\n\n## Q\n";
        let told = "`<invoke>` and `<parameter>` are opening tags of tool calls".to_string();
        assert_eq!(found(text), [(told, String::new())]);
        assert_eq!(found("# P\n\n<parameter name=\"a\">\n\nx\n"), []);
        assert_eq!(found("# P\n\n<invoke name=\"a\">\n\nx\n\n</invoke>\n"), []);
    }

    #[test]
    fn what_is_meant_is_none() {
        for text in [
            "# P\n\n<content>\n\nx\n\n</content>\n",
            "# P\n\nIt ends with `</content>`.\n",
            "# P\n\n```xml\n</content>\n```\n",
            "# P\n\nx\n\n</details>\n",
            "# P\n\n<!-- </content> -->\n\nx\n",
            "# P\n\nText of </contents>.\n",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
