//! Every file of the corpus goes through the command and through the server.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use traceline_tests::command::traceline;
use traceline_tests::report;
use traceline_tests::{Client, Position, Setup, places, workspace};

fn folders(corpus: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(corpus).expect("the corpus can be read");
    let mut folders: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).filter(|it| it.is_dir()).collect();
    folders.sort();
    folders
}

fn markdown(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the corpus can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            markdown(&path, found);
        } else if path.extension().is_some_and(|it| it == "md") {
            found.push(path);
        }
    }
}

#[test]
fn every_repository_can_be_checked() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    for folder in folders(&corpus) {
        let outcome = traceline(&folder, ["check", "--format", "json"]);
        assert!((0..=1).contains(&outcome.code()), "{}: {}", folder.display(), outcome.stderr);
        report::follows_schema("check", &outcome.json());
        let outcome = traceline(&folder, ["check"]);
        assert!((0..=1).contains(&outcome.code()), "{}: {}", folder.display(), outcome.stderr);
    }
}

/// So many files of the corpus are checked by themselves: every one of this number.
const APART: usize = 20;

#[test]
fn a_file_by_itself_is_found_the_same_amiss() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    for folder in folders(&corpus) {
        let mut files = Vec::new();
        markdown(&folder, &mut files);
        files.sort();
        // A project says where it begins; the corpus holds its documents alone.
        let project = tempfile::tempdir().expect("a folder can be made");
        fs::write(project.path().join("traceline.toml"), "").expect("a file can be written");
        for file in &files {
            let copy = project.path().join(file.strip_prefix(&folder).expect("the files are in the folder"));
            fs::create_dir_all(copy.parent().expect("a file has a folder")).expect("a folder can be made");
            fs::copy(file, &copy).expect("a file can be copied");
        }
        let (_, report) = report::check(project.path(), &[]);
        let all = report::findings(&report);
        for file in files.iter().step_by(APART) {
            let name =
                file.strip_prefix(&folder).expect("the files are in the folder").to_string_lossy().replace('\\', "/");
            let (_, report) = report::check(project.path(), &[&name]);
            let own: Vec<_> = all.iter().filter(|finding| finding.path == name).cloned().collect();
            assert_eq!(report::findings(&report), own, "{}: {name}", folder.display());
        }
    }
}

#[test]
fn the_server_starts_on_the_corpus_and_opens_every_file() {
    let Some(corpus) = places::corpus() else {
        return;
    };
    for folder in folders(&corpus) {
        let mut files = Vec::new();
        markdown(&folder, &mut files);
        let mut client = Client::launch();
        let uri = workspace::uri(&folder);
        client.initialize(json!({
            "processId": null,
            "rootUri": uri,
            "workspaceFolders": [{ "uri": uri, "name": "corpus" }],
            "capabilities": Setup::rich().capabilities,
        }));
        for path in &files {
            let uri = workspace::uri(path);
            let text = String::from_utf8_lossy(&fs::read(path).expect("a file of the corpus can be read")).into_owned();
            client.open_text(&uri, &text);
            for line in [0, 10, text.lines().count() / 2] {
                for method in ["textDocument/hover", "textDocument/definition", "textDocument/completion"] {
                    let at = Position { line, character: 8 };
                    client.ask_at(method, &uri, at);
                }
            }
            client.diagnostics(&uri, 1);
            client.close(&uri);
        }
    }
}
