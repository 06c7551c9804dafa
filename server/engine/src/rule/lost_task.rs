//! `lost-task`: a box of a task list that is none to Markdown.

use super::repeated::listed;
use super::{Check, Checker, Finding, Remedy, Rule};
use crate::dialect::Role;
use crate::facts::{Holds, Lost};
use crate::settings::Level;

pub(super) const RULE: Rule = Rule {
    name: "lost-task",
    level: Some(Level::Information),
    what: "A task is lost: its box stands behind another task in one line, a blank of the box is missing, or the box is code.",
    why: "To Markdown, to whoever ticks boxes off and to an agent that counts them it is text: a line break was lost \
          (`- [ ] T003 Saw - [ ] T004 Tar`), or the box is written `- []`, `-[ ]`, `[x]T004` or ``- `[x]` T004``. Each kind is one finding in a \
          file, and the second is told only beside tasks that are some.",
    bad: "//- tasks.md\n# Tasks\n\n- [ ] T001 Check passwords\n- [] T002 Lock accounts\n",
    good: "//- tasks.md\n# Tasks\n\n- [ ] T001 Check passwords\n- [ ] T002 Lock accounts\n",
    fix: Remedy::ByHand,
    check: Checker::File(check),
};

/// So many boxes in code are tasks, where there are fewer others.
const FEWEST_QUOTED: usize = 4;

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    if check.view.role != Role::Tasks || check.template || !check.view.holds(Holds::LOST_BOXES) {
        return;
    }
    let boxes: usize = check.view.parts().map(|(_, facts)| facts.tasks.len()).sum();
    for how in [Lost::Glued, Lost::Broken, Lost::Quoted] {
        let parts = check.view.parts_with(Holds::LOST_BOXES);
        let all = parts.flat_map(|(base, facts)| facts.lost_boxes.iter().map(move |it| (base, facts, it)));
        let all: Vec<_> = all.filter(|(.., it)| it.how == how).collect();
        let told = match how {
            Lost::Glued => true,
            Lost::Broken => boxes > 0,
            // A few say what the marks mean.
            Lost::Quoted => all.len() >= FEWEST_QUOTED && all.len() > boxes,
        };
        let Some((base, _, first)) = all.first().filter(|_| told) else { continue };
        let numbers: Vec<&str> =
            all.iter().map(|(_, facts, it)| facts.text(it.number)).filter(|number| !number.is_empty()).collect();
        let named = if numbers.is_empty() { String::new() } else { format!(": {}", listed(&numbers)) };
        let message = match (how, all.len()) {
            (Lost::Glued, 1) => format!("a task stands behind another in its line and is lost{named}"),
            (Lost::Glued, count) => format!("{count} tasks stand behind others in their lines and are lost{named}"),
            (Lost::Broken, 1) => format!("this box is none, and its task is lost{named}"),
            (Lost::Broken, count) => format!("{count} boxes from here are none, and their tasks are lost{named}"),
            (Lost::Quoted, count) => format!("{count} boxes from here are code, and their tasks are lost"),
        };
        let mut finding = Finding::new(&RULE, first.span.shifted(*base), message);
        let help = match how {
            Lost::Glued => "give each task a line of its own",
            Lost::Broken => "write `- [ ] ` or `- [x] ` with its blanks",
            Lost::Quoted => "write `- [ ] ` or `- [x] ` without backticks",
        };
        finding.help = Some(help.into());
        let others: Vec<_> = all[1..].iter().map(|(base, _, it)| it.span.shifted(*base)).collect();
        finding.also_at(check, &others, "and this one");
        out.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::world;
    use crate::path::FilePath;
    use crate::rule::check;

    fn found(list: &str) -> Vec<String> {
        let world = world(&format!("//- a/tasks.md\n# Tasks\n\n{list}"));
        let all = check(&world.snapshot(), &FilePath::new("/w/a/tasks.md")).into_iter();
        let own = all.filter(|it| it.rule.name == "lost-task");
        own.map(|it| format!("{} {} +{}", it.level.as_str(), it.message, it.related.len())).collect()
    }

    #[test]
    fn tasks_behind_another_in_its_line_are_told_once() {
        let one = "information a task stands behind another in its line and is lost: `T002` +0";
        assert_eq!(found("- [ ] T001 Saw planks - [ ] T002 Tar them\n"), [one]);
        assert_eq!(found("- [ ] T001 Saw `planks`.- [ ] T002 [P] Tar them\n"), [one]);
        let many = "- [x] 1.1 Saw.- [x] 1.2 Bend.- [ ] 1.3 Tar\n  more\n- [ ] 1.4 Sand - [ ] 1.5 Paint\n";
        let message = "information 3 tasks stand behind others in their lines and are lost: `1.2`, `1.3` and `1.5` +2";
        assert_eq!(found(many), [message]);
    }

    #[test]
    fn boxes_that_are_none_are_told_once() {
        let one = "information this box is none, and its task is lost: `T002` +0";
        for broken in
            ["- [] T002 Tar", "-[ ] T002 Tar", "- [x]T002 Tar", "  -[x] T002 Tar", "-[X]T002 Tar", "* [ ]T002 Tar"]
        {
            assert_eq!(found(&format!("- [ ] T001 Saw\n{broken}\n- [ ] T003 Sand\n")), [one], "{broken}");
            assert_eq!(found(&format!("{broken}\n\nText.\n\n- [ ] T003 Sand\n")), [one], "{broken}");
        }
        let two = "information 2 boxes from here are none, and their tasks are lost +1";
        assert_eq!(found("- [ ] Saw\n- [x]Tar\n- [x]Sand\n"), [two]);
        assert_eq!(found("- [x]Tar\n- [x]Sand\n"), [""; 0], "no box is one");
        let hostile = "- [ ] T001 Saw - [ ] T002 Tar\n".repeat(1000);
        assert_eq!(found(&hostile).len(), 1);
    }

    #[test]
    fn boxes_in_code_are_tasks_where_there_are_hardly_others() {
        let many = "- `[x]` Saw\n- `[ ]` Tar\n* `[X]` 3. Sand\n- `[ ]` Paint\n";
        let told = "information 4 boxes from here are code, and their tasks are lost +3";
        assert_eq!(found(many), [told]);
        assert_eq!(found(&format!("{many}- [ ] Row\n")), [told]);
        assert_eq!(found(&many.replace("- `[ ]` Paint\n", "")), [""; 0], "a legend");
        assert_eq!(found(&format!("{many}{}", "- [ ] Row\n".repeat(4))), [""; 0], "a legend");
        assert_eq!(found(&many.replace("` ", "`: ")), [""; 0], "a legend");
    }

    #[test]
    fn links_code_and_words_about_boxes_are_none() {
        for fine in [
            "- [x](page.md) is read\n",
            "- [x]: page\n",
            "- [x][page] too\n",
            "- [ ]* 1.2 Try it\n",
            "- [] \n",
            "- [ ] 1. Write `- [ ] 1.1 Tar` there\n",
            "- [ ] 1. Tick - [ ] and - [x] off\n",
            "Each is written -[ ] there, or - [ ] T003.\n",
            "```\n-[ ] T003 Saw\n```\n",
            "> -[ ] T003 Saw\n",
        ] {
            assert_eq!(found(&format!("- [ ] 7. Saw\n\n{fine}\n")), [""; 0], "{fine}");
        }
    }
}
