//! The reports that other programs read: all of them tell the same findings, and each in its own way how much was read.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use traceline_tests::Workspace;
use traceline_tests::binary::binary;
use traceline_tests::command::{Outcome, run, traceline};
use traceline_tests::places;
use traceline_tests::report::{Finding, findings};

use crate::{CLEAN, MISTAKE, UNCOVERED};

/// Runs `check` in `root` once and gives every report: `report.NAME` of the folder `out`.
fn reports(root: &Path, out: &Path, more: &[&str]) -> Outcome {
    let mut arguments: Vec<String> = vec!["check".into(), "--format".into(), "json".into()];
    for format in ["sarif", "junit", "github", "gitlab", "checkstyle", "human"] {
        arguments.push("--output".into());
        arguments.push(format!("{format}={}", out.join(format!("report.{format}")).display()));
    }
    arguments.extend(more.iter().map(ToString::to_string));
    traceline(root, arguments)
}

fn read(out: &Path, format: &str) -> String {
    fs::read_to_string(out.join(format!("report.{format}"))).expect("each report was written")
}

/// A finding without what not every format tells.
fn plain(finding: &Finding, keys: &str) -> String {
    let Finding { path, range: [line, column, end_line, end_column], level, rule, message } = finding;
    let level = match (keys, level.as_str()) {
        ("sarif" | "github", "information" | "hint") => "low",
        ("checkstyle", "information" | "hint") => "low",
        (_, level) => level,
    };
    let place = match keys {
        "sarif" => format!("{line}:{column}-{end_line}:{end_column}"),
        "gitlab" => format!("{line}-{end_line}"),
        _ => format!("{line}:{column}"),
    };
    format!("{path} {place} {level} {rule} {message}")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The path from a URI reference.
fn unescaped(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        match (first, tail) {
            (b'%', [a, b, more @ ..]) => {
                let digit = |it: u8| char::from(it).to_digit(16).expect("two hexadecimal digits");
                bytes.push(u8::try_from(digit(*a) * 16 + digit(*b)).expect("two digits are a byte"));
                rest = more;
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).expect("paths are Unicode")
}

fn of_sarif(text: &str) -> Vec<String> {
    let log: Value = serde_json::from_str(text).expect("SARIF is JSON");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let mut out: Vec<String> = Vec::new();
    for result in run["results"].as_array().expect("a run has results") {
        let place = &result["locations"][0]["physicalLocation"];
        let region = |key: &str| place["region"][key].as_u64().expect("a region has numbers");
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        out.push(plain(
            &Finding {
                path: unescaped(place["artifactLocation"]["uri"].as_str().expect("a place has an address")),
                range: ["startLine", "startColumn", "endLine", "endColumn"].map(region),
                level: match result["level"].as_str() {
                    Some("note") => "hint".into(),
                    other => other.unwrap_or_default().to_owned(),
                },
                rule: result["ruleId"].as_str().expect("a name").to_owned(),
                message: first_line(result["message"]["text"].as_str().expect("words")).to_owned(),
            },
            "sarif",
        ));
    }
    out.sort();
    out
}

fn of_junit(text: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(text).expect("JUnit is XML");
    let mut out = Vec::new();
    let (mut tests, mut failures) = (0, 0);
    for case in document.descendants().filter(|it| it.has_tag_name("testcase")) {
        tests += 1;
        let Some(inside) = case.first_element_child() else {
            assert_eq!(case.attribute("name"), Some("no finding"));
            continue;
        };
        failures += usize::from(inside.has_tag_name("failure"));
        let (rule, place) = case.attribute("name").and_then(|it| it.split_once(" at ")).expect("rule and place");
        let path = case.attribute("classname").expect("a file");
        let words = first_line(inside.text().expect("it says something"));
        let (level, message) = words
            .strip_prefix(&format!("{path}:{place}: "))
            .and_then(|it| it.split_once(": "))
            .expect("place and level");
        assert_eq!(inside.has_tag_name("failure"), matches!(level, "error" | "warning"), "{words}");
        out.push(format!("{path} {place} {level} {rule} {message}"));
    }
    let suites = document.root_element();
    let number = |name: &str| suites.attribute(name).and_then(|it| it.parse::<usize>().ok());
    assert_eq!((number("tests"), number("failures")), (Some(tests), Some(failures)));
    out.sort();
    out
}

fn of_github(text: &str) -> Vec<String> {
    let unescaped = |text: &str| {
        text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
    };
    let mut out = Vec::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("::")) {
        let (command, message) = line.split_once("::").expect("a command has a message");
        let (kind, properties) = command.split_once(' ').expect("a command has properties");
        let value = |key: &str| {
            let found = properties.split(',').find_map(|it| it.strip_prefix(key)?.strip_prefix('='));
            unescaped(found.unwrap_or_else(|| panic!("no {key}: {line}")))
        };
        let level = if kind == "notice" { "low" } else { kind };
        let message = unescaped(message);
        let (path, place) = (value("file"), format!("{}:{}", value("line"), value("col")));
        out.push(format!("{path} {place} {level} {} {}", value("title"), first_line(&message)));
    }
    out.sort();
    out
}

fn of_gitlab(text: &str) -> Vec<String> {
    let issues: Vec<Value> = serde_json::from_str(text).expect("Code Quality is a list");
    let mut prints: Vec<&str> = issues.iter().filter_map(|it| it["fingerprint"].as_str()).collect();
    let count = prints.len();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), count, "GitLab takes two findings of one fingerprint for one");
    let mut out = Vec::new();
    for issue in &issues {
        let text = |it: &Value| it.as_str().expect("text").to_owned();
        let level = match issue["severity"].as_str() {
            Some("critical") => "error",
            Some("major") => "warning",
            Some("minor") => "information",
            Some("info") => "hint",
            other => panic!("{other:?} is no severity of ours"),
        };
        let (path, lines) = (text(&issue["location"]["path"]), &issue["location"]["lines"]);
        let place = format!("{}-{}", lines["begin"], lines["end"]);
        let message = text(&issue["description"]);
        out.push(format!("{path} {place} {level} {} {}", text(&issue["check_name"]), first_line(&message)));
    }
    out.sort();
    out
}

