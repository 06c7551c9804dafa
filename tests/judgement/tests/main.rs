//! Every case holds; the log is read or refused with its line; what the program quotes of it is what it says.

use std::fs;
use std::path::{Path, PathBuf};

use traceline_judgement::case::Case;
use traceline_judgement::{drawn, figures, log};
use traceline_tests::places;

fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of cases");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "case"));
    paths.sort();
    paths
}

fn hold(folder: &Path) {
    let mut faults = Vec::new();
    for path in cases(folder) {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a case can be read");
        let outcome = Case::parse(&text).and_then(|case| case.failures());
        match outcome {
            Ok(failures) => faults.extend(failures.into_iter().map(|it| format!("{name}: {it}"))),
            Err(error) => faults.push(format!("{name}: {error:#}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_case_of_ours_holds() {
    let folder = places::project().join("tests/judgement/cases");
    assert!(!cases(&folder).is_empty());
    hold(&folder);
}

#[test]
fn every_reported_case_holds() {
    if let Some(folder) = places::shared("reported") {
        hold(&folder);
    }
}

#[test]
fn a_malformed_case_is_refused_with_its_line() {
    for (text, words) in [
        ("//- a.md\nx\n//= shouts\n", "line 3: not understood: shouts"),
        ("//- a.md\nx\n//= says loudly r p t\n", "line 3: no such level: loudly"),
        ("//- a.md\nx\n//= atmost many r\n", "line 3: at most how many"),
        ("x\n//- a.md\n//= silent\n", "line 1: text that belongs to no file"),
        ("//- ../a.md\n//= silent\n", "line 1: a file is named by a path below the workspace"),
        ("//+ a.md\n//= silent\n", "line 1: neither"),
        ("//- a.md\nx\n", "a case has files, and says what must hold"),
    ] {
        let error = format!("{:#}", Case::parse(text).expect_err(text));
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn what_does_not_hold_is_told_with_its_line() {
    let case =
        Case::parse("//- spec.md\n- **FR-1**: The system SHALL print.\n//= silent\n//= says warning * spec.md FR-2\n");
    let failures = case.expect("a case").failures().expect("an answer");
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert!(failures[0].starts_with("line 4 does not hold: Says"), "{failures:?}");
}

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn logged(row: &str) -> anyhow::Result<Vec<log::Row>> {
    log::parse(&format!("{}\n{}\n", log::COLUMNS.join("\t"), row.replace('|', "\t").replace("COMMIT", COMMIT)))
}

#[test]
fn a_malformed_log_is_refused_with_its_line() {
    assert!(logged("1|a/b|COMMIT|plan|x.md|1|2|id-case|warning|real|").is_ok());
    for (row, words) in [
        ("1|a/b|COMMIT|plan|x.md|1|2|id-case|warning|real", "line 2: 10 columns instead of 11"),
        ("1|a/b|COMMIT||x.md|1|2|id-case|warning|real|", "line 2: the column dialect is empty"),
        ("0|a/b|COMMIT|plan|x.md|1|2|id-case|warning|real|", "line 2: the round is a number from 1, not \"0\""),
        ("1|ab|COMMIT|plan|x.md|1|2|id-case|warning|real|", "line 2: a repository is named owner/name"),
        ("1|a/b|c0ffee|plan|x.md|1|2|id-case|warning|real|", "line 2: a commit has forty hexadecimal digits"),
        ("1|a/b|COMMIT|plan|x.md|one|2|id-case|warning|real|", "line 2: the line is a number from 1"),
        ("1|a/b|COMMIT|plan|x.md|1|2|id-case|guess|real|", "line 2: a kind is warning or reading"),
        ("1|a/b|COMMIT|plan|x.md|1|2|id-case|reading|real|", "line 2: a verdict on a warning is"),
        ("1|a/b|COMMIT|plan|x.md|1|2|id-case|warning|false|", "line 2: what is not right has a cause"),
    ] {
        let error = format!("{:#}", logged(row).expect_err(row));
        assert!(error.contains(words), "{error}");
    }
    let error = format!("{:#}", log::parse("round\n").expect_err("a head"));
    assert!(error.contains("line 1: the columns are"), "{error}");
}

#[test]
fn a_malformed_list_of_repositories_is_refused_with_its_line() {
    let list = |row: &str| {
        drawn::parse(&format!("{}\n{}\n", drawn::COLUMNS.join("\t"), row.replace('|', "\t").replace("COMMIT", COMMIT)))
    };
    assert!(list("1|a/b|COMMIT|kiro|en").is_ok());
    for (row, words) in [
        ("1|a/b|COMMIT|kiro", "line 2: 4 columns instead of 5"),
        ("0|a/b|COMMIT|kiro|en", "line 2: the round is a number from 1"),
        ("1|ab|COMMIT|kiro|en", "line 2: a repository is named owner/name"),
        ("1|a/b|COMM|kiro|en", "line 2: a commit has forty hexadecimal digits"),
    ] {
        let error = format!("{:#}", list(row).expect_err(row));
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn every_judged_repository_was_drawn() {
    let read = |name: &str| fs::read_to_string(places::project().join("tests/judgement").join(name)).expect("a table");
    let drawn = drawn::parse(&read("drawn.tsv")).unwrap_or_else(|error| panic!("drawn.tsv: {error:#}"));
    for row in log::parse(&read("rounds.tsv")).unwrap_or_else(|error| panic!("rounds.tsv: {error:#}")) {
        let known =
            drawn.iter().any(|it| (it.round, &it.repository, &it.commit) == (row.round, &row.repository, &row.commit));
        assert!(known, "{} of round {} at {}", row.repository, row.round, row.commit);
    }
}

#[test]
fn the_log_is_well_formed() {
    let text = fs::read_to_string(places::project().join("tests/judgement/rounds.tsv")).expect("the log");
    let rows = log::parse(&text).unwrap_or_else(|error| panic!("rounds.tsv: {error:#}"));
    assert_eq!(log::write(&rows), text);
}

#[test]
fn what_the_program_quotes_is_what_the_log_says() {
    let text = fs::read_to_string(places::project().join("tests/judgement/rounds.tsv")).expect("the log");
    let rows = log::parse(&text).unwrap_or_else(|error| panic!("rounds.tsv: {error:#}"));
    let quoted = fs::read_to_string(places::project().join("server/engine/unseen.tsv")).expect("the figures");
    assert_eq!(quoted, figures::unseen(&rows), "stale: tests/judgement/run write");
    let read = |name: &str| fs::read_to_string(places::project().join(name)).expect("a file");
    let drawn = drawn::parse(&read("tests/judgement/drawn.tsv")).unwrap_or_else(|error| panic!("drawn.tsv: {error:#}"));
    let readme = read("README.md");
    assert_eq!(
        figures::quoted(&readme, &figures::table(&drawn, &rows)),
        Some(readme),
        "stale: tests/judgement/run write"
    );
}
