//! Counted work: how many instructions each stage takes for a byte of text, held against the numbers in the repository.
//!
//! Times differ from run to run, instructions hardly: what grew is told by the stage, on the busiest machine.

use crate::workspace::{LONG, workspace};
use anyhow::{Context, Result, bail};
use pulldown_cmark::{Options, Parser};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use traceline_engine::document::Change;
use traceline_engine::export::check::{Report, Summary, entries};
use traceline_engine::path::FilePath;
use traceline_engine::rule::{Finding, Memory, check, check_again};
use traceline_engine::settings::Settings;
use traceline_engine::text::{Encoding, Position, Range};
use traceline_engine::world::{Closed, Snapshot, World};

/// The workspace that is gone through.
const WORKSPACE: &str = "f30";

/// Where it seems to lie, wherever the clone is: long paths cost more than short ones.
const ROOT: &str = "/workspace";

/// A stage may take so much more or less than it did, in percent: one needless pass over the text is more, another run is not.
const TOLERANCE: f64 = 5.0;

/// The stages in order, by the names of their functions.
const STAGES: [&str; 10] =
    ["parser", "files", "reading", "names", "unpacking", "indexes", "rules", "report", "matrix", "letter"];

/// Where a plan is long: what a letter takes there is told for a kilobyte of it, and should not grow with it.
const LONG_PLAN: &str = "f0-p1m";

/// What is typed there, letter by letter.
const TYPED: &str = " Each request is logged and sent again once.";

pub(crate) type Texts = Vec<(FilePath, String)>;

/// Goes through all stages, in one thread, once; this is what is counted.
pub(crate) fn stages(data: &Path) -> Result<()> {
    let texts = texts(data, WORKSPACE)?;
    let root = FilePath::new(ROOT);
    let mut world = World::new(vec![root.clone()], Settings::default());
    let events = parser(&texts);
    files(&mut world, &texts);
    let read = reading(&world.snapshot(), &texts);
    names(&mut world, read);
    let snapshot = world.snapshot();
    let facts = unpacking(&snapshot);
    indexes(&snapshot);
    let found = rules(&snapshot);
    let findings: usize = found.iter().map(|(_, findings)| findings.len()).sum();
    let written = report(&snapshot, &root, &found);
    let rows = matrix(&snapshot, &root);
    let told = typed(data)?;
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    println!("{bytes} bytes, {events} events, {findings} findings, {written} bytes of report, {rows} requirements");
    println!("{facts} bytes of ids");
    println!("{told} findings in a long plan");
    Ok(())
}

/// A workspace's texts in order.
pub(crate) fn texts(data: &Path, name: &str) -> Result<Texts> {
    let (root, _) = workspace(data, name)?;
    let mut texts = Texts::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                let inside = path.strip_prefix(&root)?.to_string_lossy().into_owned();
                texts.push((FilePath::new(&format!("{ROOT}/{inside}")), fs::read_to_string(&path)?));
            }
        }
    }
    texts.sort();
    Ok(texts)
}

/// What the texts say, read and put in their places.
pub(crate) fn world(texts: &Texts) -> World {
    let mut world = World::new(vec![FilePath::new(ROOT)], Settings::default());
    files(&mut world, texts);
    let read = reading(&world.snapshot(), texts);
    names(&mut world, read);
    world
}

/// CommonMark alone: what no reader of Markdown does without.
#[inline(never)]
fn parser(texts: &Texts) -> usize {
    let events = |text: &str| Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter().count();
    texts.iter().map(|(_, text)| events(text)).sum()
}

/// Which files there are, and to which feature each belongs.
#[inline(never)]
fn files(world: &mut World, texts: &Texts) {
    let paths: Vec<FilePath> = texts.iter().map(|(path, _)| path.clone()).collect();
    world.expect_all(&paths);
}

/// What the files say, the parser's work included.
#[inline(never)]
fn reading(snapshot: &Snapshot, texts: &Texts) -> Vec<(FilePath, Closed)> {
    let home = snapshot.dialect();
    let read = |(path, text): &(FilePath, String)| {
        let role = snapshot.layout().role_of(path, home);
        (path.clone(), Closed::read(text, snapshot.layout().dialect_of(path, home), role))
    };
    texts.iter().map(read).collect()
}

/// Who defines what.
#[inline(never)]
fn names(world: &mut World, read: Vec<(FilePath, Closed)>) {
    read.into_iter().for_each(|(path, closed)| world.put(&path, closed));
}