fn of_checkstyle(text: &str) -> (Vec<String>, usize) {
    let document = roxmltree::Document::parse(text).expect("Checkstyle is XML");
    let files = document.root_element().children().filter(|it| it.has_tag_name("file"));
    let mut out = Vec::new();
    for error in files.clone().flat_map(|file| file.children()).filter(|it| it.has_tag_name("error")) {
        let value = |key: &str| error.attribute(key).unwrap_or_else(|| panic!("no {key}"));
        let path = error.parent().and_then(|file| file.attribute("name")).expect("a file has a name");
        let level = if value("severity") == "info" { "low" } else { value("severity") };
        let rule = value("source").strip_prefix("traceline.").expect("its source");
        let place = format!("{}:{}", value("line"), value("column"));
        out.push(format!("{path} {place} {level} {rule} {}", first_line(value("message"))));
    }
    out.sort();
    (out, files.count())
}

/// Holds the reports of all formats against the one whose form is ours; returns how many findings they tell.
fn agree(root: &Path) -> usize {
    let out = Workspace::new("");
    let outcome = reports(root, out.root(), &["--allow-empty"]);
    let report = outcome.json();
    let expected = findings(&report);
    let plain = |keys: &str| {
        let mut all: Vec<String> = expected.iter().map(|it| plain(it, keys)).collect();
        all.sort();
        all
    };
    assert_eq!(of_sarif(&read(out.root(), "sarif")), plain("sarif"), "{}", root.display());
    assert_eq!(of_junit(&read(out.root(), "junit")), plain("junit"), "{}", root.display());
    assert_eq!(of_github(&read(out.root(), "github")), plain("github"), "{}", root.display());
    assert_eq!(of_gitlab(&read(out.root(), "gitlab")), plain("gitlab"), "{}", root.display());
    let (checkstyle, files) = of_checkstyle(&read(out.root(), "checkstyle"));
    assert_eq!(checkstyle, plain("checkstyle"), "{}", root.display());

    // How much was read.
    let count = report["summary"]["files"].as_u64().expect("a number");
    let sarif: Value = serde_json::from_str(&read(out.root(), "sarif")).expect("it is JSON");
    assert_eq!(sarif["runs"][0]["properties"]["files"], count);
    assert!(read(out.root(), "junit").contains(&format!("name=\"files\" value=\"{count}\"")));
    assert_eq!(files as u64, count);
    let words = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    for text in [read(out.root(), "github"), read(out.root(), "human"), outcome.stderr] {
        assert!(text.lines().last().is_some_and(|line| line.contains(&words)), "{words}: {text}");
    }
    expected.len()
}

