//! The description of a server under test, as `servers/*.toml` gives it.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A program to measure; everything a scenario must know about it is data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Server {
    /// Stands at the head of its column.
    pub(crate) title: String,
    /// Started over stdio; a command-line peer has none. `{target}`, `{peers}` and `{bench}` stand for folders.
    #[serde(default)]
    pub(crate) command: Vec<String>,
    /// For a server that does not state its version: the one that peers.sh installs.
    #[serde(default)]
    pub(crate) version: String,
    /// The answers must be right, not only there: ours, which knows requirements.
    #[serde(default)]
    pub(crate) strict: bool,
    #[serde(default)]
    pub(crate) diagnostics: Diagnostics,
    /// JSON text.
    pub(crate) init_options: Option<Value>,
    /// Answers to `workspace/configuration`, by section.
    #[serde(default)]
    pub(crate) settings: Value,
    /// A folder that must exist in the workspace before the server accepts it.
    pub(crate) needs_folder: Option<String>,
    pub(crate) ready: Option<Ready>,
    /// Where each question points; `any` serves those without a place of their own.
    #[serde(default)]
    pub(crate) at: BTreeMap<String, At>,
    /// The question that shows the text after the burst: `hover` or `documentSymbol`.
    pub(crate) burst: Option<String>,
    #[serde(default)]
    pub(crate) check: Vec<Check>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Diagnostics {
    #[default]
    Push,
    Pull,
    None,
}

/// The question whose answer shows that the whole workspace has been read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Ready {
    /// `workspace/symbol`, or `textDocument/references` asked at `at.ready` in the hub file.
    pub(crate) method: String,
    #[serde(default)]
    pub(crate) query: String,
    /// Answers to wait for, for each feature.
    pub(crate) per_feature: usize,
}

/// A place in a feature's file: an occurrence of `needle`, and `offset` bytes on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct At {
    /// `requirements`, `plan`, `tasks` or `hub`.
    pub(crate) file: String,
    #[serde(default)]
    pub(crate) needle: String,
    #[serde(default)]
    pub(crate) offset: usize,
    /// For completion: typed on a line of its own at the end of the file, the last letter just before the question.
    pub(crate) typed: Option<String>,
}

/// Checking a workspace from the command line.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Check {
    /// The column's words for this command.
    pub(crate) title: String,
    pub(crate) command: Vec<String>,
    /// `f1000`, or the peer's own format.
    pub(crate) workspace: String,
    pub(crate) exit: Vec<i32>,
    /// Must stand in the output of a right run.
    #[serde(default)]
    pub(crate) says: String,
    /// Prints JSON as `traceline check --format json` does; its counts are compared with what was generated.
    #[serde(default)]
    pub(crate) proof: Vec<String>,
    /// What the summary calls the requirements; where it is another word than `check` has, there are no findings either.
    #[serde(default = "definitions")]
    pub(crate) counts: String,
    #[serde(default)]
    pub(crate) version: Vec<String>,
    /// Run by a shell in the workspace before it, and untimed.
    #[serde(default)]
    pub(crate) before: String,
    /// The same behind it, so that the next row finds the workspace as it was.
    #[serde(default)]
    pub(crate) after: String,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
}

fn definitions() -> String {
    "definitions".to_owned()
}

impl Server {
    pub(crate) fn read(file: &Path, folders: &[(&str, &Path)]) -> Result<Self> {
        let mut text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        for (name, folder) in folders {
            text = text.replace(&format!("{{{name}}}"), &folder.display().to_string());
        }
        toml::from_str(&text).with_context(|| format!("{} is no description of a server", file.display()))
    }

    /// Whether the program is there; peers that are not installed are left out.
    pub(crate) fn is_installed(&self) -> bool {
        let check = self.check.iter().map(|check| &check.command);
        let mut words = Some(&self.command).into_iter().chain(check).flatten().filter(|word| word.starts_with('/'));
        words.all(|word| Path::new(word).exists())
    }

    pub(crate) fn place(&self, question: &str) -> Option<&At> {
        self.at.get(question).or_else(|| self.at.get("any"))
    }
}
