//! Makes sheets to judge on, and the figures of the log of blind rounds; `run` starts it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use traceline_judgement::checked::findings;
use traceline_judgement::drawn::{self, Drawn};
use traceline_judgement::log::{self, Kind, Row};
use traceline_judgement::{figures, mirror, sheet};
use traceline_tests::places;

const USAGE: &str =
    "usage: run                              the figures of every round, and what changed since, from mirrors
       run sheet OWNER/NAME [FOLDER]       a sheet to judge on, from a mirror or from the files in FOLDER
       run log SHEET...                    adds judged sheets to the log
       run write                           writes the figures that the program and the README quote";

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let log = places::project().join("tests/judgement/rounds.tsv");
    let mut rows = log::parse(&read(&log)?).with_context(|| log.display().to_string())?;
    let list = places::project().join("tests/judgement/drawn.tsv");
    let drawn = drawn::parse(&read(&list)?).with_context(|| list.display().to_string())?;
    match words[..] {
        [] => {
            print!("{}", figures::report(&drawn, &rows));
            changes(&drawn, &rows)?;
        }
        ["sheet", repository, ref folder @ ..] if folder.len() < 2 => {
            let it = drawn.iter().find(|it| it.repository == repository);
            let it = it.with_context(|| format!("{repository} was not drawn: {}", list.display()))?;
            let (own, folder) = files(it, folder.first().map(Path::new))?;
            print!("{}", sheet::sheet(it, &folder)?);
            drop(own);
        }
        ["log", ref sheets @ ..] if !sheets.is_empty() => {
            for name in sheets {
                let sheet = read(Path::new(name))?;
                let judged: Vec<&str> =
                    sheet.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
                if judged.is_empty() {
                    continue;
                }
                let text = format!("{}\n{}\n", log::COLUMNS.join("\t"), judged.join("\n"));
                rows.extend(log::parse(&text).with_context(|| format!("{name}, its rows counted from 2"))?);
            }
            let key = |row: &Row| {
                (row.round, row.repository.to_lowercase(), row.path.clone(), row.line, row.column, row.rule.clone())
            };
            rows.sort_by_key(key);
            fs::write(&log, log::write(&rows))?;
        }
        ["write"] => {
            fs::write(places::project().join("server/engine/unseen.tsv"), figures::unseen(&rows))?;
            let readme = places::project().join("README.md");
            let text = figures::quoted(&read(&readme)?, &figures::table(&drawn, &rows));
            fs::write(&readme, text.context("README.md has no markers for the rounds")?)?;
        }
        _ => bail!("{USAGE}"),
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// The folder with a repository's files, and what keeps it there.
fn files(drawn: &Drawn, given: Option<&Path>) -> Result<(Option<tempfile::TempDir>, PathBuf)> {
    if let Some(folder) = given {
        return Ok((None, folder.to_owned()));
    }
    let mirrors = env::var_os("TRACELINE_MIRRORS").context("TRACELINE_MIRRORS names the folder of mirrors")?;
    let Drawn { repository, commit, .. } = drawn;
    let git = mirror::git_directory(Path::new(&mirrors), repository, commit);
    let git = git.with_context(|| format!("no mirror of {repository} holds {commit}"))?;
    // tempfile's own names begin with a dot, and hidden folders are not read.
    let folder = tempfile::Builder::new().prefix("mirror-").tempdir()?;
    mirror::extract(&git, commit, folder.path())?;
    let path = folder.path().to_owned();
    Ok((Some(folder), path))
}

/// Says what `check` says differently today: judged warnings that are gone, and how many there are that nobody judged.
fn changes(drawn: &[Drawn], rows: &[Row]) -> Result<()> {
    if env::var_os("TRACELINE_MIRRORS").is_none() {
        println!("not compared with today's findings: no mirrors (TRACELINE_MIRRORS names their folder)");
        return Ok(());
    }
    for it in drawn {
        let Drawn { round, repository, .. } = it;
        let (_own, folder) = match files(it, None) {
            Ok(found) => found,
            Err(error) => {
                println!("round {round} {repository}: {error:#}");
                continue;
            }
        };
        let found = findings(&folder)?;
        let judged: Vec<&Row> = rows
            .iter()
            .filter(|row| row.round == *round && row.repository == *repository && row.kind == Kind::Warning)
            .collect();
        let mut unjudged = 0;
        for it in found.iter().filter(|it| it.is_loud()) {
            let place = (&*it.path, it.line, it.column, &*it.rule);
            if !judged.iter().any(|row| row.place() == place) {
                unjudged += 1;
                if judged.len() < sheet::MOST {
                    println!(
                        "round {round} {repository}: new {} {}:{}:{} {}",
                        it.rule, it.path, it.line, it.column, it.message
                    );
                }
            }
        }
        for row in &judged {
            let now = found.iter().find(|it| row.place() == (&*it.path, it.line, it.column, &*it.rule));
            if now.is_none_or(|it| !it.is_loud()) {
                let today = now.map_or("not said".to_owned(), |it| format!("{:?}", it.level).to_lowercase());
                println!(
                    "round {round} {repository}: {} {}:{}:{} {} is {today} now",
                    row.verdict.name(),
                    row.path,
                    row.line,
                    row.column,
                    row.rule
                );
            }
        }
        if unjudged > 0 && judged.len() >= sheet::MOST {
            println!("round {round} {repository}: {unjudged} warnings that were not judged");
        }
    }
    Ok(())
}
