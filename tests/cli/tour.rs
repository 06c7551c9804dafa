//! The tour of the documentation, taken: each command of server/docs/tour.md prints what stands there, each edit can be made.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use traceline_tests::binary::binary;
use traceline_tests::command::run;
use traceline_tests::{Workspace, places};

/// A line of the page that stands for any number of lines.
const LEFT_OUT: &str = "…";

/// Whether `text` is what `page` shows of it.
fn is_shown(page: &[&str], text: &[&str]) -> bool {
    match page {
        [] => text.is_empty(),
        [LEFT_OUT, rest @ ..] => (0..=text.len()).any(|at| is_shown(rest, &text[at..])),
        [line, rest @ ..] => text.split_first().is_some_and(|(first, after)| first == line && is_shown(rest, after)),
    }
}

/// Runs a line of the shell as whoever follows the tour would, with temporary files in `home`; what it shows, without the ends of
/// lines that are blank.
fn shell(line: &str, folder: &Path, home: &Path) -> String {
    let program = binary();
    let path = env::join_paths(
        program
            .parent()
            .into_iter()
            .map(PathBuf::from)
            .chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    );
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{{ {line}\n}} 2>&1")]).current_dir(folder);
    command.env("PATH", path.expect("folders can be joined")).env("TMPDIR", home).env("NO_COLOR", "1");
    let shown = run(&mut command).stdout.replace(&home.display().to_string(), "/tmp");
    shown.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}

/// Makes an edit that the page shows: lines with `-` become those with `+`.
fn edit(path: &Path, diff: &str) {
    let side = |sign: char| -> String {
        let lines = diff.lines().filter_map(|line| line.strip_prefix(' ').or_else(|| line.strip_prefix(sign)));
        lines.map(|line| format!("{line}\n")).collect()
    };
    let text = fs::read_to_string(path).unwrap_or_default();
    let (before, after) = (side('-'), side('+'));
    assert!(text.matches(&before).count() == 1 || text.is_empty(), "{} does not hold once\n{before}", path.display());
    fs::write(path, if text.is_empty() { after } else { text.replacen(&before, &after, 1) })
        .expect("it can be written");
}

#[test]
fn every_command_of_the_tour_prints_what_the_page_shows() {
    let page = fs::read_to_string(places::project().join("server/docs/tour.md")).expect("there is a tour");
    let home = Workspace::new("");
    let mut folder = home.root().to_owned();
    let mut file = String::new();
    let (mut commands, mut faults) = (0, Vec::new());
    let mut parts = page.split("\n```");
    while let (Some(prose), Some(block)) = (parts.next(), parts.next()) {
        if let Some(path) = prose.rsplit('`').skip(1).step_by(2).find(|it| it.contains('.') && !it.contains(' ')) {
            file = path.to_owned();
        }
        let (language, text) = block.split_once('\n').expect("a block has lines");
        match language {
            "console" => {
                for step in text.trim_start_matches("$ ").split("\n$ ") {
                    let (line, shown) = step.split_once('\n').unwrap_or((step, ""));
                    if let Some(to) = line.strip_prefix("cd ") {
                        folder = PathBuf::from(to.replace("/tmp", &home.root().display().to_string()));
                        continue;
                    }
                    commands += 1;
                    let printed = shell(line, &folder, home.root());
                    let wanted: Vec<&str> = shown.trim_matches('\n').lines().collect();
                    if !is_shown(&wanted, &printed.lines().collect::<Vec<_>>()) {
                        faults.push(format!("$ {line}\nprints\n{printed}\nand the page shows\n{shown}\n"));
                    }
                }
            }
            "diff" => edit(&folder.join(&file), text),
            _ => {}
        }
    }
    assert!(commands >= 8, "the tour has {commands} commands");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
