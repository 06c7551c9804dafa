//! The modules of a crate, read from its code: in what order they are declared, and which file uses which.
//!
//! Code is read as text: what is used by calling a method alone is not seen, nor what is written by a macro.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::files;

/// The modules of one crate and which of them uses which.
pub(crate) struct Crate {
    name: String,
    modules: Vec<Module>,
    /// Who uses whom, by place in `modules`.
    uses: BTreeSet<(usize, usize)>,
}

struct Module {
    /// Its path from the crate's root, which is empty.
    path: Vec<String>,
    file: String,
    /// Its code but for each `use`.
    words: Vec<String>,
    /// The modules that it declares, in their order.
    declared: Vec<String>,
    /// Modules that it declares for its tests alone.
    tests: Vec<String>,
    /// What it calls something by `use`.
    names: HashMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    imports: Vec<Import>,
}

/// One leaf of a `use`.
struct Import {
    path: Vec<String>,
    name: String,
    public: bool,
}

impl Crate {
    /// The crate whose sources lie in `folder`, such as `server/engine/src/`.
    pub(crate) fn read(name: &str, folder: &str) -> Self {
        let sources = files(&["rs"]).into_iter().filter_map(|(file, text)| {
            let inner = file.strip_prefix(folder)?.strip_suffix(".rs")?;
            let path: Vec<String> = inner.split('/').map(str::to_owned).collect();
            Some((path, file, text))
        });
        Self::of(name, sources.collect())
    }

