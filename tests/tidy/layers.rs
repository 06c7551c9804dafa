//! The layers of both crates: a module uses only modules above it in its room, and no files are in a circle.
//!
//! A *room* is a module that has modules of its own; the order of its `mod` lines is the order of its layers.

use crate::modules::Crate;
use crate::none;

/// Both crates, by their folders.
const CRATES: [&str; 2] = ["engine", "traceline"];

/// Rooms whose files are not in order yet.
const UNORDERED: [&str; 9] = [
    "engine::facts",
    "engine::feature",
    "engine::feature::action",
    "engine::feature::rename",
    "engine::rule",
    "engine::world",
    "traceline::cli",
    "traceline::config",
    "traceline::keeper",
];

/// Rooms whose door and files use each other: the door declares what its files make, and calls them.
const ONE: [&str; 14] = [
    "engine::dialect",
    "engine::facts",
    "engine::feature",
    "engine::feature::action",
    "engine::feature::formatting",
    "engine::feature::rename",
    "engine::outline",
    "engine::rule",
    "engine::template",
    "engine::world",
    "traceline::cli",
    "traceline::cli::demo",
    "traceline::config",
    "traceline::keeper",
];

fn both() -> [Crate; 2] {
    CRATES.map(|name| Crate::read(name, &format!("server/{name}/src/")))
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let mut faults = Vec::new();
    for source in both() {
        assert!(source.rooms().len() >= 8, "a crate has rooms: {:?}", source.rooms());
        faults.extend(source.unnamed().into_iter().map(|file| format!("{file}: no `mod` names it")));
        let upward = source.upward().into_iter().filter(|(room, _)| !UNORDERED.contains(&room.as_str()));
        faults.extend(upward.map(|(_, fault)| fault));
    }
    none(&faults);
}

#[test]
fn no_files_are_in_a_circle() {
    let circles = both().into_iter().flat_map(|source| source.circles());
    let faults = circles.filter(|(room, _)| !ONE.contains(&room.as_str())).flat_map(|(room, uses)| {
        uses.into_iter().map(move |fault| format!("in a circle of `{room}`: {fault}")).collect::<Vec<_>>()
    });
    none(&faults.collect::<Vec<_>>());
}

#[test]
fn no_room_is_excused_in_vain() {
    let (mut upward, mut circles) = (Vec::new(), Vec::new());
    for source in both() {
        upward.extend(source.upward().into_iter().map(|(room, _)| room));
        circles.extend(source.circles().into_iter().map(|(room, _)| room));
    }
    let vain = |excused: &[&str], rooms: &[String]| -> Vec<String> {
        excused.iter().filter(|it| !rooms.iter().any(|room| room == *it)).map(|it| (*it).to_owned()).collect()
    };
    none(&[vain(&UNORDERED, &upward), vain(&ONE, &circles)].concat());
}