/// What was read is looked at for the first time.
#[inline(never)]
fn unpacking(snapshot: &Snapshot) -> usize {
    let views = snapshot.files().filter_map(|path| snapshot.view(path));
    views.flat_map(|view| view.parts()).flat_map(|(_, facts)| &facts.ids).map(|id| id.as_str().len()).sum()
}

/// Who names what in each scope.
#[inline(never)]
fn indexes(snapshot: &Snapshot) {
    snapshot.scopes().for_each(|(folder, _)| drop(snapshot.index(folder)));
}

/// What is found.
#[inline(never)]
fn rules(snapshot: &Snapshot) -> Vec<(FilePath, Vec<Finding>)> {
    snapshot.files().map(|path| (path.clone(), check(snapshot, path))).collect()
}

/// And told.
#[inline(never)]
fn report(snapshot: &Snapshot, root: &FilePath, found: &[(FilePath, Vec<Finding>)]) -> usize {
    let findings = found.iter().flat_map(|(path, findings)| entries(snapshot, root, path, findings)).collect();
    let report = Report { version: 1, root: root.to_string(), summary: Summary::default(), findings };
    serde_json::to_string_pretty(&report).map_or(0, |text| text.len())
}

/// What serves each requirement.
#[inline(never)]
fn matrix(snapshot: &Snapshot, root: &FilePath) -> usize {
    traceline_engine::export::matrix::matrix(snapshot, root, &|_| true).len()
}

/// The findings in a long plan after some letters have been typed in its middle.
fn typed(data: &Path) -> Result<usize> {
    let texts = texts(data, LONG_PLAN)?;
    let mut world = World::new(vec![FilePath::new(ROOT)], Settings::default());
    texts.iter().for_each(|(path, text)| world.open(path, 1, text));
    let path = FilePath::new(&format!("{ROOT}/specs/{LONG}/plan.md"));
    let text = texts.iter().find(|(known, _)| *known == path).map(|(_, text)| text).context("there is no long plan")?;
    let mut memory = Memory::default();
    let mut told = check_again(&world.snapshot(), &path, &mut memory).len();
    let lines: Vec<&str> = text.lines().collect();
    let half = lines.len() / 2;
    let line = half + lines[half..].iter().position(|line| line.starts_with("The ")).context("there is no prose")?;
    let end = lines[line].encode_utf16().count();
    for (version, (at, typed)) in (2..).zip(TYPED.char_indices()) {
        let place = Position { line: u32::try_from(line)?, column: u32::try_from(end + at)? };
        let range = Some(Range { start: place, end: place });
        told = letter(&mut world, &path, version, Change { range, text: typed.into() }, &mut memory);
    }
    Ok(told)
}

/// Takes a letter and finds what is to be shown of the document then.
#[inline(never)]
fn letter(world: &mut World, path: &FilePath, version: i32, change: Change, memory: &mut Memory) -> usize {
    world.change(path, version, &[change], Encoding::Utf16);
    world.settle();
    check_again(&world.snapshot(), path, memory).len()
}

/// Counts, and compares with the numbers in `file` or, where `write` says so, puts them there.
pub(crate) fn counted(data: &Path, file: &Path, write: bool) -> Result<()> {
    let (root, contents) = workspace(data, WORKSPACE)?;
    let (_, plan) = workspace(data, LONG_PLAN)?;
    let out = root.with_extension("callgrind");
    let run = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe()?)
        .arg("stages")
        .arg(data)
        .output()
        .context("valgrind cannot be started")?;
    if !run.status.success() {
        bail!("valgrind failed:\n{}", String::from_utf8_lossy(&run.stderr));
    }
    let told = Command::new("callgrind_annotate")
        .args(["--inclusive=yes", "--threshold=100", "--show-percs=no", "--auto=no"])
        .arg(&out)
        .output()
        .context("callgrind_annotate cannot be started")?;
    let told = String::from_utf8_lossy(&told.stdout);
    let mut now = Vec::new();
    for stage in STAGES {
        let name = format!("traceline_bench::counted::{stage}");
        let ends = |line: &&str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.get(1).is_some_and(|word| word.ends_with(&name))
        };
        let line = told.lines().find(ends).with_context(|| format!("nothing was counted for `{stage}`"))?;
        let count: String = line.split_whitespace().next().unwrap_or_default().replace(',', "");
        let count: u64 = count.parse().with_context(|| format!("no count: {line}"))?;
        let bytes = match stage {
            "letter" => TYPED.len() * plan.bytes / 1000,
            _ => contents.bytes,
        };
        #[expect(clippy::cast_precision_loss, reason = "both are far below 2^52")]
        now.push((stage, count as f64 / bytes as f64));
    }
    let compiler = compiler()?;
    if write {
        return Ok(fs::write(file, table(&now, &compiler))?);
    }
    let kept = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let (known, by) = numbers(&kept).with_context(|| format!("{} is no table of numbers", file.display()))?;
    print!("{}", table(&now, &compiler));
    if by != compiler {
        // Another compiler makes other instructions of the same program.
        println!("skipped: the numbers are of {by}");
        return Ok(());
    }
    let Verdicts { more, other } = compare(&known, &now);
    if !other.is_empty() {
        println!(
            "{}\ntests/bench/counted --write puts them down; then make the figures anew: tests/bench/figures",
            other.join("\n")
        );
    }
    if more.is_empty() {
        return Ok(());
    }
    bail!("{}\nwhere that is meant: tests/bench/counted --write", more.join("\n"));
}