    fn of(name: &str, sources: Vec<(Vec<String>, String, String)>) -> Self {
        let mut modules: Vec<Module> =
            sources.into_iter().map(|(path, file, text)| Module::of(path, file, &text)).collect();
        modules.sort_by(|a, b| a.path.cmp(&b.path));
        let tests =
            modules.iter().flat_map(|it| it.tests.iter().map(|name| it.path.iter().chain([name]).cloned().collect()));
        let tests: Vec<Vec<String>> = tests.collect();
        modules.retain(|it| !tests.iter().any(|tests| it.path.starts_with(tests)));
        let mut it = Self { name: name.to_owned(), modules, uses: BTreeSet::new() };
        it.uses =
            (0..it.modules.len()).flat_map(|from| it.used_by(from).into_iter().map(move |to| (from, to))).collect();
        it
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The modules of the root, in the order of their declaration.
    pub(crate) fn rooms(&self) -> &[String] {
        self.find(&[]).map_or(&[], |root| &self.modules[root].declared)
    }

    /// Which of the root's modules uses which.
    pub(crate) fn arrows(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let room = |module: usize| self.modules[module].path.first().map(String::as_str);
        let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (from, to) in self.uses.iter().filter_map(|(from, to)| Some((room(*from)?, room(*to)?))) {
            if from != to {
                arrows.entry(from).or_default().insert(to);
            }
        }
        arrows
    }

    /// Every file that no `mod` names.
    pub(crate) fn unnamed(&self) -> Vec<String> {
        let named = |it: &&Module| {
            let Some((name, room)) = it.path.split_last() else { return true };
            self.find(room).is_some_and(|room| self.modules[room].declared.contains(name))
        };
        self.modules.iter().filter(|it| !named(it)).map(|it| it.file.clone()).collect()
    }

    /// Every use of a module that stands below its user in the room that holds both: the room's path and the fault.
    pub(crate) fn upward(&self) -> Vec<(String, String)> {
        let fault = |(from, to): &(usize, usize)| {
            let (from, to) = (&self.modules[*from], &self.modules[*to]);
            let shared = from.path.iter().zip(&to.path).take_while(|(a, b)| a == b).count();
            let (own, other) = (from.path.get(shared)?, to.path.get(shared)?);
            let room = &self.modules[self.find(&from.path[..shared])?];
            let place = |name: &String| room.declared.iter().position(|it| it == name);
            let fault = format!("{} uses {}: {other} is declared below {own}", from.file, to.file);
            (place(own) < place(other)).then(|| (self.spoken(&room.path), fault))
        };
        self.uses.iter().filter_map(fault).collect()
    }

    /// Every circle of files, each of which uses each other by whatever way: the innermost room of all, and the uses.
    pub(crate) fn circles(&self) -> Vec<(String, Vec<String>)> {
        let reach: Vec<BTreeSet<usize>> = (0..self.modules.len()).map(|from| self.reached_from(from)).collect();
        let circle = |from: usize| -> BTreeSet<usize> {
            reach[from].iter().copied().filter(|to| reach[*to].contains(&from)).collect()
        };
        let circles: BTreeSet<BTreeSet<usize>> = (0..self.modules.len()).map(circle).collect();
        let describe = |circle: BTreeSet<usize>| {
            let uses = self.uses.iter().filter(|(from, to)| circle.contains(from) && circle.contains(to));
            let fault =
                |(from, to): &(usize, usize)| format!("{} uses {}", self.modules[*from].file, self.modules[*to].file);
            let (first, last) = (&self.modules[*circle.first()?].path, &self.modules[*circle.last()?].path);
            let shared = first.iter().zip(last).take_while(|(a, b)| a == b).count();
            Some((self.spoken(&first[..shared]), uses.map(fault).collect()))
        };
        circles.into_iter().filter_map(describe).collect()
    }

    /// A module's path as it is written, with the crate's name before it.
    fn spoken(&self, path: &[String]) -> String {
        [std::slice::from_ref(&self.name), path].concat().join("::")
    }

    fn reached_from(&self, from: usize) -> BTreeSet<usize> {
        let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(at) = next.pop() {
            let fresh = self.uses.range((at, 0)..(at + 1, 0)).map(|(_, to)| *to);
            next.extend(fresh.filter(|to| reached.insert(*to)));
        }
        reached
    }

    fn used_by(&self, from: usize) -> BTreeSet<usize> {
        let module = &self.modules[from];
        let imports = module.imports.iter().filter(|it| !it.public || module.words.contains(&it.name));
        let paths = imports.map(|it| it.path.clone()).chain(module.paths());
        paths.filter_map(|path| self.resolve(&module.path, &path, 0)).filter(|to| *to != from).collect()
    }

    fn find(&self, path: &[String]) -> Option<usize> {
        self.modules.binary_search_by(|module| module.path.as_slice().cmp(path)).ok()
    }

    /// The module in which lies what `base` calls `path`; none where that is another crate's or its own.
    fn resolve(&self, base: &[String], path: &[String], depth: usize) -> Option<usize> {
        const DEEPEST: usize = 8;
        let (first, rest) = path.split_first()?;
        if depth > DEEPEST {
            return None;
        }
        match first.as_str() {
            "crate" => self.walk(&[], rest, depth),
            "self" => self.walk(base, rest, depth),
            "super" => {
                let mut base = base.split_last()?.1;
                let mut rest = rest;
                while let Some(further) = rest.strip_prefix(&["super".to_owned()]) {
                    (base, rest) = (base.split_last()?.1, further);
                }
                self.walk(base, rest, depth)
            }
            _ => {
                let child: Vec<String> = base.iter().chain([first]).cloned().collect();
                if self.find(&child).is_some() {
                    return self.walk(&child, rest, depth);
                }
                let target = self.modules[self.find(base)?].names.get(first)?;
                // `use x::y;` and `y::z` are `x::y::z`.
                let whole: Vec<String> = target.iter().chain(rest).cloned().collect();
                (target.first() != Some(first)).then(|| self.resolve(base, &whole, depth + 1)).flatten()
            }
        }
    }

    fn walk(&self, base: &[String], path: &[String], depth: usize) -> Option<usize> {
        let at = self.find(base)?;
        let Some((first, rest)) = path.split_first() else { return Some(at) };
        let child: Vec<String> = base.iter().chain([first]).cloned().collect();
        if self.find(&child).is_some() {
            return self.walk(&child, rest, depth);
        }
        let module = &self.modules[at];
        if let Some(target) = module.names.get(first) {
            let whole: Vec<String> = target.iter().chain(rest).cloned().collect();
            return self.resolve(base, &whole, depth + 1).or(Some(at));
        }
        let mut globs = module.globs.iter().filter_map(|glob| self.resolve(base, glob, depth + 1));
        Some(globs.find(|other| self.modules[*other].declares(first)).unwrap_or(at))
    }
}

impl Module {
    fn of(mut path: Vec<String>, file: String, text: &str) -> Self {
        path.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
        let (code, tests) = text.split_once("\n#[cfg(test)]\n").unwrap_or((text, ""));
        let mut it = Self {
            path,
            file,
            words: Vec::new(),
            declared: Vec::new(),
            tests: Vec::new(),
            names: HashMap::new(),
            globs: Vec::new(),
            imports: Vec::new(),
        };
        let words = words(code);
        let mut at = 0;
        while let Some(word) = words.get(at) {
            at += 1;
            if word != "use" {
                it.words.push(word.clone());
                continue;
            }
            let public = it.words.last().is_some_and(|last| last == "pub" || last == ")");
            let mut leaves = Vec::new();
            tree(&words, &mut at, &[], &mut leaves);
            for (path, name) in leaves {
                if name == "*" {
                    it.globs.push(path.clone());
                } else {
                    it.names.insert(name.clone(), path.clone());
                }
                it.imports.push(Import { path, name, public });
            }
        }
        it.declared = declared(&it.words);
        it.tests = declared(&self::words(tests));
        it
    }

