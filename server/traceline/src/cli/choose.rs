//! `--select` and `--ignore`: of which rules findings are told.

use super::workspace::Workspace;
use clap::Args;
use traceline_engine::rule::{self, Finding, Rule};

/// Which rules are told of.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// Only what these rules find, with commas between them; may be given several times
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = named)]
    select: Vec<&'static Rule>,
    /// Nothing that these rules find
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = named)]
    ignore: Vec<&'static Rule>,
}

impl Chosen {
    /// Whether there are rules that are not told of.
    pub(super) fn is_choice(&self) -> bool {
        !self.select.is_empty() || !self.ignore.is_empty()
    }

    /// Whether the rule called `name` is told of.
    pub(super) fn names(&self, name: &str) -> bool {
        let among = |rules: &[&Rule]| rules.iter().any(|rule| rule.name == name);
        (self.select.is_empty() || among(&self.select)) && !among(&self.ignore)
    }

    /// Leaves out of `findings` what other rules have found.
    pub(super) fn leave_out(&self, findings: &mut Vec<Finding>) {
        if self.is_choice() {
            findings.retain(|finding| self.names(finding.rule.name));
        }
    }

    /// What is worth knowing of a rule that was selected and finds nothing anywhere: it is off.
    pub(super) fn remarks(&self, workspace: &Workspace) -> Vec<String> {
        let is_off = |rule: &&&Rule| {
            let level = |path| workspace.snapshot.settings_of(path).level_of(rule.name, rule.level);
            workspace.asked.iter().all(|path| level(path).is_none())
        };
        let words = |rule: &&Rule| {
            let name = rule.name;
            format!("`{name}` is off here and finds nothing · [rules] {name} = \"hint\" in traceline.toml turns it on")
        };
        self.select.iter().filter(is_off).map(words).collect()
    }
}

/// The rule called `name`, or what to say where there is none.
pub(super) fn named(name: &str) -> Result<&'static Rule, String> {
    rule::named(name).ok_or_else(|| match rule::nearest(name) {
        Some(near) => format!("there is no rule `{name}`, did you mean `{}`?", near.name),
        None => format!("there is no rule `{name}`; `traceline explain` lists all"),
    })
}
