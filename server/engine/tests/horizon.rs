//! While a workspace is being listed nothing is claimed that is not so: what is found of an opened document is found later too,
//! and an answer that counts is the later one.

#![expect(clippy::unwrap_used, reason = "whatever fails here is the test failing")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use traceline_engine::feature::Source;
use traceline_engine::feature::display::hover::hover;
use traceline_engine::feature::navigation::definition::definition;
use traceline_engine::path::FilePath;
use traceline_engine::query::references_to;
use traceline_engine::rule::{self, Finding, RULES};
use traceline_engine::settings::Settings;
use traceline_engine::world::{Closed, Snapshot, World};

const ROOT: &str = "/w";

struct Files(Vec<(FilePath, String)>);

impl Source for Files {
    fn text(&self, path: &FilePath) -> Option<String> {
        self.0.iter().find(|(known, _)| known == path).map(|(_, text)| text.clone())
    }
}

impl Files {
    fn of_picture(picture: &str) -> Self {
        let parts = picture.split("//- ").skip(1).map(|part| part.split_once('\n').unwrap());
        Self(parts.map(|(path, text)| (FilePath::new(&format!("{ROOT}/{path}")), text.to_string())).collect())
    }

    fn world(&self, listing: bool) -> World {
        let mut world = World::new(vec![FilePath::new(ROOT)], Settings::default());
        if listing {
            world.begin_listing();
        } else {
            self.put_below(&mut world, &FilePath::new(ROOT));
        }
        world
    }

    /// All files below `folder` are listed and read.
    fn put_below(&self, world: &mut World, folder: &FilePath) {
        let below: Vec<&(FilePath, String)> =
            self.0.iter().filter(|(path, _)| path.is_within(folder.as_str())).collect();
        world.expect_below(folder, &below.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>());
        for (path, text) in below {
            let snapshot = world.snapshot();
            let role = snapshot.layout().role_of(path, snapshot.dialect());
            world.put(path, Closed::read(text, snapshot.dialect_at(path), role));
        }
    }

    /// Opens each file in a workspace of which nothing else is known, and in one of which its feature is.
    fn each_early(&self, mut look: impl FnMut(&FilePath, &str, &Snapshot, &Snapshot)) {
        let mut whole = self.world(false);
        for (version, (path, text)) in (1..).zip(&self.0) {
            whole.open(path, version, text);
            let later = whole.snapshot();
            let scope = later.scope_of(path).unwrap().clone();
            let mut early = self.world(true);
            early.open(path, version, text);
            look(path, text, &early.snapshot(), &later);
            if scope.as_str() != ROOT {
                self.put_below(&mut early, &scope);
                assert_eq!(early.snapshot().scope_of(path), Some(&scope));
                look(path, text, &early.snapshot(), &later);
            }
            whole.close(path);
        }
    }

    fn nothing_is_claimed(&self) -> usize {
        let mut found = 0;
        self.each_early(|path, _, early, later| {
            let later = rule::check(later, path);
            for finding in rule::check(early, path) {
                found += 1;
                assert!(
                    later.iter().any(|it| is_same(it, &finding)),
                    "{path} is told {finding:#?}\n and later {later:#?}"
                );
            }
        });
        found
    }

    /// How many answers counted, and how many had to wait.
    fn answers_hold(&self) -> (usize, usize) {
        let (mut counted, mut waited) = (0, 0);
        self.each_early(|path, text, early, later| {
            let view = early.view(path).unwrap();
            let named = view.parts().flat_map(|(base, facts)| {
                let uses = facts.references.iter().map(|it| it.span.start);
                uses.chain(facts.definitions.iter().map(|it| it.place.start)).map(move |at| at + base)
            });
            for at in named.collect::<BTreeSet<u32>>() {
                let mut same = |answer: &dyn Fn(&Snapshot) -> String| {
                    let question = early.for_question();
                    let told = answer(&question);
                    if question.has_looked_too_far() {
                        waited += 1;
                        return;
                    }
                    counted += 1;
                    assert_eq!(told, answer(later), "{path} at {}", &text[at as usize..].lines().next().unwrap());
                };
                same(&|snapshot| format!("{:?}", hover(snapshot, self, path, at)));
                same(&|snapshot| format!("{:?}", definition(snapshot, path, at)));
                same(&|snapshot| {
                    let symbols = traceline_engine::query::symbols_at(snapshot, &snapshot.view(path).unwrap(), at);
                    let all = symbols.iter().filter_map(|it| Some((it.scope.as_ref()?, &it.id)));
                    all.flat_map(|(scope, id)| references_to(snapshot, scope, id)).fold(String::new(), |mut out, it| {
                        out += &format!("{:?} ", it.place);
                        out
                    })
                });
            }
        });
        (counted, waited)
    }
}

