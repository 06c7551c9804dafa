//! `traceline-baseline.json` at the top of a workspace folder: what it holds, or why it cannot be read.

use super::problem::{LEADS_OUT, Problem};
use crate::disk;
use crate::paths;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use traceline_engine::baseline::{Baseline, File, VERSION};
use traceline_engine::path::FilePath;

/// The name of the file.
pub(crate) const NAME: &str = "traceline-baseline.json";

/// Where its schema is.
const SCHEMA: &str = concat!(
    "https://raw.githubusercontent.com/traceline/traceline/main",
    "/server/engine/schemas/baseline.schema.json"
);

/// A file of more bytes is no baseline; the keeper waits while it is read.
const LARGEST: u64 = 16 << 20;

/// Whether the path is one of a baseline.
pub(crate) fn is_baseline(path: &FilePath) -> bool {
    path.name() == NAME
}

/// A baseline on disk.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BaselineFile {
    pub(crate) path: PathBuf,
    /// Kept only where something is wrong with it.
    pub(crate) text: String,
    pub(crate) file: File,
    pub(crate) baseline: Arc<Baseline>,
    /// What is wrong with it: then nothing of it is in force.
    pub(crate) problems: Vec<Problem>,
}

impl BaselineFile {
    /// That of the workspace folder `root`, if it has one.
    pub(super) fn of_root(root: &Path) -> Option<Self> {
        let path = root.join(NAME);
        path.symlink_metadata().is_ok().then(|| {
            if paths::leads_out(&path, root) {
                return Self::broken(&path, "", 0, LEADS_OUT.into());
            }
            Self::read(&path)
        })
    }

    /// The one at `path`, which is there.
    pub(crate) fn read(path: &Path) -> Self {
        if path.metadata().is_ok_and(|facts| facts.len() > LARGEST) {
            let message = format!("this is larger than the {} MB that are read of a baseline", LARGEST >> 20);
            return Self::broken(path, "", 0, message);
        }
        let text = match disk::read(path) {
            Ok(text) => text,
            Err(why) => return Self::broken(path, "", 0, why.to_string()),
        };
        match decode(&text) {
            Ok(file) => Self {
                path: path.to_path_buf(),
                text: String::new(),
                baseline: Arc::new(Baseline::of(&file)),
                file,
                problems: Vec::new(),
            },
            Err((at, message)) => Self::broken(path, &text, at, message),
        }
    }

    fn broken(path: &Path, text: &str, at: usize, message: String) -> Self {
        let problems = vec![Problem { span: at..at, within: String::new(), message }];
        Self {
            path: path.to_path_buf(),
            text: text.to_string(),
            file: File::default(),
            baseline: Arc::default(),
            problems,
        }
    }
}

/// What a text says, or what is wrong with it and at which byte.
fn decode(text: &str) -> Result<File, (usize, String)> {
    let again = "`traceline check --write-baseline` writes it anew where there is none";
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>") {
            return Err((at, "git has left a conflict here · keep the lines that both sides have".into()));
        }
        at += line.len();
    }
    let file: File = serde_json::from_str(text).map_err(|error| {
        let start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = text.floor_char_boundary((start + error.column().saturating_sub(1)).min(text.len()));
        let words = error.to_string();
        let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
        (at, format!("this is no baseline: {words} · {again}"))
    })?;
    if file.version != VERSION {
        return Err((0, format!("version {} of a baseline is not known here, only {VERSION} · {again}", file.version)));
    }
    Ok(file)
}

/// A file's text: sorted, one finding a line, so that changes of two branches seldom meet.
pub(crate) fn encode(file: &File) -> String {
    let mut out = format!("{{\n  \"$schema\": \"{SCHEMA}\",\n  \"version\": {VERSION},\n  \"findings\": [");
    for (at, entry) in file.findings.iter().enumerate() {
        let line = serde_json::to_string(entry).expect("plain data has a JSON form");
        let _ = write!(out, "{}\n    {line}", if at == 0 { "" } else { "," });
    }
    out + if file.findings.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use traceline_engine::baseline::Entry;
    use traceline_engine::fingerprint::Fingerprint;

    fn file(words: &[&str]) -> File {
        let entry = |about: &&str| Entry {
            path: "specs/ü.md".into(),
            rule: "unknown-requirement".into(),
            about: (*about).into(),
            fingerprint: Fingerprint::of([*about]),
        };
        File { schema: Some(SCHEMA.into()), version: VERSION, findings: words.iter().map(entry).collect() }
    }

    #[test]
    fn what_is_written_is_read_and_has_a_line_for_each_finding() {
        for words in [&[][..], &["FR-1"], &["\"FR-2\"\n", "FR-1", "字"]] {
            let text = encode(&file(words));
            assert_eq!(decode(&text), Ok(file(words)), "{text}");
            assert_eq!(text.matches("\"fingerprint\"").count(), words.len());
            assert!(text.lines().all(|line| line.matches("\"fingerprint\"").count() < 2), "{text}");
        }
        let text = encode(&file(&["b", "a"]));
        assert!(text.find("\"a\"") < text.find("\"b\""), "{text}");
    }

    #[test]
    fn what_is_broken_is_told_with_its_place() {
        let good = encode(&file(&["FR-1", "FR-2"]));
        for (text, words) in [
            (String::new(), "this is no baseline: EOF"),
            ("[]".into(), "this is no baseline"),
            (good.replace("\"version\": 1", "\"version\": 2"), "version 2 of a baseline is not known"),
            (good.replace("    {", "<<<<<<< HEAD\n    {"), "git has left a conflict here"),
            (good.replace(",\n    {", "\n    {"), "expected `,` or `]`"),
            (good.replace("\"fingerprint\":\"", "\"fingerprint\":\"x"), "is no fingerprint"),
            (good.replace("\"rule\"", "\"rul\""), "unknown field `rul`"),
        ] {
            let (at, message) = decode(&text).expect_err("it is broken");
            assert!(message.contains(words) && !message.contains(" at line "), "{message}");
            assert!(text.is_char_boundary(at), "{message}");
        }
        let (at, _) = decode(&good.replace("    {", "<<<<<<< HEAD\n    {")).expect_err("it is broken");
        assert_eq!(good[..at].lines().count(), 4);
    }
}
