//! The table that README.md quotes: targets, our figures and the peers' of one run, and what was missed.

use crate::row::{Metric, Row};
use crate::workspace::Contents;
use anyhow::{Context, Result, ensure};
use std::fmt::Write as _;
use std::path::Path;

const BEGIN: &str = "<!-- bench:begin -->";
const END: &str = "<!-- bench:end -->";

/// Which of a row's figures a cell shows, and which a target is held against.
#[derive(Debug, Clone, Copy)]
enum Figure {
    /// The best is judged, because a shared machine only ever adds; the median stands beside it.
    Best,
    Median,
    /// The median and the 99th percentile, each with its target.
    Typical,
    /// The 99th percentile is judged; the median stands beside it.
    Tail,
}

#[derive(Debug, Clone, Copy)]
enum Target {
    None,
    One(f64),
    Two(f64, f64),
    /// Megabytes: forty and half the text.
    HalfTheText,
}

struct Line {
    what: &'static str,
    metric: Metric,
    workspace: &'static str,
    figure: Figure,
    target: Target,
}

const fn line(what: &'static str, metric: Metric, workspace: &'static str, figure: Figure, target: Target) -> Line {
    Line { what, metric, workspace, figure, target }
}

/// `{}` in the words becomes the workspace's size. Targets are those of the issue that asked for the engine.
const LINES: &[Line] = &[
    line("{} ready: wall", Metric::StartReady, "f1000", Figure::Best, Target::One(110.0)),
    line("{} ready: CPU", Metric::StartCpu, "f1000", Figure::Median, Target::One(230.0)),
    line("… all files read and parsed, nothing else: wall", Metric::ParserWall, "f1000", Figure::Best, Target::None),
    line("… all files read and parsed, nothing else: CPU", Metric::ParserCpu, "f1000", Figure::Median, Target::None),
    line("{} ready: memory", Metric::StartMemory, "f1000", Figure::Median, Target::HalfTheText),
    line("{} ready: memory at its peak", Metric::StartPeak, "f1000", Figure::Median, Target::None),
    line("… a document opened at the start → findings", Metric::FirstFindings, "f1000", Figure::Median, Target::None),
    line("… a document opened at the start → hover", Metric::FirstHover, "f1000", Figure::Median, Target::None),
    line("{} ready: wall", Metric::StartReady, "f10000", Figure::Best, Target::One(1_000.0)),
    line("{} ready: CPU", Metric::StartCpu, "f10000", Figure::Median, Target::One(2_300.0)),
    line("… all files read and parsed, nothing else: wall", Metric::ParserWall, "f10000", Figure::Best, Target::None),
    line("… all files read and parsed, nothing else: CPU", Metric::ParserCpu, "f10000", Figure::Median, Target::None),
    line("{} ready: memory", Metric::StartMemory, "f10000", Figure::Median, Target::HalfTheText),
    line("{} ready: memory at its peak", Metric::StartPeak, "f10000", Figure::Median, Target::None),
    line(
        "… a document opened at the start → findings",
        Metric::FirstFindings,
        "f10000",
        Figure::Median,
        Target::One(50.0),
    ),
    line("… a document opened at the start → hover", Metric::FirstHover, "f10000", Figure::Median, Target::One(50.0)),
    line(
        "a letter → findings, 100 KB plan in {}: p50, p99",
        Metric::LetterFindings,
        "f1000-p100k",
        Figure::Typical,
        Target::Two(1.0, 5.0),
    ),
    line("… at 30 letters a second: p50, p99", Metric::SteadyFindings, "f1000-p100k", Figure::Typical, Target::None),
    line("… a fence opens or closes: p50, p99", Metric::FenceFindings, "f1000-p100k", Figure::Typical, Target::None),
    line("… CPU a letter", Metric::LetterCpu, "f1000-p100k", Figure::Median, Target::None),
    line(
        "a letter → findings, 10 MB plan: p50, p99",
        Metric::LetterFindings,
        "f0-p10m",
        Figure::Tail,
        Target::One(10.0),
    ),
    line("… at 30 letters a second: p50, p99", Metric::SteadyFindings, "f0-p10m", Figure::Typical, Target::None),
    line("… a fence opens or closes: p50, p99", Metric::FenceFindings, "f0-p10m", Figure::Typical, Target::One(50.0)),
    line("… opened → findings", Metric::OpenFindings, "f0-p10m", Figure::Median, Target::None),
    line("hover in {}: p50, p99", Metric::Hover, "f1000", Figure::Tail, Target::None),
    line("definition in {}: p50, p99", Metric::Definition, "f1000", Figure::Tail, Target::None),
    line("references in {}: p50, p99", Metric::References, "f1000", Figure::Tail, Target::None),
    line("completion in {}: p50, p99", Metric::Completion, "f1000", Figure::Tail, Target::None),
    line("… from the last letter typed: p50, p99", Metric::CompletionTyped, "f1000", Figure::Tail, Target::None),
    line("hover in {}: p50, p99", Metric::Hover, "f10000", Figure::Tail, Target::One(2.0)),
    line("definition in {}: p50, p99", Metric::Definition, "f10000", Figure::Tail, Target::One(2.0)),
    line("references in {}: p50, p99", Metric::References, "f10000", Figure::Tail, Target::None),
    line("completion in {}: p50, p99", Metric::Completion, "f10000", Figure::Tail, Target::One(2.0)),
    line("… from the last letter typed: p50, p99", Metric::CompletionTyped, "f10000", Figure::Tail, Target::None),
    line("50,000 edits in a burst, then an answer", Metric::Burst, "f1000", Figure::Median, Target::One(1_000.0)),
    line("3 s of nothing in {}: CPU", Metric::IdleCpu, "f1000", Figure::Median, Target::None),
];