/// Whether both say the same of the same place; which files are named beside it may still grow.
fn is_same(one: &Finding, other: &Finding) -> bool {
    (one.rule.name, one.span, one.level, &one.message) == (other.rule.name, other.span, other.level, &other.message)
}

const FEATURES: &str = "\
//- constitution.md
- **NFR-1**: fast
//- docs/prd.md
- **FR-7**: of all
- **FR-8**: of all
//- specs/a/spec.md
- **FR-1**: one
- **FR-2**: two, see FR-7 and FR-99
//- specs/a/plan.md
## Data

_Requirements: FR-1, FR-2, FR-8, FR-98, NFR-1_
//- specs/a/tasks.md
- [ ] 1. A
  - _Requirements: FR-1, FR-7, FR-97_
//- specs/b/spec.md
- **FR-1**: other
- **FR-98**: other
//- specs/b/tasks.md
- [ ] 1. A
  - _Requirements: FR-1, FR-2_
";

#[test]
fn an_opened_feature_is_answered_of_itself_and_waits_for_the_rest() {
    let files = Files::of_picture(FEATURES);
    files.nothing_is_claimed();
    let mut early = files.world(true);
    let (path, text) = files.0.iter().find(|(path, _)| path.as_str() == "/w/specs/a/plan.md").unwrap();
    early.open(path, 1, text);
    let asked = |early: &World, id: &str| {
        let question = early.snapshot().for_question();
        let told = hover(&question, &files, path, u32::try_from(text.find(id).unwrap()).unwrap());
        (!question.has_looked_too_far()).then(|| told.unwrap().text)
    };
    assert_eq!(asked(&early, "FR-1"), None, "nothing is known");
    files.put_below(&mut early, &FilePath::new("/w/specs/a"));
    assert!(asked(&early, "FR-1").unwrap().contains("one"));
    assert!(asked(&early, "FR-2").unwrap().contains("No task builds it"), "all that could is known");
    assert_eq!(asked(&early, "FR-8"), None, "it may be defined elsewhere");
    assert_eq!(asked(&early, "FR-98"), None);
    assert_eq!(rule::check(&early.snapshot(), path), []);
    files.put_below(&mut early, &FilePath::new(ROOT));
    early.end_listing();
    assert!(asked(&early, "FR-8").unwrap().contains("of all"));
    assert!(asked(&early, "FR-98").unwrap().contains("not defined"));
    assert!(rule::check(&early.snapshot(), path).iter().any(|it| it.message.contains("`FR-98` is not defined")));
    let (counted, waited) = files.answers_hold();
    assert!(counted > 5 && waited > 5, "{counted} counted, {waited} waited");
}

#[test]
fn no_rule_claims_what_is_not_known_yet() {
    for rule in RULES {
        for picture in [rule.bad, rule.good] {
            let picture =
                if picture.contains("//- ") { picture.to_string() } else { format!("//- a/spec.md\n{picture}") };
            let files = Files::of_picture(&picture);
            files.nothing_is_claimed();
            files.answers_hold();
        }
    }
}

#[test]
fn nothing_is_claimed_too_early_of_real_files() {
    let set = std::env::var_os("TRACELINE_CORPUS").map(PathBuf::from);
    let corpus = set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"));
    let Ok(folders) = std::fs::read_dir(&corpus) else {
        println!("skipped corpus: {} is not there (set TRACELINE_CORPUS)", corpus.display());
        return;
    };
    let mut found = 0;
    for folder in folders.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let mut files = Files(Vec::new());
        collect(&folder, &folder, &mut files.0);
        found += files.nothing_is_claimed();
    }
    assert!(found > 100, "{found} findings");
}

fn collect(root: &Path, folder: &Path, out: &mut Vec<(FilePath, String)>) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(root, &path, out);
        } else if path.extension().is_some_and(|end| end == "md")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            let inside = path.strip_prefix(root).unwrap().to_str().unwrap().replace(std::path::MAIN_SEPARATOR, "/");
            out.push((FilePath::new(&format!("{ROOT}/{inside}")), text));
        }
    }
}
