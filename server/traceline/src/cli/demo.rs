//! `traceline demo`: the main job without an editor. A small project with planned mistakes is written to a temporary
//! folder and checked, then a real server is asked about it over the protocol.

mod client;
mod project;

use anyhow::{Context, Result};
use client::Client;
use serde_json::{Value, json};
use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const CYAN: &str = "\x1b[36m";
const PLAIN: &str = "\x1b[0m";

pub(super) fn run() -> Result<ExitCode> {
    let folder = project::write().context("the demo's project cannot be written")?;
    title("A feature folder with planned mistakes")?;
    line(format_args!("{DIM}{}{PLAIN}", folder.display()))?;
    for (name, text) in project::FILES {
        line(format_args!("  {name:24} {DIM}{} lines{PLAIN}", text.lines().count()))?;
    }

    title("traceline check")?;
    let found = check(&folder)?;

    title("traceline server, asked over the protocol as an editor asks")?;
    let mut client = Client::start(&folder)?;
    let outcome = session(&mut client, &folder);
    let ended = client.stop();
    let left = outcome?;
    ended?;
    line(format_args!(
        "\n{GREEN}The check found {found} mistakes in the files; after these edits the editor shows {left} in the task list.{PLAIN}"
    ))?;
    line(format_args!("{DIM}The project is still there: traceline check {}{PLAIN}", folder.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn line(text: impl Display) -> Result<()> {
    writeln!(anstream::stdout().lock(), "{text}")?;
    Ok(())
}

fn title(text: &str) -> Result<()> {
    line(format_args!("\n{BOLD}{CYAN}▌ {text}{PLAIN}\n"))
}

/// Runs the real command in the folder, and returns how many warnings it told.
fn check(folder: &Path) -> Result<usize> {
    let own = std::env::current_exe()?;
    let human = std::process::Command::new(&own)
        .arg("check")
        .env("CLICOLOR_FORCE", if anstream::stdout().lock().is_terminal() { "1" } else { "0" })
        .current_dir(folder)
        .output()?;
    anstream::stdout().lock().write_all(&human.stdout)?;
    line(format_args!("{DIM}exit code {}{PLAIN}", human.status.code().unwrap_or(-1)))?;
    let told = std::process::Command::new(&own).args(["check", "--format", "json"]).current_dir(folder).output()?;
    let report: Value = serde_json::from_slice(&told.stdout)?;
    let warnings = report["summary"]["warnings"].as_u64().unwrap_or_default();
    Ok(usize::try_from(warnings)?)
}

/// What the demo asks, each answer shown. Returns how many warnings are left in the task list.
fn session(client: &mut Client, folder: &Path) -> Result<usize> {
    let tasks = folder.join(project::TASKS);
    let uri = client::uri(&tasks);
    let mut text = std::fs::read_to_string(&tasks)?;
    client.open(&tasks, 1, &text)?;

    let shown = client.findings(&uri, 1)?;
    line(format_args!("{BOLD}open{PLAIN}  {}", project::TASKS))?;
    show_findings(&shown)?;

    // Completion: a trace line is begun under the last task.
    let typed = "  - _Requirements: ";
    let begun = text.clone();
    text += &format!("{typed}\n");
    client.change(&tasks, 2, &text)?;
    let row = text.lines().count() - 1;
    let answer = client.ask(
        "textDocument/completion",
        &json!({"textDocument": {"uri": uri}, "position": {"line": row, "character": typed.len()}}),
    )?;
    line(format_args!("\n{BOLD}type{PLAIN}  {}{YELLOW}▏{PLAIN}", typed.trim_start()))?;
    let items = answer["items"].as_array().context("completion offers nothing")?;
    for item in items.iter().take(4) {
        let words = item["documentation"]["value"].as_str().or(item["documentation"].as_str()).unwrap_or_default();
        line(format_args!(
            "      {GREEN}{:8}{PLAIN} {words} {DIM}{}{PLAIN}",
            item["label"].as_str().unwrap_or_default(),
            item["detail"].as_str().unwrap_or_default()
        ))?;
    }
    line(format_args!("      {DIM}{} ids, those that the tasks do not name yet first{PLAIN}", items.len()))?;

    // Hover and jump on the first reference.
    let at = find(&text, "FR-1.1")?;
    let params = json!({"textDocument": {"uri": uri}, "position": at});
    let hover = client.ask("textDocument/hover", &params)?;
    line(format_args!("\n{BOLD}hover{PLAIN} FR-1.1"))?;
    for told in hover["contents"]["value"].as_str().context("hover says nothing")?.lines() {
        line(format_args!("      {told}"))?;
    }
    let jump = client.ask("textDocument/definition", &params)?;
    let place = jump.get(0).context("the jump leads nowhere")?;
    let (target, range) =
        (place.get("targetUri").or(place.get("uri")), place.get("targetSelectionRange").or(place.get("range")));
    let target = target.and_then(Value::as_str).unwrap_or_default();
    let row = range.map_or(0, |range| range["start"]["line"].as_u64().unwrap_or_default()) + 1;
    line(format_args!(
        "\n{BOLD}jump{PLAIN}  FR-1.1 → {}:{row}",
        target.rsplit('/').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/")
    ))?;

    // What a person would now type, and the findings that vanish.
    let finished = format!("{typed}FR-2.2_\n");
    let mended = begun.replace("NF-1.1", "NFR-1.1").replace("FR-1.2\n", "FR-1.2_\n") + &finished;
    client.change(&tasks, 3, &mended)?;
    let left = client.findings(&uri, 3)?;
    line(format_args!(
        "\n{BOLD}edit{PLAIN}  NF-1.1 → NFR-1.1, one mark closed, the new trace line finished: {} findings before, {} after",
        shown.len(),
        left.len()
    ))?;
    show_findings(&left)?;
    Ok(left.iter().filter(|finding| finding["severity"] == 2).count())
}

fn show_findings(findings: &[Value]) -> Result<()> {
    for finding in findings {
        let (colour, name) = match finding["severity"].as_u64() {
            Some(1 | 2) => (YELLOW, "warning"),
            Some(3) => (CYAN, "info"),
            _ => (DIM, "hint"),
        };
        let row = finding["range"]["start"]["line"].as_u64().unwrap_or_default() + 1;
        let message = finding["message"].as_str().unwrap_or_default().lines().next().unwrap_or_default();
        line(format_args!("      {colour}{name:8}{PLAIN} {row:>3}  {message}"))?;
    }
    Ok(())
}

/// The position just inside the first `word` of an ASCII line.
fn find(text: &str, word: &str) -> Result<Value> {
    let (row, column) = text
        .lines()
        .enumerate()
        .find_map(|(row, line)| Some((row, line.find(word)?)))
        .context("the demo's text has changed")?;
    Ok(json!({"line": row, "character": column + 1}))
}
