//! `traceline init`: what is recognised in a repository and why, and a `traceline.toml` with all of it in comments.

use super::workspace::{self, Workspace};
use crate::config::NAMES;
use crate::disk;
use crate::paths;
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use traceline_engine::dialect::{Dialect, Role};
use traceline_engine::path::FilePath;
use traceline_engine::world::{Snapshot, View};

/// Words of this many different numbers are worth a question.
const MANY: usize = 3;

pub(super) fn run(folder: Option<&Path>, write: bool) -> Result<ExitCode> {
    let folder = folder.unwrap_or(Path::new("."));
    let folder = paths::whole(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    if !folder.is_dir() {
        bail!("{} is no folder", folder.display());
    }
    let known = NAMES.iter().map(|name| folder.join(name)).find(|path| path.symlink_metadata().is_ok());
    if let Some(known) = known.as_ref().filter(|_| write) {
        bail!("{} exists already; it is left as it is", known.display());
    }
    let workspace = workspace::read(std::slice::from_ref(&folder))?;
    workspace::complain(&workspace);
    let survey = Survey::of(&workspace);
    let mut words = survey.words(&workspace);
    let target = folder.join(NAMES[0]);
    if write {
        let mut file =
            std::fs::File::create_new(&target).with_context(|| format!("{} cannot be written", target.display()))?;
        file.write_all(survey.file(&words).as_bytes())
            .with_context(|| format!("{} cannot be written", target.display()))?;
        let _ = writeln!(words, "\nWritten: {}", target.display());
    } else if known.is_none() {
        let _ = writeln!(
            words,
            "\nNothing has to be configured for this. `traceline init --write` puts it into a traceline.toml, all in comments."
        );
    }
    anstream::stdout().lock().write_all(words.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// What was recognised.
#[derive(Debug, Default)]
struct Survey {
    files: usize,
    dialects: BTreeMap<String, Recognised>,
    /// Families of written ids, with how many are defined.
    families: BTreeMap<String, usize>,
    /// Words before numbers that stand where ids are defined and are no families: their numbers, and a place.
    strangers: BTreeMap<String, (BTreeSet<String>, String)>,
}

/// What was recognised in one dialect.
#[derive(Debug, Default)]
struct Recognised {
    files: usize,
    /// Why, with how many files it is so of and the first of them.
    why: BTreeMap<String, (usize, String)>,
    roles: BTreeMap<Role, usize>,
    definitions: usize,
    references: usize,
}

impl Survey {
    fn of(workspace: &Workspace) -> Self {
        let mut out = Self { files: workspace.asked.len(), ..Self::default() };
        for path in &workspace.asked {
            if let Some(view) = workspace.snapshot.view(path) {
                out.add(workspace, &view);
            }
        }
        out.strangers.retain(|_, (numbers, _)| numbers.len() >= MANY);
        out
    }

    fn add(&mut self, workspace: &Workspace, view: &View<'_>) {
        let snapshot = &workspace.snapshot;
        let (mut definitions, mut references) = (0, 0);
        for (_, facts) in view.parts() {
            for id in facts.definitions.iter().filter(|it| it.form.is_written()).map(|it| facts.id(it.id)) {
                if !id.family().is_empty() && !id.is_name() {
                    *self.families.entry(id.family().to_string()).or_default() += 1;
                }
            }
            definitions += facts.definitions.len();
            references += facts.references.len();
        }
        // Neither a README that names no id nor a prompt is a plan document.
        if view.role == Role::None || view.role == Role::Other && definitions + references == 0 {
            return;
        }
        let dialect = snapshot.dialect_of(view.path);
        let name = view.path.relative_to(workspace.root.as_str());
        let text = disk::read(&paths::encode(view.path)).unwrap_or_default();
        let own = self.dialects.entry(dialect.table.name.to_string()).or_default();
        own.files += 1;
        own.why.entry(why(snapshot, view.path, dialect, &text)).or_insert_with(|| (0, name.to_string())).0 += 1;
        *own.roles.entry(view.role).or_default() += 1;
        own.definitions += definitions;
        own.references += references;
        if view.role == Role::Spec {
            for (line, (word, number)) in text.lines().enumerate().filter_map(|(at, line)| Some((at, opening(line)?))) {
                if dialect.families.token_at(&format!("{word}-{number}"), 0).is_none() {
                    let place = || (BTreeSet::new(), format!("{name}:{}", line + 1));
                    self.strangers.entry(word.to_string()).or_insert_with(place).0.insert(number.to_string());
                }
            }
        }
    }

    fn words(&self, workspace: &Workspace) -> String {
        let mut out = String::new();
        let plans: usize = self.dialects.values().map(|it| it.files).sum();
        let _ = writeln!(out, "{} read, {plans} of them plan documents", count(self.files, "Markdown file"));
        let mut dialects: Vec<_> = self.dialects.iter().collect();
        dialects.sort_by_key(|(_, it)| std::cmp::Reverse(it.files));
        for (name, it) in dialects {
            let _ = writeln!(out, "\n{name}: {}", count(it.files, "file"));
            let mut why: Vec<_> = it.why.iter().collect();
            why.sort_by_key(|(_, (files, _))| std::cmp::Reverse(*files));
            for (why, (files, first)) in why {
                let _ = writeln!(out, "  {} {why}, such as {first}", count(*files, "file"));
            }
            let roles: Vec<String> =
                it.roles.iter().map(|(role, files)| format!("{} {files}", role.as_str())).collect();
            let _ = writeln!(out, "  roles by file name: {}", roles.join(", "));
            let _ = writeln!(out, "  {}, {}", count(it.definitions, "definition"), count(it.references, "reference"));
        }
        if !self.families.is_empty() {
            let mut families: Vec<_> = self.families.iter().collect();
            families.sort_by_key(|(name, number)| (std::cmp::Reverse(**number), *name));
            let families: Vec<String> = families.iter().map(|(name, number)| format!("{name} {number}")).collect();
            let _ = writeln!(out, "\nfamilies of ids: {}", families.join(", "));
        }
        for (word, (numbers, place)) in &self.strangers {
            let _ = writeln!(
                out,
                "\n{word}: {} that specifications begin lines with ({place}) are not read as ids; [ids] families = \
                 [\"...\", \"{word}\"] in traceline.toml makes them ids",
                count(numbers.len(), "number")
            );
        }
        for config in workspace.configs.files() {
            let _ = writeln!(out, "\n{} is in force for its folder", workspace::spoken(config, workspace));
        }
        out
    }

    /// The file that is offered: what was recognised, and what could be set, all in comments.
    fn file(&self, words: &str) -> String {
        let mut out = String::from(
            "#:schema https://raw.githubusercontent.com/traceline/traceline/main/server/traceline/schemas/traceline.schema.json\n\n\
             # What Traceline recognised here by itself:\n#\n",
        );
        for line in words.lines() {
            let _ = writeln!(out, "{}", format!("#   {line}").trim_end());
        }
        let most = self.dialects.iter().max_by_key(|(_, it)| it.files).map_or(Dialect::names()[0].as_str(), |it| it.0);
        let strangers: Vec<&str> = self.strangers.keys().map(String::as_str).collect();
        let families = if strangers.is_empty() { vec!["SEC"] } else { strangers };
        let families: String = families.iter().map(|family| format!(", \"{family}\"")).collect();
        let _ = write!(
            out,
            "
# Nothing below is in force. Take the first `#` away from what you want, and see server/docs/configuration.md for the rest.

# Read every file in one dialect, whatever it is called and wherever it lies.
#dialect = \"{most}\"

# More families of ids; \"...\" stands for those that are known anyway.
#[ids]
#families = [\"...\"{families}]

# More words before the colon of a trace line.
#[traces]
#keys = [\"...\", \"covers\"]

# Levels of rules: \"off\", \"hint\", \"information\", \"warning\" or \"error\".
#[rules]
#unknown-in-prose = \"off\"

# Which files are read, by patterns as in .gitignore.
#[files]
#exclude = [\"archive/**\"]
"
        );
        out
    }
}

/// Why a file is read in its dialect, in words that come after a number of files.
fn why(snapshot: &Snapshot, path: &FilePath, dialect: &Dialect, text: &str) -> String {
    if dialect.forced {
        return "for which traceline.toml says so".into();
    }
    if let Some(pattern) = dialect.evidence(snapshot.display_path(path)) {
        return format!("by path ({pattern})");
    }
    match dialect.saying(text).first() {
        Some((_, line)) => format!("by what it says (\"{}\")", line.trim().chars().take(40).collect::<String>()),
        None => "of which neither path nor text is of another dialect".into(),
    }
}

/// The word and the number of something like `SEC-12` with which a line begins, behind marks.
fn opening(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '-' | '*' | '|' | '`' | '['));
    let (word, rest) = line.split_once('-')?;
    let number = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    let behind = rest[number.len()..].chars().next();
    let is_word = (2..=9).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_number = (1..=4).contains(&number.len()) && !behind.is_some_and(|c| c.is_alphanumeric() || c == '-');
    (is_word && is_number).then_some((word, number))
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_id_at_the_start_of_a_line() {
        for (line, found) in [
            ("- **SEC-12**: safe", Some(("SEC", "12"))),
            ("### SEC-1 Title", Some(("SEC", "1"))),
            ("| SEC-3 | x |", Some(("SEC", "3"))),
            ("See SEC-12", None),
            ("- UTF-8-encoded", None),
            ("- A-1", None),
            ("- 2024-10-01", None),
            ("", None),
            ("-", None),
            ("é-1", None),
        ] {
            assert_eq!(opening(line), found, "{line}");
        }
    }

    #[test]
    fn what_is_offered_is_read_without_a_problem_once_it_is_no_comment() {
        let survey =
            Survey { strangers: [("SEC".into(), (BTreeSet::new(), String::new()))].into(), ..Survey::default() };
        let file = survey.file("3 files\n\n[ids] in traceline.toml");
        let (_, problems) = crate::config::parse(&file, "");
        assert_eq!(problems, []);
        assert_eq!(toml_keys(&file), Vec::<String>::new());
        let bare =
            |line: &str| line.strip_prefix('#').filter(|it| !it.starts_with([' ', ':'])).unwrap_or(line).to_string();
        let in_force: String = file.lines().map(|line| bare(line) + "\n").collect();
        let (_, problems) = crate::config::parse(&in_force, "");
        assert_eq!(problems, [], "{in_force}");
        assert_eq!(toml_keys(&in_force), ["dialect", "files", "ids", "rules", "traces"]);
    }

    fn toml_keys(text: &str) -> Vec<String> {
        let mut keys: Vec<String> = text.parse::<toml::Table>().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    }
}