/// The Markdown of the rows of one run, without the markers.
pub(crate) fn report(rows: &[Row]) -> Result<String> {
    let first = rows.first().context("there are no rows · run tests/bench/run.sh first")?;
    let mut servers: Vec<&Row> = Vec::new();
    for row in rows.iter().filter(|row| !is_check(row)) {
        if servers.iter().all(|known| known.server != row.server) {
            servers.push(row);
        }
    }
    // Ours first, then the peers in the order in which they were measured.
    servers.sort_by_key(|row| !row.strict);
    let mut out = String::from("| | target |");
    for server in &servers {
        write!(out, " {} |", server.server)?;
    }
    writeln!(out, "\n|---|---|{}", "---|".repeat(servers.len()))?;
    let (mut missed, mut above) = (Vec::new(), String::new());
    for line in LINES {
        let measured = |server: &str| {
            rows.iter()
                .rfind(|row| row.server == server && row.metric == line.metric && row.workspace == line.workspace)
        };
        let Some(contents) = servers.iter().find_map(|server| Some(&measured(&server.server)?.contents)) else {
            continue;
        };
        let (what, limits) = (line.what.replace("{}", &size(contents)), limits(line.target, contents));
        write!(out, "| {what} | {} |", aim(line, &limits))?;
        let subject = what.split(": p50").next().unwrap_or(&what);
        let subject = if subject.starts_with('…') { format!("{above} {subject}") } else { subject.to_owned() };
        for server in &servers {
            let row = measured(&server.server);
            write!(out, " {} |", row.map_or_else(|| "–".to_owned(), |row| cell(row, line.figure)))?;
            if let Some(row) = row.filter(|row| row.strict) {
                missed.extend(misses(&subject, row, line.figure, &limits));
            }
        }
        if !what.starts_with('…') {
            above = subject;
        }
        out.push('\n');
    }
    let checks: Vec<&Row> = rows.iter().filter(|row| row.metric == Metric::CheckWall).collect();
    if !checks.is_empty() {
        out.push_str("\n| on the command line | requirements | target | wall | CPU |\n|---|---|---|---|---|\n");
        for row in checks {
            let same = |cpu: &&Row| cpu.server == row.server && cpu.workspace == row.workspace;
            let cpu = rows.iter().filter(same).rfind(|cpu| cpu.metric == Metric::CheckCpu);
            // By the issues that asked for them.
            let matrix = row.server.contains("matrix");
            let limits = match (row.strict, row.workspace.as_str()) {
                (false, _) => Vec::new(),
                (true, "f10000") => vec![2_000.0],
                (true, _) if matrix || row.server.contains("--diff") => vec![250.0],
                (true, _) => vec![120.0],
            };
            let cpu = cpu.map_or_else(String::new, |cpu| cell(cpu, Figure::Best));
            let aim = limits.first().map_or_else(String::new, |limit| format!("≤ {}", amount(*limit, "ms")));
            let definitions = thousands(row.contents.definitions);
            writeln!(
                out,
                "| `{}` {} | {definitions} | {aim} | {} | {cpu} |",
                row.server,
                row.version,
                cell(row, Figure::Best)
            )?;
            let what = format!("`{}`, {definitions} requirements", row.server);
            missed.extend(misses(&what, row, Figure::Best, &limits));
        }
    }
    if !missed.is_empty() {
        write!(out, "\nMissed: {}.\n", missed.join("; "))?;
    }
    writeln!(out, "\n{}", circumstances(first, &servers))?;
    Ok(out)
}