#[test]
fn every_format_tells_the_same() {
    for picture in [CLEAN, MISTAKE, UNCOVERED, ""] {
        agree(Workspace::new(picture).root());
    }
    let odd = Workspace::new("");
    odd.write("specs/a, b 100%/spec.md", "- **FR-1.1**: 🎉 <b>&amp;</b> \"x\"\n- **FR-1.1**: y\n");
    odd.write("specs/a, b 100%/tasks.md", "- [ ] 1. 字 [fill | in]\r\n  - _Requirements: FR-9.9, FR-1.1, FR-1.1_\r\n");
    odd.write("specs/ü/spec.md", "\u{1b}[31m- **FR-1.1**: x\n\n- **FR-1.1**: \u{1} y\n");
    assert!(agree(odd.root()) >= 3);
}

#[test]
fn every_format_tells_the_same_of_real_documents() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    let mut projects: Vec<_> = fs::read_dir(corpus).expect("it can be read").flatten().map(|it| it.path()).collect();
    projects.retain(|path| path.is_dir());
    let found: usize = projects.iter().map(|project| agree(project)).sum();
    assert!(found > 100, "{found} findings over {} projects", projects.len());
}

#[test]
fn the_terminal_stays_human_beside_files() {
    let workspace = Workspace::new(MISTAKE);
    let plain = traceline(workspace.root(), ["check"]);
    let outcome = traceline(workspace.root(), ["check", "--output", "sarif=a.sarif", "--output", "junit=b=c.xml"]);
    assert_eq!((outcome.code(), &outcome.stdout), (1, &plain.stdout), "{outcome:#?}");
    assert!(workspace.path("a.sarif").is_file() && workspace.path("b=c.xml").is_file());
    for (output, words) in [
        ("sarif", "sarif=report.sarif"),
        ("sarif=", "sarif=report.sarif"),
        ("morse=x", "none of the formats human, concise, grouped, json, sarif"),
        ("sarif=no/such/folder/a.sarif", "cannot be written"),
    ] {
        let outcome = traceline(workspace.root(), ["check", "--output", output]);
        assert_eq!((outcome.code(), outcome.stdout.as_str()), (2, ""), "{output}: {outcome:#?}");
        assert!(outcome.stderr.contains(words), "{output}: {outcome:#?}");
    }
}

