//! Changes on disk that the client does not tell of: an agent's edits, a switch of branches.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;
#[cfg(target_os = "linux")]
use serde_json::json;
use traceline_tests::{Client, Setup, Workspace};

use crate::{LOGIN, rules};

const BROKEN: &str = "- [ ] 1. Task\n  - _Requirements: FR-1.1, FR-9.9_\n";

/// A session with a client that does not watch files.
fn bare(workspace: &Workspace) -> Client {
    let mut client = Client::start_with(workspace, &Setup::bare());
    client.listen(Duration::from_millis(300));
    client.settle();
    client
}

/// Folders that the server's process watches.
#[cfg(target_os = "linux")]
fn watched(client: &Client) -> usize {
    let folder = format!("/proc/{}/fdinfo", client.process_id());
    let files = fs::read_dir(folder).expect("the process runs").flatten();
    files
        .filter_map(|file| fs::read_to_string(file.path()).ok())
        .map(|text| text.lines().filter(|line| line.starts_with("inotify wd:")).count())
        .sum()
}

#[test]
fn an_edit_on_disk_is_seen_within_a_second() {
    let workspace = Workspace::new(LOGIN);
    let mut client = bare(&workspace);
    let uri = workspace.uri("specs/login/tasks.md");
    // A busy machine may keep one of them waiting, and not the fastest.
    let mut seen = || {
        let begun = Instant::now();
        workspace.write("specs/login/tasks.md", BROKEN);
        client.diagnostics_when(&uri, |it| rules(it).contains(&"unknown-requirement"));
        let took = begun.elapsed();
        workspace.write("specs/login/tasks.md", workspace.text("specs/login/tasks.md"));
        client.diagnostics_when(&uri, <[Value]>::is_empty);
        took
    };
    let fastest = std::iter::repeat_with(&mut seen).take(4).min().expect("four were seen");
    assert!(fastest < Duration::from_secs(1), "{fastest:?}");
    // Written beside and moved over, as careful editors do.
    workspace.write("specs/login/tasks.md.new", BROKEN);
    fs::rename(workspace.path("specs/login/tasks.md.new"), workspace.path("specs/login/tasks.md")).expect("a move");
    client.diagnostics_when(&uri, |it| rules(it).contains(&"unknown-requirement"));
    workspace.remove("specs/login/tasks.md");
    client.diagnostics_when(&uri, <[Value]>::is_empty);
}

#[test]
fn a_feature_that_an_agent_makes_is_read() {
    let workspace = Workspace::new(LOGIN);
    let mut client = bare(&workspace);
    for feature in ["specs/new", ".kiro/specs/deep/down"] {
        workspace.write(&format!("{feature}/spec.md"), "- **FR-1.1**: text\n");
        workspace.write(&format!("{feature}/tasks.md"), BROKEN);
    }
    for feature in ["specs/new", ".kiro/specs/deep/down"] {
        let uri = workspace.uri(&format!("{feature}/tasks.md"));
        client.diagnostics_when(&uri, |it| rules(it).contains(&"unknown-requirement"));
        // What is in a new folder is watched from then on.
        workspace.write(&format!("{feature}/spec.md"), "- **FR-1.1**: text\n- **FR-9.9**: text\n");
        client.diagnostics_when(&uri, <[Value]>::is_empty);
    }
}

#[test]
fn a_folder_may_be_renamed_and_removed() {
    let workspace = Workspace::new(LOGIN);
    workspace.write("specs/login/tasks.md", BROKEN);
    let mut client = bare(&workspace);
    let uri = |name: &str| workspace.uri(&format!("specs/{name}/tasks.md"));
    client.diagnostics_when(&uri("login"), |it| !it.is_empty());
    // Back and forth, faster than anybody can look.
    let mut name = "login".to_owned();
    for round in 0..50 {
        let next = format!("login{round}");
        fs::rename(workspace.path(&format!("specs/{name}")), workspace.path(&format!("specs/{next}"))).expect("a move");
        name = next;
    }
    client.diagnostics_when(&uri(&name), |it| !it.is_empty());
    let folder = format!("/{name}/");
    client.shown_when("one feature alone", |all| all.keys().all(|uri| uri.contains(&folder)).then_some(()));
    fs::remove_dir_all(workspace.path("specs")).expect("it is removed");
    client.shown_when("nothing", |all| all.is_empty().then_some(()));
}