/// The numbers of the table in `file` as a sentence, which is put below figures that are as old.
pub(crate) fn told(file: &Path) -> Result<String> {
    let table = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let (known, _) = numbers(&table).with_context(|| format!("{} is no table of numbers", file.display()))?;
    let stages: Vec<String> = known.iter().map(|(stage, number)| format!("{stage} {number:.1}")).collect();
    Ok(format!("Counted then, in instructions a byte: {}.", stages.join(", ")))
}

/// What is amiss with the numbers, and what is only worth knowing.
#[derive(Debug, Default, PartialEq)]
struct Verdicts {
    /// The stages that take more than they did.
    more: Vec<String>,
    /// Those that take less, and those whose number has not been put down yet.
    other: Vec<String>,
}

fn compare(known: &[(String, f64)], now: &[(&str, f64)]) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for (stage, now) in now {
        let Some((_, was)) = known.iter().find(|(name, _)| name == stage) else {
            verdicts.other.push(format!("`{stage}` takes {now:.1} and has no number yet"));
            continue;
        };
        let change = (now / was - 1.0) * 100.0;
        if change.abs() <= TOLERANCE {
            continue;
        }
        let (list, words) = if change > 0.0 { (&mut verdicts.more, "more") } else { (&mut verdicts.other, "less") };
        let change = change.abs();
        list.push(format!("`{stage}` takes {now:.1} instructions a byte, {was:.1} before: {change:.0} % {words}"));
    }
    verdicts
}

fn compiler() -> Result<String> {
    let told = Command::new("rustc").arg("--version").output().context("rustc cannot be started")?;
    Ok(String::from_utf8_lossy(&told.stdout).trim().to_string())
}

fn table(numbers: &[(&str, f64)], compiler: &str) -> String {
    let mut out = format!(
        "# Instructions a byte of {WORKSPACE}, of a letter those a kilobyte of {LONG_PLAN}; made by tests/bench/counted --write\n# {compiler}\n"
    );
    for (stage, number) in numbers {
        let _ = writeln!(out, "{stage}\t{number:.1}");
    }
    out
}

/// The numbers of a table by stage, and the compiler that they are of.
fn numbers(table: &str) -> Option<(Vec<(String, f64)>, &str)> {
    let (comments, rows): (Vec<&str>, Vec<&str>) = table.lines().partition(|line| line.starts_with('#'));
    let row =
        |line: &&str| line.split_once('\t').and_then(|(stage, number)| Some((stage.to_string(), number.parse().ok()?)));
    Some((rows.iter().map(row).collect::<Option<_>>()?, comments.get(1)?.strip_prefix("# ")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grew_is_told_by_its_stage() {
        let was = table(&[("parser", 60.0), ("reading", 200.0), ("rules", 100.0)], "rustc 1");
        let (known, by) = numbers(&was).unwrap();
        assert_eq!(by, "rustc 1");
        assert_eq!(compare(&known, &[("parser", 61.0), ("reading", 197.0)]), Verdicts::default());
        let Verdicts { more, other } = compare(&known, &[("reading", 214.0), ("rules", 90.0), ("report", 1.0)]);
        assert_eq!(more, ["`reading` takes 214.0 instructions a byte, 200.0 before: 7 % more"]);
        assert_eq!(
            other,
            [
                "`rules` takes 90.0 instructions a byte, 100.0 before: 10 % less",
                "`report` takes 1.0 and has no number yet",
            ]
        );
        assert_eq!(numbers("# a\n# b\nparser\tmuch\n"), None);
    }
}