#[test]
fn rules_and_fixes_are_told_to_sarif() {
    let workspace = Workspace::new(
        "//- specs/a/spec.md\n- **FR-1.1**: x\n- **FR-1.1**: y\n- **FR-1.2**: z\n//- specs/a/tasks.md\n- [ ] 1. 🎉\n  - _Requirements: FR-1.1 (🎉), fr-1.2_\n",
    );
    let log = traceline(workspace.root(), ["check", "--format", "sarif"]).json();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let rule = |name: &str| rules.iter().find(|it| it["id"] == name).unwrap_or_else(|| panic!("{name} is told"));
    assert_eq!(
        rule("unknown-requirement")["defaultConfiguration"],
        serde_json::json!({"enabled": true, "level": "warning"})
    );
    assert_eq!(rule("ears-shape")["defaultConfiguration"]["enabled"], false);
    for rule in rules {
        assert!(rule.get("helpUri").is_none());
        assert!(rule["fullDescription"]["text"].as_str().is_some_and(|it| it.len() > 40), "{rule}");
        assert!(rule["help"]["text"].as_str().is_some_and(|it| it.contains("traceline: allow")), "{rule}");
    }
    let results = run["results"].as_array().expect("results");
    let result = |name: &str| {
        results.iter().find(|it| it["ruleId"] == name).unwrap_or_else(|| panic!("{name}: {}", run["results"]))
    };
    let duplicate = result("duplicate-requirement");
    assert_eq!(duplicate["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 1);
    let change = &result("id-case")["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "specs/a/tasks.md");
    // The picture counts two in UTF-16.
    let region = serde_json::json!({"startLine": 2, "startColumn": 33, "endLine": 2, "endColumn": 39});
    assert_eq!(change["replacements"][0]["deletedRegion"], region);
}

#[test]
fn a_fingerprint_stays_when_lines_move() {
    let workspace = Workspace::new(MISTAKE);
    let prints = || {
        let sarif = traceline(workspace.root(), ["check", "--format", "sarif"]).json();
        let gitlab = traceline(workspace.root(), ["check", "--format", "gitlab"]).json();
        let result = &sarif["runs"][0]["results"][0];
        (
            result["partialFingerprints"]["traceline/v1"].clone(),
            gitlab[0]["fingerprint"].clone(),
            result["locations"][0]["physicalLocation"]["region"]["startLine"].clone(),
        )
    };
    let (sarif, gitlab, line) = prints();
    assert!(sarif.is_string() && sarif == gitlab, "{sarif} {gitlab}");
    let text = workspace.text("specs/login/tasks.md").to_owned();
    workspace.write("specs/login/tasks.md", format!("# Tasks\n\nWords above.\n\n{text}"));
    let moved = prints();
    assert_eq!((&moved.0, &moved.1), (&sarif, &gitlab));
    assert_ne!(moved.2, line);
}

#[test]
fn what_fails_a_run_fails_its_test() {
    let workspace = Workspace::new(UNCOVERED);
    let junit = |level: &str| traceline(workspace.root(), ["check", "--format", "junit", "--fail-on", level]).stdout;
    assert!(!junit("warning").contains("<failure") && junit("warning").contains("<system-out>"));
    assert!(junit("information").contains("<failure message="));
}

#[test]
fn the_summary_is_appended_where_github_wants_it() {
    let workspace = Workspace::new(MISTAKE);
    workspace.write("summary.txt", "before\n");
    let check = |file: &Path| {
        let mut command = Command::new(binary());
        command.args(["check", "--format", "github"]).current_dir(workspace.root()).env("GITHUB_STEP_SUMMARY", file);
        run(&mut command)
    };
    let outcome = check(&workspace.path("summary.txt"));
    assert_eq!(outcome.code(), 1, "{outcome:#?}");
    let text = fs::read_to_string(workspace.path("summary.txt")).expect("it is there");
    assert!(text.starts_with("before\n### Traceline\n\n1 warning in 2 files"), "{text}");
    assert!(
        text.contains(
            "| warning | specs/login/tasks.md:2 | `FR-9.9` is not defined in specs/login | unknown-requirement |"
        ),
        "{text}"
    );
    let outcome = check(&workspace.path("no/such/folder"));
    assert_eq!(outcome.code(), 2, "{outcome:#?}");
    assert!(outcome.stderr.contains("GITHUB_STEP_SUMMARY"), "{outcome:#?}");
}
