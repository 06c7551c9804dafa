//! What no reader of Markdown does without: every file read and parsed, by all cores, and nothing kept.

use crate::process::cpu;
use crate::row::Tally;
use crate::scenario::ms;
use anyhow::{Context, Result, bail};
use pulldown_cmark::{Options, Parser};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Reads and parses what lies below `root`; prints how many milliseconds that took by the wall and of processors.
pub(crate) fn parse(root: &Path) -> Result<()> {
    let begun = Instant::now();
    let mut files = Vec::new();
    collect(root, &mut files)?;
    let (next, events) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let text = fs::read_to_string(path).unwrap_or_default();
            events.fetch_add(
                Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter().count(),
                Ordering::Relaxed,
            );
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
        work();
    });
    println!("{} {} {}", ms(begun.elapsed()), cpu(std::process::id(), false), events.into_inner());
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|it| it == "md") {
            files.push(path);
        }
    }
    Ok(())
}

/// The same as a program of its own, several times: wall and CPU.
pub(crate) fn measure(root: &Path, times: usize) -> Result<(Tally, Tally)> {
    let (mut walls, mut cpus) = (Tally::default(), Tally::default());
    for _ in 0..times {
        let told = Command::new(std::env::current_exe()?).arg("parse").arg(root).output()?;
        if !told.status.success() {
            bail!("parsing alone failed: {}", String::from_utf8_lossy(&told.stderr));
        }
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let mut numbers = told.split_whitespace().map(str::parse::<f64>);
        walls.take(numbers.next().context("no wall time")??);
        cpus.take(numbers.next().context("no CPU")??);
    }
    Ok((walls, cpus))
}
