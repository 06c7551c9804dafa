//! What fixes change: as a unified diff, and in a few lines for whoever asked for them.

use similar::TextDiff;
use std::collections::BTreeMap;
use std::io::{self, Write};
use traceline_engine::feature::refactoring::fixes::{Left, Mended, MendedFile};
use traceline_engine::path::FilePath;

/// So many lines around a change are shown.
const AROUND: usize = 3;

/// So many fixes that were not made are told.
const MOST_LEFT: usize = 20;

/// Writes how the file called `name` changes, as `git apply` and `patch` take it; `mark` begins it before and after.
pub(crate) fn diff(out: &mut impl Write, name: &str, mark: &str, file: &MendedFile) -> io::Result<()> {
    let (before, after) = (format!("{mark}{}", file.before), format!("{mark}{}", file.after));
    let changes = TextDiff::from_lines(before.as_str(), after.as_str());
    let mut unified = changes.unified_diff();
    let header = unified.context_radius(AROUND);
    write!(out, "{}", header.header(&format!("a/{name}"), &format!("b/{name}")))
}

/// Tells what was mended in `files`, or `would` be, and what was left and why.
pub(crate) fn told(
    out: &mut impl Write,
    root: &FilePath,
    mended: &Mended,
    files: &[MendedFile],
    would: bool,
) -> io::Result<()> {
    let name = |path: &FilePath| path.relative_to(root.as_str()).to_string();
    for file in files {
        writeln!(out, "traceline: {}: {}", name(&file.path), rules(&file.mended))?;
    }
    for path in &mended.changed {
        writeln!(out, "traceline: {} has changed since it was read and was left alone", name(path))?;
    }
    for left in mended.left.iter().take(MOST_LEFT) {
        let (path, line, rule, why) = (name(&left.path), left.line, left.rule, why(left));
        writeln!(out, "traceline: {path}:{line}: {rule} was left: {why}")?;
    }
    if mended.left.len() > MOST_LEFT {
        let more = mended.left.len() - MOST_LEFT;
        writeln!(out, "traceline: and {} left", count(more, "other was", "others were"))?;
    }
    let number = files.iter().flat_map(|file| file.mended.values()).sum();
    let done = if would { "would be mended" } else { "mended" };
    let (findings, files) = (count(number, "finding", "findings"), count(files.len(), "file", "files"));
    writeln!(out, "traceline: {findings} {done} in {files}")
}

/// What would come of a fix that was not made.
fn why(left: &Left) -> String {
    match &left.brings[..] {
        [] => format!("`{}` would not make it go away", left.title),
        [(rule, message)] => format!("`{}` would bring {rule}: {message}", left.title),
        [(rule, message), more @ ..] => {
            format!("`{}` would bring {rule}: {message} ({} more)", left.title, more.len())
        }
    }
}

fn rules(mended: &BTreeMap<&'static str, usize>) -> String {
    mended.iter().map(|(rule, number)| format!("{number} {rule}")).collect::<Vec<_>>().join(", ")
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
