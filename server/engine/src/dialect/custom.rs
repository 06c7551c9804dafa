//! What a team says about dialects for the files below one folder: which one is read, dialects of its own, and what it
//! changes about all of them.

use super::other::Other;
use super::tables::{TABLES, lay_over, whole};
use super::{Dialect, Table, recognition};
use smol_str::SmolStr;
use std::sync::{Arc, LazyLock};

/// A folder's own dialects, as they were written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustomDialects {
    /// The folder, relative to its workspace folder; empty for that itself. Patterns of paths begin there.
    pub folder: String,
    /// The dialect that all of its files are read in.
    pub choice: Option<String>,
    /// Tables as in `dialects/*.toml`. They take what they leave out from the dialect that they extend, the home dialect
    /// where they name none.
    pub dialects: Vec<toml::Table>,
    /// Keys of such tables that are laid over every dialect.
    pub all: toml::Table,
}

/// Something in them that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The keys and numbers of entries that lead to it.
    pub at: Vec<String>,
    /// What, in the author's words.
    pub message: String,
}

struct Named {
    name: SmolStr,
    extends: Option<SmolStr>,
    table: toml::Table,
}

impl CustomDialects {
    /// Whether nothing is said about dialects.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.choice.is_none() && self.dialects.is_empty() && self.all.is_empty()
    }
}

impl Dialect {
    /// The names of the dialects that come with the program, the home dialect's first.
    #[must_use]
    pub fn names() -> &'static [SmolStr] {
        static NAMES: LazyLock<Vec<SmolStr>> = LazyLock::new(|| built_in().into_iter().map(|it| it.name).collect());
        &NAMES
    }

    /// The home dialect of a folder and, behind it, the others; and what of `own` is not in force.
    #[must_use]
    pub fn home_of(own: &CustomDialects) -> (Arc<Dialect>, Vec<Mistake>) {
        let mut mistakes = Vec::new();
        let mut all = built_in();
        let mut fresh = 1;
        for (number, given) in own.dialects.iter().enumerate() {
            let at = |keys: &[&str]| -> Vec<String> {
                ["dialects", &number.to_string()].iter().chain(keys).map(|key| (*key).to_string()).collect()
            };
            let Some(name) = given.get("name").and_then(toml::Value::as_str).filter(|name| !name.is_empty()) else {
                mistakes.push(Mistake { at: at(&[]), message: "a dialect needs a `name`".into() });
                continue;
            };
            let wanted = given.get("extends").and_then(toml::Value::as_str);
            let base = wanted.map_or(Some(&all[0]), |wanted| all.iter().find(|it| it.name == wanted));
            if base.is_none() {
                mistakes.push(Mistake { at: at(&["extends"]), message: unknown(wanted.unwrap_or_default(), &all) });
            }
            let base = base.unwrap_or(&all[0]);
            let mut table = base.table.clone();
            if base.name != name {
                // Its folders are those of another dialect.
                let none = ["paths", "says"].map(|key| (key.to_string(), toml::Value::Array(Vec::new())));
                table.insert("choose".into(), toml::Table::from_iter(none).into());
            }
            let mut given = given.clone();
            given.remove("extends");
            lay_over(&mut table, given);
            let own = Named { name: name.into(), extends: wanted.map(SmolStr::from), table };
            match all.iter().position(|it| it.name == name) {
                Some(known) => all[known] = own,
                None => {
                    all.insert(fresh, own);
                    fresh += 1;
                }
            }
        }
        let mut chosen = 0;
        if let Some(choice) = &own.choice {
            match all.iter().position(|it| it.name == *choice) {
                Some(at) => chosen = at,
                None => mistakes.push(Mistake { at: vec!["dialect".into()], message: unknown(choice, &all) }),
            }
        }
        let forced = own.choice.as_ref().is_some_and(|choice| all[chosen].name == *choice);
        let read = |named: &Named| -> Result<Dialect, toml::de::Error> {
            let mut table = named.table.clone();
            lay_over(&mut table, own.all.clone());
            let mut table: Table = table.try_into()?;
            table.fold();
            Ok(Dialect::of_table(table, &own.folder))
        };
        let mut read_at = |at: usize| match read(&all[at]) {
            Ok(dialect) => Some(dialect),
            Err(error) => {
                mistakes.push(Mistake { at: Vec::new(), message: error.message().to_string() });
                None
            }
        };
        let others: Vec<usize> = if forced {
            // Variants of the chosen one are read as such; of the home dialect, all are.
            let variants = all.iter().map(|it| it.extends.as_ref() == Some(&all[chosen].name)).enumerate();
            variants.filter(|(at, variant)| chosen != 0 && *at != chosen && *variant).map(|(at, _)| at).collect()
        } else {
            (1..all.len()).collect()
        };
        let others: Vec<_> =
            others.into_iter().filter_map(|at| read_at(at).map(|it| Other::Read(Arc::new(it)))).collect();
        let Some(mut home) = read_at(chosen) else { return (Dialect::home(), mistakes) };
        home.tells = recognition::Tells::of(others.iter().map(Other::says));
        home.others = others;
        home.forced = forced;
        (Arc::new(home), mistakes)
    }
}

fn unknown(name: &str, all: &[Named]) -> String {
    let near = all.iter().map(|it| (strsim::osa_distance(&it.name, name), &it.name)).min();
    match near.filter(|(distance, _)| *distance <= 3) {
        Some((_, near)) => format!("there is no dialect `{name}`, did you mean `{near}`?"),
        None => {
            let names: Vec<String> = all.iter().map(|it| format!("`{}`", it.name)).collect();
            format!("there is no dialect `{name}`, known are {}", names.join(", "))
        }
    }
}