    /// Whether it declares something of this name, or passes it on.
    fn declares(&self, name: &str) -> bool {
        const KINDS: [&str; 8] = ["fn", "struct", "enum", "trait", "const", "static", "type", "mod"];
        self.names.contains_key(name)
            || self.words.windows(2).any(|two| KINDS.contains(&two[0].as_str()) && two[1] == name)
    }

    /// Every path that is no `use`.
    fn paths(&self) -> impl Iterator<Item = Vec<String>> {
        let starts = self.words.windows(2).enumerate().filter(|(_, two)| is_name(&two[0]) && two[1] == "::");
        let starts = starts.map(|(at, _)| at).filter(|at| *at == 0 || self.words[at - 1] != "::");
        starts.map(|at| {
            let mut path = vec![self.words[at].clone()];
            let rest = self.words[at + 1..].chunks(2);
            let rest = rest.take_while(|two| two.len() == 2 && two[0] == "::" && is_name(&two[1]));
            path.extend(rest.map(|two| two[1].clone()));
            path
        })
    }
}

/// The modules of `mod NAME;`.
fn declared(words: &[String]) -> Vec<String> {
    let named = words.windows(3).filter(|three| three[0] == "mod" && three[2] == ";");
    named.map(|three| three[1].clone()).collect()
}

/// Reads one tree of a `use`, up to the comma or the end behind it: each leaf's path and the name it gets.
fn tree(words: &[String], at: &mut usize, base: &[String], leaves: &mut Vec<(Vec<String>, String)>) {
    let mut path = base.to_vec();
    while let Some(word) = words.get(*at) {
        match word.as_str() {
            "::" => *at += 1,
            "{" => {
                *at += 1;
                while words.get(*at).is_some_and(|word| word != "}") {
                    tree(words, at, &path, leaves);
                    if words.get(*at).is_some_and(|word| word == ",") {
                        *at += 1;
                    }
                }
                *at += 1;
                return;
            }
            "*" => {
                *at += 1;
                leaves.push((path, "*".into()));
                return;
            }
            word if is_name(word) && word != "as" => {
                if word != "self" || path.is_empty() {
                    path.push(word.to_owned());
                }
                *at += 1;
            }
            _ => break,
        }
    }
    let mut name = path.last().cloned().unwrap_or_default();
    if words.get(*at).is_some_and(|word| word == "as") {
        name = words.get(*at + 1).cloned().unwrap_or_default();
        *at += 2;
    }
    leaves.push((path, name));
}

fn is_name(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// The words and signs of code, without comments and texts.
fn words(code: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = code;
    while let Some(letter) = rest.chars().next() {
        let length = if letter.is_alphabetic() || letter == '_' {
            let length = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(rest.len());
            let raw = rest[length..].trim_start_matches('#');
            let hashes = rest[length..].len() - raw.len();
            if matches!(&rest[..length], "r" | "br") && raw.starts_with('"') {
                let end = format!("\"{}", "#".repeat(hashes));
                let start = length + hashes + 1;
                rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
            } else {
                words.push(rest[..length].to_owned());
                length
            }
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if letter == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|it: char| {
                let ends = it == '"' && !escaped;
                escaped = it == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |at| at + 2)
        } else if letter == '\'' {
            // A letter in quotes, or a lifetime.
            let mut letters = rest.char_indices().skip(1);
            match (letters.next(), letters.next()) {
                (Some((_, '\\')), Some((at, _))) => rest[at + 1..].find('\'').map_or(rest.len(), |end| at + end + 2),
                (Some(_), Some((at, '\''))) => at + 1,
                _ => 1,
            }
        } else if rest.starts_with("::") {
            words.push("::".to_owned());
            2
        } else {
            if !letter.is_whitespace() {
                words.push(letter.to_string());
            }
            letter.len_utf8()
        };
        rest = &rest[length..];
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A crate of these files: the module's path with `/`, and its code.
    fn made(sources: &[(&str, &str)]) -> Crate {
        let source = |(path, code): &(&str, &str)| {
            (path.split('/').map(str::to_owned).collect(), format!("{path}.rs"), (*code).to_owned())
        };
        Crate::of("made", sources.iter().map(source).collect())
    }

    fn uses(sources: &[(&str, &str)]) -> Vec<String> {
        let it = made(sources);
        it.uses.iter().map(|(from, to)| format!("{} {}", it.modules[*from].file, it.modules[*to].file)).collect()
    }

    #[test]
    fn uses_are_found_in_every_form() {
        let files = |code: &'static str| {
            uses(&[
                ("lib", "mod a; mod b;"),
                ("a/mod", "mod c; pub use c::D; pub use c::deep::*;"),
                ("a/c", "pub struct D; pub mod deep;"),
                ("a/c/deep", "pub fn e() {}"),
                ("b", code),
            ])
        };
        for (code, to) in [
            ("use crate::a::c::D;", "a/c.rs"),
            ("use crate::{x, a::{self, D}};", "a/c.rs"),
            ("use super::a; fn f() { a::D::new() }", "a/c.rs"),
            ("use crate::a::c::D as E;", "a/c.rs"),
            ("fn f() { crate::a::e() }", "a/c/deep.rs"),
            ("fn f() { format!(\"{}\", crate::a::c::deep::e()) }", "a/c/deep.rs"),
            ("fn f<'a>() { let x = '\"'; crate::a::D }", "a/c.rs"),
        ] {
            assert!(files(code).contains(&format!("b.rs {to}")), "{code}: {:?}", files(code));
        }
        assert_eq!(files("// crate::a::D\nfn f() { \"crate::a::D\" }"), [""; 0]);
        assert_eq!(files("fn f() {}\n#[cfg(test)]\nmod tests { use crate::a::D; }"), [""; 0]);
    }

    #[test]
    fn an_arrow_up_and_a_circle_are_found() {
        let it = made(&[
            ("main", "mod low; mod high; fn main() { high::run() }"),
            ("low/mod", "mod one; mod two; pub use two::Two;"),
            ("low/one", "use super::Two;"),
            ("low/two", "use crate::high;"),
            ("high", "use crate::low::one;"),
        ]);
        let upward = [
            ("made::low".into(), "low/one.rs uses low/two.rs: two is declared below one".into()),
            ("made".into(), "low/two.rs uses high.rs: high is declared below low".into()),
        ];
        assert_eq!(it.upward(), upward);
        let circles = it.circles();
        assert_eq!((circles.len(), circles[0].0.as_str(), circles[0].1.len()), (1, "made", 3));
    }

    #[test]
    fn a_door_that_only_passes_on_is_in_no_circle() {
        let door = |code: &'static str| {
            made(&[("lib", "mod a;"), ("a/mod", code), ("a/one", "pub struct One;"), ("a/two", "use super::One;")])
        };
        assert!(door("mod one; mod two; pub use one::One;").circles().is_empty());
        assert_eq!(door("mod one; mod two; pub use one::One; fn f() { two::g() }").upward(), []);
        assert_eq!(door("mod one; mod two; struct One; fn f() { two::g() }").circles().len(), 1);
    }

    #[test]
    fn a_file_that_no_module_names_is_found() {
        let it = made(&[("lib", "mod a;\n#[cfg(test)]\nmod fixture;"), ("a", ""), ("b", ""), ("fixture", "")]);
        assert_eq!(it.unnamed(), ["b.rs"]);
    }
}
