//! CONTRIBUTING.md names what there is: files, code and commits. Its walks are performed by tests/guide.

use std::process::Command;

use traceline_tests::places;

use crate::map::undeclared;
use crate::none;

/// The guide's text without its blocks of code.
fn prose() -> String {
    let guide = std::fs::read_to_string(places::project().join("CONTRIBUTING.md")).expect("there is a guide");
    guide.split("\n```").step_by(2).map(|part| part.trim_start_matches(char::is_alphabetic)).collect()
}

/// What its walks make; they fail where it is there already.
const MADE: [&str; 5] = ["unfinished_title.rs", "pitches.toml", "a-pitch.case", "report/lines.rs", "cli/lines.rs"];

#[test]
fn files_and_code_that_the_guide_names_are_there() {
    let prose = prose();
    let quoted: Vec<&str> =
        prose.split('`').skip(1).step_by(2).filter(|it| it.is_ascii() && !it.contains([' ', '\n'])).collect();
    let mut faults = Vec::new();
    let roots = ["", "server/traceline/src/"];
    for path in
        quoted.iter().filter(|it| it.contains('/') && !it.contains("//") && !MADE.iter().any(|made| it.ends_with(made)))
    {
        if !roots.iter().any(|root| places::project().join(format!("{root}{path}")).exists()) {
            faults.push(format!("{path} is not there"));
        }
    }
    let code = |it: &&str| {
        !it.ends_with('_') && (it.contains('_') || it.contains("::")) && !it.contains(['/', '.', '-', '=', '('])
    };
    faults.extend(undeclared(quoted.into_iter().filter(code)));
    none(&faults);
}

#[test]
fn changes_of_the_guide_find_their_place() {
    let guide = std::fs::read_to_string(places::project().join("CONTRIBUTING.md")).expect("there is a guide");
    let mut parts = guide.split("\n```");
    let (mut path, mut changes, mut faults) = (String::new(), 0, Vec::new());
    while let (Some(prose), Some(block)) = (parts.next(), parts.next()) {
        let named = prose.trim().rsplit("\n\n").next().unwrap_or_default().split('`').skip(1).step_by(2);
        if let Some(last) = named.filter(|it| it.contains('/') && it.contains('.') && !it.contains(' ')).last() {
            path = last.to_owned();
        }
        let Some(diff) = block.strip_prefix("diff\n") else { continue };
        let before: String = diff
            .lines()
            .filter(|line| !line.starts_with('+'))
            .filter_map(|line| Some(format!("{}\n", line.get(1..)?)))
            .collect();
        changes += 1;
        let count = std::fs::read_to_string(places::project().join(&path)).unwrap_or_default().matches(&before).count();
        if count != 1 {
            faults.push(format!("{path} holds these lines {count} times:\n{before}"));
        }
    }
    assert!(changes >= 6, "the walks make {changes} changes");
    none(&faults);
}

#[test]
fn commits_that_the_guide_names_are_in_the_history() {
    let prose = prose().replace('\n', " ");
    let named: Vec<&str> = prose.split("As in *").skip(1).filter_map(|rest| rest.split('*').next()).collect();
    assert!(named.len() >= 5, "each walk follows a commit: {named:?}");
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(places::project()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    // A package of the sources has no history, a shallow clone too little.
    if git(&["rev-parse", "--is-shallow-repository"]).is_none_or(|it| it.trim() != "false") {
        eprintln!("skipped: the history is not there");
        return;
    }
    let subjects = git(&["log", "--format=%s"]).expect("a repository has a history");
    let is_there = |name: &&&str| subjects.lines().any(|subject| subject == **name);
    none(
        &named
            .iter()
            .filter(|name| !is_there(name))
            .map(|name| format!("no commit is called {name}"))
            .collect::<Vec<_>>(),
    );
}
