//! The map of the code names what there is.

use crate::{files, none};

/// Words in back-quotes that are no names of code.
const NO_CODE: [&str; 4] = ["traceline", "engine", "check", "inspect"];

/// The names of code among `names` (`a::b` is two) that no source of the server declares.
pub(crate) fn undeclared<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let sources: String =
        files(&["rs"]).into_iter().filter(|(path, _)| path.starts_with("server/")).map(|(_, text)| text).collect();
    let kinds = ["fn", "struct", "enum", "trait", "mod", "const", "static", "type"];
    let exists = |name: &str| {
        let declared = kinds.iter().any(|kind| {
            let found = format!("{kind} {name}");
            sources
                .match_indices(&found)
                .any(|(at, _)| !sources[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        });
        declared
            || sources.contains(&format!("    {name} {{"))
            || sources.contains(&format!("    {name},"))
            || sources.contains(&format!("    {name}("))
    };
    let mut faults = Vec::new();
    for name in names {
        for part in name.split("::").filter(|part| !exists(part)) {
            faults.push(format!("`{name}`: there is no {part}"));
        }
    }
    faults
}

#[test]
fn what_the_map_names_exists() {
    let map = files(&["md"]).into_iter().find(|(path, _)| path == "server/ARCHITECTURE.md").expect("there is a map").1;
    let code = |name: &&str| !name.contains([' ', '.', '/', '*', '-', '#', '>', '\n']) && !NO_CODE.contains(name);
    assert!(
        map.contains("`read_window`") && map.contains("`symbols_at`"),
        "the map walks no keystroke and no question"
    );
    none(&undeclared(map.split('`').skip(1).step_by(2).filter(code)));
}
