//! What editors and agents are given: each starts the same server, and the page of all editors names each folder.

use serde_json::Value;
use traceline_tests::places;

use crate::none;

fn read(path: &str) -> String {
    std::fs::read_to_string(places::project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A settings file as JSON, its lines of comment left out.
fn json(path: &str) -> Value {
    let text: String = read(path).lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_editor_starts_the_same_server() {
    let command = serde_json::json!(["traceline", "server"]);
    assert_eq!(json("editors/kate/settings.json")["servers"]["markdown"]["command"], command);
    assert_eq!(json("editors/sublime/LSP.sublime-settings")["clients"]["traceline"]["command"], command);
    assert_eq!(json("editors/jetbrains/template.json")["programArgs"]["default"], "traceline server");
    let agent = &json("editors/claude-code/.lsp.json")["traceline"];
    assert_eq!(serde_json::json!([agent["command"], agent["args"][0]]), command);
    for (path, words) in [
        ("editors/neovim/lsp/traceline.lua", "{ 'traceline', 'server' }"),
        ("editors/neovim/plugin/traceline.lua", "{ 'traceline', 'server' }"),
        ("editors/emacs/traceline.el", "'(\"traceline\" \"server\")"),
        ("editors/helix/languages.toml", "command = \"traceline\"\nargs = [\"server\"]"),
        ("editors/kakoune/traceline.kak", "command = \"traceline\"\n    args = [\"server\"]"),
        ("editors/vim/vim-lsp.vim", "['traceline', 'server']"),
        ("editors/vim/ale_linters/markdown/traceline.vim", "'command': '%e server'"),
        ("editors/zed/src/lib.rs", "vec![\"server\".into()]"),
    ] {
        assert!(read(path).contains(words), "{path} does not say {words}");
    }
}

#[test]
fn the_page_of_all_editors_names_each_folder() {
    let page = read("editors/README.md");
    let folders = std::fs::read_dir(places::project().join("editors")).expect("there are editors");
    let names =
        folders.flatten().filter(|it| it.path().is_dir()).map(|it| it.file_name().to_string_lossy().into_owned());
    none(&names.filter(|name| !page.contains(&format!("({name}/"))).collect::<Vec<_>>());
}

#[test]
fn pictures_are_small_and_shown() {
    let (folder, page) = (places::project().join("editors/pictures"), read("editors/README.md"));
    let mut faults = Vec::new();
    for picture in std::fs::read_dir(folder).expect("there are pictures").flatten() {
        let name = picture.file_name().to_string_lossy().into_owned();
        let size = picture.metadata().expect("a picture can be read").len();
        if size > 300_000 {
            faults.push(format!("{name} has {size} bytes"));
        }
        if !page.contains(&format!("(pictures/{name})")) {
            faults.push(format!("{name} is shown nowhere"));
        }
    }
    none(&faults);
}

#[test]
fn the_agents_marketplace_leads_to_the_plug_in() {
    let market = json(".claude-plugin/marketplace.json");
    let plugin = &market["plugins"][0];
    let folder = plugin["source"].as_str().expect("the plug-in has a source").trim_start_matches("./").to_owned();
    let manifest = json(&format!("{folder}/.claude-plugin/plugin.json"));
    assert_eq!(manifest["name"], plugin["name"]);
    assert_eq!(manifest["description"], plugin["description"]);
    assert!(places::project().join(folder).join(".lsp.json").is_file());
}
