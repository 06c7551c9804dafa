//! The baseline: findings that were there when a team began to check, and that are not told until their cause is gone.

use crate::fingerprint::Fingerprint;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// `traceline-baseline.json`: known findings, sorted, each on a line of its own.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(title = "traceline-baseline.json")]
pub struct File {
    /// Where the schema of this file is.
    #[serde(rename = "$schema", default)]
    pub schema: Option<String>,
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    pub version: u32,
    /// What is known.
    pub findings: BTreeSet<Entry>,
}

/// The version of the format.
pub const VERSION: u32 = 1;

/// One known thing that a finding tells of.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file, relative to the folder of the workspace, with `/` between its parts.
    pub path: String,
    /// The rule's name.
    pub rule: String,
    /// What the finding is about, for whoever reads the file: an id, a title or the beginning of the text.
    pub about: String,
    /// By what it is known again: made of the three others, in full, and a number among equals.
    #[schemars(with = "String", extend("pattern" = "^[0-9a-f]{16}$"))]
    pub fingerprint: Fingerprint,
}

/// A baseline, ready to be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<String, BTreeSet<Fingerprint>>);

impl Baseline {
    /// What a file holds.
    #[must_use]
    pub fn of(file: &File) -> Self {
        let mut out = Self::default();
        for entry in &file.findings {
            out.0.entry(entry.path.clone()).or_default().insert(entry.fingerprint);
        }
        out
    }

    /// What is known of the file called `name`.
    #[must_use]
    pub fn of_file(&self, name: &str) -> Option<&BTreeSet<Fingerprint>> {
        self.0.get(name)
    }
}
