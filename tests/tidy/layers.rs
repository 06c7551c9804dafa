//! The layers of both crates: a module uses only modules above it in its room, and no files are in a circle.
//!
//! A *room* is a module that has modules of its own; the order of its `mod` lines is the order of its layers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use traceline_tests::places;

use crate::modules::Crate;
use crate::none;

/// Both crates, by their folders.
const CRATES: [&str; 2] = ["engine", "traceline"];

/// Rooms whose files are not in order yet.
const UNORDERED: &[&str] = &["engine::facts", "engine::rule"];

/// Rooms whose door and files use each other: the door declares what its files make, and calls them.
const ONE: &[&str] = &["engine::dialect", "engine::facts", "engine::rule"];

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
    none(&[vain(UNORDERED, &upward), vain(ONE, &circles)].concat());
}

/// The picture of the layers: who uses whom. An arrow that follows from others is not drawn.
fn picture() -> String {
    let mut out = String::from("```mermaid\nflowchart TD\n");
    let [engine, binary] = both();
    let shared = engine.rooms().iter().find(|room| binary.rooms().contains(room));
    assert_eq!(shared, None, "a picture needs a name of its own for each room");
    for (title, source) in [("the binary", &binary), ("the engine", &engine)] {
        let arrows = source.arrows();
        let _ = writeln!(out, "    subgraph {} [{title}]", source.name());
        for room in source.rooms().iter().rev() {
            let _ = writeln!(out, "        {room}");
            for (from, to) in needed(&arrows, room) {
                let _ = writeln!(out, "        {from} --> {to}");
            }
        }
        out.push_str("    end\n");
    }
    out.push_str("    traceline --> engine\n```\n");
    out
}

/// The arrows from `room` that no longer way stands for.
fn needed<'a>(arrows: &BTreeMap<&'a str, BTreeSet<&'a str>>, room: &str) -> Vec<(&'a str, &'a str)> {
    let Some((from, to)) = arrows.get_key_value(room) else { return Vec::new() };
    let reached = |other: &&str| to.iter().any(|via| via != other && reaches(arrows, via, other));
    to.iter().filter(|other| !reached(other)).map(|other| (*from, *other)).collect()
}

fn reaches(arrows: &BTreeMap<&str, BTreeSet<&str>>, from: &str, to: &str) -> bool {
    arrows.get(from).is_some_and(|next| next.contains(to) || next.iter().any(|via| reaches(arrows, via, to)))
}

#[test]
fn the_picture_is_the_code() {
    const BEGIN: &str = "<!-- layers: UPDATE_DOCS=1 cargo test -p traceline-tests --test tidy picture -->\n";
    const END: &str = "<!-- end of layers -->";
    let path = places::project().join("server/ARCHITECTURE.md");
    let map = std::fs::read_to_string(&path).expect("there is a map").replace("\r\n", "\n");
    let (before, rest) = map.split_once(BEGIN).expect("the map has a place for the picture");
    let (drawn, after) = rest.split_once(END).expect("the place has an end");
    let picture = picture();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, [before, BEGIN, &picture, END, after].concat()).expect("the map can be written");
    } else {
        assert_eq!(
            drawn, picture,
            "the picture is stale: UPDATE_DOCS=1 cargo test -p traceline-tests --test tidy picture"
        );
    }
}