fn circumstances(first: &Row, servers: &[&Row]) -> String {
    let versions: Vec<String> = servers
        .iter()
        .map(|row| {
            format!("{} {}", row.server, if row.version.is_empty() { "(no version stated)" } else { &row.version })
        })
        .collect();
    let machine = &first.machine;
    let quick = if first.quick { " Small samples (`--quick`): for a glance only." } else { "" };
    format!(
        "Measured on {} with {}, {} cores, load {:.1} at the start; {}. Over stdio, from just before the write until the answer's last byte; \
         “best” of several starts, because a shared machine only ever adds. Every answer of Traceline's was checked, of the peers' that it was not empty. \
         Peers do other work: they lint, or follow links, and know no requirements.{quick} What each line means: [tests/bench](tests/bench/README.md).",
        machine.date,
        machine.processor,
        machine.cores,
        machine.load,
        versions.join(", "),
    )
}

fn is_check(row: &Row) -> bool {
    matches!(row.metric, Metric::CheckWall | Metric::CheckCpu | Metric::Method)
}

fn limits(target: Target, contents: &Contents) -> Vec<f64> {
    match target {
        Target::None => Vec::new(),
        Target::One(limit) => vec![limit],
        Target::Two(typical, tail) => vec![typical, tail],
        Target::HalfTheText => vec![40.0 + contents.bytes as f64 / 2e6],
    }
}

fn aim(line: &Line, limits: &[f64]) -> String {
    let unit = unit(line.metric);
    match (limits, line.figure) {
        ([], _) => String::new(),
        ([limit], Figure::Tail) => format!("p99 ≤ {}", amount(*limit, unit)),
        (limits, _) => limits.iter().map(|limit| format!("≤ {}", amount(*limit, unit))).collect::<Vec<_>>().join(", "),
    }
}

/// What a target is held against, in the order of the limits.
fn judged(row: &Row, figure: Figure) -> Vec<(&'static str, f64)> {
    match figure {
        Figure::Best => vec![("best", row.spread.min)],
        Figure::Median => vec![("", row.spread.p50)],
        Figure::Typical => vec![("p50", row.spread.p50), ("p99", row.spread.p99)],
        Figure::Tail => vec![("p99", row.spread.p99)],
    }
}

fn misses(what: &str, row: &Row, figure: Figure, limits: &[f64]) -> Vec<String> {
    if row.faults > 0 {
        return vec![format!(
            "{what}: {} of {} answers not right ({})",
            row.faults,
            row.faults + row.spread.count,
            row.fault
        )];
    }
    let unit = unit(row.metric);
    let over = judged(row, figure).into_iter().zip(limits).filter(|((_, value), limit)| value > limit);
    over.map(|((name, value), limit)| {
        let space = if name.is_empty() { "" } else { " " };
        format!("{what}{space}{name} {} of {} ({:.1} ×)", amount(value, unit), amount(*limit, unit), value / limit)
    })
    .collect()
}

/// Figures, or, where answers were wrong or missing, that in their stead.
fn cell(row: &Row, figure: Figure) -> String {
    if row.faults > 0 {
        let fault = row.fault.replace('|', "¦").chars().take(60).collect::<String>();
        return match row.faults + row.spread.count {
            1 => fault,
            all => format!("{} of {all} not right: {fault}", row.faults),
        };
    }
    if row.spread.count == 0 {
        return "–".to_owned();
    }
    let unit = unit(row.metric);
    let (best, middle, tail) =
        (amount(row.spread.min, unit), amount(row.spread.p50, unit), amount(row.spread.p99, unit));
    match figure {
        Figure::Best if row.spread.count > 2 => format!("{best} (median {middle})"),
        Figure::Best => best,
        Figure::Median => middle,
        Figure::Typical | Figure::Tail if row.spread.count == 1 => format!("{middle} (one sample)"),
        // Of fewer than a hundred samples, the 99th percentile is only the worst.
        Figure::Typical | Figure::Tail if row.spread.count < 100 => format!("{middle}, max {tail}"),
        Figure::Typical | Figure::Tail => format!("{middle}, {tail}"),
    }
}

fn unit(metric: Metric) -> &'static str {
    if matches!(metric, Metric::StartMemory | Metric::StartPeak) { "MB" } else { "ms" }
}

fn amount(value: f64, unit: &str) -> String {
    match value {
        value if unit == "ms" && value >= 1_000.0 => format!("{} s", digits(value / 1_000.0)),
        value => format!("{} {unit}", digits(value)),
    }
}

fn digits(value: f64) -> String {
    let written = match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    };
    if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.').to_owned() } else { written }
}

/// `3,001 files (18 MB)`.
fn size(contents: &Contents) -> String {
    format!("{} files ({:.0} MB)", thousands(contents.files), contents.bytes as f64 / 1e6)
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits are ASCII")).collect();
    groups.join(",")
}

