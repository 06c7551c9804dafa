//! `traceline matrix`: each requirement with what plans it, what builds it and how far it is.

use super::outcome::COULD_NOT_RUN;
use super::output::Output;
use super::workspace::Workspace;
use super::{empty, workspace};
use crate::parallel::in_pieces;
use crate::paths;
use crate::report::matrix::{Format, Links};
use anyhow::Result;
use clap::Args;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use traceline_engine::export::matrix;
use traceline_engine::path::FilePath;

/// Fewer scopes are gone through in one thread.
const FEW: usize = 64;

/// What is told of, and how.
#[derive(Debug, Args)]
pub(super) struct Matrix {
    /// Files and folders whose requirements are told [default: the current folder]
    paths: Vec<PathBuf>,
    /// How to report on the terminal
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    /// Write it to a file as well: `html=matrix.html`; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output)]
    output: Vec<Output<Format>>,
    /// Where links lead: an address that paths are put behind, or one with {path} and {line} in it [default: the files, as seen
    /// from the report]
    #[arg(long, value_name = "URL", value_parser = Links::parse)]
    link_base: Option<Links>,
    /// Accept a folder that holds no plan document; without this the run fails with code 2
    #[arg(long)]
    allow_empty: bool,
}

/// A file to report to: `html=matrix.html`.
fn output(words: &str) -> Result<Output<Format>, String> {
    Output::parse(words, "html=matrix.html")
}

pub(super) fn run(asked: &Matrix) -> Result<ExitCode> {
    let workspace = workspace::read(&asked.paths)?;
    workspace::complain(&workspace);
    let empty = if asked.allow_empty { Vec::new() } else { empty::complaints(&workspace) };
    for words in empty.iter().cloned().chain(empty::prompts(&workspace)).chain(empty::remark(&workspace)) {
        anstream::eprintln!("traceline: {words}");
    }
    let told = matrix(&workspace);
    for output in &asked.output {
        let links = asked.link_base.clone().unwrap_or_else(|| Links::Beside(way_from(&output.file, &workspace)));
        output.write_as_it_is(|out| output.format.write(out, &told, &links))?;
    }
    // No format has colours, and each leaves out what a document has of them.
    let mut out = BufWriter::new(std::io::stdout().lock());
    let links = asked.link_base.clone().unwrap_or_else(|| Links::Beside(String::new()));
    asked.format.write(&mut out, &told, &links)?;
    out.flush()?;
    let incomplete = workspace.is_incomplete() || !empty.is_empty();
    // As little is given back as of the workspace.
    std::mem::forget(told);
    Ok(if incomplete { ExitCode::from(COULD_NOT_RUN) } else { ExitCode::SUCCESS })
}

/// The matrix of what was asked for, made on all cores.
pub(super) fn matrix(workspace: &Workspace) -> matrix::Matrix {
    let snapshot = &workspace.snapshot;
    let all = snapshot.files().eq(&workspace.asked);
    let is_asked = |path: &FilePath| all || workspace.asked.binary_search(path).is_ok();
    let scopes: Vec<FilePath> = snapshot.scopes().map(|(folder, _)| folder.clone()).collect();
    let parts =
        in_pieces(&scopes, FEW, |piece| piece.iter().map(|scope| matrix::part(snapshot, scope, &is_asked)).collect());
    let mut told = matrix::Matrix::of(snapshot, &workspace.root, parts, &is_asked);
    told.summary.files = workspace.asked.len() - workspace.unread.len();
    told
}

/// The way from the folder of a report to the root, which links in it begin with: `../`.
fn way_from(file: &Path, workspace: &Workspace) -> String {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = paths::whole(folder).ok();
    folder.as_deref().and_then(paths::decode).map_or_else(String::new, |folder| way(&folder, &workspace.root))
}

fn way(from: &FilePath, to: &FilePath) -> String {
    let parts = |path: &FilePath| path.as_str().split('/').map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(from), parts(to));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    // Nothing relative leads from one drive to another.
    if shared == 0 {
        return String::new();
    }
    let down = to[shared..].iter().map(|part| format!("{}/", Links::encoded(part)));
    "../".repeat(from.len() - shared) + &down.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_the_report_to_the_root() {
        let of = |from: &str, to: &str| way(&FilePath::new(from), &FilePath::new(to));
        assert_eq!(of("/w", "/w"), "");
        assert_eq!(of("/w/out/html", "/w"), "../../");
        assert_eq!(of("/tmp", "/w/a b"), "../w/a%20b/");
        assert_eq!(of("C:/x", "D:/w"), "");
    }
}
