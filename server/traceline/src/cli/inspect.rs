//! `traceline inspect`: what is understood of one file, or of one place in it, and why.

use super::workspace;
use crate::{disk, paths, report};
use anyhow::{Context, Result, anyhow};
use clap::ValueEnum;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use traceline_engine::export::{inspect, place};

/// How it reports: what is told of one file is no list of findings, so formats of `check` are not its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Human,
    /// For programs, by its schema
    Json,
}

pub(super) fn run(asked: &Path, format: Format) -> Result<ExitCode> {
    let (file, place) = split(asked);
    let file = file.as_path();
    let whole = paths::whole(file).with_context(|| format!("{} cannot be read", file.display()))?;
    // The rest of its feature is read too, so that references resolve.
    let folder = whole.parent().map(Path::to_path_buf).with_context(|| format!("{} has no folder", file.display()))?;
    let workspace = workspace::read(&[whole.clone(), folder])?;
    let path = paths::decode(&whole).with_context(|| format!("{} is not valid UTF-8", file.display()))?;
    if let Some((_, why)) = workspace.unread.iter().find(|(unread, _)| *unread == path) {
        return Err(anyhow!("{} was not read: {why}", file.display()));
    }
    let text = disk::read(&whole).map_err(|why| anyhow!("{} was not read: {why}", file.display()))?;
    workspace::complain_of_configs(&workspace);
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    if let Some((line, column)) = place {
        let lines = text.lines().count();
        let told = place::report(&workspace.snapshot, &path, &text, line, column)
            .with_context(|| format!("{} has lines 1 to {lines}, and columns count from 1", file.display()))?;
        match format {
            Format::Json => report::json::print(&mut out, &told)?,
            Format::Human => report::place::print(&mut out, &told)?,
        }
    } else {
        let mut told = inspect::report(&workspace.snapshot, &path, &text).context("the file was not understood")?;
        told.configuration = workspace.configs.of(&path).map(|config| workspace::spoken(config, &workspace));
        match format {
            Format::Json => report::json::print(&mut out, &told)?,
            Format::Human => report::human::inspect(&mut out, &told)?,
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// A file, and the line and column that stand behind its name. A file of the whole name is meant where there is one.
pub(super) fn split(asked: &Path) -> (PathBuf, Option<(u32, Option<u32>)>) {
    let number = |text: &str| {
        let (rest, digits) = text.rsplit_once(':')?;
        Some((rest.to_string(), digits.parse::<u32>().ok()?))
    };
    let Some((rest, last)) = asked.to_str().filter(|_| !asked.exists()).and_then(number) else {
        return (asked.to_path_buf(), None);
    };
    match number(&rest) {
        Some((file, line)) if !Path::new(&rest).exists() => (PathBuf::from(file), Some((line, Some(last)))),
        _ => (PathBuf::from(rest), Some((last, None))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_stands_behind_the_name() {
        let of = |text: &str| {
            let (file, place) = split(Path::new(text));
            (file.to_string_lossy().into_owned(), place)
        };
        assert_eq!(of("a/spec.md"), ("a/spec.md".into(), None));
        assert_eq!(of("a/spec.md:7"), ("a/spec.md".into(), Some((7, None))));
        assert_eq!(of("a/spec.md:7:12"), ("a/spec.md".into(), Some((7, Some(12)))));
        assert_eq!(of("C:\\a\\spec.md"), ("C:\\a\\spec.md".into(), None));
        assert_eq!(of("C:\\a\\spec.md:7"), ("C:\\a\\spec.md".into(), Some((7, None))));
        assert_eq!(of("a/spec.md:x"), ("a/spec.md:x".into(), None));
    }
}