fn built_in() -> Vec<Named> {
    let read = |table: &toml::Table| {
        let extends = table.get("extends").and_then(|it| it.as_str()).map(SmolStr::from);
        let table = whole(table.clone()).expect("a test reads the built-in tables");
        Named { name: table.get("name").and_then(toml::Value::as_str).unwrap_or_default().into(), extends, table }
    };
    TABLES.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Role;

    fn own(toml: &str) -> CustomDialects {
        let mut table: toml::Table = toml::from_str(toml).unwrap();
        let choice = table.remove("dialect").and_then(|it| it.as_str().map(String::from));
        let dialects = table.remove("dialects").and_then(|it| it.as_array().cloned()).unwrap_or_default();
        let dialects = dialects.into_iter().filter_map(|it| it.as_table().cloned()).collect();
        CustomDialects { folder: String::new(), choice, dialects, all: table }
    }

    fn home(toml: &str) -> Arc<Dialect> {
        let (home, mistakes) = Dialect::home_of(&own(toml));
        assert_eq!(mistakes, []);
        home
    }

    #[test]
    fn nothing_said_is_the_built_in_home() {
        // What one was asked before makes no difference.
        assert_eq!(Dialect::home().forms_at("docs/plan.md"), []);
        assert_eq!(home(""), Dialect::home());
        assert_eq!(Dialect::names()[0], Dialect::home().table.name);
    }

    #[test]
    fn a_choice_is_for_every_file_and_keeps_its_variants() {
        let home = home("dialect = 'kiro'");
        assert_eq!(home.at("anywhere/requirements.md").table.name, "kiro");
        assert_eq!(home.at("a/bugfix.md").table.name, "bugfix");
        assert_eq!(home.at("openspec/x.md").table.name, "kiro");
        assert!(home.forced);
    }

    #[test]
    fn the_home_dialect_by_choice_is_alone() {
        assert_eq!(home("dialect = 'plan'").at(".kiro/specs/a/tasks.md").table.name, "plan");
    }

    #[test]
    fn a_new_dialect_is_tried_first_and_takes_over_what_it_leaves_out() {
        let home = home(
            "[[dialects]]\nname = 'house'\nextends = 'kiro'\nchoose.paths = ['docs/design/**']\nids.families = ['SEC', '...']\ntraces.keys = ['Covers', '...']",
        );
        let house = home.at("docs/design/a.md");
        assert_eq!(house.table.name, "house");
        assert_eq!(house.table.ids.families[..2], ["SEC", "FR"]);
        assert!(house.is_trace_key("covers") && house.is_trace_key("requirements"), "keys may be written in any case");
        assert_eq!(home.at(".kiro/specs/a/tasks.md").table.name, "kiro", "the other one stays");
    }

    #[test]
    fn a_built_in_dialect_is_changed_or_replaced() {
        let changed = home("[[dialects]]\nname = 'kiro'\nextends = 'kiro'\nids.families = ['K']");
        let kiro = changed.at(".kiro/specs/a/tasks.md");
        assert_eq!((kiro.table.name.as_str(), &kiro.table.ids.families[..]), ("kiro", &["K".into()][..]));
        let replaced = home("[[dialects]]\nname = 'kiro'\nchoose.paths = ['k/**']");
        assert_eq!(replaced.at("k/tasks.md").table.name, "kiro");
        assert_eq!(replaced.at(".kiro/specs/a/tasks.md").table.name, "plan");
    }

    #[test]
    fn keys_of_all_are_laid_over_every_dialect() {
        let home = home("[ids]\nfamilies = ['...', 'SEC']\n[roles]\nspec = ['...', 'needs.md']");
        for path in ["a.md", ".kiro/a.md", "openspec/a.md"] {
            assert_eq!(home.at(path).table.ids.families.last().unwrap(), "SEC", "{path}");
        }
        assert_eq!(home.role_of("x/needs.md"), Role::Spec);
        assert_eq!(home.role_of("x/spec.md"), Role::Spec);
    }

    #[test]
    fn patterns_of_a_folder_begin_there() {
        let mut own = own("[roles]\nspec = ['needs/*.md']\n[[dialects]]\nname = 'x'\nchoose.paths = ['c#/**']");
        own.folder = "team/c#".into();
        let (home, _) = Dialect::home_of(&own);
        assert_eq!(home.role_of("team/c#/needs/a.md"), Role::Spec);
        assert_eq!(home.role_of("needs/a.md"), Role::Other);
        assert_eq!(home.at("Team/C#/c1/a.md").table.name, "x");
        assert_eq!(home.at("team/c1/c1/a.md").table.name, "plan", "a folder's name is no pattern");
    }

    #[test]
    fn what_is_not_known_is_named_and_the_rest_is_in_force() {
        let (home, mistakes) = Dialect::home_of(&own(
            "dialect = 'kira'\n[[dialects]]\nabout = 'x'\n[[dialects]]\nname = 'y'\nextends = 'nothing like it'\nchoose.paths = ['y/**']",
        ));
        let told: Vec<(String, &str)> = mistakes.iter().map(|it| (it.at.join("."), it.message.as_str())).collect();
        assert_eq!(told[0], ("dialects.0".into(), "a dialect needs a `name`"));
        assert!(
            told[1].0 == "dialects.1.extends"
                && told[1].1.starts_with("there is no dialect `nothing like it`, known are `plan`")
        );
        assert_eq!(told[2], ("dialect".into(), "there is no dialect `kira`, did you mean `kiro`?"));
        assert_eq!(home.at("y/a.md").table.name, "y");
    }
}