#[test]
fn a_switch_of_branches_is_one_change() {
    let mut picture = String::new();
    for feature in 0..150 {
        picture.push_str(&format!(
            "//- specs/f{feature:03}/spec.md\n- **FR-1.1**: text\n//- specs/f{feature:03}/tasks.md\n{BROKEN}"
        ));
    }
    let workspace = Workspace::new(&picture);
    let mut client = bare(&workspace);
    client.shown_when("all findings", |all| (all.len() == 150).then_some(()));
    let open = workspace.uri("specs/f007/tasks.md");
    client.open_text(&open, &BROKEN.replace("FR-9.9", "FR-8.8"));
    client.settle();
    let before = client.published().len();
    for feature in 0..150 {
        workspace.write(&format!("specs/f{feature:03}/spec.md"), "- **FR-1.1**: another text\n");
        workspace.write(&format!("specs/f{feature:03}/tasks.md"), BROKEN.replace(", FR-9.9", ""));
    }
    client.shown_when("the open document's finding alone", |all| (all.len() == 1).then_some(()));
    // Three hundred files, of which a busy machine may see some before it sees the others.
    let told = client.published().len() - before;
    assert!(told <= 300, "{told} times");
    let left = client.shown();
    assert!(left[&open][0]["message"].to_string().contains("FR-8.8"), "the open document wins: {left:?}");
}

#[test]
fn settings_on_disk_are_followed() {
    let workspace = Workspace::new(LOGIN);
    workspace.write("specs/login/tasks.md", BROKEN);
    let mut client = bare(&workspace);
    let uri = workspace.uri("specs/login/tasks.md");
    client.diagnostics_when(&uri, |it| rules(it).contains(&"unknown-requirement"));
    workspace.write("traceline.toml", "[rules]\nunknown-requirement = \"off\"\nuncovered-requirement = \"off\"\n");
    client.diagnostics_when(&uri, <[Value]>::is_empty);
    workspace.remove("traceline.toml");
    client.diagnostics_when(&uri, |it| rules(it).contains(&"unknown-requirement"));
    // So is the baseline, which another program writes beside and moves over.
    traceline_tests::command::traceline(workspace.root(), ["check", "--write-baseline"]);
    client.diagnostics_when(&uri, <[Value]>::is_empty);
    workspace.remove("traceline-baseline.json");
    client.diagnostics_when(&uri, |it| rules(it).contains(&"unknown-requirement"));
    workspace.write(".gitignore", "specs/login/tasks.md\n");
    client.diagnostics_when(&uri, <[Value]>::is_empty);
    // And the lock of reviews.
    let spec = workspace.uri("specs/login/spec.md");
    traceline_tests::command::traceline(workspace.root(), ["review", "--all"]);
    workspace.write("specs/login/spec.md", workspace.text("specs/login/spec.md").replace("refuse it", "tell"));
    client.diagnostics_when(&spec, |it| rules(it).contains(&"suspect-link"));
    traceline_tests::command::traceline(workspace.root(), ["review", "FR-1.2"]);
    client.diagnostics_when(&spec, |it| !rules(it).contains(&"suspect-link"));
}