/// Puts the report between the markers of a file, which must be there.
pub(crate) fn write_into(file: &Path, report: &str) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let replaced = between_markers(&text, report)
        .with_context(|| format!("{} has no `{BEGIN}` before a `{END}`", file.display()))?;
    ensure!(!report.trim().is_empty(), "an empty report would wipe the old one");
    Ok(std::fs::write(file, replaced)?)
}

fn between_markers(text: &str, report: &str) -> Option<String> {
    let start = text.find(BEGIN)? + BEGIN.len();
    let end = start + text[start..].find(END)?;
    Some(format!("{}\n\n{}\n\n{}", &text[..start], report.trim(), &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Machine;
    use crate::row::Spread;

    fn row(server: &str, metric: Metric, workspace: &str, spread: Spread) -> Row {
        let strict = server == "Traceline";
        let machine = Machine { processor: "Some CPU".into(), cores: 2, load: 0.1, date: "2026-11-23".into() };
        let contents =
            Contents { edition: 1, features: 1000, files: 3001, bytes: 18_000_000, definitions: 24_000, dangling: 9 };
        let (version, workspace) = ("1".to_owned(), workspace.to_owned());
        Row {
            run: 1,
            quick: false,
            machine,
            server: server.into(),
            version,
            strict,
            workspace,
            contents,
            metric,
            spread,
            faults: 0,
            fault: String::new(),
            note: String::new(),
        }
    }

    #[test]
    fn a_target_stands_beside_what_was_measured_and_a_miss_is_said() {
        let slow = Spread { count: 500, min: 0.5, p50: 0.8, p95: 4.0, p99: 7.5, max: 9.0 };
        let rows = [
            row("rumdl", Metric::LetterFindings, "f1000-p100k", slow),
            row("Traceline", Metric::LetterFindings, "f1000-p100k", slow),
        ];
        let report = report(&rows).unwrap();
        assert!(report.starts_with("| | target | Traceline | rumdl |"), "{report}");
        assert!(
            report.contains("in 3,001 files (18 MB): p50, p99 | ≤ 1 ms, ≤ 5 ms | 0.8 ms, 7.5 ms | 0.8 ms, 7.5 ms |"),
            "{report}"
        );
        assert!(
            report.contains(
                "Missed: a letter → findings, 100 KB plan in 3,001 files (18 MB) p99 7.5 ms of 5 ms (1.5 ×)."
            ),
            "{report}"
        );
    }

    #[test]
    fn each_command_has_the_target_of_its_workspace() {
        let spread = Spread { count: 1, min: 1_500.0, p50: 1_500.0, p95: 1_500.0, p99: 1_500.0, max: 1_500.0 };
        let of = |workspace: &str| Row {
            server: "traceline matrix".into(),
            strict: true,
            ..row("", Metric::CheckWall, workspace, spread)
        };
        let report = report(&[of("f1000"), of("f10000")]).unwrap();
        assert!(report.contains("| `traceline matrix` 1 | 24,000 | ≤ 250 ms | 1.5 s |"), "{report}");
        assert!(report.contains("| `traceline matrix` 1 | 24,000 | ≤ 2 s | 1.5 s |"), "{report}");
        assert!(
            report.contains("Missed: `traceline matrix`, 24,000 requirements best 1.5 s of 250 ms (6.0 ×)."),
            "{report}"
        );
    }

    #[test]
    fn a_row_with_wrong_answers_shows_no_figure() {
        let mut wrong = row("Traceline", Metric::Hover, "f10000", Spread { count: 9, p99: 0.1, ..Spread::default() });
        (wrong.faults, wrong.fault) = (1, "empty hover".into());
        let report = report(&[wrong]).unwrap();
        assert!(report.contains("| 1 of 10 not right: empty hover |"), "{report}");
        assert!(
            report.contains("Missed: hover in 3,001 files (18 MB): 1 of 10 answers not right (empty hover)."),
            "{report}"
        );
    }

    #[test]
    fn only_what_lies_between_the_markers_is_replaced() {
        let text = format!("# T\n\n{BEGIN}\nold\n{END}\n\nrest\n");
        assert_eq!(between_markers(&text, "new").unwrap(), format!("# T\n\n{BEGIN}\n\nnew\n\n{END}\n\nrest\n"));
        assert_eq!(between_markers("no markers", "new"), None);
    }

    #[test]
    fn memory_may_be_forty_megabytes_and_half_the_text() {
        let contents = Contents { bytes: 18_000_000, ..Contents::default() };
        assert_eq!(limits(Target::HalfTheText, &contents), [49.0]);
    }
}
