//! Fixtures for tests: `//- path` starts a file, `$0` is the cursor. All files are under `/w`.

use crate::edit::Proposal;
use crate::feature::Source;
use crate::feature::completion::id_completion::completion;
use crate::path::FilePath;
use crate::settings::Settings;
use crate::text::narrow;
use crate::world::{Closed, Places, World};
use std::collections::BTreeSet;

/// The files of a fixture: path below `/w`, and text.
pub(crate) fn files(fixture: &str) -> Vec<(FilePath, String)> {
    let parts = fixture.split("//- ").skip(1).map(|part| part.split_once('\n').expect("a path ends with its line"));
    parts.map(|(path, text)| (FilePath::new(&format!("/w/{path}")), text.to_string())).collect()
}

/// A world in which the fixture's files are closed and read.
pub(crate) fn world(fixture: &str) -> World {
    let mut world = World::new(vec![FilePath::new("/w")], Settings::default());
    let files = files(fixture);
    for (path, _) in &files {
        world.expect(path);
    }
    for (path, text) in &files {
        put(&mut world, path, text);
    }
    world
}

/// A workspace that holds these files alone, and the folders above them.
#[derive(Debug)]
pub(crate) struct Only(BTreeSet<String>);

impl Only {
    pub(crate) fn new<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let above = |path: &str| FilePath::new(path).ancestors().map(String::from).collect::<Vec<_>>();
        Self(paths.into_iter().flat_map(|path| above(path).into_iter().chain([path.to_string()])).collect())
    }
}

impl Places for Only {
    fn is_missing(&self, _: &FilePath, path: &FilePath) -> bool {
        !self.0.contains(path.as_str())
    }
}

/// Puts a closed file.
pub(crate) fn put(world: &mut World, path: &FilePath, text: &str) {
    let snapshot = world.snapshot();
    world.put(path, Closed::read_at(text, path, snapshot.layout(), snapshot.dialect()));
}

/// The same with the file that holds `$0` open, without it; its path and the cursor's offset.
pub(crate) fn cursor(fixture: &str) -> (World, FilePath, u32) {
    let mut world = world(&fixture.replace("$0", ""));
    let (path, text) = files(fixture).into_iter().find(|(_, text)| text.contains("$0")).expect("a cursor");
    let offset = narrow(text.find("$0").expect("it was found"));
    world.open(&path, 1, &text.replace("$0", ""));
    (world, path, offset)
}

/// The ids that completion offers, in order.
pub(crate) fn offered(world: &World, path: &FilePath, offset: u32) -> Vec<String> {
    completion(&world.snapshot(), path, offset)
        .map_or_else(Vec::new, |found| found.items.iter().map(|item| item.id.to_string()).collect())
}

/// The fixture's files as they would be, in its form.
pub(crate) fn proposed(files: &[(FilePath, String)], proposal: &Proposal) -> String {
    let show = |(path, text): &(FilePath, String)| {
        format!("//- {}\n{}", path.relative_to("/w"), proposal.applied_to(path, text))
    };
    files.iter().map(show).collect()
}

/// The texts of a fixture's closed files.
pub(crate) struct Texts(pub(crate) Vec<(FilePath, String)>);

impl Source for Texts {
    fn text(&self, path: &FilePath) -> Option<String> {
        self.0.iter().find(|(known, _)| known == path).map(|(_, text)| text.clone())
    }
}
