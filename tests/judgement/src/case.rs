//! A case: a small workspace in one text file, with what must be said of it.
//!
//! `# …` before the first file says what it is about, `//- path` begins a file, and what must hold stands in lines:
//!
//! ```text
//! //= says LEVEL RULE PATH TEXT   a finding of at least LEVEL, of RULE (`*`: any), in PATH (its end; `*`: any), with TEXT in its message (no TEXT: any)
//! //= quiet RULE TEXT             no warning or error of RULE (`*`: any) with TEXT in message or help (no TEXT: any)
//! //= silent                      no warning and no error at all
//! //= atmost N RULE               at most N warnings and errors of RULE
//! ```

use std::fs;

use anyhow::{Context, Result, bail};

use crate::checked::{Finding, Level, findings};

/// A workspace and what must be said of it.
#[derive(Debug)]
pub struct Case {
    /// Paths from the workspace's root, and texts.
    pub files: Vec<(String, String)>,
    wants: Vec<(usize, Want)>,
}

#[derive(Debug)]
enum Want {
    Says { level: Level, rule: String, path: String, text: String },
    Quiet { rule: String, text: String },
    Silent,
    AtMost { count: usize, rule: String },
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// When a line is not of that form, with its number.
    pub fn parse(text: &str) -> Result<Self> {
        let mut case = Self { files: Vec::new(), wants: Vec::new() };
        let mut open = false;
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            if let Some(path) = line.strip_prefix("//- ") {
                let path = path.trim();
                if path.is_empty() || path.starts_with('/') || path.split('/').any(|part| part == "..") {
                    bail!("line {number}: a file is named by a path below the workspace");
                }
                case.files.push((path.to_owned(), String::new()));
                open = true;
            } else if let Some(want) = line.strip_prefix("//= ") {
                let want = Want::parse(want.trim()).with_context(|| format!("line {number}"))?;
                case.wants.push((number, want));
                open = false;
            } else if line.starts_with("//") {
                bail!("line {number}: neither `//- PATH` nor `//= WHAT MUST HOLD`");
            } else if let Some((_, text)) = case.files.last_mut().filter(|_| open) {
                text.push_str(line);
            } else if !line.trim().is_empty() && !line.starts_with('#') {
                bail!("line {number}: text that belongs to no file");
            }
        }
        if case.files.is_empty() || case.wants.is_empty() {
            bail!("a case has files, and says what must hold");
        }
        Ok(case)
    }

    /// What does not hold, each with its line; nothing when all is well.
    ///
    /// # Errors
    /// When the workspace cannot be written or checked.
    pub fn failures(&self) -> Result<Vec<String>> {
        // tempfile's own names begin with a dot, and hidden folders are not read.
        let folder = tempfile::Builder::new().prefix("case-").tempdir()?;
        for (path, text) in &self.files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
            fs::write(path, text)?;
        }
        let found = findings(folder.path())?;
        let failed = self.wants.iter().filter(|(_, want)| !want.holds(&found));
        let mut out: Vec<String> =
            failed.map(|(number, want)| format!("line {number} does not hold: {want:?}")).collect();
        if !out.is_empty() {
            out.extend(found.iter().map(|it| {
                format!("    {:?} {} {}:{} {} {}", it.level, it.rule, it.path, it.line, it.message, it.help)
            }));
        }
        Ok(out)
    }
}

impl Want {
    fn parse(text: &str) -> Result<Self> {
        let mut words = text.splitn(2, ' ');
        let (word, rest) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let parts: Vec<&str> = rest.splitn(4, ' ').collect();
        Ok(match (word, &parts[..]) {
            ("silent", [""]) => Self::Silent,
            ("quiet", [rule, ..]) if !rule.is_empty() => {
                let text = rest.split_once(' ').map_or("", |(_, text)| text);
                Self::Quiet { rule: (*rule).to_owned(), text: text.to_owned() }
            }
            ("atmost", [count, rule]) => {
                Self::AtMost { count: count.parse().context("at most how many")?, rule: (*rule).to_owned() }
            }
            ("says", [level, rule, path, text @ ..]) => Self::Says {
                level: Level::named(level).with_context(|| format!("no such level: {level}"))?,
                rule: (*rule).to_owned(),
                path: (*path).to_owned(),
                text: text.concat(),
            },
            _ => bail!("not understood: {text}"),
        })
    }

    fn holds(&self, found: &[Finding]) -> bool {
        let of = |finding: &Finding, rule: &str| rule == "*" || finding.rule == rule;
        let mut loud = found.iter().filter(|finding| finding.is_loud());
        match self {
            Self::Silent => loud.next().is_none(),
            Self::AtMost { count, rule } => loud.filter(|finding| of(finding, rule)).count() <= *count,
            Self::Quiet { rule, text } => {
                !loud.any(|it| of(it, rule) && (it.message.contains(text) || it.help.contains(text)))
            }
            Self::Says { level, rule, path, text } => found.iter().any(|it| {
                let here = path == "*" || it.path.ends_with(path);
                it.level >= *level && of(it, rule) && here && it.message.contains(text)
            }),
        }
    }
}