/// Not on Windows: there each workspace folder is watched whole, and /proc, which tells, is Linux's.
#[test]
#[cfg(target_os = "linux")]
fn only_what_is_read_is_watched() {
    let workspace = Workspace::new(LOGIN);
    workspace.write(".gitignore", "build/\n");
    for n in 0..100 {
        workspace.write(&format!("node_modules/p{n}/deep/README.md"), "# P\n");
        workspace.write(&format!("build/b{n}/x.md"), "# B\n");
    }
    std::os::unix::fs::symlink(workspace.root(), workspace.path("specs/loop")).expect("a link");
    let mut client = bare(&workspace);
    client.listen(Duration::from_millis(200));
    assert_eq!(watched(&client), 3, "the root, specs and specs/login");
    // A client that watches is left to it.
    let mut client = Client::start(&workspace);
    client.ready();
    assert_eq!(watched(&client), 0);
}

#[test]
fn a_client_that_refuses_to_watch_does_not_have_to() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup { registers: false, ..Setup::rich() });
    client.ready();
    let begun = Instant::now();
    let tasks = workspace.uri("specs/login/tasks.md");
    while client.shown().get(&tasks).is_none_or(Vec::is_empty) {
        assert!(begun.elapsed().as_secs() < 10, "nobody watches");
        workspace.write("specs/login/tasks.md", BROKEN);
        client.listen(Duration::from_millis(100));
    }
}

/// Not on Windows: there a workspace folder is watched whole, however many are in it.
#[test]
#[cfg(target_os = "linux")]
fn where_the_system_watches_no_more_folders_that_is_said_and_made_up_for() {
    let workspace = Workspace::new(LOGIN);
    let mut client = Client::start_with(&workspace, &Setup { fault: Some("watch 1"), ..Setup::bare() });
    let said = client.received_when("window/logMessage", |it| it["message"].to_string().contains("not watched"));
    assert!(said["message"].as_str().is_some_and(|it| it.starts_with("2 folders are not watched")), "{said}");
    let tasks = workspace.uri("specs/login/tasks.md");
    client.ready();
    // Opening and saving each have these files read again; asked about one, the server answers when that is over.
    let read = |client: &mut Client| {
        client.settle();
        let spec = json!({ "textDocument": { "uri": workspace.uri("specs/login/spec.md") } });
        client.request("textDocument/diagnostic", spec);
    };
    client.open(&workspace, "specs/login/tasks.md");
    read(&mut client);
    let whole = workspace.text("specs/login/spec.md");
    workspace.write("specs/login/spec.md", "- **FR-1.1**: text\n- **NFR-1.1**: text\n");
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": tasks } }));
    read(&mut client);
    client.diagnostics_when(&tasks, |it| rules(it).contains(&"unknown-requirement"));
    workspace.write("specs/login/spec.md", whole);
    client.listen(Duration::from_millis(500));
    assert!(rules(&client.shown()[&tasks]).contains(&"unknown-requirement"), "nobody has seen it");
    workspace.write("specs/login/more.md", "- **FR-2.1**: text\n");
    client.open(&workspace, "specs/login/plan.md");
    client.diagnostics_when(&tasks, <[Value]>::is_empty);
}

/// Time that the server has used, in hundredths of a second.
#[cfg(target_os = "linux")]
fn used(client: &Client) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", client.process_id())).expect("the process runs");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("a name in parentheses").split_whitespace().collect();
    fields[11].parse::<u64>().expect("a number") + fields[12].parse::<u64>().expect("a number")
}

/// Not on Windows: what a process has used is read from /proc.
#[test]
#[cfg(target_os = "linux")]
fn who_waits_costs_nothing() {
    let workspace = Workspace::new(LOGIN);
    let mut capabilities = traceline_tests::capabilities::pulling();
    capabilities["workspace"]["didChangeWatchedFiles"] = json!({});
    let mut client = Client::start_with(&workspace, &Setup::new(capabilities));
    client.ask_workspace_diagnostics(Some("held"));
    client.open(&workspace, "specs/login/tasks.md");
    client.ready();
    client.listen(Duration::from_millis(500));
    assert!(watched(&client) > 0);
    let before = used(&client);
    client.listen(Duration::from_secs(2));
    let used = used(&client) - before;
    assert!(used <= 1, "{used} hundredths of a second in two seconds");
}
